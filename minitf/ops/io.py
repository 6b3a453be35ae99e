"""Reading and writing files while a graph runs: checkpoints, and whole files."""

from __future__ import annotations

import contextlib
import glob
import os
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import constant_value, nothing, scalar
from minitf.kernels.threads import parallel
from minitf.op import op
from minitf.proto import type_name
from minitf.shape import TensorShape


def _text(value: Any) -> str:
    return value.decode("utf-8", "surrogateescape")


def _texts(values: Any) -> list[str]:
    return [_text(value) for value in np.reshape(values, -1).tolist()]


def _array(value: Any) -> np.ndarray:
    """A kernel's value as an array; a string becomes an object, not NumPy's own bytes."""
    if isinstance(value, bytes):
        array = np.empty((), object)
        array[()] = value
        return array
    return np.asarray(value)


def parsed_slice(spec: str) -> tuple[list[int], list[int], list[int]]:
    """A part in the notation of checkpoints (`4 2 0,2:-`): the whole's shape, begin and size.

    Raises InvalidArgumentError for text that is no such notation.
    """
    *sizes, parts = spec.split(" ")
    try:
        shape = [int(size) for size in sizes]
        begin, size = [], []
        for whole, part in zip(shape, parts.split(":"), strict=True):
            start, length = (0, whole) if part == "-" else map(int, part.split(","))
            begin.append(start)
            size.append(length)
    except ValueError:
        message = f"Expected a shape and a slice such as '4 2 0,2:-', got '{spec}'"
        raise InvalidArgumentError(None, None, message) from None
    return shape, begin, size


def _check_lists(names: Any, slices: Any, count: int) -> None:
    for what, given in (("tensor_names", np.size(names)), ("shape_and_slices", np.size(slices))):
        if given != count:
            message = f"{what} has {given} elements where there are {count} tensors"
            raise InvalidArgumentError(None, None, message)


@op
class SaveV2:
    """Writes tensors into a checkpoint, under the names given, all of each or as a part of more."""

    inputs = "prefix: string, tensor_names: string, shape_and_slices: string, tensors: dtypes"
    attrs = "dtypes: list(type) >= 1"
    stateful = True
    infer = nothing

    def kernel(prefix, tensor_names, shape_and_slices, tensors):
        from minitf.train.bundle_writer import BundleWriter

        _check_lists(tensor_names, shape_and_slices, len(tensors))
        parts = zip(_texts(tensor_names), _texts(shape_and_slices), tensors, strict=True)
        with BundleWriter(_text(prefix)) as writer:
            for name, spec, value in parts:
                if spec:
                    shape, begin, _ = parsed_slice(spec)
                    writer.add_slice(name, shape, begin, _array(value))
                else:
                    writer.add(name, _array(value))

    gradient = None


def save_v2(
    prefix: Any, tensor_names: Any, shape_and_slices: Any, tensors: Any, name: str | None = None
) -> Any:
    """Writes `tensors` into the checkpoint `prefix`; variables are given by reference."""
    return SaveV2(prefix, tensor_names, shape_and_slices, tensors, name=name)


def _restored_shapes(prefix: Any, tensor_names: Any, shape_and_slices: Any, dtypes: Any) -> tuple:
    specs = constant_value(shape_and_slices)
    if specs is None or np.size(specs) != len(dtypes):
        return (TensorShape(None),) * len(dtypes)
    shapes = []
    for spec in _texts(specs):
        try:
            shapes.append(TensorShape(parsed_slice(spec)[2] if spec else None))
        except InvalidArgumentError as error:
            raise ValueError(error.message) from None
    return tuple(shapes)


@op
class RestoreV2:
    """Reads tensors out of a checkpoint by their names, all of each or a part."""

    inputs = "prefix: string, tensor_names: string, shape_and_slices: string"
    outputs = "tensors: dtypes"
    attrs = "dtypes: list(type) >= 1"
    stateful = True

    def infer(prefix, tensor_names, shape_and_slices, *, dtypes):
        return _restored_shapes(prefix, tensor_names, shape_and_slices, dtypes)

    def kernel(prefix, tensor_names, shape_and_slices, *, dtypes):
        from minitf.train.bundle_reader import BundleReader

        _check_lists(tensor_names, shape_and_slices, len(dtypes))
        wanted = list(zip(_texts(tensor_names), _texts(shape_and_slices), dtypes, strict=True))
        values: list[Any] = [None] * len(wanted)

        def read(start: int, stop: int) -> None:
            for index in range(start, stop):
                values[index] = _read(reader, *wanted[index])

        with BundleReader(_text(prefix)) as reader:
            # What takes long with many bytes is the first touch of their memory: that on all cores.
            parallel(read, len(wanted), 1 if reader.size() > _LARGE else len(wanted))
        return tuple(values) if len(values) > 1 else values[0]

    gradient = None


restore_v2 = RestoreV2
_LARGE = 1 << 23  # bytes from which on threads pay


def _read(reader: Any, name: str, spec: str, dtype: Any) -> Any:
    """One tensor of a checkpoint; InvalidArgumentError where it is not of the type asked for."""
    held = reader.dtype(name)
    if held is not dtype:
        message = (
            f"tensor_name = {name}; expected dtype {type_name(dtype)} does not equal original "
            f"dtype {type_name(held)}"
        )
        raise InvalidArgumentError(None, None, message)
    if not spec:
        array = reader.read(name)
    else:
        shape, begin, size = parsed_slice(spec)
        if reader.shape(name) != tuple(shape):
            message = (
                f"tensor_name = {name}; shape in shape_and_slice spec {shape} does not match the "
                f"shape stored in checkpoint: {list(reader.shape(name))}"
            )
            raise InvalidArgumentError(None, None, message)
        array = reader.read_slice(name, begin, size)
    return array if array.ndim else array[()]


@op
class ShardedFilename:
    """The name of one of the files that together make a checkpoint."""

    inputs = "basename: string, shard: int32, num_shards: int32"
    outputs = "filename: string"
    infer = scalar

    def kernel(basename, shard, num_shards):
        return basename + b"-%05d-of-%05d" % (shard, num_shards)

    gradient = None


@op
class ShardedFilespec:
    """The pattern of the names of all files that together make a checkpoint."""

    inputs = "basename: string, num_shards: int32"
    outputs = "filename: string"
    infer = scalar

    def kernel(basename, num_shards):
        return basename + b"-?????-of-%05d" % num_shards

    gradient = None


@op
class MergeV2Checkpoints:
    """Makes one checkpoint of several, each of which holds other tensors or parts of tensors."""

    inputs = "checkpoint_prefixes: string, destination_prefix: string"
    attrs = "delete_old_dirs: bool = true, allow_missing_files: bool = false"
    stateful = True
    infer = nothing

    def kernel(checkpoint_prefixes, destination_prefix, *, delete_old_dirs, allow_missing_files):
        from minitf.train.bundle_merge import merge

        prefixes = _texts(checkpoint_prefixes)
        merge(prefixes, _text(destination_prefix), allow_missing_files)
        if delete_old_dirs:
            for folder in {os.path.dirname(prefix) for prefix in prefixes}:
                with contextlib.suppress(OSError):  # something else is in it
                    os.rmdir(folder)

    gradient = None


@op
class ReadFile:
    """A file's contents."""

    inputs = "filename: string"
    outputs = "contents: string"
    infer = scalar

    def bind(op, session):  # a kernel could be called before the run, by folding constants
        return _contents

    gradient = None


def _contents(filename: bytes) -> bytes:
    from minitf.train.files import file_error

    try:
        with open(_text(filename), "rb") as file:
            return file.read()
    except OSError as error:
        raise file_error(error, _text(filename)) from None


def read_file(filename: Any, name: str | None = None) -> Any:
    """A file's contents when it runs, as a string scalar; NotFoundError where there is none."""
    return ReadFile(filename, name=name)


@op
class WriteFile:
    """Makes a file of the contents, and its folder where there is none."""

    inputs = "filename: string, contents: string"
    stateful = True
    infer = nothing

    def kernel(filename, contents):
        from minitf.train.files import make_folders, write_atomically

        path = _text(filename)
        make_folders(os.path.dirname(path))
        write_atomically(path, contents)

    gradient = None


def write_file(filename: Any, contents: Any, name: str | None = None) -> Any:
    """An op that writes a string scalar into a file."""
    return WriteFile(filename, contents, name=name)


@op
class MatchingFiles:
    """The files whose names match a pattern or one of several, in the order of their names."""

    inputs = "pattern: string"
    outputs = "filenames: string"

    def infer(pattern):
        return TensorShape([None])

    def bind(op, session):
        return _matching

    gradient = None


def _matching(pattern: Any) -> np.ndarray:
    found = {path for text in _texts(pattern) for path in glob.glob(text)}
    return np.array([os.fsencode(path) for path in sorted(found)], object)


def matching_files(pattern: Any, name: str | None = None) -> Any:
    """The names of the files that match `pattern` when it runs, as a vector of strings."""
    return MatchingFiles(pattern, name=name)
