"""Rows for ops that parse examples, and for those that write tensors as bytes."""

import zlib

import numpy as np
from ops.cases import Case

import minitf as tf


def example(n, words):
    """The bytes of an example with an int64 feature and one of strings."""
    features = {
        "n": tf.train.Feature(int64_list=tf.train.Int64List(value=n)),
        "words": tf.train.Feature(bytes_list=tf.train.BytesList(value=words)),
    }
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def sequence(steps):
    """The bytes of a sequence example with a list of int64 features."""
    features = [tf.train.Feature(int64_list=tf.train.Int64List(value=values)) for values in steps]
    lists = {"n": tf.train.FeatureList(feature=features)}
    return tf.train.SequenceExample(
        feature_lists=tf.train.FeatureLists(feature_list=lists)
    ).SerializeToString()


def strings(*values):
    array = np.empty(len(values), object)
    array[:] = values
    return array


def parsed(data):
    found = tf.parse_example(
        data,
        {"n": tf.FixedLenFeature([2], tf.int64), "words": tf.VarLenFeature(tf.string)},
    )
    return [found["n"], found["words"].indices, found["words"].values, found["words"].dense_shape]


def alone(data):
    rows = tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True)
    return tf.parse_example(data, {"n": rows})["n"]


def parsed_sequences(data):
    dense = tf.FixedLenSequenceFeature([1], tf.int64)
    _, found, lengths = tf.io.parse_sequence_example(data, {}, {"n": dense})
    return [found["n"], lengths["n"]]


CASES = [
    Case(
        "ParseExampleV2",
        parsed,
        (strings(example([1, 2], [b"a"]), example([3, 4], [b"b", b"c"])),),
        [
            np.array([[1, 2], [3, 4]]),
            np.array([[0, 0], [1, 0], [1, 1]]),
            strings(b"a", b"b", b"c"),
            np.array([2, 2]),
        ],
        exact_shape=False,
    ),
    Case(
        "ParseExampleV2",
        alone,
        (strings(example([1, 2], []), example([3], [])),),
        np.array([[1, 2], [3, 0]]),
        exact_shape=False,
    ),
    Case(
        "ParseSequenceExampleV2",
        parsed_sequences,
        (strings(sequence([[1], [2]]), sequence([[3]])),),
        [np.array([[[1], [2]], [[3], [0]]]), np.array([2, 1])],
        exact_shape=False,
    ),
    Case(
        "SerializeTensor ParseTensor",
        lambda x: tf.parse_tensor(tf.serialize_tensor(x), x.dtype),
        (np.array([[1.5, -2.0]]),),
        lambda x: x,
        exact_shape=False,
    ),
    Case(
        "DecodeCompressed",
        lambda x: tf.decode_compressed(x, "ZLIB"),
        (strings(zlib.compress(b"one"), zlib.compress(b"")),),
        strings(b"one", b""),
    ),
    Case(
        "DecodeJSONExample",
        tf.decode_json_example,
        (strings(b'{"features": {}}'),),
        strings(b"\n\0"),
    ),
]
