"""Sorting along an axis, by way of the k largest."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.graph import name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops.constants import constant
from minitf.ops.filling import range_of
from minitf.ops.ranking import top_k
from minitf.ops.rearranging import transpose
from minitf.ops.scattering import tensor_scatter_update
from minitf.ops.shapes import rank, shape
from minitf.tensor import Tensor


def sort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The values in order along `axis`; ValueError for a direction that is none."""
    with name_scope(name, "sort"):
        return _sorted(values, axis, direction, positions=False)


def argsort(
    values: Any,
    axis: int = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """Where the values stand that would be in order along `axis`; of equal ones the first first."""
    with name_scope(name, "argsort"):
        return _sorted(values, axis, direction, positions=True)


def _sorted(values: Any, axis: Any, direction: str, positions: bool) -> Tensor:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(
            "Argument `direction` should be one of ASCENDING, DESCENDING. Received: "
            f"direction={direction}"
        )
    axis = convert_to_tensor(axis, name="axis")
    known = constant_value(axis)
    if axis.shape.rank not in (None, 0) or known is None:
        raise ValueError(f"Argument `axis` must be a constant scalar. Received: axis={axis}.")
    values = convert_to_tensor(values, name="values")
    if direction == "DESCENDING":
        return _falling(values, int(known), positions)
    mirrored = _mirrored(values)
    result = _falling(mirrored, int(known), positions)
    return result if positions else _mirrored(result)


def _mirrored(x: Tensor) -> Tensor:
    """The same values in the opposite order; a second time, the values again."""
    if x.dtype.is_unsigned:
        return x.dtype.max - x
    # -x alone would leave the smallest integer where it is.
    return -x - 1 if x.dtype.is_integer else -x


def _falling(values: Tensor, axis: int, positions: bool) -> Tensor:
    k = shape(values)[axis]
    number, known = rank(values), values.shape.rank
    order: Any = None
    if axis != -1 and axis + 1 != known:
        place = axis if axis >= 0 else axis + (known or number)
        if known is not None:
            swapped = np.arange(known, dtype=np.int64)
            swapped[[place, known - 1]] = known - 1, place
            order = constant(swapped, name="transposition")
        else:
            order = tensor_scatter_update(
                range_of(number), [[place], [number - 1]], [number - 1, place]
            )
    largest, where = top_k(values if order is None else transpose(values, order), k)
    result = where if positions else largest
    return result if order is None else transpose(result, order)
