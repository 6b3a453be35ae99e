"""Tables of words: numbers by words and words by numbers, with buckets for other words."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from minitf import dtypes
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import add
from minitf.ops.array import size, where_v2
from minitf.ops.casts import cast
from minitf.ops.control import no_op
from minitf.ops.filling import range_of
from minitf.ops.hashing import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from minitf.ops.logic import not_equal
from minitf.ops.parsing import as_string
from minitf.sparse_tensor import SparseTensor
from minitf.table_initializers import (
    KeyValueTensorInitializer,
    TableInitializerBase,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileStringTableInitializer,
)
from minitf.tables import LookupInterface, StaticHashTable
from minitf.tensor import Operation, Tensor


class HasherSpec(NamedTuple):
    """Which hash sorts unknown words into buckets, and the key that it has, if any."""

    hasher: str
    key: Any


FastHashSpec = HasherSpec("fasthash", None)


def StrongHashSpec(key: Any) -> HasherSpec:
    """A hash under a key of two whole numbers, which nobody else can foresee."""
    if len(key) != 2:
        raise ValueError(f"`key` must have size 2, received {len(key)}")
    if not all(isinstance(part, int) for part in key):
        raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
    return HasherSpec("stronghash", key)


class IdTableWithHashBuckets(LookupInterface):
    """A table whose unknown keys get numbers after the known ones', by a hash.

    Without a table there are only buckets. Raises TypeError for types other than strings or
    integers for keys and int64 for values.
    """

    def __init__(
        self,
        table: Any,
        num_oov_buckets: int,
        hasher_spec: Any = FastHashSpec,
        name: str | None = None,
        key_dtype: Any = None,
    ) -> None:
        if table is None and num_oov_buckets <= 0:
            raise ValueError("`oov_buckets` must be > 0 if no `table` is supplied.")
        default_dtype = dtypes.string if table is None else table.key_dtype
        key_dtype = default_dtype if key_dtype is None else dtypes.as_dtype(key_dtype)
        if table is not None:
            _check_types(table, key_dtype)
        if not (key_dtype.is_integer or key_dtype == dtypes.string):
            raise TypeError(f"Invalid `key_dtype`, expected integer or string, got {key_dtype}.")
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(f"`hasher_spec` must be of type HasherSpec, got {type(hasher_spec)}.")
        super().__init__(key_dtype, dtypes.int64)
        self._table = table
        self._num_oov_buckets = num_oov_buckets
        self._hasher_spec = hasher_spec
        default_name = "hash_bucket" if table is None else table.name
        self._table_name = (name or default_name).rstrip("/").rpartition("/")[2]

    @property
    def initializer(self) -> Operation:
        if self._table is not None:
            return self._table.initializer
        with name_scope(None, "init"):
            return no_op()

    init = initializer

    @property
    def resource_handle(self) -> Tensor | None:
        return None if self._table is None else self._table.resource_handle

    def size(self, name: str | None = None) -> Tensor:
        """How many numbers there are, the buckets' included."""
        with name_scope(name, f"{self.name}_Size"):
            if self._table is None:
                return convert_to_tensor(0, dtype=dtypes.int64) + self._num_oov_buckets
            return self._table.size() + self._num_oov_buckets

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The number of each key, a tensor's or a SparseTensor's."""
        self._check_keys(keys)
        values = keys.values if isinstance(keys, SparseTensor) else keys
        if self._table is not None and self._table.key_dtype == dtypes.int64:
            values = cast(values, dtypes.int64)
        if not self._num_oov_buckets:
            ids = self._table.lookup(values, name=name)
        else:
            with name_scope(name, f"{self.name}_Lookup"):
                ids = self._with_buckets(values)
        if isinstance(keys, SparseTensor):
            return SparseTensor(keys.indices, ids, keys.dense_shape)
        return ids

    def _with_buckets(self, values: Tensor) -> Tensor:
        words = values if values.dtype.base_dtype == dtypes.string else as_string(values)
        hasher = _hasher(self._hasher_spec)
        buckets = hasher(words, num_buckets=self._num_oov_buckets, name="hash_bucket")
        if self._table is None:
            return buckets
        ids = self._table.lookup(values)
        buckets = add(buckets, self._table.size())
        return where_v2(not_equal(ids, self._table.default_value), ids, buckets)


def _check_types(table: Any, key_dtype: Any) -> None:
    supported = (dtypes.int64, dtypes.string)
    if table.key_dtype not in supported:
        raise TypeError(f"Invalid `key_dtype`, expected one of {supported}, received {key_dtype}.")
    if table.key_dtype.is_integer != key_dtype.is_integer:
        kind = "integer" if key_dtype.is_integer else "non-integer"
        raise TypeError(f"Invalid `key dtype`, expected {kind} but got {table.key_dtype}.")
    if table.value_dtype != dtypes.int64:
        raise TypeError(f"Invalid `value_dtype`: expected int64 but got {table.value_dtype}.")


def _hasher(spec: HasherSpec) -> Any:
    if spec.hasher == "fasthash":
        return string_to_hash_bucket_fast
    if spec.hasher == "legacy":
        return string_to_hash_bucket
    if spec.hasher == "stronghash":
        return partial(string_to_hash_bucket_strong, key=spec.key)
    raise ValueError(f"Found unknown hasher {spec.hasher} in `hasher_spec`")


class StaticVocabularyTable(IdTableWithHashBuckets):
    """Numbers by words: an initializer's, and buckets for other words, by a hash."""

    def __init__(
        self,
        initializer: TableInitializerBase | None,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("`num_oov_buckets` must be > 0; use StaticHashTable.")
        table = None
        if initializer is not None:
            wanted = initializer.key_dtype if lookup_key_dtype is None else lookup_key_dtype
            _check_types(initializer, dtypes.as_dtype(wanted))
            table = StaticHashTable(initializer, default_value=-1)
        key_dtype = lookup_key_dtype if initializer is not None else dtypes.string
        super().__init__(table, num_oov_buckets, name=name, key_dtype=key_dtype)


def _with_oov(table: Any, buckets: int, spec: Any, key_dtype: Any) -> Any:
    if not buckets:
        return table
    return IdTableWithHashBuckets(table, buckets, hasher_spec=spec, key_dtype=key_dtype)


def _check_file(vocabulary_file: Any, vocab_size: int | None) -> None:
    if vocabulary_file is None or (isinstance(vocabulary_file, str) and not vocabulary_file):
        raise ValueError("`vocabulary_file` must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(
            f"`vocab_size` must be greater than 0, got {vocab_size} for vocabulary_file: "
            f"{vocabulary_file}."
        )


def index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: Any = -1,
    hasher_spec: Any = FastHashSpec,
    key_dtype: Any = dtypes.string,
    name: str | None = None,
    key_column_index: int = TextFileIndex.WHOLE_LINE,
    value_column_index: int = TextFileIndex.LINE_NUMBER,
    delimiter: str = "\t",
) -> Any:
    """A table of line numbers by what stands in a file's lines."""
    key_dtype = dtypes.as_dtype(key_dtype)
    _check_file(vocabulary_file, None)
    if num_oov_buckets < 0:
        raise ValueError(f"num_oov_buckets must be greater or equal than 0, got {num_oov_buckets}.")
    _check_file(vocabulary_file, vocab_size)
    if not (key_dtype.is_integer or key_dtype.base_dtype == dtypes.string):
        raise TypeError("Dtype for `keys` should be either integer or string.")
    with name_scope(name, "string_to_index"):
        with name_scope(None, "hash_table"):
            init = TextFileIdTableInitializer(
                vocabulary_file,
                vocab_size=vocab_size,
                key_dtype=dtypes.int64 if key_dtype.is_integer else key_dtype,
                name="table_init",
                key_column_index=key_column_index,
                value_column_index=value_column_index,
                delimiter=delimiter,
            )
            table = StaticHashTable(init, default_value)
        return _with_oov(table, num_oov_buckets, hasher_spec, key_dtype)


def index_table_from_tensor(
    vocabulary_list: Any,
    num_oov_buckets: int = 0,
    default_value: Any = -1,
    hasher_spec: Any = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """A table of the words' places in a list."""
    dtype = dtypes.as_dtype(dtype)
    if vocabulary_list is None:
        raise ValueError("`vocabulary_list` must be specified.")
    if num_oov_buckets < 0:
        raise ValueError(
            f"`num_oov_buckets` must be greater or equal than 0, got {num_oov_buckets}."
        )
    if not (dtype.is_integer or dtype.base_dtype == dtypes.string):
        raise TypeError("`dtype` must either be integer or string.")
    with name_scope(name, "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if keys.dtype.is_integer != dtype.is_integer:
            kind = "integer" if dtype.is_integer else "non-integer"
            raise ValueError(f"Invalid `dtype`: Expected {kind}, got {keys.dtype}.")
        if not dtype.is_integer and keys.dtype.base_dtype != dtype:
            raise ValueError(f"Invalid `dtype`: Expected {dtype}, got {keys.dtype}.")
        values = cast(range_of(size(keys)), dtypes.int64)
        with name_scope(None, "hash_table"):
            if keys.dtype.is_integer:
                keys = cast(keys, dtypes.int64)
            kinds = (keys.dtype.base_dtype, dtypes.int64)
            init = KeyValueTensorInitializer(keys, values, *kinds, name="table_init")
            table = StaticHashTable(init, default_value)
        return _with_oov(table, num_oov_buckets, hasher_spec, dtype)


def index_to_string_table_from_file(
    vocabulary_file: Any,
    vocab_size: int | None = None,
    default_value: Any = "UNK",
    name: str | None = None,
    key_column_index: int = TextFileIndex.LINE_NUMBER,
    value_column_index: int = TextFileIndex.WHOLE_LINE,
    delimiter: str = "\t",
) -> StaticHashTable:
    """A table of what stands in a file's lines by their numbers."""
    _check_file(vocabulary_file, vocab_size)
    with name_scope(name, "index_to_string"):
        init = TextFileStringTableInitializer(
            vocabulary_file,
            vocab_size=vocab_size,
            name="table_init",
            key_column_index=key_column_index,
            value_column_index=value_column_index,
            delimiter=delimiter,
        )
        return StaticHashTable(init, default_value)


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: Any = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table of a list's words by their places."""
    if vocabulary_list is None:
        raise ValueError("`vocabulary_list` argument must be specified.")
    with name_scope(name, "index_to_string"):
        words = convert_to_tensor(vocabulary_list, dtypes.string)
        keys = cast(range_of(size(words)), dtypes.int64)
        kinds = (dtypes.int64, dtypes.string)
        init = KeyValueTensorInitializer(keys, words, *kinds, name="table_init")
        return StaticHashTable(init, default_value)
