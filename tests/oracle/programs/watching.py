"""Watching: tags and their corners, what event files hold, and what is no summary at all."""

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


def _read(tf, folder="logs"):
    """The events of all files in a folder: step, kind, and a summary's tags and numbers."""
    found = []
    for name in sorted(os.listdir(folder)):
        for event in tf.train.summary_iterator(os.path.join(folder, name)):
            kind = event.WhichOneof("what")
            values = [(value.tag, value.simple_value) for value in event.summary.value]
            found.append((event.step, kind, *values))
    return found


def _values(tf, see, summary, feed=None):
    return tf.Summary.FromString(see.session.run(summary, feed)).value


def odd_tags(tf, see):
    one = tf.constant(1.0, name="one")
    make = tf.summary.scalar
    names = [
        "a b",
        "a/b",
        "/a",
        "//a",
        "a/",
        "a:0",
        "a.b-c_d",
        "ä",
        "日本",
        "a\nb",
        "%",
        "_a",
        "-a",
    ]
    for name in [*names, "", " ", ".", "a//b", "\\", ">x", "A", "a"]:
        see.attempt(lambda name=name: make(name, one))
        see.attempt(lambda name=name: _values(tf, see, make(name, one))[0].tag)
    for name in [None, 3, b"bytes", ["a"]]:
        see.attempt(lambda name=name: make(name, one))
    for family in ["f", "f/g", "f f", "", "/f", "f/", 3]:
        see.attempt(lambda f=family: _values(tf, see, make("x", one, family=f))[0].tag)
        see.attempt(lambda f=family: make("x", one, family=f))


def scopes_and_families(tf, see):
    one = tf.constant([1.0, 2.0], name="one")
    makers = [
        lambda **k: tf.summary.scalar("s", one[0], **k),
        lambda **k: tf.summary.histogram("h", one, **k),
        lambda **k: tf.summary.image("i", tf.ones([2, 2, 2, 1]), **k),
        lambda **k: tf.summary.audio("a", tf.zeros([2, 3, 1]), 8000, **k),
        lambda **k: tf.summary.tensor_summary("t", one, **k),
    ]
    with tf.name_scope("outer"):
        for make in makers:
            for options in ({}, {"family": "fam"}, {}):
                made = make(**options)
                see(made, [value.tag for value in _values(tf, see, made)])
    with tf.variable_scope("vars"):
        see(tf.summary.scalar("loss", one[1]), tf.summary.text("words", tf.constant("x")))
    see([summary.name for summary in tf.get_collection(tf.GraphKeys.SUMMARIES)])
    see(tf.summary.merge_all(scope="outer"), tf.summary.merge_all(scope="vars/loss"))
    see(tf.summary.merge_all(scope="none"), tf.summary.merge_all(scope="outer/fam", name="some"))
    see([v.tag for v in _values(tf, see, tf.summary.merge_all())])


def collections(tf, see):
    one = tf.constant(1.0, name="one")
    for given in ([], None, ["mine"], ["mine", tf.GraphKeys.SUMMARIES], ("mine",), "mine"):
        made = tf.summary.scalar("s", one, collections=given)
        places = list(tf.get_default_graph().get_all_collection_keys())
        see(made, sorted(str(p) for p in places if made in tf.get_collection(p)))
    see.attempt(lambda: tf.summary.scalar("s", one, collections=3))
    a, b = tf.summary.scalar("a", one), tf.summary.scalar("b", one)
    see(tf.summary.merge([a, b], collections=["merged"]), tf.get_collection("merged"))
    see(tf.summary.merge((a,), name="odd name"), tf.summary.merge([a], name="x/y"))
    see.attempt(lambda: tf.summary.merge(a))
    see.attempt(lambda: tf.summary.merge([one]))
    see.attempt(lambda: tf.summary.merge([3]))
    see.attempt(lambda: tf.summary.merge("text"), "expected list for 'inputs'")
    see(tf.summary.merge([b"", b"\n\x00"]))
    for wrong in ([b"wrong"], [b"\n\x05abc"]):
        merged = tf.summary.merge(wrong)
        see.attempt(lambda merged=merged: see.session.run(merged), "parse")


def what_cannot_be_summed_up(tf, see):
    text, number = tf.constant("x"), tf.constant(1.0)
    summary = tf.summary
    makers = [
        lambda: summary.scalar("s", text),
        lambda: summary.scalar("s", True),
        lambda: summary.scalar("s", None),
        lambda: summary.scalar("s", 1 + 2j),
        lambda: summary.histogram("h", text),
        lambda: summary.histogram("h", True),
        lambda: summary.image("i", number),
        lambda: summary.image("i", tf.ones([2, 2, 2])),
        lambda: summary.image("i", tf.ones([1, 2, 2, 2])),
        lambda: summary.image("i", tf.ones([1, 2, 2, 1], tf.int32)),
        lambda: summary.image("i", tf.ones([1, 2, 2, 1]), max_outputs=0),
        lambda: summary.audio("a", tf.ones([2]), 8000),
        lambda: summary.audio("a", tf.ones([2, 2], tf.int32), 8000),
        lambda: summary.audio("a", tf.ones([2, 2]), "x"),
        lambda: summary.text("t", number),
        lambda: summary.text("t", "plain"),
    ]
    for make in makers:
        see.attempt(lambda make=make: make())
    any_shape = tf.placeholder(tf.float32, None, name="any")
    for make, values in [
        (lambda: summary.scalar("s", any_shape), [[1.0, 2.0], [[1.0]], []]),
        (lambda: summary.histogram("h", any_shape), [float("nan"), float("-inf"), [], [[1.0]]]),
        (lambda: summary.image("i", any_shape), [1.0, [[[[1.0] * 2]]], [[[[]]]], [[[[1.0]]]]]),
        (lambda: summary.audio("a", any_shape, 8000), [1.0, [[[[1.0]]]], [[1.0]]]),
        (lambda: summary.audio("a", [[1.0]], any_shape), [0.0, -1.0, [8000.0]]),
    ]:
        made = make()
        for value in values:
            see.attempt(lambda made=made, v=value: len(_values(tf, see, made, {any_shape: v})))


def numbers(tf, see):
    for value in [0.1, -0.0, float("inf"), float("nan"), 1e300, 2**40, -(2**62)]:
        dtype = tf.float64 if isinstance(value, float) else tf.int64
        see(see.session.run(tf.summary.scalar("n", tf.constant(value, dtype))))
    for dtype in (tf.int8, tf.uint16, tf.int16, tf.float16, tf.uint32, tf.uint64):
        see.attempt(lambda d=dtype: see.session.run(tf.summary.scalar("n", tf.constant(3, d))))
        see.attempt(lambda d=dtype: see.session.run(tf.summary.histogram("h", tf.constant(3, d))))
    many = tf.summary.histogram("many", tf.linspace(-5.0, 5.0, 1001))
    see(see.session.run(many))
    for values in ([0.0] * 3, [1e-12, -1e-12], [1e20, 1e20], [3e38, -3e38], [5], [-1, 0, 1]):
        see(see.session.run(tf.summary.histogram("few", values)))


def tensors_and_texts(tf, see):
    for tensor in [tf.constant(1.5), tf.constant([[1, 2]]), tf.constant(["a", "b"]), tf.zeros([0])]:
        see(see.session.run(tf.summary.tensor_summary("t", tensor)))
    described = tf.summary.tensor_summary(
        "t", [1.0], summary_description="words", display_name="shown", family="f"
    )
    see(see.session.run(described))
    metadata = tf.SummaryMetadata() if hasattr(tf, "SummaryMetadata") else None
    see(metadata is None, see.session.run(tf.summary.text("t", tf.constant([["a"], ["b"]]))))
    see(see.session.run(tf.summary.text("t", tf.constant([], tf.string))))


def event_files(tf, see):
    summary = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.0)])
    with _folder():
        writer = tf.summary.FileWriter("logs", tf.get_default_graph(), filename_suffix=".mine")
        see(writer.get_logdir(), all(name.endswith(".mine") for name in os.listdir("logs")))
        writer.add_summary(summary)
        writer.add_summary(summary, 5)
        writer.add_summary(summary.SerializeToString(), global_step=2**40)
        writer.add_summary(b"", 6)
        writer.add_summary(summary, None)
        writer.add_event(tf.Event(step=7, summary=summary))
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.CHECKPOINT), 8)
        writer.add_run_metadata(tf.RunMetadata(), "first", 9)
        writer.add_graph(tf.get_default_graph(), 10)
        writer.add_graph(graph=None, graph_def=tf.GraphDef())
        writer.add_meta_graph(tf.MetaGraphDef(), 11)
        for wrong in [
            lambda: writer.add_summary("text"),
            lambda: writer.add_summary(None),
            lambda: writer.add_summary(3.5),
            lambda: writer.add_summary(summary, "step"),
            lambda: writer.add_summary(summary, 1.9),
            lambda: writer.add_summary(summary, -1),
            lambda: writer.add_summary(summary, 2**64),
            lambda: writer.add_run_metadata(tf.RunMetadata(), "first"),
            lambda: writer.add_run_metadata(tf.RunMetadata(), 3),
            lambda: writer.add_run_metadata("text", "second"),
            lambda: writer.add_graph(None),
            lambda: writer.add_graph("text"),
            lambda: writer.add_graph(tf.get_default_graph(), graph_def=tf.GraphDef()),
            lambda: writer.add_meta_graph(None),
        ]:
            see.attempt(wrong)
        see.attempt(lambda: writer.add_summary(b"wrong"), "Error parsing message")
        see.attempt(lambda: writer.add_session_log("text"), "SessionLog")
        writer.close()
        see(_read(tf))


def writers(tf, see):
    summary = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.0)])
    with _folder():
        for wrong in [
            lambda: tf.summary.FileWriter("logs", "graph"),
            lambda: tf.summary.FileWriter("logs", filename_suffix=3),
        ]:
            see.attempt(lambda wrong=wrong: wrong().close())
        with tf.summary.FileWriter("one", max_queue=0, flush_secs=0) as writer:
            writer.add_summary(summary, 1)
        writer.close()
        writer.close()
        writer.flush()
        writer.add_summary(summary, 2)  # a warning, and lost
        writer.add_graph(tf.get_default_graph())
        see(_read(tf, "one"))
        writer.reopen()
        writer.reopen()
        writer.add_summary(summary, 3)
        writer.close()
        see(max(_read(tf, "one"), key=lambda event: event[0]))
        first = tf.summary.FileWriter("two", filename_suffix="a")
        with tf.summary.FileWriter("two", filename_suffix="b") as second:
            second.add_summary(summary, 2)
            first.add_summary(summary, 1)
        first.close()
        see(len(os.listdir("two")), sorted(_read(tf, "two"), key=str))
        first = tf.summary.FileWriterCache.get("three")
        see(first is tf.summary.FileWriterCache.get("three"), first.get_logdir())
        first.add_summary(summary, 4)
        tf.summary.FileWriterCache.clear()
        see([event[:2] for event in _read(tf, "three")])
        see(first is tf.summary.FileWriterCache.get("three"))
        tf.summary.FileWriterCache.clear()
        open("file", "w").close()
        see.attempt(lambda: tf.summary.FileWriter("file"), "not a directory")
        see.attempt(lambda: tf.summary.FileWriter("file/logs"), "not a directory")


def reading_what_is_damaged(tf, see):
    summary = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.0)])
    with _folder():
        with tf.summary.FileWriter("logs") as writer:
            for step in range(3):
                writer.add_summary(summary, step)
        (name,) = os.listdir("logs")
        with open(os.path.join("logs", name), "rb") as file:
            whole = file.read()
        record = len(tf.Event(step=2, wall_time=1.0, summary=summary).SerializeToString()) + 16

        def steps(octets):
            with open("cut", "wb") as file:
                file.write(octets)
            found = []
            try:
                found.extend(event.step for event in tf.train.summary_iterator("cut"))
            except Exception as error:
                found.append(type(error).__name__)
            return found

        for cut in (0, 1, 4, 5, record - 12, record - 5, record - 1, record, record + 1):
            see(steps(whole[: len(whole) - cut]))
        for place in (-1, -5, 1 - record, 9 - record):
            octets = bytearray(whole)
            octets[place] ^= 1
            see(steps(octets))
        see(steps(b""), steps(b"x"), steps(b"\0" * 12), steps(b"\0" * 40), steps(whole + b"abc"))
        see.attempt(lambda: list(tf.train.summary_iterator("none")), "none")
        see.attempt(lambda: list(tf.train.summary_iterator(".")))
        see.attempt(lambda: list(tf.train.summary_iterator("")))
        see.attempt(lambda: list(tf.train.summary_iterator(None)), "")


def names_of_the_module(tf, see):
    for name in ["Event", "FileWriter", "FileWriterCache", "SessionLog", "Summary"]:
        see(hasattr(tf.summary, name))
    for name in ["SummaryDescription", "TaggedRunMetadata", "get_summary_description"]:
        see(hasattr(tf.summary, name))
    for name in ["all_v2_summary_ops", "initialize", "tensor_summary"]:
        see(hasattr(tf.summary, name))
    made = tf.summary.tensor_summary("t", [1.0])
    see.attempt(lambda: tf.summary.get_summary_description(made.op.node_def))
    described = tf.raw_ops.TensorSummary(tensor=[1.0], description='{"typeHint": "scalar"}')
    see(tf.summary.get_summary_description(described.op.node_def).type_hint)
    see.attempt(lambda: tf.summary.initialize(), "SummaryWriter")
    see(tf.summary.all_v2_summary_ops())


def pixels(tf, see):
    def shown(batch, **options):
        made = tf.summary.image("i", batch, max_outputs=9, **options)
        values = _values(tf, see, made)
        see([(v.tag, v.image.height, v.image.width, v.image.colorspace) for v in values])
        with tf.Graph().as_default(), tf.Session() as other:  # there are many ways to pack
            for value in values:
                see(other.run(tf.image.decode_png(value.image.encoded_image_string)))

    ramp = tf.linspace(0.0, 1.0, 12)
    nan, inf = float("nan"), float("inf")
    shown(tf.reshape(ramp, [1, 2, 2, 3]))
    shown(tf.reshape(ramp * 7.0, [2, 2, 3, 1]))
    shown(tf.reshape(ramp - 0.5, [1, 3, 4, 1]))
    shown(tf.reshape(ramp * -2.0, [1, 3, 1, 4]))
    shown(tf.zeros([1, 2, 2, 1]))
    shown(tf.ones([1, 1, 2, 3]) * 5.0)
    shown(tf.constant([1.0, nan, inf, -inf, -1.0, 0.0], shape=[1, 2, 3, 1]))
    shown(tf.constant([nan, 1.0, 2.0, 0.5, 0.25, 0.0], shape=[1, 1, 2, 3]))
    shown(tf.constant([nan] * 4, shape=[1, 1, 1, 4]))
    shown(tf.cast(tf.reshape(tf.range(24), [2, 2, 2, 3]), tf.uint8))
    shown(tf.cast(tf.reshape(ramp, [1, 3, 4, 1]), tf.float16))
    shown(tf.cast(tf.reshape(ramp, [3, 2, 2, 1]), tf.float64))


def sounds(tf, see):
    wave = tf.sin(tf.linspace(0.0, 9.0, 12))
    for batch, rate in [
        (tf.reshape(wave, [1, 12, 1]), 8000),
        (tf.reshape(wave * 3.0, [2, 3, 2]), 44100.5),
        (tf.reshape(wave, [3, 4]), 1),
        (tf.constant([[-1.0, 1.0, float("inf"), -2.0, 0.5, -0.5]]), 16000.0),
        (tf.zeros([1, 0, 2]), 100),
    ]:
        made = tf.summary.audio("a", batch, rate, max_outputs=2)
        for value in _values(tf, see, made):
            audio = value.audio
            see(value.tag, audio.sample_rate, audio.num_channels, audio.length_frames)
            see(audio.content_type, audio.encoded_audio_string)
