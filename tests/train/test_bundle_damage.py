"""Damaged, truncated and hostile checkpoints: the right value or the right error, never else."""

import random
import shutil
import struct

import numpy as np
import pytest
from train.checkpoints import DATA, tensors

from minitf import errors
from minitf.train import bundle, protos
from minitf.train.bundle_reader import BundleReader
from minitf.train.bundle_writer import BundleWriter
from minitf.train.table import (
    Damaged,
    build_table,
    masked_crc,
    read_table,
    read_varint,
    varint,
)

INDEX, DATA_FILE = ".index", ".data-00000-of-00001"
SMALL = {
    "kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
    "step": np.asarray(np.int64(41)),
    "flag": np.array([True, False]),
    "words": np.array([b"one", b"", b"three"], object),
}


def read_all(prefix) -> dict:
    with BundleReader(prefix) as reader:
        return {name: reader.read(name) for name in reader.names()}


def equal(got: dict, wanted: dict) -> bool:
    return got.keys() == wanted.keys() and all(
        (got[name].shape, got[name].dtype) == (array.shape, array.dtype)
        and got[name].tobytes() == array.tobytes()
        if array.dtype != object
        else got[name].tolist() == array.tolist()
        for name, array in wanted.items()
    )


@pytest.fixture
def small(tmp_path):
    """A small checkpoint's prefix, its two files' bytes, and a function that replaces one."""
    prefix = str(tmp_path / "m")
    with BundleWriter(prefix) as writer:
        for name, array in SMALL.items():
            writer.add(name, array)
    files = {ending: (tmp_path / f"m{ending}").read_bytes() for ending in (INDEX, DATA_FILE)}

    def replace(ending, data):
        (tmp_path / f"m{ending}").write_bytes(data)

    assert equal(read_all(prefix), SMALL)
    return prefix, files, replace


@pytest.mark.parametrize("ending", [INDEX, DATA_FILE])
def test_every_flipped_byte_is_found_and_named(small, ending):
    prefix, files, replace = small
    whole = files[ending]
    for place in range(len(whole)):
        for flip in (0x01, 0x80, 0xFF):
            damaged = bytearray(whole)
            damaged[place] ^= flip
            replace(ending, damaged)
            with pytest.raises(errors.DataLossError) as caught:
                read_all(prefix)
            assert f"{prefix}{ending}" in str(caught.value)
            if ending == DATA_FILE:
                assert any(f"tensor '{name}'" in str(caught.value) for name in SMALL)


@pytest.mark.parametrize("ending", [INDEX, DATA_FILE])
def test_every_truncation_is_found(small, ending):
    prefix, files, replace = small
    for size in range(len(files[ending])):
        replace(ending, files[ending][:size])
        with pytest.raises(errors.DataLossError, match=f"m{ending}"):
            read_all(prefix)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` after one to four random edits."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, size = chance.randrange(len(out) + 1), chance.choice([1, 1, 2, 4, 8, 40])
        kind = chance.randrange(5)
        if kind == 0:
            out[at : at + size] = chance.randbytes(size)
        elif kind == 1:
            out[at:at] = chance.randbytes(size)
        elif kind == 2:
            del out[at : at + size]
        elif kind == 3:
            other = chance.randrange(len(out) + 1)
            out[at : at + size] = out[other : other + size]
        elif out:
            out[at % len(out)] ^= 1 << chance.randrange(8)
    return bytes(out)


@pytest.mark.slow
def test_thousands_of_mutations_never_give_a_wrong_value(small):
    prefix, files, replace = small
    chance = random.Random(6)
    found = 0
    for _ in range(2000):
        ending = chance.choice([INDEX, DATA_FILE])
        damaged = mutated(files[ending], chance)
        replace(ending, damaged)
        try:
            assert equal(read_all(prefix), SMALL)
            # Only what no entry speaks of may differ: bytes after the last tensor's.
            assert damaged == files[ending] or damaged.startswith(files[DATA_FILE])
        except errors.DataLossError:
            found += 1
        replace(ending, files[ending])
    assert found > 1600


def resealed(contents: bytes) -> bytes:
    """A table whose only data block holds `contents`, with checksums that fit."""

    def block(body):
        body += b"\0"
        return body + struct.pack("<I", masked_crc(body))

    def handle(offset, sealed):
        return varint(offset) + varint(len(sealed) - 5)

    empty = block(struct.pack("<II", 0, 1))
    data = block(contents)
    value = handle(0, data)
    index = block(b"\0\1" + varint(len(value)) + b"\xff" + value + struct.pack("<II", 0, 1))
    meta_at, index_at = len(data), len(data) + len(empty)
    footer = handle(meta_at, empty) + handle(index_at, index)
    return data + empty + index + footer.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db")


@pytest.mark.slow
def test_hostile_index_with_right_checksums_harms_nothing(small):
    """The checksums hold, so other values may be read: but only as arrays, or these errors."""
    prefix, files, replace = small
    end = len(read_block_contents(files[INDEX]))
    contents = files[INDEX][:end]
    assert resealed(contents)[:end] == contents
    replace(INDEX, resealed(contents))
    assert equal(read_all(prefix), SMALL)
    chance = random.Random(7)
    refused = 0
    for _ in range(3000):
        replace(INDEX, resealed(mutated(contents, chance)))
        try:
            arrays = read_all(prefix)
            assert sum(array.nbytes for array in arrays.values()) < 10_000
        except (errors.DataLossError, errors.NotFoundError, errors.UnimplementedError):
            refused += 1
    assert refused > 1500


def read_block_contents(index: bytes) -> bytes:
    """The contents of a table's first block, which ends where the metaindex block begins."""
    meta_at, _ = read_varint(index, len(index) - 48)
    return index[: meta_at - 5]


def entry(**fields):
    shape = fields.pop("shape", ())
    slices = fields.pop("slices", ())
    message = protos.BundleEntry(**fields)
    message.shape.SetInParent()
    for size in shape:
        message.shape.dim.add(size=size)
    for extents in slices:
        part = message.slices.add()
        for start, length in extents:
            part.extent.add(start=start, length=length)
    return message


def install(replace, entries, num_shards=1, data=b"\0" * 64, **header):
    head = protos.BundleHeader(num_shards=num_shards, **header)
    pairs = sorted((bundle.key_of(name), value) for name, value in entries.items())
    pairs = [(key, value.SerializeToString()) for key, value in pairs]
    replace(INDEX, build_table([(b"", head.SerializeToString()), *pairs]))
    replace(DATA_FILE, data)


def part_of(name, extents):
    return bundle.shown(bundle.slice_key(name.encode(), extents))


LEFT, RIGHT = [(0, 1), (0, 2)], [(1, 1), (0, 2)]
HOSTILE = {
    "no dtype": entry(dtype=0, size=4),
    "dtype of a reference": entry(dtype=101, size=4),
    "dtype unheard of": entry(dtype=77, size=4),
    "negative dimension": entry(dtype=1, shape=(-1,), size=4),
    "negative dimensions": entry(dtype=1, shape=(-1, -1), size=4),
    "absurd shape": entry(dtype=1, shape=(2**40, 2**40), size=4),
    "absurd and empty": entry(dtype=1, shape=(2**62, 2**62, 0)),
    "absurd rank": entry(dtype=1, shape=(1,) * 100, size=4),
    "size too small": entry(dtype=1, shape=(3,), size=4),
    "size too large": entry(dtype=1, shape=(3,), size=400),
    "negative size": entry(dtype=7, size=-4),
    "negative offset": entry(dtype=1, size=4, offset=-4),
    "offset past the end": entry(dtype=1, size=4, offset=2**62),
    "a terabyte": entry(dtype=1, shape=(2**38,), size=2**40),
    "negative shard": entry(dtype=1, size=4, shard_id=-1),
    "shard out of range": entry(dtype=1, size=4, shard_id=1),
    "strings beyond the size": entry(dtype=7, shape=(2**50,), size=16),
    "wrong checksum": entry(dtype=1, shape=(8,), size=32, crc32c=1),
    "slices and bytes": entry(dtype=1, shape=(2, 2), size=16, slices=[LEFT]),
    "missing slices": entry(dtype=1, shape=(2, 2), slices=[LEFT, RIGHT]),
    "slice outside": entry(dtype=1, shape=(2, 2), slices=[[(0, 5), (0, 2)]]),
    "slice of another rank": entry(dtype=1, shape=(2, 2), slices=[[(0, 2)]]),
    "terabytes of slices": entry(dtype=1, shape=(2**40, 2**9), slices=[LEFT, RIGHT]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_impossible_entries_are_refused(small, name):
    prefix, _, replace = small
    install(replace, {name: HOSTILE[name]})
    with pytest.raises(errors.DataLossError, match=rf"{prefix}.*tensor '{name}'"):
        read_all(prefix)


def slices_case(kind):
    """Entries of one tensor in two slices, with something wrong about it."""
    left, right = LEFT, [(0, 1), (0, 2)] if kind == "overlap" else RIGHT
    parts = [left, [(0, 1), (1, 1)], [(0, 1), (0, 1)]] if kind == "overlap" else [left, right]
    entries = {"w": entry(dtype=1, shape=(2, 2), slices=parts)}
    for place, extents in enumerate(parts):
        shape = [size for _, size in extents]
        size = 4 * shape[0] * shape[1]
        entries[part_of("w", extents)] = entry(
            dtype=3 if kind == "dtype" and place else 1,
            shape=shape[::-1] if kind == "shape" and place else shape,
            size=size,
            offset=0 if kind == "shared" else 8 * place,
            crc32c=masked_crc(bytes(size)),
        )
    return entries


@pytest.mark.parametrize("kind", ["overlap", "dtype", "shape", "shared"])
def test_slices_must_tile_their_tensor(small, kind):
    prefix, _, replace = small
    install(replace, slices_case("fine"))
    assert equal(read_all(prefix), {"w": np.zeros((2, 2), np.float32)})
    install(replace, slices_case(kind))
    with pytest.raises(errors.DataLossError, match=r"w"):
        read_all(prefix)


def test_truth_values_are_zero_or_one(small):
    prefix, _, replace = small
    data = b"\1\2"
    install(replace, {"b": entry(dtype=10, shape=(2,), size=2, crc32c=masked_crc(data))}, data=data)
    with pytest.raises(errors.DataLossError, match=r"tensor 'b'.*neither 0 nor 1"):
        read_all(prefix)


def test_headers_that_make_no_sense(small):
    prefix, _, replace = small
    for header in ({"num_shards": 0}, {"num_shards": -1}, {"endianness": 7}):
        install(replace, {}, **header)
        with pytest.raises(errors.DataLossError, match=r"m\.index: the header"):
            read_all(prefix)
    for header in ({"endianness": 1}, {"version": {"min_consumer": 9}}):
        install(replace, {}, **header)
        with pytest.raises(errors.UnimplementedError, match=r"m\.index"):
            read_all(prefix)
    for pairs in ([], [(b"x", b"")], [(b"", b"\xff")]):
        replace(INDEX, build_table(pairs))
        with pytest.raises(errors.DataLossError, match=r"m\.index"):
            read_all(prefix)
    replace(INDEX, build_table([(b"", b"\x08\x01"), (b"x", b"\xff\xff")]))
    with pytest.raises(errors.DataLossError, match=r"tensor 'x' cannot be decoded"):
        read_all(prefix)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG" * 40, b"\0" * 4096])
def test_foreign_files(small, content):
    prefix, _, replace = small
    replace(INDEX, content)
    with pytest.raises(errors.DataLossError, match=r"m\.index"):
        read_all(prefix)


def test_files_of_another_checkpoint(small, tmp_path):
    prefix, files, replace = small
    shutil.copy(DATA / "tensors.index", f"{prefix}{INDEX}")
    with pytest.raises(errors.DataLossError):
        read_all(prefix)
    shutil.copy(DATA / f"tensors{DATA_FILE}", f"{prefix}{DATA_FILE}")
    assert equal(read_all(prefix), tensors())
    replace(INDEX, files[INDEX])
    with pytest.raises(errors.DataLossError):
        read_all(prefix)


def test_keys_that_expand_without_bound_are_refused():
    """One long key and thousands that share it would take gigabytes from a small file."""
    long = b"k" * 60_000
    body = b"\0" + varint(len(long)) + b"\0" + long
    body += (varint(len(long)) + b"\1\0" + b"x") * 20_000
    with pytest.raises(Damaged, match="expand"):
        read_table(resealed(body + struct.pack("<II", 0, 1)))
