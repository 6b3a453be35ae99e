"""Reductions over segments: rows of equal number belong together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import Maximum, maximum
from minitf.ops.casts import cast
from minitf.ops.elementwise import Sqrt
from minitf.ops.filling import ones, ones_like, zeros_like
from minitf.ops.gathering import gather
from minitf.ops.joining import concat
from minitf.ops.logic import equal, greater, greater_equal, logical_and
from minitf.ops.selecting import SelectV2
from minitf.ops.shapes import expand_dims, rank, reshape, shape, shape_inside
from minitf.ops.wrappers import NUMBERS, REALS
from minitf.shape import UNKNOWN, TensorShape
from minitf.tensor import Tensor

_IDS = "Tindices: {int32, int64}"
_UNSORTED = f"{_IDS}, Tnumsegments: {{int32, int64}} = DT_INT32"


# Sorted segments


def _infer_sorted(data: Tensor, segment_ids: Tensor) -> Any:
    if segment_ids.shape.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {segment_ids.shape.rank}")
    if data.shape.rank is None:
        return UNKNOWN
    if data.shape.rank < 1:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return TensorShape([None]).concatenate(data.shape[1:])


def _sorted_kernel(ufunc: np.ufunc, default: int, mean: bool = False) -> Callable[..., Any]:
    """A kernel that reduces runs of equal ids; numbers that are left out get `default`."""

    def kernel(data, ids):
        if ids.shape[0] != data.shape[0]:
            raise _failure("segment_ids should be the same size as dimension 0 of input.")
        if not ids.size:
            return np.empty((0, *data.shape[1:]), data.dtype)
        if problem := unsorted(ids, int(ids[-1]) + 1):
            raise _failure(problem)
        starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
        result = np.full((int(ids[-1]) + 1, *data.shape[1:]), default, data.dtype)
        reduced = ufunc.reduceat(data, starts, 0, data.dtype)
        if mean:
            counts = np.diff([*starts, len(ids)]).reshape(-1, *[1] * (data.ndim - 1))
            counts = counts.astype(data.dtype)
            reduced = reduced / counts if data.dtype.kind in "fc" else reduced // counts
        result[ids[starts]] = reduced
        return result

    return kernel


def unsorted(ids: np.ndarray, length: int) -> str:
    """What is wrong with ids that are not sorted or not below `length`, or nothing."""
    if length <= 0:
        return "segment ids must be >= 0"
    falls = np.flatnonzero(ids[1:] < ids[:-1])
    before = ids[ids < ids[falls[0]]][: falls[0]] if falls.size else ids
    outside = before[(before < 0) | (before >= length)]
    if outside.size:
        return (
            f"Segment id {outside[0]} out of range [0, {length}), possibly because 'segment_ids' "
            "input is not sorted."
        )
    return "segment ids are not increasing" if falls.size else ""


def _failure(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class SegmentSum:
    """The sum of the rows of each segment."""

    inputs = "data: T, segment_ids: Tindices"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}, {_IDS}"
    infer = _infer_sorted
    kernel = _sorted_kernel(np.add, 0)

    def gradient(op, grad):
        return gather(grad, op.inputs[1]), None


@op
class SegmentMean:
    """The mean of the rows of each segment."""

    inputs = "data: T, segment_ids: Tindices"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}, {_IDS}"
    infer = _infer_sorted
    kernel = _sorted_kernel(np.add, 0, mean=True)

    def gradient(op, grad):
        data_rank, ids_shape = rank(op.inputs[0]), shape(op.inputs[1])
        rest = ones(expand_dims(data_rank - 1, 0), dtype=ids_shape.dtype)
        one_each = ones(concat([ids_shape, rest], 0), dtype=grad.dtype)
        share = grad / segment_sum(one_each, op.inputs[1])
        return gather(share, op.inputs[1]), None


@op
class SegmentProd:
    """The product of the rows of each segment."""

    inputs = "data: T, segment_ids: Tindices"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}, {_IDS}"
    infer = _infer_sorted
    kernel = _sorted_kernel(np.multiply, 1)

    def gradient(op, grad):
        data, ids = op.inputs
        is_zero = equal(data, 0)
        zeros = SegmentSum(cast(is_zero, dtypes.int32), ids)
        # With two zeros every gradient is zero; with one only the zero's own is not.
        grad = SelectV2(greater(zeros, 1), zeros_like(grad), grad)
        no_zeros = SelectV2(is_zero, ones_like(data), data)
        product = SegmentProd(no_zeros, ids)
        whole, rest = gather(op.outputs[0], ids), gather(product, ids)
        others = whole / no_zeros
        partial = SelectV2(is_zero, rest, others)
        return gather(grad, ids) * partial, None


def _sorted_extreme_gradient(op: Any, grad: Tensor) -> Any:
    data, ids = op.inputs
    zeros = zeros_like(data, dtype=data.dtype)
    chosen = equal(data, gather(op.outputs[0], ids))
    count = segment_sum(cast(chosen, grad.dtype), ids)
    share = gather(grad / count, ids)
    return SelectV2(chosen, share, zeros), None


@op
class SegmentMax:
    """The largest of the rows of each segment, element by element."""

    inputs = "data: T, segment_ids: Tindices"
    outputs = "output: T"
    attrs = f"T: {REALS}, {_IDS}"
    infer = _infer_sorted
    kernel = _sorted_kernel(np.maximum, 0)
    gradient = _sorted_extreme_gradient


@op
class SegmentMin:
    """The smallest of the rows of each segment, element by element."""

    inputs = "data: T, segment_ids: Tindices"
    outputs = "output: T"
    attrs = f"T: {REALS}, {_IDS}"
    infer = _infer_sorted
    kernel = _sorted_kernel(np.minimum, 0)
    gradient = _sorted_extreme_gradient


# Unsorted segments


def _infer_unsorted(data: Tensor, segment_ids: Tensor, num_segments: Tensor) -> Any:
    count = constant_value(num_segments)
    if data.shape.rank is None or segment_ids.shape.rank is None:
        return UNKNOWN
    depth = segment_ids.shape.rank
    if depth > data.shape.rank:
        raise ValueError(f"Shape must be at least rank {depth} but is rank {data.shape.rank}")
    for i, (m, n) in enumerate(zip(segment_ids.shape.as_list(), data.shape.as_list())):
        if m is not None and n is not None and m != n:
            raise ValueError(f"Dimension {i} in both shapes must be equal, but are {n} and {m}.")
    first = None if count is None else int(count)
    return TensorShape([first]).concatenate(data.shape[depth:])


def _unsorted_kernel(ufunc: np.ufunc, default: Callable[[Any], Any]) -> Callable[..., Any]:
    """A kernel that reduces rows of equal id; negative ids are left out."""

    def kernel(data, ids, count):
        data, ids = np.asarray(data), np.asarray(ids)
        if np.any(ids >= count):
            place = np.argwhere(ids >= count)[0]
            where = f"[{','.join(map(str, place))}]" if place.size else ""
            raise _failure(f"segment_ids{where} = {ids[tuple(place)]} is out of range [0, {count})")
        rest = data.shape[ids.ndim :]
        rows, numbers = data.reshape(ids.size, *rest), ids.reshape(-1)
        result = np.full((int(count), *rest), default(data.dtype), data.dtype)
        kept = numbers >= 0
        ufunc.at(result, numbers[kept], rows[kept])
        return result

    return kernel


def _lowest(dtype: Any) -> Any:
    return np.finfo(dtype).min if dtype.kind == "f" else np.iinfo(dtype).min


def _highest(dtype: Any) -> Any:
    return np.finfo(dtype).max if dtype.kind == "f" else np.iinfo(dtype).max


def _gather_positive(
    params: Tensor, ids: Any, clipped: Any = None, positive: Any = None
) -> tuple[Tensor, Tensor, Tensor]:
    """`params` by id, and zeros where the id is negative."""
    if clipped is None:
        clipped = maximum(ids, zeros_like(ids))
    gathered = gather(params, clipped)
    if positive is None:
        positive = greater_equal(ids, 0)
        sizes = shape(positive)
        rest = ones([rank(gathered) - rank(positive)], dtype=sizes.dtype)
        positive = reshape(positive, concat([sizes, rest], axis=0))
        positive = positive & ones_like(gathered, dtype=dtypes.bool)
    return SelectV2(positive, gathered, zeros_like(gathered)), clipped, positive


@op
class UnsortedSegmentSum:
    """The sum of the rows of each segment, in any order."""

    inputs = "data: T, segment_ids: Tindices, num_segments: Tnumsegments"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}, Tindices: {{int16, int32, int64}}, " + _UNSORTED[len(_IDS) + 2 :]
    infer = _infer_unsorted
    kernel = _unsorted_kernel(np.add, lambda dtype: 0)

    def gradient(op, grad):
        return _gather_positive(grad, op.inputs[1])[0], None, None


@op
class UnsortedSegmentProd:
    """The product of the rows of each segment, in any order."""

    inputs = "data: T, segment_ids: Tindices, num_segments: Tnumsegments"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}, {_UNSORTED}"
    infer = _infer_unsorted
    kernel = _unsorted_kernel(np.multiply, lambda dtype: 1)

    def gradient(op, grad):
        data, ids, count = op.inputs
        is_zero = equal(data, 0)
        zeros = UnsortedSegmentSum(cast(is_zero, dtypes.int32), ids, count)
        grad = SelectV2(greater(zeros, 1), zeros_like(grad), grad)
        no_zeros = SelectV2(is_zero, ones_like(data), data)
        product = UnsortedSegmentProd(no_zeros, ids, count)
        clipped = maximum(ids, zeros_like(ids))
        whole, rest = gather(op.outputs[0], clipped), gather(product, clipped)
        others = whole / data
        partial = SelectV2(is_zero, rest, others)
        return _gather_positive(grad, ids, clipped)[0] * partial, None, None


def _unsorted_extreme_gradient(op: Any, grad: Tensor) -> Any:
    data, ids, count = op.inputs
    extremes, clipped, positive = _gather_positive(op.outputs[0], ids)
    chosen = logical_and(equal(data, extremes), positive)
    number = unsorted_segment_sum(cast(chosen, grad.dtype), ids, count)
    share, _, _ = _gather_positive(grad / number, None, clipped, positive)
    return SelectV2(chosen, share, zeros_like(share)), None, None


@op
class UnsortedSegmentMax:
    """The largest of the rows of each segment, in any order."""

    inputs = "data: T, segment_ids: Tindices, num_segments: Tnumsegments"
    outputs = "output: T"
    attrs = f"T: {REALS}, {_UNSORTED}"
    infer = _infer_unsorted
    kernel = _unsorted_kernel(np.maximum, _lowest)
    gradient = _unsorted_extreme_gradient


@op
class UnsortedSegmentMin:
    """The smallest of the rows of each segment, in any order."""

    inputs = "data: T, segment_ids: Tindices, num_segments: Tnumsegments"
    outputs = "output: T"
    attrs = f"T: {REALS}, {_UNSORTED}"
    infer = _infer_unsorted
    kernel = _unsorted_kernel(np.minimum, _highest)
    gradient = _unsorted_extreme_gradient


# public functions


def _of_sorted(op: Any, name: str) -> Callable[..., Tensor]:
    def function(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
        return op(data, segment_ids, name=name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = op.__doc__
    return function


def _of_unsorted(op: Any, name: str) -> Callable[..., Tensor]:
    def function(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
        return op(data, segment_ids, num_segments, name=name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = op.__doc__
    return function


segment_sum, segment_mean = (
    _of_sorted(SegmentSum, "segment_sum"),
    _of_sorted(SegmentMean, "segment_mean"),
)
segment_prod = _of_sorted(SegmentProd, "segment_prod")
segment_max, segment_min = (
    _of_sorted(SegmentMax, "segment_max"),
    _of_sorted(SegmentMin, "segment_min"),
)
unsorted_segment_sum = _of_unsorted(UnsortedSegmentSum, "unsorted_segment_sum")
unsorted_segment_prod = _of_unsorted(UnsortedSegmentProd, "unsorted_segment_prod")
unsorted_segment_max = _of_unsorted(UnsortedSegmentMax, "unsorted_segment_max")
unsorted_segment_min = _of_unsorted(UnsortedSegmentMin, "unsorted_segment_min")


def _row_counts(data: Tensor, segment_ids: Tensor, num_segments: Any) -> Tensor:
    """How many rows each segment has, at least one, in a shape that broadcasts."""
    count = convert_to_tensor(num_segments)
    one_each = ones(shape_inside(segment_ids), dtype=data.dtype)
    number = UnsortedSegmentSum(one_each, segment_ids, count)
    first = count[None]
    rest = ones([rank(data) - rank(segment_ids)], dtype=count.dtype)
    number = reshape(number, concat([first, rest], axis=0))
    return Maximum(number, 1)


def unsorted_segment_mean(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The mean of the rows of each segment, in any order."""
    with name_scope(name, "UnsortedSegmentMean"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        number = _row_counts(data, segment_ids, num_segments)
        return UnsortedSegmentSum(data, segment_ids, num_segments) / number


def unsorted_segment_sqrt_n(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The sum of the rows of each segment divided by the root of their number, in any order."""
    with name_scope(name, "UnsortedSegmentSqrtN"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        number = _row_counts(data, segment_ids, num_segments)
        total = UnsortedSegmentSum(data, segment_ids, num_segments)
        return total / Sqrt(number)
