"""Sums, differences, products and extremes of elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import control_dependencies, name_scope
from minitf.indexed_slices import IndexedSlices, convert_to_tensor_or_indexed_slices
from minitf.infer import broadcasted, merged, unchanged
from minitf.op import convert_to_tensor, op
from minitf.ops.casts import conj
from minitf.ops.constants import identity
from minitf.ops.filling import zeros_like
from minitf.ops.logic import greater_equal, less_equal
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.reductions import reduce_sum
from minitf.ops.selecting import SelectV2
from minitf.ops.shapes import reshape, shape
from minitf.ops.wrappers import binary, on_values, unary
from minitf.shape import TensorShape, as_shape, shape_of
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines

_ORDERED = (
    "T: {bfloat16, half, float, double, int8, uint8, int16, uint16, int32, uint32, int64, uint64}"
)


# Gradients of ops that broadcast: what was repeated is summed again.


def _repeated_axes(x: TensorShape, y: TensorShape) -> tuple[Any, Any]:
    """The axes along which each shape is repeated to fit the other; None where it can't be told."""
    if x.rank is None or y.rank is None:
        return None, None
    rank = max(x.rank, y.rank)
    sizes_x = [1] * (rank - x.rank) + x.as_list()
    sizes_y = [1] * (rank - y.rank) + y.as_list()
    axes_x, axes_y = [], []
    for axis, (m, n) in enumerate(zip(sizes_x, sizes_y, strict=True)):
        if m == 1 and n != 1:
            axes_x.append(axis)
        elif n == 1 and m != 1:
            axes_y.append(axis)
        elif m is None or n is None:
            return None, None
    return axes_x, axes_y


def unbroadcast(x: Tensor, y: Tensor, grad_x: Any, grad_y: Any) -> tuple[Any, Any]:
    """The gradients of two inputs that broadcast, in the shapes that the inputs have."""
    if grad_x is None and grad_y is None:
        return None, None
    shape_x, shape_y = shape(x), shape(y)
    axes_x, axes_y = _repeated_axes(x.shape, y.shape)
    if axes_x is None:
        axes_x, axes_y = BroadcastGradientArgs(shape_x, shape_y)
        reduce_x = reduce_y = True
    else:
        reduce_x = bool(axes_x) or x.shape.rank < y.shape.rank
        reduce_y = bool(axes_y) or y.shape.rank < x.shape.rank
    if grad_x is not None and reduce_x:
        grad_x = reshape(reduce_sum(grad_x, axes_x, keepdims=True), shape_x)
    if grad_y is not None and reduce_y:
        grad_y = reshape(reduce_sum(grad_y, axes_y, keepdims=True), shape_y)
    return grad_x, grad_y


def same_shapes(x: Tensor, y: Tensor, grad: Any) -> bool:
    """Whether nothing is repeated: all three shapes are known and equal."""
    if not isinstance(grad, Tensor):
        return False
    return x.shape == y.shape and x.shape == grad.shape and x.shape.is_fully_defined()


def _add_gradient(op: Any, grad: Any) -> Any:
    x, y = op.inputs
    return (grad, grad) if same_shapes(x, y, grad) else unbroadcast(x, y, grad, grad)


@op
class AddV2:
    """x + y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = (
        "T: {bfloat16, half, float, double, uint8, uint16, uint32, uint64, int8, int16, int32, "
        "int64, complex64, complex128}"
    )
    infer = broadcasted
    kernel = np.add
    scalar = "x + y"
    gradient = _add_gradient


@op
class Add:
    """x + y, broadcasting; strings are joined."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = (
        "T: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, complex64, "
        "complex128, string}"
    )
    infer = broadcasted

    def kernel(x, y):
        if type(x) is bytes and type(y) is bytes:
            return x + y
        return np.add(_text(x), _text(y))

    gradient = _add_gradient


def _text(x: Any) -> Any:
    return np.array(x, object) if type(x) is bytes else x


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x + y, broadcasting; strings are joined."""
    with name_scope(name, "Add", [x]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
        return (Add if x.dtype == dtypes.string else AddV2)(x, y, name=name)


@op
class AddN:
    """The sum of tensors of one shape."""

    inputs = "inputs: N * T"
    outputs = "sum: T"
    attrs = (
        "N: int >= 1, T: {float, double, int32, uint8, int16, int8, complex64, int64, qint8, "
        "quint8, qint32, bfloat16, qint16, quint16, uint16, complex128, half, uint32, uint64, "
        "variant}"
    )

    def infer(inputs):
        shape = inputs[-1].shape
        for i in range(len(inputs) - 2, -1, -1):
            try:
                shape = merged(inputs[i].shape, shape)
            except ValueError as error:
                raise ValueError(f"{error}\n\tFrom merging shape {i} with other shapes.") from None
        return shape

    def kernel(inputs):
        for i, x in enumerate(inputs):
            if np.shape(x) != np.shape(inputs[0]):
                raise InvalidArgumentError(
                    None,
                    None,
                    "Inputs to operation AddN of type AddN must have the same size and shape.  "
                    f"Input 0: {shape_of(inputs[0])} != input {i}: {shape_of(x)}",
                )
        if len(inputs) == 1:
            return inputs[0]
        total = inputs[0] + inputs[1]
        for x in inputs[2:]:
            total += x
        return total

    def gradient(op, grad):
        return [grad] * len(op.inputs)


def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """The sum of a list of tensors of one shape and type.

    Raises ValueError for an empty list, and for shapes that differ.
    """
    if not isinstance(inputs, Tensor) and not inputs:
        raise ValueError(
            "Inputs must be an iterable of at least one Tensor/IndexedSlices with the same dtype "
            "and shape."
        )
    tensors = [convert_to_tensor_or_indexed_slices(value) for value in inputs]
    if len(tensors) == 1:
        value = tensors[0]
        if isinstance(value, IndexedSlices):
            value = convert_to_tensor(value)
        return identity(value, name=name) if name else value
    return AddN(tensors, name=name)


def accumulate_n(
    inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None
) -> Tensor:
    """`add_n`, with a check that the tensors have `shape` and `tensor_dtype`.

    Raises ValueError and TypeError where they have not.
    """
    wrong = "inputs must be a list of at least one Tensor with the same dtype and shape"
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(wrong)
    tensors = [convert_to_tensor_or_indexed_slices(value) for value in inputs]
    if any(not isinstance(t, Tensor) or t.dtype != tensors[0].dtype for t in tensors):
        raise ValueError(wrong)
    whole = as_shape(shape)
    for tensor in tensors:
        whole = whole.merge_with(tensor.shape)
    if tensor_dtype is not None and tensor_dtype != tensors[0].dtype:
        raise TypeError(
            f"The `tensor_dtype` argument is {tensor_dtype}, but `input` is of type "
            f"{tensors[0].dtype}. These must be equal. Try casting the input to the desired type."
        )
    return add_n(tensors, name=name)


@op
class Sub:
    """x - y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = (
        "T: {bfloat16, half, float, double, uint8, int8, uint16, int16, int32, int64, complex64, "
        "complex128, uint32, uint64}"
    )
    infer = broadcasted
    kernel = np.subtract
    scalar = "x - y"

    def gradient(op, grad):
        x, y = op.inputs
        if same_shapes(x, y, grad):
            return grad, -grad
        return unbroadcast(x, y, grad, -grad)


subtract = binary(Sub, "subtract")


@op
class Neg:
    """-x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = "T: {bfloat16, half, float, double, int8, int16, int32, int64, complex64, complex128}"
    infer = unchanged
    kernel = np.negative
    scalar = "-x"

    def gradient(op, grad):
        return -grad


negative = on_values(unary(Neg, "negative"))


@op
class Mul:
    """x * y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = (
        "T: {bfloat16, half, float, double, uint8, int8, uint16, int16, int32, uint32, uint64, "
        "int64, complex64, complex128}"
    )
    infer = broadcasted
    kernel = np.multiply
    scalar = "x * y"

    def gradient(op, grad):
        x, y = op.inputs
        if same_shapes(x, y, grad) and grad.dtype in (dtypes.int32, dtypes.float32):
            return Mul(grad, y), Mul(grad, x)
        return unbroadcast(x, y, Mul(grad, conj(y)), Mul(conj(x), grad))


multiply = binary(Mul, "multiply")


@tells_lines
def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """`x` times a number; ValueError when `scalar` has dimensions."""
    base = dtypes.as_dtype(x.dtype).base_dtype
    scalar = convert_to_tensor(scalar, dtype=base, name="scalar")
    if scalar.shape.rank != 0:
        raise ValueError(f"The input scalar must be a 0-D value. Received shape {scalar.shape}.")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(Mul(scalar, x.values, name=name), x.indices, x.dense_shape)
    return Mul(scalar, x, name=name)


@op
class MulNoNan:
    """x * y, and 0 where y is 0, whatever x is."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = "T: {bfloat16, half, float, double, complex64, complex128}"
    infer = broadcasted

    def kernel(x, y):
        return np.where(y == 0, y.dtype.type(0), x * y)[()]

    def gradient(op, grad):
        x, y = op.inputs
        grads = MulNoNan(grad, y), MulNoNan(x, grad)
        return grads if same_shapes(x, y, grad) else unbroadcast(x, y, *grads)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x * y, and 0 where y is 0, whatever x is; TypeError for types that differ."""
    with name_scope(name, "multiply_no_nan", [x, y]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        return MulNoNan(x, y, name=name)


@op
class SquaredDifference:
    """(x - y)², broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = "T: {bfloat16, half, float, double, int32, int64, complex64, complex128}"
    infer = broadcasted
    scalar = "(x - y) * (x - y)"

    def kernel(x, y):
        difference = np.subtract(x, y)
        if difference.dtype.kind == "c":
            return np.conj(difference) * difference
        return np.square(difference)

    def gradient(op, grad):
        x, y = op.inputs
        with control_dependencies([grad]):
            grad_x = scalar_mul(2.0, grad) * (x - y)
        if same_shapes(x, y, grad):
            return grad_x, -grad_x
        return unbroadcast(x, y, grad_x, -grad_x)


squared_difference = binary(SquaredDifference, "squared_difference")


def _chosen_gradient(op: Any, grad: Tensor, first_wins: Any) -> Any:
    """The gradient goes where the value came from; where both are equal, to the first."""
    x, y = op.inputs
    zeros = zeros_like(grad)
    first = first_wins(x, y)
    grad_x = SelectV2(first, grad, zeros)
    grad_y = SelectV2(first, zeros, grad)
    return unbroadcast(x, y, grad_x, grad_y)


@op
class Maximum:
    """The larger of x and y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _ORDERED
    infer = broadcasted
    kernel = np.maximum
    scalar = "x if x > y else (y if y >= x else x + y)"  # the sum: "not a number" stays so

    def gradient(op, grad):
        return _chosen_gradient(op, grad, greater_equal)


@op
class Minimum:
    """The smaller of x and y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _ORDERED
    infer = broadcasted
    kernel = np.minimum
    scalar = "x if x < y else (y if y <= x else x + y)"

    def gradient(op, grad):
        return _chosen_gradient(op, grad, less_equal)


maximum, minimum = binary(Maximum, "maximum"), binary(Minimum, "minimum")
