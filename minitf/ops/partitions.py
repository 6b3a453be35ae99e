"""Spreading rows over several tensors by number, and putting them together again."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.indexed_slices import IndexedSlices
from minitf.infer import constant_value, merged
from minitf.kernels.values import as_array
from minitf.kernels.values import zeros as zero_array
from minitf.op import op
from minitf.ops.filling import all_axes, range_of
from minitf.ops.gathering import gather
from minitf.ops.shapes import reshape, shape
from minitf.shape import TensorShape, as_shape, shape_of, unknown_shape
from minitf.tensor import Tensor


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _check_prefix(shape: TensorShape, prefix: TensorShape) -> None:
    """ValueError where a shape is known not to start with `prefix`."""
    for n, m in zip(shape._sizes, prefix._sizes, strict=False):
        if None not in (n, m) and n != m:
            raise ValueError(f"Dimensions must be equal, but are {n} and {m}")


def _stitched_shape(indices: list[Tensor], data: list[Tensor]) -> Any:
    """The rows' number, if the indices are known, and the shape of a row."""
    rest, most = unknown_shape(), 0
    for places, values in zip(indices, data, strict=True):
        known = constant_value(places)
        most = None if known is None or most is None else max(most, int(known.max(initial=-1)) + 1)
        rank = places._shape.rank
        if rank is None or values._shape.rank is None:
            continue
        if values._shape.rank < rank:
            raise ValueError(f"Shape must be at least rank {rank} but is rank {values._shape.rank}")
        _check_prefix(values._shape, places._shape)
        rest = merged(rest, values._shape[rank:])
    return as_shape([most]).concatenate(rest)


def _stitched(indices: list[Any], data: list[Any]) -> np.ndarray:
    size = max((int(np.max(places, initial=-1)) for places in indices), default=-1) + 1
    rest: tuple[int, ...] | None = None
    for places, values in zip(indices, data, strict=True):
        rank = np.ndim(places)
        if np.shape(values)[:rank] != np.shape(places):
            raise _fail(
                f"data.shape must start with indices.shape, got {np.shape(values)} and "
                f"{np.shape(places)}"
            )
        rest = np.shape(values)[rank:]
        if np.size(places) and np.min(places) < 0:
            raise _fail(f"indices[{int(np.argmin(places))}] is out of range")
    result = zero_array((size, *(rest or ())), as_array(data[0]).dtype)
    for places, values in zip(indices, data, strict=True):
        result[np.asarray(places)] = values
    return result


def _stitch_gradient(op: Any, grad: Any) -> list[Any]:
    count = len(op.inputs) // 2
    indices = [
        t if t.dtype == dtypes.int32 else registry.get("Cast")(t, DstT=dtypes.int32)
        for t in op.inputs[:count]
    ]
    if isinstance(grad, IndexedSlices):
        rows = shape(op.outputs[0])[0]
        grad = registry.get("UnsortedSegmentSum")(grad.values, grad.indices, rows)
    return [None] * count + [gather(grad, places) for places in indices]


@op
class DynamicStitch:
    """Rows put at the places the indices say; of two at one place the last stays."""

    inputs = "indices: N * int32, data: N * T"
    outputs = "merged: T"
    attrs = "N: int >= 1, T: type"
    infer = _stitched_shape
    kernel = _stitched
    gradient = _stitch_gradient


@op
class ParallelDynamicStitch:
    """Rows put at the places the indices say, in any order."""

    inputs = "indices: N * int32, data: N * T"
    outputs = "merged: T"
    attrs = "N: int >= 1, T: type"
    infer = _stitched_shape
    kernel = _stitched
    gradient = _stitch_gradient


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """One tensor of the rows of `data`, row data[m][i] at place indices[m][i]."""
    return DynamicStitch(indices, data, name=name)


def parallel_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """`dynamic_stitch` that promises nothing about places that stand twice."""
    return ParallelDynamicStitch(indices, data, name=name)


@op
class DynamicPartition:
    """The rows of the data, each in the output whose number is its partition."""

    inputs = "data: T, partitions: int32"
    outputs = "outputs: num_partitions * T"
    attrs = "num_partitions: int >= 1, T: type"

    def infer(data, partitions, *, num_partitions):
        rank = partitions._shape.rank
        if rank is None or data._shape.rank is None:
            return (unknown_shape(),) * num_partitions
        if data._shape.rank < rank:
            raise ValueError(f"Shape must be at least rank {rank} but is rank {data._shape.rank}")
        _check_prefix(data._shape, partitions._shape)
        return (as_shape([None]).concatenate(data._shape[rank:]),) * num_partitions

    def kernel(data, partitions, *, num_partitions):
        numbers = np.asarray(partitions)
        outside = (numbers < 0) | (numbers >= num_partitions)
        if outside.any():
            place = np.unravel_index(np.argmax(outside), numbers.shape)
            where = f"[{','.join(map(str, place))}]" if place else ""
            raise _fail(f"partitions{where} = {numbers[place]} is not in [0, {num_partitions})")
        data = as_array(data)
        if data.shape[: numbers.ndim] != numbers.shape:
            raise _fail(
                f"data.shape must start with partitions.shape, got data.shape = {shape_of(data)}, "
                f"partitions.shape = {shape_of(numbers)}"
            )
        parts = tuple([data[numbers == i] for i in range(num_partitions)])
        return parts[0] if num_partitions == 1 else parts

    def gradient(op, *grads):
        data, partitions = op.inputs
        count = op.get_attr("num_partitions")
        prefix = shape(partitions)
        total = registry.get("Prod")(prefix, all_axes(prefix), keep_dims=False)
        places = reshape(range_of(total), prefix)
        spread = dynamic_partition(places, partitions, count)
        joined = parallel_stitch(spread, list(grads))
        return [reshape(joined, shape(data)), None]


def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> list[Tensor]:
    """The rows of `data` in `num_partitions` tensors, as `partitions` numbers them."""
    return DynamicPartition(data, partitions, num_partitions=num_partitions, name=name)
