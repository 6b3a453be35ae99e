"""Rows for summaries: the bytes are those that TensorFlow makes."""

import re

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops import summary

TEXT = b"\n\x1d\n\x01tB\x0e\x08\x07\x12\x04\x12\x02\x08\x02B\x01aB\x01bJ\x08\n\x06\n\x04text"
NUMBERS = (
    b'\n\x1f\n\x01tB\x12\x08\x01\x12\x04\x12\x02\x08\x02"\x08\x00\x00\x80?\x00\x00\x00@'
    b"J\x06\x12\x01n\x1a\x01d"
)
SOUND = (
    b'\nW\n\x07a/audio2L\r\x00\x00\xfaE\x10\x01\x18\x05"6RIFF.\x00\x00\x00WAVEfmt \x10\x00\x00\x00'
    b"\x01\x00\x01\x00@\x1f\x00\x00\x80>\x00\x00\x02\x00\x10\x00data\n\x00\x00\x00"
    b"\x00\x00\xff\x7f\x00\x80\x00@\xff\x7f*\taudio/wav"
)
NAMELESS = (
    b'\n#:\rTensorSummaryB\x12\x08\x01\x12\x04\x12\x02\x08\x02"\x08\x00\x00\x80?\x00\x00\x00@'
)
BUCKETS = (
    b"\n\xc7\x01\n\x01h*\xc1\x01\t\x00\x00\x00\x00\x00\x00\x08\xc0\x11\x00\x00\x00\x00\x00\x00\x00@"
    b"\x19\x00\x00\x00\x00\x00\x00\x14@!\x00\x00\x00\x00\x00\x00\x00@)\x00\x00\x00\x00\x00\x002@2H\r"
    b"\x9c\xc5\xa0)U\t\xc0h\xbc\x105\x9a\x07\x07\xc0\x00\x00\x00\x00\x00\x00\x00\x00\x11\xea-\x81\x99"
    b"\x97q=\x08\x99i\x19\x15Z\xed?+\x14\xfa\xcd\xbe$\xf0?\xdc\x94\xcd.\x8du\xff?\xe0\x11\xf1\x0ctM"
    b"\x01@\xff\xff\xff\xff\xff\xff\xef\x7f:H\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    b"\xf0?\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0?\x00\x00\x00\x00\x00\x00\x00"
    b"\x00\x00\x00\x00\x00\x00\x00\xf0?\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00@"
    b"\x00\x00\x00\x00\x00\x00\x00\x00"
)


def scalars(values):
    return summary.ScalarSummary(["a", "b"], values)


def merged(values):
    return summary.MergeSummary(
        [summary.ScalarSummary("a", values[0]), summary.ScalarSummary("b", values[1])]
    )


def words(values):
    return summary.TensorSummaryV2("t", values, b"\n\x06\n\x04text")


def numbers(values):
    return summary.TensorSummaryV2("t", values, b"\x12\x01n\x1a\x01d")


def sound(values):
    return summary.AudioSummaryV2("a", values, 8000.0, max_outputs=1)


def sound_at_a_rate(values):
    return summary.AudioSummary("a", values, sample_rate=8000.0, max_outputs=1)


def histogram(values):
    return summary.HistogramSummary("h", values)


def nameless(values):
    return summary.TensorSummary(values, description="d", labels=["x"], display_name="n")


def image(values):
    """Two images with their sizes, each a PNG; what the pixels are, test_media.py asks."""
    two = summary.ImageSummary("i", values, max_images=2)
    each = r"\n.\n\ti/image/%d\".\x08\x03\x10\x02\x18\x01\".\x89PNG.*IEND\xaeB`\x82"
    wanted = re.compile(b"".join(each.encode() % i for i in range(2)), re.DOTALL)
    fits = tf.py_func(lambda data: wanted.fullmatch(data) is not None, [two], tf.bool)
    return tf.ensure_shape(fits, [])


PAIR = np.array([1.0, 2.0], np.float32)
TWO_SCALARS = b"\n\x08\n\x01a\x15\x00\x00\x80?\n\x08\n\x01b\x15\x00\x00\x00@"
WAVE = np.array([[0.0, 1.0, -1.0, 0.5, 2.0]], np.float32)

CASES = [
    Case("ScalarSummary", scalars, (PAIR,), TWO_SCALARS, order=0),
    Case("ScalarSummary", scalars, (np.array([1, 2]),), TWO_SCALARS, order=0),
    Case("MergeSummary", merged, (PAIR,), TWO_SCALARS, order=0),
    Case("TensorSummaryV2", words, (np.array([b"a", b"b"], object),), TEXT, order=0),
    Case("TensorSummaryV2", numbers, (PAIR,), NUMBERS, order=0),
    Case("HistogramSummary", histogram, (np.array([1.0, 2.0, 2.0, -3.0, 0.0]),), BUCKETS, order=0),
    Case("HistogramSummary", histogram, (np.array([1, 2, 2, -3, 0]),), BUCKETS, order=0),
    Case("TensorSummary", nameless, (PAIR,), NAMELESS, order=0),
    Case("ImageSummary", image, (np.ones([3, 3, 2, 1], np.float32),), np.bool_(True), order=0),
    Case("AudioSummaryV2", sound, (WAVE,), SOUND, order=0),
    Case("AudioSummary", sound_at_a_rate, (WAVE,), SOUND, order=0),
]
