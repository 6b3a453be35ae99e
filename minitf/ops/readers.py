"""Readers: records of the files that a queue names, one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError, NotFoundError
from minitf.infer import nothing, scalar
from minitf.kernels.record_files import hopping_records, tf_records
from minitf.op import op
from minitf.shape import SCALAR, unknown_shape

Record = tuple[bytes, bytes]
_SHARED = 'container: string = "", shared_name: string = ""'


class ReaderState:
    """Where a session is in the files, and how far it has come."""

    def __init__(self, records: Callable[[bytes], Iterator[Record]]) -> None:
        self._records = records
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget the current file; the next record is the first of another."""
        self._current: Iterator[Record] | None = None
        self.produced = self.completed = 0

    def next(self, queue: Any) -> Record:
        """The next record, of the next file that the queue has where this one's are read."""
        with self._lock:
            while True:
                record = self._following()
                if record is not None:
                    return record
                self._current = self._records(queue.take(1)[0][0])

    def rest(self) -> Record | None:
        """The current file's next record, None after its last."""
        with self._lock:
            return self._following()

    def _following(self) -> Record | None:
        if self._current is None:
            return None
        record = next(self._current, None)
        if record is None:
            self._current = None
            self.completed += 1
        else:
            self.produced += 1
        return record


def _content(name: bytes) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise NotFoundError(None, None, f"{name.decode()}; No such file or directory") from None


def _reader(op: Any, session: Any, records: Callable[[bytes], Iterator[Record]]) -> Any:
    state = session._op_state.setdefault(op, ReaderState(records))
    return lambda: state


@op
class TextLineReaderV2:
    """Reads lines; a line's key is `file:number`."""

    outputs = "reader_handle: resource"
    attrs = f"skip_header_lines: int = 0, {_SHARED}"
    stateful = True
    infer = scalar

    def bind(op, session):
        skipped = op._attrs["skip_header_lines"]

        def records(name):
            for number, line in enumerate(_content(name).removesuffix(b"\n").split(b"\n"), 1):
                if number > skipped:
                    yield name + b":%d" % number, line.removesuffix(b"\r")

        return _reader(op, session, records)

    gradient = None


@op
class WholeFileReaderV2:
    """Reads whole files; a file's key is its name."""

    outputs = "reader_handle: resource"
    attrs = _SHARED
    stateful = True
    infer = scalar

    def bind(op, session):
        return _reader(op, session, lambda name: iter([(name, _content(name))]))

    gradient = None


@op
class TFRecordReaderV2:
    """Reads TFRecord files; a record's key is `file:offset`."""

    outputs = "reader_handle: resource"
    attrs = f'{_SHARED}, compression_type: string = ""'
    stateful = True
    infer = scalar

    def bind(op, session):
        compression = op._attrs["compression_type"].decode()

        def records(name):
            for offset, record in tf_records(name, compression):
                yield name + b":%d" % offset, record

        return _reader(op, session, records)

    gradient = None


@op
class FixedLengthRecordReaderV2:
    """Reads records of one length; a record's key is `file:number`."""

    outputs = "reader_handle: resource"
    attrs = (
        "header_bytes: int = 0, record_bytes: int, footer_bytes: int = 0, hop_bytes: int = 0, "
        f'{_SHARED}, encoding: string = ""'
    )
    stateful = True
    infer = scalar

    def bind(op, session):
        names = ("header_bytes", "record_bytes", "footer_bytes", "hop_bytes")
        sizes = [op._attrs[name] for name in names]
        encoding = op._attrs["encoding"].decode()

        def records(name):
            found = hopping_records(name, *sizes, encoding)
            yield from ((name + b":%d" % i, record) for i, record in enumerate(found))

        reader = _reader(op, session, records)

        def checked():
            for name, size in zip(names, sizes, strict=True):
                least = 1 if name == "record_bytes" else 0
                if size < least:
                    told = "> 0" if least else ">= 0"
                    raise InvalidArgumentError(None, None, f"{name} must be {told} not {size}")
            return reader()

        return checked

    gradient = None


@op
class IdentityReaderV2:
    """Gives the queue's own strings, as keys and as values."""

    outputs = "reader_handle: resource"
    attrs = _SHARED
    stateful = True
    infer = scalar

    def bind(op, session):
        return _reader(op, session, lambda name: iter([(name, name)]))

    gradient = None


@op
class ReaderReadV2:
    """The next record of a reader that reads the files of a queue."""

    inputs = "reader_handle: resource, queue_handle: resource"
    outputs = "key: string, value: string"
    stateful = True

    def infer(reader_handle, queue_handle):
        return SCALAR, SCALAR

    def kernel(reader_handle, queue_handle):
        return reader_handle.next(queue_handle)

    gradient = None


@op
class ReaderReadUpToV2:
    """The next records, as many as one file still has of them."""

    inputs = "reader_handle: resource, queue_handle: resource, num_records: int64"
    outputs = "keys: string, values: string"
    stateful = True

    def infer(reader_handle, queue_handle, num_records):
        return unknown_shape(1), unknown_shape(1)

    def kernel(reader_handle, queue_handle, num_records):
        records = [reader_handle.next(queue_handle)]
        while len(records) < num_records and (record := reader_handle.rest()) is not None:
            records.append(record)
        return tuple(np.array(column, object) for column in zip(*records, strict=True))

    gradient = None


@op
class ReaderNumRecordsProducedV2:
    """How many records a reader has given."""

    inputs = "reader_handle: resource"
    outputs = "records_produced: int64"
    stateful = True
    infer = scalar

    def kernel(reader_handle):
        return np.int64(reader_handle.produced)

    gradient = None


@op
class ReaderNumWorkUnitsCompletedV2:
    """How many files a reader has read to their ends."""

    inputs = "reader_handle: resource"
    outputs = "units_completed: int64"
    stateful = True
    infer = scalar

    def kernel(reader_handle):
        return np.int64(reader_handle.completed)

    gradient = None


@op
class ReaderResetV2:
    """Puts a reader back to where it began."""

    inputs = "reader_handle: resource"
    stateful = True
    infer = nothing

    def kernel(reader_handle):
        reader_handle.reset()

    gradient = None
