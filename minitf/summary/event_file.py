"""An event file: records by TensorBoard's own record writer, which it reads while the file grows.

TensorBoard's EventFileWriter, which is that record writer on a thread, would not do here. For each
event it wakes the thread and opens and closes the file: 36 to 55 microseconds of processor time, on
the same two cores that train, where the way below takes 14. That slows the step of a small MLP with
a summary in each by more than 5%. On a full disk its thread ends, and with it the training, and an
event that says nothing makes it wait for ever. (TensorBoard 2.21, an idle machine.)
"""

from __future__ import annotations

import itertools
import logging
import os
import socket
import threading
import time
import weakref
from functools import cache
from types import FunctionType
from typing import Any

import crc32c

from minitf.train.files import file_error, make_folders
from minitf.train.table import mask

_log = logging.getLogger("minitf")
_numbers = itertools.count()  # two writers of one second get two files


class EventFile:
    """A new file in `folder`, which is made if need be; it begins with the format's version.

    What is added is written when `most` events wait, when the last time is `flush_secs` ago, by
    `flush` and at the program's end. A disk that is full loses events and says so in the log; the
    training goes on, where TensorFlow's would end with a RuntimeError. Raises TensorFlow's errors
    where no file can be made.
    """

    def __init__(self, folder: str, most: int, flush_secs: float, suffix: str) -> None:
        from tensorboard.compat.proto.event_pb2 import Event

        place = f"{socket.gethostname()}.{os.getpid()}.{next(_numbers)}{suffix}"
        self.path = os.path.join(folder, f"events.out.tfevents.{int(time.time()):010d}.{place}")
        make_folders(folder)
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as error:
            raise file_error(error, folder) from None
        self._waiting = _Waiting(descriptor, self.path)
        self._most, self._flush_secs = most, flush_secs
        self._lock = threading.Lock()
        self._close = weakref.finalize(self, self._waiting.close)
        self._next = time.monotonic() + flush_secs
        self.add(Event(wall_time=time.time(), file_version="brain.Event:2").SerializeToString())
        self.flush()

    def add(self, octets: bytes) -> None:
        """Takes an Event's bytes to be written; an error if the file is closed."""
        with self._lock:
            self._waiting.events.append(octets)
            now = time.monotonic()
            if now >= self._next or len(self._waiting.events) >= self._most:
                self._next = now + self._flush_secs
                self._waiting.flush()

    def flush(self) -> None:
        """Writes everything so far: it outlives a kill of the process."""
        with self._lock:
            self._waiting.flush()

    def close(self) -> None:
        """Writes what is left and closes the file; once more does nothing."""
        with self._lock:
            self._close()


class _Waiting:
    """The events that wait, and the file that they go to."""

    def __init__(self, descriptor: int, path: str) -> None:
        self.events: list[bytes] = []
        self._records = _record_writer()(self)
        self._framed: list[bytes] = []
        self._descriptor, self._path = descriptor, path
        self._size = 0
        self._losing = False
        self._process = os.getpid()

    def write(self, record: bytes) -> None:
        """What the record writer calls."""
        self._framed.append(record)

    def flush(self) -> None:
        for event in self.events:  # all at once, when the code for it is in the cache
            self._records.write(event)
        octets = memoryview(b"".join(self._framed))
        self.events.clear()
        self._framed.clear()
        if os.getpid() != self._process:  # a forked child would write its parent's events again
            return
        written = 0
        try:
            while written < len(octets):
                written += os.write(self._descriptor, octets[written:])
        except OSError as error:
            self._lose(error)
        else:
            self._size += written
            self._losing = self._losing and not written

    def _lose(self, error: OSError) -> None:
        if not self._losing:  # once is enough, however many events follow
            _log.error("%s: events are lost: %s", self._path, error.strerror)
        self._losing = True
        os.ftruncate(self._descriptor, self._size)  # no half record: more may follow
        os.lseek(self._descriptor, self._size, os.SEEK_SET)

    def close(self) -> None:
        self.flush()
        os.close(self._descriptor)


@cache
def _record_writer() -> Any:
    """TensorBoard's RecordWriter, its checksums by compiled code: 1 ms for a megabyte, not 150.

    It takes its checksum from its module, so here is its method with another such name in reach.
    """
    from tensorboard.summary.writer import record_writer

    known = vars(record_writer) | {"masked_crc32c": lambda octets: mask(crc32c.crc32c(octets))}
    theirs = record_writer.RecordWriter
    return type("_Records", (theirs,), {"write": FunctionType(theirs.write.__code__, known)})
