"""Taking rows and elements out of tensors by their indices, and putting them in."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import registry
from minitf.errors import InvalidArgumentError
from minitf.graph import colocate_with, name_scope
from minitf.indexed_slices import IndexedSlices
from minitf.kernels.values import as_array, plain
from minitf.op import convert_to_tensor, op, register_tensor_conversion_function
from minitf.ops.cutting import unstack
from minitf.ops.filling import ones, range_of, zeros
from minitf.ops.joining import concat, stack
from minitf.ops.padding import tile
from minitf.ops.rearranging import transpose
from minitf.ops.shapes import expand_dims, rank, reshape, shape, size, squeeze, static_int
from minitf.shape import TensorShape, brackets, shape_of, unknown_shape
from minitf.tensor import Tensor


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _checked(indices: Any, size: int) -> Any:
    """The indices; InvalidArgumentError where one is outside [0, size)."""
    outside = (indices < 0) | (indices >= size)
    if np.any(outside):
        place = np.unravel_index(np.argmax(outside), np.shape(indices))
        name = f"indices[{','.join(map(str, place))}]" if np.ndim(indices) else "indices"
        raise _fail(f"{name} = {np.asarray(indices)[place]} is not in [0, {size})")
    return indices


def _dense(slices: IndexedSlices, dtype: Any, name: str | None, as_ref: bool) -> Tensor:
    """IndexedSlices as a tensor: rows of one index are added, other rows are zero."""
    if dtype and not dtype.is_compatible_with(slices.dtype):
        raise ValueError(
            f"Incompatible tensor conversion requested to `dtype` {dtype.name} for IndexedSlices "
            f"({slices}) with dtype {slices.dtype.name}"
        )
    if slices.dense_shape is None:
        raise ValueError(
            "Tensor conversion requested for IndexedSlices for argument `value` without "
            f"dense_shape: {slices!s}"
        )
    total = registry.get("UnsortedSegmentSum")
    return total(slices.values, slices.indices, slices.dense_shape[0], name=name)


register_tensor_conversion_function(IndexedSlices, _dense)


@op
class Gather:
    """The rows of the first input that the second one lists."""

    inputs = "params: Tparams, indices: Tindices"
    outputs = "output: Tparams"
    attrs = "validate_indices: bool = true, Tparams: type, Tindices: {int32, int64}"

    def infer(params, indices):
        if params._shape.rank == 0:
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        return indices._shape.concatenate(params._shape[1:])

    def kernel(params, indices):
        return params[_checked(indices, len(params))]

    def gradient(op, grad):
        params, indices = op.inputs
        with colocate_with(params):
            sizes = shape(params)
        return [_row_slices(grad, indices, sizes, expand_dims(size(indices), 0)), None]


def _row_slices(grad: Any, indices: Tensor, sizes: Tensor, count: Tensor) -> IndexedSlices:
    wanted = concat([count, sizes[1:]], 0)
    values = reshape(convert_to_tensor(grad), wanted)
    return IndexedSlices(values, reshape(indices, count), sizes)


@op
class GatherV2:
    """What the indices list along one axis; the first `batch_dims` dimensions go together."""

    inputs = "params: Tparams, indices: Tindices, axis: Taxis"
    outputs = "output: Tparams"
    attrs = (
        "batch_dims: int = 0, Tparams: type, Tindices: {int16, int32, int64}, Taxis: {int32, int64}"
    )

    def infer(params, indices, axis, *, batch_dims):
        return _gathered(params._shape, indices._shape, axis, batch_dims)

    def kernel(params, indices, axis, *, batch_dims):
        params = as_array(params)
        axis = int(axis)
        if not -params.ndim <= axis < params.ndim:
            least = axis + 1 if axis >= 0 else -axis
            raise _fail(f"Shape must be at least rank {least} but is rank {params.ndim}")
        axis %= params.ndim
        _checked(indices, params.shape[axis])
        if not batch_dims:
            return plain(as_array(np.take(params, indices, axis)))
        return _batch_gathered(params, indices, axis, batch_dims % np.ndim(indices))

    def gradient(op, grad):
        params, indices, axis = op.inputs
        with colocate_with(params):
            sizes = shape(params)
        count = expand_dims(size(indices), 0)
        batch_dims = op.get_attr("batch_dims")
        if batch_dims < 0:
            if indices._shape.rank is None:
                raise ValueError(
                    "Currently, it is unsupported to take the gradient of tf.gather when "
                    "batch_dims < 0 and the rank of the indices is unknown. Please pass a "
                    "positive batch_dims or use tf.ensure_shape to update the shape of indices "
                    "when calling tf.gather. "
                    f"Got batch_dims={batch_dims} and indices={indices}"
                )
            batch_dims += indices._shape.rank
        if static_int(axis) == 0:
            return [_row_slices(grad, indices, sizes, count), None, None]
        back = _axis_gradient(grad, indices, axis, sizes, batch_dims)
        return [reshape(back, shape(params)), None, None]


def _gathered(
    params: TensorShape, indices: TensorShape, axis: Tensor, batch_dims: int
) -> TensorShape:
    if axis._shape.rank not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {axis._shape.rank}")
    place = static_int(axis)
    if params.rank == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if place is None:
        if params.rank is None or indices.rank is None:
            return unknown_shape()
        return unknown_shape(params.rank + indices.rank - 1 - batch_dims)
    if params.rank is None:
        return unknown_shape()
    least = place + 1 if place >= 0 else -place
    if params.rank < least:
        raise ValueError(f"Shape must be at least rank {least} but is rank {params.rank}")
    place %= params.rank
    if indices.rank is None:
        return unknown_shape()
    if batch_dims < 0:
        batch_dims += indices.rank
    if batch_dims > place:
        raise ValueError(f"batch_dims ({batch_dims}) must be less than or equal to axis ({place})")
    return params[:place].concatenate(indices[batch_dims:]).concatenate(params[place + 1 :])


def _batch_gathered(params: np.ndarray, indices: np.ndarray, axis: int, batch: int) -> np.ndarray:
    """For each element of the leading dimensions, what its own indices list."""
    lead = params.shape[:batch]
    flat = params.reshape(-1, *params.shape[batch:])
    rows = indices.reshape(flat.shape[0], *indices.shape[batch:])
    if not len(flat):
        middle = params.shape[batch:axis] + indices.shape[batch:]
        return np.empty(lead + middle + params.shape[axis + 1 :], params.dtype)
    parts = [np.take(part, row, axis - batch) for part, row in zip(flat, rows, strict=True)]
    joined = np.stack(parts)
    return joined.reshape(lead + joined.shape[1:])


def _axis_gradient(
    grad: Any, indices: Tensor, axis: Tensor, sizes: Tensor, batch_dims: int
) -> Tensor:
    """The gradient of a gather along an axis other than the first."""
    outer, inner = sizes[:axis], sizes[axis:][1:]
    value_sizes = concat([outer, [-1], inner], 0)
    ranks, axes = size(value_sizes), size(outer)
    batches, before = range_of(batch_dims), range_of(batch_dims, axes)
    after = range_of(axes + 1, ranks)
    values = reshape(convert_to_tensor(grad), value_sizes)
    order = concat([batches, [axes], before, after], 0)
    values = transpose(values, order)
    moved_sizes = gather(sizes, order)
    back = _batch_gradient(moved_sizes, values, indices, batch_dims, sizes[axis])
    order = concat([batches, before + 1, [batch_dims], after], 0)
    return transpose(back, order)


def _batch_gradient(
    sizes: Tensor, values: Tensor, indices: Tensor, batch_dims: int, gathered: Tensor
) -> Tensor:
    count = expand_dims(size(indices), 0)
    if batch_dims:
        value_sizes = shape(values)
        outer, inner = value_sizes[:batch_dims], value_sizes[batch_dims:][1:]
        batch = registry.get("Prod")(outer, [0], keep_dims=False)
        flat_sizes = concat([[-1], inner], 0)
        gathered *= batch
        indices = _batch_indices(sizes, indices, batch_dims)
        values = reshape(values, flat_sizes)
    indices = reshape(indices, count)
    back = registry.get("UnsortedSegmentSum")(values, indices, gathered)
    if batch_dims:
        back = reshape(back, concat([outer, flat_sizes], 0))
    return back


def _batch_indices(sizes: Tensor, indices: Tensor, batch_dims: int) -> Tensor:
    """Indices into the flat leading dimensions."""
    dtype = indices.dtype.base_dtype
    result = indices
    if sizes.dtype.base_dtype != dtype:
        sizes = registry.get("Cast")(sizes, DstT=dtype)
    step = ones((), dtype=dtype)
    for dim in range(batch_dims, 0, -1):
        count = sizes[dim - 1]
        step *= sizes[dim]
        starts = range_of(zeros((), dtype=dtype), count, ones((), dtype=dtype))
        starts *= step
        spread = concat([tile([1], [dim - 1]), [count], tile([1], [rank(indices) - dim])], axis=0)
        result += reshape(starts, spread)
    return result


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Tensor:
    """The slices of `params` along `axis` that `indices` lists.

    A run in which an index is out of range raises InvalidArgumentError.
    """
    if axis is None:
        axis = batch_dims
    known = static_int(axis) if isinstance(axis, Tensor) else axis
    if known != 0:
        return GatherV2(params, indices, axis, batch_dims=batch_dims, name=name)
    if hasattr(params, "sparse_read"):
        return params.sparse_read(indices, name=name)
    return GatherV2(params, indices, axis, name=name)


def batch_gather(params: Any, indices: Any, name: str | None = None) -> Tensor:
    """The slices that each row of `indices` lists, out of the same row of `params`."""
    with name_scope(name, "BatchGather", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        if indices._shape.rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        return _batch_gather(params, indices, indices._shape.rank - 1)


def _batch_gather(params: Tensor, indices: Tensor, batch_dims: int) -> Tensor:
    dtype, count = indices.dtype.base_dtype, indices._shape.rank
    index_sizes, sizes, flat = shape(indices), shape(params), indices
    step = ones((), dtype=dtype)
    cast_sizes = registry.get("Cast")(sizes, DstT=dtype)
    for dim in range(batch_dims, 0, -1):
        rows = cast_sizes[dim - 1]
        step *= cast_sizes[dim]
        first, one = zeros((), dtype=dtype), ones((), dtype=dtype)
        starts = registry.get("Range")(first, rows, one)
        starts *= step
        flat += reshape(starts, stack([1] * (dim - 1) + [rows] + [1] * (count - dim), axis=0))
    flat = reshape(flat, [-1])
    outer = sizes[batch_dims + 1 :]
    inner = registry.get("Prod")(sizes[: batch_dims + 1], [0], keep_dims=False)
    rows = reshape(params, concat([[inner], outer], axis=0))
    result = reshape(gather(rows, flat), concat([index_sizes, outer], axis=0))
    known = indices._shape[:batch_dims].merge_with(params._shape[:batch_dims])
    known = known.concatenate(indices._shape[batch_dims:])
    result.set_shape(known.concatenate(params._shape[batch_dims + 1 :]))
    return result


# Indices of several dimensions


def _nd_index(indices: np.ndarray, sizes: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """The index that rows of `indices` stand for; InvalidArgumentError out of range."""
    depth = indices.shape[-1]
    if depth > len(sizes):
        raise _fail(
            f"index innermost dimension length must be <= params rank; saw: {depth} vs. "
            f"{len(sizes)}"
        )
    limits = np.array(sizes[:depth])
    outside = ((indices < 0) | (indices >= limits)).any(-1)
    if outside.any():
        place = np.unravel_index(np.argmax(outside), outside.shape)
        where = ",".join(map(str, place)) if outside.ndim else ""
        entry = ", ".join(map(str, indices[place].tolist()))
        raise _fail(f"indices[{where}] = [{entry}] does not index into param shape "
                    f"[{','.join(map(str, sizes))}]")  # fmt: skip
    return tuple(np.moveaxis(indices, -1, 0))


def _check_entries(params: np.ndarray, indices: np.ndarray) -> None:
    if indices.size and not params.size:
        raise _fail(
            f"Requested more than 0 entries, but params is empty.  Params shape: {shape_of(params)}"
        )


@op
class GatherNd:
    """The elements or slices whose places are the rows of the indices."""

    inputs = "params: Tparams, indices: Tindices"
    outputs = "output: Tparams"
    attrs = 'Tparams: type, Tindices: {int16, int32, int64}, bad_indices_policy: string = ""'

    def infer(params, indices):
        if indices._shape.rank == 0:
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        if indices._shape.rank is None or params._shape.rank is None:
            return unknown_shape()
        depth = indices._shape._sizes[-1]
        if depth is None:
            return unknown_shape()
        if depth > params._shape.rank:
            raise ValueError(
                "indices.shape[-1] must be <= params.rank, but saw indices shape: "
                f"{brackets(indices._shape)} and params shape: {brackets(params._shape)}"
            )
        return indices._shape[:-1].concatenate(params._shape[depth:])

    def kernel(params, indices, *, bad_indices_policy):
        params = as_array(params)
        _check_entries(params, indices)
        if not indices.shape[-1]:  # each row stands for all of the params
            return np.broadcast_to(params, indices.shape[:-1] + params.shape).copy()
        if bad_indices_policy == "IGNORE":
            inside = _inside(indices, params.shape)
            result = params[tuple(np.moveaxis(np.where(inside[..., None], indices, 0), -1, 0))]
            result = np.where(inside.reshape(inside.shape + (1,) * (result.ndim - inside.ndim)),
                              result, np.zeros((), params.dtype))  # fmt: skip
            return plain(result)
        return params[_nd_index(indices, params.shape)]

    def gradient(op, grad):
        params, indices = op.inputs
        sizes = shape(params, out_type=indices.dtype)
        if indices._shape.rank == 2 and indices._shape._sizes[-1] == 1:
            return [IndexedSlices(grad, squeeze(indices, axis=-1), sizes), None]
        policy = op.get_attr("bad_indices_policy")
        return [registry.get("ScatterNd")(indices, grad, sizes, bad_indices_policy=policy), None]


def _inside(indices: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    limits = np.array(sizes[: indices.shape[-1]])
    return ((indices >= 0) & (indices < limits)).all(-1)


def gather_nd(
    params: Any,
    indices: Any,
    name: str | None = None,
    batch_dims: int = 0,
    bad_indices_policy: str = "",
) -> Tensor:
    """The elements or slices of `params` whose places are the rows of `indices`."""
    if batch_dims == 0:
        if not bad_indices_policy and hasattr(params, "gather_nd"):
            return params.gather_nd(indices, name=name)
        return GatherNd(params, indices, bad_indices_policy=bad_indices_policy, name=name)
    return _batch_gather_nd(params, indices, batch_dims, name, bad_indices_policy)


def _batch_gather_nd(
    params: Any, indices: Any, batch_dims: int, name: str | None, policy: str
) -> Tensor:
    cast, numbers, product = map(registry.get, ("Cast", "Range", "Prod"))
    with name_scope(name, "BatchGatherND", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        if not isinstance(batch_dims, int):
            raise TypeError(f"Argument `batch_dims` must be an int; got {batch_dims}")
        if batch_dims < 0:
            raise ValueError("tf.gather_nd does not allow negative batch_dims.")
        for label, t in (("indices", indices), ("params", params)):
            if t._shape.rank is not None and batch_dims >= t._shape.rank:
                raise ValueError(
                    f"Argument `batch_dims` = {batch_dims} must be less than rank(`{label}`) = "
                    f"{t._shape.rank}"
                )
        sizes, index_sizes = shape(params), shape(indices)
        batch = sizes[:batch_dims]
        batch_count = product(batch, [0])
        inner_ranks = rank(indices) - batch_dims - 1
        inner = index_sizes[batch_dims:-1]
        ranges = [
            cast(numbers(0, cast(n, DstT="int32"), 1), DstT=indices.dtype)
            for n in unstack(batch, axis=0)
        ]
        grids = [reshape(x, (-1,)) for x in meshgrid(*ranges, indexing="ij")]
        grid = transpose(stack(grids, axis=0))
        grid_sizes = shape(grid)
        spread = [grid_sizes[:1], ones(inner_ranks, dtype=grid_sizes.dtype), grid_sizes[1:]]
        grid = reshape(grid, concat(spread, axis=0))
        grid = tile(grid, concat(((1,), inner, (1,)), axis=0))
        flat = reshape(indices, concat(([batch_count], index_sizes[batch_dims:]), axis=0))
        found = GatherNd(params, concat((grid, flat), axis=-1), bad_indices_policy=policy)
        return reshape(found, concat((batch, shape(found)[1:]), axis=0))


def meshgrid(*args: Any, **kwargs: Any) -> list[Tensor]:
    """One tensor an argument: its values along a dimension of their own, repeated over the others.

    `indexing` is "xy" (the first two dimensions exchanged) or "ij"; ValueError for others.
    """
    indexing, name = kwargs.pop("indexing", "xy"), kwargs.pop("name", "meshgrid")
    for key in kwargs:
        raise TypeError(f"'{key}' is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError(
            f"Argument `indexing` parameter must be either 'xy' or 'ij', got '{indexing}'"
        )
    with name_scope(name, "meshgrid", args):
        ndim = len(args)
        if not ndim:
            return []
        flat = (1,) * ndim
        parts = [reshape(stack(x), (*flat[:i], -1, *flat[i + 1 :])) for i, x in enumerate(args)]
        sizes = [size(x) for x in args]
        dtype = convert_to_tensor(args[0]).dtype.base_dtype
        if indexing == "xy" and ndim > 1:
            parts[0] = reshape(parts[0], (1, -1) + (1,) * (ndim - 2))
            parts[1] = reshape(parts[1], (-1, 1) + (1,) * (ndim - 2))
            sizes[0], sizes[1] = sizes[1], sizes[0]
        everywhere = ones(sizes, dtype)
        return [x * everywhere for x in parts]
