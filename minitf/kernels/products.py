"""Matrix products, on as many threads as pay.

The threads of a BLAS spin while they wait for one another: on a quiet machine that is quick, on a
busy one many times slower than a single thread. So products begin on one thread, and of each shape
a few try the BLAS's own threads now and then: whichever took less time goes on.
"""

import contextlib
import functools
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.kernels.threads import parallel

_LARGE = 1 << 18  # multiplications: smaller products stay on one thread anyway
_TRIED_EVERY = 500  # products of one shape
_FIRST_TRIED = 10
_TRIES = 3
_HOPELESS = 3.0  # times as long: one try is enough
_MOST_SHAPES = 1000
_SMALLEST_SHARED = 1 << 15  # multiplications: the BLAS never shares smaller products out
_SHARED = 1 << 22  # multiplications worth one of our own threads


class _Choice:
    """Whether products of one shape use the BLAS's threads, by what each way has taken lately."""

    def __init__(self) -> None:
        self.threads = False
        self._calls = 0
        self._used = 0.0  # seconds, the way that goes on
        self._other = 0.0  # the best of the tries of the other way, when it was last tried

    def __call__(self) -> bool:
        """Which way the next product goes."""
        self._calls += 1
        turn = (self._calls - _FIRST_TRIED) % _TRIED_EVERY
        if turn == 0:
            self._other = 0.0
        trying = turn < _TRIES and self._other <= _HOPELESS * self._used
        return self.threads != trying

    def learn(self, threads: bool, seconds: float) -> None:
        """Takes note of what one product took."""
        if threads != self.threads:
            self._other = min(self._other or seconds, seconds)
        else:
            self._used = 0.7 * self._used + 0.3 * seconds if self._used else seconds
            if 0 < self._other < 0.9 * self._used:
                self.threads = not self.threads
                self._used, self._other = self._other, self._used


_choices: dict[tuple[int, ...], _Choice] = {}


def product(x: Any, y: Any) -> Any:
    """The matrix product of two matrices, whose elements may lie in either order."""
    if x.dtype.char not in "fd" or x.ndim != 2 or y.ndim != 2:
        return np.dot(x, y)
    work = x.shape[0] * x.shape[1] * y.shape[1]
    if work < _LARGE:
        return np.dot(x, y)
    shape = (*x.shape, y.shape[1], x.itemsize)
    choice = _choices.get(shape)
    if choice is None:
        if len(_choices) >= _MOST_SHAPES:
            _choices.clear()
        choice = _choices[shape] = _Choice()
    threads = choice()
    began = time.perf_counter()
    with contextlib.nullcontext() if threads else one_blas_thread():
        result = np.dot(x, y)
    choice.learn(threads, time.perf_counter() - began)
    return result


def batch_product(x: Any, y: Any) -> Any:
    """The products of two batches of matrices, [..., m, k] x [..., k, n]; their shapes broadcast.

    Each product stays on one thread: most are small.
    """
    if x.dtype.char not in "fd" or x.shape[-2] * x.shape[-1] * y.shape[-1] < _SMALLEST_SHARED:
        return np.matmul(x, y)
    with one_blas_thread():
        if x.ndim != 3 or y.ndim != 3 or len(x) != len(y) or x.shape[2] != y.shape[1]:
            return np.matmul(x, y)
        out = np.empty((len(x), x.shape[1], y.shape[2]), x.dtype)
        work = x.shape[1] * x.shape[2] * y.shape[2]

        def some(start: int, stop: int) -> None:
            np.matmul(x[start:stop], y[start:stop], out=out[start:stop])

        parallel(some, len(x), max(1, _SHARED // work))
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
