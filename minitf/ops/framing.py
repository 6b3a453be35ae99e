"""Images cut to their middle, with a frame around them, turned, and how uneven they are."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import get_static_value
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import maximum, minimum
from minitf.ops.asserting import Assert
from minitf.ops.case import case
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.cond import cond
from minitf.ops.grouping import with_dependencies
from minitf.ops.images import size_checks
from minitf.ops.joining import stack
from minitf.ops.logic import equal, logical_or
from minitf.ops.padding import pad
from minitf.ops.pictures import as_batch, crop_to_bounding_box, dimensions, holds
from minitf.ops.rearranging import reverse, transpose
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import rank, reshape, squeeze
from minitf.ops.shapes import shape as shape_of
from minitf.ops.slicing import slice_of
from minitf.tensor import Tensor


def _middle(size: Any, fraction: Any, known: float | None) -> Any:
    """Where the middle part of one dimension begins."""
    if isinstance(size, Tensor) or known is None:
        whole = cast(size, dtypes.float64)
        return cast((whole - whole * cast(fraction, dtypes.float64)) / 2, dtypes.int32)
    return int((float(size) - float(size) * known) / 2)


def central_crop(image: Any, central_fraction: Any) -> Tensor:
    """The middle of an image, or of each in a batch, `central_fraction` of its height and width.

    Raises ValueError for a fraction outside (0, 1] and for other ranks than 3 and 4.
    """
    with name_scope(None, "central_crop", [image]):
        image = convert_to_tensor(image, name="image")
        known = get_static_value(central_fraction)
        message = "central_fraction must be within (0, 1]"
        if known is None:
            fits = logical_or(central_fraction > 0.0, central_fraction <= 1.0)
            image = with_dependencies([Assert(fits, [message])], image)
        elif not 0.0 < known <= 1.0:
            raise ValueError(message)
        elif known == 1.0:
            return image
        with_dependencies(size_checks(image), image)
        if image.shape.rank not in (3, 4):
            raise ValueError(
                "`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = "
                f"{image.shape.rank}."
            )
        outer = image.shape.rank - 3
        sizes = [image.shape.as_list()[outer + i] for i in range(2)]
        found = [
            shape_of(image)[outer + i] if size is None else size for i, size in enumerate(sizes)
        ]
        starts = [_middle(size, central_fraction, known) for size in found]
        lengths = [size - start * 2 for size, start in zip(found, starts, strict=True)]
        begin = stack([*[0] * outer, *starts, 0])
        result = slice_of(image, begin, stack([*[-1] * outer, *lengths, -1]))
        inner = [None if isinstance(n, Tensor) else n for n in lengths]
        result.set_shape([*image.shape.as_list()[:outer], *inner, image.shape.as_list()[-1]])
        return result


def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """An image, or each of a batch, with zeros around it, that starts at the offsets.

    Raises ValueError where it does not fit; where sizes are tensors, the run does.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image, alone = as_batch(convert_to_tensor(image, name="image"))
        batch, height, width, depth = dimensions(image)
        right = target_width - offset_width - width
        below = target_height - offset_height - height
        checks = size_checks(image)
        checks += holds(offset_height >= 0, "offset_height must be >= 0")
        checks += holds(offset_width >= 0, "offset_width must be >= 0")
        checks += holds(right >= 0, "width must be <= target - offset")
        checks += holds(below >= 0, "height must be <= target - offset")
        image = with_dependencies(checks, image)
        frame = stack([0, 0, offset_height, below, offset_width, right, 0, 0])
        padded = pad(image, reshape(frame, [4, 2]))
        sizes = (batch, target_height, target_width, depth)
        padded.set_shape([None if isinstance(size, Tensor) else size for size in sizes])
        return squeeze(padded, axis=[0]) if alone else padded


def _larger(x: Any, y: Any) -> Any:
    tensors = isinstance(x, Tensor) or isinstance(y, Tensor)
    return maximum(x, y) if tensors else max(x, y)


def _smaller(x: Any, y: Any) -> Any:
    tensors = isinstance(x, Tensor) or isinstance(y, Tensor)
    return minimum(x, y) if tensors else min(x, y)


def _same(x: Any, y: Any) -> Any:
    tensors = isinstance(x, Tensor) or isinstance(y, Tensor)
    return equal(x, y) if tensors else x == y


def resize_image_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    """An image of these sizes, cut or with zeros around it, its middle in the middle.

    Raises ValueError for other ranks than 3 and 4 and for sizes that are not positive.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image, alone = as_batch(convert_to_tensor(image, name="image"))
        checks = size_checks(image)
        checks += holds(target_width > 0, "target_width must be > 0.")
        checks += holds(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        if isinstance(target_height, Tensor):
            target_height = with_dependencies(checks, target_height)
        if isinstance(target_width, Tensor):
            target_width = with_dependencies(checks, target_width)
        _, height, width, _ = dimensions(image)
        wider = target_width - width
        cut_width, pad_width = _larger(-wider // 2, 0), _larger(wider // 2, 0)
        higher = target_height - height
        cut_height, pad_height = _larger(-higher // 2, 0), _larger(higher // 2, 0)
        cropped = crop_to_bounding_box(
            image, cut_height, cut_width, _smaller(target_height, height),
            _smaller(target_width, width),
        )  # fmt: skip
        resized = pad_to_bounding_box(cropped, pad_height, pad_width, target_height, target_width)
        _, new_height, new_width, _ = dimensions(resized)
        checks = holds(_same(new_height, target_height), "resized height is not correct.")
        checks += holds(_same(new_width, target_width), "resized width is not correct.")
        resized = with_dependencies(checks, resized)
        return squeeze(resized, axis=[0]) if alone else resized


def _by_rank(image: Tensor, one: Any, many: Any) -> Any:
    """What `one` or `many` gives, as the image stands alone or is a batch."""
    known = image.shape.rank
    if known is None:
        return cond(equal(rank(image), 3), one, many)
    if known not in (3, 4):
        raise ValueError(f"'image' (shape {image.shape}) must have either 3 or 4 dimensions.")
    return one() if known == 3 else many()


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Tensor:
    """An image, or each of a batch, turned by `k` quarters of a circle to the left."""
    with name_scope(name, "rot90", [image, k]) as scope:
        image = convert_to_tensor(image, name="image")
        image = with_dependencies(size_checks(image), image)
        k = convert_to_tensor(k, dtype=dtypes.int32, name="k")
        k.shape.assert_has_rank(0)
        k = k % 4

        def one() -> Tensor:
            result = _turned(image, k, 0, scope)
            result.set_shape([None, None, image.shape[2]])
            return result

        def many() -> Tensor:
            result = _turned(image, k, 1, scope)
            result.set_shape([result.shape[0], None, None, result.shape[3]])
            return result

        return _by_rank(image, one, many)


def _turned(image: Tensor, k: Tensor, first: int, scope: str) -> Tensor:
    rows, columns = first, first + 1
    swapped = [1, 0, 2] if first == 0 else [0, 2, 1, 3]
    cases = [
        (equal(k, 1), lambda: transpose(reverse(image, [columns]), swapped)),
        (equal(k, 2), lambda: reverse(image, [rows, columns])),
        (equal(k, 3), lambda: reverse(transpose(image, swapped), [columns])),
    ]
    return case(cases, default=lambda: image, exclusive=True, name=scope)


def transpose_image(image: Any, name: str | None = None) -> Tensor:
    """An image, or each of a batch, with rows as columns."""
    with name_scope(name, "transpose", [image]):
        image = convert_to_tensor(image, name="image")
        image = with_dependencies(size_checks(image), image)

        def one() -> Tensor:
            return transpose(image, [1, 0, 2], name=name)

        def many() -> Tensor:
            return transpose(image, [0, 2, 1, 3], name=name)

        return _by_rank(image, one, many)


def total_variation(images: Tensor, name: str | None = None) -> Tensor:
    """How much pixels differ from those below and beside them, summed over each image."""
    with name_scope(name, "total_variation"):
        known = images.shape.rank
        if known == 3:
            down = images[1:, :, :] - images[:-1, :, :]
            right = images[:, 1:, :] - images[:, :-1, :]
            axes = None
        elif known == 4:
            down = images[:, 1:, :, :] - images[:, :-1, :, :]
            right = images[:, :, 1:, :] - images[:, :, :-1, :]
            axes = [1, 2, 3]
        else:
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        return reduce_sum(absolute(down), axis=axes) + reduce_sum(absolute(right), axis=axes)
