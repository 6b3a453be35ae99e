"""Checkpoints that real TensorFlow wrote are read, and ours are its own, byte for byte."""

import json

import numpy as np
import pytest
from train.checkpoints import DATA, digests, many, parts, tensors

from minitf import dtypes, errors
from minitf.train.bundle_reader import BundleReader
from minitf.train.bundle_writer import BundleWriter

ENDINGS = (".index", ".data-00000-of-00001")


def same(got, wanted):
    assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
    if wanted.dtype == object:
        assert got.tolist() == wanted.tolist()
    else:
        assert got.tobytes() == wanted.tobytes()  # so that NaN and -0.0 count as they are


def write(prefix, named_arrays):
    with BundleWriter(prefix) as writer:
        for name, array in named_arrays.items():
            writer.add(name, array)


def test_reads_every_dtype_and_name_that_tensorflow_wrote():
    wanted = tensors()
    with BundleReader(DATA / "tensors") as reader:
        assert reader.names() == sorted(wanted, key=str.encode)
        for name, array in wanted.items():
            assert reader.shape(name) == array.shape
            assert reader.dtype(name) == dtypes.as_dtype(array.dtype)
            same(reader.read(name), array)


def test_writes_the_bytes_that_tensorflow_writes(tmp_path):
    write(tmp_path / "ours", tensors())
    for ending in ENDINGS:
        assert (tmp_path / f"ours{ending}").read_bytes() == (DATA / f"tensors{ending}").read_bytes()
    write(tmp_path / "many", many())
    assert digests(tmp_path / "many") == json.loads((DATA / "digests.json").read_text())["many"]
    with BundleReader(tmp_path / "many") as reader:
        assert {name: reader.read(name) for name in reader.names()} == many()


def test_partitioned_tensors_come_whole_and_in_slices(tmp_path):
    whole, slices = parts()
    with BundleWriter(tmp_path / "ours") as writer:
        for name, begin, array in slices:
            writer.add_slice(name, whole.shape, begin, array)
    for ending in ENDINGS:
        assert (tmp_path / f"ours{ending}").read_bytes() == (DATA / f"parts{ending}").read_bytes()
    with BundleReader(DATA / "parts") as reader:
        assert reader.names() == ["a\udcff\0/columns", "full", "rows"]
        for name, begin, array in slices:
            assert reader.shape(name) == whole.shape
            same(reader.read(name), whole)
            same(reader.read_slice(name, begin, array.shape), array)  # one that is stored
            same(reader.read_slice(name, (3, 1), (100, -1)), whole[3:103, 1:])  # across two
        with pytest.raises(errors.InvalidArgumentError, match=r"rows.*not in its shape"):
            reader.read_slice("rows", (200, 0), (61, 3))
        with pytest.raises(errors.InvalidArgumentError, match="rows"):
            reader.read_slice("rows", (0,), (1,))
    same(BundleReader(DATA / "dashes").read("w"), whole)
    with pytest.raises(errors.DataLossError, match=r"missing.index: tensor 'w'.*sufficient slices"):
        BundleReader(DATA / "missing").read("w")


def test_reads_several_data_files():
    with BundleReader(DATA / "sharded") as reader:
        assert reader.names() == ["o", "p", "q", "r"]
        same(reader.read("p"), np.float32([1, 2]))
        same(reader.read("q"), np.array([b"k", b""], object))
        same(reader.read("o"), np.asarray(5))
        same(reader.read("r"), np.eye(3))


def test_dtypes_that_arrays_lack():
    with BundleReader(DATA / "rare") as reader:
        assert reader.dtype("bfloat16") is dtypes.bfloat16
        same(reader.read("bfloat16"), np.float32([1.5, -2.0, 3.140625, np.inf]))
        assert reader.shape("qint8") == (2,)
        for name in ("qint8", "float8"):
            with pytest.raises(errors.UnimplementedError, match=name):
                reader.read(name)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24.0).reshape(2, 3, 4).T,
        np.arange(600_000, dtype=np.int32).reshape(600, 1000)[::2, ::-3],
        np.asfortranarray(np.arange(400_000.0).reshape(400, 1000)),
        np.arange(7, dtype=">f8"),
        np.array(3, ">i2"),
        np.zeros((3, 0, 2))[::2],
        np.broadcast_to(np.float32(2), (1000, 1000)),
    ],
    ids=["transposed", "strided", "fortran", "big-endian", "big scalar", "hollow", "broadcast"],
)
def test_any_layout_is_saved_as_its_values(tmp_path, array):
    write(tmp_path / "m", {"x": array, "after": np.int8(1)})
    native = array.astype(array.dtype.newbyteorder("="))
    with BundleReader(tmp_path / "m") as reader:
        same(reader.read("x"), np.ascontiguousarray(native).reshape(array.shape))
        same(reader.read("after"), np.asarray(np.int8(1)))


def test_text_is_saved_as_utf8_and_long_strings_whole(tmp_path):
    words = np.array(["ü", b"\xff", "\U0001f600" * 700_000], object)
    write(tmp_path / "m", {"object": words, "U": np.array([["é", "b"]]), "S": np.array([b"ab"])})
    with BundleReader(tmp_path / "m") as reader:
        same(reader.read("object"), np.array(["ü".encode(), b"\xff", words[2].encode()], object))
        same(reader.read("U"), np.array([["é".encode(), b"b"]], object))
        same(reader.read("S"), np.array([b"ab"], object))


def test_what_is_read_is_the_readers_own(tmp_path):
    write(tmp_path / "m", {"x": np.zeros(3)})
    with BundleReader(tmp_path / "m") as reader:
        reader.read("x")[:] = 5
        same(reader.read("x"), np.zeros(3))


def test_missing_keys_list_near_ones(tmp_path):
    write(
        tmp_path / "m",
        {"dense/kernel": np.zeros(1), "dense2/kernel": np.zeros(1), "b": np.zeros(1)},
    )
    with BundleReader(tmp_path / "m") as reader:
        assert "dense/kernel" in reader
        assert "" not in reader
        for ask in (reader.read, reader.shape, reader.dtype):
            with pytest.raises(errors.NotFoundError) as caught:
                ask("dense_1/kernel")
            assert str(caught.value) == (
                f"Key dense_1/kernel not found in checkpoint {tmp_path / 'm'}; "
                "it has dense/kernel, dense2/kernel"
            )


def test_missing_files_are_named(tmp_path):
    for prefix in (tmp_path / "none", tmp_path / "no" / "folder" / "m", "nul\0byte"):
        with pytest.raises(errors.NotFoundError, match="Failed to find any matching files for"):
            BundleReader(prefix)
    write(tmp_path / "m", {"x": np.zeros(3), "empty": np.zeros(0)})
    (tmp_path / "m.data-00000-of-00001").unlink()
    with BundleReader(tmp_path / "m") as reader:  # what it held can still be listed
        assert reader.shape("x") == (3,)
        same(reader.read("empty"), np.zeros(0))
        with pytest.raises(errors.NotFoundError, match=r"m\.data-00000-of-00001.*'x'"):
            reader.read("x")


def test_a_closed_reader_says_so(tmp_path):
    write(tmp_path / "m", {"x": np.zeros(3)})
    with BundleReader(tmp_path / "m") as reader:
        pass
    assert reader.shape("x") == (3,)
    with pytest.raises(errors.FailedPreconditionError, match="closed"):
        reader.read("x")


def test_a_finished_writer_says_so(tmp_path):
    with BundleWriter(tmp_path / "m") as writer:
        writer.add("x", np.zeros(3))
    with pytest.raises(errors.FailedPreconditionError, match="closed"):
        writer.add("y", np.zeros(3))
    assert BundleReader(tmp_path / "m").names() == ["x"]


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("x", np.zeros(1), "Adding duplicate key: x"),
        ("", np.zeros(1), "needs a name"),
        ("\ud800", np.zeros(1), "UTF-8"),
        ("y", np.array(["\ud800"], object), "UTF-8"),
        ("y", np.array([1, None], object), "int"),
        ("y", np.array(["2020-01-01"], "M8[D]"), "datetime64"),
        ("y", np.zeros(1, [("a", "f4")]), "dtype"),
    ],
)
def test_what_no_checkpoint_can_hold_is_refused(tmp_path, name, array, message):
    writer = BundleWriter(tmp_path / "m")
    writer.add("x", np.float32(1))
    with pytest.raises(errors.InvalidArgumentError, match=message):
        writer.add(name, array)
    writer.add("z", np.float32(2))  # the writer is none the worse for it
    writer.finish()
    with BundleReader(tmp_path / "m") as reader:
        assert {name: reader.read(name) for name in reader.names()} == {"x": 1, "z": 2}


def test_slices_that_do_not_fit_are_refused(tmp_path):
    with BundleWriter(tmp_path / "m") as writer:
        for begin, shape in [((3, 0), (2, 2)), ((-1, 0), (2, 2)), ((0,), (2, 2))]:
            with pytest.raises(errors.InvalidArgumentError, match="not in"):
                writer.add_slice("x", (4, 2), begin, np.zeros(shape))
        writer.add_slice("x", (4, 2), (0, 0), np.zeros((2, 2)))
        with pytest.raises(errors.InvalidArgumentError, match="duplicate"):
            writer.add_slice("x", (4, 2), (0, 0), np.zeros((2, 2)))
        for shape, dtype in [((5, 2), np.float64), ((4, 2), np.float32)]:
            with pytest.raises(errors.InvalidArgumentError, match="another tensor"):
                writer.add_slice("x", shape, (2, 0), np.zeros((2, 2), dtype))
        writer.add_slice("x", (4, 2), (2, 0), np.ones((2, 2)))
    same(BundleReader(tmp_path / "m").read("x"), np.repeat([0.0, 1.0], 4).reshape(4, 2))
