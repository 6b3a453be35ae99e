"""Sums, parts and reductions of sparse tensors, with their gradients."""

import numpy as np


def _two(tf):
    a = tf.SparseTensor([[0, 1], [1, 0], [2, 3]], tf.constant([1.0, -2.0, 3.0]), [3, 4])
    b = tf.SparseTensor([[0, 1], [1, 2], [2, 3]], tf.constant([0.5, 4.0, -3.0]), [3, 4])
    return a, b


def sums(tf, see):
    a, b = _two(tf)
    for made in (
        tf.sparse_add(a, b),
        tf.sparse_add(a, b, 0.1),
        tf.sparse_add(a, b, threshold=2.0),
        tf.sparse.add(a, a),
    ):
        see(made.indices, made.values, made.dense_shape)
        see.run(made)
    see.full(tf.sparse_add(a, tf.ones([3, 4])))
    see.full(tf.sparse_add(tf.ones([3, 4]), b))
    total = tf.sparse_add(a, b, 0.1)
    see.run(tf.gradients(tf.reduce_sum(total.values * [1.0, 2.0, 3.0]), [a.values, b.values]))
    d = tf.ones([3, 4])
    see.run(tf.gradients(tf.sparse_add(a, d) ** 2, [a.values, d]))
    see.run([tf.sparse_maximum(a, b), tf.sparse_minimum(a, b)])
    see.attempt(lambda: tf.sparse_add(d, d))
    see.attempt(lambda: tf.sparse_add(a, tf.SparseTensor([[0]], [1.0], [3])))
    see.attempt(lambda: tf.sparse_add(a, b, 1, 2))
    p = tf.sparse_placeholder(tf.float32)
    q = tf.sparse_placeholder(tf.float32, [3, 4])
    v = tf.SparseTensorValue(np.array([[0, 1]]), np.array([1.0], np.float32), np.array([3, 4]))
    made = tf.sparse_add(p, q)
    see(made.dense_shape, made.get_shape())
    see.run(made, {p: v, q: v})


def reductions(tf, see):
    a, _ = _two(tf)
    for f in (tf.sparse_reduce_sum, tf.sparse_reduce_max):
        for o in (
            {},
            {"axis": 0},
            {"axis": -1},
            {"axis": [0, 1]},
            {"axis": 1, "keepdims": True},
            {"reduction_axes": [1], "keep_dims": True},
        ):
            made = f(a, **o)
            see.full(made)
    for f in (tf.sparse_reduce_sum_sparse, tf.sparse_reduce_max_sparse):
        for o in ({}, {"axis": 0}, {"axis": [1], "keepdims": True}):
            made = f(a, **o)
            see(made.values)
            see.run(made)
    see.full(tf.gradients(tf.sparse_reduce_sum(a, 1) * [1.0, 2.0, 3.0], a.values)[0])
    see.full(tf.gradients(tf.sparse_reduce_sum(a) * 2.0, a.values)[0])
    see.attempt(lambda: tf.gradients(tf.sparse_reduce_max(a), a.values))
    see.attempt(lambda: see.session.run(tf.sparse_reduce_sum(a, 2)))


def parts(tf, see):
    a, b = _two(tf)
    made = tf.sparse_slice(a, [1, 0], [2, 4])
    see(made.indices, made.values, made.dense_shape)
    see.run(made)
    see.run(tf.sparse_slice(a, [0, 1], [5, 1]))
    see.run(tf.gradients(made.values * made.values, a.values))
    for piece in tf.sparse_split(sp_input=a, num_split=2, axis=1):
        see(piece.indices)
        see.run(piece)
    for piece in tf.sparse_split(sp_input=a, num_split=2, axis=0):
        see.run(piece)
    soft = tf.sparse_softmax(tf.sparse_add(a, b))
    see(soft.values)
    see.run(soft)
    c = tf.SparseTensor([[0, 0], [0, 2], [1, 1]], tf.constant([1.0, 2.0, 3.0]), [2, 3])
    g = tf.gradients(tf.sparse_softmax(c).values * [1.0, 2.0, 3.0], c.values)
    see.run(g)
    ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([2, 0, 3], tf.int64), [2, 2])
    see.full(tf.sparse_to_indicator(ids, 5))
    s = tf.IndexedSlices(
        tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([12, 26]), tf.constant([30, 2])
    )
    m = tf.sparse_mask(s, [12])
    see(m.values, m.indices)
    see.run([m.values, m.indices])
    see.attempt(lambda: tf.sparse_split(a, 2, 1))
    see.attempt(lambda: tf.sparse_split(sp_input=a, num_split=2))
    see.attempt(lambda: see.session.run(tf.sparse_split(sp_input=a, num_split=9, axis=0)[0]))
    see.attempt(lambda: tf.sparse_split(sp_input=tf.ones([2]), num_split=2, axis=0))
