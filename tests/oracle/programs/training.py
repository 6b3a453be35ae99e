"""Fifty steps of training from seeded starts: the losses must be TensorFlow's."""

import numpy as np


def _watch(see, loss, step, feed=None, steps=50):
    see.start()
    losses = [float(see.session.run([loss, step], feed)[0]) for _ in range(steps)]
    see(losses, rtol=1e-5)


def linear_model(tf, see):
    tf.set_random_seed(1)
    x_data = np.linspace(0, 1, 20, dtype=np.float32)
    x, y = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    w, b = tf.Variable(tf.random_normal([])), tf.Variable(0.0)
    loss = tf.reduce_mean(tf.square(w * x + b - y))
    step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    _watch(see, loss, step, {x: x_data, y: 3 * x_data + 1})
    see.run([w, b], rtol=1e-5)


def mlp_with_adam(tf, see):
    tf.set_random_seed(2)
    x_data = np.sin(np.arange(60, dtype=np.float32)).reshape(20, 3)
    y_data = np.eye(4, dtype=np.float32)[np.arange(20) % 4]
    x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 4])
    h = x
    for index, size in enumerate((8, 8)):
        with tf.variable_scope(f"layer{index}"):
            w = tf.get_variable("w", [h.shape[1], size])
            b = tf.get_variable("b", [size], initializer=tf.zeros_initializer())
            h = tf.nn.tanh(tf.matmul(h, w) + b)
    logits = tf.matmul(h, tf.get_variable("out", [8, 4]))
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
    _watch(see, loss, tf.train.AdamOptimizer(0.01).minimize(loss), {x: x_data, y: y_data})


def unrolled_rnn(tf, see):
    tf.set_random_seed(3)
    data = np.sin(np.arange(60, dtype=np.float32)).reshape(4, 5, 3)
    x = tf.placeholder(tf.float32, [4, 5, 3], name="x")
    state = tf.zeros([4, 6])
    with tf.variable_scope("rnn"):
        for moment in range(5):
            if moment:
                tf.get_variable_scope().reuse_variables()
            w = tf.get_variable("w", [9, 6])
            b = tf.get_variable("b", [6], initializer=tf.zeros_initializer())
            state = tf.tanh(tf.matmul(tf.concat([x[:, moment], state], 1), w) + b)
    loss = tf.reduce_mean(tf.square(tf.reduce_sum(state, 1) - tf.constant([0.0, 1.0, 2.0, 3.0])))
    _watch(see, loss, tf.train.AdamOptimizer(0.01).minimize(loss), {x: data})


def small_gan(tf, see):
    tf.set_random_seed(4)
    real = tf.constant(np.cos(np.arange(16, dtype=np.float32)).reshape(8, 2), name="real")

    def dense(x, size, name, act):
        with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
            w = tf.get_variable(
                "w", [x.shape[1], size], initializer=tf.random_normal_initializer(stddev=0.3)
            )
            return act(
                tf.matmul(x, w) + tf.get_variable("b", [size], initializer=tf.zeros_initializer())
            )

    def judge(x):
        with tf.variable_scope("D", reuse=tf.AUTO_REUSE):
            return dense(dense(x, 4, "hidden", tf.nn.relu), 1, "out", tf.identity)

    noise = tf.random_uniform([8, 3], -1.0, 1.0)
    with tf.variable_scope("G"):
        fake = dense(dense(noise, 5, "hidden", tf.nn.relu), 2, "out", tf.tanh)
    on_real, on_fake = judge(real), judge(fake)
    cross = tf.nn.sigmoid_cross_entropy_with_logits
    d_loss = tf.reduce_mean(
        cross(labels=tf.ones_like(on_real), logits=on_real)
        + cross(labels=tf.zeros_like(on_fake), logits=on_fake)
    )
    g_loss = tf.reduce_mean(cross(labels=tf.ones_like(on_fake), logits=on_fake))
    d_step = tf.train.AdamOptimizer(0.01).minimize(d_loss, var_list=tf.trainable_variables("D"))
    g_step = tf.train.AdamOptimizer(0.01).minimize(g_loss, var_list=tf.trainable_variables("G"))
    see.start()
    losses = []
    for _ in range(50):
        losses += [
            float(see.session.run([d_loss, d_step])[0]),
            float(see.session.run([g_loss, g_step])[0]),
        ]
    see(losses, rtol=1e-5)


def mlp_with_dropout_and_momentum(tf, see):
    tf.set_random_seed(5)
    x = tf.constant(np.sin(np.arange(48, dtype=np.float32)).reshape(16, 3))
    w1 = tf.Variable(tf.truncated_normal([3, 10], stddev=0.1), name="w1")
    w2 = tf.Variable(tf.truncated_normal([10, 2], stddev=0.1), name="w2")
    hidden = tf.nn.dropout(tf.nn.relu(tf.matmul(x, w1) + 0.1), 0.8)
    logits = tf.matmul(hidden, w2)
    labels = tf.constant([0, 1] * 8)
    loss = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    )
    loss += 1e-3 * (tf.nn.l2_loss(w1) + tf.nn.l2_loss(w2))
    with tf.control_dependencies([loss]):
        step = tf.train.MomentumOptimizer(0.05, 0.9).minimize(loss)
    _watch(see, loss, step)


def small_convolution(tf, see):
    tf.set_random_seed(6)
    x = tf.constant(np.sin(np.arange(4 * 36, dtype=np.float32)).reshape(4, 6, 6, 1))
    w = tf.Variable(tf.truncated_normal([3, 3, 1, 4], stddev=0.2), name="w")
    b = tf.Variable(tf.constant(0.1, shape=[4]), name="b")
    pooled = tf.nn.max_pool(
        tf.nn.relu(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME") + b), [1, 2, 2, 1], [1, 2, 2, 1], "SAME"
    )
    flat = tf.reshape(pooled, [-1, 36])
    out = tf.matmul(flat, tf.Variable(tf.truncated_normal([36, 2], stddev=0.2), name="out"))
    loss = tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1, 0, 1], logits=out)
    )
    _watch(see, loss, tf.train.GradientDescentOptimizer(0.1).minimize(loss))


def each_optimizer(tf, see):
    tf.set_random_seed(7)
    x = tf.constant(np.sin(np.arange(30, dtype=np.float32)).reshape(10, 3))
    train = tf.train
    for make in (
        lambda: train.AdagradOptimizer(0.1),
        lambda: train.RMSPropOptimizer(0.01, momentum=0.5),
        lambda: train.AdadeltaOptimizer(1.0),
        lambda: train.FtrlOptimizer(0.1),
    ):
        w = tf.Variable(tf.random_normal([3, 2]))
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
        _watch(see, loss, make().minimize(loss, var_list=[w]))
