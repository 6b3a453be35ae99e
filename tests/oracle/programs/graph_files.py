"""Graphs as files: GraphDef and MetaGraphDef out and in; starting from a checkpoint's values."""

import contextlib
import os
import tempfile


@contextlib.contextmanager
def _folder():
    """A new folder that is the current one meanwhile, so that paths are the same everywhere."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _lines(tf):
    """The default graph's nodes: name, type, inputs, device."""
    return [
        f"{node.name} = {node.op}({', '.join(node.input)}) {node.device}"
        for node in tf.get_default_graph().as_graph_def().node
    ]


def _collections(meta):
    return [
        (key, meta.collection_def[key].WhichOneof("kind")) for key in sorted(meta.collection_def)
    ]


def _written(tf):
    """A checkpoint `old/m` of scopes `a` and `b`."""
    with tf.Graph().as_default(), tf.Session() as sess:
        for scope in ("a", "b", "b/c"):
            with tf.variable_scope(scope):
                tf.get_variable("v", initializer=[1.0, float(len(scope))])
                tf.get_variable("w", initializer=[[7, 8], [9, 10], [11, 12]])
        tf.get_variable("top", initializer=3.0)
        sess.run(tf.global_variables_initializer())
        tf.train.Saver().save(sess, "old/m", write_meta_graph=False)


def _started(tf, see, names):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        see(sess.run(names))


def starting_from_a_checkpoint(tf, see):
    init = tf.train.init_from_checkpoint
    with _folder():
        _written(tf)
        with tf.variable_scope("n"):
            v = tf.get_variable("v", [2])
            w = tf.get_variable("w", [3, 2], tf.int32)
        with tf.variable_scope("m/c"):
            tf.get_variable("v", [2])
        cut = tf.get_variable("cut", [3, 2], tf.int32, partitioner=tf.fixed_size_partitioner(2))
        loose = tf.Variable([0.0, 0.0], name="loose")
        see(init("old/m", {"a/": "n/"}), init("old", {"b/c/": "m/c/"}))
        init("old", {"a/w": list(cut), "b/v": loose})
        _started(tf, see, [v, w, "m/c/v:0", *cut, loose])
        init("old", {"b/": "n/"})  # the later one counts
        init("old", {"b/w": "cut"})
        _started(tf, see, [v, w, *cut])
        init("old", [("a/v", "m/c/v"), ("b/v", v)])
        _started(tf, see, ["m/c/v:0", v, v.initialized_value()])


def starting_everything_from_a_checkpoint(tf, see):
    with _folder():
        _written(tf)
        with tf.variable_scope("b"):
            tf.get_variable("v", [2])
            with tf.variable_scope("c"):
                tf.get_variable("w", [3, 2], tf.int32)
        tf.get_variable("top", [])
        tf.train.init_from_checkpoint("old/m", {"/": "/"})
        _started(tf, see, ["b/v:0", "b/c/w:0", "top:0"])
        with tf.variable_scope("deep"), tf.variable_scope("b"):
            tf.get_variable("v", [2])
        tf.train.init_from_checkpoint("old/m", {"/": "deep/"})
        _started(tf, see, ["deep/b/v:0"])


def starting_from_what_does_not_fit(tf, see):
    with _folder():
        _written(tf)
        with tf.variable_scope("n"):
            v = tf.get_variable("v", [2])
            tf.get_variable("extra", [2])
        long = tf.get_variable("long", [5])
        kind = tf.get_variable("kind", [2], tf.int32)
        loose = tf.Variable(0.0, name="loose")
        for path, names in [
            ("old", {"a/": "n/"}),
            ("old", {"a/v": long}),
            ("old", {"a/v": "long"}),
            ("old", {"a/none": v}),
            ("old", {"a/v": "missing"}),
            ("old", {"a/v": "loose"}),
            ("old", {"a/": "missing/"}),
            ("old", {"none/": "n/"}),
            ("old", {"a": "n/"}),
            ("old", {"a/v": 3}),
            ("old", {"a/v": None}),
            ("old", {}),
            ("old", {"a/v": [v, loose]}),
            ("none", {"a/v": v}),
            (".", {"a/v": v}),
            ("old", "text"),
        ]:
            see.attempt(lambda p=path, n=names: tf.train.init_from_checkpoint(p, n))
        tf.train.init_from_checkpoint("old", {"a/v": kind})
        with tf.Session() as sess:
            see.attempt(lambda: sess.run(kind.initializer), "float", "int32")


def _model(tf):
    with tf.device("/cpu:0"):
        x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", [2, 3], initializer=tf.ones_initializer())
        with tf.device("/job:worker/task:1"):
            y = tf.nn.relu(tf.matmul(x, w), name="y")
    step = tf.train.create_global_step()
    train = tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(y), step, name="train")
    tf.add_to_collection("ins", x)
    tf.add_to_collection("numbers", 3)
    tf.add_to_collection("numbers", 4)
    tf.add_to_collection("words", "text")
    tf.add_to_collection("floats", 1.5)
    tf.add_to_collection("ops", train)
    tf.summary.scalar("top", y[0, 0])
    return x, y


def exporting(tf, see):
    _model(tf)
    export = tf.train.export_meta_graph
    with _folder():
        meta = export("m.meta")
        see(_collections(meta), len(meta.graph_def.node), meta.HasField("saver_def"))
        info = meta.meta_info_def
        see(info.stripped_default_attrs, list(info.tags), len(info.stripped_op_list.op))
        see([op.name for op in info.stripped_op_list.op])
        see(sorted(os.listdir(".")), os.path.getsize("m.meta") == meta.ByteSize())
        meta = export(collection_list=["ins", "words", "none"], clear_devices=True)
        see(_collections(meta), sorted({node.device for node in meta.graph_def.node}))
        meta = export(strip_default_attrs=True)
        see(meta.meta_info_def.stripped_default_attrs)
        see([(node.name, sorted(node.attr)) for node in meta.graph_def.node if "x" in node.name])
        meta = export(export_scope="layer")
        see([(node.name, list(node.input)) for node in meta.graph_def.node], _collections(meta))
        see.attempt(lambda: export(export_scope="none"))
        export("text.meta", as_text=True)
        with open("text.meta") as file:
            see(file.readline())
        see(export("sub/m.meta").HasField("graph_def"), sorted(os.listdir("sub")))
        saver = tf.train.Saver()
        meta = saver.export_meta_graph("saver.meta", collection_list=[])
        see(meta.saver_def.save_tensor_name, _collections(meta))
        tf.train.Saver(name="second")
        meta = saver.export_meta_graph(clear_extraneous_savers=True)
        see([node.name for node in meta.graph_def.node if node.op == "SaveV2"])
        see.attempt(lambda: export(meta_info_def="text"))
        see.attempt(lambda: export(graph="text"))


def importing_meta_graphs(tf, see):
    with _folder():
        with tf.Graph().as_default():
            _model(tf)
            tf.train.Saver(max_to_keep=3)
            tf.train.Saver().export_meta_graph("m.meta")
            tf.train.export_meta_graph("plain.meta", as_text=True)
        saver = tf.train.import_meta_graph("m.meta")
        see(saver.as_saver_def().restore_op_name, tf.get_collection("ins"), _lines(tf))
        see(tf.get_collection("numbers"), tf.get_collection("words"), tf.get_collection("floats"))
        see(tf.global_variables(), tf.trainable_variables(), tf.train.get_global_step())
        see(tf.get_collection("train_op"), tf.get_collection("ops"), tf.get_collection("summaries"))
        saver = tf.train.import_meta_graph("m.meta", clear_devices=True, import_scope="again")
        see(saver.as_saver_def().filename_tensor_name)
        see(sorted({op.device for op in tf.get_default_graph().get_operations()}))
        see([v.name for v in tf.global_variables()], tf.get_collection("ins"))
        saver = tf.train.import_meta_graph("m.meta", import_scope="again")  # once more
        see(saver.as_saver_def().filename_tensor_name, tf.global_variables()[-1])
        with tf.name_scope("outer"):
            saver = tf.train.import_meta_graph("m.meta", import_scope="inner")
            see(saver.as_saver_def().restore_op_name, tf.global_variables()[-1])
        with tf.Graph().as_default():
            see(tf.train.import_meta_graph("plain.meta").as_saver_def().save_tensor_name)
        with tf.Graph().as_default():
            x = tf.zeros([1, 2], name="mine")
            found = tf.train.import_meta_graph(
                "m.meta", input_map={"x:0": x}, return_elements=["layer/y:0", "train"]
            )
            see(found[0].as_saver_def().save_tensor_name if isinstance(found, tuple) else "saver")
            see(tf.get_default_graph().get_tensor_by_name("layer/MatMul:0").op.inputs[0])
        for wrong in ["none.meta", "empty", b"m.meta", 3, None]:
            open("empty", "w").close()
            see.attempt(lambda w=wrong: tf.train.import_meta_graph(w) and None)


def _again(tf, value):
    """The tensors of an input map in the graph of now."""
    if not isinstance(value, dict):
        return value
    tensors = {k: isinstance(v, tf.Tensor) for k, v in value.items()}
    return {k: tf.ones(v.shape, v.dtype) if tensors[k] else v for k, v in value.items()}


def importing_graphs(tf, see):
    with tf.Graph().as_default() as graph:
        _model(tf)
        definition = graph.as_graph_def()
    one = tf.ones([1, 2], name="one")
    load = tf.import_graph_def
    see(load(definition), load(definition, name="n", return_elements=[]))
    see(load(definition, {"x": one}, ["layer/y:0", "layer/y", "x:0"], "mapped"))
    see(load(definition, {b"x:0": one}, [b"layer/y:0"], name="mapped"))
    see(load(definition, {"layer/MatMul:0": tf.ones([1, 3])}, ["layer/y:0"], name="middle"))
    with tf.name_scope("outer"):
        see(load(definition, return_elements=["layer/y:0"], name="inner"))
        see(load(definition, return_elements=["layer/y:0"], name=""))
    waits = {"^x": one.op, "x": one}
    see.attempt(lambda: load(definition, waits, ["layer/y"], name="control"))
    with tf.control_dependencies([one]):
        see(load(definition, return_elements=["layer/y"], name="after")[0].control_inputs)
    with tf.device("/cpu:1"):
        (found,) = load(definition, return_elements=["x"], name="placed")
        see(found.device)
    for wrong in [
        {"input_map": {"none:0": one}},
        {"input_map": {"x:1": one}},
        {"input_map": {"x:0": tf.ones([1], tf.int32)}},
        {"input_map": {"x:0": [[1.0, 2.0]]}, "return_elements": ["layer/y:0"]},
        {"input_map": [("x", one)]},
        {"input_map": {3: one}},
        {"return_elements": ["none"]},
        {"return_elements": ["none:0"]},
        {"return_elements": ["x:1"]},
        {"return_elements": ["x:0:0"]},
        {"return_elements": [3]},
        {"return_elements": "x"},
        {"name": "in valid"},
        {"name": "ends/"},
        {"name": 3},
        {"producer_op_list": "text"},
        {"op_dict": {}},
    ]:
        with tf.Graph().as_default():
            wrong = {k: _again(tf, value) for k, value in wrong.items()}
            see.attempt(lambda w=wrong: load(definition, **w))
    see.attempt(lambda: load("text"))
    see.attempt(lambda: load(None))
    see.attempt(lambda: load(b""))


def producers_ops(tf, see):
    """What a later TensorFlow adds to an op may be missing here, if it has its default."""
    with tf.Graph().as_default() as graph:
        a = tf.placeholder(tf.float32, [2], name="a")
        tf.add(a, a, name="b")
        tf.train.export_meta_graph()
        ops = tf.train.export_meta_graph().meta_info_def.stripped_op_list
        definition = graph.as_graph_def()
    for op in ops.op:
        if op.name == "AddV2" or op.name == "Add":
            attr = op.attr.add(name="later", type="int")
            attr.default_value.i = 5
    node = definition.node[1]
    node.attr["later"].i = 5
    see(tf.import_graph_def(definition, return_elements=["b"], producer_op_list=ops, name="one"))
    node.attr["later"].i = 6
    (b,) = tf.import_graph_def(definition, None, ["b"], "two", producer_op_list=ops)
    see(b.get_attr("later"), see.session.run("two/b:0", {"two/a:0": [1.0, 2.0]}))


def writing_graphs(tf, see):
    with tf.Graph().as_default() as graph:
        _model(tf)
    write = tf.train.write_graph
    with _folder():
        see(write(graph, ".", "g.pbtxt"), write(graph.as_graph_def(), "a/b", "g.pb", as_text=False))
        with open("g.pbtxt") as file:
            see(file.readline(), file.readline())
        with open("a/b/g.pb", "rb") as file:
            definition = tf.GraphDef.FromString(file.read())
        see(len(definition.node), definition.versions.producer > 0)
        see(definition == graph.as_graph_def())
        see.attempt(lambda: write("text", ".", "h"))
        see.attempt(lambda: write(graph, "g.pbtxt", "h") and None)
        see(sorted(os.listdir(".")))


def wrong_arguments(tf, see):
    with tf.Graph().as_default() as graph:
        _model(tf)
    definition = graph.as_graph_def()
    with tf.Graph().as_default():
        stranger = tf.constant(1.0, name="stranger")
    load = tf.import_graph_def
    first = definition.node[0].name
    see.attempt(lambda: load(definition, input_map={first: stranger}), "does not exist in graph")
    see.attempt(lambda: load(definition, return_elements=["a:x"]), "should be an int", "Got x")
    definition.node[0].op = "NoSuchOp"
    see.attempt(lambda: load(definition), "Op type not registered 'NoSuchOp'")
    export = tf.train.export_meta_graph
    see.attempt(lambda: export(graph_def="text"), "graph_def must be of type GraphDef")
    see.attempt(lambda: export(saver_def="text"), "saver_def must be of type SaverDef")
    see.attempt(lambda: export(meta_info_def="text"), "must be of type MetaInfoDef")
    with _folder():
        os.mkdir("folder")
        see.attempt(lambda: tf.train.import_meta_graph("folder"), "folder; Is a directory")
        see.attempt(lambda: tf.train.import_meta_graph("none"), "File does not exist")


def savers_left_out(tf, see):
    tf.get_variable("v", initializer=1.0)
    tf.add_to_collection("savers", tf.train.Saver(name="first"))
    tf.train.Saver(name="second")
    left = tf.train.export_meta_graph(clear_extraneous_savers=True)
    see([node.name for node in left.graph_def.node], left.HasField("saver_def"))
    see(left.collection_def["savers"].bytes_list.value[0])


def graphs_of_parts(tf, see):
    a = tf.constant(1.0, name="a")
    first = tf.get_default_graph().version
    b = tf.add(a, 2.0, name="b")
    graph = tf.get_default_graph()
    see([node.name for node in graph.as_graph_def(from_version=first).node])
    shapes = graph.as_graph_def(add_shapes=True).node[-1].attr["_output_shapes"]
    see(len(shapes.list.shape), b)
    part = tf.graph_util.extract_sub_graph(graph.as_graph_def(), ["a"])
    see([node.name for node in part.node])
