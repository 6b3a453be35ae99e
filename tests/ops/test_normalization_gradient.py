"""A fused batch normalization's second derivatives, by the same normalization op by op."""

import numpy as np
import pytest

import minitf as tf

X = np.sin(np.arange(48, dtype=np.float32) * 1.3).reshape(2, 3, 2, 4)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_second_derivatives_are_those_of_the_parts(training, layout):
    tf.reset_default_graph()
    axes, channel = ([0, 1, 2], 3) if layout == "NHWC" else ([0, 2, 3], 1)
    shape = [-1 if i == channel else 1 for i in range(4)]
    x = tf.constant(X)
    size = X.shape[channel]
    scale, offset = tf.linspace(1.0, 2.0, size), tf.linspace(-1.0, 1.0, size)
    mean, variance = tf.linspace(0.1, 0.3, size), tf.linspace(0.5, 0.9, size)
    given = (None, None) if training else (mean, variance)
    fused = tf.nn.fused_batch_norm(
        x, scale, offset, *given, is_training=training, data_format=layout
    )[0]
    # tf.nn.moments holds the mean constant in the variance: no good for second derivatives.
    center = tf.reduce_mean(x, axes, keepdims=True)
    batch = center, tf.reduce_mean(tf.square(x - center), axes, keepdims=True)
    used = batch if training else given
    whole = [tf.reshape(t, shape) for t in (*used, offset, scale)]
    by_parts = tf.nn.batch_normalization(x, *whole, 0.001)
    results = []
    for y in (fused, by_parts):
        first = tf.gradients(y * tf.cos(2.0 * x), [x, scale, offset])
        total = tf.add_n([tf.reduce_sum(tf.sin(g)) for g in first])
        results.append(tf.gradients(total, [x, scale]))
    with tf.Session() as session:
        for got, wanted in zip(*session.run(results), strict=True):
            np.testing.assert_allclose(got, wanted, rtol=2e-3, atol=2e-3)
