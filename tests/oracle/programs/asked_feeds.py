"""Feeds of every kind: what is taken for a tensor of a type, and what is not."""

import collections
import types
from functools import partial

import numpy as np

_TYPES = (
    "float32 float64 float16 int32 int64 int8 uint8 uint16 uint32 uint64 bool string "
    "complex64 complex128"
).split()


def _values():
    nan, inf = float("nan"), float("inf")
    return [
        *(1, -1, 1.5, True, False, None, "x", b"x", "1", "é", "", b"", "a\0b", 1 + 2j, [1 + 2j]),
        *([1, 2], [1, "a"], [[1], [2, 3]], [], [[]], (1, 2), {"a": 1}, {1}, [True, 2], [1.5]),
        *(np.float32(1.5), np.int64(3), np.uint8(200), np.float64(1e300), np.bool_(True)),
        *(np.array([1.5, 2]), np.array([1, 2]), np.array([True]), np.array(3), np.array(None)),
        *(np.array(["a", "b"]), np.array([b"a"], dtype=object), np.array(["x"], dtype="S3")),
        *(300, 2**31, 2**40, 2**63, 2**64, 2**70, -(2**63), -(2**70), [2**31], [2**63], [2**70]),
        *(nan, inf, [nan], 1e10, -1e10, 2.0**40, [None], range(3), bytearray(b"ab"), Ellipsis, int),
        *(np.array([[1, 2], [3, 4]])[:, ::-1], np.array([1.5]).astype(">f8")),
        *(["a", 1], [b"a", b"bcd"], ["a", b"b"], [["a"], ["b"]], np.str_("s"), np.bytes_(b"b\0")),
    ]


def values_of_each_type(tf, see):
    for name in _TYPES:
        x = tf.placeholder(getattr(tf, name), name=name)
        same = tf.identity(x)
        for value in _values():
            see.attempt(partial(see.session.run, same, {x: value}))


def shapes(tf, see):
    values = [1, [1], [1, 2], [[1, 2], [3, 4]], [], [[], []], np.float32(2), np.array(2.0)]
    values += [np.zeros(shape) for shape in [(2, 0), (0,), (0, 3), (1, 2, 3), (2, 1, 1, 1)]]
    for shape in [None, [], [2], [None], [2, None], [None, None, 3], [0], [0, None], [1]]:
        x = tf.placeholder(tf.float32, shape)
        twice = x * 2.0
        for value in values:
            see.attempt(partial(see.session.run, twice, {x: value}))


def defaults(tf, see):
    x = tf.placeholder_with_default([1.0, 2.0], [None])
    y = x + 1.0
    for value in [None, [1], [1, 2, 3], 1, []]:
        see.attempt(partial(see.session.run, y, {x: value}))
    see.run(y)
    see.run([x, y], {x: [5, 6]})


def what_is_fed_and_fetched(tf, see):
    run = see.session.run
    number, text = tf.placeholder(tf.float32, []), tf.placeholder(tf.string)
    for value in [5, np.float32(5), np.array(5.0)]:
        back = run(number, {number: value})
        see(back, type(back).__name__)
    values = ["a", b"a", ["a", "b"], np.array(["a"]), np.array(["a"], dtype=object)]
    for value in values:
        back = run(text, {text: value})
        see(back, type(back).__name__, repr(back))
    large = np.arange(6, dtype=np.float32)
    x = tf.placeholder(tf.float32)
    see.run([x, x * 1.0], {x: large[1:3]})
    see.run(x, {x: large.reshape(2, 3)})
    see(run(x, {x: large}) is large, run([x], {x: large[::2]}))
    back = run(x, {x: [1.0, 2.0]})
    back[0] = 7.0
    see(back)


def keys(tf, see):
    c = tf.constant(1.0, name="c")
    v = tf.Variable(2.0, name="v")
    w = tf.get_variable("w", initializer=2.0)
    x = tf.placeholder(tf.float32, name="x")
    d, e, nothing = c + v, w + 1.0, tf.no_op(name="nothing")
    twice = x * 2.0
    see.start()
    run = see.session.run
    keys = [c, v, w, v.value(), "c", "c:0", "v:0", "v", "v/read:0", "nothing", nothing, d.op, None]
    keys += [1, "", (c,), b"c:0", "x:0", "x:1", "y:0", v.initializer, c.op, x, 1.5, (c, c)]
    for key in keys:
        see.attempt(partial(run, [d, e], {key: 10.0}))
    for pair in [(10.0, 20.0), (10.0,), 10.0, [10.0, 20.0], np.array([10.0, 20.0])]:
        see.attempt(partial(run, [d, e], {(c, v): pair}))
    see.attempt(partial(run, [twice, d], {(c, (v, x)): (10.0, (3, 4))}))
    see.attempt(partial(run, d, {(c, c): (1.0, 2.0)}))
    feeds = [[], (), [(c, 1.0)], 1, "x", None, {}, set(), {c}, 0, False, d]
    feeds += [collections.OrderedDict([(c, 5.0)]), types.MappingProxyType({c: 5.0})]
    for feed in feeds:
        see.attempt(partial(run, d, feed))
    for value in [c, v, d, "c:0", [c], nothing]:
        see.attempt(partial(run, d, {c: value}), "")
    see.attempt(partial(run, [d, c], {d: 7.0}))
    see.attempt(partial(run, v, {v: 7.0}))
    see.attempt(partial(run, v.initializer, {v.initial_value: 7.0}))
    see.run(v)
    see.attempt(partial(run, d, {c: 1.0, "c:0": 2.0}))


def forbidden(tf, see):
    c = tf.constant(1.0, name="c")
    d = c + 1.0
    graph = tf.get_default_graph()
    graph.prevent_feeding(c)
    graph.prevent_fetching(c.op)
    see(graph.is_feedable(c), graph.is_fetchable(c), graph.is_fetchable(c.op))
    see.attempt(partial(see.session.run, d, {c: 1.0}))
    see.attempt(partial(see.session.run, c))
    see.run(d)


def of_another_graph(tf, see):
    a = tf.constant(1.0, name="a")
    with tf.Graph().as_default():
        b = tf.constant(1.0, name="b")
        step = tf.no_op(name="step")
        v = tf.Variable(1.0, name="v")
        x = tf.placeholder(tf.float32, name="x")
        sparse = tf.SparseTensor([[0, 1]], [5.0], [2, 2])
    session = see.session
    for fetch in [b, step, v, [a, b], {"a": b}, "b:0", sparse]:
        see.attempt(partial(session.run, fetch))
    for key in [x, b, "x:0", sparse]:
        see.attempt(partial(session.run, a, {key: ([[0, 0]], [1.0], [1, 1])}))
    see.attempt(lambda: session.make_callable(b))
    see.attempt(lambda: session.make_callable(a, [b]))
    see.attempt(lambda: session.make_callable(a, [b])(1.0))
    see.attempt(lambda: session.partial_run_setup([b], []))
    see.attempt(lambda: b.eval(session=session))
    see.attempt(lambda: step.run(session=session))
    see.attempt(lambda: b.eval())
    see.attempt(lambda: step.run())


def sparse_ones(tf, see):
    sparse = tf.sparse_placeholder(tf.float32, name="sparse")
    dense = tf.sparse_tensor_to_dense(sparse)
    parts = ([[0, 0]], [1.0], [1, 2])
    run = see.session.run
    values = [parts, tf.SparseTensorValue(*parts), parts[:2], (*parts, 4), list(parts), 1, None]
    values += [([[0]], [1.0], [2]), ([[0, 0]], [1.0, 2.0], [1, 2]), ([[5, 5]], [1.0], [1, 2])]
    values += [([], [], [2, 2]), (np.zeros((0, 2)), [], [2, 2]), "abc", {"a": 1}, (1, 2, 3)]
    for value in values:
        see.attempt(partial(run, dense, {sparse: value}), "")
    see.run(sparse, {sparse: parts})
    see.run([sparse, sparse.values], {sparse: parts})
    see.attempt(lambda: run(dense, {(sparse.indices, sparse.values, sparse.dense_shape): parts}))
    known = tf.sparse_placeholder(tf.float32, shape=[2, 3], name="known")
    dense = tf.sparse_tensor_to_dense(known)
    for value in [([[0, 0]], [1.0], [2, 3]), ([[0, 0]], [1.0], [2, 4]), ([[0, 0]], [1.0])]:
        see.attempt(partial(run, dense, {known: value}))


def slices(tf, see):
    one, many = tf.placeholder(tf.float32), tf.placeholder(tf.int64)
    short = tf.IndexedSlices(one, many)
    long = tf.IndexedSlices(one, many, tf.placeholder(tf.int64))
    twice = one * 2.0
    for key in (short, long):
        for value in [([1.0], [0]), ([1.0], [0], [3]), 1, ([1.0],)]:
            see.attempt(partial(see.session.run, [twice, many], {key: value}), "")
            see.attempt(partial(see.session.run, key, {key: value}), "")
