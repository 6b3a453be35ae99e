"""What summaries hold: tags, values, buckets, images, text, events."""

import os
import tempfile


def _values(tf, see, summary, feed=None):
    return tf.Summary.FromString(see.session.run(summary, feed)).value


def tags(tf, see):
    one = tf.constant(1.0, name="one")
    made = [tf.summary.scalar("plain", one), tf.summary.scalar("with spaces/and (signs)", one)]
    made.append(tf.summary.scalar("plain", one))
    with tf.name_scope("layer"):
        made += [tf.summary.scalar("loss", one), tf.summary.scalar("loss", one, family="group")]
        with tf.name_scope("inner"):
            made.append(tf.summary.histogram("h", one))
    made += [tf.summary.scalar("family", one, family="fam"), tf.summary.scalar("a:b", one)]
    see(made, [value.tag for summary in made for value in _values(tf, see, summary)])


def scalars(tf, see):
    for dtype in (tf.float32, tf.float64, tf.int32, tf.int64, tf.uint8):
        see(_values(tf, see, tf.summary.scalar("s", tf.constant(3, dtype)))[0].simple_value)
    nan = tf.summary.scalar("nan", tf.constant(float("nan")))
    see(_values(tf, see, nan)[0].simple_value, see.session.run(nan))
    see.attempt(lambda: tf.summary.scalar("text", tf.constant("x")), "string")
    see(see.session.run(tf.summary.scalar("bytes", 0.5)))


def histograms(tf, see):
    for values in ([1.0, 2.0, 2.0, -3.0, 0.0], [0.0], [1e-13, 1e30, -1e30], [5, 5, 7]):
        summary = tf.summary.histogram("h", tf.constant(values))
        histogram = _values(tf, see, summary)[0].histo
        see(histogram.min, histogram.max, histogram.num, histogram.sum, histogram.sum_squares)
        see(list(histogram.bucket_limit), list(histogram.bucket))
        see(see.session.run(summary))
    empty = _values(tf, see, tf.summary.histogram("e", tf.zeros([0])))[0].histo
    see(empty.num, list(empty.bucket_limit), list(empty.bucket))
    see.attempt(lambda: see.session.run(tf.summary.histogram("n", [float("inf")])), "infinity")


def zeros_of_either_sign(tf, see):
    for values in ([1e-30, 0.0, -0.0], [-0.0, 0.0], [-0.0, -1.0], [-0.0]):
        see(see.session.run(tf.summary.histogram("h", tf.constant(values))))


def images(tf, see):
    picture = tf.reshape(tf.linspace(0.0, 1.0, 24), [2, 3, 4, 1])
    values = _values(tf, see, tf.summary.image("grey", picture, max_outputs=2))
    see([(v.tag, v.image.height, v.image.width, v.image.colorspace) for v in values])
    see(values[0].image.encoded_image_string[:8])
    single = _values(tf, see, tf.summary.image("single", tf.ones([1, 2, 2, 3]), max_outputs=1))
    see([(v.tag, v.image.colorspace) for v in single])
    see.attempt(lambda: tf.summary.image("flat", tf.ones([2, 2])))
    see.attempt(lambda: tf.summary.image("five", tf.ones([1, 2, 2, 5])))
    see.attempt(
        lambda: see.session.run(
            tf.summary.image("five", tf.placeholder_with_default(tf.ones([1, 2, 2, 5]), None))
        )
    )


def odd_sounds(tf, see):
    for rate in (44100.7, 8000.5, 8001.5, 0.4):
        see(see.session.run(tf.summary.audio("s", tf.ones([1, 2, 1]), rate)))
    for shape in ([1, 0, 1], [0, 3, 1], [1, 5, 0]):
        see.attempt(lambda of=shape: see.session.run(tf.summary.audio("e", tf.ones(of), 8000)))


def text_and_tensors(tf, see):
    value = _values(tf, see, tf.summary.text("words", tf.constant("hello")))[0]
    see(value.tag, list(value.tensor.string_val), value.metadata.plugin_data.plugin_name)
    value = _values(tf, see, tf.summary.text("table", tf.constant([["a", "b"], ["c", "d"]])))[0]
    see(list(value.tensor.string_val), [d.size for d in value.tensor.tensor_shape.dim])
    see.attempt(lambda: tf.summary.text("number", tf.constant(1)), "string")
    value = _values(tf, see, tf.summary.tensor_summary("t", tf.constant([1.0, 2.0])))[0]
    see(value.tag, value.tensor.dtype)


def merging(tf, see):
    a, b = tf.summary.scalar("a", 1.0), tf.summary.scalar("b", 2.0)
    merged = tf.summary.merge([a, b])
    see(merged, [v.tag for v in _values(tf, see, merged)], see.session.run(merged))
    see(tf.summary.merge([a], collections=["mine"], name="one"), tf.get_collection("mine"))
    see(tf.summary.merge_all(name="all"), tf.summary.merge_all("nothing"))
    scoped = tf.summary.merge_all(scope="a")
    see([v.tag for v in _values(tf, see, scoped)])
    see.attempt(lambda: tf.summary.merge([]))
    twice = tf.summary.merge([tf.summary.scalar("x", 1.0), tf.summary.scalar("x", 1.0)])
    see([v.tag for v in _values(tf, see, twice)])
    same = tf.summary.merge([a, a])
    see.attempt(lambda: see.session.run(same), "duplicate tag", "a")


def file_writer(tf, see):
    x = tf.placeholder(tf.float32, [], name="x")
    summary = tf.summary.scalar("x", x)
    with tempfile.TemporaryDirectory() as folder:
        writer = tf.summary.FileWriter(folder, filename_suffix=".mine")
        writer.add_graph(tf.get_default_graph())
        writer.add_summary(see.session.run(summary, {x: 1.5}), global_step=3)
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="by hand", simple_value=2.0)]), 4)
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 5)
        writer.flush()
        see(writer.get_logdir() == folder)
        writer.close()
        writer.close()
        (name,) = os.listdir(folder)
        events = list(tf.train.summary_iterator(os.path.join(folder, name)))
        see(name.endswith(".mine"), [(event.step, event.WhichOneof("what")) for event in events])
        see([(v.tag, v.simple_value) for event in events for v in event.summary.value])
        see(
            [node.name for event in events for node in tf.GraphDef.FromString(event.graph_def).node]
        )
        writer.reopen()
        writer.add_summary(see.session.run(summary, {x: 2.5}))
        writer.close()
        see(len(os.listdir(folder)) > 0)


def meta_graphs(tf, see):
    x = tf.placeholder(tf.float32, [2], name="x")
    v = tf.Variable([1.0, 2.0], name="v")
    tf.add_to_collection("outputs", tf.identity(x * v, name="y"))
    with tempfile.TemporaryDirectory() as folder:
        saver = tf.train.Saver()
        see.start()
        path = saver.save(see.session, os.path.join(folder, "model"))
        with tf.Graph().as_default() as graph, tf.Session() as sess:
            again = tf.train.import_meta_graph(path + ".meta")
            again.restore(sess, path)
            see(tf.global_variables(), tf.trainable_variables(), tf.get_collection("outputs"))
            see(sess.run("y:0", {"x:0": [3.0, 4.0]}), [op.name for op in graph.get_operations()])
        with tf.Graph().as_default() as graph:
            tf.train.import_meta_graph(path + ".meta", import_scope="copy", clear_devices=True)
            see(tf.global_variables(), graph.get_tensor_by_name("copy/y:0"))
        meta = tf.train.export_meta_graph(os.path.join(folder, "own.meta"))
        see(sorted(meta.collection_def), len(meta.graph_def.node))
