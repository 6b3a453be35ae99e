"""PNG, WAV and histograms: what TensorFlow's own hold, read back."""

import struct
import zlib

import numpy as np
import pytest

from minitf.kernels import histograms, media

RED = np.array([255, 0, 0, 255], np.uint8)
# Floats, and the grey values of TensorFlow's image of them.
GREY = [
    ([[0.0, 1.0], [0.5, -1.0]], [[128, 255], [191, 1]]),
    ([[0.0, 0.0], [0.0, 0.0]], [[0, 0], [0, 0]]),
    ([[np.nan, 1.0], [0.5, 2.0]], [[255, 127], [63, 255]]),
    ([[-3.0, -1.0], [-0.5, -2.0]], [[1, 85], [106, 43]]),
]


def pixels_of(png):
    """The pixels of an 8-bit PNG whose rows are not filtered."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", png, place + 8 + length)
        assert checksum == zlib.crc32(kind + data)
        chunks[kind] = data
        place += 12 + length
    width, height, depth, color = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    assert depth == 8
    channels = {0: 1, 2: 3, 6: 4}[color]
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8)
    rows = rows.reshape(height, 1 + width * channels)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, channels)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_png(channels):
    pixels = np.arange(5 * 3 * channels, dtype=np.uint8).reshape(5, 3, channels)
    assert (pixels_of(media.png(pixels)) == pixels).all()


@pytest.mark.parametrize(("values", "grey"), GREY)
def test_floats_become_visible(values, grey):
    image = np.array(values, np.float32)[..., np.newaxis]
    assert media.visible(image, RED[:1])[..., 0].tolist() == grey


def test_what_is_not_finite_is_marked():
    image = np.array([[[0.0, np.inf, 1.0], [1.0, 1.0, 1.0]]], np.float64)
    assert media.visible(image, RED[:3]).tolist() == [[[255, 0, 0], [255, 255, 255]]]


def test_wav():
    wav = media.wav(np.array([[0.0, 1.0], [-1.0, 0.5], [2.0, 0.1]], np.float32), 8000)
    assert struct.unpack_from("<HHIIHH", wav, 20) == (1, 2, 8000, 32000, 4, 16)
    assert struct.unpack("<6h", wav[44:]) == (0, 32767, -32768, 16384, 32767, 3277)
    assert struct.unpack_from("<I", wav, 4) == (len(wav) - 8,)


def test_histogram_of_far_values():
    values = [0.0, 1e-13, 1e-12, 1.1e-12, 5e-13, 1e20, 1e300, -1e300, 1.7e308]
    found = histograms.histogram(np.array(values))
    largest, near = 1.7976931348623157e308, 9.9207756218597835e19
    assert found.limits == [-largest, -near, 0.0, 1e-12, 1.1000000000000002e-12, near, largest]
    assert found.counts == [0, 1, 0, 3, 2, 0, 3]
    assert found[:5] == (-1e300, 1.7e308, 9, 1.7e308, np.inf)


def test_histogram_of_nothing():
    found = histograms.histogram(np.zeros([0, 3]))
    largest = 1.7976931348623157e308
    assert found == (largest, -largest, 0, 0, 0, [largest], [0])


def test_sums_go_in_order():
    values = np.random.default_rng(0).normal(size=200_000)
    total = squares = 0.0
    for value in values.tolist():
        total += value
        squares += value * value
    found = histograms.histogram(values)
    assert (found.total, found.squares) == (total, squares)
    assert sum(found.counts) == found.number == len(values)
