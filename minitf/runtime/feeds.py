"""From what a user feeds to arrays of the fed tensors' types, with clear errors."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InternalError, InvalidArgumentError
from minitf.graph import Graph
from minitf.indexed_slices import IndexedSlices
from minitf.proto import as_bytes
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Operation, Tensor


def _expand_slices(key: IndexedSlices, value: Any) -> list[tuple[Any, Any]]:
    parts = [key.values, key.indices]
    if key.dense_shape is not None:
        parts.append(key.dense_shape)
    return list(zip(parts, value, strict=False))


def _expand_sparse(key: SparseTensor, value: Any) -> list[tuple[Any, Any]]:
    return list(zip([key.indices, key.values, key.dense_shape], value, strict=False))


_expansions: list[tuple[Any, Any]] = [
    (IndexedSlices, _expand_slices),
    (SparseTensor, _expand_sparse),
]


_key_parts: list[tuple[Any, Any]] = [
    (IndexedSlices, lambda key: [key.values, key.indices]),
    (SparseTensor, lambda key: [key.indices, key.values, key.dense_shape]),
]


def register_feed_expansion(feed_type: Any, expand: Any, parts: Any = None) -> None:
    """Lets `feed_dict` have keys of a type.

    `expand(key, value)` returns the pairs of tensor and value that it stands for, `parts(key)`
    the tensors alone, which a partial run needs to know beforehand.
    """
    _expansions.append((feed_type, expand))
    if parts is not None:
        _key_parts.append((feed_type, parts))


def flat_keys(graph: Graph, feeds: Any) -> list[Tensor]:
    """The tensors that a partial run will feed; errors are those of `flat_feeds`.

    `feeds` is a list of them, or just one. InvalidArgumentError where one comes twice.
    """
    keys: list[Any] = []
    for feed in [] if feeds is None else feeds if isinstance(feeds, (list, tuple)) else [feeds]:
        parts = next((p for kind, p in _key_parts if isinstance(feed, kind)), None)
        keys += parts(feed) if parts else [feed]
    tensors = [tensor for key in keys for tensor in flat_feeds(graph, {key: None})]
    for i, tensor in enumerate(tensors):
        if tensor in tensors[:i]:
            raise InvalidArgumentError(None, None, f'Endpoint "{tensor.name}" fed more than once.')
    return tensors


def flat_feeds(graph: Graph, feed_dict: Any) -> dict[Tensor, Any]:
    """A feed_dict with every key as a tensor; TypeError or ValueError for what can't be fed."""
    try:
        items = list(feed_dict.items())
    except AttributeError:
        raise TypeError(
            "FlattenDictItems: 'dict' must be a dictionary or collection.Mapping type object, "
            f"instead of '{type(feed_dict).__name__}'."
        ) from None
    feeds: dict[Tensor, Any] = {}
    for key, value in items:
        for part, part_value in _expanded(key, value):
            try:
                tensor = graph.as_graph_element(part, allow_operation=False)
            except Exception as error:
                raise TypeError(
                    f"Cannot interpret feed_dict key as Tensor: {error.args[0]}"
                ) from None
            if not graph.is_feedable(tensor):
                raise ValueError(f"Tensor {tensor.name} may not be fed.")
            feeds[tensor] = part_value
    return feeds


def _expanded(key: Any, value: Any) -> list[tuple[Any, Any]]:
    if isinstance(key, (tuple, list)):
        keys, values = list(_flattened(key)), list(_flattened([value]))
        if len(keys) != len(values):
            raise ValueError(
                f"Could not flatten dictionary. Key had {len(keys)} elements, but value had "
                f"{len(values)} elements. Key: {key}, value: {value}."
            )
        for i, part in enumerate(keys):
            if part in keys[:i]:
                raise ValueError(f"Cannot flatten dict because this key is not unique: {part}")
        return list(zip(keys, values, strict=True))
    for kind, expand in _expansions:
        if isinstance(key, kind):
            return list(expand(key, value))
    return [(key, value)]


def _flattened(nested: Any) -> Any:
    for item in nested:
        if isinstance(item, (tuple, list)):
            yield from _flattened(item)
        else:
            yield item


def as_fed(tensor: Tensor, value: Any) -> Any:
    """`value` as an array (or NumPy scalar) of the tensor's type, which the run cannot change.

    Raises TypeError and ValueError for values of another kind or shape.
    """
    dtype = tensor._dtype._base
    kind = dtype._numpy
    # None, for types that NumPy lacks, would equal float64.
    if type(value) is np.ndarray and kind not in (None, object) and value.dtype == kind:
        array = value.view()
    else:
        array = _converted(tensor, dtype, value)
    sizes = tensor._shape._sizes
    if sizes is not None and (
        len(sizes) != array.ndim
        or any(n is not None and n != m for n, m in zip(sizes, array.shape, strict=True))
    ):
        raise ValueError(
            f"Cannot feed value of shape {array.shape} for Tensor {tensor.name}, which has shape "
            f"{tensor._shape}"
        )
    if not array.ndim:
        return array[()]
    array = array.view() if array.base is None else array
    array.flags.writeable = False
    return array


def as_given(tensor: Tensor, value: Any) -> Any:
    """What a fetch of a fed tensor returns, as in TensorFlow: the array itself, if it is one."""
    dtype = tensor._dtype._base
    if dtype is dtypes.string:
        return np.asarray(value, dtype=object)
    if isinstance(value, np.ndarray) and dtype._numpy and value.dtype == dtype._numpy:
        return value
    return _converted(tensor, dtype, value)


def _holds(dtype: dtypes.DType, value: int) -> bool:
    """Whether an element of the type can be exactly this whole number."""
    if dtype is dtypes.string:
        return False
    if dtype.is_floating:
        return True  # rounded, or infinite
    return bool(np.array(value).astype(dtype._numpy) == value)


def _converted(tensor: Tensor, dtype: dtypes.DType, value: Any) -> np.ndarray:
    if hasattr(value, "_as_graph_element"):
        # A variable TensorFlow leaves to NumPy, which raises another error.
        refused = isinstance(value, (Tensor, Operation))
        kind: type[Exception] = TypeError if refused else ValueError
        raise kind(
            "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include "
            "Python scalars, strings, lists, numpy ndarrays, or TensorHandles. For reference, the "
            f"tensor object was {value} which was passed to the argument `feed_dict` with key "
            f"{tensor}."
        )
    numpy_type: Any = dtype._numpy
    if numpy_type is None:
        raise TypeError(
            f"Cannot feed Tensor {tensor.name}, which has type {dtype.name}: no array of NumPy "
            "holds such values."
        )
    try:
        if isinstance(value, int) and not _holds(dtype, value):
            raise TypeError(
                f"Type of feed value {value} with type {type(value)} is not compatible with "
                f"Tensor type {dtype.as_numpy_dtype}. Try explicitly setting the type of the feed "
                "tensor to a larger type (e.g. int64)."
            )
        if dtype is dtypes.string:
            return _texts(np.asarray(value, dtype=object))
        if dtype is dtypes.bool:
            return np.array(value, dtype=bool)
        return np.asarray(value).astype(numpy_type)  # as NumPy casts: 1.7 to 1, 300 to 44
    except (ValueError, TypeError, OverflowError) as error:
        raise type(error)(
            f"{error} (fed for Tensor {tensor.name}, which has type {dtype.name} and shape "
            f"{tensor._shape}, made at {tensor.op.defined_at})"
        ) from None


def _texts(source: np.ndarray) -> np.ndarray:
    array = np.empty(source.shape, dtype=object)
    for i, item in enumerate(source.reshape(-1)):
        if not isinstance(item, (str, bytes)):
            kind = type(item).__name__
            raise InternalError(None, None, f"Unsupported object type {kind} among texts: {item!r}")
        array.reshape(-1)[i] = as_bytes(item)
    return array
