"""Rows for the ops of neural networks: see `cases.py` for what a row says."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops import (
    activations,
    biases,
    candidates,
    convolution,
    depthwise,
    normalization,
    pooling,
    ranking,
    sets,
)
from minitf.ops import softmax as losses

f32, i32, i64 = np.float32, np.int32, np.int64

X = np.array([[0.5, -1.25, 2.0], [3.5, -0.75, -2.5]])
G = np.array([[1.0, 2.0, -0.5], [0.25, -1.0, 3.0]])
IMAGE = np.sin(np.arange(32.0) * 1.7).reshape(1, 4, 4, 2)
FILTER = np.cos(np.arange(24.0)).reshape(2, 2, 2, 3) / 2
SMALL = np.sin(np.arange(12.0)).reshape(1, 2, 2, 3)
WALK = {"strides": [1, 2, 2, 1], "padding": "SAME"}
POOL = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"}


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(x, labels):
    return [-(labels * np.log(softmax(x))).sum(axis=-1), softmax(x) - labels]


def sparse_cross_entropy(x, labels):
    y = softmax(x)
    rows = np.arange(len(labels))
    return [-np.log(y[rows, labels]), y - np.eye(x.shape[-1])[labels]]


def elu(x):
    return np.where(x < 0, np.exp(x) - 1, x)


SCALE, SCALE_ALPHA = 1.0507009873554805, 1.7580993408473766


def padded(x):
    """Windows of two by two pixels that touch each other, of an image of even sizes."""
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c)


def convolved(x, w):
    return np.einsum("nhiwjc,ijcf->nhwf", padded(x), w)


def each_convolved(x, w):
    return np.einsum("nhiwjc,ijcm->nhwcm", padded(x), w).reshape(1, 2, 2, -1)


def spread_max(x, grad):
    """`grad` where each window's largest number stands."""
    windows = padded(x)
    largest = windows == windows.max(axis=(2, 4), keepdims=True)
    return (largest * grad[:, :, None, :, None, :]).reshape(x.shape)


def local_norm(x, radius=1, bias=1.0, alpha=0.5, beta=0.5):
    total = np.zeros_like(x)
    for c in range(x.shape[-1]):
        near = x[..., max(0, c - radius) : c + radius + 1]
        total[..., c] = bias + alpha * np.square(near).sum(axis=-1)
    return x / total**beta


LRN = {"depth_radius": 1, "bias": 1.0, "alpha": 0.5, "beta": 0.5}


def batch_norm(x, scale, offset):
    mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
    count = x.size // x.shape[-1]
    y = (x - mean) / np.sqrt(variance + 1e-4) * scale + offset
    return [y, mean, variance * count / (count - 1)]


def batch_norm_grad(grad, x, scale, mean, variance):
    shifted = (x - mean) / np.sqrt(variance + 1e-4)
    axes = (0, 1, 2)
    by_offset, by_scale = grad.sum(axis=axes), (grad * shifted).sum(axis=axes)
    return [grad * scale / np.sqrt(variance + 1e-4), by_scale, by_offset]


def argmax_of(x):
    """Where each window's largest number stands in its flat image."""
    places = np.arange(x.size).reshape(x.shape)
    windows = padded(x)
    best = windows.transpose(0, 1, 3, 5, 2, 4).reshape(1, 2, 2, 2, 4).argmax(axis=-1)
    of = padded(places).transpose(0, 1, 3, 5, 2, 4).reshape(1, 2, 2, 2, 4)
    return np.take_along_axis(of, best[..., None], axis=-1)[..., 0]


ARGMAX = argmax_of(IMAGE)
POOLED = padded(IMAGE).max(axis=(2, 4))
GRAD = np.cos(np.arange(8.0)).reshape(1, 2, 2, 2)
VECTOR = np.array([0.5, -1.5])
SPREAD = np.array([0.7, 1.3])
CLASSES = np.array([[1], [2]], i64)


def sampled(op, **more):
    return lambda: op(CLASSES, num_true=1, num_sampled=4, range_max=10, seed=3, **more)


CASES = [
    Case("Relu", tf.nn.relu, (X,), lambda x: np.maximum(x, 0)),
    Case("Relu", tf.nn.relu, (np.array([1, -2], i32),), [1, 0]),
    Case("ReluGrad", activations.ReluGrad, (G, X), lambda g, x: g * (x > 0)),
    Case("Relu6", tf.nn.relu6, (4 * X,), lambda x: np.clip(x, 0, 6)),
    Case("Relu6Grad", activations.Relu6Grad, (G, 4 * X), lambda g, x: g * ((x > 0) & (x < 6))),
    Case(
        "LeakyRelu", lambda x: tf.nn.leaky_relu(x, 0.3), (X,), lambda x: np.where(x > 0, x, 0.3 * x)
    ),
    Case(
        "LeakyReluGrad",
        lambda g, x: activations.LeakyReluGrad(g, x, alpha=0.3),
        (G, X),
        lambda g, x: np.where(x > 0, g, 0.3 * g),
    ),
    Case("Elu", tf.nn.elu, (X,), elu),
    Case("EluGrad", activations.EluGrad, (G, elu(X)), lambda g, y: np.where(y < 0, g * (y + 1), g)),
    Case(
        "Selu",
        tf.nn.selu,
        (X,),
        lambda x: np.where(x < 0, SCALE_ALPHA * (np.exp(x) - 1), SCALE * x),
    ),
    Case(
        "SeluGrad",
        activations.SeluGrad,
        (G, X / 2),
        lambda g, y: np.where(y < 0, g * (y + SCALE_ALPHA), g * SCALE),
    ),
    Case("Softplus", tf.nn.softplus, (X,), lambda x: np.log1p(np.exp(x))),
    Case("SoftplusGrad", activations.SoftplusGrad, (G, X), lambda g, x: g / (1 + np.exp(-x))),
    Case("Softsign", tf.nn.softsign, (X,), lambda x: x / (1 + np.abs(x)), order=1),
    Case(
        "SoftsignGrad",
        activations.SoftsignGrad,
        (G, X),
        lambda g, x: g / (1 + np.abs(x)) ** 2,
        order=0,
    ),
    Case("BiasAdd", tf.nn.bias_add, (X, np.array([1.0, -2.0, 0.5])), np.add),
    Case(
        "BiasAdd",
        lambda x, b: tf.nn.bias_add(x, b, data_format="NCHW"),
        (IMAGE, np.array([1.0, -2.0, 0.5, 0.25])),
        lambda x, b: x + b.reshape(-1, 1, 1),
    ),
    Case("BiasAddV1", biases.BiasAddV1, (X, np.array([1.0, -2.0, 0.5])), np.add),
    Case("BiasAddGrad", biases.BiasAddGrad, (X,), lambda x: x.sum(axis=0)),
    Case(
        "BiasAddGrad",
        lambda x: biases.BiasAddGrad(x, data_format="NCHW"),
        (IMAGE,),
        lambda x: x.sum(axis=(0, 2, 3)),
    ),
    Case("Softmax", tf.nn.softmax, (X,), softmax),
    Case(
        "Softmax",
        lambda x: tf.nn.softmax(x, axis=0),
        (X,),
        lambda x: softmax(x.T).T,
        run_unknown=False,
    ),
    Case("LogSoftmax", tf.nn.log_softmax, (X,), lambda x: np.log(softmax(x))),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        losses.SoftmaxCrossEntropyWithLogits,
        (X, softmax(G)),
        cross_entropy,
        order=0,
    ),
    Case(  # its rule leaves out how the second output depends on the labels
        "SoftmaxCrossEntropyWithLogits",
        lambda x, labels: losses.SoftmaxCrossEntropyWithLogits(x, labels)[0],
        (X, softmax(G)),
        lambda x, labels: cross_entropy(x, labels)[0],
        order=1,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        lambda x: losses.SoftmaxCrossEntropyWithLogits(x, tf.constant(softmax(G))),
        (X,),
        lambda x: cross_entropy(x, softmax(G)),
    ),
    Case(
        "SparseSoftmaxCrossEntropyWithLogits",
        losses.SparseSoftmaxCrossEntropyWithLogits,
        (X, np.array([2, 0])),
        sparse_cross_entropy,
    ),
    Case("L2Loss", tf.nn.l2_loss, (X,), lambda x: (x * x).sum() / 2),
    Case(
        "Conv2D",
        lambda x, w: tf.nn.conv2d(x, w, [1, 2, 2, 1], "VALID"),
        (IMAGE, FILTER),
        convolved,
    ),
    Case(
        "Conv2D",
        lambda x, w: tf.nn.conv2d(x, w, [1, 2, 2, 1], [[0, 0], [1, 0], [2, 1], [0, 0]]),
        (IMAGE, FILTER),
        order=1,
    ),
    Case(
        "Conv2DBackpropInput",
        lambda w, g: convolution.Conv2DBackpropInput([1, 4, 4, 2], w, g, **WALK),
        (FILTER, SMALL),
        lambda w, g: np.einsum("nhwf,ijcf->nhiwjc", g, w).reshape(1, 4, 4, 2),
    ),
    Case(
        "Conv2DBackpropFilter",
        lambda x, g: convolution.Conv2DBackpropFilter(x, [2, 2, 2, 3], g, **WALK),
        (IMAGE, SMALL),
        lambda x, g: np.einsum("nhiwjc,nhwf->ijcf", padded(x), g),
    ),
    Case(
        "DepthwiseConv2dNative",
        lambda x, w: tf.nn.depthwise_conv2d_native(x, w, [1, 2, 2, 1], "SAME"),
        (IMAGE, FILTER),
        each_convolved,
    ),
    Case(
        "DepthwiseConv2dNativeBackpropInput",
        lambda w, g: depthwise.DepthwiseConv2dNativeBackpropInput([1, 4, 4, 2], w, g, **WALK),
        (FILTER, np.concatenate([SMALL, 2 * SMALL], axis=3)),
        lambda w, g: np.einsum("nhwcm,ijcm->nhiwjc", g.reshape(1, 2, 2, 2, 3), w).reshape(
            1, 4, 4, 2
        ),
    ),
    Case(
        "DepthwiseConv2dNativeBackpropFilter",
        lambda x, g: depthwise.DepthwiseConv2dNativeBackpropFilter(x, [2, 2, 2, 3], g, **WALK),
        (IMAGE, np.concatenate([SMALL, 2 * SMALL], axis=3)),
        lambda x, g: np.einsum("nhiwjc,nhwcm->ijcm", padded(x), g.reshape(1, 2, 2, 2, 3)),
    ),
    Case("MaxPool", lambda x: tf.nn.max_pool(x, 2, 2, "SAME"), (IMAGE,), POOLED),
    Case(
        "MaxPoolGrad",
        lambda g: pooling.MaxPoolGrad(tf.constant(IMAGE), tf.constant(POOLED), g, **POOL),
        (GRAD,),
        lambda g: spread_max(IMAGE, g),
    ),
    Case(
        "MaxPoolGradGrad",
        lambda g: pooling.MaxPoolGradGrad(tf.constant(IMAGE), tf.constant(POOLED), g, **POOL),
        (IMAGE * 3,),
        lambda g: g.reshape(-1)[ARGMAX],
    ),
    Case(
        "MaxPoolWithArgmax",
        lambda x: tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
        (IMAGE,),
        [POOLED, ARGMAX],
        order=1,
    ),
    Case(
        "MaxPoolGradWithArgmax",
        lambda x, g, where: pooling.MaxPoolGradWithArgmax(x, g, where, **POOL),
        (IMAGE, GRAD, ARGMAX),
        lambda x, g, where: spread_max(x, g),
        order=0,
    ),
    Case(
        "AvgPool",
        lambda x: tf.nn.avg_pool(x, 2, 2, "SAME"),
        (IMAGE,),
        lambda x: padded(x).mean(axis=(2, 4)),
    ),
    Case(
        "AvgPoolGrad",
        lambda g: pooling.AvgPoolGrad([1, 4, 4, 2], g, **POOL),
        (GRAD,),
        lambda g: np.repeat(np.repeat(g, 2, axis=1), 2, axis=2) / 4,
    ),
    Case("LRN", lambda x: tf.nn.lrn(x, **LRN), (SMALL.astype(f32),), local_norm),
    Case(
        "LRNGrad",
        lambda x, y: normalization.LRNGrad(tf.ones_like(x), x, y, **LRN),
        (SMALL.astype(f32), local_norm(SMALL).astype(f32)),
    ),
    Case(
        "FusedBatchNormV3",
        lambda x, scale, offset: normalization.FusedBatchNormV3(x, scale, offset, [], [])[:3],
        (IMAGE.astype(f32), VECTOR.astype(f32), SPREAD.astype(f32)),
        batch_norm,
    ),
    Case(
        "FusedBatchNormGradV3",
        lambda g, x, scale, mean, variance: normalization.FusedBatchNormGradV3(
            g, x, scale, mean, variance, tf.constant(0.0), is_training=False
        )[:3],
        tuple(v.astype(f32) for v in (IMAGE * 2, IMAGE, VECTOR, VECTOR / 3, SPREAD)),
        batch_norm_grad,
        rtol=1e-5,
    ),
    Case(
        "TopKV2",
        lambda x: tf.nn.top_k(x, 2),
        (X,),
        [[[2.0, 0.5], [3.5, -0.75]], [[2, 0], [0, 1]]],
    ),
    Case(
        "TopKV2",
        lambda x: ranking.top_k(x, 3),
        (np.array([5, 7, 5, 7], i32),),
        [[7, 7, 5], [1, 3, 0]],
    ),
    Case(
        "InTopKV2",
        lambda x: tf.nn.in_top_k(x, [2, 1], 1),
        (X.astype(f32),),
        [True, False],
    ),
    Case(
        "UniformCandidateSampler",
        sampled(candidates.UniformCandidateSampler, unique=True),
        (),
        [None, np.full((2, 1), 0.4, f32), np.full(4, 0.4, f32)],
        rtol=0.2,
    ),
    Case(
        "LogUniformCandidateSampler",
        sampled(candidates.LogUniformCandidateSampler, unique=False),
        (),
        [None, 4 * np.log([[3 / 2], [4 / 3]]) / np.log(11), None],
    ),
    Case(
        "ComputeAccidentalHits",
        lambda true: tf.nn.compute_accidental_hits(true, tf.constant([2, 7, 1, 2], tf.int64), 2),
        (np.array([[1, 2], [2, 5]]),),
        [[0, 0, 1], [2, 3, 3], np.full(3, np.finfo(f32).min)],
        exact_shape=False,
    ),
    Case(
        "DenseToDenseSetOperation",
        lambda a, b: sets.DenseToDenseSetOperation(a, b, set_operation="a-b"),
        (np.array([[1, 2], [3, 3]], i32), np.array([[2, 4], [5, 6]], i32)),
        [[[0, 0], [1, 0]], [1, 3], [2, 1]],
        exact_shape=False,
    ),
]
