"""Between scalars and arrays: kernels take and give scalars as NumPy scalars or bytes."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_array(value: Any) -> np.ndarray:
    """`value` as an array; a string scalar as an array of objects without dimensions."""
    if type(value) is np.ndarray:
        return value
    if type(value) is bytes:
        array = np.empty((), object)
        array[()] = value
        return array
    return np.asarray(value)


def plain(array: np.ndarray) -> Any:
    """The array, or its one element where it has no dimensions."""
    return array if array.ndim else array[()]


def dense(array: np.ndarray) -> np.ndarray:
    """The array with every element in memory, where one may stand for all."""
    return array if array.flags.c_contiguous else np.ascontiguousarray(array)


def zeros(shape: Any, dtype: np.dtype) -> np.ndarray:
    """An array of the type's zero, which is the empty text for strings."""
    if np.dtype(dtype).kind == "O":
        return np.full(shape, b"", object)
    return np.zeros(shape, dtype)


def conjugate(x: Any) -> Any:
    """The complex conjugate; a real number or array itself, where np.conj would copy."""
    return np.conj(x) if x.dtype.kind == "c" else x


def counts(values: Any) -> list[int]:
    """The integers of a scalar or array, as Python's."""
    return values.ravel().tolist()
