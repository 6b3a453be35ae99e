"""What a queue holds in one session: elements that threads put in and take out, waiting in turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from minitf.errors import CancelledError, DeadlineExceededError, OutOfRangeError

_PATIENCE = 0.05  # seconds between looks at whether the session still lives

Element = tuple[Any, ...]


class QueueState:
    """A queue's elements. `pick(size)` is the place of the one to take next.

    While the queue is open, `kept` elements stay in it.
    """

    def __init__(
        self, op: Any, session: Any, kept: int = 0, pick: Callable[[int], int] | None = None
    ) -> None:
        self._label = f"{op.type.removesuffix('V2')} '{op.name}'"
        self._session = session
        self._capacity = op._attrs["capacity"]
        self._kept = kept
        self._pick = pick
        self._elements: list[Element] = []
        self._changed = threading.Condition()
        self.closed = False
        self._cancelled = False
        self._coming = 0  # how many calls of `put` are under way

    def __len__(self) -> int:
        return len(self._elements)

    def put(self, elements: list[Element]) -> None:
        """Puts elements in one after the other, waiting for room; CancelledError once closed."""
        with self._changed:
            if self.closed:
                raise CancelledError(None, None, f"{self._label} is closed.")
            self._coming += 1
            try:
                for element in elements:
                    self._wait(lambda: self._cancelled or self._has_room())
                    if self._cancelled:
                        raise CancelledError(None, None, "Enqueue operation was cancelled")
                    self._elements.append(element)
                    self._changed.notify_all()
            finally:
                self._coming -= 1
                self._changed.notify_all()

    def _has_room(self) -> bool:
        return self._capacity < 0 or len(self._elements) < self._capacity

    def _is_complete(self) -> bool:
        """Whether nothing will come in any more, not even what waits for room."""
        return self.closed and (self._cancelled or not self._coming)

    def take(self, count: int, fewer: bool = False) -> list[Element]:
        """Takes `count` elements out, waiting for them; with `fewer` what a closed queue still has.

        Raises OutOfRangeError where a closed queue has too few, and leaves them in.
        """
        taken: list[Element] = []
        with self._changed:
            try:
                while len(taken) < count:
                    self._wait(lambda: self._is_complete() or len(self._elements) > self._kept)
                    if not self._elements:
                        if fewer and taken:
                            break
                        raise OutOfRangeError(
                            None,
                            None,
                            f"{self._label} is closed and has insufficient elements (requested "
                            f"{count}, current size {len(taken)})",
                        )
                    taken.append(self._next())
                    self._changed.notify_all()
            except BaseException:  # who waits in vain, or is interrupted, takes nothing
                self._elements[:0] = taken
                self._changed.notify_all()
                raise
        return taken

    def _next(self) -> Element:
        if self._pick is None:
            return self._elements.pop(0)
        place = self._pick(len(self._elements))
        last = self._elements.pop()  # which takes the place of the one that goes
        if place == len(self._elements):
            return last
        element, self._elements[place] = self._elements[place], last
        return element

    def close(self, cancel_pending_enqueues: bool) -> None:
        """Lets nothing more in; what waits to come in still may, unless that is cancelled."""
        with self._changed:
            self.closed = True
            self._cancelled = self._cancelled or cancel_pending_enqueues
            self._changed.notify_all()

    def _wait(self, until: Callable[[], bool]) -> None:
        deadline = self._session._deadline()
        while not self._changed.wait_for(until, min(_PATIENCE, deadline - time.monotonic())):
            if time.monotonic() >= deadline:
                raise DeadlineExceededError(None, None, "Timed out waiting for notification")
            if self._session._closed:
                raise CancelledError(None, None, "Session has been closed.")
