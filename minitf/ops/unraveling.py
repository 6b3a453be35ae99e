"""Numbers of elements as their places along each dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import with_rank
from minitf.op import op
from minitf.shape import shape_of, unknown_shape
from minitf.tensor import Tensor


@op
class UnravelIndex:
    """For each dimension, where the elements with these numbers lie."""

    inputs = "indices: Tidx, dims: Tidx"
    outputs = "output: Tidx"
    attrs = "Tidx: {int32, int64} = DT_INT32"

    def infer(indices, dims):
        count = with_rank(dims, 1)[0].value
        if indices._shape.rank == 0:
            return [count]
        if indices._shape.rank is None:
            return unknown_shape()
        return [count, indices._shape.num_elements()]

    def kernel(indices, dims):
        if np.ndim(indices) > 1:
            raise InvalidArgumentError(
                None, None, f'The indices can only be scalar or vector, got "{shape_of(indices)}"'
            )
        if (dims == 0).any():
            raise InvalidArgumentError(
                None,
                None,
                "Input dims cannot contain a dim of zero, but dims contains zero at index "
                f"{int(np.argmin(dims))}",
            )
        if (np.asarray(indices) >= np.prod(dims)).any():
            raise InvalidArgumentError(None, None, "index is out of bound as with dims")
        strides = np.append(np.cumprod(dims[:0:-1])[::-1], 1).astype(dims.dtype)
        places = []
        rest = np.asarray(indices)
        for stride in strides:
            # As C++ divides: towards zero.
            places.append(np.trunc(rest / stride).astype(dims.dtype))
            rest = rest - places[-1] * stride
        return np.stack(places)

    gradient = LookupError


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Tensor:
    """The places [dimensions, ...] of elements by their numbers; a run fails for one outside."""
    return UnravelIndex(indices, dims, name=name)
