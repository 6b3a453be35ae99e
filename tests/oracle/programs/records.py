"""TFRecord files and examples: written, read by readers and datasets, and parsed."""

import gzip
import tempfile
from pathlib import Path

import numpy as np


def _folder():
    return Path(tempfile.mkdtemp(prefix="tmp"))


def _written(tf, name, records, options=None):
    path = str(_folder() / name)
    with tf.python_io.TFRecordWriter(path, options) as writer:
        for record in records:
            writer.write(record)
    return path


def _drained(tf, see, element):
    """Notes every element, until there are no more."""
    try:
        while True:
            see.run(element)
    except tf.errors.OutOfRangeError as error:
        see(type(error).__name__)


def _elements(tf, see, dataset):
    see(dataset.output_types, dataset.output_shapes)
    _drained(tf, see, dataset.make_one_shot_iterator().get_next())


def written_and_read_by_python(tf, see):
    path = _written(tf, "plain", [b"one", "two", b""])
    see(Path(path).read_bytes())
    see(list(tf.python_io.tf_record_iterator(path)))
    for kind in ("ZLIB", "GZIP"):
        options = tf.python_io.TFRecordOptions(getattr(tf.python_io.TFRecordCompressionType, kind))
        see(options.compression_type, options.get_compression_type_string(options))
        path = _written(tf, kind, [b"one" * 50, b"two"], options)
        see(list(tf.python_io.tf_record_iterator(path, options)))
        see(list(tf.io.tf_record_iterator(path, tf.io.TFRecordOptions(kind))))


def writers_in_trouble(tf, see):
    writer = tf.python_io.TFRecordWriter(str(_folder() / "x"))
    see.attempt(lambda: writer.write(3), "write")
    writer.flush()
    writer.close()
    writer.close()
    see.attempt(lambda: writer.write(b"x"), "Writer is closed")
    see.attempt(lambda: writer.flush(), "Writer is closed")
    see.attempt(lambda: tf.python_io.TFRecordWriter("/no/such/folder/file"), "No such file")
    see.attempt(lambda: tf.python_io.TFRecordWriter("x", options="FOO"), "FOO")
    see.attempt(lambda: tf.python_io.TFRecordOptions("x"), "compression_type", "x")
    see.attempt(lambda: tf.python_io.tf_record_iterator("/no/such/file"), "No such file")


def damaged_files(tf, see):
    path = _written(tf, "good", [b"first", b"second"])
    data = Path(path).read_bytes()
    flipped = [bytes([*data[:i], data[i] ^ 1, *data[i + 1 :]]) for i in (0, 14, 22, 36)]
    for damaged in (*flipped, data[:-2], data[:30], data[:25], data[:14]):
        Path(path).write_bytes(damaged)
        for read in (tf.python_io.tf_record_iterator(path), _session_reads(tf, see, path)):
            for _ in range(2):
                try:
                    see(next(read))
                except StopIteration:
                    see("end")
                except tf.errors.DataLossError as error:
                    see("corrupted" in str(error), "truncated" in str(error))
                    see("Is this even a TFRecord file?" in str(error))
                    break


def _session_reads(tf, see, path):
    element = tf.data.TFRecordDataset(_fed(tf, path)).make_one_shot_iterator().get_next()
    while True:
        try:
            yield see.session.run(element)
        except tf.errors.OutOfRangeError:
            return


def datasets_of_records(tf, see):
    paths = [_written(tf, name, [f"{name}{i}" for i in range(3)]) for name in "ab"]
    _elements(tf, see, tf.data.TFRecordDataset(_fed(tf, paths)))
    _elements(tf, see, tf.data.TFRecordDataset(_fed(tf, paths[0]), buffer_size=10))
    names = tf.data.Dataset.from_tensor_slices(_fed(tf, paths))
    _elements(tf, see, tf.data.TFRecordDataset(names, num_parallel_reads=2))
    packed = _written(tf, "c", [b"x" * 100], "GZIP")
    _elements(tf, see, tf.data.TFRecordDataset(_fed(tf, packed), "GZIP"))
    _elements(
        tf, see, tf.data.TFRecordDataset(_fed(tf, packed), compression_type=tf.constant("GZIP"))
    )
    see.attempt(lambda: tf.data.TFRecordDataset([1]), "filenames", "tf.string", "tf.int32")
    numbers = tf.data.Dataset.range(3)
    see.attempt(lambda: tf.data.TFRecordDataset(numbers), "filenames", "tf.string", "tf.int64")
    rows = tf.data.Dataset.from_tensors(["x"])
    see.attempt(lambda: tf.data.TFRecordDataset(rows), "scalars")
    gone = tf.data.TFRecordDataset("/no/such/file").make_one_shot_iterator().get_next()
    see.attempt(lambda: see.session.run(gone), "/no/such/file; No such file or directory")


def _fed(tf, paths):
    """File names that change from run to run, as a constant that nodes don't show."""
    return tf.py_func(lambda: np.array(paths, object), [], tf.string, stateful=False)


def datasets_of_fixed_lengths(tf, see):
    folder = _folder()
    (folder / "plain").write_bytes(b"HEAD0123456789FOOT")
    (folder / "packed").write_bytes(gzip.compress(b"HEAD0123456789FOOT"))
    (folder / "empty").write_bytes(b"")
    plain, packed, empty = (_fed(tf, str(folder / n)) for n in ("plain", "packed", "empty"))
    records = tf.data.FixedLengthRecordDataset
    _elements(tf, see, records(plain, 2, 4, 4))
    _elements(tf, see, records(plain, 3, header_bytes=6, buffer_size=7))
    _elements(tf, see, records(empty, 2))
    _elements(tf, see, records(plain, 2, 10, 10))
    _elements(tf, see, records(packed, 5, 4, 4, compression_type="GZIP"))
    _elements(tf, see, records(plain, 5, 4, 4, num_parallel_reads=1))
    uneven = records(packed, 7, 4, 4, compression_type="GZIP").make_one_shot_iterator().get_next()
    see.run(uneven)
    see.attempt(lambda: see.session.run(uneven), "record length (7 bytes)")
    for dataset, words in (
        (records(plain, 4, 4, 4), ("header (4 bytes)", "body length 10 bytes")),
        (records(packed, 3, 40, 4, compression_type="GZIP"), ("EOF reached",)),
        (records(plain, 0), ("`record_bytes` must be > 0",)),
        (records(plain, 2, -1), ("`header_bytes` must be >= 0",)),
        (records(plain, 2, 0, -1), ("`footer_bytes` must be >= 0",)),
    ):
        element = dataset.make_one_shot_iterator().get_next()
        see.attempt(lambda element=element: see.session.run(element), *words)


def lines_read_in_turn(tf, see):
    folder = _folder()
    for name in "ab":
        (folder / name).write_text(f"{name}1\n{name}2\n")
    names = _fed(tf, [str(folder / name) for name in "ab"])
    _elements(tf, see, tf.data.TextLineDataset(names, num_parallel_reads=2))
    _elements(tf, see, tf.data.TextLineDataset(tf.data.Dataset.from_tensor_slices(names)))


def readers_of_records(tf, see):
    plain = _written(tf, "plain", [b"one", b"two"])
    packed = _written(tf, "packed", [b"one", b"two"], "ZLIB")
    fixed = str(_folder() / "fixed")
    Path(fixed).write_bytes(b"HEAD0123456789FOOT")
    for reader, path in (
        (tf.TFRecordReader(), plain),
        (tf.TFRecordReader("named", options=tf.python_io.TFRecordOptions("ZLIB")), packed),
        (tf.FixedLengthRecordReader(2, 4, 4), fixed),
        (tf.FixedLengthRecordReader(3, header_bytes=4, name="three"), fixed),
        (tf.FixedLengthRecordReader(4, 4, 4, hop_bytes=2), fixed),
    ):
        see(reader.reader_ref, reader.supports_serialize)
        queue = tf.FIFOQueue(5, tf.string, [[]])
        key, value = reader.read(queue)
        counts = [reader.num_records_produced(), reader.num_work_units_completed()]
        see(key, value, counts)
        see.session.run(queue.enqueue(_fed(tf, path)))
        see.session.run(queue.close())
        try:
            while True:
                name, record = see.session.run([key, value])
                see(name.decode().removeprefix(path), record)
        except tf.errors.OutOfRangeError:
            see.run(counts)
        reset = reader.reset(name="again")
        see(reset)
        see.session.run(reset)
        see.run(counts)


def readers_in_trouble(tf, see):
    path = _written(tf, "plain", [b"one"])
    for reader, words in (
        (tf.FixedLengthRecordReader(2, -1), ("header_bytes must be >= 0 not -1",)),
        (tf.FixedLengthRecordReader(2, 0, -2), ("footer_bytes must be >= 0 not -2",)),
        (tf.FixedLengthRecordReader(2, hop_bytes=-3), ("hop_bytes must be >= 0 not -3",)),
        (tf.TFRecordReader(options=tf.python_io.TFRecordOptions("GZIP")), ("incorrect header",)),
    ):
        queue = tf.FIFOQueue(5, tf.string, [[]])
        see.session.run(queue.enqueue(_fed(tf, path)))
        read = reader.read(queue)
        see.attempt(lambda read=read: see.session.run(read), *words)


def _feature(tf, *values):
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def _example(tf, **features):
    return tf.train.Example(
        features=tf.train.Features(
            feature={key: _feature(tf, *values) for key, values in features.items()}
        )
    )


def examples_as_messages(tf, see):
    example = _example(tf, label=[3, -1], image=[b"ab", b""], weight=[0.5])
    data = example.SerializeToString(deterministic=True)
    see(data, str(_example(tf, weight=[0.5, 1e10])), type(example).__name__)
    again = tf.train.Example.FromString(data)
    see(again == example, sorted(again.features.feature))
    see(again.features.feature["label"].WhichOneof("kind"))
    see(list(again.features.feature["label"].int64_list.value))
    again.features.feature["new"].float_list.value.extend([1.5])
    see(again.features.feature["new"].float_list.value[0], len(again.features.feature))
    lists = tf.train.FeatureLists(
        feature_list={"words": tf.train.FeatureList(feature=[_feature(tf, b"a"), _feature(tf, 1)])}
    )
    sequence = tf.train.SequenceExample(context=example.features, feature_lists=lists)
    see(sequence.SerializeToString(deterministic=True), str(lists))
    see.attempt(lambda: tf.train.Int64List(value=[1.5]), "float")
    see.attempt(lambda: tf.train.Int64List(value=1))
    see.attempt(lambda: tf.train.BytesList(value=["x"]), "bytes", "str")
    see.attempt(lambda: tf.train.FloatList(value=["x"]), "str")
    see.attempt(lambda: tf.train.Feature(int64_list=[1]), "dict or instance")
    see.attempt(lambda: tf.train.Int64List([1]), "No positional arguments allowed")
