"""Layers with defaults set for a block, under TensorFlow 1.15's names, and what they compute."""

import numpy as np
import pytest

import minitf as tf
from minitf.contrib import framework, layers, slim


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        yield


def names(collection=tf.GraphKeys.TRAINABLE_VARIABLES):
    return [v.op.name for v in tf.get_collection(collection)]


def run(fetches, feed_dict=None):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return sess.run(fetches, feed_dict)


def test_a_network_as_slim_programs_write_it():
    x = tf.placeholder(tf.float32, [None, 28, 28, 1])
    training = {"is_training": True, "decay": 0.9}
    with slim.arg_scope(
        [slim.conv2d, slim.fully_connected],
        weights_regularizer=slim.l2_regularizer(0.0005),
        normalizer_fn=slim.batch_norm,
        normalizer_params=training,
    ):
        net = slim.conv2d(x, 8, [5, 5], scope="conv1")
        net = slim.max_pool2d(net, [2, 2], scope="pool1")
        net = slim.repeat(net, 2, slim.conv2d, 4, 3, scope="conv2")
        net = slim.flatten(net)
        net = slim.stack(net, slim.fully_connected, [16, 8], scope="fc")
        net = slim.dropout(net, 0.5, scope="drop")
        logits = slim.fully_connected(
            net, 10, activation_fn=None, normalizer_fn=None, scope="logits"
        )
    assert names() == [
        "conv1/weights", "conv1/BatchNorm/beta",
        "conv2/conv2_1/weights", "conv2/conv2_1/BatchNorm/beta",
        "conv2/conv2_2/weights", "conv2/conv2_2/BatchNorm/beta",
        "fc/fc_1/weights", "fc/fc_1/BatchNorm/beta",
        "fc/fc_2/weights", "fc/fc_2/BatchNorm/beta",
        "logits/weights", "logits/biases",
    ]  # fmt: skip
    assert len(names(tf.GraphKeys.MODEL_VARIABLES)) == 22
    losses = tf.losses.get_regularization_losses()
    assert losses[0].op.name == "conv1/kernel/Regularizer/l2_regularizer"
    assert len(losses) == 6
    assert len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)) == 10
    assert logits.op.name == "logits/BiasAdd"
    assert run(logits, {x: np.ones((2, 28, 28, 1))}).shape == (2, 10)
    assert [v.op.name for v in slim.get_variables("conv1", suffix="beta")] == names()[1:2]
    restored = slim.get_variables_to_restore(exclude=["logits", "fc"])
    assert {v.op.name.split("/")[0] for v in restored} == {"conv1", "conv2"}


def test_conv2d_is_convolution_bias_and_relu():
    x = np.random.RandomState(0).normal(size=(1, 3, 3, 2)).astype(np.float32)
    made = layers.conv2d(tf.constant(x), 2, [1, 1], biases_initializer=tf.ones_initializer())
    assert made.op.name == "Conv/Relu"
    assert [op.type for op in made.graph.get_operations()][-4:] == [
        "Const", "Conv2D", "BiasAdd", "Relu",
    ]  # fmt: skip
    weights = tf.trainable_variables()[0]
    got, w = run([made, weights])
    np.testing.assert_allclose(got, np.maximum(x @ w[0, 0] + 1, 0), rtol=1e-5, atol=1e-6)
    larger = layers.conv2d_transpose(tf.constant(x), 5, 3, stride=2)
    assert larger.shape.as_list() == [1, 6, 6, 5]
    assert larger.op.name == "Conv2d_transpose/Relu"
    with pytest.raises(ValueError, match="NWC"):
        layers.conv2d(tf.constant(x), 2, 1, data_format="NWC")


def test_pools():
    x = tf.constant(np.arange(16.0).reshape(1, 4, 4, 1))
    largest, mean = layers.max_pool2d(x, 2), layers.avg_pool2d(x, [2, 2], scope="mean")
    assert largest.op.name == "MaxPool2D/MaxPool"
    assert mean.op.name == "mean/AvgPool"
    got = run([largest, mean])
    assert got[0].ravel().tolist() == [5, 7, 13, 15]
    assert got[1].ravel().tolist() == [2.5, 4.5, 10.5, 12.5]


@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4, 3)])
@pytest.mark.parametrize("collections", [None, tf.GraphKeys.UPDATE_OPS, "own"])
def test_batch_norm_normalizes_and_moves_its_means(shape, collections):
    x = np.random.RandomState(0).normal(3, 2, size=shape).astype(np.float32)
    training = tf.placeholder(tf.bool, [])
    made = layers.batch_norm(
        tf.constant(x), decay=0.5, scale=True, updates_collections=collections,
        is_training=training,
    )  # fmt: skip
    assert made.shape.as_list() == list(shape)
    assert set(names()) == {"BatchNorm/beta", "BatchNorm/gamma"}
    updates = tf.get_collection(collections) if collections else []
    assert len(updates) == (2 if collections else 0)
    mean, variance = (framework.get_unique_variable(f"BatchNorm/moving_{part}")
                      for part in ("mean", "variance"))  # fmt: skip
    flat = x.reshape(-1, 3)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(made, {training: False})
        np.testing.assert_allclose(before, x / np.sqrt(1.001), rtol=1e-4)
        during, _ = sess.run([made, updates], {training: True})
        wanted = (flat - flat.mean(0)) / np.sqrt(flat.var(0) + 0.001)
        np.testing.assert_allclose(during.reshape(-1, 3), wanted, rtol=1e-3, atol=1e-4)
        moved, varied = sess.run([mean, variance])
    np.testing.assert_allclose(moved, flat.mean(0) / 2, rtol=1e-4)
    unbiased = flat.var(0) * len(flat) / (len(flat) - 1)
    np.testing.assert_allclose(varied, (1 + unbiased) / 2, rtol=1e-4)


def test_layer_norm_of_each_example():
    x = np.random.RandomState(0).normal(size=(2, 5)).astype(np.float32)
    wanted = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
    got = run(layers.layer_norm(tf.constant(x)))
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)
    assert names() == ["LayerNorm/beta", "LayerNorm/gamma"]


def test_sequences_of_ids_as_vectors():
    ids = tf.constant([[0, 2], [1, 1]])
    vectors = layers.embed_sequence(ids, vocab_size=3, embed_dim=4, scope="words")
    again = layers.embed_sequence(ids, 3, 4, scope="words", reuse=True)
    assert names() == ["words/embeddings"]
    got, same, table = run([vectors, again, tf.trainable_variables()[0]])
    np.testing.assert_array_equal(got, table[[[0, 2], [1, 1]]])
    np.testing.assert_array_equal(got, same)
    with pytest.raises(ValueError, match="vocab_size=None"):
        layers.embed_sequence(ids)


def test_small_layers():
    hot = layers.one_hot_encoding(tf.constant([1, 0]), 3)
    assert run(hot).tolist() == [[0, 1, 0], [1, 0, 0]]
    chances = layers.softmax(tf.zeros([2, 3, 4]))
    np.testing.assert_allclose(run(chances), np.full((2, 3, 4), 0.25))
    shifted = layers.bias_add(tf.zeros([2, 3]), initializer=tf.ones_initializer())
    assert shifted.op.name == "BiasAdd/BiasAdd"
    np.testing.assert_array_equal(run(shifted), np.ones((2, 3)))
    assert layers.linear(tf.ones([1, 2]), 3).op.name == "fully_connected/BiasAdd"


def test_regularizers_together():
    w = tf.constant([3.0, -4.0])
    both = layers.l1_l2_regularizer(0.5, 0.1)(w)
    assert run(both) == pytest.approx(3.5 + 1.25)
    assert run(layers.l1_l2_regularizer(0.5, 0.0)(w)) == pytest.approx(3.5)
    assert layers.sum_regularizer([None]) is None
    summed = layers.apply_regularization(layers.l2_regularizer(1.0), [w, w])
    assert run(summed) == pytest.approx(25.0)
    assert tf.losses.get_regularization_losses() == [summed]
    with pytest.raises(ValueError, match="No weights"):
        layers.apply_regularization(layers.l2_regularizer(1.0))


def test_defaults_hold_for_a_block_and_may_be_taken_along():
    @framework.add_arg_scope
    def f(a, b=1, c=2):
        return a, b, c

    with framework.arg_scope([f], b=10) as scope:
        assert f(0) == (0, 10, 2)
        assert f(0, b=5) == (0, 5, 2)
        with framework.arg_scope([f], c=20):
            assert f(0) == (0, 10, 20)
        assert f(0) == (0, 10, 2)
    assert f(0) == (0, 1, 2)
    with framework.arg_scope(scope):
        assert f(0) == (0, 10, 2)
    assert framework.has_arg_scope(f)
    assert framework.arg_scoped_arguments(f) == ("b", "c")
    for wrong, kwargs, kind, words in (
        ([len], {"b": 1}, ValueError, "not decorated"),
        (f, {"b": 1}, TypeError, "list/tuple"),
        (scope, {"b": 1}, ValueError, "kwargs must be empty"),
    ):
        with pytest.raises(kind, match=words), framework.arg_scope(wrong, **kwargs):
            pass


def test_variables_of_a_model_are_restored(tmp_path):
    with tf.variable_scope("a"):
        v = framework.model_variable("v", [2], initializer=tf.ones_initializer())
    framework.variable("w", [1])
    assert names(tf.GraphKeys.MODEL_VARIABLES) == ["a/v"]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = tf.train.Saver([v]).save(sess, str(tmp_path / "model"))
        sess.run(v.assign([5.0, 5.0]))
        restore = framework.assign_from_checkpoint_fn(
            path, tf.global_variables(), ignore_missing_vars=True
        )
        restore(sess)
        assert sess.run(v).tolist() == [1.0, 1.0]
    with pytest.raises(ValueError, match="cannot be empty"):
        framework.assign_from_checkpoint_fn(path, [])
    with pytest.raises(ValueError, match="uniquely identify"):
        framework.get_unique_variable("v")
