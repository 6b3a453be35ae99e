"""Convolutions of images [batch, height, width, channels] and their gradients.

A convolution is a matrix product once every window of the image is laid out as a row ("im2col").
The rows of a few images at a time stay in cache, so the product, not the copying, sets the pace.
Strides, paddings and dilations are TensorFlow's attributes: four numbers each, `SAME`, `VALID`
or `EXPLICIT` with eight numbers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.kernels.threads import parallel

CHUNK_BYTES = 8 << 20  # window rows laid out at a time
SHORT_RUN = 16  # numbers: below this, copying window by window is slower than pixel by pixel


class Axis(NamedTuple):
    """How windows move along one axis of the image."""

    size: int  # of the input
    window: int
    stride: int
    dilation: int
    before: int  # padding
    after: int

    @property
    def reach(self) -> int:
        """Pixels from a window's first to its last, both counted."""
        return (self.window - 1) * self.dilation + 1

    @property
    def steps(self) -> int:
        """Windows, which is the size of the output."""
        return max(0, (self.size + self.before + self.after - self.reach) // self.stride + 1)


def axes(
    sizes: Sequence[int],
    windows: Sequence[int],
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    dilations: Sequence[int] = (1, 1, 1, 1),
    data_format: str = "NHWC",
) -> tuple[Axis, Axis]:
    """Height and width of a window's walk; `sizes` and `windows` are (height, width)."""
    if data_format != "NHWC":
        raise UnimplementedError(
            None,
            None,
            "The Conv2D op currently only supports the NHWC tensor format on the CPU. "
            f"The op was given the format: {data_format}",
        )
    if strides[0] != 1 or strides[3] != 1:
        raise InvalidArgumentError(
            None,
            None,
            "Current implementation does not yet support strides in the batch and depth dimensions.",
        )
    made = []
    for index, (size, window) in enumerate(zip(sizes, windows, strict=True)):
        stride, dilation = strides[1 + index], dilations[1 + index]
        before, after = 0, 0
        if padding == "SAME":
            steps = -(-size // stride)
            total = max((steps - 1) * stride + (window - 1) * dilation + 1 - size, 0)
            before, after = total // 2, total - total // 2
        elif padding == "EXPLICIT":
            before, after = explicit_paddings[2 + 2 * index : 4 + 2 * index]
        made.append(Axis(size, window, stride, dilation, before, after))
    return made[0], made[1]


def conv2d(
    x: np.ndarray,
    w: np.ndarray,
    *,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    dilations: Sequence[int] = (1, 1, 1, 1),
    data_format: str = "NHWC",
) -> np.ndarray:
    """Conv2D: [n, h, w, c] and a filter [rows, columns, c / groups, f] -> [n, oh, ow, f]."""
    high, wide = axes(
        x.shape[1:3], w.shape[:2], strides, padding, explicit_paddings, dilations, data_format
    )
    groups = x.shape[3] // w.shape[2]
    if groups == 1:
        return _correlate(x, w, high, wide)
    inputs, filters = np.split(x, groups, axis=3), np.split(w, groups, axis=3)
    parts = [_correlate(part, kernel, high, wide) for part, kernel in zip(inputs, filters)]
    return np.concatenate(parts, axis=3)


def conv2d_backprop_input(
    input_sizes: Sequence[int],
    w: np.ndarray,
    grad: np.ndarray,
    *,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    dilations: Sequence[int] = (1, 1, 1, 1),
    data_format: str = "NHWC",
) -> np.ndarray:
    """Conv2DBackpropInput: the gradient of an input of shape `input_sizes`."""
    sizes = [int(size) for size in input_sizes]
    high, wide = axes(
        sizes[1:3], w.shape[:2], strides, padding, explicit_paddings, dilations, data_format
    )
    _refuse_groups(sizes[3], w.shape[2])
    if high.stride == wide.stride == 1:
        # Each pixel gathers from the windows that saw it: a correlation with the mirrored filter.
        mirrored = w[::-1, ::-1].transpose(0, 1, 3, 2)
        return _correlate(grad, mirrored, _mirrored(high), _mirrored(wide))
    return _scatter(sizes, w, grad, high, wide)


def conv2d_backprop_filter(
    x: np.ndarray,
    filter_sizes: Sequence[int],
    grad: np.ndarray,
    *,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    dilations: Sequence[int] = (1, 1, 1, 1),
    data_format: str = "NHWC",
) -> np.ndarray:
    """Conv2DBackpropFilter: the gradient of a filter of shape `filter_sizes`."""
    sizes = tuple(int(size) for size in filter_sizes)
    high, wide = axes(
        x.shape[1:3], sizes[:2], strides, padding, explicit_paddings, dilations, data_format
    )
    _refuse_groups(x.shape[3], sizes[2])
    work = _work_dtype(x.dtype)
    padded = pad(x.astype(work, copy=False), high, wide)
    grad = np.ascontiguousarray(grad, work)
    total = np.zeros((sizes[0] * sizes[1] * sizes[2], sizes[3]), work)
    for start, stop, rows in _window_rows(padded, high, wide):
        total += rows.T @ grad[start:stop].reshape(len(rows), -1)
    return total.reshape(sizes).astype(x.dtype, copy=False)


def pad(x: np.ndarray, high: Axis, wide: Axis, fill: float = 0) -> np.ndarray:
    """The image with its borders; negative ones crop it."""
    if high.before == high.after == wide.before == wide.after == 0:
        return np.ascontiguousarray(x)
    n, height, width, channels = x.shape
    shape = (n, height + high.before + high.after, width + wide.before + wide.after, channels)
    out = np.full(shape, fill, x.dtype) if fill else np.zeros(shape, x.dtype)
    (to_row, from_row), (to_column, from_column) = _overlap(high), _overlap(wide)
    out[:, to_row, to_column] = x[:, from_row, from_column]
    return out


def crop(padded: np.ndarray, high: Axis, wide: Axis) -> np.ndarray:
    """The image without its borders."""
    rows = slice(high.before, high.before + high.size)
    return padded[:, rows, wide.before : wide.before + wide.size]


def windows(padded: np.ndarray, high: Axis, wide: Axis) -> np.ndarray:
    """A view of all windows: [n, oh, ow, rows, columns, c]."""
    n, _, _, channels = padded.shape
    image, row, column, channel = padded.strides
    return as_strided(
        padded,
        (n, high.steps, wide.steps, high.window, wide.window, channels),
        (
            image,
            row * high.stride,
            column * wide.stride,
            row * high.dilation,
            column * wide.dilation,
            channel,
        ),
        writeable=False,
    )


def seen_from(padded: np.ndarray, row: int, column: int, high: Axis, wide: Axis) -> np.ndarray:
    """A view of the pixel that each window has at (row, column): [n, oh, ow, c]."""
    top, left = row * high.dilation, column * wide.dilation
    bottom = top + (high.steps - 1) * high.stride + 1
    right = left + (wide.steps - 1) * wide.stride + 1
    return padded[:, top : max(bottom, top) : high.stride, left : max(right, left) : wide.stride]


def _correlate(x: np.ndarray, w: np.ndarray, high: Axis, wide: Axis) -> np.ndarray:
    work = _work_dtype(x.dtype)
    padded = pad(x.astype(work, copy=False), high, wide)
    matrix = np.ascontiguousarray(w, work).reshape(-1, w.shape[3])
    out = np.empty((len(x), high.steps, wide.steps, w.shape[3]), work)
    for start, stop, rows in _window_rows(padded, high, wide):
        np.matmul(rows, matrix, out=out[start:stop].reshape(len(rows), -1))
    return out.astype(x.dtype, copy=False)


def _window_rows(padded: np.ndarray, high: Axis, wide: Axis):
    """Yield (first image, last, windows as rows [m, rows * columns * c]) a few images at a time."""
    every = windows(padded, high, wide)
    n, columns = len(padded), high.window * wide.window * padded.shape[3]
    height = high.steps * wide.steps
    if n == 0 or height == 0 or columns == 0:
        return
    if (high.window, wide.window, high.stride, wide.stride) == (1, 1, 1, 1):
        yield 0, n, padded.reshape(n * height, columns)
        return
    step = max(1, CHUNK_BYTES // (height * columns * padded.itemsize))
    # Short runs of channels are laid out with windows innermost, which transposes the matrix.
    short = wide.window * padded.shape[3] < SHORT_RUN
    order = (3, 4, 5, 0, 1, 2) if short else (0, 1, 2, 3, 4, 5)
    room = np.empty(min(step, n) * height * columns, padded.dtype)
    for start in range(0, n, step):
        stop = min(start + step, n)
        view = every[start:stop].transpose(order)
        laid_out = room[: view.size].reshape(view.shape)
        _copy(laid_out, view)
        flat = laid_out.reshape(columns, -1).T if short else laid_out.reshape(-1, columns)
        yield start, stop, flat


def _copy(target: np.ndarray, source: np.ndarray) -> None:
    def work(start: int, stop: int) -> None:
        target[start:stop] = source[start:stop]

    parallel(work, len(target), max(1, (1 << 18) * len(target) // max(1, target.size)))


def _scatter(
    sizes: Sequence[int], w: np.ndarray, grad: np.ndarray, high: Axis, wide: Axis
) -> np.ndarray:
    work = _work_dtype(w.dtype)
    padded = np.zeros(
        (
            sizes[0],
            high.size + high.before + high.after,
            wide.size + wide.before + wide.after,
            sizes[3],
        ),
        work,
    )
    grad = grad.astype(work, copy=False)
    for row in range(high.window):
        for column in range(wide.window):
            seen_from(padded, row, column, high, wide)[...] += grad @ w[row, column].T.astype(work)
    return np.ascontiguousarray(crop(padded, high, wide).astype(w.dtype, copy=False))


def _mirrored(axis: Axis) -> Axis:
    before = axis.reach - 1 - axis.before
    after = axis.size + axis.reach - 1 - axis.steps - before
    return Axis(axis.steps, axis.window, 1, axis.dilation, before, after)


def _overlap(axis: Axis) -> tuple[slice, slice]:
    # Where the image lies in its padded copy, and which part of it does.
    start, stop = max(0, -axis.before), axis.size - max(0, -axis.after)
    return slice(start + axis.before, stop + axis.before), slice(start, stop)


def _work_dtype(dtype: np.dtype) -> np.dtype:
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def _refuse_groups(channels: int, filter_channels: int) -> None:
    if channels != filter_channels:
        raise UnimplementedError(
            None, None, "Gradients for grouped convolutions are not supported on CPU."
        )
