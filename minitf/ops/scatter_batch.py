"""Changing rows of a batch of tables that one variable holds."""

from __future__ import annotations

from typing import Any

from minitf import registry
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.filling import ones_like
from minitf.ops.joining import concat
from minitf.ops.scatter import scatter_nd_update
from minitf.ops.shapes import expand_dims, reshape
from minitf.ops.shapes import shape as shape_of
from minitf.tensor import Tensor


def batch_scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Tensor:
    """In each table of a variable, `ref[i, j, ...]`, rows `indices[i, j, :]` become `updates`.

    Raises ValueError for indices of unknown rank.
    """
    with name_scope(name):
        indices = convert_to_tensor(indices, name="indices")
        sizes = shape_of(indices)
        rank = indices.shape.rank
        if rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        last = expand_dims(indices, axis=-1)
        places = []
        for dimension in range(rank - 1):
            size = sizes[dimension]
            wide: list[Any] = [1] * (rank + 1)
            wide[dimension] = size
            numbers = reshape(registry.get("Range")(0, size, 1), wide)
            if numbers.dtype.base_dtype != last.dtype:
                numbers = registry.get("Cast")(numbers, DstT=last.dtype)
            places.append(numbers * ones_like(last))
        where = concat([*places, last], axis=-1)
        return scatter_nd_update(ref, where, updates, use_locking=use_locking)
