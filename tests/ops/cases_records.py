"""Rows for ops that read records from files."""

import tempfile
from pathlib import Path

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.data.structure import spec_from
from minitf.ops import dataset_sources

FOLDER = Path(tempfile.mkdtemp(prefix="minitf-records-"))
RECORDS, FIXED = str(FOLDER / "records"), str(FOLDER / "fixed")
with tf.python_io.TFRecordWriter(RECORDS) as writer:
    for record in (b"one", b"two"):
        writer.write(record)
Path(FIXED).write_bytes(b"-123456-")


def of_strings(node):
    return tf.data.Dataset(node, spec_from(tf.string, ()))


def batch(dataset):
    """The first four elements of a dataset, from its start in every run."""
    iterator = dataset().batch(4).make_initializable_iterator()
    with tf.control_dependencies([iterator.initializer]):
        return iterator.get_next()


def read(reader, path):
    """A reader's first record, and what it has counted by then and after a reset."""
    queue = tf.FIFOQueue(9, tf.string, shapes=[[]])
    with tf.control_dependencies([queue.enqueue(path)]):
        value = reader.read(tf.identity(queue.queue_ref))[1]
    with tf.control_dependencies([value]):
        before = reader.num_records_produced(), reader.num_work_units_completed()
    with tf.control_dependencies(before), tf.control_dependencies([reader.reset()]):
        return [value, *before, reader.num_records_produced()]


def row(op_types, build, want):
    return Case(op_types, build, want=want, order=0, exact_shape=False)


CASES = [
    row(
        "TFRecordDataset",
        lambda: batch(lambda: of_strings(dataset_sources.TFRecordDataset(RECORDS, "", 0))),
        np.array([b"one", b"two"], object),
    ),
    row(
        "FixedLengthRecordDatasetV2",
        lambda: batch(
            lambda: of_strings(dataset_sources.FixedLengthRecordDatasetV2(FIXED, 1, 3, 1, 0, ""))
        ),
        np.array([b"123", b"456"], object),
    ),
    row(
        "LegacyParallelInterleaveDatasetV2",
        lambda: batch(lambda: tf.data.TFRecordDataset([RECORDS] * 2, num_parallel_reads=2)),
        np.array([b"one", b"one", b"two", b"two"], object),
    ),
    row(
        "TFRecordReaderV2 ReaderReadV2 ReaderNumRecordsProducedV2 ReaderNumWorkUnitsCompletedV2 "
        "ReaderResetV2",
        lambda: read(tf.TFRecordReader(), RECORDS),
        [b"one", np.int64(1), np.int64(0), np.int64(0)],
    ),
    row(
        "FixedLengthRecordReaderV2",
        lambda: read(tf.FixedLengthRecordReader(2, 1), FIXED),
        [b"12", np.int64(1), np.int64(0), np.int64(0)],
    ),
]
