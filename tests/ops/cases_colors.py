"""Rows for ops on the colours of images."""

import colorsys

import numpy as np
from ops.cases import Case

from minitf.ops import colors

RGB = np.random.RandomState(0).uniform(0.05, 0.95, (2, 3, 3))
IMAGE = RGB.astype(np.float32)


def each(function):
    """A function of three numbers for every pixel."""
    return lambda image, *_: np.apply_along_axis(lambda p: function(*p), -1, image)


def changed(image, change):
    """The image with each pixel's hue, saturation and value changed."""
    return each(lambda *p: colorsys.hsv_to_rgb(*change(*colorsys.rgb_to_hsv(*p))))(image).astype(
        np.float32
    )


def contrasted(image, factor):
    mean = image.mean((0, 1), keepdims=True)
    return (image - mean) * factor + mean


CASES = [
    Case("RGBToHSV", colors.rgb_to_hsv, (RGB,), each(colorsys.rgb_to_hsv)),
    Case("HSVToRGB", colors.hsv_to_rgb, (RGB,), each(colorsys.hsv_to_rgb)),
    Case("AdjustContrastv2", colors.AdjustContrastv2, (IMAGE, np.float32(1.5)), contrasted),
    Case(
        "AdjustSaturation",
        colors.AdjustSaturation,
        (IMAGE, np.float32(2.0)),
        lambda image, scale: changed(image, lambda h, s, v: (h, min(s * scale, 1), v)),
    ),
    Case(
        "AdjustHue",
        colors.AdjustHue,
        (IMAGE, np.float32(-0.4)),
        lambda image, delta: changed(image, lambda h, s, v: ((h + delta) % 1, s, v)),
    ),
]
