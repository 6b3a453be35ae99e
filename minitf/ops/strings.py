"""Ops on strings: joined, cut, measured, and in other letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import broadcasted, constant_value, merged, unchanged, with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import constant
from minitf.ops.filling import range_of
from minitf.ops.shapes import rank
from minitf.shape import TensorShape
from minitf.tensor import Tensor


def each(function: Callable[..., Any], *arrays: Any) -> Any:
    """`function` of the strings at each place, as strings; scalars go with all."""
    if all(isinstance(array, bytes) for array in arrays):
        return function(*arrays)
    return np.frompyfunc(function, len(arrays), 1)(*arrays)


def each_number(function: Callable[..., Any], array: Any, dtype: Any) -> Any:
    """`function` of every string, as numbers of a NumPy type."""
    found = each(function, array)
    return found.astype(dtype) if isinstance(found, np.ndarray) else np.dtype(dtype).type(found)


def text_of(data: bytes) -> str:
    """Bytes as text; those that are no UTF-8 survive the way back."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """The bytes that `text_of` read."""
    return text.encode("utf-8", "surrogateescape")


@op
class StringJoin:
    """Strings joined element by element; scalars join every element."""

    inputs = "inputs: N * string"
    outputs = "output: string"
    attrs = "N: int >= 0, separator: string = ''"

    def infer(inputs):
        shape = TensorShape([])
        for tensor in inputs:
            if tensor.shape.ndims is None:
                return TensorShape(None)
            if tensor.shape.ndims:
                shape = tensor.shape if not shape.ndims else merged(shape, tensor.shape)
        return shape

    def kernel(inputs, *, separator):
        glue = bytes_of(separator)
        return each(lambda *parts: glue.join(parts), *inputs) if inputs else b""

    gradient = None


def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Tensor:
    """The strings of several tensors joined, element by element, `separator` between them."""
    return StringJoin(inputs, separator=separator, name=name)


def _reduced_axes(given: Any, ndims: int, error: Callable[[str], Exception]) -> list[int]:
    """The axes to join over, counted from the front; an error where there is no such axis."""
    axes = []
    for axis in np.ravel(given).tolist():
        if not -ndims <= axis < ndims:
            raise error(f"Invalid reduction dimension {axis} for input with {ndims} dimensions.")
        axes.append(axis % ndims)
    return axes


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class ReduceJoin:
    """Strings along some axes joined, the axis named first running fastest."""

    inputs = "inputs: string, reduction_indices: int32"
    outputs = "output: string"
    attrs = "keep_dims: bool = false, separator: string = ''"

    def infer(inputs, reduction_indices, *, keep_dims):
        known = constant_value(reduction_indices)
        if known is None or inputs.shape.ndims is None:
            unknown_rank = inputs.shape.ndims is None or not keep_dims
            return TensorShape(None if unknown_rank else [None] * inputs.shape.ndims)
        sizes = inputs.shape.as_list()
        axes = _reduced_axes(known, len(sizes), ValueError)
        if keep_dims:
            return [1 if i in axes else n for i, n in enumerate(sizes)]
        return [n for i, n in enumerate(sizes) if i not in axes]

    def kernel(inputs, reduction_indices, *, keep_dims, separator):
        shape = np.shape(inputs)
        axes = _reduced_axes(reduction_indices, len(shape), _invalid)
        for i, axis in enumerate(axes):
            if axis in axes[:i]:
                raise _invalid(f"Duplicate reduction dimension {axis}")
        if not axes:
            return inputs
        kept = [i for i in range(len(shape)) if i not in axes]
        rows = inputs.transpose(kept + axes[::-1])
        outer = tuple(shape[i] for i in kept)
        width = int(np.prod([shape[i] for i in axes]))
        count = int(np.prod(outer))
        glue, result = bytes_of(separator), np.empty(count, object)
        for i, row in enumerate(rows.reshape(count, width)):
            result[i] = glue.join(row)
        if keep_dims:
            outer = tuple(1 if i in axes else n for i, n in enumerate(shape))
        return result.reshape(outer) if outer else result[0]

    gradient = None


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: bool | None = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: bool | None = None,
) -> Tensor:
    """The strings along `axis` (all axes) joined; ValueError where an argument is given twice."""
    for new, old, names in (
        (keepdims, keep_dims, "'keep_dims' and 'keepdims'"),
        (axis, reduction_indices, "'reduction_indices' and 'axis'"),
    ):
        if new is not None and old is not None:
            raise ValueError(f"Cannot specify both {names}.")
    axis = reduction_indices if axis is None else axis
    with name_scope(None, "ReduceJoin", [inputs, axis]):
        inputs = convert_to_tensor(inputs)
        if axis is None and inputs.shape.ndims is None:
            axis = range_of(rank(inputs) - 1, -1, -1)
        elif axis is None:
            axis = constant(np.arange(inputs.shape.ndims - 1, -1, -1), dtype=dtypes.int32)
        return ReduceJoin(
            inputs, axis, keep_dims=bool(keepdims or keep_dims), separator=separator, name=name
        )


@op
class UnsortedSegmentJoin:
    """The strings of each segment joined, in the order in which they stand."""

    inputs = "inputs: string, segment_ids: Tindices, num_segments: Tnumsegments"
    outputs = "output: string"
    attrs = (
        "separator: string = '', Tindices: {int32, int64}, Tnumsegments: {int32, int64} = DT_INT32"
    )

    def infer(inputs, segment_ids, num_segments):
        count = constant_value(num_segments)
        ids, shape = segment_ids.shape, inputs.shape
        with_rank(num_segments, 0)
        if ids.ndims is None or shape.ndims is None:
            return TensorShape(None)
        shape[: ids.ndims].assert_is_compatible_with(ids)
        return [None if count is None else int(count), *shape.as_list()[ids.ndims :]]

    def kernel(inputs, segment_ids, num_segments, *, separator):
        ids = np.ravel(segment_ids)
        if ((ids < 0) | (ids >= num_segments)).any():
            raise _invalid(
                "segment_ids are not allowed to exceed num_segments or to have negative values."
            )
        inner = np.shape(inputs)[np.ndim(segment_ids) :]
        rows = np.asarray(inputs, object).reshape(ids.size, int(np.prod(inner)))
        glue = bytes_of(separator)
        result = np.empty((int(num_segments), rows.shape[1]), object)
        for place in np.ndindex(result.shape):
            result[place] = glue.join(rows[ids == place[0], place[1]])
        return result.reshape((int(num_segments), *inner))

    gradient = LookupError


def unsorted_segment_join(
    inputs: Any, segment_ids: Any, num_segments: Any, separator: str = "", name: str | None = None
) -> Tensor:
    """The strings of each of `num_segments` segments joined, `separator` between them."""
    return UnsortedSegmentJoin(inputs, segment_ids, num_segments, separator=separator, name=name)


_UNIT = 'unit: {"BYTE", "UTF8_CHAR"} = "BYTE"'


@op
class Substr:
    """`len` bytes or characters of each string, from `pos` on; from the end where negative."""

    inputs = "input: string, pos: T, len: T"
    outputs = "output: string"
    attrs = f"T: {{int32, int64}}, {_UNIT}"

    def infer(input, pos, len):
        if len.shape.ndims is not None:
            with_rank(pos, len.shape.ndims)
            if pos.shape.ndims is not None and pos.shape.as_list() != len.shape.as_list():
                shown = [str(t.shape.as_list()).replace("None", "?") for t in (pos, len)]
                raise ValueError(f"pos and len shapes must match: {' vs. '.join(shown)}")
        return broadcasted(input, pos)

    def kernel(input, pos, length, *, unit):
        strings, starts, lengths = np.broadcast_arrays(np.asarray(input, object), pos, length)
        result = np.empty(strings.shape, object)
        parts = zip(strings.flat, starts.flat, lengths.flat, strict=True)
        for i, (string, start, count) in enumerate(parts):
            result.flat[i] = _cut(string, int(start), int(count), unit, i)
        return result if result.ndim else result[()]

    gradient = None


def _cut(string: bytes, start: int, count: int, unit: str, index: int) -> bytes:
    whole = string if unit == "BYTE" else text_of(string)
    size = len(whole)
    if not -size <= start <= size:
        shown = f" b'{text_of(string)}'" if unit == "BYTE" else ""
        raise _invalid(f"pos {start} out of range for string{shown} at index {index}")
    start += size if start < 0 else 0
    part = whole[start : start + count if count >= 0 else size]
    return part if isinstance(part, bytes) else bytes_of(part)


def substr(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """`len` bytes (or characters, for `unit="UTF8_CHAR"`) of each string, from `pos` on."""
    return Substr(input, pos, len, unit=unit, name=name)


@op
class StringLength:
    """How many bytes or characters each string has."""

    inputs = "input: string"
    outputs = "output: int32"
    attrs = _UNIT
    infer = unchanged

    def kernel(input, *, unit):
        return each_number(lambda s: len(s if unit == "BYTE" else text_of(s)), input, np.int32)

    gradient = None


def length(input: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """How many bytes (or characters, for `unit="UTF8_CHAR"`) each string has."""
    return StringLength(input, unit=unit, name=name)


def _in_case(input: Any, encoding: str, change: Callable[[Any], Any]) -> Any:
    """`change` of the ASCII letters, or of all letters where the strings are UTF-8."""
    if encoding not in ("", "utf-8"):
        raise _invalid(f"only utf-8 or '' (no encoding) is supported, received {encoding}")
    return each(lambda s: bytes_of(change(text_of(s))) if encoding else change(s), input)


@op
class StringLower:
    """Strings in small letters."""

    inputs = "input: string"
    outputs = "output: string"
    attrs = "encoding: string = ''"
    infer = unchanged

    def kernel(input, *, encoding):
        return _in_case(input, encoding, lambda s: s.lower())

    gradient = None


def lower(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Strings in small letters: of ASCII, or of all letters for `encoding="utf-8"`."""
    return StringLower(input, encoding=encoding, name=name)


@op
class StringUpper:
    """Strings in capital letters."""

    inputs = "input: string"
    outputs = "output: string"
    attrs = "encoding: string = ''"
    infer = unchanged

    def kernel(input, *, encoding):
        return _in_case(input, encoding, lambda s: s.upper())

    gradient = None


def upper(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Strings in capital letters: of ASCII, or of all letters for `encoding="utf-8"`."""
    return StringUpper(input, encoding=encoding, name=name)


@op
class StringStrip:
    """Strings without white space at their ends."""

    inputs = "input: string"
    outputs = "output: string"
    infer = unchanged

    def kernel(input):
        return each(bytes.strip, input)

    gradient = None


def string_strip(input: Any, name: str | None = None) -> Tensor:
    """Strings without white space at their ends."""
    return StringStrip(input, name=name)
