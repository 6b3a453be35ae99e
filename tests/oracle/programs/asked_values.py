"""Variables before and after their birth, in sessions of their own, and devices with their ops."""

from functools import partial

import numpy as np


def before_birth(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    w = tf.get_variable("w", [2])
    u = tf.Variable(v.initialized_value() * 2, name="u")
    free = tf.placeholder_with_default([1.0, 2.0, 3.0], None)
    n = tf.Variable(free, validate_shape=False, name="n")
    fetches = [v, v.value(), v.read_value(), tf.identity(v), v + 1, v[0], tf.shape(v), tf.rank(v)]
    fetches += [tf.is_variable_initialized(v), tf.report_uninitialized_variables(), tf.size(v)]
    fetches += [v.assign_add([1.0, 1.0]), v.assign_sub([1.0, 1.0]), tf.gather(v, [0])]
    fetches += [tf.scatter_update(v, [0], [1.0]), tf.scatter_add(v, [0], [1.0])]
    fetches += [tf.count_up_to(tf.Variable(0, name="c"), 3), v.initialized_value(), v.op]
    fetches += [u.initializer, n, n.initializer, n, tf.shape(n), tf.assign(v, [5.0, 6.0]), v]
    fetches += [tf.variables_initializer([w]), tf.report_uninitialized_variables([v])]
    fetches += [tf.report_uninitialized_variables(), tf.assert_variables_initialized()]
    for fetch in fetches:
        see.attempt(partial(see.session.run, fetch))
    see.attempt(lambda: v.load([7.0, 8.0], see.session))
    see.run(v)
    see.attempt(lambda: v.load([7.0], see.session))


def shapes_that_change(tf, see):
    run = see.session.run
    v = tf.Variable([1.0, 2.0], name="v")
    x = tf.placeholder(tf.float32)
    see.start()
    see.attempt(lambda: tf.assign(v, [1.0, 2.0, 3.0]))
    longer = tf.assign(v, [1.0, 2.0, 3.0], validate_shape=False)
    see(longer, v)
    for fetch in [longer, v, v + 1, tf.shape(v), v.assign_add([1.0, 1.0])]:
        see.attempt(partial(run, fetch))
    checked, free = tf.assign(v, x), tf.assign(v, x, validate_shape=False)
    for value in [[1.0, 2.0], [1.0], [[1.0]]]:
        see.attempt(partial(run, checked, {x: value}))
    see.run(free, {x: [[1.0, 2.0]]})
    see.run(v)
    see.attempt(lambda: run(v.assign_add([1.0, 1.0])))
    see.run(free, {x: []})
    for fetch in [tf.reduce_sum(v), v.initializer, v]:
        see.attempt(partial(run, fetch))
    u = tf.Variable(x, validate_shape=False, name="u")
    see(u)
    see.run(u.initializer, {x: [1.0, 2.0, 3.0]})
    fetches = [u, u.assign([1.0]), tf.assign_add(u, [1.0, 1.0, 1.0]), tf.assign_add(u, [1.0])]
    for fetch in [*fetches, tf.assign(u, [[9.0]], validate_shape=False), u]:
        see.attempt(partial(run, fetch))


def rows(tf, see):
    s = tf.Variable(np.zeros((3, 2), np.float32), name="s")
    which = tf.placeholder(tf.int32)
    see.start()
    run = see.session.run
    both = [[1.0, 2.0], [3.0, 4.0]]
    for name in "update add sub mul div min max".split():
        change = getattr(tf, f"scatter_{name}")
        for rows in ([0, 2], [1, 1]):
            see.run(change(s, rows, both))
        for row, values in [([5], [[1.0, 2.0]]), ([-1], [[1.0, 2.0]]), (1, [1.0, 2.0])]:
            see.attempt(partial(run, change(s, which, values), {which: row}))
    see.run(tf.scatter_nd_update(s, [[0, 1]], [9.0]))
    see.run(tf.scatter_nd_add(s, [[0, 1], [0, 1]], [9.0, 1.0]))
    see.run(s[1].assign([5.0, 5.0]))
    see.run(s[:, 0].assign([1.0, 2.0, 3.0]))


def lifetimes(tf, see):
    v = tf.Variable(1.0, name="v")
    more = v.assign_add(1.0)
    one, two = tf.Session(), tf.Session()
    one.run(v.initializer)
    see.attempt(lambda: two.run(v))
    one.run(more)
    two.run(v.initializer)
    see(one.run(v), two.run(v))
    one.close()
    see(two.run(v))
    see.attempt(lambda: tf.Session().run(v))
    handle = two.run(tf.get_session_handle(v + 1.0))
    holder, value = tf.get_session_tensor(handle.handle, tf.float32)
    see(handle.eval(), two.run(value * 2, {holder: handle.handle}))
    two.run(more)
    see(handle.eval())
    handle.delete()
    see.attempt(handle.eval)
    see.attempt(lambda: two.run(value, {holder: handle.handle}), "")


def names_of_devices(tf, see):
    def made(device):
        with tf.device(device):
            a = tf.constant(1.0)
            found = [a]
            for inner in ["/job:x", None, "/cpu:1", ""]:
                with tf.device(inner):
                    found.append(a + 1.0)
            with tf.colocate_with(a):
                found.append(a + 1.0)
            with tf.colocate_with(a.op, ignore_existing=True):
                found.append(a + 1.0)
        return [t.device for t in found]

    names = "/cpu:0 /device:CPU:0 cpu:0 /gpu:0 /job:a/task:1 /CPU:0 /xpu:0 /cpu:x /job: nonsense"
    names += " /job:a/replica:2/task:1/device:GPU:3 /cpu:* /device:CPU /cpu:-1 /job:a/job:b /task:3"
    names += " /cpu:0/gpu:1 /replica:1 /cpu:00 /CPU:0/job:w"
    devices = [*names.split(), None, "", tf.DeviceSpec(job="q", device_type="CPU", device_index=0)]
    devices += [lambda op: "/cpu:1" if op.type == "Const" else "/cpu:2", lambda op: None]
    devices += [lambda op: op.device or "/job:z", 1]
    for device in devices:
        see.attempt(partial(made, device), "")


def where_ops_can_run(tf, see):
    def placed(device, count, soft):
        config = tf.ConfigProto(allow_soft_placement=soft, device_count={"CPU": count})
        graph = tf.Graph()
        with graph.as_default(), tf.device(device):
            v = tf.Variable(2.0, name="v")
            w = v + 1.0
        with tf.Session(graph=graph, config=config) as session:
            session.run(v.initializer)
            return session.run([v, w])

    names = "/cpu:0 /cpu:1 /gpu:0 /job:localhost /job:other /task:1 /device:CPU:* /cpu:5"
    for device in [*names.split(), "/job:localhost/replica:0/task:0/cpu:0"]:
        for count in (1, 2, 3):
            for soft in (False, True):
                see.attempt(partial(placed, device, count, soft), "")
