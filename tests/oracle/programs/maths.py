"""Arithmetic on elements, reductions, linear algebra, comparisons and logic."""

import numpy as np


def unary(tf, see):
    x = tf.constant([-2.0, -0.5, 0.0, 0.5, 2.0], name="x")
    for f in (
        tf.abs,
        tf.negative,
        tf.sign,
        tf.square,
        tf.exp,
        tf.sin,
        tf.cos,
        tf.tan,
        tf.tanh,
        tf.atan,
    ):
        see.full(f(x))
    for f in (
        tf.sigmoid,
        tf.floor,
        tf.ceil,
        tf.round,
        tf.rint,
        tf.sinh,
        tf.cosh,
        tf.asinh,
        tf.erf,
        tf.erfc,
    ):
        see.full(f(x))
    for f in (
        tf.expm1,
        tf.log_sigmoid,
        tf.nn.softplus,
        tf.nn.softsign,
        tf.nn.relu,
        tf.nn.elu,
        tf.nn.selu,
    ):
        see.full(f(x))
    for f in (
        tf.nn.relu6,
        tf.nn.leaky_relu,
        tf.nn.sigmoid,
        tf.nn.tanh,
        tf.nn.swish,
        tf.is_nan,
        tf.is_inf,
        tf.is_finite,
    ):
        see.full(f(x))


def unary_on_positives(tf, see):
    x = tf.constant([0.25, 0.5, 1.0, 4.0], name="x")
    for f in (tf.sqrt, tf.rsqrt, tf.log, tf.log1p, tf.reciprocal, tf.lgamma, tf.digamma):
        see.full(f(x))
    for f in (tf.asin, tf.acos, tf.atanh):
        see.full(f(x * 0.2))
    see.full(tf.acosh(x + 1.0))
    see.full(tf.sqrt(tf.constant([4.0], tf.float64)))
    see.full(tf.log(tf.constant([0.0, -1.0])))
    see.full(tf.exp(tf.constant([1.0], tf.float16)))
    see.attempt(lambda: tf.sqrt(4), "int32")
    see.attempt(lambda: tf.exp("a"), "string")
    see.attempt(lambda: tf.log([1, 2]), "int32")


def unary_on_integers(tf, see):
    n = tf.constant([-3, 0, 3], name="n")
    for f in (tf.abs, tf.negative, tf.sign, tf.square, tf.floor, tf.round):
        see.attempt(lambda f=f: see.full(f(n)))
    see.full(tf.round([0.5, 1.5, 2.5, -0.5]))
    see.full(tf.square([2**15, 2**16]))


def binary(tf, see):
    x, y = tf.constant([5.0, -3.0, 0.0], name="x"), tf.constant([2.0, 2.0, -1.0], name="y")
    for f in (
        tf.add,
        tf.subtract,
        tf.multiply,
        tf.divide,
        tf.maximum,
        tf.minimum,
        tf.squared_difference,
    ):
        see.full(f(x, y))
    for f in (tf.atan2, tf.floormod, tf.div_no_nan, tf.floordiv, tf.realdiv):
        see.full(f(x, y))
    see.full(tf.pow(tf.abs(x), y))
    see(
        tf.add(x, 1, name="plus"),
        tf.maximum(x, 0.0),
        tf.minimum(3, [1, 2]),
        tf.multiply(2, 3),
        tf.subtract(x, y, "minus"),
    )
    see.full(tf.multiply(2.0, 3.0))
    see.attempt(lambda: tf.add(x, tf.constant(1)), "float32", "int32")
    see.attempt(lambda: tf.maximum([True], [False]))
    see.attempt(lambda: tf.scalar_mul([1.0, 2.0], x))
    see(
        tf.scalar_mul(2.0, x),
        tf.accumulate_n([x, y]),
        tf.add_n([x, y]),
        tf.add_n([x]),
        tf.add_n([x], name="one"),
    )
    see.full(tf.add_n([x, y, x]))
    see.attempt(lambda: tf.add_n([]))
    see.attempt(lambda: tf.add_n(5))
    see.attempt(lambda: tf.add_n([x, tf.constant([1, 2, 3])]))


def string_addition(tf, see):
    see.full(tf.constant("a") + "b")
    see.full(tf.add(["x", "y"], "z"))


def reductions(tf, see):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="x")
    for f in (
        tf.reduce_sum,
        tf.reduce_mean,
        tf.reduce_max,
        tf.reduce_min,
        tf.reduce_prod,
        tf.reduce_logsumexp,
    ):
        see.full(f(x))
        see.full(f(x, 0))
        see.full(f(x, axis=[0, 1]))
        see.full(f(x, -1, keepdims=True, name="kept"))
    see(
        tf.reduce_sum(x, reduction_indices=[1]),
        tf.reduce_sum(x, 1, keep_dims=True),
        tf.reduce_mean(x, 1, True),
    )
    see.full(tf.reduce_sum(x, []))
    see.full(tf.reduce_sum(x, tf.constant(1)))
    see.full(tf.reduce_sum(5.0))
    see.full(tf.reduce_sum([1, 2, 3]))
    see.attempt(lambda: tf.reduce_sum(x, 2), "2")
    see.attempt(lambda: tf.reduce_sum(x, axis=0, reduction_indices=1))
    see.attempt(lambda: tf.reduce_sum(x, 0.5))
    see.attempt(lambda: tf.reduce_sum(["a"]), "string")
    see.attempt(lambda: tf.reduce_sum(x, keepdims=True, keep_dims=True))
    see.attempt(lambda: tf.reduce_sum(x, [0, 0]))


def integer_and_bool_reductions(tf, see):
    n = tf.constant([[1, 2], [3, 4]], name="n")
    see.full(tf.reduce_mean(n))
    see.full(tf.reduce_mean([1, 2]))
    see.full(tf.reduce_prod(n, 0))
    see.full(tf.reduce_max(n, 1))
    see.full(tf.reduce_sum(tf.constant([200, 100], tf.uint8)))
    p = tf.constant([[True, False], [True, True]], name="p")
    see.full(tf.reduce_all(p))
    see.full(tf.reduce_any(p, 0))
    see.full(tf.reduce_all(p, 1, keepdims=True))
    see.full(tf.count_nonzero([[0, 1], [2, 0]]))
    see.full(tf.count_nonzero([[0, 1], [2, 0]], 0, dtype=tf.int32))
    see.attempt(lambda: tf.reduce_all([1, 2]), "bool")
    see.full(tf.reduce_mean(tf.cast(p, tf.float32)))
    see.full(tf.reduce_sum(tf.zeros([0, 3]), 0))
    see.full(tf.reduce_max(tf.zeros([0])))
    see.full(tf.reduce_mean(tf.zeros([0])))


def reductions_of_unknown_rank(tf, see):
    u = tf.placeholder(tf.float32, name="u")
    total, mean = tf.reduce_sum(u), tf.reduce_mean(u, 0)
    see(total, mean)
    see.run([total, mean], {u: [[1.0, 2.0], [3.0, 4.0]]})
    see.run(total, {u: 5.0})


def arg_reductions(tf, see):
    x = tf.constant([[1.0, 9.0, 3.0], [7.0, 5.0, 7.0]], name="x")
    see.full(tf.argmax(x))
    see.full(tf.argmax(x, 1))
    see.full(tf.argmin(x, axis=-1, name="low"))
    see.full(tf.argmax(x, 1, output_type=tf.int32))
    see.full(tf.arg_max(x, 1))
    see.full(tf.arg_min(x, 0))
    see.full(tf.argmax([3, 1, 3]))
    see.full(tf.argmax(x, dimension=0))
    see.attempt(lambda: tf.argmax(x, 2))
    see.attempt(lambda: tf.argmax(["a"], 0))


def cumulative(tf, see):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="x")
    see.full(tf.cumsum(x))
    see.full(tf.cumsum(x, 1, exclusive=True))
    see.full(tf.cumsum(x, axis=-1, reverse=True, name="back"))
    see.full(tf.cumprod(x, 1))
    see.full(tf.segment_sum(x, [0, 0]))
    see.full(tf.segment_mean([1.0, 2.0, 3.0], [0, 0, 1]))
    see.full(tf.segment_max([1.0, 2.0, 3.0], [0, 0, 1]))
    see.full(tf.unsorted_segment_sum([1.0, 2.0, 3.0], [2, 0, 2], 3))
    see.full(tf.unsorted_segment_max([1.0, 2.0, 3.0], [1, 0, 1], 2))
    see.full(tf.unsorted_segment_mean([1.0, 2.0, 3.0], [1, 0, 1], 2))


def clipping(tf, see):
    x = tf.constant([-3.0, 0.5, 4.0], name="x")
    see.full(tf.clip_by_value(x, -1.0, 1.0))
    see.full(tf.clip_by_value([1, 5], 2, 3, name="c"))
    see.full(tf.clip_by_norm(x, 2.0))
    see.full(tf.clip_by_average_norm(x, 1.0))
    clipped, norm = tf.clip_by_global_norm([x, tf.constant([1.0, 1.0])], 2.0)
    see.full(clipped[0])
    see.full(clipped[1])
    see.full(norm)
    see.full(tf.global_norm([x, None, x]))
    see(tf.clip_by_global_norm([x, None], 1.0)[0])


def norms_and_products(tf, see):
    x = tf.constant([[3.0, 4.0], [6.0, 8.0]], name="x")
    see.full(tf.norm(x))
    see.full(tf.norm(x, axis=1))
    see.full(tf.norm(x, ord=1, axis=0, keepdims=True))
    see.full(tf.nn.l2_normalize(x, 1))
    see.full(tf.nn.l2_normalize(x, axis=[0, 1], name="unit"))
    see.full(tf.tensordot(x, x, 1))
    see.full(tf.tensordot(x, [1.0, 2.0], axes=[[1], [0]]))
    see.full(tf.tensordot(x, x, 2))
    see.full(tf.einsum("ij,kj->ik", x, x))
    see.full(tf.cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]))
    see.full(tf.matmul(x, x) - tf.matmul(x, tf.transpose(x)))


def linear_algebra(tf, see):
    a = tf.constant([[4.0, 1.0], [1.0, 3.0]], name="a")
    see.full(tf.matrix_determinant(a))
    see.full(tf.matrix_inverse(a))
    see.full(tf.cholesky(a))
    see.full(tf.matrix_solve(a, [[1.0], [2.0]]))
    see.full(tf.matrix_triangular_solve(tf.cholesky(a), [[1.0], [2.0]]))
    see.full(tf.self_adjoint_eig(a)[0])
    see.full(tf.svd(a, compute_uv=False))
    see.full(tf.linalg.inv(a))
    see.full(tf.linalg.det(a))
    see.full(tf.linalg.diag([1.0, 2.0]))
    see.attempt(lambda: tf.matrix_inverse([[1.0, 2.0, 3.0]]), "1", "3")
    see.attempt(
        lambda: see.session.run(tf.matrix_inverse([[0.0, 0.0], [0.0, 0.0]])), "not invertible"
    )
    see.full(tf.matrix_solve_ls(a, [[1.0], [2.0]]), rtol=1e-4)


def comparisons(tf, see):
    x, y = tf.constant([1, 2, 3], name="x"), tf.constant([3, 2, 1], name="y")
    for f in (tf.equal, tf.not_equal, tf.less, tf.less_equal, tf.greater, tf.greater_equal):
        see.full(f(x, y))
        see.full(f(x, 2))
    see.full(tf.equal(["a", "b"], ["a", "c"]))
    see.full(tf.equal(True, [True, False]))
    see.full(tf.equal([[1], [2]], [1, 2]))
    see(tf.equal(x, y, name="same"))
    see.full(tf.equal([np.nan], [np.nan]))
    see.attempt(lambda: tf.equal(x, [1.5]))
    see.attempt(lambda: tf.equal(x, "a"))
    see.attempt(lambda: tf.less(["a"], ["b"]))
    see.attempt(lambda: tf.equal(x, [1, 2]), "3", "2")


def logic(tf, see):
    p, q = (
        tf.constant([True, True, False, False], name="p"),
        tf.constant([True, False, True, False], name="q"),
    )
    for f in (tf.logical_and, tf.logical_or, tf.logical_xor):
        see.full(f(p, q))
    see.full(tf.logical_not(p))
    see(tf.logical_and(p, q, name="both"), tf.logical_xor(p, q, name="either"))
    see.attempt(lambda: tf.logical_and(1, 2), "bool")
    see.attempt(lambda: tf.logical_not([1.0]))
    n = tf.constant([6, 3], name="n")
    for f in (
        tf.bitwise.bitwise_and,
        tf.bitwise.bitwise_or,
        tf.bitwise.bitwise_xor,
        tf.bitwise.left_shift,
    ):
        see.full(f(n, 1))


def complex_numbers(tf, see):
    z = tf.complex([3.0, 0.0], [4.0, -1.0], name="z")
    see.full(z)
    for f in (tf.real, tf.imag, tf.conj, tf.abs, tf.square):
        see.full(f(z))
    see.full(tf.angle(z))
    see.full(z * (1 + 1j))
    see(tf.real([1.0]), tf.conj([1.0]))


def names_of_math_functions(tf, see):
    see(
        tf.math.sigmoid(1.0),
        tf.math.softplus(1.0),
        tf.math.l2_normalize([1.0, 2.0]),
        tf.math.argmax([1, 2]),
    )
    see(tf.math.top_k([1, 2, 3], 2), tf.math.in_top_k([[0.1, 0.9]], [1], 1), tf.math.floormod(5, 3))
    see(tf.math.xlogy(0.0, 0.0), tf.math.polyval([1.0, 2.0], 3.0), tf.math.reduce_std([1.0, 3.0]))
    see.full(tf.math.reduce_variance([1.0, 3.0]))
