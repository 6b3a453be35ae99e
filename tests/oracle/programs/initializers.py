"""Initializers by every name they have, and the values they draw."""


def constants(tf, see):
    for make in (tf.zeros_initializer, tf.ones_initializer):
        see.full(make()([2, 2]))
        see.full(make()([2], tf.int32))
        see.full(make(tf.float64)([2]))
    see.full(tf.constant_initializer(3)([2, 2]))
    see.full(tf.constant_initializer([1.0, 2.0, 3.0, 4.0])([2, 2]))
    see.full(tf.constant_initializer(7, tf.int64)([2]))
    see.full(tf.constant_initializer(True, tf.bool)([2]))
    see.attempt(lambda: tf.constant_initializer([1, 2, 3], verify_shape=True)([2, 2]), "shape")
    see.attempt(lambda: tf.constant_initializer([1, 2, 3, 4, 5])([2, 2]))
    see.attempt(lambda: tf.constant_initializer("text")([1]))
    see.full(tf.initializers.zeros()([1]))
    see.full(tf.initializers.identity()([3, 3]))
    see.full(tf.initializers.identity(2.0)([2, 3]))
    see.attempt(lambda: tf.initializers.identity()([3]))


def random_with_op_seed(tf, see):
    see.full(tf.random_uniform_initializer(seed=1)([3]))
    see.full(tf.random_uniform_initializer(-2.0, 2.0, seed=1)([2, 2]))
    see.full(tf.random_uniform_initializer(0, 10, seed=1, dtype=tf.int32)([3]))
    see.full(tf.random_normal_initializer(seed=1)([3]))
    see.full(tf.random_normal_initializer(5.0, 0.1, seed=2)([2, 2]))
    see.full(tf.truncated_normal_initializer(seed=1)([3]))
    see.full(tf.truncated_normal_initializer(0.0, 0.1, seed=2, dtype=tf.float64)([3]))
    see.full(tf.uniform_unit_scaling_initializer(seed=1)([4, 3]))


def scaled_by_fan(tf, see):
    shapes = ([3, 4], [5], [], [3, 3, 2, 4])
    for make in (tf.glorot_uniform_initializer, tf.glorot_normal_initializer):
        for shape in shapes:
            see.full(make(seed=1)(shape))
    for make in (tf.initializers.he_normal, tf.initializers.he_uniform):
        see.full(make(seed=1)([3, 4]))
    for make in (tf.initializers.lecun_normal, tf.initializers.lecun_uniform):
        see.full(make(seed=1)([3, 4]))


def variance_scaling(tf, see):
    for mode in ("fan_in", "fan_out", "fan_avg"):
        for distribution in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            see.full(tf.variance_scaling_initializer(2.0, mode, distribution, seed=3)([2, 3]))
    see.attempt(lambda: tf.variance_scaling_initializer(-1.0), "scale")
    see.attempt(lambda: tf.variance_scaling_initializer(mode="fan"), "mode")
    see.attempt(lambda: tf.variance_scaling_initializer(distribution="flat"), "distribution")
    see.full(tf.initializers.variance_scaling(seed=3)([4]))


def orthogonal(tf, see):
    see(tf.orthogonal_initializer(seed=1)([3, 3]), tf.initializers.orthogonal(2.0, seed=1)([4, 2]))
    q = tf.orthogonal_initializer(seed=1)([3, 3])
    see.run(tf.matmul(q, q, transpose_b=True), rtol=1e-4)
    see.attempt(lambda: tf.orthogonal_initializer()([3]), "two")


def in_get_variable(tf, see):
    tf.set_random_seed(42)
    for name, make in (
        ("u", tf.random_uniform_initializer(-0.1, 0.1)),
        ("n", tf.random_normal_initializer(stddev=0.02)),
        ("t", tf.truncated_normal_initializer(stddev=0.02)),
        ("g", tf.glorot_uniform_initializer()),
        ("h", tf.initializers.he_normal()),
        ("c", tf.constant_initializer(0.1)),
    ):
        see(tf.get_variable(name, [2, 3], initializer=make))
    see.start()
    see.run(tf.global_variables())


def classes_and_config(tf, see):
    see(tf.glorot_uniform_initializer is tf.initializers.glorot_uniform)
    see(tf.zeros_initializer is tf.initializers.zeros, tf.ones_initializer is tf.initializers.ones)
    see(tf.random_normal_initializer is tf.initializers.random_normal)
    see(tf.constant_initializer(2.0).get_config(), tf.random_uniform_initializer(0, 1).get_config())
    see(tf.random_normal_initializer.from_config({"mean": 1.0, "stddev": 2.0}).get_config())
    see(tf.variance_scaling_initializer().get_config(), tf.zeros_initializer().get_config())


def partition_info_and_dtype(tf, see):
    see.attempt(lambda: tf.glorot_uniform_initializer(dtype=tf.int32)([2]))
    see.attempt(lambda: tf.random_normal_initializer(dtype=tf.int32), "floating")
    see(tf.random_normal_initializer(seed=5, dtype=tf.float64)([2]))
    see(tf.truncated_normal_initializer(seed=5)([2], dtype=tf.float64))
    see(tf.zeros_initializer()(tf.TensorShape([2, 1])), tf.ones_initializer()((3,)))
    see(tf.random_uniform_initializer()(tf.constant([2, 2])))
