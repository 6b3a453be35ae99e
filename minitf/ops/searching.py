"""Distinct values, sorted sequences, repeats: ops that compare values with one another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import merged
from minitf.op import convert_to_tensor, op
from minitf.ops.filling import ones
from minitf.ops.joining import concat, stack
from minitf.ops.padding import broadcast_to, tile
from minitf.ops.selecting import boolean_mask, sequence_mask
from minitf.ops.shapes import expand_dims, rank, reshape, shape, shape_inside
from minitf.shape import unknown_shape
from minitf.tensor import Tensor


class UniqueOutput(NamedTuple):
    """The distinct values, and for each element which of them it is."""

    y: Tensor
    idx: Tensor


class UniqueWithCountsOutput(NamedTuple):
    """The distinct values, for each element which it is, and how often each stands there."""

    y: Tensor
    idx: Tensor
    count: Tensor


class ListDiffOutput(NamedTuple):
    """The values that are left, and where they stood."""

    out: Tensor
    idx: Tensor


UniqueOutput.__name__ = "Unique"
UniqueWithCountsOutput.__name__ = "UniqueWithCounts"
ListDiffOutput.__name__ = "ListDiff"


def _distinct(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct values in the order they first appear, each element's number, and counts."""
    if x.ndim != 1:
        raise InvalidArgumentError(None, None, "unique expects a 1D vector.")
    values, first, inverse, count = np.unique(
        x, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(first, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(order.size)
    return values[order], number[inverse.reshape(-1)], count[order]


def _check_vector(x: Tensor) -> None:
    if x._shape.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {x._shape.rank}")


@op
class Unique:
    """A vector's distinct values in the order they first appear."""

    inputs = "x: T"
    outputs = "y: T, idx: out_idx"
    attrs = "T: type, out_idx: {int32, int64} = DT_INT32"

    def infer(x):
        _check_vector(x)
        return [None], x._shape

    def kernel(x, *, out_idx):
        values, number, _ = _distinct(x)
        return values, number.astype(out_idx.as_numpy_dtype)

    gradient = LookupError


@op
class UniqueWithCounts:
    """A vector's distinct values in the order they first appear, and how often each does."""

    inputs = "x: T"
    outputs = "y: T, idx: out_idx, count: out_idx"
    attrs = "T: type, out_idx: {int32, int64} = DT_INT32"

    def infer(x):
        _check_vector(x)
        return [None], x._shape, [None]

    def kernel(x, *, out_idx):
        values, number, count = _distinct(x)
        wanted = out_idx.as_numpy_dtype
        return values, number.astype(wanted), count.astype(wanted)

    gradient = LookupError


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> UniqueOutput:
    """A vector's distinct values, and for each of its elements which of them it is."""
    return UniqueOutput(*Unique(x, out_idx=out_idx, name=name))


def unique_with_counts(
    x: Any, out_idx: Any = dtypes.int32, name: str | None = None
) -> UniqueWithCountsOutput:
    """A vector's distinct values, each element's number among them, and how often each stands."""
    return UniqueWithCountsOutput(*UniqueWithCounts(x, out_idx=out_idx, name=name))


@op
class ListDiff:
    """The elements of x that are not in y, and where they stand."""

    inputs = "x: T, y: T"
    outputs = "out: T, idx: out_idx"
    attrs = "T: type, out_idx: {int32, int64} = DT_INT32"

    def infer(x, y):
        for vector in (x, y):
            if vector._shape.rank not in (None, 1):
                raise ValueError(f"Shape must be rank 1 but is rank {vector._shape.rank}")
        return [None], [None]

    def kernel(x, y, *, out_idx):
        places = np.flatnonzero(~np.isin(x, y))
        return x[places], places.astype(out_idx.as_numpy_dtype)

    gradient = LookupError


def setdiff1d(
    x: Any, y: Any, index_dtype: Any = dtypes.int32, name: str | None = None
) -> ListDiffOutput:
    """The elements of `x` that are not in `y`, in order, and where they stand."""
    return ListDiffOutput(*ListDiff(x, y, out_idx=index_dtype, name=name))


def _rows(sorted_inputs: Tensor, values: Tensor) -> Any:
    for matrix in (sorted_inputs, values):
        if matrix._shape.rank not in (None, 2):
            raise ValueError(f"Shape must be rank 2 but is rank {matrix._shape.rank}")
    merged(sorted_inputs._shape[:1], values._shape[:1])
    return values._shape if values._shape.rank is not None else unknown_shape(2)


def _searched(sorted_inputs: Any, values: Any, out_type: Any, side: str) -> np.ndarray:
    result = np.empty(values.shape, out_type.as_numpy_dtype)
    for row, (ordered, wanted) in enumerate(zip(sorted_inputs, values, strict=True)):
        result[row] = np.searchsorted(ordered, wanted, side)
    return result


@op
class LowerBound:
    """For each value, the first place of its row's sorted sequence where it could stand."""

    inputs = "sorted_inputs: T, values: T"
    outputs = "output: out_type"
    attrs = "T: type, out_type: {int32, int64} = DT_INT32"
    infer = _rows

    def kernel(sorted_inputs, values, *, out_type):
        return _searched(sorted_inputs, values, out_type, "left")

    gradient = LookupError


@op
class UpperBound:
    """For each value, the last place of its row's sorted sequence where it could stand."""

    inputs = "sorted_inputs: T, values: T"
    outputs = "output: out_type"
    attrs = "T: type, out_type: {int32, int64} = DT_INT32"
    infer = _rows

    def kernel(sorted_inputs, values, *, out_type):
        return _searched(sorted_inputs, values, out_type, "right")

    gradient = LookupError


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Where each value could be put into its sorted sequence; `side` is "left" or "right"."""
    sequence_size, values_size = shape_inside(sorted_sequence)[-1], shape_inside(values)[-1]
    sequences = reshape(sorted_sequence, [-1, sequence_size])
    rows = reshape(values, [-1, values_size])
    if side not in ("left", "right"):
        raise ValueError(
            f"Argument `side` must be either 'right' or 'left'. Received: `side` = '{side}'."
        )
    bound = UpperBound if side == "right" else LowerBound
    found = bound(sequences, rows, out_type=out_type, name=name)
    return reshape(found, shape_inside(values))


# Repeats


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:
    """`input` with each element (of a flat view, or along `axis`) repeated."""
    if axis is None:
        input = reshape(input, [-1])
        axis = 0
    if not isinstance(axis, int):
        raise TypeError(
            f"Argument `axis` must be an int. Received `axis` = {axis} of type "
            f"{type(axis).__name__}"
        )
    with name_scope(name, "Repeat", [input, repeats]):
        data = convert_to_tensor(input, name="data")
        times = _int32(repeats)
        times._shape.with_rank_at_most(1)
        data = _at_least_vector(data)
        sizes = shape(data, out_type=times.dtype)
        axis = _positive(axis, data._shape.rank)
        if times._shape.num_elements() == 1:
            times = reshape(times, [])
            tiled = _tiled(expand_dims(data, axis + 1), axis + 1, times)
            wanted = concat([sizes[:axis], [times * sizes[axis]], sizes[axis + 1 :]], axis=0)
            return reshape(tiled, wanted)
        return _repeated_unequally(data, times, axis, sizes)


def _int32(repeats: Any) -> Tensor:
    tensor = convert_to_tensor(repeats, name="repeats", preferred_dtype=dtypes.int32)
    if not tensor.dtype.is_integer:
        raise TypeError(
            f"Argument `tensor` (name: repeats) must be of type integer. Received `tensor` = "
            f"{tensor} of dtype: {tensor.dtype}"
        )
    return registry.get("Cast")(tensor, DstT=dtypes.int32)


def _at_least_vector(data: Tensor) -> Tensor:
    if data._shape.rank is not None:
        return data if data._shape.rank else stack([data])
    sizes, count = shape(data), rank(data)
    return reshape(data, concat([[1], sizes], axis=0)[-count:])


def _positive(axis: int, count: int | None) -> int:
    if count is not None:
        if not -count <= axis < count:
            raise ValueError(f"axis={axis} out of bounds: expected {-count}<=axis<{count}")
        return axis % count
    if axis < 0:
        raise ValueError(f"axis={axis} may only be negative if rank(data) is statically known.")
    return axis


def _tiled(data: Tensor, axis: int, times: Tensor) -> Tensor:
    if data._shape.rank is not None:
        multiples: Any = [1] * data._shape.rank
        multiples[axis] = times
    else:
        one = ones(rank(data), dtypes.int32)
        multiples = concat([one[:axis], [times], one[axis + 1 :]], axis=0)
    return tile(data, multiples)


def _repeated_unequally(data: Tensor, times: Tensor, axis: int, sizes: Tensor) -> Tensor:
    """Tiles every element as often as the one repeated most, and masks what is too much."""
    numbers, maximum = registry.get("Range"), registry.get("Max")
    if times._shape.rank == 1:
        data._shape[axis].assert_is_compatible_with(times._shape[0])
    times = own = broadcast_to(times, [sizes[axis]])
    if times._shape.rank != axis + 1:
        outer = concat([sizes[: axis + 1 - rank(times)], shape(times)], axis=0)
        times = broadcast_to(times, outer)
        times.set_shape([None] * (axis + 1))
    axes = convert_to_tensor(np.arange(times._shape.rank or 0, dtype=np.int32))
    most = maximum(times, axes, keep_dims=False)
    most = registry.get("Maximum")(convert_to_tensor(0, name="zero", dtype=most.dtype), most)
    mask = sequence_mask(times, most)
    result = boolean_mask(_tiled(expand_dims(data, axis + 1), axis + 1, most), mask)
    if axis:
        total = registry.get("Sum")(own, numbers(0, rank(own), 1), keep_dims=False)
        wanted = concat([sizes[:axis], [total], sizes[axis + 1 :]], axis=0)
        result = reshape(result, wanted)
    if data._shape.rank is not None:
        length = 0 if times._shape._sizes and times._shape._sizes[0] == 0 else None
        known = data._shape[:axis].concatenate([length]).concatenate(data._shape[axis + 1 :])
        result.set_shape(known)
    return result
