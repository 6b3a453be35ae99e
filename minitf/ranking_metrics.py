"""Metrics of what is ranked highest: precision and recall at k, and average precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.metric_parts import collected, sum_variable
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops import slicing as _slices  # noqa: F401  (gives tensors their slices)
from minitf.ops.arithmetic import add, minimum, multiply
from minitf.ops.casts import cast
from minitf.ops.cond import cond
from minitf.ops.cumulative import cumsum
from minitf.ops.division import div_no_nan, divide
from minitf.ops.filling import fill, ones_like, zeros_like
from minitf.ops.joining import concat
from minitf.ops.logic import equal, greater_equal
from minitf.ops.padding import tile
from minitf.ops.ranking import top_k
from minitf.ops.reductions import reduce_max, reduce_sum, reduced_shape
from minitf.ops.selecting import where_v2
from minitf.ops.sets import set_difference, set_intersection, set_size
from minitf.ops.shapes import expand_dims, rank, reshape, shape, size
from minitf.ops.slicing import slice_of
from minitf.ops.sparse import sparse_retain
from minitf.ops.sparse_rows import sparse_concat, sparse_reshape
from minitf.ops.state import assign_add
from minitf.ops.weights import assert_broadcastable, broadcast_weights
from minitf.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.tensor import Tensor
from minitf.variables import Variable

Metric = tuple[Tensor, Tensor]


def _at_k(name: str, k: int | None, class_id: int | None = None) -> str:
    name = f"{name}_at_{'k' if k is None else int(k)}"
    return name if class_id is None else f"{name}_class{int(class_id)}"


def recall_at_k(
    labels: Any, predictions: Any, k: int, class_id: int | None = None, weights: Any = None,
    metrics_collections: Any = None, updates_collections: Any = None, name: str | None = None,
) -> Metric:  # fmt: skip
    """How many of the labels are among the k classes with the highest `predictions` [..., classes].

    `labels`: [...], [..., n] or a SparseTensor of classes; of one class only with `class_id`.
    """
    with name_scope(name, _at_k("recall", k, class_id), (predictions, labels, weights)) as scope:
        _, best = top_k(predictions, k)
        return recall_at_top_k(
            labels, best, k, class_id, weights, metrics_collections, updates_collections, scope
        )


def recall_at_top_k(
    labels: Any, predictions_idx: Any, k: int | None = None, class_id: int | None = None,
    weights: Any = None, metrics_collections: Any = None, updates_collections: Any = None,
    name: str | None = None,
) -> Metric:  # fmt: skip
    """`recall_at_k`, the k highest classes being given."""
    return _share(
        "recall", "false_negative", labels, predictions_idx, k, class_id, weights,
        (metrics_collections, updates_collections), name,
    )  # fmt: skip


def precision_at_k(
    labels: Any, predictions: Any, k: int, class_id: int | None = None, weights: Any = None,
    metrics_collections: Any = None, updates_collections: Any = None, name: str | None = None,
) -> Metric:  # fmt: skip
    """How many of the k classes with the highest `predictions` [..., classes] are labels."""
    with name_scope(name, _at_k("precision", k, class_id), (predictions, labels, weights)) as scope:
        _, best = top_k(predictions, k)
        return precision_at_top_k(
            labels, best, k, class_id, weights, metrics_collections, updates_collections, scope
        )


sparse_precision_at_k = precision_at_k


def precision_at_top_k(
    labels: Any, predictions_idx: Any, k: int | None = None, class_id: int | None = None,
    weights: Any = None, metrics_collections: Any = None, updates_collections: Any = None,
    name: str | None = None,
) -> Metric:  # fmt: skip
    """`precision_at_k`, the k highest classes being given."""
    return _share(
        "precision", "false_positive", labels, predictions_idx, k, class_id, weights,
        (metrics_collections, updates_collections), name,
    )  # fmt: skip


def _share(
    metric: str, wrong: str, labels: Any, predictions: Any, k: Any, class_id: Any, weights: Any,
    collections: tuple[Any, Any], name: str | None,
) -> Metric:  # fmt: skip
    """True positives, as a share of themselves and of what was `wrong`."""
    with name_scope(name, _at_k(metric, k, class_id), (predictions, labels, weights)) as scope:
        labels = _with_last_dimension(labels, predictions)
        best = cast(predictions, dtypes.int64)
        sums, updates = [], []
        for kind in ("true_positive", wrong):
            total, update = _running_count(kind, labels, best, k, class_id, weights)
            sums.append(total)
            updates.append(update)
        value = divide(sums[0], add(*sums), name=scope)
        collected(collections[0], value)
        update = divide(updates[0], add(*updates), name="update")
        return value, collected(collections[1], update)


def _running_count(
    kind: str, labels: Any, best: Any, k: Any, class_id: Any, weights: Any
) -> tuple[Variable, Tensor]:
    with name_scope(None, _at_k(kind, k, class_id), (best, labels, weights)) as scope:
        number = _counted(kind, labels, best, class_id, weights)
        gained = cast(reduce_sum(number), dtypes.float64)
        total = sum_variable(scope, dtype=dtypes.float64)
        return total, assign_add(total, gained, name="update")


def _false_positives(best: Any, labels: Any) -> SparseTensor:
    return set_difference(best, labels, aminusb=True)


def _false_negatives(best: Any, labels: Any) -> SparseTensor:
    return set_difference(best, labels, aminusb=False)


_SETS: dict[str, Callable[[Any, Any], SparseTensor]] = {
    "true_positive": set_intersection,
    "false_positive": _false_positives,
    "false_negative": _false_negatives,
}


def _counted(
    kind: str, labels: Any, best: Any, class_id: Any, weights: Any = None, name: str | None = None
) -> Tensor:
    """For each row how many classes are of this kind."""
    with name_scope(name, f"{kind}s", (best, labels, weights)):
        if class_id is not None:
            labels, best = _of_class(labels, class_id), _of_class(best, class_id)
        number = cast(set_size(_SETS[kind](best, labels)), dtypes.float64)
        if weights is not None:
            with control_dependencies((assert_broadcastable(weights, number),)):
                number = multiply(number, cast(weights, dtypes.float64))
        return number


def _of_class(ids: Any, wanted: int) -> SparseTensor:
    """Of each row only the class that is wanted."""
    ids = convert_to_tensor_or_sparse_tensor(ids)
    if isinstance(ids, SparseTensor):
        return sparse_retain(ids, equal(ids.values, wanted))
    sizes = shape(ids, out_type=dtypes.int64)
    last = size(sizes) - 1
    one_each = reduced_shape(sizes, reshape(last, [1]))
    found = set_intersection(fill(one_each, cast(wanted, dtypes.int64)), ids)
    return SparseTensor(found.indices, found.values, sizes)


def _with_last_dimension(labels: Any, predictions: Any) -> Any:
    """Labels of the predictions' rank: one class each becomes a list of one."""
    with name_scope(None, "expand_labels", (labels, predictions)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return cond(
                equal(rank(predictions), size(labels.dense_shape) + 1),
                lambda: sparse_reshape(
                    labels, shape=concat((labels.dense_shape, (1,)), 0), name=scope
                ),
                lambda: labels,
            )
        ours, theirs = labels.get_shape().ndims, predictions.get_shape().ndims
        if ours is None or theirs is None:
            return cond(
                equal(rank(predictions), rank(labels) + 1),
                lambda: expand_dims(labels, -1, name=scope),
                lambda: labels,
            )
        if theirs == ours:
            return labels
        if theirs == ours + 1:
            return expand_dims(labels, -1, name=scope)
        raise ValueError(
            f"Unexpected labels shape {labels.get_shape()} for predictions shape "
            f"{predictions.get_shape()}. Predictions rank should be the same rank as labels rank "
            "or labels rank plus one ."
        )


def average_precision_at_k(
    labels: Any, predictions: Any, k: int, weights: Any = None, metrics_collections: Any = None,
    updates_collections: Any = None, name: str | None = None,
) -> Metric:  # fmt: skip
    """The precision at each rank up to k where a label stands, averaged over labels and rows."""
    if k < 1:
        raise ValueError(f"Invalid k={k}. `k` should be >= 1.")
    title = _at_k("average_precision", k)
    with name_scope(name, title, (predictions, labels, weights)) as scope:
        _, best = top_k(predictions, k)
        labels = _without_unknown(labels, cast(shape(predictions)[-1], dtypes.int64))
        collections = metrics_collections, updates_collections
        return _mean_average_precision(labels, best, weights, collections, scope)


sparse_average_precision_at_k = average_precision_at_k


def _without_unknown(labels: Any, classes: Tensor) -> Any:
    """Labels that are no classes replaced by -1."""
    sparse = hasattr(labels, "dense_shape")

    def cleaned() -> Any:
        values = labels.values if sparse else labels
        values = where_v2(greater_equal(values, classes), -1 * ones_like(values), values)
        return SparseTensor(labels.indices, values, labels.dense_shape) if sparse else values

    highest = reduce_max(labels.values if sparse else labels)
    return cond(greater_equal(highest, classes), cleaned, lambda: labels)


def _mean_average_precision(
    labels: Any, best: Tensor, weights: Any, collections: tuple[Any, Any], name: str
) -> Metric:
    with name_scope(name, "average_precision_at_top_k", (best, labels, weights)) as scope:
        average = _average_precision(labels, best)
        if weights is not None:
            weights = broadcast_weights(cast(weights, dtypes.float64), average)
            average = multiply(average, weights)
        with name_scope(None, "max", (average,)) as max_scope:
            most = sum_variable(max_scope, dtype=dtypes.float64)
            if weights is None:
                number = cast(size(average, name="batch_max"), dtypes.float64)
            else:
                number = reduce_sum(weights, name="batch_max")
            new_most = assign_add(most, number, name="update")
        with name_scope(None, "total", (average,)) as total_scope:
            total = sum_variable(total_scope, dtype=dtypes.float64)
            new_total = assign_add(total, reduce_sum(average, name="batch_total"), name="update")
        mean = collected(collections[0], div_no_nan(total, most, name="mean"))
        return mean, collected(collections[1], div_no_nan(new_total, new_most, name=scope))


def _average_precision(labels: Any, best: Tensor) -> Tensor:
    """For each row: the sum of the precisions at its labels' ranks, over how many there can be."""
    with name_scope(None, "average_precision", (best, labels)) as scope:
        best = cast(best, dtypes.int64, name="predictions_idx")
        if best.get_shape().ndims == 0:
            raise ValueError("The rank of `predictions_idx` must be at least 1.")
        k = best.get_shape().as_list()[-1]
        if k is None:
            raise ValueError(
                "The last dimension of predictions_idx must be set. Currently, it is None."
            )
        labels = _with_last_dimension(labels, best)
        each = expand_dims(best, -1, name="predictions_idx_per_k")
        labels_each = _tiled(labels, k, "labels_per_k")
        relevant = _counted("true_positive", labels_each, each, None, name="relevant_per_k")
        found = cumsum(relevant, axis=-1, name="tp_per_k")
        looked_at = cumsum(ones_like(relevant), axis=-1, name="retrieved_per_k")
        precision = divide(
            cast(found, dtypes.float64), cast(looked_at, dtypes.float64), name="precision_per_k"
        )
        counted = multiply(
            precision, cast(relevant, dtypes.float64), name="relevant_precision_per_k"
        )
        total = reduce_sum(counted, axis=(-1,), name="precision_sum")
        return divide(total, cast(_number_of_labels(labels, k), dtypes.float64), name=scope)


def _tiled(tensor: Any, multiple: int, name: str) -> Any:
    """`multiple` copies along a new dimension before the last."""
    with name_scope(name, "expand_and_tile", (tensor, multiple, -1)) as scope:
        tensor = convert_to_tensor_or_sparse_tensor(tensor)
        if isinstance(tensor, SparseTensor):
            sizes = tensor.dense_shape
            before = reshape(size(sizes) + -1, [1])
            parts = slice_of(sizes, [0], before), [1], slice_of(sizes, before, [-1])
            wide = concat(parts, 0, name="expanded_shape")
            expanded = sparse_reshape(tensor, shape=wide, name="expand")
            if multiple == 1:
                return expanded
            return sparse_concat(-2, [expanded] * multiple, name=scope)
        expanded = expand_dims(tensor, -2, name="expand")
        if multiple == 1:
            return expanded
        ones = ones_like(shape(tensor))
        return tile(
            expanded, concat((ones[:-1], (multiple,), ones[-1:]), 0, name="multiples"), name=scope
        )


def _number_of_labels(labels: Any, k: int) -> Tensor:
    with name_scope(None, "num_relevant", (labels,)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return minimum(set_size(labels), k, name=scope)
        real = where_v2(greater_equal(labels, 0), ones_like(labels), zeros_like(labels))
        return minimum(reduce_sum(real, axis=-1), k, name=scope)
