"""Depthwise convolutions: every channel of an image has filters of its own."""

from collections.abc import Sequence

import numpy as np

from minitf.kernels.convolution import axes, crop, pad, seen_from


def depthwise_conv2d(x: np.ndarray, w: np.ndarray, **attributes) -> np.ndarray:
    """DepthwiseConv2dNative: [n, h, w, c] and [rows, columns, c, m] -> [n, oh, ow, c * m].

    `attributes` are those of `convolution.conv2d`.
    """
    high, wide = axes(x.shape[1:3], w.shape[:2], **attributes)
    padded = pad(x, high, wide)
    out = np.zeros((len(x), high.steps, wide.steps, w.shape[2], w.shape[3]), x.dtype)
    for row, column in np.ndindex(*w.shape[:2]):
        out += seen_from(padded, row, column, high, wide)[..., None] * w[row, column]
    return out.reshape(*out.shape[:3], -1)


def depthwise_conv2d_backprop_input(
    input_sizes: Sequence[int], w: np.ndarray, grad: np.ndarray, **attributes
) -> np.ndarray:
    """DepthwiseConv2dNativeBackpropInput: the gradient of an input of shape `input_sizes`."""
    sizes = [int(size) for size in input_sizes]
    high, wide = axes(sizes[1:3], w.shape[:2], **attributes)
    grad = grad.reshape(*grad.shape[:3], *w.shape[2:])
    padded = pad(np.zeros(sizes, w.dtype), high, wide)
    for row, column in np.ndindex(*w.shape[:2]):
        seen = seen_from(padded, row, column, high, wide)
        seen += np.einsum("nijcm,cm->nijc", grad, w[row, column])
    return np.ascontiguousarray(crop(padded, high, wide))


def depthwise_conv2d_backprop_filter(
    x: np.ndarray, filter_sizes: Sequence[int], grad: np.ndarray, **attributes
) -> np.ndarray:
    """DepthwiseConv2dNativeBackpropFilter: the gradient of a filter of shape `filter_sizes`."""
    sizes = [int(size) for size in filter_sizes]
    high, wide = axes(x.shape[1:3], sizes[:2], **attributes)
    padded = pad(x, high, wide)
    grad = grad.reshape(*grad.shape[:3], *sizes[2:])
    out = np.zeros(sizes, x.dtype)
    for row, column in np.ndindex(*sizes[:2]):
        seen = seen_from(padded, row, column, high, wide)
        out[row, column] = np.einsum("nijc,nijcm->cm", seen, grad)
    return out
