"""What shape a tensor has, and other shapes for the same elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, constant_value
from minitf.kernels.values import as_array, counts, plain
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import constant
from minitf.shape import SCALAR, TensorShape, as_shape, brackets, unknown_shape
from minitf.tensor import Tensor


def renamed_argument(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """The value of an argument that has an old name too; ValueError when both are given."""
    if old is None:
        return new
    if new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'.")
    return old


def static_int(tensor: Tensor) -> int | None:
    """The scalar that a tensor is known to be while building, or None."""
    value = constant_value(tensor)
    return None if value is None else int(np.asarray(value).reshape(-1)[0])


@op
class Shape:
    """The sizes of the input's dimensions."""

    inputs = "input: T"
    outputs = "output: out_type"
    attrs = "T: type, out_type: {int32, int64} = DT_INT32"

    def infer(x):
        return [x._shape.rank]

    def kernel(x, *, out_type):
        return np.array(np.shape(x), out_type.as_numpy_dtype)

    gradient = None


def shape(input: Any, name: str | None = None, out_type: Any = None) -> Tensor:
    """The shape of `input` as a vector; a constant where it is known already."""
    out_type = dtypes.int32 if out_type is None else dtypes.as_dtype(out_type)
    with name_scope(name, "Shape", [input]) as scope:
        if hasattr(input, "dense_shape"):
            return registry.get("Cast")(convert_to_tensor(input.dense_shape), DstT=out_type)
        input = convert_to_tensor(input)
        if input._shape.is_fully_defined():
            return constant(input._shape.as_list(), out_type, name=scope)
        return Shape(input, out_type=out_type, name=scope)


def shape_inside(input: Any) -> Tensor:
    """The shape of `input` as TensorFlow's own functions ask for it, under a name of its own."""
    with name_scope(None, "Shape", [input]) as scope:
        input = convert_to_tensor(input)
        if input._shape.is_fully_defined():
            return convert_to_tensor(input._shape)
        return Shape(input, name=scope)


@op
class ShapeN:
    """The shape of each input."""

    inputs = "input: N * T"
    outputs = "output: N * out_type"
    attrs = "N: int >= 1, T: type, out_type: {int32, int64} = DT_INT32"

    def infer(values):
        return tuple([as_shape([value._shape.rank]) for value in values])

    def kernel(values, *, out_type):
        shapes = [np.array(np.shape(x), out_type.as_numpy_dtype) for x in values]
        return tuple(shapes) if len(shapes) > 1 else shapes[0]

    gradient = None


def shape_n(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> list[Tensor]:
    """The shapes of several tensors of one type."""
    return ShapeN(input, out_type=out_type, name=name)


@op
class Size:
    """The number of the input's elements."""

    inputs = "input: T"
    outputs = "output: out_type"
    attrs = "T: type, out_type: {int32, int64} = DT_INT32"

    def infer(x):
        return SCALAR

    def kernel(x, *, out_type):
        return out_type.as_numpy_dtype(np.size(x))

    gradient = None


def size(input: Any, name: str | None = None, out_type: Any = None) -> Tensor:
    """How many elements `input` has; a constant where that is known already."""
    out_type = dtypes.int32 if out_type is None else dtypes.as_dtype(out_type)
    with name_scope(name, "Size", [input]) as scope:
        if hasattr(input, "dense_shape"):
            sizes = registry.get("Cast")(convert_to_tensor(input.dense_shape), DstT=out_type)
            return registry.get("Prod")(sizes, 0, name=scope)
        input = convert_to_tensor(input)
        sizes = input._shape._sizes
        if input._shape.is_fully_defined():
            return constant(input._shape.num_elements(), out_type, name=scope)
        if sizes and 0 in sizes:
            return constant(0, out_type, name=scope)
        return Size(input, out_type=out_type, name=scope)


@op
class Rank:
    """The number of the input's dimensions."""

    inputs = "input: T"
    outputs = "output: int32"
    attrs = "T: type"

    def infer(x):
        return SCALAR

    def kernel(x):
        return np.int32(np.ndim(x))

    gradient = None


def rank(input: Any, name: str | None = None) -> Tensor:
    """How many dimensions `input` has; a constant where that is known already."""
    with name_scope(name, "Rank", [input]) as scope:
        if hasattr(input, "dense_shape"):
            return Size(input.dense_shape, name=scope)
        input = convert_to_tensor(input)
        if input._shape.rank is not None:
            return constant(input._shape.rank, dtypes.int32, name=scope)
        return Rank(input, name=scope)


# Another shape for the same elements


def _product(sizes: Any) -> int:
    result = 1
    for item in sizes:
        result *= item
    return result


def _reshaped(old: TensorShape, new: TensorShape) -> TensorShape:
    """`new` with its unknown size worked out; ValueError when the elements don't fit it."""
    if new._sizes is None or old._sizes is None:
        return new
    after = new._sizes
    missing, count = after.count(None), old.num_elements()
    if not missing:
        _check_count(old, new)
        return new
    known = _product(n for n in after if n is not None)
    if missing > 1 or count is None or (not known and not count):
        return new
    if not known:
        raise ValueError(
            f"Cannot reshape a tensor with {count} elements to shape {brackets(new)} (0 elements)"
        )
    if count % known:
        raise ValueError(f"Dimension size must be evenly divisible by {known} but is {count}")
    return as_shape([count // known if n is None else n for n in after])


def _check_count(old: TensorShape, new: TensorShape) -> None:
    """ValueError where elements of shape `old` are known not to fill `new`."""
    count, wanted = old.num_elements(), _product(new._sizes)
    if count is not None and count != wanted:
        raise ValueError(
            f"Cannot reshape a tensor with {count} elements to shape {brackets(new)} "
            f"({wanted} elements)"
        )
    known = _product(n for n in old._sizes if n is not None)
    if old._sizes.count(None) == 1 and known and wanted % known:
        raise ValueError(f"Dimension size must be evenly divisible by {known} but is {wanted}")


def _emptied(old: tuple[int, ...], sizes: list[int]) -> list[int]:
    """`sizes` with -1 as what the other sizes leave of the old ones, whose zeros don't count."""
    left = _product(n for n in old if n) // _product(n for n in sizes if n not in (0, -1))
    return [left if n == -1 else n for n in sizes]


@op
class Reshape:
    """The same elements, in row-major order, in another shape."""

    inputs = "tensor: T, shape: Tshape"
    outputs = "output: T"
    attrs = "T: type, Tshape: {int32, int64} = DT_INT32"

    def infer(x, shape):
        return _reshaped(x._shape, constant_shape(shape))

    def kernel(x, shape):
        x, sizes = as_array(x), counts(shape)
        if min(sizes, default=0) < -1:
            raise _does_not_fit(x, sizes)
        if 0 in sizes and sizes.count(-1) == 1 and not x.size:
            return x.reshape(_emptied(x.shape, sizes))
        try:
            return plain(x.reshape(sizes))
        except ValueError:
            raise _does_not_fit(x, sizes) from None

    def gradient(op, grad):
        grad, sizes = convert_to_tensor(grad), op._inputs[0]._shape._sizes
        if sizes is not None and sizes.count(None) == 1 and 0 not in sizes:
            return [reshape(grad, [-1 if n is None else n for n in sizes]), None]
        return [reshape(grad, shape(op.inputs[0])), None]


def _does_not_fit(x: np.ndarray, sizes: list[int]) -> InvalidArgumentError:
    if sizes.count(-1) > 1:
        message = "Only one input size may be -1, not both 0 and 1"
    elif min(sizes, default=0) < -1:
        message = f"Size {sizes.index(min(sizes))} must be non-negative, not {min(sizes)}"
    elif -1 in sizes and 0 not in sizes:
        message = (
            f"Input to reshape is a tensor with {x.size} values, but the requested shape requires "
            f"a multiple of {_product(n for n in sizes if n != -1)}"
        )
    else:
        message = (
            f"Input to reshape is a tensor with {x.size} values, but the requested shape has "
            f"{abs(_product(sizes))}"
        )
    return InvalidArgumentError(None, None, message)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """The elements of `tensor` in another shape, in which one size may be -1.

    Raises ValueError where the number of elements is known not to fit.
    """
    return Reshape(tensor, shape, name=name)


def _to_input_shape(op: Any, grad: Any) -> Tensor:
    return reshape(convert_to_tensor(grad), shape(op.inputs[0]))


@op
class ExpandDims:
    """The input with a dimension of size 1 more."""

    inputs = "input: T, dim: Tdim"
    outputs = "output: T"
    attrs = "T: type, Tdim: {int32, int64} = DT_INT32"

    def infer(x, dim):
        if dim._shape.rank not in (None, 0) and dim._shape.num_elements() not in (None, 1):
            raise ValueError("'dim' input must be a tensor with a single value")
        axis, sizes = constant_value(dim), x._shape._sizes
        if sizes is None or axis is None:
            return unknown_shape()
        axis = int(np.asarray(axis).reshape(-1)[0])
        if not -len(sizes) - 1 <= axis <= len(sizes):
            raise ValueError(f"dim {axis} not in the interval [{-len(sizes) - 1}, {len(sizes)}].")
        axis %= len(sizes) + 1
        return [*sizes[:axis], 1, *sizes[axis:]]

    def kernel(x, dim):
        axis = counts(dim)[0]
        x = as_array(x)
        if not -x.ndim - 1 <= axis <= x.ndim:
            raise InvalidArgumentError(
                None,
                None,
                f"Tried to expand dim index {axis} for tensor with {x.ndim} dimensions.",
            )
        return np.expand_dims(x, axis)

    def gradient(op, grad):
        return [_to_input_shape(op, grad), None]


def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """`input` with a dimension of size 1 inserted at `axis`."""
    axis = renamed_argument("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return ExpandDims(input, axis, name=name)


@op
class Squeeze:
    """The input without dimensions of size 1: all of them, or the ones listed."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: type, squeeze_dims: list(int) >= 0 = []"

    def infer(x, *, squeeze_dims):
        sizes = x._shape._sizes
        if sizes is None:
            return unknown_shape()
        if not squeeze_dims:
            return unknown_shape() if None in sizes else [n for n in sizes if n != 1]
        rank = len(sizes)
        for axis in squeeze_dims:
            if not -rank <= axis < rank:
                raise ValueError(f"squeeze_dims[0] not in [{-rank},{rank}).")
        dropped = {axis % rank for axis in squeeze_dims}
        for axis in sorted(dropped):
            if sizes[axis] not in (None, 1):
                raise ValueError(
                    f"Can not squeeze dim[{axis}], expected a dimension of 1, got {sizes[axis]}"
                )
        return [n for axis, n in enumerate(sizes) if axis not in dropped]

    def kernel(x, *, squeeze_dims):
        x = as_array(x)
        for axis in squeeze_dims:
            if not -x.ndim <= axis < x.ndim:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Tried to squeeze dim index {axis} for tensor with {x.ndim} dimensions.",
                )
        dropped = {axis % x.ndim for axis in squeeze_dims}
        for axis in sorted(dropped):
            if x.shape[axis] != 1:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Can not squeeze dim[{axis}], expected a dimension of 1, got {x.shape[axis]}",
                )
        return plain(np.squeeze(x, tuple(dropped) if squeeze_dims else None))

    def gradient(op, grad):
        return _to_input_shape(op, grad)


def squeeze(
    input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None
) -> Tensor:
    """`input` without its dimensions of size 1, or without those of `axis`.

    Raises ValueError where a listed dimension is known to have another size.
    """
    axis = renamed_argument("axis", axis, "squeeze_dims", squeeze_dims)
    if np.isscalar(axis):
        axis = [axis]
    return Squeeze(input, squeeze_dims=axis, name=name)
