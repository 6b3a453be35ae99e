"""A few threads that share the rows of one big array."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

_local = threading.local()


class _Helper:
    """A thread that does one piece of work after another.

    Handing over work and its end takes the standard library's executor twice as long.
    """

    def __init__(self) -> None:
        self._given, self._done = threading.Lock(), threading.Lock()
        self._given.acquire()
        self._done.acquire()
        self._error: BaseException | None = None
        threading.Thread(target=self._serve, name="minitf", daemon=True).start()

    def give(self, work: Callable[[], None]) -> None:
        """Begins with `work`."""
        self._work = work
        self._given.release()

    def settle(self) -> BaseException | None:
        """Waits for the end of the work; returns what it raised."""
        self._done.acquire()
        error, self._error = self._error, None
        return error

    def _serve(self) -> None:
        while True:
            self._given.acquire()
            try:
                self._work()
            except BaseException as error:
                self._error = error
            del self._work  # and the arrays that it holds
            self._done.release()


_idle: list[_Helper] = []
if hasattr(os, "register_at_fork"):  # a forked child has none of the threads
    os.register_at_fork(after_in_child=_idle.clear)


def available() -> int:
    """Threads the environment allows: TF_NUM_INTRAOP_THREADS, OMP_NUM_THREADS or the cores."""
    for name in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"):
        value = os.environ.get(name, "")
        if value.isdigit() and int(value) > 0:
            return int(value)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def limit() -> int:
    """Threads a kernel called from here may use."""
    return getattr(_local, "limit", None) or available()


@contextlib.contextmanager
def limited(count: int) -> Iterator[None]:
    """Let kernels, and NumPy's BLAS, use at most `count` threads inside; 0: as ever."""
    before = getattr(_local, "limit", None)
    _local.limit = count or None
    try:
        with blas().limit(limits=count) if count else contextlib.nullcontext():
            yield
    finally:
        _local.limit = before


def blas() -> Any:
    """The libraries for matrix products that have been loaded: NumPy's, and SciPy's for Numba."""
    return _blas("scipy.linalg.cython_blas" in sys.modules)


@functools.cache
def _blas(scipys: bool) -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def parallel(work: Callable[[int, int], None], total: int, grain: int) -> None:
    """Call `work(start, stop)` over all of range(total), on several threads if it is long enough.

    No thread gets fewer than `grain` items, and work that calls this in turn stays on its thread.
    Returns or raises only when every thread is done, so an interrupted caller never leaves one
    writing.
    """
    parts = max(1, min(limit(), total // max(grain, 1)))
    if parts == 1 or getattr(_local, "shares", False):
        work(0, total)
        return
    edges = [total * part // parts for part in range(parts + 1)]
    shares = [functools.partial(_shared, work, *pair) for pair in itertools.pairwise(edges)]
    errors: list[BaseException | None] = []
    with whole():  # what still runs writes into the caller's arrays
        helpers = [_idle.pop() if _idle else _Helper() for _ in shares[1:]]
        for helper, share in zip(helpers, shares[1:], strict=True):
            helper.give(share)
        try:
            shares[0]()
        finally:
            for helper in helpers:
                errors.append(helper.settle())
                _idle.append(helper)
    for error in errors:
        if error is not None:
            raise error


def _shared(work: Callable[[int, int], None], start: int, stop: int) -> None:
    _local.shares = True
    try:
        work(start, stop)
    finally:
        _local.shares = False


@contextlib.contextmanager
def whole() -> Iterator[None]:
    """Put off an interrupt (Ctrl-C, a stopped cell) until the block is done.

    For changes in place that take several steps: an array is then either old or new.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    interrupts: list[tuple] = []
    signal.signal(signal.SIGINT, lambda *details: interrupts.append(details))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if interrupts:
            before(*interrupts[0])
