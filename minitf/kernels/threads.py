"""A few threads that share the rows of one big array."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # slow to import, and needed for large arrays only
    from concurrent.futures import Future, ThreadPoolExecutor

_local = threading.local()
_lock = threading.Lock()
_pool: ThreadPoolExecutor | None = None


def _forget_pool() -> None:
    # A forked child has the pool's bookkeeping but none of its threads.
    global _pool, _lock
    _pool, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pool)


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
        with _blas().limit(limits=count) if count else contextlib.nullcontext():
            yield
    finally:
        _local.limit = before


@functools.cache
def _blas() -> Any:
    """The libraries for matrix products that NumPy has loaded."""
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
    pool = _threads(parts - 1)
    futures = [pool.submit(_shared, work, *edges[part : part + 2]) for part in range(1, parts)]
    try:
        _shared(work, edges[0], edges[1])
    finally:
        _settle(futures)
    for future in futures:
        future.result()


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


def _settle(futures: list[Future]) -> None:
    from concurrent.futures import wait

    # Waits again when interrupted: what still runs writes into the caller's arrays.
    try:
        wait(futures)
    except KeyboardInterrupt:
        wait(futures)
        raise


def _threads(count: int) -> ThreadPoolExecutor:
    global _pool
    from concurrent.futures import ThreadPoolExecutor

    with _lock:
        if _pool is None or _pool._max_workers < count:
            _pool = ThreadPoolExecutor(max(count, available()), thread_name_prefix="minitf")
        return _pool
