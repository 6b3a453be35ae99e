"""Placeholders and what may be fed to them."""

import numpy as np


def shapes(tf, see):
    see(
        tf.placeholder(tf.float32), tf.placeholder(tf.float32, []), tf.placeholder(tf.int32, [None])
    )
    see(tf.placeholder(tf.string, [2, None], name="text"), tf.placeholder("float", [3]))
    see(tf.placeholder(tf.bool, (None, None)), tf.placeholder(np.float64, tf.TensorShape(None)))
    see(tf.placeholder(tf.float32, 3), tf.placeholder(tf.float32, name="x", shape=[1, 2, 3]))
    see(tf.placeholder(tf.float32, [tf.Dimension(2), tf.Dimension(None)]))
    see.attempt(lambda: tf.placeholder("floot"), "floot")
    see.attempt(lambda: tf.placeholder(), "dtype")
    see.attempt(lambda: tf.placeholder(tf.float32, "ab"))
    see.attempt(lambda: tf.placeholder(tf.float32, [-1, 2]))
    see.attempt(lambda: tf.placeholder(tf.float32, [1.5]))


def fed_values(tf, see):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = x * 2.0
    see.run(y, {x: [[1, 2]]})
    see.run(y, {x: np.array([[1, 2], [3, 4]], np.float64)})
    see.run(y, {x: np.ones([3, 2], np.int32)})
    see.run(y, {"x:0": [[5.0, 6.0]]})
    see.run(y, {x: np.zeros([0, 2])})
    see.run([x, y], {x: [[True, False]]})


def wrong_feeds(tf, see):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    n = tf.placeholder(tf.int32, name="n")
    y = tf.identity(x, name="y")
    sess = see.session
    see.attempt(lambda: sess.run(y), "must feed a value", "placeholder", "'x'", "float")
    see.attempt(lambda: sess.run(y, {x: [1, 2]}), "cannot feed", "(2,)", "x:0", "x:0")
    see.attempt(lambda: sess.run(y, {x: [[1, 2, 3]]}), "cannot feed", "(1, 3)", "x:0", "x:0")
    see.attempt(lambda: sess.run(y, {x: 1.0}), "cannot feed", "()", "x:0")
    see.attempt(lambda: sess.run(y, {x: [["a", "b"]]}), "a")
    see.attempt(lambda: sess.run(y, {x: "ab"}))
    see.attempt(lambda: sess.run(y, {x: None}))
    see.attempt(lambda: sess.run(y, {x: [[1, 2], [3]]}))
    see.attempt(lambda: sess.run(n, {n: 1.5}))
    see.attempt(lambda: sess.run(n, {n: 2**40}))
    see.attempt(lambda: sess.run(y, {x: tf.ones([1, 2])}), "feed", "Tensor")
    see.attempt(lambda: sess.run(y, {"nope:0": 1}), "nope")
    see.attempt(lambda: sess.run(y, {5: 1}), "feed")
    see.attempt(lambda: sess.run(y, {x.op: 1}), "feed")
    see.attempt(lambda: sess.run(y, {(x,): 1}))
    see.attempt(lambda: sess.run(y, [x, 1]), "dict")


def ints_fed_as_floats(tf, see):
    n = tf.placeholder(tf.int32, [], name="n")
    see.run(n, {n: np.float64(3.0)})
    see.run(n, {n: np.array(2.7)})
    see.run(n, {n: True})
    see.run(n, {n: np.int64(5)})
    b = tf.placeholder(tf.bool, [], name="b")
    see.run(b, {b: 1})
    see.run(b, {b: np.bool_(False)})
    u = tf.placeholder(tf.uint8, [2], name="u")
    see.run(u, {u: [255, 0]})
    see.attempt(lambda: see.session.run(u, {u: [256, 0]}))
    s = tf.placeholder(tf.string, [None], name="s")
    see.run(s, {s: ["a", b"b"]})
    see.run(s, {s: np.array(["xy", "z"])})
    h = tf.placeholder(tf.float16, [2], name="h")
    see.run(h, {h: [1.0, 65504.0]})


def with_default(tf, see):
    d = tf.placeholder_with_default([1.0, 2.0], [2], name="d")
    e = tf.placeholder_with_default([[1.0, 2.0]], [None, 2])
    f = tf.placeholder_with_default(3, None, name="f")
    see(d, e, f)
    see.run(d + 1.0)
    see.run(d + 1.0, {d: [5.0, 6.0]})
    see.run(e, {e: [[1.0, 2.0], [3.0, 4.0]]})
    see.run(f, {f: [1, 2, 3]})
    see.attempt(lambda: tf.placeholder_with_default([1.0, 2.0], [3]), "shape")
    see.attempt(lambda: see.session.run(d, {d: [1.0]}), "cannot feed", "d:0")
    k = tf.placeholder_with_default(True, [])
    see.run(tf.logical_not(k))


def any_tensor_can_be_fed(tf, see):
    a = tf.placeholder_with_default(1.0, [], name="a")
    b = tf.add(a, 1.0, name="b")
    c = tf.sqrt(b, name="c")
    see.run(c, {b: 16.0})
    see.run(c, {a: 8.0})
    see.run([a, b, c], {a: 0.0})
    see.run(c, {c: 7.0})
    see(tf.get_default_graph().is_feedable(b))
    tf.get_default_graph().prevent_feeding(b)
    see(tf.get_default_graph().is_feedable(b))
    see.attempt(lambda: see.session.run(c, {b: 1.0}), "not be fed")


def shape_of_unknown_rank(tf, see):
    x = tf.placeholder(tf.float32, name="x")
    y = x + 1.0
    see(y, x.shape.ndims, x.get_shape())
    for value in (1.0, [1.0, 2.0], [[1.0], [2.0]]):
        see.run(y, {x: value})
    x.set_shape([None, 2])
    see(x, tf.identity(x))
    x.set_shape([3, None])
    see(x)
    see.attempt(lambda: x.set_shape([4, 2]), "3", "4")
    see.attempt(lambda: see.session.run(y, {x: [[1.0, 2.0]]}))
