"""Counting: how often each number stands in a tensor, and how many values fall into bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import Maximum, Minimum
from minitf.ops.asserting import Assert
from minitf.ops.casts import cast
from minitf.ops.clipping import clip_by_value
from minitf.ops.constants import constant
from minitf.ops.division import truediv
from minitf.ops.elementwise import floor
from minitf.ops.grouping import with_dependencies
from minitf.ops.logic import greater
from minitf.ops.reductions import reduce_max
from minitf.ops.shapes import reshape, shape, size
from minitf.tensor import Tensor


def _counts(numbers: Any, length: Any, weights: Any) -> np.ndarray:
    """How often each number below `length` stands there, or the sum of its weights."""
    numbers, weights = np.ravel(numbers), np.asarray(weights)
    if np.any(numbers < 0):
        raise InvalidArgumentError(None, None, "Input arr must be non-negative!")
    kept = numbers < length
    result = np.zeros(int(length), weights.dtype)
    np.add.at(result, numbers[kept], weights.ravel()[kept] if weights.size else 1)
    return result


@op
class Bincount:
    """How often each number stands in a tensor, or the sum of its weights."""

    inputs = "arr: int32, size: int32, weights: T"
    outputs = "bins: T"
    attrs = "T: {int32, int64, float, double}"

    def infer(arr, size, weights):
        known = constant_value(size)
        return [None if known is None else int(known)]

    def kernel(arr, size, weights):
        return _counts(arr, size, weights)

    gradient = LookupError


@op
class DenseBincount:
    """How often each number stands in a vector, or in each row of a matrix."""

    inputs = "input: Tidx, size: Tidx, weights: T"
    outputs = "output: T"
    attrs = "Tidx: {int32, int64}, T: {int32, int64, float, double}, binary_output: bool = false"

    def infer(input, size, weights):
        known = constant_value(size)
        length = None if known is None else int(known)
        if input.shape.rank is None:
            return None
        if input.shape.rank > 2:
            raise ValueError(f"Shape must be at most rank 2 but is rank {input.shape.rank}")
        return [*input.shape.as_list()[:-1], length]

    def kernel(input, size, weights, *, binary_output):
        if np.ndim(input) < 2:
            result = _counts(input, size, weights)
        else:
            each = weights if weights.size else [weights] * len(input)
            rows = [_counts(row, size, weight) for row, weight in zip(input, each, strict=True)]
            result = np.stack(rows)
        return np.minimum(result, 1).astype(result.dtype) if binary_output else result

    gradient = LookupError


def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = dtypes.int32,
) -> Tensor:
    """How often each number stands in `arr`, or the sum of its weights.

    The result is at least `minlength` and at most `maxlength` long.
    """
    with name_scope("bincount"):
        arr = convert_to_tensor(arr, name="arr")
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
        if not arr.dtype.is_integer:
            arr = cast(arr, dtypes.int32)
        has_any = size(arr) > 0
        length = cast(has_any, arr.dtype) * (reduce_max(arr) + 1)
        if minlength is not None:
            minlength = convert_to_tensor(minlength, name="minlength", dtype=arr.dtype)
            length = Maximum(minlength, length)
        if maxlength is not None:
            maxlength = convert_to_tensor(maxlength, name="maxlength", dtype=arr.dtype)
            length = Minimum(maxlength, length)
        if weights is not None:
            weights = reshape(weights, [-1])
        arr = reshape(arr, [-1])
        if weights is None:
            weights = constant([], dtype=dtype)
        return DenseBincount(arr, length, weights, binary_output=False)


@op
class HistogramFixedWidth:
    """How many values fall into each of `nbins` equal bins; those outside count at the ends."""

    inputs = "values: T, value_range: T, nbins: int32"
    outputs = "out: dtype"
    attrs = "T: {int32, int64, float, double}, dtype: {int32, int64} = DT_INT32"

    def infer(values, value_range, nbins):
        known = constant_value(nbins)
        return [None if known is None else int(known)]

    def kernel(values, value_range, nbins, *, dtype):
        if nbins <= 0:
            raise InvalidArgumentError(
                None, None, f"nbins should be a positive number, but got '{nbins}'"
            )
        low, high = value_range
        if low >= high:
            raise InvalidArgumentError(
                None,
                None,
                "value_range should satisfy value_range[0] < value_range[1], but got "
                f"'[{low}, {high}]'",
            )
        step = (float(high) - float(low)) / int(nbins)
        bins = np.clip(np.floor((np.ravel(values) - low) / step), 0, nbins - 1).astype(np.int64)
        return np.bincount(bins, minlength=nbins).astype(dtype.as_numpy_dtype)

    gradient = LookupError


def histogram_fixed_width(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32, name: Any = None
) -> Tensor:
    """How many values fall into each of `nbins` equal bins between the ends of `value_range`."""
    with name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as name:
        return HistogramFixedWidth(values, value_range, nbins, dtype=dtype, name=name)


def histogram_fixed_width_bins(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32, name: Any = None
) -> Tensor:
    """The bin that each value falls into; those outside go to the first and the last."""
    with name_scope(name, "histogram_fixed_width_bins", [values, value_range, nbins]):
        values = convert_to_tensor(values, name="values")
        whole = shape(values)
        values = reshape(values, [-1])
        value_range = convert_to_tensor(value_range, name="value_range")
        nbins = convert_to_tensor(nbins, dtype=dtypes.int32, name="nbins")
        check = Assert(greater(nbins, 0), [f"nbins {nbins} must > 0"])
        nbins = with_dependencies([check], nbins)
        count = cast(nbins, values.dtype)
        above = values - value_range[0]
        scaled = truediv(above, value_range[1] - value_range[0], name="scaled_values")
        bins = floor(count * scaled, name="indices")
        return reshape(cast(clip_by_value(bins, 0, count - 1), dtypes.int32), whole)
