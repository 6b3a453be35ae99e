"""tf.layers: TensorFlow 1.15's names of variables and ops, sharing, and the functions computed."""

import numpy as np
import pytest

import minitf as tf

X = np.sin(np.arange(20, dtype=np.float32)).reshape(4, 5)
IMAGES = np.sin(np.arange(96, dtype=np.float32)).reshape(2, 4, 4, 3)


@pytest.fixture(autouse=True)
def _fresh_graph():
    tf.reset_default_graph()


def names(prefix):
    """The ops under a scope, without those of initial values."""
    ops = tf.get_default_graph().get_operations()
    return [op.name for op in ops if op.name.startswith(prefix) and "Initializer" not in op.name]


def run(fetches, feed_dict=None):
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session.run(fetches, feed_dict)


def test_dense_makes_the_nodes_of_tensorflow():
    y = tf.layers.dense(tf.constant(X), 3, activation=tf.nn.relu)
    assert y.name == "dense/Relu:0"
    assert y.shape == [4, 3]
    assert names("dense/") == [
        "dense/kernel", "dense/kernel/Assign", "dense/kernel/read",
        "dense/bias", "dense/bias/Assign", "dense/bias/read",
        "dense/MatMul", "dense/BiasAdd", "dense/Relu",
    ]  # fmt: skip


def test_dense_draws_tensorflows_weights():
    tf.set_random_seed(3)
    first = tf.layers.dense(tf.constant(X), 3, activation=tf.nn.relu)
    second = tf.layers.dense(tf.constant(X), 3, name="fc")
    # What the layers that TensorFlow 2.21 still carries inside it give.
    assert [value.sum() for value in run([first, second])] == pytest.approx(
        [2.784, 0.316], abs=1e-3
    )


def test_each_layer_gets_a_name_of_its_own():
    for _ in range(2):
        tf.layers.dense(tf.constant(X), 3)
    with tf.variable_scope("a"):
        tf.layers.dense(tf.constant(X), 3, use_bias=False)
    assert [v.name for v in tf.global_variables()] == [
        "dense/kernel:0", "dense/bias:0", "dense_1/kernel:0", "dense_1/bias:0", "a/dense/kernel:0",
    ]  # fmt: skip


def test_a_name_is_shared_only_with_reuse():
    first = tf.layers.dense(tf.constant(X), 3, name="fc")
    again = tf.layers.dense(tf.constant(X), 3, name="fc", reuse=True)
    assert (first.name, again.name) == ("fc/BiasAdd:0", "fc_1/BiasAdd:0")
    np.testing.assert_array_equal(*run([first, again]))
    with pytest.raises(ValueError, match="already exists"):
        tf.layers.dense(tf.constant(X), 3, name="fc")


def test_a_layer_called_twice_uses_its_variables_again():
    layer = tf.layers.Dense(3)
    first, again = layer(tf.constant(X)), layer(tf.constant(X))
    assert (first.name, again.name) == ("dense/BiasAdd:0", "dense/BiasAdd_1:0")
    assert len(tf.global_variables()) == 2
    assert layer.variables == tf.global_variables()


def test_dense_of_more_dimensions():
    x = np.sin(np.arange(24, dtype=np.float32)).reshape(2, 3, 4)
    y = tf.layers.dense(tf.constant(x), 2)
    value, kernel = run([y, tf.trainable_variables()[0]])
    np.testing.assert_allclose(value, x @ kernel, rtol=1e-5)


@pytest.mark.parametrize(
    ("shape", "message"), [([None, None], "last dimension"), ([3], "min_ndim=2, found ndim=1")]
)
def test_dense_refuses(shape, message):
    with pytest.raises(ValueError, match=message):
        tf.layers.dense(tf.placeholder(tf.float32, shape), 3)


def test_regularizers_add_to_the_losses():
    tf.layers.dense(tf.constant(X), 3, kernel_regularizer=tf.nn.l2_loss)
    tf.layers.dense(tf.constant(X), 3, name="b", kernel_regularizer=lambda w: None)
    found = tf.losses.get_regularization_losses()
    assert [loss.name for loss in found] == ["dense/kernel/Regularizer/L2Loss:0"]


def test_images():
    x = tf.constant(IMAGES)
    y = tf.layers.conv2d(x, 2, 3, padding="same", activation=tf.nn.relu)
    pooled = tf.layers.max_pooling2d(y, 2, 2)
    mean = tf.layers.average_pooling2d(y, 2, 2)
    larger = tf.layers.conv2d_transpose(y, 5, 3, 2, padding="same")
    flat = tf.layers.flatten(pooled)
    made = [t.name for t in (y, pooled, mean, larger, flat)]
    assert made == [
        "conv2d/Relu:0", "max_pooling2d/MaxPool:0", "average_pooling2d/AvgPool:0",
        "conv2d_transpose/BiasAdd:0", "flatten/Reshape:0",
    ]  # fmt: skip
    sizes = [np.shape(value) for value in run([y, pooled, mean, larger, flat])]
    assert sizes == [(2, 4, 4, 2), (2, 2, 2, 2), (2, 2, 2, 2), (2, 8, 8, 5), (2, 8)]
    assert names("conv2d/")[6:] == [
        "conv2d/dilation_rate", "conv2d/Conv2D", "conv2d/BiasAdd", "conv2d/Relu"
    ]  # fmt: skip


def test_dropout_while_training_only():
    x = tf.ones([100])
    training = tf.placeholder(tf.bool, [])
    never, always = tf.layers.dropout(x), tf.layers.dropout(x, 0.4, training=True)
    chosen = tf.layers.dropout(x, 0.4, training=training)
    assert (never.name, always.name) == ("dropout/Identity:0", "dropout_1/dropout/SelectV2:0")
    for flag in (False, True):
        values = run([never, always, chosen], {training: flag})
        assert [bool((value == 0).any()) for value in values] == [False, True, flag]


@pytest.mark.parametrize("x", [X, IMAGES], ids=["vectors", "images"])
def test_batch_normalization(x):
    training = tf.placeholder(tf.bool, [])
    y = tf.layers.batch_normalization(tf.constant(x), training=training)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    prefix = "batch_normalization/"
    assert [v.op.name for v in tf.global_variables()] == [
        prefix + name for name in ("gamma", "beta", "moving_mean", "moving_variance")
    ]
    # Nothing moves while nothing is trained: vectors' updates stand in branches; images', whose
    # layer is fused, move by a share of 0 then.
    made = ("cond_2/Merge", "cond_3/Merge") if x is X else ("AssignMovingAvg", "AssignMovingAvg_1")
    assert [op.op.name for op in updates] == [prefix + name for name in made]
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axis=axes), x.var(axis=axes)
    trained = session.run(y, {training: True})
    np.testing.assert_allclose(trained, (x - mean) / np.sqrt(variance + 1e-3), rtol=1e-4, atol=1e-5)
    session.run(updates, {training: True})
    moving = session.run(tf.global_variables()[2])
    np.testing.assert_allclose(moving, 0.01 * mean, rtol=1e-4, atol=1e-6)
    session.run(tf.variables_initializer(tf.global_variables()))
    np.testing.assert_allclose(session.run(y, {training: False}), x / np.sqrt(1.001), rtol=1e-4)
    session.run(updates, {training: False})
    np.testing.assert_array_equal(session.run(tf.global_variables()[2]), np.zeros_like(mean))


def test_sequences():
    x = tf.placeholder(tf.float32, [2, 5, 3])
    convolved = tf.layers.conv1d(x, 4, 2, kernel_initializer=tf.ones_initializer())
    assert convolved.shape.as_list() == [2, 4, 4]
    assert names("conv1d/") == [
        "conv1d/kernel",
        "conv1d/kernel/Assign",
        "conv1d/kernel/read",
        "conv1d/bias",
        "conv1d/bias/Assign",
        "conv1d/bias/read",
        "conv1d/dilation_rate",
        "conv1d/conv1d/ExpandDims/dim",
        "conv1d/conv1d/ExpandDims",
        "conv1d/conv1d/ExpandDims_1/dim",
        "conv1d/conv1d/ExpandDims_1",
        "conv1d/conv1d",
        "conv1d/conv1d/Squeeze",
        "conv1d/BiasAdd",
    ]
    sequences = np.arange(30.0).reshape(2, 5, 3)
    pairs = sequences[:, :-1].sum(-1) + sequences[:, 1:].sum(-1)
    np.testing.assert_allclose(run(convolved, {x: sequences})[..., 0], pairs)
    largest = tf.layers.max_pooling1d(x, 2, 2)
    assert names("max_pooling1d/") == [
        "max_pooling1d/ExpandDims/dim",
        "max_pooling1d/ExpandDims",
        "max_pooling1d/MaxPool",
        "max_pooling1d/Squeeze",
    ]
    np.testing.assert_array_equal(run(largest, {x: sequences}), sequences[:, 1:4:2])
    means = run(tf.layers.average_pooling1d(x, 2, 1, "same"), {x: sequences})
    np.testing.assert_allclose(means[:, :-1], (sequences[:, :-1] + sequences[:, 1:]) / 2)
    first = tf.transpose(x, [0, 2, 1])
    turned = tf.layers.conv1d(
        first, 4, 2, data_format="channels_first", kernel_initializer=tf.ones_initializer()
    )
    assert turned.shape.as_list() == [2, 4, 4]
    wide = tf.layers.conv1d(x, 4, 2, dilation_rate=2, kernel_initializer=tf.ones_initializer())
    apart = sequences[:, :-2].sum(-1) + sequences[:, 2:].sum(-1)
    np.testing.assert_allclose(run(wide, {x: sequences})[..., 0], apart)


def test_layers_tell_what_they_were_given():
    layer = tf.layers.Dense(3, kernel_constraint=tf.nn.relu, bias_regularizer=tf.abs)
    assert (layer.kernel_constraint, layer.bias_regularizer) == (tf.nn.relu, tf.abs)
    assert layer.compute_output_shape((None, 4, 2)).as_list() == [None, 4, 3]
    with pytest.raises(ValueError, match="must be defined"):
        layer.compute_output_shape((2, None))
    with pytest.raises(ValueError, match="isn't built"):
        layer.count_params()
    layer.build((None, 4))
    assert layer.count_params() == 15


def test_flattening_channels_first():
    x = np.arange(24.0).reshape(1, 4, 3, 2)
    first = tf.constant(np.moveaxis(x, 3, 1))
    flat = tf.layers.flatten(first, data_format="channels_first")
    assert flat.shape.as_list() == [1, 24]
    np.testing.assert_array_equal(run(flat)[0], x.ravel())


def test_sizes_of_layers():
    images = tf.zeros([2, 6, 7, 1])
    with pytest.raises(ValueError, match="strides"):
        tf.layers.max_pooling2d(images, 3, strides=None)
    pooled = tf.layers.max_pooling2d(images, images.shape[1:3], strides=1)
    assert pooled.shape.as_list() == [2, 1, 1, 1]


def test_dense_wants_floats():
    with pytest.raises(TypeError, match=r"only be built with a floating-point dtype.*tf.int32"):
        tf.layers.dense(tf.ones([2, 2], tf.int32), 2)
