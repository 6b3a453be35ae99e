"""Depthwise convolutions: every channel of an image has filters of its own."""

from collections.abc import Sequence

import numpy as np

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.kernels.windows import Axis, axes, crop, pad, seen_from


def depthwise_conv2d(x: np.ndarray, w: np.ndarray, **walk) -> np.ndarray:
    """DepthwiseConv2dNative: [n, h, w, c] and [rows, columns, c, m] -> [n, oh, ow, c * m].

    `walk` holds the attributes of `convolution.conv2d`.
    """
    high, wide = _axes(x.shape[1:3], w.shape[:2], **walk)
    padded = pad(x, high, wide)
    out = np.zeros((len(x), high.steps, wide.steps, w.shape[2], w.shape[3]), x.dtype)
    for row, column in np.ndindex(*w.shape[:2]):
        out += seen_from(padded, row, column, high, wide)[..., None] * w[row, column]
    return out.reshape(*out.shape[:3], -1)


def depthwise_conv2d_backprop_input(
    input_sizes: Sequence[int], w: np.ndarray, grad: np.ndarray, **walk
) -> np.ndarray:
    """DepthwiseConv2dNativeBackpropInput: the gradient of an input of shape `input_sizes`."""
    sizes = [int(size) for size in input_sizes]
    high, wide = _axes(sizes[1:3], w.shape[:2], **walk)
    grad = grad.reshape(*grad.shape[:3], *w.shape[2:])
    padded = pad(np.zeros(sizes, w.dtype), high, wide)
    for row, column in np.ndindex(*w.shape[:2]):
        seen = seen_from(padded, row, column, high, wide)
        seen += np.einsum("nijcm,cm->nijc", grad, w[row, column])
    return np.ascontiguousarray(crop(padded, high, wide))


def depthwise_conv2d_backprop_filter(
    x: np.ndarray, filter_sizes: Sequence[int], grad: np.ndarray, **walk
) -> np.ndarray:
    """DepthwiseConv2dNativeBackpropFilter: the gradient of a filter of shape `filter_sizes`."""
    sizes = [int(size) for size in filter_sizes]
    high, wide = _axes(x.shape[1:3], sizes[:2], **walk)
    padded = pad(x, high, wide)
    grad = grad.reshape(*grad.shape[:3], *sizes[2:])
    out = np.zeros(sizes, x.dtype)
    for row, column in np.ndindex(*sizes[:2]):
        seen = seen_from(padded, row, column, high, wide)
        out[row, column] = np.einsum("nijc,nijcm->cm", seen, grad)
    return out


def _axes(
    sizes: Sequence[int],
    windows: Sequence[int],
    *,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    dilations: Sequence[int] = (1, 1, 1, 1),
    data_format: str = "NHWC",
) -> tuple[Axis, Axis]:
    if data_format != "NHWC":
        raise UnimplementedError(
            None, None, "Depthwise convolution on CPU is only supported for NHWC format"
        )
    if max(dilations) > 1:
        received = " ".join(map(str, dilations))
        raise UnimplementedError(
            None,
            None,
            f"Current kernel implementation does not support dilations, received [{received}]",
        )
    if strides[1] != strides[2]:
        raise InvalidArgumentError(
            None,
            None,
            "Current implementation only supports equal length strides in the row and column "
            "dimensions.",
        )
    return axes(sizes, windows, strides, padding, explicit_paddings)
