"""Metrics of classes, distances and thresholds: tf.metrics over several batches."""

import numpy as np


def _batches(tf, see, metric, *feeds):
    value, update = metric
    see(value, update)
    see.session.run(tf.local_variables_initializer())
    for feed in feeds:
        see.run(update, feed, rtol=1e-5)
        see.run(value, rtol=1e-5)


def overlaps(tf, see):
    y = tf.placeholder(tf.int32, [4], name="y")
    p = tf.placeholder(tf.int64, [4], name="p")
    first, second = {y: [0, 1, 2, 2], p: [0, 2, 2, 1]}, {y: [0, 0, 0, 0], p: [0, 1, 0, 1]}
    _batches(tf, see, tf.metrics.mean_iou(y, p, 4), first, second)
    w = tf.constant([1.0, 0.5, 0.0, 2.0])
    weighted = tf.metrics.mean_iou(y, p, 3, w, ["mine"], ["updates"], "named")
    _batches(tf, see, weighted, first, second)
    see(tf.get_collection("mine"), tf.get_collection("updates"))
    pictures = tf.metrics.mean_iou(tf.zeros([1, 2, 2]), tf.ones([1, 2, 2]), 2, tf.ones([1, 2, 2]))
    _batches(tf, see, pictures, {})
    see.attempt(lambda: tf.metrics.mean_iou(y, tf.zeros([3]), 2), "4", "3")
    see.attempt(lambda: tf.metrics.mean_iou([0, 1], [0, 1], 2), "get_shape")


def accuracies_by_class(tf, see):
    y = tf.placeholder(tf.int32, [4], name="y")
    p = tf.placeholder(tf.int64, [4], name="p")
    first, second = {y: [0, 1, 2, 2], p: [0, 2, 2, 1]}, {y: [0, 0, 0, 0], p: [0, 1, 0, 1]}
    _batches(tf, see, tf.metrics.mean_per_class_accuracy(y, p, 4), first, second)
    w = tf.constant([[1.0, 0.5], [0.0, 2.0]])
    flat = tf.metrics.mean_per_class_accuracy(
        tf.constant([[0, 1], [1, 1]]), tf.constant([[0, 0], [1, 1]]), 2, w, ["mine"], ["updates"]
    )
    _batches(tf, see, flat, {})
    see(tf.get_collection("mine"), tf.get_collection("updates"))


def distances(tf, see):
    x = tf.constant([[0.6, 0.8], [1.0, 0.0]])
    y = tf.constant([[0.8, 0.6], [0.0, 1.0]])
    metrics = tf.metrics
    _batches(tf, see, metrics.mean_cosine_distance(x, y, 1), {})
    _batches(tf, see, metrics.mean_cosine_distance(x, y, 1, tf.constant([[1.0], [0.0]])), {})
    _batches(tf, see, metrics.mean_relative_error(x, y, tf.constant([[1.0, 0.0], [2.0, 4.0]])), {})
    _batches(tf, see, metrics.mean_relative_error(x, y, x, tf.constant(0.5), name="rel"), {})
    _batches(tf, see, metrics.percentage_below(x, 0.7), {})
    _batches(tf, see, metrics.percentage_below(x, 0.7, tf.constant([[1.0], [0.5]])), {})
    tensor = tf.placeholder(tf.float32, [2], name="t")
    feeds = ({tensor: [1.0, 2.0]}, {tensor: [3.0, 6.0]})
    _batches(tf, see, metrics.mean_tensor(tensor), *feeds)
    _batches(tf, see, metrics.mean_tensor(tensor, tf.constant([1.0, 0.0]), name="w"), *feeds)


def at_thresholds(tf, see):
    y = tf.placeholder(tf.bool, [4], name="y")
    p = tf.placeholder(tf.float32, [4], name="p")
    first = {y: [True, False, True, False], p: [0.9, 0.6, 0.3, 0.1]}
    second = {y: [True, True, False, False], p: [0.2, 0.8, 0.7, 0.4]}
    limits, w = [0.25, 0.5, 0.75], tf.constant([1.0, 0.5, 0.0, 2.0])
    for name in ("true_positives", "false_positives", "true_negatives", "false_negatives"):
        metric = getattr(tf.metrics, f"{name}_at_thresholds")
        _batches(tf, see, metric(y, p, limits), first, second)
    for name in ("precision", "recall"):
        metric = getattr(tf.metrics, f"{name}_at_thresholds")
        _batches(tf, see, metric(y, p, limits), first, second)
        _batches(tf, see, metric(y, p, limits, w, ["mine"], ["updates"], "named"), first)
    see(tf.get_collection("mine"), tf.get_collection("updates"))


def one_share_at_another(tf, see):
    y = tf.constant(np.arange(20) % 3 == 0)
    p = tf.constant(np.sin(np.arange(20, dtype=np.float32)) / 2 + 0.5)
    metrics = tf.metrics
    _batches(tf, see, metrics.sensitivity_at_specificity(y, p, 0.5), {}, {})
    _batches(tf, see, metrics.specificity_at_sensitivity(y, p, 0.5, num_thresholds=20), {}, {})
    w = tf.constant(np.linspace(0, 1, 20, dtype=np.float32))
    _batches(tf, see, metrics.sensitivity_at_specificity(y, p, 0.7, w, 30, name="named"), {})
    see.attempt(lambda: metrics.sensitivity_at_specificity(y, p, 1.5), "range [0, 1]", "1.5")
    see.attempt(lambda: metrics.specificity_at_sensitivity(y, p, -0.5), "range [0, 1]", "-0.5")
