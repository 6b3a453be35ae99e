"""Hooks that watch a training: they log, wait, stop it, feed it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.errors import OutOfRangeError
from minitf.graph import get_default_graph
from minitf.messages import logger
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook
from minitf.train.step_timers import NeverTriggerTimer, SecondOrStepTimer
from minitf.train.training_util import global_step_read


def step_of_graph(hook: str) -> Any:
    """The tensor of the default graph's global step; RuntimeError where it has none."""
    step = global_step_read()
    if step is None:
        raise RuntimeError(f"Global step should be created to use {hook}.")
    return step


class LoggingTensorHook(SessionRunHook):
    """Logs tensors' values, one line every `every_n_iter` runs or `every_n_secs` seconds.

    `tensors` are tensors or names, in a list or a dict by what to call them. With `at_end` the
    last values are logged too. Raises ValueError for settings that contradict each other.
    """

    def __init__(
        self,
        tensors: Any,
        every_n_iter: int | None = None,
        every_n_secs: float | None = None,
        at_end: bool = False,
        formatter: Callable[[dict[Any, Any]], str] | None = None,
    ) -> None:
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError(
                "either at_end and/or exactly one of every_n_iter and every_n_secs must be "
                "provided."
            )
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._tag_order = sorted(tensors) if isinstance(tensors, dict) else tensors
        self._tensors = tensors if isinstance(tensors, dict) else {item: item for item in tensors}
        self._formatter = formatter
        self._timer: Any = NeverTriggerTimer()
        if not only_at_end:
            self._timer = SecondOrStepTimer(every_secs=every_n_secs, every_steps=every_n_iter)
        self._log_at_end = at_end

    def begin(self) -> None:
        """Finds the tensors that are given by name."""
        self._timer.reset()
        self._iter_count = 0
        self._current_tensors = {tag: _element(item) for tag, item in self._tensors.items()}

    def before_run(self, run_context: Any) -> SessionRunArgs | None:
        """Asks for the tensors when they are due."""
        self._should_trigger = self._timer.should_trigger_for_step(self._iter_count)
        return SessionRunArgs(self._current_tensors) if self._should_trigger else None

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Logs them."""
        if self._should_trigger:
            self._log(run_values.results)
        self._iter_count += 1

    def end(self, session: Any) -> None:
        """Logs the last values, if asked to."""
        if self._log_at_end:
            self._log(session.run(self._current_tensors))

    def _log(self, values: dict[Any, Any]) -> None:
        elapsed, _ = self._timer.update_last_triggered_step(self._iter_count)
        with np.printoptions(suppress=True):
            if self._formatter:
                logger.info(self._formatter(values))
                return
            text = ", ".join(f"{tag} = {values[tag]}" for tag in self._tag_order)
            logger.info("%s", text if elapsed is None else f"{text} ({elapsed:.3f} sec)")


def _element(item: Any) -> Any:
    """The graph element that `item` is, or whose name it is; an op's name is its one tensor's."""
    graph = get_default_graph()
    if not isinstance(item, str):
        if getattr(item, "graph", None) is not graph:
            raise ValueError(
                f"Passed {item} should have graph attribute that is equal to current graph {graph}."
            )
        return item
    if ":" in item:
        return graph.as_graph_element(item)
    element = graph.as_graph_element(f"{item}:0")
    if len(element.op.outputs) > 1:
        raise ValueError(
            f"Name {item} is ambiguous, as this `Operation` has multiple outputs (at least 2)."
        )
    return element


class StopAtStepHook(SessionRunHook):
    """Stops a training `num_steps` steps after its start, or when the step is `last_step`.

    Raises ValueError unless exactly one of them is given.
    """

    def __init__(self, num_steps: int | None = None, last_step: int | None = None) -> None:
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps = num_steps
        self._last_step: Any = last_step

    def begin(self) -> None:
        """Finds the global step; RuntimeError where there is none."""
        self._global_step_tensor = step_of_graph("StopAtStepHook")

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Counts from the step at which the session starts."""
        if self._last_step is None:
            self._last_step = session.run(self._global_step_tensor) + self._num_steps

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the step."""
        return SessionRunArgs(self._global_step_tensor)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Asks to stop at the last step."""
        # The step that came along may be the one from before the run: only then look again.
        if run_values.results + 1 >= self._last_step:
            if run_context.session.run(self._global_step_tensor) >= self._last_step:
                run_context.request_stop()


class NanLossDuringTrainingError(RuntimeError):
    """The loss of a training was not a number."""

    def __str__(self) -> str:
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Ends a training whose loss is NaN: by an error, or with a request to stop."""

    def __init__(self, loss_tensor: Any, fail_on_nan_loss: bool = True) -> None:
        self._loss_tensor = loss_tensor
        self._fail_on_nan_loss = fail_on_nan_loss

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the loss."""
        return SessionRunArgs(self._loss_tensor)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Looks at the loss; NanLossDuringTrainingError if it is NaN and that is to fail."""
        if not np.isnan(run_values.results):
            return
        if self._fail_on_nan_loss:
            logger.error("Model diverged with loss = NaN.")
            raise NanLossDuringTrainingError
        logger.warning("Model diverged with loss = NaN.")
        run_context.request_stop()


class GlobalStepWaiterHook(SessionRunHook):
    """Holds the first run back until the global step has been reached by others."""

    def __init__(self, wait_until_step: int) -> None:
        self._wait_until_step = wait_until_step

    def begin(self) -> None:
        """Finds the global step; RuntimeError where there is none."""
        self._worker_is_started = False
        self._global_step_tensor = step_of_graph("_GlobalStepWaiterHook")

    def before_run(self, run_context: Any) -> None:
        """Waits, the first time."""
        if self._worker_is_started:
            return
        if self._wait_until_step > 0:
            logger.info(
                "Waiting for global step %d before starting training.", self._wait_until_step
            )
            while run_context.session.run(self._global_step_tensor) < self._wait_until_step:
                time.sleep(0.5)
        self._worker_is_started = True


class FinalOpsHook(SessionRunHook):
    """Runs `final_ops` when the session ends, and keeps what they gave."""

    def __init__(self, final_ops: Any, final_ops_feed_dict: Any = None) -> None:
        self._final_ops = final_ops
        self._final_ops_feed_dict = final_ops_feed_dict
        self._final_ops_values: Any = None

    @property
    def final_ops_values(self) -> Any:
        return self._final_ops_values

    def end(self, session: Any) -> None:
        """Runs the ops."""
        if self._final_ops is None:
            return
        try:
            self._final_ops_values = session.run(
                self._final_ops, feed_dict=self._final_ops_feed_dict
            )
        except (OutOfRangeError, StopIteration):
            logger.warning(
                "The final ops ask for more data than there are: they should not depend on input."
            )
            raise


class FeedFnHook(SessionRunHook):
    """Feeds each run with what `feed_fn()` returns."""

    def __init__(self, feed_fn: Callable[[], dict[Any, Any]]) -> None:
        self.feed_fn = feed_fn

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for this feed."""
        return SessionRunArgs(fetches=None, feed_dict=self.feed_fn())
