"""Losses of logits: cross entropies of softmax and sigmoid, and Poisson's loss."""

from __future__ import annotations

import math
from typing import Any

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.op import convert_to_tensor
from minitf.ops.activations import relu
from minitf.ops.arithmetic import add, subtract
from minitf.ops.casts import cast
from minitf.ops.checks import assert_equal
from minitf.ops.complex_numbers import abs
from minitf.ops.constants import constant, stop_gradient
from minitf.ops.elementwise import exp, log, log1p
from minitf.ops.filling import ones_like, range_of, zeros_like
from minitf.ops.joining import concat
from minitf.ops.logic import logical_and
from minitf.ops.rearranging import transpose
from minitf.ops.selecting import where
from minitf.ops.shapes import rank, renamed_argument, reshape, shape
from minitf.ops.slicing import slice_of
from minitf.ops.softmax import SoftmaxCrossEntropyWithLogits, SparseSoftmaxCrossEntropyWithLogits
from minitf.tensor import Tensor


def _check_both(function: str, labels: Any, logits: Any) -> None:
    if labels is None or logits is None:
        raise ValueError(
            f"Both `labels` and `logits` must be provided for {function}Received: labels={labels} "
            f"and logits={logits}"
        )


def _as_rows(x: Tensor) -> Tensor:
    """`x` as a matrix whose rows run along its last dimension."""
    count = rank(x)
    last = slice_of(shape(x), [subtract(count, 1)], [1])
    rows = reshape(x, concat([[-1], last], 0))
    sizes = x.shape._sizes
    if sizes is not None and None not in sizes[:-1]:
        rows.set_shape([math.prod(sizes[:-1]), sizes[-1]])  # type: ignore[arg-type]
    return rows


def _axis_last(x: Tensor, axis: Any, count: Tensor) -> Tensor:
    order = concat([range_of(axis), range_of(axis + 1, count), [axis]], 0)
    return transpose(x, order)


def softmax_cross_entropy_with_logits_v2(
    labels: Any, logits: Any, axis: Any = None, name: str | None = None, dim: Any = None
) -> Tensor:
    """The cross entropy of each row's softmax where `labels` are probabilities.

    Shaped as the logits without `axis` (the last by default). Gradients flow to the labels too.
    """
    axis = renamed_argument("axis", axis, "dim", dim)
    axis = -1 if axis is None else axis
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as name:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        dtype = logits.dtype.base_dtype
        short = dtype in (dtypes.float16, dtypes.bfloat16)
        precise = cast(logits, dtypes.float32) if short else logits
        labels = cast(labels, precise.dtype)
        count = rank(precise)
        if axis != -1:
            precise, labels = _axis_last(precise, axis, count), _axis_last(labels, axis, count)
        whole = shape(precise)
        precise, labels = _as_rows(precise), _as_rows(labels)
        loss, _ = SoftmaxCrossEntropyWithLogits(precise, labels, name=name)
        loss = reshape(loss, slice_of(whole, [0], [subtract(count, 1)]))
        if logits.shape.rank is not None:
            sizes = logits.shape.as_list()
            del sizes[axis]
            loss.set_shape(sizes)
        return cast(loss, dtype) if short else loss


def softmax_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """The cross entropy of each row's softmax where `labels` are constant probabilities.

    ValueError unless both labels and logits are given.
    """
    axis = renamed_argument("axis", axis, "dim", dim)
    _check_both("softmax_cross_entropy_with_logits", labels, logits)
    with name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as name:
        labels = stop_gradient(labels, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels, logits, axis=axis, name=name)


def sparse_softmax_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy of each row's softmax where `labels` are class numbers.

    ValueError unless labels and logits are given and the labels are shaped as the logits without
    their last dimension.
    """
    _check_both("sparse_softmax_cross_entropy_with_logits", labels, logits)
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels, logits = convert_to_tensor(labels), convert_to_tensor(logits)
        half = logits.dtype.base_dtype is dtypes.float16
        precise = cast(logits, dtypes.float32) if half else logits
        labels_shape = shape(labels)
        known = _check_sparse_shapes(labels, logits)
        if logits.shape.rank == 2:
            loss, _ = SparseSoftmaxCrossEntropyWithLogits(precise, labels, name=name)
        else:
            loss = _sparse_of_any_rank(labels, logits, precise, labels_shape, known, name)
        return cast(loss, dtypes.float16) if half else loss


def _check_sparse_shapes(labels: Tensor, logits: Tensor) -> bool:
    """Whether both shapes are known; ValueError where they don't fit."""
    known = labels.shape.is_fully_defined() and logits.shape[:-1].is_fully_defined()
    ours, theirs = labels.shape.rank, logits.shape.rank
    if theirs == 0:
        raise ValueError(f"`logits` cannot be a scalar. Received logits={logits}`")
    if ours is not None and theirs is not None and ours != theirs - 1:
        raise ValueError(
            "`labels.shape.rank` must equal `logits.shape.rank - 1`. Received: labels.shape="
            f"{labels.shape} of rank {ours} and logits.shape={logits.shape} of rank {theirs}"
        )
    if known and labels.shape != logits.shape[:-1]:
        raise ValueError(
            "`labels.shape` must equal `logits.shape` except for the last dimension. Received: "
            f"labels.shape={labels.shape} and logits.shape={logits.shape}"
        )
    return known


def _sparse_of_any_rank(
    labels: Tensor, logits: Tensor, precise: Tensor, labels_shape: Any, known: bool, name: Any
) -> Tensor:
    checks = []
    if not known:
        checks.append(assert_equal(shape(labels), shape(logits)[:-1]))
    with control_dependencies(checks):
        classes = shape(logits)[rank(logits) - 1]
        rows = reshape(precise, [-1, classes])
        static = labels.shape
        loss, _ = SparseSoftmaxCrossEntropyWithLogits(rows, reshape(labels, [-1]), name=name)
        loss = reshape(loss, labels_shape)
        loss.set_shape(static)
        return loss


def _check_same_shape(first: str, a: Tensor, second: str, b: Tensor) -> None:
    if not a.shape.is_compatible_with(b.shape):
        raise ValueError(
            f"`{first}` and `{second}` must have the same shape, received ({a.shape} vs {b.shape})."
        )


def sigmoid_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy of sigmoid(logits) with probabilities, element by element.

    ValueError unless both are given and of one shape.
    """
    _check_both("sigmoid_cross_entropy_with_logits", labels, logits)
    with name_scope(name, "logistic_loss", [logits, labels]) as name:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _check_same_shape("logits", logits, "labels", labels)
        zeros = zeros_like(logits, dtype=logits.dtype)
        positive = logits >= zeros
        # |x| and max(x, 0) by `where`, whose gradients at 0 are those of the formula.
        above = where(positive, logits, zeros)
        below = where(positive, -logits, logits)
        return add(above - logits * labels, log1p(exp(below)), name=name)


def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """The cross entropy of sigmoid(logits) where `pos_weight` weighs the positive labels."""
    labels = renamed_argument("labels", labels, "targets", targets)
    with name_scope(name, "logistic_loss", [logits, labels]) as name:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _check_same_shape("logits", logits, "labels", labels)
        weight = 1 + (pos_weight - 1) * labels
        return add(
            (1 - labels) * logits,
            weight * (log1p(exp(-abs(logits))) + relu(-logits)),
            name=name,
        )


def log_poisson_loss(
    targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None
) -> Tensor:
    """Poisson's negative log likelihood of counts, whose mean is exp(log_input).

    Without `compute_full_loss` the term that depends on the targets only is left out. ValueError
    unless both are of one shape.
    """
    with name_scope(name, "log_poisson_loss", [log_input, targets]) as name:
        log_input = convert_to_tensor(log_input, name="log_input")
        targets = convert_to_tensor(targets, name="targets")
        _check_same_shape("log_input", log_input, "targets", targets)
        result = exp(log_input) - log_input * targets
        return result + _stirling(targets) if compute_full_loss else result


def _stirling(targets: Tensor) -> Tensor:
    """Stirling's approximation of log(targets!), 0 for targets between 0 and 1."""
    half = constant(0.5, dtype=targets.dtype)
    turn = constant(2 * math.pi, dtype=targets.dtype)
    approximation = targets * log(targets) - targets + half * log(turn * targets)
    zeros = zeros_like(targets, dtype=targets.dtype)
    ones = ones_like(targets, dtype=targets.dtype)
    small = logical_and(targets >= zeros, targets <= ones)
    return where(small, zeros, approximation)
