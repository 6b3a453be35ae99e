"""Who watches all sessions: what they open, run and close, and what happens to variables there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class SessionEvent(NamedTuple):
    """Something that a session did.

    `kind` is "run" before a run (with its `fetches`, `feeds` as the user gave them), "ran" after
    it (with its `values`, or the `error` that ended it) or "close".
    """

    kind: str
    session: Any
    fetches: Any = None
    feeds: Any = None
    values: Any = None
    error: BaseException | None = None


observers: list[Callable[[Any], None]] = []


@contextmanager
def observe_sessions(observer: Callable[[Any], None]) -> Iterator[None]:
    """Calls `observer` in the block with each SessionEvent and VariableEvent of every session."""
    observers.append(observer)
    try:
        yield
    finally:
        observers.remove(observer)


def tell(event: Any) -> None:
    """Hands an event to all observers."""
    for observer in tuple(observers):  # which an observer may change
        observer(event)


def observed_run(session: Any, fetches: Any, feeds: Any, run: Callable[[], Any]) -> Any:
    """`run()`, told before and after."""
    tell(SessionEvent("run", session, fetches, feeds))
    try:
        values = run()
    except BaseException as error:
        tell(SessionEvent("ran", session, fetches, feeds, error=error))
        raise
    tell(SessionEvent("ran", session, fetches, feeds, values))
    return values
