"""Layers of volumes and separable convolution: TensorFlow 1.15's names, and what they compute."""

import numpy as np
import pytest

import minitf as tf

VOLUMES = np.sin(np.arange(2 * 4 * 4 * 4 * 3, dtype=np.float32)).reshape(2, 4, 4, 4, 3)
IMAGES = VOLUMES[0]


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def names(prefix):
    """The ops under a scope, without those of initial values."""
    ops = tf.get_default_graph().get_operations()
    return [op.name for op in ops if op.name.startswith(prefix) and "Initializer" not in op.name]


def run(fetches):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return sess.run(fetches)


def test_convolution_of_volumes():
    made = tf.layers.conv3d(VOLUMES, 5, 2, strides=(1, 2, 1), activation=tf.nn.relu)
    again = tf.layers.conv3d(VOLUMES, 5, 1, padding="same", name="named", use_bias=False)
    tf.layers.conv3d(VOLUMES, 5, 1, padding="same", name="named", use_bias=False, reuse=True)
    assert made.shape.as_list() == [2, 3, 2, 3, 5]
    assert again.shape.as_list() == [2, 4, 4, 4, 5]
    assert [v.op.name for v in tf.trainable_variables()] == [
        "conv3d/kernel", "conv3d/bias", "named/kernel",
    ]  # fmt: skip
    assert names("conv3d/")[-4:] == [
        "conv3d/dilation_rate", "conv3d/Conv3D", "conv3d/BiasAdd", "conv3d/Relu",
    ]  # fmt: skip
    got, kernel = run([made, tf.trainable_variables()[0]])
    first = np.tensordot(VOLUMES[0, :2, :2, :2], kernel, 4)
    np.testing.assert_allclose(got[0, 0, 0, 0], np.maximum(first, 0), rtol=1e-4, atol=1e-6)
    wide = tf.layers.conv3d(VOLUMES, 5, 2, dilation_rate=2, name="wide")
    assert wide.shape.as_list() == [2, 2, 2, 2, 5]
    with pytest.raises(ValueError, match="expected ndim=5, found ndim=4"):
        tf.layers.conv3d(IMAGES, 5, 2)


def test_pools_of_volumes():
    most = tf.layers.max_pooling3d(VOLUMES, 2, 2)
    mean = tf.layers.average_pooling3d(VOLUMES, (2, 2, 2), (2, 2, 2), name="mean")
    assert most.op.name == "max_pooling3d/MaxPool3D"
    assert mean.op.name == "mean/AvgPool3D"
    got = run([most, mean])
    blocks = VOLUMES.reshape(2, 2, 2, 2, 2, 2, 2, 3)
    np.testing.assert_allclose(got[0], blocks.max((2, 4, 6)))
    np.testing.assert_allclose(got[1], blocks.mean((2, 4, 6)), rtol=1e-5)


def test_separable_convolution():
    made = tf.layers.separable_conv2d(
        IMAGES, 5, 3, padding="same", depth_multiplier=2, activation=tf.nn.relu,
        bias_initializer=tf.ones_initializer(),
    )  # fmt: skip
    assert made.shape.as_list() == [4, 4, 4, 5]
    apart, mixing, bias = tf.trainable_variables()
    assert [v.op.name for v in (apart, mixing, bias)] == [
        f"separable_conv2d/{part}" for part in ("depthwise_kernel", "pointwise_kernel", "bias")
    ]
    assert apart.shape.as_list() == [3, 3, 3, 2]
    assert mixing.shape.as_list() == [1, 1, 6, 5]
    assert names("separable_conv2d/")[-3:] == [
        "separable_conv2d/separable_conv2d", "separable_conv2d/BiasAdd", "separable_conv2d/Relu",
    ]  # fmt: skip
    by_ops = tf.nn.conv2d(
        tf.nn.depthwise_conv2d(IMAGES, apart, [1] * 4, "SAME"), mixing, [1] * 4, "SAME"
    )
    got, wanted = run([made, tf.nn.relu(by_ops + 1.0)])
    np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="channel dimension"):
        tf.layers.separable_conv2d(tf.placeholder(tf.float32, [1, 4, 4, None]), 5, 3)
