"""Arguments of the wrong rank, size and order, and what holds nothing at all."""

import numpy as np


def arguments_of_the_wrong_rank(tf, see):
    numbers = tf.placeholder(tf.float32, name="numbers")
    first, second = tf.placeholder(tf.int32, name="first"), tf.placeholder(tf.int32, name="second")

    def fails(fetch, *words, **fed):
        feeds = {f"{name}:0": value for name, value in fed.items()}
        see.attempt(lambda: see.session.run(fetch, feeds), *words)

    rolled = tf.roll(numbers, first, second)
    fails(rolled, "input must be 1-D or higher", numbers=5, first=1, second=0)
    fails(rolled, "shift must be a scalar or a 1-D vector", numbers=[1], first=[[1]], second=0)
    fails(rolled, "axis must be a scalar or a 1-D vector", numbers=[1], first=1, second=[[0]])
    fails(rolled, "shift and axis must have the same size", numbers=[1], first=[1, 2], second=[0])
    fails(rolled, "axis 1 is out of range", numbers=[1], first=1, second=1)
    see.attempt(lambda: tf.roll([1, 2], [1, 2], [0]), "Dimension 0 in both shapes must be equal")
    fails(tf.cumsum(numbers, first), "axis must be a scalar, not [1]", numbers=[1], first=[0])
    parts = tf.split(numbers, [1, 1], first)
    fails(parts, "must have exactly one element", numbers=[1, 2], first=[])
    fails(parts, "<= split_dim < input rank (1), but got 3", numbers=[1, 2], first=3)
    fails(tf.split(numbers, 2, first), "must be a scalar but", numbers=[1, 2], first=[0])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=first, logits=[[1.0, 2.0]])
    fails(loss, "labels must be 1-D, but got shape []", first=0)
    fails(tf.matrix_diag(numbers), "diagonal must be at least 1-dim, received", numbers=0)
    fails(tf.matrix_diag_part(numbers), "input must be at least 2-dim, received", numbers=[0])
    fails(tf.matrix_set_diag(numbers, [1.0]), "input must be at least 2-dim", numbers=0)
    words = tf.placeholder(tf.string, name="words")
    fails(tf.string_split(["a b"], words), "delimiter must be a scalar", words=["a", "b"])


def nothing_scattered_and_blocks_of_nothing(tf, see):
    where, what, shape = (tf.placeholder(tf.int32) for _ in range(3))
    made = tf.scatter_nd(where, what, shape)
    see.run(made, {where: [], what: [], shape: [0]})
    see.run(made, {where: np.zeros([0, 1], np.int32), what: [], shape: [3]})

    def fails(*words, **fed):
        feeds = {where: fed["where"], what: fed["what"], shape: fed["shape"]}
        see.attempt(lambda: see.session.run(made, feeds), *words)

    fails(
        "specified for empty output.  indices shape: [2,1]",
        where=[[0], [0]],
        what=[1, 1],
        shape=[0],
    )
    fails("specified for empty output shape", where=[[], []], what=[[1], [1]], shape=[3])
    fails("Dimensions [0,1) of input[shape=[3]]", where=[], what=[], shape=[3])
    fails("Dimensions [2,1) of input[shape=[3]]", where=[[0, 0]], what=[1], shape=[3])
    empty = tf.zeros([3, 4, 2, 0])
    see.full(tf.space_to_batch_nd(empty, [2, 1], [[0, 0], [0, 1]]))
    images, block = tf.placeholder(tf.float32, [None, 2, 3, 2]), tf.placeholder(tf.int32, [2])
    see(tf.space_to_batch_nd(images, block, [[0, 0], [0, 0]]).shape)
    see(tf.batch_to_space_nd(images, block, [[0, 0], [0, 0]]).shape)
    image = tf.zeros([4, 4, 4, 1])
    for make, sizes, margins, text in (
        (tf.space_to_batch_nd, [0, 1], [[0, 0]] * 2, "block_shape must be positive"),
        (tf.batch_to_space_nd, [0, 1], [[0, 0]] * 2, "block_shape must be positive"),
        (tf.space_to_batch_nd, [2, 2], [[0, -1]] * 2, "paddings cannot be negative"),
        (tf.batch_to_space_nd, [2, 2], [[0, -1]] * 2, "crops cannot be negative"),
        (tf.batch_to_space_nd, [2, 2], [[9, 9]] * 2, "caused by subtracting 9 from 8"),
        (tf.space_to_batch_nd, [2, 2], [[0, 0]], "Dimension 0 in both shapes must be equal"),
    ):
        see.attempt(lambda make=make, s=sizes, m=margins: make(image, s, m), text)
    see.attempt(lambda: tf.space_to_batch_nd(what, where, shape), "with input shapes: ?, ?, ?.")
    perm = tf.placeholder(tf.int32, [1])
    see(tf.transpose(what, [0]).shape, tf.transpose(what, perm).shape)
    see(tf.transpose(tf.ones([3]), perm).shape, tf.transpose(what, [1, 0]).shape)


def segments_that_are_none(tf, see):
    ids = tf.placeholder(tf.int32, [None])
    rows = tf.constant([[1.0], [2.0], [3.0]])
    total = tf.sparse_segment_sum(rows, [0, 1], ids)
    see.run(total, {ids: [0, 1]})
    see.attempt(lambda: see.session.run(total, {ids: [-1, 0]}), "Segment id -1 out of range [0, 1)")
    see.attempt(lambda: see.session.run(total, {ids: [0, -1]}), "segment ids must be >= 0")
    see.attempt(
        lambda: tf.sparse_segment_sum(rows, [0, 1], ids, num_segments=-2),
        "Cannot specify a negative value for num_segments",
    )
    many = tf.placeholder(tf.int32)
    counted = tf.sparse_segment_mean(rows, [0, 1], [0, 1], num_segments=many)
    see.attempt(
        lambda: see.session.run(counted, {many: [3, 4]}),
        "num_segments should be a scalar, not shape [2]",
    )


def shapes_that_hold_nothing(tf, see):
    x, index = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    for before, after in (
        ([0, 0, 5], [0, -1]), ([0], [0, -1]), ([2, 0], [-1, 0]), ([0, 5], [-1, 0, 7]),
        ([0], [-1, 5]), ([0, 0], [0, 0, -1, 4]),
    ):  # fmt: skip
        see.run(tf.reshape(x, after), {x: np.zeros(before, np.float32)})
    see.attempt(
        lambda: see.session.run(tf.reshape(x, [0, -1]), {x: [1.0]}), "requested shape has 0"
    )
    see.attempt(lambda: tf.reshape([1.0], [0, -1]), "with 1 elements to shape [0,?] (0 elements)")
    picked = tf.gather_nd(x, index)
    see.run(picked, {x: [[1.0, 2.0]], index: np.zeros([2, 0], np.int32)})
    see.run(picked, {x: [[1.0, 2.0]], index: np.zeros([0, 0], np.int32)})
    see.attempt(
        lambda: see.session.run(picked, {x: np.zeros([0, 3], np.float32), index: [[0, 0]]}),
        "Requested more than 0 entries, but params is empty",
    )
    see.full(tf.depth_to_space(tf.zeros([0, 2, 3, 12]), 2))
    see.full(tf.space_to_depth(tf.zeros([0, 2, 4, 12]), 2))
    array = tf.TensorArray(tf.float32, size=1, infer_shape=False).write(0, x).concat()
    see.attempt(lambda: see.session.run(array, {x: 1.0}), "Concat saw a scalar shape at index 0")
    read = tf.TensorArray(tf.float32, size=3).read(index)
    see.attempt(lambda: see.session.run(read, {index: 5}), "Tried to read from index 5")


def sequences_reversed_the_wrong_way(tf, see):
    x, lengths = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    for axes, given, text in (
        ((0, 0), [1, 1], "batch_dim == seq_dim == 0"),
        ((3, 0), [1, 1], "seq_dim must be < input rank ( 3 vs. 2)"),
        ((0, 3), [1, 1], "batch_dim must be < input rank ( 3 vs. 2)"),
        ((1, 0), [-1, 1], "seq_lens(0) < 0"),
        ((1, 0), [3, 1], "seq_lens(0) > input.dims(1)"),
        ((1, 0), [[1, 1]], "seq_lengths must be 1-dim, not 2"),
    ):
        turned = tf.reverse_sequence(x, lengths, seq_axis=axes[0], batch_axis=axes[1])
        feeds = {x: [[1.0, 2.0], [3.0, 4.0]], lengths: given}
        see.attempt(lambda y=turned, feeds=feeds: see.session.run(y, feeds), text)
    strange = tf.py_func(lambda: np.zeros(2, dtype=[("foo", np.float32)]), [], tf.float32)
    see.attempt(lambda: see.session.run(strange), "Unsupported numpy data type")
    strange = tf.py_func(lambda: {1: 2}, [], tf.int64)
    see.attempt(lambda: see.session.run(strange), "Unsupported object type dict")


def placeholders_of_old_graphs(tf, see):
    for producer in (0, 21, 22, 2000):
        old = tf.GraphDef()
        node = old.node.add(name=f"x{producer}", op="Placeholder")
        node.attr["dtype"].type = 1
        node.attr["shape"].shape.CopyFrom(tf.TensorShape([]).as_proto())
        old.versions.producer = producer
        with tf.Graph().as_default():
            see(tf.import_graph_def(old, return_elements=[f"x{producer}:0"])[0].shape)
