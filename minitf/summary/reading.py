"""Reading event files back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from minitf.errors import DataLossError
from minitf.train.files import file_error

_HEADER = 12  # a record begins with its length in eight bytes and their checksum in four
_CHECKSUM = 4


def summary_iterator(path: str | os.PathLike[str]) -> Iterator[Any]:
    """The events of a file, one after the other.

    Raises NotFoundError where there is no file, DataLossError where a record is cut off or
    damaged: what stood before it has been given by then. Less than a record's first bytes at the
    end are taken for the end, as TensorFlow does.
    """
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.event_pb2 import Event

    for offset, record in _records(os.fspath(path)):
        try:
            yield Event.FromString(record)
        except DecodeError:
            raise DataLossError(None, None, f"{path}: no event in the record at {offset}") from None


def _records(path: str) -> Iterator[tuple[int, bytes]]:
    """The records of a TFRecord file, with where they begin."""
    try:
        file = open(path, "rb")  # noqa: SIM115 (closed below, when the iterator is)
        size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise file_error(error, path) from None
    with file:
        offset = 0
        while len(header := file.read(_HEADER)) == _HEADER:  # less is not told from the end
            length = int.from_bytes(header[:8], "little")
            _check(path, offset, header[:8], header[8:])
            if offset + _HEADER + length + _CHECKSUM > size:
                raise _cut_off(path, offset)
            record = file.read(length)
            _check(path, offset + _HEADER, record, file.read(_CHECKSUM))
            yield offset, record
            offset += _HEADER + length + _CHECKSUM


def _check(path: str, offset: int, data: bytes, checksum: bytes) -> None:
    import crc32c

    from minitf.train.table import mask

    if mask(crc32c.crc32c(data)) != int.from_bytes(checksum, "little"):
        hint = "" if offset else " (Is this even a TFRecord file?)"
        raise DataLossError(None, None, f"{path}: corrupted record at {offset}{hint}")


def _cut_off(path: str, offset: int) -> DataLossError:
    return DataLossError(None, None, f"{path}: truncated record at {offset}")
