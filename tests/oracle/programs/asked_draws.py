"""Seeded draws in every type, dropout, initializers."""

import numpy as np

from oracle.looking import look


def random_normal(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_normal([5], dtype=tf.float16, seed=3),
        lambda: tf.random_normal([5], dtype=tf.float32, seed=3),
        lambda: tf.random_normal([5], dtype=tf.float64, seed=3),
        lambda: tf.random_normal([5], dtype=tf.int32, seed=3),
        lambda: tf.random_normal([5], dtype=tf.int64, seed=3),
        lambda: tf.random_normal([5], dtype=tf.uint8, seed=3),
    )


def random_uniform(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_uniform([5], dtype=tf.float16, seed=3),
        lambda: tf.random_uniform([5], dtype=tf.float32, seed=3),
        lambda: tf.random_uniform([5], dtype=tf.float64, seed=3),
        lambda: tf.random_uniform([5], dtype=tf.int32, seed=3),
        lambda: tf.random_uniform([5], dtype=tf.int64, seed=3),
        lambda: tf.random_uniform([5], dtype=tf.uint8, seed=3),
    )


def random_uniform_2(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_uniform([5], 2, 100, dtype=tf.float16, seed=3),
        lambda: tf.random_uniform([5], 2, 100, dtype=tf.float32, seed=3),
        lambda: tf.random_uniform([5], 2, 100, dtype=tf.float64, seed=3),
        lambda: tf.random_uniform([5], 2, 100, dtype=tf.int32, seed=3),
        lambda: tf.random_uniform([5], 2, 100, dtype=tf.int64, seed=3),
        lambda: tf.random_uniform([5], 2, 100, dtype=tf.uint8, seed=3),
    )


def truncated_normal(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.truncated_normal([5], dtype=tf.float16, seed=3),
        lambda: tf.truncated_normal([5], dtype=tf.float32, seed=3),
        lambda: tf.truncated_normal([5], dtype=tf.float64, seed=3),
        lambda: tf.truncated_normal([5], dtype=tf.int32, seed=3),
        lambda: tf.truncated_normal([5], dtype=tf.int64, seed=3),
        lambda: tf.truncated_normal([5], dtype=tf.uint8, seed=3),
    )


def random_gamma(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_gamma([3], 2.0, dtype=tf.float16, seed=3),
        lambda: tf.random_gamma([3], 2.0, dtype=tf.float32, seed=3),
        lambda: tf.random_gamma([3], 2.0, dtype=tf.float64, seed=3),
        lambda: tf.random_gamma([3], 2.0, dtype=tf.int32, seed=3),
        lambda: tf.random_gamma([3], 2.0, dtype=tf.int64, seed=3),
        lambda: tf.random_gamma([3], 2.0, dtype=tf.uint8, seed=3),
    )


def random_poisson(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_poisson(3.0, [4], dtype=tf.float16, seed=3),
        lambda: tf.random_poisson(3.0, [4], dtype=tf.float32, seed=3),
        lambda: tf.random_poisson(3.0, [4], dtype=tf.float64, seed=3),
        lambda: tf.random_poisson(3.0, [4], dtype=tf.bfloat16, seed=3),
        lambda: tf.random_poisson(3.0, [4], dtype=tf.int32, seed=3),
        lambda: tf.random_poisson(3.0, [4], dtype=tf.int64, seed=3),
        lambda: tf.random_poisson(3.0, [4], dtype=tf.uint8, seed=3),
    )


def random_shuffle(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_shuffle(tf.cast([1, 2, 3, 4, 5], tf.float16), seed=3),
        lambda: tf.random_shuffle(tf.cast([1, 2, 3, 4, 5], tf.float32), seed=3),
        lambda: tf.random_shuffle(tf.cast([1, 2, 3, 4, 5], tf.float64), seed=3),
        lambda: tf.random_shuffle(tf.cast([1, 2, 3, 4, 5], tf.int32), seed=3),
        lambda: tf.random_shuffle(tf.cast([1, 2, 3, 4, 5], tf.int64), seed=3),
        lambda: tf.random_shuffle(tf.cast([1, 2, 3, 4, 5], tf.uint8), seed=3),
    )


def multinomial(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.multinomial(tf.cast([[1.0, 2.0, 3.0]], tf.float16), 5, seed=3),
        lambda: tf.multinomial(tf.cast([[1.0, 2.0, 3.0]], tf.float32), 5, seed=3),
        lambda: tf.multinomial(tf.cast([[1.0, 2.0, 3.0]], tf.float64), 5, seed=3),
    )


def dropout(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.nn.dropout(tf.ones([8], tf.float16), 0.5, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.float32), 0.5, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.float64), 0.5, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.int32), 0.5, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.int64), 0.5, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.uint8), 0.5, seed=3),
    )


def dropout_2(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.nn.dropout(tf.ones([8], tf.float16), rate=0.3, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.float32), rate=0.3, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.float64), rate=0.3, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.int32), rate=0.3, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.int64), rate=0.3, seed=3),
        lambda: tf.nn.dropout(tf.ones([8], tf.uint8), rate=0.3, seed=3),
    )


def random_crop(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_crop(tf.ones([5, 5], tf.float16), [2, 2], seed=3),
        lambda: tf.random_crop(tf.ones([5, 5], tf.float32), [2, 2], seed=3),
        lambda: tf.random_crop(tf.ones([5, 5], tf.float64), [2, 2], seed=3),
    )


def glorot_uniform_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.glorot_uniform_initializer(seed=3, dtype=tf.float16)([3, 2]),
        lambda: tf.glorot_uniform_initializer(seed=3, dtype=tf.float32)([3, 2]),
        lambda: tf.glorot_uniform_initializer(seed=3, dtype=tf.float64)([3, 2]),
        lambda: tf.glorot_uniform_initializer(seed=3, dtype=tf.bfloat16)([3, 2]),
        lambda: tf.glorot_uniform_initializer(seed=3, dtype=tf.int32)([3, 2]),
        lambda: tf.glorot_uniform_initializer(seed=3, dtype=tf.int64)([3, 2]),
        lambda: tf.glorot_uniform_initializer(seed=3, dtype=tf.uint8)([3, 2]),
    )


def orthogonal_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.orthogonal_initializer(seed=3, dtype=tf.float16)([3, 2]),
        lambda: tf.orthogonal_initializer(seed=3, dtype=tf.float32)([3, 2]),
        lambda: tf.orthogonal_initializer(seed=3, dtype=tf.float64)([3, 2]),
        lambda: tf.orthogonal_initializer(seed=3, dtype=tf.int32)([3, 2]),
        lambda: tf.orthogonal_initializer(seed=3, dtype=tf.int64)([3, 2]),
        lambda: tf.orthogonal_initializer(seed=3, dtype=tf.uint8)([3, 2]),
    )


def variance_scaling_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.variance_scaling_initializer(seed=3, dtype=tf.float16)([3, 2]),
        lambda: tf.variance_scaling_initializer(seed=3, dtype=tf.float32)([3, 2]),
        lambda: tf.variance_scaling_initializer(seed=3, dtype=tf.float64)([3, 2]),
        lambda: tf.variance_scaling_initializer(seed=3, dtype=tf.int32)([3, 2]),
        lambda: tf.variance_scaling_initializer(seed=3, dtype=tf.int64)([3, 2]),
        lambda: tf.variance_scaling_initializer(seed=3, dtype=tf.uint8)([3, 2]),
    )


def random_uniform_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_uniform_initializer(1, 9, seed=3, dtype=tf.float16)([3]),
        lambda: tf.random_uniform_initializer(1, 9, seed=3, dtype=tf.float32)([3]),
        lambda: tf.random_uniform_initializer(1, 9, seed=3, dtype=tf.float64)([3]),
        lambda: tf.random_uniform_initializer(1, 9, seed=3, dtype=tf.int32)([3]),
        lambda: tf.random_uniform_initializer(1, 9, seed=3, dtype=tf.int64)([3]),
        lambda: tf.random_uniform_initializer(1, 9, seed=3, dtype=tf.uint8)([3]),
    )


def truncated_normal_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.truncated_normal_initializer(seed=3, dtype=tf.float16)([3]),
        lambda: tf.truncated_normal_initializer(seed=3, dtype=tf.float32)([3]),
        lambda: tf.truncated_normal_initializer(seed=3, dtype=tf.float64)([3]),
        lambda: tf.truncated_normal_initializer(seed=3, dtype=tf.int32)([3]),
        lambda: tf.truncated_normal_initializer(seed=3, dtype=tf.int64)([3]),
        lambda: tf.truncated_normal_initializer(seed=3, dtype=tf.uint8)([3]),
    )


def constant_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.constant_initializer(3.7, dtype=tf.float16)([2]),
        lambda: tf.constant_initializer(3.7, dtype=tf.float32)([2]),
        lambda: tf.constant_initializer(3.7, dtype=tf.float64)([2]),
        lambda: tf.constant_initializer(3.7, dtype=tf.int32)([2]),
        lambda: tf.constant_initializer(3.7, dtype=tf.int64)([2]),
        lambda: tf.constant_initializer(3.7, dtype=tf.uint8)([2]),
    )


def he_normal(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.initializers.he_normal(seed=3)([3, 2], tf.float16),
        lambda: tf.initializers.he_normal(seed=3)([3, 2], tf.float32),
        lambda: tf.initializers.he_normal(seed=3)([3, 2], tf.float64),
        lambda: tf.initializers.he_normal(seed=3)([3, 2], tf.int32),
        lambda: tf.initializers.he_normal(seed=3)([3, 2], tf.int64),
        lambda: tf.initializers.he_normal(seed=3)([3, 2], tf.uint8),
    )


def uniform_unit_scaling_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.uniform_unit_scaling_initializer(seed=3, dtype=tf.float16)([3, 2]),
        lambda: tf.uniform_unit_scaling_initializer(seed=3, dtype=tf.float32)([3, 2]),
        lambda: tf.uniform_unit_scaling_initializer(seed=3, dtype=tf.float64)([3, 2]),
        lambda: tf.uniform_unit_scaling_initializer(seed=3, dtype=tf.int32)([3, 2]),
        lambda: tf.uniform_unit_scaling_initializer(seed=3, dtype=tf.int64)([3, 2]),
        lambda: tf.uniform_unit_scaling_initializer(seed=3, dtype=tf.uint8)([3, 2]),
    )


def lecun_uniform(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.initializers.lecun_uniform(seed=3)([3, 2], tf.float16),
        lambda: tf.initializers.lecun_uniform(seed=3)([3, 2], tf.float32),
        lambda: tf.initializers.lecun_uniform(seed=3)([3, 2], tf.float64),
        lambda: tf.initializers.lecun_uniform(seed=3)([3, 2], tf.int32),
        lambda: tf.initializers.lecun_uniform(seed=3)([3, 2], tf.int64),
        lambda: tf.initializers.lecun_uniform(seed=3)([3, 2], tf.uint8),
    )


def identity(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.initializers.identity(2.0, dtype=tf.float16)([2, 3]),
        lambda: tf.initializers.identity(2.0, dtype=tf.float32)([2, 3]),
        lambda: tf.initializers.identity(2.0, dtype=tf.float64)([2, 3]),
        lambda: tf.initializers.identity(2.0, dtype=tf.int32)([2, 3]),
        lambda: tf.initializers.identity(2.0, dtype=tf.int64)([2, 3]),
        lambda: tf.initializers.identity(2.0, dtype=tf.uint8)([2, 3]),
    )


def zeros_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.zeros_initializer(dtype=tf.float16)([2]),
        lambda: tf.zeros_initializer(dtype=tf.float32)([2]),
        lambda: tf.zeros_initializer(dtype=tf.float64)([2]),
        lambda: tf.zeros_initializer(dtype=tf.int32)([2]),
        lambda: tf.zeros_initializer(dtype=tf.int64)([2]),
        lambda: tf.zeros_initializer(dtype=tf.uint8)([2]),
    )


def ones_initializer(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.ones_initializer(tf.float16)([2]),
        lambda: tf.ones_initializer(tf.float32)([2]),
        lambda: tf.ones_initializer(tf.float64)([2]),
        lambda: tf.ones_initializer(tf.int32)([2]),
        lambda: tf.ones_initializer(tf.int64)([2]),
        lambda: tf.ones_initializer(tf.uint8)([2]),
    )


def draws(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_normal([3]),
        lambda: tf.random_normal([3], seed=0),
        lambda: tf.random_normal([2, 2], 1.0, 2.0, seed=1),
        lambda: tf.random_normal([2], [1.0, 2.0], [3.0, 4.0], seed=1),
        lambda: tf.random_normal([0]),
        lambda: tf.random_normal([]),
        lambda: tf.random_normal(3),
        lambda: tf.random_normal(tf.constant([2, 2])),
        lambda: tf.random_normal([-1]),
        lambda: tf.random_normal([2.5]),
        lambda: tf.random_normal("a"),
        lambda: tf.random_normal([2], seed="a"),
        lambda: tf.random_normal([2], seed=2**40),
        lambda: tf.random_normal([2], seed=-1),
        lambda: tf.random_normal([2], seed=tf.constant(1)),
        lambda: tf.random_normal(tf.TensorShape([2])),
        lambda: tf.random_normal(tf.TensorShape([None])),
        lambda: tf.random_normal([None]),
        lambda: tf.random_normal(tf.constant([2], tf.int64), seed=5),
        lambda: tf.random_normal([2], dtype=tf.string),
        lambda: tf.random_normal([2], "a"),
        lambda: tf.random_uniform([3]),
        lambda: tf.random_uniform([3], 1),
        lambda: tf.random_uniform([3], maxval=0),
        lambda: tf.random_uniform([3], 5, 5, tf.int32),
        lambda: tf.random_uniform([3], 7, 5, tf.int32),
        lambda: tf.random_uniform([3], dtype=tf.int32),
        lambda: tf.random_uniform([3], 0, 2**40, tf.int64, seed=1),
        lambda: tf.random_uniform([3], 0, 2**40, tf.int32),
        lambda: tf.random_uniform([3], -5, 5, tf.int32, seed=4),
        lambda: tf.random_uniform([3], [0, 1, 2], 10, tf.int32),
        lambda: tf.random_uniform([3], [0.0, 1.0, 2.0], 10.0, seed=2),
        lambda: tf.random_uniform([3], 0.5, 10, tf.int32),
        lambda: tf.random_uniform([3], -1, 1, seed=2),
        lambda: tf.random_uniform([3], dtype=tf.bool),
        lambda: tf.random_shuffle([[1, 2], [3, 4], [5, 6]], seed=2),
        lambda: tf.random_shuffle(tf.range(20), seed=2),
        lambda: tf.random_shuffle(5),
        lambda: tf.random_shuffle([]),
        lambda: tf.random_shuffle(["a", "b", "c"], seed=9),
        lambda: tf.multinomial([[0.0, 0.0]], 4, seed=1),
        lambda: tf.multinomial([0.0, 0.0], 4),
        lambda: tf.multinomial([[0.0, 0.0]], -1),
        lambda: tf.multinomial([[0.0, 0.0]], 4, seed=1, output_dtype=tf.int32),
        lambda: tf.random.categorical([[0.0, 1.0]], 4, seed=1),
        lambda: tf.random.categorical([[0.0, 1.0]], 4, dtype=tf.int32, seed=1),
        lambda: tf.multinomial([[float("nan"), 0.0]], 2, seed=1),
        lambda: tf.multinomial([[]], 2, seed=1),
        lambda: tf.random_gamma([3], [1.0, 2.0], seed=1),
        lambda: tf.random_gamma([3], 1.0, beta=[2.0, 3.0], seed=1),
        lambda: tf.random_gamma([2], 0.3, seed=1),
        lambda: tf.random_gamma([2], -1.0, seed=1),
        lambda: tf.random_poisson([1.0, 20.0], [3], seed=1),
        lambda: tf.random_poisson(1.0, [], seed=1),
        lambda: tf.random_poisson([1], [3], seed=1),
        lambda: tf.truncated_normal([4], 5.0, 0.1, seed=2),
        lambda: tf.random.stateless_normal([3], [1, 2]),
        lambda: tf.random.stateless_uniform([3], [1, 2]),
        lambda: tf.random.stateless_uniform([3], [1, 2], 0, 9, tf.int32),
        lambda: tf.random.stateless_truncated_normal([3], [1, 2]),
        lambda: tf.random.stateless_multinomial([[0.0, 1.0]], 3, [1, 2]),
        lambda: tf.random.stateless_categorical([[0.0, 1.0]], 3, [1, 2]),
        lambda: tf.random.stateless_uniform([3], [1]),
        lambda: tf.random.stateless_normal([3], 1),
    )


def dropout_3(tf, see):
    tf.set_random_seed(7)
    x = tf.ones([10])
    look(
        tf,
        see,
        lambda: tf.nn.dropout(x),
        lambda: tf.nn.dropout(x, 1.0),
        lambda: tf.nn.dropout(x, rate=0.0),
        lambda: tf.nn.dropout(x, rate=1.0),
        lambda: tf.nn.dropout(x, 0.0),
        lambda: tf.nn.dropout(x, rate=1.5),
        lambda: tf.nn.dropout(x, rate=-0.1),
        lambda: tf.nn.dropout(x, 0.5, rate=0.3),
        lambda: tf.nn.dropout(x, tf.constant(0.5), seed=1),
        lambda: tf.nn.dropout(x, rate=tf.placeholder_with_default(0.5, []), seed=1),
        lambda: tf.nn.dropout(tf.ones([4, 3]), 0.5, noise_shape=[4, 1], seed=1),
        lambda: tf.nn.dropout(tf.ones([4, 3]), 0.5, noise_shape=[None, 1], seed=1),
        lambda: tf.nn.dropout(tf.ones([4, 3]), 0.5, noise_shape=[4, 2], seed=1),
        lambda: tf.nn.dropout(tf.ones([4, 3], tf.int32), 0.5),
        lambda: tf.nn.dropout([1, 2], 0.5),
        lambda: tf.nn.dropout([1.0, 2.0], 0.5, seed=3, name="dd"),
        lambda: tf.nn.dropout(x, "a"),
        lambda: tf.nn.dropout(x, rate="a"),
        lambda: tf.nn.dropout(tf.placeholder(tf.float32, [None, 2]), 0.5),
        lambda: tf.nn.dropout(x, rate=tf.constant(1.5)),
        lambda: tf.nn.dropout(x, rate=tf.constant([0.5])),
        lambda: tf.nn.dropout(x, rate=tf.constant(0.5, tf.float64)),
        lambda: tf.nn.dropout(x, 1),
        lambda: tf.nn.dropout(x, rate=0),
        lambda: tf.nn.dropout(x, rate=1),
    )


def initializers(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.random_uniform_initializer()([2], tf.int32),
        lambda: tf.random_uniform_initializer(0, 5)([4]),
        lambda: tf.random_normal_initializer(1, 2)([2]),
        lambda: tf.random_normal_initializer("a")([2]),
        lambda: tf.constant_initializer([1, 2, 3, 4])([2, 2]),
        lambda: tf.constant_initializer([1, 2, 3])([2, 2]),
        lambda: tf.constant_initializer([1, 2, 3, 4, 5])([2, 2]),
        lambda: tf.constant_initializer([1, 2, 3], verify_shape=True)([2, 2]),
        lambda: tf.constant_initializer("a")([2]),
        lambda: tf.constant_initializer("a")([2], tf.string),
        lambda: tf.constant_initializer(True)([2]),
        lambda: tf.constant_initializer(1)([2], tf.bool),
        lambda: tf.constant_initializer(tf.constant(1)),
        lambda: tf.constant_initializer(np.eye(2))([2, 2]),
        lambda: tf.constant_initializer(3)([2], tf.int32),
        lambda: tf.constant_initializer(3.5)([2], tf.int32),
        lambda: tf.constant_initializer()([2]),
        lambda: tf.constant_initializer({}),
        lambda: tf.constant_initializer(3.0, tf.int32)([2]),
        lambda: tf.constant_initializer(3, dtype=tf.string),
        lambda: tf.orthogonal_initializer()([2]),
        lambda: tf.orthogonal_initializer(2.0, seed=1)([4, 2]),
        lambda: tf.orthogonal_initializer(seed=1)([2, 4]),
        lambda: tf.orthogonal_initializer(seed=1)([2, 3, 2]),
        lambda: tf.orthogonal_initializer(dtype=tf.int32),
        lambda: tf.initializers.identity()([2]),
        lambda: tf.initializers.identity()([2, 2]),
        lambda: tf.initializers.identity()([2, 2, 2]),
        lambda: tf.initializers.identity(dtype=tf.int32),
        lambda: tf.variance_scaling_initializer(0),
        lambda: tf.variance_scaling_initializer(mode="x"),
        lambda: tf.variance_scaling_initializer(distribution="x"),
        lambda: tf.variance_scaling_initializer(2.0, "fan_avg", "uniform", seed=1)([3, 4]),
        lambda: tf.variance_scaling_initializer(2.0, "fan_out", "truncated_normal", seed=1)([3, 4]),
        lambda: tf.variance_scaling_initializer(2.0, "fan_in", "untruncated_normal", seed=1)(
            [3, 3, 4, 5]
        ),
        lambda: tf.variance_scaling_initializer(2.0, "fan_in", "normal", seed=1)([]),
        lambda: tf.variance_scaling_initializer(seed=1)([3]),
        lambda: tf.glorot_normal_initializer(seed=1)([3, 3, 2, 4]),
        lambda: tf.glorot_uniform_initializer()([2, 2], tf.int32),
        lambda: tf.initializers.he_uniform(seed=1)([2, 3]),
        lambda: tf.initializers.lecun_normal(seed=1)([2, 3]),
        lambda: tf.initializers.zeros()([2]),
        lambda: tf.initializers.constant(2)([2]),
        lambda: tf.initializers.random_normal(seed=1)([2]),
        lambda: tf.initializers.truncated_normal(seed=1)([2]),
        lambda: tf.initializers.uniform_unit_scaling(seed=1)([2, 2]),
        lambda: tf.initializers.variance_scaling(seed=1)([2, 2]),
        lambda: tf.initializers.orthogonal(seed=1)([2, 2]),
        lambda: tf.initializers.glorot_normal(seed=1)([2, 2]),
        lambda: tf.glorot_uniform_initializer(seed=1).get_config(),
        lambda: tf.random_normal_initializer(seed=1).get_config(),
        lambda: tf.zeros_initializer().get_config(),
        lambda: tf.constant_initializer(2).get_config(),
        lambda: tf.orthogonal_initializer().get_config(),
        lambda: tf.variance_scaling_initializer().get_config(),
        lambda: tf.random_uniform_initializer.from_config(
            {"minval": 1, "maxval": 2, "seed": 3, "dtype": "float32"}
        )([2]),
        lambda: tf.truncated_normal_initializer().get_config(),
        lambda: tf.zeros_initializer()(3),
        lambda: tf.zeros_initializer()([None]),
        lambda: tf.ones_initializer()([2], tf.bool),
        lambda: tf.zeros_initializer()([2], tf.string),
        lambda: tf.zeros_initializer("float64")([2]),
        lambda: tf.random_normal_initializer(dtype=tf.int32),
        lambda: tf.truncated_normal_initializer(dtype=tf.int32),
        lambda: tf.random_uniform_initializer(0, dtype=tf.int32)([2]),
        lambda: tf.uniform_unit_scaling_initializer(1.5, seed=2)([3, 4, 5]),
        lambda: tf.uniform_unit_scaling_initializer(seed=2)([]),
    )
