"""Convolutions of images [batch, height, width, channels] and their gradients.

A convolution is a matrix product once every window of the image is laid out as a row ("im2col").
The rows of a few images at a time stay in cache, so the product, not the copying, sets the pace.
Strides, paddings and dilations are TensorFlow's attributes: four numbers each, `SAME`, `VALID`
or `EXPLICIT` with eight numbers.
"""

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import NoReturn

import numpy as np

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.kernels.products import one_blas_thread
from minitf.kernels.threads import parallel
from minitf.kernels.windows import Axis, axes, crop, pad, seen_from, windows

CHUNK_BYTES = 2 << 20  # window rows laid out at a time, to stay in cache until multiplied
SHORT_RUN = 16  # numbers: below this, copying window by window is slower than pixel by pixel


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
    _check(x, w, strides, data_format)
    high, wide = axes(x.shape[1:3], w.shape[:2], strides, padding, explicit_paddings, dilations)
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
    high, wide = axes(sizes[1:3], w.shape[:2], strides, padding, explicit_paddings, dilations)
    _check_backprop("Input", sizes[3], w.shape[2], grad, (high, wide))
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
    high, wide = axes(x.shape[1:3], sizes[:2], strides, padding, explicit_paddings, dilations)
    _check_backprop("Filter", x.shape[3], sizes[2], grad, (high, wide))
    work = _work_dtype(x.dtype)
    padded = pad(x.astype(work, copy=False), high, wide)
    grad = np.ascontiguousarray(grad, work)
    totals = []

    def work_on(first: int, last: int) -> None:
        total = np.zeros((sizes[0] * sizes[1] * sizes[2], sizes[3]), work)
        for start, stop, rows in _window_rows(padded[first:last], high, wide):
            part = grad[first + start : first + stop].reshape(len(rows), sizes[3])
            total += rows.T @ part
        totals.append((first, total))

    _by_images(work_on, len(x))
    # Always in one order, lest the rounding depend on who is done first.
    total = functools.reduce(np.add, [total for _, total in sorted(totals, key=itemgetter(0))])
    return total.reshape(sizes).astype(x.dtype, copy=False)


def _correlate(x: np.ndarray, w: np.ndarray, high: Axis, wide: Axis) -> np.ndarray:
    work = _work_dtype(x.dtype)
    padded = pad(x.astype(work, copy=False), high, wide)
    *window, filters = w.shape
    matrix = np.ascontiguousarray(w, work).reshape(math.prod(window), filters)
    out = np.empty((len(x), high.steps, wide.steps, filters), work)

    def work_on(first: int, last: int) -> None:
        for start, stop, rows in _window_rows(padded[first:last], high, wide):
            place = out[first + start : first + stop].reshape(len(rows), filters)
            np.matmul(rows, matrix, out=place)

    _by_images(work_on, len(x))
    return out.astype(x.dtype, copy=False)


def _window_rows(
    padded: np.ndarray, high: Axis, wide: Axis
) -> Iterator[tuple[int, int, np.ndarray]]:
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
        laid_out[...] = view
        flat = laid_out.reshape(columns, -1).T if short else laid_out.reshape(-1, columns)
        yield start, stop, flat


def _by_images(work_on: Callable[[int, int], None], images: int) -> None:
    """Calls `work_on(first, last)` for all images, a part of them on each thread."""
    with one_blas_thread():
        parallel(work_on, images, 1)


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

    def work_on(first: int, last: int) -> None:
        part = grad[first:last]
        for row in range(high.window):
            for column in range(wide.window):
                seen = seen_from(padded[first:last], row, column, high, wide)
                seen[...] += part @ w[row, column].T.astype(work)

    _by_images(work_on, sizes[0])
    return np.ascontiguousarray(crop(padded, high, wide).astype(w.dtype, copy=False))


def _mirrored(axis: Axis) -> Axis:
    before = axis.reach - 1 - axis.before
    after = axis.size + axis.reach - 1 - axis.steps - before
    return Axis(axis.steps, axis.window, 1, axis.dilation, before, after)


def _work_dtype(dtype: np.dtype) -> np.dtype:
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def _check(x: np.ndarray, w: np.ndarray, strides: Sequence[int], data_format: str) -> None:
    if data_format != "NHWC":
        raise UnimplementedError(
            None,
            None,
            "The Conv2D op currently only supports the NHWC tensor format on the CPU. "
            f"The op was given the format: {data_format}",
        )
    if strides[0] != 1 or strides[3] != 1:
        raise UnimplementedError(
            None,
            None,
            "Current implementation does not yet support strides in the batch and depth "
            "dimensions.",
        )
    for name, array in (("input", x), ("filter", w)):
        if array.ndim != 4:
            shape = ",".join(map(str, array.shape))
            _refuse(f"convolution {name} must be 4-dimensional: [{shape}]")
    if w.shape[0] * w.shape[1] == 0:
        _refuse("filter must not have zero elements (i.e. all dimensions must be non-zero)")
    if w.shape[2] == 0:
        _refuse("filter depth must be stricly positive, got 0")
    if x.shape[3] % w.shape[2]:
        _refuse(
            f"input depth must be evenly divisible by filter depth: {x.shape[3]} vs {w.shape[2]}"
        )


def _check_backprop(
    side: str, depth: int, filter_depth: int, grad: np.ndarray, moves: tuple[Axis, Axis]
) -> None:
    if max(axis.dilation for axis in moves) > 1:
        _refuse("Current CPU implementations do not yet support dilation rates larger than 1.")
    if depth != filter_depth:
        _refuse(
            "Gradients for grouped convolutions are not supported on CPU. Computed input depth "
            f"{depth} doesn't match filter input depth {filter_depth}"
        )
    for index, axis in enumerate(moves, 1):
        if grad.shape[index] != axis.steps:
            _refuse(
                f"Conv2DCustomBackprop{side}: Size of out_backprop doesn't match computed: "
                f"actual = {grad.shape[index]}, computed = {axis.steps} spatial_dim: {index} "
                f"input: {axis.size} filter: {axis.window} output: {grad.shape[index]} "
                f"stride: {axis.stride} dilation: {axis.dilation}"
            )


def _refuse(message: str) -> NoReturn:
    raise InvalidArgumentError(None, None, message)
