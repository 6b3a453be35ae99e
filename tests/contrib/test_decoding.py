"""Decoders run step by step: what they compute, where they end, and their variables' names."""

import numpy as np
import pytest

import minitf as tf
from minitf.contrib import seq2seq

BATCH, STEPS, SIZE, WORDS = 3, 4, 5, 6
INPUTS = np.random.RandomState(0).normal(size=(BATCH, STEPS, 2)).astype(np.float32)
LENGTHS = [2, 4, 1]


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        yield


def run(fetches):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return sess.run(fetches)


def training_decoder(**options):
    cell = tf.nn.rnn_cell.GRUCell(SIZE)
    helper = seq2seq.TrainingHelper(tf.constant(INPUTS), LENGTHS)
    layer = tf.layers.Dense(WORDS, name="words")
    decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(BATCH, tf.float32), layer)
    return cell, seq2seq.dynamic_decode(decoder, **options)


def test_training_is_the_network_over_the_given_inputs():
    _, (outputs, state, lengths) = training_decoder(impute_finished=True)
    assert outputs.rnn_output.shape.as_list()[2] == WORDS
    assert [v.op.name for v in tf.trainable_variables()] == [
        *(f"decoder/gru_cell/{part}" for part in
          ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")),
        "decoder/words/kernel", "decoder/words/bias",
    ]  # fmt: skip
    with tf.variable_scope("decoder", reuse=True):
        cell = tf.nn.rnn_cell.GRUCell(SIZE, name="gru_cell")
        steps, last = tf.nn.static_rnn(
            cell, tf.unstack(tf.constant(INPUTS), axis=1), dtype=tf.float32,
            sequence_length=LENGTHS, scope=tf.get_variable_scope(),
        )  # fmt: skip
    kernel, bias = tf.trainable_variables()[-2:]
    got, ids, final, counted, wanted, wanted_last, w, b = run(
        [*outputs, state, lengths, tf.stack(steps, 1), last, kernel, bias]
    )
    assert counted.tolist() == LENGTHS
    inside = np.arange(STEPS) < np.array(LENGTHS)[:, None]
    np.testing.assert_allclose(got, (wanted @ w + b) * inside[..., None], rtol=1e-4, atol=1e-6)
    assert ids.tolist() == (np.argmax(wanted @ w + b, -1) * inside).tolist()
    np.testing.assert_allclose(final, wanted_last, rtol=1e-5)


def test_time_may_come_first_and_end_early():
    _, (outputs, _, lengths) = training_decoder(output_time_major=True, maximum_iterations=3)
    got, counted = run([outputs.sample_id, lengths])
    assert got.shape == (3, BATCH)
    assert counted.tolist() == [2, 3, 1]


def test_a_decoder_learns():
    _, (outputs, _, _) = training_decoder()
    targets = tf.constant([[1, 2, 0, 0], [3, 4, 5, 1], [2, 0, 0, 0]])
    weights = tf.sequence_mask(LENGTHS, STEPS, tf.float32)
    loss = seq2seq.sequence_loss(outputs.rnn_output, targets, weights)
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(loss)
        for _ in range(20):
            sess.run(step)
        assert sess.run(loss) < before / 2


def test_greedy_decoding_goes_on_until_the_end_token():
    # A cell whose output is always the next word's number: 0, 1, 2, ... as one-hot rows.
    class Next(tf.nn.rnn_cell.RNNCell):
        state_size = 1
        output_size = WORDS

        def call(self, inputs, state):
            following = tf.cast(inputs[:, 0], tf.int32) + 1
            return tf.one_hot(following, WORDS), state + 1.0

    table = tf.constant(np.arange(WORDS, dtype=np.float32)[:, None])
    helper = seq2seq.GreedyEmbeddingHelper(table, tf.constant([0, 2]), 4)
    decoder = seq2seq.BasicDecoder(Next(), helper, tf.zeros([2, 1]))
    outputs, state, lengths = seq2seq.dynamic_decode(
        decoder, impute_finished=True, maximum_iterations=10
    )
    ids, counted, steps = run([outputs.sample_id, lengths, state])
    assert ids.tolist() == [[1, 2, 3, 4], [3, 4, 0, 0]]
    assert counted.tolist() == [4, 2]
    assert steps.ravel().tolist() == [4.0, 2.0]


def test_what_does_not_fit_is_told():
    cell = tf.nn.rnn_cell.GRUCell(SIZE)
    with pytest.raises(ValueError, match="sequence_length to be a vector"):
        seq2seq.TrainingHelper(tf.constant(INPUTS), 3)
    with pytest.raises(ValueError, match="start_tokens must be a vector"):
        seq2seq.GreedyEmbeddingHelper(tf.ones([3, 2]), 1, 2)
    with pytest.raises(ValueError, match="end_token must be a scalar"):
        seq2seq.GreedyEmbeddingHelper(tf.ones([3, 2]), [1], [2])
    helper = seq2seq.TrainingHelper(tf.constant(INPUTS), LENGTHS)
    with pytest.raises(TypeError, match="cell"):
        seq2seq.BasicDecoder(3, helper, None)
    decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(BATCH, tf.float32))
    with pytest.raises(ValueError, match="maximum_iterations must be a scalar"):
        seq2seq.dynamic_decode(decoder, maximum_iterations=[3])
