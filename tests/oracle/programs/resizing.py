"""Images in other sizes, by four ways."""

import numpy as np


def _batch(dtype=np.float32):
    return np.random.RandomState(0).uniform(0, 200, size=(2, 5, 6, 2)).astype(dtype)


def bicubic(tf, see):
    for size in ([9, 11], [3, 4], [5, 6], [1, 1], [7, 2]):
        for corners in (False, True):
            see.full(tf.image.resize_bicubic(_batch(), size, align_corners=corners), rtol=1e-5)
    see.full(tf.image.resize_bicubic(_batch(), [8, 9], half_pixel_centers=True), rtol=1e-5)
    see.full(tf.image.resize_bicubic(_batch(np.uint8), [4, 9], name="named"), rtol=1e-5)
    x = tf.constant(_batch())
    made = tf.image.resize_bicubic(x, [4, 9])
    see.full(tf.gradients(made**2, x)[0], rtol=1e-5)
    method = tf.image.ResizeMethod.BICUBIC
    see.full(tf.image.resize_images(x, [3, 8], method=method), rtol=1e-5)
    see.full(tf.image.resize_images(x[0], [3, 8], "bicubic", align_corners=True), rtol=1e-5)
    see.attempt(lambda: tf.image.resize_bicubic(x[0], [3, 8]), "rank 4", "rank 3")


def by_area(tf, see):
    for size in ([9, 11], [3, 4], [5, 6], [1, 1], [7, 2], [10, 3]):
        see.full(tf.image.resize_area(_batch(), size), rtol=1e-5)
    see.full(tf.image.resize_area(_batch(), [3, 4], align_corners=True, name="named"), rtol=1e-5)
    see.full(tf.image.resize_area(_batch(np.uint8), [2, 3]), rtol=1e-5)
    method = tf.image.ResizeMethod.AREA
    see.full(tf.image.resize_images(_batch(), [2, 3], method=method), rtol=1e-5)
