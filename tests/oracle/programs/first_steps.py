"""Whole programs of a first week with TensorFlow 1: no learning yet, or hardly any."""

import numpy as np


def hello(tf, see):
    hello = tf.constant("Hello, TensorFlow!")
    with tf.Session() as sess:
        see(sess.run(hello), str(hello), hello)


def basic_operations(tf, see):
    a, b = tf.constant(2), tf.constant(3)
    with tf.Session() as sess:
        see(sess.run(a), sess.run(b), sess.run(a + b), sess.run(a * b))
    a, b = tf.placeholder(tf.int16), tf.placeholder(tf.int16)
    add, mul = tf.add(a, b), tf.multiply(a, b)
    with tf.Session() as sess:
        see(sess.run(add, feed_dict={a: 2, b: 3}), sess.run(mul, feed_dict={a: 2, b: 3}))
    product = tf.matmul(tf.constant([[3.0, 3.0]]), tf.constant([[2.0], [2.0]]))
    with tf.Session() as sess:
        see(sess.run(product))


def counter(tf, see):
    state = tf.Variable(0, name="counter")
    one = tf.constant(1)
    new_value = tf.add(state, one)
    update = tf.assign(state, new_value)
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        see(sess.run(state))
        for _ in range(3):
            sess.run(update)
            see(sess.run(state))


def variables_with_a_formula(tf, see):
    x = tf.Variable(3, name="x")
    y = tf.Variable(4, name="y")
    f = x * x * y + y + 2
    init = tf.global_variables_initializer()
    with tf.Session():
        init.run()
        see(f.eval())
    graph = tf.Graph()
    with graph.as_default():
        x2 = tf.Variable(2)
    see(x2.graph is graph, x2.graph is tf.get_default_graph(), x2.name)


def values_are_computed_twice(tf, see):
    w = tf.constant(3)
    x = w + 2
    y = x + 5
    z = x * 3
    with tf.Session() as sess:
        see(y.eval(), z.eval(), sess.run([y, z]))


def fibonacci(tf, see):
    a, b = tf.Variable(0, name="a"), tf.Variable(1, name="b")
    with tf.control_dependencies([tf.identity(a), tf.identity(b)]):
        following = tf.add(a, b)
    move = tf.assign(a, b)
    with tf.control_dependencies([following]):
        step = tf.group(tf.assign(b, following))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see(sess.run([a, b]), sess.run(following))
        see(step, move)


def mandelbrot(tf, see):
    y, x = np.mgrid[-1.3:1.3:0.3, -2:1:0.3]
    z = x + 1j * y
    xs = tf.constant(z.astype(np.complex64))
    zs = tf.Variable(xs)
    ns = tf.Variable(tf.zeros_like(xs, tf.float32))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        zs_ = zs * zs + xs
        not_diverged = tf.abs(zs_) < 4
        step = tf.group(zs.assign(zs_), ns.assign_add(tf.cast(not_diverged, tf.float32)))
        for _ in range(5):
            sess.run(step)
        see(step, zs_, not_diverged)


def raindrops(tf, see):
    u_init = np.zeros([6, 6], dtype=np.float32)
    u_init[2, 3] = 1.0
    kernel = tf.constant(
        np.array([[0.5, 1, 0.5], [1, -6, 1], [0.5, 1, 0.5]], np.float32).reshape(3, 3, 1, 1)
    )
    eps, damping = tf.placeholder(tf.float32, shape=()), tf.placeholder(tf.float32, shape=())
    u, ut = tf.Variable(u_init), tf.Variable(np.zeros([6, 6], np.float32))
    spread = tf.expand_dims(tf.expand_dims(u, 0), -1)
    laplace = tf.nn.depthwise_conv2d(spread, kernel, [1, 1, 1, 1], padding="SAME")[0, :, :, 0]
    u_ = u + eps * ut
    ut_ = ut + eps * (laplace - damping * ut)
    with tf.control_dependencies([u_, ut_]):
        step = tf.group(u.assign(u_), ut.assign(ut_))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(10):
            sess.run(step, {eps: 0.03, damping: 0.04})
        see(sess.run(u), rtol=1e-4)


def nearest_neighbor(tf, see):
    train = np.cos(np.arange(40, dtype=np.float32)).reshape(10, 4)
    xtr = tf.placeholder("float", [None, 4])
    xte = tf.placeholder("float", [4])
    distance = tf.reduce_sum(tf.abs(tf.add(xtr, tf.negative(xte))), reduction_indices=1)
    pred = tf.argmin(distance, 0)
    with tf.Session() as sess:
        for i in range(3):
            see(sess.run(pred, feed_dict={xtr: train, xte: train[i] + 0.01}))


def word_counts(tf, see):
    text = tf.placeholder(tf.string, [None], name="text")
    words = tf.string_split(text).values
    unique, _, counts = tf.unique_with_counts(words)
    top, index = tf.nn.top_k(counts, 2)
    with tf.Session() as sess:
        feed = {text: ["the cat and the dog", "the cat"]}
        see(sess.run([unique, counts], feed), sess.run([tf.gather(unique, index), top], feed))


def kmeans_step(tf, see):
    points = tf.constant(np.sin(np.arange(24, dtype=np.float32)).reshape(12, 2), name="points")
    centroids = tf.Variable(tf.slice(points, [0, 0], [3, 2]), name="centroids")
    distances = tf.reduce_sum(
        tf.square(tf.subtract(tf.expand_dims(points, 0), tf.expand_dims(centroids, 1))), 2
    )
    assignments = tf.argmin(distances, 0)
    means = []
    for c in range(3):
        members = tf.where(tf.equal(assignments, c))
        means.append(tf.reduce_mean(tf.gather(points, tf.reshape(members, [1, -1])), axis=[1]))
    update = tf.assign(centroids, tf.concat(means, 0))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(4):
            sess.run(update)
        see(sess.run([centroids, assignments]))


def gradient_descent_by_hand(tf, see):
    x_data = np.linspace(-1, 1, 12, dtype=np.float32).reshape(6, 2)
    theta = tf.Variable([[0.5], [-0.5]], name="theta")
    x = tf.constant(x_data, name="X")
    y = tf.constant(x_data.sum(1, keepdims=True), name="y")
    error = tf.matmul(x, theta, name="predictions") - y
    mse = tf.reduce_mean(tf.square(error), name="mse")
    gradients = 2 / 6 * tf.matmul(tf.transpose(x), error)
    training_op = tf.assign(theta, theta - 0.1 * gradients)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(10):
            sess.run(training_op)
        see(mse.eval(), theta.eval(), rtol=1e-5)


def normal_equation(tf, see):
    x_data = np.sin(np.arange(24, dtype=np.float32) ** 2).reshape(8, 3)
    x = tf.constant(x_data, dtype=tf.float32, name="X")
    y = tf.constant(x_data @ [[1.0], [2.0], [3.0]], dtype=tf.float32, name="y")
    xt = tf.transpose(x)
    theta = tf.matmul(tf.matmul(tf.matrix_inverse(tf.matmul(xt, x)), xt), y)
    with tf.Session():
        see(theta.eval(), rtol=1e-3)


def relu_with_shared_threshold(tf, see):
    def relu(x):
        with tf.variable_scope("relu", reuse=tf.AUTO_REUSE):
            threshold = tf.get_variable(
                "threshold", shape=(), initializer=tf.constant_initializer(0.0)
            )
            w = tf.get_variable("weights", (3, 1), initializer=tf.ones_initializer())
            return tf.maximum(tf.add(tf.matmul(x, w), 0.5, name="z"), threshold, name="max")

    x = tf.placeholder(tf.float32, shape=(None, 3), name="X")
    output = tf.add_n([relu(x) for _ in range(3)], name="output")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see(sess.run(output, {x: [[1.0, 2.0, 3.0]]}), [v.name for v in tf.global_variables()])


def collatz(tf, see):
    n = tf.placeholder(tf.int32, [], name="n")

    def body(n, steps):
        following = tf.cond(tf.equal(n % 2, 0), lambda: n // 2, lambda: 3 * n + 1)
        return following, steps + 1

    _, steps = tf.while_loop(lambda n, steps: n > 1, body, [n, 0])
    with tf.Session() as sess:
        see([int(sess.run(steps, {n: k})) for k in (1, 6, 7, 27)])


def q_learning_table(tf, see):
    inputs = tf.placeholder(tf.float32, [1, 4])
    w = tf.Variable(tf.ones([4, 2]) * 0.1)
    q_out = tf.matmul(inputs, w)
    predict = tf.argmax(q_out, 1)
    next_q = tf.placeholder(tf.float32, [1, 2])
    loss = tf.reduce_sum(tf.square(next_q - q_out))
    update = tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for s in (0, 1, 3, 1):
            state = np.identity(4)[s : s + 1]
            action, all_q = sess.run([predict, q_out], {inputs: state})
            all_q[0, action[0]] = s + 0.5
            sess.run([update, w], {inputs: state, next_q: all_q})
        see(sess.run(w))
