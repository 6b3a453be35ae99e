"""How a training gets its session: from a checkpoint, by initializing, or by waiting."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from minitf.errors import DeadlineExceededError, FailedPreconditionError
from minitf.graph import Graph, get_collection, get_default_graph
from minitf.messages import logger
from minitf.runtime.session import Session
from minitf.train.checkpoint_state import get_checkpoint_state


class SessionManager:
    """Makes sessions whose variables have values.

    `ready_op` gives the names of variables that have none, `ready_for_local_init_op` those that
    `local_init_op` needs. Raises ValueError for the latter without a `local_init_op`.
    """

    def __init__(
        self,
        local_init_op: Any = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        graph: Graph | None = None,
        recovery_wait_secs: float = 30,
        local_init_run_options: Any = None,
        local_init_feed_dict: Any = None,
    ) -> None:
        self._local_init_op = local_init_op
        self._ready_op = ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._graph = graph or get_default_graph()
        self._recovery_wait_secs = recovery_wait_secs
        self._local_init_run_options = local_init_run_options
        self._local_init_feed_dict = local_init_feed_dict
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError(
                "If you pass a ready_for_local_init_op you must also pass a local_init_op , "
                f"ready_for_local_init_op [{ready_for_local_init_op}]"
            )

    def prepare_session(
        self,
        master: str,
        init_op: Any = None,
        saver: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
        init_feed_dict: Any = None,
        init_fn: Any = None,
    ) -> Session:
        """A session with the latest checkpoint's values, or else initialized.

        Raises RuntimeError where there is nothing to initialize it by, and where variables are
        left without a value.
        """
        session, loaded = self._restored(
            master,
            saver,
            checkpoint_dir,
            checkpoint_filename_with_path,
            wait_for_checkpoint,
            max_wait_secs,
            config,
        )
        if not loaded:
            if init_op is None and not init_fn and self._local_init_op is None:
                raise RuntimeError(
                    "Model is not initialized and no init_op or init_fn or local_init_op was given"
                )
            if init_op is not None:
                session.run(init_op, feed_dict=init_feed_dict)
            if init_fn:
                init_fn(session)
        given = f"Init op: {_name(init_op)}, init fn: {init_fn}"
        missing = self._local_init(session)
        if missing is not None:
            raise RuntimeError(
                f"Init operations did not make model ready for local_init.  {given}, "
                f"error: {missing}"
            )
        missing = self._missing(session)
        if missing is not None:
            raise RuntimeError(
                f"Init operations did not make model ready.  {given}, local_init_op: "
                f"{self._local_init_op}, error: {missing}"
            )
        return session

    def recover_session(
        self,
        master: str,
        saver: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
    ) -> tuple[Session, bool]:
        """A session, and whether a checkpoint gave all its variables their values."""
        session, loaded = self._restored(
            master,
            saver,
            checkpoint_dir,
            checkpoint_filename_with_path,
            wait_for_checkpoint,
            max_wait_secs,
            config,
        )
        missing = self._local_init(session)
        if not loaded:
            return session, False
        source, ready = checkpoint_dir or checkpoint_filename_with_path, "ready for local init"
        if missing is None:
            missing, ready = self._missing(session), "ready"
        if missing is not None:
            logger.info("Restoring model from %s did not make model %s: %s", source, ready, missing)
            return session, False
        logger.info("Restored model from %s", source)
        return session, True

    def wait_for_session(
        self, master: str, config: Any = None, max_wait_secs: float | None = float("Inf")
    ) -> Session:
        """A session whose variables others have initialized; DeadlineExceededError if none do."""
        wait = float("Inf") if max_wait_secs is None else max_wait_secs
        deadline = time.monotonic() + wait
        while True:
            session = Session(master, graph=self._graph, config=config)
            missing = self._local_init(session)
            if missing is None:
                missing = self._missing(session)
            if missing is None:
                return session
            session.close()
            if max(deadline - time.monotonic(), 0) < self._recovery_wait_secs:
                raise DeadlineExceededError(
                    None, None, f"Session was not ready after waiting {wait:g} secs."
                )
            logger.info("Waiting for model to be ready: %s", missing)
            time.sleep(self._recovery_wait_secs)

    def _restored(
        self,
        master: str,
        saver: Any,
        folder: str | None,
        path: str | None,
        wait: bool,
        max_wait_secs: float,
        config: Any,
    ) -> tuple[Session, bool]:
        """A session, and whether it has a checkpoint's values."""
        session = Session(master, graph=self._graph, config=config)
        if folder and path:
            raise ValueError(
                "Can not provide both checkpoint_dir and checkpoint_filename_with_path."
            )
        if not saver or not (folder or path):
            return session, False
        if path:
            _restore(session, saver, path)
            return session, True
        waited = 0.0
        state = get_checkpoint_state(folder or "")
        while state is None:
            if not wait or waited >= max_wait_secs:
                return session, False
            logger.info("Waiting for checkpoint to be available.")
            time.sleep(self._recovery_wait_secs)
            waited += self._recovery_wait_secs
            state = get_checkpoint_state(folder or "")
        _restore(session, saver, state.model_checkpoint_path)
        saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        return session, True

    def _local_init(self, session: Session) -> str | None:
        """Runs the local initializer; what is missing for that, or None."""
        if self._local_init_op is None:
            return None
        missing = _said_missing(self._ready_for_local_init_op, session)
        if missing is None:
            logger.info("Running local_init_op.")
            session.run(
                self._local_init_op,
                feed_dict=self._local_init_feed_dict,
                options=self._local_init_run_options,
            )
            logger.info("Done running local_init_op.")
        return missing

    def _missing(self, session: Session) -> str | None:
        return _said_missing(self._ready_op, session)


def _restore(session: Session, saver: Any, path: str) -> None:
    initializers = get_collection("saved_model_initializers")
    if initializers:
        session.run(initializers)
    saver.restore(session, path)


def _said_missing(op: Any, session: Session) -> str | None:
    """What `op` says is missing, in words; None where the model is ready."""
    if op is None:
        return None
    try:
        names = session.run(op)
    except FailedPreconditionError as error:
        if "uninitialized" not in str(error):
            logger.warning("Model not ready : error [%s]", error)
            raise
        return str(error)
    # An op that raises if something is missing gives nothing, or a number, if nothing is.
    if names is None or names.dtype == np.int32 or not names.size:
        return None
    return "Variables not initialized: " + ", ".join(name.decode() for name in names)


def _name(item: Any) -> str:
    if item is None:
        return "None"
    return item.name if hasattr(item, "name") else f"<no name for {type(item)}>"
