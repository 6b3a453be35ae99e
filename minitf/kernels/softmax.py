"""Softmax, its cross entropies, and the dense layer's bias: each one pass over memory.

Rows are taken a few at a time, so that every step but the first finds them in cache.
"""

from collections.abc import Callable

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.kernels.jit import Hot
from minitf.kernels.threads import parallel

BLOCK = 1 << 17  # numbers in the rows taken at a time
GRAIN = 1 << 17  # numbers worth a thread

_MODULE = "minitf.kernels.softmax_compiled"
_softmax_hot = Hot(_MODULE, "softmax", saves_ns=1)
_log_softmax_hot = Hot(_MODULE, "log_softmax", saves_ns=1)
_cross_entropy_hot = Hot(_MODULE, "cross_entropy", saves_ns=1.5)
_sparse_cross_entropy_hot = Hot(_MODULE, "sparse_cross_entropy", saves_ns=1)


def softmax(x: np.ndarray) -> np.ndarray:
    """exp(x) / sum(exp(x)) along the last axis; float16 is computed in float32."""
    return _along_last(x, _softmax, _softmax_hot)


def log_softmax(x: np.ndarray) -> np.ndarray:
    """x - log(sum(exp(x))) along the last axis; float16 is computed in float32."""
    return _along_last(x, _log_softmax, _log_softmax_hot)


def softmax_cross_entropy(
    features: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """SoftmaxCrossEntropyWithLogits: losses [rows] and their gradient [rows, classes].

    `labels` are probabilities; the two shapes broadcast to two dimensions.
    """
    if features.shape != labels.shape:
        features, labels = _broadcast(features, labels)
    if features.ndim != 2:
        raise InvalidArgumentError(
            None,
            None,
            "logits and labels must be either 2-dimensional, or broadcasted to be 2-dimensional",
        )
    dtype, work = features.dtype, _work_dtype(features.dtype)
    loss = np.empty(len(features), work)
    grad = np.empty(features.shape, work)
    if _can_compile(_cross_entropy_hot, features):
        _compiled(_cross_entropy_hot, features, np.ascontiguousarray(labels), loss, grad)
        return loss, grad

    def work_on(start: int, stop: int) -> None:
        rows, wanted = features[start:stop], labels[start:stop].astype(work, copy=False)
        shifted, exped, total = _exponentials(rows.astype(work, copy=False), grad[start:stop])
        np.subtract(np.log(total), shifted, out=shifted)
        shifted *= wanted
        np.add.reduce(shifted, axis=1, out=loss[start:stop])
        exped /= total
        exped -= wanted

    _in_blocks(work_on, features)
    return loss.astype(dtype, copy=False), grad.astype(dtype, copy=False)


def sparse_softmax_cross_entropy(
    features: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """SparseSoftmaxCrossEntropyWithLogits: losses [rows] and their gradient [rows, classes].

    `labels` are class numbers [rows].
    """
    _check_classes(features, labels)
    dtype, work = features.dtype, _work_dtype(features.dtype)
    loss = np.empty(len(features), work)
    grad = np.empty(features.shape, work)
    if _can_compile(_sparse_cross_entropy_hot, features):
        _compiled(_sparse_cross_entropy_hot, features, np.ascontiguousarray(labels), loss, grad)
        return loss, grad

    def work_on(start: int, stop: int) -> None:
        rows = features[start:stop].astype(work, copy=False)
        shifted, exped, total = _exponentials(rows, grad[start:stop])
        here = np.arange(stop - start), labels[start:stop]
        np.subtract(np.log(total[:, 0]), shifted[here], out=loss[start:stop])
        exped /= total
        exped[here] -= work.type(1)

    _in_blocks(work_on, features)
    return loss.astype(dtype, copy=False), grad.astype(dtype, copy=False)


def bias_add(x: np.ndarray, bias: np.ndarray, data_format: str = "NHWC") -> np.ndarray:
    """BiasAdd: a bias for each channel, the last axis or, in NCHW, the second."""
    _check_bias(x, bias, data_format)
    if data_format == "NCHW":
        bias = bias.reshape(-1, *[1] * (x.ndim - 2))
    return x + bias


def bias_add_grad(grad: np.ndarray, data_format: str = "NHWC") -> np.ndarray:
    """BiasAddGrad: the sum over all axes but the channels'."""
    if data_format == "NCHW":
        return grad.sum(axis=(0, *range(2, grad.ndim)), dtype=grad.dtype)
    rows = grad.reshape(-1, grad.shape[-1])
    if grad.dtype in (np.float32, np.float64):
        return np.ones(len(rows), grad.dtype) @ rows  # several times faster than np.sum
    return rows.sum(axis=0, dtype=grad.dtype)


def bias_relu(x: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Relu(BiasAdd(x, bias)), touching the output once."""
    _check_bias(x, bias, "NHWC")
    out = np.empty(x.shape, x.dtype)

    def work_on(start: int, stop: int) -> None:
        rows = out[start:stop]
        np.add(x[start:stop], bias, out=rows)
        np.maximum(rows, x.dtype.type(0), out=rows)

    _in_blocks(work_on, x)
    return out


def bias_relu_grad(grad: np.ndarray, out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From the gradient of bias_relu's output: those of its x and its bias."""
    back = grad * (out > 0)
    return back, bias_add_grad(back)


def _softmax(rows: np.ndarray, out: np.ndarray) -> None:
    _, exped, total = _exponentials(rows, out)
    exped /= total


def _log_softmax(rows: np.ndarray, out: np.ndarray) -> None:
    np.subtract(rows, np.maximum.reduce(rows, axis=1, keepdims=True), out=out)
    out -= np.log(np.add.reduce(np.exp(out), axis=1, keepdims=True))


def _exponentials(rows: np.ndarray, out: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # No exponent is above 0, so none overflows.
    if rows.shape[1] == 0:
        return rows.copy(), out, np.ones((len(rows), 1), rows.dtype)
    shifted = rows - np.maximum.reduce(rows, axis=1, keepdims=True)
    np.exp(shifted, out=out)
    return shifted, out, np.add.reduce(out, axis=1, keepdims=True)


def _can_compile(hot: Hot, x: np.ndarray) -> bool:
    return x.dtype == np.float32 and x.size > 0 and hot.worth(x.size)


def _compiled(hot: Hot, x: np.ndarray, *arrays: np.ndarray) -> None:
    # NumPy finds the maxima: compiled code may not use SIMD for them, because of NaN.
    x = np.ascontiguousarray(x)

    def stretch(start: int, stop: int) -> None:
        step = max(1, BLOCK * len(x) // x.size)
        for first in range(start, stop, step):
            last = min(first + step, stop)
            top[first:last] = np.maximum.reduce(x[first:last], axis=1)
            hot(x, top, *arrays, first, last)

    top = np.empty(len(x), np.float32)
    with np.errstate(all="ignore"):
        parallel(stretch, len(x), max(1, GRAIN * len(x) // x.size))


def _along_last(
    x: np.ndarray, rule: Callable[[np.ndarray, np.ndarray], None], hot: Hot
) -> np.ndarray:
    if x.ndim == 0:
        raise InvalidArgumentError(None, None, "logits must have >= 1 dimension, got []")
    if x.size == 0:
        return np.empty(x.shape, x.dtype)
    work = _work_dtype(x.dtype)
    rows = np.ascontiguousarray(x, work).reshape(-1, x.shape[-1])
    out = np.empty(rows.shape, work)
    if _can_compile(hot, x):
        _compiled(hot, rows, out)
        return out.reshape(x.shape)
    _in_blocks(lambda start, stop: rule(rows[start:stop], out[start:stop]), rows)
    return out.reshape(x.shape).astype(x.dtype, copy=False)


def _in_blocks(work_on: Callable[[int, int], None], x: np.ndarray) -> None:
    rows = len(x)
    if x.size <= BLOCK:
        with np.errstate(all="ignore"):
            work_on(0, rows)
        return
    step = max(1, BLOCK * rows // x.size)

    def stretch(start: int, stop: int) -> None:
        with np.errstate(all="ignore"):
            for first in range(start, stop, step):
                work_on(first, min(first + step, stop))

    parallel(stretch, rows, max(1, GRAIN * rows // x.size))


def _broadcast(features: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    try:
        features, labels = np.broadcast_arrays(features, labels)
        return features, labels
    except ValueError:
        sizes = [",".join(map(str, array.shape)) for array in (features, labels)]
        raise InvalidArgumentError(
            None,
            None,
            "logits and labels must be broadcastable: "
            f"logits_size=[{sizes[0]}] labels_size=[{sizes[1]}]",
        ) from None


def _check_classes(features: np.ndarray, labels: np.ndarray) -> None:
    shape, classes = _text(features), features.shape[-1]
    message = ""
    if labels.ndim != 1:
        message = f"labels must be 1-D, but got shape {_text(labels)}"
    elif labels.shape != features.shape[:1]:
        message = (
            "logits and labels must have the same first dimension, got logits shape "
            f"{shape} and labels shape {_text(labels)}"
        )
    elif features.size == 0 and classes == 0:
        message = f"Must have at least one class, but got logits shape {shape}"
    elif labels.size and (labels.min() < 0 or labels.max() >= classes):
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        values = " ".join(map(str, labels.tolist()))
        message = (
            f"Received a label value of {wrong} which is outside the valid range of "
            f"[0, {classes}).  Label values: {values}"
        )
    if message:
        raise InvalidArgumentError(None, None, message)


def _check_bias(x: np.ndarray, bias: np.ndarray, data_format: str) -> None:
    if x.ndim < 2:
        raise InvalidArgumentError(None, None, f"Input tensor must be at least 2D: {_text(x)}")
    if bias.ndim != 1:
        raise InvalidArgumentError(None, None, f"Biases must be 1D: {_text(bias)}")
    if len(bias) != x.shape[1 if data_format == "NCHW" else -1]:
        side = "channel" if data_format == "NCHW" else "last"
        raise InvalidArgumentError(
            None,
            None,
            f"Must provide as many biases as the {side} dimension of the input tensor: "
            f"{_text(bias)} vs. {_text(x)}",
        )


def _text(array: np.ndarray) -> str:
    return f"[{','.join(map(str, array.shape))}]"


def _work_dtype(dtype: np.dtype) -> np.dtype:
    return np.dtype(np.float32) if dtype == np.float16 else dtype
