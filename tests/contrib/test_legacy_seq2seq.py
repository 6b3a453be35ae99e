"""Unrolled sequence models: TensorFlow 1.15's names, and a twin in NumPy."""

import numpy as np
import pytest

import minitf as tf
from minitf.contrib import legacy_seq2seq

STEPS, BATCH, WORDS, SIZE = 3, 2, 5, 4


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        yield


def words(steps=STEPS, seed=0):
    numbers = np.random.RandomState(seed).randint(0, WORDS, (steps, BATCH))
    return [tf.constant(row, tf.int32) for row in numbers]


def values(fetches):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return sess.run([fetches, {v.op.name: v for v in tf.global_variables()}])


def names():
    return [v.op.name for v in tf.trainable_variables()]


def test_losses_of_lists_of_steps():
    logits = np.random.RandomState(0).normal(size=(STEPS, BATCH, WORDS)).astype(np.float32)
    targets = np.array([[0, 1], [2, 3], [4, 0]])
    weights = np.array([[1, 1], [1, 0.5], [0, 1]], np.float32)
    lists = [list(map(tf.constant, part)) for part in (logits, targets, weights)]
    one = legacy_seq2seq.sequence_loss_by_example(*lists)
    summed = legacy_seq2seq.sequence_loss_by_example(*lists, average_across_timesteps=False)
    whole = legacy_seq2seq.sequence_loss(*lists)
    total = legacy_seq2seq.sequence_loss(*lists, average_across_batch=False, name="total")
    chances = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    picked = np.take_along_axis(chances, targets[..., None], -1)[..., 0]
    sums = (-np.log(picked) * weights).sum(0)
    means = sums / weights.sum(0)
    found, _ = values([one, summed, whole, total])
    for got, wanted in zip(found, [means, sums, means.mean(), means.sum()], strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5)
    assert one.op.name == "sequence_loss_by_example/truediv"
    assert whole.op.name == "sequence_loss/truediv"
    assert total.op.name == "total/Sum"
    with pytest.raises(ValueError, match="must be the same 3, 3, 2"):
        legacy_seq2seq.sequence_loss(lists[0], lists[1][:2], lists[2])


def test_basic_model_has_two_networks_and_the_tied_one_has_one():
    inputs = [tf.ones([BATCH, SIZE])] * 2
    cell = tf.nn.rnn_cell.GRUCell(3)
    outputs, state = legacy_seq2seq.basic_rnn_seq2seq(inputs, inputs, cell)
    assert len(outputs) == 2
    assert state.shape.as_list() == [BATCH, 3]
    assert names()[0] == "basic_rnn_seq2seq/rnn/gru_cell/gates/kernel"
    assert names()[4] == "basic_rnn_seq2seq/rnn_decoder/gru_cell/gates/kernel"
    assert len(names()) == 8
    legacy_seq2seq.tied_rnn_seq2seq(inputs, inputs, tf.nn.rnn_cell.GRUCell(3))
    assert names()[8:] == [
        f"combined_tied_rnn_seq2seq/tied_rnn_seq2seq/gru_cell/{part}"
        for part in ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")
    ]


def test_a_decoder_may_feed_itself():
    def twice(previous, step):
        return previous * 2.0

    cell = tf.nn.rnn_cell.BasicRNNCell(SIZE)
    start = tf.zeros([BATCH, SIZE])
    outputs, _ = legacy_seq2seq.rnn_decoder([tf.ones([BATCH, SIZE])] * 2, start, cell, twice)
    (first, second), variables = values(outputs)
    kernel = variables["rnn_decoder/basic_rnn_cell/kernel"]
    np.testing.assert_allclose(first, np.tanh(np.ones((BATCH, SIZE)) @ kernel[:SIZE]), rtol=1e-5)
    both = np.concatenate([2 * first, first], 1)
    np.testing.assert_allclose(second, np.tanh(both @ kernel), rtol=1e-4, atol=1e-6)


def test_words_to_words():
    cell = tf.nn.rnn_cell.BasicLSTMCell(SIZE)
    outputs, state = legacy_seq2seq.embedding_rnn_seq2seq(
        words(), words(seed=1), cell, WORDS, WORDS + 1, 6
    )
    assert [output.shape.as_list() for output in outputs] == [[BATCH, WORDS + 1]] * STEPS
    assert isinstance(state, tf.nn.rnn_cell.LSTMStateTuple)
    prefix = "embedding_rnn_seq2seq"
    assert names() == [
        f"{prefix}/rnn/embedding_wrapper/embedding",
        f"{prefix}/rnn/embedding_wrapper/basic_lstm_cell/kernel",
        f"{prefix}/rnn/embedding_wrapper/basic_lstm_cell/bias",
        f"{prefix}/embedding_rnn_decoder/embedding",
        *(
            f"{prefix}/embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/{part}"
            for part in ("basic_lstm_cell/kernel", "basic_lstm_cell/bias", "kernel", "bias")
        ),
    ]
    embedding = tf.trainable_variables()[0]
    assert embedding.device == "/device:CPU:0"
    values(outputs)


@pytest.mark.parametrize("model", ["embedding_rnn_seq2seq", "embedding_attention_seq2seq"])
def test_whether_to_feed_itself_may_be_decided_in_the_run(model):
    feeds_itself = tf.placeholder(tf.bool, [])
    build = getattr(legacy_seq2seq, model)

    def built(feed_previous):
        cell = tf.nn.rnn_cell.GRUCell(SIZE)
        return build(words(), words(seed=1), cell, WORDS, WORDS, 6, feed_previous=feed_previous)

    by_run, _ = built(feeds_itself)
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        always, never = built(True)[0], built(False)[0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for flag, same in ((True, always), (False, never)):
            got, wanted = sess.run([by_run, same], {feeds_itself: flag})
            np.testing.assert_allclose(got, wanted, rtol=1e-5)
        first, second = sess.run([always, never])
        assert not np.allclose(first[1:], second[1:])


def test_attention_is_a_mean_weighted_by_scores():
    read = np.random.RandomState(0).normal(size=(BATCH, STEPS, SIZE)).astype(np.float32)
    cell = tf.nn.rnn_cell.BasicRNNCell(SIZE)
    inputs, start = tf.ones([BATCH, 3]), tf.zeros([BATCH, SIZE])
    outputs, state = legacy_seq2seq.attention_decoder(
        [inputs], start, tf.constant(read), cell, output_size=2
    )
    (output, state), variables = values([outputs[0], state])
    v = {name.removeprefix("attention_decoder/"): value for name, value in variables.items()}
    assert list(v) == [
        "AttnW_0", "AttnV_0", "kernel", "bias", "basic_rnn_cell/kernel", "basic_rnn_cell/bias",
        "Attention_0/kernel", "Attention_0/bias", "AttnOutputProjection/kernel",
        "AttnOutputProjection/bias",
    ]  # fmt: skip
    query = state @ v["Attention_0/kernel"] + v["Attention_0/bias"]
    scores = (v["AttnV_0"] * np.tanh(read @ v["AttnW_0"][0, 0] + query[:, None])).sum(-1)
    shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    mean = (shares[..., None] * read).sum(1)
    wanted = np.concatenate([state, mean], 1) @ v["AttnOutputProjection/kernel"]
    np.testing.assert_allclose(output, wanted + v["AttnOutputProjection/bias"], rtol=1e-4)


def test_attention_says_what_it_lacks():
    cell, start = tf.nn.rnn_cell.GRUCell(SIZE), tf.zeros([BATCH, SIZE])
    states, inputs = tf.ones([BATCH, STEPS, SIZE]), [tf.ones([BATCH, 3])]
    decoder = legacy_seq2seq.attention_decoder
    with pytest.raises(ValueError, match="at least 1 input"):
        decoder([], start, states, cell)
    with pytest.raises(ValueError, match="less than 1 heads"):
        decoder(inputs, start, states, cell, num_heads=0)
    with pytest.raises(ValueError, match=r"Shape\[2\]"):
        decoder(inputs, start, tf.placeholder(tf.float32, [BATCH, STEPS, None]), cell)


def test_attention_with_two_heads_from_the_start_learns():
    cell = tf.nn.rnn_cell.BasicLSTMCell(SIZE)
    outputs, _ = legacy_seq2seq.embedding_attention_seq2seq(
        words(), words(seed=1), cell, WORDS, WORDS, 6, num_heads=2, initial_state_attention=True
    )
    weights = [tf.ones([BATCH])] * STEPS
    loss = legacy_seq2seq.sequence_loss(outputs, words(seed=2), weights)
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = sess.run(loss)
        for _ in range(20):
            sess.run(step)
        assert sess.run(loss) < before / 2


def test_buckets_share_their_variables():
    def model(encoder_inputs, decoder_inputs):
        cell = tf.nn.rnn_cell.GRUCell(SIZE)
        return legacy_seq2seq.embedding_tied_rnn_seq2seq(
            encoder_inputs, decoder_inputs, cell, WORDS, 6
        )

    weights = [tf.ones([BATCH])] * STEPS
    outputs, losses = legacy_seq2seq.model_with_buckets(
        words(), words(seed=1), words(seed=2), weights, [(1, 2), (2, 3)], model
    )
    assert [len(made) for made in outputs] == [2, 3]
    assert len(names()) == 7
    assert names()[0] == "embedding_tied_rnn_seq2seq/embedding"
    assert losses[1].op.name == "model_with_buckets/sequence_loss_1/truediv"
    values(losses)
    with pytest.raises(ValueError, match=r"encoder_inputs \(3\) must be at least .* \(9\)"):
        legacy_seq2seq.model_with_buckets(words(), words(), words(), weights, [(9, 2)], model)
