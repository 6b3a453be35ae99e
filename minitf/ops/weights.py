"""Weights of losses and metrics: whether they fit their values, and made as large as them."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.graph import control_dependencies, name_scope
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import multiply
from minitf.ops.asserting import Assert
from minitf.ops.cond import cond
from minitf.ops.filling import ones_like
from minitf.ops.grouping import no_op
from minitf.ops.joining import concat
from minitf.ops.logic import equal
from minitf.ops.sets import DenseToDenseSetOperation
from minitf.ops.shapes import expand_dims, rank, shape, size, squeeze
from minitf.tensor import Operation, Tensor

_MISFIT = "weights can not be broadcast to values."


def assert_broadcastable(weights: Any, values: Any) -> Operation:
    """An op that fails unless weights are a number or fit the values, size 1 wherever they don't.

    ValueError where that is known while building.
    """
    with name_scope(None, "assert_broadcastable", (weights, values)) as scope:
        weights, weights_shape, weights_rank = _measured(weights, "weights")
        values, values_shape, values_rank = _measured(values, "values")
        if _fit_statically(weights, values) is not None:
            kind = "scalar" if weights.shape.rank == 0 else "dims"
            return no_op(name=f"static_{kind}_check_success")
        is_scalar = equal(0, weights_rank, name="is_scalar")
        data = (
            _MISFIT, "weights.shape=", weights.name, weights_shape, "values.shape=", values.name,
            values_shape, "is_scalar=", is_scalar,
        )  # fmt: skip
        fits = cond(
            is_scalar,
            lambda: is_scalar,
            lambda: _same_rank_and_sizes(weights_rank, weights_shape, values_rank, values_shape),
            name="is_valid_shape",
        )
        return Assert(fits, list(data), name=scope)


def _measured(value: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:
    with name_scope(None, name, (value,)) as scope:
        value = convert_to_tensor(value, name=scope)
        return value, shape(value, name="shape"), rank(value, name="rank")


def _fit_statically(weights: Tensor, values: Tensor) -> bool | None:
    """True where the weights are known to fit, None where that is not known."""
    ours, theirs = weights.shape, values.shape
    if ours.rank is None or theirs.rank is None:
        return None
    if ours.rank == 0:
        return True
    received = f"Received weights={weights}, values={values}"
    if ours.rank != theirs.rank:
        raise ValueError(
            f"{_MISFIT} values.rank={theirs.rank}. weights.rank={ours.rank}. "
            f"values.shape={theirs}. weights.shape={ours}. {received}"
        )
    if not (ours.is_fully_defined() and theirs.is_fully_defined()):
        return None
    for axis, (mine, other) in enumerate(zip(ours.as_list(), theirs.as_list(), strict=True)):
        if mine not in (1, other):
            sizes = [np.array(s.as_list()) for s in (theirs, ours)]
            raise ValueError(
                f"{_MISFIT} Mismatch at dim {axis}. values.shape={sizes[0]}, "
                f"weights.shape={sizes[1]}. {received}"
            )
    return True


def _same_rank_and_sizes(
    weights_rank: Tensor, weights_shape: Tensor, values_rank: Tensor, values_shape: Tensor
) -> Tensor:
    given = (weights_rank, weights_shape, values_rank, values_shape)
    with name_scope(None, "has_valid_nonscalar_shape", given) as scope:
        same = equal(values_rank, weights_rank, name="is_same_rank")
        return cond(same, lambda: _sizes_fit(weights_shape, values_shape), lambda: same, name=scope)


def _sizes_fit(weights_shape: Tensor, values_shape: Tensor) -> Tensor:
    with name_scope(None, "has_invalid_dims", (weights_shape, values_shape)) as scope:
        wanted = expand_dims(values_shape, -1)
        allowed = concat((wanted, ones_like(wanted)), axis=1)
        given = expand_dims(weights_shape, -1)
        _, misfits, _ = DenseToDenseSetOperation(given, allowed, set_operation="a-b")
        return equal(0, size(misfits, name="num_invalid_dims"), name=scope)


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """The weights, repeated where that is needed, in the shape of the values."""
    with name_scope(None, "broadcast_weights", (weights, values)) as scope:
        values = convert_to_tensor(values, name="values")
        weights = convert_to_tensor(weights, dtype=values.dtype.base_dtype, name="weights")
        ours, theirs = weights.shape, values.shape
        defined = ours.is_fully_defined() and theirs.is_fully_defined()
        if defined and ours.is_compatible_with(theirs):
            return weights
        with control_dependencies((assert_broadcastable(weights, values),)):
            return multiply(weights, ones_like(values), name=scope)


def remove_squeezable_dimensions(
    labels: Any, predictions: Any, expected_rank_diff: int = 0, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Labels and predictions, without the one's last dimension of size 1 that the other lacks."""
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions, labels = convert_to_tensor(predictions), convert_to_tensor(labels)
        theirs, ours = predictions.shape, labels.shape
        if theirs.rank is not None and ours.rank is not None:
            more = theirs.rank - ours.rank
            if more == expected_rank_diff + 1 and _may_squeeze(predictions):
                predictions = squeeze(predictions, [-1])
            elif more == expected_rank_diff - 1 and _may_squeeze(labels):
                labels = squeeze(labels, [-1])
            return labels, predictions
        difference = rank(predictions) - rank(labels)
        if theirs.rank is None or _may_squeeze(predictions):
            predictions = _squeezed_if(equal(expected_rank_diff + 1, difference), predictions)
        if ours.rank is None or _may_squeeze(labels):
            labels = _squeezed_if(equal(expected_rank_diff - 1, difference), labels)
        return labels, predictions


def _may_squeeze(x: Tensor) -> bool:
    return x.shape.as_list()[-1] in (1, None)


def _squeezed_if(condition: Tensor, x: Tensor) -> Tensor:
    return cond(condition, lambda: squeeze(x, [-1]), lambda: x)
