"""Images in other sizes, each pixel made of sixteen others, or of all that lie in its area."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.op import op
from minitf.ops.images import check_size, resized_shape
from minitf.tensor import Tensor

_TYPES = "{int8, uint8, int16, uint16, int32, int64, half, float, double, bfloat16}"
_STEPS = 1024  # TensorFlow takes weights from a table of this many places between two pixels


def _scale(before: int, after: int, align_corners: bool) -> np.float32:
    if align_corners and after > 1:
        return np.float32(before - 1) / np.float32(after - 1)
    return np.float32(before) / np.float32(after)


def _cubic(share: float, a: float) -> list[float]:
    """The weights of four neighbours, the place being `share` after the second (Keys 1981)."""

    def near(x: float) -> float:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: float) -> float:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return [far(share + 1), near(share), near(1 - share), far(2 - share)]


def _bicubic(before: int, after: int, align_corners: bool, centers: bool) -> np.ndarray:
    """For each new pixel of an axis the shares of the old ones: [after, before]."""
    scale = _scale(before, after, align_corners)
    matrix = np.zeros((after, before), np.float32)
    for new in range(after):
        if centers:
            place = (np.float32(new) + np.float32(0.5)) * scale - np.float32(0.5)
        else:
            place = np.float32(new) * scale
        first = math.floor(place)
        share = np.rint((place - np.float32(first)) * np.float32(_STEPS)) / _STEPS
        weights = np.array(_cubic(float(share), -0.5 if centers else -0.75), np.float32)
        places = first - 1 + np.arange(4)
        if centers:  # what lies outside does not count
            weights = np.where((places >= 0) & (places < before), weights, np.float32(0))
            weights = weights / weights.sum()
        np.add.at(matrix[new], np.clip(places, 0, before - 1), weights)
    return matrix


@op
class ResizeBicubic:
    """Images in another size, each pixel blended of the sixteen around its place."""

    inputs = "images: T, size: int32"
    outputs = "resized_images: float"
    attrs = f"T: {_TYPES}, align_corners: bool = false, half_pixel_centers: bool = false"
    infer = resized_shape

    def kernel(images, size, *, align_corners, half_pixel_centers):
        height, width = check_size(size)
        options = align_corners, half_pixel_centers
        down = _bicubic(images.shape[1], height, *options)
        across = _bicubic(images.shape[2], width, *options)
        x = images.astype(np.float32)
        return np.einsum("yh,bhwc,xw->byxc", down, x, across, optimize=True)

    def gradient(op, grad):
        if op.inputs[0].dtype not in (dtypes.float32, dtypes.float64):
            return [None, None]
        options = {name: op._attrs[name] for name in ("align_corners", "half_pixel_centers")}
        return [ResizeBicubicGrad(grad, op.inputs[0], **options), None]


@op
class ResizeBicubicGrad:
    """Each new pixel's gradient given back to the sixteen old ones it was blended of."""

    inputs = "grads: float, original_image: T"
    outputs = "output: T"
    attrs = "T: {float, double}, align_corners: bool = false, half_pixel_centers: bool = false"

    def infer(grads, original_image):
        return original_image.shape

    def kernel(grads, original_image, *, align_corners, half_pixel_centers):
        _, height, width, _ = original_image.shape
        options = align_corners, half_pixel_centers
        down = _bicubic(height, grads.shape[1], *options)
        across = _bicubic(width, grads.shape[2], *options)
        found = np.einsum("yh,byxc,xw->bhwc", down, grads, across, optimize=True)
        return found.astype(original_image.dtype)

    gradient = LookupError


def _areas(before: int, after: int, align_corners: bool) -> np.ndarray:
    """For each new pixel of an axis the parts of the old ones that lie in it: [after, before]."""
    scale = _scale(before, after, align_corners)
    matrix = np.zeros((after, before), np.float32)
    for new in range(after):
        start, stop = np.float32(new) * scale, np.float32(new + 1) * scale
        for old in range(math.floor(start), math.ceil(stop)):
            if old < start:
                part = scale if old + 1 > stop else old + 1 - start
            else:
                part = stop - old if old + 1 > stop else np.float32(1)
            matrix[new, min(max(old, 0), before - 1)] += part
    return matrix / scale if scale else matrix


@op
class ResizeArea:
    """Images in another size, each pixel the mean of what lies in its area."""

    inputs = "images: T, size: int32"
    outputs = "resized_images: float"
    attrs = f"T: {_TYPES}, align_corners: bool = false"
    infer = resized_shape

    def kernel(images, size, *, align_corners):
        height, width = check_size(size)
        down = _areas(images.shape[1], height, align_corners)
        across = _areas(images.shape[2], width, align_corners)
        x = images.astype(np.float32)
        return np.einsum("yh,bhwc,xw->byxc", down, x, across, optimize=True)

    gradient = LookupError


def resize_bicubic(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """A batch of images as float32 in `size` (height, width), blended of sixteen pixels each."""
    return ResizeBicubic(
        images, size, align_corners=align_corners, half_pixel_centers=half_pixel_centers, name=name
    )


def resize_area(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None
) -> Tensor:
    """A batch of images as float32 in `size` (height, width), each pixel the mean of its area."""
    return ResizeArea(images, size, align_corners=align_corners, name=name)
