"""tf.train.Supervisor: a session for training that saves checkpoints and summaries by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from minitf import dtypes, initialization, meta_graph
from minitf.errors import AbortedError
from minitf.graph import (
    Graph,
    GraphKeys,
    add_to_collection,
    get_collection,
    get_default_graph,
)
from minitf.graph_def import write_graph
from minitf.messages import logger
from minitf.ops.control import group
from minitf.summary.making import merge_all
from minitf.summary.writer import FileWriter
from minitf.train.coordinator import Coordinator, LooperThread
from minitf.train.saver import Saver
from minitf.train.session_manager import SessionManager
from minitf.train.supervisor_threads import (
    SVStepCounterThread,
    SVSummaryThread,
    SVTimerCheckpointThread,
)
from minitf.train.training_util import global_step as value_of_step

USE_DEFAULT = 0


class Supervisor:
    """Makes, or finds in the graph's collections, the ops that a training needs around its own.

    It finalizes the graph. `managed_session()` gives a session with a checkpoint's values or else
    initialized, and threads that write into `logdir` every `save_model_secs` and
    `save_summaries_secs` seconds. Raises ValueError where this is not the chief and a variable
    has no device.
    """

    USE_DEFAULT = USE_DEFAULT

    def __init__(
        self,
        graph: Graph | None = None,
        ready_op: Any = USE_DEFAULT,
        ready_for_local_init_op: Any = USE_DEFAULT,
        is_chief: bool = True,
        init_op: Any = USE_DEFAULT,
        init_feed_dict: Any = None,
        local_init_op: Any = USE_DEFAULT,
        logdir: str | None = None,
        summary_op: Any = USE_DEFAULT,
        saver: Any = USE_DEFAULT,
        global_step: Any = USE_DEFAULT,
        save_summaries_secs: float = 120,
        save_model_secs: float = 600,
        recovery_wait_secs: float = 30,
        stop_grace_secs: float = 120,
        checkpoint_basename: str = "model.ckpt",
        session_manager: Any = None,
        summary_writer: Any = USE_DEFAULT,
        init_fn: Callable[[Any], Any] | None = None,
        local_init_run_options: Any = None,
    ) -> None:
        self._graph = graph or get_default_graph()
        with self._graph.as_default():
            keys, found = GraphKeys, _given_or_found
            self.ready_op = found(ready_op, keys.READY_OP, _ready_op)
            self.ready_for_local_init_op = found(
                ready_for_local_init_op, keys.READY_FOR_LOCAL_INIT_OP
            )
            self.init_op = found(init_op, keys.INIT_OP, initialization.global_variables_initializer)
            self._local_init_op = found(local_init_op, keys.LOCAL_INIT_OP, _local_init_op)
            self.saver = found(saver, keys.SAVERS, _saver)
            self.summary_op = found(summary_op, keys.SUMMARY_OP, merge_all)
            self.global_step = found(global_step, keys.GLOBAL_STEP, _global_step)
        self._meta_graph_def = meta_graph.export_meta_graph(
            graph=self._graph, saver_def=self.saver.saver_def if self.saver else None
        )
        self.init_feed_dict = init_feed_dict
        self._init_fn = init_fn
        self.is_chief = is_chief
        self.coord = Coordinator()
        self._stop_grace_secs = stop_grace_secs
        self._graph_added_to_summary = False
        self._logdir = logdir if is_chief else None
        self.save_summaries_secs = save_summaries_secs if is_chief else None
        self.save_model_secs = save_model_secs if is_chief else None
        self.save_path = os.path.join(logdir, checkpoint_basename) if is_chief and logdir else None
        self.summary_writer: Any = None
        if is_chief and summary_writer is not USE_DEFAULT:
            self.summary_writer = summary_writer
        elif self._logdir:
            self.summary_writer = FileWriter(self._logdir)
        self.session_manager = session_manager or SessionManager(
            local_init_op=self._local_init_op,
            ready_op=self.ready_op,
            ready_for_local_init_op=self.ready_for_local_init_op,
            graph=self._graph,
            recovery_wait_secs=recovery_wait_secs,
            local_init_run_options=local_init_run_options,
        )
        self._check_devices()
        self._graph.finalize()

    def _check_devices(self) -> None:
        if self.is_chief:
            return
        for op in self._graph.get_operations():
            if op.type in ("Variable", "VariableV2") and not op.device:
                raise ValueError(
                    f"When using replicas, all Variables must have their device set: {op}"
                )

    # sessions

    @contextmanager
    def managed_session(
        self,
        master: str = "",
        config: Any = None,
        start_standard_services: bool = True,
        close_summary_writer: bool = True,
    ) -> Iterator[Any]:
        """A block with a session; at its end the threads are stopped, and an error is raised.

        The end of the data is no error.
        """
        session = None
        try:
            session = self.prepare_or_wait_for_session(
                master, config, start_standard_services=start_standard_services
            )
            yield session
        except Exception as error:
            self.request_stop(error)
        finally:
            try:
                # The threads stop before the session closes, and what stopped them is raised.
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                if session is not None:
                    session.close()

    def prepare_or_wait_for_session(
        self,
        master: str = "",
        config: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        start_standard_services: bool = True,
    ) -> Any:
        """A session ready for training, with its threads started unless told not to."""
        self.coord.clear_stop()
        if self.summary_writer:
            self.summary_writer.reopen()
        if not self.is_chief:
            session = self.session_manager.wait_for_session(
                master, config=config, max_wait_secs=max_wait_secs
            )
        else:
            session = self.session_manager.prepare_session(
                master,
                init_op=self.init_op,
                saver=self.saver,
                checkpoint_dir=self._logdir,
                wait_for_checkpoint=wait_for_checkpoint,
                max_wait_secs=max_wait_secs,
                config=config,
                init_feed_dict=self.init_feed_dict,
                init_fn=self._init_fn,
            )
            self._write_graph()
            if start_standard_services:
                logger.info("Starting standard services.")
                self.start_standard_services(session)
        if start_standard_services:
            logger.info("Starting queue runners.")
            self.start_queue_runners(session)
        return session

    def _write_graph(self) -> None:
        if self._logdir:
            write_graph(self._graph.as_graph_def(add_shapes=True), self._logdir, "graph.pbtxt")
        if self.summary_writer and not self._graph_added_to_summary:
            self.summary_writer.add_graph(self._graph)
            self.summary_writer.add_meta_graph(self._meta_graph_def)
            self._graph_added_to_summary = True

    # threads

    def start_standard_services(self, sess: Any) -> list[LooperThread] | None:
        """Starts the threads that write summaries, the speed and checkpoints.

        None where there is no `logdir`; RuntimeError where this is not the chief.
        """
        if not self.is_chief:
            raise RuntimeError(
                "Only chief supervisor can start standard services. Because only chief "
                "supervisors can write events."
            )
        if not self._logdir:
            logger.warning("Standard services need a 'logdir' passed to the SessionManager")
            return None
        writer, step = self.summary_writer, self.global_step
        if step is not None and writer:
            from tensorboard.compat.proto.event_pb2 import SessionLog

            start = SessionLog(status=SessionLog.START)
            writer.add_session_log(start, value_of_step(sess, step))
        threads: list[LooperThread] = []
        if self.save_summaries_secs and writer:
            if self.summary_op is not None:
                threads.append(SVSummaryThread(self, sess))
            if step is not None:
                threads.append(SVStepCounterThread(self, sess))
        if self.saver and self.save_model_secs:
            threads.append(SVTimerCheckpointThread(self, sess))
        for thread in threads:
            thread.start()
        return threads

    def start_queue_runners(self, sess: Any, queue_runners: Any = None) -> list[Any]:
        """Starts the threads of the given queue runners, or of the graph's."""
        if queue_runners is None:
            queue_runners = self._graph.get_collection(GraphKeys.QUEUE_RUNNERS)
        return [
            thread
            for runner in queue_runners
            for thread in runner.create_threads(sess, coord=self.coord, daemon=True, start=True)
        ]

    def loop(
        self, timer_interval_secs: float | None, target: Any, args: Any = None, kwargs: Any = None
    ) -> LooperThread:
        """A started thread that calls `target` every so many seconds until the end."""
        return LooperThread.loop(self.coord, timer_interval_secs, target, args, kwargs)

    def stop(
        self,
        threads: Any = None,
        close_summary_writer: bool = True,
        ignore_live_threads: bool = False,
    ) -> None:
        """Stops the threads, waits for them, and raises what they failed by."""
        self.coord.request_stop()
        try:
            self.coord.join(
                threads,
                stop_grace_period_secs=self._stop_grace_secs,
                ignore_live_threads=ignore_live_threads,
            )
        finally:
            if close_summary_writer and self.summary_writer:
                from tensorboard.compat.proto.event_pb2 import SessionLog

                self.summary_writer.add_session_log(SessionLog(status=SessionLog.STOP))
                self.summary_writer.close()
                self._graph_added_to_summary = False

    def request_stop(self, ex: Any = None) -> None:
        """Asks the threads to stop; `ex` is what `stop` raises."""
        self.coord.request_stop(ex)

    def should_stop(self) -> bool:
        """Whether the training is to end."""
        return self.coord.should_stop()

    def stop_on_exception(self) -> Any:
        """A block whose exceptions become requests to stop."""
        return self.coord.stop_on_exception()

    def wait_for_stop(self) -> None:
        """Waits until the threads are asked to stop."""
        self.coord.wait_for_stop()

    def summary_computed(self, sess: Any, summary: Any, global_step: Any = None) -> None:
        """Writes a summary, at the step that is now; RuntimeError without a summary writer."""
        if not self.summary_writer:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self.global_step is not None:
            global_step = value_of_step(sess, self.global_step)
        self.summary_writer.add_summary(summary, global_step)

    PrepareSession = prepare_or_wait_for_session
    StartQueueRunners = start_queue_runners
    StartStandardServices = start_standard_services
    Stop = stop
    RequestStop = request_stop
    Loop = loop
    ShouldStop = should_stop
    StopOnException = stop_on_exception
    WaitForStop = wait_for_stop
    SummaryComputed = summary_computed


def _given_or_found(given: Any, key: str, make: Callable[[], Any] | None = None) -> Any:
    """What is given, or else the first of a collection, or else a new one in it."""
    if given is not USE_DEFAULT:
        return given
    found = get_collection(key)
    if len(found) > 1:
        logger.info("Found %d %s operations. Returning the first one.", len(found), key)
    if found or make is None:
        return found[0] if found else None
    made = make()
    if made is not None:
        add_to_collection(key, made)
    return made


def _ready_op() -> Any:
    return initialization.report_uninitialized_variables()


def _local_init_op() -> Any:
    local = initialization.local_variables_initializer()
    return group(local, initialization.tables_initializer())


def _saver() -> Saver | None:
    return Saver() if initialization.global_variables() else None


def _global_step() -> Any:
    """The tensor named so, if it is one of integers."""
    try:
        step = get_default_graph().get_tensor_by_name("global_step:0")
    except KeyError:
        return None
    if step.dtype.base_dtype in (dtypes.int32, dtypes.int64):
        return step
    logger.warning("Found 'global_step' is not an int type: %s", step.dtype)
    return None


def basic_train_loop(
    supervisor: Supervisor,
    train_step_fn: Callable[..., Any],
    args: Any = None,
    kwargs: Any = None,
    master: str = "",
) -> None:
    """Calls `train_step_fn(session, *args, **kwargs)` until the supervisor says stop.

    AbortedError starts it anew, from the last checkpoint.
    """
    while True:
        try:
            with supervisor.managed_session(master) as session:
                while not supervisor.should_stop():
                    train_step_fn(session, *(args or ()), **(kwargs or {}))
            return
        except AbortedError:
            continue
