"""Putting a checkpoint's files in place so that a kill at any moment leaves a whole one.

All files are written beside their final places under temporary names, flushed to the disk and
only then renamed, the data files first. A new prefix comes into being with the rename of its
index. Where the prefix exists, renaming several files cannot be one step, and in between the old
index would describe new data. So the old checkpoint first steps aside where its data files have
the names of the new ones: they get second names (hard links), as the second half of twice as many
shards, and an index that says so takes the place of the old index. Then the new data files, to
which no index points, are renamed, and after them the new index. After every step the prefix is a
whole checkpoint, the old or the new one, which TensorFlow reads as well.
"""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
from collections.abc import Callable
from typing import Any

from minitf.train import bundle, files
from minitf.train.table import Damaged, build_table

_ASIDE = "-aside"


def index_contents(header: Any, entries: dict[bytes, Any]) -> bytes:
    """What the index file holds."""
    pairs = [(key, entries[key].SerializeToString()) for key in sorted(entries)]
    return build_table([(b"", header.SerializeToString()), *pairs])


def replace(prefix: str, data: list[str], index: str, sync: Callable[[], None]) -> None:
    """Renames data files and index into their places at `prefix`, in the steps told above.

    `sync` flushes the folder's names to the disk. The folder is to be locked.
    """
    places = [bundle.data_path(prefix, shard, len(data)) for shard in range(len(data))]
    _step_aside(prefix, index + _ASIDE, len(data), sync)
    for path, place in zip(data, places, strict=True):
        os.replace(path, place)
    sync()
    os.replace(index, bundle.index_path(prefix))
    sync()
    for path in {*data_paths(prefix)} - {*places}:  # the old ones, and what killed saves left
        files.remove(path)


def forget(index: str) -> None:
    """Removes the temporary index files of a save that ended early."""
    for path in (index, index + _ASIDE):
        files.remove(path)


def data_paths(prefix: str) -> list[str]:
    """All data files of the prefix that are there, whatever the index says."""
    return glob.glob(glob.escape(prefix) + ".data-?????-of-?????")


def _step_aside(prefix: str, temporary: str, count: int, sync: Callable[[], None]) -> None:
    """Lets the index at `prefix` not depend on the places of `count` new data files."""
    try:
        with open(bundle.index_path(prefix), "rb") as file:
            header, entries = bundle.parse_index(file.read())
    except (OSError, Damaged):
        return  # nothing there that could be kept
    shards = {entry.shard_id for entry in entries.values() if entry.size}
    there = {shard: bundle.data_path(prefix, shard, header.num_shards) for shard in shards}
    if header.num_shards != count or not shards or not all(map(os.path.exists, there.values())):
        return
    for shard, path in there.items():
        aside = bundle.data_path(prefix, shard + count, 2 * count)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(aside)
        _link(path, aside)
    header.num_shards = 2 * count
    for entry in entries.values():
        entry.shard_id += count
    files.write_synced(temporary, index_contents(header, entries))
    sync()
    os.replace(temporary, bundle.index_path(prefix))
    sync()


def _link(path: str, name: str) -> None:
    """Give the file at `path` a second name; a copy where the file system has no hard links."""
    try:
        os.link(path, name)
    except OSError:
        shutil.copyfile(path, name)
        with open(name, "rb") as file:
            os.fsync(file.fileno())
