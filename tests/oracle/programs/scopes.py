"""variable_scope and get_variable: sharing, inheriting and every error."""

import numpy as np


def get_variable_forms(tf, see):
    see(tf.get_variable("a", [2, 3]), tf.get_variable("b", shape=[], dtype=tf.int32))
    see(tf.get_variable("c", initializer=5), tf.get_variable("d", initializer=[1.0, 2.0]))
    see(tf.get_variable("e", initializer=tf.ones([2])), tf.get_variable("f", [2], tf.float64))
    see(tf.get_variable("g", [2], initializer=tf.zeros_initializer()), tf.get_variable("h", 3))
    see(
        tf.get_variable("i", [2], initializer=tf.constant_initializer(3.0)),
        tf.get_variable("j", [], tf.bool),
    )
    see(
        tf.get_variable("k", initializer=lambda: tf.ones([2])),
        tf.get_variable("l", [2], trainable=False),
    )
    see(tf.get_variable("m", [2], initializer=tf.ones_initializer), tf.get_variable("deep/er", [1]))
    see(tf.get_variable("n", initializer=np.array([1.0, 2.0])), tf.get_variable("o", (2, 2)))
    see(tf.trainable_variables())


def default_initializers_by_dtype(tf, see):
    see(
        tf.get_variable("f", [2]),
        tf.get_variable("i", [2], tf.int32),
        tf.get_variable("b", [2], tf.bool),
    )
    see.attempt(lambda: tf.get_variable("s", [2], tf.string))
    tf.set_random_seed(1)
    w = tf.get_variable("w", [3, 2])
    see.start()
    see.run(w)


def get_variable_errors(tf, see):
    tf.get_variable("a", [2])
    see.attempt(lambda: tf.get_variable("a", [2]), "Variable a already exists", "reuse")
    see.attempt(lambda: tf.get_variable("nothing"), "shape", "nothing")
    see.attempt(lambda: tf.get_variable("b", [None, 2]), "fully defined")
    see.attempt(lambda: tf.get_variable("c", [2], initializer=tf.constant([1.0, 2.0])), "shape")
    see.attempt(lambda: tf.get_variable("d", [2], initializer=5))
    see.attempt(lambda: tf.get_variable(""), "")
    see.attempt(lambda: tf.get_variable(None, [1]))
    see.attempt(lambda: tf.get_variable("e f", [1]), "not a valid")
    see.attempt(lambda: tf.get_variable("g", initializer=5, dtype=tf.float32))
    see.attempt(lambda: tf.get_variable("h", [2], regularizer=5))
    see.attempt(lambda: tf.get_variable("i", [-1]))
    with tf.variable_scope("s", reuse=True):
        see.attempt(lambda: tf.get_variable("new", [1]), "s/new", "does not exist")
    with tf.variable_scope("", reuse=True):
        see.attempt(lambda: tf.get_variable("a", [3]), "share", "a", "(3,)", "(2,)")
        see.attempt(lambda: tf.get_variable("a", [2], tf.float64), "dtype", "float64", "float32")
        see(tf.get_variable("a"), tf.get_variable("a", [2]), tf.get_variable("a", 2))
    tf.Variable(1, name="plain")
    see(tf.get_variable("plain", [1]))


def scopes_prefix_names(tf, see):
    with tf.variable_scope("outer") as outer:
        see(outer.name, outer.original_name_scope, outer.reuse, tf.get_variable("w", [1]))
        with tf.variable_scope("inner") as inner:
            see(
                inner.name,
                inner.original_name_scope,
                tf.get_variable("w", [1]),
                tf.constant(1, name="c"),
            )
        see(tf.get_variable_scope().name, tf.get_variable_scope() is outer)
    see(tf.get_variable_scope().name, tf.get_variable_scope().original_name_scope)


def scope_twice(tf, see):
    with tf.variable_scope("s"):
        see(tf.get_variable("a", [1]), tf.constant(1, name="c"))
    with tf.variable_scope("s") as again:
        see(
            again.name,
            again.original_name_scope,
            tf.get_variable("b", [1]),
            tf.constant(1, name="c"),
        )
    with tf.variable_scope("s", reuse=True):
        see(tf.get_variable("a"), tf.constant(1, name="c"), tf.get_variable("a") + 1.0)


def scope_object(tf, see):
    with tf.variable_scope("s") as s:
        a = tf.get_variable("a", [1])
        see(tf.constant(1, name="c"))
    with tf.variable_scope("other"):
        with tf.variable_scope(s) as again:
            see(again.name, again.original_name_scope, tf.constant(1, name="c"))
            see(tf.get_variable("b", [1]))
        with tf.variable_scope(s, reuse=True):
            see(tf.get_variable("a") is a, tf.get_variable_scope().reuse, tf.constant(1, name="c"))
        see(tf.get_variable_scope().name)
    with tf.variable_scope(s, auxiliary_name_scope=False):
        see(tf.constant(1, name="c"))
        with tf.name_scope(s.original_name_scope):
            see(tf.constant(1, name="c"))


def scope_object_of_a_deeper_scope(tf, see):
    with tf.variable_scope("a"), tf.variable_scope("b") as b:
        see(b.name)
    with tf.variable_scope(b) as again:
        see(
            again.name,
            again.original_name_scope,
            tf.get_variable("v", [1]),
            tf.constant(1, name="c"),
        )
        with tf.variable_scope("d") as d:
            see(d.name, d.original_name_scope)


def reuse_is_inherited(tf, see):
    with tf.variable_scope("s"):
        tf.get_variable("a", [1])
        with tf.variable_scope("t"):
            tf.get_variable("b", [1])
    with tf.variable_scope("s", reuse=True) as s:
        see(s.reuse)
        with tf.variable_scope("t") as t:
            see(t.reuse, tf.get_variable("b"))
        with tf.variable_scope("t", reuse=False) as t:
            see(t.reuse, tf.get_variable("b"))
        with tf.variable_scope("t", reuse=None) as t:
            see(t.reuse)
    see(tf.get_variable_scope().reuse)


def auto_reuse(tf, see):
    for _ in range(2):
        with tf.variable_scope("s", reuse=tf.AUTO_REUSE) as s:
            see(tf.get_variable("a", [1]), s.reuse == tf.AUTO_REUSE, tf.constant(1, name="c"))
            with tf.variable_scope("t") as t:
                see(tf.get_variable("b", [2]), t.reuse == tf.AUTO_REUSE)
    see(tf.global_variables())
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        see.attempt(lambda: tf.get_variable("a", [2]), "s/a", "shape")


def reuse_variables(tf, see):
    with tf.variable_scope("s") as s:
        a = tf.get_variable("a", [1])
        s.reuse_variables()
        see(tf.get_variable("a") is a, s.reuse)
        see.attempt(lambda: tf.get_variable("b", [1]), "s/b", "does not exist")
    with tf.variable_scope("s"):
        see(tf.get_variable("b", [1]))
    tf.get_variable_scope().reuse_variables()
    see.attempt(lambda: tf.get_variable("c", [1]), "does not exist")


def default_name(tf, see):
    for _ in range(3):
        with tf.variable_scope(None, default_name="layer") as s:
            see(s.name, s.original_name_scope, tf.get_variable("w", [1]), tf.constant(1, name="c"))
    with tf.variable_scope("given", default_name="layer") as s:
        see(s.name)
    with tf.variable_scope("outer"), tf.variable_scope(None, "layer") as s:
        see(s.name, tf.get_variable("w", [1]))
    see.attempt(lambda: tf.variable_scope(None), "name")
    see.attempt(lambda: tf.variable_scope(None, default_name="x", reuse=True).__enter__(), "reuse")
    see.attempt(lambda: tf.variable_scope(5).__enter__())
    see.attempt(lambda: tf.variable_scope("s", reuse="yes").__enter__(), "reuse")


def name_scopes_do_not_touch_get_variable(tf, see):
    with tf.variable_scope("var"), tf.name_scope("name"):
        v1 = tf.get_variable("var1", [1])
        v2 = tf.Variable(1, name="var2", dtype=tf.float32)
        see(v1, v2, tf.add(v1, v2))
    with tf.name_scope("bar"), tf.variable_scope("foo"):
        see(tf.get_variable("a", [1]), tf.Variable(1, name="b"), tf.constant(1, name="c"))


def empty_scope_name(tf, see):
    with tf.variable_scope("") as s:
        see(s.name, s.original_name_scope, tf.get_variable("a", [1]), tf.constant(1, name="c"))
    with tf.variable_scope("s"), tf.variable_scope("") as t:
        see(t.name, tf.get_variable("a", [1]), tf.constant(1, name="c"))


def names_already_taken(tf, see):
    tf.constant(1, name="s")
    with tf.variable_scope("s"):
        see(tf.get_variable("a", [1]), tf.constant(1, name="c"))
    tf.constant(1, name="b")
    see(tf.get_variable("b", [1]))
    with tf.name_scope("t"):
        pass
    with tf.variable_scope("t"):
        see(tf.get_variable("a", [1]), tf.constant(1, name="c"))


def scope_defaults(tf, see):
    with tf.variable_scope("s", initializer=tf.constant_initializer(0.4), dtype=tf.float64) as s:
        a = tf.get_variable("a", [1])
        see(a, s.dtype, s.initializer is not None)
        with tf.variable_scope("t"):
            b = tf.get_variable("b", [1])
        with tf.variable_scope("u", initializer=tf.constant_initializer(0.3)):
            c = tf.get_variable("c", [1])
        d = tf.get_variable("d", [1], initializer=tf.ones_initializer())
        s.set_initializer(tf.constant_initializer(9.0))
        e = tf.get_variable("e", [1])
        s.set_dtype(tf.float32)
        see(tf.get_variable("f", [1]))
    see.start()
    see.run([a, b, c, d, e])


def regularizers(tf, see):
    def half(weights):
        return 0.5 * tf.reduce_sum(weights)

    with tf.variable_scope("s", regularizer=half):
        a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
        tf.get_variable("b", [2], regularizer=lambda w: None)
        with tf.variable_scope("t"):
            tf.get_variable("c", [2], initializer=tf.ones_initializer())
    with tf.variable_scope("s", reuse=True):
        see(tf.get_variable("a") is a)
    see(
        tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES), tf.losses.get_regularization_losses()
    )
    see(tf.losses.get_regularization_loss())
    see.start()
    see.run(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))


def custom_getter(tf, see):
    seen = []

    def getter(getter, name, *args, **kwargs):
        seen.append(name)
        return getter(name + "_own", *args, **kwargs)

    with tf.variable_scope("s", custom_getter=getter):
        see(tf.get_variable("a", [1]))
        with tf.variable_scope("t"):
            see(tf.get_variable("b", [1]))
    see(seen)

    def doubled(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * 2.0

    see(tf.get_variable("c", [1], custom_getter=doubled))


def constraint_and_options(tf, see):
    with tf.variable_scope("s", constraint=tf.nn.relu):
        see(tf.get_variable("a", [1]).constraint is tf.nn.relu)
    with tf.variable_scope("s", use_resource=False):
        see(tf.get_variable("b", [1]))
    see(tf.get_variable("c", [1], collections=["mine"]), tf.get_collection("mine"))
    see(tf.get_variable("d", [1], use_resource=False, validate_shape=True, caching_device="/cpu:0"))
    see(tf.get_variable("e", initializer=tf.placeholder(tf.float32), validate_shape=False))


def local_variables(tf, see):
    v = tf.get_local_variable("v", [1])
    see(v, v.trainable, tf.local_variables(), tf.global_variables())
    with tf.variable_scope("s"):
        see(tf.get_local_variable("w", [2], initializer=tf.zeros_initializer()))
    see(tf.local_variables("s"))


def variable_op_scope(tf, see):
    with tf.variable_op_scope([tf.constant(1)], "given", "default") as s:
        see(s.name, tf.get_variable("a", [1]))
    with tf.variable_op_scope([], None, "default") as s:
        see(s.name, tf.get_variable("a", [1]))


def make_template(tf, see):
    def layer(x, size):
        w = tf.get_variable("w", [size])
        return tf.multiply(w, x, name="out")

    shared = tf.make_template("shared", layer, size=2)
    see(shared(1.0), shared(2.0), shared.name, shared.var_scope.name, shared.variables)
    other = tf.make_template("shared", layer, size=3)
    see(other(1.0), tf.global_variables())
    with tf.variable_scope("outer"):
        third = tf.make_template("third", layer, size=1)
        see(third(1.0))
    see(third(1.0), third.trainable_variables)

    def careless(x):
        return tf.get_variable(f"v{len(tf.global_variables())}", [1]) + x

    broken = tf.make_template("broken", careless)
    see(broken(1.0))
    see.attempt(lambda: broken(1.0), "does not exist")


def partitioners(tf, see):
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(2)):
        v = tf.get_variable("v", [4, 2], initializer=tf.zeros_initializer())
        see([part.name for part in v], v.name, v.dtype, v.get_shape(), tf.convert_to_tensor(v))
    w = tf.get_variable("w", [5, 3], partitioner=tf.fixed_size_partitioner(3, axis=0))
    see(list(w), [part.shape for part in w], tf.global_variables())
    see.attempt(lambda: tf.get_variable("x", [2], partitioner=lambda shape, dtype: [3]))
    shape = tf.TensorShape([1000, 10])
    see(tf.variable_axis_size_partitioner(4000)(shape=shape, dtype=tf.float32))
    see(tf.min_max_variable_partitioner(4, min_slice_size=1 << 10)(shape=shape, dtype=tf.float32))
    see(tf.fixed_size_partitioner(3)(shape=shape, dtype=tf.float32))


def sharing_a_layer(tf, see):
    def dense(x, units):
        w = tf.get_variable("w", [x.shape[1], units])
        b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
        return tf.matmul(x, w) + b

    x = tf.placeholder(tf.float32, [None, 3], name="x")
    with tf.variable_scope("one"):
        first = dense(x, 2)
    with tf.variable_scope("one", reuse=True):
        second = dense(x, 2)
    with tf.variable_scope("two"):
        third = dense(first, 4)
    see(first, second, third, tf.trainable_variables())


def scope_closes_on_errors(tf, see):
    try:
        with tf.variable_scope("s", reuse=True):
            raise KeyError
    except KeyError:
        see(tf.get_variable_scope().name, tf.get_variable_scope().reuse, tf.constant(1, name="c"))


def global_variables_in_scope(tf, see):
    with tf.variable_scope("s") as s:
        tf.get_variable("a", [1])
        tf.Variable(1, name="b")
        see(s.global_variables(), s.trainable_variables(), s.get_collection("none"))
    see(tf.get_variable_scope().global_variables())
