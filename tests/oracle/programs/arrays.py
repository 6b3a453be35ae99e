"""Reshaping, joining, cutting and moving elements around."""

import numpy as np


def reshape(tf, see):
    a = tf.range(12, name="a")
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    for shape in ([3, 4], [-1, 2], [2, -1, 3], [12], [1, 12], (4, 3)):
        see.full(tf.reshape(a, shape))
    see(
        tf.reshape(x, [-1]),
        tf.reshape(x, [-1, 2, 2]),
        tf.reshape(x, [2, -1]),
        tf.reshape(x, [-1, 4]),
    )
    see(
        tf.reshape(x, tf.stack([tf.shape(x)[0], 2, 2])),
        tf.reshape(x, tf.shape(x)),
        tf.reshape(5, []),
    )
    see(tf.reshape(a, tf.placeholder(tf.int32, [2])), tf.reshape(a, tf.placeholder(tf.int32)))
    see.attempt(lambda: tf.reshape(a, [5, 2]), "12", "10")
    see.attempt(lambda: tf.reshape(a, [-1, 5]), "12", "5")
    see.attempt(lambda: tf.reshape(a, [-1, -1]))
    see.attempt(lambda: tf.reshape(a, [3.0, 4.0]))
    see.attempt(lambda: tf.reshape(a, [None, 4]))
    see.attempt(lambda: see.session.run(tf.reshape(x, [5]), {x: [[1, 2, 3, 4]]}), "4", "5")


def shape_size_rank(tf, see):
    a = tf.ones([2, 3], name="a")
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    u = tf.placeholder(tf.float32, name="u")
    see.full(tf.shape(a))
    see.full(tf.size(a))
    see.full(tf.rank(a))
    see.full(tf.shape(a, out_type=tf.int64, name="long"))
    see(tf.shape(x), tf.size(x), tf.rank(x), tf.shape(u), tf.size(u), tf.rank(u), tf.shape(x)[0])
    see.run([tf.shape(x), tf.size(x), tf.rank(u)], {x: np.ones([3, 4]), u: [[[1.0]]]})
    see(tf.shape([1, 2]), tf.size(5), tf.shape_n([a, x])[1], tf.size(a, out_type=tf.int64))
    see(tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([3])))
    see.full(tf.broadcast_dynamic_shape([2, 1], [3]))


def slices(tf, see):
    a = tf.reshape(tf.range(24), [2, 3, 4], name="a")
    see.full(tf.slice(a, [0, 1, 1], [2, 1, 2]))
    see.full(tf.slice(a, [1, 0, 0], [1, -1, -1]))
    see.full(a[0, tf.newaxis, 1:])
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    see(
        tf.slice(x, [0, 0], [1, 2]),
        tf.slice(x, [0, 1], [-1, -1]),
        tf.slice(x, tf.shape(x) - 1, [1, 1]),
    )
    see.full(tf.strided_slice(a, [0, 0, 0], [2, 3, 4], [1, 2, 2]))
    see.full(tf.strided_slice(a, [0], [1]))
    see.full(tf.strided_slice(a, [1, 0], [2, 2], shrink_axis_mask=1, name="row"))
    see.attempt(lambda: tf.slice(a, [0, 0], [1, 1]))
    see.attempt(lambda: tf.slice(a, [0, 0, 0], [3, 1, 1]))
    see.attempt(lambda: see.session.run(tf.slice(x, [0, 0], [5, 4]), {x: np.ones([2, 4])}), "5")


def concat(tf, see):
    a, b = tf.constant([[1, 2]], name="a"), tf.constant([[3, 4], [5, 6]], name="b")
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    see.full(tf.concat([a, b], 0))
    see.full(tf.concat([b, b], 1))
    see.full(tf.concat([b, b], axis=-1, name="wide"))
    see.full(tf.concat([a], 0))
    see(tf.concat(a, 0), tf.concat([x, x], 0), tf.concat([x, tf.ones([3, 2])], 1))
    see(tf.concat([x, x], tf.placeholder(tf.int32, [])), tf.concat([[1, 2], [3]], 0))
    see.attempt(lambda: tf.concat([a, b], 1), "1", "2")
    see.attempt(lambda: tf.concat([a, [1]], 0))
    see.attempt(lambda: tf.concat([a, b], 2))
    see.attempt(lambda: tf.concat([a, [[1.5, 2.5]]], 0))
    see.attempt(lambda: tf.concat([], 0))
    see.attempt(lambda: tf.concat([1, 2], 0))
    see.attempt(lambda: tf.concat(0, [a, b]))


def stack_and_unstack(tf, see):
    a, b = tf.constant([1, 2], name="a"), tf.constant([3, 4], name="b")
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    see.full(tf.stack([a, b]))
    see.full(tf.stack([a, b], axis=1))
    see.full(tf.stack([a, b], -1, name="last"))
    see.full(tf.stack([[1, 2], [3, 4]]))
    see.full(tf.stack([1.0, 2.0]))
    see(tf.stack([x, x], 1), tf.parallel_stack([a, b]), tf.stack(a))
    for part in tf.unstack(tf.constant([[1, 2], [3, 4], [5, 6]])):
        see.full(part)
    for part in tf.unstack(tf.constant([[1, 2], [3, 4]]), axis=1, name="columns"):
        see.full(part)
    see(tf.unstack(x, 3), tf.unstack(x, axis=1), tf.unstack(tf.ones([2]), 2))
    see.attempt(lambda: tf.unstack(x), "infer", "num")
    see.attempt(lambda: tf.unstack(a, 3))
    see.attempt(lambda: tf.stack([a, tf.constant([1, 2, 3])]), "2", "3")
    see.attempt(lambda: tf.stack([a, b], 5), "axis", "5")
    see.attempt(lambda: tf.stack([a, tf.constant([1.0, 2.0])]))
    see.attempt(lambda: tf.stack([]))


def split(tf, see):
    a = tf.reshape(tf.range(12), [2, 6], name="a")
    x = tf.placeholder(tf.float32, [None, 6], name="x")
    for part in tf.split(a, 3, axis=1):
        see.full(part)
    for part in tf.split(a, [1, 5], 1):
        see.full(part)
    for part in tf.split(a, 2, name="halves"):
        see.full(part)
    see(tf.split(x, 2, 1), tf.split(x, [2, -1], 1), tf.split(x, 2), tf.split(x, [4, 2], axis=-1))
    see(tf.split(value=x, num_or_size_splits=1, axis=1))
    see.attempt(lambda: tf.split(a, 4, axis=1), "6", "4")
    see.attempt(lambda: tf.split(a, [1, 2], 1))
    see.attempt(lambda: tf.split(1, 3, a))


def tile_pad_reverse(tf, see):
    a = tf.constant([[1, 2, 3], [4, 5, 6]], name="a")
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    see.full(tf.tile(a, [2, 1]))
    see.full(tf.tile(a, [1, 2], name="t"))
    see(
        tf.tile(x, [2, 2]),
        tf.tile(x, [tf.shape(x)[0], 1]),
        tf.tile(x, tf.placeholder(tf.int32, [2])),
    )
    see.full(tf.pad(a, [[1, 0], [0, 2]]))
    see.full(tf.pad(a, [[1, 1], [1, 1]], constant_values=9))
    see.full(tf.pad(a, [[1, 1], [2, 2]], "REFLECT"))
    see.full(tf.pad(a, [[1, 1], [1, 1]], mode="SYMMETRIC", name="mirror"))
    see(tf.pad(x, [[1, 1], [0, 1]]), tf.pad(x, tf.placeholder(tf.int32, [2, 2])))
    see.full(tf.reverse(a, [0]))
    see.full(tf.reverse(a, axis=[-1, 0]))
    see.full(tf.reverse_v2(a, [1]))
    see.full(tf.reverse_sequence(a, [1, 3], seq_axis=1, batch_axis=0))
    see.full(tf.roll(a, 1, 1))
    see.attempt(lambda: tf.tile(a, [2]), "2")
    see.attempt(lambda: tf.pad(a, [[1, 1]]))
    see.attempt(lambda: tf.pad(a, [[1, 1], [1, 1]], "WRAP"), "wrap")
    see.attempt(lambda: tf.reverse(a, [2]), "2")


def transpose(tf, see):
    a = tf.reshape(tf.range(6), [2, 3], name="a")
    b = tf.reshape(tf.range(24), [2, 3, 4], name="b")
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    see.full(tf.transpose(a))
    see.full(tf.transpose(b, [1, 0, 2]))
    see.full(tf.transpose(b))
    see.full(tf.matrix_transpose(b))
    see.full(tf.matrix_transpose(a, name="mt"))
    see(
        tf.transpose(x),
        tf.transpose(x, [1, 0]),
        tf.transpose(tf.placeholder(tf.float32)),
        tf.transpose(5),
    )
    see(
        tf.transpose(x, conjugate=True),
        tf.matrix_transpose(tf.placeholder(tf.float32)),
        tf.transpose([1, 2]),
    )
    see.full(tf.transpose(tf.constant([[1 + 1j]]), conjugate=True))
    see.attempt(lambda: tf.transpose(a, [0, 1, 2]), "3", "2")
    see.attempt(lambda: tf.transpose(a, [0, 0]))
    see.attempt(lambda: tf.transpose(a, [0, 5]))


def expand_and_squeeze(tf, see):
    a = tf.constant([1, 2, 3], name="a")
    x = tf.placeholder(tf.float32, [None, 1, 4], name="x")
    for axis in (0, 1, -1):
        see.full(tf.expand_dims(a, axis))
    see.full(tf.expand_dims(a, dim=0))
    see.full(tf.expand_dims(5, 0, name="one"))
    see.full(tf.squeeze([[[1], [2]]]))
    see.full(tf.squeeze([[[1], [2]]], [0]))
    see.full(tf.squeeze([[[1], [2]]], axis=-1))
    see.full(tf.squeeze([[1]], squeeze_dims=[1]))
    see(
        tf.squeeze(x),
        tf.squeeze(x, 1),
        tf.squeeze(x, [1]),
        tf.expand_dims(x, 1),
        tf.expand_dims(x, -1),
    )
    see(tf.squeeze(tf.placeholder(tf.float32)), tf.expand_dims(tf.placeholder(tf.float32), 0))
    see.attempt(lambda: tf.squeeze(a, [0]), "3")
    see.attempt(lambda: tf.expand_dims(a, 3), "3")
    see.attempt(lambda: tf.expand_dims(a), "axis")
    see.attempt(lambda: tf.squeeze(a, 4))


def gather(tf, see):
    a = tf.constant([[1, 2], [3, 4], [5, 6]], name="a")
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    i = tf.placeholder(tf.int32, [None], name="i")
    see.full(tf.gather(a, [2, 0]))
    see.full(tf.gather(a, 1))
    see.full(tf.gather(a, [[0, 1], [2, 2]]))
    see.full(tf.gather(a, [1, 0, 1], axis=1))
    see.full(tf.gather(a, tf.constant([1], tf.int64), name="g"))
    see.full(tf.gather([[1, 2], [3, 4]], [[1], [0]], batch_dims=1))
    see(
        tf.gather(x, i),
        tf.gather(x, i, axis=1),
        tf.gather(a, i),
        tf.gather(x, 0),
        tf.gather(a, tf.argmax(x, 1)),
    )
    see.attempt(lambda: see.session.run(tf.gather(a, [3])), "3", "[0, 3)")
    see.attempt(lambda: see.session.run(tf.gather(a, [-1])), "-1", "[0, 3)")
    see.attempt(lambda: tf.gather(a, [0.5]), "float32")
    see.attempt(lambda: tf.gather(5, [0]))
    see.full(tf.gather_nd(a, [[0, 1], [2, 0]]))
    see.full(tf.gather_nd(a, [[1]]))
    see.full(tf.gather_nd(a, [1, 1]))
    see(
        tf.gather_nd(x, tf.placeholder(tf.int32, [None, 2])),
        tf.gather_nd(x, tf.placeholder(tf.int32, [5, 1])),
    )
    see.full(tf.batch_gather([[1, 2], [3, 4]], [[1], [0]]))
    see.attempt(lambda: see.session.run(tf.gather_nd(a, [[5, 0]])), "5")


def scatter_nd(tf, see):
    see.full(tf.scatter_nd([[1], [3]], [9, 8], [5]))
    see.full(tf.scatter_nd([[0], [0]], [1.0, 2.0], [2]))
    see.full(tf.scatter_nd([[0], [2]], [[1, 2], [3, 4]], [3, 2], name="rows"))
    see.full(tf.tensor_scatter_update([1, 2, 3], [[1]], [9]))
    see.full(tf.tensor_scatter_add([1, 2, 3], [[1]], [9]))
    see.full(tf.dynamic_stitch([[0, 2], [1]], [[10, 30], [20]]))
    for part in tf.dynamic_partition([1, 2, 3, 4], [0, 1, 0, 1], 2):
        see.full(part)
    see.attempt(lambda: see.session.run(tf.scatter_nd([[7]], [1], [5])), "7")
    see.full(tf.sparse_to_dense([0, 2], [4], [1, 1]))
    see.full(tf.sparse_to_dense([[0, 1], [1, 0]], [2, 2], 5, -1))


def where(tf, see):
    p = tf.constant([[True, False], [False, True]], name="p")
    a, b = tf.constant([[1, 2], [3, 4]], name="a"), tf.constant([[10, 20], [30, 40]], name="b")
    see.full(tf.where(p))
    see.full(tf.where(p, a, b))
    see.full(tf.where([True, False], a, b))
    see.full(tf.where(True, a, b))
    see.full(tf.where_v2(p, a, 0))
    see.full(tf.where([0, 1, 2, 0]))
    see(
        tf.where(tf.placeholder(tf.bool, [None])),
        tf.where(p, a, b, name="w"),
        tf.where(tf.greater(a, 2)),
    )
    see.attempt(lambda: tf.where(p, a), "both")
    see.attempt(lambda: tf.where(p, a, 0))
    see.attempt(lambda: tf.where([True, False, True], a, b))


def one_hot(tf, see):
    see.full(tf.one_hot([0, 2, -1, 5], 3))
    see.full(tf.one_hot(1, 3))
    see.full(tf.one_hot([[0], [1]], 2, dtype=tf.int32))
    see.full(tf.one_hot([0, 1], 3, on_value=5.0, off_value=-1.0))
    see.full(tf.one_hot([0, 1], 3, axis=0, name="columns"))
    see.full(tf.one_hot([0, 1], 2, on_value=True, off_value=False))
    i = tf.placeholder(tf.int32, [None], name="i")
    see(
        tf.one_hot(i, 10),
        tf.one_hot(i, tf.placeholder(tf.int32, [])),
        tf.one_hot(tf.cast(i, tf.uint8), 4),
    )
    see.attempt(lambda: tf.one_hot([1.0], 3))
    see.attempt(lambda: tf.one_hot([0], 3, on_value=1, off_value=0.5))
    see.attempt(lambda: tf.one_hot([0], 3, on_value=1.0, dtype=tf.int32))


def masks(tf, see):
    a = tf.constant([[1, 2], [3, 4], [5, 6]], name="a")
    see.full(tf.boolean_mask(a, [True, False, True]))
    see.full(tf.boolean_mask(a, [[True, False], [False, True], [True, True]]))
    see.full(tf.boolean_mask(a, [True, False], axis=1, name="m"))
    see.attempt(lambda: tf.boolean_mask(a, [True, False]), "2", "3")
    see.attempt(lambda: tf.boolean_mask(a, True), "scalar")
    see.full(tf.sequence_mask([1, 3, 2]))
    see.full(tf.sequence_mask([1, 3, 2], 5))
    see.full(tf.sequence_mask([[1], [2]], 3, tf.float32))
    see(
        tf.sequence_mask(tf.placeholder(tf.int32, [None]), 4),
        tf.sequence_mask(tf.placeholder(tf.int32, [None])),
    )


def cast(tf, see):
    a = tf.constant([1.7, -1.7, 0.0], name="a")
    for dtype in (tf.int32, tf.int64, tf.int8, tf.float64, tf.float16, tf.bool, tf.complex64):
        see.full(tf.cast(a, dtype))
    see(
        tf.cast(a, tf.float32) is a,
        tf.cast(a, "int32", name="whole"),
        tf.cast(5, tf.float32),
        tf.cast([True], tf.int32),
    )
    see.full(tf.cast([300, -1], tf.uint8))
    see(tf.to_float([1]), tf.to_int32(a), tf.to_int64(a), tf.to_double(a), tf.to_bfloat16(a))
    see.full(tf.saturate_cast([300, -1], tf.uint8))
    see.attempt(lambda: tf.cast("1", tf.int32))
    see.full(tf.bitcast(tf.constant(1.0), tf.int32))
    see.full(tf.cast(tf.constant([True, False]), tf.float32))


def unique_and_sets(tf, see):
    values = tf.constant([3, 1, 3, 2, 1], name="values")
    y, index = tf.unique(values)
    see.full(y)
    see.full(index)
    y, index, count = tf.unique_with_counts(values, name="counted")
    see.full(y)
    see.full(count)
    see.full(tf.unique(["b", "a", "b"]).y)
    see(
        type(tf.unique(values)).__name__,
        tf.unique(values)._fields,
        tf.unique(values, out_idx=tf.int64),
    )
    out, place = tf.setdiff1d([1, 2, 3, 4], [2, 4])
    see.full(out)
    see.full(place)
    see.full(tf.invert_permutation([2, 0, 1]))
    see.full(tf.bincount([0, 1, 1, 3]))
    see.full(tf.histogram_fixed_width([0.0, 0.5, 1.0, 1.0], [0.0, 1.0], 2))


def diagonals(tf, see):
    see.full(tf.diag([1, 2]))
    see.full(tf.diag_part([[1, 2], [3, 4]]))
    see.full(tf.matrix_diag([[1, 2], [3, 4]]))
    see.full(tf.matrix_diag_part([[1, 2], [3, 4]]))
    see.full(tf.matrix_set_diag([[1, 2], [3, 4]], [9, 8]))
    see.full(tf.matrix_band_part([[1, 2, 3], [4, 5, 6], [7, 8, 9]], 0, -1))
    see.full(tf.eye(3))
    see.full(tf.eye(2, 3, dtype=tf.int32))
    see.full(tf.eye(2, batch_shape=[2], name="eyes"))
    see.full(tf.trace([[1.0, 2.0], [3.0, 4.0]]))


def blocks(tf, see):
    image = tf.reshape(tf.range(16.0), [1, 4, 4, 1], name="image")
    see.full(tf.space_to_depth(image, 2))
    see.full(tf.depth_to_space(tf.reshape(tf.range(16.0), [1, 2, 2, 4]), 2))
    see.full(tf.space_to_batch_nd(image, [2, 2], [[0, 0], [0, 0]]))
    see.full(
        tf.batch_to_space_nd(tf.reshape(tf.range(16.0), [4, 2, 2, 1]), [2, 2], [[0, 0], [0, 0]])
    )
    see.full(tf.broadcast_to([1, 2, 3], [2, 3]))
    see.full(tf.meshgrid([1, 2], [3, 4, 5])[0])
    see.full(tf.meshgrid([1, 2], [3, 4, 5], indexing="ij")[1])
    see.full(tf.required_space_to_batch_paddings([5], [2])[0])


def identities(tf, see):
    a = tf.constant([1.0, 2.0], name="a")
    see.full(tf.identity(a))
    see.full(tf.stop_gradient(a))
    see.full(tf.guarantee_const(a))
    see(tf.identity_n([a, tf.constant(1)]), tf.ensure_shape(a, [2]), tf.identity(a, name="b"))
    see.attempt(lambda: tf.ensure_shape(a, [3]), "2", "3")
    see.attempt(lambda: tf.identity(None), "None")
    see.full(tf.searchsorted([1, 3, 5], [0, 3, 9]))
    see.full(tf.repeat([1, 2], 2))


def distances_between_texts(tf, see):
    def letters(*words):
        places = [[i, 0, j] for i, word in enumerate(words) for j in range(len(word))]
        return tf.SparseTensor(places, list("".join(words)), [len(words), 1, 8])

    see.full(tf.edit_distance(letters("bear"), letters("beers"), normalize=False))
    see.full(tf.edit_distance(letters("bear", "", "a", ""), letters("beers", "ab", "", "")))
    see.full(tf.edit_distance(letters("", "xy"), letters("q", ""), False, "changes"))
    numbers = tf.SparseTensor([[0, 0], [0, 1]], [4, 5], [1, 2])
    see.full(tf.edit_distance(numbers, tf.SparseTensorValue([[0, 0]], [5], [1, 1])))
    flat = tf.SparseTensor([[0]], [4], [1])
    see.attempt(lambda: tf.edit_distance(flat, flat))
    fed = tf.sparse_placeholder(tf.int32)
    distance = tf.edit_distance(fed, numbers)
    see.full(distance, {fed: ([[0, 0], [1, 0]], [5, 6], [2, 3])})
    see.attempt(lambda: tf.edit_distance([1], numbers))
    see.attempt(lambda: tf.edit_distance(numbers, [1]))
    see.attempt(lambda: tf.edit_distance(numbers, letters("a")))
    see.attempt(
        lambda: tf.edit_distance(numbers, tf.SparseTensor(tf.zeros([1, 2], tf.int64), [1], [1, 1]))
    )
