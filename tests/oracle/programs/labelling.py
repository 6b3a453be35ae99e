"""Labels for sequences: the CTC loss and its decoders."""

import numpy as np


def _w(*shape, s=1.0):
    return (
        (np.sin(np.arange(np.prod(shape), dtype=np.float32) * s)).reshape(shape).astype(np.float32)
    )


def ctc_losses(tf, see):
    x = tf.placeholder(tf.float32, [5, 3, 4], name="x")
    labels = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0]], [0, 2, 1, 1, 2], [3, 2])
    feed = {x: _w(5, 3, 4, s=1.7) * 2}
    for options in ({}, {"ctc_merge_repeated": False}, {"preprocess_collapse_repeated": True}):
        loss = tf.nn.ctc_loss(labels, x, [5, 4, 3], **options)
        see.full(loss, feed)
        see.full(tf.gradients(loss, x)[0], feed)
    by_batch = tf.nn.ctc_loss(
        labels=labels,
        logits=tf.transpose(x, [1, 0, 2]),
        sequence_length=[5, 4, 3],
        time_major=False,
    )
    see.run([by_batch, tf.gradients(tf.reduce_mean(by_batch), x)], feed)
    see.run(tf.nn.ctc_loss(labels, tf.cast(x, tf.float64), [5, 4, 3]), feed, rtol=1e-6)
    see.run(tf.nn.ctc_loss(labels, x, [1, 1, 1], ignore_longer_outputs_than_inputs=True), feed)
    see(tf.nn.ctc_loss(labels, tf.placeholder(tf.float32), [5, 4, 3]))
    see.attempt(
        lambda: see.session.run(tf.nn.ctc_loss(labels, x, [1, 1, 1]), feed), "Not enough time"
    )
    see.attempt(
        lambda: see.session.run(tf.nn.ctc_loss(labels, x, [6, 1, 1]), feed),
        "sequence_length(0) <= 5",
    )
    see.attempt(lambda: see.session.run(tf.nn.ctc_loss(labels, x, [5, 1]), feed))
    see.attempt(lambda: tf.nn.ctc_loss(tf.constant([1]), x, [5, 4, 3]))
    see.attempt(lambda: tf.nn.ctc_loss(labels, x))
    see.attempt(lambda: tf.nn.ctc_loss(labels, x, [5, 4, 3], logits=x))
    see.attempt(lambda: tf.nn.ctc_loss(labels, x[0], [5, 4, 3]))
    see.attempt(lambda: tf.gradients(tf.gradients(tf.nn.ctc_loss(labels, x, [5, 4, 3]), x), x))


def ctc_decoders(tf, see):
    x = tf.constant(_w(6, 3, 4, s=2.3) * 3)
    for options in ({}, {"merge_repeated": False}, {"blank_index": 0}):
        decoded, log = tf.nn.ctc_greedy_decoder(x, [6, 4, 2], **options)
        see(decoded[0].indices, decoded[0].values, decoded[0].dense_shape, log)
        see.run([decoded[0], log])
    for options in (
        {},
        {"beam_width": 3, "top_paths": 2},
        {"beam_width": 10, "top_paths": 3, "merge_repeated": False},
    ):
        decoded, log = tf.nn.ctc_beam_search_decoder(x, [6, 4, 2], **options)
        see(decoded[0].indices, log)
        see.run([decoded, log])
    decoded, _ = tf.nn.ctc_greedy_decoder(x, [6, 4, 2])
    truth = tf.SparseTensor([[0, 0], [1, 0], [2, 0]], tf.constant([1, 2, 0], tf.int64), [3, 2])
    see.run(tf.reduce_mean(tf.edit_distance(decoded[0], truth)))
    see.run(tf.sparse_tensor_to_dense(decoded[0], default_value=-1))
    see.attempt(lambda: see.session.run(tf.nn.ctc_greedy_decoder(x, [6, 4, 9])[1]))
    see.attempt(lambda: see.session.run(tf.nn.ctc_beam_search_decoder(x, [6, 4, 2], 2, 3)[1]))
    see.attempt(lambda: tf.nn.ctc_greedy_decoder(x[0], [1]))


def ctc_training(tf, see):
    tf.set_random_seed(1)
    x = tf.placeholder(tf.float32, [None, None, 3])
    targets = tf.sparse_placeholder(tf.int32)
    lengths = tf.placeholder(tf.int32, [None])
    w = tf.get_variable(
        "w", [3, 4], initializer=tf.truncated_normal_initializer(stddev=0.1, seed=2)
    )
    b = tf.get_variable("b", [4], initializer=tf.zeros_initializer())
    s = tf.shape(x)
    logits = tf.transpose(
        tf.reshape(tf.matmul(tf.reshape(x, [-1, 3]), w) + b, [s[0], -1, 4]), (1, 0, 2)
    )
    cost = tf.reduce_mean(tf.nn.ctc_loss(targets, logits, lengths))
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(cost)
    decoded, log = tf.nn.ctc_beam_search_decoder(logits, lengths)
    error = tf.reduce_mean(tf.edit_distance(tf.cast(decoded[0], tf.int32), targets))
    see.start()
    feed = {
        x: _w(2, 6, 3),
        targets: (
            np.array([[0, 0], [0, 1], [1, 0]]),
            np.array([1, 2, 0], np.int32),
            np.array([2, 2]),
        ),
        lengths: [6, 5],
    }
    for _ in range(4):
        see.run([cost, step], feed, rtol=2e-5)
    see.run([w, b, log, error], feed, rtol=5e-5)
