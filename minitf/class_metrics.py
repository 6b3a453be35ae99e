"""Metrics of classes and of distances, over many batches: tf.metrics.mean_iou and others."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.metric_parts import collected, fitted, running_mean, sum_variable
from minitf.metrics import mean
from minitf.ops.arithmetic import maximum, multiply, subtract
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.confusion import confusion_matrix
from minitf.ops.diagonals import diag_part
from minitf.ops.division import div_no_nan, divide
from minitf.ops.filling import ones, ones_like, zeros_like
from minitf.ops.logic import equal, greater, less, not_equal
from minitf.ops.reductions import reduce_mean, reduce_sum
from minitf.ops.scatter import scatter_add
from minitf.ops.selecting import where
from minitf.ops.shapes import reshape, size
from minitf.ops.state import assign_add
from minitf.ops.weights import broadcast_weights, remove_squeezable_dimensions
from minitf.tensor import Tensor
from minitf.variable_scope import variable_scope


def _flat(tensor: Any) -> Any:
    """A vector of the tensor's elements; what has no more dimensions stays."""
    return reshape(tensor, [-1]) if tensor.shape.ndims > 1 else tensor


def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean over classes of intersection over union, and the op that takes in more.

    That op gives the (weighted) confusion matrix so far. Classes that never came count not.
    """
    with variable_scope(name, "mean_iou", (predictions, labels, weights)):
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        sizes = [num_classes, num_classes]
        total = sum_variable("total_confusion_matrix", sizes, dtypes.float64)
        predictions, labels = cast(predictions, dtypes.int64), cast(labels, dtypes.int64)
        count = cast(num_classes, dtypes.int64)
        predictions, labels = _flat(predictions), _flat(labels)
        weights = None if weights is None else _flat(weights)
        now = confusion_matrix(labels, predictions, count, weights=weights, dtype=dtypes.float64)
        update = assign_add(total, now)
        value = collected(metrics_collections, _mean_overlap(total))
        return value, collected(updates_collections, update)


def _mean_overlap(matrix: Any) -> Tensor:
    rows = cast(reduce_sum(matrix, 0), dtypes.float32)
    columns = cast(reduce_sum(matrix, 1), dtypes.float32)
    both = cast(diag_part(matrix), dtypes.float32)
    either = rows + columns - both
    classes = reduce_sum(cast(not_equal(either, 0), dtypes.float32))
    either = where(greater(either, 0), either, ones_like(either))
    overlap = divide(both, either)
    has_any = greater(classes, 0)
    return where(has_any, reduce_sum(overlap, name="mean_iou") / classes, 0)


def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean over classes of the share that is right, and the op that takes in more.

    That op gives the share for each class.
    """
    with variable_scope(name, "mean_accuracy", (predictions, labels, weights)):
        labels = _flat(cast(labels, dtypes.int64))
        predictions = _flat(predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = sum_variable("total", [num_classes])
        count = sum_variable("count", [num_classes])
        each = ones([size(labels)], dtypes.float32)
        if labels.dtype != predictions.dtype:
            predictions = cast(predictions, labels.dtype)
        right = cast(equal(predictions, labels), dtypes.float32)
        if weights is not None:
            weights = cast(_flat(weights), dtypes.float32)
            right *= weights
            each *= weights
        new_total = scatter_add(total, labels, each)
        new_count = scatter_add(count, labels, right)
        shares = div_no_nan(count, maximum(total, 0))
        value = collected(metrics_collections, reduce_mean(shares, name="mean_accuracy"))
        update = div_no_nan(new_count, maximum(new_total, 0), name="update_op")
        return value, collected(updates_collections, update)


def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The (weighted) mean of each element over all batches, and the op that takes in more."""
    with variable_scope(name, "mean", (values, weights)):
        values = cast(values, dtypes.float32)
        total = sum_variable("total_tensor", values.shape)
        count = sum_variable("count_tensor", values.shape)
        number = ones_like(values)
        if weights is not None:
            values, _, weights = fitted(values, None, weights)
            weights = broadcast_weights(cast(weights, dtypes.float32), values)
            values = multiply(values, weights)
            number = multiply(number, weights)
        return running_mean(
            (total, count), values, values, number, metrics_collections, updates_collections
        )


def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The (weighted) mean distance of unit vectors along `dim`, and the op that takes in more."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    products = multiply(predictions, labels)
    products = reduce_sum(products, axis=[dim], keepdims=True)
    value, update = mean(products, weights, None, None, name or "mean_cosine_distance")
    value = subtract(1.0, value)
    update = subtract(1.0, update)
    collected(metrics_collections, value)
    return value, collected(updates_collections, update)


def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The (weighted) mean error, each divided by its `normalizer`, and the op that takes more in.

    Where that is 0, the error counts as 0.
    """
    predictions, labels, weights = fitted(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.shape.assert_is_compatible_with(normalizer.shape)
    is_zero, nothing = equal(normalizer, 0.0), zeros_like(labels)
    errors = where(is_zero, nothing, divide(absolute(labels - predictions), normalizer))
    name = name or "mean_relative_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """The (weighted) share of values below `threshold`, and the op that takes in more."""
    is_below = cast(less(values, threshold), dtypes.float32)
    name = name or "percentage_below_threshold"
    return mean(is_below, weights, metrics_collections, updates_collections, name)
