"""Rows for arithmetic, comparisons, casts and clipping; see `cases.py` for what a row says."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops.arithmetic import Add
from minitf.ops.clipping import ClipByValue
from minitf.ops.division import Div, Mod
from minitf.ops.elementwise import Inv
from minitf.ops.logic import PopulationCount, approximate_equal

X = np.array([[0.5, -1.25, 2.0], [3.5, -0.75, 1.5]])
Y = np.array([1.5, 2.5, -0.5])
P = np.abs(X) + 0.25
N = np.array([7, -7, 9, -9, 0], np.int32)
D = np.array([2, 2, -4, 4, 3], np.int32)
U = np.array([7, 200], np.uint8)
F = X.astype(np.float32)
H = X.astype(np.float16)
Z = np.array([3 + 4j, -1j, 0, -2 + 1j], np.complex64)
B = np.array([True, True, False, False])
C = np.array([True, False, True, False])
TEXT = np.array([[b"a", b"b"], [b"", b"d"]], object)


def joined(x, y):
    return np.array([[a + y for a in row] for row in x], object)


def floor_mod(x, y):
    return x - y * np.floor(x / y)


ARITHMETIC = [
    Case("AddV2", tf.add, (X, Y), np.add),
    Case("AddV2", tf.add, (X, X + 1), np.add),
    Case("AddV2", lambda x: x + 1, (N,), lambda x: x + np.int32(1)),
    Case("AddV2", tf.add, (U, U), np.add),
    Case("Add", Add, (X, Y), np.add),
    Case("Add", lambda x: x + b"!", (TEXT,), joined(TEXT, b"!")),
    Case("Add", tf.add, (np.array(b"a", object), np.array(b"b", object)), np.array(b"ab", object)),
    Case("AddN", lambda x, y: tf.add_n([x, y, x]), (X, X + 1), lambda x, y: 2 * x + y),
    Case("AddN", lambda x: tf.accumulate_n([x, x]), (N,), lambda x: x + x),
    Case("Sub", tf.subtract, (X, Y), np.subtract),
    Case("Sub", tf.subtract, (X, X**2), np.subtract),
    Case("Neg", tf.negative, (X,), np.negative),
    Case("Mul", tf.multiply, (X, Y), np.multiply),
    Case("Mul", tf.multiply, (F, F), np.multiply),
    Case("Mul", lambda x: tf.scalar_mul(2.0, x), (X,), lambda x: 2 * x),
    Case("Mul Cast", lambda x, y: x * y, (B, C), np.logical_and),
    Case("MulNoNan", tf.math.multiply_no_nan, (X, Y), np.multiply),
    Case(
        "MulNoNan",
        tf.math.multiply_no_nan,
        (np.array([np.inf, np.nan, 2]), np.array([0.0, 0.0, 3.0])),
        np.array([0.0, 0.0, 6.0]),
        order=0,
    ),
    Case("SquaredDifference", tf.squared_difference, (X, Y), lambda x, y: (x - y) ** 2),
    Case("SquaredDifference", tf.squared_difference, (X, X + 2), np.full((2, 3), 4.0)),
    Case("Maximum SelectV2", lambda x, y: tf.gradients(tf.maximum(x, y), x)[0], (F, F + 1), 0 * F),
    Case("Maximum", tf.maximum, (X, Y), np.maximum),
    Case("Minimum", tf.minimum, (X, Y), np.minimum),
    Case("Maximum", tf.maximum, (np.array([np.nan, 1]), np.array([1, np.nan])), np.maximum, 0),
]

DIVISION = [
    Case("RealDiv", tf.truediv, (X, Y), np.true_divide),
    Case("RealDiv Cast", tf.truediv, (N, D), lambda x, y: x / y),
    Case("RealDiv", lambda x: 1 / x, (F,), lambda x: np.float32(1) / x),
    Case("Div", Div, (X, Y), np.true_divide),
    Case("Div", Div, (N, D), np.array([3, -3, -2, -2, 0], np.int32)),
    Case("FloorDiv", tf.floordiv, (X, Y), lambda x, y: np.floor(x / y)),
    Case("FloorDiv", tf.div, (N, D), np.floor_divide),
    Case("FloorMod", tf.floormod, (X + 0.1, Y), floor_mod),
    Case("FloorMod", tf.mod, (N, D), np.remainder),
    Case("Mod", Mod, (N, D), np.fmod),
    Case("Mod", Mod, (X, Y), np.fmod),
    Case("TruncateDiv", tf.truncatediv, (N, D), np.array([3, -3, -2, -2, 0], np.int32)),
    Case("TruncateMod", tf.truncatemod, (N, D), np.fmod),
    Case("DivNoNan", tf.div_no_nan, (X, Y), np.true_divide),
    Case("DivNoNan", tf.div_no_nan, (Y, np.array([0.0, 2.0, 0.0])), [0.0, 1.25, 0.0], order=0),
    Case("DivNoNan", tf.math.reciprocal_no_nan, (np.array([0.0, 4.0]),), [0.0, 0.25], order=0),
]

POWERS = [
    Case("Pow", tf.pow, (P, Y), np.power),
    Case("Pow", lambda x: x**2, (N,), np.square),
    Case("Pow", lambda x: x**3, (X,), lambda x: x**3),
    Case("Xdivy", tf.math.xdivy, (X, Y), np.true_divide),
    Case("Xlogy", tf.math.xlogy, (X, np.abs(Y)), lambda x, y: x * np.log(y)),
    Case("Xlogy", tf.math.xlogy, (np.zeros(2), np.zeros(2)), np.zeros(2), order=0),
    Case("Xlog1py", tf.math.xlog1py, (X, np.abs(Y)), lambda x, y: x * np.log1p(y)),
    Case("NextAfter", tf.math.nextafter, (X, Y), np.nextafter, order=1),
    Case("Reciprocal", tf.reciprocal, (X,), np.reciprocal),
    Case("Inv", Inv, (X,), np.reciprocal),
]

COMPARISONS = [
    Case("Less", tf.less, (X, Y), np.less),
    Case("LessEqual", tf.less_equal, (N, D), np.less_equal),
    Case("Greater", tf.greater, (X, Y), np.greater),
    Case("GreaterEqual", tf.greater_equal, (N, D), np.greater_equal),
    Case("Equal", tf.equal, (N, N), np.equal),
    Case("Equal", lambda x: tf.equal(x, b"a"), (TEXT,), [[True, False], [False, False]]),
    Case("Equal", lambda x: tf.equal(x, b"a"), (np.array(b"a", object),), True),
    Case("NotEqual", tf.not_equal, (X, X), np.not_equal),
    Case("NotEqual", lambda x: tf.not_equal(x, b"a"), (np.array(b"a", object),), False),
    Case(
        "ApproximateEqual",
        lambda x, y: approximate_equal(x, y, tolerance=0.5),
        (X, X + [[0.4], [0.6]]),
        [[True] * 3, [False] * 3],
    ),
    Case("IsNan", tf.is_nan, (np.array([1, np.nan, np.inf]),), np.isnan),
    Case("IsInf", tf.is_inf, (np.array([1, np.nan, -np.inf]),), np.isinf),
    Case("IsFinite", tf.is_finite, (np.array([1, np.nan, np.inf]),), np.isfinite),
]

LOGIC = [
    Case("LogicalAnd", tf.logical_and, (B, C), np.logical_and),
    Case("LogicalOr", tf.logical_or, (B, C), np.logical_or),
    Case("LogicalNot", tf.logical_not, (B,), np.logical_not),
    Case("LogicalAnd LogicalOr LogicalNot", tf.logical_xor, (B, C), np.logical_xor),
    Case("BitwiseAnd", lambda x, y: x & y, (N, D), np.bitwise_and),
    Case("BitwiseOr", lambda x, y: x | y, (N, D), np.bitwise_or),
    Case("BitwiseXor", lambda x, y: x ^ y, (N, D), np.bitwise_xor),
    Case("Invert", lambda x: ~x, (N,), np.invert),
    Case("PopulationCount", PopulationCount, (N,), np.array([3, 30, 2, 31, 0], np.uint8)),
    Case("LeftShift", tf.bitwise.left_shift, (U, U % 3), lambda x, y: x << y),
    Case("LeftShift", tf.bitwise.left_shift, (N[:1], N[:1] * 9), [np.iinfo(np.int32).min]),
    Case("RightShift", tf.bitwise.right_shift, (N, N * 0 + 1), lambda x, y: x >> 1),
]

CASTS = [
    Case("Cast", lambda x: tf.cast(x, tf.float32), (X,), lambda x: x.astype(np.float32)),
    Case("Cast", lambda x: tf.cast(tf.cast(x, tf.float32), tf.float64), (X,), X, order=0),
    Case("Cast", lambda x: tf.cast(x, tf.int32), (X,), np.array([[0, -1, 2], [3, 0, 1]], np.int32)),
    Case("Cast", lambda x: tf.cast(x, tf.bool), (N,), [True, True, True, True, False]),
    Case("Cast", lambda x: tf.cast(x, tf.float16), (B,), np.array([1, 1, 0, 0], np.float16)),
    Case("Cast", lambda x: tf.cast(x, tf.float32), (Z,), np.real),
    Case("Cast ClipByValue", lambda x: tf.saturate_cast(x, tf.uint8), (N,), [7, 0, 9, 0, 0]),
    Case("Conj", tf.conj, (Z,), np.conj),
    Case("Complex", tf.complex, (X, X * 2), lambda x, y: x + 1j * y),
    Case("Real", tf.real, (Z,), np.real),
    Case("Imag", tf.imag, (Z,), np.imag),
    Case("Angle", tf.angle, (Z,), np.angle),
    Case("ComplexAbs", tf.abs, (Z,), np.abs),
    Case("DivNoNan ComplexAbs", tf.sign, (Z,), np.sign),
    Case("Complex Real", lambda x: tf.real(tf.complex(x, x) * tf.complex(x, 2 * x)), (X,), -X * X),
    Case("Complex ComplexAbs", lambda x: tf.abs(tf.complex(x, 2 * x)), (P,), 5**0.5 * P),
    Case(
        "Complex Angle",
        lambda x, y: tf.angle(tf.complex(x, y)),
        (P, Y),
        lambda x, y: np.angle(x + 1j * y),
    ),
    Case("Complex Imag Conj", lambda x: tf.imag(tf.conj(tf.complex(x, x * x))), (X,), -X * X),
]


def clipped(x, bound):
    return x * min(1.0, bound / np.linalg.norm(x))


CLIPPING = [
    Case("ClipByValue", lambda x: ClipByValue(x, 0.1, 1.6), (X,), np.clip(X, 0.1, 1.6)),
    Case("Maximum Minimum", lambda x: tf.clip_by_value(x, 0.1, 1.6), (X,), np.clip(X, 0.1, 1.6)),
    Case("Sum", lambda x: tf.clip_by_norm(x, 2.0), (X,), clipped(X, 2.0), order=1),
    Case("Sum", lambda x: tf.clip_by_norm(x, 99.0), (X,), X, order=1),
]

CASES = ARITHMETIC + DIVISION + POWERS + COMPARISONS + LOGIC + CASTS + CLIPPING
