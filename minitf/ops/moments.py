"""Means and variances, normalization by them, and lengths: moments, batchnorm, l2_normalize."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import scalar
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import add, maximum, multiply, squared_difference, subtract
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import complex, imag, real
from minitf.ops.constants import constant, stop_gradient
from minitf.ops.division import div_no_nan
from minitf.ops.elementwise import reciprocal, rsqrt, square
from minitf.ops.filling import zeros_like
from minitf.ops.gathering import gather
from minitf.ops.reductions import reduce_mean, reduce_prod, reduce_sum
from minitf.ops.shapes import rank, renamed_argument, shape, squeeze
from minitf.tensor import Tensor


@op
class L2Loss:
    """sum(x²) / 2."""

    inputs = "t: T"
    outputs = "output: T"
    attrs = "T: {half, bfloat16, float, double}"
    infer = scalar

    def kernel(t):
        flat = np.asarray(t).reshape(-1)
        return t.dtype.type(np.dot(flat, flat) * flat.dtype.type(0.5))

    def gradient(op, grad):
        return op.inputs[0] * grad


def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """sum(x²) / 2."""
    return L2Loss(t, name=name)


def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Tensor:
    """`x` divided by its Euclidean length along `axis`; lengths below √epsilon count as that."""
    axis = renamed_argument("axis", axis, "dim", dim)
    with name_scope(name, "l2_normalize", [x]) as name:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            squares = square(real(x)) + square(imag(x))
            total = real(reduce_sum(squares, axis, keepdims=True))
            factor = rsqrt(maximum(total, epsilon))
            parts = multiply(real(x), factor), multiply(imag(x), factor)
            return complex(*parts, name=name)
        total = reduce_sum(square(x), axis, keepdims=True)
        return multiply(x, rsqrt(maximum(total, epsilon)), name=name)


def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance along `axes`; `shift` is not used."""
    keep = renamed_argument("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "moments", [x, axes]):
        half = x.dtype == dtypes.float16
        y = cast(x, dtypes.float32) if half else x
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        distances = squared_difference(y, stop_gradient(mean))
        variance = reduce_mean(distances, axes, keepdims=True, name="variance")
        if not keep:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        if half:
            return cast(mean, dtypes.float16), cast(variance, dtypes.float16)
        return mean, variance


def weighted_moments(
    x: Any,
    axes: Any,
    frequency_weights: Any,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance along `axes` of values that count as often as their weights say."""
    keep = renamed_argument("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(frequency_weights, name="frequency_weights")
        half = x.dtype == dtypes.float16
        if half:
            x = cast(x, dtypes.float32)
        if weights.dtype != x.dtype:
            weights = cast(weights, x.dtype)
        total = reduce_sum(weights * x, axes, name="weighted_input_sum", keepdims=True)
        everywhere = weights + zeros_like(x)
        count = reduce_sum(everywhere, axes, name="sum_of_weights", keepdims=True)
        mean = div_no_nan(total, count)
        distances = weights * squared_difference(x, mean)
        distances = reduce_sum(distances, axes, name="weighted_distsq", keepdims=True)
        variance = div_no_nan(distances, count)
        if not keep:
            mean, variance = squeeze(mean, axis=axes), squeeze(variance, axis=axes)
        if half:
            return cast(mean, dtypes.float16), cast(variance, dtypes.float16)
        return mean, variance


def sufficient_statistics(
    x: Any,
    axes: Any,
    shift: Any = None,
    keep_dims: bool | None = None,
    name: str | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor, Tensor, Any]:
    """Count, sum, sum of squares (both of x - shift) along `axes`, and the shift or None."""
    axes = list(set(axes))
    keep = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert_to_tensor(x, name="x")
        counts = _count(x, axes)
        if shift is None:
            first, second = x, square(x)
        else:
            shift = convert_to_tensor(shift, name="shift")
            first, second = subtract(x, shift), squared_difference(x, shift)
        first = reduce_sum(first, axes, keepdims=keep, name="mean_ss")
        second = reduce_sum(second, axes, keepdims=keep, name="var_ss")
    return counts, first, second, shift


def _count(x: Tensor, axes: list[int]) -> Tensor:
    sizes = x.shape._sizes
    if sizes is not None and all(sizes[axis] is not None for axis in axes):
        count = 1
        for axis in axes:
            count *= sizes[axis]  # type: ignore[operator]
        return constant(count, dtype=x.dtype)
    dimensions = rank(x)
    positive = [axis + dimensions if axis < 0 else axis for axis in axes]
    return reduce_prod(gather(cast(shape(x), x.dtype), positive), name="count")


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The mean and the variance from what `sufficient_statistics` gives."""
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = reciprocal(counts, name="divisor")
        if shift is None:
            shifted = mean = multiply(mean_ss, divisor, name="mean")
        else:
            shifted = multiply(mean_ss, divisor, name="shifted_mean")
            mean = add(shifted, shift, name="mean")
        squares = multiply(variance_ss, divisor)
        variance = subtract(squares, square(shifted), name="variance")
    return mean, variance


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: Any,
    name: str | None = None,
) -> Tensor:
    """scale (x - mean) / √(variance + epsilon) + offset; scale and offset may be None."""
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        factor = rsqrt(variance + variance_epsilon)
        if scale is not None:
            factor *= scale
        scaled = x * cast(factor, x.dtype)
        rest = -mean * factor if offset is None else offset - mean * factor
        return scaled + cast(rest, x.dtype)


def batch_norm_with_global_normalization(
    t: Any = None,
    m: Any = None,
    v: Any = None,
    beta: Any = None,
    gamma: Any = None,
    variance_epsilon: Any = None,
    scale_after_normalization: Any = None,
    name: str | None = None,
    input: Any = None,
    mean: Any = None,
    variance: Any = None,
) -> Tensor:
    """`batch_normalization` with its arguments under older names."""
    t = renamed_argument("input", input, "t", t)
    m = renamed_argument("mean", mean, "m", m)
    v = renamed_argument("variance", variance, "v", v)
    scale = gamma if scale_after_normalization else None
    return batch_normalization(t, m, v, beta, scale, variance_epsilon, name)
