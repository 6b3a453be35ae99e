"""The layers around the session of a monitored training: each adds one thing to `run`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.errors import AbortedError, UnavailableError
from minitf.messages import logger
from minitf.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunValues

# What is raised when a machine goes away; then a new session goes on from the last checkpoint.
LOST = (AbortedError, UnavailableError)


class StepContext:
    """What `run_step_fn` gives its function: the bare session, and `run` with the hooks."""

    def __init__(self, session: Any, run_with_hooks_fn: Callable[..., Any]) -> None:
        self._session = session
        self._run_with_hooks_fn = run_with_hooks_fn

    @property
    def session(self) -> Any:
        return self._session

    def run_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
        """Runs as the monitored session does."""
        return self._run_with_hooks_fn(*args, **kwargs)

    def request_stop(self) -> None:
        """Ends the training by a StopIteration, which the session's block takes for a good end."""
        raise StopIteration("step_fn has requested the iterations to stop.")


class WrappedSession:
    """A session and whether its loop should stop; None takes its place once it is closed."""

    def __init__(self, sess: Any) -> None:
        self._sess = sess

    @property
    def graph(self) -> Any:
        return self._sess.graph

    @property
    def sess_str(self) -> Any:
        return self._sess.sess_str

    def should_stop(self) -> bool:
        """Whether this layer, or one below, wants to stop."""
        if self.wants_stop() or self._sess is None:
            return True
        return isinstance(self._sess, WrappedSession) and self._sess.should_stop()

    def wants_stop(self) -> bool:
        """Whether this layer wants to stop."""
        return False

    def close(self) -> None:
        """Closes the session below."""
        if self._sess is not None:
            try:
                self._sess.close()
            except LOST as error:
                logger.error("The session was lost while it was being closed: %s", error)
            finally:
                self._sess = None

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs in the session below."""
        return self._sess.run(*args, **kwargs)

    def run_step_fn(
        self, step_fn: Any, raw_session: Any, run_with_hooks: Callable[..., Any] | None
    ) -> Any:
        """Calls `step_fn` with a StepContext."""
        return step_fn(StepContext(raw_session, run_with_hooks or self.run))


class RecoverableSession(WrappedSession):
    """A session that is made anew whenever it is lost."""

    def __init__(self, sess_creator: Any) -> None:
        self._sess_creator = sess_creator
        super().__init__(self._created())

    def _created(self) -> Any:
        while True:
            try:
                return self._sess_creator.create_session()
            except LOST as error:
                logger.info("The session was lost while it was being made: another. %s", error)

    def wants_stop(self) -> bool:
        """Whether the layer below wants to stop; a loss is mended, any other error stops."""
        if self._sess is None:
            return True
        try:
            return self._sess.wants_stop()
        except LOST as error:
            logger.info("The session was lost: another. %s", error)
            self.close()
            self._sess = self._created()
            return False
        except Exception:  # the next run raises it
            return True

    def _again(self, work: Callable[[Any], Any]) -> Any:
        """`work` in the session, as often as it gets lost."""
        while True:
            try:
                if self._sess is None:
                    self._sess = self._created()
                return work(self._sess)
            except LOST as error:
                logger.info("The session was lost: another. %s", error)
                self.close()

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs in the session, in a new one where it is lost."""
        return self._again(lambda session: session.run(*args, **kwargs))

    def run_step_fn(self, step_fn: Any, raw_session: Any, run_with_hooks: Any) -> Any:
        """Calls `step_fn`, again where the session is lost meanwhile."""
        return self._again(lambda session: session.run_step_fn(step_fn, raw_session, session.run))


class CoordinatedSession(WrappedSession):
    """A session whose threads stop with it, and whose errors are those of its threads."""

    def __init__(self, sess: Any, coord: Any, stop_grace_period_secs: float = 120) -> None:
        super().__init__(sess)
        self._coord = coord
        self._stop_grace_period_secs = stop_grace_period_secs

    def wants_stop(self) -> bool:
        """Whether the coordinator wants to stop; raises what it was told."""
        self._coord.raise_requested_exception()
        return self._coord.should_stop()

    def close(self) -> None:
        """Stops the threads, and closes the session."""
        self._coord.request_stop()
        try:
            self._coord.join(
                stop_grace_period_secs=self._stop_grace_period_secs, ignore_live_threads=True
            )
        finally:
            super().close()

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs; a loss that a thread has met counts more than the error that it led to here."""
        try:
            return self._sess.run(*args, **kwargs)
        except LOST:
            raise
        except Exception as error:
            try:
                self._coord.raise_requested_exception()
            except LOST:
                raise
            except Exception:
                raise error from None
            raise


class HookedSession(WrappedSession):
    """A session with hooks around each run."""

    def __init__(self, sess: Any, hooks: list[Any]) -> None:
        super().__init__(sess)
        self._hooks = hooks
        self._should_stop = False

    def wants_stop(self) -> bool:
        """Whether a hook has asked to stop."""
        return self._should_stop

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Runs with what the hooks fetch and feed; RuntimeError once a stop was asked for."""
        from tensorboard.compat.proto.config_pb2 import RunMetadata, RunOptions

        if self.should_stop():
            raise RuntimeError("Run called even after should_stop requested.")
        wanted = {"caller": fetches}
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self._sess)
        options = options or RunOptions()
        feeds = self._before_run(context, wanted, feed_dict, options)
        run_metadata = run_metadata or RunMetadata()
        outputs = super().run(wanted, feed_dict=feeds, options=options, run_metadata=run_metadata)
        for hook in self._hooks:
            values = SessionRunValues(outputs.get(hook), options, run_metadata)
            hook.after_run(context, values)
        self._should_stop = self._should_stop or context.stop_requested
        return outputs["caller"]

    def _before_run(self, context: Any, wanted: Any, user_feeds: Any, options: Any) -> Any:
        """Adds to the fetches what the hooks ask for; gives all that is fed."""
        hook_feeds: dict[Any, Any] = {}
        for hook in self._hooks:
            request = hook.before_run(context)
            if request is None:
                continue
            if request.fetches is not None:
                wanted[hook] = request.fetches
            if request.feed_dict:
                _raise_if_both(hook_feeds, request.feed_dict, "Same tensor is fed by two hooks.")
                hook_feeds.update(request.feed_dict)
            if request.options:
                _merge(options, request.options)
        if not hook_feeds:
            return user_feeds
        both = "Same tensor is fed by a SessionRunHook and user."
        _raise_if_both(user_feeds or {}, hook_feeds, both)
        return {**hook_feeds, **(user_feeds or {})}


def _raise_if_both(feeds: Any, others: Any, message: str) -> None:
    shared = list(set(feeds) & set(others))
    if shared:
        raise RuntimeError(f"{message} Conflict(s): {shared}")


def _merge(options: Any, others: Any) -> None:
    """The higher of each two settings."""
    for field in (
        *("trace_level", "timeout_in_ms", "inter_op_thread_pool"),
        *("output_partition_graphs", "report_tensor_allocations_upon_oom"),
    ):
        setattr(options, field, max(getattr(options, field), getattr(others, field)))
    watched, reset = options.debug_options, others.debug_options.reset_disk_byte_usage
    watched.debug_tensor_watch_opts.extend(others.debug_options.debug_tensor_watch_opts)
    watched.reset_disk_byte_usage = watched.reset_disk_byte_usage or reset
