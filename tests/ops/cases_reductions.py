"""Rows for reductions, running sums, segments and counting."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf import registry
from minitf.ops.counting import Bincount

X = np.array([[0.5, -1.25, 2.0], [3.5, -0.75, 1.5]])
CUBE = np.random.default_rng(1).uniform(-2, 2, (2, 3, 4))
N = np.array([[7, -8], [-2, 4]], np.int32)
B = np.array([[True, False], [True, True]])
ROWS = np.array([[1.0, 2.0], [3.0, 0.5], [5.0, 6.0], [-1.0, 4.0]])
IDS = np.array([0, 0, 2, 2], np.int32)
MIXED = np.array([1, -1, 0, 1], np.int32)


def over(function, axis=None, keepdims=False):
    return lambda x: function(x, axis=axis, keepdims=keepdims)


REDUCTIONS = [
    Case("Sum", tf.reduce_sum, (X,), np.sum),
    Case("Sum", lambda x: tf.reduce_sum(x, 1), (CUBE,), over(np.sum, 1)),
    Case(
        "Sum",
        lambda x: tf.reduce_sum(x, [0, -1], keepdims=True),
        (CUBE,),
        over(np.sum, (0, 2), True),
    ),
    Case(
        "Sum",
        lambda x: tf.reduce_sum(x, reduction_indices=0, keep_dims=True),
        (X,),
        over(np.sum, 0, True),
    ),
    Case("Sum", lambda x: tf.reduce_sum(x, []), (X,), X),
    Case("Sum", tf.reduce_sum, (np.array([200, 100], np.uint8),), np.uint8(44)),
    Case("Sum", tf.reduce_sum, (np.float64(3.0),), 3.0),
    Case("Mean", tf.reduce_mean, (X,), np.mean),
    Case("Mean", lambda x: tf.reduce_mean(x, [1, 2]), (CUBE,), over(np.mean, (1, 2))),
    Case("Mean", tf.reduce_mean, (np.array([-7, -8, -2], np.int32),), np.int32(-5)),
    Case("Prod", tf.reduce_prod, (X,), np.prod),
    Case("Prod", lambda x: tf.reduce_prod(x, 1, keepdims=True), (CUBE,), over(np.prod, 1, True)),
    Case("Prod", lambda x: tf.reduce_prod(x, 0), (N,), over(np.prod, 0)),
    Case("Max", tf.reduce_max, (X,), np.max),
    Case("Max", lambda x: tf.reduce_max(x, 1), (CUBE,), over(np.max, 1)),
    Case("Max", tf.reduce_max, (np.zeros([0], np.int32),), np.int32(-(2**31))),
    Case("Min", tf.reduce_min, (X,), np.min),
    Case("Min", lambda x: tf.reduce_min(x, -1, keepdims=True), (CUBE,), over(np.min, -1, True)),
    Case("Min", lambda x: tf.reduce_min(x, 0), (np.zeros([0, 2], np.float32),), [np.inf, np.inf]),
    Case("All", tf.reduce_all, (B,), np.all),
    Case("All", lambda x: tf.reduce_all(x, 1, keepdims=True), (B,), over(np.all, 1, True)),
    Case("Any", lambda x: tf.reduce_any(x, 0), (B,), over(np.any, 0)),
    Case(
        "EuclideanNorm",
        lambda x: tf.math.reduce_euclidean_norm(x, 1),
        (X,),
        lambda x: np.linalg.norm(x, axis=1),
    ),
    Case("EuclideanNorm", tf.math.reduce_euclidean_norm, (N,), np.int32(11)),
    Case("Max Log Exp", tf.reduce_logsumexp, (X,), lambda x: np.log(np.exp(x).sum())),
    Case(
        "Max Log Exp",
        lambda x: tf.reduce_logsumexp(x, 0, keepdims=True),
        (X,),
        lambda x: np.log(np.exp(x).sum(0, keepdims=True)),
    ),
    Case("Mean", lambda x: tf.math.reduce_variance(x, 1), (X,), lambda x: x.var(1)),
    Case("Mean Sqrt", lambda x: tf.math.reduce_std(x, 0), (X,), lambda x: x.std(0)),
    Case("NotEqual Sum", lambda x: tf.count_nonzero(x, 1), (N,), np.array([2, 2])),
    Case("ArgMax", tf.argmax, (X,), lambda x: np.argmax(x, 0)),
    Case(
        "ArgMax",
        lambda x: tf.argmax(x, -1, output_type=tf.int32),
        (CUBE,),
        lambda x: np.argmax(x, -1).astype(np.int32),
    ),
    Case("ArgMin", lambda x: tf.argmin(x, dimension=1), (X,), lambda x: np.argmin(x, 1)),
]

RUNNING = [
    Case("Cumsum", tf.cumsum, (X,), lambda x: np.cumsum(x, 0)),
    Case("Cumsum", lambda x: tf.cumsum(x, 1, exclusive=True), (X,), lambda x: np.cumsum(x, 1) - x),
    Case(
        "Cumsum",
        lambda x: tf.cumsum(x, -1, reverse=True),
        (X,),
        lambda x: np.cumsum(x[:, ::-1], 1)[:, ::-1],
    ),
    Case("Cumprod", lambda x: tf.cumprod(x, 1), (X,), lambda x: np.cumprod(x, 1)),
    Case(
        "Cumprod",
        lambda x: tf.cumprod(x, 1, exclusive=True, reverse=True),
        (X,),
        lambda x: np.stack([x[:, 1] * x[:, 2], x[:, 2], np.ones(2)], 1),
    ),
    Case(
        "CumulativeLogsumexp",
        lambda x: tf.math.cumulative_logsumexp(x, 1),
        (X,),
        lambda x: np.log(np.cumsum(np.exp(x), 1)),
    ),
]


def by_segment(function, empty=0.0):
    return lambda rows: np.stack([function(rows[:2], 0), np.full(2, empty), function(rows[2:], 0)])


def unsorted(function, empty):
    return lambda rows: np.stack([rows[2], function(rows[[0, 3]], 0), np.full(2, empty)])


LOWEST, HIGHEST = np.finfo(np.float64).min, np.finfo(np.float64).max

SEGMENTS = [
    Case(
        "SegmentSum",
        lambda x: tf.segment_sum(x, IDS),
        (ROWS,),
        by_segment(np.sum),
        exact_shape=False,
    ),
    Case(
        "SegmentMean",
        lambda x: tf.segment_mean(x, IDS),
        (ROWS,),
        by_segment(np.mean),
        exact_shape=False,
    ),
    Case(
        "SegmentProd",
        lambda x: tf.segment_prod(x, IDS),
        (ROWS,),
        by_segment(np.prod, 1.0),
        exact_shape=False,
        order=1,
    ),
    Case(
        "SegmentMax",
        lambda x: tf.segment_max(x, IDS),
        (ROWS,),
        by_segment(np.max),
        exact_shape=False,
    ),
    Case(
        "SegmentMin",
        lambda x: tf.segment_min(x, IDS),
        (ROWS,),
        by_segment(np.min),
        exact_shape=False,
    ),
    Case(
        "UnsortedSegmentSum",
        lambda x: tf.unsorted_segment_sum(x, MIXED, 3),
        (ROWS,),
        unsorted(np.sum, 0),
    ),
    Case(
        "UnsortedSegmentProd",
        lambda x: tf.unsorted_segment_prod(x, MIXED, 3),
        (ROWS,),
        unsorted(np.prod, 1),
        order=1,
    ),
    Case(
        "UnsortedSegmentMax",
        lambda x: tf.unsorted_segment_max(x, MIXED, 3)[:2],
        (ROWS,),
        lambda x: unsorted(np.max, LOWEST)(x)[:2],
    ),
    Case(
        "UnsortedSegmentMin",
        lambda x: tf.unsorted_segment_min(x, MIXED, 3)[:2],
        (ROWS,),
        lambda x: unsorted(np.min, HIGHEST)(x)[:2],
    ),
    Case(
        "UnsortedSegmentSum",
        lambda x: tf.unsorted_segment_mean(x, MIXED, 3),
        (ROWS,),
        unsorted(np.mean, 0),
    ),
    Case(
        "UnsortedSegmentSum Sqrt",
        lambda x: tf.unsorted_segment_sqrt_n(x, MIXED, 3),
        (ROWS,),
        unsorted(lambda r, a: r.sum(a) / np.sqrt(2), 0),
    ),
]

PICKED = np.array([0, 3, 3, 1], np.int32)
PICKED_IDS = np.array([0, 0, 0, 2], np.int32)


def picked(share):
    def want(rows):
        first = rows[[0, 3, 3]].sum(0) * share
        return np.stack([first, np.zeros(2), rows[1]])

    return want


def spread(share):
    def want(grad):
        first = grad[0] * share
        return np.stack([first, grad[2], np.zeros(2), 2 * first])

    return want


def sparse_rows(name, share):
    """A reduction of picked rows: of as many segments as there are, of three, and its gradient."""
    function = getattr(tf, f"sparse_segment_{name}")
    kind = {"sum": "Sum", "mean": "Mean", "sqrt_n": "SqrtN"}[name]
    plain, counted, back = (f"SparseSegment{kind}{end}" for end in ("", "WithNumSegments", "Grad"))
    gradient = registry.get(back)
    return [
        Case(
            plain,
            lambda x: function(x, PICKED, PICKED_IDS),
            (ROWS,),
            picked(share),
            1,
            exact_shape=False,
        ),
        Case(
            counted,
            lambda x: function(x, PICKED, PICKED_IDS, num_segments=3),
            (ROWS,),
            picked(share),
            1,
        ),
        Case(back, lambda x: gradient(x, PICKED, PICKED_IDS, 4), (ROWS[:3],), spread(share)),
    ]


SPARSE = sparse_rows("sum", 1) + sparse_rows("mean", 1 / 3) + sparse_rows("sqrt_n", 3**-0.5)

COUNTING = [
    Case(
        "Bincount",
        lambda n: Bincount(n, 4, tf.constant([], tf.int32)),
        (np.array([1, 2, 2, 5], np.int32),),
        np.array([0, 1, 2, 0], np.int32),
    ),
    Case(
        "DenseBincount",
        lambda n: tf.bincount(n, minlength=5),
        (np.array([1, 2, 2], np.int32),),
        np.array([0, 1, 2, 0, 0], np.int32),
        exact_shape=False,
    ),
    Case(
        "DenseBincount",
        lambda n, w: tf.bincount(n, w, maxlength=3),
        (np.array([1, 2, 2, 4], np.int32), np.array([0.5, 1.0, 1.5, 9.0])),
        np.array([0.0, 0.5, 2.5]),
        exact_shape=False,
    ),
    Case(
        "HistogramFixedWidth",
        lambda x: tf.histogram_fixed_width(x, [0.0, 5.0], nbins=5),
        (np.array([-1, 0, 1.5, 2, 5, 15], np.float32),),
        np.array([2, 1, 1, 0, 2], np.int32),
    ),
]

CASES = REDUCTIONS + RUNNING + SEGMENTS + SPARSE + COUNTING
