"""Corners that programs seldom turn, and tests of programs do."""

import numpy as np


def variables_read_in_loops_are_seen_to_change(tf, see):
    a, b = tf.Variable(0, name="a"), tf.Variable(0, name="b")

    def body(i):
        first = tf.assign_add(a, 1)
        with tf.control_dependencies([first]):
            second = tf.assign_add(b, a)
        with tf.control_dependencies([second]):
            return i + 1

    loop = tf.while_loop(lambda i: i < 10, body, [0], parallel_iterations=1)
    see.run(tf.global_variables_initializer())
    see.run(loop)
    see.run([a, b])


def a_loop_ends_when_a_variable_says_so(tf, see):
    count = tf.Variable(0, name="count")

    def body(i):
        with tf.control_dependencies([tf.assign_add(count, 1)]):
            return tf.identity(i)

    loop = tf.while_loop(lambda i: tf.less(count, 6), body, [0], parallel_iterations=1)
    see.run(tf.global_variables_initializer())
    see.run(loop)
    see.run(count)


def a_branch_in_a_loop_assigns(tf, see):
    v = tf.Variable(2.0, name="v")

    def body(i):
        chosen = tf.cond(tf.constant(True), lambda: tf.assign(v, tf.square(v)), lambda: v)
        with tf.control_dependencies([chosen]):
            return i + 1

    loop = tf.while_loop(lambda i: i < 4, body, [0])
    see.run(tf.global_variables_initializer())
    see.run(loop)
    see.run(v)


def gradients_of_a_branch_in_a_loop(tf, see):
    start = tf.constant(2.0)

    def body(x):
        return tf.cond(tf.constant(True), lambda: tf.square(x), lambda: x - 1.0)

    end = tf.while_loop(lambda x: x < 100.0, body, [start])
    see.run([end, tf.gradients(end, start)[0]])


def sparse_tensors_in_branches_and_loops(tf, see):
    x = tf.SparseTensor([[0], [3]], tf.constant([2.0, 4.0]), [10])
    up = lambda: tf.SparseTensor(x.indices + 1, x.values + 1.0, x.dense_shape)  # noqa: E731
    down = lambda: tf.SparseTensor(x.indices, x.values - 1.0, x.dense_shape)  # noqa: E731
    chosen = tf.cond(tf.less(1, 2), up, down)
    see(chosen.indices, chosen.values, chosen.dense_shape)
    see.run(chosen)

    def body(i, s):
        return i + 1, tf.SparseTensor(s.indices, s.values * 2.0, s.dense_shape)

    _, doubled = tf.while_loop(lambda i, s: i < 3, body, [0, x])
    see(doubled.indices, doubled.values, doubled.dense_shape)
    see.run(doubled)
    see.attempt(
        lambda: tf.while_loop(
            lambda i, s: i < 3, body, [0, x], [tf.TensorShape([]), tf.TensorShape([5])]
        ),
        "is not compatible with",
    )


def structures_that_differ(tf, see):
    zero, one = tf.constant(0.0), tf.constant(1.0)
    p = tf.constant(True)
    see.attempt(
        lambda: tf.cond(p, lambda: [zero, one], lambda: [zero, [one]]),
        "the same nested structure",
        "More specifically",
    )
    see.attempt(
        lambda: tf.cond(p, lambda: (zero, one), lambda: [zero, one]),
        "don't have the same sequence type",
    )
    see.attempt(
        lambda: tf.cond(p, lambda: {"a": zero}, lambda: {"b": zero}), "the same set of keys"
    )
    see.attempt(
        lambda: tf.while_loop(lambda a, b: a < 1.0, lambda a, b: [a], [zero, one]),
        "the same number of elements",
    )


def slices_of_two_index_types(tf, see):
    rows = tf.constant([[10.0]])
    short = tf.IndexedSlices(rows, tf.constant([0], tf.int32))
    long = tf.IndexedSlices(rows, tf.constant([0], tf.int64))
    chosen = tf.cond(
        tf.less(1, 2),
        lambda: tf.IndexedSlices(short.values + 1.0, short.indices),
        lambda: tf.IndexedSlices(long.values - 1.0, long.indices),
    )
    see(chosen.values, chosen.indices)
    see.run([chosen.values, chosen.indices])


def functions_of_sparse_tensors(tf, see):
    x = tf.SparseTensor([[0, 1]], tf.constant([-0.5]), [2, 2])
    for function in (tf.abs, tf.negative, tf.sign, tf.square, tf.sin, tf.tan, tf.tanh, tf.erf):
        y = function(x)
        see(y.values, y.dense_shape)
        see.run(y)
    see(tf.cast(x, tf.int32).values, tf.sqrt(tf.abs(x)).values)
    see.attempt(lambda: tf.exp(x))


def nodes_by_the_name_of_their_type(tf, see):
    graph = tf.get_default_graph()
    one = tf.constant(1.0)
    with tf.name_scope("inner"):
        see(graph.create_op("Identity", [one], [tf.float32], name="same").outputs[0])
        see(graph.create_op("Identity", [one]).outputs[0])
        see(graph.create_op("Identity", [one], [tf.float32], name="same").outputs[0])
        see(graph.create_op("Identity", [one], [tf.float32], name="outer/").outputs[0])
    see(graph.create_op("NoOp", [], [], name="nothing").name)
    see.attempt(lambda: graph.create_op("Identity", [1.0], [tf.float32]), "is not a tensor")
    see.attempt(
        lambda: graph.create_op("Add", [one, tf.constant(1)], [tf.float32]),
        "Inconsistent values for attr 'T'",
    )
    see.attempt(
        lambda: graph.create_op("Placeholder", [], [tf.float32]), "NodeDef missing attr 'dtype'"
    )
    see.attempt(lambda: graph.create_op("MatMul", [one, one], [tf.float32]), "Shape must be rank 2")


def feeds_that_do_not_fit_a_type(tf, see):
    for dtype, value in (
        (tf.string, 1),
        (tf.bool, 2),
        (tf.int8, 300),
        (tf.int32, 2**40),
    ):
        x = tf.placeholder(dtype)
        see.attempt(lambda x=x, value=value: see.session.run(x, {x: value}), "Type of feed value")
    half = tf.placeholder(tf.float16)
    see.run(half, {half: 100000})


def partial_runs_that_go_wrong(tf, see):
    a, b, c = (tf.placeholder(tf.float32, [], name=name) for name in "abc")
    first = tf.add(a, b, name="first")
    second = tf.multiply(first, c, name="second")
    session = see.session
    handle = session.partial_run_setup([first, second], [a, b, c])
    see(session.partial_run(handle, first, {a: 1.0, b: 2.0}))
    see.attempt(lambda: session.partial_run(handle, first, {c: 3.0}), "already been fetched")
    handle = session.partial_run_setup([first], [a, b])
    see.attempt(
        lambda: session.partial_run(handle, second, {a: 1.0, b: 2.0}),
        "was not specified in partial_run_setup",
    )
    handle = session.partial_run_setup([first], [a, b])
    see.attempt(
        lambda: session.partial_run(handle, first, {a: 1.0, b: 2.0, c: 1.0}),
        "was not specified in partial_run_setup",
    )
    handle = session.partial_run_setup([first], [a, b])
    see.attempt(
        lambda: session.partial_run(handle, first, {a: 1.0}), "can't be computed from the feeds"
    )
    see.attempt(lambda: session.partial_run_setup([], [a]), "at least one target")


def a_session_entered_twice(tf, see):
    def twice():
        session = tf.Session()
        with session, session:
            pass

    see.attempt(twice, "not re-entrant")


def a_branch_not_taken_is_fetched(tf, see):
    false = tf.constant(False)
    taken = []

    def branch():
        taken.append(tf.constant(1.0) + 2.0)
        return taken[-1]

    tf.cond(false, branch, lambda: tf.constant(2.0))
    see.attempt(lambda: see.session.run([tf.constant(1), taken[0]]))


def dimensions_reversed_or_joined(tf, see):
    x = tf.constant([[1, 2, 3], [4, 5, 6]])
    axes = tf.placeholder(tf.int32, [None])
    see.attempt(lambda: tf.reverse_v2(x, [0, -2]), "axis 0 specified more than once")
    see.attempt(lambda: tf.reverse_v2(x, [2]), "is out of valid range")
    y = tf.reverse_v2(x, axes)
    see.run(y, {axes: [0, -1]})
    see.attempt(lambda: see.session.run(y, {axes: [1, 1]}), "axis 1 specified more than once")
    see.attempt(lambda: see.session.run(y, {axes: [0, -30]}), "'axis'[1] = -30 is out of valid")
    unknown = tf.placeholder(tf.float32)
    picked = tf.gather(unknown, [0], axis=1)
    see.attempt(lambda: see.session.run(picked, {unknown: [1.0]}), "Shape must be at least rank 2")


def element_types_by_number(tf, see):
    see(tf.DType(1), tf.DType(101), tf.DType(3) == tf.int32)
    for dtype in (tf.bool, tf.string, tf.qint8):
        see.attempt(lambda dtype=dtype: dtype.min, "Cannot find minimum value")
    see.attempt(lambda: 2 / tf.Dimension(3), "please use // instead")
    see(tf.get_static_value(tf.Variable(1.0)), tf.get_static_value(tf.constant(2.0)))


def an_adagrad_slot_of_unknown_shape(tf, see):
    start = tf.constant([1.0, 2.0])
    v = tf.get_variable("v", initializer=start, validate_shape=False)
    optimizer = tf.train.AdagradOptimizer(lambda: 3.0, initial_accumulator_value=0.1)
    update = optimizer.apply_gradients([(tf.constant([0.1, 0.2]), v)])
    see.run(tf.global_variables_initializer())
    for _ in range(3):
        see.run(update)
    see.run([v, optimizer.get_slot(v, "accumulator")])


def differences_for_several_tensors(tf, see):
    a, b = tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])
    starts = [np.array([1.0, 2.0], np.float32), np.array([3.0, 4.0], np.float32)]
    with see.session.as_default():
        error = tf.test.compute_gradient_error([a, b], [[2], [2]], a * b, [2], starts)
        pairs = tf.test.compute_gradient([a, b], [[2], [2]], a * b, [2], starts)
    see(bool(error < 1e-2), [np.round(pair[0], 3).tolist() for pair in pairs])


def arrays_shorter_than_their_sequence(tf, see):
    def body(i, array):
        return i + 1, array.write(i, tf.fill([2], tf.cast(i, tf.float32)))

    array = tf.TensorArray(tf.float32, size=4)
    _, array = tf.while_loop(lambda i, array: i < 2, body, [0, array])
    see.run(array.stack())


def arrays_of_text_and_of_nothing(tf, see):
    words = tf.TensorArray(tf.string, size=2).unstack(tf.constant(["a", "bcd"]))
    see.run(words.read(1))
    see.run(tf.TensorArray(tf.string, size=2).write(0, "abc").write(1, "x").stack())
    see.run(tf.TensorArray(tf.float32, size=0, element_shape=[2]).stack())
    empty = tf.TensorArray(tf.float32, size=0).stack()
    see.attempt(lambda: see.session.run(empty), "size zero", "not fully defined")


def pieces_of_impossible_sizes(tf, see):
    sizes = tf.placeholder(tf.int32, [2])
    pieces = tf.split(tf.range(10), sizes)
    see.run(pieces, {sizes: [-1, 3]})
    see.attempt(lambda: see.session.run(pieces, {sizes: [-2, 12]}), "Split size at index 0", "-2")
    see.attempt(lambda: see.session.run(pieces, {sizes: [-1, -1]}), "There can only be one -1")


def graph_defs_that_are_no_graphs(tf, see):
    def of(*nodes, **versions):
        made = tf.GraphDef()
        for name, kind, inputs, types in nodes:
            node = made.node.add(name=name, op=kind, input=inputs)
            for key, number in types.items():
                node.attr[key].type = number
        made.versions.CopyFrom(type(made.versions)(**versions))
        return made

    a = ("a", "Placeholder", [], {"dtype": 1})
    for inputs in (["a:b:0"], ["a:b"], ["gone"], ["a", "^gone"], ["a:1"]):
        see.attempt(
            lambda inputs=inputs: tf.import_graph_def(of(a, ("b", "Identity", inputs, {"T": 1}))),
            inputs[-1].partition(":")[0],
        )
    see.attempt(
        lambda: tf.import_graph_def(of(a, ("b", "Identity", ["a"], {"T": 3}))),
        "was passed float from",
        "incompatible with expected int32",
    )
    see.attempt(
        lambda: tf.import_graph_def(of(a, ("b", "Add", ["a"], {"T": 1}))),
        "NodeDef expected inputs 'float, float' do not match 1 inputs specified",
    )
    see.attempt(
        lambda: tf.import_graph_def(of(a, ("b", "Assign", ["a", "a"], {"T": 1}))),
        "incompatible with expected float_ref",
    )
    see.attempt(
        lambda: tf.import_graph_def(of(a, producer=2000, min_consumer=1 << 30)),
        "above current version",
        "Please upgrade TensorFlow",
    )
    see.attempt(lambda: tf.import_graph_def(of(a, producer=-1)), "below min producer")


def shapes_and_types_that_are_not_so(tf, see):
    x = tf.placeholder(tf.float32, name="fed")
    halves = tf.split(x, 2)
    see.run(tf.ensure_shape(halves[1], [1]), {x: [1.0, 2.0]})
    checked = tf.ensure_shape(halves[1], [3])
    see.attempt(
        lambda: see.session.run(checked, {x: [1.0, 2.0]}),
        "Shape of tensor split:1 [1] is not compatible with expected shape [3]",
    )
    sparse = tf.SparseTensor([[0]], [1.0], [3])
    see.attempt(lambda: tf.assert_proper_iterable(sparse), "proper")
    see.attempt(
        lambda: tf.debugging.assert_same_float_dtype([sparse], tf.float64),
        "SparseTensor(indices=",
        "type=<dtype: 'float32'>, must be of the same type (<dtype: 'float64'>).",
    )


def ranges_from_end_to_end(tf, see):
    whole = np.iinfo(np.int64)
    see.full(tf.range(np.int64(whole.min), np.int64(whole.max), np.int64(2**62)))
    see.full(tf.range(np.int64(whole.max), np.int64(whole.min), np.int64(-(2**62))))


def sessions_that_place_what_they_run(tf, see):
    with tf.device("/device:GPU:7"):
        elsewhere = tf.constant(1.0)
    here = tf.constant(2.0, name=b"here")
    see.attempt(lambda: tf.Session().run(here), "/device:GPU:7")
    options = tf.GraphOptions(place_pruned_graph=True, infer_shapes=True)
    with tf.Session(config=tf.ConfigProto(graph_options=options)) as session:
        see(float(session.run(here)), here.name)
        see("_output_shapes" in session.graph_def.node[0].attr)
        see.attempt(lambda: session.run(elsewhere), "/device:GPU:7")
        told = tf.RunMetadata()
        session.run(here, options=tf.RunOptions(output_partition_graphs=True), run_metadata=told)
        see(len(told.partition_graphs), told.partition_graphs[0].node[0].name)
        session.run(here, run_metadata=told)
        see(len(told.partition_graphs))
        see.attempt(lambda: session.partial_run("foo", here), "Must run 'setup' before")
        see(float(session.partial_run(None, here)))
    session = tf.InteractiveSession()
    see(float(here.eval()))
    session.close()


def tensor_protos(tf, see):
    for values, dtype, shape in (
        (5, None, None), ([1, 2], None, None), (["a", b"b"], None, None), ([1.5], tf.float16, None),
        (1, None, [2, 2]), ([1, 2], None, [3]), (np.float64([1, 2]), tf.float32, None),
        (np.zeros([2, 0]), None, None), (True, None, []), ([1 + 2j], None, None), ([], None, None),
    ):  # fmt: skip
        proto = tf.make_tensor_proto(values, dtype, shape)
        see(str(proto), tf.make_tensor_proto(proto) is proto)
    see(str(tf.make_tensor_proto(1, shape=[2], allow_broadcast=True)))
    for values, shape, options, text in (
        ([1, 2], [3], {"verify_shape": True}, "Expected Tensor's shape: (3,), but got (2,)"),
        ([1, 2, 3], [2, 3], {"allow_broadcast": True}, "Expected Tensor's shape: (2, 3)"),
        ([1, 2, 3], [2], {}, "Too many elements provided"),
        (None, None, {}, "None values not supported"),
    ):
        see.attempt(
            lambda v=values, s=shape, o=options: tf.make_tensor_proto(v, shape=s, **o), text
        )
    see.attempt(lambda: tf.make_tensor_proto("x", tf.int32), "Expected int32")


def ops_by_their_types(tf, see):
    see.full(tf.raw_ops.MatMul(a=[[1.0]], b=[[2.0]], transpose_a=True, name="product"))
    found = tf.raw_ops.Unique(x=[1, 2, 2])
    see.full(found.y)
    see.full(found.idx)
    see(type(found).__name__, list(found._fields))
    see.run(tf.raw_ops.Unpack(value=[1, 2], num=2))
    see.full(tf.raw_ops.Cumsum(x=[1, 2], axis=0, exclusive=True))
    variable = tf.raw_ops.VariableV2(shape=[2], dtype=tf.float32)
    see.run(tf.raw_ops.Assign(ref=variable, value=[1.0, 2.0]))
    see.attempt(lambda: tf.raw_ops.MatMul([[1.0]], [[2.0]]), "mat_mul only takes keyword args")
    see.attempt(lambda: tf.raw_ops.Add(x=1), "add() missing 1 required positional argument: 'y'")
    see.attempt(lambda: tf.raw_ops.Add(x=1, y=2, z=3), "unexpected keyword argument 'z'")
    see.attempt(lambda: tf.raw_ops.NoSuchOp, "NoSuchOp")
