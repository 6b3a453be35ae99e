"""get_variable and variable_scope: every form, every refusal."""

import numpy as np

from oracle.looking import look


def get_variable(tf, see):
    tf.set_random_seed(7)
    look(
        tf,
        see,
        lambda: tf.get_variable("v", [2, 3]),
        lambda: tf.get_variable("v", [2, 3]),
        lambda: tf.get_variable("v"),
        lambda: tf.get_variable("w"),
        lambda: tf.get_variable("w", initializer=tf.constant([1.0, 2.0])),
        lambda: tf.get_variable("w2", [2], initializer=tf.constant([1.0, 2.0])),
        lambda: tf.get_variable("w3", initializer=3),
        lambda: tf.get_variable("w4", initializer=[1, 2, 3]),
        lambda: tf.get_variable("w5", [3], initializer=tf.zeros_initializer),
        lambda: tf.get_variable("w6", [3], initializer=tf.zeros_initializer()),
        lambda: tf.get_variable("w7", [3], tf.int32),
        lambda: tf.get_variable("w8", [3], tf.bool),
        lambda: tf.get_variable("w9", [3], tf.string),
        lambda: tf.get_variable("w10", [3], tf.float64),
        lambda: tf.get_variable("w11", [3], tf.float16),
        lambda: tf.get_variable("w12", [3], tf.complex64),
        lambda: tf.get_variable("w13", [3], tf.uint8),
        lambda: tf.get_variable("w14", [None, 3]),
        lambda: tf.get_variable("w15", tf.TensorShape([2, 2])),
        lambda: tf.get_variable("w16", tf.TensorShape(None)),
        lambda: tf.get_variable("w17", 3),
        lambda: tf.get_variable("w18", ()),
        lambda: tf.get_variable("w19", [2], initializer="zeros"),
        lambda: tf.get_variable("w20", [2], initializer=lambda: tf.zeros([2])),
        lambda: tf.get_variable("w21", [2], initializer=lambda shape: tf.zeros(shape)),
        lambda: tf.get_variable(
            "w22", [2], initializer=lambda shape, dtype: tf.zeros(shape, dtype)
        ),
        lambda: tf.get_variable(
            "w23",
            [2],
            initializer=lambda shape, dtype=None, partition_info=None: tf.ones(shape, dtype),
        ),
        lambda: tf.get_variable(
            "w24",
            [2],
            initializer=lambda shape, dtype=None, partition_info=None: tf.ones([3], dtype),
        ),
        lambda: tf.get_variable("w25", [2], tf.int32, initializer=tf.constant_initializer(1.5)),
        lambda: tf.get_variable("w26", [2], tf.int32, initializer=tf.random_normal_initializer()),
        lambda: tf.get_variable(
            "w27", [2], tf.int32, initializer=tf.truncated_normal_initializer()
        ),
        lambda: tf.get_variable(
            "w28", [2], tf.int32, initializer=tf.random_uniform_initializer(0, 10)
        ),
        lambda: tf.get_variable("w29", [2], initializer=tf.orthogonal_initializer()),
        lambda: tf.get_variable("w30", [2], initializer=tf.initializers.identity()),
        lambda: tf.get_variable("w31", [2], initializer=np.array([1.0, 2.0])),
        lambda: tf.get_variable("w32", initializer=np.array([1.0, 2.0])),
        lambda: tf.get_variable("w33", initializer=tf.constant([1, 2]), dtype=tf.float32),
        lambda: tf.get_variable("w34", initializer=tf.constant([1, 2]), dtype=tf.int32),
        lambda: tf.get_variable("w35", initializer=3.5, dtype=tf.int32),
        lambda: tf.get_variable("", [2]),
        lambda: tf.get_variable(None, [2]),
        lambda: tf.get_variable(3, [2]),
        lambda: tf.get_variable("a b", [2]),
        lambda: tf.get_variable("a/b", [2]),
        lambda: tf.get_variable("a/b", [2]),
        lambda: tf.get_variable("/a", [2]),
        lambda: tf.get_variable("w36", [2], regularizer=lambda x: tf.reduce_sum(x)),
        lambda: tf.get_variable("w37", [2], regularizer=lambda x: None),
        lambda: tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES),
        lambda: tf.get_variable("w38", [2], trainable=False, collections=["c1"]),
        lambda: tf.get_variable("w39", [2], collections="c1"),
        lambda: tf.get_collection("c1"),
        lambda: tf.get_variable("w40", [2], dtype="float64"),
        lambda: tf.get_variable("w41", [2], dtype=np.float32),
        lambda: tf.get_variable("w42", [2], dtype=int),
        lambda: tf.get_variable("w43", [2], validate_shape=False),
        lambda: tf.get_variable(
            "w44", validate_shape=False, initializer=tf.placeholder_with_default([1.0, 2.0], [None])
        ),
        lambda: tf.get_variable("w45", initializer=tf.placeholder_with_default([1.0, 2.0], [None])),
        lambda: tf.get_variable("w46", [2], caching_device="/cpu:0"),
        lambda: tf.get_variable("w47", [2], constraint=tf.nn.relu),
        lambda: tf.get_variable("w48", [2], constraint=3),
        lambda: tf.get_variable("w49", [2], use_resource=False),
        lambda: tf.get_variable("w50", [2], partitioner=3),
        lambda: tf.get_variable("w51", [4], partitioner=tf.fixed_size_partitioner(2)),
        lambda: tf.get_variable("w52", [2], custom_getter=lambda getter, *a, **k: getter(*a, **k)),
        lambda: tf.get_variable(
            "w53", [2], custom_getter=lambda getter, name, *a, **k: getter(name + "_x", *a, **k)
        ),
        lambda: tf.get_variable(
            "w54", [2], custom_getter=lambda getter, *a, **k: tf.identity(getter(*a, **k))
        ),
        lambda: tf.get_variable("w55", [2], trainable=None),
        lambda: tf.get_variable("w56", [2, -1]),
        lambda: tf.get_variable("w57", [2.5]),
        lambda: tf.get_variable("w58", ["a"]),
        lambda: tf.get_variable("w59", [0]),
        lambda: tf.get_variable("w60", [2], aggregation=tf.VariableAggregation.SUM),
        lambda: tf.get_variable("w61", [2], synchronization=tf.VariableSynchronization.ON_READ),
        lambda: tf.get_variable(
            "w62", [2], synchronization=tf.VariableSynchronization.ON_READ, trainable=True
        ),
        lambda: tf.get_variable(shape=[2]),
        lambda: tf.get_local_variable("l1", [2]),
        lambda: tf.get_local_variable("l1", [2]),
        lambda: tf.local_variables(),
    )


def variable_scope(tf, see):
    tf.set_random_seed(7)
    with tf.variable_scope("a"):
        v = tf.get_variable("v", [2])

    def attempt():
        with tf.variable_scope("a"):
            return tf.get_variable("v", [2])

    see.attempt(attempt)

    with tf.variable_scope("a", reuse=True):
        v2 = tf.get_variable("v", [2])
    look(
        tf,
        see,
        lambda: v2 is v,
    )

    def attempt():
        with tf.variable_scope("a", reuse=True):
            tf.get_variable("u", [2])

    see.attempt(attempt)

    def attempt():
        with tf.variable_scope("a", reuse=True):
            tf.get_variable("v", [3])

    see.attempt(attempt)

    def attempt():
        with tf.variable_scope("a", reuse=True):
            tf.get_variable("v", [2], tf.int32)

    see.attempt(attempt)

    def attempt():
        with tf.variable_scope("a", reuse=True):
            tf.get_variable("v", [2], tf.float64)

    see.attempt(attempt)

    with tf.variable_scope("a", reuse=True):
        tf.get_variable("v", initializer=tf.constant([1.0, 2.0]))
    with tf.variable_scope("a", reuse=True):
        tf.get_variable("v", [None])
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
        v3 = tf.get_variable("v")
    look(
        tf,
        see,
        lambda: v3 is v,
    )
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
        tf.get_variable("n", [1])

    def attempt():
        with tf.variable_scope("a", reuse="yes"):
            pass

    see.attempt(attempt)

    def attempt():
        with tf.variable_scope("a", reuse=1):
            pass

    see.attempt(attempt)

    with tf.variable_scope("a", reuse=None):
        x = tf.get_variable_scope().reuse
    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.variable_scope(None):
            pass

    see.attempt(attempt)

    with tf.variable_scope(None, "d"):
        x = tf.get_variable_scope().name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope(None, "d"):
        x = tf.get_variable_scope().name
    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.variable_scope(None, "d", reuse=True):
            pass

    see.attempt(attempt)

    with tf.variable_scope("", "d"):
        x = tf.get_variable_scope().name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope(""):
        x = tf.get_variable_scope().name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("a/"):
        x = (tf.get_variable_scope().name, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.variable_scope(3):
            pass

    see.attempt(attempt)

    def attempt():
        with tf.variable_scope([3]):
            pass

    see.attempt(attempt)

    def attempt():
        with tf.variable_scope("bad name"):
            tf.constant(1)

    see.attempt(attempt)

    def attempt():
        with tf.variable_scope("_u"):
            tf.constant(1)

    see.attempt(attempt)

    with tf.variable_scope("s"), tf.variable_scope("_u"):
        x = tf.constant(1).name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("s") as s:
        x = (s.name, s.original_name_scope, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope(s) as s2:
        x = (s2.name, s2.original_name_scope, tf.constant(1).name, s2 is s)
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("o"), tf.variable_scope(s) as s2:
        x = (s2.name, s2.original_name_scope, tf.constant(1).name, tf.get_variable("q", [1]).name)
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("o"), tf.variable_scope(s, auxiliary_name_scope=False) as s2:
        x = (s2.name, s2.original_name_scope, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("o", auxiliary_name_scope=False) as s2:
        x = (s2.name, s2.original_name_scope, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.variable_scope("o", auxiliary_name_scope="no"):
            pass

    see.attempt(attempt)

    with tf.variable_scope(s), tf.name_scope(s.original_name_scope):
        x = tf.constant(1).name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope(s, default_name="k"):
        x = tf.constant(1).name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope(s, values=[tf.constant(1)]):
        x = tf.constant(1).name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("val", values=[3]):
        x = tf.constant(1).name
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.name_scope("n"), tf.variable_scope("m"):
        x = (tf.get_variable("z", [1]).name, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("i", initializer=tf.ones_initializer()):
        x = tf.get_variable("z", [1])
    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.variable_scope("i2", initializer=tf.constant(1.0)):
            return tf.get_variable("z", [1])

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("i2b", initializer=3.0):
        x = tf.get_variable("z")
    with tf.variable_scope("i3", regularizer=lambda v: tf.reduce_sum(v)):
        x = tf.get_variable("z", [1])
    look(
        tf,
        see,
        lambda: tf.get_collection("regularization_losses"),
    )
    with tf.variable_scope("i4", dtype=tf.float64):
        x = tf.get_variable("z", [1])
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("i5", constraint=tf.nn.relu):
        x = tf.get_variable("z", [1])
    look(
        tf,
        see,
        lambda: x.constraint is tf.nn.relu,
    )
    with tf.variable_scope("i6", use_resource=False):
        x = tf.get_variable("z", [1])
    with tf.variable_scope("i7", partitioner=tf.fixed_size_partitioner(2)):
        x = tf.get_variable("z", [4])
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("i7", reuse=True):
        x = tf.get_variable("z", [4])

    def attempt():
        with tf.variable_scope("i7", reuse=True, partitioner=tf.fixed_size_partitioner(3)):
            return tf.get_variable("z", [4])

    see.attempt(attempt)

    with tf.variable_scope("i7", reuse=True, partitioner=tf.fixed_size_partitioner(2)):
        x = tf.get_variable("z", [4])
    look(
        tf,
        see,
        lambda: x.name,
        lambda: list(x),
        lambda: len(x),
        lambda: tf.convert_to_tensor(x),
        lambda: x + 1,
        lambda: x.as_tensor(),
        lambda: x[0],
    )
    with tf.variable_scope("i8", caching_device="/cpu:0"):
        x = tf.get_variable("z", [1])
    look(
        tf,
        see,
        lambda: x.device,
    )
    vs = tf.get_variable_scope()
    look(
        tf,
        see,
        lambda: (
            vs.name,
            vs.reuse,
            vs.initializer,
            vs.regularizer,
            vs.dtype,
            vs.use_resource,
            vs.custom_getter,
            vs.caching_device,
            vs.partitioner,
            vs.constraint,
            vs.original_name_scope,
        ),
        lambda: vs.set_initializer(tf.ones_initializer()),
        lambda: vs.set_regularizer(None),
        lambda: vs.set_dtype(tf.float64),
        lambda: vs.set_use_resource(False),
        lambda: vs.set_custom_getter(None),
        lambda: vs.set_partitioner(None),
        lambda: vs.set_caching_device(None),
        lambda: tf.get_variable("zz", [2]),
        lambda: vs.get_collection("variables"),
        lambda: vs.global_variables(),
        lambda: vs.trainable_variables(),
        lambda: vs.local_variables(),
        lambda: vs.reuse_variables(),
        lambda: tf.get_variable("zzz", [2]),
        lambda: vs.get_variable(None, "zz"),
    )

    def attempt():
        with tf.variable_op_scope([], "vo"):
            return tf.get_variable("zz", [1])

    see.attempt(attempt)

    def attempt():
        with tf.variable_op_scope([], None, "vo"):
            return tf.get_variable("zz", [1])

    see.attempt(attempt)

    def attempt():
        with tf.variable_op_scope([tf.constant(1)], "vo", "d"):
            return tf.get_variable("zz", [1])

    see.attempt(attempt)

    def attempt():
        with tf.no_regularizer is None:
            pass

    see.attempt(attempt)


def scope_objects(tf, see):
    tf.set_random_seed(7)
    vs = tf.VariableScope(False, "hand")
    with tf.variable_scope(vs):
        x = (tf.get_variable("v", [1]).name, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: x,
    )
    with tf.variable_scope("r"):
        tf.get_variable_scope().reuse_variables()
        y = tf.get_variable_scope().reuse
    look(
        tf,
        see,
        lambda: y,
    )
    with tf.variable_scope("r", reuse=True), tf.variable_scope("t", reuse=False):
        y = tf.get_variable_scope().reuse
    look(
        tf,
        see,
        lambda: y,
    )
    with tf.variable_scope("r", reuse=tf.AUTO_REUSE), tf.variable_scope("t", reuse=True):
        y = tf.get_variable_scope().reuse
    look(
        tf,
        see,
        lambda: y,
    )
    with (
        tf.variable_scope("r", reuse=tf.AUTO_REUSE) as rs,
        tf.variable_scope(tf.get_variable_scope()),
    ):
        y = tf.get_variable_scope().reuse
    look(
        tf,
        see,
        lambda: y,
    )
    with tf.variable_scope(rs):
        y = tf.get_variable_scope().reuse
    look(
        tf,
        see,
        lambda: y,
    )
    with tf.variable_scope(rs, reuse=False):
        y = tf.get_variable_scope().reuse
    look(
        tf,
        see,
        lambda: y,
    )

    def attempt():
        with tf.variable_scope("cg", custom_getter=lambda g, *a, **k: g(*a, **k) * 2):
            return tf.get_variable("v", [1], initializer=tf.ones_initializer())

    see.attempt(attempt)

    look(
        tf,
        see,
        lambda: x,
    )

    def attempt():
        with tf.variable_scope("cg2", custom_getter=3):
            tf.get_variable("v", [1])

    see.attempt(attempt)

    with tf.variable_scope("p1"), tf.variable_scope("p2"), tf.variable_scope("p3"):
        y = (tf.get_variable("v", [1]).name, tf.get_variable_scope().name, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: y,
    )
    with tf.Graph().as_default():
        tf.get_variable("v", [1])
        y = tf.get_variable_scope().name
    look(
        tf,
        see,
        lambda: y,
    )
    with tf.variable_scope("p1/"):
        y = (tf.get_variable("v", [1]).name, tf.get_variable_scope().name, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: y,
    )
    with tf.variable_scope("p1/p2"):
        y = (tf.get_variable("w", [1]).name, tf.get_variable_scope().name, tf.constant(1).name)
    look(
        tf,
        see,
        lambda: y,
    )
