"""Gradients kept, overridden, of second order, and through loops."""

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


def accumulate_gradients(tf, see):
    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.Variable(_w(3, 2))
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w)))
    o = tf.train.AdamOptimizer(0.1)
    tv = tf.trainable_variables()
    acc = [tf.Variable(tf.zeros_like(v.initialized_value()), trainable=False) for v in tv]
    zero = [a.assign(tf.zeros_like(a)) for a in acc]
    gvs = o.compute_gradients(loss, tv)
    add = [acc[i].assign_add(gv[0]) for i, gv in enumerate(gvs)]
    step = o.apply_gradients([(acc[i] / 2.0, gv[1]) for i, gv in enumerate(gvs)])
    see.start()
    for _ in range(3):
        see.run(zero)
        see.run(add, {x: _w(4, 3)})
        see.run(add, {x: _w(2, 3, s=0.3)})
        see.run(step)
    see.run(w)


def twice_and_shared(tf, see):
    w = tf.Variable(_w(3), name="w")
    u = tf.Variable(_w(3), name="u")
    o = tf.train.AdamOptimizer(0.1)
    a = o.minimize(tf.reduce_sum(w * w))
    b = o.minimize(tf.reduce_sum(w * u))
    c = tf.train.AdamOptimizer(0.1, name="Second").minimize(tf.reduce_sum(tf.sin(w)))
    with tf.name_scope("outer"):
        d = tf.train.MomentumOptimizer(0.1, 0.5).minimize(tf.reduce_sum(w), name="mine")
    with tf.variable_scope("vs"):
        e = tf.train.MomentumOptimizer(0.1, 0.5).minimize(tf.reduce_sum(u))
    see.start()
    for s in (a, b, c, d, e, a):
        see.run(s)
    for v in tf.global_variables():
        see(v.name)
        see.run(v, rtol=3e-5)


def custom_gradients(tf, see):
    @tf.custom_gradient
    def log1pexp(x):
        e = tf.exp(x)
        return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

    @tf.custom_gradient
    def two(x, y):
        def grad(da, db):
            return da * y, db * x

        return (x * y, x + y), grad

    @tf.custom_gradient
    def flip(x):
        return tf.identity(x), lambda dy: -dy

    @tf.custom_gradient
    def with_var(x):
        w = (
            tf.get_variable("cw", [2], initializer=tf.ones_initializer(), use_resource=True)
            if False
            else tf.constant([1.0, 2.0])
        )
        return x * w, lambda dy: dy * 3.0

    x = tf.constant([1.0, 100.0])
    y = tf.Variable([2.0, 3.0])
    see.start()
    see.full(tf.gradients(log1pexp(x), x)[0])
    a, b = two(x, y)
    see.run(tf.gradients([a, b], [x, y]))
    see.run(tf.gradients(flip(y) * y, y))
    see.start()
    see.run(tf.gradients(flip(y) * y, y))
    see.run(tf.gradients(with_var(x), x))
    see.run(tf.gradients(tf.gradients(log1pexp(x), x)[0], x))


def gradient_overrides(tf, see):
    @tf.RegisterGradient("MyRelu5")
    def g(op, grad):
        return tf.where(grad > 0.0, grad * op.inputs[0], tf.zeros_like(grad))

    @tf.RegisterGradient("FlipGradient5")
    def g2(op, grad):
        return [tf.negative(grad) * 0.5]

    gr = tf.get_default_graph()
    x = tf.constant([-1.0, 2.0])
    with gr.gradient_override_map({"Relu": "MyRelu5", "Identity": "FlipGradient5"}):
        y = tf.nn.relu(x)
        z = tf.identity(y)
    see.run(tf.gradients(z, x))
    see(y.op.get_attr("_gradient_op_type"))
    with gr.gradient_override_map({"Sign": "Identity"}):
        q = tf.sign(x)
    see.run(tf.gradients(q * 3.0, x))
    st = tf.stop_gradient(tf.round(x) - x) + x
    see.run(tf.gradients(st * 2.0, x))
    f = tf.py_func(lambda a: a * 2, [x], tf.float32, stateful=False)
    see(tf.gradients(f, x))
    see.attempt(lambda: gr.gradient_override_map({1: "a"}).__enter__())
    with gr.gradient_override_map({"Square": "NoSuch"}):
        s = tf.square(x)
    see.attempt(lambda: tf.gradients(s, x))


def hessians_and_jacobians(tf, see):
    x = tf.Variable(_w(3))
    y = tf.reduce_sum(x**3) + tf.reduce_prod(x + 1.0)
    see.start()
    see.run(tf.hessians(y, x))
    see.run(tf.hessians(y, [x, x]))
    m = tf.Variable(_w(2, 2))
    see.start()
    see.run(tf.hessians(tf.reduce_sum(m**2) * m[0, 0], m))
    g = tf.gradients(y, x)[0]
    v = tf.constant([1.0, 2.0, 3.0])
    hvp = tf.gradients(tf.reduce_sum(g * tf.stop_gradient(v)), x)
    see.run(hvp)
    jac = tf.stack([tf.gradients(u, x)[0] for u in tf.unstack(tf.sin(x) * x[0])])
    see.run(jac)
    u = tf.placeholder_with_default(tf.ones_like(x), x.shape)
    jvp = tf.gradients(tf.gradients(tf.exp(x), x, grad_ys=u), u, grad_ys=v)
    see.run(jvp)
    step = x.assign_sub(
        tf.reshape(tf.matrix_solve(tf.hessians(y, x)[0] + tf.eye(3) * 5.0, g[:, None]), [-1])
    )
    see.run(step)


def control_flow_gradients(tf, see):
    x = tf.Variable(2.0)
    c = tf.placeholder_with_default(True, [])
    y = tf.cond(c, lambda: x * x, lambda: x * 3.0)
    s = tf.scan(lambda a, b: a * x + b, tf.constant([1.0, 2.0, 3.0]))
    f = tf.foldl(lambda a, b: a + b * x, tf.constant([1.0, 2.0, 3.0]))
    fr = tf.foldr(lambda a, b: a * x + b, tf.constant([1.0, 2.0, 3.0]))
    m = tf.map_fn(lambda e: e * x**2, tf.constant([1.0, 2.0, 3.0]))
    w = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, x])[1]
    k = tf.case([(x > 1.0, lambda: x**3), (x > 0.0, lambda: x)], default=lambda: -x)
    n = tf.while_loop(
        lambda i, a: i < 2,
        lambda i, a: (
            i + 1,
            tf.while_loop(lambda j, b: j < 2, lambda j, b: (j + 1, b * x + a), [0, a])[1],
        ),
        [0, x],
    )[1]
    see.start()
    ys = [y, s, f, fr, m, w, k, n]
    see.run(ys)
    see.run([tf.gradients(t, x)[0] for t in ys])
    see.run(tf.gradients(y, x), {c: False})
    see.run(tf.gradients(tf.gradients(y, x), x))
    st = tf.train.AdamOptimizer(0.1).minimize(tf.add_n([tf.reduce_sum(t) for t in ys]))
    see.start()
    see.run(st)
    see.run(x)


def crf_forward(tf, see):
    T, B, K = 4, 2, 3
    un = tf.Variable(_w(B, T, K))
    tr = tf.Variable(_w(K, K, s=0.5))
    ln = tf.constant([4, 3])
    tags = tf.constant([[0, 1, 2, 1], [2, 2, 0, 0]])
    first = un[:, 0]
    rest = tf.transpose(un[:, 1:], [1, 0, 2])
    alphas = tf.scan(
        lambda a, u: u + tf.reduce_logsumexp(a[:, :, None] + tr[None], 1), rest, initializer=first
    )
    allA = tf.concat([first[None], alphas], 0)
    last = tf.gather_nd(allA, tf.stack([ln - 1, tf.range(B)], 1))
    logZ = tf.reduce_logsumexp(last, 1)
    off = tf.expand_dims(tf.range(B) * T * K, 1) + tf.expand_dims(tf.range(T) * K, 0)
    mask = tf.sequence_mask(ln, T, dtype=tf.float32)
    us = tf.reduce_sum(tf.gather(tf.reshape(un, [-1]), off + tags) * mask, 1)
    ts = tf.reduce_sum(
        tf.gather(tf.reshape(tr, [-1]), tags[:, :-1] * K + tags[:, 1:]) * mask[:, 1:], 1
    )
    ll = us + ts - logZ
    loss = tf.reduce_mean(-ll)

    def vit(c, u):
        s = c[0][:, :, None] + tr[None]
        return u + tf.reduce_max(s, 1), tf.argmax(s, 1, output_type=tf.int32)

    v, bp = tf.scan(vit, rest, initializer=(first, tf.zeros([B, K], tf.int32)))
    _train(tf, see, loss, tf.train.AdamOptimizer(0.1).minimize(loss), extra=[ll, v, bp])


def cnn_by_hand(tf, see):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [None, 8, 8, 2])
    tr = tf.placeholder(tf.bool)
    w = tf.get_variable("w", [3, 3, 2, 4], initializer=tf.truncated_normal_initializer(stddev=0.1))
    dw = tf.get_variable("dw", [3, 3, 4, 1])
    pw = tf.get_variable("pw", [1, 1, 4, 3])
    h = tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME")
    m, v = tf.nn.moments(h, [0, 1, 2])
    ema = tf.train.ExponentialMovingAverage(0.9)

    def upd():
        op = ema.apply([m, v])
        with tf.control_dependencies([op]):
            return tf.identity(m), tf.identity(v)

    mean, var = tf.cond(tr, upd, lambda: (ema.average(m), ema.average(v)))
    b = tf.Variable(tf.zeros([4]))
    g = tf.Variable(tf.ones([4]))
    h = tf.nn.relu(tf.nn.batch_normalization(h, mean, var, b, g, 1e-3))
    h = tf.nn.separable_conv2d(h, dw, pw, [1, 2, 2, 1], "SAME")
    h = tf.nn.lrn(h, 2, bias=1.0, alpha=0.1, beta=0.75)
    h = tf.nn.max_pool(h, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")
    h2 = tf.nn.atrous_conv2d(h, tf.get_variable("aw", [2, 2, 3, 3]), 2, "SAME")
    loss = tf.reduce_mean(tf.square(h2)) + tf.reduce_mean(tf.reduce_max(h, [1, 2]))
    _train(
        tf,
        see,
        loss,
        tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss),
        {x: _w(2, 8, 8, 2), tr: True},
    )
    see.run(loss, {x: _w(2, 8, 8, 2), tr: False}, rtol=1e-4)


def data_pipeline(tf, see):
    tf.set_random_seed(3)
    ds = (
        tf.data.Dataset.from_tensor_slices({"x": _w(10, 2), "y": np.arange(10)})
        .shuffle(5, seed=1)
        .map(lambda d: (d["x"] * 2.0, d["y"] % 2))
        .repeat(2)
        .batch(4, drop_remainder=True)
        .prefetch(1)
    )
    it = ds.make_initializable_iterator()
    x, y = it.get_next()
    see(x, y)
    w = tf.Variable(tf.zeros([2, 2]))
    loss = tf.losses.sparse_softmax_cross_entropy(y, tf.matmul(x, w))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    see.start()
    see.run(it.initializer)
    while True:
        try:
            see.run([loss, step])
        except tf.errors.OutOfRangeError:
            break
    see.run(w)
