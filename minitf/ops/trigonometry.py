"""Circular and hyperbolic functions of elements, and their inverses."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.graph import control_dependencies
from minitf.infer import broadcasted, unchanged
from minitf.op import op
from minitf.ops.arithmetic import Sub, add, unbroadcast
from minitf.ops.casts import conj
from minitf.ops.constants import constant
from minitf.ops.elementwise import reciprocal, sqrt, square
from minitf.ops.wrappers import FLOATS, FLOATS_COMPLEX, on_values, unary
from minitf.tensor import Tensor


@op
class Sin:
    """The sine."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.sin
    scalar = "sin(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * cos(conj(op.inputs[0]))


@op
class Cos:
    """The cosine."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.cos
    scalar = "cos(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            x = conj(op.inputs[0])
            return -grad * sin(x)


@op
class Tan:
    """The tangent."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.tan
    scalar = "tan(x)"

    def gradient(op, grad):
        with control_dependencies([grad]):
            secant = reciprocal(cos(conj(op.inputs[0])))
            return square(secant) * grad


@op
class Asin:
    """The angle whose sine is x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.arcsin

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * _inverse_slope(op, grad)


@op
class Acos:
    """The angle whose cosine is x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.arccos

    def gradient(op, grad):
        with control_dependencies([grad]):
            slope = _inverse_slope(op, grad)
            return -grad * slope


def _inverse_slope(op: Any, grad: Tensor) -> Tensor:
    """1 / √(1 - x²)."""
    squared = square(conj(op.inputs[0]))
    one = constant(1, dtype=grad.dtype)
    return reciprocal(sqrt(Sub(one, squared)))


@op
class Atan:
    """The angle whose tangent is x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.arctan

    def gradient(op, grad):
        with control_dependencies([grad]):
            squared = square(conj(op.inputs[0]))
            one = constant(1, dtype=grad.dtype)
            return grad * reciprocal(add(one, squared))


@op
class Atan2:
    """The angle of the point (x, y), from -π to π."""

    inputs = "y: T, x: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS}"
    infer = broadcasted
    kernel = np.arctan2

    def gradient(op, grad):
        y, x = op.inputs
        with control_dependencies([grad]):
            share = grad / (square(y) + square(x))
            grad_y = x * share
            grad_x = -y * share
            return unbroadcast(y, x, grad_y, grad_x)


@op
class Sinh:
    """The hyperbolic sine."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.sinh

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * cosh(conj(op.inputs[0]))


@op
class Cosh:
    """The hyperbolic cosine."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.cosh

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * sinh(conj(op.inputs[0]))


@op
class Asinh:
    """The number whose hyperbolic sine is x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.arcsinh

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad / cosh(conj(op.outputs[0]))


@op
class Acosh:
    """The number whose hyperbolic cosine is x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.arccosh

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad / sinh(conj(op.outputs[0]))


@op
class Atanh:
    """The number whose hyperbolic tangent is x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS_COMPLEX}"
    infer = unchanged
    kernel = np.arctanh

    def gradient(op, grad):
        with control_dependencies([grad]):
            squared = square(conj(op.inputs[0]))
            one = constant(1, dtype=grad.dtype)
            return grad * reciprocal(Sub(one, squared))


sin, cos, tan = on_values(unary(Sin, "sin")), unary(Cos, "cos"), on_values(unary(Tan, "tan"))
asin, atan = on_values(unary(Asin, "asin")), on_values(unary(Atan, "atan"))
acos = unary(Acos, "acos")
sinh, cosh = unary(Sinh, "sinh"), unary(Cosh, "cosh")
asinh, atanh = on_values(unary(Asinh, "asinh")), on_values(unary(Atanh, "atanh"))
acosh = unary(Acosh, "acosh")


def atan2(y: Any, x: Any, name: str | None = None) -> Tensor:
    """The angle of the point (x, y), from -π to π."""
    return Atan2(y, x, name=name)
