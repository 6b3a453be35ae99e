"""How many of a tensor's elements are zero."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.casts import cast
from minitf.ops.cond import cond
from minitf.ops.constants import identity
from minitf.ops.filling import zeros
from minitf.ops.logic import not_equal
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import size
from minitf.tensor import Tensor


def _nonzero(x: Tensor, dtype: Any) -> Tensor:
    with name_scope("count_nonzero", values=[x]):
        zero = zeros([], dtype=x.dtype)
        return reduce_sum(cast(not_equal(x, zero), dtype=dtype), name="nonzero_count")


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """The share of elements that are zero, between 0 and 1."""
    with name_scope(name, "zero_fraction", [value]):
        value = convert_to_tensor(value, name="value")
        count = size(value, out_type=dtypes.int64)
        nonzero = cond(
            count <= dtypes.int32.max,
            lambda: cast(_nonzero(value, dtypes.int32), dtype=dtypes.int64),
            lambda: _nonzero(value, dtypes.int64),
        )
        with name_scope("counts_to_fraction"):
            zero = cast(count - nonzero, dtype=dtypes.float32)
            share = zero / cast(count, dtype=dtypes.float32)
        return identity(share, "fraction")
