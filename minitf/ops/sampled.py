"""Losses over many classes from a few sampled ones: nce_loss and sampled_softmax_loss."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import name_scope
from minitf.ops.arithmetic import multiply
from minitf.ops.candidates import compute_accidental_hits, log_uniform_candidate_sampler
from minitf.ops.casts import cast
from minitf.ops.constants import stop_gradient
from minitf.ops.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from minitf.ops.elementwise import log
from minitf.ops.embedding import as_parts, embedding_lookup
from minitf.ops.filling import ones, ones_like, zeros_like
from minitf.ops.joining import concat, stack
from minitf.ops.matmul import matmul
from minitf.ops.scattering import SparseToDense
from minitf.ops.shapes import expand_dims, reshape, shape
from minitf.ops.slicing import slice_of
from minitf.tensor import Tensor


def _row_sums(x: Tensor) -> Tensor:
    column = ones(stack([shape(x)[1], 1]), x.dtype)
    return reshape(matmul(x, column), [-1])


class _Classes:
    """The weights and biases of true and of sampled classes."""

    def __init__(self, labels: Tensor, sampled: Tensor, strategy: str) -> None:
        self.flat = labels
        self.ids = concat([labels, sampled], 0)
        self.strategy = strategy

    def looked_up(self, table: Any, dtype: Any) -> Tensor:
        rows = embedding_lookup(table, self.ids, partition_strategy=self.strategy)
        return rows if rows.dtype == dtype else cast(rows, dtype)


def _logits_and_labels(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int,
    sampled_values: Any,
    remove_accidental_hits: bool,
    partition_strategy: str,
    name: str,
    seed: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Logits of true and sampled classes in one matrix, and the labels that belong to them."""
    parts = as_parts(weights)
    with name_scope(name, "compute_sampled_logits", [*parts, biases, inputs, labels]):
        if labels.dtype != dtypes.int64:
            labels = cast(labels, dtypes.int64)
        flat = reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                labels, num_true, num_sampled, unique=True, range_max=num_classes, seed=seed
            )
        sampled, true_count, sampled_count = [stop_gradient(value) for value in sampled_values]
        sampled = cast(sampled, dtypes.int64)
        classes = _Classes(flat, sampled, partition_strategy)
        rows = classes.looked_up(parts, inputs.dtype)
        true_rows = slice_of(rows, [0, 0], stack([shape(flat)[0], -1]))
        sampled_rows = slice_of(rows, stack([shape(flat)[0], 0]), [-1, -1])
        sampled_logits = matmul(inputs, sampled_rows, transpose_b=True)
        all_biases = classes.looked_up(biases, inputs.dtype)
        true_biases = slice_of(all_biases, [0], shape(flat))
        sampled_biases = slice_of(all_biases, shape(flat), [-1])
        true_logits = _true_logits(inputs, true_rows, num_true)
        true_logits += reshape(true_biases, [-1, num_true])
        sampled_logits += sampled_biases
        if remove_accidental_hits:
            sampled_logits = _without_hits(sampled_logits, labels, sampled, num_true, num_sampled)
        true_logits -= log(true_count)
        sampled_logits -= log(sampled_count)
        logits = concat([true_logits, sampled_logits], 1)
        wanted = [ones_like(true_logits) / num_true, zeros_like(sampled_logits)]
        return logits, concat(wanted, 1)


def _true_logits(inputs: Any, rows: Tensor, num_true: int) -> Tensor:
    width = shape(rows)[1:2]
    per_example = concat([[-1, num_true], width], 0)
    products = multiply(expand_dims(inputs, 1), reshape(rows, per_example))
    as_matrix = reshape(products, concat([[-1], width], 0))
    return reshape(_row_sums(as_matrix), [-1, num_true])


def _without_hits(
    logits: Tensor, labels: Tensor, sampled: Tensor, num_true: int, num_sampled: int
) -> Tensor:
    """The logits, hugely negative where a sampled class is a true one."""
    rows, columns, weights = compute_accidental_hits(labels, sampled, num_true=num_true)
    rows = reshape(rows, [-1, 1])
    columns = reshape(cast(columns, dtypes.int32), [-1, 1])
    places = concat([rows, columns], 1, "sparse_indices")
    whole = concat([shape(labels)[:1], expand_dims(num_sampled, 0)], 0)
    if logits.dtype != weights.dtype:
        weights = cast(weights, logits.dtype)
    return logits + SparseToDense(places, whole, weights, 0.0, validate_indices=False)


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str = "nce_loss",
) -> Tensor:
    """Noise-contrastive estimation: each example's loss from true and sampled classes."""
    logits, wanted = _logits_and_labels(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits, partition_strategy, name,
    )  # fmt: skip
    losses = sigmoid_cross_entropy_with_logits(labels=wanted, logits=logits, name="sampled_losses")
    return _row_sums(losses)


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str = "sampled_softmax_loss",
    seed: int | None = None,
) -> Tensor:
    """The cross entropy of a softmax over true and sampled classes."""
    logits, wanted = _logits_and_labels(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits, partition_strategy, name, seed,
    )  # fmt: skip
    wanted = stop_gradient(wanted, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=wanted, logits=logits)
