"""The threads of a Supervisor: summaries, speed and checkpoints, every so many seconds."""

from __future__ import annotations

import time
from typing import Any

from minitf.messages import logger
from minitf.train.coordinator import LooperThread
from minitf.train.training_util import global_step as value_of_step


class SVSummaryThread(LooperThread):
    """Writes the summaries."""

    def __init__(self, sv: Any, sess: Any) -> None:
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv = sv
        self._sess = sess

    def run_loop(self) -> None:
        """Computes them, and writes them at the step that came with them."""
        sv, step = self._sv, None
        if sv.global_step is None:
            summaries = self._sess.run(sv.summary_op)
        else:
            summaries, step = self._sess.run([sv.summary_op, sv.global_step])
        if sv.summary_writer:
            logger.info("Recording summary at step %s.", step)
            sv.summary_writer.add_summary(summaries, step)


class SVStepCounterThread(LooperThread):
    """Writes how many steps a second the training makes."""

    def __init__(self, sv: Any, sess: Any) -> None:
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv = sv
        self._sess = sess
        self._tag = f"{sv.global_step.op.name}/sec"
        self._told = 0

    def start_loop(self) -> None:
        """Counts from now."""
        self._last_time = time.time()
        self._last_step = value_of_step(self._sess, self._sv.global_step)

    def run_loop(self) -> None:
        """Counts the steps since the last time."""
        from tensorboard.compat.proto.summary_pb2 import Summary

        step, now = value_of_step(self._sess, self._sv.global_step), time.time()
        steps, seconds = step - self._last_step, now - self._last_time
        self._last_step, self._last_time = step, now
        speed = steps / seconds if seconds > 0 else float("inf")
        if self._sv.summary_writer:
            value = Summary.Value(tag=self._tag, simple_value=speed)
            self._sv.summary_writer.add_summary(Summary(value=[value]), step)
        if self._told < 10:
            self._told += 1
            logger.info("%s: %g", self._tag, speed)


class SVTimerCheckpointThread(LooperThread):
    """Saves checkpoints."""

    def __init__(self, sv: Any, sess: Any) -> None:
        super().__init__(sv.coord, sv.save_model_secs)
        self._sv = sv
        self._sess = sess

    def run_loop(self) -> None:
        """Saves one, and notes it among the summaries."""
        sv = self._sv
        logger.info("Saving checkpoint to path %s", sv.save_path)
        sv.saver.save(self._sess, sv.save_path, global_step=sv.global_step)
        if sv.summary_writer and sv.global_step is not None:
            from tensorboard.compat.proto.event_pb2 import SessionLog

            saved = SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path=sv.save_path)
            sv.summary_writer.add_session_log(saved, value_of_step(self._sess, sv.global_step))
