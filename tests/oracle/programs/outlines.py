"""Images compared, their edges, and other spaces of colours."""

import numpy as np


def _w(*shape, s=1.0):
    return (
        (np.sin(np.arange(np.prod(shape), dtype=np.float32) * s)).reshape(shape).astype(np.float32)
    )


def other_colors(tf, see):
    x = tf.constant(np.abs(_w(2, 3, 3)))
    for there, back in (
        (tf.image.rgb_to_yiq, tf.image.yiq_to_rgb),
        (tf.image.rgb_to_yuv, tf.image.yuv_to_rgb),
    ):
        y = there(x)
        see.full(y)
        see.full(back(y))
        see.run(tf.gradients(y * y, x))


def edges(tf, see):
    x = tf.constant(_w(2, 3, 4, 2))
    down, across = tf.image.image_gradients(x)
    see.full(down)
    see.full(across)
    y = tf.image.sobel_edges(x)
    see.full(y)
    see.run(tf.gradients(y * y, x), rtol=1e-5)
    p = tf.placeholder(tf.float32, [None, None, None, 1])
    see(tf.image.image_gradients(p)[0], tf.image.sobel_edges(p))
    see.attempt(lambda: tf.image.image_gradients(x[0]))


def noise(tf, see):
    a = tf.constant(np.abs(_w(2, 3, 4, 3)))
    b = tf.constant(np.abs(_w(2, 3, 4, 3, s=1.1)))
    y = tf.image.psnr(a, b, 1.0)
    see.full(y)
    see.run(tf.gradients(y, a))
    see.run(tf.image.psnr(tf.cast(a * 255, tf.uint8), tf.cast(b * 255, tf.uint8), max_val=255))
    see.attempt(lambda: tf.image.psnr(a, b[:, :2], 1.0))
    see.attempt(lambda: tf.image.psnr(a[0, 0], b[0, 0], 1.0))
    p = tf.placeholder(tf.float32)
    y = tf.image.psnr(p, a, 1.0)
    see.attempt(lambda: see.session.run(y, {p: np.zeros([2, 3, 4, 1])}))
