"""Losses and metrics."""

from oracle.looking import look


def losses(tf, see):
    tf.set_random_seed(7)
    p = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    y = tf.constant([[0.0, 1.0], [1.0, 0.0]])
    w = tf.constant([[1.0], [2.0]])
    pu = tf.placeholder_with_default([[1.0, 2.0], [3.0, 4.0]], None)
    look(
        tf,
        see,
        lambda: tf.losses.absolute_difference(y, p),
        lambda: tf.losses.mean_squared_error(y, p),
        lambda: tf.losses.huber_loss(y, p),
        lambda: tf.losses.huber_loss(y, p, delta=0.5),
        lambda: tf.losses.log_loss(y, p),
        lambda: tf.losses.log_loss(y, p, epsilon=1e-3),
        lambda: tf.losses.hinge_loss(y, p),
        lambda: tf.losses.cosine_distance(y, p, axis=1),
        lambda: tf.losses.cosine_distance(y, p, dim=1),
        lambda: tf.losses.mean_pairwise_squared_error(y, p),
        lambda: tf.losses.sigmoid_cross_entropy(y, p),
        lambda: tf.losses.sigmoid_cross_entropy(y, p, label_smoothing=0.1),
        lambda: tf.losses.softmax_cross_entropy(y, p),
        lambda: tf.losses.softmax_cross_entropy(y, p, label_smoothing=0.1),
        lambda: tf.losses.sparse_softmax_cross_entropy([0, 1], p),
        lambda: tf.losses.sparse_softmax_cross_entropy([[0], [1]], p),
        lambda: tf.losses.get_losses(),
        lambda: tf.losses.get_total_loss(),
        lambda: tf.losses.get_regularization_loss(),
        lambda: tf.losses.get_regularization_losses(),
        lambda: tf.losses.compute_weighted_loss(p),
        lambda: tf.losses.add_loss(tf.constant(1.0)),
        lambda: tf.losses.get_total_loss(False, name="tl"),
        lambda: tf.losses.get_losses("a"),
        lambda: tf.losses.mean_squared_error(y, p, 2.0),
        lambda: tf.losses.mean_squared_error(y, p, w),
        lambda: tf.losses.mean_squared_error(y, p, [[1.0, 0.0]]),
        lambda: tf.losses.mean_squared_error(y, p, 0.0),
        lambda: tf.losses.mean_squared_error(y, p, [1.0, 2.0]),
        lambda: tf.losses.mean_squared_error(y, p, tf.zeros([3, 2])),
        lambda: tf.losses.mean_squared_error(
            y, p, tf.placeholder_with_default(tf.zeros([3, 2]), None)
        ),
        lambda: tf.losses.mean_squared_error(y, [1.0]),
        lambda: tf.losses.mean_squared_error(y, tf.zeros([2, 3])),
        lambda: tf.losses.mean_squared_error(y, pu),
        lambda: tf.losses.mean_squared_error([1, 2], [1.0, 2.0]),
        lambda: tf.losses.mean_squared_error(None, p),
        lambda: tf.losses.mean_squared_error(y, None),
        lambda: tf.losses.mean_squared_error(y, p, None),
        lambda: tf.losses.mean_squared_error(y, p, scope="sc"),
        lambda: tf.losses.mean_squared_error(y, p, loss_collection="mine"),
        lambda: tf.losses.mean_squared_error(y, p, loss_collection=None),
        lambda: tf.losses.mean_squared_error(y, p, reduction=tf.losses.Reduction.NONE),
        lambda: tf.losses.mean_squared_error(y, p, reduction=tf.losses.Reduction.SUM),
        lambda: tf.losses.mean_squared_error(y, p, w, reduction=tf.losses.Reduction.MEAN),
        lambda: tf.losses.mean_squared_error(y, p, w, reduction="weighted_sum_over_batch_size"),
        lambda: tf.losses.mean_squared_error(
            y, p, w, reduction="weighted_sum_over_nonzero_weights"
        ),
        lambda: tf.losses.mean_squared_error(y, p, reduction="foo"),
        lambda: tf.losses.mean_squared_error(y, p, weights=-1.0),
        lambda: tf.losses.Reduction.all(),
        lambda: tf.losses.Reduction.validate("x"),
        lambda: tf.losses.softmax_cross_entropy(y, tf.zeros([2, 3])),
        lambda: tf.losses.softmax_cross_entropy([0, 1], p),
        lambda: tf.losses.sparse_softmax_cross_entropy(y, p),
        lambda: tf.losses.sparse_softmax_cross_entropy([0, 5], p),
        lambda: tf.losses.sparse_softmax_cross_entropy([0.0, 1.0], p),
        lambda: tf.losses.sparse_softmax_cross_entropy([0, 1, 1], p),
        lambda: tf.losses.cosine_distance(y, p),
        lambda: tf.losses.cosine_distance(y, p, axis=1, dim=1),
        lambda: tf.losses.softmax_cross_entropy(y, p, weights=[1.0, 2.0]),
        lambda: tf.losses.sparse_softmax_cross_entropy([0, 1], p, weights=[1.0, 2.0]),
        lambda: tf.losses.sigmoid_cross_entropy(y, p, weights=[[1.0], [2.0]]),
        lambda: tf.losses.log_loss([2.0], [3.0]),
        lambda: tf.losses.mean_pairwise_squared_error(y, p, w),
        lambda: tf.losses.mean_pairwise_squared_error(y, p, [1.0, 2.0]),
        lambda: tf.losses.hinge_loss([1], [0.5]),
        lambda: tf.losses.huber_loss(y, p, w),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=p),
        lambda: tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=p),
        lambda: tf.nn.softmax_cross_entropy_with_logits(y, p),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=y),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=p, dim=0),
        lambda: tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=p, axis=0),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1], logits=p),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits([0], p),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 3], logits=p),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, -1], logits=p),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[[0]], logits=[p]),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1, 1], logits=p),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=p),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=0, logits=1.0),
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=p),
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0], logits=p),
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(y, p),
        lambda: tf.nn.weighted_cross_entropy_with_logits(y, p, 2.0),
        lambda: tf.nn.weighted_cross_entropy_with_logits(labels=y, logits=p, pos_weight=2.0),
        lambda: tf.nn.l2_loss(p),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=[1.0], logits=p),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=[0, 1], logits=[1.0, 2.0]),
        lambda: tf.nn.log_poisson_loss(y, p),
        lambda: tf.nn.log_poisson_loss(y, p, compute_full_loss=True),
    )


def metrics(tf, see):
    tf.set_random_seed(7)
    p = tf.constant([1.0, 0.0, 1.0, 1.0])
    y = tf.constant([1.0, 1.0, 1.0, 0.0])
    w = tf.constant([1.0, 2.0, 0.0, 1.0])
    li = tf.constant([1, 1, 1, 0], tf.int64)
    pr = tf.constant([0.9, 0.2, 0.7, 0.6])
    look(
        tf,
        see,
        lambda: tf.metrics.accuracy(y, p),
        lambda: tf.metrics.accuracy(y, p, w),
        lambda: tf.metrics.accuracy(y, p, name="acc"),
        lambda: tf.metrics.accuracy(y, tf.zeros([3])),
        lambda: tf.metrics.accuracy(y, p, metrics_collections=["m"], updates_collections="u"),
        lambda: tf.metrics.accuracy(y, li),
        lambda: tf.metrics.accuracy(y, tf.zeros([4, 1])),
        lambda: tf.metrics.accuracy(y, p, [1.0, 2.0]),
        lambda: tf.metrics.mean(p),
        lambda: tf.metrics.mean(p, w),
        lambda: tf.metrics.precision(y, p),
        lambda: tf.metrics.recall(y, p),
        lambda: tf.metrics.auc(y, pr),
        lambda: tf.metrics.auc(y, pr, num_thresholds=5, curve="PR"),
        lambda: tf.metrics.auc(y, pr, curve="X"),
        lambda: tf.metrics.auc(y, pr, summation_method="minoring"),
        lambda: tf.metrics.mean_squared_error(y, p),
        lambda: tf.metrics.root_mean_squared_error(y, p),
        lambda: tf.metrics.mean_absolute_error(y, p),
        lambda: tf.metrics.true_positives(y, p),
        lambda: tf.metrics.false_positives(y, p),
        lambda: tf.metrics.true_negatives(y, p),
        lambda: tf.metrics.false_negatives(y, p),
        lambda: tf.get_collection("m"),
        lambda: tf.get_collection("u"),
        run=False,
    )


def metrics_values(tf, see):
    tf.set_random_seed(7)
    p = tf.constant([1.0, 0.0, 1.0, 1.0])
    y = tf.constant([1.0, 1.0, 1.0, 0.0])
    w = tf.constant([1.0, 2.0, 0.0, 1.0])
    tf.constant([1, 1, 1, 0], tf.int64)
    pr = tf.constant([0.9, 0.2, 0.7, 0.6])
    look(
        tf,
        see,
        lambda: tf.metrics.accuracy(y, p)[1],
        lambda: tf.metrics.accuracy(y, p, w)[1],
        lambda: tf.metrics.mean(p)[1],
        lambda: tf.metrics.mean(p, w)[1],
        lambda: tf.metrics.precision(y, p)[1],
        lambda: tf.metrics.recall(y, p)[1],
        lambda: tf.metrics.auc(y, pr)[1],
        lambda: tf.metrics.auc(y, pr, num_thresholds=5, curve="PR")[1],
        lambda: tf.metrics.mean_squared_error(y, p)[1],
        lambda: tf.metrics.root_mean_squared_error(y, p)[1],
        lambda: tf.metrics.mean_absolute_error(y, p)[1],
        lambda: tf.metrics.true_positives(y, p)[1],
        lambda: tf.metrics.false_positives(y, p)[1],
        lambda: tf.metrics.true_negatives(y, p)[1],
        lambda: tf.metrics.false_negatives(y, p)[1],
        lambda: tf.metrics.accuracy(y, p)[0],
        lambda: tf.metrics.auc(y, pr)[0],
        lambda: tf.metrics.mean_iou([0, 3], [0, 1], 2)[1],
        lambda: tf.metrics.auc([2.0], [0.5])[1],
        lambda: tf.metrics.auc([1.0], [1.5])[1],
    )
