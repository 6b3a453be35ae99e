"""Lookup tables: values by keys, static and changing."""

from __future__ import annotations

import uuid
from typing import Any

from minitf import dtypes
from minitf.graph import GraphKeys, add_to_collection, colocate_with, name_scope
from minitf.op import convert_to_tensor
from minitf.ops import tables
from minitf.sparse_tensor import SparseTensor
from minitf.table_initializers import TableInitializerBase
from minitf.tensor import Operation, Tensor
from minitf.train.saver_nodes import SaveableObject, SaveSpec


class LookupInterface:
    """What all tables have: their types, `size()` and `lookup(keys)`."""

    _table_name: str | None = None

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)

    @property
    def key_dtype(self) -> dtypes.DType:
        return self._key_dtype

    @property
    def value_dtype(self) -> dtypes.DType:
        return self._value_dtype

    @property
    def name(self) -> str | None:
        return self._table_name

    def size(self, name: str | None = None) -> Tensor:
        """How many keys there are."""
        raise NotImplementedError

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The value for each key, a tensor's or a SparseTensor's."""
        raise NotImplementedError

    def __getitem__(self, keys: Any) -> Any:
        return self.lookup(keys)

    def _check_keys(self, keys: Any) -> None:
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(
                f"Dtype of argument `keys` must be {self._key_dtype}, received: {keys.dtype}"
            )


class StaticHashTable(LookupInterface):
    """A table that `tf.tables_initializer()` fills once, `default_value` for other keys.

    Raises TypeError for keys and values of other types than the initializer's.
    """

    def __init__(
        self,
        initializer: TableInitializerBase,
        default_value: Any,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ) -> None:
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=self._value_dtype)
        self._default_value.shape.merge_with([])
        self.resource_handle = tables.HashTableV2(
            shared_name=initializer.shared_name or f"hash_table_{uuid.uuid4()}",
            key_dtype=self._key_dtype,
            value_dtype=self._value_dtype,
            name=name or "hash_table",
        )
        self._table_name = self.resource_handle.op.name.rpartition("/")[2]
        self._init_op = initializer.initialize(self)

    @property
    def initializer(self) -> Operation:
        return self._init_op

    init = initializer

    @property
    def default_value(self) -> Tensor:
        return self._default_value

    def size(self, name: str | None = None) -> Tensor:
        """How many keys there are."""
        with name_scope(name, f"{self.name}_Size", [self.resource_handle]):
            return tables.LookupTableSizeV2(self.resource_handle)

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The value for each key, a tensor's or a SparseTensor's."""
        self._check_keys(keys)
        given = keys.values if isinstance(keys, SparseTensor) else keys
        used = [self.resource_handle, given, self._default_value]
        with name_scope(name, f"{self.name}_Lookup", used):
            values = tables.LookupTableFindV2(*used)
        if isinstance(keys, SparseTensor):
            return SparseTensor(keys.indices, values, keys.dense_shape)
        return values

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys, and their values."""
        with name_scope(name, f"{self.name}_Export", [self.resource_handle]):
            keys, values = tables.LookupTableExportV2(
                self.resource_handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
        return keys, values


HashTable = StaticHashTable


class MutableHashTable(LookupInterface):
    """A table that ops put values into; savers keep it, unless `checkpoint` is false."""

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str = "MutableHashTable",
        checkpoint: bool = True,
        experimental_is_anonymous: bool = False,
    ) -> None:
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=value_dtype)
        if self._default_value.shape.ndims != 0:
            raise NotImplementedError("minitf's tables hold single values, no vectors")
        self.resource_handle = tables.MutableHashTableV2(
            use_node_name_sharing=checkpoint,
            key_dtype=self._key_dtype,
            value_dtype=self._value_dtype,
            name=name,
        )
        self._table_name = self.resource_handle.op.name.rpartition("/")[2]
        if checkpoint:
            add_to_collection(GraphKeys.SAVEABLE_OBJECTS, _SaveableTable(self, name))

    def size(self, name: str | None = None) -> Tensor:
        """How many keys there are."""
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_Size", [handle]), colocate_with(handle):
            return tables.LookupTableSizeV2(handle)

    def lookup(  # type: ignore[override]
        self, keys: Any, dynamic_default_values: Any = None, name: str | None = None
    ) -> Tensor:
        """The value for each key, the table's default or `dynamic_default_values` for others."""
        handle, default = self.resource_handle, self._default_value
        used = [handle, keys, default]
        with name_scope(name, f"{self.name}_lookup_table_find", used):
            keys = convert_to_tensor(keys, dtype=self._key_dtype, name="keys")
            if dynamic_default_values is not None:
                default = dynamic_default_values
            with colocate_with(handle):
                return tables.LookupTableFindV2(handle, keys, default)

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Operation:
        """An op that puts values in, over those that their keys had."""
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_lookup_table_insert", [handle, keys, values]):
            keys = convert_to_tensor(keys, self._key_dtype, name="keys")
            values = convert_to_tensor(values, self._value_dtype, name="values")
            with colocate_with(handle):
                return tables.LookupTableInsertV2(handle, keys, values)

    def remove(self, keys: Any, name: str | None = None) -> Operation:
        """An op that takes keys out; TypeError for keys of another type."""
        self._check_keys(keys)
        handle = self.resource_handle
        used = [handle, keys, self._default_value]
        with name_scope(name, f"{self.name}_lookup_table_remove", used):
            return tables.LookupTableRemoveV2(handle, keys)

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys, and their values."""
        handle = self.resource_handle
        scope = name_scope(name, f"{self.name}_lookup_table_export_values", [handle])
        with scope, colocate_with(handle):
            keys, values = tables.LookupTableExportV2(
                handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
        return keys, values


class _SaveableTable(SaveableObject):
    """A table in a checkpoint: its keys and its values."""

    def __init__(self, table: MutableHashTable, name: str) -> None:
        self._table = table
        specs = [
            SaveSpec(tensor, "", f"{name}-{part}", tensor.dtype, tensor.device)
            for part, tensor in zip(("keys", "values"), table.export(), strict=True)
        ]
        super().__init__(table, specs, name)

    def restore(self, restored_tensors: list[Any], restored_shapes: Any) -> Operation:
        """Replaces the table's content by what was read."""
        handle = self._table.resource_handle
        with name_scope(f"{self.name}_table_restore"), colocate_with(handle):
            return tables.LookupTableImportV2(handle, *restored_tensors)
