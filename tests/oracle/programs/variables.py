"""Variables: how they are made, their nodes, and everything that changes them."""

import numpy as np


def kinds_of_initial_values(tf, see):
    see(
        tf.Variable(1),
        tf.Variable(1.5),
        tf.Variable([1, 2]),
        tf.Variable("text"),
        tf.Variable(True),
    )
    see(tf.Variable(np.ones([2, 2])), tf.Variable(np.float32(2)), tf.Variable(tf.zeros([3])))
    see(tf.Variable(lambda: tf.ones([2])), tf.Variable(lambda: 5.0), tf.Variable([[1.0], [2.0]]))
    see(tf.Variable(3, dtype=tf.float64), tf.Variable(tf.constant(7), name="named"))
    see.start()
    see.run(tf.global_variables())


def default_names(tf, see):
    see(tf.Variable(1), tf.Variable(1), tf.Variable(1, name="w"), tf.Variable(1, name="w"))
    with tf.name_scope("s"):
        see(tf.Variable(1), tf.Variable(1, name="w"))
    with tf.name_scope("s"):
        see(tf.Variable(1, name="w"))
    with tf.variable_scope("s"):
        see(tf.Variable(1, name="w"))


def nodes_of_a_variable(tf, see):
    v = tf.Variable(tf.zeros([2, 3]), name="v")
    see(
        v.name,
        v.op,
        v.initializer,
        v.initial_value,
        v.value(),
        v.dtype,
        v.shape,
        v.device,
        v.graph is v.op.graph,
    )
    see(v.read_value(), v.initialized_value(), v.trainable, v.get_shape())
    see(v._ref(), v._shared_name, str(v), v.op.type, v.constraint)
    see.run(v.initializer)
    see.run(v)
    see.run(v.initialized_value())


def made_without_a_value(tf, see):
    see.attempt(lambda: tf.Variable(), "initial_value")
    see.attempt(lambda: tf.Variable(None))
    see.attempt(lambda: tf.Variable([[1, 2], [3]]))
    see.attempt(lambda: tf.Variable(tf.placeholder(tf.float32)), "shape")
    see.attempt(lambda: tf.Variable(tf.placeholder(tf.float32, [None, 2])), "shape")
    see.attempt(lambda: tf.Variable(1, name="not a name"), "not a valid")
    see.attempt(lambda: tf.Variable("a", dtype=tf.int32))
    see(tf.Variable(tf.placeholder(tf.float32, [None, 2]), validate_shape=False))


def options(tf, see):
    v = tf.Variable(1.0, trainable=False, name="frozen")
    w = tf.Variable(2.0, collections=["mine"], name="w")
    x = tf.Variable(3.0, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False, name="x")
    y = tf.Variable(4.0, dtype=tf.float64, name="y")
    z = tf.Variable(5, name="z")
    see(
        v.trainable,
        w.trainable,
        tf.global_variables(),
        tf.trainable_variables(),
        tf.local_variables(),
    )
    see(tf.get_collection("mine"), x, y, z, tf.all_variables(), tf.model_variables())
    see(tf.moving_average_variables(), tf.trainable_variables("w"), tf.global_variables("y"))


def collections_by_scope(tf, see):
    with tf.name_scope("a"):
        tf.Variable(1, name="x")
    with tf.variable_scope("b"):
        tf.get_variable("x", [])
    see(tf.global_variables("a"), tf.global_variables(scope="b"), tf.trainable_variables("b/"))
    see(tf.local_variables("a"), tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, "a"))


def initializer_ops(tf, see):
    a = tf.Variable(1, name="a")
    b = tf.Variable(2, name="b")
    local = tf.Variable(3, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    see(tf.global_variables_initializer(), tf.local_variables_initializer())
    see(tf.variables_initializer([a], name="some"), tf.initialize_all_variables())
    see(tf.variables_initializer([]), tf.initialize_variables([b]), tf.initialize_local_variables())
    see(tf.global_variables_initializer().control_inputs)
    see.run(tf.global_variables_initializer())
    see.attempt(lambda: see.session.run(local), "uninitialized", "local")
    see.run(tf.local_variables_initializer())
    see.run([a, b, local])


def initializer_of_an_empty_graph(tf, see):
    see(
        tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()
    )


def uninitialized(tf, see):
    v = tf.Variable(1.0, name="v")
    w = tf.Variable(2.0, name="w")
    see.attempt(lambda: see.session.run(v), "uninitialized value", "v")
    see.attempt(lambda: see.session.run(v + 1.0), "uninitialized value", "v")
    see.attempt(lambda: see.session.run(tf.assign_add(v, 1.0)), "uninitialized", "v")
    see.run(v.initializer)
    see.run(v)
    see.run(tf.report_uninitialized_variables())
    see.run(tf.is_variable_initialized(v))
    see.run([tf.is_variable_initialized(w), tf.is_variable_initialized(v)])
    see.attempt(lambda: see.session.run(tf.assert_variables_initialized()))
    see.run(w.initializer)
    see.run(tf.report_uninitialized_variables([v, w], name="report"))
    see(tf.report_uninitialized_variables([]), tf.assert_variables_initialized([]))


def assigning(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    see.start()
    see.full(tf.assign(v, [3.0, 4.0]))
    see.full(tf.assign_add(v, [1.0, 1.0], name="plus"))
    see.full(tf.assign_sub(v, [0.5, 0.5]))
    see.full(v.assign([7.0, 8.0]))
    see.full(v.assign_add([1.0, 1.0]))
    see.full(v.assign_sub(v))
    see.run(v)
    see(tf.assign(v, v + 1.0, use_locking=False), v.assign([1.0, 2.0], name="set"))
    see.run(v.assign([5.0, 5.0], read_value=False))
    see.run(v)
    see.run(tf.assign(tf.assign(v, [0.0, 0.0]), [9.0, 9.0]))


def assigning_errors(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    see.attempt(lambda: tf.assign(v, [1.0, 2.0, 3.0]), "2", "3")
    see.attempt(lambda: tf.assign(v, [1, 2]))
    see.attempt(lambda: tf.assign(v, tf.constant([1, 2])), "int32", "float32")
    see.attempt(lambda: tf.assign(v, "x"))
    see.attempt(lambda: tf.assign(tf.constant(1.0), 2.0))
    see.attempt(lambda: tf.assign_add(v, [1.0, 1.0, 1.0]))
    see.attempt(lambda: tf.assign(5, 1))
    see.start()
    p = tf.placeholder(tf.float32)
    put = tf.assign(v, p)
    see.attempt(lambda: see.session.run(put, {p: [1.0, 2.0, 3.0]}), "[2]", "[3]")
    see.run(tf.assign(v, p, validate_shape=False), {p: [1.0, 2.0, 3.0]})
    see.run(v)


def in_place_operators(tf, see):
    v = tf.Variable(2.0, name="v")
    see.start()
    w = v
    w += 1.0
    see(w, w is v)
    see.run(w)
    see.run(v)
    see.attempt(lambda: v == 2.0)
    see(v == v, hash(v) == hash(v), v in [v])


def operators(tf, see):
    v = tf.Variable([4.0, 9.0], name="v")
    n = tf.Variable([4, 9], name="n")
    see.start()
    for tensor in (
        v + 1,
        v - 1,
        v * 2,
        v / 2,
        v // 2,
        v % 3,
        v**2,
        -v,
        abs(v),
        v + v,
        1 + v,
        1 - v,
    ):
        see.full(tensor)
    for tensor in (2 * v, 2 / v, 2**v, v < 5.0, v >= 5.0, n / 2, n // 2, n % 2, n > 5):
        see.full(tensor)
    see.full(v[0])
    see.full(v[1:])
    see.full(tf.sqrt(v))
    see.full(tf.matmul([[1.0, 1.0]], [v, v]))
    see.attempt(lambda: v + n)
    see.attempt(lambda: bool(v))
    see.attempt(lambda: list(v), "iter")
    see.attempt(lambda: len(v))


def slicing(tf, see):
    v = tf.Variable([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="v")
    see.start()
    for tensor in (v[0], v[:, 1], v[0, 0:2], v[..., -1], v[tf.newaxis, 0]):
        see.full(tensor)
    see.full(v[0].assign([7.0, 8.0, 9.0]))
    see.run(v)
    see.full(v[:, 1].assign([0.0, 0.0]))
    see.run(v)


def scatter(tf, see):
    v = tf.Variable([1.0, 2.0, 3.0, 4.0], name="v")
    see.start()
    see.full(tf.scatter_update(v, [0, 2], [10.0, 30.0]))
    see.full(tf.scatter_add(v, [0, 0, 3], [1.0, 1.0, 1.0]))
    see.full(tf.scatter_sub(v, [1], [5.0], name="less"))
    see.full(tf.scatter_mul(v, [3], [2.0]))
    see.full(tf.scatter_div(v, [3], [4.0]))
    see.full(tf.scatter_max(v, [0, 1], [100.0, -100.0]))
    see.full(tf.scatter_min(v, [0, 1], [50.0, 50.0]))
    see.full(tf.scatter_nd_update(v, [[0], [1]], [9.0, 9.0]))
    see.full(tf.scatter_nd_add(v, [[0], [1]], [1.0, 1.0]))
    see.full(tf.scatter_nd_sub(v, [[0]], [1.0]))
    see.full(v.scatter_sub(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))))
    see.run(v)
    see.attempt(lambda: see.session.run(tf.scatter_update(v, [9], [1.0])), "9", "[0, 4)")


def scatter_rows(tf, see):
    m = tf.Variable(np.arange(6.0, dtype=np.float32).reshape(3, 2), name="m")
    see.start()
    see.full(tf.scatter_update(m, [0, 2], [[9.0, 9.0], [8.0, 8.0]]))
    see.full(tf.scatter_add(m, 1, [1.0, 1.0]))
    see.full(tf.scatter_nd_update(m, [[0, 1], [2, 0]], [5.0, 6.0]))
    see.attempt(lambda: tf.scatter_update(m, [0], [[1.0, 2.0, 3.0]]))


def count_up_to(tf, see):
    n = tf.Variable(0, name="n")
    up = n.count_up_to(2)
    see(up, tf.count_up_to(n, 5, name="more"))
    see.start()
    see.run(up)
    see.run(up)
    see.attempt(lambda: see.session.run(up), "limit")
    see.run(n)


def load_and_eval(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    see.start()
    with see.session.as_default():
        see(v.eval())
        v.load([5.0, 6.0])
        see(v.eval(), v.eval(see.session))
        v.initializer.run()
        see(v.eval())
    see.attempt(lambda: v.eval(), "session")
    see.attempt(lambda: v.load([1.0, 2.0, 3.0], see.session))


def each_session_has_its_own(tf, see):
    v = tf.Variable(1, name="v")
    up = tf.assign_add(v, 1)
    first, second = tf.Session(), tf.Session()
    for sess in (first, second):
        sess.run(v.initializer)
    see(first.run(up), first.run(up), second.run(up), first.run(v), second.run(v))
    first.close()
    third = tf.Session()
    see.attempt(lambda: third.run(v), "uninitialized")
    see(second.run(v))
    second.close()


def initialized_from_another(tf, see):
    w = tf.Variable([1.0, 2.0], name="w")
    twice = tf.Variable(w.initialized_value() * 2.0, name="twice")
    see(twice, w.initialized_value())
    see.start()
    see.run(twice)
    dependent = tf.Variable(w + 1.0, name="dependent")
    see.run(dependent.initializer)
    see.run(dependent)


def random_initial_value_is_drawn_once(tf, see):
    tf.set_random_seed(3)
    v = tf.Variable(tf.random_normal([2]), name="v")
    see.start()
    see.run(v)
    see.run(v)
    see.run(v.initializer)
    see.run(v)


def under_control_dependencies(tf, see):
    a = tf.no_op(name="a")
    with tf.control_dependencies([a]):
        v = tf.Variable(1.0, name="v")
        see(v.op.control_inputs, v.initializer.control_inputs, v.value().op.control_inputs)
        see(v.read_value().op.control_inputs)
    with tf.device("/cpu:0"):
        w = tf.Variable(1.0, name="w")
    see(w.device, w.initializer.device, w.op.colocation_groups())


def feeding_a_variable(tf, see):
    v = tf.Variable(1.0, name="v")
    y = v * 10.0
    see.start()
    see.run(y, {v: 5.0})
    see.run([v, y], {v: 7.0})
    see.run(y)


def fetching_in_the_same_run_as_assigning(tf, see):
    v = tf.Variable(0, name="v")
    up = tf.assign_add(v, 1)
    see.start()
    for _ in range(3):
        see.run(up)
    see.run([up.op, up.op])
    see.run(v)


def as_an_argument(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    see(tf.identity(v), tf.convert_to_tensor(v), tf.stack([v, v]), tf.shape(v), tf.add(v, v))
    see(tf.reduce_sum([v, v]), tf.zeros_like(v), tf.concat([v, v], 0))
    see(
        tf.reshape(v, [2, 1]), tf.cast(v, tf.int32), tf.Variable(v.initialized_value(), name="copy")
    )
    see(tf.global_variables())


def constraint(tf, see):
    v = tf.Variable(-1.0, constraint=tf.nn.relu, name="v")
    see(v.constraint is tf.nn.relu, v)
    see.attempt(lambda: tf.Variable(1.0, constraint=5), "callable")


def int_and_string_variables(tf, see):
    for value in (5, 2**40, "text", [True, False], 1 + 2j, np.int8(3)):
        v = tf.Variable(value)
        see.run(v.initializer)
        see.full(v.read_value())
    s = tf.Variable(["a", "b"], name="s")
    see.start()
    see.run(tf.assign(s, ["x", "y"]))
    see.attempt(lambda: tf.assign_add(s, ["x", "y"]))
