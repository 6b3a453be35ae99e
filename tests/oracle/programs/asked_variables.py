"""What variables answer to everything one can ask of them."""

import numpy as np

from oracle.looking import look


def variable(tf, see):
    tf.set_random_seed(7)
    v = tf.Variable([1, 2, 3], name="v")
    look(
        tf,
        see,
        lambda: v,
        lambda: v.initial_value,
        lambda: v.initializer,
        lambda: v.op,
        lambda: v.dtype,
        lambda: v.shape,
        lambda: v.get_shape(),
        lambda: v.name,
        lambda: v.device,
        lambda: v.graph is tf.get_default_graph(),
        lambda: v.trainable,
        lambda: v.synchronization,
        lambda: v.aggregation,
        lambda: v.constraint,
        lambda: str(v),
        lambda: repr(v),
        lambda: v + 1,
        lambda: 1 + v,
        lambda: v - 1,
        lambda: 2 - v,
        lambda: v * 2,
        lambda: v / 2,
        lambda: v // 2,
        lambda: v % 2,
        lambda: -v,
        lambda: abs(v),
        lambda: v**2,
        lambda: 2**v,
        lambda: v[0],
        lambda: v[1:],
        lambda: v[::-1],
        lambda: v[None],
        lambda: v[..., 0],
        lambda: v > 1,
        lambda: v >= 1,
        lambda: v < 2,
        lambda: v <= 2,
        lambda: v @ v,
        lambda: v == v,
        lambda: hash(v) is not None,
        lambda: v.value(),
        lambda: v.read_value(),
        lambda: v.initialized_value(),
        lambda: v.assign([4, 5, 6]),
        lambda: v.assign_add([1, 1, 1]),
        lambda: v.assign_sub([1, 1, 1]),
        lambda: v.assign([1.5, 2, 3]),
        lambda: v.assign([1, 2]),
        lambda: v.assign("a"),
        lambda: v.assign([4, 5, 6], use_locking=True, name="asg"),
        lambda: v.assign([4, 5, 6], read_value=False),
        lambda: v.assign_add(1),
        lambda: v.count_up_to(3),
        lambda: v.scatter_add(tf.IndexedSlices(tf.constant([10, 20]), tf.constant([0, 2]))),
        lambda: v.scatter_sub(tf.IndexedSlices(tf.constant([10, 20]), tf.constant([0, 2]))),
        lambda: v.scatter_update(tf.IndexedSlices(tf.constant([10, 20]), tf.constant([0, 2]))),
        lambda: v.scatter_add([1]),
        lambda: v.scatter_nd_add([[0]], [3]),
        lambda: v.scatter_nd_sub([[0]], [3]),
        lambda: v.scatter_nd_update([[0]], [3]),
        lambda: v.gather_nd([[0]]),
        lambda: v.sparse_read([0, 1]),
    )

    def attempt():
        for _x in v:
            pass

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: len(v),
        lambda: bool(v),
        lambda: v.set_shape([3]),
        lambda: v.set_shape([4]),
        lambda: v.eval(),
        lambda: v.load([1, 2, 3]),
        lambda: v.to_proto().variable_name,
        lambda: v.from_proto(v.to_proto()),
    )


def counting(tf, see):
    tf.set_random_seed(7)
    c = tf.Variable(0, name="c")
    look(
        tf,
        see,
        lambda: c.count_up_to(3),
        lambda: tf.count_up_to(c, 3),
    )
    f = tf.Variable(0.5)
    look(
        tf,
        see,
        lambda: f.count_up_to(2),
        lambda: c.assign(1.5),
        lambda: c.assign(tf.constant(1.5)),
        lambda: tf.assign(c, 3),
        lambda: tf.assign(c, [3]),
        lambda: tf.assign(c, [3], validate_shape=False),
        lambda: tf.assign_add(c, 2),
        lambda: tf.assign_sub(c, 2),
        lambda: tf.assign_add(c, [2]),
        lambda: tf.assign(tf.constant(1), 2),
        lambda: tf.assign_add(tf.constant(1), 2),
    )


def making(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.Variable(None),
        lambda: tf.Variable(),
        lambda: tf.Variable(lambda: tf.constant([1.0]), name="lam"),
        lambda: tf.Variable(lambda: 1),
        lambda: tf.Variable(lambda: [1.0, 2.0], dtype=tf.float64),
        lambda: tf.Variable([1.0], dtype=tf.int32),
        lambda: tf.Variable([1], dtype=tf.float32),
        lambda: tf.Variable([1], dtype=tf.string),
        lambda: tf.Variable("a"),
        lambda: tf.Variable(True),
        lambda: tf.Variable(1j),
        lambda: tf.Variable(np.float16(1)),
        lambda: tf.Variable(np.array([1, 2], np.uint8)),
        lambda: tf.Variable([[1, 2], [3]]),
        lambda: tf.Variable(tf.placeholder(tf.float32)),
        lambda: tf.Variable(tf.placeholder(tf.float32), validate_shape=False),
        lambda: tf.Variable(tf.placeholder(tf.float32, [None, 3])),
        lambda: tf.Variable(tf.zeros([2, 3]), name="z", trainable=False),
        lambda: tf.Variable(1.0, collections="a"),
        lambda: tf.Variable(1.0, collections=["a"]),
        lambda: tf.Variable(1.0, collections=[]),
        lambda: tf.get_collection("a"),
        lambda: tf.Variable(1.0, name="bad name"),
        lambda: tf.Variable(1.0, name="ok/inner"),
        lambda: tf.Variable(1.0, name=""),
        lambda: tf.Variable(1.0, name=None),
        lambda: tf.Variable(1.0, constraint=3),
        lambda: tf.Variable(1.0, constraint=lambda x: x),
        lambda: tf.Variable(1.0, expected_shape=[2]),
        lambda: tf.Variable(1.0, expected_shape=[]),
        lambda: tf.Variable(1.0, shape=[2]),
        lambda: tf.Variable(1.0, shape=tf.TensorShape(None)),
        lambda: tf.Variable(1.0, trainable="yes"),
        lambda: tf.Variable(1.0, aggregation=1),
        lambda: tf.Variable(1.0, synchronization=1),
        lambda: tf.Variable(1.0, variable_def=3),
        lambda: tf.local_variables(),
        lambda: tf.model_variables(),
        lambda: tf.moving_average_variables(),
        lambda: tf.trainable_variables("ok"),
    )


def initializing(tf, see):
    tf.set_random_seed(7)
    a = tf.Variable(1.0, name="a")
    b = tf.Variable(a.initialized_value() * 2, name="b")
    tf.Variable(a, name="b2")
    tf.Variable(a * 2, name="b3")
    look(
        tf,
        see,
        lambda: tf.is_variable_initialized(a),
        lambda: tf.report_uninitialized_variables(),
        lambda: tf.report_uninitialized_variables([a, b]),
        lambda: tf.report_uninitialized_variables([]),
        lambda: tf.assert_variables_initialized([a]),
        lambda: tf.assert_variables_initialized(),
        lambda: tf.variables_initializer([a], name="ai"),
        lambda: tf.variables_initializer([]),
        lambda: tf.initialize_all_variables(),
        lambda: tf.global_variables_initializer(),
        lambda: tf.local_variables_initializer(),
        lambda: tf.initialize_variables([a]),
        lambda: tf.initialize_local_variables(),
        lambda: tf.variables_initializer(a),
        lambda: tf.variables_initializer([3]),
        lambda: tf.is_variable_initialized(tf.constant(1)),
    )


def uninitialized(tf, see):
    tf.set_random_seed(7)
    a = tf.Variable(1.0, name="a")
    look(
        tf,
        see,
        lambda: a,
        lambda: a + 1,
        lambda: tf.report_uninitialized_variables(),
        lambda: tf.assert_variables_initialized(),
        lambda: tf.is_variable_initialized(a),
        lambda: a.assign_add(1),
        lambda: a.initialized_value(),
        lambda: a.scatter_add(tf.IndexedSlices(1.0, 0)),
        lambda: tf.scatter_add(tf.Variable([1.0, 2.0]), [0], [1.0]),
        lambda: tf.count_up_to(tf.Variable(0), 3),
    )


def scattering(tf, see):
    tf.set_random_seed(7)
    w = tf.Variable(tf.zeros([4, 2]), name="w")
    look(
        tf,
        see,
        lambda: tf.scatter_add(w, [0, 1], [[1.0, 2.0], [3.0, 4.0]]),
        lambda: tf.scatter_add(w, 0, [1.0, 2.0]),
        lambda: tf.scatter_add(w, [0], [1.0]),
        lambda: tf.scatter_add(w, [7], [[1.0, 2.0]]),
        lambda: tf.scatter_add(w, [-1], [[1.0, 2.0]]),
        lambda: tf.scatter_update(w, [0], [[1.0, 2.0]]),
        lambda: tf.scatter_sub(w, [0], [[1.0, 2.0]]),
        lambda: tf.scatter_mul(w, [0], [[1.0, 2.0]]),
        lambda: tf.scatter_div(w, [0], [[1.0, 2.0]]),
        lambda: tf.scatter_min(w, [0], [[1.0, 2.0]]),
        lambda: tf.scatter_max(w, [0], [[1.0, 2.0]]),
        lambda: tf.scatter_add(w, [0.5], [[1.0, 2.0]]),
        lambda: tf.scatter_add(w, [0], [["a", "b"]]),
        lambda: tf.scatter_add(w, [0], 5.0),
        lambda: tf.scatter_add(w, [[0], [1]], 5.0),
        lambda: tf.scatter_nd_update(w, [[0]], [[1.0, 2.0]]),
        lambda: tf.scatter_nd_add(w, [[0, 1]], [1.0]),
        lambda: tf.scatter_nd_sub(w, [[0, 1]], [1.0]),
        lambda: tf.scatter_nd_add(w, [[5, 1]], [1.0]),
        lambda: tf.scatter_nd_add(w, [[0, 0, 0]], [1.0]),
        lambda: tf.scatter_add(tf.constant([1.0]), [0], [1.0]),
        lambda: tf.batch_scatter_update(w, [[0]], [[1.0]]),
    )
