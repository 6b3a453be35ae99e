"""Graphs: lookup, collections, finalizing, mixing, as_graph_def."""


def lookup_by_name(tf, see):
    graph = tf.get_default_graph()
    a = tf.constant([1, 2], name="a")
    split = tf.split(tf.ones([4]), 2, name="parts")
    see(graph.get_tensor_by_name("a:0") is a, graph.get_operation_by_name("a") is a.op)
    see(graph.get_tensor_by_name("parts:1"), split[1].name)
    see(graph.as_graph_element("a"), graph.as_graph_element("a:0"), graph.as_graph_element(a) is a)
    see(graph.as_graph_element(a.op) is a.op, [op.name for op in graph.get_operations()])
    see(graph.as_graph_element("parts:0", allow_operation=False))


def lookup_errors(tf, see):
    graph = tf.get_default_graph()
    a = tf.constant(1, name="a")
    see.attempt(lambda: graph.get_tensor_by_name("b:0"), "b:0", "does not exist")
    see.attempt(lambda: graph.get_tensor_by_name("a"), "a", "<op_name>:<output_index>")
    see.attempt(lambda: graph.get_tensor_by_name("a:1"), "a:1", "only", "1")
    see.attempt(lambda: graph.get_tensor_by_name("a:x"), "a:x")
    see.attempt(lambda: graph.get_tensor_by_name("a:-1"))
    see.attempt(lambda: graph.get_tensor_by_name(5), "string", "int")
    see.attempt(lambda: graph.get_operation_by_name("b"), "b", "not in the graph")
    see.attempt(lambda: graph.get_operation_by_name("a:0"), "a:0")
    see.attempt(lambda: graph.get_operation_by_name(None), "string")
    see.attempt(lambda: graph.as_graph_element(5), "int")
    see.attempt(lambda: graph.as_graph_element("a:0", allow_tensor=False), "a:0")
    see.attempt(lambda: graph.as_graph_element("a", allow_operation=False), "a")
    see.attempt(lambda: graph.as_graph_element(a, allow_tensor=False))
    see.attempt(lambda: graph.as_graph_element(a, False, False))
    other = tf.Graph()
    see.attempt(lambda: other.as_graph_element(a), "not an element of this graph")
    see.attempt(lambda: other.get_tensor_by_name("a:0"), "a:0")


def default_graphs(tf, see):
    outer = tf.get_default_graph()
    inner = tf.Graph()
    with inner.as_default() as given:
        see(given is inner, tf.get_default_graph() is inner, tf.constant(1).graph is inner)
    see(tf.get_default_graph() is outer, inner.building_function, inner.finalized)
    see(tf.get_default_session(), inner.version, outer.version)
    see.attempt(lambda: _reset_inside(tf), "reset_default_graph")


def _reset_inside(tf):
    with tf.Graph().as_default():
        tf.reset_default_graph()


def two_graphs_mixed(tf, see):
    a = tf.constant(1.0, name="a")
    with tf.Graph().as_default():
        b = tf.constant(2.0, name="b")
        see.attempt(lambda: tf.add(a, b), "same graph", "a:0")
        see.attempt(lambda: b + a, "same graph")
        see.attempt(lambda: tf.stack([b, a]), "same graph")
        with tf.Session() as sess:
            see.attempt(lambda: sess.run(a), "not an element of this graph", "a:0")
            see.attempt(lambda: sess.run(b, {a: 1.0}), "a:0", "not an element of this graph")
        see.attempt(lambda: tf.control_dependencies([a]).__enter__(), "graph")
    see(tf.add(a, 1.0))
    with tf.Graph().as_default():
        see(a + 1.0, (a + 1.0).graph is a.graph)


def finalize(tf, see):
    graph = tf.get_default_graph()
    a = tf.constant(1, name="a")
    see(graph.finalized)
    graph.finalize()
    see(graph.finalized)
    see.attempt(lambda: tf.constant(2), "finalized")
    see.attempt(lambda: a + 1, "finalized")
    see.run(a)
    see.attempt(lambda: graph.add_to_collection("c", 1), "finalized")


def collections(tf, see):
    graph = tf.get_default_graph()
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    tf.add_to_collection("things", a)
    tf.add_to_collection("things", b)
    tf.add_to_collection("things", a)
    graph.add_to_collections(["things", "others"], 5)
    see(tf.get_collection("things"), tf.get_collection("others"), tf.get_collection("none"))
    see(tf.get_collection("things", scope="a"), graph.get_collection("things", "b"))
    see(tf.get_collection_ref("things") is tf.get_collection_ref("things"))
    tf.get_collection_ref("things").append("more")
    see(len(tf.get_collection("things")), len(graph.get_collection_ref("new")))
    tf.get_collection("things").append("copy")
    see(len(tf.get_collection("things")), sorted(graph.get_all_collection_keys()))
    graph.clear_collection("things")
    see(tf.get_collection("things"), sorted(graph.collections))
    graph.add_to_collections("word", 1)
    graph.add_to_collections(("x", "y", "x"), 1)
    see(tf.get_collection("word"), tf.get_collection("x"))


def collections_by_scope(tf, see):
    with tf.name_scope("s"):
        tf.add_to_collection("c", tf.constant(1, name="x"))
        with tf.name_scope("t"):
            tf.add_to_collection("c", tf.constant(1, name="x"))
    tf.add_to_collection("c", tf.constant(1, name="s2"))
    tf.add_to_collection("c", 7)
    for scope in ("s", "s/", "s/t", "t", ".*t", "", None):
        see(tf.get_collection("c", scope))


def graph_keys(tf, see):
    keys = tf.GraphKeys
    see(keys.GLOBAL_VARIABLES, keys.LOCAL_VARIABLES, keys.TRAINABLE_VARIABLES, keys.MODEL_VARIABLES)
    see(keys.SUMMARIES, keys.QUEUE_RUNNERS, keys.TABLE_INITIALIZERS, keys.ASSET_FILEPATHS)
    see(keys.MOVING_AVERAGE_VARIABLES, keys.REGULARIZATION_LOSSES, keys.CONCATENATED_VARIABLES)
    see(keys.SAVERS, keys.WEIGHTS, keys.BIASES, keys.ACTIVATIONS, keys.UPDATE_OPS, keys.LOSSES)
    see(
        keys.SAVEABLE_OBJECTS,
        keys.RESOURCES,
        keys.LOCAL_RESOURCES,
        keys.TRAINABLE_RESOURCE_VARIABLES,
    )
    see(keys.INIT_OP, keys.LOCAL_INIT_OP, keys.READY_OP, keys.READY_FOR_LOCAL_INIT_OP)
    see(keys.SUMMARY_OP, keys.GLOBAL_STEP, keys.EVAL_STEP, keys.TRAIN_OP, keys.COND_CONTEXT)
    see(keys.WHILE_CONTEXT, keys.METRIC_VARIABLES)


def consumers_and_inputs(tf, see):
    a = tf.constant(1.0, name="a")
    b = tf.add(a, a, name="b")
    c = tf.multiply(a, b, name="c")
    see([op.name for op in a.consumers()], [t.name for t in c.op.inputs], b.op.outputs[0] is b)
    see(c.op.inputs[0] is a, len(c.op.outputs), c.op.node_def.name, list(c.op.node_def.input))
    see(c.op.node_def.op, a.op.op_def.name, [arg.name for arg in c.op.op_def.input_arg])


def versions(tf, see):
    graph = tf.get_default_graph()
    see(graph.version)
    tf.constant(1)
    see(graph.version)
    tf.constant(1) + 2
    see(graph.version, graph.as_graph_def().versions.producer == graph.graph_def_versions.producer)
    before = graph.version
    tf.constant(1, name="late")
    see([node.name for node in graph.as_graph_def(from_version=before).node])


def static_shapes(tf, see):
    shape = tf.TensorShape
    see(shape([1, None]), shape(None), shape([]), shape([3]))
    see(
        shape([1, 2]).as_list(),
        shape([1, None]).ndims,
        shape(None).ndims,
        shape([2, 3]).num_elements(),
    )
    see(shape([1, None]).is_fully_defined(), shape([1]).is_fully_defined(), len(shape([1, 2])))
    see(shape([1, 2])[0], shape([1, 2, 3])[1:], shape([None])[0], shape(None)[0], shape(None)[1:])
    see(shape([1, None]).merge_with([None, 2]), shape(None).merge_with([3]))
    see(shape([1, 2]).concatenate([3]), shape([1]).concatenate(None), shape([None, 2]).with_rank(2))
    see(shape([1, None]).is_compatible_with([1, 5]), shape([1, 2]).is_compatible_with([2, 2]))
    see(shape([1, 2]) == [1, 2], shape([None]) == shape([None]), shape([1]) != shape([2]))
    see(
        str(shape([1, None])),
        repr(shape([1, None])),
        str(shape(None)),
        repr(shape([2])),
        str(shape([])),
    )
    see(
        [d.value for d in shape([1, None])],
        shape([2, 3]).dims[0],
        bool(shape(None)),
        bool(shape([])),
    )
    see(shape([1, 2]).with_rank_at_least(1), shape([1, 2]).with_rank_at_most(2), shape([4]).rank)
    see.attempt(lambda: shape([1, 2]).merge_with([3, 2]), "(1, 2)", "(3, 2)", "not compatible")
    see.attempt(lambda: shape([1, 2]).with_rank(3), "rank 3")
    see.attempt(lambda: shape([1, 2]).assert_is_compatible_with([2, 2]), "incompatible")
    see.attempt(lambda: shape([1, 2]).assert_has_rank(1), "rank 1")
    see.attempt(lambda: shape(None).as_list(), "unknown")
    see.attempt(lambda: len(shape(None)), "unknown")
    see.attempt(lambda: shape([-2]), ">= 0")
    see.attempt(lambda: shape([None]).assert_is_fully_defined(), "fully defined")


def dimensions(tf, see):
    dim = tf.Dimension
    see(
        dim(3) + 2,
        dim(None) + 1,
        5 - dim(2),
        dim(3) * dim(4),
        dim(7) // 2,
        dim(7) % 4,
        dim(None) * 2,
    )
    see(dim(3) == 3, dim(3) == dim(None), dim(3) != 4, dim(3) < 4, dim(None) < 4, int(dim(5)))
    see(dim(3).merge_with(None), dim(None).merge_with(4), dim(3).is_compatible_with(None))
    see(str(dim(3)), repr(dim(None)), dim(None).value, dim(3) >= 3, dim(3) > dim(None))
    see.attempt(lambda: dim(-1), ">= 0")
    see.attempt(lambda: dim(3).merge_with(4), "3", "4", "not compatible")
    see.attempt(lambda: dim("a"))
    see.attempt(lambda: int(dim(None)))


def dtypes(tf, see):
    see(tf.float32, tf.as_dtype("float32") is tf.float32, tf.as_dtype(float))
    see.attempt(lambda: tf.as_dtype(int), "int")
    see(tf.as_dtype(bool), tf.as_dtype("int64"), tf.float32.name, tf.float32.size, tf.string.size)
    see(tf.float32.as_numpy_dtype, tf.int32.is_integer, tf.float32.is_floating, tf.bool.is_bool)
    see(
        tf.complex64.is_complex,
        tf.complex64.real_dtype,
        tf.uint8.is_unsigned,
        tf.uint8.max,
        tf.int8.min,
    )
    see(
        str(tf.float32),
        repr(tf.float32),
        tf.float32.base_dtype,
        tf.float32.is_compatible_with(tf.int32),
    )
    see(
        tf.float32 == "float32",
        tf.float32 == tf.float64,
        tf.float32 != tf.float64,
        hash(tf.int32) == hash(tf.int32),
    )
    see(tf.float32.as_datatype_enum, tf.string.as_datatype_enum, tf.as_dtype(1), tf.half, tf.double)
    see(tf.float64.limits, tf.uint8.limits, tf.bool.limits, tf.as_dtype("float32_ref"))
    see.attempt(lambda: tf.as_dtype("floot"), "floot")
    see.attempt(lambda: tf.as_dtype(object()))
    see.attempt(lambda: tf.as_dtype(str))
    see(tf.string.as_numpy_dtype, tf.bfloat16.size)


def traceback_names_the_users_line(tf, see):
    a = tf.constant(1, name="a")
    see(any("programs" in frame[0] for frame in a.op.traceback))
    see([frame[2] for frame in a.op.traceback if "programs" in frame[0]])


def gradient_registry(tf, see):
    graph = tf.get_default_graph()
    a = tf.constant(1.0, name="a")
    with graph.gradient_override_map({"Square": "OracleSquare"}):
        see(tf.square(a), tf.square(a).op.get_attr("_gradient_op_type"))
    see(tf.square(a))


def graph_def_of_an_empty_graph(tf, see):
    graph = tf.Graph()
    see(len(graph.as_graph_def().node), graph.get_operations(), graph.get_all_collection_keys())
