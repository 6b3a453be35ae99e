"""Functions of one element: squares, roots, exponentials, logarithms, sigmoids, rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.graph import control_dependencies, name_scope
from minitf.infer import unchanged
from minitf.kernels.values import conjugate
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import multiply
from minitf.ops.casts import conj
from minitf.ops.constants import constant
from minitf.ops.filling import zeros_like
from minitf.ops.wrappers import FLOATS, FLOATS_COMPLEX, on_values, unary
from minitf.tensor import Tensor

_SIGNED = "T: {bfloat16, half, float, double, int8, int16, int32, int64, complex64, complex128}"


@op
class Abs:
    """|x|."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = "T: {bfloat16, half, float, double, int8, int16, int32, int64}"
    infer = unchanged
    kernel = np.abs
    scalar = "abs(x)"

    def gradient(op, grad):
        return grad * Sign(op.inputs[0])


@op
class Sign:
    """-1, 0 or 1, as x is negative, zero or positive."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = _SIGNED
    infer = unchanged
    kernel = np.sign

    def gradient(op, grad):
        return zeros_like(op.inputs[0])


@op
class Square:
    """x²."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = (
        "T: {bfloat16, half, float, double, int8, int16, int32, int64, uint8, uint16, uint32, "
        "uint64, complex64, complex128}"
    )
    infer = unchanged
    kernel = np.square
    scalar = "x * x"

    def gradient(op, grad):
        with control_dependencies([grad]):
            x = conj(op.inputs[0])
            two = constant(2.0, dtype=x.dtype)
            return multiply(grad, multiply(x, two))


@op
class Sqrt:
    """The square root."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.sqrt
    scalar = "sqrt(x)"

    def gradient(op, grad):
        return SqrtGrad(op.outputs[0], grad)


@op
class SqrtGrad:
    """The gradient of y = √x: dy / 2y."""

    inputs = "y: T, dy: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    scalar = "dy * 0.5 / y"

    def kernel(y, dy):
        return dy * y.dtype.type(0.5) / conjugate(y)

    def gradient(op, grad):
        a, result = op.inputs[0], op.outputs[0]
        with control_dependencies([grad]):
            share = grad / a
            return -conj(share) * result, 0.5 * share


@op
class Rsqrt:
    """1 / √x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    scalar = "1 / sqrt(x)"

    def kernel(x):
        return x.dtype.type(1) / np.sqrt(x)

    def gradient(op, grad):
        return RsqrtGrad(op.outputs[0], grad)


@op
class RsqrtGrad:
    """The gradient of y = 1 / √x: -dy y³ / 2."""

    inputs = "y: T, dy: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    scalar = "dy * -0.5 * y * y * y"

    def kernel(y, dy):
        y = conjugate(y)
        return dy * y.dtype.type(-0.5) * y * y * y

    def gradient(op, grad):
        a, b = op.inputs
        with control_dependencies([grad]):
            a, back = conj(a), conj(grad)
            grad_a = -1.5 * back * b * square(a)
            return grad_a, RsqrtGrad(a, grad)


def _reciprocal_gradient(op: Any, grad: Tensor) -> Tensor:
    return ReciprocalGrad(op.outputs[0], grad)


def _reciprocal_second_gradient(op: Any, grad: Tensor) -> Any:
    a, b = op.inputs
    with control_dependencies([grad]):
        a, back = conj(a), conj(grad)
        return back * -2.0 * b * a, ReciprocalGrad(a, grad)


@op
class Reciprocal:
    """1 / x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = _SIGNED
    infer = unchanged
    kernel = np.reciprocal
    scalar = "1 / x"
    gradient = _reciprocal_gradient


@op
class Inv:
    """1 / x; an old name of Reciprocal."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = _SIGNED
    infer = unchanged
    kernel = np.reciprocal
    scalar = "1 / x"
    gradient = _reciprocal_gradient


def _reciprocal_slope(y: Any, dy: Any) -> Any:
    y = conjugate(y)
    return -dy * y * y


@op
class ReciprocalGrad:
    """The gradient of y = 1 / x: -dy y²."""

    inputs = "y: T, dy: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = _reciprocal_slope
    scalar = "-dy * y * y"
    gradient = _reciprocal_second_gradient


@op
class InvGrad:
    """The gradient of y = 1 / x; an old name of ReciprocalGrad."""

    inputs = "y: T, dy: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = _reciprocal_slope
    scalar = "-dy * y * y"
    gradient = _reciprocal_second_gradient


@op
class Exp:
    """e to the power of x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.exp
    scalar = "exp(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * conj(op.outputs[0])


@op
class Expm1:
    """exp(x) - 1, exact near 0 too."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.expm1
    scalar = "expm1(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * exp(conj(op.inputs[0]))


@op
class Log:
    """The natural logarithm."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.log
    scalar = "log(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * reciprocal(conj(op.inputs[0]))


@op
class Log1p:
    """log(1 + x), exact near 0 too."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.log1p
    scalar = "log1p(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * reciprocal(1 + conj(op.inputs[0]))


@op
class Sigmoid:
    """1 / (1 + exp(-x))."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    scalar = "sigmoid(x)"

    def kernel(x):
        one = x.dtype.type(1)
        return one / (one + np.exp(-x))

    def gradient(op, grad):
        with control_dependencies([grad]):
            return SigmoidGrad(conj(op.outputs[0]), grad)


@op
class SigmoidGrad:
    """The gradient of a sigmoid's output y: dy y (1 - y)."""

    inputs = "y: T, dy: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    scalar = "dy * y * (1 - y)"

    def kernel(y, dy):
        y = conjugate(y)
        return dy * y * (y.dtype.type(1) - y)

    def gradient(op, grad):
        with control_dependencies([grad]):
            y, dy = conj(op.inputs[0]), conj(op.inputs[1])
            through = grad * dy
            return through - 2.0 * through * y, SigmoidGrad(y, grad)


@op
class Tanh:
    """The hyperbolic tangent."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.tanh
    scalar = "tanh(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            return TanhGrad(conj(op.outputs[0]), grad)


@op
class TanhGrad:
    """The gradient of a tanh's output y: dy (1 - y²)."""

    inputs = "y: T, dy: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    scalar = "dy * (1 - y * y)"

    def kernel(y, dy):
        y = conjugate(y)
        return dy * (y.dtype.type(1) - y * y)

    def gradient(op, grad):
        with control_dependencies([grad]):
            y, dy = conj(op.inputs[0]), conj(op.inputs[1])
            return grad * -2.0 * dy * y, TanhGrad(y, grad)


def _no_gradient(op: Any, grad: Tensor) -> list[None]:
    return [None]


@op
class Floor:
    """The largest whole number that is not larger."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = np.floor
    scalar = "floor(x)"
    gradient = _no_gradient


@op
class Ceil:
    """The smallest whole number that is not smaller."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = np.ceil
    scalar = "ceil(x)"
    gradient = _no_gradient


@op
class Round:
    """The nearest whole number, halves to the even one."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = _SIGNED
    infer = unchanged
    kernel = np.round
    gradient = _no_gradient


@op
class Rint:
    """The nearest whole number, halves to the even one."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = np.rint
    gradient = _no_gradient


square, sqrt = on_values(unary(Square, "square")), on_values(unary(Sqrt, "sqrt"))
rsqrt = unary(Rsqrt, "rsqrt")
reciprocal, exp, expm1 = unary(Reciprocal, "reciprocal"), unary(Exp, "exp"), unary(Expm1, "expm1")
log, log1p, tanh = unary(Log, "log"), unary(Log1p, "log1p"), on_values(unary(Tanh, "tanh"))
floor, ceil, rint = unary(Floor, "floor"), unary(Ceil, "ceil"), unary(Rint, "rint")


def sigmoid(x: Any, name: str | None = None) -> Tensor:
    """1 / (1 + exp(-x))."""
    with name_scope(name, "Sigmoid", [x]) as name:
        return Sigmoid(convert_to_tensor(x, name="x"), name=name)


def round(x: Any, name: str | None = None) -> Tensor:
    """The nearest whole number, halves to the even one; integers are returned themselves."""
    x = convert_to_tensor(x, name="x")
    return x if x.dtype.is_integer else Round(x, name=name)
