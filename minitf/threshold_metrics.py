"""Metrics of predictions between 0 and 1, counted at many thresholds (tf.metrics.auc)."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import control_dependencies
from minitf.metric_parts import collected, fitted, sum_variable
from minitf.ops.arithmetic import maximum, minimum, multiply
from minitf.ops.casts import cast
from minitf.ops.checks import assert_greater_equal, assert_less_equal
from minitf.ops.constants import constant
from minitf.ops.joining import stack
from minitf.ops.logic import greater, logical_and, logical_not
from minitf.ops.padding import tile
from minitf.ops.rearranging import transpose
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import expand_dims, reshape, shape
from minitf.ops.state import assign_add
from minitf.ops.weights import broadcast_weights
from minitf.tensor import Tensor
from minitf.variable_scope import variable_scope

_SMALL = 1e-6
_MARGIN = 1e-7  # so that the outermost thresholds lie beyond every prediction


def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
    summation_method: str = "trapezoidal",
    thresholds: Any = None,
) -> tuple[Tensor, Tensor]:
    """The area under the "ROC" or the "PR" curve of all values so far, and the op that adds more.

    Sums over the curve's pieces; `summation_method` is "trapezoidal", "minoring" or "majoring".
    Raises ValueError for another curve or method.
    """
    with variable_scope(name, "auc", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        if summation_method not in _HEIGHTS:
            raise ValueError(f"Invalid summation_method: {summation_method}")
        if thresholds is None:
            between = [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        else:
            between = sorted(thresholds)
        values, updates = _counts(
            labels, predictions, [0.0 - _MARGIN, *between, 1.0 + _MARGIN], weights
        )
        value = _area(values, curve, summation_method, "value")
        collected(metrics_collections, value)
        update = _area(updates, curve, summation_method, "update_op")
        return value, collected(updates_collections, update)


def _counts(
    labels: Any, predictions: Any, thresholds: list[float], weights: Any
) -> tuple[list[Any], list[Any]]:
    """Right and wrong answers at each threshold so far, and with this batch: tp, fn, tn, fp."""
    checks = [
        assert_greater_equal(
            predictions, cast(0.0, predictions.dtype), message="predictions must be in [0, 1]"
        ),
        assert_less_equal(
            predictions, cast(1.0, predictions.dtype), message="predictions must be in [0, 1]"
        ),
    ]
    with control_dependencies(checks):
        predictions, labels, weights = fitted(
            cast(predictions, dtypes.float32), cast(labels, dtypes.bool), weights
        )
    count = len(thresholds)
    column, row = reshape(predictions, [-1, 1]), reshape(cast(labels, dtypes.bool), [1, -1])
    examples = column.shape.as_list()[0]
    if examples is None:
        examples = shape(column)[0]
    limits = tile(expand_dims(constant(thresholds), [1]), stack([1, examples]))
    said_yes = greater(tile(transpose(column), [count, 1]), limits)
    said_no = logical_not(said_yes)
    is_yes = tile(row, [count, 1])
    is_no = logical_not(is_yes)
    if weights is not None:
        weights = broadcast_weights(cast(weights, dtypes.float32), predictions)
        weights = tile(reshape(weights, [1, -1]), [count, 1])
    values, updates = [], []
    for name, one, other in (
        ("true_positives", is_yes, said_yes),
        ("false_negatives", is_yes, said_no),
        ("true_negatives", is_no, said_no),
        ("false_positives", is_no, said_yes),
    ):
        total = sum_variable(name, [count])
        hits = cast(logical_and(one, other), dtypes.float32)
        hits = hits if weights is None else hits * weights
        values.append(total)
        updates.append(assign_add(total, reduce_sum(hits, 1)))
    return values, updates


_HEIGHTS = {
    "trapezoidal": lambda left, right: (left + right) / 2.0,
    "minoring": minimum,
    "majoring": maximum,
}


def _area(counts: list[Any], curve: str, method: str, name: str) -> Tensor:
    hits, misses, refusals, alarms = counts
    recall = (hits + _SMALL) / (hits + misses + _SMALL)
    if curve == "ROC":
        x, y = alarms / (alarms + refusals + _SMALL), recall
    else:
        x, y = recall, (hits + _SMALL) / (hits + alarms + _SMALL)
    last = x.shape.as_list()[0] - 1
    width = x[:last] - x[1:]
    return reduce_sum(multiply(width, _HEIGHTS[method](y[:last], y[1:])), name=name)
