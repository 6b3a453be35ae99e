"""Optimizers: slots, nodes, one step and trajectories."""


def _problem(tf):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="x")
    y = tf.constant([[1.0], [2.0], [4.0]], name="y")
    w = tf.get_variable("w", initializer=[[0.5], [-0.5]])
    b = tf.get_variable("b", initializer=[0.1])
    return tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y), name="loss")


def _train(tf, see, optimizer, steps=10, rtol=1e-5):
    loss = _problem(tf)
    step = optimizer.minimize(loss)
    see(step, tf.global_variables(), optimizer.get_slot_names(), optimizer.get_name())
    see(
        [
            optimizer.get_slot(v, name)
            for name in optimizer.get_slot_names()
            for v in tf.trainable_variables()
        ]
    )
    see.start()
    see([float(see.session.run([loss, step])[0]) for _ in range(steps)], rtol=rtol)
    see.run(tf.trainable_variables(), rtol=rtol)


def gradient_descent(tf, see):
    _train(tf, see, tf.train.GradientDescentOptimizer(0.01))


def momentum(tf, see):
    _train(tf, see, tf.train.MomentumOptimizer(0.005, 0.9))


def nesterov(tf, see):
    _train(tf, see, tf.train.MomentumOptimizer(0.005, 0.9, use_nesterov=True))


def adagrad(tf, see):
    _train(tf, see, tf.train.AdagradOptimizer(0.1))


def adadelta(tf, see):
    _train(tf, see, tf.train.AdadeltaOptimizer(1.0))


def rmsprop(tf, see):
    _train(tf, see, tf.train.RMSPropOptimizer(0.01, momentum=0.5))


def centered_rmsprop(tf, see):
    _train(tf, see, tf.train.RMSPropOptimizer(0.01, centered=True))


def adam(tf, see):
    _train(tf, see, tf.train.AdamOptimizer(0.1))


def adam_with_options(tf, see):
    _train(tf, see, tf.train.AdamOptimizer(0.05, beta1=0.5, beta2=0.9, epsilon=1e-4, name="mine"))


def ftrl(tf, see):
    _train(
        tf,
        see,
        tf.train.FtrlOptimizer(
            0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.01
        ),
    )


def proximal_gradient_descent(tf, see):
    _train(
        tf, see, tf.train.ProximalGradientDescentOptimizer(0.01, l1_regularization_strength=0.01)
    )


def proximal_adagrad(tf, see):
    _train(tf, see, tf.train.ProximalAdagradOptimizer(0.1))


def learning_rate_as_a_tensor(tf, see):
    loss = _problem(tf)
    rate = tf.placeholder(tf.float32, [], name="rate")
    step = tf.train.GradientDescentOptimizer(rate).minimize(loss, name="step")
    see(step)
    see.start()
    for value in (0.01, 0.001):
        see.session.run(step, {rate: value})
        see.run(loss, rtol=1e-5)


def global_step(tf, see):
    loss = _problem(tf)
    count = tf.train.get_or_create_global_step()
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss, global_step=count)
    see(count, step, tf.train.get_global_step() is count)
    see.start()
    for _ in range(3):
        see.session.run(step)
    see.run(count)
    with see.session.as_default():
        see(tf.train.global_step(see.session, count))


def global_step_by_hand(tf, see):
    see(tf.train.get_global_step())
    count = tf.Variable(0, trainable=False, name="count")
    loss = _problem(tf)
    step = tf.train.AdamOptimizer(0.01).minimize(loss, global_step=count)
    see.start()
    see.session.run(step)
    see.run(count)
    made = tf.train.create_global_step()
    see(made, tf.get_collection(tf.GraphKeys.GLOBAL_STEP))
    see.attempt(lambda: tf.train.create_global_step(), "already exists")
    see(tf.train.assert_global_step(made))


def compute_and_apply(tf, see):
    loss = _problem(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    pairs = optimizer.compute_gradients(loss)
    see(pairs)
    clipped = [(tf.clip_by_value(g, -1.0, 1.0), v) for g, v in pairs]
    step = optimizer.apply_gradients(clipped, name="clipped")
    see(step)
    see.start()
    see.session.run(step)
    see.run(tf.trainable_variables(), rtol=1e-5)


def clip_by_global_norm(tf, see):
    loss = _problem(tf)
    variables = tf.trainable_variables()
    gradients, norm = tf.clip_by_global_norm(tf.gradients(loss, variables), 1.0)
    step = tf.train.AdamOptimizer(0.1).apply_gradients(zip(gradients, variables))
    see.start()
    see.run([norm, step], rtol=1e-5)
    see.run(variables, rtol=1e-5)


def only_some_variables(tf, see):
    loss = _problem(tf)
    w, b = tf.trainable_variables()
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss, var_list=[b])
    other = tf.train.AdamOptimizer(0.01).minimize(loss, var_list=[w])
    see(step, other, tf.global_variables())
    see.start()
    see.session.run([step])
    see.run([w, b], rtol=1e-5)


def two_optimizers(tf, see):
    loss = _problem(tf)
    tf.train.AdamOptimizer(0.01).minimize(loss)
    tf.train.AdamOptimizer(0.01).minimize(loss)
    with tf.name_scope("train"):
        tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
    with tf.variable_scope("scoped"):
        tf.train.RMSPropOptimizer(0.01).minimize(loss)
    see(tf.global_variables())


def optimizer_errors(tf, see):
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    see.attempt(lambda: optimizer.minimize(tf.constant(1.0)), "no variables")
    loss = _problem(tf)
    stray = tf.Variable(1.0, name="stray")
    see.attempt(lambda: optimizer.minimize(tf.constant(1.0)), "no gradients")
    see.attempt(lambda: optimizer.minimize(loss, var_list=[stray]), "no gradients")
    see.attempt(lambda: optimizer.apply_gradients([]), "no variables")
    see.attempt(lambda: optimizer.apply_gradients([(None, stray)]), "no gradients")
    see.attempt(lambda: optimizer.apply_gradients([(tf.ones([3]), stray)]), "shape")
    see.attempt(lambda: optimizer.minimize(tf.argmax([loss, 1.0])))
    see.attempt(lambda: optimizer.minimize(loss, gate_gradients=7))
    n = tf.Variable([1, 2], name="n")
    see.attempt(lambda: optimizer.minimize(n * 2, var_list=[n]))
    see.attempt(lambda: tf.train.AdamOptimizer().get_slot(stray, "m"))
    see.attempt(lambda: tf.train.MomentumOptimizer(0.1))


def sparse_updates(tf, see):
    table = tf.get_variable("table", initializer=[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(table, [0, 2, 0])))
    names = ("GradientDescent", "Adam", "Adagrad", "RMSProp", "Ftrl", "Adadelta")
    for name in names:
        optimizer = getattr(tf.train, f"{name}Optimizer")(0.1)
        step = optimizer.minimize(loss)
        see.start()
        for _ in range(3):
            see.session.run(step)
        see.run(table, rtol=1e-5)
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    see.start()
    see.session.run(step)
    see.run(table, rtol=1e-5)


def decays(tf, see):
    count = tf.Variable(0, trainable=False, name="count")
    train = tf.train
    rates = [
        train.exponential_decay(0.1, count, 10, 0.5),
        train.exponential_decay(0.1, count, 10, 0.5, staircase=True, name="stairs"),
        train.piecewise_constant(count, [5, 15], [0.1, 0.01, 0.001]),
        train.polynomial_decay(0.1, count, 20, 0.01, power=2.0),
        train.inverse_time_decay(0.1, count, 10, 0.5),
        train.natural_exp_decay(0.1, count, 10, 0.5),
        train.cosine_decay(0.1, count, 20),
    ]
    see(rates)
    see.start()
    for value in (0, 7, 25):
        see.session.run(count.assign(value))
        see.run(rates)


def moving_averages(tf, see):
    v = tf.Variable(1.0, name="v")
    w = tf.get_variable("w", initializer=[2.0, 3.0])
    count = tf.Variable(0, trainable=False, name="count")
    average = tf.train.ExponentialMovingAverage(0.9)
    update = average.apply([v, w])
    see(update, average.average(v), average.average_name(w), tf.moving_average_variables())
    counted = tf.train.ExponentialMovingAverage(0.9, num_updates=count, name="counted")
    see(counted.apply([v]), counted.average(v), sorted(average.variables_to_restore()))
    see(tf.train.ExponentialMovingAverage(0.5, zero_debias=True).apply([v + 1.0]))
    see.start()
    for value in (5.0, 7.0):
        see.session.run(v.assign(value))
        see.session.run(update)
        see.run([average.average(v), average.average(w)])


def locking_and_gating(tf, see):
    loss = _problem(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.1, use_locking=True, name="locked")
    see(optimizer.minimize(loss, gate_gradients=tf.train.Optimizer.GATE_GRAPH))
    see(
        optimizer.minimize(
            loss, gate_gradients=tf.train.Optimizer.GATE_NONE, grad_loss=tf.constant(2.0)
        )
    )
    see(
        optimizer.minimize(
            loss,
            colocate_gradients_with_ops=True,
            aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE,
        )
    )
    see(
        tf.train.AdamOptimizer(lambda: 0.1).minimize(loss), tf.get_collection(tf.GraphKeys.TRAIN_OP)
    )


def slot_variables(tf, see):
    loss = _problem(tf)
    adam = tf.train.AdamOptimizer(0.1)
    adam.minimize(loss)
    w = tf.trainable_variables()[0]
    see(adam.get_slot(w, "m"), adam.get_slot(w, "v"), adam.get_slot(w, "none"), adam.variables())
    see.start()
    see.run(adam.variables())


def rates_that_rise_again(tf, see):
    step = tf.placeholder(tf.int32, [], name="step")
    rates = [
        tf.train.cosine_decay_restarts(0.1, step, 10),
        tf.train.cosine_decay_restarts(0.1, step, 10, t_mul=1.0, m_mul=0.5, alpha=0.2),
        tf.train.cosine_decay_restarts(0.1, step, 5, t_mul=1.5, m_mul=0.9, name="growing"),
        tf.train.linear_cosine_decay(0.1, step, 20),
        tf.train.linear_cosine_decay(0.2, step, 20, num_periods=2.0, alpha=0.1, beta=0.01),
    ]
    for passed in (0, 3, 10, 17, 31, 80):
        see.run(rates, {step: passed}, rtol=1e-5)


def a_rate_with_noise(tf, see):
    tf.set_random_seed(3)
    step = tf.placeholder(tf.int32, [], name="step")
    rate = tf.train.noisy_linear_cosine_decay(0.1, step, 20, initial_variance=0.5)
    for passed in (0, 5, 30):
        see.run(rate, {step: passed}, rtol=1e-5)


def files_matched_once(tf, see):
    names = tf.train.match_filenames_once("/no/such/folder/*.txt")
    see(names, names.initial_value, len(tf.local_variables()))
    see.session.run(tf.local_variables_initializer())
    see.run(names)
