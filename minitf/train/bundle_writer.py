"""Writing a checkpoint's arrays; how its files come into their places stands in bundle_placing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from io import FileIO
from typing import Any

import crc32c
import numpy as np

from minitf import dtypes, errors
from minitf.proto import varint
from minitf.train import bundle, bundle_placing, files, protos
from minitf.train.file_cache import WriteBehind
from minitf.train.table import mask


class BundleWriter:
    """A checkpoint in the making: `add` arrays, then `finish`.

    Nothing can be seen at `prefix` before `finish`. As a context manager it finishes, or
    discards what was written if the block raises. The file system's errors come as TensorFlow's
    exceptions: ResourceExhaustedError on a full disk, PermissionDeniedError, NotFoundError.
    """

    def __init__(self, prefix: str | os.PathLike[str]) -> None:
        self.prefix = os.fspath(prefix)
        self._entries: dict[bytes, Any] = {}
        self._position = 0
        suffix = files.new_suffix()
        self._data_temporary = bundle.data_path(self.prefix) + suffix
        self._index_temporary = bundle.index_path(self.prefix) + suffix
        self._file = self._begin()
        self._behind = WriteBehind(self._file.fileno())

    def __enter__(self) -> BundleWriter:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is not None:
            self.discard()
            return
        try:
            self.finish()
        except BaseException:
            self.discard()
            raise

    def add(self, name: str, array: np.ndarray) -> None:
        """Write one tensor: numbers, truth values, or bytes and str in an object array.

        Raises InvalidArgumentError for a name given twice, an empty one or another dtype.
        """
        self._add(self._new_key(name), np.asarray(array))

    def add_slice(
        self, name: str, shape: Sequence[int], begin: Sequence[int], array: np.ndarray
    ) -> None:
        """Write the part of tensor `name`, of `shape`, that starts at `begin`.

        Raises InvalidArgumentError where the part does not fit, or a part before it said
        otherwise of the whole.
        """
        array = np.asarray(array)
        fits = len(begin) == len(shape) == array.ndim and all(
            0 <= start <= size - length
            for start, length, size in zip(begin, array.shape, shape, strict=True)
        )
        if not fits:
            message = f"{name}: a slice at {list(begin)} of shape {array.shape} is not in {shape}"
            raise errors.InvalidArgumentError(None, None, message)
        if array.shape == tuple(shape):
            self.add(name, array)
            return
        extents = list(zip(begin, array.shape, strict=True))
        part_key = self._new_key(bundle.shown(bundle.slice_key(bundle.key_of(name), extents)))
        self._whole(name, tuple(shape), array).slices.append(_slice_proto(extents))
        self._add(part_key, array)

    def finish(self) -> None:
        """Make the checkpoint appear at `prefix`, in place of the one that may be there."""
        with self._failing():
            os.fsync(self._file.fileno())
            header = protos.BundleHeader(num_shards=1)
            header.version.producer = bundle.FORMAT_VERSION
            with files.locked_folder(self.prefix) as sync:
                index = self._index_temporary
                files.write_synced(index, bundle_placing.index_contents(header, self._entries))
                bundle_placing.replace(self.prefix, [self._data_temporary], index, sync)
            self._file.close()

    def discard(self) -> None:
        """Remove what was written; the checkpoint that was at `prefix` stays."""
        self._file.close()
        files.remove(self._data_temporary)
        bundle_placing.forget(self._index_temporary)

    def _begin(self) -> FileIO:
        """The temporary data file, held as long as this process lives; makes its folder."""
        try:
            with contextlib.suppress(FileExistsError):
                os.mkdir(os.path.dirname(self.prefix) or ".")
            with files.locked_folder(self.prefix):
                files.remove_abandoned(self.prefix)
                file = FileIO(self._data_temporary, "xb")
                files.lock(file.fileno())
                return file
        except OSError as error:
            raise files.file_error(error, self._data_temporary) from error

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.discard()
            raise files.file_error(error, self._data_temporary) from error

    def _new_key(self, name: str) -> bytes:
        if self._file.closed:
            message = f"the writer of {self.prefix} is closed"
            raise errors.FailedPreconditionError(None, None, message)
        key = bundle.key_of(name)
        if not key or key in self._entries:
            what = f"Adding duplicate key: {name}" if key else "A tensor needs a name"
            raise errors.InvalidArgumentError(None, None, what)
        return key

    def _whole(self, name: str, shape: tuple[int, ...], part: np.ndarray) -> Any:
        """The entry of the tensor of which `part` is a slice."""
        whole, key = self._entry(part, shape), bundle.key_of(name)
        known = self._entries.get(key)
        if known is None:
            self._entries[self._new_key(name)] = whole
            return whole
        if (known.dtype, known.shape) != (whole.dtype, whole.shape) or not known.slices:
            message = f"{name}: this slice is of another tensor than the one before"
            raise errors.InvalidArgumentError(None, None, message)
        return known

    def _entry(self, array: np.ndarray, shape: tuple[int, ...]) -> Any:
        try:
            dtype = dtypes.as_dtype(array.dtype.newbyteorder("="))
        except TypeError:
            message = f"No checkpoint holds arrays of dtype {array.dtype}"
            raise errors.InvalidArgumentError(None, None, message) from None
        entry = protos.BundleEntry(dtype=dtype.as_datatype_enum)
        entry.shape.SetInParent()
        for size in shape:
            entry.shape.dim.add(size=size)
        return entry

    def _add(self, key: bytes, array: np.ndarray) -> None:
        entry = self._entry(array, array.shape)
        start, write = self._position, self._write_numbers
        if entry.dtype == dtypes.string.as_datatype_enum:
            write = self._write_strings
        with self._failing():
            crc = write(array)
        if start:
            entry.offset = start
        if self._position > start:
            entry.size = self._position - start
        entry.crc32c = mask(crc)
        self._entries[key] = entry

    def _write_numbers(self, array: np.ndarray) -> int:
        """Write the elements in C order and little-endian; their crc32c."""
        little = array.dtype.newbyteorder("<")
        if array.flags.c_contiguous and array.dtype == little:
            return self._write(array.reshape(-1).view(np.uint8).data, 0)
        crc = 0
        for chunk in np.nditer(
            array,
            ["external_loop", "buffered", "zerosize_ok"],
            order="C",
            op_dtypes=little,
            casting="equiv",
            buffersize=bundle.CHUNK // array.itemsize,
        ):
            crc = self._write(np.ascontiguousarray(chunk).view(np.uint8).data, crc)
        return crc

    def _write_strings(self, array: np.ndarray) -> int:
        """Write the lengths, their checksum and the contents; the crc32c of it all."""
        strings = [_octets(element) for element in array.reshape(-1).tolist()]
        lengths = [len(octets) for octets in strings]
        crc = bundle.crc_of_lengths(lengths)
        checksum = mask(crc).to_bytes(4, "little")
        self._write(memoryview(b"".join(map(varint, lengths)) + checksum), 0)
        crc = crc32c.crc32c(checksum, crc)
        for octets in _joined(strings):
            crc = self._write(memoryview(octets), crc)
        return crc

    def _write(self, octets: memoryview, crc: int) -> int:
        """Append `octets` to the data file; `crc` extended by them."""
        for start in range(0, len(octets), bundle.CHUNK):
            chunk = octets[start : start + bundle.CHUNK]
            crc = crc32c.crc32c(chunk, crc)
            while chunk:
                count = self._file.write(chunk)
                self._position += count
                chunk = chunk[count:]
            self._behind.reached(self._position)
        return crc


def _slice_proto(extents: list[tuple[int, int]]) -> Any:
    part = protos.TensorSlice()
    for start, length in extents:
        part.extent.add(length=length, start=start or None)  # zeros are left out, as in proto3
    return part


def _octets(element: Any) -> bytes:
    if isinstance(element, str):
        return bundle.key_of(element)
    if isinstance(element, bytes):
        return element
    message = f"A tensor of strings holds {type(element).__name__}: only bytes and str can be saved"
    raise errors.InvalidArgumentError(None, None, message)


def _joined(strings: list[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of a sensible size."""
    pieces, size = [], 0
    for octets in strings:
        pieces.append(octets)
        size += len(octets)
        if size >= bundle.CHUNK:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join(pieces)
