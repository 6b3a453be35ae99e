"""Parts of a GraphDef, and models in folders: tf.graph_util and tf.saved_model."""

import os
import tempfile

from oracle.nodes import node_line


def _lines(definition):
    return [node_line(node) for node in definition.node]


def _model(tf):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="w")
    b = tf.get_variable("b", [2], initializer=tf.ones_initializer())
    tf.Variable(3, name="unused")
    y = tf.add(tf.matmul(x, w, name="product"), b, name="y")
    return x, w, b, y


def variables_to_constants(tf, see):
    _, w, b, y = _model(tf)
    tf.nn.embedding_lookup(w, [0, 1], name="looked_up")
    tf.cond(y[0, 0] > 0, w.read_value, lambda: w + 1, name="choice")
    tf.assign_add(b, [1.0, 1.0], name="more")
    see.start()
    convert = tf.graph_util.convert_variables_to_constants
    whole = tf.get_default_graph().as_graph_def()
    for names in (["y"], ["looked_up"], ["choice/Merge"], ["more"], ["product", "b/read"], []):
        see(_lines(convert(see.session, whole, names)))
    see(_lines(convert(see.session, whole, ["y"], variable_names_whitelist=["w"])))
    see(_lines(convert(see.session, whole, ["y"], variable_names_blacklist=["w"])))
    see(convert(see.session, whole, ["y"]).versions.producer)
    shaped = tf.get_default_graph().as_graph_def(add_shapes=True)
    see(_lines(convert(see.session, shaped, ["y"])))


def wrong_conversions(tf, see):
    _model(tf)
    see.start()
    convert = tf.graph_util.convert_variables_to_constants
    whole = tf.get_default_graph().as_graph_def()
    see.attempt(lambda: convert(see.session, whole, ["none"]), "none is not in graph")
    see.attempt(lambda: convert(see.session, whole, ["y:0"]), "y:0 is not in graph")
    see.attempt(lambda: convert(see.session, whole, "y"), "must be an iterable of strings")
    see.attempt(lambda: convert(see.session, 3, ["y"]), "must be a graph_pb2.GraphDef")
    with tf.Session() as fresh:
        see.attempt(lambda: convert(fresh, whole, ["y"]), "uninitialized")


def frozen_graph_runs_alone(tf, see):
    _model(tf)
    see.start()
    whole = tf.get_default_graph().as_graph_def()
    frozen = tf.graph_util.convert_variables_to_constants(see.session, whole, ["y"])
    with tf.Graph().as_default(), tf.Session() as sess:
        (y,) = tf.import_graph_def(frozen, return_elements=["y:0"], name="frozen")
        see(y, sess.run(y, {"frozen/x:0": [[1.0, 1.0]]}), tf.global_variables())


def sub_graphs(tf, see):
    a = tf.constant(1.0, name="a")
    b = tf.constant(2.0, name="b")
    with tf.control_dependencies([b]):
        c = tf.identity(a, name="c")
    with tf.colocate_with(b):
        tf.negative(a, name="d")
    tf.add(tf.split([1.0, 2.0], 2, name="parts")[1], c, name="e")
    extract = tf.graph_util.extract_sub_graph
    whole = tf.get_default_graph().as_graph_def()
    for names in (["c"], ["d"], ["e"], ["a", "b"], ("parts",), []):
        see([node.name for node in extract(whole, names).node])
    see(extract(whole, ["e"]).versions.producer)
    see.attempt(lambda: extract(whole, ["none"]), "none is not in graph")
    see.attempt(lambda: extract(whole, "c"), "must be an iterable of strings")
    see.attempt(lambda: extract("whole", ["c"]), "must be a graph_pb2.GraphDef")


def without_training_nodes(tf, see):
    x = tf.placeholder(tf.float32, [2], name="x")
    checked = tf.check_numerics(x, "bad", name="checked")
    with tf.control_dependencies([checked]):
        kept = tf.identity(x, name="kept")
    passed = tf.stop_gradient(tf.identity(x, name="first"), name="passed")
    with tf.control_dependencies([kept]):
        after = tf.identity(passed, name="after")
    tf.add(after, tf.identity(passed, name="second"), name="sum")
    with tf.colocate_with(tf.identity(x, name="placed").op):
        tf.negative(x, name="beside")
    tf.split(tf.identity(x), 2, name="parts")
    tf.identity(tf.get_default_graph().get_tensor_by_name("parts:1"), name="part")
    tf.square(tf.get_default_graph().get_tensor_by_name("part:0"), name="end")
    remove = tf.graph_util.remove_training_nodes
    whole = tf.get_default_graph().as_graph_def()
    see(_lines(remove(whole)), _lines(remove(whole, ["checked", "second", "part"])))
    see(remove(whole).versions.producer)


def small_questions(tf, see):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    shape_of = tf.graph_util.tensor_shape_from_node_def_name
    see(shape_of(tf.get_default_graph(), "x"), shape_of(tf.get_default_graph(), "x:0"))
    see.attempt(lambda: shape_of(tf.get_default_graph(), "none"), "none")
    v = tf.Variable(1.0, name="v")
    on_cpu = tf.graph_util.must_run_on_cpu
    ops = [tf.constant(1).op, tf.constant(1.0).op, tf.constant("a").op, x.op]
    ops += [tf.cast(tf.constant([1]), tf.float32).op, tf.cast(x, tf.int32).op]
    ops += [tf.dynamic_stitch([[0], [1]], [[1], [2]]).op, v.op, v.initializer]
    see([on_cpu(op) for op in ops], [on_cpu(op.node_def) for op in ops])
    see([on_cpu(op, pin_variables_on_cpu=True) for op in ops])


def saved_and_loaded(tf, see):
    x, w, _, y = _model(tf)
    see.start()
    see.session.run(w.assign([[5.0, 6.0], [7.0, 8.0]]))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model")
        see(tf.saved_model.contains_saved_model(path))
        tf.saved_model.simple_save(see.session, path, {"x": x}, {"y": y, "w": w})
        see(sorted(os.listdir(path)), sorted(os.listdir(os.path.join(path, "variables"))))
        see(tf.saved_model.loader.maybe_saved_model_directory(path))
        see.attempt(lambda: tf.saved_model.simple_save(see.session, path, {"x": x}, {"y": y}))
        with tf.Graph().as_default() as graph, tf.Session() as sess:
            meta = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], path)
            signature = meta.signature_def["serving_default"]
            see(signature.method_name, sorted(signature.inputs), sorted(signature.outputs))
            see(
                signature.inputs["x"].name,
                signature.outputs["w"].dtype,
                signature.outputs["w"].name,
            )
            see([d.size for d in signature.inputs["x"].tensor_shape.dim])
            see(sess.run(signature.outputs["y"].name, {"x:0": [[1.0, 1.0]]}))
            see([op.name for op in graph.get_operations()], tf.global_variables())
            see(list(meta.meta_info_def.tags), sorted(meta.collection_def))
        with tf.Graph().as_default() as graph, tf.Session() as sess:
            tf.saved_model.load(sess, ["serve"], path, import_scope="inner")
            see(sess.run("inner/y:0", {"inner/x:0": [[1.0, 1.0]]}), tf.global_variables())
            info = signature.inputs["x"]
            find = tf.saved_model.utils.get_tensor_from_tensor_info
            see(find(info, import_scope="inner"), find(info, graph, "inner"))
            see.attempt(lambda: find(info), "x:0")


def several_graphs_of_one_model(tf, see):
    with tempfile.TemporaryDirectory() as folder:
        builder = tf.saved_model.builder.SavedModelBuilder(folder)
        see.attempt(lambda: builder.add_meta_graph(["serve"]), "has not been saved yet")
        x, _, _, y = _model(tf)
        see.start()
        builder.add_meta_graph_and_variables(see.session, ["train", "gpu"], clear_devices=True)
        see.attempt(
            lambda: builder.add_meta_graph_and_variables(see.session, ["train"]),
            "has already been saved",
        )
        predict = tf.saved_model.signature_def_utils.predict_signature_def({"x": x}, {"y": y})
        builder.add_meta_graph(["serve"], {"predict": predict}, strip_default_attrs=True)
        see(os.path.basename(builder.save()), os.path.basename(builder.save(as_text=True)))
        see(sorted(os.listdir(folder)))
        for tags in (["train", "gpu"], {"gpu", "train"}, ("serve",)):
            with tf.Graph().as_default(), tf.Session() as sess:
                meta = tf.saved_model.load(sess, tags, folder)
                see(sorted(meta.meta_info_def.tags), sorted(meta.signature_def))
                see(sess.run("y:0", {"x:0": [[1.0, 0.0]]}))
                see(_lines(tf.get_default_graph().as_graph_def()))
        with tf.Graph().as_default(), tf.Session() as sess:
            see.attempt(lambda: tf.saved_model.load(sess, ["gpu"], folder), "gpu", "could not be")
            os.remove(os.path.join(folder, "saved_model.pb"))
            tf.saved_model.load(sess, ["serve"], folder)
            see(sess.run("y:0", {"x:0": [[0.0, 1.0]]}))
    with tempfile.TemporaryDirectory() as folder, tf.Session() as sess:
        see.attempt(
            lambda: tf.saved_model.load(sess, ["serve"], folder), "SavedModel file does not exist"
        )
        with open(os.path.join(folder, "saved_model.pb"), "wb") as file:
            file.write(b"no model at all")
        see.attempt(lambda: tf.saved_model.load(sess, ["serve"], folder), "Cannot parse file")


def models_without_variables(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.square(x, name="y")
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.simple_save(see.session, folder, {"x": x}, {"y": y})
        see(sorted(os.listdir(folder)), os.listdir(os.path.join(folder, "variables")))
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.saved_model.load(sess, ["serve"], folder)
            see(sess.run("y:0", {"x:0": 3.0}))


def main_ops_and_assets(tf, see):
    with tempfile.TemporaryDirectory() as folder:
        words = os.path.join(folder, "words.txt")
        with open(words, "w") as file:
            file.write("a b")
        other = os.path.join(folder, "other", "words.txt")
        os.mkdir(os.path.dirname(other))
        with open(other, "w") as file:
            file.write("c d")
        with tf.Graph().as_default(), tf.Session() as sess:
            names = [tf.constant(words, name="words"), tf.constant(other, name="other")]
            for name in names:
                tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, name)
            text = tf.Variable("", name="text", collections=[tf.GraphKeys.LOCAL_VARIABLES])
            read = tf.assign(text, tf.read_file(names[0]) + tf.read_file(names[1]), name="read")
            y = tf.identity(text, name="y")
            sess.run(text.initializer)
            model = os.path.join(folder, "model")
            tf.saved_model.simple_save(sess, model, {"x": names[0]}, {"y": y}, read.op)
            see(sorted(os.listdir(model)), sorted(os.listdir(os.path.join(model, "assets"))))
            see(tf.get_collection(tf.saved_model.MAIN_OP_KEY))
            see([any.type_url for any in tf.get_collection(tf.saved_model.constants.ASSETS_KEY)])
            builder = tf.saved_model.Builder(os.path.join(folder, "again"))
            add = builder.add_meta_graph_and_variables
            see.attempt(
                lambda: add(sess, ["serve"], main_op=read.op), "already contains one or more"
            )
            see.attempt(lambda: add(sess, ["serve"], main_op="read"), "to be an Operation")
            for wrong in (y, tf.constant(1), tf.constant(["a", "b"]), "a", tf.constant("")):
                see.attempt(lambda it=wrong: add(sess, ["serve"], assets_collection=[it]))
        os.remove(words)
        os.remove(other)
        for scope in (None, "inner"):
            with tf.Graph().as_default(), tf.Session() as sess:
                meta = tf.saved_model.load(sess, ["serve"], model, import_scope=scope)
                see(sess.run("y:0" if scope is None else "inner/y:0"))
                see(sorted(meta.collection_def))


def usual_main_op(tf, see):
    tf.Variable(1.0, name="v")
    tf.Variable(1.0, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    see(tf.saved_model.main_op.main_op())
    see(tf.saved_model.main_op.main_op_with_restore(tf.no_op(name="mine")))


def tensor_infos(tf, see):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    sparse = tf.sparse_placeholder(tf.int64, [3, 4], name="s")
    for tensor in (x, tf.Variable([1], name="v"), sparse, tf.placeholder(tf.string, name="any")):
        info = tf.saved_model.utils.build_tensor_info(tensor)
        see(info.name, info.dtype, info.tensor_shape.unknown_rank, info.WhichOneof("encoding"))
        see([d.size for d in info.tensor_shape.dim], info.coo_sparse.values_tensor_name)
        see(info.coo_sparse.indices_tensor_name, info.coo_sparse.dense_shape_tensor_name)
        found = tf.saved_model.get_tensor_from_tensor_info(info)
        see(found.dtype.base_dtype, found.shape)
    info.ClearField("name")
    see.attempt(lambda: tf.saved_model.get_tensor_from_tensor_info(info), "Invalid TensorInfo")


def signatures(tf, see):
    utils = tf.saved_model.signature_def_utils
    x = tf.placeholder(tf.float32, [None], name="x")
    words = tf.placeholder(tf.string, [None], name="words")
    c = tf.constant(2.0, name="c")
    made = [
        utils.predict_signature_def({"x": x}, {"y": words}),
        utils.regression_signature_def(words, x),
        utils.classification_signature_def(words, words, x),
        utils.classification_signature_def(words, None, x),
        utils.classification_signature_def(words, words, None),
        utils.build_signature_def({"x": tf.saved_model.build_tensor_info(x)}, None, "mine"),
        utils.build_signature_def(defaults={"c": c}),
    ]
    for made_one in made:
        see(made_one.method_name, sorted(made_one.inputs), sorted(made_one.outputs))
        see(utils.is_valid_signature(made_one), sorted(made_one.defaults))
    see(utils.is_valid_signature(None))
    for index, key in ((0, "x"), (1, "inputs"), (2, "inputs")):
        broken = tf.MetaGraphDef().signature_def["any"]
        broken.CopyFrom(made[index])
        del broken.inputs[key]
        see(utils.is_valid_signature(broken))
        broken.CopyFrom(made[index])
        broken.outputs["other"].CopyFrom(made[0].inputs["x"])
        see(utils.is_valid_signature(broken))


def wrong_signatures(tf, see):
    utils = tf.saved_model.signature_def_utils
    x = tf.placeholder(tf.float32, [None], name="x")
    words = tf.placeholder(tf.string, [None], name="words")
    see.attempt(lambda: utils.predict_signature_def({}, {"y": x}), "`inputs` cannot be None")
    see.attempt(lambda: utils.predict_signature_def({"x": x}, None), "`outputs` cannot be None")
    regression, classes = utils.regression_signature_def, utils.classification_signature_def
    see.attempt(lambda: regression(None, x), "`examples` cannot be None")
    see.attempt(lambda: regression("x", x), "of type Tensor")
    see.attempt(lambda: regression(words, None), "`predictions` cannot be None")
    see.attempt(lambda: regression(x, x), "input tensors must be of type string")
    see.attempt(lambda: regression(words, words), "output tensors must be of type float")
    see.attempt(lambda: classes(None, words, x), "`examples` cannot be None")
    see.attempt(lambda: classes("x", words, x), "must be a string Tensor")
    see.attempt(lambda: classes(words, None, None), "cannot both be None")
    see.attempt(lambda: classes(x, words, x), "input tensors must be of type string")
    see.attempt(lambda: classes(words, x, x), "classes must be of type string")
    see.attempt(lambda: classes(words, words, words), "scores must be a float")
    see.attempt(lambda: utils.build_signature_def(defaults={"x": x}), "Unable to convert")
    see.start()
    info = tf.saved_model.build_tensor_info
    no_name, no_type = info(x), info(x)
    no_name.ClearField("name")
    no_type.ClearField("dtype")
    with tempfile.TemporaryDirectory() as folder:
        add = tf.saved_model.Builder(folder).add_meta_graph_and_variables
        for wrong in (no_name, no_type):
            for where in ({"inputs": {"x": wrong}}, {"outputs": {"x": wrong}}):
                bad = {"predict": utils.build_signature_def(**where)}
                see.attempt(
                    lambda it=bad: add(see.session, ["serve"], it),
                    "Invalid `tensor_info`",
                )
        for key in ("__saved_model_init_op", "__saved_model_train_op"):
            reserved = {key: utils.build_signature_def()}
            see.attempt(
                lambda it=reserved: add(see.session, ["serve"], it),
                "is reserved for",
            )


def names_of_saved_models(tf, see):
    for module in ("constants", "signature_constants", "tag_constants"):
        home = getattr(tf.saved_model, module)
        names = [name for name in dir(home) if name.isupper() and "OP_SIGNATURE" not in name]
        see([(name, getattr(home, name)) for name in names])
    see(tf.saved_model.SERVING, tf.saved_model.PREDICT_METHOD_NAME)
