"""Pictures and sound as bytes: arrays in, a PNG or WAV file's contents out."""

from __future__ import annotations

import struct
import zlib

import numpy as np

_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels -> PNG's number: even ones have alpha


def png(pixels: np.ndarray, compression: int = -1) -> bytes:
    """A PNG of pixels [height, width, 1 to 4] of uint8 or uint16 (W3C, "PNG Specification", 2003).

    `compression` goes from 0 to 9; -1 leaves it to zlib.
    """
    height, width, channels = pixels.shape
    size = pixels.dtype.itemsize
    header = struct.pack(">IIBBBBB", width, height, 8 * size, _COLOR_TYPES[channels], 0, 0, 0)
    octets = pixels.astype(pixels.dtype.newbyteorder(">")).tobytes()
    # Each row's first byte: no filter.
    rows = np.zeros((height, 1 + width * channels * size), np.uint8)
    rows[:, 1:] = np.frombuffer(octets, np.uint8).reshape(height, -1)
    packed = zlib.compress(rows.tobytes(), compression)
    chunks = (b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def visible(image: np.ndarray, bad_color: np.ndarray) -> np.ndarray:
    """Floats [height, width, channels] stretched to uint8; pixels that are not finite marked.

    From zero to the largest value where none is negative, else about zero, as TensorFlow does.
    """
    bad = ~np.isfinite(image).all(axis=-1)
    values = np.where(bad[..., np.newaxis], 0, image)
    least, most = (values.min(), values.max()) if values.size else (0, 0)
    offset = image.dtype.type(128 if least < 0 else 0)
    largest = max(abs(least), abs(most))
    scale = (127 if least < 0 else 255) / largest if largest >= 1e-6 else 0
    pixels = (values * image.dtype.type(scale) + offset).astype(np.uint8)
    pixels[bad] = bad_color
    return pixels


def wav(samples: np.ndarray, rate: int) -> bytes:
    """A WAV file of floats [frames, channels] between -1 and 1, in 16 bits."""
    channels = samples.shape[1]
    scaled = np.asarray(samples, np.float64) * 32768
    rounded = np.trunc(scaled + np.copysign(0.5, scaled))
    data = np.clip(rounded, -32768, 32767).astype("<i2").tobytes()
    layout = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    form = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout
    body = form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body
