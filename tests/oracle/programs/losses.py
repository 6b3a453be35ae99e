"""tf.losses, tf.metrics and their collections."""


def each_loss(tf, see):
    labels = tf.constant([[1.0, 0.0], [0.0, 1.0]], name="labels")
    predictions = tf.constant([[0.9, 0.2], [0.4, 0.6]], name="predictions")
    for loss in (
        tf.losses.mean_squared_error,
        tf.losses.absolute_difference,
        tf.losses.log_loss,
        tf.losses.huber_loss,
    ):
        see.full(loss(labels, predictions))
    for loss in (
        tf.losses.hinge_loss,
        tf.losses.softmax_cross_entropy,
        tf.losses.sigmoid_cross_entropy,
    ):
        see.full(loss(labels, predictions))
    see.full(tf.losses.sparse_softmax_cross_entropy([0, 1], predictions))
    see.full(tf.losses.cosine_distance(labels, predictions, axis=1))
    see.full(tf.losses.mean_pairwise_squared_error(labels, predictions))
    see(tf.losses.get_losses())
    see.full(tf.losses.get_total_loss())


def weights_and_reductions(tf, see):
    labels = tf.constant([[1.0, 0.0], [0.0, 1.0]], name="labels")
    predictions = tf.constant([[0.9, 0.2], [0.4, 0.6]], name="predictions")
    mse = tf.losses.mean_squared_error
    see.full(mse(labels, predictions, weights=2.0))
    see.full(mse(labels, predictions, weights=[[1.0], [0.0]]))
    see.full(mse(labels, predictions, reduction=tf.losses.Reduction.NONE))
    see.full(mse(labels, predictions, reduction=tf.losses.Reduction.SUM))
    see.full(mse(labels, predictions, reduction=tf.losses.Reduction.MEAN))
    see.full(mse(labels, predictions, reduction="weighted_sum_over_batch_size", scope="named"))
    see.full(tf.losses.softmax_cross_entropy(labels, predictions, label_smoothing=0.1))
    see.full(tf.losses.sigmoid_cross_entropy(labels, predictions, weights=0.5))
    see.full(tf.losses.compute_weighted_loss([1.0, 2.0], [1.0, 0.0]))
    see(mse(labels, predictions, loss_collection=None), tf.losses.get_losses("named"))


def loss_errors(tf, see):
    a, b = tf.ones([2, 2]), tf.ones([2, 3])
    see.attempt(lambda: tf.losses.mean_squared_error(a, b), "incompatible")
    see.attempt(lambda: tf.losses.mean_squared_error(None, b), "labels")
    see.attempt(lambda: tf.losses.mean_squared_error(a, None), "predictions")
    see.attempt(lambda: tf.losses.mean_squared_error(a, a, weights=None))
    see.attempt(lambda: tf.losses.mean_squared_error(a, a, reduction="sometimes"), "reduction")
    see.attempt(lambda: tf.losses.mean_squared_error(a, a, weights=[1.0, 2.0, 3.0]))
    see.attempt(lambda: tf.losses.softmax_cross_entropy(a, b))
    see.attempt(lambda: tf.losses.sparse_softmax_cross_entropy([0, 1, 2], a))


def loss_collections(tf, see):
    with tf.name_scope("one"):
        tf.losses.add_loss(tf.constant(1.0, name="a"))
    tf.losses.add_loss(tf.constant(2.0, name="b"))
    tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, tf.constant(4.0, name="r"))
    see(tf.losses.get_losses(), tf.losses.get_losses("one"), tf.losses.get_regularization_losses())
    see.full(tf.losses.get_total_loss())
    see.full(tf.losses.get_total_loss(add_regularization_losses=False, name="plain"))
    see.full(tf.losses.get_regularization_loss())


def accuracy(tf, see):
    labels = tf.placeholder(tf.int64, [None], name="labels")
    guesses = tf.placeholder(tf.int64, [None], name="guesses")
    value, update = tf.metrics.accuracy(labels, guesses)
    see(value, update, tf.local_variables(), tf.get_collection(tf.GraphKeys.METRIC_VARIABLES))
    see.session.run(tf.local_variables_initializer())
    see.run(value)
    see.run(update, {labels: [1, 2, 3], guesses: [1, 0, 3]})
    see.run(update, {labels: [1], guesses: [1]})
    see.run(value)
    see(tf.metrics.accuracy(labels, guesses, name="again"))
    see(tf.metrics.accuracy([1, 0], [1, 1], weights=[1.0, 2.0]))


def other_metrics(tf, see):
    value, update = tf.metrics.mean([1.0, 2.0, 6.0])
    squared, squared_update = tf.metrics.mean_squared_error([1.0, 2.0], [1.0, 4.0])
    precise, precise_update = tf.metrics.precision([True, False], [True, True])
    recall, recall_update = tf.metrics.recall([True, False], [True, True])
    see.session.run(tf.local_variables_initializer())
    see.session.run([update, squared_update, precise_update, recall_update])
    see.run([value, squared, precise, recall])


def accuracy_by_hand(tf, see):
    logits = tf.placeholder(tf.float32, [None, 3], name="logits")
    labels = tf.placeholder(tf.float32, [None, 3], name="labels")
    hits = tf.equal(tf.argmax(logits, 1), tf.argmax(labels, 1))
    accuracy = tf.reduce_mean(tf.cast(hits, tf.float32), name="accuracy")
    see(hits, accuracy)
    see.run(accuracy, {logits: [[1, 2, 3], [3, 2, 1]], labels: [[0, 0, 1], [0, 1, 0]]})
    see.run(tf.confusion_matrix([0, 1, 1], [0, 1, 0]))


def area_under_a_curve(tf, see):
    guesses = tf.placeholder(tf.float32, [None], name="guesses")
    labels = tf.placeholder(tf.bool, [None], name="labels")
    areas = [
        tf.metrics.auc(labels, guesses, num_thresholds=5),
        tf.metrics.auc(labels, guesses, num_thresholds=7, curve="PR", name="pr"),
        tf.metrics.auc(labels, guesses, summation_method="minoring", num_thresholds=4),
        tf.metrics.auc(labels, guesses, summation_method="majoring", num_thresholds=4),
    ]
    see.session.run(tf.local_variables_initializer())
    for chance, truth in (
        ([0.1, 0.4, 0.35, 0.8], [False, False, True, True]),
        ([0.0, 1.0, 0.6], [True, True, False]),
    ):
        see.run([update for _, update in areas], {guesses: chance, labels: truth})
    see.run([value for value, _ in areas])
    see.attempt(lambda: tf.metrics.auc(labels, guesses, curve="XY"), "XY")


def weighted_area_under_a_curve(tf, see):
    guesses, labels = tf.constant([[0.2, 0.7], [0.9, 0.4]]), tf.constant([[0, 1], [1, 1]])
    value, update = tf.metrics.auc(
        labels, guesses, weights=[[1.0, 0.5], [2.0, 0.0]], num_thresholds=4,
        metrics_collections=["areas"], updates_collections=["updates"],
    )  # fmt: skip
    see(value, update, tf.get_collection("areas"), tf.get_collection("updates"))
    see(tf.get_collection(tf.GraphKeys.METRIC_VARIABLES))
    see.session.run(tf.local_variables_initializer())
    see.run(update)
    see.run(value)
