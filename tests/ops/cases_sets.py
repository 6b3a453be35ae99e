"""Rows for ops on sets, and for the places of numbered elements."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops import unraveling

DENSE = np.array([[1, 2, 2], [3, 5, 3]], np.int32)
SPARSE = np.array([[0, 0], [1, 0], [1, 1]]), np.array([2, 5, 9], np.int32), np.array([2, 2])


def parts(tensor):
    return [tensor.indices, tensor.values, tensor.dense_shape]


def row(op_type, build, feeds, want):
    return Case(op_type, build, feeds, want, exact_shape=False)


CASES = [
    row(
        "DenseToDenseSetOperation",
        lambda a, b: parts(tf.sets.intersection(a, b)),
        (DENSE, np.array([[2, 7], [3, 5]], np.int32)),
        [np.array([[0, 0], [1, 0], [1, 1]]), np.array([2, 3, 5], np.int32), np.array([2, 2])],
    ),
    row(
        "DenseToSparseSetOperation",
        lambda a, *b: parts(tf.sets.difference(a, tf.SparseTensor(*b))),
        (DENSE, *SPARSE),
        [np.array([[0, 0], [1, 0]]), np.array([1, 3], np.int32), np.array([2, 1])],
    ),
    row(
        "SparseToSparseSetOperation",
        lambda *a: parts(tf.sets.union(tf.SparseTensor(*a), tf.SparseTensor(*a))),
        SPARSE,
        [*SPARSE],
    ),
    row(
        "SetSize",
        lambda *a: tf.sets.size(tf.SparseTensor(*a)),
        SPARSE,
        np.array([1, 2], np.int32),
    ),
    row(
        "UnravelIndex",
        lambda x: unraveling.unravel_index(x, [3, 4, 5]),
        (np.array([0, 33, 59], np.int32),),
        lambda x: np.array(np.unravel_index(x, (3, 4, 5)), np.int32),
    ),
]
