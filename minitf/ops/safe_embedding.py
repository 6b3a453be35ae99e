"""Lookups of sparse ids some of which are missing, invalid, or of weight zero."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.casts import cast
from minitf.ops.embedding import as_parts, embedding_lookup_sparse
from minitf.ops.filling import ones_like, zeros_like
from minitf.ops.gathering import gather
from minitf.ops.joining import concat, stack
from minitf.ops.logic import greater, greater_equal, logical_and
from minitf.ops.padding import tile
from minitf.ops.reductions import reduce_prod
from minitf.ops.selecting import where
from minitf.ops.shapes import reshape, shape, size
from minitf.ops.slicing import slice_of
from minitf.ops.sparse import sparse_retain
from minitf.ops.sparse_rows import sparse_fill_empty_rows, sparse_reshape
from minitf.shape import unknown_shape
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Tensor


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str = "mean",
    default_id: Any = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: Any = None,
    allow_fast_lookup: bool = False,
) -> Tensor:
    """`embedding_lookup_sparse` of ids [..., n], without those below 0 or of no weight.

    Where none is left, the row of `default_id`, or zeros. Raises ValueError without a table.
    """
    if embedding_weights is None or not as_parts(embedding_weights):
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    dtype = None if sparse_weights is None else sparse_weights.dtype
    parts = [convert_to_tensor(part, dtype=dtype) for part in as_parts(embedding_weights)]
    with name_scope(name, "embedding_lookup", [*parts, sparse_ids, sparse_weights]) as scope:
        whole = sparse_ids.dense_shape
        known = whole.shape[0].value
        rank: Any = size(whole) if known is None else known
        rows = reduce_prod(slice_of(whole, [0], [rank - 1]))
        sparse_ids = sparse_reshape(sparse_ids, [rows, gather(whole, rank - 1)])
        if sparse_weights is not None:
            sparse_weights = SparseTensor(
                sparse_ids.indices, sparse_weights.values, sparse_ids.dense_shape
            )
        sparse_ids, sparse_weights = _valid_only(sparse_ids, sparse_weights, combiner)
        sparse_ids, empty = sparse_fill_empty_rows(sparse_ids, default_id or 0)
        if sparse_weights is not None:
            sparse_weights, _ = sparse_fill_empty_rows(sparse_weights, 1.0)
        result = embedding_lookup_sparse(
            parts, sparse_ids, sparse_weights, combiner=combiner,
            partition_strategy=partition_strategy, name=None if default_id is None else scope,
            max_norm=max_norm, allow_fast_lookup=allow_fast_lookup,
        )  # fmt: skip
        if default_id is None:
            empty = tile(reshape(empty, [-1, 1]), stack([1, shape(result)[1]]))
            result = where(empty, zeros_like(result), result, name=scope)
        outer = slice_of(cast(whole, dtypes.int32), [0], [rank - 1])
        found = reshape(result, concat([outer, slice_of(shape(result), [1], [-1])], 0))
        before = unknown_shape(None if known is None else known - 1)
        found.set_shape(before.concatenate(result.shape[1:]))
        return found


def _valid_only(ids: SparseTensor, weights: Any, combiner: str) -> tuple[SparseTensor, Any]:
    """Without ids below 0, and, where weights are divided by, without those of weight 0."""
    valid = greater_equal(ids.values, 0)
    if weights is None:
        return sparse_retain(ids, valid), None
    valid = logical_and(valid, ones_like(weights.values, dtype=dtypes.bool))
    ids, weights = sparse_retain(ids, valid), sparse_retain(weights, valid)
    if combiner == "sum":
        return ids, weights
    positive = greater(weights.values, 0)
    return sparse_retain(ids, positive), sparse_retain(weights, positive)
