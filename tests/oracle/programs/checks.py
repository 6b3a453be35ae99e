"""Assert, the assert_ functions, check_numerics, Print and py_func."""

import numpy as np


def assert_op(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    check = tf.Assert(x > 0.0, [x, "is", x], name="check")
    see(check)
    see.run(check, {x: 1.0})
    see.attempt(lambda: see.session.run(check, {x: -1.0}), "assertion failed", "-1", "is")
    with tf.control_dependencies([check]):
        y = tf.sqrt(x)
    see.run(y, {x: 4.0})
    see.attempt(lambda: see.session.run(y, {x: -4.0}), "assertion failed")
    see.attempt(lambda: tf.Assert(True, 5))
    see(tf.Assert(True, ["fine"]), tf.Assert(tf.constant([True, True]), [1]))
    see.attempt(lambda: tf.Assert(False, ["always"]))
    see.attempt(
        lambda: see.session.run(tf.Assert(tf.equal(1, 2), [[1, 2, 3, 4, 5]], summarize=2)), "1 2..."
    )


def comparisons(tf, see):
    a, b = tf.constant([1, 2], name="a"), tf.constant([1, 3], name="b")
    p = tf.placeholder(tf.int32, [2], name="p")
    see(
        tf.assert_equal(a, a),
        tf.assert_less_equal(a, b),
        tf.assert_positive(a),
        tf.assert_non_negative(a),
    )
    see(
        tf.assert_equal(p, a),
        tf.assert_less(p, 5, name="small"),
        tf.assert_greater(p, 0),
        tf.assert_rank(p, 1),
    )
    see.run(tf.assert_equal(p, a), {p: [1, 2]})
    see.attempt(
        lambda: see.session.run(tf.assert_equal(p, a, message="mine"), {p: [1, 3]}),
        "mine",
        "p:0",
        "a:0",
    )
    for f in (tf.assert_equal, tf.assert_greater, tf.assert_greater_equal, tf.assert_none_equal):
        see.attempt(lambda f=f: f(a, b))
    see.attempt(lambda: tf.assert_negative(a))
    see.attempt(lambda: tf.assert_less(b, a, message="why"), "why")
    see.attempt(lambda: see.session.run(tf.assert_near([1.0], [1.1])))
    see(tf.assert_near([1.0], tf.cast(p, tf.float32)), tf.assert_non_positive(p))


def ranks_and_types(tf, see):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    u = tf.placeholder(tf.float32, name="u")
    see(
        tf.assert_rank(x, 2),
        tf.assert_rank_at_least(x, 1),
        tf.assert_rank(u, 2),
        tf.assert_rank_in(x, [1, 2]),
    )
    see(
        tf.assert_type(x, tf.float32),
        tf.assert_scalar(tf.constant(1)),
        tf.assert_integer(tf.constant(1)),
    )
    see.attempt(lambda: tf.assert_rank(x, 3), "rank 3")
    see.attempt(lambda: tf.assert_rank_at_least(x, 3), "rank")
    see.attempt(lambda: tf.assert_type(x, tf.int32), "int32")
    see.attempt(lambda: tf.assert_scalar(x))
    see.attempt(lambda: tf.assert_integer(x), "integer")
    see.attempt(lambda: see.session.run(tf.assert_rank(u, 2, message="mine"), {u: 1.0}), "mine")
    see(
        tf.is_numeric_tensor(x),
        tf.is_numeric_tensor(tf.constant("s")),
        tf.is_non_decreasing([1, 2]),
    )
    see.full(tf.is_strictly_increasing([1, 1, 2]))
    see(tf.assert_proper_iterable([1]), tf.debugging.is_numeric_tensor(5))


def numerics(tf, see):
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.check_numerics(x, "x went bad", name="y")
    see(y)
    see.run(y, {x: [1.0, 2.0]})
    see.attempt(lambda: see.session.run(y, {x: [1.0, np.nan]}), "x went bad", "nan")
    see.attempt(lambda: see.session.run(y, {x: [np.inf, 1.0]}), "x went bad", "inf")
    see(tf.verify_tensor_all_finite(x, "all finite"), tf.debugging.check_numerics(x, "m"))
    see(tf.add_check_numerics_ops())
    see.attempt(lambda: tf.check_numerics([1], "m"))


def printing(tf, see):
    x = tf.constant([1.0, 2.0], name="x")
    y = tf.Print(x, [x, tf.shape(x)], "x is ", name="y")
    see(y, tf.Print(x, [x], first_n=2, summarize=1))
    see.run(y)


def py_func(tf, see):
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.py_func(lambda v: v * 2, [x], tf.float32)
    see(y, tf.py_func(lambda: (1, "a"), [], [tf.int64, tf.string], name="pair"))
    see.run(y, {x: [1.0, 2.0]})
    see.run(tf.py_func(lambda a, b: np.float32(a + b), [x, 1.0], tf.float32), {x: [1.0]})
    see.run(tf.py_func(lambda: (np.int64(1), b"a"), [], [tf.int64, tf.string]))
    see(
        tf.py_func(lambda v: v, [x], tf.float32, stateful=False),
        tf.py_func(lambda v: None, [x], []),
    )
    wrong = tf.py_func(lambda v: v.astype(np.float64), [x], tf.float32, name="wrong")
    see.attempt(lambda: see.session.run(wrong, {x: [1.0]}), "double", "float")

    def fails(v):
        raise ValueError("mine")

    see.attempt(lambda: see.session.run(tf.py_func(fails, [x], tf.float32), {x: [1.0]}), "mine")
    see.attempt(
        lambda: see.session.run(tf.py_func(lambda v: (v, v), [x], [tf.float32]), {x: [1.0]})
    )
    seen = []
    see.run(tf.py_func(lambda v: seen.append(v.tolist()) or np.int64(0), [x], tf.int64), {x: [3.0]})
    see(seen)


def py_func_in_a_graph(tf, see):
    x = tf.constant([3.0, 4.0])
    y = tf.py_func(np.sin, [x], tf.float32, name="sine")
    y.set_shape([2])
    see.full(tf.reduce_sum(y * 2.0))
    see(tf.gradients(y, x))
