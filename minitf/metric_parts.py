"""What metrics share: variables that add up, and arguments made to fit one another."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import add_to_collections, control_dependencies
from minitf.graph_keys import GraphKeys
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import maximum
from minitf.ops.cond import cond
from minitf.ops.division import div_no_nan
from minitf.ops.filling import zeros
from minitf.ops.logic import equal
from minitf.ops.shapes import expand_dims, rank, squeeze
from minitf.ops.state import assign_add
from minitf.ops.weights import remove_squeezable_dimensions
from minitf.tensor import Tensor
from minitf.variables import Variable


def sum_variable(name: str, sizes: Any = (), dtype: Any = dtypes.float32) -> Variable:
    """A local variable of zeros that a metric adds to."""
    return Variable(
        lambda: zeros(sizes, dtype),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        name=name,
    )


def fitted(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Any, Any]:
    """All three without dimensions of size 1 that the others lack."""
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
    if weights is None:
        return predictions, labels, None
    weights = convert_to_tensor(weights)
    ours, theirs = weights.shape.rank, predictions.shape.rank
    if ours == 0:
        return predictions, labels, weights
    if ours is not None and theirs is not None:
        if ours - theirs == 1:
            weights = squeeze(weights, [-1])
        elif theirs - ours == 1:
            weights = expand_dims(weights, [-1])
        return predictions, labels, weights
    return predictions, labels, _fitted_when_run(predictions, weights)


def _fitted_when_run(predictions: Tensor, weights: Tensor) -> Tensor:
    dimensions = rank(weights)
    more = dimensions - rank(predictions)
    last = None if weights.shape.rank is None else weights.shape.as_list()[-1]

    def fewer() -> Tensor:
        return weights if last not in (None, 1) else squeeze(weights, [-1])

    def perhaps_expanded() -> Tensor:
        return cond(equal(more, -1), lambda: expand_dims(weights, [-1]), lambda: weights)

    def adjusted() -> Tensor:
        return cond(equal(more, 1), fewer, perhaps_expanded)

    return cond(equal(dimensions, 0), lambda: weights, adjusted)


def running_mean(
    sums: tuple[Variable, Variable],
    values: Tensor,
    gained: Tensor,
    number: Tensor,
    metrics_collections: Any,
    updates_collections: Any,
) -> tuple[Tensor, Tensor]:
    """What `sums` (of values, and of how many) make, 0 of none, and the op that adds to both.

    `gained` and `number` are added, the second once `values` are there.
    """
    total, count = sums
    new_total = assign_add(total, gained)
    with control_dependencies([values]):
        new_count = assign_add(count, number)
    value = div_no_nan(total, maximum(count, 0), name="value")
    collected(metrics_collections, value)
    update = div_no_nan(new_total, maximum(new_count, 0), name="update_op")
    return value, collected(updates_collections, update)


def collected(collections: Any, value: Tensor) -> Tensor:
    """The value itself, added to collections."""
    if collections:
        add_to_collections(collections, value)
    return value
