"""Sessions for training: they initialize or restore, call hooks, and stop when it is time."""

from __future__ import annotations

import inspect
from typing import Any

from minitf.errors import OutOfRangeError
from minitf.graph import GraphKeys, get_collection, get_default_graph
from minitf.train.coordinator import Coordinator
from minitf.train.queue_runner import start_queue_runners
from minitf.train.saving_hooks import CheckpointSaverHook, StepCounterHook, SummarySaverHook
from minitf.train.scaffold import Scaffold
from minitf.train.session_creators import ChiefSessionCreator, SessionCreator, WorkerSessionCreator
from minitf.train.wrapped_sessions import (
    CoordinatedSession,
    HookedSession,
    RecoverableSession,
    StepContext,
    WrappedSession,
)

USE_DEFAULT = object()


class _CoordinatedCreator(SessionCreator):
    """Makes a session with a coordinator, its queue runners started and its hooks told."""

    def __init__(self, creator: SessionCreator, hooks: list[Any], grace: float) -> None:
        self._creator = creator
        self._hooks = hooks
        self._grace = grace
        self.coord: Coordinator | None = None
        self.tf_sess: Any = None

    def create_session(self) -> CoordinatedSession:
        """A new session."""
        self.tf_sess = self._creator.create_session()
        # The end of the data is the caller's to notice, so it is no clean stop here.
        self.coord = Coordinator(clean_stop_exception_types=())
        if get_collection(GraphKeys.QUEUE_RUNNERS):
            start_queue_runners(sess=self.tf_sess, coord=self.coord)
        for hook in self._hooks:
            hook.after_create_session(self.tf_sess, self.coord)
        return CoordinatedSession(HookedSession(self.tf_sess, self._hooks), self.coord, self._grace)


class BaseMonitoredSession:
    """What MonitoredSession and SingularMonitoredSession share.

    As a context manager it closes at the end of the block, and takes OutOfRangeError and
    StopIteration for a good end.
    """

    StepContext = StepContext

    def __init__(
        self,
        session_creator: SessionCreator | None,
        hooks: Any,
        should_recover: bool,
        stop_grace_period_secs: float,
    ) -> None:
        self._graph_was_finalized = get_default_graph().finalized
        self._hooks = hooks or []
        for hook in self._hooks:
            hook.begin()
        creator = session_creator or ChiefSessionCreator()
        self._creator = _CoordinatedCreator(creator, self._hooks, stop_grace_period_secs)
        self._sess: WrappedSession | None = (
            RecoverableSession(self._creator) if should_recover else self._creator.create_session()
        )

    @property
    def graph(self) -> Any:
        return None if self._tf_sess() is None else self._tf_sess().graph

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """The values of `fetches`, as `Session.run` gives them, with the hooks around the run."""
        return self._open().run(
            fetches, feed_dict=feed_dict, options=options, run_metadata=run_metadata
        )

    def run_step_fn(self, step_fn: Any) -> Any:
        """What `step_fn(step_context)` returns; ValueError for a function of other arguments."""
        names = tuple(inspect.signature(step_fn).parameters)
        if names not in (("step_context",), ("self", "step_context")):
            raise ValueError(
                "`step_fn` may either have one `step_context` argument, or `self` and "
                f"`step_context` arguments if it's an instance method. Got {names} instead."
            )
        return self._open().run_step_fn(step_fn, self._tf_sess(), run_with_hooks=None)

    def should_stop(self) -> bool:
        """Whether the training is to end: a hook or a thread has asked, or it is closed."""
        return self._sess is None or self._sess.should_stop()

    def close(self) -> None:
        """Calls the hooks' `end`, and closes; RuntimeError where that was done."""
        self._close(None)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        if kind in (OutOfRangeError, StopIteration):
            kind = None
        self._close(kind)
        return kind is None

    def _close(self, error_kind: Any) -> None:
        try:
            if error_kind is None:
                for hook in self._hooks:
                    hook.end(self._creator.tf_sess)
        finally:
            try:
                if self._sess is None:
                    raise RuntimeError("Session is already closed.")
                self._sess.close()
            finally:
                self._sess = self._creator.tf_sess = self._creator.coord = None
                if not self._graph_was_finalized:
                    get_default_graph()._unsafe_unfinalize()

    def _open(self) -> Any:
        return self._sess

    def _is_closed(self) -> bool:
        return self._creator.tf_sess is None

    def _tf_sess(self) -> Any:
        return self._creator.tf_sess


class MonitoredSession(BaseMonitoredSession):
    """A session with hooks; where it is lost, another goes on from the last checkpoint."""

    def __init__(
        self,
        session_creator: SessionCreator | None = None,
        hooks: Any = None,
        stop_grace_period_secs: float = 120,
    ) -> None:
        super().__init__(session_creator, hooks, True, stop_grace_period_secs)


class SingularMonitoredSession(BaseMonitoredSession):
    """A session with hooks, and no other where it is lost."""

    def __init__(
        self,
        hooks: Any = None,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: str | None = None,
        stop_grace_period_secs: float = 120,
        checkpoint_filename_with_path: str | None = None,
    ) -> None:
        creator = ChiefSessionCreator(
            scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path
        )
        super().__init__(creator, hooks, False, stop_grace_period_secs)

    def raw_session(self) -> Any:
        """The tf.Session itself."""
        return self._tf_sess()


def MonitoredTrainingSession(
    master: str = "",
    is_chief: bool = True,
    checkpoint_dir: str | None = None,
    scaffold: Scaffold | None = None,
    hooks: Any = None,
    chief_only_hooks: Any = None,
    save_checkpoint_secs: Any = USE_DEFAULT,
    save_summaries_steps: Any = USE_DEFAULT,
    save_summaries_secs: Any = USE_DEFAULT,
    config: Any = None,
    stop_grace_period_secs: float = 120,
    log_step_count_steps: int | None = 100,
    max_wait_secs: float = 7200,
    save_checkpoint_steps: Any = USE_DEFAULT,
    summary_dir: str | None = None,
    save_graph_def: bool = True,
) -> MonitoredSession:
    """A MonitoredSession that keeps checkpoints, summaries and its speed in `checkpoint_dir`.

    By default it saves a checkpoint every 600 seconds and summaries every 100 steps.
    """
    scaffold = scaffold or Scaffold()
    if not is_chief:
        waiting = WorkerSessionCreator(scaffold, master, config, max_wait_secs)
        return MonitoredSession(waiting, hooks or [], stop_grace_period_secs)
    creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    all_hooks = list(chief_only_hooks or ())
    summary_dir = summary_dir or checkpoint_dir
    if summary_dir:
        if _is_set(log_step_count_steps):
            all_hooks.append(StepCounterHook(log_step_count_steps, output_dir=summary_dir))
        steps, secs = _or_default(save_summaries_steps, save_summaries_secs, (100, None))
        if _is_set(steps) or _is_set(secs):
            all_hooks.append(SummarySaverHook(steps, secs, summary_dir, scaffold=scaffold))
    if checkpoint_dir:
        steps, secs = _or_default(save_checkpoint_steps, save_checkpoint_secs, (None, 600))
        if _is_set(steps) or _is_set(secs):
            saving = CheckpointSaverHook(
                checkpoint_dir, secs, steps, scaffold=scaffold, save_graph_def=save_graph_def
            )
            all_hooks.append(saving)
    return MonitoredSession(creator, all_hooks + list(hooks or ()), stop_grace_period_secs)


def _or_default(steps: Any, secs: Any, default: tuple[Any, Any]) -> tuple[Any, Any]:
    """What is given of a pair, or the default pair where neither is."""
    if steps is USE_DEFAULT and secs is USE_DEFAULT:
        return default
    return (None if steps is USE_DEFAULT else steps, None if secs is USE_DEFAULT else secs)


def _is_set(period: Any) -> bool:
    return bool(period and period > 0)
