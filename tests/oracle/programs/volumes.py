"""Convolution and pooling in three dimensions, and gradients to second order."""

import numpy as np


def _volume(*shape, dtype=np.float32):
    return np.random.RandomState(0).normal(size=shape).astype(dtype)


def convolutions(tf, see):
    x, w = tf.constant(_volume(2, 4, 5, 6, 2)), tf.constant(_volume(2, 3, 2, 2, 3))
    for padding in ("SAME", "VALID"):
        for strides in ([1, 1, 1, 1, 1], [1, 2, 1, 3, 1]):
            made = tf.nn.conv3d(x, w, strides, padding)
            see.full(made, rtol=1e-5)
            for gradient in tf.gradients(tf.square(made), [x, w]):
                see.full(gradient, rtol=1e-5)
    see.full(tf.nn.conv3d(x, filters=w, strides=[1] * 5, padding="SAME", name="named"), rtol=1e-5)
    half = tf.nn.conv3d(tf.cast(x, tf.float16), tf.cast(w, tf.float16), [1] * 5, "VALID")
    see.full(half, rtol=1e-2)
    see.full(tf.nn.convolution(x, w, "SAME"), rtol=1e-5)
    see.full(tf.nn.convolution(x, w, "VALID", strides=[1, 2, 2]), rtol=1e-5)
    see.full(tf.nn.convolution(x, w, "VALID", dilation_rate=[1, 2, 2]), rtol=1e-5)
    see.full(tf.nn.convolution(tf.stack([x, x]), w, "SAME"), rtol=1e-5)
    see(tf.nn.conv3d(tf.placeholder(tf.float32), w, [1] * 5, "SAME"))
    see(tf.nn.conv3d(tf.placeholder(tf.float32, [None, None, 5, 6, 2]), w, [1] * 5, "VALID"))


def turned_round(tf, see):
    y, w = tf.constant(_volume(1, 2, 2, 3, 3)), tf.constant(_volume(2, 2, 2, 2, 3))
    made = tf.nn.conv3d_transpose(y, w, [1, 4, 4, 6, 2], 2)
    see.full(made, rtol=1e-5)
    see.full(
        tf.nn.conv3d_transpose(y, w, [1, 3, 3, 4, 2], [1, 1, 1, 1, 1], "VALID", name="t"), rtol=1e-5
    )
    for gradient in tf.gradients(made, [y, w]):
        see.full(gradient, rtol=1e-5)
    wrong = tf.nn.conv3d_transpose(y, w, [1, 9, 4, 6, 2], 2)
    see.attempt(lambda: see.session.run(wrong), "actual = 2, computed = 5")
    x = tf.constant(_volume(1, 4, 4, 6, 2))
    see.full(
        tf.nn.conv3d_backprop_filter(x, [2, 2, 2, 2, 3], y, [1, 2, 2, 2, 1], "SAME"), rtol=1e-5
    )


def pools(tf, see):
    x = tf.constant(_volume(2, 4, 5, 6, 2))
    for pool in (tf.nn.max_pool3d, tf.nn.avg_pool3d):
        for sizes, strides, padding in (
            (2, 2, "VALID"),
            ([2, 3, 1], [1, 2, 1], "SAME"),
            ([1, 3, 3, 3, 1], [1, 2, 2, 2, 1], "SAME"),
        ):
            made = pool(x, sizes, strides, padding)
            see.full(made, rtol=1e-5)
            (first,) = tf.gradients(made**2, x)
            see.full(first, rtol=1e-5)
            (second,) = tf.gradients(first**2, x)
            see.full(second, rtol=1e-5)
        see(pool(tf.placeholder(tf.float32), 2, 2, "SAME", name="named"))
        see(pool(tf.placeholder(tf.float32, [None, 4, None, 6, 1]), 2, 2, "SAME", data_format=None))


def pools_by_name(tf, see):
    x = tf.constant(_volume(1, 4, 5, 6, 2))
    for kind in ("MAX", "AVG"):
        see.full(tf.nn.pool(x, [2, 2, 2], kind, "SAME"), rtol=1e-5)
        see.full(tf.nn.pool(x, [2, 3, 2], kind, "VALID", strides=[2, 1, 2], name="p"), rtol=1e-5)
        see.full(tf.nn.pool(x, [2, 2, 2], kind, "VALID", dilation_rate=[1, 2, 1]), rtol=1e-5)


def volumes_that_misfit(tf, see):
    x, w, ones = np.ones((1, 4, 5, 6, 2), np.float32), np.ones((2, 2, 2, 2, 3), np.float32), [1] * 5
    channels_first = np.ones((1, 2, 4, 5, 6), np.float32)
    conv, most, mean = tf.nn.conv3d, tf.nn.max_pool3d, tf.nn.avg_pool3d
    for wrong, words in (
        (lambda: conv(x, w, [1] * 4, "SAME"), ("strides", "length 4")),
        (lambda: conv(x, w, [1, 0, 1, 1, 1], "SAME"), ("Stride must be > 0",)),
        (lambda: conv(x, w[..., :1, :], ones, "SAME"), ("3", "groups (2)")),
        (lambda: conv(x[0], w, ones, "SAME"), ("rank 5", "rank 4")),
        (lambda: conv(x, w, ones, "FOO"), ("padding", "FOO")),
        (lambda: conv(x, np.ones((5, 2, 2, 2, 3), np.float32), ones, "VALID"), ("5 from 4",)),
        (lambda: conv(x, w, ones, "VALID", dilations=[1, 2, 2, 1]), ("5 values", "4")),
        (lambda: most(x.astype(np.float64), 2, 2, "VALID"), ("float64",)),
        (lambda: most(x, 2, 0, "VALID"), ("Stride must be > 0",)),
        (lambda: most(x[0], 2, 1, "VALID"), ("rank 5", "rank 4")),
        (lambda: most(x, [1, 9, 2, 2, 1], 2, "VALID"), ("9 from 4",)),
        (lambda: mean(x, [1, 2], 2, "VALID"), ("ksize",)),
    ):
        see.attempt(wrong, *words)
    for wrong, words in (
        (conv(channels_first, w, ones, "VALID", data_format="NCDHW"), "NHWC tensor format"),
        (conv(x, w, [2, 1, 1, 1, 1], "SAME"), "strides in the batch and depth"),
        (conv(x, w, ones, "VALID", dilations=[1, 2, 2, 1, 1]), "dilated rates of 1"),
        (most(channels_first, 2, 2, "VALID", data_format="NCDHW"), "NDHWC"),
        (most(x, [1, 2, 2, 2, 2], 2, "VALID"), "depth dimension"),
    ):
        see.attempt(lambda wrong=wrong: see.session.run(wrong), words)
