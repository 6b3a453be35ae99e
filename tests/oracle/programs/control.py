"""Control dependencies, devices, colocation, group and tuple."""


def dependencies(tf, see):
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    with tf.control_dependencies([a, b.op]):
        c = tf.constant(3, name="c")
        d = tf.add(c, 1, name="d")
    see(c.op.control_inputs, d.op.control_inputs, tf.constant(4).op.control_inputs)
    see.run(d)


def nested_dependencies(tf, see):
    a, b, c = (tf.constant(1, name=name) for name in "abc")
    with tf.control_dependencies([a]):
        see(tf.no_op(name="in_a").control_inputs)
        with tf.control_dependencies([b, c]):
            see(tf.no_op(name="in_abc").control_inputs)
            with tf.control_dependencies(None):
                see(tf.no_op(name="free").control_inputs)
                with tf.control_dependencies([c]):
                    see(tf.no_op(name="in_c").control_inputs)
            see(tf.no_op(name="again").control_inputs)
        with tf.control_dependencies([]):
            see(tf.no_op(name="empty").control_inputs)
        with tf.control_dependencies([a, a]):
            see(tf.no_op(name="twice").control_inputs)


def implied_dependencies_are_left_out(tf, see):
    a = tf.constant(1, name="a")
    with tf.control_dependencies([a]):
        b = tf.add(a, 1, name="b")
        c = tf.add(b, 1, name="c")
        d = tf.constant(1, name="d")
        e = tf.add(d, 1, name="e")
    see([op.op.control_inputs for op in (b, c, d, e)])
    with tf.control_dependencies([b]), tf.control_dependencies([c]):
        f = tf.identity(c, name="f")
        g = tf.identity(b, name="g")
    see([op.op.control_inputs for op in (f, g)])


def dependency_on_a_name_scope(tf, see):
    a = tf.constant(1, name="a")
    with tf.control_dependencies([a]), tf.name_scope("s"):
        x = tf.reduce_sum([[1, 2]], name="x")
        y = tf.add(x, 5)
    see(x, y)


def dependency_errors(tf, see):
    see.attempt(lambda: tf.control_dependencies(5).__enter__())
    see.attempt(lambda: tf.control_dependencies([5]).__enter__(), "int")
    see.attempt(lambda: tf.control_dependencies(["missing"]).__enter__(), "missing")
    a = tf.constant(1, name="a")
    with tf.control_dependencies(["a"]):
        see(tf.no_op().control_inputs)
    with tf.control_dependencies(["a:0"]):
        see(tf.no_op().control_inputs)
    with tf.control_dependencies(tf.tuple([a])):
        see(tf.no_op().control_inputs)
    see.attempt(lambda: tf.control_dependencies(a).__enter__())


def dependencies_order_assignments(tf, see):
    v = tf.Variable(1, name="v")
    see.start()
    with tf.control_dependencies([tf.assign(v, 5)]):
        r = tf.identity(v.read_value(), name="r")
    see.run(r)
    with tf.control_dependencies([tf.assign_add(v, 10)]):
        later = v.read_value() * 2
    see.run(later)
    see.run(v)


def stale_tensor_made_outside(tf, see):
    v = tf.Variable(1, name="v")
    doubled = v * 2
    with tf.control_dependencies([tf.assign(v, 5)]):
        out = tf.identity(7, name="out")
    see(out.op.control_inputs, doubled.op.control_inputs)
    see.start()
    see.run(out)
    see.run(doubled)


def add_control_input(tf, see):
    a, b = tf.no_op(name="a"), tf.no_op(name="b")
    b._add_control_input(a)
    see(b.control_inputs)


def devices(tf, see):
    with tf.device("/cpu:0"):
        see(tf.constant(1, name="a").device)
        with tf.device("/job:worker"):
            see(tf.constant(1, name="b").device)
        with tf.device("/gpu:1"):
            see(tf.constant(1, name="c").device)
        with tf.device(None):
            see(tf.constant(1, name="d").device)
            with tf.device("/task:3"):
                see(tf.constant(1, name="e").device)
        with tf.device(""):
            see(tf.constant(1, name="f").device)
    see(tf.constant(1, name="g").device)


def device_forms(tf, see):
    for text in (
        "/cpu:0",
        "/CPU:0",
        "cpu:0",
        "/device:CPU:0",
        "/device:cpu:1",
        "/gpu:2",
        "/job:ps/task:1",
    ):
        with tf.device(text):
            see(tf.constant(1).device)
    for text in ("/job:w/replica:2/task:1/device:GPU:3", "/replica:1", "/cpu:*", "/job:localhost"):
        with tf.device(text):
            see(tf.constant(1).device)


def device_merging(tf, see):
    with tf.device("/job:a/task:1/cpu:0"):
        with tf.device("/job:b"):
            see(tf.constant(1).device)
        with tf.device("/task:2"):
            see(tf.constant(1).device)
        with tf.device("/gpu:0"):
            see(tf.constant(1).device)
            with tf.device("/job:c/task:0"):
                see(tf.constant(1).device)


def device_functions(tf, see):
    def by_type(op):
        return "/cpu:1" if op.type == "MatMul" else "/job:ps"

    with tf.device(by_type):
        a = tf.ones([2, 2], name="a")
        see(a.device, tf.matmul(a, a).device)
        with tf.device("/task:1"):
            see(tf.constant(1).device)
    with tf.device("/task:1"):
        with tf.device(by_type):
            see(tf.constant(1).device)
        with tf.device(lambda op: None):
            see.attempt(lambda: tf.constant(1), "string")
    names = []
    with tf.device(lambda op: names.append(op.name) or ""):
        tf.constant(1, name="x") + 2
    see(names)


def device_errors(tf, see):
    def enter(name):
        with tf.device(name):
            return tf.constant(1)

    see.attempt(lambda: enter("/cpu:x"))
    see.attempt(lambda: enter("nonsense"), "nonsense")
    see.attempt(lambda: enter("/job:a/job:b/what:3"))
    with tf.device("/gpu:7"):
        a = tf.constant(1.0, name="far")
    see.attempt(lambda: see.session.run(tf.identity(a)), "far")


def devices_by_spec(tf, see):
    spec = tf.DeviceSpec(job="ps", task=1, device_type="CPU", device_index=0)
    see(spec.to_string(), tf.DeviceSpec.from_string("/job:w/gpu:1").to_string())
    with tf.device(spec):
        see(tf.constant(1).device)


def colocation(tf, see):
    a = tf.constant(1.0, name="a")
    b = tf.constant(1.0, name="b")
    with tf.colocate_with(a):
        c = tf.add(a, 1.0, name="c")
        with tf.colocate_with(b):
            d = tf.add(a, 1.0, name="d")
        with tf.colocate_with(b, ignore_existing=True):
            e = tf.add(a, 1.0, name="e")
        with tf.colocate_with(None, ignore_existing=True):
            f = tf.add(a, 1.0, name="f")
    see(c.op.colocation_groups(), d.op.colocation_groups(), e.op.colocation_groups())
    see(f.op.colocation_groups(), a.op.colocation_groups(), c.op.get_attr("_class"))
    with tf.colocate_with(c.op):
        see(tf.no_op(name="g").colocation_groups())


def colocation_and_devices(tf, see):
    with tf.device("/cpu:0"):
        a = tf.constant(1.0, name="a")
    with tf.colocate_with(a):
        b = tf.constant(2.0, name="b")
        with tf.device("/cpu:1"):
            c = tf.constant(3.0, name="c")
    with tf.device("/cpu:1"), tf.colocate_with(a):
        d = tf.constant(4.0, name="d")
    see(b.device, c.device, d.device, b.op.colocation_groups(), c.op.colocation_groups())


def group(tf, see):
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    see(tf.group(a, b), tf.group(), tf.group(a, name="one"), tf.group([a, b], name="listed"))
    see(tf.group(a, [b.op], name="mixed").control_inputs, see.run(tf.group(a, b)))
    with tf.device("/cpu:0"):
        c = tf.constant(1, name="c")
    with tf.device("/cpu:1"):
        d = tf.constant(1, name="d")
    see(tf.group(a, c, d, name="over"), tf.group(c, c, name="same").device)
    see.attempt(lambda: tf.group(5), "5")
    see.attempt(lambda: tf.group(a, nonsense=1), "nonsense")


def tuple_op(tf, see):
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    see(tf.tuple([a, b]), tf.tuple([a, None, b], name="some"))
    see(tf.tuple([a], control_inputs=[b.op], name="after"))
    see.run(tf.tuple([a, b], name="run"))
    see.attempt(lambda: tf.tuple([]), "at least one")
    see.attempt(lambda: tf.tuple([None]), "at least one")


def with_dependencies_identity(tf, see):
    a = tf.constant(1, name="a")
    with tf.control_dependencies([tf.no_op(name="first")]):
        b = tf.identity(a, name="b")
    see(b.op.control_inputs, tf.no_op(), tf.identity(tf.constant("s")), tf.identity(5))
    see.run(b)
