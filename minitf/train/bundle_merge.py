"""Making one checkpoint of several, as a sharded save does at its end: no bytes are copied."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import Any

from minitf import errors
from minitf.train import bundle, bundle_placing, files, protos
from minitf.train.bundle_reader import BundleReader


class _Merger:
    """The entries of several checkpoints under one header, and their data files in order."""

    def __init__(self) -> None:
        self.entries: dict[bytes, Any] = {}
        self.data: list[str] = []

    def add(self, prefix: str, entries: dict[bytes, Any], shards: int) -> None:
        """Takes over the entries of `prefix`; InvalidArgumentError for a tensor that is there."""
        for key, entry in entries.items():
            path = bundle.data_path(prefix, entry.shard_id, shards)
            if path not in self.data:
                self.data.append(path)
            entry.ClearField("shard_id")  # zeros are left out, as in proto3
            if shard := self.data.index(path):
                entry.shard_id = shard
            if entry.slices:
                self._add_slices(key, entry)
            elif key not in self.entries:
                self.entries[key] = entry
            else:
                message = f"Duplicate tensor keyed by {bundle.shown(key)} encountered, when merging"
                raise errors.InvalidArgumentError(None, None, f"{message} prefix: {prefix}")

    def _add_slices(self, key: bytes, entry: Any) -> None:
        known = self.entries.setdefault(key, entry)
        if known is entry:
            return
        if (known.dtype, known.shape) != (entry.dtype, entry.shape) or not known.slices:
            message = f"Ran into an incompatible slice of tensor {bundle.shown(key)}"
            raise errors.InvalidArgumentError(None, None, message)
        known.slices.extend(entry.slices)


def merge(prefixes: Sequence[str], destination: str, allow_missing: bool = False) -> None:
    """Moves the data files of the checkpoints `prefixes` to `destination`, with one index.

    The checkpoint that is there stays whole until then. Raises InvalidArgumentError where one is
    missing (with `allow_missing`: all), or two hold the same tensor.
    """
    merger, found = _Merger(), []
    for prefix in prefixes:
        try:
            with BundleReader(prefix) as reader:
                merger.add(prefix, *reader.contents())
        except errors.NotFoundError:
            if not allow_missing:
                message = f"allow_missing_files was set to false and {prefix} did not exist."
                raise errors.InvalidArgumentError(None, None, message) from None
        else:
            found.append(prefix)
    if not found:
        message = "At least one prefix checkpoint file must exist, but none existed."
        raise errors.InvalidArgumentError(None, None, message)
    _place(merger, destination)
    for prefix in {*found} - {destination}:
        files.remove(bundle.index_path(prefix))


def _place(merger: _Merger, destination: str) -> None:
    header = protos.BundleHeader(num_shards=max(len(merger.data), 1))
    header.version.producer = bundle.FORMAT_VERSION
    index = bundle.index_path(destination) + files.new_suffix()
    try:
        for path in merger.data:
            os.stat(path)  # before anything is moved
        with contextlib.suppress(FileExistsError):
            os.mkdir(os.path.dirname(destination) or ".")
        with files.locked_folder(destination) as sync:
            files.write_synced(index, bundle_placing.index_contents(header, merger.entries))
            bundle_placing.replace(destination, merger.data, index, sync)
    except BaseException as error:
        bundle_placing.forget(index)
        if isinstance(error, OSError):
            raise files.file_error(error, destination) from error
        raise
