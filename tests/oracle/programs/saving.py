"""Savers and summaries: the nodes they add, and what summaries hold."""

import os
import tempfile


def saver_nodes(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    tf.Variable(3, name="n")
    saver = tf.train.Saver()
    definition = saver.as_saver_def()
    see(definition.filename_tensor_name, definition.save_tensor_name, definition.restore_op_name)
    see(definition.max_to_keep, v)


def savers_with_options(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    w = tf.get_variable("w", initializer=[[1.0]])
    see(tf.train.Saver({"other": v}).as_saver_def().save_tensor_name)
    see(tf.train.Saver([w], max_to_keep=2, name="mine").as_saver_def().restore_op_name)
    with tf.name_scope("s"):
        see(tf.train.Saver([v]).as_saver_def().filename_tensor_name)
    see.attempt(lambda: tf.train.Saver([]).as_saver_def(), "no variables")
    see.attempt(lambda: tf.train.Saver([v, v]))


def saver_without_variables(tf, see):
    see.attempt(lambda: tf.train.Saver(), "no variables")


def save_and_restore(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    n = tf.Variable(3, name="n")
    saver = tf.train.Saver()
    see.start()
    with tempfile.TemporaryDirectory() as folder:
        path = saver.save(see.session, os.path.join(folder, "model"), global_step=7)
        see(os.path.basename(path), sorted(os.listdir(folder)))
        see.session.run([v.assign([9.0, 9.0]), n.assign(0)])
        saver.restore(see.session, path)
        see.run([v, n])
        with tf.Session() as fresh:
            saver.restore(fresh, path)
            see(fresh.run(v))
        see(tf.train.checkpoint_exists(path), os.path.basename(tf.train.latest_checkpoint(folder)))
        see(tf.train.list_variables(path), tf.train.load_variable(path, "n"))
        see(sorted(tf.train.NewCheckpointReader(path).get_variable_to_shape_map().items()))
        see.attempt(
            lambda: saver.restore(see.session, os.path.join(folder, "none")),
            "not a valid checkpoint",
        )
        see.attempt(lambda: saver.save(see.session, os.path.join(folder, "no", "way", "x")))


def restore_mismatch(tf, see):
    v = tf.Variable([1.0, 2.0], name="v")
    saver = tf.train.Saver([v])
    see.start()
    with tempfile.TemporaryDirectory() as folder:
        path = saver.save(see.session, os.path.join(folder, "model"))
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.Variable([1.0, 2.0, 3.0], name="v")
            see.attempt(lambda: tf.train.Saver().restore(sess, path), "shape")
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.Variable([1.0, 2.0], name="w")
            see.attempt(lambda: tf.train.Saver().restore(sess, path), "w", "not found")


def checkpoints_are_kept(tf, see):
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=2)
    see.start()
    with tempfile.TemporaryDirectory() as folder:
        for step in range(4):
            saver.save(
                see.session, os.path.join(folder, "m"), global_step=step, write_meta_graph=False
            )
        see(sorted(os.listdir(folder)))
        see([os.path.basename(path) for path in saver.last_checkpoints])
        state = tf.train.get_checkpoint_state(folder)
        see(os.path.basename(state.model_checkpoint_path), len(state.all_model_checkpoint_paths))


def summary_nodes(tf, see):
    x = tf.constant([1.0, 2.0, 3.0], name="x")
    see(tf.summary.scalar("mean", tf.reduce_mean(x)), tf.summary.histogram("values", x))
    see(
        tf.summary.image("picture", tf.ones([1, 2, 2, 1]), max_outputs=1),
        tf.summary.text("words", tf.constant("hi")),
    )
    with tf.name_scope("layer"):
        see(tf.summary.scalar("loss", x[0]), tf.summary.scalar("loss", x[1]))
    see(tf.summary.scalar("a name with spaces", 1.0), tf.summary.scalar("family", 1.0, family="f"))
    see(tf.summary.merge_all(), tf.get_collection(tf.GraphKeys.SUMMARIES))
    see(tf.summary.merge(tf.get_collection(tf.GraphKeys.SUMMARIES)[:2], name="some"))
    see(tf.summary.scalar("elsewhere", 1.0, collections=["mine"]), tf.summary.merge_all("mine"))


def nothing_to_merge(tf, see):
    see(tf.summary.merge_all())


def summary_values(tf, see):
    x = tf.placeholder(tf.float32, [None], name="x")
    scalar = tf.summary.scalar("mean", tf.reduce_mean(x))
    histogram = tf.summary.histogram("values", x)
    merged = tf.summary.merge_all()
    text = see.session.run(scalar, {x: [1.0, 3.0]})
    value = tf.Summary.FromString(text).value[0]
    see(value.tag, value.simple_value)
    value = tf.Summary.FromString(see.session.run(histogram, {x: [1.0, 3.0]})).value[0]
    see(
        value.tag,
        value.histo.min,
        value.histo.max,
        value.histo.num,
        value.histo.sum,
        value.histo.sum_squares,
    )
    see(list(value.histo.bucket_limit), list(value.histo.bucket))
    see([v.tag for v in tf.Summary.FromString(see.session.run(merged, {x: [1.0, 3.0]})).value])
    see.attempt(lambda: see.session.run(histogram, {x: [float("nan")]}), "nan")
    see.attempt(lambda: see.session.run(tf.summary.scalar("vector", x), {x: [1.0, 2.0]}))


def export_and_import(tf, see):
    x = tf.placeholder(tf.float32, [2], name="x")
    v = tf.Variable([1.0, 2.0], name="v")
    tf.identity(x * v, name="y")
    definition = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as graph:
        see(tf.import_graph_def(definition, name=""), [op.name for op in graph.get_operations()])
        see(tf.import_graph_def(definition, return_elements=["y:0", "x"], name="copy"))
        see(tf.import_graph_def(definition, {"x:0": tf.constant([5.0, 5.0])}, ["y:0"]))
        see.attempt(lambda: tf.import_graph_def(definition, return_elements=["none:0"]), "none")
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        see(graph.get_tensor_by_name("y:0"), tf.global_variables())
