"""Sparse tensors in other shapes, joined, summed, and with a default for each empty row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, get_static_value, with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops.casts import cast
from minitf.ops.constants import constant, identity
from minitf.ops.joining import concat
from minitf.ops.reductions import reduce_max
from minitf.ops.shapes import reshape
from minitf.shape import SCALAR, TensorShape, unknown_shape
from minitf.sparse_tensor import SparseTensor, as_sparse_tensor
from minitf.tensor import Tensor


def _wrong(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class SparseReshape:
    """The places of a sparse tensor's elements in another shape of as many elements."""

    inputs = "input_indices: int64, input_shape: int64, new_shape: int64"
    outputs = "output_indices: int64, output_shape: int64"

    def infer(input_indices, input_shape, new_shape):
        rows = with_rank(input_indices, 2)[0].value
        count = with_rank(new_shape, 1)[0].value
        return [rows, count], [count]

    def kernel(indices, before, after):
        whole, after = math.prod(map(int, before)), np.array(after)
        holes = np.flatnonzero(after == -1)
        if len(holes) > 1:
            raise _wrong(f"only one output dimension may be -1, not both {holes[0]} and {holes[1]}")
        if len(holes):
            rest = math.prod(int(n) for n in after if n != -1)
            if rest == 0 or whole % rest:
                raise _wrong(
                    f"Input to reshape is a SparseTensor with {whole} dense values, but the "
                    f"requested shape requires a multiple of {rest}."
                )
            after[holes[0]] = whole // rest
        if math.prod(map(int, after)) != whole:
            raise _wrong(
                f"Input to reshape is a tensor with {whole} dense values, but the requested shape "
                f"has {math.prod(map(int, after))}."
            )
        if not len(indices):
            return np.zeros((0, len(after)), np.int64), after
        flat = np.ravel_multi_index(tuple(indices.T), tuple(before))
        return np.stack(np.unravel_index(flat, tuple(after)), 1).astype(np.int64), after

    gradient = LookupError


def _known_shape(before: TensorShape, wanted: Tensor) -> list[int] | None:
    """The new shape, where all of it is known; ValueError where it holds another number."""
    given = get_static_value(wanted)
    if given is None or not before.is_fully_defined():
        return None
    if sum(size == -1 for size in given) > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {given}")
    sizes: list[Any] = [None if size < 0 else int(size) for size in given]
    whole = before.num_elements()
    told = list(sizes)
    if sizes.count(None) == 1 and 0 not in sizes:
        rest = math.prod(size for size in sizes if size is not None)
        sizes[sizes.index(None)] = whole // rest
    if None in sizes:
        return None
    if math.prod(sizes) != whole:
        raise ValueError(
            f"Cannot reshape a tensor with {whole} elements to shape {told} ({math.prod(sizes)} "
            "elements)."
        )
    return sizes


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor in another shape, one size of which may be -1."""
    sp_input = as_sparse_tensor(sp_input)
    shape = cast(shape, dtype=dtypes.int64)
    with name_scope(name, "SparseReshape", [sp_input]) as scope:
        places, sizes = SparseReshape(sp_input.indices, sp_input.dense_shape, shape, name=scope)
        known = _known_shape(sp_input.shape, shape)
        if known is not None:
            sizes = constant(known, dtype=dtypes.int64)
        return SparseTensor(places, identity(sp_input.values), sizes)


@op
class SparseFillEmptyRows:
    """A sparse tensor with a default at the start of each row that had nothing."""

    inputs = "indices: int64, values: T, dense_shape: int64, default_value: T"
    outputs = (
        "output_indices: int64, output_values: T, empty_row_indicator: bool, "
        "reverse_index_map: int64"
    )
    attrs = "T: type"

    def infer(indices, values, dense_shape, default_value):
        columns = with_rank(indices, 2)[1].value
        with_rank(default_value, 0)
        rows = constant_shape(dense_shape)
        first = rows[0].value if rows.rank else None
        return [None, columns], [None], [first], values._shape

    def kernel(indices, values, dense_shape, default_value):
        rows = int(dense_shape[0])
        outside = np.flatnonzero((indices[:, 0] < 0) | (indices[:, 0] >= rows))
        if len(outside):
            i = outside[0]
            raise _wrong(f"indices({i}, 0) is invalid: {indices[i, 0]} >= {rows}")
        empty = np.ones(rows, bool)
        empty[indices[:, 0]] = False
        added = np.zeros((int(empty.sum()), indices.shape[1]), np.int64)
        added[:, 0] = np.flatnonzero(empty)
        everything = np.concatenate([indices, added])
        order = np.argsort(everything[:, 0], kind="stable")
        filler = np.empty(len(added), values.dtype)
        filler[:] = default_value
        where = np.empty(len(order), np.int64)
        where[order] = np.arange(len(order))
        merged = np.concatenate([values, filler])[order]
        return everything[order], merged, empty, where[: len(indices)]

    def gradient(op, indices_grad, values_grad, indicator_grad, map_grad):
        by_values, by_default = SparseFillEmptyRowsGrad(op.outputs[3], values_grad)
        return None, by_values, None, by_default


@op
class SparseFillEmptyRowsGrad:
    """The gradient of SparseFillEmptyRows' values and of its default."""

    inputs = "reverse_index_map: int64, grad_values: T"
    outputs = "d_values: T, d_default_value: T"
    attrs = "T: type"

    def infer(reverse_index_map, grad_values):
        with_rank(reverse_index_map, 1)
        with_rank(grad_values, 1)
        return reverse_index_map._shape, SCALAR

    def kernel(reverse_index_map, grad_values):
        kept = np.zeros(len(grad_values), bool)
        kept[reverse_index_map] = True
        return grad_values[reverse_index_map], grad_values[~kept].sum(dtype=grad_values.dtype)

    gradient = LookupError


def sparse_fill_empty_rows(
    sp_input: Any, default_value: Any, name: str | None = None
) -> tuple[SparseTensor, Tensor]:
    """A sparse tensor with a default in each row that had nothing, and which rows these are."""
    sp_input = as_sparse_tensor(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [sp_input]):
        default = convert_to_tensor(default_value, dtype=sp_input.values.dtype)
        indices, values, empty, _ = SparseFillEmptyRows(
            sp_input.indices, sp_input.values, sp_input.dense_shape, default
        )
        return SparseTensor(indices, values, sp_input.dense_shape), empty


@op
class SparseConcat:
    """Sparse tensors one after the other along a dimension."""

    inputs = "indices: N * int64, values: N * T, shapes: N * int64"
    outputs = "output_indices: int64, output_values: T, output_shape: int64"
    attrs = "concat_dim: int, N: int >= 2, T: type"

    def infer(indices, values, shapes):
        rank = next((s._shape[0].value for s in shapes if s._shape.rank == 1), None)
        rows = [part._shape[0].value if part._shape.rank else None for part in indices]
        count = None if None in rows else sum(rows)  # type: ignore[arg-type]
        return [count, rank], [count], [rank]

    def kernel(indices, values, shapes, *, concat_dim):
        axis = concat_dim % len(shapes[0])
        for i, shape in enumerate(shapes):
            for dimension, (first, size) in enumerate(zip(shapes[0], shape, strict=True)):
                if dimension != axis and first != size:
                    raise _wrong(
                        f"Input shapes must match: expected {first} for dimension {dimension} but "
                        f"got {size} at position {i}"
                    )
        starts = np.cumsum([0, *(int(shape[axis]) for shape in shapes)])
        moved = [part.copy() for part in indices]
        for part, start in zip(moved, starts[:-1], strict=True):
            part[:, axis] += start
        places = np.concatenate(moved)
        order = np.lexsort(places.T[::-1]) if len(places) else np.arange(0)
        whole = np.array(shapes[0])
        whole[axis] = starts[-1]
        return places[order], np.concatenate(values)[order], whole

    gradient = None


def sparse_concat(
    axis: Any,
    sp_inputs: Any,
    name: str | None = None,
    expand_nonconcat_dim: bool = False,
    concat_dim: Any = None,
    expand_nonconcat_dims: Any = None,
) -> SparseTensor:
    """Sparse tensors one after the other along `axis`.

    With `expand_nonconcat_dim` the other sizes may differ: the largest are taken.
    """
    expand = expand_nonconcat_dim if expand_nonconcat_dims is None else expand_nonconcat_dims
    axis = axis if concat_dim is None else concat_dim
    sp_inputs = [as_sparse_tensor(part) for part in sp_inputs]
    if len(sp_inputs) == 1:
        return sp_inputs[0]
    shapes = [part.dense_shape for part in sp_inputs]
    if expand:
        largest = reduce_max(concat([reshape(s, [1, -1]) for s in shapes], 0), 0)
        shapes = [
            concat(
                [
                    largest[:axis],
                    s[-1:] if axis == -1 else s[axis : axis + 1],
                    [] if axis == -1 else largest[axis + 1 :],
                ],
                0,
            )
            for s in shapes
        ]
    indices, values = [p.indices for p in sp_inputs], [p.values for p in sp_inputs]
    places, found, whole = SparseConcat(indices, values, shapes, concat_dim=axis, name=name)
    known = [part.shape for part in sp_inputs]
    static = _joined(known, axis, expand)
    if all(shape.is_fully_defined() for shape in known):
        return SparseTensor(places, found, convert_to_tensor(static.as_list(), dtypes.int64))
    result = SparseTensor(places, found, whole)
    result.set_shape(static)
    return result


def _joined(shapes: list[TensorShape], axis: int, expand: bool) -> TensorShape:
    if any(shape.rank is None for shape in shapes):
        return unknown_shape()
    columns = list(zip(*(shape.as_list() for shape in shapes), strict=True))
    sizes = list(shapes[0].as_list())
    if expand:
        sizes = [None if None in column else max(column) for column in columns]
    sizes[axis] = None if None in columns[axis] else sum(columns[axis])
    return TensorShape(sizes)
