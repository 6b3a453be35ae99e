"""Keeping values, and the lengths of gradients, within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import colocate_with, name_scope
from minitf.indexed_slices import IndexedSlices
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import maximum, minimum
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import real
from minitf.ops.constants import constant, identity
from minitf.ops.elementwise import rsqrt, sqrt
from minitf.ops.filling import ones_like, range_of, zeros
from minitf.ops.joining import stack
from minitf.ops.logic import greater, less, logical_or
from minitf.ops.moments import L2Loss
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.reductions import reduce_sum
from minitf.ops.selecting import where
from minitf.ops.shapes import rank, reshape, shape, size
from minitf.ops.wrappers import NUMBERS
from minitf.shape import broadcast
from minitf.tensor import Tensor


def _infer_clipped(t: Tensor, low: Tensor, high: Tensor) -> Any:
    return broadcast(broadcast(t.shape, low.shape), high.shape)


@op
class ClipByValue:
    """Each element, or the bound that it lies beyond."""

    inputs = "t: T, clip_value_min: T, clip_value_max: T"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}"
    infer = _infer_clipped

    def kernel(t, low, high):
        return np.minimum(np.maximum(t, low), high)

    def gradient(op, grad):
        x, low, high = op.inputs
        shape_x, shape_low, shape_high = shape(x), shape(low), shape(high)
        nothing = zeros(shape(grad), grad.dtype)
        is_low, is_high = less(x, low), greater(x, high)
        _, axes_low = BroadcastGradientArgs(shape_x, shape_low)
        _, axes_high = BroadcastGradientArgs(shape_x, shape_high)
        grad_x = where(logical_or(is_low, is_high), nothing, grad)
        grad_low, grad_high = where(is_low, grad, nothing), where(is_high, grad, nothing)
        grad_low = reshape(reduce_sum(grad_low, axes_low), shape_low)
        return grad_x, grad_low, reshape(reduce_sum(grad_high, axes_high), shape_high)


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """`value` as `dtype`; what is too large or too small becomes the type's limit."""
    with name_scope(name, "saturate_cast", [value]) as name:
        value = convert_to_tensor(value, name="value")
        dtype = dtypes.as_dtype(dtype).base_dtype
        if value.dtype.is_complex and not dtype.is_complex:
            value = real(value)
        if not value.dtype.is_complex:
            low, high = _limits(value.dtype, dtype.real_dtype)
            value = ClipByValue(
                value,
                convert_to_tensor(low, dtype=value.dtype),
                convert_to_tensor(high, dtype=value.dtype),
                name="clamp",
            )
        return cast(value, dtype, name=name)


def _limits(source: dtypes.DType, target: dtypes.DType) -> tuple[Any, Any]:
    """The least and greatest value of `source` that `target` can hold."""
    own = source.as_numpy_dtype
    low = own(max(source.min, target.min))
    if float(low) < float(target.min):
        low = np.nextafter(low, own(0))
    high = own(min(float(source.max), float(target.max)))
    if float(high) > float(target.max) or own is not np.float64 and _above(high, target):
        high = np.nextafter(high, own(0))
    return low, high


def _above(value: Any, target: dtypes.DType) -> bool:
    """Whether a float that stands for an integer type's limit was rounded beyond it."""
    return bool(target.is_integer and value.dtype.kind == "f" and int(value) > int(target.max))


def _values(t: Any, name: str) -> Tensor:
    return convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t, name=name)


def _like(t: Any, values: Tensor) -> Any:
    if isinstance(t, IndexedSlices):
        return IndexedSlices(values, t.indices, t.dense_shape)
    return values


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Each element, or the bound that it lies beyond; ValueError for bounds of a larger shape."""
    with name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as name:
        values = _values(t, "t")
        result = minimum(values, clip_value_max)
        values.shape.assert_is_compatible_with(result.shape)
        result = maximum(result, clip_value_min, name=name)
        values.shape.assert_is_compatible_with(result.shape)
        return _like(t, result)


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """`t`, made shorter where its Euclidean norm (along `axes`) is larger than `clip_norm`."""
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as name:
        values = _values(t, "t")
        if np.isscalar(clip_norm):
            clip_norm = max(clip_norm, 0)  # type: ignore[type-var]
        else:
            clip_norm = cast(maximum(clip_norm, 0), values.dtype)
        squares = reduce_sum(values * values, axes, keepdims=True)
        positive = squares > 0
        # Where the norm is 0 its square root has no gradient: it is left out.
        safe = where(positive, squares, ones_like(squares))
        norm = where(positive, sqrt(safe), squares)
        scaled = values * clip_norm
        values.shape.assert_is_compatible_with(scaled.shape)
        return _like(t, identity(scaled / maximum(norm, clip_norm), name=name))


def _as_list(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError(f"`t_list` should be a sequence of tensors. Received {type(t_list)}.")
    return list(t_list)


def _all_values(t_list: list[Any]) -> list[Any]:
    return [None if t is None else _values(t, f"t_{i}") for i, t in enumerate(t_list)]


def global_norm(t_list: Any, name: str | None = None) -> Tensor:
    """The Euclidean norm of all the tensors together; None among them counts nothing.

    TypeError for what is no sequence.
    """
    t_list = _as_list(t_list)
    with name_scope(name, "global_norm", t_list) as name:
        halves = []
        for value in _all_values(t_list):
            if value is not None:
                with colocate_with(value):
                    halves.append(L2Loss(value))
        half = reduce_sum(stack(halves))
        return sqrt(half * constant(2.0, dtype=half.dtype), name="global_norm")


def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Tensor]:
    """All tensors, made shorter by one factor so that `global_norm` is at most `clip_norm`.

    Returns them and the norm they had (`use_norm` where it is known already). TypeError for
    what is no sequence.
    """
    t_list = _as_list(t_list)
    if use_norm is None:
        use_norm = global_norm(t_list, name)
    with name_scope(name, "clip_by_global_norm", [*t_list, clip_norm]) as name:
        return _clipped(t_list, clip_norm, use_norm, name), use_norm


def _clipped(t_list: list[Any], clip_norm: Any, norm: Any, name: str) -> list[Any]:
    inverse = 1.0 / norm
    scale = clip_norm * minimum(inverse, constant(1.0, dtype=norm.dtype) / clip_norm)
    # Adds nothing to a finite scale, and makes an infinite norm's one "not a number".
    scale = scale + (norm - norm)
    clipped: list[Any] = []
    for i, (t, value) in enumerate(zip(t_list, _all_values(t_list), strict=True)):
        if value is None:
            clipped.append(None)
            continue
        with colocate_with(value):
            scaled = identity(value * cast(scale, value.dtype), name=f"{name}_{i}")
        clipped.append(_like(t, scaled))
    return clipped


def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """`t`, made shorter where its norm divided by its size is larger than `clip_norm`."""
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as name:
        t = convert_to_tensor(t, name="t")
        count = cast(size(t), dtypes.float32)
        inverse = rsqrt(reduce_sum(t * t, range_of(rank(t))))
        scaled = t * clip_norm
        bound = minimum(inverse * count, constant(1.0) / clip_norm)
        return identity(scaled * bound, name=name)
