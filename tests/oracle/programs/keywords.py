"""Arguments by name, and `name` by position, as people wrote them."""


def math_by_name(tf, see):
    x, y = tf.constant([1.0, 2.0], name="a"), tf.constant([3.0, 4.0], name="b")
    for f in (
        tf.add,
        tf.subtract,
        tf.multiply,
        tf.divide,
        tf.maximum,
        tf.minimum,
        tf.pow,
        tf.floordiv,
    ):
        see(f(x=x, y=y, name="n"), f(x, y, "p"))
    for f in (tf.equal, tf.not_equal, tf.less, tf.less_equal, tf.greater, tf.greater_equal):
        see(f(x=x, y=y, name="n"), f(x, y, "p"))
    for f in (
        tf.square,
        tf.sqrt,
        tf.exp,
        tf.log,
        tf.tanh,
        tf.sigmoid,
        tf.abs,
        tf.negative,
        tf.sign,
    ):
        see(f(x=x, name="n"), f(x, "p"))
    for f in (tf.sin, tf.cos, tf.floor, tf.round, tf.rsqrt, tf.log1p, tf.reciprocal, tf.is_nan):
        see(f(x=x, name="n"), f(x, "p"))
    see(tf.logical_not(x=True, name="n"), tf.logical_and(x=True, y=False, name="n"))
    see(tf.matmul(a=[x], b=[y], transpose_b=True, name="m"), tf.squared_difference(x=x, y=y))
    see(
        tf.add_n(inputs=[x, y], name="n"),
        tf.cumsum(x=x, axis=0, exclusive=True, reverse=True, name="c"),
    )
    see(tf.clip_by_value(t=x, clip_value_min=0.0, clip_value_max=1.0, name="c"))
    see(tf.clip_by_norm(t=x, clip_norm=1.0, axes=[0], name="c"))
    see(
        tf.tensordot(a=x, b=y, axes=1, name="t"),
        tf.norm(tensor=x, ord="euclidean", axis=0, name="n"),
    )
    see(tf.floormod(x=x, y=y), tf.truediv(x=x, y=y, name="t"), tf.div(x=x, y=y, name="d"))
    see(tf.bincount(arr=[1, 2], minlength=5))
    see(tf.atan2(y=y, x=x, name="n"), tf.erf(x=x, name="n"), tf.lgamma(x=x, name="n"))


def reductions_by_name(tf, see):
    x = tf.constant([[1.0, 2.0]], name="x")
    for f in (tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.reduce_min, tf.reduce_prod):
        see(f(input_tensor=x, axis=1, keepdims=True, name="r"), f(x, 1, True, "p"))
        see(f(x, reduction_indices=[1], keep_dims=False))
    for f in (tf.reduce_all, tf.reduce_any):
        see(f(input_tensor=[True], axis=0, keepdims=True, name="r"))
    for f in (tf.argmax, tf.argmin):
        see(f(input=x, axis=1, name="r", output_type=tf.int32), f(x, 1, "p"), f(x, dimension=1))
    see(
        tf.count_nonzero(input_tensor=x, axis=0),
        tf.reduce_logsumexp(input_tensor=x, axis=1, name="l"),
    )
    see(
        tf.segment_sum(data=x, segment_ids=[0], name="s"),
        tf.unsorted_segment_sum(data=x, segment_ids=[0], num_segments=2),
    )


def arrays_by_name(tf, see):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="x")
    see(tf.reshape(tensor=x, shape=[4], name="r"), tf.transpose(a=x, perm=[1, 0], name="t"))
    see(
        tf.expand_dims(input=x, axis=0, name="e"),
        tf.expand_dims(x, dim=1),
        tf.squeeze(input=[x], axis=[0], name="s"),
    )
    see(tf.concat(values=[x, x], axis=0, name="c"), tf.stack(values=[x, x], axis=0, name="s"))
    see(
        tf.unstack(value=x, num=2, axis=0, name="u"),
        tf.split(value=x, num_or_size_splits=2, axis=1, num=None, name="s"),
    )
    see(
        tf.slice(input_=x, begin=[0, 0], size=[1, 1], name="s"),
        tf.tile(input=x, multiples=[1, 2], name="t"),
    )
    see(tf.pad(tensor=x, paddings=[[0, 1], [0, 0]], mode="CONSTANT", name="p", constant_values=1))
    see(
        tf.gather(params=x, indices=[0], validate_indices=True, name="g", axis=1),
        tf.gather_nd(params=x, indices=[[0, 0]], name="g"),
    )
    see(
        tf.where(condition=[True, False], x=x, y=x, name="w"),
        tf.one_hot(indices=[0], depth=2, on_value=1, off_value=0, axis=0, dtype=tf.int32, name="o"),
    )
    see(
        tf.cast(x=x, dtype=tf.int32, name="c"),
        tf.identity(input=x, name="i"),
        tf.shape(input=x, name="s", out_type=tf.int64),
    )
    see(
        tf.size(input=x, name="s"),
        tf.rank(input=x, name="r"),
        tf.zeros_like(tensor=x, dtype=tf.int32, name="z"),
    )
    see(
        tf.ones_like(tensor=x, name="o", optimize=True),
        tf.fill(dims=[2], value=1, name="f"),
        tf.range(start=0, limit=3, delta=1, dtype=tf.int64, name="r"),
    )
    see(tf.linspace(start=0.0, stop=1.0, num=3, name="l"), tf.reverse(tensor=x, axis=[0], name="r"))
    see(
        tf.boolean_mask(tensor=x, mask=[True, False], name="b", axis=0),
        tf.unique(x=[1, 1], out_idx=tf.int32, name="u"),
    )
    see(
        tf.zeros(shape=[2], dtype=tf.int32, name="z"),
        tf.ones(shape=[2], dtype=tf.int32, name="o"),
        tf.diag(diagonal=[1.0], name="d"),
    )
    see(
        tf.sequence_mask(lengths=[1], maxlen=2, dtype=tf.bool, name="s"),
        tf.stop_gradient(input=x, name="g"),
    )
    see(
        tf.scatter_nd(indices=[[0]], updates=[1.0], shape=[2], name="s"),
        tf.strided_slice(input_=x, begin=[0], end=[1], strides=[1], name="s"),
    )
    see(
        tf.placeholder(dtype=tf.float32, shape=[2], name="p"),
        tf.placeholder_with_default(input=1.0, shape=[], name="p"),
    )
    see(
        tf.constant(value=1, dtype=tf.int64, shape=[2], name="c", verify_shape=False),
        tf.convert_to_tensor(value=1, dtype=tf.int64, name="v", preferred_dtype=None),
    )
    see(
        tf.eye(num_rows=2, num_columns=3, batch_shape=None, dtype=tf.float32, name="e"),
        tf.matrix_transpose(a=x, name="m"),
    )


def networks_by_name(tf, see):
    image = tf.ones([1, 4, 4, 1], name="image")
    kernel = tf.ones([2, 2, 1, 2], name="kernel")
    x = tf.constant([[1.0, 2.0]], name="x")
    see(
        tf.nn.conv2d(
            input=image,
            filter=kernel,
            strides=[1, 1, 1, 1],
            padding="SAME",
            use_cudnn_on_gpu=True,
            data_format="NHWC",
            name="c",
        )
    )
    see(tf.nn.conv2d(image, filters=kernel, strides=[1, 1, 1, 1], padding="SAME"))
    see(
        tf.nn.max_pool(
            value=image,
            ksize=[1, 2, 2, 1],
            strides=[1, 2, 2, 1],
            padding="SAME",
            data_format="NHWC",
            name="m",
        )
    )
    see(
        tf.nn.avg_pool(
            value=image, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME", name="a"
        )
    )
    see(tf.nn.bias_add(value=x, bias=[1.0, 2.0], data_format="NHWC", name="b"))
    for f in (tf.nn.relu, tf.nn.relu6, tf.nn.elu, tf.nn.selu, tf.nn.softplus, tf.nn.softsign):
        see(f(features=x, name="n"), f(x, "p"))
    see(
        tf.nn.leaky_relu(features=x, alpha=0.3, name="l"),
        tf.nn.softmax(logits=x, axis=-1, name="s"),
        tf.nn.softmax(x, dim=1),
    )
    see(
        tf.nn.log_softmax(logits=x, axis=-1, name="s"),
        tf.nn.l2_loss(t=x, name="l"),
        tf.nn.l2_normalize(x=x, axis=1, epsilon=1e-6, name="u"),
    )
    see(
        tf.nn.l2_normalize(x, dim=1),
        tf.nn.top_k(input=x, k=1, sorted=True, name="t"),
        tf.nn.in_top_k(predictions=x, targets=[1], k=1, name="i"),
    )
    see(
        tf.nn.dropout(x=x, keep_prob=0.5, noise_shape=None, seed=1, name="d"),
        tf.nn.moments(x=x, axes=[0], shift=None, name="m", keep_dims=True),
    )
    see(
        tf.nn.softmax_cross_entropy_with_logits_v2(labels=x, logits=x, axis=-1, name="s"),
        tf.nn.xw_plus_b(x=x, weights=[[1.0], [2.0]], biases=[0.0], name="w"),
    )
    see(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=x, name="s"),
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0], logits=x, name="s"),
    )
    see(
        tf.nn.batch_normalization(
            x=x, mean=0.0, variance=1.0, offset=None, scale=None, variance_epsilon=0.1, name="b"
        )
    )
    see(
        tf.nn.embedding_lookup(
            params=x,
            ids=[0],
            partition_strategy="mod",
            name="e",
            validate_indices=True,
            max_norm=None,
        )
    )
    see(
        tf.nn.lrn(input=image, depth_radius=2, bias=1.0, alpha=1.0, beta=0.5, name="l"),
        tf.nn.crelu(features=x, name="c", axis=-1),
    )


def random_by_name(tf, see):
    see(tf.random_normal(shape=[2], mean=0.0, stddev=1.0, dtype=tf.float32, seed=1, name="n"))
    see(tf.random_uniform(shape=[2], minval=0, maxval=1.0, dtype=tf.float32, seed=1, name="u"))
    see(tf.truncated_normal(shape=[2], mean=0.0, stddev=1.0, dtype=tf.float32, seed=1, name="t"))
    see(
        tf.random_shuffle(value=[1, 2], seed=1, name="s"),
        tf.multinomial(logits=[[1.0]], num_samples=2, seed=1, name="m", output_dtype=tf.int32),
    )
    see(
        tf.random_normal([2], 0.0, 1.0, tf.float64, 3, "p"),
        tf.random_uniform([2], -1, 1, tf.float32, 3, "p"),
    )
    tf.set_random_seed(seed=1)


def variables_by_name(tf, see):
    v = tf.Variable(
        initial_value=[1.0],
        trainable=False,
        collections=None,
        validate_shape=True,
        caching_device=None,
        name="v",
        dtype=tf.float32,
    )
    see(
        v,
        tf.get_variable(
            name="g",
            shape=[1],
            dtype=tf.float32,
            initializer=None,
            regularizer=None,
            trainable=True,
            collections=None,
        ),
    )
    see(
        tf.assign(ref=v, value=[2.0], validate_shape=True, use_locking=True, name="a"),
        tf.assign_add(ref=v, value=[2.0], use_locking=None, name="a"),
    )
    see(
        tf.scatter_update(ref=v, indices=[0], updates=[2.0], use_locking=True, name="s"),
        tf.variables_initializer(var_list=[v], name="i"),
    )
    see(
        tf.is_variable_initialized(variable=v),
        tf.report_uninitialized_variables(var_list=[v], name="r"),
    )
    with tf.variable_scope(
        name_or_scope="s", default_name=None, values=None, reuse=tf.AUTO_REUSE, dtype=tf.float64
    ):
        see(tf.get_variable(name="g", shape=[1]))
    with tf.name_scope(name="n", default_name=None, values=[v]):
        see(tf.no_op(name="x"))
    see(
        tf.add_to_collection(name="c", value=1),
        tf.get_collection(key="c", scope=None),
        tf.global_variables(scope="v"),
    )


def control_by_name(tf, see):
    x = tf.constant(1, name="x")
    with tf.control_dependencies(control_inputs=[x]), tf.device(device_name_or_function="/cpu:0"):
        see(tf.no_op(name="n"))
    see(tf.cond(pred=tf.equal(x, 1), true_fn=lambda: x, false_fn=lambda: x + 1, name="c"))
    see(
        tf.while_loop(
            cond=lambda i: i < 3,
            body=lambda i: i + 1,
            loop_vars=[x],
            parallel_iterations=2,
            back_prop=True,
            name="w",
        )
    )
    see(
        tf.py_func(func=lambda v: v, inp=[x], Tout=tf.int32, stateful=True, name="f"),
        tf.tuple(tensors=[x], name="t", control_inputs=None),
    )
    see(
        tf.Print(input_=x, data=[x], message="m", first_n=1, summarize=2, name="p"),
        tf.Assert(condition=True, data=[x], summarize=1, name="a"),
    )
    see(
        tf.assert_equal(x=x, y=x, data=None, summarize=None, message="m", name="e"),
        tf.check_numerics(tensor=[1.0], message="m", name="c"),
    )
    see(
        tf.gradients(ys=tf.constant(1.0), xs=[tf.constant(2.0)], grad_ys=None, name="g"),
        tf.as_string(input=x, name="s"),
    )


def training_by_name(tf, see):
    w = tf.Variable([1.0], name="w")
    loss = tf.reduce_sum(tf.square(w))
    train = tf.train
    for optimizer in (
        train.GradientDescentOptimizer(learning_rate=0.1, use_locking=False, name="g"),
        train.MomentumOptimizer(
            learning_rate=0.1, momentum=0.9, use_locking=False, name="m", use_nesterov=True
        ),
        train.AdamOptimizer(
            learning_rate=0.1, beta1=0.9, beta2=0.99, epsilon=1e-8, use_locking=False, name="a"
        ),
        train.RMSPropOptimizer(learning_rate=0.1, decay=0.9, momentum=0.0, epsilon=1e-10, name="r"),
        train.AdagradOptimizer(learning_rate=0.1, initial_accumulator_value=0.1, name="d"),
        train.AdadeltaOptimizer(learning_rate=0.1, rho=0.95, epsilon=1e-8, name="t"),
        train.FtrlOptimizer(learning_rate=0.1, learning_rate_power=-0.5, name="f"),
    ):
        see(
            optimizer.minimize(
                loss=loss, global_step=None, var_list=[w], gate_gradients=1, name="step"
            )
        )
    see(
        train.exponential_decay(
            learning_rate=0.1,
            global_step=1,
            decay_steps=10,
            decay_rate=0.9,
            staircase=True,
            name="e",
        )
    )
    see(tf.losses.mean_squared_error(labels=[1.0], predictions=w, weights=1.0, scope="l"))
    see(
        tf.summary.scalar(name="s", tensor=loss, collections=None, family=None),
        tf.summary.histogram(name="h", values=w),
    )
