"""Sessions: what can be fetched and fed, in which structures, and what goes wrong."""

import collections

import numpy as np


def fetch_structures(tf, see):
    a, b = tf.constant(1, name="a"), tf.constant([1.5, 2.5], name="b")
    pair = collections.namedtuple("pair", ["x", "y"])
    sess = see.session
    see.run(a)
    see.run([a])
    see.run([a, b])
    see.run((a, b))
    see.run({"one": a, "two": [b, a]})
    see.run(pair(a, {"deep": [b, (a,)]}))
    see.run([a, a, b, a])
    see.run([])
    see.run({})
    see.run(a.op)
    see.run([a.op, b])
    see.run("a:0")
    see.run("a")
    see.run(["a:0", "b:0", "a"])
    see.run(collections.OrderedDict([("z", a), ("y", b)]))
    see(type(sess.run(a)).__name__, type(sess.run(b)).__name__, type(sess.run((a, b))).__name__)
    see(type(sess.run(pair(a, b))).__name__, type(sess.run(tf.constant("s"))).__name__)
    see(type(sess.run(tf.constant(True))).__name__, type(sess.run(tf.constant(1.0))).__name__)


def bad_fetches(tf, see):
    sess = see.session
    a = tf.constant(1, name="a")
    see.attempt(lambda: sess.run(None), "None")
    see.attempt(lambda: sess.run(5), "5", "int")
    see.attempt(lambda: sess.run([a, None]), "None")
    see.attempt(lambda: sess.run("missing:0"), "missing:0")
    see.attempt(lambda: sess.run("missing"), "missing")
    see.attempt(lambda: sess.run("a:1"), "a:1")
    see.attempt(lambda: sess.run([1.5]), "1.5")
    see.attempt(lambda: sess.run({"k": object()}), "object")
    see.attempt(lambda: sess.run())
    with tf.Graph().as_default():
        other = tf.constant(1, name="other")
    see.attempt(lambda: sess.run(other), "other:0", "not an element of this graph")
    see.attempt(lambda: sess.run(other.op), "other", "cannot be interpreted")


def closed_session(tf, see):
    a = tf.constant(1)
    sess = tf.Session()
    see(sess.run(a))
    sess.close()
    see.attempt(lambda: sess.run(a), "closed")
    sess.close()
    with tf.Session() as sess:
        pass
    see.attempt(lambda: sess.run(a), "closed")


def default_sessions(tf, see):
    a = tf.constant(3, name="a")
    see(tf.get_default_session())
    see.attempt(lambda: a.eval(), "no default session")
    see.attempt(lambda: tf.no_op().run(), "no default session")
    with tf.Session() as sess:
        see(tf.get_default_session() is sess, a.eval(), tf.no_op().run())
        with tf.Session() as inner:
            see(tf.get_default_session() is inner)
        see(tf.get_default_session() is sess)
    sess = tf.Session()
    with sess.as_default():
        see(a.eval())
    see(a.eval(session=sess), sess.run(a))
    with sess.as_default(), tf.Graph().as_default():
        see.attempt(lambda: tf.constant(1).eval(), "graph")
    sess.close()


def interactive_session(tf, see):
    a = tf.constant(3, name="a")
    sess = tf.InteractiveSession()
    see(a.eval(), tf.get_default_session() is sess, (a * 2).eval())
    x = tf.placeholder(tf.float32)
    see((x + 1.0).eval({x: 2.0}), (x + 1.0).eval(feed_dict={x: [1.0]}))
    sess.close()


def session_properties(tf, see):
    graph = tf.Graph()
    with graph.as_default():
        a = tf.constant(1)
    sess = tf.Session(graph=graph)
    see(sess.graph is graph, sess.run(a), sess.sess_str, sess.graph_def.node[0].name)
    see.attempt(lambda: tf.Session(graph=5), "graph")
    see.attempt(lambda: tf.Session(target=5), "target")
    see.attempt(lambda: tf.Session(config=5), "config")
    see.attempt(lambda: tf.Session("nowhere://x"))
    sess.close()


def empty_graph(tf, see):
    with tf.Session() as sess:
        see.attempt(lambda: sess.run(None), "graph is empty")
        see.attempt(lambda: sess.run([]), "graph is empty")


def session_sees_later_ops(tf, see):
    a = tf.constant(1, name="a")
    see.run(a)
    see.run(a + 1)
    see.run(tf.identity(a + 5))


def feeds_keep_dtype(tf, see):
    x = tf.placeholder(tf.float32, [2], name="x")
    given = np.array([1.0, 2.0], np.float32)
    result = see.run(x, {x: given})
    see(result is given, type(result).__name__)
    result = see.run([x, x], {x: [1, 2]})
    see.run({"x": x, "y": x * 2}, {x: given})


def make_callable(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    y = x * 2.0
    call = see.session.make_callable([y, x], [x])
    see(call(3.0), call(4.0))
    see(see.session.make_callable(tf.constant(5))())
    see(see.session.make_callable(y.op, [x])(1.0))
    see.attempt(lambda: call())
    see.attempt(lambda: call(1.0, 2.0))


def partial_runs(tf, see):
    a = tf.placeholder(tf.float32, [], name="a")
    b = tf.placeholder(tf.float32, [], name="b")
    c = a + 1.0
    d = c * b
    handle = see.session.partial_run_setup([c, d], [a, b])
    see(see.session.partial_run(handle, c, {a: 1.0}), see.session.partial_run(handle, d, {b: 5.0}))
    see.attempt(lambda: see.session.partial_run(handle, d))


def only_what_is_needed_runs(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    used = tf.constant(2.0) * 3.0
    unused = x + 1.0
    see.run(used)
    see.attempt(lambda: see.session.run([used, unused]), "must feed", "x")
    bad = tf.constant([1, 2]) // tf.constant([0, 1], name="zero")
    see.run(used)
    see.attempt(lambda: see.session.run(bad), "division by zero")
    see.run(bad, {bad: [5, 5]})


def runtime_errors_name_the_node(tf, see):
    x = tf.placeholder(tf.float32, name="x")
    y = tf.placeholder(tf.float32, name="y")
    total = tf.add(x, y, name="total")
    see.attempt(lambda: see.session.run(total, {x: [1, 2], y: [1, 2, 3]}), "total", "[2]", "[3]")
    picked = tf.gather(x, [5], name="picked")
    see.attempt(lambda: see.session.run(picked, {x: [1.0, 2.0]}), "picked", "5", "[0, 2)")
    try:
        see.session.run(picked, {x: [1.0]})
    except tf.errors.InvalidArgumentError as error:
        see(
            error.op.name,
            error.error_code,
            isinstance(error, tf.errors.OpError),
            "picked" in error.message,
        )
    shaped = tf.reshape(x, [3], name="shaped")
    see.attempt(lambda: see.session.run(shaped, {x: [1.0]}), "shaped", "1", "3")


def fetching_none_values(tf, see):
    v = tf.Variable(1.0, name="v")
    see.run(v.initializer)
    see.run([v.initializer, v])
    see.run([tf.assign_add(v, 1.0).op, tf.constant(2)])
    see.run({"init": tf.global_variables_initializer(), "none": tf.no_op()})


def indexed_slices_and_sparse(tf, see):
    slices = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([1]), tf.constant([3, 2]))
    see(slices, slices.name, slices.dtype, slices.device)
    see.run(slices.values)
    got = see.session.run(slices)
    see(type(got).__name__, got.values, got.indices, got.dense_shape)
    see.run(tf.convert_to_tensor(slices))
    sparse = tf.SparseTensor([[0, 1], [1, 2]], [1.0, 2.0], [2, 3])
    got = see.session.run(sparse)
    see(type(got).__name__, got.indices, got.values, got.dense_shape)
    see.run(tf.sparse_tensor_to_dense(sparse))


def session_is_a_context_manager(tf, see):
    a = tf.constant(1)

    def fail():
        with tf.Session() as sess:
            sess.run(a)
            raise RuntimeError("mine")

    see.attempt(fail, "mine")
    see(tf.get_default_session())
    graph = tf.Graph()
    with tf.Session(graph=graph):
        see(tf.get_default_graph() is graph, tf.constant(1).graph is graph)


def list_devices(tf, see):
    see([device.device_type for device in see.session.list_devices()][:1])
    see([device.name for device in see.session.list_devices()][:1])
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 3})) as sess:
        see([device.name for device in sess.list_devices() if device.device_type == "CPU"])
