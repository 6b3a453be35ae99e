"""Rows for array ops that shape, fill, join, cut and pad: see `cases.py` for what a row says."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops.constants import PreventGradient
from minitf.ops.filling import LinSpace, OnesLike, ZerosLike
from minitf.ops.joining import ConcatOffset
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.shapes import Rank, Shape, Size

f32 = np.float32
X = np.array([[0.5, -1.25, 2.0], [3.5, -0.75, 1.5]])
Y = np.array([[1.5, 2.5, -0.5], [0.25, 4.0, -2.0]])
CUBE = np.arange(24.0).reshape(2, 3, 4) / 7
I = np.array([[1, 2, 3], [4, 5, 6]], np.int32)  # noqa: E741
TEXT = np.array([[b"a", b"bc"], [b"", b"d"]], object)


def ints(*values):
    return np.array(values, np.int32)


CASES = [
    Case("Const", lambda: tf.constant([[1, 2], [3, 4]], tf.int64), (), np.array([[1, 2], [3, 4]])),
    Case("Const", lambda: tf.constant("text"), (), b"text"),
    Case("Const", lambda: tf.constant(1.5, shape=[2, 3]), (), np.full((2, 3), f32(1.5))),
    Case("Placeholder", lambda x: x, (X,), X),
    Case("PlaceholderWithDefault", lambda x: tf.placeholder_with_default(x, [2, 3]), (X,), X),
    Case("Identity", tf.identity, (X,), X),
    Case("Identity", tf.identity, (TEXT,), TEXT),
    Case("IdentityN", lambda x, y: tf.identity_n([x, y]), (X, Y), [X, Y]),
    Case("StopGradient", tf.stop_gradient, (X,), X),
    Case("PreventGradient", lambda x: PreventGradient(x, message="no"), (X,), X, order=0),
    Case("GuaranteeConst", tf.guarantee_const, (X,), X),
    Case("EnsureShape", lambda x: tf.ensure_shape(x, [None, 3]), (X,), X),
    Case("CheckNumerics", lambda x: tf.check_numerics(x, "bad"), (X,), X),
    Case(
        "Bitcast", lambda x: tf.bitcast(x, tf.uint8), (ints(1, 256),), [[1, 0, 0, 0], [0, 1, 0, 0]]
    ),
    Case("Bitcast", lambda x: tf.bitcast(x, tf.int64), (ints([1, 0], [0, 1]),), [1, 2**32]),
    Case("Bitcast", lambda x: tf.bitcast(x, tf.int32), (f32(1.0),), 1065353216),
    # shapes
    Case("Shape", Shape, (X,), [2, 3]),
    Case("ShapeN", lambda x, y: tf.shape_n([x, y]), (X, CUBE), [[2, 3], [2, 3, 4]]),
    Case("Size", Size, (X,), 6),
    Case("Rank", Rank, (CUBE,), 3),
    Case("Reshape", lambda x: tf.reshape(x, [3, -1]), (X,), X.reshape(3, 2)),
    Case("Reshape", lambda x: tf.reshape(x, []), (X[:1, :1],), X[0, 0]),
    Case("Reshape", lambda x: tf.reshape(x, [-1]), (TEXT,), TEXT.reshape(-1)),
    Case("ExpandDims", lambda x: tf.expand_dims(x, -2), (X,), X[:, None]),
    Case("ExpandDims", lambda x: tf.expand_dims(x, 0), (np.float64(2),), [2.0]),
    Case("Squeeze", lambda x: tf.squeeze(x, [0]), (X[None],), X),
    Case("Squeeze", tf.squeeze, (X[None, :, None],), X),
    # filling
    Case("Fill", lambda x: tf.fill([2, 2], x), (np.float64(1.5),), np.full((2, 2), 1.5)),
    Case("Fill", lambda x: tf.fill([2], x), (b"t",), np.array([b"t", b"t"], object)),
    Case("ZerosLike", ZerosLike, (X,), np.zeros_like(X)),
    Case("ZerosLike", ZerosLike, (TEXT,), np.full((2, 2), b"", object)),
    Case("OnesLike", OnesLike, (I,), np.ones_like(I)),
    Case("Range", tf.range, (np.int32(2), np.int32(9), np.int32(3)), [2, 5, 8], exact_shape=False),
    Case("Range", lambda: tf.range(1.0, 2.0, 0.25), (), [1, 1.25, 1.5, 1.75]),
    Case("Range", lambda: tf.range(5, 0, -2), (), [5, 3, 1]),
    Case("LinSpace", lambda x, y: LinSpace(x, y, 5), (0.0, 1.0), [0, 0.25, 0.5, 0.75, 1]),
    # joining and cutting
    Case("Pack", lambda x, y: tf.stack([x, y]), (X, Y), np.stack([X, Y])),
    Case("Pack", lambda x, y: tf.stack([x, y], -1), (X, Y), np.stack([X, Y], -1)),
    Case(
        "ParallelConcat", lambda x, y: tf.parallel_stack([x, y]), (X, Y), [X, Y], run_unknown=False
    ),
    Case("Unpack", lambda x: tf.unstack(x, 3, 1), (X,), list(X.T)),
    Case("Unpack", lambda x: tf.unstack(x, 2), (TEXT[0],), [b"a", b"bc"]),
    Case("ConcatV2", lambda x, y: tf.concat([x, y], 0), (X, Y), np.concatenate([X, Y])),
    Case("ConcatV2", lambda x, y: tf.concat([x, y], -1), (X, Y), np.concatenate([X, Y], 1)),
    Case("ConcatV2", lambda *x: tf.concat(x, 0), (X,) * 17, np.concatenate([X] * 17), order=1),
    Case("ConcatV2", lambda x: tf.concat([x, x], 1), (TEXT,), np.concatenate([TEXT, TEXT], 1)),
    Case(
        "ConcatOffset",
        lambda x, y: ConcatOffset(1, [x, y]),
        (ints(2, 3), ints(2, 5)),
        [[0, 0], [0, 3]],
    ),
    Case("Split", lambda x: tf.split(x, 3, 1), (X,), np.split(X, 3, 1)),
    Case("Split", lambda x: tf.split(x, 1), (X,), X),
    Case("SplitV", lambda x: tf.split(x, [1, 2], 1), (X,), [X[:, :1], X[:, 1:]]),
    Case("SplitV", lambda x: tf.split(x, [2, -1], 1), (X,), [X[:, :2], X[:, 2:]]),
    # cutting boxes
    Case("Slice", lambda x: tf.slice(x, [0, 1], [-1, 2]), (X,), X[:, 1:]),
    Case("Slice", lambda x: tf.slice(x, [1, 0], [1, 1]), (TEXT,), TEXT[1:, :1]),
    Case("StridedSlice", lambda x: x[1:, ::2], (X,), X[1:, ::2]),
    Case("StridedSlice", lambda x: x[..., tf.newaxis, 1], (CUBE,), CUBE[..., None, 1]),
    Case("StridedSlice", lambda x: x[0, ..., ::-1], (CUBE,), CUBE[0, ..., ::-1]),
    Case("StridedSlice", lambda x: x[:, -1:-3:-1], (CUBE,), CUBE[:, -1:-3:-1]),
    Case("StridedSlice", lambda x: x[1, 2, 3], (CUBE,), CUBE[1, 2, 3]),
    Case("StridedSlice", lambda x: x[5:, :9], (X,), X[5:, :9]),
    Case("StridedSlice", lambda x, n: x[n:], (X, np.int32(1)), X[1:], exact_shape=False),
    Case(
        "StridedSliceGrad",
        lambda x: tf.gradients(x[1:, ::2] * 3.0, x)[0],
        (X,),
        [[0, 0, 0], [3, 0, 3]],
    ),
    # repeating and padding
    Case("Tile", lambda x: tf.tile(x, [2, 3]), (X,), np.tile(X, (2, 3))),
    Case("Tile", lambda x: tf.tile(x, [1, 2]), (TEXT,), np.tile(TEXT, (1, 2))),
    Case("Pad", lambda x: tf.pad(x, [[1, 0], [0, 2]]), (X,), np.pad(X, [(1, 0), (0, 2)])),
    Case("Pad", lambda x: tf.pad(x, [[1, 0], [0, 0]]), (TEXT,), [[b"", b""], *TEXT.tolist()]),
    Case(
        "PadV2",
        lambda x: tf.pad(x, [[1, 0], [0, 2]], constant_values=7.0),
        (X,),
        np.pad(X, [(1, 0), (0, 2)], constant_values=7.0),
    ),
    Case(
        "MirrorPad",
        lambda x: tf.pad(x, [[1, 1], [2, 1]], "REFLECT"),
        (X,),
        np.pad(X, [(1, 1), (2, 1)], "reflect"),
    ),
    Case(
        "MirrorPad",
        lambda x: tf.pad(x, [[2, 1], [0, 3]], "SYMMETRIC"),
        (X,),
        np.pad(X, [(2, 1), (0, 3)], "symmetric"),
    ),
    Case(
        "MirrorPadGrad",
        lambda x: tf.gradients(tf.pad(x, [[1, 0], [0, 0]], "SYMMETRIC") * 2.0, x)[0],
        (X,),
        [[4, 4, 4], [2, 2, 2]],
    ),
    Case(
        "BroadcastTo", lambda x: tf.broadcast_to(x, [4, 2, 3]), (X,), np.broadcast_to(X, (4, 2, 3))
    ),
    Case("BroadcastTo", lambda x: tf.broadcast_to(x, [2, 3]), (X[:, :1],), X[:, :1] + np.zeros(3)),
    Case("BroadcastArgs", tf.broadcast_dynamic_shape, (ints(2, 1), ints(4, 1, 3)), [4, 2, 3]),
    Case(
        "BroadcastGradientArgs",
        BroadcastGradientArgs,
        (ints(4, 2, 1), ints(2, 3)),
        [[2], [0]],
        exact_shape=False,
    ),
]
