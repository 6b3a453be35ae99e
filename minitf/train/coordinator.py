"""Threads that work on one thing and stop together."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from minitf.errors import OutOfRangeError

_log = logging.getLogger("minitf")


class Coordinator:
    """Tells several threads when to stop, and the one that waits for them why they did.

    Exceptions of `clean_stop_exception_types` (the end of the data) stop the threads too, but
    are not errors.
    """

    def __init__(self, clean_stop_exception_types: Any = None) -> None:
        if clean_stop_exception_types is None:
            clean_stop_exception_types = (OutOfRangeError,)
        self._clean_stop_exception_types = tuple(clean_stop_exception_types)
        self._lock = threading.Lock()
        self._stop_event = threading.Event()
        self._error: BaseException | None = None
        self._joined = False
        self._registered_threads: set[threading.Thread] = set()

    @property
    def joined(self) -> bool:
        return self._joined

    def should_stop(self) -> bool:
        """Whether the threads are to stop."""
        return self._stop_event.is_set()

    def request_stop(self, ex: Any = None) -> None:
        """Asks the threads to stop; `ex`, an exception or `sys.exc_info()`, is raised by `join`.

        The first one counts. After `join` it is raised at once.
        """
        with self._lock:
            error = self._as_error(ex)
            if self._joined and error is not None:
                raise error
            if not self._stop_event.is_set():
                if error is not None and self._error is None:
                    _log.info("Error reported to Coordinator: %s, %s", type(error), error)
                    self._error = error
                self._stop_event.set()

    def _as_error(self, ex: Any) -> BaseException | None:
        """What to raise for `ex`; None for a clean stop."""
        error = ex[1] if isinstance(ex, tuple) and len(ex) == 3 else ex
        if error is None or isinstance(error, self._clean_stop_exception_types):
            return None
        if isinstance(error, BaseException):
            return error
        message = f"ex must be a tuple or sys.exc_info must return the current exception: {ex}"
        return ValueError(message)

    def clear_stop(self) -> None:
        """Takes back the request to stop, and forgets its reason."""
        with self._lock:
            self._joined = False
            self._error = None
            self._stop_event.clear()

    @contextmanager
    def stop_on_exception(self) -> Iterator[None]:
        """A block whose exceptions become requests to stop."""
        try:
            yield
        except BaseException:
            self.request_stop(sys.exc_info())

    def wait_for_stop(self, timeout: float | None = None) -> bool:
        """Waits until the threads are to stop, at most `timeout` seconds; whether they are."""
        return self._stop_event.wait(timeout)

    def register_thread(self, thread: threading.Thread) -> None:
        """Adds a thread that `join` waits for."""
        with self._lock:
            self._registered_threads.add(thread)

    def join(
        self,
        threads: Any = None,
        stop_grace_period_secs: float = 120,
        ignore_live_threads: bool = False,
    ) -> None:
        """Waits for the threads to end, and raises what stopped them.

        Once they are asked to stop they have `stop_grace_period_secs`; RuntimeError where one
        still runs then, unless `ignore_live_threads`.
        """
        with self._lock:
            waited_for = list(self._registered_threads.union(threads or ()))
        while _alive(waited_for) and not self.wait_for_stop(1.0):
            pass
        deadline = time.monotonic() + stop_grace_period_secs
        for thread in _alive(waited_for):
            thread.join(max(deadline - time.monotonic(), 0))
        stragglers = " ".join(thread.name for thread in _alive(waited_for))
        with self._lock:
            self._joined = True
            self._registered_threads = set()
            if self._error is not None:
                raise self._error
            if stragglers and not ignore_live_threads:
                raise RuntimeError(f"Coordinator stopped with threads still running: {stragglers}")
            if stragglers:
                _log.info("Coordinator stopped with threads still running: %s", stragglers)

    def raise_requested_exception(self) -> None:
        """Raises what `request_stop` was given, if it was given an error."""
        with self._lock:
            if self._error is not None:
                raise self._error


def _alive(threads: list[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threads if thread.is_alive()]


class LooperThread(threading.Thread):
    """A thread that runs something again and again until its coordinator says stop.

    Every `timer_interval_secs` seconds, or without a pause where that is None.
    """

    def __init__(
        self,
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any] | None = None,
        args: Any = None,
        kwargs: Any = None,
    ) -> None:
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        if target is None and (args or kwargs):
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        super().__init__(daemon=True)
        self._coord = coord
        self._interval = timer_interval_secs
        self._work = target
        self._work_args, self._work_kwargs = args or (), kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
    ) -> LooperThread:
        """A looper that runs `target`, started."""
        looper = LooperThread(coord, timer_interval_secs, target, args, kwargs)
        looper.start()
        return looper

    def run(self) -> None:
        """Loops until the coordinator says stop; errors become its request to stop."""
        with self._coord.stop_on_exception():
            self.start_loop()
            due = time.time()
            while not self._stopped(due):
                due += self._interval or 0
                self.run_loop()
            self.stop_loop()

    def _stopped(self, due: float) -> bool:
        if self._interval is None:
            return self._coord.should_stop()
        return self._coord.wait_for_stop(max(due - time.time(), 0))

    def start_loop(self) -> None:
        """Called once before the first round; for subclasses."""

    def stop_loop(self) -> None:
        """Called once after the last round; for subclasses."""

    def run_loop(self) -> None:
        """One round."""
        if self._work is not None:
            self._work(*self._work_args, **self._work_kwargs)
