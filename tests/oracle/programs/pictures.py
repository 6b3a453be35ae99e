"""Pictures: their types, colours, cuts and sizes."""

import numpy as np


def _picture(tf, shape, dtype="uint8", name="picture"):
    return tf.placeholder(dtype, shape, name=name)


def types_of_pictures(tf, see):
    values = np.array([[[0], [127]], [[200], [255]]], "uint8")
    picture = _picture(tf, [2, 2, 1])
    for dtype in (tf.float32, tf.uint8, tf.int16, tf.int32, tf.float64):
        see.full(tf.image.convert_image_dtype(picture, dtype), {picture: values})
    floats = _picture(tf, [None, 2, 1], "float32", "floats")
    for dtype in (tf.uint8, tf.int8, tf.float16):
        see.full(tf.image.convert_image_dtype(floats, dtype), {floats: values / 256})
    see.full(tf.image.convert_image_dtype(floats, tf.uint8, saturate=True), {floats: values / 99})
    wide = _picture(tf, [2], "int32", "wide")
    see.full(tf.image.convert_image_dtype(wide, tf.uint8), {wide: [2**30, 2**31 - 1]})
    see.full(tf.image.convert_image_dtype(wide, tf.uint8, True, "byte"), {wide: [2**30, -5]})
    see.attempt(lambda: tf.image.convert_image_dtype(picture, tf.string))
    see.attempt(lambda: tf.image.convert_image_dtype(["a"], tf.uint8))


def gray(tf, see):
    values = np.arange(24, dtype="uint8").reshape(2, 4, 3) * 10
    picture = _picture(tf, [None, 4, 3])
    see.full(tf.image.rgb_to_grayscale(picture), {picture: values})
    see.full(tf.image.rgb_to_grayscale(tf.constant(values / 255.0), name="gray"))
    see(tf.image.rgb_to_grayscale(_picture(tf, [5, None, None, 3], "float32")))


def brighter(tf, see):
    picture = _picture(tf, [2, 2, 1])
    values = np.array([[[0], [127]], [[200], [255]]], "uint8")
    see.full(tf.image.adjust_brightness(picture, 0.1), {picture: values})
    see.full(tf.image.adjust_brightness(tf.constant(values / np.float32(255)), -0.5))
    see.full(tf.image.random_brightness(picture, 0.3, seed=1), {picture: values})
    see.attempt(lambda: tf.image.random_brightness(picture, -1.0))


def mirrored_by_chance(tf, see):
    values = np.arange(12.0, dtype="float32").reshape(2, 3, 2)
    tf.set_random_seed(3)
    for shape in ([2, 3, 2], [None, 3, 2], [None, None, None]):
        picture = _picture(tf, shape, "float32")
        for flip in (tf.image.random_flip_left_right, tf.image.random_flip_up_down):
            see.full(flip(picture), {picture: values})
    batch = _picture(tf, [None, 2, 3, 1], "float32", "batch")
    see.full(
        tf.image.random_flip_left_right(batch, seed=5),
        {batch: np.arange(24.0).reshape(4, 2, 3, 1)},
    )
    see.attempt(lambda: tf.image.random_flip_left_right([1.0]))


def a_part_of_a_picture(tf, see):
    values = np.arange(40, dtype="uint8").reshape(4, 5, 2)
    for shape in ([4, 5, 2], [None, None, 2], None):
        picture = _picture(tf, shape)
        see.full(tf.image.crop_to_bounding_box(picture, 1, 2, 3, 2), {picture: values})
    batch = _picture(tf, [None, 4, 5, 2], name="batch")
    see.full(tf.image.crop_to_bounding_box(batch, 0, 0, 2, 5), {batch: values[None]})
    top = tf.placeholder(tf.int32, [], name="top")
    part = tf.image.crop_to_bounding_box(_picture(tf, [4, 5, 2], name="whole"), top, 1, 2, 2)
    see(part)
    see.attempt(lambda: tf.image.crop_to_bounding_box(batch, 3, 0, 2, 5))
    see.attempt(lambda: tf.image.crop_to_bounding_box(batch, 0, -1, 2, 5))
    see.attempt(lambda: tf.image.crop_to_bounding_box(batch, 0, 0, 0, 5))
    see.attempt(lambda: tf.image.crop_to_bounding_box([1, 2], 0, 0, 1, 1))


def pictures_in_other_sizes(tf, see):
    values = np.arange(24, dtype="float32").reshape(4, 3, 2)
    picture = _picture(tf, [4, 3, 2], "float32")
    see.full(tf.image.resize_images(picture, [2, 6]), {picture: values})
    see.full(tf.image.resize_images(picture, (4, 3)), {picture: values})
    see.full(tf.image.resize_images(picture, [8, 3], align_corners=True), {picture: values})
    nearest = tf.image.ResizeMethod.NEAREST_NEIGHBOR
    batch = _picture(tf, [None, None, None, 2], "uint8", "batch")
    see.full(tf.image.resize_images(batch, [2, 2], method=nearest), {batch: values[None]})
    size = tf.placeholder(tf.int32, [2], name="size")
    see.full(tf.image.resize(batch, size, name="sized"), {batch: values[None], size: [2, 3]})
    see.attempt(lambda: tf.image.resize_images(_picture(tf, None), [2, 2]))
    see.attempt(lambda: tf.image.resize_images(_picture(tf, [2, 2]), [2, 2]))
    see.attempt(lambda: tf.image.resize_images(picture, [2]))
    see.attempt(lambda: tf.image.resize_images(picture, "small"))
