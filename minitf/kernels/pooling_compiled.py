"""The compiled half of pooling.py: images start to stop, one window after another."""

import numpy as np

from minitf.kernels.jit import jit


@jit
def max_pool_grad(
    x, grad, total, height, rows, down, _d0, top, _a0, width, columns, across, _d1, left, _a1,
    start, stop,
):  # fmt: skip
    """Add each window's gradient where its first maximum stands."""
    channels = x.shape[3]
    best = np.empty(channels, x.dtype)
    where = np.empty(channels, np.int64)
    for n in range(start, stop):
        flat = total[n].reshape(-1)
        for i in range(grad.shape[1]):
            for j in range(grad.shape[2]):
                best[:] = np.finfo(x.dtype).min
                where[:] = -1
                for r in range(max(0, i * down - top), min(height, i * down - top + rows)):
                    for c in range(
                        max(0, j * across - left), min(width, j * across - left + columns)
                    ):
                        place = (r * width + c) * channels
                        for k in range(channels):
                            better = x[n, r, c, k] > best[k]
                            best[k] = x[n, r, c, k] if better else best[k]
                            where[k] = place + k if better else where[k]
                for k in range(channels):
                    if where[k] >= 0:
                        flat[where[k]] += grad[n, i, j, k]
