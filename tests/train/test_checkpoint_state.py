"""The file `checkpoint`: written and understood as TensorFlow does."""

import contextlib
import logging
import os

import numpy as np
import pytest

from minitf import errors
from minitf.train.bundle_writer import BundleWriter
from minitf.train.checkpoint_state import (
    checkpoint_exists,
    generate_checkpoint_state_proto,
    get_checkpoint_mtimes,
    get_checkpoint_state,
    latest_checkpoint,
    meta_graph_filename,
    remove_checkpoint,
    update_checkpoint_state,
)

ABSOLUTE = "/tmp/cs/rel/d"
# Arguments, then what TensorFlow 2.21 wrote when run in /tmp/cs, then the paths it read back.
WRITTEN = {
    "relative": (
        ("rel/d", "rel/d/m-1"),
        'model_checkpoint_path: "m-1"\nall_model_checkpoint_paths: "m-1"\n',
        ["rel/d/m-1"],
    ),
    "two": (
        ("rel/d", "rel/d/m-2", ["rel/d/m-1"]),
        'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "m-1"\n'
        'all_model_checkpoint_paths: "m-2"\n',
        ["rel/d/m-1", "rel/d/m-2"],
    ),
    "times": (
        ("rel/d", "rel/d/m-2", ["rel/d/m-1", "rel/d/m-2"], None, [1.5, 2.5], 3.25),
        'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "m-1"\n'
        'all_model_checkpoint_paths: "m-2"\nall_model_checkpoint_timestamps: 1.5\n'
        "all_model_checkpoint_timestamps: 2.5\nlast_preserved_timestamp: 3.25\n",
        ["rel/d/m-1", "rel/d/m-2"],
    ),
    "absolute in relative": (
        ("rel/d", f"{ABSOLUTE}/m-2", [f"{ABSOLUTE}/m-1"]),
        f'model_checkpoint_path: "{ABSOLUTE}/m-2"\nall_model_checkpoint_paths: "{ABSOLUTE}/m-1"\n'
        f'all_model_checkpoint_paths: "{ABSOLUTE}/m-2"\n',
        [f"{ABSOLUTE}/m-1", f"{ABSOLUTE}/m-2"],
    ),
    "outside": (
        ("rel/d", "m-2"),
        'model_checkpoint_path: "../../m-2"\nall_model_checkpoint_paths: "../../m-2"\n',
        ["rel/d/../../m-2"],
    ),
    "odd": (
        ("rel/d", "rel/d/é\"\n'm\\-2"),
        'model_checkpoint_path: "é\\"\\n\\\'m\\\\-2"\n'
        'all_model_checkpoint_paths: "é\\"\\n\\\'m\\\\-2"\n',
        ["rel/d/é\"\n'm\\-2"],
    ),
    "other file": (
        ("rel/d", "rel/d/m-2", None, "other"),
        'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "m-2"\n',
        ["rel/d/m-2"],
    ),
    "a file's name": (
        ("rel/d", "rel/d/checkpoint"),
        'model_checkpoint_path: "checkpoint"\nall_model_checkpoint_paths: "checkpoint"\n',
        ["rel/d/checkpoint"],
    ),
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rel" / "d").mkdir(parents=True)
    return tmp_path / "rel" / "d"


def save(prefix):
    with BundleWriter(prefix) as writer:
        writer.add("x", np.zeros(2))


@pytest.mark.parametrize("case", WRITTEN)
def test_writes_and_reads_as_tensorflow_does(folder, case):
    arguments, text, paths = WRITTEN[case]
    update_checkpoint_state(*arguments)
    filename = arguments[3] if len(arguments) > 3 else None
    assert (folder / (filename or "checkpoint")).read_text() == text
    state = get_checkpoint_state("rel/d", filename)
    assert state.model_checkpoint_path == paths[-1]
    assert list(state.all_model_checkpoint_paths) == paths
    assert [file.name for file in folder.iterdir()] == [filename or "checkpoint"]


@pytest.mark.parametrize("relative_folder", [True, False])
def test_a_folder_with_relative_paths_can_be_moved(folder, relative_folder):
    save_dir = "rel/d" if relative_folder else str(folder)
    prefixes = [f"{save_dir}/m-{step}" for step in (1, 2)]
    for prefix in prefixes:
        save(prefix)
    update_checkpoint_state(save_dir, prefixes[1], prefixes[:1], save_relative_paths=True)
    assert (folder / "checkpoint").read_text() == (
        'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "m-1"\n'
        'all_model_checkpoint_paths: "m-2"\n'
    )
    folder.rename(folder.parent / "moved")
    assert latest_checkpoint("rel/moved") == "rel/moved/m-2"
    assert latest_checkpoint(folder.parent / "moved") == str(folder.parent / "moved" / "m-2")


def test_the_callers_list_stays_as_it_is():
    paths = ["rel/d/m-1"]
    update_checkpoint_state("rel/d", "rel/d/m-2", paths)
    assert paths == ["rel/d/m-1"]


def test_what_cannot_be_written_is_refused(folder):
    with pytest.raises(RuntimeError, match="conflicts with path used for checkpoint state"):
        update_checkpoint_state(folder, folder / "checkpoint")
    with pytest.raises(ValueError, match="no path specified"):
        update_checkpoint_state("rel/d", "")
    with pytest.raises(ValueError, match="timestamps, if provided, must match"):
        generate_checkpoint_state_proto("rel/d", "rel/d/m", ["rel/d/a"], [1.0])
    with pytest.raises(errors.NotFoundError, match=r"nodir/x/checkpoint.*No such file"):
        update_checkpoint_state("nodir/x", "nodir/x/m")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"garbage",
        b"model_checkpoint_path: 3",
        b'model_checkpoint_path: "a"\nunknown: 3\n',
        b'model_checkpoint_path: "a\\377"',
        b'model_checkpoint_path: "\xff"',
        b'model_checkpoint_path: "a',
        b"\0" * 200,
        b"{" * 10_000,
    ],
)
def test_a_damaged_file_is_ignored_with_a_warning(folder, caplog, content):
    (folder / "checkpoint").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert get_checkpoint_state("rel/d") is None
        assert latest_checkpoint("rel/d") is None
    assert "rel/d/checkpoint: Checkpoint ignored" in caplog.text


@pytest.mark.parametrize("content", [b"", b'all_model_checkpoint_paths: "x"'])
def test_a_file_that_names_no_checkpoint(folder, content):
    (folder / "checkpoint").write_bytes(content)
    for ask in (get_checkpoint_state, latest_checkpoint):
        with pytest.raises(ValueError, match="Invalid checkpoint state loaded from rel/d"):
            ask("rel/d")


def test_every_truncation_and_flip_is_harmless(folder):
    update_checkpoint_state("rel/d", "rel/d/m-2", ["rel/d/m-1"])
    whole = (folder / "checkpoint").read_bytes()
    damaged = [whole[:size] for size in range(len(whole))]
    for flip in (1, 0x20, 0x80, 0xFF):
        damaged += [
            whole[:place] + bytes([byte ^ flip]) + whole[place + 1 :]
            for place, byte in enumerate(whole)
        ]
    for content in damaged:
        (folder / "checkpoint").write_bytes(content)
        with contextlib.suppress(ValueError):  # where no checkpoint is named any more
            state = get_checkpoint_state("rel/d")
            assert state is None or state.model_checkpoint_path


def test_no_file_no_state(folder):
    assert get_checkpoint_state("rel/d") is None
    assert latest_checkpoint("nowhere") is None
    (folder / "checkpoint").mkdir()
    assert get_checkpoint_state("rel/d") is None


def test_latest_checkpoint_must_be_there(folder, caplog):
    update_checkpoint_state("rel/d", "rel/d/m-2")
    assert latest_checkpoint("rel/d") is None
    assert "Couldn't match files for checkpoint rel/d/m-2" in caplog.text
    save("rel/d/m-2")
    assert latest_checkpoint("rel/d") == "rel/d/m-2"
    assert latest_checkpoint("rel/d", "other") is None


def test_which_checkpoints_exist():
    for name in ("k-1", "m[1]"):
        save(f"rel/d/{name}")
    assert [checkpoint_exists(f"rel/d/{p}") for p in ("k-*", "k-?", "k-1", "m[1]")] == [True] * 4
    assert [checkpoint_exists(f"rel/d/{p}") for p in ("k", "k-2", "l*")] == [False] * 3
    assert not checkpoint_exists("")
    assert checkpoint_exists("rel/d/")  # something is there; restoring it says that it is a folder
    os.utime("rel/d/k-1.index", (5, 1234.5))
    assert get_checkpoint_mtimes(["rel/d/none", "rel/d/k-1"]) == [1234.5]


def test_removing_a_checkpoint_leaves_others(folder):
    for name in ("m-1", "m-10", "m[1]"):
        save(f"rel/d/{name}")
        (folder / f"{name}.meta").touch()
    for name in ("m[1]", "m-1"):
        remove_checkpoint(f"rel/d/{name}")
    remove_checkpoint("rel/d/none")
    assert sorted(p.name for p in folder.iterdir()) == [
        *("m-10.data-00000-of-00001", "m-10.index", "m-10.meta")
    ]


def test_meta_graph_filename_drops_a_shards_number():
    names = ["a/b-00001-of-00002", "a/b-?????-of-00002", "a/b-5"]
    assert [meta_graph_filename(name) for name in names] == ["a/b.meta", "a/b.meta", "a/b-5.meta"]
    assert meta_graph_filename("a/b", "graph") == "a/b.graph"
