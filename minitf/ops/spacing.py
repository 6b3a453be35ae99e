"""Values in equal steps between two ends."""

from __future__ import annotations

from typing import Any

from minitf import dtypes, registry
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.filling import range_of, zeros_like
from minitf.ops.joining import concat
from minitf.ops.padding import broadcast_dynamic_shape, broadcast_to
from minitf.ops.selecting import where_v2
from minitf.ops.shapes import expand_dims, reshape, shape
from minitf.ops.slicing import slice_of
from minitf.tensor import Tensor


def _cast(x: Tensor, dtype: Any) -> Tensor:
    return x if x.dtype.base_dtype == dtype else registry.get("Cast")(x, DstT=dtype)


def linspace(start: Any, stop: Any, num: Any, name: str | None = None, axis: int = 0) -> Tensor:
    """`num` values in equal steps from `start` to `stop`, both included, along a new axis."""
    with name_scope(name, "linspace", [start, stop]):
        start = convert_to_tensor(start, name="start")
        stop = convert_to_tensor(stop, name="stop", dtype=start.dtype)
        count = convert_to_tensor(num, name="num", preferred_dtype=dtypes.int32)
        if not count.dtype.is_integer:
            raise TypeError(
                "Argument `tensor` (name: num) must be of type integer. Received `tensor` = "
                f"{count} of dtype: {count.dtype}"
            )
        count = registry.get("Cast")(count, DstT=dtypes.int32)
        _cast(count, start.dtype)  # a node of TensorFlow's that nothing uses
        both = broadcast_dynamic_shape(shape(start), shape(stop))
        start, stop = broadcast_to(start, both), broadcast_to(stop, both)
        first, last = expand_dims(start, axis=axis), expand_dims(stop, axis=axis)
        return _between(first, last, count, axis)


def _between(first: Tensor, last: Tensor, count: Tensor, axis: Any) -> Tensor:
    maximum = registry.get("Maximum")
    sizes = shape(first)
    ndims = shape(sizes)[0]
    axis = where_v2(axis >= 0, axis, ndims + axis)
    inner, steps = maximum(count - 2, 0), maximum(count - 1, 1)
    delta = (last - first) / _cast(steps, last.dtype)
    first, last = _cast(first, delta.dtype), _cast(last, delta.dtype)
    end = where_v2(count >= 0, steps, -1)
    numbers = _cast(range_of(1, end, dtype=dtypes.int64), delta.dtype)
    here = registry.get("Equal")(axis, range_of(ndims))
    numbers = reshape(numbers, where_v2(here, inner, 1))
    middle = first + delta * numbers
    joined = concat((first, middle, last), axis=axis)
    begin = zeros_like(sizes)
    size = concat((sizes[0:axis], reshape(count, [1]), sizes[axis + 1 :]), axis=0)
    return slice_of(joined, begin, size)
