"""Values at the edges: empty, huge, tiny, not a number, overflowing, negative."""

import numpy as np

NAN, INF = float("nan"), float("inf")


def not_a_number(tf, see):
    x = tf.constant([1.0, NAN, -INF, INF, 0.0], name="x")
    for f in (
        tf.maximum,
        tf.minimum,
        tf.equal,
        tf.less,
        tf.greater_equal,
        tf.add,
        tf.multiply,
        tf.divide,
    ):
        see.run(f(x, 0.5))
    for f in (
        tf.nn.relu,
        tf.sign,
        tf.abs,
        tf.floor,
        tf.round,
        tf.sqrt,
        tf.exp,
        tf.tanh,
        tf.sigmoid,
        tf.nn.elu,
    ):
        see.run(f(x))
    for f in (tf.reduce_sum, tf.reduce_max, tf.reduce_min, tf.reduce_mean, tf.argmax, tf.argmin):
        see.run(f(tf.constant([2.0, 1.0, INF, -INF])))
    see.run(
        [
            tf.cast(tf.constant([1.0, 3.9, -3.9]), tf.int32),
            tf.is_nan(x),
            tf.clip_by_value(x, -1.0, 1.0),
        ]
    )
    see.run(
        [
            tf.nn.softmax([INF, 0.0]),
            tf.nn.softmax([-1000.0, 1000.0]),
            tf.nn.log_softmax([0.0, 200.0]),
        ]
    )


def empty_tensors(tf, see):
    e = tf.zeros([0, 3], name="e")
    for y in (
        e + 1.0,
        tf.transpose(e),
        tf.concat([e, tf.ones([2, 3])], 0),
        tf.reshape(e, [3, 0]),
        e[:, 1],
    ):
        see.full(y)
    for y in (
        tf.reduce_sum(e, 0),
        tf.reduce_prod(e, 1),
        tf.matmul(tf.ones([2, 0]), e),
        tf.stack([e, e]),
    ):
        see.full(y)
    for y in (
        tf.tile(e, [2, 2]),
        tf.gather(tf.ones([3, 2]), tf.zeros([0], tf.int32)),
        tf.where(e > 0.0),
    ):
        see.full(y)
    for y in (
        tf.nn.softmax(e),
        tf.nn.relu(e),
        tf.cast(e, tf.int32),
        tf.pad(e, [[1, 0], [0, 0]]),
        tf.range(0),
    ):
        see.full(y)
    for y in (
        tf.unique(tf.zeros([0]))[0],
        tf.one_hot(tf.zeros([0], tf.int32), 3),
        tf.boolean_mask(tf.ones([2]), [False, False]),
    ):
        see.full(y)
    see.run(tf.split(e, 3, 1))
    see.attempt(lambda: see.session.run(tf.argmax(e, 0)), "0")
    see.attempt(lambda: see.session.run(tf.matmul(e, tf.ones([3, 2]))))


def integers_wrap(tf, see):
    for dtype, value in (
        (tf.int8, 127),
        (tf.uint8, 255),
        (tf.int32, 2**31 - 1),
        (tf.int64, 2**63 - 1),
    ):
        x = tf.constant([value], dtype)
        see.run([x + 1, x * 2, x - 1])
        see.run(tf.reduce_sum(tf.stack([x, x])))
    see.run(
        [
            -tf.constant([-128], tf.int8),
            tf.abs(tf.constant([-128], tf.int8)),
            tf.square(tf.constant([100], tf.int32)),
        ]
    )
    see.run([tf.constant([3], tf.uint8) - 5, tf.cast([-1], tf.uint8), tf.cast([256.0], tf.uint8)])
    see.run(tf.pow([2, 10], [31, 10]))


def division_and_modulo_signs(tf, see):
    pairs = [(7, 3), (-7, 3), (7, -3), (-7, -3), (0, 5), (6, 3), (-6, 3)]
    a, b = tf.constant([p[0] for p in pairs]), tf.constant([p[1] for p in pairs])
    see.run([a // b, a % b, tf.truncatediv(a, b), tf.truncatemod(a, b), a / b, tf.div(a, b)])
    x, y = tf.cast(a, tf.float32) + 0.5, tf.cast(b, tf.float32)
    see.run([x // y, x % y, tf.floor(x / y), tf.div(x, y)])
    z = tf.constant([1.0, -1.0, 0.0])
    see.run([z / 0.0, z // 0.0, z % 0.0, tf.div_no_nan(z, [0.0, 2.0, 0.0])])


def rounding(tf, see):
    x = tf.constant([0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 1e9, -0.0], name="x")
    see.run([tf.round(x), tf.rint(x), tf.floor(x), tf.ceil(x), tf.cast(x, tf.int64), tf.sign(x)])
    see.run(
        [
            tf.cast(tf.constant([1e20, -1e20]), tf.float16),
            tf.cast(tf.constant([2.0**24 + 1], tf.float64), tf.float32),
        ]
    )
    see.run(tf.cast([0.1, 70000.0], tf.float16))


def half_precision(tf, see):
    x = tf.constant([0.1, 2.5, 1000.0], tf.float16)
    for y in (
        x + x,
        x * x,
        x / 3.0,
        tf.exp(x),
        tf.reduce_sum(x),
        tf.reduce_mean(x),
        tf.nn.relu(-x),
        tf.sqrt(x),
    ):
        see.full(y)
    see.full(tf.matmul([[tf.constant(0.1, tf.float16)]], [[tf.constant(3.0, tf.float16)]]))
    see.full(tf.nn.softmax(x))


def double_precision(tf, see):
    x = tf.constant([0.1, 2.5, 1e300], tf.float64)
    for y in (
        x + x,
        x * 1e10,
        tf.exp(x),
        tf.reduce_mean(x),
        tf.tanh(x),
        tf.log(x),
        tf.sqrt(x),
        tf.nn.softmax(x),
    ):
        see.full(y)
    for f in (tf.sin, tf.erf, tf.lgamma, tf.sigmoid, tf.log1p, tf.expm1, tf.nn.softplus, tf.rsqrt):
        see.run(f(tf.constant([0.1, 2.5], tf.float64)))


def scalars_everywhere(tf, see):
    s = tf.constant(3.0, name="s")
    for y in (
        tf.reduce_sum(s),
        tf.reshape(s, [1, 1]),
        tf.expand_dims(s, 0),
        tf.tile([s], [3]),
        tf.stack([s, s]),
    ):
        see.full(y)
    for y in (
        tf.transpose(s),
        tf.squeeze(s),
        tf.fill([2], s),
        tf.broadcast_to(s, [2]),
        s[tf.newaxis],
        s[...],
    ):
        see.full(y)
    for y in (tf.shape(s), tf.size(s), tf.rank(s), tf.zeros_like(s), tf.cumsum([s])):
        see.full(y)
    see.attempt(lambda: see.session.run(tf.where(s > 1.0)))
    see.attempt(lambda: tf.concat([s, s], 0))
    see.attempt(lambda: s[0], "index")
    see.attempt(lambda: tf.argmax(s, 0))
    see.attempt(lambda: tf.matmul(s, s))


def many_dimensions(tf, see):
    x = tf.constant(np.arange(64, dtype=np.float32).reshape(2, 2, 2, 2, 2, 2), name="x")
    see.full(tf.reduce_sum(x, [0, 2, 4]))
    see.full(tf.transpose(x, [5, 4, 3, 2, 1, 0]))
    see.full(tf.reverse(x, [0, 5])[0, 1, 0, 1])
    see.full(x[1, :, 0, ..., 1])
    see.full(tf.tile(x, [1, 1, 1, 1, 1, 2])[0, 0, 0, 0])
    see.full(tf.argmax(x, 3)[0, 0])


def ties_and_order(tf, see):
    x = tf.constant([[3, 1, 3, 2, 3], [1, 1, 1, 1, 1]], name="x")
    see.run([tf.argmax(x, 1), tf.argmin(x, 1), tf.nn.top_k(x, 3), tf.argsort(x, stable=True)])
    see.run(tf.unique_with_counts([5, 3, 5, 1, 3, 5]))
    see.run(tf.nn.in_top_k([[0.5, 0.5, 0.1]], [1], 1))
    see.run([tf.where([[1, 0], [0, 1]]), tf.sort([2.0, -1.0, 0.0], direction="DESCENDING")])
    see.run(tf.reduce_max(x, 1))


def long_sums(tf, see):
    x = tf.constant(np.full(10000, 0.1, np.float32), name="x")
    see.run(tf.reduce_sum(x), rtol=1e-5)
    see.run(tf.reduce_mean(x), rtol=1e-5)
    see.run(tf.reduce_sum(tf.constant(np.arange(100000, dtype=np.int64))))
    see.run(tf.reduce_logsumexp(x), rtol=1e-5)
    see.run(tf.cumsum(x)[-1], rtol=1e-4)


def unicode_and_bytes(tf, see):
    words = tf.constant(["größe", "日本", "", "a\x00b"], name="words")
    see.full(words)
    see.run(
        [
            tf.strings.length(words),
            words + "!",
            tf.equal(words, "größe"),
            tf.string_join([words, words]),
        ]
    )
    see.full(tf.constant("name with spaces", name="plain"))
    see.full(tf.substr(["größe", "abc"], 0, 2))
