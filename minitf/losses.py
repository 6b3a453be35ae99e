"""Losses to be minimized, each added to the graph's collection of losses (tf.losses)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf import dtypes
from minitf.graph import (
    add_to_collection,
    control_dependencies,
    get_collection,
    get_default_graph,
    name_scope,
)
from minitf.graph_keys import GraphKeys
from minitf.op import convert_to_tensor
from minitf.ops.activations import relu
from minitf.ops.arithmetic import (
    add,
    add_n,
    maximum,
    minimum,
    multiply,
    squared_difference,
    subtract,
)
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import abs as absolute
from minitf.ops.cond import cond
from minitf.ops.constants import constant, stop_gradient
from minitf.ops.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.ops.division import div_no_nan
from minitf.ops.elementwise import log, square
from minitf.ops.filling import ones_like, range_of, zeros_like
from minitf.ops.logic import equal
from minitf.ops.reductions import reduce_sum
from minitf.ops.selecting import where
from minitf.ops.shapes import rank, renamed_argument, shape, size, squeeze
from minitf.ops.weights import (
    assert_broadcastable,
    broadcast_weights,
    remove_squeezable_dimensions,
)
from minitf.tensor import Tensor

__all__ = [
    "Reduction", "absolute_difference", "add_loss", "compute_weighted_loss", "cosine_distance",
    "get_losses", "get_regularization_loss", "get_regularization_losses", "get_total_loss",
    "hinge_loss", "huber_loss", "log_loss", "mean_pairwise_squared_error", "mean_squared_error",
    "sigmoid_cross_entropy", "softmax_cross_entropy", "sparse_softmax_cross_entropy",
]  # fmt: skip


class Reduction:
    """How the weighted losses of a batch become one number."""

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Every way there is."""
        return (
            cls.NONE, cls.SUM, cls.MEAN, cls.SUM_OVER_BATCH_SIZE, cls.SUM_OVER_NONZERO_WEIGHTS,
            cls.SUM_BY_NONZERO_WEIGHTS,
        )  # fmt: skip

    @classmethod
    def validate(cls, key: Any) -> None:
        """Raises ValueError unless `key` is one of the ways."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}. Key should be one of {cls.all()}.")


_DEFAULT = Reduction.SUM_BY_NONZERO_WEIGHTS


def _number_of(losses: Tensor) -> Tensor:
    with name_scope(None, "num_elements", values=[losses]) as scope:
        return cast(size(losses, name=scope), dtype=losses.dtype)


def _number_present(losses: Tensor, weights: Any, per_batch: bool = False) -> Tensor:
    """How many losses have a weight other than 0."""
    if isinstance(weights, float) and weights != 0.0:
        return _number_of(losses)
    with name_scope(None, "num_present", (losses, weights)) as scope:
        weights = cast(weights, dtype=dtypes.float32)
        present = where(equal(weights, 0.0), zeros_like(weights), ones_like(weights))
        present = broadcast_weights(present, losses)
        if per_batch:
            axes = range_of(1, rank(present))
            return reduce_sum(present, axis=axes, keepdims=True, name=scope)
        return reduce_sum(present, name=scope)


def _mean(losses: Tensor, count: Tensor) -> Tensor:
    return div_no_nan(reduce_sum(losses), count, name="value")


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """The losses times their weights, made one number as `reduction` says.

    ValueError where weights don't fit the losses, and for an unknown reduction.
    """
    Reduction.validate(reduction)
    with name_scope(scope, "weighted_loss", (losses, weights)):
        get_default_graph()._last_loss_reduction = reduction  # type: ignore[attr-defined]
        with control_dependencies((assert_broadcastable(weights, losses),)):
            losses = convert_to_tensor(losses)
            dtype = losses.dtype
            losses = cast(losses, dtype=dtypes.float32)
            weights = cast(weights, dtype=dtypes.float32)
            loss = cast(_reduced(losses, weights, reduction), dtype)
            add_loss(loss, loss_collection)
            return loss


def _reduced(losses: Tensor, weights: Tensor, reduction: str) -> Tensor:
    weighted = multiply(losses, weights)
    if reduction == Reduction.NONE:
        return weighted
    total = reduce_sum(weighted)
    if reduction == Reduction.MEAN:
        return _mean(total, reduce_sum(ones_like(losses) * weights))
    if reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
        return _mean(total, _number_present(losses, weights))
    if reduction == Reduction.SUM_OVER_BATCH_SIZE:
        return _mean(total, _number_of(losses))
    return total


def _check_given(**arguments: Any) -> None:
    for name, value in arguments.items():
        if value is None:
            raise ValueError(f"Argument `{name}` must not be None.")


@contextmanager
def _scope(scope: Any, default: str, labels: Any, predictions: Any, weights: Any) -> Iterator[str]:
    with name_scope(scope, default, (predictions, labels, weights)) as name:
        yield name


def _as_floats(labels: Any, predictions: Any) -> tuple[Tensor, Tensor]:
    predictions = cast(predictions, dtype=dtypes.float32)
    labels = cast(labels, dtype=dtypes.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return labels, predictions


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """|predictions - labels|."""
    _check_given(labels=labels, predictions=predictions)
    with _scope(scope, "absolute_difference", labels, predictions, weights) as scope:
        labels, predictions = _as_floats(labels, predictions)
        losses = absolute(subtract(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
    dim: int | None = None,
) -> Tensor:
    """1 - the scalar product along `axis` of labels and predictions that have length 1."""
    axis = renamed_argument("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify argument `axis`.")
    _check_given(labels=labels, predictions=predictions)
    with _scope(scope, "cosine_distance_loss", labels, predictions, weights) as scope:
        labels, predictions = _as_floats(labels, predictions)
        products = multiply(predictions, labels)
        losses = 1 - reduce_sum(products, axis=(axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """max(0, 1 - y logits), where y is -1 for labels of 0 and 1 for labels of 1."""
    _check_given(labels=labels, logits=logits)
    with _scope(scope, "hinge_loss", labels, logits, weights) as scope:
        labels, logits = _as_floats(labels, logits)
        ones = ones_like(labels)
        signs = subtract(2 * labels, ones)
        losses = relu(subtract(ones, multiply(signs, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: float = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """Half the squared error, beyond `delta` a line that continues it."""
    _check_given(labels=labels, predictions=predictions)
    with _scope(scope, "huber_loss", labels, predictions, weights) as scope:
        labels, predictions = _as_floats(labels, predictions)
        error = absolute(subtract(predictions, labels))
        near = minimum(error, delta)
        beyond = subtract(error, near)
        half = convert_to_tensor(0.5, dtype=near.dtype)
        losses = add(multiply(half, multiply(near, near)), multiply(delta, beyond))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """The cross entropy of labels and predicted probabilities."""
    _check_given(labels=labels, predictions=predictions)
    with _scope(scope, "log_loss", labels, predictions, weights) as scope:
        labels, predictions = _as_floats(labels, predictions)
        hits = -multiply(labels, log(predictions + epsilon))
        losses = hits - multiply(1 - labels, log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """(predictions - labels)²."""
    _check_given(labels=labels, predictions=predictions)
    with _scope(scope, "mean_squared_error", labels, predictions, weights) as scope:
        labels, predictions = _as_floats(labels, predictions)
        losses = squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def mean_pairwise_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
) -> Tensor:
    """The squared error of the differences between each two elements of an example."""
    _check_given(labels=labels, predictions=predictions)
    with _scope(scope, "mean_pairwise_squared_error", labels, predictions, weights):
        weights = cast(weights, dtype=dtypes.float32)
        labels = cast(labels, dtype=dtypes.float32)
        with control_dependencies((assert_broadcastable(weights, labels),)):
            predictions = cast(predictions, dtype=dtypes.float32)
            predictions.shape.assert_is_compatible_with(labels.shape)
            loss = _pairwise(subtract(predictions, labels), weights)
            add_loss(loss, loss_collection)
            return loss


def _pairwise(errors: Tensor, weights: Tensor) -> Tensor:
    axes = range_of(1, rank(errors))
    squares = reduce_sum(square(errors), axis=axes, keepdims=True)
    count = _number_present(errors, weights, per_batch=True)
    first = 2.0 * div_no_nan(squares, maximum(count - 1, 0), name="value")
    total = reduce_sum(errors, axis=axes, keepdims=True)
    squared = square(total)
    pairs = maximum(multiply(count, count - 1), 0)
    second = 2.0 * div_no_nan(squared, pairs, name="value")
    loss = reduce_sum(multiply(first - second, weights))
    return where(reduce_sum(count) > 0, loss, zeros_like(loss), name="value")


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """The cross entropy of sigmoid(logits); smoothing draws labels towards 1/2."""
    _check_given(multi_class_labels=multi_class_labels, logits=logits)
    name = "sigmoid_cross_entropy_loss"
    with _scope(scope, name, multi_class_labels, logits, weights) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(multi_class_labels, logits.dtype)
        logits.shape.assert_is_compatible_with(labels.shape)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """The cross entropy of softmax(logits); smoothing draws labels towards 1/classes."""
    _check_given(onehot_labels=onehot_labels, logits=logits)
    with _scope(scope, "softmax_cross_entropy_loss", onehot_labels, logits, weights) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(onehot_labels, logits.dtype)
        logits.shape.assert_is_compatible_with(labels.shape)
        if label_smoothing > 0:
            classes = cast(shape(labels)[-1], logits.dtype)
            share = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + share
        labels = stop_gradient(labels, name="labels_stop_gradient")
        losses = softmax_cross_entropy_with_logits_v2(labels, logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _DEFAULT,
) -> Tensor:
    """The cross entropy of softmax(logits) where labels are class numbers."""
    _check_given(labels=labels, logits=logits)
    with _scope(scope, "sparse_softmax_cross_entropy_loss", labels, logits, weights) as scope:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        weights = _squeezed(weights, labels)
        losses = sparse_softmax_cross_entropy_with_logits(labels, logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def _squeezed(weights: Any, labels: Tensor) -> Any:
    """The weights, without a last dimension of size 1 that the labels lack."""
    if weights is None:
        return None
    weights = convert_to_tensor(weights)
    ours, theirs = weights.shape.rank, labels.shape.rank
    if ours is not None and theirs is not None:
        return squeeze(weights, [-1]) if ours - theirs == 1 else weights
    more = rank(weights) - rank(labels)
    if ours is None or (ours > 0 and weights.shape.as_list()[-1] in (1, None)):
        return cond(equal(1, more), lambda: squeeze(weights, [-1]), lambda: weights)
    return weights


def add_loss(loss: Any, loss_collection: str | None = GraphKeys.LOSSES) -> None:
    """Adds a loss to the graph's collection of losses."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: str = GraphKeys.LOSSES) -> list[Any]:
    """The losses added so far, those whose names begin as `scope` says."""
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """What the variables' regularizers have added."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(
    scope: str | None = None, name: str = "total_regularization_loss"
) -> Tensor:
    """The sum of the regularizers' losses, 0 where there is none."""
    losses = get_regularization_losses(scope)
    return add_n(losses, name=name) if losses else constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """The sum of all losses, those of regularizers too; ValueError where there is none."""
    losses = get_losses(scope=scope)
    if add_regularization_losses:
        losses += get_regularization_losses(scope=scope)
    return add_n(losses, name=name)
