"""Rows for convolution and pooling of volumes; the gradients' rows are those of the ops."""

import numpy as np
from ops.cases import Case

from minitf.ops import volumes

X = np.random.RandomState(0).normal(size=(1, 3, 3, 4, 2))
W = np.random.RandomState(1).normal(size=(2, 1, 2, 2, 3))
WALK = {"strides": [1, 1, 2, 1, 1], "padding": "SAME"}
POOL = {"ksize": [1, 2, 2, 3, 1], "strides": [1, 1, 2, 1, 1], "padding": "VALID"}


def windows(x, sizes, strides):
    """Every window of a volume by its place: a twin that takes them one at a time."""
    steps = [(n - k) // s + 1 for n, k, s in zip(x.shape[1:4], sizes, strides, strict=True)]
    for place in np.ndindex(*steps):
        inside = [slice(p * s, p * s + k) for p, s, k in zip(place, strides, sizes, strict=True)]
        yield place, x[:, inside[0], inside[1], inside[2]]


def convolved(x, w):
    padded = np.pad(x, ((0, 0), (0, 1), (0, 0), (0, 1), (0, 0)))
    out = np.zeros((1, 3, 2, 4, 3))
    for place, window in windows(padded, (2, 1, 2), (1, 2, 1)):
        out[:, *place] = np.tensordot(window, w, 4)
    return out


def pooled(reduce):
    def twin(x):
        out = np.zeros((1, 2, 1, 2, 2), x.dtype)
        for place, window in windows(x, (2, 2, 3), (1, 2, 1)):
            out[:, *place] = reduce(window, axis=(1, 2, 3))
        return out

    return twin


def through_max(x):
    out = volumes.MaxPool3D(x, **POOL)
    grad = volumes.MaxPool3DGrad(x, out, out, **POOL)
    return [out, volumes.MaxPool3DGradGrad(x, out, grad, **POOL)]


def back_and_forth(x):
    most = pooled(np.max)(x)
    grad = np.zeros_like(x)
    for place, window in windows(grad, (2, 2, 3), (1, 2, 1)):
        seen = dict(windows(x, (2, 2, 3), (1, 2, 1)))[place]
        window += np.where(seen == most[:, *place][:, None, None, None], most[:, *place], 0)
    again = np.zeros_like(most)
    for place, window in windows(grad, (2, 2, 3), (1, 2, 1)):
        seen = dict(windows(x, (2, 2, 3), (1, 2, 1)))[place]
        held = np.where(seen == most[:, *place][:, None, None, None], window, 0)
        again[:, *place] = held.sum((1, 2, 3))
    return [most, again]


CASES = [
    Case("Conv3D", lambda x, w: volumes.Conv3D(x, w, **WALK), (X, W), convolved),
    Case(
        "Conv3DBackpropInputV2",
        lambda w, y: volumes.Conv3DBackpropInputV2([1, 3, 3, 4, 2], w, y, **WALK),
        (W, np.random.RandomState(2).normal(size=(1, 3, 2, 4, 3))),
    ),
    Case(
        "Conv3DBackpropFilterV2",
        lambda x, y: volumes.Conv3DBackpropFilterV2(x, [2, 1, 2, 2, 3], y, **WALK),
        (X, np.random.RandomState(2).normal(size=(1, 3, 2, 4, 3))),
    ),
    Case("AvgPool3D", lambda x: volumes.AvgPool3D(x, **POOL), (X,), pooled(np.mean)),
    Case(
        "AvgPool3DGrad",
        lambda y: volumes.AvgPool3DGrad([1, 3, 3, 4, 2], y, **POOL),
        (np.random.RandomState(2).normal(size=(1, 2, 1, 2, 2)),),
    ),
    Case(
        "MaxPool3D MaxPool3DGrad MaxPool3DGradGrad",
        through_max,
        (X.astype(np.float32),),
        back_and_forth,
    ),
]
