"""Rows for ops that index, choose, search and rearrange: see `cases.py` for what a row says."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops.gathering import Gather
from minitf.ops.partitions import ParallelDynamicStitch

f32 = np.float32
X = np.array([[0.5, -1.25, 2.0], [3.5, -0.75, 1.5]])
Y = np.array([[1.5, 2.5, -0.5], [0.25, 4.0, -2.0]])
CUBE = np.arange(24.0).reshape(2, 3, 4) / 7
SQUARE = np.arange(9.0).reshape(3, 3) / 2
IMAGE = np.arange(16.0).reshape(1, 4, 4, 1)
DEEP = np.arange(16.0).reshape(1, 2, 2, 4)
TEXT = np.array([[b"a", b"bc"], [b"", b"d"]], object)
MASK = np.array([[True, False, True], [False, False, True]])


def ints(*values):
    return np.array(values, np.int32)


def _flat(*shape):
    return np.arange(float(np.prod(shape))).reshape(shape)


CASES = [
    # rows and elements
    Case("Gather", lambda x: Gather(x, [1, 0, 1]), (X,), X[[1, 0, 1]]),
    Case("GatherV2", lambda x: tf.gather(x, [1, 0, 1]), (X,), X[[1, 0, 1]]),
    Case("GatherV2", lambda x: tf.gather(x, [[0, 1]]), (TEXT,), TEXT[[[0, 1]]]),
    Case("GatherV2", lambda x: tf.gather(x, 1), (X,), X[1]),
    Case("GatherV2", lambda x: tf.gather(x, [2, 0], axis=1), (X,), X[:, [2, 0]]),
    Case("GatherV2", lambda x: tf.gather(x, 1, axis=-1), (CUBE,), CUBE[..., 1]),
    Case(
        "GatherV2",
        lambda x: tf.gather(x, [[2, 0], [1, 1]], batch_dims=1),
        (X,),
        [[2.0, 0.5], [-0.75, -0.75]],
    ),
    Case(
        "GatherV2",
        lambda x: tf.gather(x, [[3, 0], [1, 1]], axis=2, batch_dims=1),
        (CUBE,),
        np.stack([CUBE[0][:, [3, 0]], CUBE[1][:, [1, 1]]]),
    ),
    Case("GatherNd", lambda x: tf.gather_nd(x, [[0, 1], [1, 2]]), (X,), [-1.25, 1.5]),
    Case("GatherNd", lambda x: tf.gather_nd(x, [[1], [1]]), (X,), X[[1, 1]]),
    Case("GatherNd", lambda x: tf.gather_nd(x, [1, 2, 3]), (CUBE,), CUBE[1, 2, 3]),
    Case(
        "GatherNd",
        lambda x: tf.gather_nd(x, [[2], [0]], batch_dims=1),
        (X,),
        [2.0, 3.5],
        order=1,
        run_unknown=False,
    ),
    Case(
        "ScatterNd",
        lambda x: tf.scatter_nd([[1], [0]], x, [4, 3]),
        (X,),
        [X[1], X[0], np.zeros(3), np.zeros(3)],
    ),
    Case("ScatterNd", lambda x: tf.scatter_nd([[1], [1]], x, [3]), (X[0, :2],), [0, -0.75, 0]),
    Case(
        "TensorScatterUpdate",
        lambda x, y: tf.tensor_scatter_update(x, [[1]], y),
        (X, Y[:1]),
        [X[0], Y[0]],
    ),
    Case(
        "TensorScatterAdd",
        lambda x, y: tf.tensor_scatter_add(x, [[1], [1]], y),
        (X, Y),
        [X[0], X[1] + Y[0] + Y[1]],
    ),
    Case(
        "TensorScatterSub",
        lambda x, y: tf.tensor_scatter_sub(x, [[0]], y),
        (X, Y[:1]),
        [X[0] - Y[0], X[1]],
    ),
    Case(
        "TensorScatterMax",
        lambda x, y: tf.tensor_scatter_max(x, [[0]], y),
        (X, Y[:1]),
        [np.maximum(X[0], Y[0]), X[1]],
    ),
    Case(
        "TensorScatterMin",
        lambda x, y: tf.tensor_scatter_min(x, [[0]], y),
        (X, Y[:1]),
        [np.minimum(X[0], Y[0]), X[1]],
    ),
    Case(
        "SparseToDense",
        lambda x: tf.sparse_to_dense([[0, 1], [1, 0]], [2, 2], x, -1.0),
        (X[0, :2],),
        [[-1, 0.5], [-1.25, -1]],
    ),
    Case(
        "DynamicStitch",
        lambda x, y: tf.dynamic_stitch([[0, 2], [1, 2]], [x, y]),
        (X, Y),
        [X[0], Y[0], Y[1]],
        order=0,
    ),
    Case(
        "DynamicStitch",
        lambda x, y: tf.dynamic_stitch([[3, 2], [1, 0]], [x, y]),
        (X, Y),
        [Y[1], Y[0], X[1], X[0]],
    ),
    Case(
        "ParallelDynamicStitch",
        lambda x, y: ParallelDynamicStitch([[3, 2], [1, 0]], [x, y]),
        (X, Y),
        [Y[1], Y[0], X[1], X[0]],
    ),
    Case(
        "DynamicPartition",
        lambda x: tf.dynamic_partition(x, [1, 0], 2),
        (X,),
        [X[1:], X[:1]],
        exact_shape=False,
    ),
    # choosing
    Case("Where", tf.where, (MASK,), np.argwhere(MASK), exact_shape=False),
    Case("Where", tf.where, (X,), np.argwhere(X), exact_shape=False, order=0),
    Case("Select", tf.where, (MASK, X, Y), np.where(MASK, X, Y)),
    Case("Select", tf.where, (np.array([True, False]), X, Y), [X[0], Y[1]]),
    Case("Select", tf.where, (np.array(True), X, Y), X),
    Case("SelectV2", tf.where_v2, (MASK, X, Y[0]), np.where(MASK, X, Y[0])),
    Case("SelectV2", tf.where_v2, (MASK[0], X, np.float64(3)), np.where(MASK[0], X, 3)),
    Case("SelectV2", tf.where_v2, (np.array(False), TEXT, TEXT[0]), [TEXT[0], TEXT[0]]),
    Case(
        "OneHot",
        lambda x: tf.one_hot(x, 3),
        (ints(0, 2, -1, 5),),
        np.eye(3, dtype=f32)[[0, 2, 0, 0]] * f32([[1], [1], [0], [0]]),
    ),
    Case(
        "OneHot",
        lambda x: tf.one_hot(x, 2, 5, -1, axis=0),
        (ints(0, 1, 1),),
        [[5, -1, -1], [-1, 5, 5]],
    ),
    Case("OneHot", lambda x: tf.one_hot(x, 2, True, False), (np.int64(1),), [False, True]),
    # order
    Case("Transpose", tf.transpose, (X,), X.T),
    Case("Transpose", lambda x: tf.transpose(x, [2, 0, 1]), (CUBE,), CUBE.transpose(2, 0, 1)),
    Case("Transpose", tf.matrix_transpose, (CUBE,), CUBE.transpose(0, 2, 1)),
    Case(
        "ConjugateTranspose",
        lambda x: tf.transpose(x, conjugate=True),
        (np.array([[1 + 2j, 3j]]),),
        np.array([[1 - 2j], [-3j]]),
    ),
    Case("InvertPermutation", tf.invert_permutation, (ints(2, 0, 1),), [1, 2, 0]),
    Case("ReverseV2", lambda x: tf.reverse(x, [1]), (X,), X[:, ::-1]),
    Case("ReverseV2", lambda x: tf.reverse(x, [0, -1]), (TEXT,), TEXT[::-1, ::-1]),
    Case(
        "ReverseSequence",
        lambda x: tf.reverse_sequence(x, [1, 3], seq_axis=1, batch_axis=0),
        (X,),
        [X[0], X[1, ::-1]],
    ),
    Case("Roll", lambda x: tf.roll(x, [1, -1], [0, 1]), (X,), np.roll(X, [1, -1], [0, 1])),
    # values
    Case("Unique", tf.unique, (ints(3, 1, 3, 2),), [[3, 1, 2], [0, 1, 0, 2]], exact_shape=False),
    Case(
        "Unique",
        tf.unique,
        (np.array([b"b", b"a", b"b"], object),),
        [None, [0, 1, 0]],
        exact_shape=False,
    ),
    Case(
        "UniqueWithCounts",
        lambda x: tf.unique_with_counts(x, tf.int64),
        (ints(3, 1, 3, 2),),
        [[3, 1, 2], [0, 1, 0, 2], [2, 1, 1]],
        exact_shape=False,
    ),
    Case(
        "ListDiff",
        tf.setdiff1d,
        (ints(1, 2, 3, 4), ints(2, 4)),
        [[1, 3], [0, 2]],
        exact_shape=False,
    ),
    Case("LowerBound", tf.searchsorted, (ints(1, 3, 3, 5), ints(0, 3, 9)), [0, 1, 4]),
    Case(
        "UpperBound",
        lambda x, y: tf.searchsorted(x, y, side="right"),
        (ints([1, 3], [2, 2]), ints([3, 0], [2, 1])),
        [[2, 0], [2, 0]],
    ),
    # diagonals
    Case("Diag", tf.diag, (X[0],), np.diag(X[0])),
    Case("DiagPart", tf.diag_part, (SQUARE,), SQUARE.diagonal()),
    Case("MatrixDiagV3", tf.matrix_diag, (X,), np.stack([np.diag(X[0]), np.diag(X[1])])),
    Case("MatrixDiagV3", lambda x: tf.matrix_diag(x, k=-1), (X[0],), np.diag(X[0], -1)),
    Case(
        "MatrixDiagV3",
        lambda x: tf.matrix_diag(x, k=(-1, 0)),
        (np.array([[1.0, 2, 3], [4, 5, 0]]),),
        [[1, 0, 0], [4, 2, 0], [0, 5, 3]],
    ),
    Case("MatrixDiagPartV3", tf.matrix_diag_part, (CUBE,), CUBE[:, [0, 1, 2], [0, 1, 2]]),
    Case("MatrixDiagPartV3", lambda x: tf.matrix_diag_part(x, k=1), (SQUARE,), SQUARE.diagonal(1)),
    Case(
        "MatrixDiagPartV3",
        lambda x: tf.matrix_diag_part(x, k=(-1, 1), padding_value=9.0),
        (SQUARE,),
        [[9.0, 0.5, 2.5], [0.0, 2.0, 4.0], [1.5, 3.5, 9.0]],
    ),
    Case(
        "MatrixSetDiagV3",
        tf.matrix_set_diag,
        (SQUARE, X[0]),
        SQUARE - np.diag(SQUARE.diagonal()) + np.diag(X[0]),
    ),
    Case("MatrixBandPart", lambda x: tf.matrix_band_part(x, 0, -1), (SQUARE,), np.triu(SQUARE)),
    Case(
        "MatrixBandPart",
        lambda x: tf.matrix_band_part(x, 1, 0),
        (SQUARE,),
        np.tril(SQUARE) - np.tril(SQUARE, -2),
    ),
    # blocks
    Case(
        "SpaceToDepth",
        lambda x: tf.space_to_depth(x, 2),
        (IMAGE,),
        [[[[0, 1, 4, 5], [2, 3, 6, 7]], [[8, 9, 12, 13], [10, 11, 14, 15]]]],
    ),
    Case(
        "SpaceToDepth",
        lambda x: tf.space_to_depth(x, 2, data_format="NCHW"),
        (IMAGE.transpose(0, 3, 1, 2),),
        [[[[0, 2], [8, 10]], [[1, 3], [9, 11]], [[4, 6], [12, 14]], [[5, 7], [13, 15]]]],
    ),
    Case(
        "DepthToSpace",
        lambda x: tf.depth_to_space(x, 2),
        (DEEP,),
        [
            [
                [[0], [1], [4], [5]],
                [[2], [3], [6], [7]],
                [[8], [9], [12], [13]],
                [[10], [11], [14], [15]],
            ]
        ],
    ),
    Case(
        "SpaceToBatchND",
        lambda x: tf.space_to_batch_nd(x, [2, 2], [[0, 0], [0, 0]]),
        (IMAGE,),
        np.stack([IMAGE[0, i::2, j::2] for i in (0, 1) for j in (0, 1)]),
    ),
    Case(
        "SpaceToBatchND",
        lambda x: tf.space_to_batch_nd(x, [2], [[1, 2]]),
        (_flat(1, 3),),
        [[0, 1, 0], [0, 2, 0]],
    ),
    Case(
        "BatchToSpaceND",
        lambda x: tf.batch_to_space_nd(x, [2, 2], [[0, 1], [1, 0]]),
        (_flat(4, 2, 2, 1),),
        [[[[4.0], [1], [5]], [[12], [9], [13]], [[6], [3], [7]]]],
    ),
    # sparse tensors
    Case(
        "SparseReorder",
        lambda x: tf.sparse_reorder(tf.SparseTensor([[1, 0], [0, 2], [0, 1]], x, [2, 3])).values,
        (X[0],),
        X[0, [2, 1, 0]],
        run_unknown=False,
    ),
    Case(
        "SparseTensorDenseMatMul",
        lambda v, x: tf.sparse_tensor_dense_matmul(tf.SparseTensor([[0, 1], [1, 0]], v, [2, 2]), x),
        (X[0, :2], X),
        [X[0, 0] * X[1], X[0, 1] * X[0]],
        run_unknown=False,
    ),
    Case(
        "SparseTensorDenseMatMul",
        lambda v, x: tf.sparse_tensor_dense_matmul(
            tf.SparseTensor([[0, 2], [1, 0]], v, [2, 3]), x, adjoint_a=True, adjoint_b=True
        ),
        (X[0, :2], X.T),
        [X[0, 1] * X.T[:, 1], np.zeros(3), X[0, 0] * X.T[:, 0]],
        run_unknown=False,
    ),
    Case(
        "SparseToDense",
        lambda x: tf.sparse_tensor_to_dense(tf.SparseTensor([[0, 1], [1, 0]], x, [2, 2])),
        (X[0, :2],),
        [[0, 0.5], [-1.25, 0]],
        run_unknown=False,
    ),
    Case(
        "SparseSegmentSum SparseSegmentSumGrad",
        lambda x: _with_gradient(tf.sparse_segment_sum, x),
        (X,),
        [[X[0] + X[1], X[0]], [[2.0] * 3, [1.0] * 3]],
        order=0,
        exact_shape=False,
    ),
    Case(
        "SparseSegmentMean SparseSegmentMeanGrad",
        lambda x: _with_gradient(tf.sparse_segment_mean, x),
        (X,),
        [[(X[0] + X[1]) / 2, X[0]], [[1.5] * 3, [0.5] * 3]],
        order=0,
        exact_shape=False,
    ),
    Case(
        "SparseSegmentSqrtN SparseSegmentSqrtNGrad",
        lambda x: _with_gradient(tf.sparse_segment_sqrt_n, x),
        (X,),
        [[(X[0] + X[1]) / 2**0.5, X[0]], [[1 + 0.5**0.5] * 3, [0.5**0.5] * 3]],
        order=0,
        exact_shape=False,
    ),
    Case(
        "EditDistance",
        lambda: tf.edit_distance(
            tf.SparseTensor([[0, 0], [0, 1], [1, 0]], ["a", "b", "c"], [3, 2]),
            tf.SparseTensor([[0, 0], [2, 0], [2, 1], [1, 0]], ["b", "x", "y", "c"], [3, 2]),
        ),
        (),
        [1, 0, 1],
        order=0,
    ),
    Case(
        "ExtractImagePatches",
        lambda x: tf.extract_image_patches(x, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"),
        (IMAGE,),
        [[[[0, 1, 4, 5], [2, 3, 6, 7]], [[8, 9, 12, 13], [10, 11, 14, 15]]]],
    ),
    Case(
        "ExtractImagePatches",
        lambda x: tf.extract_image_patches(x, [1, 3, 2, 1], [1, 3, 2, 1], [1, 1, 2, 1], "SAME"),
        (_flat(1, 3, 4, 2),),
        None,
        order=1,
    ),
]


def _with_gradient(function, x):
    y = function(x, [0, 1, 0], [0, 0, 1])
    return y, tf.gradients(y, x)[0]
