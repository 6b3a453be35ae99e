"""What is known of shapes and values while the graph is built."""


def values_known_while_building(tf, see):
    x = tf.placeholder(tf.float32, [None, 6], name="x")
    two = tf.constant(2)
    see(tf.reshape(x, tf.stack([2, 3])), tf.reshape(x, tf.stack([tf.shape(x)[0], 2, 3])))
    see(tf.reshape(x, [tf.shape(x)[0], 3, 2]), tf.reshape(x, tf.concat([[-1], [2, 3]], 0)))
    see(tf.reshape(x, tf.stack([-1, two, 3])), tf.reshape(x, tf.constant([3, -1])))
    see(
        tf.reshape(x, tf.stack([two + 1, 2])),
        tf.zeros(tf.shape(x)),
        tf.zeros(tf.shape(tf.ones([2, 3]))),
    )
    see(tf.fill(tf.stack([2, two]), 1.0), tf.ones([two, 3]), tf.zeros([tf.shape(x)[1]]))
    see(
        tf.tile(x, tf.stack([1, two])), tf.zeros([tf.size(tf.ones([2, 2]))]), tf.zeros([tf.rank(x)])
    )
    see(tf.reshape(x, [-1, tf.shape(x)[1]]))
    see(
        tf.random_normal([tf.shape(x)[0], 3]),
        tf.random_uniform(tf.shape(x)),
        tf.zeros(tf.shape(x)[1:]),
    )
    see(tf.zeros(tf.cast(tf.constant([2.0, 3.0]), tf.int32)), tf.ones(tf.range(1, 4)))
    see(tf.broadcast_to(1.0, tf.stack([tf.shape(x)[0], 4])), tf.zeros(tf.expand_dims(two, 0)))
    see(tf.reshape(x, tf.placeholder_with_default([2, 3], [2])), tf.zeros(tf.identity([2, 3])))


def constant_value(tf, see):
    value = tf.get_static_value
    x = tf.placeholder(tf.float32, [2, None], name="x")
    full = tf.ones([2, 3])
    see(
        value(tf.constant([1, 2])),
        value(x),
        value(tf.shape(full)),
        value(tf.shape(x)),
        value(tf.shape(x)[0]),
    )
    see(
        value(tf.size(full)), value(tf.rank(x)), value(tf.range(4)), value(tf.cast([1.5], tf.int32))
    )
    see(value(tf.concat([[1], [2]], 0)), value(tf.stack([1, tf.rank(x)])), value(tf.fill([2], 7)))
    see(
        value(tf.constant(1) + 1),
        value(tf.equal(1, 1)),
        value(tf.identity(5)),
        value(tf.reshape([1, 2], [2, 1])),
    )
    see(
        value(tf.stack([1, tf.shape(x)[1]])),
        value(tf.constant("s")),
        value(tf.zeros([2])),
        value(tf.range(0, 4, 2)),
    )
    see(value(tf.constant([1, 2, 3])[1]), value(tf.ones_like([1, 2])), value(tf.not_equal(1, 2)))
    see(value(tf.shape(full)[1]), value(tf.shape(full)[:1]), value(tf.unstack(tf.shape(full))[0]))


def elementwise(tf, see):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    u = tf.placeholder(tf.float32, name="u")
    one = tf.placeholder(tf.float32, [1, None], name="one")
    see(
        x + u,
        u + x,
        x + one,
        one + x,
        x * [1.0, 2.0, 3.0],
        x + tf.ones([5, 1, 1]),
        tf.maximum(x, 0.0),
    )
    see(
        tf.where(tf.greater(x, 0.0), x, x),
        tf.where(tf.placeholder(tf.bool), x, u),
        tf.add_n([x, u, x]),
    )
    see(tf.squared_difference(one, x), tf.equal(x, u), tf.cast(u, tf.int32))
    see(tf.sigmoid(u), tf.exp(x), tf.nn.softmax(x), tf.nn.relu(u), tf.clip_by_value(x, 0.0, 1.0))
    see.attempt(lambda: tf.add_n([tf.ones([2]), tf.ones([3])]), "2", "3")
    see.attempt(lambda: tf.where(tf.ones([2], tf.bool), tf.ones([3]), tf.ones([3])))


def reductions(tf, see):
    x = tf.placeholder(tf.float32, [None, 3, 4], name="x")
    u = tf.placeholder(tf.float32, name="u")
    for axis in (None, 0, 1, -1, [0, 1], [0, -1], []):
        see(tf.reduce_sum(x, axis), tf.reduce_sum(x, axis, keepdims=True), tf.reduce_mean(u, axis))
    see(tf.reduce_sum(u), tf.reduce_sum(u, 0), tf.reduce_sum(x, tf.placeholder(tf.int32, [])))
    see(
        tf.argmax(x, 1),
        tf.argmax(u, 0),
        tf.argmin(x, -1),
        tf.reduce_max(x, [1, 2]),
        tf.cumsum(x, 1),
    )
    see(tf.reduce_logsumexp(x, 1), tf.nn.moments(x, [0])[0], tf.reduce_any(tf.greater(x, 0.0), 0))


def matrix_products(tf, see):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    u = tf.placeholder(tf.float32, name="u")
    b = tf.placeholder(tf.float32, [None, None, 3], name="b")
    see(tf.matmul(x, x, transpose_b=True), tf.matmul(x, x, transpose_a=True), tf.matmul(u, x))
    see(
        tf.matmul(b, b, transpose_b=True),
        tf.matmul(b, tf.ones([3, 5])),
        tf.tensordot(x, tf.ones([3, 2]), 1),
    )
    see(
        tf.tensordot(b, tf.ones([3, 2]), [[2], [0]]),
        tf.tensordot(u, x, 1),
        tf.matmul(tf.ones([2, 3]), u),
    )
    see(
        tf.einsum("ij,jk->ik", x, tf.ones([3, 4])),
        tf.nn.xw_plus_b(x, tf.ones([3, 2]), tf.ones([2])),
    )


def convolutions(tf, see):
    x = tf.placeholder(tf.float32, [None, 28, 28, 1], name="x")
    w = tf.placeholder(tf.float32, [None, None, None, 3], name="w")
    kernel = tf.ones([5, 5, 1, 8])
    for padding in ("SAME", "VALID"):
        for stride in (1, 2, 3):
            see(tf.nn.conv2d(x, kernel, [1, stride, stride, 1], padding))
            see(tf.nn.max_pool(x, [1, 2, 2, 1], [1, stride, stride, 1], padding))
    see(
        tf.nn.conv2d(w, tf.ones([3, 3, 3, 4]), [1, 1, 1, 1], "SAME"),
        tf.nn.avg_pool(w, [1, 2, 2, 1], [1, 2, 2, 1], "VALID"),
    )
    see(tf.nn.conv2d(w, tf.ones([3, 3, 3, 4]), [1, 2, 2, 1], "VALID"))
    see.attempt(lambda: tf.nn.conv2d(x, tf.ones([5, 5, 3, 8]), [1, 1, 1, 1], "SAME"), "1", "3")
    see.attempt(
        lambda: tf.nn.conv2d(x, tf.ones([30, 30, 1, 8]), [1, 1, 1, 1], "VALID"),
        "negative dimension",
    )
    see.attempt(lambda: tf.nn.conv2d(tf.ones([2, 2]), kernel, [1, 1, 1, 1], "SAME"), "rank 4")
    see.attempt(lambda: tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "FULL"), "FULL")
    see.attempt(lambda: tf.nn.conv2d(x, kernel, [2, 1, 1, 1], "SAME"))


def set_shape_on_results(tf, see):
    u = tf.placeholder(tf.float32, name="u")
    y = u * 2.0
    y.set_shape([None, 5])
    see(
        y,
        tf.reduce_sum(y, 1),
        tf.matmul(y, tf.ones([5, 2])),
        y.shape.ndims,
        y.get_shape().as_list(),
    )
    see.attempt(lambda: y.set_shape([None, 6]), "5", "6")
    see.attempt(lambda: y.set_shape([5]), "rank")
    y.set_shape(None)
    y.set_shape([2, None])
    see(y, y.shape[0], y.shape[1].value, len(y.shape), y.shape == [2, 5])


def dimensions_as_arguments(tf, see):
    x = tf.placeholder(tf.float32, [None, 6], name="x")
    see(
        tf.zeros([x.shape[1], 2]),
        tf.reshape(x, [-1, x.shape[1] // 2, 2]),
        tf.constant(1.0, shape=[x.shape[1]]),
    )
    see(
        tf.placeholder(tf.float32, x.shape),
        tf.placeholder(tf.float32, [x.shape[0], 3]),
        int(x.shape[1]),
    )
    see(
        tf.ones(x.shape[1:]),
        tf.get_variable("w", [x.shape[1], 4]),
        tf.random_normal([x.shape[1], 2]),
    )
    see.attempt(lambda: tf.zeros([x.shape[0], 2]))
    see.attempt(lambda: tf.zeros(x.shape))
    see.attempt(lambda: tf.get_variable("v", x.shape), "fully defined")
    see.attempt(lambda: tf.reshape(x, [x.shape[0], 3, 2]))


def gathers_and_embeddings(tf, see):
    table = tf.ones([10, 4])
    ids = tf.placeholder(tf.int32, [None, 3], name="ids")
    see(
        tf.nn.embedding_lookup(table, ids),
        tf.gather(table, ids, axis=1),
        tf.one_hot(ids, 7),
        tf.unique(tf.reshape(ids, [-1])),
    )
    see(tf.nn.embedding_lookup(table, tf.placeholder(tf.int32)), tf.nn.top_k(tf.ones([3, 5]), 2))
    see(tf.boolean_mask(table, tf.placeholder(tf.bool, [10])), tf.where(tf.greater(table, 0.0)))
    see(
        tf.unstack(ids, axis=1),
        tf.split(ids, 3, 1),
        tf.stack([ids, ids]),
        tf.transpose(ids),
        tf.expand_dims(ids, 0),
    )
