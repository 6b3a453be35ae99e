"""Images compared and turned inside out: noise, edges, and brightness apart from colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.op import convert_to_tensor
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops import slicing as _slices  # noqa: F401  (gives tensors their slices)
from minitf.ops.arithmetic import squared_difference, subtract
from minitf.ops.asserting import Assert
from minitf.ops.casts import cast
from minitf.ops.constants import constant, identity
from minitf.ops.cutting import unstack
from minitf.ops.depthwise import depthwise_conv2d
from minitf.ops.elementwise import log
from minitf.ops.filling import zeros
from minitf.ops.joining import concat, stack
from minitf.ops.logic import equal, greater_equal
from minitf.ops.padding import pad, tile
from minitf.ops.pictures import convert_image_dtype
from minitf.ops.products import tensordot
from minitf.ops.reductions import reduce_all, reduce_mean
from minitf.ops.shapes import reshape, shape_n, size
from minitf.ops.shapes import shape as shape_of
from minitf.tensor import Tensor

# What each of the three channels gives to each of the three others, one row a channel.
_TO_YIQ = [
    [0.299, 0.59590059, 0.2115],
    [0.587, -0.27455667, -0.52273617],
    [0.114, -0.32134392, 0.31119955],
]
_FROM_YIQ = [
    [1, 1, 1],
    [0.95598634, -0.27201283, -1.10674021],
    [0.6208248, -0.64720424, 1.70423049],
]
_TO_YUV = [
    [0.299, -0.14714119, 0.61497538],
    [0.587, -0.28886916, -0.51496512],
    [0.114, 0.43601035, -0.10001026],
]
_FROM_YUV = [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]]
_SOBEL = [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]


def _mixing(name: str, table: list[list[float]], doc: str) -> Callable[[Any], Tensor]:
    def mix(images: Any) -> Tensor:
        images = convert_to_tensor(images, name="images")
        kernel = convert_to_tensor(table, dtype=images.dtype, name="kernel")
        return tensordot(images, kernel, axes=[[images.get_shape().ndims - 1], [0]])

    mix.__name__ = mix.__qualname__ = name
    mix.__doc__ = doc
    return mix


rgb_to_yiq = _mixing("rgb_to_yiq", _TO_YIQ, "Colours as brightness and NTSC's two of colour.")
yiq_to_rgb = _mixing("yiq_to_rgb", _FROM_YIQ, "Brightness and NTSC's two of colour as colours.")
rgb_to_yuv = _mixing("rgb_to_yuv", _TO_YUV, "Colours as brightness and PAL's two of colour.")
yuv_to_rgb = _mixing("yuv_to_rgb", _FROM_YUV, "Brightness and PAL's two of colour as colours.")


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Tensor:
    """How far the noise between two images is below the highest value, in decibels.

    Raises ValueError for images of shapes that do not go together.
    """
    with name_scope(name, "PSNR", [a, b]):
        highest = convert_image_dtype(cast(max_val, a.dtype), dtypes.float32)
        a = convert_image_dtype(a, dtypes.float32)
        b = convert_image_dtype(b, dtypes.float32)
        error = reduce_mean(squared_difference(a, b), [-3, -2, -1])
        ratio = subtract(
            20 * log(highest) / log(10.0),
            np.float32(10 / np.log(10)) * log(error),
            name="psnr",
        )
        with control_dependencies(_comparable(a, b)):
            return identity(ratio)


def _comparable(a: Tensor, b: Tensor) -> list[Any]:
    shapes = [t.get_shape().with_rank_at_least(3) for t in (a, b)]
    shapes[0][-3:].assert_is_compatible_with(shapes[1][-3:])
    if all(known.ndims is not None for known in shapes):
        outer = [list(known.dims)[:-3][::-1] for known in shapes]
        for m, n in zip(*outer, strict=False):
            if not (m.value == 1 or n.value == 1 or m.is_compatible_with(n)):
                raise ValueError(f"Two images are not compatible: {shapes[0]} and {shapes[1]}")
    sizes = shape_n([a, b])
    enough = Assert(greater_equal(size(sizes[0]), 3), sizes, summarize=10)
    same = reduce_all(equal(sizes[0][-3:], sizes[1][-3:]))
    return [enough, Assert(same, sizes, summarize=10)]


def image_gradients(image: Tensor) -> tuple[Tensor, Tensor]:
    """[batch, height, width, depth]: the steps to the next row and column; 0 at the end.

    Raises ValueError for anything but a batch of images.
    """
    if image.get_shape().ndims != 4:
        raise ValueError(
            f"image_gradients expects a 4D tensor [batch_size, h, w, d], not {image.get_shape()}."
        )
    sizes = shape_of(image)
    batch, height, width, depth = unstack(sizes)
    down = image[:, 1:, :, :] - image[:, :-1, :, :]
    across = image[:, :, 1:, :] - image[:, :, :-1, :]
    last = zeros(stack([batch, 1, width, depth]), image.dtype)
    down = reshape(concat([down, last], 1), sizes)
    last = zeros(stack([batch, height, 1, depth]), image.dtype)
    return down, reshape(concat([across, last], 2), sizes)


def sobel_edges(image: Tensor) -> Tensor:
    """[batch, height, width, depth, 2]: how much each channel changes downwards and across."""
    known, sizes = image.get_shape(), shape_of(image)
    filters = np.expand_dims(np.transpose(np.array(_SOBEL), (1, 2, 0)), -2)
    kernels = constant(filters, dtype=image.dtype)
    kernels = tile(kernels, [1, 1, sizes[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    edges = depthwise_conv2d(padded, kernels, [1, 1, 1, 1], "VALID")
    edges = reshape(edges, shape=concat([sizes, [2]], 0))
    edges.set_shape(known.concatenate([2]))
    return edges
