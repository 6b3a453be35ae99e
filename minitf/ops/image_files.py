"""Images as files have them: functions that decode and encode."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops import codecs
from minitf.ops.logic import equal
from minitf.ops.pictures import convert_image_dtype
from minitf.ops.strings import substr
from minitf.tensor import Tensor


def decode_png(
    contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None
) -> Tensor:
    """The pixels [height, width, channels] of an image; `channels` 0 for as many as it has.

    A run fails for what is no image, as all of these do.
    """
    return codecs.DecodePng(contents, channels=channels, dtype=dtype, name=name)


def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """The pixels of an image, `ratio` (1, 2, 4 or 8) times smaller where it is a JPEG."""
    return codecs.DecodeJpeg(
        contents, channels=channels, ratio=ratio, fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated, acceptable_fraction=acceptable_fraction,
        dct_method=dct_method, name=name,
    )  # fmt: skip


def decode_and_crop_jpeg(
    contents: Any,
    crop_window: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """The pixels of a part of a JPEG, which `crop_window` (y, x, height, width) says."""
    return codecs.DecodeAndCropJpeg(
        contents, crop_window, channels=channels, ratio=ratio, fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated, acceptable_fraction=acceptable_fraction,
        dct_method=dct_method, name=name,
    )  # fmt: skip


def decode_gif(contents: Any, name: str | None = None) -> Tensor:
    """The frames [frames, height, width, 3] of a GIF."""
    return codecs.DecodeGif(contents, name=name)


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Tensor:
    """The pixels of a BMP."""
    return codecs.DecodeBmp(contents, channels=channels, name=name)


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = dtypes.uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """The pixels of an image of any kind, as integers or as floats in [0, 1].

    A GIF has a first dimension of frames unless `expand_animations` is False.
    """
    with name_scope(name, "decode_image"):
        wanted = dtypes.as_dtype(dtype)
        direct = wanted in (dtypes.float32, dtypes.uint8, dtypes.uint16)
        image = codecs.DecodeImage(
            contents, channels=channels or 0, expand_animations=expand_animations,
            dtype=wanted if direct else dtypes.uint16,
        )  # fmt: skip
        if not direct:
            image = convert_image_dtype(image, wanted)
        if not expand_animations:
            image.set_shape([None, None, channels or None])
        return image


def extract_jpeg_shape(
    contents: Any, output_type: Any = dtypes.int32, name: str | None = None
) -> Tensor:
    """A JPEG's height, width and number of channels."""
    return codecs.ExtractJpegShape(contents, output_type=output_type, name=name)


def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Whether a string begins as a JPEG does."""
    with name_scope(name, "is_jpeg"):
        return equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=name)


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Tensor:
    """Pixels of uint8 or uint16, [..., height, width, 1 to 4], as PNG."""
    return codecs.EncodePng(convert_to_tensor(image), compression=compression, name=name)


def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: str = "",
    name: str | None = None,
) -> Tensor:
    """Pixels of uint8, [height, width, 1 or 3], as JPEG; `quality` goes from 0 to 100."""
    return codecs.EncodeJpeg(
        image, format=format, quality=quality, progressive=progressive,
        optimize_size=optimize_size, chroma_downsampling=chroma_downsampling,
        density_unit=density_unit, x_density=x_density, y_density=y_density,
        xmp_metadata=xmp_metadata, name=name,
    )  # fmt: skip


def adjust_jpeg_quality(
    image: Any, jpeg_quality: Any, dct_method: str = "", name: str | None = None
) -> Tensor:
    """An image as a JPEG of this quality would show it."""
    with name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert_to_tensor(image, name="image")
        channels, dtype = image.shape.as_list()[-1], image.dtype
        image = convert_image_dtype(image, dtypes.uint8, saturate=True)
        if not isinstance(jpeg_quality, Tensor):
            jpeg_quality = convert_to_tensor(jpeg_quality, dtypes.int32)
        encoded = codecs.EncodeJpegVariableQuality(image, jpeg_quality)
        image = codecs.DecodeJpeg(encoded, channels=channels, dct_method=dct_method)
        return convert_image_dtype(image, dtype, saturate=True)
