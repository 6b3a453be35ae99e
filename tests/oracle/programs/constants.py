"""Constants: dtypes, shapes, what Python values become, and what cannot be one."""

import numpy as np


def dtypes_of_python_values(tf, see):
    see(tf.constant(1), tf.constant(1.0), tf.constant(True), tf.constant("a"), tf.constant(b"a"))
    see(
        tf.constant(1j), tf.constant([1, 2.5]), tf.constant([True, False]), tf.constant(["a", "bc"])
    )
    see(tf.constant(2**31 - 1), tf.constant(-(2**31)), tf.constant((1, 2)), tf.constant([[1], [2]]))
    see.attempt(lambda: tf.constant(2**31))
    see.attempt(lambda: tf.constant(2**80))


def dtypes_of_numpy_values(tf, see):
    for name in ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8"):
        see.full(tf.constant(np.array([1, 2], name)))
    for name in ("uint16", "uint32", "uint64", "bool", "complex64", "complex128"):
        see.full(tf.constant(np.array([[1], [0]], name)))
    see.full(tf.constant(np.float32(2.5)))
    see.full(tf.constant(np.int64(7)))
    see.full(tf.constant(np.array(["a", "bcd"])))
    see.full(tf.constant(np.array([b"a", b"bcd"])))


def dtype_given(tf, see):
    for dtype in (tf.float16, tf.float32, tf.float64, tf.int8, tf.int16, tf.int32, tf.int64):
        see.full(tf.constant(3, dtype))
    for dtype in (tf.uint8, tf.uint16, tf.uint32, tf.uint64, tf.complex64, tf.complex128):
        see.full(tf.constant([1, 2], dtype=dtype))
    see.run(tf.constant(3, "float32"))
    see.run(tf.constant([1.5, 2.5], np.float64))
    see.run(tf.constant([1, 2], np.float32))


def dtype_that_does_not_fit(tf, see):
    see.attempt(lambda: tf.constant(1.5, tf.int32))
    see.attempt(lambda: tf.constant("a", tf.float32))
    see.attempt(lambda: tf.constant(1, tf.string))
    see.attempt(lambda: tf.constant(1.0, tf.bool))
    see.attempt(lambda: tf.constant(True, tf.int32))
    see.attempt(lambda: tf.constant(300, tf.uint8))
    see.attempt(lambda: tf.constant(-1, tf.uint8))
    see.attempt(lambda: tf.constant(2**40, tf.int32))
    see.attempt(lambda: tf.constant([1, "a"]))
    see.attempt(lambda: tf.constant(["a", 1]))
    see.attempt(lambda: tf.constant(None), "None")
    see.attempt(lambda: tf.constant([None, 1]))
    see.attempt(lambda: tf.constant(object()))
    see.attempt(lambda: tf.constant([[1, 2], [3]]))
    see.attempt(lambda: tf.constant(1, "floot"), "floot")


def numpy_with_another_dtype(tf, see):
    see.full(tf.constant(np.array([1.5, 2.5]), tf.float32))
    see.full(tf.constant(np.array([1.5, 2.7]), tf.int32))
    see.full(tf.constant(np.array([1, 2]), tf.float64))
    see.attempt(lambda: tf.constant(np.array(["a"]), tf.float32))


def shape_given(tf, see):
    see.full(tf.constant(7, shape=[2, 3]))
    see.full(tf.constant([1, 2, 3, 4], shape=[2, 2]))
    see.full(tf.constant([[1, 2], [3, 4]], shape=[4]))
    see.full(tf.constant([1, 2], shape=[2, 3]))
    see.full(tf.constant([1.0], shape=[]))
    see.full(tf.constant("a", shape=[2]))
    see.full(tf.constant(0.5, tf.float64, (3,), "half"))
    see.attempt(lambda: tf.constant([1, 2, 3], shape=[2]))
    see.full(tf.constant([], shape=[0, 2]))


def verify_shape(tf, see):
    see(tf.constant([1, 2], shape=[2], verify_shape=True))
    see.attempt(lambda: tf.constant(1, shape=[2], verify_shape=True), "shape")
    see.attempt(
        lambda: tf.constant([1, 2, 3, 4], shape=[2, 2], verify_shape=True), "(2, 2)", "(4,)"
    )


def empty_constants(tf, see):
    see(tf.constant([]), tf.constant([[]]), tf.constant([[], []]), tf.constant([], tf.int32))
    see.run(tf.constant([], tf.string))
    see.run(tf.constant(np.zeros([0, 3], np.int64)))


def strings(tf, see):
    see.full(tf.constant("hello"))
    see.full(tf.constant(b"\x00\xff"))
    see.full(tf.constant("größe"))
    see.full(tf.constant([["a", "b"], ["c", "d"]]))
    see.full(tf.constant(""))
    see.full(tf.constant(["x"] * 5))


def splat_and_large_values(tf, see):
    see(tf.constant(np.arange(1000.0, dtype=np.float32).reshape(10, 100)))
    see(tf.constant(1.0, shape=[100, 100]), tf.constant(np.zeros([50, 50])))
    see(tf.constant([0.1] * 41), tf.constant(list(range(100))))


def special_floats(tf, see):
    values = tf.constant([float("nan"), float("inf"), float("-inf"), -0.0, 1e-45, 3.4e38])
    see.full(values)
    see.run(tf.constant([1e308, 5e-324], tf.float64))
    see(tf.constant(1e39), tf.constant(0.1), tf.constant(1 / 3, tf.float64))


def tensors_in_lists_are_packed(tf, see):
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    see.full(tf.convert_to_tensor([a, b]))
    see.full(tf.convert_to_tensor([a, 5, b], name="packed"))
    see.full(tf.convert_to_tensor([[a, b], [3, 4]]))
    see.full(tf.convert_to_tensor([[a, b], [b, a]]))
    see.full(tf.identity([a, b]))
    see.full(tf.reduce_sum([a, b, 7]))
    see.full(tf.stack([a, b]))
    see.full(tf.add([a, 1], [1, b]))


def packing_errors(tf, see):
    a = tf.constant(1, name="a")
    see.attempt(lambda: tf.constant([a, 2]))
    see.attempt(lambda: tf.constant(a))
    see.attempt(lambda: tf.convert_to_tensor([a, 2.5]))
    see.attempt(lambda: tf.convert_to_tensor([a, tf.constant(1.0)]))
    see.attempt(lambda: tf.convert_to_tensor([a, [1, 2]]))
    see.attempt(lambda: tf.convert_to_tensor([tf.constant([1, 2]), tf.constant([1, 2, 3])]))


def convert_to_tensor(tf, see):
    a = tf.constant([1.0, 2.0])
    see(tf.convert_to_tensor(a) is a, tf.convert_to_tensor(a, tf.float32) is a)
    see(tf.convert_to_tensor([1, 2]), tf.convert_to_tensor([1, 2], tf.float32, name="named"))
    see(tf.convert_to_tensor(5, preferred_dtype=tf.float64))
    see(tf.convert_to_tensor(5.5, preferred_dtype=tf.int32))
    see(tf.convert_to_tensor(np.eye(2)), tf.convert_to_tensor("text"), tf.convert_to_tensor(True))
    see.attempt(lambda: tf.convert_to_tensor(a, tf.int32), "int32", "float32")
    see.attempt(lambda: tf.convert_to_tensor(None))
    see.attempt(lambda: tf.convert_to_tensor({}))
    see(tf.convert_to_tensor(tf.TensorShape([2, 3])), tf.convert_to_tensor(tf.Dimension(4)))
    see.attempt(lambda: tf.convert_to_tensor(tf.TensorShape([None, 3])))


def zeros_and_ones(tf, see):
    see.full(tf.zeros([2, 3]))
    see.full(tf.zeros([], tf.int32))
    see.full(tf.zeros(3, tf.bool))
    see.full(tf.zeros([2], tf.string))
    see.full(tf.ones([2, 3]))
    see.full(tf.ones((2,), tf.int64, name="units"))
    see.full(tf.ones([2], tf.bool))
    see(tf.zeros([100, 100]), tf.ones([1000]), tf.ones([2000]), tf.zeros([0]))
    see(tf.zeros(tf.TensorShape([2, 2])), tf.zeros(np.array([2, 3])), tf.zeros(tf.constant([2, 3])))
    see(tf.zeros([tf.constant(2), 3]), tf.ones(tf.shape(tf.ones([2, 3]))))
    see.attempt(lambda: tf.zeros([None, 2]))
    see.attempt(lambda: tf.zeros([-1, 2]))


def zeros_like_and_ones_like(tf, see):
    known = tf.constant([[1, 2, 3], [4, 5, 6]], name="known")
    part = tf.placeholder(tf.float32, [None, 3], name="part")
    see(tf.zeros_like(known), tf.ones_like(known), tf.zeros_like(part), tf.ones_like(part))
    see(tf.zeros_like(known, tf.float32), tf.ones_like(part, tf.int32, name="ones"))
    see(tf.zeros_like(part, optimize=False), tf.ones_like([1.0, 2.0]), tf.zeros_like(["a", "b"]))
    see.run(tf.ones_like(part), {part: [[1, 2, 3]]})
    see.run(tf.zeros_like(known, tf.float32))


def fill(tf, see):
    see.full(tf.fill([2, 3], 9))
    see.full(tf.fill([2], "x"))
    see.full(tf.fill([], 1.5))
    n = tf.placeholder(tf.int32, [], name="n")
    see.full(tf.fill([n, 2], 1.0), {n: 2})
    see(tf.fill(tf.placeholder(tf.int32, [3]), 1), tf.fill(tf.placeholder(tf.int32), 1))
    see.attempt(lambda: tf.fill([2], [1, 2]), "rank 0", "rank 1")
    see.attempt(lambda: tf.fill(2, 1), "rank 1", "rank 0")
    see.attempt(lambda: tf.fill([-1], 1))


def ranges(tf, see):
    see.full(tf.range(5))
    see.full(tf.range(2, 10, 3))
    see.full(tf.range(10, 2, -3))
    see.full(tf.range(0.0, 1.0, 0.25))
    see.full(tf.range(3, dtype=tf.float32))
    see.full(tf.range(5.0))
    see.full(tf.range(0, 5, 0.5))
    see.full(tf.range(tf.constant(4, tf.int64), name="count"))
    see(tf.range(tf.placeholder(tf.int32, [])), tf.range(np.int64(3)))
    see.attempt(lambda: tf.range([1, 2]))
    see.attempt(lambda: tf.range(0, 5, 0))
    see.attempt(lambda: tf.range(0, 5, -1))


def linspace(tf, see):
    see.full(tf.linspace(0.0, 1.0, 5))
    see.full(tf.linspace(1.0, 1.0, 1))
    see.full(tf.lin_space(0.0, 10.0, 3, name="points"))
    see.full(tf.linspace(np.float64(0), np.float64(1), 4))


def one_value_for_every_place(tf, see):
    filled = [tf.zeros([2, 3]), tf.constant(True, shape=[2, 2]), tf.zeros([3], tf.string)]
    filled += [tf.ones([2], tf.complex64), tf.zeros_like([1, 2]), tf.constant(5, shape=[1, 1])]
    filled += [tf.ones_initializer()([4]), tf.constant_initializer(2.5)([2])]
    for tensor in [*filled, tf.constant([1.0, 1.0]), tf.constant([7])]:
        see(str(tensor.op.node_def.attr["value"].tensor))
        see.run(tensor)
    see.run([filled[0] + 1.0, tf.transpose(filled[1]), tf.nn.relu(filled[6])])


def values_or_bytes(tf, see):
    for name in ("bool", "uint8", "uint16", "int64", "float16", "float64", "complex64"):
        for value in ([[1, 0]], [1], []):
            tensor = tf.constant(np.array(value, name))
            see(str(tensor.op.node_def.attr["value"].tensor))
