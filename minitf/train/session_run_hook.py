"""What a hook is: code that goes with every run of a monitored session."""

from __future__ import annotations

from typing import Any, NamedTuple


class SessionRunHook:
    """Code around the runs of a monitored session; subclasses override what they need."""

    def begin(self) -> None:
        """Called once before the session is made: the graph may still be changed."""

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Called when there is a new session: the graph is finalized, the variables have values."""

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Called before each run; what it returns is fetched and fed too."""
        return None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Called after each run with what the hook asked for, unless the run failed."""

    def end(self, session: Any) -> None:
        """Called once when the session ends without an error; it may still run ops."""


class SessionRunArgs(NamedTuple):
    """What a hook adds to a run."""

    fetches: Any
    feed_dict: Any = None
    options: Any = None


class SessionRunValues(NamedTuple):
    """What a hook gets from a run."""

    results: Any
    options: Any
    run_metadata: Any


class SessionRunContext:
    """One run, as its hooks see it; `request_stop` makes it the session's last."""

    def __init__(self, original_args: SessionRunArgs, session: Any) -> None:
        self._original_args = original_args
        self._session = session
        self._stop_requested = False

    @property
    def original_args(self) -> SessionRunArgs:
        return self._original_args

    @property
    def session(self) -> Any:
        return self._session

    @property
    def stop_requested(self) -> bool:
        return self._stop_requested

    def request_stop(self) -> None:
        """Asks the loop around the runs to end: `should_stop()` is true from now on."""
        self._stop_requested = True
