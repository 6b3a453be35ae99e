"""Quotients and remainders: true, rounded down, rounded towards zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InternalError, InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import broadcasted
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import negative, unbroadcast
from minitf.ops.casts import cast, conj
from minitf.ops.constants import constant
from minitf.ops.wrappers import binary
from minitf.tensor import Tensor

_ALL = (
    "T: {bfloat16, half, float, double, uint8, int8, uint16, int16, int32, uint32, uint64, int64, "
    "complex64, complex128}"
)


def _is_integer(x: Any, y: Any) -> bool:
    """Whether integers are divided; InvalidArgumentError where one is, by zero."""
    if y.dtype.kind not in "iu":
        return False
    if np.size(x) and not np.all(y):
        raise InvalidArgumentError(None, None, "Integer division by zero")
    return True


def _no_zero(y: Any) -> None:
    if y.dtype.kind in "iu" and not np.all(y):
        raise InternalError(
            None,
            None,
            "Unexpected error in binary operator (only integer div and mod should have errors)",
        )


def _truncated(x: Any, y: Any) -> Any:
    """The integer quotient, rounded towards zero."""
    down = np.floor_divide(x, y)
    return (down + ((down < 0) & (down * y != x))).astype(down.dtype)


@op
class RealDiv:
    """x / y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _ALL
    infer = broadcasted
    scalar = "x / y"

    def kernel(x, y):
        if y.dtype.kind in "iu":
            raise InvalidArgumentError(
                None, None, f"No OpKernel was registered to support Op 'RealDiv' of {y.dtype}"
            )
        return np.true_divide(x, y)

    def gradient(op, grad):
        x, y = op.inputs
        over, under = conj(x), conj(y)
        grad_x = RealDiv(grad, under)
        grad_y = grad * RealDiv(RealDiv(-over, under), under)
        return unbroadcast(x, y, grad_x, grad_y)


@op
class Div:
    """x / y, broadcasting; of integers rounded towards zero."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _ALL
    infer = broadcasted

    def kernel(x, y):
        return _truncated(x, y) if _is_integer(x, y) else np.true_divide(x, y)

    def gradient(op, grad):
        x, y = op.inputs
        over, under = conj(x), conj(y)
        grad_x = grad / under
        grad_y = grad * ((-over / under) / under)
        return unbroadcast(x, y, grad_x, grad_y)


@op
class FloorDiv:
    """x / y rounded down, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _ALL
    infer = broadcasted

    def kernel(x, y):
        return np.floor_divide(x, y) if _is_integer(x, y) else np.floor(np.true_divide(x, y))

    def gradient(op, grad):
        return None, None


@op
class FloorMod:
    """What is left after division rounded down; it has the sign of y."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = (
        "T: {int8, int16, int32, int64, uint8, uint16, uint32, uint64, bfloat16, half, float, "
        "double}"
    )
    infer = broadcasted

    def kernel(x, y):
        _is_integer(x, y)
        return np.remainder(x, y)

    def gradient(op, grad):
        x, y = conj(op.inputs[0]), conj(op.inputs[1])
        quotient = FloorDiv(x, y)
        return unbroadcast(x, y, grad, grad * negative(quotient))


@op
class Mod:
    """What is left after division rounded towards zero; it has the sign of x."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = "T: {int32, int64, half, half, bfloat16, float, double}"
    infer = broadcasted

    def kernel(x, y):
        _is_integer(x, y)
        return np.fmod(x, y)

    gradient = LookupError


@op
class TruncateDiv:
    """x / y rounded towards zero, of integers, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _ALL
    infer = broadcasted

    def kernel(x, y):
        _no_zero(y)
        return _truncated(x, y) if y.dtype.kind in "iu" else np.trunc(np.true_divide(x, y))

    def gradient(op, grad):
        return None, None


@op
class TruncateMod:
    """What is left after division rounded towards zero; it has the sign of x."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = "T: {int32, int64, bfloat16, half, float, double}"
    infer = broadcasted

    def kernel(x, y):
        _no_zero(y)
        return np.fmod(x, y)

    gradient = LookupError


@op
class DivNoNan:
    """x / y, and 0 where y is 0."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = "T: {half, float, bfloat16, double, complex64, complex128}"
    infer = broadcasted

    def kernel(x, y):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(y == 0, y.dtype.type(0), np.true_divide(x, y))[()]

    def gradient(op, grad):
        x, y = conj(op.inputs[0]), conj(op.inputs[1])
        grad_x = div_no_nan(grad, y)
        grad_y = grad * div_no_nan(div_no_nan(-x, y), y)
        return unbroadcast(x, y, grad_x, grad_y)


realdiv, floor_div = binary(RealDiv, "realdiv"), binary(FloorDiv, "floor_div")
floormod = mod = binary(FloorMod, "floormod")
truncatediv, truncatemod = binary(TruncateDiv, "truncatediv"), binary(TruncateMod, "truncatemod")

# What integers become before they are divided truly.
_TRUE = {
    **dict.fromkeys(("uint8", "int8", "uint16", "int16"), dtypes.float32),
    **dict.fromkeys(("uint32", "int32", "uint64", "int64"), dtypes.float64),
    **dict.fromkeys(("bfloat16", "float16", "float32", "float64", "complex64", "complex128")),
}


def _check_types(x: Tensor, y: Tensor) -> None:
    if x.dtype.base_dtype is not y.dtype.base_dtype:
        raise TypeError(
            f"`x` and `y` must have the same dtype, got {x.dtype.base_dtype!r} != "
            f"{y.dtype.base_dtype!r}."
        )


def _for_true_division(x: Tensor, y: Tensor, use: str) -> tuple[Tensor, Tensor]:
    """Both as floats; TypeError for types that differ, or that can't be divided."""
    _check_types(x, y)
    base = x.dtype.base_dtype
    if base.name not in _TRUE:
        known = ", ".join(f"tf.{name}" for name in _TRUE)
        raise TypeError(f"Invalid dtype {base!r} in {use}. Expected one of {{{known}}}.")
    wider = _TRUE[base.name]
    return (x, y) if wider is None else (cast(x, wider), cast(y, wider))


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y; integers become floats first. TypeError for types that differ."""
    with name_scope(name, "truediv", [x, y]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
        x, y = _for_true_division(x, y, "__truediv__")
        return RealDiv(x, y, name=name)


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y as in Python 2: of floats true, of integers rounded down."""
    with name_scope(name, "div", [x, y]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        _check_types(x, y)
        if x.dtype.is_floating or x.dtype.is_complex:
            return RealDiv(x, y, name=name)
        return FloorDiv(x, y, name=name)


def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """x / y as the operator does it."""
    if name is not None:
        return truediv(x, y, name)
    if not isinstance(x, Tensor):
        x = convert_to_tensor(x, dtype=y.dtype.base_dtype if isinstance(y, Tensor) else None)
    return x / y


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y rounded down."""
    with name_scope(name, "floordiv", [x, y]) as name:
        return FloorDiv(x, y, name=name)


def div_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y, and 0 where y is 0; integers become floats first. TypeError for types that differ."""
    with name_scope(name, "div_no_nan", [x, y]) as name:
        if isinstance(y, Tensor) and not isinstance(x, Tensor):
            x = convert_to_tensor(x, dtype=y.dtype.base_dtype, name="x")
        else:
            x = convert_to_tensor(x, name="x")
            y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
        x, y = _for_true_division(x, y, "tf.math.divide_no_nan")
        return DivNoNan(x, y, name=name)


def reciprocal_no_nan(x: Any, name: str | None = None) -> Tensor:
    """1 / x, and 0 where x is 0."""
    with name_scope(name, "reciprocal_no_nan", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        one = constant(1, dtype=x.dtype.base_dtype, name="one")
        return DivNoNan(one, x, name=scope)
