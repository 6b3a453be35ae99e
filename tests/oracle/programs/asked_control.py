"""Branches, loops, functions over rows, templates, partitioned variables."""

import numpy as np

from oracle.looking import look


def branches(tf, see):
    tf.set_random_seed(7)
    p = tf.placeholder_with_default(True, [])
    x = tf.constant(2.0, name="x")
    v = tf.Variable([1.0, 2.0, 3.0], name="v")
    i1 = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]), tf.constant([3]))
    i2 = tf.IndexedSlices(tf.constant([2.0]), tf.constant([1]), tf.constant([3]))
    i3 = tf.IndexedSlices(tf.constant([2.0]), tf.constant([1], tf.int64))
    s1 = tf.SparseTensor([[0, 0]], [1.0], [2, 2])
    s2 = tf.SparseTensor([[1, 0]], [2.0], [2, 2])
    look(
        tf,
        see,
        lambda: tf.cond(p, lambda: i1, lambda: i2),
        lambda: tf.cond(p, lambda: i1, lambda: i3),
        lambda: tf.cond(
            p,
            lambda: tf.IndexedSlices(x[None], tf.constant([0])),
            lambda: tf.IndexedSlices(x[None] + 1, tf.constant([1])),
        ),
        lambda: tf.cond(p, lambda: s1, lambda: s2),
        lambda: tf.cond(p, lambda: tf.SparseTensor([[0, 0]], x[None], [2, 2]), lambda: s2),
        lambda: tf.cond(p, lambda: i1, lambda: x),
        lambda: tf.cond(p, lambda: s1, lambda: x),
        lambda: tf.cond(p, lambda: [i1, x], lambda: [i2, x + 1]),
        lambda: tf.cond(p, lambda: v, lambda: v),
        lambda: tf.cond(p, lambda: v, lambda: x),
        lambda: tf.cond(p, lambda: v + 1, lambda: v),
        lambda: tf.cond(p, lambda: v.assign([4.0, 5.0, 6.0]), lambda: v),
        lambda: tf.cond(p, lambda: v.assign([4.0, 5.0, 6.0]).op, lambda: tf.no_op()),
        lambda: tf.cond(p, lambda: tf.group(v.assign([4.0, 5.0, 6.0])), lambda: tf.no_op()),
        lambda: tf.cond(p, list, list),
        lambda: tf.cond(p, tuple, tuple),
        lambda: tf.cond(p, lambda: {"a": x}, lambda: {"a": 1.0}),
        lambda: tf.cond(p, lambda: {"a": x}, lambda: {"b": x}),
        lambda: tf.cond(p, lambda: (x, (x, 1)), lambda: (x, (x, 2))),
        lambda: tf.cond(p, lambda: 1, lambda: 2.0),
        lambda: tf.cond(p, lambda: "a", lambda: "b"),
        lambda: tf.cond(p, lambda: None, lambda: x),
        lambda: tf.cond(p, lambda: x, lambda: [x]),
        lambda: tf.cond(p, lambda: x, lambda: [x], strict=True),
        lambda: tf.cond(p, lambda: tf.zeros([2]), lambda: tf.zeros([3])),
        lambda: tf.cond(p, lambda: tf.zeros([2, 3]), lambda: tf.zeros([4, 3])),
        lambda: tf.cond(p, lambda: tf.cond(p, lambda: x, lambda: x * 2), lambda: x * 3),
        lambda: tf.cond(tf.constant(1), lambda: x, lambda: x),
        lambda: tf.cond(tf.constant([True]), lambda: x, lambda: x),
        lambda: tf.cond(1, lambda: x, lambda: x),
        lambda: tf.cond(None, lambda: x, lambda: x),
        lambda: tf.cond("a", lambda: x, lambda: x),
        lambda: tf.cond(np.bool_(True), lambda: x, lambda: x),
        lambda: tf.cond(np.array(True), lambda: x, lambda: x),
        lambda: tf.cond(tf.placeholder(tf.bool), lambda: x, lambda: x).shape,
        lambda: tf.cond(p, lambda y: x, lambda: x),
        lambda: tf.cond(p, true_fn=lambda: x),
        lambda: tf.cond(p, false_fn=lambda: x),
        lambda: tf.cond(p, lambda: x, lambda: x, fn1=lambda: x),
        lambda: tf.cond(p, lambda: x / 0, lambda: x),
        lambda: tf.gradients(tf.cond(p, lambda: x * x, lambda: x), x),
        lambda: tf.gradients(
            tf.cond(p, lambda: tf.reduce_sum(tf.gather(v, [0, 1])), lambda: tf.reduce_sum(v)), v
        ),
        lambda: tf.gradients(tf.cond(p, lambda: x * 2, lambda: tf.constant(1.0)), x),
        lambda: tf.gradients(tf.cond(p, lambda: tf.constant(2.0), lambda: tf.constant(1.0)), x),
        lambda: tf.case([(p, lambda: x), (p, lambda: x + 1)], default=lambda: x * 3),
        lambda: tf.case([(p, lambda: x)]),
        lambda: tf.case({p: lambda: x}, default=lambda: x),
        lambda: tf.case([(p, lambda: x), (tf.logical_not(p), lambda: x + 1)], exclusive=True),
        lambda: tf.case([(p, lambda: x), (p, lambda: x + 1)], exclusive=True, default=lambda: x),
        lambda: tf.case([]),
        lambda: tf.case([], default=lambda: x),
        lambda: tf.case(3),
        lambda: tf.case([p]),
        lambda: tf.case([(p, x)]),
        lambda: tf.case([(True, lambda: x)]),
        lambda: tf.case([(x, lambda: x)]),
        lambda: tf.case([(p, lambda: x)], default=x),
        lambda: tf.case([(p, lambda: x)], strict=True),
        lambda: tf.case([(p, lambda: x)], name="cs"),
        lambda: tf.case([(p, lambda: 1)], default=lambda: 2.0),
        lambda: tf.case([(tf.logical_not(p), lambda: x)]),
    )


def loops(tf, see):
    tf.set_random_seed(7)
    i = tf.constant(0)
    x = tf.constant(2.0, name="x")
    s1 = tf.SparseTensor([[0, 0]], [1.0], [2, 2])
    look(
        tf,
        see,
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: [i + 1], [i]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: (i + 1,), (i,)),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], return_same_structure=True),
        lambda: tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * 2), [i, x]),
        lambda: tf.while_loop(lambda i, y: i < 3, lambda i, y: [i + 1, y * 2], (i, x)),
        lambda: tf.while_loop(lambda i, y: i < 3, lambda i, y: i + 1, [i, x]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: (i + 1, i), [i]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1.0, [i]),
        lambda: tf.while_loop(lambda i: i, lambda i: i + 1, [i]),
        lambda: tf.while_loop(lambda i: [i < 3], lambda i: i + 1, [i]),
        lambda: tf.while_loop(lambda i: True, lambda i: i + 1, [i], maximum_iterations=4),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], maximum_iterations=2),
        lambda: tf.while_loop(
            lambda i: i < 3, lambda i: i + 1, [i], maximum_iterations=tf.constant(2)
        ),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], maximum_iterations=[2]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], maximum_iterations="a"),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, []),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, None),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [None]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: None, [i]),
        lambda: tf.while_loop(lambda: True, lambda i: i + 1, [i]),
        lambda: tf.while_loop(lambda i: i < 3, lambda: i, [i]),
        lambda: tf.while_loop(3, lambda i: i, [i]),
        lambda: tf.while_loop(lambda i: i < 3, 3, [i]),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], parallel_iterations=0),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], parallel_iterations="a"),
        lambda: tf.while_loop(
            lambda i, a: i < 3, lambda i, a: (i + 1, tf.concat([a, a], 0)), [i, tf.zeros([1])]
        ),
        lambda: tf.while_loop(
            lambda i, a: i < 3,
            lambda i, a: (i + 1, tf.concat([a, a], 0)),
            [i, tf.zeros([1])],
            shape_invariants=[i.shape, tf.TensorShape([None])],
        ),
        lambda: tf.while_loop(
            lambda i, a: i < 3,
            lambda i, a: (i + 1, tf.concat([a, a], 0)),
            [i, tf.zeros([1])],
            shape_invariants=[i.shape, tf.TensorShape([2])],
        ),
        lambda: tf.while_loop(
            lambda i, a: i < 3,
            lambda i, a: (i + 1, a),
            [i, tf.zeros([1])],
            shape_invariants=[i.shape],
        ),
        lambda: tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a), {"i": i, "a": x}),
        lambda: tf.while_loop(lambda d: d["i"] < 3, lambda d: [{"i": d["i"] + 1}], [{"i": i}]),
        lambda: tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s), [i, s1]),
        lambda: tf.while_loop(
            lambda i, s: i < 3,
            lambda i, s: (i + 1, tf.SparseTensor(s.indices, s.values * 2.0, s.dense_shape)),
            [i, s1],
        ),
        lambda: tf.while_loop(
            lambda i, s: i < 3,
            lambda i, s: (i + 1, tf.IndexedSlices(s.values * 2.0, s.indices)),
            [i, tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))],
        ),
        lambda: tf.while_loop(
            lambda i, t: i < 3,
            lambda i, t: (i + 1, t.write(i, i * i)),
            [i, tf.TensorArray(tf.int32, 3)],
        )[1].stack(),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: tf.Print(i + 1, [i], "m"), [i]),
        lambda: tf.gradients(
            tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [i, x])[1], x
        ),
        lambda: tf.gradients(
            tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [i, x], back_prop=False)[
                1
            ],
            x,
        ),
        lambda: tf.map_fn(lambda a: a * a, tf.constant([1.0, 2.0, 3.0])),
        lambda: tf.map_fn(lambda a: (a, a + 1), tf.constant([1, 2]), dtype=(tf.int32, tf.int32)),
        lambda: tf.map_fn(lambda a: (a, a), tf.constant([1, 2])),
        lambda: tf.map_fn(
            lambda a: a[0] + a[1], (tf.constant([1, 2]), tf.constant([3, 4])), dtype=tf.int32
        ),
        lambda: tf.map_fn(lambda a: tf.cast(a, tf.float32), tf.constant([1, 2])),
        lambda: tf.map_fn(lambda a: a, tf.constant([[1, 2]]), parallel_iterations=1),
        lambda: tf.map_fn(lambda a: a[0], (tf.constant([1, 2]), tf.constant([3])), dtype=tf.int32),
        lambda: tf.map_fn(lambda a: a, tf.placeholder_with_default([[1.0]], [None, 1])).shape,
        lambda: tf.map_fn(
            lambda a: tf.SparseTensor([[0]], tf.constant([1]), tf.constant([1])), tf.constant([1])
        ),
        lambda: tf.foldl(lambda a, b: a + b, tf.constant([1, 2, 3])),
        lambda: tf.foldr(lambda a, b: a - b, tf.constant([1, 2, 3])),
        lambda: tf.foldl(lambda a, b: a + b, tf.constant([1, 2, 3]), initializer=10),
        lambda: tf.foldl(
            lambda a, b: a * b[0], (tf.constant([1, 2]), tf.constant([3, 4])), initializer=1
        ),
        lambda: tf.scan(lambda a, b: a + b, tf.constant([1, 2, 3])),
        lambda: tf.scan(lambda a, b: a + b, tf.constant([1, 2, 3]), initializer=10),
        lambda: tf.scan(lambda a, b: a + b, tf.constant([1, 2, 3]), reverse=True),
        lambda: tf.scan(
            lambda a, b: (a[0] + b, a[1] * b), tf.constant([1, 2, 3]), initializer=(0, 1)
        ),
        lambda: tf.scan(lambda a, b: a + b, tf.constant([[1.0, 2.0], [3.0, 4.0]])),
        lambda: tf.scan(lambda a, b: a + 1.0, tf.constant([1, 2])),
        lambda: tf.gradients(tf.scan(lambda a, b: a * x, tf.constant([1.0, 2.0])), x),
        lambda: tf.gradients(
            tf.gradients(
                tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [i, x])[1], x
            ),
            x,
        ),
    )


def templates(tf, see):
    tf.set_random_seed(7)

    def f(y):
        return tf.get_variable("w", [1], initializer=tf.ones_initializer()) * y

    t = tf.make_template("t", f)
    look(
        tf,
        see,
        lambda: (t(1.0), t(2.0)),
        lambda: (
            t.name,
            t.variable_scope.name,
            t.func is f,
            [v.name for v in t.variables],
            [v.name for v in t.trainable_variables],
            [v.name for v in t.global_variables],
        ),
    )
    t2 = tf.make_template("t", f)
    look(
        tf,
        see,
        lambda: t2(1.0),
        lambda: t2.name,
    )
    t3 = tf.make_template("t3", f, create_scope_now_=True)
    look(
        tf,
        see,
        lambda: t3(1.0),
    )
    t4 = tf.make_template("t4", f, y=3.0)
    look(
        tf,
        see,
        lambda: t4(),
    )
    t5 = tf.make_template("t5", f, unique_name_="uu")
    look(
        tf,
        see,
        lambda: t5(1.0),
    )
    tf.make_template("t6", f, unique_name_="uu")

    def g(y):
        return tf.Variable(1.0) * y

    t7 = tf.make_template("t7", g)
    look(
        tf,
        see,
        lambda: t7(1.0),
    )

    def h(y):
        return tf.get_variable(y, [1])

    t8 = tf.make_template("t8", h)
    look(
        tf,
        see,
        lambda: t8("a"),
    )
    t9 = tf.make_template("t9", lambda: tf.constant(1))
    look(
        tf,
        see,
        lambda: (t9(), t9()),
    )
    t10 = tf.make_template("bad name", f)
    look(
        tf,
        see,
        lambda: t10(1.0),
        lambda: tf.make_template(3, f),
        lambda: tf.make_template("t11", 3),
        lambda: tf.make_template("t12", f, custom_getter_=lambda gt, *a, **k: gt(*a, **k) * 3)(1.0),
    )
    with tf.variable_scope("out"):
        t13 = tf.make_template("t13", f)
        r = t13(1.0)
    look(
        tf,
        see,
        lambda: r,
    )
    with tf.variable_scope("other"):
        r = t13(1.0)
    look(
        tf,
        see,
        lambda: r,
    )
    with tf.name_scope("nm"):
        r = t13(2.0)
    look(
        tf,
        see,
        lambda: r,
        lambda: tf.make_template("t14", f)(1.0, 2.0),
        lambda: tf.make_template("", f)(1.0),
    )


def partitions(tf, see):
    tf.set_random_seed(7)
    a = tf.get_variable(
        "a", [10, 4], partitioner=tf.fixed_size_partitioner(3), initializer=tf.ones_initializer()
    )
    look(
        tf,
        see,
        lambda: a,
        lambda: list(a),
        lambda: len(a),
        lambda: a.shape,
        lambda: a.dtype,
        lambda: a.name,
        lambda: tf.identity(a),
        lambda: a + 1.0,
        lambda: tf.nn.embedding_lookup(a, [0, 5, 9]),
        lambda: tf.nn.embedding_lookup(list(a), [0, 5, 9], "div"),
        lambda: a.initializer,
        lambda: a.op,
        lambda: a._get_partitions(),
        lambda: [v.name for v in tf.global_variables()],
        lambda: [v._save_slice_info.spec for v in a],
    )
    b = tf.get_variable(
        "b",
        [10, 4],
        partitioner=tf.fixed_size_partitioner(2, axis=1),
        initializer=tf.zeros_initializer(),
    )
    look(
        tf,
        see,
        lambda: ([v.name for v in b], [v.shape for v in b]),
    )
    c = tf.get_variable(
        "c",
        [10, 4],
        partitioner=tf.variable_axis_size_partitioner(64),
        initializer=tf.zeros_initializer(),
    )
    look(
        tf,
        see,
        lambda: [v.shape for v in c],
    )
    d = tf.get_variable(
        "d",
        [100, 4],
        partitioner=tf.min_max_variable_partitioner(4, 0, 128, 4),
        initializer=tf.zeros_initializer(),
    )
    look(
        tf,
        see,
        lambda: [v.shape for v in d],
        lambda: tf.get_variable("e", [10], partitioner=lambda shape, dtype: [2]),
        lambda: tf.get_variable("e1", [10], partitioner=lambda shape, dtype: [2, 1]),
        lambda: tf.get_variable("e2", [10, 2], partitioner=lambda shape, dtype: [2, 2]),
        lambda: tf.get_variable("e3", [10], partitioner=lambda shape, dtype: 3),
        lambda: tf.get_variable("e4", [10], partitioner=lambda shape, dtype: [0]),
        lambda: tf.get_variable("e5", [10], partitioner=lambda shape, dtype: [1]),
        lambda: tf.get_variable("e6", [2], partitioner=lambda shape, dtype: [5]),
        lambda: tf.get_variable("e7", [], partitioner=tf.fixed_size_partitioner(2)),
        lambda: tf.get_variable(
            "e8", partitioner=tf.fixed_size_partitioner(2), initializer=tf.zeros([4])
        ),
        lambda: tf.get_variable(
            "e9", [4], partitioner=tf.fixed_size_partitioner(2), initializer=tf.zeros([4])
        ),
        lambda: tf.get_variable("e10", [None], partitioner=tf.fixed_size_partitioner(2)),
        lambda: tf.get_variable("e11", [4], partitioner="a"),
        lambda: tf.fixed_size_partitioner(0),
        lambda: tf.variable_axis_size_partitioner(0),
        lambda: tf.variable_axis_size_partitioner(64, max_shards=0),
        lambda: tf.min_max_variable_partitioner(0),
        lambda: tf.min_max_variable_partitioner(2, min_slice_size=-1),
        lambda: tf.get_variable(
            "e12", [4], partitioner=tf.fixed_size_partitioner(2), regularizer=tf.reduce_sum
        ),
        lambda: tf.get_collection("regularization_losses"),
        lambda: tf.create_partitioned_variables([4, 2], [2, 1], tf.zeros_initializer()),
        lambda: tf.create_partitioned_variables([4, 2], [2, 2], tf.zeros([4, 2])),
        lambda: tf.create_partitioned_variables([4, 2], [2, 1], 3.0),
        lambda: tf.create_partitioned_variables([4, 2], [3], tf.zeros_initializer()),
        lambda: tf.create_partitioned_variables(
            [4, 2], [2, 1], tf.zeros_initializer(), name="pv", trainable=False
        ),
        lambda: tf.report_uninitialized_variables(),
    )
