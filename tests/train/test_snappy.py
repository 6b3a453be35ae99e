"""Snappy blocks, as early TensorFlow wrote them into a checkpoint's index."""

import random
import struct

import pytest

from minitf.train.snappy import decompress
from minitf.train.table import Damaged, masked_crc, read_table, varint

LONG = bytes(range(250)) + b"q" * 50
# Each kind of element, by the format's description: literals, and copies by 1, 2 and 4 bytes.
CASES = {
    "empty": (b"\0", b""),
    "literal": (b"\x03\x08abc", b"abc"),
    "literal of 60": (b"\x3d\xf0\x3c" + b"x" * 61, b"x" * 61),
    "literal of 300": (b"\xac\x02\xf4\x2b\x01" + b"y" * 300, b"y" * 300),
    "copy 1": (b"\x0b\x0cabcd\x0d\x04", b"abcdabcdabc"),
    "copy 2": (b"\x09\x0cabcd\x12\x04\x00", b"abcdabcda"),
    "copy 4": (b"\x08\x0cabcd\x0f\x04\x00\x00\x00", b"abcdabcd"),
    "run": (b"\x41\x00z\xfe\x01\x00", b"z" * 65),
    "far": (varint(304) + b"\xf4\x2b\x01" + LONG + b"\x21\x2c", LONG + LONG[:4]),
}


@pytest.mark.parametrize("case", CASES)
def test_elements(case):
    data, wanted = CASES[case]
    assert decompress(data) == wanted


def test_damage_is_a_value_error():
    chance = random.Random(1)
    whole = CASES["copy 1"][0]
    for size in range(len(whole)):
        with pytest.raises(ValueError):
            decompress(whole[:size])
    for data in (b"\x04\x01\x01", b"\x04\x0cabcd\x01\x05", b"\xff" * 9, b"\xff\xff\xff\xff\x0f\0a"):
        with pytest.raises(ValueError):
            decompress(data)
    for _ in range(5000):
        data = bytearray(chance.choice(list(CASES.values()))[0])
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            assert len(decompress(bytes(data))) <= 64 * len(data)
        except ValueError:
            continue


def table_of(compressed):
    """A table whose only data block is compressed."""

    def block(body, kind=b"\0"):
        return body + kind + struct.pack("<I", masked_crc(body + kind))

    data, empty = block(compressed, b"\1"), block(struct.pack("<II", 0, 1))
    handle = varint(0) + varint(len(compressed))
    pair = b"\0\1" + varint(len(handle)) + b"z" + handle
    index = block(pair + struct.pack("<II", 0, 1))
    footer = varint(len(data)) + varint(8) + varint(len(data) + len(empty))
    footer += varint(len(index) - 5)
    return data + empty + index + footer.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db")


def test_a_compressed_block_is_read():
    contents = b"\0\1\x28k" + b"v" * 40 + struct.pack("<II", 0, 1)
    literal = bytes([4 << 2]) + contents[:5] + b"\x9a\x01\x00"  # 39 more of the last byte
    compressed = varint(len(contents)) + literal + bytes([7 << 2]) + contents[44:]
    assert read_table(table_of(compressed)) == [(b"k", b"v" * 40)]
    with pytest.raises(Damaged, match="compressed block"):
        read_table(table_of(compressed[:-1]))
