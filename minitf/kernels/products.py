"""Matrix products on our own threads.

A BLAS of several threads lets them spin while they wait for one another, which is quick on a quiet
machine and many times slower than a single thread on a busy one. So the BLAS gets one thread, and
large products are shared among those of `threads`, which sleep while they wait.
"""

import contextlib
import functools
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.kernels.threads import limit, parallel

_BLAS_ALONE = 1 << 18  # multiplications: smaller products stay on one thread anyway
_WORTH_A_THREAD = 1 << 23


def product(x: Any, y: Any) -> Any:
    """The matrix product of two matrices, whose elements may lie in either order."""
    if x.dtype.char not in "fd" or x.ndim != 2 or y.ndim != 2:
        return np.dot(x, y)
    (m, k), n = x.shape, y.shape[1]
    work = m * k * n
    if work < _BLAS_ALONE or k != len(y):
        return np.dot(x, y)
    with one_blas_thread():
        if work < 2 * _WORTH_A_THREAD or limit() == 1:
            return np.dot(x, y)
        out = np.empty((m, n), x.dtype)

        def some_rows(start: int, stop: int) -> None:
            np.matmul(x[start:stop], y, out=out[start:stop])

        def some_columns(start: int, stop: int) -> None:
            np.matmul(x, y[:, start:stop], out=out[:, start:stop])

        long, share = (m, some_rows) if m >= n else (n, some_columns)
        parallel(share, long, max(1, long * _WORTH_A_THREAD // work))
    return out


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keeps the BLAS to one thread in the block, where the main thread runs it.

    OpenBLAS takes the number from the main thread only; it holds for all threads.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(library, library.get_num_threads()) for library in _libraries()]
    for library, _ in before:
        library.set_num_threads(1)
    try:
        yield
    finally:
        for library, count in before:
            library.set_num_threads(count)


@functools.cache
def _libraries() -> list[Any]:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas").lib_controllers
