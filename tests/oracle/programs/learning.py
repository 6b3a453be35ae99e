"""Losses, optimizers and gradients put together as programs of research do."""

import math

import numpy as np


def _w(*shape, s=1.0):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32) * s).reshape(shape)


def _train(tf, see, loss, step, feed=None, steps=3, extra=()):
    see.start()
    for _ in range(steps):
        see.run([step, loss], feed, rtol=3e-5)
    for v in tf.global_variables():
        see(v.name)
        see.run(v, rtol=1e-4)
    for e in extra:
        see.run(e, feed, rtol=3e-5)


def elastic_net(tf, see):
    x = tf.placeholder(shape=[None, 3], dtype=tf.float32)
    y = tf.placeholder(shape=[None, 1], dtype=tf.float32)
    tf.set_random_seed(13)
    A = tf.Variable(tf.random_normal(shape=[3, 1]))
    b = tf.Variable(tf.random_normal(shape=[1, 1]))
    out = tf.add(tf.matmul(x, A), b)
    l1 = tf.reduce_mean(tf.abs(A))
    l2 = tf.reduce_mean(tf.square(A))
    e1 = tf.multiply(tf.constant(1.0), l1)
    e2 = tf.multiply(tf.constant(1.0), l2)
    loss = tf.expand_dims(tf.add(tf.add(tf.reduce_mean(tf.square(y - out)), e1), e2), 0)
    step = tf.train.GradientDescentOptimizer(0.001).minimize(loss)
    _train(tf, see, loss, step, {x: _w(8, 3), y: _w(8, 1, s=0.3)})


def conv_autoencoder(tf, see):
    tf.set_random_seed(2)
    x = tf.placeholder(tf.float32, [None, 8, 8, 1])
    W1 = tf.Variable(tf.truncated_normal([3, 3, 1, 4], stddev=0.1))
    W2 = tf.Variable(tf.truncated_normal([3, 3, 4, 2], stddev=0.1))
    c1 = tf.nn.relu(tf.nn.conv2d(x, W1, strides=[1, 2, 2, 1], padding="SAME"))
    c2 = tf.nn.relu(tf.nn.conv2d(c1, W2, strides=[1, 2, 2, 1], padding="SAME"))
    d1 = tf.nn.relu(
        tf.nn.conv2d_transpose(
            c2, W2, tf.stack([tf.shape(x)[0], 4, 4, 4]), strides=[1, 2, 2, 1], padding="SAME"
        )
    )
    d2 = tf.nn.conv2d_transpose(d1, W1, output_shape=tf.shape(x), strides=[1, 2, 2, 1])
    see(d1, d2)
    loss = tf.reduce_sum(tf.square(d2 - x))
    _train(tf, see, loss, tf.train.AdamOptimizer(0.01).minimize(loss), {x: _w(2, 8, 8, 1)})


def wgan_gp(tf, see):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [4, 3])
    g = tf.placeholder(tf.float32, [4, 3])
    wd = [tf.Variable(_w(3, 4), name="wd1"), tf.Variable(_w(4, 1), name="wd2")]

    def D(t):
        return tf.matmul(tf.nn.tanh(tf.matmul(t, wd[0])), wd[1])

    alpha = tf.random_uniform(shape=[4, 1], minval=0.0, maxval=1.0, seed=3)
    inter = x + alpha * (g - x)
    grads = tf.gradients(D(inter), [inter])[0]
    slopes = tf.sqrt(tf.reduce_sum(tf.square(grads), reduction_indices=[1]))
    gp = tf.reduce_mean((slopes - 1.0) ** 2)
    loss = tf.reduce_mean(D(g)) - tf.reduce_mean(D(x)) + 10 * gp
    _train(
        tf,
        see,
        loss,
        tf.train.AdamOptimizer(1e-2, beta1=0.5, beta2=0.9).minimize(loss, var_list=wd),
        {x: _w(4, 3), g: _w(4, 3, s=0.3)},
    )


def word2vec_cbow(tf, see):
    tf.set_random_seed(8)
    V, E = 12, 4
    xs = tf.placeholder(tf.int32, [4, 4])
    ys = tf.placeholder(tf.int32, [4, 1])
    emb = tf.Variable(tf.random_uniform([V, E], -1.0, 1.0))
    W = tf.Variable(tf.truncated_normal([V, E], stddev=1.0 / math.sqrt(E)))
    b = tf.Variable(tf.zeros([V]))
    e = tf.zeros([4, E])
    for i in range(4):
        e += tf.nn.embedding_lookup(emb, xs[:, i])
    loss = tf.reduce_mean(
        tf.nn.nce_loss(weights=W, biases=b, labels=ys, inputs=e, num_sampled=3, num_classes=V)
    )
    norm = tf.sqrt(tf.reduce_sum(tf.square(emb), 1, keep_dims=True))
    ne = emb / norm
    sim = tf.matmul(
        tf.nn.embedding_lookup(ne, tf.constant([1, 3], dtype=tf.int32)), ne, transpose_b=True
    )
    step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    _train(
        tf,
        see,
        loss,
        step,
        {xs: np.arange(16).reshape(4, 4) % V, ys: [[1], [2], [3], [4]]},
        extra=[sim],
    )


def dqn_target(tf, see):
    tf.set_random_seed(1)
    s = tf.placeholder(tf.float32, [None, 3], name="s")
    s_ = tf.placeholder(tf.float32, [None, 3], name="s_")
    r = tf.placeholder(tf.float32, [None], name="r")
    a = tf.placeholder(tf.int32, [None], name="a")

    def net(x, names, scope):
        with tf.variable_scope("l1"):
            w = tf.get_variable(
                "w1", [3, 4], initializer=tf.random_normal_initializer(0.0, 0.3), collections=names
            )
            b = tf.get_variable(
                "b1", [1, 4], initializer=tf.constant_initializer(0.1), collections=names
            )
            hidden = tf.nn.relu(tf.matmul(x, w) + b)
        with tf.variable_scope("l2"):
            w = tf.get_variable(
                "w2", [4, 2], initializer=tf.random_normal_initializer(0.0, 0.3), collections=names
            )
            return tf.matmul(hidden, w)

    with tf.variable_scope("eval_net"):
        qe = net(s, ["eval", tf.GraphKeys.GLOBAL_VARIABLES], 0)
    with tf.variable_scope("target_net"):
        qn = net(s_, ["target", tf.GraphKeys.GLOBAL_VARIABLES], 0)
    with tf.variable_scope("soft_replacement"):
        rep = [
            tf.assign(t, e) for t, e in zip(tf.get_collection("target"), tf.get_collection("eval"))
        ]
    with tf.variable_scope("q_target"):
        qt = tf.stop_gradient(r + 0.9 * tf.reduce_max(qn, axis=1, name="Qmax"))
    with tf.variable_scope("q_eval"):
        ai = tf.stack([tf.range(tf.shape(a)[0], dtype=tf.int32), a], axis=1)
        q = tf.gather_nd(params=qe, indices=ai)
    with tf.variable_scope("loss"):
        loss = tf.reduce_mean(tf.squared_difference(qt, q, name="TD_error"))
    see.attempt(lambda: tf.train.RMSPropOptimizer(0.01).minimize(loss))
    with tf.variable_scope("train"):
        step = tf.train.RMSPropOptimizer(0.01).minimize(loss, var_list=tf.get_collection("eval"))
    f = {s: _w(4, 3), s_: _w(4, 3, s=0.4), r: [1.0, 0, 1, 0], a: [0, 1, 1, 0]}
    _train(tf, see, loss, step, f, extra=[rep, qn])


def a3c_entropy(tf, see):
    logits = tf.Variable(_w(4, 3))
    act = tf.constant([0, 2, 1, 1])
    adv = tf.constant(_w(4))
    v = tf.Variable(_w(4, 1))
    p = tf.nn.softmax(logits)
    lp = tf.nn.log_softmax(logits)
    ce = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=act)
    ent = -tf.reduce_sum(p * lp, axis=1)
    oh = tf.one_hot(act, 3, dtype=tf.float32)
    loss = (
        tf.reduce_mean(ce * tf.stop_gradient(adv - tf.squeeze(v, 1)) - 0.01 * ent)
        + 0.5 * tf.reduce_mean(tf.square(adv - v[:, 0]))
        - tf.reduce_mean(tf.reduce_sum(tf.log(tf.clip_by_value(p, 1e-5, 1.0)) * oh, 1))
    )
    opt = tf.train.RMSPropOptimizer(0.01, decay=0.99, epsilon=0.1)
    gv = opt.compute_gradients(loss)
    g, vs = zip(*gv)
    g, norm = tf.clip_by_global_norm(g, 0.5)
    _train(tf, see, loss, opt.apply_gradients(zip(g, vs)), extra=[norm])


def ppo_loss(tf, see):
    mu = tf.Variable(_w(4, 1))
    ls = tf.Variable(tf.zeros([1]))
    d = tf.distributions.Normal(mu, tf.exp(ls))
    old = tf.distributions.Normal(tf.constant(_w(4, 1, s=0.4)), 1.0)
    act = tf.constant(_w(4, 1, s=2.0))
    adv = tf.constant(_w(4, 1, s=3.0))
    ratio = tf.exp(d.log_prob(act) - old.log_prob(act))
    clip = tf.clip_by_value(ratio, 0.8, 1.2)
    loss = (
        -tf.reduce_mean(tf.minimum(ratio * adv, clip * adv))
        - 0.01 * tf.reduce_mean(d.entropy())
        + tf.reduce_mean(tf.distributions.kl_divergence(old, d))
    )
    _train(tf, see, loss, tf.train.AdamOptimizer(0.1).minimize(loss))


def kmeans_segments(tf, see):
    pts = tf.Variable(_w(20, 2, s=1.7))
    ca = tf.Variable(tf.zeros([20], dtype=tf.int64))
    cent = tf.Variable(tf.slice(pts.initialized_value(), [0, 0], [3, 2]))
    rc = tf.reshape(tf.tile(cent, [20, 1]), [20, 3, 2])
    rp = tf.reshape(tf.tile(pts, [1, 3]), [20, 3, 2])
    ss = tf.reduce_sum(tf.square(rc - rp), reduction_indices=2)
    best = tf.argmin(ss, 1)
    changed = tf.reduce_any(tf.not_equal(best, ca))
    total = tf.unsorted_segment_sum(pts, best, 3)
    count = tf.unsorted_segment_sum(tf.ones_like(pts), best, 3)
    means = total / count
    with tf.control_dependencies([changed]):
        do = tf.group(cent.assign(means), ca.assign(best))
    see.start()
    for _ in range(5):
        see.run([changed, do])
    see.run([cent, ca])
