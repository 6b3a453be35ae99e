"""Colours of images: contrast, saturation, hue, and other spaces of colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import maximum
from minitf.ops.asserting import Assert
from minitf.ops.casts import cast
from minitf.ops.checks import assert_equal, assert_greater_equal
from minitf.ops.color_gradients import by_colors
from minitf.ops.division import divide
from minitf.ops.elementwise import rsqrt
from minitf.ops.filling import ones
from minitf.ops.grouping import with_dependencies
from minitf.ops.images import size_checks
from minitf.ops.joining import concat
from minitf.ops.math import reduce_std
from minitf.ops.padding import tile
from minitf.ops.pictures import convert_image_dtype
from minitf.ops.random import random_uniform
from minitf.ops.reductions import reduce_mean, reduce_prod
from minitf.ops.shapes import expand_dims, rank
from minitf.ops.shapes import shape as shape_of
from minitf.shape import TensorShape
from minitf.tensor import Tensor

_FLOATS = (dtypes.float16, dtypes.float32)


def _image(images: Tensor, *others: Tensor) -> TensorShape:
    found = images._shape.rank
    if found is not None and found < 3:
        raise ValueError(f"Shape must be at least rank 3 but is rank {found}")
    for other in others:
        with_rank(other, 0)
    return images._shape


def _colors(images: Tensor) -> TensorShape:
    found = images._shape
    if found.rank is None:
        return found
    if not found.rank:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    last = found.as_list()[-1]
    if last not in (None, 3):
        raise ValueError(f"Dimension must be 3 but is {last}")
    return found[:-1].concatenate([3])


def to_hsv(rgb: np.ndarray) -> np.ndarray:
    """Hue, saturation and value, each in [0, 1], of colours [..., 3]."""
    red, green, blue = (rgb[..., i] for i in range(3))
    value = rgb.max(-1)
    spread = value - rgb.min(-1)
    kind = rgb.dtype.type
    saturation = np.divide(spread, value, out=np.zeros_like(value), where=value > 0)
    sixth = np.divide(kind(1 / 6), spread, out=np.zeros_like(value), where=spread > 0)
    hue = np.where(
        red == value,
        sixth * (green - blue),
        np.where(
            green == value,
            sixth * (blue - red) + kind(2 / 6),
            sixth * (red - green) + kind(4 / 6),
        ),
    )
    hue = np.where(spread > 0, np.where(hue < 0, hue + kind(1), hue), kind(0))
    return np.stack([hue, saturation, value], -1)


def to_rgb(hsv: np.ndarray) -> np.ndarray:
    """The colours that hue, saturation and value stand for."""
    kind = hsv.dtype.type
    hue, saturation, value = (hsv[..., i] for i in range(3))
    turn = hue * kind(6)
    shares = (
        np.abs(turn - kind(3)) - kind(1),
        kind(2) - np.abs(turn - kind(2)),
        kind(2) - np.abs(turn - kind(4)),
    )
    pale = kind(1) - saturation
    return np.stack([(pale + saturation * np.clip(s, 0, 1)) * value for s in shares], -1)


@op
class RGBToHSV:
    """Colours as hue, saturation and value."""

    inputs = "images: T"
    outputs = "output: T"
    attrs = "T: {half, bfloat16, float, double} = DT_FLOAT"
    infer = _colors

    def kernel(images):
        return to_hsv(images)

    def gradient(op, grad):
        return by_colors(op.inputs[0], op.outputs[0], grad)


def rgb_to_hsv(images: Any, name: str | None = None) -> Tensor:
    """Colours [..., 3] in [0, 1] as hue, saturation and value in [0, 1]."""
    return RGBToHSV(images, name=name)


@op
class HSVToRGB:
    """Hue, saturation and value as colours."""

    inputs = "images: T"
    outputs = "output: T"
    attrs = "T: {half, bfloat16, float, double} = DT_FLOAT"
    infer = _colors

    def kernel(images):
        return to_rgb(images)

    gradient = None


def hsv_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Hue, saturation and value [..., 3] as colours."""
    return HSVToRGB(images, name=name)


@op
class AdjustContrastv2:
    """Each channel's distance from its mean over the image, `contrast_factor` times as large."""

    inputs = "images: T, contrast_factor: float"
    outputs = "output: T"
    attrs = "T: {half, float} = DT_FLOAT"
    infer = _image

    def kernel(images, contrast_factor):
        wide = images.astype(np.float32)
        mean = wide.mean((-3, -2), keepdims=True, dtype=np.float32)
        return ((wide - mean) * contrast_factor + mean).astype(images.dtype)

    gradient = LookupError


@op
class AdjustSaturation:
    """Images whose saturation is `scale` times as large."""

    inputs = "images: T, scale: float"
    outputs = "output: T"
    attrs = "T: {half, float} = DT_FLOAT"
    infer = _image

    def kernel(images, scale):
        hsv = to_hsv(images.astype(np.float32))
        hsv[..., 1] = np.clip(hsv[..., 1] * scale, 0, 1)
        return to_rgb(hsv).astype(images.dtype)

    gradient = LookupError


@op
class AdjustHue:
    """Images whose hue is turned by `delta`, 1 being the whole circle."""

    inputs = "images: T, delta: float"
    outputs = "output: T"
    attrs = "T: {half, float} = DT_FLOAT"
    infer = _image

    def kernel(images, delta):
        hsv = to_hsv(images.astype(np.float32))
        hsv[..., 0] = np.mod(hsv[..., 0] + delta, np.float32(1))
        return to_rgb(hsv).astype(images.dtype)

    gradient = LookupError


def _as_floats(image: Tensor) -> Tensor:
    return image if image.dtype in _FLOATS else convert_image_dtype(image, dtypes.float32)


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Each channel's distance from its mean, `contrast_factor` times as large."""
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert_to_tensor(images, name="images")
        adjusted = AdjustContrastv2(_as_floats(images), contrast_factor, name=scope)
        return convert_image_dtype(adjusted, images.dtype, saturate=True)


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """An image whose saturation is `saturation_factor` times as large."""
    with name_scope(name, "adjust_saturation", [image]):
        image = convert_to_tensor(image, name="image")
        adjusted = AdjustSaturation(_as_floats(image), saturation_factor)
        return convert_image_dtype(adjusted, image.dtype)


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """An image whose hue is turned by `delta` (1 is the whole circle)."""
    with name_scope(name, "adjust_hue", [image]):
        image = convert_to_tensor(image, name="image")
        return convert_image_dtype(AdjustHue(_as_floats(image), delta), image.dtype)


def _factor(lower: float, upper: float, seed: int | None) -> Tensor:
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")
    return random_uniform([], lower, upper, seed=seed)


def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """An image whose contrast is changed by chance; ValueError for bounds that are none."""
    return adjust_contrast(image, _factor(lower, upper, seed))


def random_saturation(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """An image whose saturation is changed by chance; ValueError for bounds that are none."""
    return adjust_saturation(image, _factor(lower, upper, seed))


def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """An image whose hue is turned by chance, by half a circle at most; else ValueError."""
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Tensor:
    """`gain * image ** gamma`, of values in [0, 1]; ValueError for a gamma below 0."""
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert_to_tensor(image, name="image")
        floats = _as_floats(image)
        message = "Gamma should be a non-negative real number."
        if isinstance(gamma, Tensor):
            gamma = with_dependencies([Assert(gamma >= 0, [message])], gamma)
        elif gamma < 0:
            raise ValueError(message)
        return convert_image_dtype(gain * floats**gamma, image.dtype, saturate=True)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Images [..., 1] as images [..., 3]; ValueError where the last size is known to be another."""
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = with_dependencies(_gray_checks(images), images)
        count = expand_dims(rank(images) - 1, 0)
        times = concat([ones(count, dtype=dtypes.int32), expand_dims(3, 0)], 0)
        colored = tile(images, times, name=scope)
        colored.set_shape(images.shape[:-1].concatenate([3]))
        return colored


def _gray_checks(image: Tensor) -> list[Any]:
    found = image.get_shape()  # of a tensor: TensorFlow converts no arrays here
    if found.rank is not None and found.rank < 2:
        raise ValueError(f"A grayscale image (shape {found}) must be at least two-dimensional.")
    message = "Last dimension of a grayscale image should be size 1."
    if not found.is_fully_defined():
        least = "A grayscale image must be at least two-dimensional."
        return [
            assert_equal(shape_of(image)[-1], 1, message=message),
            assert_greater_equal(rank(image), 3, message=least),
        ]
    if found.as_list()[-1] != 1:
        raise ValueError(message)
    return []


def per_image_standardization(image: Any) -> Tensor:
    """Each image with mean 0 and variance 1; a deviation of nearly nothing stays small."""
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = convert_to_tensor(image, name="image")
        image = with_dependencies(size_checks(image), image)
        image = cast(image, dtypes.float32)
        pixels = reduce_prod(shape_of(image)[-3:])
        mean = reduce_mean(image, axis=[-1, -2, -3], keepdims=True)
        deviation = reduce_std(image, axis=[-1, -2, -3], keepdims=True)
        least = rsqrt(cast(pixels, dtypes.float32))
        deviation = maximum(deviation, least)
        image -= mean
        return divide(image, deviation, name=scope)
