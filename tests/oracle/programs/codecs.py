"""Encoded images: PNG, JPEG, GIF and BMP, decoded and encoded."""

import base64
import struct

import numpy as np

# Two frames of 4 x 3 pixels: all (10, 10, 10), then (200, 200, 200) with one in red.
_GIF = base64.b64decode(
    "R0lGODdhBAADAIEAAAoKCgAAAAAAAAAAACwAAAAABAADAAAICAABCBxIUGBAACH5BAEAAAIALAAAAAAE"
    "AAMAgcjIyP8AAAAAAAAAAAgJAAEIFBhg4MCAADs="
)


def _smooth(channels, dtype=np.uint8):
    """A picture without sharp edges, which JPEG keeps well."""
    plane = np.add.outer(np.arange(20) * 5, np.arange(17) * 7)
    step = 40 if dtype == np.uint8 else 9000
    return (plane[..., np.newaxis] + step * np.arange(channels)).astype(dtype)


def _noise(channels, dtype=np.uint8):
    return np.random.RandomState(0).randint(0, np.iinfo(dtype).max, (9, 7, channels)).astype(dtype)


def _bmp(pixels, flip=False):
    height, width, channels = pixels.shape
    row = (width * channels + 3) // 4 * 4
    order = range(height) if flip else range(height - 1, -1, -1)
    body = b"".join(pixels[y].tobytes().ljust(row, b"\0") for y in order)
    sizes = struct.pack("<IiiHH", 40, width, -height if flip else height, 1, 8 * channels)
    header = struct.pack("<IHHI", 54 + len(body), 0, 0, 54) + sizes + struct.pack("<6I", *[0] * 6)
    return b"BM" + header + body


def png_there_and_back(tf, see):
    for dtype in (np.uint8, np.uint16):
        for channels in (1, 2, 3, 4):
            encoded = tf.image.encode_png(_noise(channels, dtype))
            see(encoded)
            for wanted in (0, 1, 3, 4):
                see.full(tf.image.decode_png(encoded, channels=wanted))
                see.full(tf.image.decode_png(encoded, wanted, tf.uint16))
    batch = tf.image.encode_png(np.stack([_smooth(3)] * 2), compression=9, name="batch")
    see(batch)
    see.full(tf.io.decode_png(batch[1]))


def jpeg_there_and_back(tf, see):
    for channels in (1, 3):
        encoded = tf.image.encode_jpeg(_smooth(channels))
        see(encoded)
        see.full(tf.image.extract_jpeg_shape(encoded))
        see.full(tf.image.is_jpeg(encoded))
        for wanted in (0, 1, 3):
            image = tf.image.decode_jpeg(encoded, channels=wanted, dct_method="INTEGER_ACCURATE")
            see.full(image)
        rough = tf.image.decode_jpeg(encoded)
        near = tf.image.decode_jpeg(encoded, dct_method="INTEGER_ACCURATE")
        away = tf.abs(tf.cast(rough, tf.int32) - tf.cast(near, tf.int32))
        see.run(tf.reduce_max(away) <= 8)
        for ratio in (4, 8):
            see.full(tf.image.decode_jpeg(encoded, ratio=ratio, dct_method="INTEGER_ACCURATE"))
    see.full(tf.io.extract_jpeg_shape(encoded, tf.int64, name="sizes"))
    part = tf.image.decode_and_crop_jpeg(encoded, [3, 2, 8, 9], dct_method="INTEGER_ACCURATE")
    see.full(part)


def jpeg_bytes(tf, see):
    """Encoded by the same library with the same settings, the same bytes come out."""
    for pixels in (_smooth(3), _smooth(1), _noise(3)):
        for options in (
            {}, {"quality": 50}, {"quality": 100}, {"quality": 1}, {"progressive": True},
            {"optimize_size": True}, {"chroma_downsampling": False},
            {"density_unit": "cm", "x_density": 10, "y_density": 20}, {"xmp_metadata": "<x/>"},
        ):  # fmt: skip
            encoded = tf.image.encode_jpeg(pixels, **options)
            see.run(encoded)
    see.full(tf.image.encode_jpeg(_smooth(3), format="rgb", name="named"))


def jpeg_quality_adjusted(tf, see):
    image = tf.constant(_smooth(3))
    see.full(tf.image.adjust_jpeg_quality(image, 50, dct_method="INTEGER_ACCURATE"))
    floats = tf.cast(image, tf.float32) / 255.0
    quality = tf.placeholder_with_default(30, [])
    worse = tf.image.adjust_jpeg_quality(floats, quality, dct_method="INTEGER_ACCURATE")
    see.full(worse)


def images_of_any_kind(tf, see):
    jpeg, png = tf.image.encode_jpeg(_smooth(3)), tf.image.encode_png(_smooth(3))
    deep, bmp = tf.image.encode_png(_noise(3, np.uint16)), tf.constant(_bmp(_noise(3)))
    for encoded in (png, deep, bmp, tf.constant(_GIF)):
        for dtype in (tf.uint8, tf.uint16, tf.float32, tf.float64):
            see.full(tf.image.decode_image(encoded, dtype=dtype))
    see.run(tf.shape(tf.image.decode_image(jpeg)))
    see.full(tf.io.decode_image(_GIF, expand_animations=False))
    see.full(tf.image.decode_image(png, 3, expand_animations=False, name="named"))
    see.full(tf.image.decode_gif(_GIF))
    see.full(tf.image.decode_gif(png))
    see.full(tf.image.decode_jpeg(png, channels=1))
    see.run(tf.shape(tf.image.decode_png(jpeg)))


def bitmaps(tf, see):
    for channels in (1, 3, 4):
        encoded = _bmp(_noise(channels))
        for wanted in (0, 3, 4):
            see.full(tf.image.decode_bmp(encoded, wanted))
    see.full(tf.io.decode_bmp(_bmp(_noise(3), flip=True)))
    for wrong, words in (
        (_bmp(_noise(3))[:30], "30 bytes"),
        (_bmp(_noise(3))[:-9], "-9"),
        (_bmp(_noise(2)), "was 2"),
    ):
        image = tf.image.decode_bmp(wrong)
        see.attempt(lambda image=image: see.session.run(image), words)


def images_that_are_none(tf, see):
    jpeg, png = tf.image.encode_jpeg(_smooth(3)), tf.image.encode_png(_smooth(3))
    bmp, image = _bmp(_noise(3)), tf.image
    start = tf.substr(png, 0, 60)
    for wrong, words in (
        (image.decode_png(b"abc"), ("Unknown image file format",)),
        (image.decode_jpeg(b"abc"), ("Unknown image file format",)),
        (image.decode_gif(b"abc"), ("Unknown image file format",)),
        (image.decode_image(b"abc"), ("Unknown image file format",)),
        (image.decode_png(b""), ("Input is empty",)),
        (image.decode_png(start), ("Invalid PNG data, size 60",)),
        (image.decode_jpeg(tf.substr(jpeg, 0, 500)), ("Invalid JPEG data or crop window",)),
        (image.decode_gif(_GIF[:40]), ("Invalid GIF data",)),
        (image.decode_png(png, channels=2), ("`channels` must be 0, 1, 3 or 4 but got 2",)),
        (image.decode_jpeg(jpeg, channels=4), ("4 channels",)),
        (image.decode_png(_GIF), ("2 frames",)),
        (image.decode_image(_GIF, channels=1), ("channels must be 0 or 3 for GIF, got 1",)),
        (image.decode_bmp(bmp, channels=1), ("got 1",)),
        (image.decode_bmp(png), ("PNG", "decode_png")),
        (image.decode_png(bmp), ("BMP", "decode_bmp", "DecodePng")),
        (image.decode_jpeg(jpeg, ratio=3), ("ratio must be 1, 2, 4, or 8, got 3",)),
        (image.decode_jpeg(jpeg, dct_method="FOO"), ("dct_method", "INTEGER_FAST")),
        (image.decode_and_crop_jpeg(png, [0, 0, 2, 2]), ("JPEG only", "PNG")),
        (image.decode_and_crop_jpeg(jpeg, [3, 2, 80, 9]), ("crop window",)),
        (image.extract_jpeg_shape(start), ("Invalid JPEG data, size 60",)),
    ):
        see.attempt(lambda wrong=wrong: see.session.run(wrong), *words)
    placed = tf.placeholder(tf.string)
    decoded = image.decode_png(placed)
    see.attempt(lambda: see.session.run(decoded, {placed: [b"x"]}), "scalar", "[1]")
    see.attempt(lambda: image.decode_png([b"x"]), "rank 0", "rank 1")
    see.attempt(lambda: image.decode_png(png, dtype=tf.int32), "dtype", "int32")
    see.attempt(lambda: image.decode_and_crop_jpeg(jpeg, [1, 2]))


def pixels_that_cannot_be_encoded(tf, see):
    image, zeros = tf.image, np.zeros
    open_image = tf.placeholder(tf.uint8)
    for encode in (image.encode_png, image.encode_jpeg):
        see.attempt(lambda encode=encode: encode(zeros([2, 2], np.uint8)), "rank 3", "rank 2")
        many = encode(zeros([2, 2, 5], np.uint8))
        see.attempt(lambda many=many: see.session.run(many), "channels", "5")
        flat = encode(open_image)
        see.attempt(lambda flat=flat: see.session.run(flat, {open_image: [[1]]}), "[1,1]")
    see.attempt(lambda: image.encode_png([[[1]]]), "image", "int32")
    see.attempt(lambda: image.encode_png(zeros([2, 2, 3], np.float32)), "float32")
    see(image.encode_jpeg([[[1]]]))
    pixels = _smooth(3)
    for wrong, words in (
        (image.encode_jpeg(pixels, quality=101), "quality must be in [0,100], got 101"),
        (image.encode_jpeg(pixels, format="grayscale"), "expects 1 channels"),
        (image.encode_jpeg(_smooth(1), "rgb"), "expects 3 channels"),
        (image.encode_png(pixels, compression=11), "compression should be in [-1,9], got 11"),
    ):
        see.attempt(lambda wrong=wrong: see.session.run(wrong), words)
    see.attempt(lambda: image.encode_jpeg(pixels, format="x"), "format", "x")
    see.attempt(lambda: image.encode_jpeg(pixels, density_unit="m"), "density_unit", "m")
