"""Sorted string tables: the container of a checkpoint's `.index` file.

A table is a run of blocks, each `contents, kind byte, masked crc32c`: data blocks of sorted
(key, value) pairs, an empty metaindex block, an index block with one handle per data block,
and a footer of 48 bytes. Keys inside a block are stored as differences from the key before.
Source: LevelDB's table format, of which TensorFlow keeps a copy with larger blocks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

import crc32c

from minitf.proto import varint
from minitf.train import snappy

BLOCK_SIZE = 262144  # a data block is closed once it has this many bytes
RESTART_INTERVAL = 16  # every so many keys, one is stored whole
FOOTER_SIZE = 48
MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_TRAILER_SIZE = 5
_PLAIN, _SNAPPY = 0, 1


class Damaged(Exception):
    """What was read cannot be what was written; the message says why."""


def mask(crc: int) -> int:
    """The form in which a crc32c is stored, so that a crc of data holding crcs stays sound."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def masked_crc(data: bytes | memoryview) -> int:
    return mask(crc32c.crc32c(data))


def read_varint(data: bytes | bytearray, position: int) -> tuple[int, int]:
    """The number at `position` and the position after it; Damaged when there is none."""
    number = shift = 0
    for at in range(position, min(position + 10, len(data))):
        byte = data[at]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number >> 64 or (not byte and shift):  # too large, or longer than need be
                break
            return number, at + 1
        shift += 7
    raise Damaged(f"no whole number at byte {position}")


class _Block:
    """A block being filled; keys must come in order."""

    def __init__(self, restart_interval: int) -> None:
        self.contents = bytearray()
        self.last_key = b""
        self._interval = restart_interval
        self._restarts = [0]
        self._since_restart = 0

    @property
    def size(self) -> int:
        return len(self.contents) + 4 * len(self._restarts) + 4

    def add(self, key: bytes, value: bytes) -> None:
        shared = 0
        if self._since_restart < self._interval:
            shared = _common_prefix(self.last_key, key)
        else:
            self._restarts.append(len(self.contents))
            self._since_restart = 0
        self.contents += varint(shared) + varint(len(key) - shared) + varint(len(value))
        self.contents += key[shared:] + value
        self.last_key = key
        self._since_restart += 1

    def sealed(self) -> bytes:
        count = len(self._restarts)
        body = bytes(self.contents) + struct.pack(f"<{count + 1}I", *self._restarts, count)
        body += bytes([_PLAIN])
        return body + struct.pack("<I", masked_crc(body))


def _common_prefix(a: bytes, b: bytes) -> int:
    length = min(len(a), len(b))
    return next((i for i in range(length) if a[i] != b[i]), length)


def _separator(last: bytes, following: bytes) -> bytes:
    """A short key, not below `last` and below `following`."""
    at = _common_prefix(last, following)
    if at < min(len(last), len(following)) and last[at] < 0xFF and last[at] + 1 < following[at]:
        return last[:at] + bytes([last[at] + 1])
    return last


def _successor(last: bytes) -> bytes:
    """A short key that is not below `last`."""
    for at, byte in enumerate(last):
        if byte != 0xFF:
            return last[:at] + bytes([byte + 1])
    return last


def build_table(items: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The table of `items`, which must come sorted by key and without duplicates."""
    out = bytearray()

    def write(block: _Block) -> bytes:
        offset, sealed = len(out), block.sealed()
        out.extend(sealed)
        return varint(offset) + varint(len(sealed) - _TRAILER_SIZE)

    index, block = _Block(restart_interval=1), _Block(RESTART_INTERVAL)
    closed: tuple[bytes, bytes] | None = None  # last key and handle, until the next key is known
    for key, value in items:
        if closed:
            index.add(_separator(closed[0], key), closed[1])
            closed = None
        block.add(key, value)
        if block.size >= BLOCK_SIZE:
            closed = block.last_key, write(block)
            block = _Block(RESTART_INTERVAL)
    if block.contents:
        closed = block.last_key, write(block)
    if closed:
        index.add(_successor(closed[0]), closed[1])
    footer = write(_Block(RESTART_INTERVAL)) + write(index)
    return bytes(out) + footer.ljust(FOOTER_SIZE - len(MAGIC), b"\0") + MAGIC


def read_table(data: bytes) -> list[tuple[bytes, bytes]]:
    """All pairs of a table in the order of their keys; Damaged unless every byte is as expected."""
    if len(data) < FOOTER_SIZE:
        raise Damaged(f"{len(data)} bytes are too few for a table")
    footer = data[-FOOTER_SIZE:]
    if footer[-len(MAGIC) :] != MAGIC:
        raise Damaged("not a table: it does not end in the table format's magic number")
    (meta, index), end = _handles(footer, 2)
    if any(footer[end : -len(MAGIC)]):
        raise Damaged("the footer is damaged")
    pairs: list[tuple[bytes, bytes]] = []
    position, last_key = 0, None
    for separator, value in _read_block(data, index):
        (handle,), end = _handles(value, 1)
        if end != len(value) or handle[0] != position:
            raise Damaged("the index block does not describe the blocks before it")
        for key, contents in _read_block(data, handle):
            if last_key is not None and key <= last_key:
                raise Damaged("keys are out of order")
            last_key = key
            pairs.append((key, contents))
        if last_key is None or separator < last_key:
            raise Damaged("the index block's keys do not fit those of its blocks")
        position = sum(handle) + _TRAILER_SIZE
    ends = [position, sum(meta) + _TRAILER_SIZE, sum(index) + _TRAILER_SIZE]
    if [meta[0], index[0], len(data) - FOOTER_SIZE] != ends or _read_block(data, meta):
        raise Damaged("its parts do not follow one another")
    return pairs


def _handles(data: bytes, count: int) -> tuple[list[tuple[int, int]], int]:
    handles, position = [], 0
    for _ in range(count):
        offset, position = read_varint(data, position)
        size, position = read_varint(data, position)
        handles.append((offset, size))
    return handles, position


def _read_block(data: bytes, handle: tuple[int, int]) -> list[tuple[bytes, bytes]]:
    offset, size = handle
    end = offset + size + 1
    if end + 4 > len(data) - FOOTER_SIZE:
        raise Damaged(f"a block of {size} bytes at byte {offset} lies outside the file")
    if masked_crc(data[offset:end]) != struct.unpack_from("<I", data, end)[0]:
        raise Damaged(f"the checksum of the block at byte {offset} does not match its contents")
    kind, contents = data[end - 1], data[offset : end - 1]
    if kind == _SNAPPY:
        try:
            contents = snappy.decompress(contents)
        except ValueError as error:
            raise Damaged(f"the compressed block at byte {offset}: {error}") from None
    elif kind != _PLAIN:
        raise Damaged(f"the block at byte {offset} is of the unknown kind {kind}")
    return _pairs(contents)


def _pairs(contents: bytes) -> list[tuple[bytes, bytes]]:
    """The pairs in a block's contents."""
    if len(contents) < 4:
        raise Damaged("a block without a list of restarts")
    (count,) = struct.unpack_from("<I", contents, len(contents) - 4)
    end = len(contents) - 4 - 4 * count
    if count < 1 or end < 0:
        raise Damaged("a block with an impossible list of restarts")
    restarts = struct.unpack_from(f"<{count}I", contents, end)
    pairs: list[tuple[bytes, bytes]] = []
    position = expanded = reached = 0
    key = b""
    while position < end:
        if reached < count and restarts[reached] == position:
            reached, key = reached + 1, b""
        shared, at = read_varint(contents, position)
        fresh, at = read_varint(contents, at)
        length, at = read_varint(contents, at)
        position = at + fresh + length
        if shared > len(key) or position > end:
            raise Damaged("a block with an entry longer than itself")
        key = key[:shared] + contents[at : at + fresh]
        expanded += len(key)
        # A restart every 16 keys bounds how far shared prefixes can blow up a block.
        if expanded > RESTART_INTERVAL * len(contents):
            raise Damaged("a block whose keys expand without bound")
        pairs.append((key, contents[at + fresh : position]))
    if reached < count and (pairs or restarts != (0,)):
        raise Damaged("a block with an impossible list of restarts")
    return pairs
