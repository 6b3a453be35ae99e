"""Matrix products, on as many threads as pay.

The threads of a BLAS spin while they wait, and for a while after a product: on a quiet machine
that is quick, on a busy one, or beside threads of our own, slower than a single thread, often many
times. So now and then some runs of a plan in a row go the other way: whichever took less time goes
on.
"""

import collections
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.kernels.threads import blas, parallel

_FIRST_TRIED = 12  # runs before the first trial
_TRIED_EVERY = 300  # runs as quick as the best
_WAKING = 2  # runs of a trial that do not count
_TRIES = 6
_HOPELESS = 3.0  # times as long: a trial is broken off
_RECENT = 15  # runs that a trial is compared with
_SMALLEST_SHARED = 1 << 15  # multiplications: the BLAS never shares smaller products out
_SHARED = 1 << 22  # multiplications worth one of our own threads


class ThreadChoice:
    """Calls functions that take equally long, with the BLAS's threads or one, whichever is quicker.

    The BLAS takes the number from the main thread only: other threads call as it is.
    """

    def __init__(self) -> None:
        self.threads = True
        self._recent: collections.deque[float] = collections.deque(maxlen=_RECENT)
        self._best = float("inf")
        self._before_trial: float = _FIRST_TRIED
        self._trial: list[float] = []

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns."""
        if threading.current_thread() is not threading.main_thread():
            return function(*arguments)
        trying = self._before_trial <= 0
        began = time.perf_counter()
        if self.threads != trying:
            result = function(*arguments)
        else:
            with one_blas_thread():
                result = function(*arguments)
        seconds = time.perf_counter() - began
        if trying:
            self._try(seconds)
        else:
            self._recent.append(seconds)
            self._best = min(self._best, seconds)
            self._before_trial -= seconds / self._best  # sooner, where runs get slow
        return result

    def _try(self, seconds: float) -> None:
        self._trial.append(seconds)
        counted = self._trial[_WAKING:]
        usual = np.median(self._recent)
        hopeless = len(counted) > 1 and min(counted) > _HOPELESS * usual
        if len(counted) < _TRIES and not hopeless:
            return
        if np.median(counted) < 0.9 * usual:
            self.threads = not self.threads
            self._recent.clear()
            self._best = float("inf")
        self._before_trial = _TRIED_EVERY
        self._trial = []


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
