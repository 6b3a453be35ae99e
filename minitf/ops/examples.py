"""Examples parsed while a graph runs: features of every example as dense or sparse tensors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError
from minitf.op import op
from minitf.ops.strings import text_of
from minitf.proto import as_bytes
from minitf.shape import TensorShape, brackets, unknown_shape
from minitf.tensor import Tensor

_TYPES = "list({float, int64, string}) >= 0"
_SPLITS = "list({int32, int64}) >= 0"
_LISTS = {dtypes.int64: "int64_list", dtypes.float32: "float_list", dtypes.string: "bytes_list"}
_TYPE_OF = {name: dtype for dtype, name in _LISTS.items()}
_WORDS = {dtypes.int64: "int64", dtypes.float32: "float", dtypes.string: "string"}


def _wrong(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _array(values: Any, dtype: DType) -> np.ndarray:
    if dtype is dtypes.string:
        array = np.empty(len(values), object)
        array[:] = list(values)
        return array
    return np.array(values, dtype.as_numpy_dtype)


class Source(NamedTuple):
    """Features by name, and what errors call the example that they are of."""

    features: Any
    called: str = ""  # "Name: x, " in a batch, nothing for a single example
    index: str = ""  # ", Index: 3"
    of_sequence: bool = False

    def key(self, key: str) -> str:
        return f"{self.called}Key: {key}{self.index}.  "

    def kind(self, key: str) -> str | None:
        """Which list of values a feature holds; None where there is none."""
        # A map makes an entry for a key that is asked for.
        return self.features[key].WhichOneof("kind") if key in self.features else None

    def sparse(self, key: str, dtype: DType) -> np.ndarray:
        """A feature's values, as many as there are."""
        kind = self.kind(key)
        if kind is None:
            return _array([], dtype)
        if kind != _LISTS[dtype]:
            expected, actual = _WORDS[dtype], _WORDS[_TYPE_OF[kind]]
            raise _wrong(
                f"{self.key(key)}Data types don't match. Expected type: {expected}, Actual type: "
                f"{actual}"
            )
        return _array(getattr(self.features[key], kind).value, dtype)

    def dense(self, key: str, dtype: DType, shape: TensorShape, default: np.ndarray) -> np.ndarray:
        """A feature's values in a shape whose first size may be open."""
        sizes = shape.as_list()
        open_ended = bool(sizes) and sizes[0] is None
        kind = self.kind(key)
        if kind is None:
            if open_ended:
                return _array([], dtype).reshape(0, *sizes[1:])
            if not np.size(default):
                raise _wrong(self._missing(key, dtype, shape))
            return _shaped(default, sizes)
        if kind != _LISTS[dtype]:
            raise _wrong(
                f"{self.key(key)}Data types don't match. Data type: {_WORDS[_TYPE_OF[kind]]} but "
                f"expected type: {_WORDS[dtype]}"
            )
        values = _array(getattr(self.features[key], kind).value, dtype)
        if open_ended:
            return self._rows(key, dtype, shape, values)
        if len(values) != math.prod(sizes):
            raise _wrong(self.key(key) + self._misfit(kind, dtype, values, shape))
        return values.reshape(sizes)

    def _missing(self, key: str, dtype: DType, shape: TensorShape) -> str:
        if self.of_sequence:
            return (
                f"Inconsistent max number of elements for feature {key}: expected "
                f"{shape.num_elements()}, but found 0"
            )
        return (
            f"{self.called}Feature: {key} (data type: {_WORDS[dtype]}) is required but could not "
            "be found."
        )

    def _misfit(self, kind: str, dtype: DType, values: Any, shape: TensorShape) -> str:
        if not self.called:
            return f"Can't parse serialized Example: Some {kind} slice was not parsed."
        return (
            f"Number of {_WORDS[dtype]} values != expected.  Values size: {len(values)} but output "
            f"shape: {brackets(shape)}"
        )

    def _rows(self, key: str, dtype: DType, shape: TensorShape, values: Any) -> np.ndarray:
        rest = shape.as_list()[1:]
        stride = math.prod(rest)
        if stride == 0 or len(values) % stride:
            if not self.called:
                raise _wrong(
                    f"Error while parsing feature with key {key}: number of elements should be "
                    f"divisible by {stride}, found {len(values)} instead"
                )
            raise _wrong(
                f"{self.key(key)}Number of {_WORDS[dtype]} values is not a multiple of stride "
                f"length. Saw {len(values)} values but output shape is: {brackets(shape)}"
            )
        return values.reshape(len(values) // stride, *rest)


def _shaped(default: Any, sizes: list[int]) -> np.ndarray:
    if isinstance(default, bytes):
        array = np.empty((), object)
        array[()] = default
        default = array
    return np.asarray(default).reshape(sizes)


def _scalar(array: np.ndarray) -> Any:
    return array[()] if array.ndim == 0 else array


def padded(parts: list[np.ndarray], shape: TensorShape, filler: Any, dtype: DType) -> np.ndarray:
    """The parts as one batch, those that are shorter filled up."""
    rest = shape.as_list()[1:]
    longest = max((len(part) for part in parts), default=0)
    result = np.empty((len(parts), longest, *rest), dtype.as_numpy_dtype)
    result[...] = filler
    for row, part in zip(result, parts, strict=True):
        row[: len(part)] = part
    return result


class _Batch:
    """Serialized messages, one or a vector of them, parsed."""

    def __init__(self, message: Any, serialized: Any, names: Any) -> None:
        self.single = isinstance(serialized, (bytes, str)) or np.ndim(serialized) == 0
        data = [serialized] if self.single else list(serialized)
        if not self.single:
            if np.ndim(serialized) != 1:
                shape = brackets(TensorShape(np.shape(serialized)))
                raise _wrong(f"Expected serialized to be a scalar or vector, got shape: {shape}")
            if np.size(names) and np.shape(names) != np.shape(serialized):
                raise _wrong(
                    "Expected names have the same shape as serialized: "
                    f"name.shape={brackets(TensorShape(np.shape(names)))}, "
                    f"serialized.shape={brackets(TensorShape(np.shape(serialized)))}"
                )
        self.names = [text_of(name) for name in np.ravel(np.asarray(names, object))]
        self.of_sequences = "context" in message.DESCRIPTOR.fields_by_name
        self.messages = [self._message(message, i, item) for i, item in enumerate(data)]

    def _message(self, kind: Any, i: int, data: Any) -> Any:
        from google.protobuf.message import DecodeError

        try:
            return kind.FromString(as_bytes(data))
        except DecodeError:
            pass
        if self.of_sequences:
            raise _wrong(f"Invalid protocol message input, example id: {self._name(i)}")
        raise _wrong(f"Could not parse example input, value: '{text_of(as_bytes(data))}'")

    def _name(self, i: int) -> str:
        return self.names[i] if self.names else "<unknown>"

    def source(self, i: int, features: Any) -> Source:
        if self.single and not self.of_sequences:
            return Source(features)
        return Source(features, f"Name: {self._name(i)}, ", f", Index: {i}", self.of_sequences)

    def sources(self, features: Iterable[Any]) -> list[Source]:
        return [self.source(i, found) for i, found in enumerate(features)]

    def sparse(self, sources: list[Source], key: str, dtype: DType) -> tuple[Any, ...]:
        """A feature of every example: indices, values and shape."""
        columns = [source.sparse(key, dtype) for source in sources]
        if self.single:
            count = len(columns[0])
            places = np.arange(count, dtype=np.int64).reshape(count, 1)
            return places, columns[0], np.array([count], np.int64)
        places = [(i, j) for i, column in enumerate(columns) for j in range(len(column))]
        longest = max((len(column) for column in columns), default=0)
        indices = np.array(places, np.int64).reshape(len(places), 2)
        values = np.concatenate([*columns, _array([], dtype)])
        return indices, values, np.array([len(columns), longest], np.int64)

    def dense(
        self, sources: list[Source], key: str, dtype: DType, shape: TensorShape, default: Any
    ) -> Any:
        """A feature of every example, as one tensor."""
        parts = [source.dense(key, dtype, shape, default) for source in sources]
        if self.single:
            return _scalar(parts[0])
        if shape.rank and shape.as_list()[0] is None:
            return padded(parts, shape, np.asarray(default, dtype.as_numpy_dtype)[()], dtype)
        empty = np.empty((0, *shape.as_list()), dtype.as_numpy_dtype)
        return np.stack(parts) if parts else empty


def _keys(keys: Any) -> list[str]:
    return [text_of(key) for key in np.ravel(np.asarray(keys, object))]


def _outputs(*groups: Iterable[Any]) -> Any:
    """An op's outputs, group by group; the only one by itself."""
    outputs = tuple(itertools.chain.from_iterable(groups))
    return outputs[0] if len(outputs) == 1 else outputs


def sparse_shapes(serialized: Tensor, count: int, more: int) -> tuple[list[Any], ...]:
    """The static shapes of the indices, values and shapes of sparse outputs."""
    rank = serialized._shape.rank
    rank = None if rank is None else rank + more
    return [[None, rank]] * count, [[None]] * count, [[rank]] * count


@op
class ParseExampleV2:
    """The features of an Example, or of each in a vector of them."""

    inputs = (
        "serialized: string, names: string, sparse_keys: string, dense_keys: string, "
        "ragged_keys: string, dense_defaults: Tdense"
    )
    outputs = (
        "sparse_indices: num_sparse * int64, sparse_values: sparse_types, "
        "sparse_shapes: num_sparse * int64, dense_values: Tdense, "
        "ragged_values: ragged_value_types, ragged_row_splits: ragged_split_types"
    )
    attrs = (
        f"Tdense: {_TYPES}, num_sparse: int >= 0, sparse_types: {_TYPES}, "
        f"ragged_value_types: {_TYPES}, ragged_split_types: {_SPLITS}, "
        "dense_shapes: list(shape) >= 0"
    )

    def infer(
        serialized, names, sparse_keys, dense_keys, ragged_keys, dense_defaults,
        *, num_sparse, dense_shapes,
    ):  # fmt: skip
        if (serialized._shape.rank or 0) > 1:
            raise ValueError(f"Shape must be at most rank 1 but is rank {serialized._shape.rank}")
        indices, values, shapes = sparse_shapes(serialized, num_sparse, 1)
        dense = [serialized._shape.concatenate(shape) for shape in dense_shapes]
        return (*indices, *values, *shapes, *dense)

    def kernel(
        serialized, names, sparse_keys, dense_keys, ragged_keys, dense_defaults,
        *, sparse_types, Tdense, dense_shapes,
    ):  # fmt: skip
        from minitf.train.examples import Example

        batch = _Batch(Example, serialized, names)
        sources = batch.sources(message.features.feature for message in batch.messages)
        dense = [
            batch.dense(sources, *spec)
            for spec in zip(_keys(dense_keys), Tdense, dense_shapes, dense_defaults, strict=True)
        ]
        sparse = [
            batch.sparse(sources, *spec)
            for spec in zip(_keys(sparse_keys), sparse_types, strict=True)
        ]
        return _outputs(*zip(*sparse, strict=True), dense)

    gradient = None


def _feature_lists(batch: _Batch, key: str) -> list[list[Any] | None]:
    """For each example the features of each step; None where it has no such list."""
    found = (message.feature_lists.feature_list for message in batch.messages)
    return [list(lists[key].feature) if key in lists else None for lists in found]


def _sparse_lists(batch: _Batch, key: str, dtype: DType) -> tuple[Any, ...]:
    places, columns, steps, longest = [], [_array([], dtype)], 0, 0
    for i, features in enumerate(_feature_lists(batch, key)):
        for step, feature in enumerate(features or ()):
            values = _values_of_step(batch.source(i, {}), feature, key, dtype)
            outer = (step,) if batch.single else (i, step)
            places += [(*outer, j) for j in range(len(values))]
            columns.append(values)
            longest = max(longest, len(values))
        steps = max(steps, len(features or ()))
    sizes = [steps, longest] if batch.single else [len(batch.messages), steps, longest]
    indices = np.array(places, np.int64).reshape(len(places), len(sizes))
    return indices, np.concatenate(columns), np.array(sizes, np.int64)


def _dense_lists(
    batch: _Batch, key: str, dtype: DType, shape: TensorShape, may_miss: bool
) -> tuple[Any, Any]:
    """A list of features of every example as one tensor, and the lists' lengths."""
    parts = []
    for i, features in enumerate(_feature_lists(batch, key)):
        source = batch.source(i, {})
        if features is None and not may_miss:
            raise _wrong(
                f"{source.called}Feature list '{key}' is required but could not be found.  Did you "
                "mean to include it in feature_list_dense_missing_assumed_empty or "
                "feature_list_dense_defaults?"
            )
        parts.append(_steps(source, features or [], key, dtype, shape))
    lengths = np.array([len(part) for part in parts], np.int64)
    if batch.single:
        return parts[0], lengths[0]
    filler = b"" if dtype is dtypes.string else 0
    return padded(parts, TensorShape([None]).concatenate(shape), filler, dtype), lengths


def _steps(source: Source, features: Any, key: str, dtype: DType, shape: TensorShape) -> Any:
    """The values of a list's steps, one row a step."""
    count = math.prod(shape.as_list())
    rows = [_values_of_step(source, feature, key, dtype) for feature in features]
    total = sum(map(len, rows))
    if count and total % count:
        whole = brackets(TensorShape([None]).concatenate(shape))
        raise _wrong(
            f"Feature list '{key}' has an unexpected number of values.  Total values size: {total} "
            f"is not consistent with output shape: {whole}"
        )
    result = np.empty((len(rows), *shape.as_list()), dtype.as_numpy_dtype)
    for place, row in enumerate(rows):
        if len(row) != count:
            raise _wrong(
                f"{source.key(key)}Number of values != expected.  values size: {len(row)} but "
                f"output shape: {brackets(shape)}"
            )
        result[place, ...] = row.reshape(shape.as_list())
    return result


def _values_of_step(source: Source, feature: Any, key: str, dtype: DType) -> np.ndarray:
    kind = feature.WhichOneof("kind")
    if kind not in (None, _LISTS[dtype]):
        raise _wrong(
            f"{source.called}Feature list: {key}{source.index}.  Data types don't match. Expected "
            f"type: {_WORDS[dtype]}"
        )
    return _array(getattr(feature, _LISTS[dtype]).value, dtype)


@op
class ParseSequenceExampleV2:
    """The context and the lists of features of a SequenceExample, or of each in a vector."""

    inputs = (
        "serialized: string, debug_name: string, context_sparse_keys: string, "
        "context_dense_keys: string, context_ragged_keys: string, "
        "feature_list_sparse_keys: string, feature_list_dense_keys: string, "
        "feature_list_ragged_keys: string, feature_list_dense_missing_assumed_empty: bool, "
        "context_dense_defaults: Tcontext_dense"
    )
    outputs = (
        "context_sparse_indices: Ncontext_sparse * int64, "
        "context_sparse_values: context_sparse_types, "
        "context_sparse_shapes: Ncontext_sparse * int64, context_dense_values: Tcontext_dense, "
        "context_ragged_values: context_ragged_value_types, "
        "context_ragged_row_splits: context_ragged_split_types, "
        "feature_list_sparse_indices: Nfeature_list_sparse * int64, "
        "feature_list_sparse_values: feature_list_sparse_types, "
        "feature_list_sparse_shapes: Nfeature_list_sparse * int64, "
        "feature_list_dense_values: feature_list_dense_types, "
        "feature_list_dense_lengths: Nfeature_list_dense * int64, "
        "feature_list_ragged_values: feature_list_ragged_value_types, "
        "feature_list_ragged_outer_splits: feature_list_ragged_split_types, "
        "feature_list_ragged_inner_splits: feature_list_ragged_split_types"
    )
    attrs = (
        f"Ncontext_sparse: int >= 0 = 0, Tcontext_dense: {_TYPES} = [], "
        f"context_sparse_types: {_TYPES} = [], context_ragged_value_types: {_TYPES} = [], "
        f"context_ragged_split_types: {_SPLITS} = [], context_dense_shapes: list(shape) >= 0 = [], "
        "Nfeature_list_sparse: int >= 0 = 0, Nfeature_list_dense: int >= 0 = 0, "
        f"feature_list_dense_types: {_TYPES} = [], feature_list_sparse_types: {_TYPES} = [], "
        f"feature_list_ragged_value_types: {_TYPES} = [], "
        f"feature_list_ragged_split_types: {_SPLITS} = [], "
        "feature_list_dense_shapes: list(shape) >= 0 = []"
    )

    def infer(
        serialized, *others, Ncontext_sparse, context_dense_shapes, Nfeature_list_sparse,
        feature_list_dense_shapes,
    ):  # fmt: skip
        outer = serialized._shape
        if (outer.rank or 0) > 1:
            raise ValueError(f"Shape must be at most rank 1 but is rank {outer.rank}")
        context = [part for one in sparse_shapes(serialized, Ncontext_sparse, 1) for part in one]
        lists = [part for one in sparse_shapes(serialized, Nfeature_list_sparse, 2) for part in one]
        steps = outer.concatenate(unknown_shape(1))
        return (
            *context,
            *(outer.concatenate(shape) for shape in context_dense_shapes),
            *lists,
            *(steps.concatenate(shape) for shape in feature_list_dense_shapes),
            *(outer for _ in feature_list_dense_shapes),
        )

    def kernel(
        serialized, debug_name, context_sparse_keys, context_dense_keys, context_ragged_keys,
        list_sparse_keys, list_dense_keys, list_ragged_keys, missing_assumed_empty, defaults,
        *, context_sparse_types, Tcontext_dense, context_dense_shapes, feature_list_sparse_types,
        feature_list_dense_types, feature_list_dense_shapes,
    ):  # fmt: skip
        from minitf.train.examples import SequenceExample

        batch = _Batch(SequenceExample, serialized, debug_name)
        sources = batch.sources(message.context.feature for message in batch.messages)
        dense_specs = zip(
            _keys(context_dense_keys), Tcontext_dense, context_dense_shapes, defaults, strict=True
        )
        dense = [batch.dense(sources, *spec) for spec in dense_specs]
        sparse_specs = zip(_keys(context_sparse_keys), context_sparse_types, strict=True)
        sparse = [batch.sparse(sources, *spec) for spec in sparse_specs]
        specs = zip(_keys(list_sparse_keys), feature_list_sparse_types, strict=True)
        sparse_lists = [_sparse_lists(batch, *spec) for spec in specs]
        list_specs = zip(
            _keys(list_dense_keys), feature_list_dense_types, feature_list_dense_shapes,
            missing_assumed_empty, strict=True,
        )  # fmt: skip
        dense_lists = [_dense_lists(batch, *spec) for spec in list_specs]
        return _outputs(
            *zip(*sparse, strict=True), dense, *zip(*sparse_lists, strict=True),
            *zip(*dense_lists, strict=True),
        )  # fmt: skip

    gradient = None
