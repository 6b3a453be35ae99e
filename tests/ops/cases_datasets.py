"""Datasets and iterators: each op's elements, seen through an iterator."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.data.generators import Generator
from minitf.data.structure import spec_from
from minitf.ops import dataset_sources

D = tf.data.Dataset


def first(dataset, count=1):
    """The first elements of a dataset, from its start in every run."""
    iterator = dataset.make_initializable_iterator()
    taken, before = [], [iterator.initializer]
    for _ in range(count):
        with tf.control_dependencies(before):
            taken.append(iterator.get_next())
        before = [taken[-1]]
    return taken if count > 1 else taken[0]


def row(op_types, dataset, want, count=None, **options):
    """A case of a dataset made without feeds, all of whose elements come in one batch."""

    def build():
        whole = dataset() if count is None else dataset().batch(count)
        return first(whole)

    return Case(op_types, build, want=np.asarray(want), order=0, **{"exact_shape": False} | options)


def by_handle():
    iterator = D.range(4, 6).make_initializable_iterator()
    with tf.control_dependencies([iterator.initializer]):
        handle = iterator.string_handle(name="handle")
    return tf.data.Iterator.from_string_handle(handle, tf.int64, []).get_next()


def lines():
    name = tf.py_func(_written, [], tf.string)
    spec = spec_from(tf.string, ())
    return D(dataset_sources.TextLineDataset(name, "", 0), spec).flat_map(D.from_tensors)


def generated():
    spec = spec_from(tf.int32, ())
    return D(Generator(lambda: iter([1, 2]), spec).node([]), spec)


def _written():
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".txt", delete=False) as file:
        file.write(b"one\r\n\ntwo")
    return file.name.encode()


def ones():
    return D.range(3).map(lambda n: tf.ones([n]))


I64 = np.int64

CASES = [
    row(
        "TensorDataset MakeIterator IteratorV2", lambda: D.from_tensors([1.5, 2.5]),
        np.float32([1.5, 2.5]),
    ),
    row(
        "TensorSliceDataset", lambda: D.from_tensor_slices(["a", "b"]),
        np.array([b"a", b"b"], object), 2,
    ),
    row("RangeDataset", lambda: D.range(2, 9, 3), I64([2, 5, 8]), 3),
    row("RewriteDataset", lambda: D.from_tensors("x").enumerate(5).map(lambda n, _: n), I64(5)),
    row("TextLineDataset FlatMapDataset", lines, np.array([b"one", b"", b"two"], object), 3),
    row(
        "GeneratorDataset", generated, np.int32([1, 2]), 2,
    ),
    row(
        "ZipDataset", lambda: D.zip((D.range(3), D.range(9))).map(lambda a, b: a - b),
        I64([0, 0, 0]), 9,
    ),
    row("ConcatenateDataset", lambda: D.range(2).concatenate(D.range(1)), I64([0, 1, 0]), 9),
    row("RepeatDataset", lambda: D.range(2).repeat(2), I64([0, 1, 0, 1]), 9),
    row("TakeDataset", lambda: D.range(9).take(2), I64([0, 1]), 9),
    row("SkipDataset", lambda: D.range(4).skip(2), I64([2, 3]), 9),
    row("ShardDataset", lambda: D.range(7).shard(3, 2), I64([2, 5]), 9),
    row("PrefetchDataset", lambda: D.range(2).prefetch(1), I64([0, 1]), 9),
    row("CacheDataset", lambda: D.range(2).cache().repeat(2), I64([0, 1, 0, 1]), 9),
    # The order is TensorFlow's own, as the oracle recorded it.
    row(
        "ShuffleDataset", lambda: D.range(10).shuffle(4, seed=3),
        I64([0, 3, 4, 2, 5, 7, 9, 6, 8, 1]), 10, seed=5,
    ),
    row("BatchDatasetV2", lambda: D.range(5).batch(2).skip(2), I64([4])),
    row("ParallelBatchDataset", lambda: D.range(5).batch(2, True, 2).take(1), I64([0, 1])),
    row("UnbatchDataset", lambda: D.range(5).batch(2).unbatch(), I64([0, 1, 2, 3, 4]), 9),
    row(
        "ParallelInterleaveDatasetV4",
        lambda: D.range(3).interleave(lambda n: D.from_tensors(n).repeat(2), 2, None, 2),
        I64([0, 1, 0, 1, 2, 2]), 9,
    ),
    row(
        "PaddedBatchDatasetV2", lambda: ones().padded_batch(3, [None], -1.0),
        np.float32([[-1, -1], [1, -1], [1, 1]]),
    ),
    row("MapDataset", lambda: D.range(3).map(lambda n: n * n), I64([0, 1, 4]), 9),
    row("ParallelMapDatasetV2", lambda: D.range(3).map(lambda n: -n, 2), I64([0, -1, -2]), 9),
    row("FilterDataset", lambda: D.range(5).filter(lambda n: n % 2 < 1), I64([0, 2, 4]), 9),
    row(
        "InterleaveDataset",
        lambda: D.range(3).interleave(lambda n: D.from_tensors(n).repeat(2), 2),
        I64([0, 1, 0, 1, 2, 2]), 9,
    ),
    Case(
        "OneShotIterator", lambda: D.range(7, 9).make_one_shot_iterator().get_next() * 0,
        want=I64(0), order=0,
    ),
    Case("IteratorGetNext", lambda: first(D.range(3), 3), want=[I64(0), I64(1), I64(2)], order=0),
    Case("IteratorToStringHandle IteratorFromStringHandleV2", by_handle, want=I64(4), order=0),
]  # fmt: skip
