"""Python's operators on tensors, and the dtypes their operands become."""

import numpy as np


def arithmetic(tf, see):
    a = tf.constant([7.0, -7.0], name="a")
    b = tf.constant([2.0, 3.0], name="b")
    for tensor in (a + b, a - b, a * b, a / b, a // b, a % b, a**b, -a, abs(a)):
        see.full(tensor)
    for tensor in (a < b, a <= b, a > b, a >= b):
        see.full(tensor)


def integer_arithmetic(tf, see):
    a = tf.constant([7, -7, 7, -7], name="a")
    b = tf.constant([2, 2, -2, -2], name="b")
    for tensor in (a + b, a - b, a * b, a / b, a // b, a % b, a**2, -a, abs(a)):
        see.full(tensor)
    for tensor in (a < b, a <= b, a > b, a >= b):
        see.full(tensor)


def division_by_dtype(tf, see):
    for dtype in (tf.float16, tf.float32, tf.float64, tf.int8, tf.int16, tf.int32, tf.int64):
        a, b = tf.constant([7, -7], dtype), tf.constant([2, 2], dtype)
        see.full(a / b)
        see.full(a // b)
        see.full(a % b)
    for dtype in (tf.uint8, tf.uint16):
        a, b = tf.constant([7, 9], dtype), tf.constant([2, 4], dtype)
        see.full(a / b)
        see.full(a // b)


def division_functions(tf, see):
    a, b = tf.constant([7, -7]), tf.constant([2, 2])
    x, y = tf.constant([7.0, -7.0]), tf.constant([2.0, 2.0])
    for function in (tf.div, tf.divide, tf.truediv, tf.floordiv, tf.floor_div, tf.mod, tf.floormod):
        see.full(function(a, b))
        see.full(function(x, y))
    for function in (tf.realdiv,):
        see.full(function(x, y))
    for function in (tf.truncatediv, tf.truncatemod):
        see.full(function(a, b))
    see.full(tf.div_no_nan(x, [0.0, 2.0]))
    see(tf.divide(a, b, name="d"), tf.div(a, b, name="q"), tf.truediv(a, b, name="t"))
    see.attempt(lambda: see.session.run(a // 0), "zero")
    see.attempt(lambda: see.session.run(a % tf.constant(0)), "zero")
    see.run(x / 0.0)
    see.attempt(lambda: tf.divide(a, y))
    see(tf.divide(7, 2), tf.divide(7.0, 2))


def reflected(tf, see):
    a = tf.constant([2.0, 4.0], name="a")
    for tensor in (1 + a, 1 - a, 3 * a, 1 / a, 9 // a, 9 % a, 2**a):
        see.full(tensor)
    n = tf.constant([2, 4], name="n")
    for tensor in (1 + n, 1 - n, 3 * n, 1 / n, 9 // n, 9 % n, 2**n):
        see.full(tensor)
    see(a > 1, a >= 1, a < 1, a <= 1)


def operands_of_python_and_numpy(tf, see):
    a = tf.constant([2.0, 4.0], name="a")
    for other in (1, 1.5, np.float32(3), np.int64(2), [1, 2], (1.0, 2.0), np.array([5.0, 6.0])):
        see.full(a + other)
    for other in (np.array([1, 2]), np.ones([2, 2], np.float32), [[1.0], [2.0]]):
        see.full(a * other)
        see.full(other * a)
    see.full(np.float32(3) - a)
    see.full([1, 2] - a)


def operands_of_wrong_kind(tf, see):
    a = tf.constant([2.0, 4.0], name="a")
    n = tf.constant([2, 4], name="n")
    see.attempt(lambda: n + 1.5, "int32", "float32")
    see.attempt(lambda: 1.5 + n, "int32")
    see.attempt(lambda: a + n, "float32", "int32")
    see.attempt(lambda: n * a, "float32", "int32")
    see.attempt(lambda: a + "x")
    see.attempt(lambda: a + None, "None")
    see.attempt(lambda: a + True)
    see.attempt(lambda: n + True)
    see.attempt(lambda: a + object())
    see.attempt(lambda: a + tf.constant("s"))
    see.attempt(lambda: n + 2**40)
    see.attempt(lambda: tf.constant(True) + tf.constant(True), "bool")
    see.attempt(lambda: tf.constant(1.0) + tf.constant(1.0, tf.float64), "float64", "float32")
    see.attempt(lambda: a @ a, "rank")
    see(a + np.array([1, 2], np.int32), n + np.int64(3))
    see.attempt(lambda: n + np.float64(3))


def numpy_on_the_left(tf, see):
    a = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="a")
    see.full(np.ones([2, 2], np.float32) + a)
    see.full(np.ones([2, 2]) - a)
    see.full(np.ones([2, 2]) @ a)
    see.full(np.float64(2) * a)


def logical_operators(tf, see):
    p = tf.constant([True, True, False, False], name="p")
    q = tf.constant([True, False, True, False], name="q")
    for tensor in (p & q, p | q, p ^ q, ~p, p & True, False | q, True ^ p):
        see.full(tensor)
    n = tf.constant([6, 3], name="n")
    for tensor in (n & 5, n | 5, n ^ 5, ~n):
        see.full(tensor)
    see.attempt(lambda: tf.constant(1.0) & tf.constant(1.0))
    see.attempt(lambda: p & 1.0)


def equality_is_identity(tf, see):
    a, b = tf.constant(1), tf.constant(1)
    see(a == b, a == a, a != b, a in [b, a], len({a, b}), hash(a) == hash(a))
    see.full(tf.equal(a, b))
    see.full(tf.not_equal(a, b))


def not_a_bool(tf, see):
    a = tf.constant(1)
    see.attempt(lambda: bool(a), "bool", "not allowed")
    see.attempt(lambda: a and 1, "bool", "not allowed")
    see.attempt(lambda: not a, "bool", "not allowed")
    see.attempt(lambda: a < 3 < 5, "bool", "not allowed")
    see.attempt(lambda: int(a))
    see.attempt(lambda: float(a))
    see.attempt(lambda: [1, 2, 3][a])
    see.attempt(lambda: range(a))


def not_iterable(tf, see):
    a = tf.constant([1, 2, 3])
    see.attempt(lambda: list(a), "iterat", "not allowed")
    see.attempt(lambda: iter(a), "iterat", "not allowed")
    see.attempt(lambda: list(tf.placeholder(tf.float32)), "iterat", "not allowed")
    see.attempt(lambda: len(a), "len")
    see.attempt(lambda: len(tf.placeholder(tf.float32)), "len")
    see.attempt(lambda: np.array(a), "numpy")
    see.attempt(lambda: np.sum(a))
    see.attempt(lambda: a.append(4), "append")
    see.attempt(lambda: a.nothing, "nothing")


def matmul_operator(tf, see):
    a = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="a")
    see.full(a @ a)
    see.full(a @ [[1.0], [2.0]])
    see.full([[1.0, 2.0]] @ a)
    see.full(tf.ones([3, 2, 2]) @ tf.ones([3, 2, 1]))


def matmul_forms(tf, see):
    a = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="a")
    see.full(tf.matmul(a, a, transpose_b=True))
    see.full(tf.matmul(a, a, transpose_a=True, name="gram"))
    see.full(tf.matmul(a, a, adjoint_b=True))
    see.full(tf.matmul([[1, 2]], [[3], [4]]))
    see.full(tf.matmul(tf.ones([2, 3, 4]), tf.ones([2, 4, 5])))
    see.full(tf.matmul(tf.ones([2, 3, 4]), tf.ones([4, 5])))
    see.full(tf.matmul(tf.ones([2, 4, 3]), tf.ones([2, 4, 5]), transpose_a=True))
    see(tf.matmul(tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [3, None])))
    see(tf.matmul(tf.placeholder(tf.float32), tf.placeholder(tf.float32)))
    see(tf.matmul(tf.placeholder(tf.float32, [None, None]), tf.ones([3, 4])))
    see(tf.matmul(tf.placeholder(tf.float32, [None, 2, 3]), tf.placeholder(tf.float32, [3, 2])))
    see(tf.matmul(a, tf.transpose(a), a_is_sparse=True))


def matmul_errors(tf, see):
    a = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="a")
    see.attempt(lambda: tf.matmul(a, a), "dimensions must be equal", "3", "2", "MatMul")
    see.attempt(lambda: tf.matmul(a, [1.0, 2.0, 3.0]), "rank 2")
    see.attempt(lambda: tf.matmul(a, tf.ones([3, 1], tf.int32)), "float32", "int32")
    see.attempt(lambda: tf.matmul(a, a, transpose_a=True, adjoint_a=True))
    see.attempt(lambda: tf.matmul(tf.constant([["a"]]), tf.constant([["b"]])), "string")
    x = tf.placeholder(tf.float32, name="x")
    product = tf.matmul(x, x, name="product")
    see.attempt(lambda: see.session.run(product, {x: [[1.0, 2.0]]}), "[1,2]", "product")
    see.attempt(lambda: see.session.run(product, {x: 1.0}))


def broadcasting(tf, see):
    row, column = tf.constant([[1.0, 2.0, 3.0]]), tf.constant([[10.0], [20.0]])
    see.full(row + column)
    see.full(row + 1.0)
    see.full(row * tf.ones([2, 2, 3]))
    unknown = tf.placeholder(tf.float32, [None, 3], name="unknown")
    one = tf.placeholder(tf.float32, [None, 1], name="one")
    see(
        unknown + row,
        unknown + one,
        unknown + unknown,
        one + one,
        unknown + tf.placeholder(tf.float32),
    )
    see(unknown + tf.ones([2, 1]), one + tf.ones([4, 1, 1]), unknown + 1.0)
    see.attempt(lambda: row + tf.ones([2]), "dimensions must be equal", "3", "2")
    see.attempt(lambda: tf.ones([2, 3]) + tf.ones([4, 3]), "dimensions must be equal")
    see.attempt(
        lambda: see.session.run(
            unknown + tf.placeholder_with_default([1.0, 2.0], None), {unknown: [[1, 2, 3]]}
        ),
        "incompatible shapes",
        "[1,3]",
        "[2]",
    )


def power(tf, see):
    see.full(tf.constant([2.0, 3.0]) ** 2)
    see.full(tf.constant([2, 3]) ** 2)
    see.full(tf.pow(2.0, [1.0, 2.0, 0.5]))
    see.full(tf.pow([[2, 2], [3, 3]], [[8, 16], [2, 3]]))
    see.full(2.0 ** tf.constant([1.0, -1.0]))
    see.attempt(lambda: see.session.run(tf.pow(2, tf.constant(-2))), "negative")


def indexing(tf, see):
    a = tf.reshape(tf.range(24), [2, 3, 4], name="a")
    for tensor in (
        a[0],
        a[1, 2],
        a[1, 2, 3],
        a[-1],
        a[..., 0],
        a[:, 1],
        a[:, :, 1:3],
        a[0, ..., ::2],
    ):
        see.full(tensor)
    for tensor in (a[0, 1:], a[:, ::-1], a[0, 2:0:-1], a[0, 5:], a[0, -2:], a[:, tf.newaxis, 0, 0]):
        see.full(tensor)
    for tensor in (a[...], a[:], a[0, tf.newaxis, ..., 1], a[0, 0, -3:-1], a[0][1][2]):
        see.full(tensor)


def indexing_with_tensors(tf, see):
    a = tf.constant([10, 20, 30, 40], name="a")
    i = tf.constant(2, name="i")
    see.full(a[i])
    see.full(a[:i])
    see.full(a[i:])
    see.full(a[1 : i + 1])
    see.full(a[np.int64(1)])
    see.full(a[tf.constant(1, tf.int64)])
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    see(x[0], x[:, 0], x[1:3], x[-1], x[:, 1:], x[..., None], x[:2], x[::2], x[:-1])
    y = tf.placeholder(tf.float32, name="y")
    see(y[0], y[..., 0])
    see.run(x[:, 1], {x: [[1, 2, 3, 4], [5, 6, 7, 8]]})


def indexing_errors(tf, see):
    a = tf.constant([[1, 2], [3, 4]], name="a")
    see.attempt(lambda: a[0, 0, 0], "index")
    see.attempt(lambda: a[5], "bounds")
    see.attempt(lambda: a[-3], "bounds")
    see.attempt(lambda: a[0.5], "slice")
    see.attempt(lambda: a["x"], "slice")
    see.attempt(lambda: a[[0, 1]])
    see.attempt(lambda: a[True])
    see.attempt(lambda: a[..., ..., 0], "ellips")
    see.attempt(lambda: a[::0], "strides")
    see.attempt(lambda: a[a > 1])
    i = tf.placeholder(tf.int32, [], name="i")
    see.attempt(lambda: see.session.run(a[i], {i: 7}), "bounds")

    def assign():
        a[0] = 1

    see.attempt(assign, "item assignment")
