"""What the shape rules of layers ask of their inputs, and how they say that it is not so."""

from __future__ import annotations

from typing import Any

from minitf.shape import TensorShape, unknown_shape
from minitf.tensor import Tensor


def at_least_rank(tensor: Tensor, rank: int) -> TensorShape:
    """The tensor's shape; ValueError when it is known to have fewer than `rank` dimensions."""
    shape = tensor._shape
    if shape._sizes is not None and len(shape._sizes) < rank:
        raise ValueError(f"Shape must be at least rank {rank} but is rank {len(shape._sizes)}")
    return shape


def same_size(a: int | None, b: int | None) -> int | None:
    """The one size that both are; ValueError when they are known to differ."""
    if a is not None and b is not None and a != b:
        raise ValueError(f"Dimensions must be equal, but are {a} and {b}")
    return b if a is None else a


def sizes(tensor: Tensor, rank: int) -> list[int | None]:
    """The tensor's sizes, None for unknown ones; ValueError unless it may have `rank` of them."""
    shape = tensor._shape
    if shape._sizes is None:
        return [None] * rank
    if len(shape._sizes) != rank:
        raise ValueError(f"Shape must be rank {rank} but is rank {len(shape._sizes)}")
    return list(shape._sizes)


def vector_size(*tensors: Tensor) -> int | None:
    """The one length of several vectors."""
    length = None
    for tensor in tensors:
        length = same_size(length, sizes(tensor, 1)[0])
    return length


def with_size(shape: TensorShape, axis: int, size: int | None) -> TensorShape:
    """`shape` with another size in place of one."""
    if shape._sizes is None:
        return unknown_shape()
    changed: list[Any] = list(shape._sizes)
    changed[axis] = size
    return TensorShape(changed)
