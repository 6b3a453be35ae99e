"""Pooling over windows of images [batch, height, width, channels], and its gradients.

`walk` holds TensorFlow's attributes: `ksize` and `strides` with four numbers each, `padding`,
`explicit_paddings`, `data_format`. Padding never takes part in a maximum or an average.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.kernels.jit import Hot
from minitf.kernels.threads import parallel
from minitf.kernels.windows import Axis, axes, crop, pad, seen_from

_max_pool_grad = Hot("minitf.kernels.pooling_compiled", "max_pool_grad", saves_ns=6)


def max_pool(x: np.ndarray, **walk) -> np.ndarray:
    """MaxPool: the largest number in each window; NaN loses to any number."""
    high, wide = _axes("MaxPooling", x.shape, **walk)
    if walk["ksize"][3] > 1:
        return _max_of_channels(x, walk["ksize"][3])
    out = np.full((len(x), high.steps, wide.steps, x.shape[3]), _lowest(x.dtype), x.dtype)
    padded = pad(x, high, wide, _lowest(x.dtype))
    for row, column in np.ndindex(high.window, wide.window):
        np.fmax(out, seen_from(padded, row, column, high, wide), out=out)
    return out


def max_pool_grad(x: np.ndarray, out: np.ndarray, grad: np.ndarray, **walk) -> np.ndarray:
    """MaxPoolGrad: each window's gradient goes to the first of its largest numbers."""
    high, wide = _axes("MaxPooling", x.shape, **walk)
    if walk["ksize"][3] > 1:
        raise UnimplementedError(
            None, None, "MaxPoolingGrad is not yet supported on the depth dimension."
        )
    if _max_pool_grad.worth(x.size) and x.dtype.kind == "f" and x.dtype.itemsize > 2:
        total = np.zeros(x.shape, x.dtype)
        x, grad = np.ascontiguousarray(x), np.ascontiguousarray(grad)
        parallel(
            lambda start, stop: _max_pool_grad(x, grad, total, *high, *wide, start, stop),
            len(x),
            max(1, (1 << 16) * len(x) // max(1, x.size)),
        )
        return total
    padded = pad(np.zeros(x.shape, x.dtype), high, wide)
    for row, column, winner in _winners(x, high, wide):
        seen = seen_from(padded, row, column, high, wide)
        seen += np.where(winner, grad, grad.dtype.type(0))
    return np.ascontiguousarray(crop(padded, high, wide))


def max_pool_grad_grad(x: np.ndarray, out: np.ndarray, grad: np.ndarray, **walk) -> np.ndarray:
    """MaxPoolGradGrad: from a gradient of x's shape, what stands where each window's maximum is."""
    high, wide = _axes("MaxPooling", x.shape, **walk)
    padded = pad(grad, high, wide)
    total = np.zeros(out.shape, grad.dtype)
    for row, column, winner in _winners(x, high, wide):
        total += np.where(winner, seen_from(padded, row, column, high, wide), total.dtype.type(0))
    return total


def max_pool_with_argmax(
    x: np.ndarray, dtype: np.dtype, include_batch: bool = False, **walk
) -> tuple[np.ndarray, np.ndarray]:
    """MaxPoolWithArgmax: maxima and where each stands in its flattened image (or batch)."""
    high, wide = _axes("MaxPooling", x.shape, **walk)
    positions = np.arange(x.size if include_batch else x[:1].size, dtype=dtype)
    positions = np.broadcast_to(positions.reshape(-1, *x.shape[1:]), x.shape)
    padded = pad(positions, high, wide)
    where = np.zeros((len(x), high.steps, wide.steps, x.shape[3]), dtype)
    for row, column, winner in _winners(x, high, wide):
        np.copyto(where, seen_from(padded, row, column, high, wide), where=winner)
    return max_pool(x, **walk), where


def avg_pool(x: np.ndarray, **walk) -> np.ndarray:
    """AvgPool: the mean of each window's pixels."""
    high, wide = _axes("AvgPooling", x.shape, **walk)
    padded = pad(x, high, wide)
    out = np.zeros((len(x), high.steps, wide.steps, x.shape[3]), _sum_dtype(x.dtype))
    for row, column in np.ndindex(high.window, wide.window):
        out += seen_from(padded, row, column, high, wide)
    out /= _counts(high, wide).astype(out.dtype)
    return out.astype(x.dtype, copy=False)


def avg_pool_grad(input_shape: Sequence[int], grad: np.ndarray, **walk) -> np.ndarray:
    """AvgPoolGrad: each window's gradient, shared evenly by its pixels."""
    shape = [int(size) for size in input_shape]
    high, wide = _axes("AvgPooling", shape, **walk)
    work = _sum_dtype(grad.dtype)
    share = grad / _counts(high, wide).astype(work)
    padded = pad(np.zeros(shape, work), high, wide)
    for row, column in np.ndindex(high.window, wide.window):
        seen = seen_from(padded, row, column, high, wide)
        seen += share
    return np.ascontiguousarray(crop(padded, high, wide).astype(grad.dtype, copy=False))


def lrn(x: np.ndarray, *, depth_radius: int, bias: float, alpha: float, beta: float) -> np.ndarray:
    """LRN: each number over a power of the squares of the channels around it."""
    return (x * _norm(x, depth_radius, bias, alpha) ** x.dtype.type(-beta)).astype(x.dtype)


def lrn_grad(
    grad: np.ndarray,
    x: np.ndarray,
    out: np.ndarray,
    *,
    depth_radius: int,
    bias: float,
    alpha: float,
    beta: float,
) -> np.ndarray:
    """LRNGrad: the gradient of lrn's input."""
    norm = _norm(x, depth_radius, bias, alpha)
    shared = _around(grad * out / norm, depth_radius)
    direct = grad * norm ** x.dtype.type(-beta)
    return (direct - x.dtype.type(2 * alpha * beta) * x * shared).astype(x.dtype)


def _norm(x: np.ndarray, radius: int, bias: float, alpha: float) -> np.ndarray:
    return x.dtype.type(bias) + x.dtype.type(alpha) * _around(x * x, radius)


def _around(x: np.ndarray, radius: int) -> np.ndarray:
    # Sums over channels c - radius to c + radius.
    total = x.copy()
    for step in range(1, min(radius, x.shape[-1] - 1) + 1):
        total[..., step:] += x[..., :-step]
        total[..., :-step] += x[..., step:]
    return total


def _axes(
    op: str,
    shape: Sequence[int],
    *,
    ksize: Sequence[int],
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
) -> tuple[Axis, Axis]:
    if data_format != "NHWC":
        raise InvalidArgumentError(
            None, None, f"Default {op}Op only supports NHWC on device type CPU"
        )
    if ksize[0] != 1 or strides[0] != 1:
        raise UnimplementedError(None, None, "Pooling is not yet supported on the batch dimension.")
    if ksize[3] != 1:
        _check_channels(op, shape[3], ksize, strides)
    return axes(shape[1:3], ksize[1:3], strides, padding, explicit_paddings)


def _check_channels(op: str, depth: int, ksize: Sequence[int], strides: Sequence[int]) -> None:
    message = ""
    if op == "AvgPooling":
        message = "Non-spatial pooling is not yet supported. Volunteers? :)"
    elif ksize[1] != 1 or ksize[2] != 1:
        message = (
            "MaxPooling supports exactly one of pooling across depth or pooling across "
            "width/height."
        )
    elif depth % ksize[3]:
        message = "Depthwise max pooling requires the depth window to evenly divide the input depth"
    elif ksize[3] != strides[3]:
        message = "Depthwise max pooling requires the depth window to equal the depth stride"
    if message:
        raise UnimplementedError(None, None, message)


def _max_of_channels(x: np.ndarray, window: int) -> np.ndarray:
    return np.fmax.reduce(x.reshape(*x.shape[:3], -1, window), axis=-1, initial=_lowest(x.dtype))


def _winners(x: np.ndarray, high: Axis, wide: Axis) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield (row, column, windows whose first maximum is there)."""
    lowest = _lowest(x.dtype)
    padded = pad(x, high, wide, lowest)
    best = np.full((len(x), high.steps, wide.steps, x.shape[3]), lowest, x.dtype)
    for row, column in np.ndindex(high.window, wide.window):
        np.fmax(best, seen_from(padded, row, column, high, wide), out=best)
    open_ = best > lowest
    for row, column in np.ndindex(high.window, wide.window):
        winner = open_ & (seen_from(padded, row, column, high, wide) == best)
        open_ &= ~winner
        yield row, column, winner


def _lowest(dtype: np.dtype) -> float:
    return np.finfo(dtype).min if dtype.kind == "f" else np.iinfo(dtype).min


def _sum_dtype(dtype: np.dtype) -> np.dtype:
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def _counts(high: Axis, wide: Axis) -> np.ndarray:
    """Pixels of the image itself in each window: [oh, ow, 1]."""
    along = []
    for axis in (high, wide):
        start = np.arange(axis.steps) * axis.stride - axis.before
        along.append(np.minimum(start + axis.window, axis.size) - np.maximum(start, 0))
    return (along[0][:, None] * along[1])[..., None]
