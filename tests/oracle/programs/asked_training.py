"""What training says of bad input: losses, variables, gradients, rates and clipping."""

import numpy as np


def _w(*shape, s=1.0):
    return (
        (np.sin(np.arange(np.prod(shape), dtype=np.float32) * s)).reshape(shape).astype(np.float32)
    )


def minimize(tf, see):
    w = tf.Variable([1.0, 2.0])
    i = tf.Variable([1, 2])
    c = tf.constant(3.0)
    n = tf.Variable(1.0, trainable=False)
    descent = tf.train.GradientDescentOptimizer
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(i)))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(i), var_list=[i]))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(i), var_list=[w]))
    see.attempt(lambda: descent(0.1).minimize(tf.cast(tf.reduce_sum(w), tf.int32)))
    see.attempt(lambda: descent(0.1).minimize(c))
    see.attempt(lambda: descent(0.1).minimize(c, var_list=[w]))
    see.attempt(lambda: descent(0.1).minimize(n))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), var_list=[]))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), var_list=w))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), var_list="w"))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), var_list=["w"]))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), var_list=[c]))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), var_list=[w.read_value()]))
    see.attempt(lambda: descent(0.1).minimize(w))
    see.attempt(lambda: descent(0.1).minimize(3.0))
    see.attempt(lambda: descent(0.1).minimize(None))
    see.attempt(lambda: descent(0.1).minimize([w[0], w[1]]))
    see.attempt(lambda: descent(0.1).minimize(np.float32(3)))
    see.attempt(lambda: descent(0.1).minimize("loss"))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), global_step=w))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), global_step=tf.constant(1)))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), global_step=n))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), n))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), grad_loss=tf.constant([1.0, 2.0])))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), grad_loss=1))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), gate_gradients=7))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), aggregation_method=7))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w), foo=7))
    see.attempt(lambda: descent(0.1).minimize())
    see.attempt(lambda: descent(0.1).minimize(tf.argmax(w)))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(tf.round(w))))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(tf.floor(w))))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(tf.sign(w))))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(tf.stop_gradient(w))))
    see.attempt(lambda: descent(0.1).minimize(tf.cast(tf.equal(w[0], 1.0), tf.float32)))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(tf.one_hot(tf.cast(w, tf.int32), 3))))
    see.attempt(lambda: descent(0.1).minimize(tf.reduce_sum(w > 1)))


def apply(tf, see):
    _apply(tf, see, lambda: tf.train.GradientDescentOptimizer(0.1))
    _apply(tf, see, lambda: tf.train.AdamOptimizer(0.1))
    _apply(tf, see, lambda: tf.train.MomentumOptimizer(0.1, 0.9))


def _apply(tf, see, o):
    w = tf.Variable([1.0, 2.0], name="w")
    i = tf.Variable([1, 2], name="i")
    u = tf.Variable(tf.zeros([3, 2]), name="u")
    c = tf.constant([1.0, 2.0])
    see.attempt(lambda: o().apply_gradients([(tf.constant([1.0, 2.0, 3.0]), w)]))
    see.attempt(lambda: o().apply_gradients([(tf.constant(1.0), w)]))
    see.attempt(lambda: o().apply_gradients([(tf.constant([1, 2]), w)]))
    see.attempt(lambda: o().apply_gradients([([1.0, 2.0], w)]))
    see.attempt(lambda: o().apply_gradients([(np.array([1.0, 2.0]), w)]))
    see.attempt(lambda: o().apply_gradients([(1, w)]))
    see.attempt(lambda: o().apply_gradients([("a", w)]))
    see.attempt(lambda: o().apply_gradients([(None, w)]))
    see.attempt(lambda: o().apply_gradients([(None, w), (None, u)]))
    see.attempt(lambda: o().apply_gradients([(c, None)]))
    see.attempt(lambda: o().apply_gradients([(c, c)]))
    see.attempt(lambda: o().apply_gradients([(c, "w")]))
    see.attempt(lambda: o().apply_gradients([(w, c)]))
    see.attempt(lambda: o().apply_gradients([(c, w), (c, w)]))
    see.attempt(lambda: o().apply_gradients([(c,)]))
    see.attempt(lambda: o().apply_gradients([c, w]))
    see.attempt(lambda: o().apply_gradients(c))
    see.attempt(lambda: o().apply_gradients(None))
    see.attempt(lambda: o().apply_gradients([]))
    see.attempt(lambda: o().apply_gradients(zip([c], [w])))
    see.attempt(lambda: o().apply_gradients([(tf.constant([1, 2]), i)]))
    see.attempt(
        lambda: o().apply_gradients(
            [(tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([0])), u)]
        )
    )
    see.attempt(
        lambda: o().apply_gradients(
            [(tf.IndexedSlices(tf.constant([[1.0, 2.0, 3.0]]), tf.constant([0])), u)]
        )
    )
    see.attempt(
        lambda: o().apply_gradients(
            [(tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([0.0])), u)]
        )
    )
    see.attempt(lambda: o().apply_gradients([(c, w)], global_step=u))
    see.attempt(lambda: o().apply_gradients([(c, w)], global_step=tf.train.get_global_step()))
    see.attempt(lambda: o().apply_gradients([(c, w)], name="my/step"))
    see.attempt(lambda: o().apply_gradients([(c, w)], name="bad name"))
    see.attempt(lambda: o().apply_gradients([(c, w.name)]))


def gradients(tf, see):
    w = tf.Variable([1.0, 2.0], name="w")
    i = tf.constant([1, 2], name="i")
    c = tf.constant([1.0, 2.0], name="c")
    y = w * c
    see.attempt(lambda: tf.gradients(i, i))
    see.attempt(lambda: tf.gradients(tf.reduce_sum(i * 2), i))
    see.attempt(lambda: tf.gradients(tf.cast(i, tf.float32), i))
    see.attempt(lambda: tf.gradients(y, i))
    see.attempt(lambda: tf.gradients(y, []))
    see.attempt(lambda: tf.gradients([], w))
    see.attempt(lambda: tf.gradients(y, None))
    see.attempt(lambda: tf.gradients(None, w))
    see.attempt(lambda: tf.gradients(y, "w"))
    see.attempt(lambda: tf.gradients("y", w))
    see.attempt(lambda: tf.gradients(y, 3.0))
    see.attempt(lambda: tf.gradients(3.0, w))
    see.attempt(lambda: tf.gradients(y, [w, [c]]))
    see.attempt(lambda: tf.gradients(y, w, grad_ys=1.0))
    see.attempt(lambda: tf.gradients(y, w, grad_ys=[1.0, 2.0]))
    see.attempt(lambda: tf.gradients(y, w, grad_ys=[[1.0, 2.0]]))
    see.attempt(lambda: tf.gradients(y, w, [tf.constant([1.0, 2.0]), None]))
    see.attempt(lambda: tf.gradients(y, w, tf.constant([1, 2])))
    see.attempt(lambda: tf.gradients(y, w, tf.constant([1.0, 2.0, 3.0])))
    see.attempt(lambda: tf.gradients([y, y], w, [None, c]))
    see.attempt(lambda: tf.gradients([y, y], w, c))
    see.attempt(lambda: tf.gradients(y, w, tf.constant([1.0, 2.0], tf.float64)))
    see.attempt(lambda: tf.gradients(y, w, stop_gradients=w))
    see.attempt(lambda: tf.gradients(y, w, stop_gradients=[c]))
    see.attempt(lambda: tf.gradients(y, w, stop_gradients="w"))
    see.attempt(lambda: tf.gradients(y, w, stop_gradients=3.0))
    see.attempt(lambda: tf.gradients(y, w, unconnected_gradients="zero"))
    see.attempt(lambda: tf.gradients(y, i, unconnected_gradients="zero"))
    see.attempt(
        lambda: tf.gradients(
            y, tf.constant(1.0), unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
    )
    see.attempt(lambda: tf.gradients(y, w, unconnected_gradients="bad"))
    see.attempt(lambda: tf.gradients(y, w, aggregation_method=99))
    see.attempt(lambda: tf.gradients(y + w, w, aggregation_method=99))
    see.attempt(lambda: tf.gradients(y + w, w, aggregation_method="x"))
    see.attempt(
        lambda: tf.gradients(
            y + w, w, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N
        )
    )
    see.attempt(
        lambda: tf.gradients(y + w, w, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE)
    )
    see.attempt(lambda: tf.gradients(y, w, gate_gradients=True))
    see.attempt(lambda: tf.gradients(y, w, colocate_gradients_with_ops=True))
    see.attempt(lambda: tf.gradients(tf.strings.as_string(w), w))
    see.attempt(lambda: tf.gradients(tf.constant("a"), w))
    see.attempt(lambda: tf.gradients(w > 1, w))
    see.attempt(lambda: tf.gradients(tf.argmax(w), w))
    see.attempt(lambda: tf.gradients(tf.py_func(np.sin, [w], tf.float32), w))
    see.attempt(lambda: tf.gradients(tf.unique(w)[0], w))
    see.attempt(lambda: tf.gradients(tf.setdiff1d(w, c)[0], w))
    see.attempt(lambda: tf.gradients(tf.histogram_fixed_width(w, [0.0, 1.0]), w))
    see.attempt(lambda: tf.gradients(tf.bitcast(w, tf.int32), w))
    see.attempt(lambda: tf.gradients(tf.assign(w, c), w))
    see.attempt(lambda: tf.gradients(tf.assign(w, c), c))
    see.attempt(lambda: tf.gradients(tf.image.resize_area(tf.reshape(w, [1, 1, 2, 1]), [2, 2]), w))
    see.attempt(lambda: tf.gradients(tf.nn.top_k(w)[1], w))
    see.attempt(lambda: tf.gradients(tf.where(w > 1), w))
    see.attempt(lambda: tf.gradients(tf.nn.lrn(tf.reshape(w, [1, 1, 1, 2])), w))
    see.attempt(lambda: tf.gradients(tf.Print(w, [w]), w))
    see.attempt(lambda: tf.gradients(tf.scatter_add(w, [0], [1.0]), w))
    see.attempt(
        lambda: tf.gradients(tf.svd(tf.reshape(tf.tile(w, [2]), [2, 2]), compute_uv=False), w)
    )
    see.attempt(lambda: tf.gradients(tf.qr(tf.reshape(tf.tile(w, [2]), [2, 2]))[0], w))
    g = tf.Graph()
    with g.as_default():
        o = tf.Variable([1.0, 2.0], name="other")
        oy = o * 2
    see.attempt(lambda: tf.gradients(y, o))
    see.attempt(lambda: tf.gradients(oy, w))
    see.attempt(lambda: tf.gradients([y, oy], w))
    see.attempt(lambda: tf.gradients(y, w, grad_ys=oy))
    see.attempt(lambda: tf.gradients(y, w, stop_gradients=[o]))
    see.attempt(lambda: tf.gradients(oy, o))
    see.attempt(lambda: tf.hessians(y, w))
    see.attempt(lambda: tf.hessians(tf.reduce_sum(y * y), w))
    see.attempt(lambda: tf.hessians(tf.reduce_sum(y), w))
    see.attempt(lambda: tf.hessians(y, c))
    see.attempt(lambda: tf.hessians(3.0, w))
    see.attempt(lambda: tf.hessians(i, i))


def other_graph(tf, see):
    w = tf.Variable([1.0, 2.0], name="w")
    c = tf.constant([1.0, 2.0])
    g = tf.Graph()
    with g.as_default():
        o = tf.Variable([1.0, 2.0], name="other")
        oy = tf.reduce_sum(o * 2)
        go = tf.Variable(0, name="gs")
    see.attempt(lambda: tf.train.AdamOptimizer(0.1).minimize(oy))
    see.attempt(lambda: tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(w), var_list=[o]))
    see.attempt(lambda: tf.train.AdamOptimizer(0.1).minimize(oy, var_list=[o]))
    see.attempt(lambda: tf.train.AdamOptimizer(0.1).apply_gradients([(c, o)]))
    see.attempt(lambda: tf.train.AdamOptimizer(0.1).apply_gradients([(oy, w)]))
    see.attempt(lambda: tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(w), global_step=go))
    see.attempt(lambda: w + o)
    see.attempt(lambda: tf.assign(w, o))
    see.attempt(lambda: w.assign(oy))
    see.attempt(lambda: tf.add_n([w, o]))
    see.attempt(lambda: tf.stack([c, oy]))
    see.attempt(lambda: tf.group(w.initializer, o.initializer))
    see.attempt(lambda: tf.clip_by_global_norm([c, oy], 1.0))
    see.attempt(lambda: tf.train.ExponentialMovingAverage(0.9).apply([o]))
    see.attempt(lambda: tf.control_dependencies([oy]).__enter__())
    see.attempt(lambda: see.session.run(oy))
    see.attempt(lambda: see.session.run(w, {oy: 3.0}))
    see.attempt(lambda: oy.eval())
    see.attempt(lambda: oy.eval(session=see.session))
    see.attempt(lambda: tf.losses.mean_squared_error(c, o))
    see.attempt(lambda: tf.cond(tf.constant(True), lambda: oy, lambda: c[0]))
    see.attempt(lambda: tf.while_loop(lambda i: i < oy, lambda i: i + 1.0, [c[0]]))


def _step(see, optimizer, loss, w):
    step = optimizer.minimize(loss)
    see.start()
    see.session.run(step)
    return see.session.run(w)


def _value(tf, see, made):
    see.start()
    return see.session.run(made) if isinstance(made, tf.Tensor) else made


def rates(tf, see):
    w = tf.Variable([1.0, 2.0], name="w")
    loss = tf.reduce_sum(w * w)
    rates = ["0.1", None, [0.1, 0.2], tf.constant([0.1, 0.2]), 1, -1.0, tf.constant(1)]
    rates += [tf.constant(0.1, tf.float64), np.float64(0.1), np.array(0.1), np.array([0.1]), True]
    rates += [lambda: 0.1, lambda: "a", lambda: tf.constant(0.1)]
    makers = (
        tf.train.GradientDescentOptimizer,
        tf.train.AdamOptimizer,
        lambda rate: tf.train.MomentumOptimizer(rate, 0.9),
        tf.train.RMSPropOptimizer,
        tf.train.AdagradOptimizer,
    )
    for make in makers:
        for rate in rates:
            see.attempt(lambda make=make, rate=rate: _step(see, make(rate), loss, w))
    actions = (
        lambda: tf.train.MomentumOptimizer(0.1),
        lambda: tf.train.MomentumOptimizer(0.1, "a").minimize(loss),
        lambda: tf.train.MomentumOptimizer(0.1, None).minimize(loss),
        lambda: tf.train.GradientDescentOptimizer(),
        lambda: tf.train.AdamOptimizer(0.1, beta1="x").minimize(loss),
        lambda: tf.train.AdamOptimizer(0.1, beta1=tf.constant(0.9)).minimize(loss),
        lambda: tf.train.AdamOptimizer(beta1=1).minimize(loss),
        lambda: tf.train.AdagradOptimizer(0.1, initial_accumulator_value=0.0),
        lambda: tf.train.AdagradOptimizer(0.1, initial_accumulator_value=-1.0),
        lambda: tf.train.FtrlOptimizer(0.1, learning_rate_power=0.5),
        lambda: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=-1),
        lambda: tf.train.FtrlOptimizer(0.1, l2_regularization_strength=-1),
        lambda: tf.train.FtrlOptimizer(0.1, initial_accumulator_value=-1),
        lambda: tf.train.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=-1),
        lambda: tf.train.ProximalAdagradOptimizer(0.1, initial_accumulator_value=0),
        lambda: tf.train.RMSPropOptimizer(0.1, foo=3),
        lambda: tf.train.Optimizer(),
        lambda: tf.train.Optimizer(False, ""),
        lambda: tf.train.Optimizer(False, "x").minimize(loss),
        lambda: tf.train.Optimizer(True, "x").get_slot_names(),
        lambda: tf.train.Optimizer(True, "x").get_name(),
        lambda: tf.train.AdamOptimizer().get_slot(w, "m"),
        lambda: tf.train.AdamOptimizer().get_slot("w", "m"),
        lambda: tf.train.AdamOptimizer().variables(),
        lambda: tf.train.GradientDescentOptimizer(0.1, False, "my opt").minimize(loss),
        lambda: tf.train.AdamOptimizer(0.1, name="").minimize(loss),
        lambda: tf.train.AdamOptimizer(0.1, name=None),
    )
    for action in actions:
        see.attempt(action)


def decay(tf, see):
    gs = tf.train.get_or_create_global_step()
    T = tf.train
    actions = (
        lambda: T.exponential_decay(0.1, None, 10, 0.9),
        lambda: T.exponential_decay(0.1, gs, 10),
        lambda: T.exponential_decay("a", gs, 10, 0.9),
        lambda: T.exponential_decay(0.1, gs, "a", 0.9),
        lambda: T.exponential_decay(1, gs, 10, 0.9),
        lambda: T.exponential_decay(0.1, 3, 10, 0.9),
        lambda: T.exponential_decay(0.1, 3.0, 10, 0.9, staircase=1),
        lambda: T.piecewise_constant(gs, [1, 2], [0.1, 0.2]),
        lambda: T.piecewise_constant(gs, [1, 2], [0.1, 0.2, 3]),
        lambda: T.piecewise_constant(gs, [1.0, 2.0], [0.1, 0.2, 0.3]),
        lambda: T.piecewise_constant(gs, [], [0.1]),
        lambda: T.piecewise_constant(gs, [2, 1], [0.1, 0.2, 0.3]),
        lambda: T.piecewise_constant(gs, [1], ["a", "b"]),
        lambda: T.piecewise_constant(gs, None, [0.1]),
        lambda: T.piecewise_constant(None, [1], [0.1, 0.2]),
        lambda: T.piecewise_constant(3.0, [1, 2], [0.1, 0.2, 0.3]),
        lambda: T.polynomial_decay(0.1, None, 10),
        lambda: T.polynomial_decay(0.1, gs, 10, cycle=True),
        lambda: T.inverse_time_decay(0.1, None, 1, 0.5),
        lambda: T.natural_exp_decay(0.1, None, 1, 0.5),
        lambda: T.cosine_decay(0.1, None, 10),
        lambda: T.cosine_decay_restarts(0.1, None, 10),
        lambda: T.linear_cosine_decay(0.1, None, 10),
        lambda: T.noisy_linear_cosine_decay(0.1, None, 10),
        lambda: T.cosine_decay(0.1, gs, "a"),
        lambda: T.polynomial_decay(0.1, gs, 0),
        lambda: T.exponential_decay(0.1, gs, 0, 0.9),
    )
    for action in actions:
        see.attempt(lambda action=action: _value(tf, see, action()))


def ema_clip(tf, see):
    v = tf.Variable([1.0, 2.0])
    i = tf.Variable([1, 2], name="ints")
    c = tf.constant([1.0, 2.0])
    average = tf.train.ExponentialMovingAverage
    e = average(0.9)
    actions = (
        lambda: e.apply([v, v]),
        lambda: average(0.9).apply([i]),
        lambda: average(0.9).apply(v),
        lambda: average(0.9).apply([c]),
        lambda: average(0.9).apply([c * 2]),
        lambda: average(0.9).average(v),
        lambda: average(0.9).average(c),
        lambda: average("a").apply([v]),
        lambda: average(2.0).apply([v]),
        lambda: average(0.9).apply([]),
        lambda: average(0.9).average_name(v),
        lambda: average(0.9).average_name(c),
        lambda: average(0.9).average_name("v"),
        lambda: average(0.9, name="x y").apply([v]),
        lambda: tf.clip_by_value(c, 2.0, 1.0),
        lambda: tf.clip_by_value(c, "a", 1.0),
        lambda: tf.clip_by_value(c, 1, 2),
        lambda: tf.clip_by_value([1, 2], 0.0, 1.0),
        lambda: tf.clip_by_value(c, [0.0, 1.0, 2.0], 1.0),
        lambda: tf.clip_by_value(None, 0, 1),
        lambda: tf.clip_by_norm(c, -1.0),
        lambda: tf.clip_by_norm([1, 2], 1.0),
        lambda: tf.clip_by_norm(c, "a"),
        lambda: tf.clip_by_norm(c, 1),
        lambda: tf.clip_by_norm(c, 1.0, axes=3),
        lambda: tf.clip_by_global_norm(c, 1.0),
        lambda: tf.clip_by_global_norm([c, None], 1.0),
        lambda: tf.clip_by_global_norm([None], 1.0),
        lambda: tf.clip_by_global_norm([c], "a"),
        lambda: tf.clip_by_global_norm([c], 1),
        lambda: tf.clip_by_global_norm([[1, 2]], 1.0),
        lambda: tf.clip_by_global_norm(None, 1.0),
        lambda: tf.clip_by_global_norm("abc", 1.0),
        lambda: tf.global_norm([c, i]),
        lambda: tf.global_norm([]),
        lambda: tf.global_norm(c),
        lambda: tf.clip_by_average_norm(c, 1.0),
        lambda: tf.clip_by_average_norm([1], 1.0),
    )
    for action in actions:
        see.attempt(action)


def losses(tf, see):
    a = tf.constant(_w(3, 2))
    b = tf.constant(_w(2, 3))
    k = tf.constant([0, 1, 2])
    actions = (
        lambda: tf.nn.softmax_cross_entropy_with_logits(a, a),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=a, logits=b),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=k, logits=a),
        lambda: tf.nn.softmax_cross_entropy_with_logits(labels=a),
        lambda: tf.nn.softmax_cross_entropy_with_logits_v2(labels=k[:, None], logits=a),
        lambda: tf.nn.softmax_cross_entropy_with_logits_v2(a, b),
        lambda: tf.nn.softmax_cross_entropy_with_logits_v2(labels=a, logits=tf.cast(a, tf.float64)),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(a, k),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=a, logits=a),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=k[:2], logits=a),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=k, logits=tf.constant(1.0)),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=k, logits=tf.cast(a, tf.int32)
        ),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=k[:, None], logits=a),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=k, logits=a),
        lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1, -1], logits=a),
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=a, logits=b),
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(a, a),
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=k, logits=a[:, 0]),
        lambda: tf.nn.weighted_cross_entropy_with_logits(a, b, 2.0),
        lambda: tf.nn.weighted_cross_entropy_with_logits(labels=a, logits=a, pos_weight="x"),
        lambda: tf.nn.l2_loss(k),
        lambda: tf.nn.l2_loss("a"),
        lambda: tf.nn.log_poisson_loss(a, b),
        lambda: tf.nn.log_softmax(k),
        lambda: tf.nn.softmax(tf.constant(1.0)),
        lambda: tf.nn.softmax(a, axis=5),
        lambda: tf.nn.nce_loss(a, k, k, b, 2, 3),
        lambda: tf.nn.nce_loss(a, tf.zeros([3]), k, a, 2, 3),
        lambda: tf.nn.nce_loss(a, tf.zeros([3]), k[:, None], a, 5, 3),
        lambda: tf.nn.sampled_softmax_loss(a, tf.zeros([3]), k[:, None] + 5, a, 2, 3, seed=1),
        lambda: tf.losses.mean_squared_error(a, b),
        lambda: tf.losses.mean_squared_error(None, a),
        lambda: tf.losses.mean_squared_error(a, None),
        lambda: tf.losses.mean_squared_error(a, a, weights=None),
        lambda: tf.losses.mean_squared_error(a, a, weights=[1.0, 2.0, 3.0]),
        lambda: tf.losses.mean_squared_error(a, a, weights=[1.0, 2.0]),
        lambda: tf.losses.mean_squared_error(a, a, weights=[[1.0], [2.0], [3.0]]),
        lambda: tf.losses.mean_squared_error(a, a, reduction="sum"),
        lambda: tf.losses.mean_squared_error(a, a, reduction=tf.losses.Reduction.NONE),
        lambda: tf.losses.softmax_cross_entropy(k, a),
        lambda: tf.losses.sparse_softmax_cross_entropy(k[:2], a),
        lambda: tf.losses.sparse_softmax_cross_entropy(k, a, weights=[1.0, 2.0]),
        lambda: tf.losses.cosine_distance(a, a),
        lambda: tf.losses.cosine_distance(a, a, axis=1),
        lambda: tf.losses.hinge_loss(a, b),
        lambda: tf.losses.log_loss(a, b),
        lambda: tf.losses.huber_loss(a, b),
        lambda: tf.losses.absolute_difference(a, b),
        lambda: tf.losses.add_loss("a"),
        lambda: tf.losses.get_total_loss(),
        lambda: tf.losses.compute_weighted_loss(a, weights=None),
        lambda: tf.losses.sigmoid_cross_entropy(a, b),
        lambda: tf.losses.softmax_cross_entropy(a, a, label_smoothing=0.1),
        lambda: tf.losses.mean_pairwise_squared_error(a, b),
    )
    for action in actions:
        see.attempt(lambda action=action: _value(tf, see, action()))
