"""Control inputs, devices, collections."""

from oracle.looking import look


def control_inputs(tf, see):
    tf.set_random_seed(7)
    a = tf.constant(1, name="a")
    b = tf.constant(2, name="b")
    tf.placeholder(tf.float32, name="p")
    with tf.control_dependencies([a]):
        c = tf.constant(3, name="c")
    look(
        tf,
        see,
        lambda: c.op.control_inputs,
    )
    with tf.control_dependencies([a]), tf.control_dependencies([b]):
        c = tf.constant(3, name="c")
    look(
        tf,
        see,
        lambda: c.op.control_inputs,
    )
    with tf.control_dependencies([a]), tf.control_dependencies(None):
        c = tf.constant(3, name="c")
    look(
        tf,
        see,
        lambda: c.op.control_inputs,
    )
    with tf.control_dependencies([a, a, b.op, "a:0", "b"]):
        c = tf.constant(3, name="c")
    look(
        tf,
        see,
        lambda: c.op.control_inputs,
    )
    with tf.control_dependencies([a]):
        d = tf.identity(a)
        e = tf.identity(d)
        f = a + b
    look(
        tf,
        see,
        lambda: (d.op.control_inputs, e.op.control_inputs, f.op.control_inputs),
    )

    def attempt():
        with tf.control_dependencies([3]):
            pass

    see.attempt(attempt)

    def attempt():
        with tf.control_dependencies(a):
            pass

    see.attempt(attempt)

    def attempt():
        with tf.control_dependencies([None]):
            pass

    see.attempt(attempt)

    def attempt():
        with tf.control_dependencies(["zz"]):
            pass

    see.attempt(attempt)

    with tf.control_dependencies([tf.Variable(1)]):
        c = tf.constant(3, name="c")
    look(
        tf,
        see,
        lambda: c.op.control_inputs,
    )
    with tf.control_dependencies([tf.IndexedSlices(a, b)]):
        c = tf.constant(3, name="c")
    look(
        tf,
        see,
        lambda: c.op.control_inputs,
    )

    def attempt():
        with tf.control_dependencies([lambda: 3]):
            return tf.constant(3, name="c")

    see.attempt(attempt)

    def attempt():
        with tf.control_dependencies([tf.Graph().as_default()]):
            pass

    see.attempt(attempt)

    with tf.control_dependencies([]):
        c = tf.constant(3)

    def attempt():
        with tf.control_dependencies([[a]]):
            return tf.constant(3)

    see.attempt(attempt)

    with tf.control_dependencies((a,)):
        c = tf.constant(3)
    with tf.control_dependencies({a: 1}):
        c = tf.constant(3)
    look(
        tf,
        see,
        lambda: (tf.group(a, b), tf.group(), tf.group([a, b], name="grp"), tf.group(a.op)),
        lambda: tf.group(3),
        lambda: tf.group(None),
        lambda: tf.group([a, None]),
        lambda: tf.group(a, foo=1),
        lambda: (tf.tuple([a, b]), tf.tuple([a, None, b]), tf.tuple([a], control_inputs=[b])),
        lambda: tf.tuple([]),
        lambda: tf.tuple([None]),
        lambda: tf.tuple(3),
        lambda: tf.tuple([a], control_inputs=[3]),
        lambda: (tf.tuple([a, b], name="tp"), tf.tuple([tf.IndexedSlices(a, b)])),
        lambda: (tf.no_op(), tf.no_op(name="nn")),
        lambda: tf.identity_n([]),
    )


def devices(tf, see):
    tf.set_random_seed(7)
    with tf.device("/cpu:0"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("/device:GPU:1"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("/job:worker/task:2"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("/job:worker/task:2"), tf.device("/gpu:0"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("/job:worker/gpu:2"), tf.device("/job:ps"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("/job:worker/gpu:2"), tf.device(None):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("/job:worker/gpu:2"), tf.device(""):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("cpu:0"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("gpu"):
        x = tf.constant(1).device

    def attempt():
        with tf.device("/cpu:x"):
            return tf.constant(1).device

    see.attempt(attempt)

    def attempt():
        with tf.device("/foo:1"):
            return tf.constant(1).device

    see.attempt(attempt)

    with tf.device("/CPU:0"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device("/device:cpu:*"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.device(3):
            return tf.constant(1).device

    see.attempt(attempt)

    with tf.device(lambda op: "/cpu:1" if op.type == "Const" else "/gpu:0"):
        x = [tf.constant(1).device, tf.no_op().device]
    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.device(lambda op: None):
            return tf.constant(1).device

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.device(lambda op: 3):
            return tf.constant(1).device

    see.attempt(attempt)

    with tf.device("/cpu:0"), tf.device(lambda op: "/gpu:3"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device(lambda op: "/gpu:3"), tf.device("/job:a"):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.device(tf.DeviceSpec(job="w", device_type="CPU", device_index=1)):
        x = tf.constant(1).device
    look(
        tf,
        see,
        lambda: x,
    )
    a = tf.constant(1, name="a")
    with tf.device("/cpu:1"):
        b = tf.constant(1, name="b")
    with tf.colocate_with(a):
        c = tf.constant(1, name="c")
    look(
        tf,
        see,
        lambda: (c.op.colocation_groups(), c.device),
    )
    with tf.colocate_with(b):
        c = tf.constant(1, name="c")
    look(
        tf,
        see,
        lambda: (c.op.colocation_groups(), c.device),
    )
    with tf.colocate_with(a), tf.colocate_with(b):
        c = tf.constant(1, name="c")
    look(
        tf,
        see,
        lambda: (c.op.colocation_groups(), c.device),
    )
    with tf.colocate_with(a), tf.colocate_with(b, ignore_existing=True):
        c = tf.constant(1, name="c")
    look(
        tf,
        see,
        lambda: (c.op.colocation_groups(), c.device),
    )

    def attempt():
        with tf.colocate_with(None):
            pass

    see.attempt(attempt)

    with tf.colocate_with(None, ignore_existing=True):
        c = tf.constant(1, name="c")
    with tf.device("/cpu:1"), tf.colocate_with(a):
        c = tf.constant(1, name="c")
    look(
        tf,
        see,
        lambda: c.device,
    )
    with tf.colocate_with(a), tf.device("/cpu:1"):
        c = tf.constant(1, name="c")
    look(
        tf,
        see,
        lambda: c.device,
    )
    with tf.colocate_with(c):
        d = tf.constant(1)
        e = d.op.colocation_groups()
    look(
        tf,
        see,
        lambda: e,
    )
    with tf.device("/gpu:0"):
        v = tf.Variable(1)
        w = tf.get_variable("w", [1])
    look(
        tf,
        see,
        lambda: (v.device, w.device, v.initializer.device),
        lambda: tf.DeviceSpec.from_string("/job:w/replica:1/task:2/device:GPU:3").to_string(),
        lambda: tf.DeviceSpec.from_string("foo"),
        lambda: str(tf.DeviceSpec(job="a", task=2)),
        lambda: tf.DeviceSpec(device_type="gpu").device_type,
        run=False,
    )


def collections(tf, see):
    tf.set_random_seed(7)
    g = tf.get_default_graph()
    look(
        tf,
        see,
        lambda: tf.add_to_collection("c", 1),
        lambda: tf.add_to_collection("c", "two"),
        lambda: tf.add_to_collections(["c", "d"], 3),
        lambda: tf.add_to_collections("cd", 3),
        lambda: (
            tf.get_collection("c"),
            tf.get_collection("d"),
            tf.get_collection("zz"),
            tf.get_collection_ref("c"),
        ),
        lambda: tf.get_collection_ref("new").append(5),
        lambda: tf.get_collection("new"),
        lambda: (g.get_all_collection_keys(), g.collections),
        lambda: (g.clear_collection("c"), tf.get_collection("c")),
        lambda: (tf.add_to_collection(3, 4), tf.get_collection(3)),
        lambda: (tf.add_to_collection(None, 4), tf.get_collection(None)),
        run=False,
    )
    tf.Variable(1, name="aa/v")
    look(
        tf,
        see,
        lambda: (
            tf.get_collection("variables", "aa"),
            tf.get_collection("variables", "a"),
            tf.get_collection("variables", "v"),
            tf.get_collection("variables", ".*v"),
        ),
        lambda: (tf.add_to_collection("mix", 3), tf.get_collection("mix", "a")),
        lambda: (
            tf.GraphKeys.UPDATE_OPS,
            tf.GraphKeys.LOSSES,
            tf.GraphKeys.GLOBAL_VARIABLES,
            tf.GraphKeys.SUMMARIES,
            tf.GraphKeys.VARIABLES,
        ),
        lambda: tf.GraphKeys.FOO,
        run=False,
    )
