"""Images in other sizes, and mirrored: one is [height, width, channels], batches have rank 4."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_value, with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops.checks import assert_greater_equal, assert_positive
from minitf.ops.cond import cond
from minitf.ops.grouping import with_dependencies
from minitf.ops.logic import equal
from minitf.ops.rearranging import reverse
from minitf.ops.shapes import rank
from minitf.ops.shapes import shape as shape_of
from minitf.shape import TensorShape
from minitf.tensor import Tensor


def resized_shape(images: Tensor, size: Tensor) -> list[int | None]:
    """The static shape of a batch of images in `size`; ValueError for other ranks."""
    sizes = with_rank(images, 4).as_list()
    length = with_rank(size, 1)[0].value
    if length not in (None, 2):
        raise ValueError(f"Dimension must be 2 but is {length}")
    known = constant_value(size)
    height, width = (None, None) if known is None else (int(n) for n in known)
    return [sizes[0], height, width, sizes[3]]


def _places(before: int, after: int, align_corners: bool, centers: bool) -> np.ndarray:
    """Where each new pixel lies on an old axis."""
    if align_corners and after > 1:
        scale = np.float32(before - 1) / np.float32(after - 1)
    else:
        scale = np.float32(before) / np.float32(after)
    new = np.arange(after, dtype=np.float32)
    if centers:
        return (new + np.float32(0.5)) * scale
    return new * scale


def _nearest(before: int, after: int, align_corners: bool, centers: bool) -> np.ndarray:
    """The old pixel that each new one shows."""
    places = _places(before, after, align_corners, centers)
    # Corners round half away from zero; everything else is cut off.
    whole = np.floor(places + np.float32(0.5)) if align_corners else np.floor(places)
    return np.clip(whole.astype(np.int64), 0, before - 1)


def _blend(before: int, after: int, align_corners: bool, centers: bool) -> tuple[Any, Any, Any]:
    """The two old pixels that each new one lies between, and the share of the second."""
    places = _places(before, after, align_corners, centers)
    if centers:
        places = places - np.float32(0.5)
    below = np.floor(places)
    first = np.maximum(below, 0).astype(np.int64)
    second = np.minimum(np.ceil(places), before - 1).astype(np.int64)
    return np.minimum(first, before - 1), np.maximum(second, 0), places - below


def check_size(size: Any) -> tuple[int, int]:
    """Height and width; InvalidArgumentError unless both are positive."""
    if min(size) <= 0:
        raise InvalidArgumentError(None, None, "output dimensions must be positive")
    return int(size[0]), int(size[1])


_SIZES = "align_corners: bool = false, half_pixel_centers: bool = false"


@op
class ResizeBilinear:
    """Images in another size, each pixel blended of the four around its place."""

    inputs = "images: T, size: int32"
    outputs = "resized_images: float"
    attrs = (
        "T: {int8, uint8, int16, uint16, int32, int64, bfloat16, half, float, double, bfloat16}, "
        f"{_SIZES}"
    )
    infer = resized_shape

    def kernel(images, size, *, align_corners, half_pixel_centers):
        height, width = check_size(size)
        x = images.astype(np.float32)
        options = (align_corners, half_pixel_centers)
        top, bottom, down = _blend(x.shape[1], height, *options)
        left, right, across = _blend(x.shape[2], width, *options)
        across, down = across[:, None], down[:, None, None]
        upper, lower = x[:, top], x[:, bottom]
        upper = upper[:, :, left] + (upper[:, :, right] - upper[:, :, left]) * across
        lower = lower[:, :, left] + (lower[:, :, right] - lower[:, :, left]) * across
        return upper + (lower - upper) * down

    def gradient(op, grad):
        options = {name: op._attrs[name] for name in ("align_corners", "half_pixel_centers")}
        return [ResizeBilinearGrad(grad, op._inputs[0], **options), None]


@op
class ResizeBilinearGrad:
    """Each new pixel's gradient given back to the four old ones it was blended of."""

    inputs = "grads: float, original_image: T"
    outputs = "output: T"
    attrs = f"T: {{float, bfloat16, half, double}}, {_SIZES}"

    def infer(grads, original_image):
        return original_image.shape

    def kernel(grads, original_image, *, align_corners, half_pixel_centers):
        batch, height, width, channels = original_image.shape
        result = np.zeros((batch, height, width, channels), np.float32)
        options = (align_corners, half_pixel_centers)
        top, bottom, down = _blend(height, grads.shape[1], *options)
        left, right, across = _blend(width, grads.shape[2], *options)
        for rows, row_share in ((top, 1 - down), (bottom, down)):
            for columns, column_share in ((left, 1 - across), (right, across)):
                share = row_share[:, None, None] * column_share[:, None]
                np.add.at(result, (slice(None), rows[:, None], columns), grads * share)
        return result.astype(original_image.dtype)

    gradient = None


@op
class ResizeNearestNeighbor:
    """Images in another size, each pixel a copy of the nearest."""

    inputs = "images: T, size: int32"
    outputs = "resized_images: T"
    attrs = (
        f"T: {{int8, uint8, int16, uint16, int32, int64, half, float, double, bfloat16}}, {_SIZES}"
    )
    infer = resized_shape

    def kernel(images, size, *, align_corners, half_pixel_centers):
        height, width = check_size(size)
        options = (align_corners, half_pixel_centers)
        rows = _nearest(images.shape[1], height, *options)
        return images[:, rows][:, :, _nearest(images.shape[2], width, *options)]

    def gradient(op, grad):
        image = op._inputs[0]
        size = image.shape[1:3]
        if not size.is_fully_defined():
            size = shape_of(image)[1:3]
        options = {name: op._attrs[name] for name in ("align_corners", "half_pixel_centers")}
        return [ResizeNearestNeighborGrad(grad, size, **options), None]


@op
class ResizeNearestNeighborGrad:
    """Each new pixel's gradient given back to the old one it shows."""

    inputs = "grads: T, size: int32"
    outputs = "output: T"
    attrs = f"T: {{uint8, int8, int32, half, float, double, bfloat16}}, {_SIZES}"
    infer = resized_shape

    def kernel(grads, size, *, align_corners, half_pixel_centers):
        height, width = (int(n) for n in size)
        result = np.zeros((grads.shape[0], height, width, grads.shape[3]), grads.dtype)
        options = (align_corners, half_pixel_centers)
        rows = _nearest(height, grads.shape[1], *options)
        columns = _nearest(width, grads.shape[2], *options)
        np.add.at(result, (slice(None), rows[:, None], columns), grads)
        return result

    gradient = LookupError


def resize_bilinear(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """A batch of images as float32 in `size` (height, width), pixels blended."""
    return ResizeBilinear(
        images, size, align_corners=align_corners, half_pixel_centers=half_pixel_centers, name=name
    )


def resize_nearest_neighbor(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """A batch of images in `size` (height, width), each pixel a copy of the nearest."""
    return ResizeNearestNeighbor(
        images, size, align_corners=align_corners, half_pixel_centers=half_pixel_centers, name=name
    )


def flip_left_right(image: Any) -> Tensor:
    """An image, or a batch of them, mirrored left to right; ValueError for other ranks."""
    return _flipped(image, 1, "flip_left_right")


def flip_up_down(image: Any) -> Tensor:
    """An image, or a batch of them, upside down; ValueError for other ranks."""
    return _flipped(image, 0, "flip_up_down")


def _flipped(image: Any, axis: int, scope: str) -> Tensor:
    with name_scope(None, scope, [image]):
        image = convert_to_tensor(image, name="image")
        image = with_dependencies(size_checks(image), image)
        ndims = image.shape.ndims
        if ndims not in (None, 3, 4):
            raise ValueError(f"'image' (shape {image.shape})must have either 3 or 4 dimensions.")

        def flip_one() -> Tensor:
            flipped = reverse(image, [axis])
            flipped.set_shape([None, None, None] if ndims is None else image.shape)
            return flipped

        def flip_batch() -> Tensor:
            return reverse(image, [axis + 1])

        if ndims is None:
            return cond(equal(rank(image), 3), flip_one, flip_batch)
        return flip_one() if ndims == 3 else flip_batch()


def size_checks(image: Tensor) -> list[Any]:
    """The checks left for the run; ValueError where the shape is known not to be an image's."""
    shape = image.shape
    if shape.ndims is None:
        shape = TensorShape([None, None, None])
    elif shape.ndims < 3:
        raise ValueError(f"'image' (shape {image.shape}) must be at least three-dimensional.")
    if any(size.value == 0 for size in shape[-3:]):
        raise ValueError(f"inner 3 dims of 'image.shape' must be > 0: {shape}")
    if shape[-3:].is_fully_defined():
        return []
    return [
        assert_positive(shape_of(image)[-3:], ["inner 3 dims of 'image.shape' must be > 0."]),
        assert_greater_equal(rank(image), 3, message="'image' must be at least three-dimensional."),
    ]
