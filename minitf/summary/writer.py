"""tf.summary.FileWriter: events into a file that TensorBoard follows while it grows."""

from __future__ import annotations

import os
import struct
import sys
import threading
import time
import warnings
from functools import cache
from typing import Any

from minitf.graph import Graph, get_default_graph
from minitf.ops.summary import scalar_tags
from minitf.proto import varint
from minitf.train.files import path_text

_pack = struct.Struct("<d").pack


class FileWriter:
    """Writes events into a new file in `logdir`, which it makes if need be.

    It writes after every `max_queue` events and where the last time is `flush_secs` ago; what is
    flushed outlives a kill of the process. As a context manager it closes at the end.
    A `graph` is written at once. Raises TensorFlow's errors where the folder cannot be written.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        graph: Any = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        graph_def: Any = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        if session is not None:
            raise NotImplementedError("minitf writes events from Python only: leave `session` out")
        self._logdir = os.fspath(logdir)
        self._folder = os.path.abspath(self._logdir)  # the same even if the program goes elsewhere
        self._settings = max_queue, flush_secs, path_text(filename_suffix or "")
        self._run_tags: set[str] = set()
        self._known_tags: set[bytes] = set()
        self._closed = False
        self._open()
        if graph is not None or graph_def is not None:
            self.add_graph(graph=graph, graph_def=graph_def)
            self.add_meta_graph(_meta_graph(graph, graph_def))

    def _open(self) -> None:
        from minitf.summary.event_file import EventFile

        self._file = EventFile(self._folder, *self._settings)

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.close()

    def get_logdir(self) -> str:
        """The folder, as it was given."""
        return self._logdir

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """Writes a Summary, or the bytes of one, as `sess.run` gives them.

        AttributeError for anything else, as a tensor that was not run.
        """
        if type(summary) is bytes and self._add_scalars(summary, global_step):
            return
        Event, Summary = _classes()
        event = Event()
        if isinstance(summary, bytes):
            event.summary.MergeFromString(summary)
        elif isinstance(summary, Summary):
            event.summary.CopyFrom(summary)
        else:
            raise AttributeError(
                f"'{type(summary).__name__}' object has no attribute 'value': a summary is a "
                "Summary, or the bytes of one that `sess.run` gives"
            )
        for value in event.summary.value:
            tag = value.tag.encode()
            if tag in self._known_tags:
                value.ClearField("metadata")  # once for each tag is enough
            self._known_tags.add(tag)
        self._add(event, global_step)

    def _add_scalars(self, summary: bytes, step: Any) -> bool:
        """Writes the event byte by byte if `summary` holds but numbers; False if it does not."""
        tags = scalar_tags(summary)
        step = 0 if step is None else int(step)
        if not tags or not 0 <= step < 1 << 63:
            return False
        self._known_tags.update(tags)
        if self._closed:
            self._is_open()
            return True
        counted = b"\x10" + varint(step) if step else b""
        wall_time = b"\t" + _pack(time.time())
        self._file.add(wall_time + counted + b"*" + varint(len(summary)) + summary)
        return True

    def add_session_log(self, session_log: Any, global_step: Any = None) -> None:
        """Writes a SessionLog: that a training started, stopped or saved a checkpoint."""
        self._add_new(global_step, session_log=session_log)

    def add_graph(self, graph: Any, global_step: Any = None, graph_def: Any = None) -> None:
        """Writes a graph with the shapes of its tensors; TypeError for anything else."""
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        definition = _graph_def(graph if graph is not None else graph_def)
        self._add_new(global_step, graph_def=definition.SerializeToString())

    def add_meta_graph(self, meta_graph_def: Any, global_step: Any = None) -> None:
        """Writes a MetaGraphDef; TypeError for anything else."""
        from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

        if not isinstance(meta_graph_def, MetaGraphDef):
            raise TypeError(
                f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}"
            )
        self._add_new(global_step, meta_graph_def=meta_graph_def.SerializeToString())

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: Any = None) -> None:
        """Writes a run's time and memory for each op; ValueError for a tag used before."""
        from tensorboard.compat.proto.event_pb2 import TaggedRunMetadata

        if tag in self._run_tags:
            raise ValueError("The provided tag was already used for this event type")
        self._run_tags.add(tag)
        tagged = TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add_new(global_step, tagged_run_metadata=tagged)

    def _add_new(self, step: Any, **what: Any) -> None:
        self._add(_classes()[0](**what), step)

    def _add(self, event: Any, step: Any) -> None:
        event.wall_time = time.time()
        if step is not None:
            event.step = int(step)
        self.add_event(event)

    def add_event(self, event: Any) -> None:
        """Writes an Event as it is; TypeError for anything else."""
        if not isinstance(event, _classes()[0]):
            raise TypeError(f"Expected an event_pb2.Event proto, but got {type(event)}")
        if self._is_open():
            self._file.add(event.SerializeToString())

    def _is_open(self) -> bool:
        if self._closed:
            level, frame = 1, sys._getframe()
            while frame.f_back is not None and frame.f_code.co_filename == __file__:
                level, frame = level + 1, frame.f_back
            warnings.warn(
                "Attempting to use a closed FileWriter. The operation will be a noop unless the "
                "FileWriter is explicitly reopened.",
                stacklevel=level,  # the user's own line
            )
        return not self._closed

    def flush(self) -> None:
        """Writes everything so far into the file."""
        if self._is_open():
            self._file.flush()

    def close(self) -> None:
        """Writes what is left and closes the file; once more does nothing."""
        if not self._closed:
            self._closed = True
            self._file.close()

    def reopen(self) -> None:
        """Goes on after `close`, in a new file of the same folder."""
        if self._closed:
            self._open()
            self._closed = False


@cache
def _classes() -> tuple[Any, Any]:
    """The protocol buffers of events and summaries, which are slow to import."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary

    return Event, Summary


def _graph_def(graph: Any) -> Any:
    from tensorboard.compat.proto.graph_pb2 import GraphDef

    if isinstance(graph, Graph):
        return graph.as_graph_def(add_shapes=True)
    if isinstance(graph, GraphDef):
        return graph
    raise TypeError("The passed graph must be an instance of `Graph` or the deprecated `GraphDef`")


def _meta_graph(graph: Any, graph_def: Any) -> Any:
    from minitf.meta_graph import export_meta_graph

    given = graph if graph is not None else graph_def
    return export_meta_graph(graph_def=_graph_def(given))


class FileWriterCache:
    """One FileWriter for each folder, shared by all who ask."""

    _cache: dict[str, FileWriter] = {}
    _lock = threading.RLock()

    @staticmethod
    def clear() -> None:
        """Closes all writers and forgets them."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._cache.values():
                writer.close()
            FileWriterCache._cache = {}

    @staticmethod
    def get(logdir: str) -> FileWriter:
        """The folder's writer; a new one begins with the default graph."""
        with FileWriterCache._lock:
            if logdir not in FileWriterCache._cache:
                FileWriterCache._cache[logdir] = FileWriter(logdir, graph=get_default_graph())
            return FileWriterCache._cache[logdir]
