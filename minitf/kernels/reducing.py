"""Reductions of large arrays on several threads."""

from typing import Any

import numpy as np

from minitf.kernels.threads import parallel

_GRAIN = 1 << 19  # elements: fewer are not worth a thread's start
_BLOCK = 1 << 13  # elements of one row's part: the running results then fit in the cache


def reduce_array(ufunc: Any, x: Any, axes: tuple[int, ...], keep_dims: bool) -> Any:
    """`ufunc.reduce(x, axes)` in x's own dtype; leading or trailing axes of large arrays quickly.

    The rows, or the columns, that stay apart are shared among threads; a reduction to one number
    is not, lest its rounding depend on their count.
    """
    if not axes:
        return x.copy()
    if x.size < 2 * _GRAIN or not x.flags.c_contiguous:
        return ufunc.reduce(x, axes, x.dtype, None, keep_dims)
    places = sorted(axis % x.ndim for axis in axes)
    count = len(places)
    if count == x.ndim:
        return ufunc.reduce(x, axes, x.dtype, None, keep_dims)
    kept: Any = [1 if axis in places else size for axis, size in enumerate(x.shape)]
    if places[0] == x.ndim - count:
        rows = x.reshape(-1, int(np.prod(x.shape[-count:])))
        out = np.empty(len(rows), x.dtype)

        def along_rows(start: int, stop: int) -> None:
            ufunc.reduce(rows[start:stop], 1, x.dtype, out[start:stop])

        parallel(along_rows, len(rows), max(1, _GRAIN // rows.shape[1]))
    elif places[-1] == count - 1:
        rows = x.reshape(int(np.prod(x.shape[:count])), -1)
        out = np.empty(rows.shape[1], x.dtype)

        def along_columns(start: int, stop: int) -> None:
            for first in range(start, stop, _BLOCK):
                last = min(first + _BLOCK, stop)
                ufunc.reduce(rows[:, first:last], 0, x.dtype, out[first:last])

        parallel(along_columns, rows.shape[1], max(64, _GRAIN // len(rows)))
    else:
        return ufunc.reduce(x, axes, x.dtype, None, keep_dims)
    return out.reshape(kept if keep_dims else [s for a, s in enumerate(x.shape) if a not in places])
