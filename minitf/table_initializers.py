"""Where lookup tables get their content from: tensors or text files."""

from __future__ import annotations

import os
from typing import Any

from minitf import dtypes
from minitf.graph import GraphKeys, add_to_collection, device, name_scope
from minitf.op import convert_to_tensor
from minitf.ops.tables import InitializeTableFromTextFileV2, LookupTableImportV2
from minitf.tensor import Operation, Tensor


class TextFileIndex:
    """What of a line is a key or a value, apart from the columns 0, 1, ..."""

    WHOLE_LINE = -2
    LINE_NUMBER = -1


class TableInitializerBase:
    """Gives tables of these types their content."""

    shared_name = ""  # tables of the same name share their content

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)

    @property
    def key_dtype(self) -> dtypes.DType:
        return self._key_dtype

    @property
    def value_dtype(self) -> dtypes.DType:
        return self._value_dtype

    def initialize(self, table: Any) -> Operation:
        """The op that fills `table`; TypeError where that is of other types."""
        raise NotImplementedError

    def _check(self, table: Any) -> None:
        for what, mine, its in (
            ("key", self._key_dtype, table.key_dtype),
            ("value", self._value_dtype, table.value_dtype),
        ):
            if mine.base_dtype != its:
                raise TypeError(f"Invalid {what} dtype for table, expected {its} but got {mine}.")


class KeyValueTensorInitializer(TableInitializerBase):
    """From two tensors of the same shape."""

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        self._keys = convert_to_tensor(keys, dtype=key_dtype, name="keys")
        self._values = convert_to_tensor(values, dtype=value_dtype, name="values")
        self._name = "key_value_init" if name is None else name
        super().__init__(self._keys.dtype, self._values.dtype)

    def initialize(self, table: Any) -> Operation:
        """The op that fills `table`; TypeError where that is of other types."""
        self._check(table)
        handle = table.resource_handle
        with name_scope(self._name, values=[handle, self._keys, self._values]):
            init = LookupTableImportV2(handle, self._keys, self._values)
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, init)
        return init


class TextFileInitializer(TableInitializerBase):
    """From a text file: whole lines, line numbers or columns, as `TextFileIndex` has them.

    Raises ValueError for columns that do not go with the types.
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
        value_index_offset: int = 0,
    ) -> None:
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError("`filename` argument required for tf.lookup.TextFileInitializer")
        super().__init__(key_dtype, value_dtype)
        _check_column("key", self._key_dtype, key_index)
        _check_column("value", self._value_dtype, value_index)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"`vocab_size` should be > 0, received: {vocab_size}")
        self._columns = (key_index, value_index)
        self._vocab_size = vocab_size
        self._delimiter = delimiter
        self._name = name
        self._offset = value_index_offset
        sizes = [vocab_size] if vocab_size else []
        offsets = [value_index_offset] if value_index_offset else []
        parts = [filename, *sizes, key_index, value_index, *offsets]
        self.shared_name = "_".join(["hash_table", *map(str, parts)])
        with device("CPU"):
            path = filename if isinstance(filename, Tensor) else os.fspath(filename)
            self._filename = convert_to_tensor(path, dtypes.string, "asset_path")

    def initialize(self, table: Any) -> Operation:
        """The op that fills `table`; TypeError where that is of other types."""
        self._check(table)
        with name_scope(self._name, "text_file_init", [table.resource_handle]):
            key_index, value_index = self._columns
            init = InitializeTableFromTextFileV2(
                table.resource_handle,
                self._filename,
                key_index=key_index,
                value_index=value_index,
                vocab_size=self._vocab_size or -1,
                delimiter=self._delimiter,
                offset=self._offset,
            )
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, init)
        if self._filename.op.type == "Const":
            add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)
        return init


def _check_column(what: str, dtype: dtypes.DType, index: int) -> None:
    if index < TextFileIndex.WHOLE_LINE:
        raise ValueError(f"`{what}_index` should be >= -2, received: {index}.")
    if index == TextFileIndex.LINE_NUMBER and dtype != dtypes.int64:
        raise ValueError(
            f"`{what}_dtype` must be int64 for `{what}_index` {index}, received: {dtype}"
        )
    if index == TextFileIndex.WHOLE_LINE and not (dtype.is_integer or dtype == dtypes.string):
        raise ValueError(
            f"`{what}_dtype` should be either integer or string for `{what}_index` {index}, "
            f"received: {dtype}"
        )


class TextFileStringTableInitializer(TextFileInitializer):
    """Strings by their line numbers."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.LINE_NUMBER,
        value_column_index: int = TextFileIndex.WHOLE_LINE,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_string_table_init",
    ) -> None:
        key, value = (dtypes.int64, key_column_index), (dtypes.string, value_column_index)
        super().__init__(filename, *key, *value, vocab_size, delimiter, name)


class TextFileIdTableInitializer(TextFileInitializer):
    """Line numbers by what stands in the lines."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.WHOLE_LINE,
        value_column_index: int = TextFileIndex.LINE_NUMBER,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_id_table_init",
        key_dtype: Any = dtypes.string,
    ) -> None:
        key, value = (key_dtype, key_column_index), (dtypes.int64, value_column_index)
        super().__init__(filename, *key, *value, vocab_size, delimiter, name)
