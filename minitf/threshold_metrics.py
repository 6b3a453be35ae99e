"""Metrics of predictions between 0 and 1, counted at many thresholds."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import control_dependencies
from minitf.metric_parts import collected, fitted, sum_variable
from minitf.ops.arithmetic import maximum, minimum, multiply
from minitf.ops.casts import cast
from minitf.ops.checks import assert_greater_equal, assert_less_equal
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.constants import constant, identity
from minitf.ops.cumulative import cumsum
from minitf.ops.division import divide
from minitf.ops.joining import stack
from minitf.ops.logic import equal, greater, logical_and, logical_not
from minitf.ops.padding import tile
from minitf.ops.positions import argmax, argmin
from minitf.ops.rearranging import transpose
from minitf.ops.reductions import reduce_min, reduce_sum
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


_ALL = ("true_positives", "false_negatives", "true_negatives", "false_positives")


def _counts(
    labels: Any, predictions: Any, thresholds: Any, weights: Any, kinds: Any = _ALL
) -> tuple[list[Any], list[Any]]:
    """Right and wrong answers of these kinds at each threshold so far, and with this batch."""
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
    said_no = logical_not(said_yes) if {*kinds} & {*_ALL[1:3]} else None
    is_yes = tile(row, [count, 1])
    is_no = logical_not(is_yes) if {*kinds} & {*_ALL[2:]} else None
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
        if name not in kinds:
            continue
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


# Metrics of these counts at the thresholds that are given


def _counter(kind: str, scope: str) -> Any:
    def count(
        labels: Any,
        predictions: Any,
        thresholds: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> tuple[Tensor, Tensor]:
        with variable_scope(name, scope, (predictions, labels, weights)):
            (value,), (update,) = _counts(labels, predictions, thresholds, weights, (kind,))
            value = collected(metrics_collections, identity(value))
            return value, collected(updates_collections, update)

    count.__name__ = count.__qualname__ = f"{kind}_at_thresholds"
    count.__doc__ = (
        f"""The (weighted) number of {kind.replace("_", " ")} at each threshold, and the op that """
        "takes in more."
    )
    return count


true_positives_at_thresholds = _counter("true_positives", "true_positives")
true_negatives_at_thresholds = _counter("true_negatives", "true_negatives")
false_positives_at_thresholds = _counter("false_positives", "false_positives")
false_negatives_at_thresholds = _counter("false_negatives", "false_negatives")


def _share_of_hits(metric: str, other: str, doc: str) -> Any:
    def share(
        labels: Any,
        predictions: Any,
        thresholds: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> tuple[Tensor, Tensor]:
        with variable_scope(name, f"{metric}_at_thresholds", (predictions, labels, weights)):
            kinds = ("true_positives", other)
            values, updates = _counts(labels, predictions, thresholds, weights, kinds)
            value, update = (
                divide(hits, _MARGIN + hits + rest, name=f"{metric}_{what}")
                for what, (hits, rest) in (("value", values), ("update_op", updates))
            )
            collected(metrics_collections, value)
            return value, collected(updates_collections, update)

    share.__name__ = share.__qualname__ = f"{metric}_at_thresholds"
    share.__doc__ = doc
    return share


precision_at_thresholds = _share_of_hits(
    "precision",
    "false_positives",
    "At each threshold, how many of those above it are right, and the op that takes in more.",
)
recall_at_thresholds = _share_of_hits(
    "recall",
    "false_negatives",
    "At each threshold, how many of the right ones are above it, and the op that takes in more.",
)


def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The recall at the threshold where the specificity is nearest to the given one.

    And the op that takes in more. Raises ValueError for one outside of [0, 1].
    """
    _check_share("specificity", specificity)
    with variable_scope(name, "sensitivity_at_specificity", (predictions, labels, weights)):
        limits = _limits(num_thresholds, 1.0 + _MARGIN)
        values, updates = _counts(labels, predictions, limits, weights)

        def found(counts: list[Any], name: str) -> Tensor:
            hits, misses, refusals, alarms = counts
            shares = divide(refusals, refusals + alarms + _MARGIN)
            best = cast(argmin(absolute(shares - specificity), 0), dtypes.int32)
            return divide(hits[best], hits[best] + misses[best] + _MARGIN, name)

        value = collected(metrics_collections, found(values, "value"))
        return value, collected(updates_collections, found(updates, "update_op"))


def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The specificity at the last threshold where the recall is nearest to the given one.

    And the op that takes in more. Raises ValueError for one outside of [0, 1].
    """
    _check_share("sensitivity", sensitivity)
    with variable_scope(name, "specificity_at_sensitivity", (predictions, labels, weights)):
        limits = _limits(num_thresholds, 1.0 - _MARGIN)
        values, updates = _counts(labels, predictions, limits, weights)

        def found(counts: list[Any], name: str) -> Tensor:
            hits, misses, refusals, alarms = counts
            shares = divide(hits, hits + misses + _MARGIN)
            nearest = reduce_min(absolute(shares - sensitivity))
            is_nearest = equal(absolute(shares - sensitivity), nearest)
            last = cast(argmax(cumsum(cast(is_nearest, dtypes.int64)), 0), dtypes.int32)
            return divide(refusals[last], refusals[last] + alarms[last] + _MARGIN, name)

        value = collected(metrics_collections, found(values, "value"))
        return value, collected(updates_collections, found(updates, "update_op"))


def _check_share(what: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"`{what}` must be in the range [0, 1]. Currently, `{what}` got {share}.")


def _limits(count: int, last: float) -> list[float]:
    between = [(i + 1) * 1.0 / (count - 1) for i in range(count - 2)]
    return [0.0 - _MARGIN, *between, last]
