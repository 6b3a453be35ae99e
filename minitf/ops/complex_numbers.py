"""Complex numbers and their parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.infer import broadcasted, unchanged
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import unbroadcast
from minitf.ops.casts import cast
from minitf.ops.constants import constant
from minitf.ops.division import DivNoNan, div_no_nan
from minitf.ops.elementwise import Abs, Sign, reciprocal
from minitf.ops.filling import ones_like, zeros_like
from minitf.ops.selecting import where
from minitf.ops.wrappers import on_values
from minitf.tensor import Tensor

_PARTS = "T: {complex64, complex128} = DT_COMPLEX64, Tout: {float, double} = DT_FLOAT"


@op
class Complex:
    """The number real + i imag, broadcasting."""

    inputs = "real: T, imag: T"
    outputs = "out: Tout"
    attrs = "T: {float, double} = DT_FLOAT, Tout: {complex64, complex128} = DT_COMPLEX64"
    infer = broadcasted

    def kernel(x, y, *, Tout):
        return (x + np.multiply(y, 1j, dtype=Tout.as_numpy_dtype)).astype(Tout.as_numpy_dtype)

    def gradient(op, grad):
        x, y = op.inputs
        grad_x = real(grad)
        return unbroadcast(x, y, grad_x, imag(grad))


def complex(real: Any, imag: Any, name: str | None = None) -> Tensor:
    """The complex number real + i imag; TypeError unless both are of one floating type."""
    real = convert_to_tensor(real, name="real")
    imag = convert_to_tensor(imag, name="imag")
    with name_scope(name, "Complex", [real, imag]) as name:
        wider = {dtypes.float32: dtypes.complex64, dtypes.float64: dtypes.complex128}
        if real.dtype != imag.dtype or real.dtype not in wider:
            raise TypeError(
                f"The `real` and `imag` components have incorrect types: {real.dtype.name} "
                f"{imag.dtype.name}. They must be consistent, and one of "
                f"{[dtypes.float32, dtypes.float64]}"
            )
        return Complex(real, imag, Tout=wider[real.dtype], name=name)


@op
class Real:
    """The real part."""

    inputs = "input: T"
    outputs = "output: Tout"
    attrs = _PARTS
    infer = unchanged

    def kernel(x, *, Tout):
        return np.array(x.real, Tout.as_numpy_dtype)[()]

    def gradient(op, grad):
        zero = constant(0, dtype=grad.dtype)
        return complex(grad, zero)


def real(input: Any, name: str | None = None) -> Tensor:
    """The real part; a real tensor is returned itself. TypeError for what is no number."""
    with name_scope(name, "Real", [input]) as name:
        input = convert_to_tensor(input, name="input")
        if input.dtype.is_complex:
            return Real(input, Tout=input.dtype.real_dtype, name=name)
        if input.dtype.is_floating or input.dtype.is_integer:
            return input
        raise TypeError(f"input must be a numeric tensor, but got tensor with dtype {input.dtype}")


@op
class Imag:
    """The imaginary part."""

    inputs = "input: T"
    outputs = "output: Tout"
    attrs = _PARTS
    infer = unchanged

    def kernel(x, *, Tout):
        return np.array(x.imag, Tout.as_numpy_dtype)[()]

    def gradient(op, grad):
        zero = constant(0, dtype=grad.dtype)
        return complex(zero, grad)


def imag(input: Any, name: str | None = None) -> Tensor:
    """The imaginary part; zeros for a real tensor."""
    with name_scope(name, "Imag", [input]) as name:
        input = convert_to_tensor(input, name="input")
        if input.dtype.is_complex:
            return Imag(input, Tout=input.dtype.real_dtype, name=name)
        return zeros_like(input)


@op
class Angle:
    """The angle that a complex number stands at, from -π to π."""

    inputs = "input: T"
    outputs = "output: Tout"
    attrs = _PARTS
    infer = unchanged

    def kernel(x, *, Tout):
        return np.angle(x).astype(Tout.as_numpy_dtype)

    def gradient(op, grad):
        x = op.inputs[0]
        with control_dependencies([grad]):
            across, up = real(x), imag(x)
            slope = reciprocal(complex(up, across))
            zero = constant(0, dtype=grad.dtype)
            return -complex(grad, zero) * slope


def angle(input: Any, name: str | None = None) -> Tensor:
    """The angle that a number stands at: of a real one 0 or π."""
    with name_scope(name, "Angle", [input]) as name:
        input = convert_to_tensor(input, name="input")
        if input.dtype.is_complex:
            return Angle(input, Tout=input.dtype.real_dtype, name=name)
        return where(input < 0, np.pi * ones_like(input), zeros_like(input))


@op
class ComplexAbs:
    """The distance from 0."""

    inputs = "x: T"
    outputs = "y: Tout"
    attrs = _PARTS
    infer = unchanged

    def kernel(x, *, Tout):
        return np.abs(x).astype(Tout.as_numpy_dtype)

    def gradient(op, grad):
        over = complex(grad, zeros_like(grad)) * op.inputs[0]
        under = complex(op.outputs[0], zeros_like(op.outputs[0]))
        return div_no_nan(over, under)


@on_values
def abs(x: Any, name: str | None = None) -> Tensor:
    """|x|; of a complex number its distance from 0."""
    with name_scope(name, "Abs", [x]) as name:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            return ComplexAbs(x, Tout=x.dtype.real_dtype, name=name)
        return Abs(x, name=name)


@on_values
def sign(x: Any, name: str | None = None) -> Tensor:
    """-1, 0 or 1; of a complex number the one of length 1 at the same angle, or 0."""
    x = convert_to_tensor(x)
    if x.dtype.is_complex:
        length = ComplexAbs(x, Tout=x.dtype.real_dtype)
        return DivNoNan(x, cast(length, x.dtype), name=name)
    return Sign(x, name=name)
