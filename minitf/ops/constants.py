"""Constants, placeholders and the ops that pass their input on."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.arrays import filled, make_array
from minitf.errors import InvalidArgumentError
from minitf.infer import merged, unchanged
from minitf.kernels.values import as_array, dense, plain
from minitf.op import add_constant, op, register_tensor_conversion_function
from minitf.proto import data_type_name
from minitf.shape import TensorShape, as_shape, brackets, shape_of
from minitf.tensor import Tensor


@op
class Const:
    """A value that is part of the graph."""

    outputs = "output: dtype"
    attrs = "value: tensor, dtype: type"

    def infer(*, value):
        return as_shape(value.shape)

    def kernel(*, value):
        return plain(dense(value))

    gradient = None


def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str = "Const",
    verify_shape: bool = False,
) -> Tensor:
    """A tensor of a fixed value, which `shape` may fill up with its last element.

    Raises TypeError for elements that are not of `dtype`, ValueError for None, ragged lists and
    more elements than `shape` has places.
    """
    array = make_array(value, None if dtype is None else dtypes.as_dtype(dtype))
    if shape is not None:
        array = filled(array, shape, verify_shape)
    return add_constant(array, name)


def _shape_constant(value: TensorShape, dtype: Any, name: str | None, as_ref: bool) -> Tensor:
    """A shape as a constant vector: int32, or int64 where a size needs it."""
    if not value.is_fully_defined():
        raise ValueError(f"Cannot convert a partially known TensorShape {value} to a Tensor.")
    sizes = value.as_list()
    if dtype not in (None, dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype {dtype.name}. Prefer tf.int32.")
    if dtype is None:
        dtype = dtypes.int64 if max(sizes, default=0) >= 2**31 else dtypes.int32
    return constant(sizes, dtype, name=name or "shape_as_tensor")


register_tensor_conversion_function(TensorShape, _shape_constant)


@op
class Placeholder:
    """A tensor whose value is given with each run."""

    outputs = "output: dtype"
    attrs = "dtype: type, shape: shape = { unknown_rank: true }"

    def infer(*, shape):
        return shape

    def bind(op, session):
        def kernel():
            raise InvalidArgumentError(
                None,
                None,
                f"You must feed a value for placeholder tensor '{op.name}' with dtype "
                f"{data_type_name(op.get_attr('dtype'))[3:].lower()} and shape "
                f"{brackets(op.outputs[0].shape)}",
            )

        return kernel

    gradient = None


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor that must be fed: running what needs it without is an InvalidArgumentError."""
    return Placeholder(dtype=dtype, shape=shape, name=name)


def _same(op: Any, grad: Any) -> Any:
    return grad


@op
class PlaceholderWithDefault:
    """The input, unless another value is fed."""

    inputs = "input: dtype"
    outputs = "output: dtype"
    attrs = "dtype: type, shape: shape"

    def infer(x, *, shape):
        merged(x._shape, as_shape(shape))
        return shape

    def kernel(x, *, shape):
        return x

    gradient = _same


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """A tensor that has the value of `input` where it is not fed."""
    return PlaceholderWithDefault(input, shape=TensorShape(shape), name=name)


@op
class Identity:
    """The input itself."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: type"
    infer = unchanged

    def kernel(x):
        return x

    gradient = _same


def identity(input: Any, name: str | None = None) -> Any:
    """A tensor with the input's value; of a variable, the value when this op runs."""
    if hasattr(input, "_map_parts"):
        return input._map_parts(identity)
    return Identity(input, name=name)


@op
class IdentityN:
    """The inputs themselves, which become available together."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: list(type) >= 1"

    def infer(values):
        return tuple([value._shape for value in values])

    def kernel(values):
        return tuple(values) if len(values) > 1 else values[0]

    def gradient(op, *grads):
        return list(grads)


def identity_n(input: Any, name: str | None = None) -> list[Tensor]:
    """Each tensor of the list, once all of them are computed."""
    return IdentityN(input, name=name)


@op
class StopGradient:
    """The input itself, through which no gradient flows."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: type"
    infer = unchanged

    def kernel(x):
        return x

    gradient = None


def stop_gradient(input: Any, name: str | None = None) -> Any:
    """The input's value, which gradients take for a constant."""
    if hasattr(input, "_map_parts"):
        return input._map_parts(stop_gradient)
    return StopGradient(input, name=name)


@op
class PreventGradient:
    """The input itself; asking for a gradient through it is a LookupError."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = 'T: type, message: string = ""'
    infer = unchanged

    def kernel(x):
        return x

    def gradient(op, grad):
        message = op.get_attr("message").decode()
        raise LookupError(f"Gradient explicitly disabled. Reason: {message}")


@op
class GuaranteeConst:
    """The input itself, promised never to change."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: type"
    stateful = True
    infer = unchanged

    def kernel(x):
        return x

    gradient = LookupError


def guarantee_const(input: Any, name: str | None = None) -> Tensor:
    """The input, with the caller's promise that its value never changes."""
    return GuaranteeConst(input, name=name)


@op
class EnsureShape:
    """The input itself, checked when it runs to have this shape."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "shape: shape, T: type"

    def infer(x, *, shape):
        return merged(as_shape(shape), x._shape)

    def bind(op, session):
        shape = as_shape(op._attrs["shape"])

        def kernel(x):
            if not shape.is_compatible_with(np.shape(x)):
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Shape of tensor {op._inputs[0].name.removesuffix(':0')} {shape_of(x)} is "
                    f"not compatible with expected shape {brackets(shape)}.",
                )
            return x

        return kernel

    gradient = _same


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Tensor:
    """`x` with a shape known from here on, and checked when it runs."""
    return EnsureShape(x, shape=TensorShape(shape), name=name)


@op
class CheckNumerics:
    """The input itself; the run fails where an element is infinite or not a number."""

    inputs = "tensor: T"
    outputs = "output: T"
    attrs = "T: {bfloat16, half, float, double}, message: string"
    stateful = True
    infer = unchanged

    def kernel(x, *, message):
        if not np.isfinite(x).all():
            kinds = ["Inf"] * bool(np.isinf(x).any()) + ["NaN"] * bool(np.isnan(x).any())
            raise InvalidArgumentError(
                None, None, f"{message} : Tensor had {' and '.join(kinds)} values"
            )
        return x

    def gradient(op, grad):
        message = op.get_attr("message").decode()
        return check_numerics(
            grad,
            f"Not a number (NaN) or infinity (Inf) values detected in gradient. b'{message}'",
        )


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """`tensor`; InvalidArgumentError in the run that meets an infinity or a NaN in it."""
    return CheckNumerics(tensor, message=message, name=name)


@op
class Bitcast:
    """The input's bytes, read as another type."""

    inputs = "input: T"
    outputs = "output: type"
    attrs = (
        "T: {bfloat16, half, float, double, int64, int32, uint8, uint16, uint32, uint64, int8, "
        "int16, complex64, complex128, qint8, quint8, qint16, quint16, qint32}, type: {bfloat16, "
        "half, float, double, int64, int32, uint8, uint16, uint32, uint64, int8, int16, complex64, "
        "complex128, qint8, quint8, qint16, quint16, qint32}"
    )

    def infer(x, *, T, type):
        sizes, before, after = x._shape._sizes, T.size, type.size
        if sizes is None or before == after:
            return x._shape
        if before > after:
            return [*sizes, before // after]
        if not sizes:
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        last, wanted = sizes[-1], after // before
        if last not in (None, wanted):
            numbers = f"{T.as_datatype_enum} to {type.as_datatype_enum}"
            raise ValueError(
                f"Cannot bitcast from {numbers} due to shape. {last} does not match {wanted}"
            )
        return as_shape(sizes[:-1])

    def kernel(x, *, T, type):
        x = np.ascontiguousarray(as_array(x)).reshape(np.shape(x))
        wanted = np.dtype(type.as_numpy_dtype)
        if T.size > type.size:
            return x[..., None].view(wanted)
        if T.size < type.size:
            return plain(x.view(wanted)[..., 0])
        return plain(x.view(wanted))

    gradient = LookupError


def bitcast(input: Any, type: Any, name: str | None = None) -> Tensor:
    """The input's bytes as another type; a last dimension comes or goes where sizes differ."""
    return Bitcast(input, type=type, name=name)
