"""Constants, placeholders and the ops that shape, cut and join arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.arrays import filled, make_array
from minitf.errors import InvalidArgumentError
from minitf.infer import merged, unchanged
from minitf.op import add_constant, convert_to_tensor, op
from minitf.proto import data_type_name
from minitf.shape import TensorShape, as_shape, brackets
from minitf.tensor import Tensor


@op
class Const:
    """A value that is part of the graph."""

    outputs = "output: dtype"
    attrs = "value: tensor, dtype: type"

    def infer(*, value):
        return as_shape(value.shape)

    def kernel(*, value):
        return value if value.ndim else value[()]

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
    return Placeholder(dtype=dtype, shape=TensorShape(shape), name=name)


@op
class Identity:
    """The input itself."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: type"
    infer = unchanged

    def kernel(x):
        return x

    def gradient(op, grad):
        return grad


def identity(input: Any, name: str | None = None) -> Tensor:
    """A tensor with the input's value; of a variable, the value when this op runs."""
    return Identity(input, name=name)


@op
class Pack:
    """N tensors of one shape, joined along a new axis."""

    inputs = "values: N * T"
    outputs = "output: T"
    attrs = "N: int >= 1, T: type, axis: int = 0"

    def infer(values, *, axis):
        shape = values[-1].shape
        for i in range(len(values) - 2, -1, -1):
            try:
                shape = merged(values[i].shape, shape)
            except ValueError as error:
                raise ValueError(f"{error}\n\tFrom merging shape {i} with other shapes.") from None
        if shape.rank is None:
            return shape
        sizes = shape.as_list()
        if not -len(sizes) - 1 <= axis <= len(sizes):
            raise ValueError(f"axis = {axis} not in [{-len(sizes) - 1}, {len(sizes) + 1})")
        sizes.insert(axis % (len(sizes) + 1), len(values))
        return sizes

    def kernel(values, *, axis):
        return np.stack(values, axis)

    def gradient(op, grad):
        return unstack(grad, num=op.get_attr("N"), axis=op.get_attr("axis"))


def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """The tensors of `values`, all of one shape, joined along a new axis.

    Raises ValueError for an axis that is out of range.
    """
    if axis == 0:
        try:
            return convert_to_tensor(make_array(values), name=name)
        except (TypeError, ValueError, NotImplementedError):
            pass  # the list holds tensors
    return Pack(list(values), axis=axis, name=name)
