"""Files of records: TensorFlow's TFRecord format, and records of one fixed length.

A TFRecord is its length in eight bytes, their checksum in four, the data and its checksum. The
whole file may be compressed.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import Any

from minitf.errors import DataLossError, InternalError, InvalidArgumentError
from minitf.kernels.file_errors import file_error

HEADER = 12
CHECKSUM = 4
_BLOCK = 1 << 18
# What zlib calls a format: a window of 2**15 bytes, and 16 more for gzip's own header.
_WINDOWS = {"ZLIB": 15, "GZIP": 31}


def masked_crc(data: bytes) -> bytes:
    """The checksum of `data` in the form in which it is stored."""
    import crc32c

    crc = crc32c.crc32c(data)
    return ((((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF).to_bytes(4, "little")


def framed(data: bytes) -> bytes:
    """One record, with its length and both checksums."""
    length = len(data).to_bytes(8, "little")
    return length + masked_crc(length) + data + masked_crc(data)


class _Inflated:
    """A compressed file, read as what was compressed."""

    def __init__(self, file: Any, window: int) -> None:
        self._file, self._window = file, window
        self._inflater = zlib.decompressobj(window)
        self._ready = b""

    def read(self, count: int) -> bytes:
        parts, missing = [self._ready], count - len(self._ready)
        while missing > 0 and (data := self._more()):
            parts.append(data)
            missing -= len(data)
        data = b"".join(parts)
        self._ready = data[count:]
        return data[:count]

    def _more(self) -> bytes:
        """What the next blocks hold, nothing at the end of the file."""
        while True:
            rest = b""
            if self._inflater.eof:  # another compressed stream may follow
                rest = self._inflater.unused_data
                self._inflater = zlib.decompressobj(self._window)
            block = rest or self._file.read(_BLOCK)
            if not block:
                return b""
            try:
                data = self._inflater.decompress(block)
            except zlib.error as error:
                reason = str(error).rpartition(": ")[2]
                raise DataLossError(
                    None, None, f"inflate() failed with error -3: {reason}"
                ) from None
            if data:
                return data

    def close(self) -> None:
        self._file.close()


def opened(path: bytes, compression: str) -> Any:
    """A file to read from; TensorFlow's exceptions where it cannot be opened."""
    try:
        file = open(path, "rb")  # noqa: SIM115 (closed by who asked for it)
    except OSError as error:
        raise file_error(OSError(error.errno, error.strerror), os.fsdecode(path)) from None
    window = _WINDOWS.get(compression)
    return file if window is None else _Inflated(file, window)


def tf_records(path: bytes, compression: str = "") -> Iterator[tuple[int, bytes]]:
    """The records of a TFRecord file, with where each begins (in what was compressed).

    Raises NotFoundError, and DataLossError where a record is cut off or damaged; a header that is
    cut off ends the file.
    """
    return _tf_records(opened(path, compression))


def _tf_records(file: Any) -> Iterator[tuple[int, bytes]]:
    try:
        offset = 0
        while len(header := file.read(HEADER)) == HEADER:
            if masked_crc(header[:8]) != header[8:]:
                hint = "" if offset else " (Is this even a TFRecord file?)"
                raise DataLossError(None, None, f"corrupted record at {offset}{hint}")
            yield offset, _data(file, offset, int.from_bytes(header[:8], "little"))
            offset = _end(offset, header)
    finally:
        file.close()


def _end(offset: int, header: bytes) -> int:
    return offset + HEADER + int.from_bytes(header[:8], "little") + CHECKSUM


def _data(file: Any, offset: int, length: int) -> bytes:
    found = file.read(length + CHECKSUM)
    if len(found) < length + CHECKSUM:
        reason = "Read less bytes than requested"
        raise DataLossError(None, None, f"truncated record at {offset}' failed with {reason}")
    if masked_crc(found[:length]) != found[length:]:
        raise DataLossError(None, None, f"corrupted record at {offset + HEADER}")
    return found[:length]


def _content(path: bytes, compression: str) -> bytes:
    file = opened(path, compression)
    parts = []
    try:
        while data := file.read(_BLOCK):
            parts.append(data)
    finally:
        file.close()
    return b"".join(parts)


def hopping_records(
    path: bytes, header: int, record: int, footer: int, hop: int, compression: str
) -> Iterator[bytes]:
    """Records of `record` bytes that begin every `hop` bytes; a rest that is shorter is left."""
    data = _content(path, compression)
    for start in range(header, len(data) - footer - record + 1, hop or record):
        yield data[start : start + record]


def fixed_length_records(
    path: bytes, header: int, record: int, footer: int, compression: str
) -> Iterator[bytes]:
    """Records of `record` bytes between a header and a footer.

    Raises InvalidArgumentError at once where records don't fill a file. A compressed file's size
    shows at its end only: DataLossError after the last record, InternalError where the file is
    shorter than header and footer.
    """
    data = _content(path, compression)
    body = len(data) - header - footer
    misfit = (
        f"Excluding the header ({header} bytes) and footer ({footer} bytes), input file "
        f'"{os.fsdecode(path)}" has body length {body} bytes, which is not an exact multiple '
        f"of the record length ({record} bytes)."
    )
    if compression and body < 0:
        raise InternalError(None, None, "Original message: EOF reached")
    if not compression and body > 0 and body % record:
        raise InvalidArgumentError(None, None, misfit)
    for start in range(header, header + body - record + 1, record):
        yield data[start : start + record]
    if compression and body % record:
        raise DataLossError(None, None, misfit)
