"""Python values as arrays, by TensorFlow's rules for their types."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.proto import as_bytes, tensor_proto
from minitf.shape import Dimension, TensorShape

_INT32_MIN, _INT32_MAX = -(2**31), 2**31 - 1
_FLOAT32_MAX = 3.4e38


def _leaves(value: Any) -> Any:
    """The Python values in nested lists and tuples."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, TensorShape):
        yield from value.as_list()
    else:
        yield value


def _fits(item: Any, dtype: DType) -> bool:
    """Whether a Python value may become an element of `dtype` without a cast."""
    if isinstance(item, np.ndarray):
        item = item.reshape(-1)[0] if item.size else 0
    if dtype is dtypes.string:
        return isinstance(item, (str, bytes, bytearray, np.str_))
    if dtype is dtypes.bool:
        return isinstance(item, (bool, np.bool_))
    if isinstance(item, (str, bytes)):
        return False
    if dtype.is_integer:
        return isinstance(item, (int, np.integer, Dimension)) or (
            hasattr(item, "__index__") and not isinstance(item, float)
        )
    if dtype.is_floating:
        return isinstance(item, (int, float, np.integer, np.floating, Dimension)) or hasattr(
            item, "__float__"
        )
    return isinstance(item, (int, float, complex, np.number))


def _mismatch(values: Any, dtype: DType) -> None:
    for item in _leaves(values):
        if not _fits(item, dtype):
            raise TypeError(
                f"Expected {dtype.name}, but got {item} of type '{type(item).__name__}'."
            )


def _plain(values: Any) -> Any:
    """`values` with every Dimension and TensorShape as ints."""
    if isinstance(values, (list, tuple)):
        return [_plain(item) for item in values]
    if isinstance(values, TensorShape):
        return values.as_list()
    return values.value if isinstance(values, Dimension) else values


def _natural(values: Any, given: Any) -> np.ndarray:
    """An array of the type TensorFlow gives Python values: int32, float32, string, ..."""
    kinds = {type(item) for item in _leaves(values)}
    if type(None) in kinds:
        raise _not_convertible(given)
    texts = kinds & {str, bytes, np.str_, np.bytes_}
    if texts and kinds - texts:
        raise _not_convertible(given)
    if texts:
        return _strings(np.array(values, dtype=object))
    array = np.array(values)
    if array.dtype == object:
        raise _not_convertible(given)
    if array.dtype == np.float64 and not any(issubclass(kind, np.ndarray) for kind in kinds):
        with np.errstate(over="ignore"):
            return array.astype(np.float32)
    if array.dtype == np.int64 and (
        not array.size or array.min() >= _INT32_MIN and array.max() <= _INT32_MAX
    ):
        return array.astype(np.int32)
    return array


def _not_convertible(values: Any) -> TypeError:
    if isinstance(values, (list, tuple)):
        return TypeError(
            f"Failed to convert elements of {values} to Tensor. Consider casting elements to a "
            "supported type. See https://www.tensorflow.org/api_docs/python/tf/dtypes for "
            "supported TF dtypes."
        )
    return TypeError(f"Failed to convert {values!r} of type {type(values)} to Tensor.")


def _strings(array: np.ndarray) -> np.ndarray:
    """An object array whose every element is bytes."""
    result = np.empty(array.shape, dtype=object)
    flat, source = result.reshape(-1), array.reshape(-1)
    for i in range(source.size):
        flat[i] = as_bytes(source[i])
    return result


_QUICK = {int: (dtypes.int32, dtypes.float32), float: (dtypes.float32,)}


def _quick(value: Any, dtype: DType | None) -> np.ndarray | None:
    """The array of a number or a short list (of lists) of numbers of one type, without questions.

    None for everything else. Most constants are of this kind, and graphs are full of constants.
    """
    kind, items = type(value), [value]
    while kind is list or kind is tuple:
        items = [item for row in items for item in row]
        kinds = set(map(type, items))
        if len(kinds) != 1 or len(items) > 64:
            return None
        kind = kinds.pop()
    usual = _QUICK.get(kind)
    if usual is None:
        return None
    wanted = usual[0] if dtype is None else dtype
    if wanted not in usual or (
        wanted is dtypes.int32 and not (min(items) >= _INT32_MIN and max(items) <= _INT32_MAX)
    ):
        return None
    if kind is float and not (min(items) > -_FLOAT32_MAX and max(items) < _FLOAT32_MAX):
        return None
    try:
        return np.array(value, wanted._numpy)
    except (ValueError, OverflowError):  # ragged: the slow way has the words for it
        return None


def make_array(value: Any, dtype: DType | None = None) -> np.ndarray:
    """`value` as an array of `dtype`, or of the type TensorFlow would choose.

    Raises TypeError for elements that would need a cast, ValueError for None and ragged lists.
    """
    if value is None:
        raise ValueError("None values not supported.")
    quick = _quick(value, dtype)
    if quick is not None:
        return quick
    if hasattr(value, "_as_graph_element"):
        raise TypeError("Expected any non-tensor type, but got a tensor instead.")
    if not isinstance(value, (np.ndarray, np.generic)) and hasattr(value, "__array__"):
        value = np.asarray(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return _from_numpy(np.array(value), dtype)
    if any(hasattr(item, "_as_graph_element") for item in _leaves(value)):
        raise TypeError("Expected any non-tensor type, but got a tensor instead.")
    if dtype is None:
        return _natural(_plain(value), value)
    if dtype.as_numpy_dtype is None:
        raise TypeError(f"Unrecognized data type: {dtype}")
    _mismatch(value, dtype)
    value = _plain(value)
    if dtype is dtypes.string:
        return _strings(np.array(value, dtype=object))
    if dtype.is_integer and dtype.size < 8:  # what does not fit loses its high bits
        return np.array(value, dtype=np.int64).astype(dtype.as_numpy_dtype)
    with np.errstate(over="ignore"):  # to inf, as in TensorFlow
        return np.array(value, dtype=dtype.as_numpy_dtype)


def _from_numpy(array: np.ndarray, dtype: DType | None) -> np.ndarray:
    if array.dtype.kind in "SUO" or dtype is dtypes.string:
        if array.dtype.kind == "O" and any(not isinstance(x, (str, bytes)) for x in array.flat):
            return make_array(array.tolist(), dtype)
        if array.dtype.kind in "SU" and dtype not in (None, dtypes.string):
            return array.astype(dtype.as_numpy_dtype)  # text that reads as a number may become one
        if dtype not in (None, dtypes.string) or array.dtype.kind not in "SUO":
            raise TypeError(f"Expected {(dtype or dtypes.string).name}, but got {array!r}.")
        return _strings(array)
    if dtype is not None:
        return array.astype(dtype.as_numpy_dtype)
    dtypes.as_dtype(array.dtype)  # TypeError for a type that TensorFlow does not have
    return array


def filled(array: np.ndarray, shape: Any, verify_shape: bool) -> np.ndarray:
    """`array` in `shape`: its last element stands for the ones that are missing.

    Raises ValueError when there are more elements than places, TypeError when `verify_shape`
    and the shapes differ.
    """
    shape = tuple(TensorShape(shape).as_list())
    if verify_shape and shape != array.shape:
        raise TypeError(f"Expected Tensor's shape: {shape}, but got {array.shape}.")
    size = int(np.prod(shape, dtype=np.int64))
    if size == 0:
        return np.empty(shape, array.dtype)
    if array.size > size:
        raise ValueError(f"Too many elements provided. Takes at most {size}, but got {array.size}.")
    if array.size == size:
        return array.reshape(shape)
    if array.size == 1:  # one element in memory, as in TensorFlow's protocol buffer
        return np.broadcast_to(array.reshape(()), shape)
    result = np.empty(size, array.dtype)
    result[: array.size] = array.reshape(-1)
    result[array.size :] = array.reshape(-1)[-1] if array.size else 0
    return result.reshape(shape)


def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> Any:
    """`values` as a TensorProto; fewer than `shape` has places leave the rest to the last one.

    Raises ValueError for more values than places, TypeError for values that are not of `dtype` and,
    with `verify_shape` or `allow_broadcast`, for another shape (but that of one value for many).
    """
    if hasattr(values, "tensor_shape"):
        return values
    array = make_array(values, None if dtype is None else dtypes.as_dtype(dtype))
    if shape is None:
        return tensor_proto(array)
    wanted = TensorShape(shape)
    sizes, places = tuple(wanted.as_list()), wanted.num_elements() or 0
    spread = allow_broadcast and array.size == 1
    if (verify_shape or allow_broadcast) and sizes != array.shape and not spread:
        raise TypeError(f"Expected Tensor's shape: {sizes}, but got {array.shape}.")
    if array.size > places:
        raise ValueError(
            f"Too many elements provided. Takes at most {places}, but got {array.size}."
        )
    proto = tensor_proto(array, typed=array.size < places)
    proto.tensor_shape.CopyFrom(wanted.as_proto())
    return proto
