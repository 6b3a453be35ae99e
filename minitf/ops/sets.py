"""Sets as the last dimension of tensors: what is in one and not in another, in both, in either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.infer import constant_shape
from minitf.op import op
from minitf.shape import UNKNOWN, TensorShape, brackets, unknown_shape
from minitf.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.tensor import Tensor

_OPERATIONS: dict[str, Callable[[Any, Any], np.ndarray]] = {
    "a-b": np.setdiff1d,
    "b-a": lambda a, b: np.setdiff1d(b, a),
    "intersection": np.intersect1d,
    "union": np.union1d,
}
_ATTRS = (
    "set_operation: string, validate_indices: bool = true, "
    "T: {int8, int16, int32, int64, uint8, uint16, string}"
)
_OUTPUTS = "result_indices: int64, result_values: T, result_shape: int64"
_TYPES = frozenset(map(dtypes.as_dtype, "int8 int16 int32 int64 uint8 uint16 string".split()))


def _wrong(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


class _Rows:
    """The sets of a tensor by the places of its outer dimensions."""

    def __init__(self, outer: tuple[int, ...], sets: Any) -> None:
        self.outer, self._sets = outer, sets

    def __getitem__(self, place: tuple[int, ...]) -> Any:
        return self._sets(place)


def _dense(array: Any) -> _Rows:
    return _Rows(array.shape[:-1], lambda place: array[place])


def _sparse(indices: Any, values: Any, shape: Any, validate: bool) -> _Rows:
    if validate:
        for i in range(1, len(indices)):
            if tuple(indices[i - 1]) >= tuple(indices[i]):
                place = "[" + ",".join(map(str, indices[i])) + "]"
                raise _wrong(
                    f"indices[{i}] = {place} is out of order. Many sparse ops require sorted "
                    "indices.\n    Use `tf.sparse.reorder` to create a correctly ordered copy."
                )
    found: dict[tuple[int, ...], list[int]] = {}
    for i, place in enumerate(indices):
        found.setdefault(tuple(map(int, place[:-1])), []).append(i)
    return _Rows(tuple(map(int, shape[:-1])), lambda place: values[found.get(place, [])])


def _combined(first: _Rows, second: _Rows, operation: str, dtype: Any) -> tuple[Any, ...]:
    """A sparse tensor's parts: an operation on each pair of sets."""
    if first.outer != second.outer:
        shapes = (brackets(TensorShape(rows.outer)) for rows in (first, second))
        raise _wrong("Mismatched shapes " + " vs ".join(shapes))
    function, outer = _OPERATIONS[operation], first.outer
    places, values, longest = [], [], 0
    for place in np.ndindex(*outer):
        found = function(first[place], second[place])
        places += [(*place, i) for i in range(len(found))]
        values += list(found)
        longest = max(longest, len(found))
    indices = np.array(places, np.int64).reshape(len(values), len(outer) + 1)
    result = np.empty(len(values), dtype)
    result[:] = values
    return indices, result, np.array([*outer, longest], np.int64)


def _result(rank: int | None) -> tuple[Any, ...]:
    return unknown_shape(2).merge_with([None, rank]), [None], [rank]


def _rank_of(dense: Tensor) -> int | None:
    rank = dense._shape.rank
    if rank is not None and rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {rank}")
    return rank


def _rank_in(shape: Tensor) -> int | None:
    """How many dimensions a sparse tensor has."""
    rank = constant_shape(shape).rank
    return shape._shape[0].value if rank is None and shape._shape.rank == 1 else rank


@op
class DenseToDenseSetOperation:
    """A set operation on each pair of rows; the result is a sparse tensor's three parts."""

    inputs = "set1: T, set2: T"
    outputs = _OUTPUTS
    attrs = _ATTRS

    def infer(set1, set2):
        first, second = _rank_of(set1), _rank_of(set2)
        set1._shape[:-1].merge_with(set2._shape[:-1])
        return _result(first if first is not None else second)

    def kernel(set1, set2, *, set_operation):
        return _combined(_dense(set1), _dense(set2), set_operation, set1.dtype)

    gradient = None


@op
class DenseToSparseSetOperation:
    """The same of a dense and a sparse tensor."""

    inputs = "set1: T, set2_indices: int64, set2_values: T, set2_shape: int64"
    outputs = _OUTPUTS
    attrs = _ATTRS

    def infer(set1, set2_indices, set2_values, set2_shape):
        rank = _rank_of(set1)
        return _result(rank if rank is not None else _rank_in(set2_shape))

    def kernel(set1, indices, values, shape, *, set_operation, validate_indices):
        second = _sparse(indices, values, shape, validate_indices)
        return _combined(_dense(set1), second, set_operation, set1.dtype)

    gradient = None


@op
class SparseToSparseSetOperation:
    """The same of two sparse tensors."""

    inputs = (
        "set1_indices: int64, set1_values: T, set1_shape: int64, set2_indices: int64, "
        "set2_values: T, set2_shape: int64"
    )
    outputs = _OUTPUTS
    attrs = _ATTRS

    def infer(indices1, values1, shape1, indices2, values2, shape2):
        rank = _rank_in(shape1)
        return _result(rank if rank is not None else _rank_in(shape2))

    def kernel(
        indices1, values1, shape1, indices2, values2, shape2, *, set_operation, validate_indices
    ):
        first = _sparse(indices1, values1, shape1, validate_indices)
        second = _sparse(indices2, values2, shape2, validate_indices)
        return _combined(first, second, set_operation, values1.dtype)

    gradient = None


@op
class SetSize:
    """How many different elements each set of a sparse tensor has."""

    inputs = "set_indices: int64, set_values: T, set_shape: int64"
    outputs = "size: int32"
    attrs = "validate_indices: bool = true, T: {int8, int16, int32, int64, uint8, uint16, string}"

    def infer(set_indices, set_values, set_shape):
        return UNKNOWN

    def kernel(indices, values, shape, *, validate_indices):
        rows = _sparse(indices, values, shape, validate_indices)
        sizes = np.zeros(rows.outer, np.int32)
        for place in np.ndindex(*rows.outer):
            sizes[place] = len(set(rows[place].tolist()))
        return sizes if rows.outer else sizes[()]

    gradient = None


def _pair(a: Any, b: Any) -> tuple[Any, Any, bool]:
    """Both as tensors, the dense one first, and whether they have changed places."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if a.dtype.base_dtype not in _TYPES:
        raise TypeError(
            f"'a' has invalid dtype `{a.dtype}` not in supported dtypes: `{set(_TYPES)}`."
        )
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if b.dtype.base_dtype != a.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype} vs {b.dtype}.")
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        return b, a, True
    return a, b, False


def _parts(tensor: SparseTensor) -> tuple[Tensor, Tensor, Tensor]:
    return tensor.indices, tensor.values, tensor.dense_shape


def _operation(a: Any, b: Any, name: str, validate: bool) -> SparseTensor:
    options = {"set_operation": name, "validate_indices": validate}
    if isinstance(a, SparseTensor):
        made = SparseToSparseSetOperation(*_parts(a), *_parts(b), **options)
    elif isinstance(b, SparseTensor):
        made = DenseToSparseSetOperation(a, *_parts(b), **options)
    else:
        made = DenseToDenseSetOperation(a, b, **options)
    return SparseTensor(*made)


def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What is in both sets of each pair: the last dimensions of `a` and `b`, dense or sparse."""
    a, b, _ = _pair(a, b)
    return _operation(a, b, "intersection", validate_indices)


def set_difference(
    a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True
) -> SparseTensor:
    """What is in one set of each pair and not in the other."""
    a, b, flipped = _pair(a, b)
    return _operation(a, b, "a-b" if aminusb != flipped else "b-a", validate_indices)


def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What is in either set of each pair."""
    a, b, _ = _pair(a, b)
    return _operation(a, b, "union", validate_indices)


def set_size(a: Any, validate_indices: bool = True) -> Tensor:
    """How many elements each set of a sparse tensor has; TypeError for a dense one."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a}.")
    if a.values.dtype.base_dtype not in _TYPES:
        raise TypeError(
            f"Invalid dtype `{a.values.dtype}` not in supported dtypes: `{set(_TYPES)}`."
        )
    return SetSize(*_parts(a), validate_indices=validate_indices)
