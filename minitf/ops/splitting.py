"""Strings split into words, as sparse tensors."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops.shapes import expand_dims
from minitf.shape import shape_of
from minitf.sparse_tensor import SparseTensor


def _words_shapes(input: Any, separator: Any) -> Any:
    with_rank(input, 1)
    with_rank(separator, 0)
    return [None, 2], [None], [2]


def _sparse(rows: list[list[bytes]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The places, words and shape of rows of words."""
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    values = np.empty(len(places), object)
    values[:] = [word for row in rows for word in row]
    width = max(map(len, rows), default=0)
    return (
        np.array(places, np.int64).reshape(-1, 2),
        values,
        np.array([len(rows), width], np.int64),
    )


@op
class StringSplit:
    """The parts of each string between any of the delimiter's bytes."""

    inputs = "input: string, delimiter: string"
    outputs = "indices: int64, values: string, shape: int64"
    attrs = "skip_empty: bool = true"
    infer = _words_shapes

    def kernel(input, delimiter, *, skip_empty):
        if np.ndim(delimiter):
            raise InvalidArgumentError(
                None, None, f"delimiter must be a scalar, got shape: {shape_of(delimiter)}"
            )
        if delimiter:
            cut = re.compile(b"[" + re.escape(delimiter) + b"]").split
        else:
            cut = _single_bytes
        rows = [cut(text) if text else [] for text in input]
        return _sparse([[w for w in row if w] for row in rows] if skip_empty else rows)

    gradient = None


def _single_bytes(text: bytes) -> list[bytes]:
    return [text[i : i + 1] for i in range(len(text))]


@op
class StringSplitV2:
    """The parts of each string between separators, as Python's `split` has them."""

    inputs = "input: string, sep: string"
    outputs = "indices: int64, values: string, shape: int64"
    attrs = "maxsplit: int = -1"
    infer = _words_shapes

    def kernel(input, separator, *, maxsplit):
        if maxsplit == 0:
            return _sparse([[text] for text in input])
        return _sparse([text.split(separator or None, maxsplit) for text in input])

    gradient = None


def string_split(
    source: Any,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> SparseTensor:
    """Each string of a vector split at every one of `sep`'s bytes (a space): row by row, sparse.

    An empty `sep` splits into single bytes. Raises ValueError where `sep` is given twice.
    """
    with name_scope(name, "StringSplit", [source]):
        if sep is not None and delimiter is not None:
            raise ValueError("Cannot specify both 'delimiter' and 'sep'.")
        sep = delimiter if sep is None else sep
        sep = convert_to_tensor(" " if sep is None else sep, dtype=dtypes.string)
        source = convert_to_tensor(source, dtype=dtypes.string)
        parts = StringSplit(source, sep, skip_empty=skip_empty)
        result = SparseTensor(*parts)
        _check_result_type(result_type)
        return result


def split(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> SparseTensor:
    """Each string split at `sep` (white space), at most `maxsplit` times: row by row, sparse.

    Takes a vector or a scalar. Raises ValueError where the input is given twice.
    """
    if input is not None and source is not None:
        raise ValueError("Cannot specify both 'source' and 'input'.")
    input = source if input is None else input
    with name_scope(name, "StringSplit", [input]):
        input = convert_to_tensor(input, dtype=dtypes.string, name="input")
        if input.shape.ndims == 0:
            input = expand_dims(input, 0)
        _check_result_type(result_type)
        sep = convert_to_tensor("" if sep is None else sep, dtype=dtypes.string)
        return SparseTensor(*StringSplitV2(input, sep, maxsplit=maxsplit))


def _check_result_type(result_type: str) -> None:
    if result_type == "RaggedTensor":
        raise NotImplementedError("minitf has no ragged tensors: ask for a SparseTensor.")
    if result_type != "SparseTensor":
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")
