"""Sessions: devices, threads, options, coordinators, more kinds of feeds."""

import threading

import numpy as np


def placement(tf, see):
    with tf.device("/cpu:1"):
        a = tf.constant(1.0, name="far")
    b = a + 1.0
    see.attempt(lambda: see.session.run(b), "far", "device", "CPU:1")
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as sess:
        see(sess.run(b))
    with tf.device("/gpu:0"):
        c = tf.constant(2.0, name="on_gpu") * 2.0
    see.attempt(lambda: tf.Session().run(c), "device")
    with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as sess:
        see(sess.run(c))
    with tf.device("/job:worker/task:1"):
        d = tf.constant(3.0, name="elsewhere")
    see(a.device, b.device, c.device, d.device)


def thread_defaults(tf, see):
    outer = tf.get_default_graph()
    seen = []

    def work():
        seen.append(tf.get_default_session())
        seen.append(tf.get_default_graph() is outer)
        with outer.as_default():
            seen.append(tf.constant(1, name="made_in_a_thread"))

    with tf.Session():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    see(seen)


def name_scopes_per_thread(tf, see):
    graph = tf.get_default_graph()
    seen = []

    def work():
        with graph.as_default():
            seen.append(tf.constant(1, name="a"))

    with tf.name_scope("outer"), tf.device("/cpu:0"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    see(seen, [t.device for t in seen])


def runs_from_many_threads(tf, see):
    v = tf.Variable(0, name="v")
    up = tf.assign_add(v, 1, use_locking=True)
    see.start()
    threads = [threading.Thread(target=lambda: see.session.run(up)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    see.run(v)


def coordinator(tf, see):
    coord = tf.train.Coordinator()
    see(coord.should_stop(), coord.joined)
    coord.request_stop()
    see(coord.should_stop(), coord.wait_for_stop(0.01))
    coord.join([])
    see(coord.joined)
    coord.clear_stop()
    see(coord.should_stop())

    def fail():
        with coord.stop_on_exception():
            raise KeyError("mine")

    thread = threading.Thread(target=fail)
    thread.start()
    see.attempt(lambda: coord.join([thread]), "mine")


def run_metadata(tf, see):
    x = tf.constant([[1.0, 2.0]], name="x")
    y = tf.matmul(x, x, transpose_b=True, name="y")
    options, metadata = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), tf.RunMetadata()
    see(see.session.run(y, options=options, run_metadata=metadata))
    stats = metadata.step_stats.dev_stats
    see(len(stats) > 0, "CPU:0" in stats[0].device, len(stats[0].node_stats) > 0)


def configurations(tf, see):
    config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    config.gpu_options.allow_growth = True
    config.gpu_options.per_process_gpu_memory_fraction = 0.5
    config.log_device_placement = False
    with tf.Session(config=config) as sess:
        see(sess.run(tf.constant(2) * 3))
    with tf.Session("", tf.get_default_graph(), tf.ConfigProto()) as sess:
        see(sess.run(tf.constant(2) * 4))
    see.attempt(lambda: tf.ConfigProto(nonsense=True))


def composite_feeds(tf, see):
    sparse = tf.sparse_placeholder(tf.float32, [2, 3], name="sparse")
    dense = tf.sparse_tensor_to_dense(sparse)
    value = tf.SparseTensorValue([[0, 1], [1, 2]], [1.0, 2.0], [2, 3])
    see.run(dense, {sparse: value})
    see.run(dense, {sparse: ([[0, 0]], [5.0], [2, 3])})
    got = see.session.run(sparse, {sparse: value})
    see(type(got).__name__, got.values)
    see(sparse.indices, sparse.values, sparse.dense_shape)


def feeds_by_other_names(tf, see):
    v = tf.Variable(1.0, name="v")
    x = tf.placeholder(tf.float32, [], name="x")
    y = v + x
    see.start()
    see.run(y, {"x:0": 1.0})
    see.run(y, {"x:0": 1.0, "v/read:0": 5.0})
    see.run(y, {"x:0": 1.0, v: 7.0})
    see.attempt(lambda: see.session.run(y, {"x": 1.0}))
    see.attempt(lambda: see.session.run(y, {"x:0": 1.0, "x:1": 1.0}), "x:1")
    see.run(y, {x: np.array(2.0)})
    see.run(y, {x: np.float16(2.0)})


def evaluating(tf, see):
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.square(x)
    with tf.Session() as sess:
        see(y.eval({x: [1.0, 2.0]}), y.eval(feed_dict={x: [3.0, 4.0]}, session=sess))
        v = tf.Variable(5, name="v")
        v.initializer.run()
        see(v.eval(), tf.global_variables_initializer().run(), v.assign(7).eval(), v.op.run())
        see.attempt(lambda: y.eval(), "must feed")
        see.attempt(lambda: y.eval({x: 1.0}), "cannot feed")
    with tf.Graph().as_default():
        other = tf.Session()
    see.attempt(lambda: y.eval({x: [1.0, 2.0]}, session=other), "graph")
    other.close()


def sessions_in_turn(tf, see):
    v = tf.Variable(1, name="v")
    for _ in range(3):
        with tf.Session() as sess:
            sess.run(v.initializer)
            see(sess.run(tf.assign_add(v, 1)))


def default_session_must_nest(tf, see):
    first, second = tf.Session(), tf.Session()
    with first.as_default():
        with second.as_default():
            see(tf.get_default_session() is second)
        see(tf.get_default_session() is first)
    see(tf.get_default_session())
    first.close()
    second.close()


def interactive(tf, see):
    sess = tf.InteractiveSession()
    v = tf.Variable([1.0, 2.0], name="v")
    v.initializer.run()
    tf.assign(v, [5.0, 6.0]).eval()
    see(v.eval(), sess.run(v), tf.get_default_graph() is sess.graph)
    sess.close()
    see(tf.get_default_session())
