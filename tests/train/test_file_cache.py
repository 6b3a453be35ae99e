"""A large checkpoint is saved and restored without a copy of it in the system's file cache."""

import ctypes
import errno
import os
import sys

import numpy as np
import pytest

from minitf import errors
from minitf.train import file_cache
from minitf.train.bundle_reader import BundleReader
from minitf.train.bundle_writer import BundleWriter

WINDOW = 1 << 20
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")


@pytest.fixture(autouse=True)
def small_windows(monkeypatch):
    monkeypatch.setattr(file_cache, "WINDOW", WINDOW)


def cached(path, at):
    with open(path, "rb") as file:
        try:
            os.preadv(file.fileno(), [bytearray(1)], at, os.RWF_NOWAIT)
        except BlockingIOError:
            return False
        except OSError:
            pytest.skip("this file system does not say what is cached")
    return True


def saved(tmp_path, windows):
    prefix = tmp_path / "model"
    numbers = np.arange(windows * WINDOW // 8, dtype=np.float64)
    with BundleWriter(prefix) as writer:
        writer.add("numbers", numbers)
    return prefix, f"{prefix}.data-00000-of-00001", numbers


def test_what_was_saved_is_not_in_the_cache_but_for_its_end(tmp_path):
    _, path, _ = saved(tmp_path, 8)
    assert [cached(path, k * WINDOW) for k in (7, 3, 0)] == [True, False, False]


def test_a_small_file_stays_in_the_cache(tmp_path):
    _, path, _ = saved(tmp_path, 1)
    assert cached(path, 0)


def test_what_is_restored_leaves_the_cache_as_it_was(tmp_path):
    prefix, path, numbers = saved(tmp_path, 8)
    with BundleReader(prefix) as reader:
        np.testing.assert_array_equal(reader.read("numbers"), numbers)
    assert not any(cached(path, k * WINDOW) for k in (6, 4, 0))
    with open(path, "rb") as file:
        file.read()
    with BundleReader(prefix) as reader:
        np.testing.assert_array_equal(reader.read("numbers"), numbers)
    assert all(cached(path, k * WINDOW) for k in range(8))


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
