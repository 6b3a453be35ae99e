"""Gradients with formulas of their own: colours, running logarithms, gamma draws."""

import numpy as np


def _w(*shape, s=1.0):
    return (
        (np.sin(np.arange(np.prod(shape), dtype=np.float32) * s)).reshape(shape).astype(np.float32)
    )


def colors_backwards(tf, see):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.image.rgb_to_hsv(x)
    g = tf.gradients(y * tf.constant([1.0, 2.0, 3.0]), x)[0]
    colors = np.abs(_w(12, 3, s=2.7))
    see.full(g, {x: colors}, rtol=2e-5)
    see.run(g, {x: [[0, 0, 0], [0.5, 0.5, 0.5], [1, 1, 0], [0, 0.2, 0.2], [0.3, 0.1, 0.1]]})


def running_logarithms_backwards(tf, see):
    x = tf.placeholder(tf.float64, [3, 4])
    for options in ({}, {"exclusive": True}, {"reverse": True, "axis": 1}):
        y = tf.math.cumulative_logsumexp(x, **options)
        g = tf.gradients(
            tf.where(tf.is_finite(y), y, tf.zeros_like(y))
            * tf.constant(_w(3, 4, s=2.0).astype(float)),
            x,
        )[0]
        see.full(g, {x: _w(3, 4)}, rtol=1e-6)


def gamma_draws_backwards(tf, see):
    tf.set_random_seed(4)
    a = tf.Variable([[0.5, 2.0], [7.0, 1.0]])
    b = tf.constant(2.0)
    y = tf.random_gamma([3], a, beta=b, seed=5)
    g = tf.gradients(y, [a, b])
    see(*g)
    see.start()
    see.run(g, rtol=1e-4)
    z = tf.random_gamma([], a, seed=6)
    g = tf.gradients(z * z, a)
    see.run(g, rtol=1e-4)
    tf.train.AdamOptimizer(0.1).minimize(tf.reduce_mean(tf.square(y - 1.0)))
