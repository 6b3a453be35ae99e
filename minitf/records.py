"""TFRecord files from Python: written record by record, and read (tf.python_io)."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import Any

from minitf.errors import FailedPreconditionError
from minitf.kernels.file_errors import file_error
from minitf.kernels.record_files import framed, tf_records
from minitf.proto import as_bytes


class TFRecordCompressionType:
    """How a file is compressed."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


class TFRecordOptions:
    """How a file is compressed: "", "ZLIB" or "GZIP", and what zlib is told."""

    compression_type_map = {
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(
        self,
        compression_type: Any = None,
        flush_mode: int | None = None,
        input_buffer_size: int | None = None,
        output_buffer_size: int | None = None,
        window_bits: int | None = None,
        compression_level: int | None = None,
        compression_method: int | None = None,
        mem_level: int | None = None,
        compression_strategy: int | None = None,
    ) -> None:
        """Raises ValueError for another compression."""
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """The compression's name, of options, of a number or of itself."""
        if isinstance(options, TFRecordOptions):
            options = options.compression_type
        if not options:
            return ""
        known = cls.compression_type_map
        if options not in known and options not in known.values():
            raise ValueError(f'Not a valid compression_type: "{options}"')
        return known.get(options, options)

    def _compressor(self) -> Any:
        """What compresses a file, None where nothing does."""
        kind = self.get_compression_type_string(self.compression_type)
        if not kind:
            return None
        window = self.window_bits or 15

        def or_else(value: int | None, default: int) -> int:
            return default if value is None else value

        return zlib.compressobj(
            or_else(self.compression_level, zlib.Z_DEFAULT_COMPRESSION),
            zlib.DEFLATED,
            window + 16 if kind == "GZIP" and window < 16 else window,
            or_else(self.mem_level, 9),
            or_else(self.compression_strategy, zlib.Z_DEFAULT_STRATEGY),
        )


class TFRecordWriter:
    """Writes records into a new file; as a context manager it closes at the end."""

    def __init__(self, path: str | os.PathLike[str], options: Any = None) -> None:
        """`options` are a TFRecordOptions or a compression's name or number.

        Raises ValueError for another compression, NotFoundError where there is no such folder.
        """
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(options)
        self._compressor = options._compressor()
        name = os.fspath(path)
        try:
            self._file: Any = open(name, "wb")  # noqa: SIM115 (closed by `close`)
        except OSError as error:
            raise file_error(error, name) from None

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.close()

    def write(self, record: bytes | str) -> None:
        """One more record; TypeError for what is not bytes or text."""
        if not isinstance(record, (bytes, str)):
            raise TypeError(
                "write(): incompatible function arguments. Expected bytes or str, got "
                f"{type(record).__name__}"
            )
        data = framed(as_bytes(record))
        self._opened().write(self._compressor.compress(data) if self._compressor else data)

    def flush(self) -> None:
        """What was written is in the file, for others to read."""
        file = self._opened()
        if self._compressor:
            file.write(self._compressor.flush(zlib.Z_SYNC_FLUSH))
        file.flush()

    def close(self) -> None:
        """Nothing more can be written."""
        if self._file is not None:
            if self._compressor:
                self._file.write(self._compressor.flush())
            self._file.close()
        self._file = None

    def _opened(self) -> Any:
        if self._file is None:
            raise FailedPreconditionError(None, None, "Writer is closed.")
        return self._file


def tf_record_iterator(path: str | os.PathLike[str], options: Any = None) -> Iterator[bytes]:
    """The records of a file.

    Raises NotFoundError where there is none, DataLossError where a record is cut off or damaged.
    """
    kind = TFRecordOptions.get_compression_type_string(options)
    records = tf_records(os.fsencode(path), kind)  # opened now, read as it is asked for
    return (record for _, record in records)
