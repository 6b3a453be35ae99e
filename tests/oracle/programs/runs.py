"""What one run does: order, sharing, pruning, variables read and written."""

import numpy as np


def each_op_runs_once(tf, see):
    calls = []

    def note(v):
        calls.append(float(v))
        return np.float32(v + 1)

    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.py_func(note, [x], tf.float32)
    see.run([y, y * 2.0, y + y, tf.identity(y)], {x: 1.0})
    see(len(calls))
    see.run([x], {x: 2.0})
    see(len(calls))


def read_after_write_by_control(tf, see):
    v = tf.Variable(1.0, name="v")
    write = tf.assign(v, 10.0)
    with tf.control_dependencies([write]):
        after = v.read_value()
    see.start()
    see.run(after)
    see.run(v.assign(1.0))
    see.run(after * 2.0)


def assign_returns_the_new_value(tf, see):
    v = tf.Variable(1.0, name="v")
    see.start()
    bumped = tf.assign_add(v, 1.0)
    see.run(bumped * 10.0)
    see.run(bumped + 0.0)
    chain = tf.assign_add(tf.assign_add(v, 1.0), 1.0)
    see.run(chain)
    see.run(v)


def groups_and_order(tf, see):
    a, b = tf.Variable(0, name="a"), tf.Variable(0, name="b")
    first = tf.assign(a, 5)
    with tf.control_dependencies([first]):
        second = tf.assign(b, a.read_value() + 1)
    see.start()
    see.run(tf.group(first, second))
    see.run([a, b])
    with tf.control_dependencies([tf.assign(a, a + 1), tf.assign(b, b * 2)]):
        total = tf.add(a.read_value(), b.read_value())
    see.run(total)


def feeding_prunes(tf, see):
    calls = []
    y = tf.py_func(lambda: calls.append(1) or np.float32(1), [], tf.float32, name="y")
    z = y * 2.0
    see.run(z, {y: 5.0})
    see(len(calls))
    see.run(z)
    see(len(calls))


def control_inputs_run_too(tf, see):
    calls = []
    side = tf.py_func(lambda: calls.append(1), [], [], name="side")
    with tf.control_dependencies([side]):
        y = tf.constant(3.0) * 2.0
    see.run(y)
    see(len(calls))
    see.run(side)
    see(len(calls))


def errors_leave_the_session_usable(tf, see):
    v = tf.Variable(1, name="v")
    x = tf.placeholder(tf.int32, [], name="x")
    write = tf.assign_add(v, 10 // x)
    see.start()
    see.attempt(lambda: see.session.run(write, {x: 0}), "division by zero")
    see.run(v)
    see.run(write, {x: 5})
    see.run(v)


def variables_of_many_shapes_in_one_run(tf, see):
    v = tf.Variable(tf.zeros([2, 2]), name="v")
    w = tf.Variable(tf.ones([2]), name="w")
    see.start()
    see.run([tf.assign_add(v, tf.ones([2, 2])), tf.assign_sub(w, [0.5, 0.5])])
    see.run({"v": v, "w": w})
    see.run([v, v, v + w])


def loss_before_the_step(tf, see):
    w = tf.Variable(4.0, name="w")
    loss = tf.square(w)
    with tf.control_dependencies([loss]):
        step = tf.train.GradientDescentOptimizer(0.25).minimize(loss)
    see.start()
    for _ in range(3):
        see.run([loss, step])
    see.run(w)


def alternating_runs(tf, see):
    a = tf.Variable(0, name="a")
    up, double = tf.assign_add(a, 1), tf.assign(a, a * 2)
    see.start()
    for op in (up, double, up, double, double):
        see.run(op)


def many_fetches(tf, see):
    x = tf.constant(np.arange(20))
    see.run([x[i] * i for i in range(20)])
    see.run({i: tf.constant(i) + i for i in range(10)})


def results_are_copies(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    see.start()
    got = see.session.run(v)
    got[0] = 99.0
    see.run(v)
    before = see.session.run(v)
    see.session.run(tf.assign_add(v, [1.0, 1.0]))
    see(before)


def feeding_does_not_write(tf, see):
    given = np.array([1.0, 2.0], np.float32)
    x = tf.placeholder(tf.float32, [2], name="x")
    v = tf.Variable([0.0, 0.0], name="v")
    see.start()
    see.session.run(tf.assign(v, x), {x: given})
    given[0] = 50.0
    see.run(v)
    see.session.run(tf.assign_add(v, x), {x: given})
    see(given)


def long_chains(tf, see):
    x = tf.constant(0)
    for _ in range(80):
        x = x + 1
    see.run(x)


def initializers_in_any_order(tf, see):
    a = tf.Variable(2.0, name="a")
    b = tf.Variable(a.initialized_value() + 1.0, name="b")
    c = tf.Variable(b.initialized_value() * a.initialized_value(), name="c")
    see.start()
    see.run([a, b, c])


def hidden_state_of_random_ops(tf, see):
    x = tf.random_uniform([2], seed=1)
    y = tf.random_uniform([2], seed=1)
    see.run(x)
    see.run([x, y])
    see.run(y)
