"""Where the windows of a convolution or a pooling lie on [batch, height, width, channels]."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided


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
) -> tuple[Axis, Axis]:
    """Height and width of a window's walk; `sizes` and `windows` are (height, width)."""
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


def _overlap(axis: Axis) -> tuple[slice, slice]:
    # Where the image lies in its padded copy, and which part of it does.
    start, stop = max(0, -axis.before), axis.size - max(0, -axis.after)
    return slice(start + axis.before, stop + axis.before), slice(start, stop)
