"""Reductions over segments of rows that are picked by their indices first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import constant_value
from minitf.op import Op, op
from minitf.ops.segments import unsorted
from minitf.ops.shapes import shape
from minitf.ops.wrappers import FLOATS, REALS
from minitf.shape import UNKNOWN, TensorShape, shape_of
from minitf.tensor import Tensor

_IDS = "Tidx: {int32, int64} = DT_INT32, Tsegmentids: {int32, int64} = DT_INT32"
_COUNTED = (
    "Tidx: {int32, int64} = DT_INT32, Tnumsegments: {int32, int64} = DT_INT32, "
    "Tsegmentids: {int32, int64} = DT_INT32"
)


def _infer(data: Tensor, indices: Tensor, segment_ids: Tensor, count: Any = None) -> Any:
    for tensor in (indices, segment_ids):
        if tensor.shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {tensor.shape.rank}")
    indices.shape.merge_with(segment_ids.shape)
    if data.shape.rank == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    known = None if count is None else constant_value(count)
    if known is not None and known < 0:
        raise ValueError("Cannot specify a negative value for num_segments")
    if data.shape.rank is None:
        return UNKNOWN
    return TensorShape([None if known is None else int(known)]).concatenate(data.shape[1:])


def _shares(ids: np.ndarray, how: str, dtype: Any) -> np.ndarray:
    """What each row counts: 1, or its segment's share."""
    if how == "sum":
        return np.ones(len(ids), dtype)
    sizes = np.bincount(ids)[ids] if len(ids) else np.ones(0)
    return (1 / (sizes if how == "mean" else np.sqrt(sizes))).astype(dtype)


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _checked(ids: np.ndarray, indices: np.ndarray, rows: int, length: int) -> None:
    if len(ids) and length > 0 and ids[-1] >= length:
        raise _fail("segment ids must be < num_segments")
    if len(ids) and (problem := unsorted(ids, length)):
        raise _fail(problem)
    wrong = np.flatnonzero((indices < 0) | (indices >= rows))
    if wrong.size:
        place = wrong[0]
        raise _fail(f"Bad: indices[{place}] == {indices[place]} out of range [0, {rows})")


def _kernel(how: str) -> Callable[..., Any]:
    def kernel(data, indices, ids, count=None):
        if count is not None and np.ndim(count):
            raise _fail(f"num_segments should be a scalar, not shape {shape_of(count)}")
        length = (int(ids[-1]) + 1 if len(ids) else 0) if count is None else int(count)
        _checked(ids, indices, len(data), length)
        result = np.zeros((length, *data.shape[1:]), data.dtype)
        shares = _shares(ids, how, data.dtype if data.dtype.kind == "f" else np.int64)
        rows = data[indices] * shares.reshape(-1, *[1] * (data.ndim - 1)).astype(data.dtype)
        np.add.at(result, ids, rows)
        return result

    return kernel


def _check_gradient(count: int, indices: np.ndarray, ids: np.ndarray, rows: int) -> None:
    if len(ids) != len(indices):
        raise _fail("segment_ids and indices should have same size.")
    if len(ids) and ids[-1] >= count:
        raise _fail("Invalid number of segments")
    for index, segment in zip(indices, ids, strict=True):
        if not 0 <= index < rows:
            raise _fail(f"Index {index} out of range [0, {rows}).")
        if not 0 <= segment < count:
            raise _fail(f"Segment id {segment} out of range [0, {count}).")


def _gradient_kernel(how: str) -> Callable[..., Any]:
    def kernel(grad, indices, ids, rows):
        _check_gradient(len(grad), indices, ids, int(rows))
        result = np.zeros((int(rows), *grad.shape[1:]), grad.dtype)
        shares = _shares(ids, how, grad.dtype).reshape(-1, *[1] * (grad.ndim - 1))
        np.add.at(result, indices, grad[ids] * shares)
        return result

    return kernel


def _infer_gradient(grad: Tensor, indices: Tensor, segment_ids: Tensor, rows: Tensor) -> Any:
    return _infer(grad, indices, segment_ids, rows)


def _by_data(back: Callable[[], Op]) -> Callable[..., Any]:
    """The gradient by the data; `back` gives the op that spreads it."""

    def gradient(op, grad):
        rows = shape(op.inputs[0])[0]
        spread = back()(grad, op.inputs[1], op.inputs[2], rows)
        return [spread, *[None] * (len(op.inputs) - 1)]

    return gradient


@op
class SparseSegmentSum:
    """The sum of the picked rows of each segment."""

    inputs = "data: T, indices: Tidx, segment_ids: Tsegmentids"
    outputs = "output: T"
    attrs = f"T: {REALS}, {_IDS}, sparse_gradient: bool = false"
    infer = _infer
    kernel = _kernel("sum")
    gradient = _by_data(lambda: SparseSegmentSumGrad)


@op
class SparseSegmentMean:
    """The mean of the picked rows of each segment."""

    inputs = "data: T, indices: Tidx, segment_ids: Tsegmentids"
    outputs = "output: T"
    attrs = f"T: {FLOATS}, {_IDS}, sparse_gradient: bool = false"
    infer = _infer
    kernel = _kernel("mean")
    gradient = _by_data(lambda: SparseSegmentMeanGrad)


@op
class SparseSegmentSqrtN:
    """The sum of the picked rows of each segment, over the root of their number."""

    inputs = "data: T, indices: Tidx, segment_ids: Tsegmentids"
    outputs = "output: T"
    attrs = f"T: {FLOATS}, {_IDS}, sparse_gradient: bool = false"
    infer = _infer
    kernel = _kernel("sqrt_n")
    gradient = _by_data(lambda: SparseSegmentSqrtNGrad)


@op
class SparseSegmentSumWithNumSegments:
    """The sum of the picked rows of each of `num_segments` segments."""

    inputs = "data: T, indices: Tidx, segment_ids: Tsegmentids, num_segments: Tnumsegments"
    outputs = "output: T"
    attrs = f"T: {REALS}, {_COUNTED}, sparse_gradient: bool = false"
    infer = _infer
    kernel = _kernel("sum")
    gradient = _by_data(lambda: SparseSegmentSumGrad)


@op
class SparseSegmentMeanWithNumSegments:
    """The mean of the picked rows of each of `num_segments` segments."""

    inputs = "data: T, indices: Tidx, segment_ids: Tsegmentids, num_segments: Tnumsegments"
    outputs = "output: T"
    attrs = f"T: {FLOATS}, {_COUNTED}, sparse_gradient: bool = false"
    infer = _infer
    kernel = _kernel("mean")
    gradient = _by_data(lambda: SparseSegmentMeanGrad)


@op
class SparseSegmentSqrtNWithNumSegments:
    """The sum of the picked rows of each of `num_segments` segments, over their number's root."""

    inputs = "data: T, indices: Tidx, segment_ids: Tsegmentids, num_segments: Tnumsegments"
    outputs = "output: T"
    attrs = f"T: {FLOATS}, {_COUNTED}, sparse_gradient: bool = false"
    infer = _infer
    kernel = _kernel("sqrt_n")
    gradient = _by_data(lambda: SparseSegmentSqrtNGrad)


@op
class SparseSegmentSumGrad:
    """The gradient of SparseSegmentSum: each segment's, added to the rows it came from."""

    inputs = "grad: T, indices: Tidx, segment_ids: Tsegmentids, output_dim0: int32"
    outputs = "output: T"
    attrs = f"T: {FLOATS}, {_IDS}"
    infer = _infer_gradient
    kernel = _gradient_kernel("sum")
    gradient = LookupError


@op
class SparseSegmentMeanGrad:
    """The gradient of SparseSegmentMean: each segment's share, added to its rows."""

    inputs = "grad: T, indices: Tidx, segment_ids: Tsegmentids, output_dim0: int32"
    outputs = "output: T"
    attrs = f"T: {FLOATS}, {_IDS}"
    infer = _infer_gradient
    kernel = _gradient_kernel("mean")
    gradient = LookupError


@op
class SparseSegmentSqrtNGrad:
    """The gradient of SparseSegmentSqrtN: each segment's share, added to its rows."""

    inputs = "grad: T, indices: Tidx, segment_ids: Tsegmentids, output_dim0: int32"
    outputs = "output: T"
    attrs = f"T: {FLOATS}, {_IDS}"
    infer = _infer_gradient
    kernel = _gradient_kernel("sqrt_n")
    gradient = LookupError


def _public(plain: Op, counted: Op, public_name: str) -> Callable[..., Tensor]:
    def function(
        data: Any,
        indices: Any,
        segment_ids: Any,
        name: str | None = None,
        num_segments: Any = None,
        sparse_gradient: bool = False,
    ) -> Tensor:
        if num_segments is None:
            return plain(data, indices, segment_ids, sparse_gradient=sparse_gradient, name=name)
        inputs = (data, indices, segment_ids, num_segments)
        return counted(*inputs, sparse_gradient=sparse_gradient, name=name)

    function.__name__ = function.__qualname__ = public_name
    function.__doc__ = plain.__doc__
    return function


sparse_segment_sum = _public(
    SparseSegmentSum, SparseSegmentSumWithNumSegments, "sparse_segment_sum"
)
sparse_segment_mean = _public(
    SparseSegmentMean, SparseSegmentMeanWithNumSegments, "sparse_segment_mean"
)
sparse_segment_sqrt_n = _public(
    SparseSegmentSqrtN, SparseSegmentSqrtNWithNumSegments, "sparse_segment_sqrt_n"
)
