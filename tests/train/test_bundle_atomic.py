"""A save that is killed, or finds the disk full, leaves a whole checkpoint behind."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from minitf import errors
from minitf.train import bundle_placing, bundle_writer, files
from minitf.train.bundle_merge import merge
from minitf.train.bundle_reader import BundleReader
from minitf.train.bundle_writer import BundleWriter
from minitf.train.checkpoint_state import latest_checkpoint, update_checkpoint_state

ROOT = Path(__file__).resolve().parents[2]


def save(prefix, number, size=1000):
    """A checkpoint all of whose elements are `number`."""
    with BundleWriter(prefix) as writer:
        writer.add("a", np.full(size, number, np.float32))
        writer.add("b", np.asarray(np.int64(number)))
        writer.add("c", np.array([b"%d" % number] * 3, object))


def save_in_two(prefix, number):
    """The same checkpoint, saved in two shards, as a sharded saver does."""
    parts = [f"{prefix}_temp/part-{shard}" for shard in range(2)]
    with BundleWriter(parts[0]) as writer:
        writer.add("a", np.full(1000, number, np.float32))
    with BundleWriter(parts[1]) as writer:
        writer.add("b", np.asarray(np.int64(number)))
        writer.add("c", np.array([b"%d" % number] * 3, object))
    merge(parts, prefix)


def saved(prefix):
    """The number of which the checkpoint is made."""
    with BundleReader(prefix) as reader:
        arrays = [reader.read(name) for name in reader.names()]
        assert reader.names() == ["a", "b", "c"]
    numbers = {int(x) for array in arrays for x in np.unique(array)}
    assert len(numbers) == 1
    return numbers.pop()


class Killed(BaseException):
    """Stands for the process's end: nothing after it cleans up."""


def steps_of_a_save(monkeypatch, save, prefix, stop):
    """Save 2 over what is there, but end at the step `stop`; whether it came to an end before."""
    count = 0

    def counting(real):
        def call(*args, **kwargs):
            nonlocal count
            if count >= stop:
                raise Killed
            count += 1
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "unlink", "link", "fsync"):
            patch.setattr(os, name, counting(getattr(os, name)))
        try:
            save(str(prefix), 2)
        except Killed:
            return False
        return True


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("old", ["none", "plain", "aside", "sharded"])
@pytest.mark.parametrize("new", [save, pytest.param(save_in_two, marks=pytest.mark.slow)])
def test_whatever_step_is_the_last_a_whole_checkpoint_is_there(
    tmp_path, monkeypatch, links, old, new
):
    """`aside` starts from what a save left that was killed in the midst of its renames."""
    prefix = tmp_path / "m"
    if not links:

        def refuse(*_):
            raise OSError("no hard links here")

        monkeypatch.setattr(os, "link", refuse)
    seen = set()
    for stop in range(100):
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        if old == "sharded":
            save_in_two(prefix, 1)
        elif old != "none":
            save(prefix, 1)
        if old == "aside":
            Path(f"{prefix}.data-00000-of-00001").rename(f"{prefix}.data-00001-of-00002")
            save(tmp_path / "other", 7)
            shutil.copy(tmp_path / "other.data-00000-of-00001", f"{prefix}.data-00000-of-00001")
            renumber(prefix)
            assert saved(prefix) == 1
        ended = steps_of_a_save(monkeypatch, new, prefix, stop)
        if old == "none" and not Path(f"{prefix}.index").exists():
            assert not ended
        else:
            seen.add(saved(prefix))
        save(prefix, 3)  # and the next save finds nothing in its way
        assert saved(prefix) == 3
        left = {path.name for path in tmp_path.glob("m.*")}
        assert left == {"m.index", "m.data-00000-of-00001"}
        if ended:
            break
    assert stop > 4
    assert seen == ({2} if old == "none" else {1, 2})


def renumber(prefix):
    """Let the index say that all lies in shard 1 of 2, as it does in the midst of a save."""
    from minitf.train import bundle

    path = Path(f"{prefix}.index")
    header, entries = bundle.parse_index(path.read_bytes())
    header.num_shards = 2
    for entry in entries.values():
        entry.shard_id = 1
    path.write_bytes(bundle_placing.index_contents(header, entries))


def save_until_killed(folder, number, report):
    """Save two prefixes over and over, and others by turns, telling `report` of each."""
    while True:
        number += 1
        save(f"{folder}/same", number, 20_000)
        os.write(report, b"same %d\n" % number)
        save_in_two(f"{folder}/two", number)
        os.write(report, b"two %d\n" % number)
        prefix = f"{folder}/m-{number % 3}"
        save(prefix, number, 20_000)
        update_checkpoint_state(folder, prefix)
        os.write(report, b"m %d\n" % number)


def kill_loop(folder, rounds):
    """Kill a saving process again and again; after each, all that it reported must be there."""
    chance, done, interrupted = random.Random(9), {"same": 0, "two": 0, "m": 0}, 0
    for _ in range(rounds):
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            save_until_killed(folder, max(done.values()), theirs)
        os.close(theirs)
        time.sleep(chance.uniform(0.001, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with open(ours) as reports:
            done.update((which, int(number)) for which, number in map(str.split, reports))
        interrupted += len(list(Path(folder).glob("*.saving-*"))) > 0
        # As reported, or already what came next.
        places = {"same": f"{folder}/same", "two": f"{folder}/two", "m": latest_checkpoint(folder)}
        for which, prefix in places.items():
            if done[which]:
                assert done[which] <= saved(prefix) <= max(done.values()) + 1
    print(f"{rounds} kills, {interrupted} while saving, {done['same']} saves")
    assert done["m"]
    assert interrupted


RUN = "import sys; sys.path[:0] = {paths!r}; from train import test_bundle_atomic as t; t.{call}"


def run(call):
    """What `call` prints in a process of its own."""
    program = RUN.format(paths=[str(ROOT), str(ROOT / "tests")], call=call)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_kill_dash_nine_loses_nothing(tmp_path):
    print(run(f"kill_loop({str(tmp_path)!r}, 100)"))
    save(tmp_path / "same", 1)
    left = [path.name for path in tmp_path.iterdir() if path.name.startswith("same")]
    assert sorted(left) == ["same.data-00000-of-00001", "same.index"]
    assert not list(tmp_path.glob("*.saving-*"))  # whatever prefix they were meant for


@pytest.mark.slow
def test_a_reader_beside_a_saver_sees_whole_checkpoints(tmp_path):
    save(tmp_path / "m", 0)
    stop = threading.Event()

    def saver():
        number = 0
        while not stop.is_set():
            number += 1
            save(tmp_path / "m", number)

    thread = threading.Thread(target=saver)
    thread.start()
    try:
        seen, end = [], time.monotonic() + 60
        while (len(seen) < 300 or len(set(seen)) < 4) and time.monotonic() < end:
            seen.append(saved(tmp_path / "m"))
    finally:
        stop.set()
        thread.join()
    assert seen == sorted(seen)
    assert len(set(seen)) > 3


def test_a_reader_keeps_the_checkpoint_it_opened(tmp_path):
    save(tmp_path / "m", 1)
    with BundleReader(tmp_path / "m") as reader:
        save(tmp_path / "m", 2)
        assert reader.read("b") == 1


def test_savers_of_one_prefix_take_turns(tmp_path):
    problems = []

    def saver(number):
        try:
            for _ in range(10):
                save(tmp_path / "m", number)
        except errors.OpError as error:
            problems.append(error)

    threads = [threading.Thread(target=saver, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert saved(tmp_path / "m") in range(4)
    assert not problems
    assert len(list(tmp_path.iterdir())) == 2


def save_too_much(prefix):
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
    with pytest.raises(errors.OutOfRangeError) as caught:
        save(prefix, 2, 1_000_000)
    print(caught.value)


def test_a_file_that_cannot_grow_leaves_the_old_one(tmp_path):
    save(tmp_path / "m", 1)
    said = run(f"save_too_much({str(tmp_path / 'm')!r})")
    assert "File too large" in said
    assert f"{tmp_path}/m.data-00000-of-00001" in said
    assert saved(tmp_path / "m") == 1
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (28, errors.ResourceExhaustedError),
        (13, errors.PermissionDeniedError),
        (30, errors.PermissionDeniedError),
        (5, errors.UnknownError),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
def test_errors_of_the_disk_come_as_tensorflows(tmp_path, monkeypatch, code, kind, step):
    save(tmp_path / "m", 1)

    def fail(*_args, **_kwargs):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        if step == "open":
            patch.setattr(bundle_writer, "FileIO", fail)
        else:
            patch.setattr(os, step, fail)
        with pytest.raises(kind, match=os.strerror(code)) as caught:
            save(tmp_path / "m", 2)
    assert str(tmp_path / "m") in str(caught.value)
    assert saved(tmp_path / "m") == 1
    with contextlib.suppress(FileNotFoundError):
        (tmp_path / "m.data-00001-of-00002").unlink()
    assert len(list(tmp_path.iterdir())) in (1, 2)


def test_one_missing_folder_is_made_and_no_more(tmp_path):
    save(tmp_path / "new" / "m", 1)
    assert saved(tmp_path / "new" / "m") == 1
    with pytest.raises(errors.NotFoundError, match="No such file or directory"):
        save(tmp_path / "no" / "such" / "m", 1)
    with pytest.raises(errors.FailedPreconditionError, match="Not a directory"):
        save(tmp_path / "new" / "m.index" / "m", 1)


def test_a_block_that_raises_saves_nothing(tmp_path):
    save(tmp_path / "m", 1)

    def half():
        with BundleWriter(tmp_path / "m") as writer:
            writer.add("a", np.zeros(9))
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert saved(tmp_path / "m") == 1
    assert len(list(tmp_path.iterdir())) == 2


def test_a_sharded_checkpoint_is_replaced_whole(tmp_path):
    from train.checkpoints import DATA

    for path in DATA.glob("sharded.*"):
        shutil.copy(path, tmp_path)
    save(tmp_path / "sharded", 1)
    assert saved(tmp_path / "sharded") == 1
    assert len(list(tmp_path.iterdir())) == 2


def test_a_damaged_checkpoint_can_be_replaced(tmp_path):
    for content in (b"", b"hello", b"\0" * 100):
        (tmp_path / "m.index").write_bytes(content)
        (tmp_path / "m.data-00000-of-00001").write_bytes(content)
        save(tmp_path / "m", 1)
        assert saved(tmp_path / "m") == 1


def test_relative_prefixes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for prefix in ("m", "./n", "folder/m", "odd [1]*?/m"):
        for number in (1, 2):
            save(prefix, number)
            assert saved(prefix) == number


def test_a_file_is_replaced_in_one_step(tmp_path, monkeypatch):
    path = str(tmp_path / "f")
    files.write_atomically(path, b"old")
    abandoned = tmp_path / ("f" + files.new_suffix())
    abandoned.write_bytes(b"of a killed process")
    held = tmp_path / ("f" + files.new_suffix())
    with open(held, "wb") as file:
        files.lock(file.fileno())
        files.write_atomically(path, b"new")
        assert held.exists()
    assert not abandoned.exists()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(errors.ResourceExhaustedError):
        files.write_atomically(path, b"newest")
    monkeypatch.undo()
    assert (tmp_path / "f").read_bytes() == b"new"
    assert [file.name for file in tmp_path.iterdir()] == ["f"]


def test_the_state_file_is_replaced_in_one_step(tmp_path, monkeypatch):
    save(tmp_path / "m-1", 1)
    update_checkpoint_state(tmp_path, tmp_path / "m-1")

    def fail(*_args):
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(errors.ResourceExhaustedError, match=r"checkpoint.*No space left"):
            update_checkpoint_state(tmp_path, tmp_path / "m-2")
    assert latest_checkpoint(tmp_path) == str(tmp_path / "m-1")
