"""Slow, obvious twins of the kernels, written from their definitions."""

import numpy as np


def philox_block(key: int, counter: int) -> list[int]:
    """Philox 4x32-10: ten rounds of two 32 x 32 bit products (Salmon et al., 2011)."""
    x = [counter >> (32 * i) & 0xFFFFFFFF for i in range(4)]
    k = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        high0, low0 = divmod(x[0] * 0xD2511F53, 2**32)
        high1, low1 = divmod(x[2] * 0xCD9E8D57, 2**32)
        x = [high1 ^ x[1] ^ k[0], low1, high0 ^ x[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return x


def conv2d(x, w, stride: int, padding: str, dilation: int = 1):
    """Every output pixel is the sum over its window of pixels times weights."""
    n, height, width, _ = x.shape
    rows, columns, _, filters = w.shape
    (oh, top), (ow, left) = (
        _steps(size, window, stride, padding, dilation)
        for size, window in ((height, rows), (width, columns))
    )
    out = np.zeros((n, oh, ow, filters))
    for b, i, j, r, c in np.ndindex(n, oh, ow, rows, columns):
        y, z = i * stride + r * dilation - top, j * stride + c * dilation - left
        if 0 <= y < height and 0 <= z < width:
            out[b, i, j] += x[b, y, z] @ w[r, c]
    return out


def pool(x, window: int, stride: int, padding: str):
    """The maximum and the mean of every window's pixels."""
    n, height, width, channels = x.shape
    oh, top = _steps(height, window, stride, padding)
    ow, left = _steps(width, window, stride, padding)
    best, mean = np.zeros((n, oh, ow, channels)), np.zeros((n, oh, ow, channels))
    for b, i, j, k in np.ndindex(best.shape):
        y, z = i * stride - top, j * stride - left
        seen = x[b, max(y, 0) : y + window, max(z, 0) : z + window, k]
        best[b, i, j, k], mean[b, i, j, k] = seen.max(), seen.mean()
    return best, mean


def _steps(size, window, stride, padding, dilation=1):
    reach = (window - 1) * dilation + 1
    if padding == "VALID":
        return (size - reach) // stride + 1, 0
    steps = -(-size // stride)
    return steps, max((steps - 1) * stride + reach - size, 0) // 2


def softmax(x):
    """exp(x) / sum(exp(x)) along the last axis, in double precision."""
    exped = np.exp(np.asarray(x, np.float64))
    return exped / exped.sum(axis=-1, keepdims=True)
