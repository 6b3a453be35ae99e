"""Comparisons, logic on bools and on bits, and questions about floats: all without gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.infer import broadcasted, unchanged
from minitf.op import op
from minitf.ops.wrappers import FLOATS, NUMBERS, REALS, binary, unary
from minitf.shape import UNKNOWN, broadcast
from minitf.tensor import Tensor

_INTEGERS = "T: {int8, int16, int32, int64, uint8, uint16, uint32, uint64}"


@op
class Less:
    """x < y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: bool"
    attrs = f"T: {REALS}"
    infer = broadcasted
    kernel = np.less
    scalar = "x < y"
    gradient = None


@op
class LessEqual:
    """x <= y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: bool"
    attrs = f"T: {REALS}"
    infer = broadcasted
    kernel = np.less_equal
    scalar = "x <= y"
    gradient = None


@op
class Greater:
    """x > y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: bool"
    attrs = f"T: {REALS}"
    infer = broadcasted
    kernel = np.greater
    scalar = "x > y"
    gradient = None


@op
class GreaterEqual:
    """x >= y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: bool"
    attrs = f"T: {REALS}"
    infer = broadcasted
    kernel = np.greater_equal
    scalar = "x >= y"
    gradient = None


less, less_equal = binary(Less, "less"), binary(LessEqual, "less_equal")
greater, greater_equal = binary(Greater, "greater"), binary(GreaterEqual, "greater_equal")


def _infer_equality(x: Tensor, y: Tensor, *, incompatible_shape_error: bool) -> Any:
    if incompatible_shape_error:
        return broadcast(x.shape, y.shape)
    try:
        return broadcast(x.shape, y.shape)
    except ValueError:
        return UNKNOWN


def _equality(x: Any, y: Any, same: Any, incompatible_shape_error: bool) -> Any:
    if type(x) is bytes and type(y) is bytes:
        return np.bool_((x == y) is (same is np.equal))
    try:
        return same(x, y)
    except ValueError:
        if incompatible_shape_error:
            raise
        return np.bool_(same is np.not_equal)


@op
class Equal:
    """x == y, broadcasting; of any type."""

    inputs = "x: T, y: T"
    outputs = "z: bool"
    attrs = "T: type, incompatible_shape_error: bool = true"
    infer = _infer_equality

    def kernel(x, y, *, incompatible_shape_error):
        return _equality(x, y, np.equal, incompatible_shape_error)

    gradient = None


@op
class NotEqual:
    """x != y, broadcasting; of any type."""

    inputs = "x: T, y: T"
    outputs = "z: bool"
    attrs = "T: type, incompatible_shape_error: bool = true"
    infer = _infer_equality

    def kernel(x, y, *, incompatible_shape_error):
        return _equality(x, y, np.not_equal, incompatible_shape_error)

    gradient = None


equal, not_equal = binary(Equal, "equal"), binary(NotEqual, "not_equal")


@op
class ApproximateEqual:
    """abs(x - y) < tolerance."""

    inputs = "x: T, y: T"
    outputs = "z: bool"
    attrs = f"T: {NUMBERS}, tolerance: float = 9.99999975e-06"
    infer = broadcasted

    def kernel(x, y, *, tolerance):
        return np.abs(np.subtract(x, y)) < tolerance

    gradient = None


def approximate_equal(x: Any, y: Any, tolerance: float = 1e-05, name: str | None = None) -> Tensor:
    """abs(x - y) < tolerance."""
    return ApproximateEqual(x, y, tolerance=tolerance, name=name)


@op
class LogicalAnd:
    """x and y, of bools, broadcasting."""

    inputs = "x: bool, y: bool"
    outputs = "z: bool"
    infer = broadcasted
    kernel = np.logical_and
    scalar = "x and y"
    gradient = None


@op
class LogicalOr:
    """x or y, of bools, broadcasting."""

    inputs = "x: bool, y: bool"
    outputs = "z: bool"
    infer = broadcasted
    kernel = np.logical_or
    scalar = "x or y"
    gradient = None


@op
class LogicalNot:
    """not x, of bools."""

    inputs = "x: bool"
    outputs = "y: bool"
    infer = unchanged
    kernel = np.logical_not
    scalar = "not x"
    gradient = None


logical_and, logical_or = binary(LogicalAnd, "logical_and"), binary(LogicalOr, "logical_or")
logical_not = unary(LogicalNot, "logical_not")


def logical_xor(x: Any, y: Any, name: str = "LogicalXor") -> Tensor:
    """Whether one of two bools is true and the other is not, broadcasting."""
    either = LogicalOr(x, y)
    return LogicalAnd(either, LogicalNot(LogicalAnd(x, y)), name=name)


@op
class BitwiseAnd:
    """x & y, bit by bit, of integers, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _INTEGERS
    infer = broadcasted
    kernel = np.bitwise_and
    scalar = "x & y"
    gradient = None


@op
class BitwiseOr:
    """x | y, bit by bit, of integers, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _INTEGERS
    infer = broadcasted
    kernel = np.bitwise_or
    scalar = "x | y"
    gradient = None


@op
class BitwiseXor:
    """x ^ y, bit by bit, of integers, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _INTEGERS
    infer = broadcasted
    kernel = np.bitwise_xor
    scalar = "x ^ y"
    gradient = None


@op
class Invert:
    """Every bit of an integer flipped."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = _INTEGERS
    infer = unchanged
    kernel = np.invert
    scalar = "~x"
    gradient = None


def _shift_count(x: Any, y: Any) -> Any:
    """Shifts by less than nothing or by all bits and more count as the nearest that is legal."""
    return np.clip(y, 0, x.dtype.itemsize * 8 - 1)


@op
class LeftShift:
    """x << y, of integers, broadcasting; y is clamped to the number of bits less one."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _INTEGERS
    infer = broadcasted

    def kernel(x, y):
        return np.left_shift(x, _shift_count(x, y))

    gradient = None


@op
class RightShift:
    """x >> y, of integers, broadcasting; y is clamped to the number of bits less one."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _INTEGERS
    infer = broadcasted

    def kernel(x, y):
        return np.right_shift(x, _shift_count(x, y))

    gradient = None


@op
class PopulationCount:
    """How many bits of an integer are set."""

    inputs = "x: T"
    outputs = "y: uint8"
    attrs = _INTEGERS
    infer = unchanged

    def kernel(x):
        unsigned = np.asarray(x).view(f"u{x.dtype.itemsize}")
        return np.bitwise_count(unsigned)[()]

    gradient = None


bitwise_and, bitwise_or = binary(BitwiseAnd, "bitwise_and"), binary(BitwiseOr, "bitwise_or")
bitwise_xor, invert = binary(BitwiseXor, "bitwise_xor"), unary(Invert, "invert")
left_shift, right_shift = binary(LeftShift, "left_shift"), binary(RightShift, "right_shift")


@op
class IsNan:
    """Whether a float is not a number."""

    inputs = "x: T"
    outputs = "y: bool"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = np.isnan
    scalar = "x != x"
    gradient = LookupError


@op
class IsInf:
    """Whether a float is plus or minus infinity."""

    inputs = "x: T"
    outputs = "y: bool"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = np.isinf
    gradient = LookupError


@op
class IsFinite:
    """Whether a float is neither infinite nor "not a number"."""

    inputs = "x: T"
    outputs = "y: bool"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = np.isfinite
    gradient = LookupError


is_nan, is_inf = unary(IsNan, "is_nan"), unary(IsInf, "is_inf")
is_finite = unary(IsFinite, "is_finite")
