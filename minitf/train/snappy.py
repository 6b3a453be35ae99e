"""Snappy, reading only: early releases of TensorFlow compressed a checkpoint's index with it.

Source: the description of Snappy's raw format.
"""

from __future__ import annotations

_LARGEST_RATIO = 64  # a copy of 64 bytes takes at least two


def decompress(data: bytes) -> bytes:
    """What was compressed into `data`; ValueError when it is damaged."""
    try:
        length, position = _length(data)
        if length > _LARGEST_RATIO * len(data):
            raise ValueError(f"{len(data)} bytes cannot hold {length}")
        out = bytearray()
        while position < len(data) and len(out) <= length:
            position = _element(data, position, out)
    except IndexError:
        raise ValueError("it ends too early") from None
    if len(out) != length or position != len(data):
        raise ValueError(f"it should hold {length} bytes and does not")
    return bytes(out)


def _length(data: bytes) -> tuple[int, int]:
    number = shift = position = 0
    while True:
        byte = data[position]
        number |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return number, position
        if shift > 28:
            raise ValueError("its length is not a number of 32 bits")


def _element(data: bytes, position: int, out: bytearray) -> int:
    """Append one literal or one copy to `out`; the position after it."""
    tag = data[position]
    position += 1
    if tag & 3 == 0:
        size = tag >> 2
        if size >= 60:
            width = size - 59
            size = int.from_bytes(_take(data, position, width), "little")
            position += width
        out += _take(data, position, size + 1)
        return position + size + 1
    if tag & 3 == 1:
        size, distance = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[position]
        position += 1
    else:
        width = 2 if tag & 3 == 2 else 4
        size, distance = (tag >> 2) + 1, int.from_bytes(_take(data, position, width), "little")
        position += width
    if not 0 < distance <= len(out):
        raise ValueError(f"a copy from {distance} bytes before its beginning")
    start = len(out) - distance
    chunk = bytes(out[start : start + size])
    out += (chunk * (size // len(chunk) + 1))[:size]  # a copy may run into what it writes
    return position


def _take(data: bytes, position: int, count: int) -> bytes:
    if position + count > len(data):
        raise IndexError
    return data[position : position + count]
