"""Threads that keep queues full."""

from __future__ import annotations

import logging
import threading
import weakref
from typing import Any

from minitf.errors import CancelledError, OutOfRangeError
from minitf.graph import add_to_collection, get_collection, get_default_session
from minitf.graph_keys import GraphKeys

_log = logging.getLogger("tensorflow")


class QueueRunner:
    """Runs each of `enqueue_ops` in a thread of its own, again and again, and closes the queue
    when the data are at their end.
    """

    def __init__(
        self,
        queue: Any = None,
        enqueue_ops: Any = None,
        close_op: Any = None,
        cancel_op: Any = None,
        queue_closed_exception_types: Any = None,
        queue_runner_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        """Raises ValueError without a queue or ops, TypeError for no tuple of exceptions.

        NotImplementedError for a `queue_runner_def`: no MetaGraphDef of ours holds any.
        """
        if queue_runner_def is not None:
            raise NotImplementedError("a QueueRunner is made of a queue and its enqueue_ops")
        if queue is None or not enqueue_ops:
            raise ValueError("Must provide queue and enqueue_ops.")
        kinds = queue_closed_exception_types or (OutOfRangeError,)
        if not isinstance(kinds, tuple):
            raise TypeError(
                "queue_closed_exception_types, when provided, must be a tuple of tf.error types"
            )
        self._queue = queue
        self._enqueue_ops = enqueue_ops
        self._close_op = queue.close() if close_op is None else close_op
        self._cancel_op = (
            queue.close(cancel_pending_enqueues=True) if cancel_op is None else cancel_op
        )
        self._ends = kinds
        self._lock = threading.Lock()
        self._running: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._exceptions: list[BaseException] = []

    @property
    def queue(self) -> Any:
        return self._queue

    @property
    def enqueue_ops(self) -> Any:
        return self._enqueue_ops

    @property
    def close_op(self) -> Any:
        return self._close_op

    @property
    def cancel_op(self) -> Any:
        return self._cancel_op

    @property
    def name(self) -> str:
        return self._queue.name

    @property
    def queue_closed_exception_types(self) -> tuple[Any, ...]:
        return self._ends

    @property
    def exceptions_raised(self) -> list[BaseException]:
        return self._exceptions

    def create_threads(
        self, sess: Any, coord: Any = None, daemon: bool = False, start: bool = False
    ) -> list[threading.Thread]:
        """The threads that fill the queue, none where they run already for this session.

        With a coordinator, it hears of their errors, and its stop cancels what waits for room.
        """
        with self._lock:
            if self._running.get(sess):
                return []
            self._running[sess] = len(self._enqueue_ops)
            self._exceptions = []
        threads = [self._thread(op.name, self._run, sess, op, coord) for op in self._enqueue_ops]
        if coord is not None:
            threads.append(self._thread("close_on_stop", self._close_on_stop, sess, coord))
        for thread in threads:
            if coord is not None:
                coord.register_thread(thread)
            thread.daemon = daemon
            if start:
                thread.start()
        return threads

    def _thread(self, work: str, target: Any, *args: Any) -> threading.Thread:
        name = f"QueueRunnerThread-{self.name}-{work}"
        return threading.Thread(target=target, args=args, name=name)

    def _run(self, sess: Any, enqueue_op: Any, coord: Any) -> None:
        try:
            while coord is None or not coord.should_stop():
                try:
                    sess.run(enqueue_op)
                except self._ends:  # the end of the data: the last thread closes the queue
                    break
        except Exception as error:
            if coord is not None:
                coord.request_stop(error)
            elif not isinstance(error, CancelledError):
                _log.error("Exception in QueueRunner: %s", error)
                with self._lock:
                    self._exceptions.append(error)
                raise
        finally:
            with self._lock:
                self._running[sess] -= 1
                is_last = not self._running[sess]
            if is_last and not sess._closed:
                sess.run(self._close_op)

    def _close_on_stop(self, sess: Any, coord: Any) -> None:
        coord.wait_for_stop()
        try:
            sess.run(self._cancel_op)
        except RuntimeError as error:  # the session is closed already
            _log.info("Ignored exception: %s", error)


def add_queue_runner(qr: QueueRunner, collection: str = GraphKeys.QUEUE_RUNNERS) -> None:
    """Adds a runner to those that `start_queue_runners` starts."""
    add_to_collection(collection, qr)


def start_queue_runners(
    sess: Any = None,
    coord: Any = None,
    daemon: bool = True,
    start: bool = True,
    collection: str = GraphKeys.QUEUE_RUNNERS,
) -> list[threading.Thread]:
    """Starts the threads of all runners of the graph; ValueError without a session."""
    if sess is None:
        sess = get_default_session()
        if not sess:
            raise ValueError(
                "Cannot start queue runners: No default session is registered. Use `with "
                "sess.as_default()` or pass an explicit session to "
                "tf.start_queue_runners(sess=sess)"
            )
    if not hasattr(sess, "graph"):
        raise TypeError(f"sess must be a `tf.Session` object. Given class: {type(sess)}")
    with sess.graph.as_default():
        runners = get_collection(collection)
    return [
        thread
        for runner in runners
        for thread in runner.create_threads(sess, coord=coord, daemon=daemon, start=start)
    ]
