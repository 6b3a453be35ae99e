"""Lookup tables: what is found in them, what changes them."""

import tempfile
from pathlib import Path

import numpy as np
from ops.cases import Case

import minitf as tf

KEYS = np.array([b"b", b"x"], object)


def after(first, then):
    """What `then()` gives once `first` has run."""
    with tf.control_dependencies([first]):
        return then()


def static(keys):
    init = tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2])
    table = tf.lookup.StaticHashTable(init, -1)
    return after(table.initializer, lambda: [table.lookup(keys), table.size()])


def changing(keys):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.float64, 0.5, checkpoint=False)
    put = table.insert(["a", "b", "c"], [1.0, 2.0, 3.0])
    drop = after(put, lambda: table.remove(tf.constant(["a", "c"])))
    return after(drop, lambda: [table.lookup(keys), *table.export()])


def from_file(keys):
    path = Path(tempfile.mkdtemp()) / "words.txt"
    path.write_text("a 5\nb 6\n")
    init = tf.lookup.TextFileInitializer(str(path), tf.string, 0, tf.int64, 1, delimiter=" ")
    table = tf.lookup.StaticHashTable(init, 0)
    return after(table.initializer, lambda: table.lookup(keys))


CASES = [
    Case("HashTableV2 LookupTableImportV2 LookupTableFindV2 LookupTableSizeV2", static, (KEYS,),
         want=[np.int32([2, -1]), np.int64(2)], order=0),
    Case("MutableHashTableV2 LookupTableInsertV2 LookupTableRemoveV2 LookupTableExportV2",
         changing, (KEYS,), want=[np.array([2, 0.5]), KEYS[:1], np.array([2.0])], order=0,
         exact_shape=False),
    Case("InitializeTableFromTextFileV2", from_file, (KEYS,), want=np.int64([6, 0]), order=0),
]  # fmt: skip
