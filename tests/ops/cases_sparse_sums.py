"""Rows for sums, reductions and parts of sparse tensors."""

import numpy as np
from ops.cases import Case

from minitf.ops import sparse_parts, sparse_sums

PLACES, SIZES = np.array([[0, 1], [1, 0], [2, 3]]), np.array([3, 4])
OTHERS = np.array([[0, 1], [1, 2], [2, 3]])
A, B = np.array([1.0, -2.0, 3.0]), np.array([0.5, 4.0, -3.0])


def dense(values, places=PLACES, sizes=SIZES):
    result = np.zeros(sizes)
    result[tuple(places.T)] = values
    return result


def added(a, b):
    return sparse_sums.SparseAdd(PLACES, a, SIZES, OTHERS, b, SIZES, 0.1)


def over(make, axes, keep_dims=False):
    return lambda values: make(PLACES, values, SIZES, axes, keep_dims=keep_dims)


def split(values):
    pieces = sparse_parts.SparseSplit(1, PLACES, values, SIZES, num_split=2)
    return [part for parts in pieces for part in parts]


def softmax(values):
    powers = np.exp(values)
    return np.array([powers[0], powers[1], powers[2]]) / [
        powers[0],
        powers[1:].sum(),
        powers[1:].sum(),
    ]


SUM, MAX = sparse_sums.SparseReduceSum, sparse_sums.SparseReduceMax
CASES = [
    Case(
        "SparseAdd",
        lambda a, b: list(added(a, b)),
        (A, B),
        [np.array([[0, 1], [1, 0], [1, 2]]), np.array([1.5, -2, 4]), SIZES],
        order=0,
        exact_shape=False,
    ),
    Case("SparseAdd", lambda a, b: added(a, b)[1], (A, B), order=1, exact_shape=False),
    Case(
        "SparseAddGrad",
        lambda grad: list(sparse_sums.SparseAddGrad(grad, PLACES, OTHERS, PLACES[:2])),
        (np.array([5.0, 7.0]),),
        [np.array([5.0, 7, 0]), np.array([5.0, 0, 0])],
    ),
    Case(
        "SparseTensorDenseAdd",
        lambda a, b: sparse_sums.SparseTensorDenseAdd(PLACES, a, SIZES, b),
        (A, np.ones([3, 4])),
        lambda a, b: dense(a) + b,
    ),
    Case("SparseReduceSum", over(SUM, [0]), (A,), lambda a: dense(a).sum(0)),
    Case("SparseReduceSum", over(SUM, [0, 1]), (A,), lambda a: a.sum()),
    Case("SparseReduceSum", over(SUM, -1, True), (A,), lambda a: dense(a).sum(1, keepdims=True)),
    Case("SparseReduceMax", over(MAX, 1), (A,), A),
    Case(
        "SparseReduceSumSparse",
        lambda a: list(over(sparse_sums.SparseReduceSumSparse, [0])(a)),
        (A,),
        [np.array([[0], [1], [3]]), np.array([-2.0, 1, 3]), np.array([4])],
        exact_shape=False,
    ),
    Case(
        "SparseReduceMaxSparse",
        lambda a: list(over(sparse_sums.SparseReduceMaxSparse, 1, True)(a)),
        (A,),
        [np.array([[0, 0], [1, 0], [2, 0]]), A, np.array([3, 1])],
        exact_shape=False,
    ),
    Case(
        "SparseSparseMaximum",
        lambda a, b: list(sparse_sums.SparseSparseMaximum(PLACES, a, SIZES, OTHERS, b, SIZES)),
        (A, B),
        [np.array([[0, 1], [1, 0], [1, 2], [2, 3]]), np.array([1.0, 0, 4, 3])],
        order=0,
        exact_shape=False,
    ),
    Case(
        "SparseSparseMinimum",
        lambda a, b: list(sparse_sums.SparseSparseMinimum(PLACES, a, SIZES, OTHERS, b, SIZES)),
        (A, B),
        [np.array([[0, 1], [1, 0], [1, 2], [2, 3]]), np.array([0.5, -2, 0, -3])],
        order=0,
        exact_shape=False,
    ),
    Case(
        "SparseSlice",
        lambda a: list(sparse_parts.SparseSlice(PLACES, a, SIZES, [1, 0], [5, 4])),
        (A,),
        [np.array([[0, 0], [1, 3]]), np.array([-2.0, 3]), np.array([2, 4])],
        order=0,
        exact_shape=False,
    ),
    Case(
        "SparseSlice",
        lambda a: sparse_parts.SparseSlice(PLACES, a, SIZES, [1, 0], [5, 4])[1],
        (A,),
        order=1,
        exact_shape=False,
    ),
    Case(
        "SparseSliceGrad",
        lambda grad: sparse_parts.SparseSliceGrad(grad, PLACES, [1, 0], PLACES[1:] - [1, 0]),
        (np.array([5.0, 7.0]),),
        np.array([0.0, 5, 7]),
    ),
    Case(
        "SparseSplit",
        split,
        (A,),
        [PLACES[:2], np.array([[2, 1]]), A[:2], A[2:], *[np.array([3, 2])] * 2],
        exact_shape=False,
    ),
    Case(
        "SparseSoftmax",
        lambda a: sparse_parts.SparseSoftmax(np.array([[0, 1], [1, 0], [1, 3]]), a, [2, 4]),
        (A,),
        softmax,
        order=1,
    ),
    Case(
        "SparseDenseCwiseAdd",
        lambda a, b: sparse_parts.SparseDenseCwiseAdd(PLACES, a, SIZES, b),
        (A, np.array([[1.0], [2.0], [3.0]])),
        np.array([2.0, 0, 6]),
        order=0,
    ),
]
