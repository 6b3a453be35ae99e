"""Rows for random draws. What must come out was drawn by TensorFlow 2.21 with the same seeds."""

import numpy as np
from ops.cases import Case
from scipy import special

import minitf as tf
from minitf.ops import gamma_gradient
from minitf.ops.random_crop import random_crop

STATELESS = "StatelessRandomGetKeyCounter "


def f32(*values):
    return np.array(values, np.float32)


def _slope_of_the_quantile(alpha, sample):
    """How the sample moves with alpha while its rank stays."""
    rank = special.gammainc(alpha, sample)
    above, below = (special.gammaincinv(alpha + step, rank) for step in (1e-6, -1e-6))
    return (above - below) / 2e-6


CASES = [
    Case(
        "RandomUniform",
        lambda: tf.random_uniform([3], seed=1),
        want=f32(0.2390374, 0.92039955, 0.05051243),
    ),
    Case(
        "RandomStandardNormal",
        lambda: tf.random_normal([2, 2], 1.0, 2.0, tf.float64, seed=2),
        want=[[-1.59477299, 1.13930217], [0.16300271, 1.90471891]],
    ),
    Case(
        "TruncatedNormal",
        lambda: tf.truncated_normal([3], seed=3),
        want=f32(1.0616621, -0.8785783, 0.11187216),
    ),
    Case(
        "RandomUniformInt",
        lambda: tf.random_uniform([4], -5, 5, tf.int32, seed=4),
        want=np.int32([0, 4, 3, -2]),
    ),
    Case(
        "RandomUniformInt",
        lambda: tf.random_uniform([2], 0, 10**12, tf.int64, seed=4),
        want=np.array([955946758469, 785255385046]),
    ),
    Case(
        "RandomUniformInt",
        lambda: tf.random_uniform([0], 0, 10, tf.int32, seed=4),
        want=np.zeros(0, np.int32),
    ),
    Case(
        "RandomShuffle",
        lambda x: tf.random_shuffle(x, seed=5),
        (np.arange(1, 7),),
        np.array([2, 6, 3, 1, 5, 4]),
    ),
    Case(
        "Multinomial",
        lambda x: tf.multinomial(x, 5, seed=6),
        (f32([0, 1, 2], [3, 0, 0]),),
        np.array([[1, 1, 2, 2, 2], [0, 1, 0, 0, 0]]),
    ),
    Case(
        "RandomGamma",
        lambda x: tf.random_gamma([2], x, seed=7),
        (f32(0.5, 2.0),),
        f32([0.38862073, 4.426828], [0.70230126, 1.6506493]),
    ),
    Case(
        "RandomGammaGrad",
        gamma_gradient.RandomGammaGrad,
        (np.array([0.5, 2.0, 1.0]), np.array([0.3, 1.5, np.log(2.0)])),
        _slope_of_the_quantile,
        rtol=1e-5,
    ),
    Case(
        "RandomPoissonV2",
        lambda x: tf.random_poisson(x, [2], seed=8),
        (f32(3.0, 20.0),),
        f32([4, 19], [3, 18]),
    ),
    Case(
        STATELESS + "StatelessRandomUniformV2",
        lambda: tf.random.stateless_uniform([3], [1, 2]),
        want=f32(0.8440604, 0.19204533, 0.9962232),
    ),
    Case(
        STATELESS + "StatelessRandomNormalV2",
        lambda: tf.random.stateless_normal([3], [1, 2]),
        want=f32(0.5441101, 0.20738031, 0.07356432),
    ),
    Case(
        STATELESS + "StatelessTruncatedNormalV2",
        lambda: tf.random.stateless_truncated_normal([3], [5, 2**40]),
        want=f32(1.5293177, -1.1218158, -0.28994247),
    ),
    Case(
        STATELESS + "StatelessRandomUniformIntV2",
        lambda: tf.random.stateless_uniform([4], [1, 2], 0, 100, tf.int32),
        want=np.int32([40, 49, 94, 79]),
    ),
    Case(
        "StatelessMultinomial",
        lambda x: tf.random.stateless_multinomial(x, 4, [1, 2]),
        (f32([1, 2, 3], [0, 0, 5]),),
        np.array([[2, 2, 1, 2], [2, 2, 2, 2]]),
    ),
    Case(
        "Slice",
        lambda x: random_crop(x, [2, 2], seed=1),
        (np.ones([4, 4]),),
        np.ones([2, 2]),
        order=0,
    ),
]
