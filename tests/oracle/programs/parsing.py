"""Examples parsed by ops: dense and sparse features, sequences, batches, and what misfits."""

import base64
import gzip
import zlib

import numpy as np


def _feature(tf, values):
    if not values:
        return tf.train.Feature()
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def _features(tf, features):
    return tf.train.Features(
        feature={key: _feature(tf, values) for key, values in features.items()}
    )


def _example(tf, **features):
    """One example's bytes, the same in every process."""
    return tf.train.Example(features=_features(tf, features)).SerializeToString(deterministic=True)


def _sequence(tf, context, **lists):
    kept = {
        key: tf.train.FeatureList(feature=[_feature(tf, values) for values in steps])
        for key, steps in lists.items()
    }
    return tf.train.SequenceExample(
        context=_features(tf, context), feature_lists=tf.train.FeatureLists(feature_list=kept)
    ).SerializeToString(deterministic=True)


def _parts(tf, found):
    parts = {}
    for key in sorted(found):
        value = found[key]
        sparse = isinstance(value, tf.SparseTensor)
        parts[key] = [value.indices, value.values, value.dense_shape] if sparse else value
    return parts


def _full(tf, see, found, feed_dict=None):
    see(_parts(tf, found))
    see.run(_parts(tf, found), feed_dict)


def one_example(tf, see):
    data = _example(tf, label=[3], image=[b"ab", b"c"], weight=[0.5, 1.5, 2.5, 3.5])
    found = tf.parse_single_example(
        data,
        {
            "label": tf.FixedLenFeature([], tf.int64),
            "image": tf.VarLenFeature(tf.string),
            "weight": tf.FixedLenFeature([2, 2], tf.float32),
            "bias": tf.FixedLenFeature([2], tf.float32, [1.0, -1.0]),
            "none": tf.VarLenFeature(tf.float32),
            "word": tf.FixedLenFeature((), tf.string, default_value="?"),
        },
    )
    _full(tf, see, found)
    placed = tf.placeholder(tf.string, [], name="placed")
    features = {"weight": tf.FixedLenSequenceFeature([2], tf.float32, allow_missing=True)}
    features["gone"] = tf.io.FixedLenSequenceFeature([], tf.string, True, default_value="x")
    found = tf.io.parse_single_example(placed, features, name="named")
    _full(tf, see, found, {placed: data})
    anything = tf.placeholder(tf.string)
    found = tf.parse_single_example(anything, {"label": tf.FixedLenFeature([1], tf.int64)})
    _full(tf, see, found, {anything: data})


def many_examples(tf, see):
    data = [
        _example(tf, n=[1, 2, 3], s=[b"x"], f=[0.5]),
        _example(tf, n=[4], f=[1.5]),
        _example(tf, n=[], s=[b"y", b"z"], f=[2.5]),
    ]
    batch = tf.placeholder(tf.string, [None])
    features = {
        "n": tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True, default_value=-1),
        "s": tf.VarLenFeature(tf.string),
        "f": tf.FixedLenFeature([1], tf.float32),
    }
    found = tf.parse_example(batch, features)
    _full(tf, see, found, {batch: data})
    see.run(_parts(tf, found), {batch: []})
    _full(tf, see, tf.parse_example(data, {"n": tf.VarLenFeature(tf.int64)}, name="batch"))
    unknown = tf.placeholder(tf.string)
    found = tf.parse_example(unknown, features, example_names=["a", "b", "c"])
    _full(tf, see, found, {unknown: data})
    pairs = {"n": tf.FixedLenSequenceFeature([1, 1], tf.int64, True)}
    _full(tf, see, tf.parse_example(data[:2], pairs))
    _full(tf, see, tf.parse_example(data[0], {"f": tf.FixedLenFeature([], tf.float32)}))


def sparse_features(tf, see):
    data = _example(tf, x=[3, 1], y=[0, 2], value=[0.5, 0.25])
    one = {"s": tf.SparseFeature("x", "value", tf.float32, 10)}
    _full(tf, see, tf.parse_example([data, data], one))
    _full(tf, see, tf.parse_single_example(data, one))
    two = {
        "s": tf.SparseFeature(["x", "y"], "value", tf.float32, [10, 4], already_sorted=True),
        "value": tf.VarLenFeature(tf.float32),
    }
    _full(tf, see, tf.parse_single_example(data, two))


def examples_that_misfit(tf, see):
    data = _example(tf, a=[1, 2, 3], c=[b"x"])
    fixed, some, rows = tf.FixedLenFeature, tf.VarLenFeature, tf.FixedLenSequenceFeature
    for feature, words in (
        (fixed([2], tf.int64), ("a", "int64_list")),
        (fixed([4], tf.int64), ("a", "int64")),
        (fixed([3], tf.float32), ("Key: a", "Data type: int64 but expected type: float")),
        (some(tf.string), ("Key: a", "Expected type: string, Actual type: int64")),
        (rows([2], tf.int64, True), ("a", "divisible by 2")),
    ):
        one = _parts(tf, tf.parse_single_example(data, {"a": feature}))
        see.attempt(lambda one=one: see.session.run(one), *words)
        many = _parts(tf, tf.parse_example([_example(tf), data], {"a": feature}))
        if not isinstance(feature, fixed):
            see.attempt(lambda many=many: see.session.run(many))
    missing = {"z": fixed([3], tf.float32)}
    one = tf.parse_single_example(data, missing)
    see.attempt(lambda: see.session.run(one), "z", "float", "is required but could not be found")
    many = tf.parse_example([data], missing, example_names=["me"])
    see.attempt(lambda: see.session.run(many), "Name: me", "Feature: z", "required")
    short = tf.parse_example([data], {"a": fixed([1], tf.int64)})
    see.attempt(lambda: see.session.run(short), "Key: a, Index: 0", "Values size: 3", "[1]")
    garbage = tf.parse_single_example(b"garbage", missing)
    see.attempt(lambda: see.session.run(garbage), "Could not parse example input, value: 'garbage'")
    names = tf.parse_example([data, data], missing, example_names=["n"])
    see.attempt(lambda: see.session.run(names), "name.shape=[1], serialized.shape=[2]")
    placed = tf.placeholder(tf.string)
    matrix = tf.parse_example(placed, missing)
    see.attempt(lambda: see.session.run(matrix, {placed: [[data]]}), "scalar or vector", "[1,1]")
    see.attempt(lambda: see.session.run(tf.parse_single_example(placed, missing), {placed: [data]}))


def features_that_misfit(tf, see):
    data = _example(tf, a=[1])
    fixed, some, rows = tf.FixedLenFeature, tf.VarLenFeature, tf.FixedLenSequenceFeature
    see(tuple(fixed([2], tf.int64))[:1], fixed([], tf.int64).default_value, some(tf.int64).dtype)
    see(rows([], tf.int64).allow_missing, fixed([1], tf.int64) == fixed([1], tf.int64))
    for features, words in (
        ({}, ("features",)),
        (None, ("features",)),
        ({"a": 3}, ("Unsupported int", "'a'")),
        ({"a": rows([], tf.int64)}, ("allow_missing to be True",)),
        ({"a": fixed([None], tf.int64)}, ("First dimension", "FixedLenSequenceFeature")),
        ({"a": fixed([2, None], tf.int64)}, ("All dimensions", "a")),
        ({"a": fixed(None, tf.int64)}, ("Missing shape for feature a",)),
        ({"a": some(None)}, ("Missing type for feature a",)),
        ({"a": fixed([], tf.int32)}, ("dense_defaults", "int32")),
        ({"a": fixed([3], tf.float32, 1.0)}, ("[3]",)),
        ({"a": tf.SparseFeature("", "v", tf.int64, 3)}, ("Missing index_key",)),
        ({"a": tf.SparseFeature("i", "", tf.int64, 3)}, ("Missing value_key",)),
        ({"a": some(tf.int64), "b": tf.SparseFeature("a", "a", tf.string, 3)}, ("Conflicting",)),
        ({"a": fixed([], tf.int64), "b": tf.SparseFeature("a", "v", tf.int64, 3)}, ("intersect",)),
    ):
        see.attempt(lambda features=features: tf.parse_single_example(data, features), *words)
        see.attempt(lambda features=features: tf.parse_example([data], features), *words)
    good = {"a": some(tf.int64)}
    see.attempt(lambda: tf.parse_single_example([data], good), "serialized must be a scalar")
    see.attempt(lambda: tf.parse_example([[data]], good), "rank 1", "rank 2")
    see.attempt(lambda: tf.parse_single_example(3, good), "serialized", "int32", "string")


def sequence_examples(tf, see):
    data = _sequence(
        tf,
        {"length": [2], "name": [b"n"]},
        words=[[1, 2], [3]],
        pairs=[[0.5, 1.5], [2.5, 3.5]],
        tags=[[b"x"], [b"y"], [b"z"]],
    )
    context, steps = tf.parse_single_sequence_example(
        data,
        {"length": tf.FixedLenFeature([], tf.int64), "name": tf.VarLenFeature(tf.string)},
        {
            "words": tf.VarLenFeature(tf.int64),
            "pairs": tf.FixedLenSequenceFeature([2], tf.float32),
            "tags": tf.FixedLenSequenceFeature([], tf.string),
            "gone": tf.FixedLenSequenceFeature([3], tf.int64, allow_missing=True),
        },
    )
    _full(tf, see, context)
    _full(tf, see, steps)
    context, steps = tf.io.parse_single_sequence_example(
        data, sequence_features={"none": tf.VarLenFeature(tf.int64)}, name="named"
    )
    see(context)
    _full(tf, see, steps)
    other = _sequence(tf, {}, words=[[7]], tags=[[b"w"]])
    context, steps, lengths = tf.io.parse_sequence_example(
        [data, other],
        {"length": tf.FixedLenFeature([], tf.int64, 9), "name": tf.VarLenFeature(tf.string)},
        {"words": tf.VarLenFeature(tf.int64), "tags": tf.FixedLenSequenceFeature([], tf.string)},
    )
    for found in (context, steps, lengths):
        _full(tf, see, found)


def sequences_that_misfit(tf, see):
    data = _sequence(tf, {}, a=[[1, 2], [3]])
    rows, some, fixed = tf.FixedLenSequenceFeature, tf.VarLenFeature, tf.FixedLenFeature
    parse = tf.parse_single_sequence_example
    see.attempt(lambda: parse(data), "context_features", "sequence_features")
    see.attempt(lambda: parse(data, {"a": rows([], tf.int64)}), "Unsupported", "a")
    see.attempt(lambda: parse(data, None, {"a": fixed([], tf.int64)}), "Unsupported", "a")
    with_default = {"a": rows([], tf.int64, True, default_value=3)}
    see.attempt(lambda: parse(data, None, with_default), "dense_defaults[a] must be None")
    see.attempt(lambda: parse([data], None, {"a": some(tf.int64)}), "scalar")
    for features in (
        {"a": rows([], tf.int64)},
        {"a": rows([2], tf.int64)},
        {"a": rows([], tf.float32)},
        {"a": some(tf.string)},
        {"z": rows([], tf.int64)},
    ):
        steps = _parts(tf, parse(data, None, features)[1])
        see.attempt(lambda steps=steps: see.session.run(steps), *features)
    context = parse(data, {"z": fixed([], tf.int64)})[0]
    see.attempt(lambda: see.session.run(context), "feature z")
    see.attempt(lambda: see.session.run(parse(b"no", {"z": fixed([], tf.int64)})[0]))


def tensors_as_bytes(tf, see):
    for value in (
        tf.constant([[1, 2]]), tf.constant("x"), tf.constant([1.5], tf.float16), tf.constant(True),
        tf.constant(1 + 2j), tf.constant(["a", "bc"]), tf.zeros([0, 3], tf.int64),
    ):  # fmt: skip
        data = tf.serialize_tensor(value)
        see.full(data)
        see.full(tf.io.parse_tensor(data, value.dtype))
    see.full(tf.io.serialize_tensor([1, 2], name="s"))
    see.attempt(lambda: see.session.run(tf.parse_tensor(tf.serialize_tensor([1]), tf.float32)))
    see.attempt(lambda: see.session.run(tf.parse_tensor("zz", tf.float32)), "TensorProto")


def compressed_and_json(tf, see):
    see.full(tf.decode_compressed(["abc", ""]))
    see.full(tf.decode_compressed([zlib.compress(b"abc")], "ZLIB"))
    see.full(tf.io.decode_compressed(gzip.compress(b"abc", mtime=0), compression_type="GZIP"))
    see.attempt(lambda: see.session.run(tf.decode_compressed("abc", "ZLIB")), "incorrect header")
    see.attempt(lambda: see.session.run(tf.decode_compressed("abc", "FOO")), "ZLIB")
    json = '{"features": {"feature": {"a": {"int64List": {"value": ["1"]}}}}}'
    read = tf.decode_json_example([json])
    see(read)
    _full(tf, see, tf.parse_example(read, {"a": tf.FixedLenFeature([], tf.int64)}))
    see.attempt(lambda: see.session.run(tf.decode_json_example('{"x": 1}')), "x")


def images_and_labels_from_a_file(tf, see):
    """The whole way, as tutorials have it: encoded images with their labels, in batches."""
    data = [_example(tf, image=[bytes([n] * 4)], label=[n % 2], size=[2, 2]) for n in range(1, 6)]
    encoded = [base64.b64encode(item) for item in data]
    see(len(encoded[0]))

    def parse(serialized):
        features = {
            "image": tf.FixedLenFeature([], tf.string),
            "label": tf.FixedLenFeature([], tf.int64),
            "size": tf.FixedLenFeature([2], tf.int64),
        }
        parsed = tf.parse_single_example(serialized, features)
        image = tf.reshape(tf.decode_raw(parsed["image"], tf.uint8), parsed["size"])
        return tf.cast(image, tf.float32) / 255.0, tf.cast(parsed["label"], tf.int32)

    dataset = tf.data.Dataset.from_tensor_slices(np.array(data, object)).map(parse).batch(2)
    see(dataset.output_types, dataset.output_shapes)
    image, label = dataset.make_one_shot_iterator().get_next()
    see.run([image, label])
    see.run([tf.reduce_sum(image), label])
