"""Metrics over many batches: each a value and an op that takes one more batch in (tf.metrics)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.lazy import getter, names_of
from minitf.metric_parts import collected, fitted, running_mean, sum_variable
from minitf.ops.arithmetic import multiply, squared_difference
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.constants import identity
from minitf.ops.division import divide
from minitf.ops.elementwise import sqrt
from minitf.ops.grouping import no_op
from minitf.ops.logic import equal, greater, logical_and
from minitf.ops.reductions import reduce_sum
from minitf.ops.selecting import where
from minitf.ops.shape_checks import assert_rank_in
from minitf.ops.shapes import rank, size
from minitf.ops.state import assign_add
from minitf.ops.weights import broadcast_weights
from minitf.tensor import Tensor
from minitf.threshold_metrics import auc
from minitf.variable_scope import variable_scope

_ELSEWHERE = {
    "minitf.class_metrics": "mean_cosine_distance mean_iou mean_per_class_accuracy "
    "mean_relative_error mean_tensor percentage_below",
    "minitf.ranking_metrics": "average_precision_at_k precision_at_k precision_at_top_k "
    "recall_at_k recall_at_top_k sparse_average_precision_at_k sparse_precision_at_k",
    "minitf.threshold_metrics": "false_negatives_at_thresholds false_positives_at_thresholds "
    "precision_at_thresholds recall_at_thresholds sensitivity_at_specificity "
    "specificity_at_sensitivity true_negatives_at_thresholds true_positives_at_thresholds",
}

__all__ = [
    "accuracy", "auc", "false_negatives", "false_positives", "mean", "mean_absolute_error",
    "mean_squared_error", "precision", "recall", "root_mean_squared_error", "true_negatives",
    "true_positives", *names_of(_ELSEWHERE),
]  # fmt: skip
__getattr__ = getter(__name__, _ELSEWHERE)


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
        total, count = sum_variable("total"), sum_variable("count")
        if weights is None:
            number = cast(size(values), dtypes.float32)
        else:
            values, _, weights = fitted(values, None, weights)
            weights = broadcast_weights(cast(weights, dtypes.float32), values)
            values = multiply(values, weights)
            number = reduce_sum(weights)
        return running_mean(
            (total, count),
            values,
            reduce_sum(values),
            number,
            metrics_collections,
            updates_collections,
        )


def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """How often predictions equal labels, so far, and the op that takes in more."""
    predictions, labels, weights = fitted(predictions, labels, weights)
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
    predictions, labels, weights = fitted(predictions, labels, weights)
    errors = absolute(predictions - labels)
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
    predictions, labels, weights = fitted(predictions, labels, weights)
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
    predictions, labels, weights = fitted(predictions, labels, weights)
    name = name or "root_mean_squared_error"
    squared, update = mean_squared_error(labels, predictions, weights, None, None, name)
    value = collected(metrics_collections, sqrt(squared))
    return value, collected(updates_collections, sqrt(update))


def _count(condition: Tensor, weights: Any, collections: Any, updates: Any) -> tuple[Any, Tensor]:
    """How often a condition has held, in a variable of its own."""
    with name_scope("assert_type"):
        no_op(name="statically_determined_correct_type")
    count = sum_variable("count")
    values = cast(condition, dtypes.float32)
    if weights is not None:
        with control_dependencies((assert_rank_in(weights, (0, rank(values))),)):
            values = multiply(values, cast(weights, dtypes.float32))
    value = collected(collections, identity(count))
    return value, collected(updates, assign_add(count, reduce_sum(values)))


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
            predictions, labels, weights = fitted(
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
        predictions, labels, weights = fitted(
            cast(predictions, dtype=dtypes.bool), cast(labels, dtype=dtypes.bool), weights
        )
        hit, more_hits = true_positives(labels, predictions, weights)
        missed, more_missed = misses(labels, predictions, weights)
        value = collected(collections, _share(hit, missed, "value"))
        return value, collected(updates, _share(more_hits, more_missed, "update_op"))


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
