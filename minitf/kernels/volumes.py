"""Convolution and pooling of volumes [batch, planes, height, width, channels], and gradients.

Each place within the window is one strided view of the padded volume, so that all windows are
worked on at once. As on TensorFlow's CPUs, channels come last and nothing is dilated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.kernels.windows import Axis


def _wrong(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _axes(
    sizes: Sequence[int], windows: Sequence[int], strides: Sequence[int], padding: str
) -> list[Axis]:
    """How windows move along planes, rows and columns."""
    made = []
    for size, window, stride in zip(sizes, windows, strides[1:4], strict=True):
        before = after = 0
        if padding == "SAME":
            total = max((-(-size // stride) - 1) * stride + window - size, 0)
            before, after = total // 2, total - total // 2
        made.append(Axis(size, window, stride, 1, before, after))
    return made


def _padded(x: np.ndarray, walk: list[Axis], fill: float = 0) -> np.ndarray:
    borders = [(0, 0), *((axis.before, axis.after) for axis in walk), (0, 0)]
    return np.pad(x, borders, constant_values=fill)


def _inner(padded: np.ndarray, walk: list[Axis]) -> np.ndarray:
    inside = [slice(axis.before, axis.before + axis.size) for axis in walk]
    return np.ascontiguousarray(padded[:, inside[0], inside[1], inside[2]])


def _places(walk: list[Axis]) -> Iterator[tuple[tuple[int, ...], tuple[Any, ...]]]:
    """Each place in a window, and what all windows see there of the padded volume."""
    for place in np.ndindex(*(axis.window for axis in walk)):
        seen = [
            slice(at, at + (axis.steps - 1) * axis.stride + 1, axis.stride)
            for at, axis in zip(place, walk, strict=True)
        ]
        yield place, (slice(None), *seen)


def _work(dtype: np.dtype) -> np.dtype:
    return np.dtype(np.float32) if dtype.itemsize < 4 else dtype


def _checked(
    sizes: Sequence[int], w: Sequence[int], strides: Sequence[int], padding: str,
    data_format: str, dilations: Sequence[int],
) -> list[Axis]:  # fmt: skip
    if strides[0] != 1 or strides[4] != 1:
        raise _wrong(
            "Current implementation does not yet support strides in the batch and depth dimensions."
        )
    if dilations[0] != 1 or dilations[4] != 1:
        raise _wrong(
            "Current implementation does not yet support dilation rates in the batch and depth "
            "dimensions."
        )
    if data_format != "NDHWC":
        raise _wrong("CPU implementation of Conv3D currently only supports the NHWC tensor format.")
    if any(rate != 1 for rate in dilations):
        raise _wrong("CPU implementation of Conv3D currently only supports dilated rates of 1.")
    if sizes[4] != w[3]:
        raise _wrong(f"minitf convolves volumes without groups: {sizes[4]} channels, not {w[3]}")
    return _axes(sizes[1:4], w[:3], strides, padding)


def conv3d(
    x: np.ndarray, w: np.ndarray, *, strides: Any, padding: str, data_format: str, dilations: Any
) -> np.ndarray:
    """Conv3D: each window times the filter [planes, rows, columns, c, f]."""
    walk = _checked(x.shape, w.shape, strides, padding, data_format, dilations)
    work = _work(x.dtype)
    padded, w = _padded(x.astype(work), walk), w.astype(work)
    out = np.zeros((len(x), *(axis.steps for axis in walk), w.shape[4]), work)
    for place, seen in _places(walk):
        out += padded[seen] @ w[place]
    return out.astype(x.dtype, copy=False)


def _check_gradient(walk: list[Axis], grad: np.ndarray, what: str) -> None:
    for i, axis in enumerate(walk):
        if grad.shape[1 + i] != axis.steps:
            raise _wrong(
                f"Conv3DBackprop{what}Op: Size of out_backprop doesn't match computed: actual = "
                f"{grad.shape[1 + i]}, computed = {axis.steps} spatial_dim: {1 + i} input: "
                f"{axis.size} filter: {axis.window} output: {grad.shape[1 + i]} stride: "
                f"{axis.stride} dilation: 1"
            )


def conv3d_backprop_input(
    input_sizes: Any, w: np.ndarray, grad: np.ndarray, *, strides: Any, padding: str,
    data_format: str, dilations: Any,
) -> np.ndarray:  # fmt: skip
    """Conv3DBackpropInputV2: the gradient of a volume of shape `input_sizes`."""
    sizes = [int(size) for size in input_sizes]
    walk = _checked(sizes, w.shape, strides, padding, data_format, dilations)
    _check_gradient(walk, grad, "Input")
    work = _work(grad.dtype)
    total = _padded(np.zeros(sizes, work), walk)
    wide, w = grad.astype(work), w.astype(work)
    for place, seen in _places(walk):
        total[seen] += wide @ w[place].T
    return _inner(total, walk).astype(grad.dtype, copy=False)


def conv3d_backprop_filter(
    x: np.ndarray, filter_sizes: Any, grad: np.ndarray, *, strides: Any, padding: str,
    data_format: str, dilations: Any,
) -> np.ndarray:  # fmt: skip
    """Conv3DBackpropFilterV2: the gradient of a filter of shape `filter_sizes`."""
    sizes = tuple(int(size) for size in filter_sizes)
    walk = _checked(x.shape, sizes, strides, padding, data_format, dilations)
    _check_gradient(walk, grad, "Filter")
    work = _work(x.dtype)
    padded, wide = _padded(x.astype(work), walk), grad.astype(work)
    total = np.zeros(sizes, work)
    for place, seen in _places(walk):
        total[place] = np.tensordot(padded[seen], wide, ([0, 1, 2, 3], [0, 1, 2, 3]))
    return total.astype(x.dtype, copy=False)


def _pooled(
    sizes: Sequence[int], ksize: Any, strides: Any, padding: str, data_format: str
) -> list[Axis]:
    if data_format != "NDHWC":
        raise _wrong("Default Pooling3DOp only supports NDHWC on device type CPU")
    if ksize[0] != 1 or strides[0] != 1:
        raise UnimplementedError(None, None, "Pooling is not yet supported on the batch dimension.")
    if ksize[4] != 1 or strides[4] != 1:
        raise UnimplementedError(None, None, "Pooling is not yet supported on the depth dimension.")
    return _axes(sizes[1:4], ksize[1:4], strides, padding)


def max_pool3d(x: np.ndarray, **options: Any) -> np.ndarray:
    """MaxPool3D: the largest number in each window."""
    walk = _pooled(x.shape, **options)
    padded = _padded(x, walk, -np.inf)
    out = np.full((len(x), *(axis.steps for axis in walk), x.shape[4]), -np.inf, x.dtype)
    for _, seen in _places(walk):
        np.maximum(out, padded[seen], out=out)
    return out


def _winners(
    x: np.ndarray, out: np.ndarray, walk: list[Axis]
) -> Iterator[tuple[tuple[Any, ...], np.ndarray]]:
    """For each place in a window, where the first of the largest numbers stands there."""
    padded = _padded(x, walk, -np.inf)
    open_windows = np.ones(out.shape, bool)
    for _, seen in _places(walk):
        winner = open_windows & (padded[seen] == out)
        open_windows &= ~winner
        yield seen, winner


def max_pool3d_grad(x: np.ndarray, out: np.ndarray, grad: np.ndarray, **options: Any) -> np.ndarray:
    """MaxPool3DGrad: each window's gradient goes to the first of its largest numbers."""
    walk = _pooled(x.shape, **options)
    total = _padded(np.zeros(x.shape, grad.dtype), walk)
    for seen, winner in _winners(x, out, walk):
        total[seen] += np.where(winner, grad, grad.dtype.type(0))
    return _inner(total, walk)


def max_pool3d_grad_grad(
    x: np.ndarray, out: np.ndarray, grad: np.ndarray, **options: Any
) -> np.ndarray:
    """MaxPool3DGradGrad: what stands in a gradient of x's shape where each window's largest is."""
    walk = _pooled(x.shape, **options)
    padded = _padded(grad, walk)
    total = np.zeros(out.shape, grad.dtype)
    for seen, winner in _winners(x, out, walk):
        total += np.where(winner, padded[seen], grad.dtype.type(0))
    return total


def _counts(walk: list[Axis]) -> np.ndarray:
    """How many numbers of the volume each window holds."""
    inside = _padded(np.ones((1, *(axis.size for axis in walk), 1)), walk)
    steps = [axis.steps for axis in walk]
    if math.prod(steps) == 0:
        return np.ones((1, *steps, 1))
    return sum(inside[seen] for _, seen in _places(walk))


def avg_pool3d(x: np.ndarray, **options: Any) -> np.ndarray:
    """AvgPool3D: the mean of each window's numbers, those outside left out."""
    walk = _pooled(x.shape, **options)
    work = _work(x.dtype)
    padded = _padded(x.astype(work), walk)
    out = np.zeros((len(x), *(axis.steps for axis in walk), x.shape[4]), work)
    for _, seen in _places(walk):
        out += padded[seen]
    return (out / _counts(walk).astype(work)).astype(x.dtype, copy=False)


def avg_pool3d_grad(input_shape: Any, grad: np.ndarray, **options: Any) -> np.ndarray:
    """AvgPool3DGrad: each window's gradient, shared evenly by its numbers."""
    sizes = [int(size) for size in input_shape]
    walk = _pooled(sizes, **options)
    work = _work(grad.dtype)
    share = grad / _counts(walk).astype(work)
    total = _padded(np.zeros(sizes, work), walk)
    for _, seen in _places(walk):
        total[seen] += share
    return _inner(total, walk).astype(grad.dtype, copy=False)
