"""Neural network ops: convolution, pooling, losses on logits, normalization, embeddings."""

import numpy as np


def _image(tf, shape=(1, 5, 5, 2)):
    count = int(np.prod(shape))
    return tf.constant(np.sin(np.arange(count, dtype=np.float32)).reshape(shape), name="image")


def conv2d(tf, see):
    image = _image(tf)
    kernel = tf.constant(np.cos(np.arange(36, dtype=np.float32)).reshape(3, 3, 2, 2), name="kernel")
    for padding in ("SAME", "VALID"):
        for stride in (1, 2):
            see.full(tf.nn.conv2d(image, kernel, [1, stride, stride, 1], padding))
    see.full(tf.nn.conv2d(image, kernel, strides=[1, 1, 1, 1], padding="SAME", name="c"))
    see.full(tf.nn.conv2d(input=image, filter=kernel, strides=1, padding="VALID"))
    see.full(tf.nn.conv2d(image, kernel, [1, 1, 1, 1], "VALID", dilations=[1, 2, 2, 1]))
    see.full(tf.nn.conv2d(image, kernel, [1, 1, 1, 1], [[0, 0], [1, 1], [0, 2], [0, 0]]))
    see.full(tf.nn.depthwise_conv2d(image, kernel, [1, 1, 1, 1], "SAME"))
    see.full(
        tf.nn.conv2d_transpose(
            tf.nn.conv2d(image, kernel, [1, 2, 2, 1], "SAME"), kernel, [1, 5, 5, 2], [1, 2, 2, 1]
        )
    )
    see.full(tf.nn.conv1d(tf.reshape(image, [1, 25, 2]), tf.reshape(kernel, [9, 2, 2]), 2, "SAME"))


def pooling(tf, see):
    image = _image(tf)
    for padding in ("SAME", "VALID"):
        see.full(tf.nn.max_pool(image, [1, 2, 2, 1], [1, 2, 2, 1], padding))
        see.full(tf.nn.avg_pool(image, [1, 2, 2, 1], [1, 2, 2, 1], padding))
        see.full(
            tf.nn.max_pool(
                image, ksize=[1, 3, 3, 1], strides=[1, 1, 1, 1], padding=padding, name="m"
            )
        )
    see.full(tf.nn.max_pool(image, 2, 2, "VALID"))
    see.full(tf.nn.max_pool2d(image, 2, 2, "SAME"))
    see.full(tf.nn.avg_pool(image, [1, 3, 3, 1], [1, 1, 1, 1], "SAME"))
    see.full(tf.nn.pool(image, [2, 2], "MAX", "VALID"))
    see.attempt(lambda: tf.nn.max_pool(tf.ones([2, 2]), [1, 2, 2, 1], [1, 2, 2, 1], "SAME"))
    see.attempt(lambda: tf.nn.max_pool(image, [1, 9, 9, 1], [1, 1, 1, 1], "VALID"), "negative")
    see.full(tf.nn.max_pool_with_argmax(image, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")[1])


def bias_and_dense(tf, see):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="x")
    see.full(tf.nn.bias_add(x, [10.0, 20.0]))
    see.full(tf.nn.bias_add(_image(tf), [10.0, 20.0], name="b"))
    see.full(tf.nn.xw_plus_b(x, [[1.0], [2.0]], [0.5]))
    see.full(tf.nn.relu_layer(x, [[1.0], [-2.0]], [0.5]))
    see.attempt(lambda: tf.nn.bias_add(x, [1.0, 2.0, 3.0]), "2", "3")
    see.attempt(lambda: tf.nn.bias_add([1.0], [1.0]), "rank")


def activations(tf, see):
    x = tf.constant([[-3.0, -0.5, 0.0], [0.5, 3.0, 100.0]], name="x")
    for f in (
        tf.nn.relu,
        tf.nn.relu6,
        tf.nn.elu,
        tf.nn.selu,
        tf.nn.softplus,
        tf.nn.softsign,
        tf.nn.leaky_relu,
    ):
        see.full(f(x, name="named"))
    see.full(tf.nn.leaky_relu(x, 0.1))
    see.full(tf.nn.crelu(x))
    see.full(tf.nn.swish(x))
    see.attempt(lambda: tf.nn.relu(["a"]), "string")
    see.full(tf.nn.relu([1, -1]))
    see.full(tf.sigmoid(x, name="s"))


def softmax(tf, see):
    x = tf.constant([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]], name="x")
    for f in (tf.nn.softmax, tf.nn.log_softmax):
        see.full(f(x))
        see.full(f(x, axis=0))
        see.full(f([1.0, 2.0], name="one"))
        see.full(f(tf.ones([2, 2, 3]), dim=1))
    see(
        tf.nn.softmax(tf.placeholder(tf.float32)),
        tf.nn.softmax(tf.placeholder(tf.float32, [None, 4])),
    )
    see.attempt(lambda: tf.nn.softmax(x, axis=5))
    see.attempt(lambda: tf.nn.softmax([[1, 2]]), "int32")


def softmax_cross_entropy(tf, see):
    logits = tf.constant([[1.0, 2.0, 3.0], [0.5, -0.5, 0.0]], name="logits")
    labels = tf.constant([[0.0, 0.0, 1.0], [0.2, 0.3, 0.5]], name="labels")
    see.full(tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    see.full(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))
    see.full(tf.nn.softmax_cross_entropy_with_logits_v2(labels, logits, axis=0, name="x"))
    see.full(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[2, 0], logits=logits))
    see.full(
        tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.constant([[2], [0]], tf.int64), logits=tf.expand_dims(logits, 1)
        )
    )
    see.attempt(lambda: tf.nn.softmax_cross_entropy_with_logits(logits, labels))
    see.attempt(lambda: tf.nn.softmax_cross_entropy_with_logits(labels=labels), "labels", "logits")
    see.attempt(
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=tf.ones([2, 4]), logits=logits)
    )
    see.attempt(
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    )
    see.attempt(
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[[1], [2]], logits=logits),
        "rank",
    )
    bad = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[9, 0], logits=logits)
    see.attempt(lambda: see.session.run(bad), "9", "[0, 3)")
    y = tf.placeholder(tf.float32, [None, 3])
    see(
        tf.nn.softmax_cross_entropy_with_logits(
            labels=y, logits=tf.placeholder(tf.float32, [None, 3])
        )
    )
    see(
        tf.nn.softmax_cross_entropy_with_logits_v2(
            labels=tf.placeholder(tf.float32), logits=tf.placeholder(tf.float32)
        )
    )


def sigmoid_cross_entropy(tf, see):
    logits = tf.constant([[1.0, -2.0], [0.0, 50.0]], name="logits")
    labels = tf.constant([[1.0, 0.0], [0.5, 0.0]], name="labels")
    see.full(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))
    see.full(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="loss"))
    see.full(tf.nn.weighted_cross_entropy_with_logits(labels=labels, logits=logits, pos_weight=2.0))
    see.attempt(lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))
    see.attempt(
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0], logits=logits), "same shape"
    )


def dropout(tf, see):
    tf.set_random_seed(7)
    x = tf.ones([4, 5], name="x")
    keep = tf.placeholder(tf.float32, [], name="keep")
    see.full(tf.nn.dropout(x, 0.5))
    see.full(tf.nn.dropout(x, keep_prob=0.8, name="d"))
    see.full(tf.nn.dropout(x, rate=0.3, seed=5))
    see.full(tf.nn.dropout(x, keep), {keep: 0.5})
    see.full(tf.nn.dropout(x, keep_prob=0.5, noise_shape=[4, 1]))
    see(tf.nn.dropout(x, 1.0) is x, tf.nn.dropout(x, rate=0.0))
    see(tf.nn.dropout(tf.placeholder(tf.float32, [None, 3]), keep_prob=keep))
    see.attempt(lambda: tf.nn.dropout(x, 1.5))
    see.attempt(lambda: tf.nn.dropout(x), "rate")
    see.attempt(lambda: tf.nn.dropout([1, 2], 0.5), "int32")
    see.attempt(lambda: tf.nn.dropout(x, 0.5, rate=0.5))


def moments_and_normalization(tf, see):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 6.0, 8.0]], name="x")
    for axes in ([0], [1], [0, 1]):
        mean, variance = tf.nn.moments(x, axes)
        see.full(mean)
        see.full(variance)
    mean, variance = tf.nn.moments(x, [1], keep_dims=True, name="kept")
    see.full(tf.nn.batch_normalization(x, mean, variance, 1.0, 2.0, 1e-3))
    see.full(tf.nn.batch_normalization(x, mean, variance, None, None, 1e-3))
    see.full(tf.nn.batch_normalization(x, mean, variance, None, 2.0, 1e-3, name="bn"))
    see(tf.nn.weighted_moments(x, [0], 2.0)[0], tf.nn.sufficient_statistics(x, [0])[1])
    image = _image(tf)
    y, batch_mean, batch_variance = tf.nn.fused_batch_norm(image, [1.0, 1.0], [0.0, 0.0])
    see.full(y)
    see.full(batch_mean)
    see(batch_variance)
    zero, one = tf.zeros([2]), tf.ones([2])
    see.full(tf.nn.batch_norm_with_global_normalization(image, zero, one, zero, one, 1e-3, False))


def local_response_normalization(tf, see):
    image = _image(tf, (1, 2, 2, 6))
    see.full(tf.nn.lrn(image))
    see.full(tf.nn.local_response_normalization(image, 2, bias=1.0, alpha=0.1, beta=0.5, name="l"))


def l2_loss_and_regularizers(tf, see):
    x = tf.constant([1.0, -2.0, 3.0], name="x")
    see.full(tf.nn.l2_loss(x))
    see.full(tf.nn.l2_loss(x, name="half"))
    see.full(tf.nn.log_poisson_loss([1.0, 2.0, 3.0], x))
    see.full(tf.keras.regularizers.l2(0.1)(x))
    see.full(tf.nn.zero_fraction([0.0, 1.0, 0.0, 2.0]))
    see.full(tf.nn.normalize_moments(2.0, 3.0, 4.0, None)[0])


def top_k(tf, see):
    x = tf.constant([[1.0, 5.0, 3.0, 5.0], [2.0, 2.0, 9.0, 1.0]], name="x")
    values, indices = tf.nn.top_k(x, 2)
    see.full(values)
    see.full(indices)
    see(
        type(tf.nn.top_k(x)).__name__,
        tf.nn.top_k(x, 3, sorted=False, name="t"),
        tf.nn.top_k(tf.placeholder(tf.float32, [None, 4]), 2),
    )
    see.full(tf.nn.in_top_k([[0.1, 0.9, 0.5], [0.8, 0.1, 0.1]], [2, 1], 2))
    see.full(tf.nn.in_top_k(tf.constant([[0.1, 0.9]]), [1], 1, name="hit"))
    see.attempt(lambda: tf.nn.top_k(x, 9), "9")
    see.full(tf.sort([3, 1, 2]))
    see.full(tf.argsort([3, 1, 2], direction="DESCENDING"))
    see.full(tf.nn.top_k([1, 3, 2], 1).values)


def embedding_lookup(tf, see):
    table = tf.Variable(np.arange(12.0, dtype=np.float32).reshape(6, 2), name="table")
    see.start()
    see.full(tf.nn.embedding_lookup(table, [0, 5, 2]))
    see.full(tf.nn.embedding_lookup(table, [[0], [1]], name="found"))
    see.full(tf.nn.embedding_lookup(tf.constant([[1.0], [2.0]]), [1]))
    parts = [tf.constant([[0.0], [2.0]]), tf.constant([[1.0], [3.0]])]
    see.full(tf.nn.embedding_lookup(parts, [0, 1, 2, 3]))
    see.full(tf.nn.embedding_lookup(parts, [0, 1, 2, 3], partition_strategy="div"))
    see.full(tf.nn.embedding_lookup(table, [0, 5], max_norm=1.0))
    see.attempt(lambda: see.session.run(tf.nn.embedding_lookup(table, [6])), "6", "[0, 6)")
    see.attempt(lambda: tf.nn.embedding_lookup(None, [6]))
    sparse = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([1, 2, 3], tf.int64), [2, 2])
    see.full(tf.nn.embedding_lookup_sparse(table, sparse, None, combiner="sum"))


def sampled_losses(tf, see):
    tf.set_random_seed(5)
    weights = tf.constant(np.cos(np.arange(20, dtype=np.float32)).reshape(10, 2), name="weights")
    inputs = tf.constant([[0.1, 0.2], [0.3, -0.4]], name="inputs")
    labels = tf.constant([[1], [2]], tf.int64, name="labels")
    see(tf.nn.nce_loss(weights, tf.zeros([10]), labels, inputs, 4, 10))
    see(tf.nn.sampled_softmax_loss(weights, tf.zeros([10]), labels, inputs, 4, 10))
    see(tf.nn.log_uniform_candidate_sampler(labels, 1, 4, True, 10, seed=3))
    see(tf.nn.uniform_candidate_sampler(labels, 1, 4, True, 10, seed=3))
    sampled = (tf.constant([3, 4], tf.int64), tf.constant([[0.5], [0.5]]), tf.constant([0.2, 0.3]))
    see.full(tf.nn.nce_loss(weights, tf.zeros([10]), labels, inputs, 2, 10, sampled_values=sampled))
    see.full(
        tf.nn.sampled_softmax_loss(
            weights, tf.zeros([10]), labels, inputs, 2, 10, sampled_values=sampled
        )
    )


def images(tf, see):
    image = _image(tf, (1, 4, 4, 1))
    see.full(tf.image.resize_bilinear(image, [2, 2]))
    see.full(tf.image.resize_nearest_neighbor(image, [8, 8]))
    see.full(tf.image.flip_left_right(image[0]))
    see.full(tf.extract_image_patches(image, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"))


def embeddings_by_weight(tf, see):
    table = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    places = [[0, 0], [0, 1], [2, 0]]
    ids = tf.SparseTensor(places, tf.constant([1, 0, 2], tf.int64), [3, 2])
    weights = tf.SparseTensor(places, [1.0, 0.5, 2.0], [3, 2])
    for combiner in ("sum", "mean", "sqrtn"):
        rows = tf.nn.embedding_lookup_sparse(table, ids, weights, combiner=combiner)
        see.full(rows)
        see.run(tf.gradients(rows, [table, weights.values]))
    see.full(tf.nn.embedding_lookup_sparse([table, table], ids, weights, combiner="mean"))
    see.attempt(
        lambda: tf.nn.embedding_lookup_sparse(table, ids, [1.0], combiner="sum"),
        "sp_weights must be either None or SparseTensor",
    )
