"""Lookups of rows in tables, whole or in parts; and the rows of sparse ids, combined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, registry
from minitf.graph import colocate_with, device, name_scope
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import maximum
from minitf.ops.casts import cast
from minitf.ops.clipping import clip_by_norm
from minitf.ops.constants import constant, identity
from minitf.ops.elementwise import sqrt
from minitf.ops.filling import ones, range_of
from minitf.ops.gathering import gather
from minitf.ops.joining import concat, stack
from minitf.ops.partitions import dynamic_partition, parallel_stitch
from minitf.ops.reductions import reduce_sum
from minitf.ops.searching import unique
from minitf.ops.segments import SegmentSum
from minitf.ops.selecting import where
from minitf.ops.shapes import expand_dims, rank, reshape, shape, size
from minitf.ops.sparse_segments import (
    SparseSegmentMean,
    SparseSegmentSqrtN,
    SparseSegmentSum,
)
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Tensor


def as_parts(params: Any) -> list[Any]:
    """The parts of a table: those of a list or of a partitioned variable, or the table alone."""
    if hasattr(params, "as_tensor"):
        return list(params)
    return params if isinstance(params, list) else [params]


def _clipped(rows: Tensor, ids: Any, max_norm: Any) -> Tensor:
    """The rows, made shorter where they are longer than `max_norm`."""
    if max_norm is None:
        return rows
    ranks = [convert_to_tensor(x).shape.rank for x in (ids, rows)]
    if ranks[0] and ranks[1]:
        axes: Any = list(range(*ranks))
    else:
        axes = range_of(ranks[0] or rank(ids), ranks[1] or rank(rows))
    return clip_by_norm(rows, max_norm, axes=axes)


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: Any = None,
) -> Tensor:
    """The rows of a table that `ids` name, made no longer than `max_norm`.

    A table in parts has row i in part i mod parts ("mod"), or each part holds neighbours ("div").
    ValueError without a table, and for another strategy.
    """
    if params is None:
        raise ValueError("params must be specified")
    if isinstance(params, (list, tuple)) and not params:
        raise ValueError("Length of params is currently 0. Need at least one param.")
    parts = as_parts(params)
    with name_scope(name, "embedding_lookup", [*parts, ids]) as name:
        parts = [convert_to_tensor(part, name=f"params_{i}") for i, part in enumerate(parts)]
        ids = convert_to_tensor(ids, name="ids")
        if len(parts) > 1:
            return _from_parts(parts, ids, partition_strategy, name, max_norm)
        with colocate_with(parts[0]):
            rows = _clipped(gather(parts[0], ids, name=name), ids, max_norm)
        return identity(rows)


def _from_parts(parts: list[Tensor], ids: Tensor, strategy: str, name: str, max_norm: Any) -> Any:
    count = len(parts)
    flat = reshape(ids, [-1])
    places = range_of(size(flat, out_type=dtypes.int32))
    if strategy not in _STRATEGIES:
        raise ValueError(
            f"Unrecognized partition strategy: {strategy}.Must be one of either `mod` or `div`."
        )
    part_of, place_in = _STRATEGIES[strategy](parts, flat)
    part_of = cast(part_of, dtypes.int32)
    wanted = dynamic_partition(place_in, part_of, count)
    where_to = dynamic_partition(places, part_of, count)
    found = []
    for part, part_ids in zip(parts, wanted, strict=True):
        with device(None), colocate_with(part):
            found.append(gather(part, part_ids))
    rows = parallel_stitch(where_to, found, name=name)
    row: Any = parts[0].shape[1:]
    for part in parts[1:]:
        row = row.merge_with(part.shape[1:])
    known = row
    if not row.is_fully_defined():
        with colocate_with(parts[0]):
            whole = shape(parts[0])
        row = whole[1:]
    rows = reshape(rows, concat([shape(ids), row], 0))
    rows.set_shape(ids.shape.concatenate(known))
    return _clipped(rows, ids, max_norm)


def _by_remainder(parts: list[Tensor], ids: Tensor) -> tuple[Tensor, Tensor]:
    return ids % len(parts), ids // len(parts)


def _by_neighbourhood(parts: list[Tensor], ids: Tensor) -> tuple[Tensor, Tensor]:
    """Each part has as many rows as the others, the first ones one more."""
    count = len(parts)
    total = _row_count(parts, ids)
    each, extra = total // count, total % count
    part_of = maximum(ids // (each + 1), (ids - extra) // each)
    place_in = where(part_of < extra, ids % (each + 1), (ids - extra) % each)
    return part_of, place_in


def _row_count(parts: list[Tensor], ids: Tensor) -> Tensor:
    known = [None if p.shape.rank is None else p.shape.as_list()[0] for p in parts]
    if None not in known:
        return constant(sum(known), ids.dtype)  # type: ignore[arg-type]
    rows: list[Any] = []
    for part, number in zip(parts, known, strict=True):
        if number is None:
            with colocate_with(part):
                number = shape(part)[0]
        rows.append(number)
    return reduce_sum(cast(stack(rows), ids.dtype))


_STRATEGIES: dict[str, Callable[..., tuple[Tensor, Tensor]]] = {
    "mod": _by_remainder,
    "div": _by_neighbourhood,
}


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: Any = None,
    allow_fast_lookup: bool = False,
) -> Tensor:
    """For each row of sparse ids the rows of a table they name, combined.

    `combiner` is "mean", "sqrtn" or "sum"; ValueError for another. TypeError unless the ids, and
    the weights if there are any, are SparseTensors.
    """
    combiner = combiner or "mean"
    if combiner not in _COMBINERS:
        raise ValueError(f"combiner must be one of 'mean', 'sqrtn' or 'sum', got {combiner}")
    parts = as_parts(params)
    if not isinstance(sp_ids, SparseTensor):
        raise TypeError(f"sp_ids must be SparseTensor, got {type(sp_ids)}")
    if sp_weights is not None and not isinstance(sp_weights, SparseTensor):
        raise TypeError(f"sp_weights must be either None or SparseTensor, got {type(sp_weights)}")
    if sp_weights is not None:
        sp_ids.values.shape.assert_is_compatible_with(sp_weights.values.shape)
        sp_ids.indices.shape.assert_is_compatible_with(sp_weights.indices.shape)
    with name_scope(name, "embedding_lookup_sparse", [*parts, sp_ids]) as name:
        segments, ids = sp_ids.indices[:, 0], sp_ids.values
        whole = len(parts) == 1 and max_norm is None and sp_weights is None
        if whole:
            rows = convert_to_tensor(parts[0], name="params")
        else:
            ids, index = unique(ids)
            rows = embedding_lookup(parts, ids, partition_strategy, max_norm=max_norm)
            ids = index
        if sp_weights is not None:
            return _weighted(rows, ids, segments, sp_weights.values, combiner, name)
        sparse = whole and not allow_fast_lookup
        return _COMBINERS[combiner](rows, ids, segments, sparse_gradient=sparse, name=name)


_COMBINERS = {"mean": SparseSegmentMean, "sqrtn": SparseSegmentSqrtN, "sum": SparseSegmentSum}


def _weighted(
    rows: Tensor, ids: Tensor, segments: Tensor, weights: Tensor, combiner: str, name: str | None
) -> Tensor:
    """The rows times their weights, summed in each segment and divided as `combiner` says."""
    if segments.dtype != dtypes.int32:
        segments = cast(segments, dtypes.int32)
    rows = registry.get("GatherV2")(rows, ids, 0)
    if weights.dtype != rows.dtype:
        weights = cast(weights, rows.dtype)
    count = weights.shape
    beside = expand_dims(rank(rows) - 1, 0)
    sizes = [shape(weights), ones(beside, dtype=dtypes.int32)]
    weights = reshape(weights, concat(sizes, 0))
    if rows.shape.rank is not None:
        weights.set_shape(count.concatenate([1] * (rows.shape.rank - 1)))
    rows = rows * weights
    if combiner == "sum":
        return SegmentSum(rows, segments, name=name)
    total = SegmentSum(rows, segments)
    if combiner == "mean":
        share = SegmentSum(weights, segments)
    else:
        share = sqrt(SegmentSum(registry.get("Pow")(weights, 2), segments))
    return registry.get("DivNoNan")(total, share, name=name)
