"""What is left of tf.contrib: TensorFlow 1.15's names of variables, and what they compute."""

import numpy as np
import pytest

import minitf as tf
from minitf.contrib import layers, rnn, seq2seq


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def test_cells_are_tf_nn_rnn_cells():
    assert rnn.BasicLSTMCell is tf.contrib.rnn.BasicLSTMCell is tf.nn.rnn_cell.BasicLSTMCell
    assert rnn.static_rnn is tf.nn.static_rnn
    with pytest.raises(AttributeError, match=r"tf\.contrib\.rnn\.no_such_cell"):
        rnn.no_such_cell  # noqa: B018


def test_missing_parts_say_what_to_use():
    with pytest.raises(AttributeError, match=r"learn\.DNNClassifier; instead: .*tf\.Session"):
        tf.contrib.learn.DNNClassifier  # noqa: B018
    for module in ("layers", "slim", "framework", "metrics", "seq2seq", "legacy_seq2seq", "util"):
        with pytest.raises(AttributeError, match=rf"minitf has no tf\.contrib\.{module}\.nope"):
            getattr(tf.contrib, module).nope  # noqa: B018


def test_fully_connected_layers_in_a_row():
    x = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    hidden = layers.fully_connected(tf.constant(x), 5)
    logits = layers.fully_connected(
        hidden, 2, activation_fn=None, weights_regularizer=layers.l2_regularizer(0.5)
    )
    names = [v.name for v in tf.trainable_variables()]
    assert names == [
        f"fully_connected{number}/{part}:0"
        for number in ("", "_1")
        for part in ("weights", "biases")
    ]
    assert logits.op.name == "fully_connected_1/BiasAdd"
    (penalty,) = tf.losses.get_regularization_losses()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        got, w0, b0, w1, b1, lost = sess.run([logits, *tf.trainable_variables(), penalty])
    np.testing.assert_allclose(got, np.maximum(x @ w0 + b0, 0) @ w1 + b1, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(lost, 0.25 * (w1**2).sum(), rtol=1e-5)


def test_fully_connected_along_the_last_of_three_dimensions():
    made = layers.fully_connected(tf.ones([2, 3, 4]), 5, scope="fc")
    assert made.shape.as_list() == [2, 3, 5]
    with tf.variable_scope("outer", reuse=None):
        layers.fully_connected(tf.ones([1, 4]), 5, scope="fc")
    layers.fully_connected(tf.ones([1, 4]), 5, scope="fc", reuse=True)
    assert len(tf.trainable_variables()) == 4
    with pytest.raises(ValueError, match="last dimension"):
        layers.fully_connected(tf.placeholder(tf.float32, [2, None]), 5)


def test_a_normalizer_takes_the_place_of_biases():
    layers.fully_connected(tf.ones([2, 4]), 5, normalizer_fn=lambda x, by: x / by,
                           normalizer_params={"by": 2.0})  # fmt: skip
    assert [v.op.name for v in tf.trainable_variables()] == ["fully_connected/weights"]


@pytest.mark.parametrize(
    ("initializer", "wanted"),
    [
        (layers.xavier_initializer(seed=1), 2 / (9 * 30 + 9 * 20)),
        (layers.xavier_initializer_conv2d(uniform=False, seed=1), 2 / (9 * 30 + 9 * 20)),
        (layers.variance_scaling_initializer(seed=1), 2 / (9 * 30)),
        (layers.variance_scaling_initializer(1.0, "FAN_OUT", True, seed=1), 1 / (9 * 20)),
    ],
)
def test_the_variance_of_initial_weights(initializer, wanted):
    weights = tf.get_variable("w", [3, 3, 30, 20], initializer=initializer)
    with tf.Session() as sess:
        sess.run(weights.initializer)
        assert sess.run(weights).var() == pytest.approx(wanted, rel=0.05)


def test_regularizers():
    w = tf.constant([3.0, -4.0])
    with tf.Session() as sess:
        assert sess.run(layers.l1_regularizer(0.5)(w)) == pytest.approx(3.5)
        assert sess.run(layers.l2_regularizer(0.5)(w)) == pytest.approx(6.25)
    assert layers.l2_regularizer(0.0)(w) is None
    for wrong, words in ((1, "integer"), (-0.5, "less than 0")):
        with pytest.raises(ValueError, match=words):
            layers.l1_regularizer(wrong)


def test_flatten_and_dropout():
    assert layers.flatten(tf.ones([2, 3, 4])).shape.as_list() == [2, 12]
    kept = layers.dropout(tf.ones([1000]), keep_prob=0.25, seed=1)
    same = layers.dropout(tf.ones([10]), is_training=False)
    with tf.Session() as sess:
        values = sess.run(kept)
        assert set(values.tolist()) == {0.0, 4.0}
        assert values.mean() == pytest.approx(1.0, abs=0.2)
        assert sess.run(same).tolist() == [1.0] * 10


@pytest.mark.parametrize("steps", [True, False])
@pytest.mark.parametrize("batch", [True, False])
def test_the_loss_of_sequences(steps, batch):
    draw = np.random.default_rng(1)
    logits = draw.normal(size=(2, 3, 4))
    targets, weights = draw.integers(0, 4, (2, 3)), draw.random((2, 3))
    loss = seq2seq.sequence_loss(
        tf.constant(logits), tf.constant(targets), tf.constant(weights), steps, batch
    )
    each = (
        np.log(np.exp(logits).sum(-1)) - np.take_along_axis(logits, targets[..., None], -1)[..., 0]
    )
    axis = {(True, True): None, (True, False): 1, (False, True): 0}.get((steps, batch))
    wanted = each * weights
    if steps or batch:
        wanted = wanted.sum(axis) / weights.sum(axis)
    with tf.Session() as sess:
        np.testing.assert_allclose(sess.run(loss), wanted, rtol=1e-6)


def test_a_loss_of_other_ranks_is_refused():
    with pytest.raises(ValueError, match="Logits must be a 3-dimensional tensor"):
        seq2seq.sequence_loss(tf.ones([2, 3]), tf.ones([2, 3], tf.int32), tf.ones([2, 3]))
