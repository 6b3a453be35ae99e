"""Modified Bessel functions of the first kind, plain and times exp(-|x|)."""

from __future__ import annotations

from typing import Any

from minitf.graph import control_dependencies, name_scope
from minitf.infer import unchanged
from minitf.op import op
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import sign
from minitf.ops.division import div
from minitf.ops.elementwise import reciprocal
from minitf.ops.logic import equal
from minitf.ops.selecting import SelectV2
from minitf.ops.special import from_scipy
from minitf.ops.wrappers import FLOATS, on_values
from minitf.tensor import Tensor


@op
class BesselI0:
    """The modified Bessel function of order 0."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("i0")

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * bessel_i1(op.inputs[0])


@op
class BesselI0e:
    """The modified Bessel function of order 0, times exp(-|x|)."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("i0e")

    def gradient(op, grad):
        x, y = op.inputs[0], op.outputs[0]
        with control_dependencies([grad]):
            partial = bessel_i1e(x) - sign(x) * y
            return grad * partial


@op
class BesselI1:
    """The modified Bessel function of order 1."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("i1")

    def gradient(op, grad):
        x, y = op.inputs[0], op.outputs[0]
        with control_dependencies([grad]):
            at_zero, limit = equal(x, 0.0), cast(1.0, x.dtype)
            return grad * SelectV2(at_zero, limit, bessel_i0(x) - div(y, x))


@op
class BesselI1e:
    """The modified Bessel function of order 1, times exp(-|x|)."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("i1e")

    def gradient(op, grad):
        x, y = op.inputs[0], op.outputs[0]
        with control_dependencies([grad]):
            at_zero, limit = equal(x, 0.0), cast(0.5, x.dtype)
            partial = bessel_i0e(x) - y * (sign(x) + reciprocal(x))
            return grad * SelectV2(at_zero, limit, partial)


def bessel_i0(x: Any, name: str | None = None) -> Tensor:
    """The modified Bessel function of order 0."""
    with name_scope(name, "bessel_i0", [x]):
        return BesselI0(x)


@on_values
def bessel_i0e(x: Any, name: str | None = None) -> Tensor:
    """The modified Bessel function of order 0, times exp(-|x|)."""
    with name_scope(name, "bessel_i0e", [x]):
        return BesselI0e(x)


def bessel_i1(x: Any, name: str | None = None) -> Tensor:
    """The modified Bessel function of order 1."""
    with name_scope(name, "bessel_i1", [x]):
        return BesselI1(x)


@on_values
def bessel_i1e(x: Any, name: str | None = None) -> Tensor:
    """The modified Bessel function of order 1, times exp(-|x|)."""
    with name_scope(name, "bessel_i1e", [x]):
        return BesselI1e(x)
