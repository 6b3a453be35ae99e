"""A hook that writes timelines of some runs."""

from __future__ import annotations

import os
from typing import Any

from minitf.messages import logger
from minitf.summary.writer import FileWriterCache
from minitf.timeline import Timeline
from minitf.train import files
from minitf.train.hooks import step_of_graph
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook
from minitf.train.step_timers import SecondOrStepTimer


class ProfilerHook(SessionRunHook):
    """Writes `timeline-STEP.json` every `save_steps` steps or `save_secs` seconds.

    Chrome's trace viewer shows it; TensorBoard gets the run's RunMetadata.
    """

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: str = "",
        show_dataflow: bool = True,
        show_memory: bool = False,
    ) -> None:
        self._output_dir = output_dir
        self._file_writer = FileWriterCache.get(output_dir)
        self._shows = (show_dataflow, show_memory)
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self) -> None:
        """Finds the global step; RuntimeError where there is none."""
        self._next_step: Any = None
        self._global_step_tensor = step_of_graph("ProfilerHook")

    def before_run(self, run_context: Any) -> SessionRunArgs:
        """Asks for the step, and for a trace when one is due: never in the first run."""
        from tensorboard.compat.proto.config_pb2 import RunOptions

        first = self._next_step is None
        self._is_due = not first and self._timer.should_trigger_for_step(self._next_step)
        options = RunOptions(trace_level=RunOptions.FULL_TRACE) if self._is_due else None
        return SessionRunArgs({"global_step": self._global_step_tensor}, options=options)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Writes what came."""
        stale = run_values.results["global_step"]
        if self._next_step is None:
            self._timer.update_last_triggered_step(stale)
        step = stale + 1
        if self._is_due:
            step = run_context.session.run(self._global_step_tensor)
            self._timer.update_last_triggered_step(step)
            path = os.path.join(self._output_dir, f"timeline-{step}.json")
            logger.info("Saving timeline for %d into '%s'.", step, path)
            timeline = Timeline(run_values.run_metadata.step_stats)
            text = timeline.generate_chrome_trace_format(*self._shows)
            files.write_atomically(path, text.encode())
            self._file_writer.add_run_metadata(run_values.run_metadata, f"step_{step}")
        self._next_step = step + 1
