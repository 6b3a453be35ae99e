"""Lookup tables: values by keys, which live in the session."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import FailedPreconditionError, InvalidArgumentError
from minitf.infer import nothing, scalar
from minitf.kernels.file_errors import file_error
from minitf.op import op
from minitf.shape import unknown_shape

_WHOLE_LINE, _LINE_NUMBER = -2, -1
_ATTRS = (
    'container: string = "", shared_name: string = "", use_node_name_sharing: bool = false, '
    "key_dtype: type, value_dtype: type"
)


class TableState:
    """A table's content in a session: None until it is initialized, if it has to be."""

    def __init__(self, op: Any, content: dict[Any, Any] | None) -> None:
        self.content = content
        self.key_dtype = op._attrs["key_dtype"].as_numpy_dtype
        self.value_dtype = op._attrs["value_dtype"].as_numpy_dtype

    def known(self) -> dict[Any, Any]:
        """The content; FailedPreconditionError where there is none yet."""
        if self.content is None:
            raise FailedPreconditionError(None, None, "Table not initialized.")
        return self.content

    def initialize(self, keys: Any, values: Any) -> None:
        """Gives an empty table its content; FailedPreconditionError where that is unclear."""
        if self.content is not None:
            return
        content: dict[Any, Any] = {}
        for key, value in zip(_items(keys), _items(values), strict=True):
            if content.setdefault(key, value) != value:
                raise FailedPreconditionError(
                    None,
                    None,
                    "HashTable has different value for same key. Key "
                    f"{_shown(key)} has {_shown(content[key])} and trying to add value "
                    f"{_shown(value)}",
                )
        self.content = content


def _items(array: Any) -> list[Any]:
    """The elements as Python's own objects, which dicts find quickly."""
    return [array] if isinstance(array, bytes) else np.asarray(array).ravel().tolist()


def _shown(item: Any) -> str:
    return item.decode(errors="replace") if isinstance(item, bytes) else str(item)


def _check_shapes(keys: Any, values: Any) -> None:
    if np.shape(keys) != np.shape(values):
        wanted, got = list(np.shape(keys)), list(np.shape(values))
        raise InvalidArgumentError(None, None, f"Expected shape {wanted} for value, got {got}")


def _array(items: list[Any], dtype: Any, shape: Any) -> Any:
    array = np.empty(len(items), dtype=dtype)
    array[:] = items
    return array.reshape(shape)[()]


def _state(op: Any, session: Any, content: dict[Any, Any] | None) -> Any:
    """The table's state, which tables of the same `shared_name` share."""
    key = op._attrs["shared_name"] or op
    state = session._op_state.setdefault(key, TableState(op, content))
    return lambda: state


@op
class HashTableV2:
    """A table that is initialized once and never changes."""

    outputs = "table_handle: resource"
    attrs = _ATTRS
    stateful = True
    infer = scalar

    def bind(op, session):
        return _state(op, session, None)

    gradient = None


@op
class MutableHashTableV2:
    """A table that ops put values into."""

    outputs = "table_handle: resource"
    attrs = _ATTRS
    stateful = True
    infer = scalar

    def bind(op, session):
        return _state(op, session, {})

    gradient = None


@op
class LookupTableFindV2:
    """The value for each key, or the default value."""

    inputs = "table_handle: resource, keys: Tin, default_value: Tout"
    outputs = "values: Tout"
    attrs = "Tin: type, Tout: type"
    stateful = True

    def infer(table_handle, keys, default_value):
        return keys.shape

    def kernel(table_handle, keys, default_value):
        find, default = table_handle.known().get, _items(default_value)[0]
        found = [find(key, default) for key in _items(keys)]
        return _array(found, table_handle.value_dtype, np.shape(keys))

    gradient = None


@op
class LookupTableImportV2:
    """Makes these the table's keys and values; a table that never changes keeps its first ones."""

    inputs = "table_handle: resource, keys: Tin, values: Tout"
    attrs = "Tin: type, Tout: type"
    stateful = True
    infer = nothing

    def bind(op, session):
        is_mutable = op._inputs[0].op.type == "MutableHashTableV2"

        def kernel(table_handle, keys, values):
            _check_shapes(keys, values)
            if is_mutable:
                table_handle.content = dict(zip(_items(keys), _items(values), strict=True))
            else:
                table_handle.initialize(keys, values)

        return kernel

    gradient = None


@op
class LookupTableInsertV2:
    """Puts values into the table, over those that their keys had."""

    inputs = "table_handle: resource, keys: Tin, values: Tout"
    attrs = "Tin: type, Tout: type"
    stateful = True
    infer = nothing

    def kernel(table_handle, keys, values):
        _check_shapes(keys, values)
        table_handle.known().update(zip(_items(keys), _items(values), strict=True))

    gradient = None


@op
class LookupTableRemoveV2:
    """Takes keys out of the table; those that are not there are ignored."""

    inputs = "table_handle: resource, keys: Tin"
    attrs = "Tin: type"
    stateful = True
    infer = nothing

    def kernel(table_handle, keys):
        content = table_handle.known()
        for key in _items(keys):
            content.pop(key, None)

    gradient = None


@op
class LookupTableSizeV2:
    """How many keys the table has."""

    inputs = "table_handle: resource"
    outputs = "size: int64"
    stateful = True
    infer = scalar

    def kernel(table_handle):
        return np.int64(len(table_handle.content or ()))

    gradient = None


@op
class LookupTableExportV2:
    """All keys, and their values."""

    inputs = "table_handle: resource"
    outputs = "keys: Tkeys, values: Tvalues"
    attrs = "Tkeys: type, Tvalues: type"
    stateful = True

    def infer(table_handle):
        return unknown_shape(), unknown_shape()

    def kernel(table_handle):
        content = table_handle.known()
        shape = (len(content),)
        keys = _array(list(content), table_handle.key_dtype, shape)
        return keys, _array(list(content.values()), table_handle.value_dtype, shape)

    gradient = None


@op
class InitializeTableFromTextFileV2:
    """Makes a text file's lines, or their columns or numbers, the table's keys and values."""

    inputs = "table_handle: resource, filename: string"
    attrs = (
        "key_index: int >= -2, value_index: int >= -2, vocab_size: int >= -1 = -1, "
        'delimiter: string = "\\t", offset: int = 0'
    )
    stateful = True
    infer = nothing

    def kernel(table_handle, filename, *, key_index, value_index, vocab_size, delimiter, offset):
        if table_handle.content is not None:
            return
        path = filename.decode()
        lines = _lines(path, vocab_size)
        kinds = (table_handle.key_dtype, table_handle.value_dtype)
        columns = [
            [_field(line, number, index, kind, delimiter, path) for number, line in lines]
            for index, kind in zip((key_index, value_index), kinds, strict=True)
        ]
        if value_index == _LINE_NUMBER:
            columns[1] = [number + offset for number in columns[1]]
        table_handle.initialize(*(np.array(column, object) for column in columns))

    gradient = None


def _lines(path: str, most: int) -> list[tuple[int, bytes]]:
    """A file's lines with their numbers; InvalidArgumentError where there are fewer than `most`."""
    try:
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")
    except OSError as error:
        raise file_error(error, path) from error
    if not lines[-1]:
        lines.pop()
    lines = [line.removesuffix(b"\r") for line in lines]
    if most > len(lines):
        raise InvalidArgumentError(
            None, None, f"Invalid vocab_size in {path}: expected {most} but got {len(lines)}"
        )
    return list(enumerate(lines if most < 0 else lines[:most]))


def _field(line: bytes, number: int, index: int, kind: Any, delimiter: str, path: str) -> Any:
    """One line's key or value."""
    if not line:
        raise InvalidArgumentError(
            None, None, f"Invalid content in {path}: empty line found at row {number}."
        )
    if index == _LINE_NUMBER:
        return number
    text = line
    if index != _WHOLE_LINE:
        parts = line.split(delimiter.encode())
        if index >= len(parts):
            raise InvalidArgumentError(
                None,
                None,
                f"Invalid number of columns in {path} line {number} ({_shown(line)}) : expected at "
                f"least {index + 1} got {len(parts)}",
            )
        text = parts[index]
    if kind is np.object_ or kind is object:
        return text
    try:
        return kind(text.decode()).item()
    except ValueError:
        raise InvalidArgumentError(
            None,
            None,
            f"Field {_shown(text)} in line {number} is not a valid {np.dtype(kind).name}.",
        ) from None
