"""Encoded images and pixels: PNG, JPEG, GIF and BMP, by Pillow where it keeps all their bits."""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError

_STARTS = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "GIF": b"GIF8", "BMP": b"BM"}
_TO_GRAY = (9797, 19234, 3737)  # of red, green and blue, in 32768ths, as libpng has them
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_pillows_settings = threading.Lock()


def wrong(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def format_of(data: bytes) -> str:
    """What kind of image these bytes are; InvalidArgumentError for what is none."""
    if not data:
        raise wrong("Input is empty.")
    for name, start in _STARTS.items():
        if data.startswith(start):
            return name
    raise wrong("Unknown image file format. One of JPEG, PNG, GIF, BMP required.")


def _image(data: bytes) -> Any:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large images: they are decoded all the same
        return Image.open(io.BytesIO(data))


def _gray(pixels: np.ndarray) -> np.ndarray:
    """Pixels of 3 channels as one, rounded as libpng does."""
    wide = pixels.astype(np.uint64)
    mixed = wide @ np.array(_TO_GRAY, np.uint64)
    if pixels.dtype == np.uint16:
        mixed += np.uint64(16384)
    return (mixed >> np.uint64(15)).astype(pixels.dtype)[..., np.newaxis]


def _with_channels(pixels: np.ndarray, channels: int) -> np.ndarray:
    """Pixels of 1 to 4 channels as others, opaque where alpha is added."""
    found = pixels.shape[-1]
    if channels in (0, found):
        return pixels
    colors = pixels[..., : found - 1] if found in (2, 4) else pixels
    if channels < 3:
        colors = _gray(colors) if colors.shape[-1] == 3 else colors
    elif colors.shape[-1] == 1:
        colors = np.repeat(colors, 3, axis=-1)
    if channels in (1, 3):
        return colors
    opaque = np.full((*pixels.shape[:-1], 1), np.iinfo(pixels.dtype).max, pixels.dtype)
    alpha = pixels[..., -1:] if found in (2, 4) else opaque
    return np.concatenate([colors, alpha], axis=-1)


def decoded_png(data: bytes, channels: int, deep: bool) -> np.ndarray:
    """A PNG's pixels, in 16 bits where `deep`; `channels` 0 for as many as it has."""
    try:
        sixteen = len(data) > 24 and data[24] == 16
        pixels = _sixteen_bits(data) if sixteen else _eight_bits(data, channels)
    except (OSError, SyntaxError, ValueError, struct.error, zlib.error, IndexError):
        raise wrong(f"Invalid PNG data, size {len(data)}") from None
    pixels = _with_channels(pixels, channels)
    if sixteen:
        return pixels if deep else (pixels >> 8).astype(np.uint8)
    return pixels.astype(np.uint16) * 257 if deep else pixels


def _eight_bits(data: bytes, channels: int) -> np.ndarray:
    image = _image(data)
    see_through = "transparency" in image.info
    if image.mode == "P":
        image = image.convert("RGBA" if see_through else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif see_through and channels == 4:
        image = image.convert("RGBA")
    pixels = np.asarray(image)
    return pixels if pixels.ndim == 3 else pixels[..., np.newaxis]


def _sixteen_bits(data: bytes) -> np.ndarray:
    """The pixels of a PNG that has 16 bits for each value, which Pillow would halve."""
    width, height, _, color, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if interlaced:
        raise wrong("minitf does not decode interlaced PNG images of 16 bits")
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[color]
    place, parts = 8, []
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if kind == b"IDAT":
            parts.append(data[place + 8 : place + 8 + length])
        place += 12 + length
    raw = zlib.decompress(b"".join(parts))
    step, size = 2 * channels, 2 * channels * width
    row, rows = bytes(size), []
    for i in range(height):
        start = i * (size + 1)
        row = _unfiltered(raw[start], raw[start + 1 : start + 1 + size], row, step)
        rows.append(row)
    pixels = np.frombuffer(b"".join(rows), ">u2").astype(np.uint16)
    return pixels.reshape(height, width, channels)


def _unfiltered(kind: int, line: bytes, above: bytes, step: int) -> bytes:
    """A row as it was before PNG's filter number `kind` (W3C, "PNG Specification", 2003)."""
    if kind == 0:
        return line
    row = bytearray(line)
    for i, value in enumerate(line):
        left = row[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[i]
        elif kind == 3:
            guess = (left + above[i]) // 2
        else:
            guess = _paeth(left, above[i], corner)
        row[i] = (value + guess) & 255
    return bytes(row)


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda value: abs(estimate - value))


def decoded_jpeg(
    data: bytes, channels: int, ratio: int, recover: bool, crop: Any = None
) -> np.ndarray:
    """A JPEG's pixels, `ratio` times smaller, all of them or those in `crop`.

    `recover` leaves the rest of a file that is cut off gray.
    """
    if channels == 4:
        raise wrong("JPEG does not support 4 channels")
    try:
        image = _image(data)
        width, height = image.size
        mode = {0: "L" if image.mode == "L" else "RGB", 1: "L", 3: "RGB"}[channels]
        image.draft(mode, (max(1, width // ratio), max(1, height // ratio)))
        _load(image, recover)
        pixels = np.asarray(image if image.mode == mode else image.convert(mode))
    except (OSError, SyntaxError, ValueError):
        raise wrong("jpeg::Uncompress failed. Invalid JPEG data or crop window.") from None
    pixels = pixels if pixels.ndim == 3 else pixels[..., np.newaxis]
    return pixels if crop is None else _cropped(pixels, *crop)


def _load(image: Any, recover: bool) -> None:
    from PIL import ImageFile

    if not recover:
        image.load()
        return
    with _pillows_settings:  # it has but one such setting for the whole process
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _cropped(pixels: np.ndarray, y: int, x: int, height: int, width: int) -> np.ndarray:
    fits = min(y, x) >= 0 and min(height, width) > 0
    if not fits or y + height > pixels.shape[0] or x + width > pixels.shape[1]:
        raise wrong("jpeg::Uncompress failed. Invalid JPEG data or crop window.")
    return pixels[y : y + height, x : x + width]


def jpeg_shape(data: bytes) -> tuple[int, int, int]:
    """A JPEG's height, width and number of channels."""
    if not data.startswith(_STARTS["JPEG"]):
        raise wrong(f"Invalid JPEG data, size {len(data)}")
    try:
        image = _image(data)
    except (OSError, SyntaxError, ValueError):
        raise wrong(f"Invalid JPEG data, size {len(data)}") from None
    return image.size[1], image.size[0], len(image.getbands())


def encoded_jpeg(
    pixels: np.ndarray,
    quality: int,
    density: tuple[int, int, int] = (1, 300, 300),
    xmp: bytes = b"",
    chroma_downsampling: bool = True,
    progressive: bool = False,
    optimize: bool = False,
) -> bytes:
    """A JPEG of uint8 pixels [height, width, 1 or 3]; `density` is its unit, then x and y."""
    from PIL import Image

    file = io.BytesIO()
    colored = pixels.shape[-1] > 1
    flat = pixels if colored else pixels[..., 0]
    Image.fromarray(np.ascontiguousarray(flat)).save(
        file,
        "JPEG",
        quality=quality,
        subsampling=2 if colored and chroma_downsampling else 0,
        progressive=progressive,
        optimize=optimize,
    )
    data = file.getvalue()
    more = b"\xff\xe1" + struct.pack(">H", 2 + len(_XMP + xmp)) + _XMP + xmp if xmp else b""
    return data[:13] + struct.pack(">BHH", *density) + data[18:20] + more + data[20:]


def decoded_gif(data: bytes) -> np.ndarray:
    """A GIF's frames [frames, height, width, 3]."""
    from PIL import ImageSequence

    try:
        image = _image(data)
        frames = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    except (OSError, SyntaxError, ValueError, EOFError):
        raise wrong(
            f"Invalid GIF data (size {len(data)}), failed to slurp gif file: Failed to read from "
            "given file"
        ) from None
    return np.stack(frames)


def decoded_bmp(data: bytes, channels: int) -> np.ndarray:
    """The pixels of a BMP that is not compressed, of 8, 24 or 32 bits; palettes are not read."""
    if channels == 1:
        raise wrong("`channels` must be 0, 3 or 4 for BMP, but got 1")
    if len(data) < 32:
        raise wrong(
            "Incomplete bmp content, requires at least 32 bytes to find the header size, width, "
            f"height, and bpp, got {len(data)} bytes"
        )
    header = struct.unpack("<I", data[10:14])[0]
    width, height, _, bits = struct.unpack("<iiHH", data[18:30])
    found, rows = bits // 8, abs(height)
    if found not in (1, 3, 4):
        raise wrong(f"Number of channels inherent in the image must be 1, 3 or 4, was {found}")
    stride = (width * found + 3) // 4 * 4
    missing = len(data) - header - stride * rows
    if width <= 0 or missing < 0:
        raise wrong(
            "Input size should match (header_size + row_size * abs_height) but they differ by "
            f"{missing}"
        )
    lines = np.frombuffer(data, np.uint8, stride * rows, header).reshape(rows, stride)
    pixels = lines[:, : width * found].reshape(rows, width, found)
    if height > 0:  # the lowest row comes first
        pixels = pixels[::-1]
    if found > 1:
        pixels = pixels[..., [2, 1, 0, 3][:found]]
    return _with_channels(np.ascontiguousarray(pixels), channels)
