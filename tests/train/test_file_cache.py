"""A large checkpoint is saved and restored without a copy of it in the system's file cache."""

import ctypes
import errno
import mmap
import os
import sys

import numpy as np
import pytest

from minitf import errors
from minitf.train import file_cache
from minitf.train.bundle_reader import BundleReader
from minitf.train.bundle_writer import BundleWriter

WINDOW = 1 << 22  # larger than what the system reads, and lets go of, as one
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")


@pytest.fixture(autouse=True)
def small_windows(monkeypatch):
    monkeypatch.setattr(file_cache, "WINDOW", WINDOW)


def cached(path):
    """The part of the file's pages that are in the cache."""
    pages = np.zeros(-(-os.path.getsize(path) // mmap.PAGESIZE), np.uint8)
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        octets = np.frombuffer(mapped, np.uint8)
        start, there = (ctypes.c_void_p(array.ctypes.data) for array in (octets, pages))
        assert not ctypes.CDLL(None).mincore(start, ctypes.c_size_t(len(octets)), there)
        del octets
    return (pages & 1).mean()


def saved(tmp_path, windows):
    prefix = tmp_path / "model"
    numbers = np.arange(windows * WINDOW // 8, dtype=np.float64)
    with BundleWriter(prefix) as writer:
        writer.add("numbers", numbers)
    return prefix, f"{prefix}.data-00000-of-00001", numbers


def test_what_was_saved_is_not_in_the_cache_but_for_its_end(tmp_path):
    _, path, _ = saved(tmp_path, 8)
    assert 0 < cached(path) < 0.5


def test_a_small_file_stays_in_the_cache(tmp_path):
    _, path, _ = saved(tmp_path, 1)
    assert cached(path) == 1


def test_what_is_restored_leaves_the_cache_as_it_was(tmp_path):
    prefix, path, numbers = saved(tmp_path, 8)
    with BundleReader(prefix) as reader:
        np.testing.assert_array_equal(reader.read("numbers"), numbers)
    assert cached(path) < 0.5
    with open(path, "rb") as file:
        file.read()
    with BundleReader(prefix) as reader:
        np.testing.assert_array_equal(reader.read("numbers"), numbers)
    assert cached(path) == 1


def answering(number):
    def sync_file_range(*_):
        ctypes.set_errno(number)
        return -1

    return lambda: sync_file_range


def test_an_error_of_the_disk_ends_the_save(tmp_path, monkeypatch):
    prefix, _, numbers = saved(tmp_path, 4)
    monkeypatch.setattr(file_cache, "_sync_file_range", answering(errno.ENOSPC))
    with pytest.raises(errors.ResourceExhaustedError), BundleWriter(prefix) as writer:
        writer.add("numbers", numbers + 1)
    assert sorted(os.listdir(tmp_path)) == ["model.data-00000-of-00001", "model.index"]
    with BundleReader(prefix) as reader:
        np.testing.assert_array_equal(reader.read("numbers"), numbers)


@pytest.mark.parametrize("function", [answering(errno.ENOSYS), lambda: None])
def test_a_system_that_cannot_be_asked_saves_all_the_same(tmp_path, monkeypatch, function):
    monkeypatch.setattr(file_cache, "_sync_file_range", function)
    prefix, _, numbers = saved(tmp_path, 4)
    with BundleReader(prefix) as reader:
        np.testing.assert_array_equal(reader.read("numbers"), numbers)
