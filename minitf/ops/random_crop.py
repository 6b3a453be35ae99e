"""Parts of tensors from random places."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops import control, reductions, shapes, slicing
from minitf.ops.random import random_uniform
from minitf.tensor import Tensor


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """A part of `value` of this size, from a random place; an error when `value` is smaller."""
    with name_scope(name, "random_crop", [value, size]) as name:
        value = convert_to_tensor(value, name="value")
        size = convert_to_tensor(size, dtypes.int32, "size")
        shape = shapes.shape(value)
        check = control.Assert(
            reductions.reduce_all(shape >= size),
            ["Need value.shape >= size, got ", shape, size],
            summarize=1000,
        )
        shape = control.with_dependencies([check], shape)
        limit = shape - size + 1
        largest = size.dtype.max
        drawn = random_uniform(shapes.shape(shape), maxval=largest, dtype=size.dtype, seed=seed)
        return slicing.slice_of(value, drawn % limit, size, name=name)
