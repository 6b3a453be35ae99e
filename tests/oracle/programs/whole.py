"""Whole programs that learn, as people wrote them for TensorFlow 1."""

import itertools

import numpy as np


def _waves(*shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32)).reshape(shape)


def linear_regression(tf, see):
    train_x = np.asarray([3.3, 4.4, 5.5, 6.71, 6.93, 4.168, 9.779, 6.182, 7.59, 2.167])
    train_y = np.asarray([1.7, 2.76, 2.09, 3.19, 1.694, 1.573, 3.366, 2.596, 2.53, 1.221])
    x, y = tf.placeholder("float"), tf.placeholder("float")
    w = tf.Variable(0.3, name="weight")
    b = tf.Variable(-0.2, name="bias")
    pred = tf.add(tf.multiply(x, w), b)
    cost = tf.reduce_sum(tf.pow(pred - y, 2)) / (2 * train_x.shape[0])
    optimizer = tf.train.GradientDescentOptimizer(0.01).minimize(cost)
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        for _ in range(5):
            for one_x, one_y in zip(train_x, train_y):
                sess.run(optimizer, feed_dict={x: one_x, y: one_y})
        see(sess.run(cost, feed_dict={x: train_x, y: train_y}), sess.run(w), sess.run(b), rtol=1e-5)


def logistic_regression(tf, see):
    x = tf.placeholder(tf.float32, [None, 6])
    y = tf.placeholder(tf.float32, [None, 3])
    w = tf.Variable(tf.zeros([6, 3]))
    b = tf.Variable(tf.zeros([3]))
    pred = tf.nn.softmax(tf.matmul(x, w) + b)
    cost = tf.reduce_mean(-tf.reduce_sum(y * tf.log(pred), reduction_indices=1))
    optimizer = tf.train.GradientDescentOptimizer(0.5).minimize(cost)
    correct = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    feed = {x: _waves(12, 6), y: np.eye(3)[np.arange(12) % 3]}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(10):
            _, c = sess.run([optimizer, cost], feed_dict=feed)
        see(c, accuracy.eval(feed), rtol=1e-5)


def multilayer_perceptron(tf, see):
    tf.set_random_seed(11)
    x, y = tf.placeholder("float", [None, 8]), tf.placeholder("float", [None, 4])
    weights = {
        "h1": tf.Variable(tf.random_normal([8, 16])),
        "h2": tf.Variable(tf.random_normal([16, 16])),
        "out": tf.Variable(tf.random_normal([16, 4])),
    }
    biases = {
        name: tf.Variable(tf.random_normal([n])) for name, n in (("b1", 16), ("b2", 16), ("out", 4))
    }
    layer_1 = tf.nn.relu(tf.add(tf.matmul(x, weights["h1"]), biases["b1"]))
    layer_2 = tf.nn.relu(tf.add(tf.matmul(layer_1, weights["h2"]), biases["b2"]))
    logits = tf.matmul(layer_2, weights["out"]) + biases["out"]
    loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=y))
    train_op = tf.train.AdamOptimizer(learning_rate=0.001).minimize(loss_op)
    feed = {x: _waves(10, 8), y: np.eye(4)[np.arange(10) % 4]}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see([float(sess.run([train_op, loss_op], feed)[1]) for _ in range(10)], rtol=1e-5)


def convolutional_network(tf, see):
    tf.set_random_seed(12)

    def weight_variable(shape):
        return tf.Variable(tf.truncated_normal(shape, stddev=0.1))

    def bias_variable(shape):
        return tf.Variable(tf.constant(0.1, shape=shape))

    def conv_and_pool(x, size_in, size_out):
        w, b = weight_variable([3, 3, size_in, size_out]), bias_variable([size_out])
        h = tf.nn.relu(tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME") + b)
        return tf.nn.max_pool(h, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")

    x, y_ = tf.placeholder(tf.float32, [None, 64]), tf.placeholder(tf.float32, [None, 3])
    keep_prob = tf.placeholder(tf.float32)
    h = conv_and_pool(tf.reshape(x, [-1, 8, 8, 1]), 1, 4)
    h = tf.reshape(conv_and_pool(h, 4, 6), [-1, 2 * 2 * 6])
    h = tf.nn.relu(tf.matmul(h, weight_variable([24, 12])) + bias_variable([12]))
    y = tf.matmul(tf.nn.dropout(h, keep_prob), weight_variable([12, 3])) + bias_variable([3])
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=y))
    train_step = tf.train.AdamOptimizer(1e-3).minimize(loss)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1)), tf.float32))
    feed = {x: _waves(6, 64), y_: np.eye(3)[np.arange(6) % 3], keep_prob: 0.5}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see([float(sess.run([loss, train_step], feed)[0]) for _ in range(8)], rtol=1e-5)
        see(accuracy.eval({**feed, keep_prob: 1.0}))


def autoencoder(tf, see):
    tf.set_random_seed(13)
    x = tf.placeholder("float", [None, 10])
    sizes = [10, 6, 3, 6, 10]
    h = x
    for n_in, n_out in itertools.pairwise(sizes):
        w = tf.Variable(tf.random_normal([n_in, n_out]))
        b = tf.Variable(tf.random_normal([n_out]))
        h = tf.nn.sigmoid(tf.add(tf.matmul(h, w), b))
    loss = tf.reduce_mean(tf.pow(x - h, 2))
    optimizer = tf.train.RMSPropOptimizer(0.01).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see(
            [float(sess.run([optimizer, loss], {x: _waves(8, 10)})[1]) for _ in range(10)],
            rtol=1e-5,
        )


def variational_autoencoder(tf, see):
    tf.set_random_seed(14)
    x = tf.placeholder(tf.float32, [None, 6], name="x")
    init = tf.glorot_normal_initializer()
    with tf.variable_scope("encoder"):
        h = tf.nn.tanh(tf.matmul(x, tf.get_variable("w", [6, 5], initializer=init)))
        mean = tf.matmul(h, tf.get_variable("mean", [5, 2], initializer=init))
        log_var = tf.matmul(h, tf.get_variable("log_var", [5, 2], initializer=init))
    eps = tf.random_normal(
        tf.shape(log_var), dtype=tf.float32, mean=0.0, stddev=1.0, name="epsilon"
    )
    z = mean + tf.exp(log_var / 2) * eps
    with tf.variable_scope("decoder"):
        out = tf.nn.sigmoid(tf.matmul(z, tf.get_variable("w", [2, 6], initializer=init)))
    fit = -tf.reduce_sum(x * tf.log(1e-10 + out) + (1 - x) * tf.log(1e-10 + 1 - out), 1)
    divergence = -0.5 * tf.reduce_sum(1 + log_var - tf.square(mean) - tf.exp(log_var), 1)
    loss = tf.reduce_mean(fit + divergence)
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see(
            [float(sess.run([loss, step], {x: abs(_waves(7, 6))})[0]) for _ in range(10)], rtol=1e-5
        )


def recurrent_network(tf, see):
    tf.set_random_seed(15)
    x0, x1 = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 3])
    wx = tf.Variable(tf.random_normal(shape=[3, 5], dtype=tf.float32))
    wy = tf.Variable(tf.random_normal(shape=[5, 5], dtype=tf.float32))
    b = tf.Variable(tf.zeros([1, 5], dtype=tf.float32))
    y0 = tf.tanh(tf.matmul(x0, wx) + b)
    y1 = tf.tanh(tf.matmul(y0, wy) + tf.matmul(x1, wx) + b)
    with tf.Session() as sess:
        tf.global_variables_initializer().run()
        see(sess.run([y0, y1], {x0: _waves(4, 3), x1: _waves(4, 3) * 2}))


def echo_with_truncated_backpropagation(tf, see):
    tf.set_random_seed(16)
    batch_x = tf.placeholder(tf.float32, [5, 4])
    batch_y = tf.placeholder(tf.int32, [5, 4])
    state = init_state = tf.placeholder(tf.float32, [5, 3])
    w = tf.Variable(np.cos(np.arange(12)).reshape(4, 3), dtype=tf.float32)
    b = tf.Variable(np.zeros((1, 3)), dtype=tf.float32)
    w2 = tf.Variable(np.sin(np.arange(6)).reshape(3, 2), dtype=tf.float32)
    states = []
    for current in tf.unstack(batch_x, axis=1):
        joined = tf.concat([tf.reshape(current, [5, 1]), state], 1)
        state = tf.tanh(tf.matmul(joined, w) + b)
        states.append(state)
    logits = [tf.matmul(s, w2) for s in states]
    labels = tf.unstack(batch_y, axis=1)
    cross = tf.nn.sparse_softmax_cross_entropy_with_logits
    loss = tf.reduce_mean([cross(logits=lo, labels=la) for lo, la in zip(logits, labels)])
    step = tf.train.AdagradOptimizer(0.3).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {
            batch_x: _waves(5, 4) > 0,
            batch_y: np.arange(20).reshape(5, 4) % 2,
            init_state: np.zeros((5, 3)),
        }
        see([float(sess.run([loss, step, state], feed)[0]) for _ in range(6)], rtol=1e-5)


def word2vec(tf, see):
    tf.set_random_seed(17)
    train_inputs = tf.placeholder(tf.int32, shape=[4])
    train_labels = tf.placeholder(tf.int32, shape=[4, 1])
    valid = tf.constant([1, 2], dtype=tf.int32)
    with tf.device("/cpu:0"):
        embeddings = tf.Variable(tf.random_uniform([12, 6], -1.0, 1.0))
        embed = tf.nn.embedding_lookup(embeddings, train_inputs)
        nce_weights = tf.Variable(tf.truncated_normal([12, 6], stddev=0.4))
        nce_biases = tf.Variable(tf.zeros([12]))
    loss = tf.reduce_mean(
        tf.nn.nce_loss(
            weights=nce_weights, biases=nce_biases, labels=train_labels,
            inputs=embed, num_sampled=3, num_classes=12,
        )
    )  # fmt: skip
    optimizer = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keep_dims=True))
    normalized = embeddings / norm
    similarity = tf.matmul(tf.nn.embedding_lookup(normalized, valid), normalized, transpose_b=True)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see(sess.run(similarity), optimizer, loss)


def skip_gram_with_softmax(tf, see):
    tf.set_random_seed(18)
    inputs, labels = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    embeddings = tf.Variable(tf.random_uniform([10, 4], -1.0, 1.0), name="embeddings")
    out = tf.Variable(tf.truncated_normal([4, 10], stddev=0.5), name="out")
    logits = tf.matmul(tf.nn.embedding_lookup(embeddings, inputs), out)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {inputs: [0, 1, 2, 1], labels: [1, 2, 3, 0]}
        see([float(sess.run([loss, step], feed)[0]) for _ in range(10)], rtol=1e-5)


def generative_adversarial_network(tf, see):
    tf.set_random_seed(19)

    def xavier_init(size):
        return tf.random_normal(shape=size, stddev=1.0 / tf.sqrt(size[0] / 2.0))

    x, z = (
        tf.placeholder(tf.float32, [None, 6], name="X"),
        tf.placeholder(tf.float32, [None, 3], name="Z"),
    )
    d_w1, d_b1 = tf.Variable(xavier_init([6, 5])), tf.Variable(tf.zeros([5]))
    d_w2, d_b2 = tf.Variable(xavier_init([5, 1])), tf.Variable(tf.zeros([1]))
    g_w1, g_b1 = tf.Variable(xavier_init([3, 5])), tf.Variable(tf.zeros([5]))
    g_w2, g_b2 = tf.Variable(xavier_init([5, 6])), tf.Variable(tf.zeros([6]))
    sample = tf.nn.sigmoid(tf.matmul(tf.nn.relu(tf.matmul(z, g_w1) + g_b1), g_w2) + g_b2)

    def discriminator(x):
        return tf.matmul(tf.nn.relu(tf.matmul(x, d_w1) + d_b1), d_w2) + d_b2

    real, fake = discriminator(x), discriminator(sample)
    cross = tf.nn.sigmoid_cross_entropy_with_logits
    d_real = tf.reduce_mean(cross(logits=real, labels=tf.ones_like(real)))
    d_fake = tf.reduce_mean(cross(logits=fake, labels=tf.zeros_like(fake)))
    d_loss = d_real + d_fake
    g_loss = tf.reduce_mean(cross(logits=fake, labels=tf.ones_like(fake)))
    d_solver = tf.train.AdamOptimizer().minimize(d_loss, var_list=[d_w1, d_w2, d_b1, d_b2])
    g_solver = tf.train.AdamOptimizer().minimize(g_loss, var_list=[g_w1, g_w2, g_b1, g_b2])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {x: abs(_waves(8, 6)), z: _waves(8, 3)}
        for _ in range(5):
            _, d = sess.run([d_solver, d_loss], feed)
            _, g = sess.run([g_solver, g_loss], feed)
        see(d, g, rtol=1e-5)


def polynomial_regression(tf, see):
    xs = np.linspace(-3, 3, 20)
    x, y = tf.placeholder(tf.float32, name="X"), tf.placeholder(tf.float32, name="Y")
    pred = tf.Variable(0.1, name="bias")
    for power in range(1, 4):
        pred = tf.add(
            tf.multiply(tf.pow(x, power), tf.Variable(0.05, name=f"weight_{power}")), pred
        )
    loss = tf.reduce_mean(tf.square(y - pred, name="loss"))
    optimizer = tf.train.GradientDescentOptimizer(learning_rate=0.001).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(20):
            _, value = sess.run([optimizer, loss], feed_dict={x: xs, y: np.sin(xs)})
        see(value, rtol=1e-5)


def batch_normalized_network(tf, see):
    tf.set_random_seed(20)
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    training = tf.placeholder_with_default(False, [], name="training")
    with tf.variable_scope("bn"):
        gamma = tf.get_variable("gamma", [4], initializer=tf.ones_initializer())
        beta = tf.get_variable("beta", [4], initializer=tf.zeros_initializer())
        moving = tf.get_variable(
            "moving_mean", [4], initializer=tf.zeros_initializer(), trainable=False
        )
        batch_mean, batch_variance = tf.nn.moments(x, [0])
        update = tf.assign(moving, moving * 0.9 + batch_mean * 0.1)
        tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
        mean = tf.cond(training, lambda: batch_mean, lambda: tf.identity(moving))
        h = tf.nn.batch_normalization(x, mean, batch_variance, beta, gamma, 1e-3)
    loss = tf.reduce_mean(tf.square(h - 0.5))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(step, {x: _waves(5, 4), training: True})
        see(sess.run([gamma, beta, moving, h], {x: _waves(5, 4)}), rtol=1e-4)


def network_with_names_and_summaries(tf, see):
    tf.set_random_seed(21)
    with tf.name_scope("input"):
        x = tf.placeholder(tf.float32, [None, 5], name="x-input")
        y_ = tf.placeholder(tf.int64, [None], name="y-input")

    def layer(tensor, n_in, n_out, name, act=tf.nn.relu):
        with tf.name_scope(name):
            with tf.name_scope("weights"):
                w = tf.Variable(tf.truncated_normal([n_in, n_out], stddev=0.1))
                tf.summary.scalar("mean", tf.reduce_mean(w))
                tf.summary.histogram("histogram", w)
            with tf.name_scope("Wx_plus_b"):
                before = tf.matmul(tensor, w) + tf.Variable(tf.constant(0.1, shape=[n_out]))
            return act(before, name="activation")

    y = layer(layer(x, 5, 6, "layer1"), 6, 3, "layer2", act=tf.identity)
    with tf.name_scope("cross_entropy"):
        loss = tf.losses.sparse_softmax_cross_entropy(labels=y_, logits=y)
    tf.summary.scalar("cross_entropy", loss)
    with tf.name_scope("train"):
        step = tf.train.AdamOptimizer(0.01).minimize(
            loss, global_step=tf.train.get_or_create_global_step()
        )
    merged = tf.summary.merge_all()
    saver = tf.train.Saver()
    see(merged, saver.as_saver_def().save_tensor_name)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {x: _waves(6, 5), y_: np.arange(6) % 3}
        see([float(sess.run([loss, step], feed)[0]) for _ in range(5)], rtol=1e-5)


def text_classifier(tf, see):
    tf.set_random_seed(22)
    ids = tf.placeholder(tf.int32, [None, 6], name="input_x")
    labels = tf.placeholder(tf.float32, [None, 2], name="input_y")
    with tf.name_scope("embedding"):
        table = tf.Variable(tf.random_uniform([15, 4], -1.0, 1.0), name="W")
        chars = tf.expand_dims(tf.nn.embedding_lookup(table, ids), -1)
    pooled = []
    for size in (2, 3):
        with tf.name_scope(f"conv-maxpool-{size}"):
            w = tf.Variable(tf.truncated_normal([size, 4, 1, 3], stddev=0.1), name="W")
            b = tf.Variable(tf.constant(0.1, shape=[3]), name="b")
            conv = tf.nn.conv2d(chars, w, strides=[1, 1, 1, 1], padding="VALID", name="conv")
            h = tf.nn.relu(tf.nn.bias_add(conv, b), name="relu")
            pooled.append(
                tf.nn.max_pool(h, [1, 6 - size + 1, 1, 1], [1, 1, 1, 1], "VALID", name="pool")
            )
    flat = tf.reshape(tf.concat(pooled, 3), [-1, 6])
    w = tf.get_variable("W", shape=[6, 2], initializer=tf.glorot_uniform_initializer())
    scores = tf.nn.xw_plus_b(
        flat, w, tf.Variable(tf.constant(0.1, shape=[2]), name="b"), name="scores"
    )
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=scores, labels=labels))
    loss += 0.1 * tf.nn.l2_loss(w)
    optimizer = tf.train.AdamOptimizer(1e-2)
    with tf.control_dependencies([loss]):
        step = optimizer.apply_gradients(optimizer.compute_gradients(loss))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {ids: np.arange(24).reshape(4, 6) % 15, labels: np.eye(2)[[0, 1, 0, 1]]}
        see([float(sess.run([loss, step], feed)[0]) for _ in range(5)], rtol=1e-5)


def matrix_factorization(tf, see):
    tf.set_random_seed(23)
    users, items = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    ratings = tf.placeholder(tf.float32, [None])
    p = tf.get_variable("P", [5, 3], initializer=tf.random_normal_initializer(stddev=0.1))
    q = tf.get_variable("Q", [4, 3], initializer=tf.random_normal_initializer(stddev=0.1))
    guess = tf.reduce_sum(tf.gather(p, users) * tf.gather(q, items), 1) + 3.0
    loss = tf.reduce_mean(tf.squared_difference(guess, ratings)) + 0.01 * (
        tf.nn.l2_loss(p) + tf.nn.l2_loss(q)
    )
    with tf.control_dependencies([loss]):
        step = tf.train.AdagradOptimizer(0.5).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        feed = {users: [0, 1, 2, 3, 4, 0], items: [0, 1, 2, 3, 0, 1], ratings: [1, 2, 3, 4, 5, 5]}
        see([float(sess.run([loss, step], feed)[0]) for _ in range(10)], rtol=1e-5)


def policy_gradient(tf, see):
    weights = tf.Variable(tf.ones([4]))
    chosen = tf.argmax(weights, 0)
    reward = tf.placeholder(shape=[1], dtype=tf.float32)
    action = tf.placeholder(shape=[1], dtype=tf.int32)
    responsible = tf.slice(weights, action, [1])
    loss = -(tf.log(responsible) * reward)
    update = tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i, won in ((0, -1.0), (1, 1.0), (3, 1.0), (1, -1.0)):
            sess.run([update, responsible, weights], {reward: [won], action: [i]})
        see(sess.run([weights, chosen]), rtol=1e-5)
