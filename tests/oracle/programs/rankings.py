"""Precision and recall of what is ranked highest."""

import numpy as np

SCORES = np.array(
    [[[0.1, 0.3, 0.2, 0.4], [0.1, 0.2, 0.3, 0.4]], [[0.9, 0.05, 0.03, 0.02], [0.2, 0.5, 0.2, 0.1]]],
    np.float32,
)


def _all(tf, see, labels, scores, **options):
    M = tf.metrics
    made = [
        M.precision_at_k(labels, scores, 2, **options),
        M.recall_at_k(labels, scores, 2, **options),
        M.average_precision_at_k(
            labels, scores, 3, **{k: v for k, v in options.items() if k != "class_id"}
        ),
    ]
    see.session.run(tf.local_variables_initializer())
    for value, update in made:
        see(value, update)
        see.run(update)
        see.run(update)
        see.run(value)


def dense_labels(tf, see):
    scores = tf.constant(SCORES[0])
    _all(tf, see, tf.constant([[3, 1], [2, 0]], tf.int64), scores)
    _all(tf, see, tf.constant([3, 0], tf.int64), scores)
    see([v.name for v in tf.local_variables()])


def weights_and_classes(tf, see):
    scores = tf.constant(SCORES)
    labels = tf.constant([[[3, 1], [2, 0]], [[0, 1], [1, 7]]], tf.int64)
    _all(tf, see, labels, scores, weights=tf.constant([[1.0, 2.0], [0.0, 1.0]]))
    _all(
        tf,
        see,
        labels,
        scores,
        class_id=3,
        name="mine",
        metrics_collections=["m"],
        updates_collections=["u"],
    )
    see(len(tf.get_collection("m")), len(tf.get_collection("u")))


def sparse_labels(tf, see):
    labels = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([3, 1, 2], tf.int64), [2, 2])
    _all(tf, see, labels, tf.constant(SCORES[0]))
    _all(tf, see, labels, tf.constant(SCORES[0]), class_id=1)


def given_ranks(tf, see):
    best = tf.constant([[3, 1], [2, 0]])
    labels = tf.constant([[1], [1]], tf.int64)
    for made in (
        tf.metrics.precision_at_top_k(labels, best),
        tf.metrics.recall_at_top_k(labels, best, 2),
        tf.metrics.sparse_precision_at_k(labels, tf.constant(SCORES[0]), 1),
        tf.metrics.sparse_average_precision_at_k(labels, tf.constant(SCORES[0]), 2),
    ):
        see.session.run(tf.local_variables_initializer())
        see.run(made[1])
        see.run(made[0])
    see.attempt(lambda: tf.metrics.average_precision_at_k(labels, tf.constant(SCORES[0]), 0))
    see.attempt(lambda: tf.metrics.precision_at_top_k(tf.constant([[[1]]], tf.int64), best))
    see.attempt(lambda: tf.metrics.recall_at_k(labels, tf.constant(SCORES[0]), 9))
    x = tf.placeholder(tf.float32)
    y = tf.placeholder(tf.int64)
    _, update = tf.metrics.precision_at_k(y, x, 2)
    see.session.run(tf.local_variables_initializer())
    see.run(update, {x: SCORES[0], y: [3, 0]})
