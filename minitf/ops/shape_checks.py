"""Checks of ranks, types and what can be iterated: most are settled while building."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops import logic
from minitf.ops.asserting import Assert
from minitf.ops.checks import message_prefix
from minitf.ops.grouping import no_op, with_dependencies
from minitf.ops.shapes import rank as rank_of
from minitf.ops.shapes import shape
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Operation, Tensor


def assert_rank(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An op that fails unless `x` has this rank; ValueError where that is known already."""
    with name_scope(name, "assert_rank", [x, rank, *(data or [])]):
        return _ranked(x, rank, int.__eq__, logic.equal, "rank", data, summarize, message)


def assert_rank_at_least(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An op that fails unless `x` has at least this rank; ValueError where that is known."""
    with name_scope(name, "assert_rank_at_least", [x, rank, *(data or [])]):
        return _ranked(
            x, rank, int.__ge__, logic.greater_equal, "rank at least", data, summarize, message
        )


def _ranked(
    x: Any,
    rank: Any,
    known: Callable[[int, int], bool],
    holds: Callable[..., Tensor],
    words: str,
    data: Any,
    summarize: int | None,
    message: str | None,
) -> Operation:
    x = convert_to_tensor(x, name="x")
    rank = convert_to_tensor(rank, name="rank")
    prefix = message_prefix(message)
    if data is None:
        data = [prefix, f"Tensor {x.name} must have {words}", rank, "Received shape: ", shape(x)]
    assert_type(rank, dtypes.int32)
    wanted = _scalar(rank)
    actual = x.get_shape().ndims
    if wanted is not None and actual is not None:
        if not known(actual, wanted):
            raise ValueError(
                f"{prefix}Tensor {x.name} must have {words} {wanted}.  Received rank {actual}, "
                f"shape {x.get_shape()}"
            )
        return no_op(name="static_checks_determined_all_ok")
    condition = holds(rank_of(x), rank)
    if wanted is None:
        condition = _scalar_first(rank, condition)
    return Assert(condition, data, summarize=summarize)


def _scalar(rank: Tensor) -> int | None:
    value = constant_value(rank)
    if value is None:
        return None
    if np.ndim(value):
        raise ValueError("Rank must be a scalar.")
    return int(value)


def _scalar_first(rank: Tensor, condition: Tensor) -> Tensor:
    check = assert_rank(rank, 0, data=["Rank must be a scalar. Received rank: ", rank])
    return with_dependencies([check], condition)


def assert_rank_in(
    x: Any,
    ranks: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An op that fails unless `x` has one of these ranks; ValueError where that is known."""
    with name_scope(name, "assert_rank_in", [x, *ranks, *(data or [])]):
        x = convert_to_tensor(x, name="x")
        ranks = [convert_to_tensor(rank, name="rank") for rank in ranks]
        prefix = message_prefix(message)
        if data is None:
            lead = f"Tensor {x.name} must have rank in"
            data = [prefix, lead, *ranks, "Received shape: ", shape(x)]
        for rank in ranks:
            assert_type(rank, dtypes.int32)
        wanted = [_scalar(rank) for rank in ranks]
        actual = x.get_shape().ndims
        if actual is not None and None not in wanted:
            if actual not in wanted:
                raise ValueError(
                    f"{prefix}Tensor {x.name} must have rank in {tuple(wanted)}.  Received rank "
                    f"{actual}, shape {x.get_shape()}"
                )
            return no_op(name="static_checks_determined_all_ok")
        condition = _is_one_of(rank_of(x), ranks)
        for rank, value in zip(ranks, wanted, strict=True):
            if value is None:
                condition = _scalar_first(rank, condition)
        return Assert(condition, data, summarize=summarize)


def _is_one_of(actual: Tensor, ranks: list[Tensor]) -> Tensor:
    if not ranks:
        return convert_to_tensor(False)
    result = logic.equal(ranks[0], actual)
    for rank in ranks[1:]:
        result = logic.logical_or(result, logic.equal(rank, actual))
    return result


def assert_type(
    tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None
) -> Operation:
    """An op that does nothing; TypeError unless the tensor is of this type."""
    tf_type = dtypes.as_dtype(tf_type)
    with name_scope(name, "assert_type", [tensor]):
        tensor = convert_to_tensor(tensor, name="tensor")
        if tensor.dtype != tf_type:
            raise TypeError(
                f"{message_prefix(message)}{tensor.name} must be of type {tf_type!r}; got "
                f"{tensor.dtype!r}"
            )
        return no_op(name="statically_determined_correct_type")


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Operation:
    """An op that does nothing; TypeError unless `x` is of an integer type."""
    with name_scope(name, "assert_integer", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_integer:
            raise TypeError(
                f'{message_prefix(message)}Expected "x" to be integer type.  Found: {x.name} of '
                f"dtype {x.dtype!r}"
            )
        return no_op(name="statically_determined_was_integer")


def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Tensor:
    """The tensor; ValueError unless it is known to have no dimensions."""
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name=scope)
        found = tensor.get_shape()
        if found.ndims != 0:
            raise ValueError(
                f"{message_prefix(message)}Expected scalar shape for {tensor.name}, saw shape: "
                f"{found}."
            )
        return tensor


def assert_proper_iterable(values: Any) -> None:
    """TypeError for what cannot be iterated, or hardly is meant to be: a tensor, a text."""
    if isinstance(values, (Tensor, SparseTensor, np.ndarray, str, bytes)):
        raise TypeError(
            f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}'
        )
    if not hasattr(values, "__iter__"):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> dtypes.DType:
    """The floating type that all share; ValueError where they differ, or it is not floating."""
    found = None if dtype is None else dtypes.as_dtype(dtype)
    first = ""
    for item in tensors or ():
        if item is None:
            continue
        kind = item.dtype.base_dtype
        if found is None:
            found, first = kind, f" as {getattr(item, 'name', item)}"
        elif kind != found:
            raise ValueError(
                f"{getattr(item, 'name', item)}, type={kind}, must be of the same type "
                f"({found}){first}."
            )
    found = found or dtypes.float32
    if not found.is_floating:
        raise ValueError(f"Expected floating point type, got {found}.")
    return found
