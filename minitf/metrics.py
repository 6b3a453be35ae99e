"""Metrics over many batches: each a value and an op that takes one more batch in (tf.metrics)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.graph import add_to_collections, control_dependencies, name_scope
from minitf.graph_keys import GraphKeys
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import maximum, multiply, squared_difference, subtract
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.cond import cond
from minitf.ops.constants import identity
from minitf.ops.division import div_no_nan, divide
from minitf.ops.elementwise import sqrt
from minitf.ops.filling import zeros
from minitf.ops.grouping import no_op
from minitf.ops.logic import equal, greater, logical_and
from minitf.ops.reductions import reduce_sum
from minitf.ops.selecting import where
from minitf.ops.shape_checks import assert_rank_in
from minitf.ops.shapes import expand_dims, rank, size, squeeze
from minitf.ops.state import assign_add
from minitf.ops.weights import broadcast_weights, remove_squeezable_dimensions
from minitf.tensor import Tensor
from minitf.variable_scope import variable_scope
from minitf.variables import Variable

__all__ = [
    "accuracy", "false_negatives", "false_positives", "mean", "mean_absolute_error",
    "mean_squared_error", "precision", "recall", "root_mean_squared_error", "true_negatives",
    "true_positives",
]  # fmt: skip


def _sum_variable(name: str) -> Variable:
    return Variable(
        lambda: zeros([], dtypes.float32),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        name=name,
    )


def _fitted(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Any, Any]:
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


def _collected(collections: Any, value: Tensor) -> Tensor:
    if collections:
        add_to_collections(collections, value)
    return value


def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The (weighted) mean of all values so far, and the op that takes in more."""
    with variable_scope(name, "mean", (values, weights)):
        values = cast(values, dtypes.float32)
        total, count = _sum_variable("total"), _sum_variable("count")
        if weights is None:
            number = cast(size(values), dtypes.float32)
        else:
            values, _, weights = _fitted(values, None, weights)
            weights = broadcast_weights(cast(weights, dtypes.float32), values)
            values = multiply(values, weights)
            number = reduce_sum(weights)
        new_total = assign_add(total, reduce_sum(values))
        with control_dependencies([values]):
            new_count = assign_add(count, number)
        value = div_no_nan(total, maximum(count, 0), name="value")
        _collected(metrics_collections, value)
        update = div_no_nan(new_total, maximum(new_count, 0), name="update_op")
        return value, _collected(updates_collections, update)


def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """How often predictions equal labels, so far, and the op that takes in more."""
    predictions, labels, weights = _fitted(predictions, labels, weights)
    predictions.shape.assert_is_compatible_with(labels.shape)
    if labels.dtype != predictions.dtype:
        predictions = cast(predictions, labels.dtype)
    correct = cast(equal(predictions, labels), dtypes.float32)
    return mean(correct, weights, metrics_collections, updates_collections, name or "accuracy")


def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean of |predictions - labels| so far, and the op that takes in more."""
    predictions, labels, weights = _fitted(predictions, labels, weights)
    errors = absolute(subtract(predictions, labels))
    name = name or "mean_absolute_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean of (predictions - labels)² so far, and the op that takes in more."""
    predictions, labels, weights = _fitted(predictions, labels, weights)
    errors = squared_difference(labels, predictions)
    name = name or "mean_squared_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The square root of the mean squared error so far, and the op that takes in more."""
    predictions, labels, weights = _fitted(predictions, labels, weights)
    name = name or "root_mean_squared_error"
    squared, update = mean_squared_error(labels, predictions, weights, None, None, name)
    value = _collected(metrics_collections, sqrt(squared))
    return value, _collected(updates_collections, sqrt(update))


def _count(condition: Tensor, weights: Any, collections: Any, updates: Any) -> tuple[Any, Tensor]:
    """How often a condition has held, in a variable of its own."""
    with name_scope("assert_type"):
        no_op(name="statically_determined_correct_type")
    count = _sum_variable("count")
    values = cast(condition, dtypes.float32)
    if weights is not None:
        with control_dependencies((assert_rank_in(weights, (0, rank(values))),)):
            values = multiply(values, cast(weights, dtypes.float32))
    value = _collected(collections, identity(count))
    return value, _collected(updates, assign_add(count, reduce_sum(values)))


def _counter(name: str, label: bool, prediction: bool, doc: str) -> Callable[..., Any]:
    default = name

    def function(
        labels: Any,
        predictions: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> tuple[Tensor, Tensor]:
        with variable_scope(name, default, (predictions, labels, weights)):
            predictions, labels, weights = _fitted(
                cast(predictions, dtype=dtypes.bool), cast(labels, dtype=dtypes.bool), weights
            )
            found = logical_and(equal(labels, label), equal(predictions, prediction))
            return _count(found, weights, metrics_collections, updates_collections)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"How many {doc} there were so far, and the op that counts more."
    return function


true_positives = _counter("true_positives", True, True, "true labels were predicted")
false_positives = _counter("false_positives", False, True, "false labels were predicted as true")
true_negatives = _counter("true_negatives", False, False, "false labels were predicted")
false_negatives = _counter("false_negatives", True, False, "true labels were predicted as false")


def _share(hits: Any, misses: Any, name: str) -> Tensor:
    """hits / (hits + misses), 0 where there are none."""
    return where(greater(hits + misses, 0), divide(hits, hits + misses), 0, name)


def _share_of_hits(
    default: str, misses: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[Tensor, Tensor]:
    labels, predictions, weights, collections, updates, name = arguments
    with variable_scope(name, default, (predictions, labels, weights)):
        predictions, labels, weights = _fitted(
            cast(predictions, dtype=dtypes.bool), cast(labels, dtype=dtypes.bool), weights
        )
        hit, more_hits = true_positives(labels, predictions, weights)
        missed, more_missed = misses(labels, predictions, weights)
        value = _collected(collections, _share(hit, missed, "value"))
        return value, _collected(updates, _share(more_hits, more_missed, "update_op"))


def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Of the labels predicted as true so far, how many are; and the op that takes in more."""
    arguments = labels, predictions, weights, metrics_collections, updates_collections, name
    return _share_of_hits("precision", false_positives, arguments)


def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Of the true labels so far, how many were predicted; and the op that takes in more."""
    arguments = labels, predictions, weights, metrics_collections, updates_collections, name
    return _share_of_hits("recall", false_negatives, arguments)
