"""An event file: records by TensorBoard's own record writer, which it reads while the file grows.

TensorBoard's event writer would do so on a thread of its own, which takes the interpreter from the
training and ends it where the disk is full. Here events wait in a list instead.
"""

from __future__ import annotations

import itertools
import logging
import os
import socket
import threading
import time
import weakref
from typing import Any

from minitf.train.files import file_error

_log = logging.getLogger("minitf")
_numbers = itertools.count()  # two writers of one second get two files


class EventFile:
    """A new file in `folder`, which is made if need be; it begins with the format's version.

    What is added is written when `most` events wait, when the last time is `flush_secs` ago, by
    `flush` and at the program's end. A disk that is full loses events, as in TensorFlow, and says
    so in the log; the training goes on. Raises TensorFlow's errors where no file can be made.
    """

    def __init__(self, folder: str, most: int, flush_secs: float, suffix: str) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.summary.writer.record_writer import RecordWriter

        place = f"{socket.gethostname()}.{os.getpid()}.{next(_numbers)}{suffix}"
        self.path = os.path.join(folder, f"events.out.tfevents.{int(time.time()):010d}.{place}")
        try:
            os.makedirs(folder, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as error:
            raise file_error(error, folder) from None
        self._pending = _Pending(descriptor, self.path)
        self._records = RecordWriter(self._pending)
        self._most, self._flush_secs = most, flush_secs
        self._lock = threading.Lock()
        self._close = weakref.finalize(self, self._pending.close)
        self._next = time.monotonic() + flush_secs
        self.add(Event(wall_time=time.time(), file_version="brain.Event:2"))
        self.flush()

    def add(self, event: Any) -> None:
        """Takes an Event to be written; an error if the file is closed."""
        octets = event.SerializeToString()
        with self._lock:
            self._records.write(octets)
            now = time.monotonic()
            if now >= self._next or len(self._pending.records) >= self._most:
                self._next = now + self._flush_secs
                self._pending.flush()

    def flush(self) -> None:
        """Writes everything so far: it outlives a kill of the process."""
        with self._lock:
            self._pending.flush()

    def close(self) -> None:
        """Writes what is left and closes the file; once more does nothing."""
        with self._lock:
            self._close()


class _Pending:
    """The records that wait, and the file that they go to."""

    def __init__(self, descriptor: int, path: str) -> None:
        self.records: list[bytes] = []
        self._descriptor, self._path = descriptor, path
        self._size = 0
        self._process = os.getpid()

    def write(self, record: bytes) -> None:
        self.records.append(record)

    def flush(self) -> None:
        octets = memoryview(b"".join(self.records))
        self.records.clear()
        if os.getpid() != self._process:  # a forked child would write its parent's records again
            return
        written = 0
        try:
            while written < len(octets):
                written += os.write(self._descriptor, octets[written:])
        except OSError as error:
            _log.error("%s: events are lost: %s", self._path, error.strerror)
            os.ftruncate(self._descriptor, self._size)  # no half record: more may follow
            os.lseek(self._descriptor, self._size, os.SEEK_SET)
        else:
            self._size += written

    def close(self) -> None:
        self.flush()
        os.close(self._descriptor)
