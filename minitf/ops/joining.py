"""Ops that join tensors, along a dimension they have or a new one."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.indexed_slices import IndexedSlices
from minitf.infer import merged
from minitf.kernels.values import as_array
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import constant, identity
from minitf.ops.filling import zeros
from minitf.ops.shapes import expand_dims, rank, shape, shape_n, squeeze, static_int
from minitf.ops.slicing import slice_of as cut
from minitf.shape import TensorShape, as_shape, shape_of, unknown_shape
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class Pack:
    """N tensors of one shape, joined along a new axis."""

    inputs = "values: N * T"
    outputs = "output: T"
    attrs = "N: int >= 1, T: type, axis: int = 0"

    def infer(values, *, axis):
        shape = values[-1]._shape
        for i in range(len(values) - 2, -1, -1):
            try:
                shape = merged(values[i]._shape, shape)
            except ValueError as error:
                raise ValueError(f"{error}\n\tFrom merging shape {i} with other shapes.") from None
        if shape.rank is None:
            return shape
        sizes = shape.as_list()
        if not -len(sizes) - 1 <= axis <= len(sizes):
            raise ValueError(
                f"Invalid axis, must be in range [{-len(sizes) - 1},{len(sizes) + 1}), got {axis}"
            )
        sizes.insert(axis % (len(sizes) + 1), len(values))
        return sizes

    def kernel(values, *, axis):
        arrays = [as_array(value) for value in values]
        if any(array.shape != arrays[0].shape for array in arrays):
            i = next(i for i, array in enumerate(arrays) if array.shape != arrays[0].shape)
            raise _fail(
                "Shapes of all inputs must match: values[0].shape = "
                f"{shape_of(arrays[0])} != values[{i}].shape = {shape_of(arrays[i])}"
            )
        return np.stack(arrays, axis)

    def gradient(op, grad):
        number, axis = op.get_attr("N"), op.get_attr("axis")
        return registry.get("Unpack")(grad, num=number, axis=axis, name="unstack")


@tells_lines
def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """The tensors of `values`, all of one shape, joined along a new axis.

    Raises ValueError for an axis that is out of range.
    """
    if axis == 0:
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError, NotImplementedError):
            pass  # the list holds tensors of another type, say: Pack has the words for it
    first = convert_to_tensor(values[0], name=name)._shape.rank
    if first is not None and not -first - 1 <= axis <= first:
        raise ValueError(f"Argument `axis` = {axis} not in range [{-first - 1}, {first + 1})")
    return Pack(values, axis=axis, name=name)


@op
class ParallelConcat:
    """N tensors of one shape whose first size is 1, joined along that dimension."""

    inputs = "values: N * T"
    outputs = "output: T"
    attrs = "N: int >= 1, T: type, shape: shape"

    def infer(values, *, shape):
        known = values[0]._shape
        for i, value in enumerate(values[1:], 1):
            try:
                known = merged(value._shape, known)
            except ValueError as error:
                raise ValueError(f"{error}\n\tFrom merging shape {i} with other shapes.") from None
        return shape

    def kernel(values):
        return np.concatenate([as_array(value) for value in values], 0)

    gradient = LookupError


def parallel_stack(values: Any, name: str = "parallel_stack") -> Tensor:
    """The tensors of `values`, all of one known shape, joined along a new first axis."""
    with name_scope(name):
        first = convert_to_tensor(values[0])
        sizes = TensorShape([len(values)]).concatenate(first._shape)
        return ParallelConcat([expand_dims(value, 0) for value in values], shape=sizes)


@op
class ConcatV2:
    """Tensors joined along one of their dimensions."""

    inputs = "values: N * T, axis: Tidx"
    outputs = "output: T"
    attrs = "N: int >= 2, T: type, Tidx: {int32, int64} = DT_INT32"

    def infer(values, axis):
        if axis._shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {axis._shape.rank}")
        return _joined([value._shape for value in values], static_int(axis))

    def kernel(values, axis):
        arrays = [as_array(value) for value in values]
        first = arrays[0]
        if not -first.ndim <= axis < first.ndim:
            raise _fail(
                "ConcatOp : Expected concatenating dimensions in the range "
                f"[{-first.ndim}, {first.ndim}), but got {axis}"
            )
        try:
            return np.concatenate(arrays, int(axis))
        except ValueError:
            raise _unequal(arrays, int(axis) % first.ndim) from None

    def gradient(op, grad):
        return _concat_gradient(op, grad)


def _unequal(arrays: list[np.ndarray], axis: int) -> InvalidArgumentError:
    first = arrays[0]
    for i, array in enumerate(arrays):
        if array.ndim != first.ndim:
            return _fail(
                f"ConcatOp : Ranks of all input tensors should match: shape[0] = {shape_of(first)} "
                f"vs. shape[{i}] = {shape_of(array)}"
            )
        for d in range(first.ndim):
            if d != axis and array.shape[d] != first.shape[d]:
                return _fail(
                    f"ConcatOp : Dimension {d} in both shapes must be equal: shape[0] = "
                    f"{shape_of(first)} vs. shape[{i}] = {shape_of(array)}"
                )
    return _fail("ConcatOp : inputs do not fit")


def _joined(shapes: list[TensorShape], axis: int | None) -> TensorShape:
    """The shape of a concatenation; ValueError where the other sizes differ."""
    ranks = [each.rank for each in shapes if each.rank is not None]
    if 0 in ranks:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    for other in ranks[1:]:
        if other != ranks[0]:
            raise ValueError(f"Shape must be rank {ranks[0]} but is rank {other}")
    if axis is None:
        return unknown_shape(ranks[0] if ranks else None)
    least = max(axis + 1, 1) if axis >= 0 else -axis
    for each in shapes:
        if each.rank is not None and each.rank < least:
            raise ValueError(f"Shape must be at least rank {least} but is rank {each.rank}")
    if not ranks:
        return unknown_shape()
    total: int | None = 0
    rest = None
    for each in shapes:
        sizes = [None] * ranks[0] if each._sizes is None else each._sizes
        place = axis % len(sizes)
        total = None if total is None or sizes[place] is None else total + sizes[place]
        others = as_shape([*sizes[:place], *sizes[place + 1 :]])
        rest = others if rest is None else merged(rest, others)
    sizes = rest.as_list()
    sizes.insert(axis % (len(sizes) + 1), total)
    return as_shape(sizes)


def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """The tensors of `values` joined along dimension `axis`; their other sizes must be equal."""
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with name_scope(name):
            place = convert_to_tensor(axis, name="concat_dim", dtype=dtypes.int32)
            place._shape.assert_has_rank(0)
            return identity(values[0], name=name)
    return ConcatV2(values, axis, name=name)


def _concat_gradient(op: Any, grad: Any) -> list[Any]:
    """Each input's part of `grad`, cut out of it."""
    values, axis = list(op.inputs[:-1]), op.inputs[-1]
    if isinstance(grad, IndexedSlices):
        return [*_concat_slices_gradient(values, axis, grad), None]
    if axis.op.type == "Const" and _context(axis.op) is not _context(grad.op):
        axis = constant(axis.op._attrs["value"], axis.dtype)
    axis = axis % rank(values[0])
    sizes: list[Tensor] = []
    for value in values:
        sizes.append(shape(value))
        if sizes[-1].op.type != "Const":
            sizes = shape_n(values)
            break
    if len(sizes) > 16:
        rows = cut(stack(sizes, axis=1), [axis, 0], [1, -1])
        lengths = squeeze(rows)
        parts = registry.get("SplitV")(grad, lengths, axis, num_split=len(sizes), name="split")
        return [*parts, None]
    offsets = ConcatOffset(axis, sizes)
    return [*[cut(grad, at, extent) for at, extent in zip(offsets, sizes, strict=True)], None]


def _context(op: Any) -> Any:
    """The loop or branch that an op's outputs belong to."""
    context = op._control_flow_context
    return context.outer_context if context is not None and op.type == "Exit" else context


def _concat_slices_gradient(values: list[Tensor], axis: Tensor, grad: Any) -> list[Any]:
    place = static_int(axis)
    if place is None:
        raise ValueError("Can only compute IndexedSlices gradient with statically-known concat_dim")
    wanted = axis % rank(values[0])
    if place < 0:
        count = values[0]._shape.rank
        if count is None:
            raise ValueError(
                "Can only compute IndexedSlices gradient with negative concat_dim when first value "
                "rank is statically-known."
            )
        place %= count
    sizes = [shape(value) for value in values]
    if place > 0:
        return _concat_columns_gradient(sizes, wanted, grad)
    return _concat_rows_gradient(sizes, wanted, grad)


def _concat_columns_gradient(sizes: list[Tensor], axis: Tensor, grad: Any) -> list[Any]:
    ranks = shape(sizes[0])
    mask = concat(
        [
            zeros(expand_dims(axis, 0), dtype=dtypes.int32),
            [1],
            zeros(ranks - axis - 1, dtype=dtypes.int32),
        ],
        0,
    )
    begin, parts = zeros(ranks, dtype=dtypes.int32), []
    for extent in sizes:
        values = cut(grad.values, begin, concat([[-1], cut(extent, [1], [-1])], 0))
        parts.append(IndexedSlices(values, grad.indices, extent))
        begin = registry.get("AddV2")(begin, extent * mask, name="Add")
    return parts


def _concat_rows_gradient(sizes: list[Tensor], axis: Tensor, grad: Any) -> list[Any]:
    start, parts = constant(0, dtype=grad.indices.dtype), []
    gather = registry.get("GatherV2")
    for extent in sizes:
        count = gather(extent, axis, 0)
        if count.dtype != grad.indices.dtype:
            count = registry.get("Cast")(count, DstT=grad.indices.dtype)
        end = start + count
        inside = registry.get("LogicalAnd")(grad.indices >= start, grad.indices < end)
        chosen = squeeze(registry.get("Where")(inside), axis=[1])
        indices = gather(grad.indices, chosen, 0) - start
        parts.append(IndexedSlices(gather(grad.values, chosen, 0), indices, extent))
        start = end
    return parts


def _offset_axis(axis: Any, shapes: Any) -> int:
    """The dimension to join along, counted from the front, of shapes of equal rank."""
    rank = np.size(shapes[0])
    for index, sizes in enumerate(shapes):
        if np.ndim(sizes) != 1:
            shown = str(list(np.shape(sizes))).replace(" ", "")
            raise _fail(f"input {index} should be a vector, but got shape {shown}")
        if np.size(sizes) != rank:
            raise _fail(f"input {index} should contain {rank} elements, but got {np.size(sizes)}")
    if not -rank <= axis < rank:
        raise _fail(f"Concat dim is out of range: {axis} vs. {rank}")
    return int(axis) % rank


@op
class ConcatOffset:
    """Where each input of a concatenation begins in its output."""

    inputs = "concat_dim: int32, shape: N * shape_type"
    outputs = "offset: N * shape_type"
    attrs = "N: int >= 2, shape_type: {int32, int64} = DT_INT32"

    def infer(axis, shapes):
        return tuple([shape._shape for shape in shapes])

    def kernel(axis, shapes):
        first = shapes[0]
        axis = _offset_axis(axis, shapes)
        offsets, at = [], 0
        for index, sizes in enumerate(shapes):
            if (np.delete(sizes, axis) != np.delete(first, axis)).any():
                raise _fail(
                    f"All dimensions except {axis} must match. Input {index} has shape "
                    f"[{' '.join(map(str, sizes))}] and doesn't match input 0 with shape "
                    f"[{' '.join(map(str, first))}]."
                )
            offset = np.zeros_like(sizes)
            offset[axis] = at
            at += sizes[axis]
            offsets.append(offset)
        return tuple(offsets)

    gradient = None
