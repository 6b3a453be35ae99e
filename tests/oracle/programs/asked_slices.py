"""Loops whose types differ, or that fail; gradients of some rows."""

from oracle.looking import look


def loop_of_another_type(tf, see):
    tf.set_random_seed(7)
    i = tf.constant(0)
    look(
        tf,
        see,
        lambda: tf.while_loop(lambda i: i < 3, lambda i: tf.cast(i + 1, tf.int64), [i]),
    )


def loops_that_fail(tf, see):
    tf.set_random_seed(7)
    i = tf.constant(0)
    g = tf.get_default_graph()
    look(
        tf,
        see,
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, []),
        lambda: g.unique_name("while", False),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, None),
        lambda: g.unique_name("while", False),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], maximum_iterations=[2]),
        lambda: g.unique_name("while", False),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [i], maximum_iterations="a"),
        lambda: g.unique_name("while", False),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [None]),
        lambda: g.unique_name("while", False),
        lambda: tf.while_loop(lambda i: i < 3, lambda i: None, [i]),
        lambda: g.unique_name("while", False),
        lambda: tf.while_loop(lambda: True, lambda i: i + 1, [i]),
        lambda: g.unique_name("while", False),
        lambda: tf.while_loop(lambda i: i < 3, lambda: i, [i]),
        lambda: g.unique_name("while", False),
        run=False,
    )


def rows(tf, see):
    tf.set_random_seed(7)
    p = tf.placeholder_with_default(True, [])
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    g1 = tf.gradients(tf.reduce_sum(tf.gather(v, [0])), v)[0]
    g2 = tf.gradients(tf.reduce_sum(tf.gather(v, tf.constant([1], tf.int64))), v)[0]
    g3 = tf.gradients(tf.reduce_sum(v * 2.0), v)[0]
    look(
        tf,
        see,
        lambda: g1,
        lambda: g2,
        lambda: tf.cond(p, lambda: g1, lambda: g2),
        lambda: tf.cond(p, lambda: g1 * 2.0, lambda: g1),
        lambda: tf.cond(
            p, lambda: g1, lambda: tf.IndexedSlices(g1.values * 2.0, g1.indices, g1.dense_shape)
        ),
        lambda: tf.cond(p, lambda: g1, lambda: g3),
        lambda: tf.cond(p, lambda: tf.convert_to_tensor(g1), lambda: g3),
        lambda: tf.cond(
            p,
            lambda: tf.gradients(tf.reduce_sum(tf.gather(v, [0])), v)[0],
            lambda: tf.gradients(tf.reduce_sum(tf.gather(v, [1])), v)[0],
        ),
        lambda: tf.gradients(tf.cond(p, lambda: tf.gather(v, [0]), lambda: tf.gather(v, [1])), v)[
            0
        ],
        lambda: tf.gradients(
            tf.cond(
                p,
                lambda: tf.nn.embedding_lookup(v, [0, 0]),
                lambda: tf.nn.embedding_lookup(v, [1, 0]),
            ),
            v,
        )[0],
        lambda: tf.gradients(
            tf.cond(p, lambda: tf.reduce_sum(tf.gather(v, [0])), lambda: tf.reduce_sum(v)), v
        )[0],
        lambda: tf.train.GradientDescentOptimizer(0.1).minimize(
            tf.reduce_sum(tf.cond(p, lambda: tf.gather(v, [0]), lambda: tf.gather(v, [1])))
        ),
        lambda: tf.identity(g1),
        lambda: tf.add_n([g1, g2]),
        lambda: g1 + g1,
        lambda: g1[0],
        lambda: tf.reduce_sum(g1),
        lambda: -g1,
        lambda: tf.convert_to_tensor(g1),
        lambda: str(g1)[:14],
        lambda: g1.shape,
        lambda: g1.dtype,
        lambda: g1.name,
        lambda: g1.op,
        lambda: g1.device,
        lambda: g1.graph is v.graph,
        lambda: tf.global_norm([g1, g3]),
        lambda: tf.clip_by_norm(g1, 1.0),
        lambda: tf.clip_by_global_norm([g1, g3], 1.0),
        lambda: tf.clip_by_value(g1, 0.0, 1.0),
        lambda: tf.stop_gradient(g1),
        lambda: tf.check_numerics(g1, "m"),
        lambda: tf.is_nan(g1.values),
        lambda: tf.group(g1),
        lambda: tf.tuple([g1, g3]),
    )
