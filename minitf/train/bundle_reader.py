"""Reading a checkpoint's arrays, trusting nothing in its files."""

from __future__ import annotations

import contextlib
import difflib
import math
import os
import threading
from collections.abc import Sequence
from io import FileIO
from typing import Any

import crc32c
import numpy as np

from minitf import dtypes, errors
from minitf.runtime.memory import on_small_pages
from minitf.train import bundle, files
from minitf.train.file_cache import ReadBehind, is_cached
from minitf.train.table import Damaged, mask, read_varint

_ATTEMPTS = 10  # to find index and data files that belong together while another saves


class BundleReader:
    """The tensors of the checkpoint `prefix`, as arrays.

    All files are opened at once, so a save that replaces the checkpoint later does not disturb.
    Raises NotFoundError where there is no such checkpoint and DataLossError, naming file and
    tensor, where what is there is damaged; `read` does so for the tensor's own bytes.
    """

    def __init__(self, prefix: str | os.PathLike[str]) -> None:
        self.prefix = files.path_text(prefix)
        self._lock = threading.Lock()
        self._shards: dict[int, FileIO] = {}
        self._cached: dict[int, bool] = {}
        path = bundle.index_path(self.prefix)
        for _ in range(_ATTEMPTS):
            if self._open(path):
                break
        else:
            self.close()
            raise errors.AbortedError(None, None, f"{path} is replaced faster than it can be read")
        keys = {
            bundle.slice_key(key, bundle.extents_of(part))
            for key, entry in self._entries.items()
            for part in entry.slices
        }
        self._names = {bundle.shown(key): key for key in self._entries if key not in keys}

    def __enter__(self) -> BundleReader:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def close(self) -> None:
        """Close the data files; names, shapes and dtypes stay known."""
        for file in self._shards.values():
            file.close()

    def size(self) -> int:
        """Bytes of all tensors together."""
        return sum(entry.size for entry in self._entries.values())

    def contents(self) -> tuple[dict[bytes, Any], int]:
        """The entries of the index by their keys, and how many data files it knows."""
        return self._entries, self._header.num_shards

    def names(self) -> list[str]:
        """The tensors' names in the order of their bytes; a partitioned tensor counts once."""
        return list(self._names)

    def shape(self, name: str) -> tuple[int, ...]:
        """NotFoundError where there is no tensor `name`."""
        return bundle.shape_of(self._entry(name)[1])

    def dtype(self, name: str) -> dtypes.DType:
        """NotFoundError where there is no tensor `name`."""
        key, entry = self._entry(name)
        return self._dtype(key, entry)

    def read(self, name: str) -> np.ndarray:
        """The whole tensor in a fresh array; strings as an object array of bytes.

        bfloat16, which NumPy lacks, comes as the same numbers in float32. Raises NotFoundError,
        DataLossError, and UnimplementedError for dtypes that arrays cannot hold.
        """
        key, entry = self._entry(name)
        return self._read_parts(key, entry) if entry.slices else self._read_plain(key, entry)

    def parts(self, name: str) -> list[tuple[list[int], list[int]]]:
        """Where each slice of a partitioned tensor begins and its size; empty for a whole one."""
        _, entry = self._entry(name)
        shape = bundle.shape_of(entry)
        found = []
        for part in entry.slices:
            region = _region(bundle.extents_of(part), shape)
            if region is None:
                raise self._loss(bundle.key_of(name), entry, "one of its slices does not fit it")
            found.append(([s.start for s in region], [s.stop - s.start for s in region]))
        return found

    def read_slice(self, name: str, begin: Sequence[int], size: Sequence[int]) -> np.ndarray:
        """The part of a tensor from `begin`, of `size` (-1: all of the dimension).

        Raises InvalidArgumentError where the part does not lie in the tensor, else as `read`.
        """
        key, entry = self._entry(name)
        shape = bundle.shape_of(entry)
        where = _region(list(zip(begin, size)), shape) if len(begin) == len(size) else None
        if where is None:
            wanted = f"the slice at {list(begin)} of size {list(size)}"
            message = f"tensor_name = {name}; {wanted} is not in its shape {list(shape)}"
            raise errors.InvalidArgumentError(None, None, message)
        for part in entry.slices:
            extents = bundle.extents_of(part)
            if _region(extents, shape) == where:
                part_key = bundle.slice_key(key, extents)
                return self._read_plain(part_key, self._part_entry(key, entry, part_key))
        return self.read(name)[where].copy()

    # -- opening ---------------------------------------------------------------------------

    def _open(self, path: str) -> bool:
        """Read the index and open the data files; False when the index was replaced meanwhile."""
        self.close()
        self._shards = {}
        try:
            with open(path, "rb", buffering=0) as file:
                data = file.readall()
                self._header, self._entries = bundle.parse_index(data)
                self._refuse_unknown(path)
                for shard in sorted({e.shard_id for e in self._entries.values() if e.size}):
                    self._open_shard(shard)
                return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
        except Damaged as damage:
            raise errors.DataLossError(None, None, f"{path}: {damage}") from None
        except (FileNotFoundError, NotADirectoryError, ValueError):
            raise bundle.no_checkpoint(self.prefix) from None
        except OSError as error:
            raise files.file_error(error, path) from None

    def _refuse_unknown(self, path: str) -> None:
        version = self._header.version
        if version.min_consumer > bundle.FORMAT_VERSION or (
            bundle.FORMAT_VERSION in version.bad_consumers
        ):
            message = f"{path}: its format is of a later version"
            raise errors.UnimplementedError(None, None, message)
        if self._header.endianness:
            message = f"{path}: its data files come from a big-endian machine"
            raise errors.UnimplementedError(None, None, message)

    def _open_shard(self, shard: int) -> None:
        # Without the file it is still known what its tensors are; reading one says what is missing.
        with contextlib.suppress(FileNotFoundError):
            self._shards[shard] = FileIO(self._data_path(shard))
            self._cached[shard] = is_cached(self._shards[shard].fileno())

    def _data_path(self, shard: int) -> str:
        return bundle.data_path(self.prefix, shard, self._header.num_shards)

    # -- entries ---------------------------------------------------------------------------

    def _entry(self, name: str) -> tuple[bytes, Any]:
        key = self._names.get(name)
        if key is not None:
            return key, self._entries[key]
        message = f"Key {name} not found in checkpoint {self.prefix}"
        near = difflib.get_close_matches(name, self._names, n=3)
        if near:
            message += "; it has " + ", ".join(near)
        raise errors.NotFoundError(None, None, message)

    def _loss(self, key: bytes, entry: Any, reason: str) -> errors.DataLossError:
        path = bundle.index_path(self.prefix) if entry.slices else self._data_path(entry.shard_id)
        message = f"{path}: tensor {bundle.shown(key)!r}: {reason}"
        return errors.DataLossError(None, None, message)

    def _dtype(self, key: bytes, entry: Any) -> dtypes.DType:
        dtype = bundle.known_dtype(entry.dtype)
        if dtype is None:
            message = f"tensor {bundle.shown(key)!r} is of a dtype unknown here: {entry.dtype}"
            raise errors.UnimplementedError(None, None, message)
        return dtype

    def _part_entry(self, key: bytes, entry: Any, part_key: bytes) -> Any:
        part = self._entries.get(part_key)
        if part is None or part.slices or part.dtype != entry.dtype:
            raise self._loss(key, entry, "one of its slices is missing or is of another kind")
        return part

    # -- bytes -----------------------------------------------------------------------------

    def _read_plain(self, key: bytes, entry: Any) -> np.ndarray:
        dtype, shape = self._dtype(key, entry), bundle.shape_of(entry)
        self._check_reach(key, entry)
        try:
            if dtype is dtypes.string:
                return self._read_strings(key, entry, shape)
            if dtype is dtypes.bfloat16:
                halves = self._read_numbers(key, entry, np.uint16, shape)
                return (halves.astype(np.uint32) << 16).view(np.float32)
            if bundle.element_size(dtype) is None or dtype.as_numpy_dtype is None:
                message = (
                    f"tensor {bundle.shown(key)!r} is of dtype {dtype.name}: no array holds it"
                )
                raise errors.UnimplementedError(None, None, message)
            return self._read_numbers(key, entry, dtype.as_numpy_dtype, shape)
        except MemoryError:
            message = f"tensor {bundle.shown(key)!r}: no memory for its {entry.size} bytes"
            raise errors.ResourceExhaustedError(None, None, message) from None

    def _check_reach(self, key: bytes, entry: Any) -> None:
        """The tensor's bytes are in the file: asked before any memory is taken for them."""
        if entry.size == 0:
            return
        path, file = self._data_path(entry.shard_id), self._shards.get(entry.shard_id)
        if file is None:
            message = f"{path}; No such file or directory: it holds tensor {bundle.shown(key)!r}"
            raise errors.NotFoundError(None, None, message)
        if file.closed:
            raise errors.FailedPreconditionError(None, None, f"the reader of {path} is closed")
        size = os.fstat(file.fileno()).st_size
        if entry.offset + entry.size > size:
            raise self._loss(
                key,
                entry,
                f"it should end at byte {entry.offset + entry.size}, and the file at byte {size}",
            )

    def _fill(self, key: bytes, entry: Any, buffer: memoryview) -> int:
        """Read the tensor's bytes into `buffer`; their crc32c."""
        crc = position = 0
        if not entry.size:
            return crc
        file = self._shards[entry.shard_id]
        behind = ReadBehind(file.fileno(), entry.offset, self._cached[entry.shard_id])
        try:
            while position < len(buffer):
                chunk = buffer[position : position + bundle.CHUNK]
                count = self._read_at(file, entry.offset + position, chunk)
                if not count:
                    raise self._loss(key, entry, "the file ends within it")
                crc = crc32c.crc32c(chunk[:count], crc)
                position += count
                behind.reached(entry.offset + position, position == len(buffer))
        except OSError as error:
            raise files.file_error(error, self._data_path(entry.shard_id)) from None
        return crc

    def _read_at(self, file: FileIO, offset: int, buffer: memoryview) -> int:
        """Read into `buffer` from `offset` on; how many bytes. Threads may do so at once."""
        if hasattr(os, "preadv"):
            return os.preadv(file.fileno(), [buffer], offset)
        with self._lock:
            file.seek(offset)
            return file.readinto(buffer) or 0

    def _check_crc(self, key: bytes, entry: Any, crc: int) -> None:
        if mask(crc) != entry.crc32c:
            reason = f"its checksum is {mask(crc)}, and {entry.crc32c} was recorded"
            raise self._loss(key, entry, reason)

    def _read_numbers(
        self, key: bytes, entry: Any, kind: Any, shape: tuple[int, ...]
    ) -> np.ndarray:
        array = np.empty(shape, np.dtype(kind).newbyteorder("<"))
        octets = array.reshape(-1).view(np.uint8)
        with on_small_pages(octets):
            crc = self._fill(key, entry, octets.data)
        self._check_crc(key, entry, crc)
        if kind is np.bool_ and array.size and octets.max() > 1:
            raise self._loss(key, entry, "a truth value that is neither 0 nor 1")
        return array.astype(kind, copy=False)

    def _read_strings(self, key: bytes, entry: Any, shape: tuple[int, ...]) -> np.ndarray:
        """Strings: all lengths as varints, the masked crc32c of the lengths, all contents."""
        data = bytearray(entry.size)
        self._fill(key, entry, memoryview(data))
        lengths, position = [], 0
        try:
            for _ in range(math.prod(shape)):
                length, position = read_varint(data, position)
                lengths.append(length)
        except Damaged as damage:
            raise self._loss(key, entry, str(damage)) from None
        crc = bundle.crc_of_lengths(lengths)
        if mask(crc).to_bytes(4, "little") != data[position : position + 4]:
            raise self._loss(key, entry, "the checksum of its strings' lengths does not match")
        self._check_crc(key, entry, crc32c.crc32c(memoryview(data)[position:], crc))
        position += 4
        if position + sum(lengths) != len(data):
            raise self._loss(key, entry, "its strings' lengths do not add up to its size")
        array = np.empty(len(lengths), object)
        for i, length in enumerate(lengths):
            array[i] = bytes(data[position : position + length])
            position += length
        return array.reshape(shape)

    def _read_parts(self, key: bytes, entry: Any) -> np.ndarray:
        """A partitioned tensor put together; DataLossError unless its slices tile it."""
        shape = bundle.shape_of(entry)
        parts = []
        for part in entry.slices:
            extents = bundle.extents_of(part)
            where, part_key = _region(extents, shape), bundle.slice_key(key, extents)
            part_entry = self._part_entry(key, entry, part_key)
            if where is None or bundle.shape_of(part_entry) != tuple(
                s.stop - s.start for s in where
            ):
                raise self._loss(key, entry, "one of its slices does not fit its shape")
            self._check_reach(part_key, part_entry)
            parts.append((where, part_key, part_entry))
        if sum(math.prod(bundle.shape_of(e)) for _, _, e in parts) != math.prod(shape):
            raise self._loss(key, entry, "does not have sufficient slices")
        whole, filled = None, np.zeros(shape, np.bool_)
        for where, part_key, part_entry in parts:
            if filled[where].any():
                raise self._loss(key, entry, "two of its slices overlap")
            filled[where] = True
            array = self._read_plain(part_key, part_entry)
            whole = np.empty(shape, array.dtype) if whole is None else whole
            whole[where] = array
        assert whole is not None  # an entry with slices has at least one
        return whole


def _region(extents: Sequence[tuple[int, int]], shape: tuple[int, ...]) -> tuple[slice, ...] | None:
    """The slices that take `extents` out of `shape`; None where they do not lie in it."""
    if len(extents) != len(shape):
        return None
    region = []
    for (start, length), size in zip(extents, shape, strict=True):
        stop = size if length == -1 else start + length
        if not (0 <= start <= stop <= size and length >= -1):
            return None
        region.append(slice(start, stop))
    return tuple(region)
