"""tf.gradients: the nodes under gradients/, and their values."""

import numpy as np


def one_multiplication(tf, see):
    x = tf.constant(3.0, name="x")
    y = x * x
    (g,) = tf.gradients(y, [x])
    see(g)
    see.run(g)


def chain(tf, see):
    x = tf.constant([1.0, 2.0], name="x")
    y = tf.reduce_sum(tf.square(tf.sin(x) * 3.0 + 1.0))
    see(tf.gradients(y, x))
    see.run(tf.gradients(y, x))


def linear_layer(tf, see):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(tf.ones([3, 2]), name="w")
    b = tf.Variable(tf.zeros([2]), name="b")
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b))
    grads = tf.gradients(loss, [w, b])
    see(grads)
    see.start()
    see.run(grads, {x: [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]})


def unconnected(tf, see):
    x, z = tf.constant(1.0, name="x"), tf.constant(1.0, name="z")
    y = x * 2.0
    see(tf.gradients(y, [x, z]), tf.gradients(y, z, unconnected_gradients="zero"))
    see(tf.gradients(tf.cast(tf.argmax([x, z]), tf.float32), x), tf.gradients(y, [y]))
    see(tf.gradients(tf.stop_gradient(y), x), tf.gradients(tf.round(x), x))


def several_ys(tf, see):
    x = tf.constant([1.0, 2.0], name="x")
    a, b = tf.square(x), tf.exp(x)
    see.run(tf.gradients([a, b], x))
    see.run(tf.gradients(a, x, grad_ys=[[1.0, 10.0]]))
    see.run(tf.gradients([a, b], [x], grad_ys=[tf.constant([1.0, 0.0]), None]))
    see.run(tf.gradients(a + b, [a, b]))


def options(tf, see):
    x = tf.constant(2.0, name="x")
    y = x * x
    z = y * y + x
    see.run(tf.gradients(z, x, stop_gradients=[y]))
    see.run(tf.gradients(z, [x, y], name="mine"))
    see(
        tf.gradients(z, x, gate_gradients=True),
        tf.gradients(z, x, colocate_gradients_with_ops=True),
    )
    see(tf.gradients(z, x, aggregation_method=tf.AggregationMethod.ADD_N))
    with tf.name_scope("s"):
        see(tf.gradients(z, x))


def gradient_errors(tf, see):
    x = tf.constant(2, name="x")
    f = tf.constant(2.0, name="f")
    see.attempt(lambda: tf.gradients(x * 2, x))
    see.attempt(lambda: tf.gradients(f, f, grad_ys=[1.0, 2.0]))
    see.attempt(lambda: tf.gradients(f * 2.0, f, grad_ys=[tf.constant(1)]))
    see.attempt(lambda: tf.gradients(5.0, f))
    see.attempt(lambda: tf.gradients(f * 2.0, [5.0]))
    see.attempt(lambda: tf.gradients(f * 2.0, f, aggregation_method=99))
    see.attempt(lambda: tf.gradients(tf.nn.in_top_k([[0.1]], [0], 1), f))
    see.attempt(lambda: tf.gradients(tf.cast(f, tf.int32), f))


def accumulating(tf, see):
    x = tf.constant(2.0, name="x")
    see.run(tf.gradients(x + x + x, x))
    see.run(tf.gradients(tf.add_n([x, x * x, x * x * x]), x))
    y = x * 1.0
    see.run(tf.gradients([y * y, y * 3.0, tf.exp(y)], x))


def broadcasting(tf, see):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    row = tf.constant([1.0, 2.0, 3.0], name="row")
    known = tf.constant([[1.0], [2.0]], name="known")
    for y in (x + row, x * row, x - row, x / row, tf.maximum(x, row), row * known, known - row):
        see.run(
            [g for g in tf.gradients(y, [x, row, known]) if g is not None], {x: [[1.0, 2.0, 4.0]]}
        )


def unary_functions(tf, see):
    x = tf.constant([0.3, 0.7], name="x")
    for f in (
        tf.exp,
        tf.log,
        tf.sqrt,
        tf.rsqrt,
        tf.square,
        tf.sin,
        tf.cos,
        tf.tan,
        tf.tanh,
        tf.sigmoid,
    ):
        see.run(tf.gradients(f(x), x))
    for f in (
        tf.abs,
        tf.sign,
        tf.floor,
        tf.negative,
        tf.reciprocal,
        tf.log1p,
        tf.expm1,
        tf.erf,
        tf.asin,
    ):
        see.run([g for g in tf.gradients(f(x), x) if g is not None])
    for f in (
        tf.nn.relu,
        tf.nn.relu6,
        tf.nn.elu,
        tf.nn.selu,
        tf.nn.softplus,
        tf.nn.softsign,
        tf.nn.leaky_relu,
        tf.lgamma,
    ):
        see.run(tf.gradients(f(x), x))
    for f in (
        tf.acos,
        tf.atan,
        tf.sinh,
        tf.cosh,
        tf.asinh,
        tf.atanh,
        tf.nn.softmax,
        tf.nn.log_softmax,
        tf.log_sigmoid,
    ):
        see.run(tf.gradients(f(x), x))


def binary_functions(tf, see):
    x, y = tf.constant([2.0, 3.0], name="x"), tf.constant([0.5, 4.0], name="y")
    for f in (tf.add, tf.subtract, tf.multiply, tf.divide, tf.pow, tf.maximum, tf.minimum):
        see.run(tf.gradients(f(x, y), [x, y]))
    for f in (tf.squared_difference, tf.floormod, tf.atan2, tf.div_no_nan, tf.realdiv):
        see.run(tf.gradients(f(x, y), [x, y]))


def reductions(tf, see):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]], name="x")
    for f in (
        tf.reduce_sum,
        tf.reduce_mean,
        tf.reduce_max,
        tf.reduce_min,
        tf.reduce_prod,
        tf.reduce_logsumexp,
    ):
        see.run(tf.gradients(f(x), x))
        see.run(tf.gradients(f(x, 1), x))
        see.run(tf.gradients(f(x, 0, keepdims=True), x))
    u = tf.placeholder(tf.float32, name="u")
    see.run(tf.gradients(tf.reduce_mean(u, 0), u), {u: [[1.0, 2.0]]})
    see.run(tf.gradients([tf.nn.l2_loss(x), tf.norm(x)], x))
    see.run(tf.gradients(tf.cumsum(x, 1), x))


def array_functions(tf, see):
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="x")
    scale = tf.constant([[1.0, 10.0], [100.0, 1000.0], [2.0, 20.0]], name="scale")
    for y in (
        tf.reshape(x, [3, 2]) * scale,
        tf.transpose(x) * scale,
        tf.pad(x, [[1, 0], [0, 0]]) * 2.0,
    ):
        see.run(tf.gradients(y, x))
    for y in (
        x[:, 1:] * 3.0,
        x[0] * 2.0,
        x[..., ::-1] * x,
        tf.slice(x, [0, 1], [2, 1]),
        tf.tile(x, [2, 2]),
    ):
        see.run(tf.gradients(y, x))
    for y in (
        tf.concat([x, x * 2.0], 0) ** 2,
        tf.stack([x, x]) ** 2,
        tf.unstack(x)[1] * 3.0,
        tf.split(x, 3, 1)[1] ** 2,
    ):
        see.run(tf.gradients(y, x))
    for y in (
        tf.expand_dims(x, 0),
        tf.squeeze(tf.expand_dims(x, 0)) ** 2,
        tf.where(x > 2.0, x * 2.0, -x),
        tf.identity(x),
    ):
        see.run(tf.gradients(y, x))
    for y in (
        tf.clip_by_value(x, 2.0, 4.0),
        tf.cast(x, tf.float64),
        tf.diag_part(x[:, :2]),
        tf.reverse(x, [1]) * x,
    ):
        see.run(tf.gradients(y, x))
    see.run(tf.gradients(tf.boolean_mask(x, [True, False]) ** 2, x))
    see.run(tf.gradients(tf.broadcast_to(x, [2, 2, 3]), x))


def gathers_are_sparse(tf, see):
    table = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="table")
    see.start()
    y = tf.gather(table, [0, 2, 0]) * 3.0
    see(tf.gradients(y, table))
    got = see.session.run(tf.gradients(y, table))[0]
    see(got.values, got.indices, got.dense_shape)
    z = tf.reduce_sum(tf.nn.embedding_lookup(table, [1])) + tf.reduce_sum(table)
    see(tf.gradients(z, table))
    see.run(tf.convert_to_tensor(tf.gradients(y, table)[0]))
    two = tf.gather(table, [1]) + tf.gather(table, [2])
    see(tf.gradients(two, table))
    see.run(tf.gradients(tf.gather_nd(table, [[0, 1], [2, 0]]) ** 2, table))


def matrix_products(tf, see):
    a = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="a")
    b = tf.constant([[5.0, 6.0], [7.0, 8.0]], name="b")
    for transpose_a in (False, True):
        for transpose_b in (False, True):
            see.run(tf.gradients(tf.matmul(a, b, transpose_a, transpose_b) ** 2, [a, b]))
    c = tf.ones([2, 2, 2], name="c")
    see.run(tf.gradients(tf.matmul(c, c) ** 2, c))
    see.run(tf.gradients(tf.tensordot(c, a, 1), [c, a]))
    see.run(tf.gradients([tf.matrix_inverse(a), tf.matrix_determinant(b)], [a, b]))


def network_ops(tf, see):
    logits = tf.constant([[1.0, 2.0, 3.0], [0.5, -0.5, 0.0]], name="logits")
    labels = tf.constant([[0.0, 0.0, 1.0], [0.2, 0.3, 0.5]], name="labels")
    softmax = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
    see.run(tf.gradients(softmax, [logits, labels]))
    see.run(
        tf.gradients(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[2, 0], logits=logits), logits
        )
    )
    see.run(
        tf.gradients(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits), logits)
    )
    see.run(
        tf.gradients(tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits), logits)
    )
    see.run(tf.gradients(tf.nn.bias_add(logits, [1.0, 2.0, 3.0]) ** 2, logits))
    see.run(tf.gradients(tf.nn.top_k(logits, 2).values, logits))
    mean, variance = tf.nn.moments(logits, [0])
    see.run(
        tf.gradients(tf.nn.batch_normalization(logits, mean, variance, 0.5, 2.0, 1e-3), logits),
        rtol=1e-3,
    )
    see.run(tf.gradients(tf.nn.l2_normalize(logits, 1), logits), rtol=1e-4)


def convolution(tf, see):
    image = tf.constant(np.sin(np.arange(50, dtype=np.float32)).reshape(1, 5, 5, 2), name="image")
    kernel = tf.constant(np.cos(np.arange(36, dtype=np.float32)).reshape(3, 3, 2, 2), name="kernel")
    for padding in ("SAME", "VALID"):
        for stride in (1, 2):
            y = tf.nn.conv2d(image, kernel, [1, stride, stride, 1], padding)
            see.run(tf.gradients(tf.square(y), [image, kernel]), rtol=1e-5)
        see.run(
            tf.gradients(tf.nn.max_pool(image, [1, 2, 2, 1], [1, 2, 2, 1], padding) ** 2, image)
        )
        see.run(
            tf.gradients(tf.nn.avg_pool(image, [1, 2, 2, 1], [1, 1, 1, 1], padding) ** 2, image)
        )
    see.run(tf.gradients(tf.nn.lrn(image), image), rtol=1e-5)
    see.run(
        tf.gradients(
            tf.nn.conv2d_transpose(y, kernel, [1, 5, 5, 2], [1, 2, 2, 1], "VALID"), [kernel]
        ),
        rtol=1e-5,
    )


def second_order(tf, see):
    x = tf.constant([0.5, 1.5], name="x")
    for f in (tf.exp, tf.log, tf.tanh, tf.sigmoid, tf.square, tf.sqrt, tf.sin, tf.nn.softplus):
        (first,) = tf.gradients(f(x), x)
        see.run(tf.gradients(first, x))
    y = tf.reduce_sum(x**3)
    see.run(tf.hessians(y, x))
    (first,) = tf.gradients(y, x)
    (second,) = tf.gradients(first, x)
    see.run(tf.gradients(second, x))


def custom_rules(tf, see):
    @tf.custom_gradient
    def clipped(x):
        return x * 2.0, lambda dy: tf.clip_by_value(dy, -0.1, 0.1)

    x = tf.constant(3.0, name="x")
    y = clipped(x)
    see.run([y] + tf.gradients(y * 5.0, x))
    if "OracleDouble" not in _registered:
        _registered.add("OracleDouble")
        tf.RegisterGradient("OracleDouble")(lambda op, grad: grad * 100.0)
    with tf.get_default_graph().gradient_override_map({"Identity": "OracleDouble"}):
        z = tf.identity(x)
    see.run(tf.gradients(z, x))


_registered = set()


def shared_subgraph(tf, see):
    x = tf.constant(1.5, name="x")
    h = x
    for _ in range(5):
        h = h * h + x
    see.run(tf.gradients(h, x))
    see.run(tf.gradients(h, x)[0])


def through_dropout_and_random(tf, see):
    tf.set_random_seed(1)
    x = tf.ones([6], name="x")
    y = tf.nn.dropout(x, 0.5)
    see.run([y] + tf.gradients(y, x))
    z = x * tf.random_uniform([6])
    see.run([z] + tf.gradients(z, x))
