"""What programs do to pictures before they learn from them: ranges, colours, cuts, sizes."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.dtypes import DType
from minitf.graph import name_scope
from minitf.infer import constant_shape
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import add, multiply
from minitf.ops.asserting import Assert
from minitf.ops.casts import cast
from minitf.ops.clipping import saturate_cast
from minitf.ops.cond import cond
from minitf.ops.constants import identity
from minitf.ops.cutting import unstack
from minitf.ops.division import floordiv
from minitf.ops.elementwise import round as nearest
from minitf.ops.grouping import with_dependencies
from minitf.ops.images import resize_bilinear, resize_nearest_neighbor, size_checks
from minitf.ops.joining import stack
from minitf.ops.logic import equal, less
from minitf.ops.products import tensordot
from minitf.ops.random import random_uniform
from minitf.ops.rearranging import reverse
from minitf.ops.resizing import resize_area, resize_bicubic
from minitf.ops.shapes import expand_dims, rank, reshape, squeeze
from minitf.ops.shapes import shape as shape_of
from minitf.ops.slicing import slice_of
from minitf.tensor import Tensor

_BRIGHTNESS = [0.2989, 0.5870, 0.1140]  # of red, green and blue, as the eye sees them (Rec. 601)


def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Tensor:
    """An image in another type: floats lie in [0, 1), integers in [0, the type's greatest].

    Raises AttributeError for types that are neither.
    """
    image = convert_to_tensor(image, name="image")
    dtype = dtypes.as_dtype(dtype)
    for which, kind in (("dtype", dtype), ("image dtype", image.dtype)):
        if not kind.is_floating and not kind.is_integer:
            raise AttributeError(f"{which} must be either floating point or integer")
    if dtype == image.dtype:
        return identity(image, name=name)
    to = saturate_cast if saturate else cast
    with name_scope(name, "convert_image", [image]) as scope:
        if image.dtype.is_floating and dtype.is_floating:
            return cast(image, dtype, name=scope)
        if image.dtype.is_floating:
            # Half more than the greatest, so that the cast's cutting off rounds.
            return to(multiply(image, dtype.max + 0.5), dtype, name=scope)
        if dtype.is_floating:
            return multiply(cast(image, dtype), 1.0 / image.dtype.max, name=scope)
        return _integers(image, dtype, to, scope)


def _integers(image: Tensor, dtype: DType, to: Any, scope: str) -> Tensor:
    before, after = int(image.dtype.max) + 1, int(dtype.max) + 1
    if before > after:
        return to(floordiv(image, before // after), dtype, name=scope)
    return multiply(to(image, dtype), after // before, name=scope)


def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """Images whose last dimension, of 3 colours, has become one of size 1."""
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        floats = convert_image_dtype(images, dtypes.float32)
        gray = expand_dims(tensordot(floats, _BRIGHTNESS, [-1, -1]), -1)
        return convert_image_dtype(gray, images.dtype, name=scope)


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """An image with `delta`, of the range of floats, added to every value."""
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert_to_tensor(image, name="image")
        floats = image
        if image.dtype not in (dtypes.float16, dtypes.float32):
            floats = convert_image_dtype(image, dtypes.float32)
        adjusted = add(floats, cast(delta, floats.dtype), name=scope)
        return convert_image_dtype(adjusted, image.dtype, saturate=True)


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """An image made brighter or darker by at most `max_delta`; ValueError if that is negative."""
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_flip_left_right(image: Any, seed: int | None = None) -> Tensor:
    """An image, or each of a batch, mirrored left to right or left as it is, by chance."""
    return _flipped_by_chance(image, 1, seed, "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Tensor:
    """An image, or each of a batch, upside down or left as it is, by chance."""
    return _flipped_by_chance(image, 0, seed, "random_flip_up_down")


def _flipped_by_chance(image: Any, axis: int, seed: int | None, name: str) -> Tensor:
    with name_scope(None, name, [image]) as scope:
        image = convert_to_tensor(image, name="image")
        image = with_dependencies(size_checks(image), image)
        ndims = image.shape.ndims
        if ndims not in (None, 3, 4):
            raise ValueError(f"'image' (shape {image.shape}) must have either 3 or 4 dimensions.")

        def one() -> Tensor:
            mirrored = less(random_uniform([], 0, 1.0, seed=seed), 0.5)
            result = cond(mirrored, lambda: reverse(image, [axis]), lambda: image, name=scope)
            result.set_shape([None, None, None] if ndims is None else image.shape)
            return result

        def batch() -> Tensor:
            count = shape_of(image)[0]
            chances = random_uniform([count], 0, 1.0, seed=seed)
            flips = cast(nearest(reshape(chances, [count, 1, 1, 1])), image.dtype)
            flipped = reverse(image, [axis + 1])
            return flips * flipped + (1 - flips) * image

        if ndims is None:
            return cond(equal(rank(image), 3), one, batch)
        return one() if ndims == 3 else batch()


def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """The part of an image, or of each in a batch, that starts at the offsets.

    Raises ValueError for a part that is not inside; where sizes are tensors, the run does.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image, alone = as_batch(convert_to_tensor(image, name="image"))
        checks = size_checks(image)
        batch, height, width, depth = dimensions(image)
        checks += holds(offset_width >= 0, "offset_width must be >= 0.")
        checks += holds(offset_height >= 0, "offset_height must be >= 0.")
        checks += holds(target_width > 0, "target_width must be > 0.")
        checks += holds(target_height > 0, "target_height must be > 0.")
        fits = width >= (target_width + offset_width)
        checks += holds(fits, "width must be >= target + offset.")
        fits = height >= (target_height + offset_height)
        checks += holds(fits, "height must be >= target + offset.")
        image = with_dependencies(checks, image)
        start = stack([0, offset_height, offset_width, 0])
        first, last = shape_of(image)[0], shape_of(image)[3]
        part = slice_of(image, start, stack([first, target_height, target_width, last]))
        sizes = (batch, target_height, target_width, depth)
        part.set_shape([size if isinstance(size, int) else None for size in sizes])
        return squeeze(part, axis=[0]) if alone else part


def holds(condition: Any, message: str) -> list[Any]:
    """The check left for the run; ValueError where the condition is known not to hold."""
    if isinstance(condition, Tensor):
        return [Assert(condition, [message])]
    if not condition:
        raise ValueError(message)
    return []


def as_batch(image: Tensor) -> tuple[Tensor, bool]:
    """The image as a batch of rank 4, and whether it stood alone."""
    ndims = image.shape.ndims
    if ndims == 4:
        return image, False
    if ndims not in (None, 3):
        raise ValueError(f"'image' (shape {image.shape}) must have either 3 or 4 dimensions.")
    image = expand_dims(image, 0)
    if ndims is None:
        image.set_shape([None] * 4)
    return image, True


def dimensions(image: Tensor) -> list[Any]:
    """The sizes that are known as numbers, the others as tensors."""
    known = image.shape.as_list()
    if image.shape.is_fully_defined():
        return known
    sizes = unstack(shape_of(image), 4)
    return [size if size is not None else given for size, given in zip(known, sizes, strict=True)]


class ResizeMethod:
    """How `resize_images` finds new pixels."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_RESIZERS = {
    ResizeMethod.BILINEAR: resize_bilinear,
    ResizeMethod.NEAREST_NEIGHBOR: resize_nearest_neighbor,
    ResizeMethod.BICUBIC: resize_bicubic,
    ResizeMethod.AREA: resize_area,
    "bilinear": resize_bilinear,
    "nearest": resize_nearest_neighbor,
    "bicubic": resize_bicubic,
    "area": resize_area,
}


def resize_images(
    images: Any,
    size: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Tensor:
    """An image, or a batch of them, in `size` (height, width); as it is where it has that size.

    Raises ValueError for images and sizes of another rank, NotImplementedError for
    `preserve_aspect_ratio` and for methods that minitf lacks.
    """
    if preserve_aspect_ratio or method not in _RESIZERS:
        raise NotImplementedError(f"minitf resizes without preserve_aspect_ratio: {method!r}")
    with name_scope(name, "resize", [images, size]):
        images = convert_to_tensor(images, name="images")
        ndims = images.shape.ndims
        if ndims is None:
            raise ValueError("'images' contains no shape.")
        if ndims not in (3, 4):
            raise ValueError("'images' must have either 3 or 4 dimensions.")
        images, alone = as_batch(images)
        try:
            size = convert_to_tensor(size, dtypes.int32, name="size")
        except (TypeError, ValueError):
            raise ValueError("'size' must be a 1-D int32 Tensor") from None
        if not size.shape.is_compatible_with([2]):
            raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
        wanted = constant_shape(size).as_list()
        if None in wanted or images.shape.as_list()[1:3] != wanted:
            images = _RESIZERS[method](images, size, align_corners=align_corners)
            images.set_shape([None, *wanted, None])
        return squeeze(images, axis=[0]) if alone else images
