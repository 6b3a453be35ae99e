"""Sparse tensors in other shapes, joined and filled, and lookups of incomplete ids."""

import numpy as np


def _sparse(tf, rows, dtype=np.int64):
    places = [[i, j] for i, row in enumerate(rows) for j in range(len(row))]
    values = np.array([value for row in rows for value in row], dtype)
    indices = np.array(places, np.int64).reshape(-1, 2)
    return tf.SparseTensor(indices, values, [len(rows), max(map(len, rows))])


def _full(see, tensor, feed_dict=None):
    parts = [tensor.indices, tensor.values, tensor.dense_shape]
    see(parts, tensor.shape)
    see.run(parts, feed_dict)


def reshaped(tf, see):
    x = _sparse(tf, [[1, 2], [], [3]])
    for shape in ([2, -1], [6], [3, 1, 2], (1, 6)):
        _full(see, tf.sparse_reshape(x, shape))
    _full(see, tf.sparse.reshape(x, tf.constant([2, 3]), name="named"))
    open_one = tf.sparse_placeholder(tf.float32, name="p")
    fed = {open_one: tf.SparseTensorValue([[0, 1], [2, 0]], [1.0, 2.0], [3, 2])}
    _full(see, tf.sparse_reshape(open_one, [-1, 3]), fed)
    for shape in ([2, 2], [4, -1], [-1, -1]):
        see.attempt(lambda shape=shape: tf.sparse_reshape(x, shape))


def filled(tf, see):
    for x in (_sparse(tf, [[1, 2], [], [3]]), tf.SparseTensor([[2, 0], [1, 0]], [1, 2], [4, 2])):
        made, empty = tf.sparse_fill_empty_rows(x, 9)
        _full(see, made)
        see.full(empty)
    made, empty = tf.sparse.fill_empty_rows(tf.SparseTensor([[0, 0]], ["a"], [2, 1]), "none", "f")
    _full(see, made)
    x = tf.constant([1.0, 2.0])
    default = tf.constant(5.0)
    made, _ = tf.sparse_fill_empty_rows(tf.SparseTensor([[1, 0], [3, 0]], x, [5, 1]), default)
    for gradient in tf.gradients(made.values**2, [x, default]):
        see.full(gradient)
    far = tf.SparseTensor([[5, 0]], [1], [3, 2])
    wrong, _ = tf.sparse_fill_empty_rows(far, 9)
    see.attempt(lambda: see.session.run(wrong.values), "indices(0, 0) is invalid: 5 >= 3")
    see.attempt(lambda: tf.sparse_fill_empty_rows(far, [9]), "rank 0", "rank 1")


def joined(tf, see):
    x, y = _sparse(tf, [[1, 2], [], [3]]), _sparse(tf, [[7], [8, 9], [5]])
    for axis in (0, 1, -1):
        _full(see, tf.sparse_concat(axis, [x, y]))
    _full(see, tf.sparse.concat(0, [x, _sparse(tf, [[7]])], expand_nonconcat_dim=True))
    _full(see, tf.sparse_concat(-1, [x, _sparse(tf, [[7]])], expand_nonconcat_dim=True, name="n"))
    see(tf.sparse_concat(0, [x]) is x)
    wrong = tf.sparse_concat(0, [x, _sparse(tf, [[7]])])
    see.attempt(lambda: see.session.run(wrong.values), "expected 2 for dimension 1 but got 1")


def looked_up_safely(tf, see):
    table = tf.get_variable("table", [4, 3], initializer=tf.random_uniform_initializer(seed=1))
    see.start()
    ids = _sparse(tf, [[0, 1], [], [-1], [3, 2]])
    weights = _sparse(tf, [[1.0, 2.0], [], [1.0], [0.0, 0.5]], np.float32)
    lookup = tf.nn.safe_embedding_lookup_sparse
    see.full(lookup(table, ids), rtol=1e-5)
    see.full(lookup([table], ids, weights), rtol=1e-5)
    for combiner in ("sum", "sqrtn"):
        see.full(lookup(table, ids, weights, combiner=combiner, name=combiner), rtol=1e-5)
    see.full(lookup(table, ids, default_id=2), rtol=1e-5)
    cube = tf.SparseTensor([[0, 0, 0], [0, 1, 1], [1, 1, 0]], np.array([1, 2, 3]), [2, 2, 2])
    see.full(lookup(table, cube), rtol=1e-5)
    see.attempt(lambda: lookup(None, ids), "Missing embedding_weights")
    see.attempt(lambda: lookup([], ids), "Missing embedding_weights")
