"""The file `checkpoint` of a folder: which checkpoints it holds and which is the latest."""

from __future__ import annotations

import glob
import logging
import os
import re
from collections.abc import Iterable, Sequence
from typing import Any

from minitf.train import files

_log = logging.getLogger("minitf")
_Path = str | os.PathLike[str]


def generate_checkpoint_state_proto(
    save_dir: _Path,
    model_checkpoint_path: _Path,
    all_model_checkpoint_paths: Iterable[_Path] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> Any:
    """A CheckpointState; where `save_dir` is relative, relative paths become relative to it.

    Raises ValueError for an empty path, and unless there are as many timestamps as paths.
    """
    from minitf.train.protos import CheckpointState

    latest = os.fspath(model_checkpoint_path)
    paths = [os.fspath(path) for path in all_model_checkpoint_paths or ()]
    if paths[-1:] != [latest]:
        paths.append(latest)
    stamps = all_model_checkpoint_timestamps
    if stamps and len(stamps) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths "
            f"(got paths {paths} and timestamps {stamps})"
        )
    if not os.path.isabs(save_dir):
        latest, *paths = (_relative(path, save_dir) for path in [latest, *paths])
    state = CheckpointState(
        model_checkpoint_path=latest,
        all_model_checkpoint_paths=paths,
        all_model_checkpoint_timestamps=stamps,
    )
    if last_preserved_timestamp is not None:
        state.last_preserved_timestamp = last_preserved_timestamp
    return state


def _relative(path: str, folder: _Path) -> str:
    return path if os.path.isabs(path) else os.path.relpath(path, folder)


def update_checkpoint_state(
    save_dir: _Path,
    model_checkpoint_path: _Path,
    all_model_checkpoint_paths: Iterable[_Path] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
    save_relative_paths: bool = False,
) -> None:
    """Write the file `checkpoint` (or `latest_filename`) of `save_dir`, in one step.

    With `save_relative_paths` the folder can be moved as a whole. Raises RuntimeError where the
    checkpoint itself has that file's name, and TensorFlow's errors where it cannot be written.
    """
    latest = os.fspath(model_checkpoint_path)
    paths = [os.fspath(path) for path in all_model_checkpoint_paths or ()]
    if save_relative_paths:
        latest, *paths = (
            os.path.relpath(path, save_dir) if os.path.isabs(path) else path
            for path in [latest, *paths]
        )
    stamps = all_model_checkpoint_timestamps
    state = generate_checkpoint_state_proto(
        save_dir, latest, paths, stamps, last_preserved_timestamp
    )
    target = _state_path(save_dir, latest_filename)
    if target == state.model_checkpoint_path:
        raise RuntimeError(
            f"Save path '{latest}' conflicts with path used for checkpoint state.  "
            "Please use a different save path."
        )
    from google.protobuf import text_format

    files.write_atomically(target, text_format.MessageToString(state).encode())


def get_checkpoint_state(checkpoint_dir: _Path, latest_filename: str | None = None) -> Any:
    """The folder's CheckpointState with usable paths; None where there is none or it is damaged.

    Relative paths in the file are taken from `checkpoint_dir`. Raises ValueError for a file that
    names no checkpoint.
    """
    folder = os.fspath(checkpoint_dir)
    path = _state_path(folder, latest_filename)
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _ignored(path, error)
        return None
    from google.protobuf import text_format

    from minitf.train.protos import CheckpointState

    try:
        state = text_format.Parse(text, CheckpointState())
    except (text_format.ParseError, ValueError, RecursionError) as error:
        _ignored(path, error)
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {folder}")
    state.model_checkpoint_path = os.path.join(folder, state.model_checkpoint_path)
    state.all_model_checkpoint_paths[:] = [
        os.path.join(folder, path) for path in state.all_model_checkpoint_paths
    ]
    return state


def latest_checkpoint(checkpoint_dir: _Path, latest_filename: str | None = None) -> str | None:
    """The prefix of the folder's latest checkpoint; None where its files are not there."""
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None:
        return None
    if _index_paths(state.model_checkpoint_path):
        return state.model_checkpoint_path
    _log.error("Couldn't match files for checkpoint %s", state.model_checkpoint_path)
    return None


def checkpoint_exists(checkpoint_prefix: _Path) -> bool:
    """Whether there is a checkpoint at the prefix, which may hold `*` and `?`.

    As with TensorFlow, another file of that very name counts, too: it could be an older format's.
    """
    return bool(_index_paths(checkpoint_prefix) or glob.glob(os.fspath(checkpoint_prefix)))


def get_checkpoint_mtimes(checkpoint_prefixes: Iterable[_Path]) -> list[float]:
    """When each checkpoint was written, in seconds; those that are not there are left out."""
    found = (_index_paths(prefix) for prefix in checkpoint_prefixes)
    return [os.path.getmtime(paths[0]) for paths in found if paths]


def remove_checkpoint(
    checkpoint_prefix: _Path, checkpoint_format_version: int = 2, meta_graph_suffix: str = "meta"
) -> None:
    """Remove a checkpoint's files, the index first: what is left then is no checkpoint.

    There is only the format V2, which is number 2.
    """
    prefix = os.fspath(checkpoint_prefix)
    shards = glob.glob(glob.escape(prefix) + ".data-?????-of-?????")
    for path in [f"{prefix}.index", *shards, meta_graph_filename(prefix, meta_graph_suffix)]:
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise files.file_error(error, path) from error


def meta_graph_filename(checkpoint_filename: str, meta_graph_suffix: str = "meta") -> str:
    """Where a checkpoint's graph lies; the shard's number in an old checkpoint's name goes."""
    base = re.sub(r"-[\d?]+-of-\d+$", "", checkpoint_filename)
    return f"{base}.{meta_graph_suffix}"


def _state_path(folder: _Path, latest_filename: str | None) -> str:
    return os.path.join(folder, latest_filename or "checkpoint")


def _index_paths(prefix: _Path) -> list[str]:
    path = os.fspath(prefix) + ".index"
    return [path] if os.path.exists(path) else glob.glob(path)


def _ignored(path: str, error: Exception) -> None:
    _log.warning("%s: %s", type(error).__name__, error)
    _log.warning("%s: Checkpoint ignored", path)
