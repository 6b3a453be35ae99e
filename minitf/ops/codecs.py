"""Encoded images decoded to pixels while a graph runs, and pixels encoded."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.infer import constant_value, with_rank
from minitf.kernels import codecs, media
from minitf.kernels.codecs import wrong
from minitf.op import op
from minitf.proto import as_bytes
from minitf.shape import UNKNOWN, TensorShape, shape_of
from minitf.tensor import Tensor

_JPEG_ATTRS = (
    "channels: int = 0, ratio: int = 1, fancy_upscaling: bool = true, "
    "try_recover_truncated: bool = false, acceptable_fraction: float = 1.0, "
    'dct_method: string = ""'
)
_METHODS = ("", "INTEGER_FAST", "INTEGER_ACCURATE")


def _contents(value: Any) -> bytes:
    if isinstance(value, (bytes, str)):
        return as_bytes(value)
    if np.ndim(value):
        raise wrong(f"`contents` must be scalar but got shape{shape_of(value)}")
    return as_bytes(np.asarray(value, object)[()])


def _check_channels(channels: int) -> None:
    if channels not in (0, 1, 3, 4):
        raise wrong(f"`channels` must be 0, 1, 3 or 4 but got {channels}")


def _pixels(op_type: str, data: bytes, channels: int, dtype: Any, jpeg: dict[str, Any]) -> Any:
    """The pixels of any of the formats, as each of the ops decodes them all."""
    _check_channels(channels)
    kind = codecs.format_of(data)
    if op_type == "DecodeBmp" and kind != "BMP":
        raise wrong(
            f"Trying to decode {kind} format using DecodeBmp op. Use `decode_{kind.lower()}` or "
            "`decode_image` instead."
        )
    if kind == "BMP" and op_type not in ("DecodeBmp", "DecodeImage"):
        raise wrong(
            "Trying to decode BMP format using a wrong op. Use `decode_bmp` or `decode_image` "
            f"instead. Op used: {op_type}"
        )
    if kind == "PNG":
        pixels = codecs.decoded_png(data, channels, dtype is not dtypes.uint8)
    elif kind == "JPEG":
        pixels = codecs.decoded_jpeg(data, channels, **jpeg)
    elif kind == "BMP":
        pixels = codecs.decoded_bmp(data, channels)
    else:
        if channels not in (0, 3):
            raise wrong(f"channels must be 0 or 3 for GIF, got {channels}")
        pixels = codecs.decoded_gif(data)
    if dtype is dtypes.float32:
        return pixels.astype(np.float32) * np.float32(1 / np.iinfo(pixels.dtype).max)
    if dtype is dtypes.uint16 and pixels.dtype == np.uint8:
        return pixels.astype(np.uint16) << 8
    return pixels


def _one_frame(pixels: np.ndarray) -> np.ndarray:
    """Pixels [height, width, channels]; InvalidArgumentError for an animation."""
    if pixels.ndim == 3:
        return pixels
    if len(pixels) > 1:
        raise wrong(
            f"Got {len(pixels)} frames, but animated gifs can only be decoded by tf.io.decode_gif "
            "or tf.io.decode_image"
        )
    return pixels[0]


def _plain(ratio: int = 1, recover: bool = False) -> dict[str, Any]:
    return {"ratio": ratio, "recover": recover}


def _decoded_shape(contents: Tensor, *others: Any, channels: int = 0) -> TensorShape:
    with_rank(contents, 0)
    return TensorShape([None, None, channels or None])


@op
class DecodePng:
    """The pixels of an image, of a PNG above all."""

    inputs = "contents: string"
    outputs = "image: dtype"
    attrs = "channels: int = 0, dtype: {uint8, uint16} = DT_UINT8"
    infer = _decoded_shape

    def kernel(contents, *, channels, dtype):
        return _one_frame(_pixels("DecodePng", _contents(contents), channels, dtype, _plain()))

    gradient = None


def _check_jpeg(ratio: int, dct_method: str) -> None:
    if ratio not in (1, 2, 4, 8):
        raise wrong(f"ratio must be 1, 2, 4, or 8, got {ratio}")
    if dct_method not in _METHODS:
        raise wrong("dct_method must be one of {'', 'INTEGER_FAST', 'INTEGER_ACCURATE'}")


@op
class DecodeJpeg:
    """The pixels of an image, of a JPEG above all, `ratio` times smaller."""

    inputs = "contents: string"
    outputs = "image: uint8"
    attrs = _JPEG_ATTRS
    infer = _decoded_shape

    def kernel(contents, *, channels, ratio, try_recover_truncated, dct_method):
        _check_jpeg(ratio, dct_method)
        jpeg = _plain(ratio, try_recover_truncated)
        data = _contents(contents)
        return _one_frame(_pixels("DecodeJpeg", data, channels, dtypes.uint8, jpeg))

    gradient = None


@op
class DecodeAndCropJpeg:
    """The pixels of a part of a JPEG: y, x, height and width."""

    inputs = "contents: string, crop_window: int32"
    outputs = "image: uint8"
    attrs = _JPEG_ATTRS

    def infer(contents, crop_window, *, channels):
        with_rank(contents, 0)
        if crop_window._shape.rank is not None:
            found = with_rank(crop_window, 1).as_list()[0]
            if found not in (None, 4):
                raise ValueError(f"Dimension must be 4 but is {found}")
        window = constant_value(crop_window)
        size = [None, None] if window is None else [int(n) for n in window[2:]]
        return [*size, channels or None]

    def kernel(contents, crop, *, channels, ratio, try_recover_truncated, dct_method):
        _check_jpeg(ratio, dct_method)
        _check_channels(channels)
        data = _contents(contents)
        kind = codecs.format_of(data)
        if kind != "JPEG":
            raise wrong(f"DecodeAndCropJpeg operation can run on JPEG only, but detected {kind}.")
        window = [int(n) for n in crop]
        return codecs.decoded_jpeg(data, channels, ratio, try_recover_truncated, window)

    gradient = None


@op
class DecodeGif:
    """The frames of a GIF; another image as one frame."""

    inputs = "contents: string"
    outputs = "image: uint8"

    def infer(contents):
        with_rank(contents, 0)
        return [None, None, None, 3]

    def kernel(contents):
        pixels = _pixels("DecodeGif", _contents(contents), 3, dtypes.uint8, _plain())
        return pixels if pixels.ndim == 4 else pixels[np.newaxis]

    gradient = None


@op
class DecodeBmp:
    """The pixels of a BMP."""

    inputs = "contents: string"
    outputs = "image: uint8"
    attrs = "channels: int = 0"
    infer = _decoded_shape

    def kernel(contents, *, channels):
        return _pixels("DecodeBmp", _contents(contents), channels, dtypes.uint8, _plain())

    gradient = None


@op
class DecodeImage:
    """The pixels of an image of any kind; those of a GIF have a dimension of frames."""

    inputs = "contents: string"
    outputs = "image: dtype"
    attrs = (
        "channels: int = 0, dtype: {uint8, uint16, float} = DT_UINT8, "
        "expand_animations: bool = true"
    )

    def infer(contents, *, channels, expand_animations):
        with_rank(contents, 0)
        return UNKNOWN if expand_animations else [None, None, channels or None]

    def kernel(contents, *, channels, dtype, expand_animations):
        pixels = _pixels("DecodeImage", _contents(contents), channels, dtype, _plain())
        return pixels[0] if pixels.ndim == 4 and not expand_animations else pixels

    gradient = None


@op
class ExtractJpegShape:
    """A JPEG's height, width and number of channels, without decoding it."""

    inputs = "contents: string"
    outputs = "image_shape: output_type"
    attrs = "output_type: {int32, int64} = DT_INT32"

    def infer(contents):
        with_rank(contents, 0)
        return [3]

    def kernel(contents, *, output_type):
        return np.array(codecs.jpeg_shape(_contents(contents)), output_type.as_numpy_dtype)

    gradient = None


@op
class EncodePng:
    """Pixels [..., height, width, 1 to 4] as PNG."""

    inputs = "image: T"
    outputs = "contents: string"
    attrs = "compression: int = -1, T: {uint8, uint16} = DT_UINT8"

    def infer(image):
        rank = image._shape.rank
        if rank is not None and rank < 3:
            raise ValueError(f"Shape must be at least rank 3 but is rank {rank}")
        return image._shape[:-3]

    def kernel(image, *, compression):
        if not -1 <= compression <= 9:
            raise wrong(f"compression should be in [-1,9], got {compression}")
        if image.ndim < 3:
            raise wrong(f"images must be at least rank 3{shape_of(image)}")
        if not 1 <= image.shape[-1] <= 4:
            raise wrong(f"image must have 1, 2, 3, or 4 channels, got {image.shape[-1]}")
        outer = image.shape[:-3]
        if not outer:
            return media.png(image, compression)
        result = np.empty(outer, object)
        for place in np.ndindex(*outer):
            result[place] = media.png(image[place], compression)
        return result

    gradient = None


def _check_image(image: Any, quality: int) -> None:
    if not 0 <= quality <= 100:
        raise wrong(f"quality must be in [0,100], got {quality}")
    if image.ndim != 3:
        raise wrong(f"image must be 3-dimensional{shape_of(image)}")


@op
class EncodeJpeg:
    """Pixels [height, width, 1 or 3] as JPEG."""

    inputs = "image: uint8"
    outputs = "contents: string"
    attrs = (
        "format: {'', 'grayscale', 'rgb'} = \"\", quality: int = 95, progressive: bool = false, "
        "optimize_size: bool = false, chroma_downsampling: bool = true, "
        "density_unit: {'in', 'cm'} = \"in\", x_density: int = 300, y_density: int = 300, "
        'xmp_metadata: string = ""'
    )

    def infer(image):
        with_rank(image, 3)
        return []

    def kernel(
        image, *, format, quality, progressive, optimize_size, chroma_downsampling, density_unit,
        x_density, y_density, xmp_metadata,
    ):  # fmt: skip
        _check_image(image, quality)
        channels = image.shape[-1]
        if not format and channels not in (1, 3):
            raise wrong(f"image must have 1 or 3 channels, got {shape_of(image)}")
        expected = {"": channels, "grayscale": 1, "rgb": 3}[format]
        if channels != expected:
            raise wrong(f"format {format} expects {expected} channels, got {shape_of(image)}")
        density = (1 if density_unit == "in" else 2, x_density, y_density)
        return codecs.encoded_jpeg(
            image, quality, density, xmp_metadata.encode("utf-8", "surrogateescape"),
            chroma_downsampling, progressive, optimize_size,
        )  # fmt: skip

    gradient = None


@op
class EncodeJpegVariableQuality:
    """Pixels [height, width, 1 or 3] as JPEG of a quality that the run decides."""

    inputs = "images: uint8, quality: int32"
    outputs = "contents: string"

    def infer(images, quality):
        with_rank(images, 3)
        with_rank(quality, 0)
        return []

    def kernel(images, quality):
        _check_image(images, int(quality))
        if images.shape[-1] not in (1, 3):
            raise wrong(f"image must have 1 or 3 channels, got {shape_of(images)}")
        return codecs.encoded_jpeg(images, int(quality))

    gradient = None
