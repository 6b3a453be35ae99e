"""TensorFlow's V2 checkpoint format ("tensor bundle"): names, entries and their checks.

`PREFIX.index` is a table (see table.py) that maps "" to a BundleHeader and each tensor's name
to a BundleEntry: dtype, shape, where its bytes lie and their masked crc32c. The bytes of all
tensors, little-endian and in C order, follow one another in `PREFIX.data-00000-of-00001`, or in
several such files. A partitioned tensor's entry lists slices instead; the bytes of each slice
have an entry of their own under a key made by `slice_key`.
"""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Sequence
from typing import Any

import crc32c
import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import types_pb2

from minitf import dtypes, errors
from minitf.train import protos
from minitf.train.table import FOOTER_SIZE, Damaged, read_table

CHUNK = 1 << 20  # bytes written, read and checksummed at a time: they stay in the cache meanwhile
FORMAT_VERSION = 1
_DTYPES = frozenset(n for n in types_pb2.DataType.values() if 0 < n < 100)  # no references
_HIGHEST_RANK = 64  # NumPy's
_SIZES_WITHOUT_NUMPY = {dtypes.bfloat16: 2, dtypes.qint8: 1, dtypes.quint8: 1, dtypes.qint16: 2}
_ESCAPES = {0x00: b"\x00\xff", 0xFF: b"\xff\x00"}
_SIZES_WITHOUT_NUMPY |= {dtypes.quint16: 2, dtypes.qint32: 4}


def index_path(prefix: str) -> str:
    return f"{prefix}.index"


def data_path(prefix: str, shard: int = 0, num_shards: int = 1) -> str:
    return f"{prefix}.data-{shard:05d}-of-{num_shards:05d}"


def shown(key: bytes) -> str:
    """The name that a key stands for; bytes that are no UTF-8 survive as lone surrogates."""
    return key.decode("utf-8", "surrogateescape")


def key_of(name: str) -> bytes:
    """The opposite of `shown`; InvalidArgumentError for text that UTF-8 cannot hold."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        message = f"UTF-8 cannot hold {name!r}"
        raise errors.InvalidArgumentError(None, None, message) from None


def element_size(dtype: dtypes.DType) -> int | None:
    """Bytes of one stored element; None where elements differ in length or are not known."""
    if dtype in _SIZES_WITHOUT_NUMPY:
        return _SIZES_WITHOUT_NUMPY[dtype]
    numpy_type = dtype.as_numpy_dtype
    return None if numpy_type in (None, object) else np.dtype(numpy_type).itemsize


def known_dtype(number: int) -> dtypes.DType | None:
    """The DType with TensorFlow's number; None for the kinds only newer TensorFlows have."""
    try:
        return dtypes.as_dtype(number)
    except TypeError:
        return None


def extents_of(slice_proto: Any) -> list[tuple[int, int]]:
    """(start, length) in each dimension; the length is -1 where all of the dimension is taken."""
    extents = slice_proto.extent
    return [(e.start, e.length if e.HasField("length") else -1) for e in extents]


def slice_key(key: bytes, extents: Sequence[tuple[int, int]]) -> bytes:
    """The key of one slice of the tensor `key`, encoded so that keys sort as what they hold."""
    escaped = b"".join(_ESCAPES.get(byte, bytes([byte])) for byte in key)
    numbers = b"".join(_signed(number) for extent in extents for number in extent)
    return b"\x00" + escaped + b"\x00\x01" + _unsigned(len(extents)) + numbers


def _unsigned(number: int) -> bytes:
    """How many bytes follow, then the number, the highest byte first."""
    width = (number.bit_length() + 7) // 8
    return bytes([width]) + number.to_bytes(width, "big")


def _signed(number: int) -> bytes:
    """The number, the highest byte first, its width told by the run of ones it begins with."""
    width = (number if number >= 0 else ~number).bit_length() // 7 + 1
    header = 0xFFFF << (16 - width) & 0xFFFF
    plain = int.from_bytes(number.to_bytes(width, "big", signed=True), "big")
    return (plain ^ header << 8 * width >> 16).to_bytes(width, "big")


def crc_of_lengths(lengths: Sequence[int]) -> int:
    """The crc32c of strings' lengths, as fixed words of 4 bytes, or 8 for what needs them."""
    if not lengths or max(lengths) <= 0xFFFFFFFF:
        return crc32c.crc32c(np.asarray(lengths, "<u4").tobytes())
    words = (n.to_bytes(4 if n <= 0xFFFFFFFF else 8, "little") for n in lengths)
    return crc32c.crc32c(b"".join(words))


def no_checkpoint(prefix: str) -> errors.OpError:
    """Why nothing can be read at a prefix without an index: another file may be there."""
    nothing = "Unsuccessful TensorSliceReader constructor: Failed to find any matching files for"
    if not prefix or "\0" in prefix or not os.path.exists(prefix):
        return errors.NotFoundError(None, None, f"{nothing} {prefix}: there is no {prefix}.index")
    name, file_of_one = prefix, re.search(r"\.(index|meta|data-\d{5}-of-\d{5})$", prefix)
    if file_of_one is not None and os.path.exists(index_path(prefix[: file_of_one.start()])):
        name = prefix[: file_of_one.start()]
    hint = f"; the checkpoint that this file belongs to is named {name}" if name != prefix else ""
    if prefix.endswith(".index"):
        message = f"{nothing} {prefix}: it is itself an index, and its tensors are elsewhere{hint}"
        return errors.NotFoundError(None, None, message)
    if os.path.isdir(prefix):
        what = f"FAILED_PRECONDITION: {prefix}; Is a directory"
    elif os.path.getsize(prefix) < FOOTER_SIZE:
        what = "DATA_LOSS: file is too short to be an sstable"
    else:
        what = "DATA_LOSS: not an sstable (bad magic number)"
    message = (
        f"Unable to open table file {prefix}: {what}: perhaps your file is in a different file "
        f"format and you need to use a different restore operator?{hint}"
    )
    return errors.DataLossError(None, None, message)


def parse_index(data: bytes) -> tuple[Any, dict[bytes, Any]]:
    """The header and the checked entries in an index file's bytes; Damaged on any misfit."""
    pairs = read_table(data)
    if not pairs or pairs[0][0] != b"":
        raise Damaged("a table, but not of a checkpoint: it has no header")
    header = _parse(protos.BundleHeader, pairs[0][1], "the header")
    if header.num_shards < 1 or header.endianness not in (0, 1):
        raise Damaged("the header makes no sense")
    entries = {}
    for key, value in pairs[1:]:
        entry = _parse(protos.BundleEntry, value, f"the entry of tensor {shown(key)!r}")
        reason = _misfit(entry, header.num_shards)
        if reason:
            raise Damaged(f"the entry of tensor {shown(key)!r} {reason}")
        entries[key] = entry
    _check_apart(entries)
    return header, entries


def _parse(message: Any, data: bytes, what: str) -> Any:
    try:
        return message.FromString(data)
    except DecodeError:
        raise Damaged(f"{what} cannot be decoded") from None


def _misfit(entry: Any, num_shards: int) -> str | None:
    """Why the entry cannot be right, if it cannot."""
    if entry.dtype not in _DTYPES:
        return f"has no dtype: {entry.dtype}"
    shape = shape_of(entry)
    if entry.shape.unknown_rank or len(shape) > _HIGHEST_RANK or any(d < 0 for d in shape):
        return "has no possible shape"
    if math.prod(d or 1 for d in shape) >= 1 << 59:
        return f"has an absurd shape: {shape}"
    if min(entry.offset, entry.size, entry.shard_id) < 0 or entry.shard_id >= num_shards:
        return "lies outside the data files"
    if entry.slices:
        return None if entry.size == 0 else "has both slices and bytes of its own"
    dtype, count = known_dtype(entry.dtype), math.prod(shape)
    width = element_size(dtype) if dtype else None
    if dtype and width is not None and entry.size != count * width:
        return f"has {entry.size} bytes for {count} elements of {dtype.name}"
    if dtype is dtypes.string and entry.size < count + 4:
        return f"has {entry.size} bytes for {count} strings"
    return None


def _check_apart(entries: dict[bytes, Any]) -> None:
    """Damaged where two tensors share bytes: no writer does that, and a hostile file could grow."""
    used = sorted((e.shard_id, e.offset, e.size, key) for key, e in entries.items() if e.size)
    for before, after in itertools.pairwise(used):
        if before[0] == after[0] and before[1] + before[2] > after[1]:
            names = f"{shown(before[3])!r} and {shown(after[3])!r}"
            raise Damaged(f"tensors {names} lie on the same bytes")


def shape_of(entry: Any) -> tuple[int, ...]:
    return tuple(dim.size for dim in entry.shape.dim)
