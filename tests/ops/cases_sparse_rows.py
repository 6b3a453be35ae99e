"""Rows for ops that change the shapes and the rows of sparse tensors."""

import numpy as np
from ops.cases import Case

from minitf.ops import sparse_rows

PLACES, SIZES = np.array([[0, 1], [2, 0], [2, 1]]), np.array([4, 2])
VALUES = np.array([1.0, -2.0, 3.0])


def filled(places, values, sizes, default):
    made = sparse_rows.SparseFillEmptyRows(places, values, sizes, default)
    return list(made)


CASES = [
    Case(
        "SparseReshape",
        lambda places, sizes: list(sparse_rows.SparseReshape(places, sizes, [2, -1])),
        (PLACES, SIZES),
        [np.array([[0, 1], [1, 0], [1, 1]]), np.array([2, 4])],
        exact_shape=False,
    ),
    Case(
        "SparseFillEmptyRows SparseFillEmptyRowsGrad",
        lambda *x: [
            *filled(*x),
            sparse_rows.SparseFillEmptyRowsGrad(filled(*x)[3], filled(*x)[1])[1],
        ],
        (PLACES, VALUES, SIZES, np.array(7.0)),
        [
            np.array([[0, 1], [1, 0], [2, 0], [2, 1], [3, 0]]),
            np.array([1.0, 7.0, -2.0, 3.0, 7.0]),
            np.array([False, True, False, True]),
            np.array([0, 2, 3]),
            np.array(14.0),
        ],
        order=0,
        exact_shape=False,
    ),
    Case(
        "SparseFillEmptyRows",
        lambda values, default: filled(PLACES, values, SIZES, default)[1],
        (VALUES, np.array(7.0)),
        np.array([1.0, 7.0, -2.0, 3.0, 7.0]),
        order=1,
        exact_shape=False,
    ),
    Case(
        "SparseConcat",
        lambda places, values, sizes: list(
            sparse_rows.SparseConcat([places] * 2, [values] * 2, [sizes] * 2, concat_dim=1)
        ),
        (PLACES, VALUES, SIZES),
        [
            np.array([[0, 1], [0, 3], [2, 0], [2, 1], [2, 2], [2, 3]]),
            np.array([1.0, 1.0, -2.0, 3.0, -2.0, 3.0]),
            np.array([4, 4]),
        ],
        exact_shape=False,
    ),
]
