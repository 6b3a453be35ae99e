"""Ops that cut tensors apart, along an axis that goes or that stays."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import constant_value
from minitf.kernels.values import counts
from minitf.op import convert_to_tensor, op
from minitf.ops.joining import concat, stack
from minitf.ops.shapes import static_int
from minitf.shape import Dimension, as_shape, shape_of, unknown_shape
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class Unpack:
    """The parts of a tensor along an axis, without that axis."""

    inputs = "value: T"
    outputs = "output: num * T"
    attrs = "num: int >= 0, T: type, axis: int = 0"

    def infer(value, *, num, axis):
        sizes = value._shape._sizes
        if sizes is None:
            return (unknown_shape(),) * num
        if not -len(sizes) <= axis < len(sizes):
            raise ValueError(
                f"Invalid axis, must be in range [{-len(sizes)},{len(sizes)}), got {axis}"
            )
        axis %= len(sizes)
        if sizes[axis] not in (None, num):
            raise ValueError(f"Dimension must be {num} but is {sizes[axis]}")
        return (as_shape([*sizes[:axis], *sizes[axis + 1 :]]),) * num

    def kernel(value, *, num, axis):
        if value.shape[axis] != num:
            raise _fail(f"Input shape axis {axis} must equal {num}, got shape {shape_of(value)}")
        parts = value if axis == 0 else np.moveaxis(value, axis, 0)
        return parts[0] if num == 1 else tuple(parts)

    def gradient(op, *grads):
        return stack(grads, axis=op.get_attr("axis"))


@tells_lines
def unstack(
    value: Any, num: int | None = None, axis: int = 0, name: str = "unstack"
) -> list[Tensor]:
    """The parts of `value` along an axis; ValueError where their number is not known."""
    if num is None:
        value = convert_to_tensor(value)
        sizes = value._shape._sizes
        if sizes is not None:
            if not -len(sizes) <= axis < len(sizes):
                raise ValueError(
                    f"Argument `axis` = {axis} not in range [{-len(sizes)}, {len(sizes)})"
                )
            num = sizes[axis]
        if num is None:
            raise ValueError(f"Cannot infer argument `num` from shape {value._shape}")
    return Unpack(value, num=num, axis=axis, name=name)


def _cut_axis(x: Tensor, axis: Tensor) -> int | None:
    """Which dimension is cut, if it is known; ValueError where the tensor has no such one."""
    place, sizes = static_int(axis), x._shape._sizes
    if sizes is None or place is None:
        return None
    if not -len(sizes) <= place < len(sizes):
        raise ValueError(f"Dimension size, given by scalar input {place} must be in range "
                         f"[{-len(sizes)}, {len(sizes)})")  # fmt: skip
    return place % len(sizes)


def _check_axis(value: np.ndarray, axis: Any) -> None:
    if not -value.ndim <= axis < value.ndim:
        raise _fail(
            f"-input rank(-{value.ndim}) <= split_dim < input rank ({value.ndim}), but got {axis}"
        )


@op
class Split:
    """The input cut into parts of equal size along a dimension."""

    inputs = "split_dim: int32, value: T"
    outputs = "output: num_split * T"
    attrs = "num_split: int >= 1, T: type"

    def infer(axis, value, *, num_split):
        place = _cut_axis(value, axis)
        if place is None:
            return (unknown_shape(value._shape.rank),) * num_split
        sizes = list(value._shape._sizes)
        if sizes[place] is not None:
            if sizes[place] % num_split:
                raise ValueError(
                    f"Dimension size must be evenly divisible by {num_split} but is {sizes[place]}"
                    "\n\tNumber of ways to split should evenly divide the split dimension"
                )
            sizes[place] //= num_split
        return (as_shape(sizes),) * num_split

    def kernel(axis, value, *, num_split):
        if np.ndim(axis):
            raise _fail(f"split_dim must be a scalar but has rank {np.ndim(axis)}")
        if num_split == 1:
            return value
        _check_axis(value, axis)
        if value.shape[axis] % num_split:
            raise _fail(
                "Number of ways to split should evenly divide the split dimension, but got "
                f"split_dim {axis} (size = {value.shape[axis]}) and num_split {num_split}"
            )
        return tuple(np.split(value, num_split, axis))

    def gradient(op, *grads):
        return None, concat(list(grads), op.inputs[0])


@op
class SplitV:
    """The input cut into parts of the sizes given along a dimension; -1 takes the rest."""

    inputs = "value: T, size_splits: Tlen, split_dim: int32"
    outputs = "output: num_split * T"
    attrs = "num_split: int >= 1, T: type, Tlen: {int8, int32, int64} = DT_INT64"

    def infer(value, size_splits, axis, *, num_split):
        place, lengths = _cut_axis(value, axis), constant_value(size_splits)
        if place is None:
            return (unknown_shape(value._shape.rank),) * num_split
        sizes = value._shape._sizes
        if num_split == 1 and (lengths is None or -1 in lengths):
            return (value._shape,)
        if lengths is None:
            return (as_shape([*sizes[:place], None, *sizes[place + 1 :]]),) * num_split
        if len(lengths) != num_split:
            raise ValueError(f"Length of size_splits should be equal to num_outputs, got {len(lengths)} and {num_split}")  # fmt: skip  # noqa: E501
        parts = _rest_filled(counts(lengths), sizes[place])
        return tuple([as_shape([*sizes[:place], n, *sizes[place + 1 :]]) for n in parts])

    def kernel(value, size_splits, axis, *, num_split):
        if np.size(axis) != 1:
            raise _fail("split_dim_tensor must have exactly one element.")
        axis = int(np.ravel(axis)[0])
        _check_axis(value, axis)
        problem = _length_problem(counts(size_splits))
        if problem:
            raise _fail(problem)
        try:
            lengths = _rest_filled(counts(size_splits), value.shape[axis])
        except ValueError:
            raise _fail(
                "Determined shape must either match input shape along split_dim exactly if fully "
                "specified, or be less than the size of the input along split_dim if not fully "
                f"specified.  Got: {sum(n for n in counts(size_splits) if n > 0)}"
            ) from None
        parts = np.split(value, np.cumsum(lengths)[:-1], axis)
        return parts[0] if num_split == 1 else tuple(parts)

    def gradient(op, *grads):
        return [concat(list(grads), op.inputs[2]), None, None]


def _listed(lengths: list[int]) -> str:
    return f"[{','.join(map(str, lengths))}]"


def _length_problem(lengths: list[int]) -> str:
    """What no size of the whole could mend."""
    if lengths.count(-1) > 1:
        return "There can only be one -1 in the input."
    for index, length in enumerate(lengths):
        if length < -1:
            return f"Split size at index {index} must be >= 0. Got: {length}"
    return ""


def _rest_filled(lengths: list[int], total: int | None) -> list[int | None]:
    """`lengths` with -1 as what the others leave; ValueError when the sum is not the total."""
    known = sum(n for n in lengths if n >= 0)
    if lengths.count(-1) > 1:
        raise ValueError("There can only be one -1 in size_splits.")
    if -1 in lengths:
        if total is not None and total < known:
            raise ValueError(
                f"can't split axis of size {total} into pieces of size {_listed(lengths)}"
            )
        return [(None if total is None else total - known) if n < 0 else n for n in lengths]
    if total is not None and total != known:
        raise ValueError(f"can't split axis of size {total} into pieces of size {_listed(lengths)}")
    return list(lengths)


@tells_lines
def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split"
) -> list[Tensor]:
    """`value` cut along `axis` into equal parts, or into parts of the sizes given.

    Raises ValueError where the sizes are known not to fit, or their number is not known.
    """
    if isinstance(num_or_size_splits, (numbers.Integral, Dimension)):
        return Split(axis, value, num_split=num_or_size_splits, name=name)
    lengths = convert_to_tensor(num_or_size_splits)
    if lengths._shape.rank == 0:
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to split. "
            f"Argument provided: {num_or_size_splits}"
        )
    if num is None:
        num = lengths._shape._sizes[0] if lengths._shape._sizes else None
        if num is None:
            raise ValueError(f"Cannot infer argument `num` from shape {num_or_size_splits}")
    return SplitV(value, lengths, axis, num_split=num, name=name)
