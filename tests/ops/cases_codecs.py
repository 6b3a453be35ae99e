"""Rows for ops that decode and encode images."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.kernels import codecs as kernels
from minitf.kernels import media
from minitf.ops import codecs

PIXELS = np.random.RandomState(0).randint(0, 256, (5, 4, 3)).astype(np.uint8)
EVEN = np.full((8, 8, 3), 90, np.uint8)
JPEG = np.array(kernels.encoded_jpeg(EVEN, 95), object)
PNG = np.array(media.png(PIXELS), object)
BMP = np.array(
    b"BM" + bytes(8) + b"\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18" + bytes(25) + b"\3\2\1\0",
    object,
)


def row(op_types, build, feeds, want):
    return Case(op_types, build, feeds, want, order=0, exact_shape=False)


CASES = [
    row("DecodePng", tf.image.decode_png, (PNG,), PIXELS),
    row("DecodeImage", tf.image.decode_image, (PNG,), PIXELS),
    row("DecodeGif", tf.image.decode_gif, (PNG,), PIXELS[np.newaxis]),
    row("DecodeBmp", tf.image.decode_bmp, (BMP,), np.array([[[1, 2, 3]]], np.uint8)),
    row("DecodeJpeg", tf.image.decode_jpeg, (JPEG,), EVEN),
    row(
        "DecodeAndCropJpeg",
        lambda x: tf.image.decode_and_crop_jpeg(x, [1, 2, 3, 4]),
        (JPEG,),
        EVEN[1:4, 2:6],
    ),
    row("ExtractJpegShape", tf.image.extract_jpeg_shape, (JPEG,), np.array([8, 8, 3], np.int32)),
    row("EncodePng", lambda x: tf.image.decode_png(tf.image.encode_png(x)), (PIXELS,), PIXELS),
    row(
        "EncodePng",
        lambda x: tf.image.decode_png(tf.image.encode_png(x), dtype=tf.uint16),
        (PIXELS.astype(np.uint16) * 200,),
        PIXELS.astype(np.uint16) * 200,
    ),
    row("EncodeJpeg", tf.image.encode_jpeg, (EVEN,), JPEG[()]),
    row(
        "EncodeJpegVariableQuality",
        codecs.EncodeJpegVariableQuality,
        (EVEN, np.int32(95)),
        JPEG[()],
    ),
]
