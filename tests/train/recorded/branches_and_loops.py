"""Programs with branches and loops: built by minitf and by TensorFlow alike (`tf` is either)."""


def simple_cond(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.constant(3.0, name="y")
    return x, tf.cond(x > 1.0, lambda: x * y, lambda: tf.square(x) + 1.0, name="choice")


def nested_cond(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    inner = lambda: tf.cond(x > 2.0, lambda: x * x, lambda: 3.0 * x)  # noqa: E731
    return x, tf.cond(x > 1.0, inner, lambda: -x)


def simple_loop(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    _, result = tf.while_loop(lambda i, v: i < 4, lambda i, v: (i + 1, v * x), [0, x])
    return x, result


def counted_loop(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    loop = tf.while_loop(
        lambda v: tf.reduce_sum(v) < 100.0,
        lambda v: v * 2.0 + x,
        [x],
        maximum_iterations=5,
        parallel_iterations=3,
        swap_memory=True,
        name="counted",
    )
    return x, tf.reduce_sum(loop)


def cond_in_loop(tf):
    x = tf.placeholder(tf.float32, [], name="x")

    def body(i, v):
        return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: v * x, lambda: v + tf.sin(x))

    with tf.name_scope("outer"):
        return x, tf.while_loop(lambda i, v: i < 5, body, [0, x])[1]


def loop_in_loop(tf):
    x = tf.placeholder(tf.float32, [], name="x")

    def body(i, v):
        inner = tf.while_loop(lambda j, w: j < 2, lambda j, w: (j + 1, w * x + v), [0, v])
        return i + 1, inner[1]

    return x, tf.while_loop(lambda i, v: i < 2, body, [0, x])[1]


def loop_in_cond(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    loop = lambda: tf.while_loop(lambda v: v < 10.0, lambda v: v * v, [x])  # noqa: E731
    return x, tf.cond(x > 1.0, loop, lambda: x * 2.0)


def loop_with_gradient(tf):
    x, result = simple_loop(tf)
    return x, result + tf.gradients(result, x)[0]


PROGRAMS = [simple_cond, nested_cond, simple_loop, counted_loop, cond_in_loop, loop_in_loop]
PROGRAMS += [loop_in_cond, loop_with_gradient]
FEEDS = {"counted_loop": [1.5, 0.5]}
