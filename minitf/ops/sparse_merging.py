"""Sparse tensors put together from others."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.ops.casts import cast
from minitf.ops.joining import concat
from minitf.ops.shapes import expand_dims
from minitf.ops.sparse import sparse_reorder
from minitf.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from minitf.tensor import Tensor


def _checked(sp_ids: Any, vocab_size: Any) -> tuple[list[Any], list[Any]]:
    """Both as lists of one length."""
    if isinstance(sp_ids, (SparseTensor, SparseTensorValue)):
        if not isinstance(vocab_size, (Tensor, numbers.Integral)):
            raise TypeError(
                f"vocab_size has to be a Tensor or Python int. Found {type(vocab_size)}"
            )
        return [sp_ids], [vocab_size]
    if not isinstance(sp_ids, Iterable):
        raise TypeError(f"sp_ids has to be a SparseTensor or list thereof. Found {type(sp_ids)}")
    what = "vocab_size has to be a list of Tensors or Python ints. Found"
    if not isinstance(vocab_size, Iterable):
        raise TypeError(f"{what} {type(vocab_size)}")
    sizes, ids = list(vocab_size), list(sp_ids)
    for size in sizes:
        if not isinstance(size, (Tensor, numbers.Integral)):
            raise TypeError(f"{what} {type(size)}")
    if len(ids) != len(sizes):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    return ids, sizes


def sparse_merge(
    sp_ids: Any,
    sp_values: Any,
    vocab_size: Any,
    name: str | None = None,
    already_sorted: bool = False,
) -> SparseTensor:
    """`sp_values` at the places that the values of `sp_ids` name, in rows as long as `vocab_size`.

    Lists of both make more dimensions. Raises TypeError and ValueError where they don't fit.
    """
    sp_ids, vocab_size = _checked(sp_ids, vocab_size)
    with name_scope(name, "SparseMerge", [sp_ids, sp_values]):
        sp_ids = [as_sparse_tensor(part) for part in sp_ids]
        sp_values = as_sparse_tensor(sp_values)
        ids = []
        for part in sp_ids:
            column = part.values
            if part.dtype != dtypes.int64:
                column = cast(column, dtypes.int64)
            ids.append(expand_dims(column, axis=1))
        sizes = [cast(size, dtypes.int64) for size in vocab_size]
        indices = concat([sp_ids[0].indices[:, :-1], *ids], 1)
        shape = concat([sp_ids[0].dense_shape[:-1], sizes], 0)
        result = SparseTensor(indices, sp_values.values, shape)
        if already_sorted:
            return result
        ordered = sparse_reorder(result)
        return SparseTensor(ordered.indices, ordered.values, shape)
