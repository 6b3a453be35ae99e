"""Matrix products, on as many threads as pay.

The threads of a BLAS spin while they wait for one another: on a quiet machine that is quick, on a
busy one many times slower than a single thread. So now and then some products in a row, for the
threads have to wake up first, go the other way: whichever took less time goes on.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import numpy as np

from minitf.kernels.threads import blas, parallel

_LARGE = 1 << 18  # multiplications: smaller products stay on one thread anyway
_FIRST_TRIED = 50  # products before the first trial
_TRIED_EVERY = 2000  # products as quick as the best of their shape
_WAKING = 3  # products of a trial that do not count
_TRIES = 30
_HOPELESS = 3.0  # times as long: a trial is broken off
_SMALLEST_SHARED = 1 << 15  # multiplications: the BLAS never shares smaller products out
_SHARED = 1 << 22  # multiplications worth one of our own threads


class _Choice:
    """Whether products use the BLAS's threads, by what products of equal shapes have taken."""

    def __init__(self) -> None:
        self.threads = True
        self._usual: dict[Any, float] = {}  # seconds, the way that goes on
        self._best: dict[Any, float] = {}
        self._before_trial: float = _FIRST_TRIED
        self._tried = 0
        self._took = self._expected = 0.0  # seconds, by the trial and by the usual way

    def __call__(self) -> bool:
        """Which way the next product goes."""
        return self.threads != (self._before_trial <= 0)

    def learn(self, shape: Any, threads: bool, seconds: float) -> None:
        """Takes note of what one product took, more than 0."""
        usual = self._usual.get(shape)
        if threads == self.threads:
            self._usual[shape] = 0.9 * usual + 0.1 * seconds if usual else seconds
            best = self._best[shape] = min(self._best.get(shape, seconds), seconds)
            self._before_trial -= seconds / best  # sooner, where products get slow
            return
        self._tried += 1
        if self._tried > _WAKING and usual:
            self._took += seconds
            self._expected += usual
        hopeless = self._took > _HOPELESS * self._expected
        if self._tried == _WAKING + _TRIES or (self._tried > _WAKING + 1 and hopeless):
            if self._took < 0.9 * self._expected:
                self.threads = not self.threads
                self._usual.clear()
                self._best.clear()
            self._before_trial = _TRIED_EVERY
            self._tried = 0
            self._took = self._expected = 0.0


_choice = _Choice()


def product(x: Any, y: Any) -> Any:
    """The matrix product of two matrices, whose elements may lie in either order."""
    if x.dtype.char not in "fd" or x.ndim != 2 or y.ndim != 2:
        return np.dot(x, y)
    if x.shape[0] * x.shape[1] * y.shape[1] < _LARGE:
        return np.dot(x, y)
    return on_fitting_threads((*x.shape, y.shape[1], x.itemsize), np.dot, x, y)


def on_fitting_threads(work: Hashable, function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns, the BLAS having its threads or one, whichever is quicker.

    Calls with equal `work` take equally long.
    """
    threads = _choice()
    began = time.perf_counter()
    if threads:
        result = function(*arguments)
    else:
        with one_blas_thread():
            result = function(*arguments)
    _choice.learn(work, threads, time.perf_counter() - began)
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
    before = [(library, library.get_num_threads()) for library in blas().lib_controllers]
    for library, _ in before:
        library.set_num_threads(1)
    try:
        yield
    finally:
        for library, count in before:
            library.set_num_threads(count)
