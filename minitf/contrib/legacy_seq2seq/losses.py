"""Losses of sequences that are lists of steps, and models of several lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.graph import name_scope
from minitf.ops.arithmetic import add_n
from minitf.ops.casts import cast
from minitf.ops.cross_entropy import sparse_softmax_cross_entropy_with_logits
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import reshape
from minitf.ops.shapes import shape as shape_of
from minitf.tensor import Tensor
from minitf.variable_scope import get_variable_scope, variable_scope

_SMALL = 1e-12  # weights may all be zero


def sequence_loss_by_example(
    logits: list[Tensor],
    targets: list[Tensor],
    weights: list[Tensor],
    average_across_timesteps: bool = True,
    softmax_loss_function: Any = None,
    name: str | None = None,
) -> Tensor:
    """Each example's weighted cross entropy, over lists of steps: the mean, or else the sum.

    A step has logits [batch, classes], targets [batch] and weights [batch]. Raises ValueError for
    lists of several lengths.
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError(
            "Lengths of logits, weights, and targets must be the same "
            f"{len(logits)}, {len(weights)}, {len(targets)}."
        )
    with name_scope(name, "sequence_loss_by_example", [*logits, *targets, *weights]):
        losses = []
        for logit, target, weight in zip(logits, targets, weights, strict=True):
            if softmax_loss_function is None:
                target = reshape(target, [-1])
                loss = sparse_softmax_cross_entropy_with_logits(labels=target, logits=logit)
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            losses.append(loss * weight)
        total = add_n(losses)
        if average_across_timesteps:
            count = add_n(weights)
            count += _SMALL
            total /= count
    return total


def sequence_loss(
    logits: list[Tensor],
    targets: list[Tensor],
    weights: list[Tensor],
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Any = None,
    name: str | None = None,
) -> Tensor:
    """The same of the whole batch: the mean over the examples, or else the sum."""
    with name_scope(name, "sequence_loss", [*logits, *targets, *weights]):
        cost = reduce_sum(
            sequence_loss_by_example(
                logits,
                targets,
                weights,
                average_across_timesteps=average_across_timesteps,
                softmax_loss_function=softmax_loss_function,
            )
        )
        if not average_across_batch:
            return cost
        return cost / cast(shape_of(targets[0])[0], cost.dtype)


def model_with_buckets(
    encoder_inputs: list[Tensor],
    decoder_inputs: list[Tensor],
    targets: list[Tensor],
    weights: list[Tensor],
    buckets: list[tuple[int, int]],
    seq2seq: Callable[[list[Tensor], list[Tensor]], Any],
    softmax_loss_function: Any = None,
    per_example_loss: bool = False,
    name: str | None = None,
) -> tuple[list[Any], list[Tensor]]:
    """A model's outputs and loss for each bucket: lengths of inputs and of targets.

    All share their variables. Raises ValueError where the lists are shorter than the last bucket.
    """
    for what, steps, longest in (
        ("encoder_inputs", encoder_inputs, buckets[-1][0]),
        ("targets", targets, buckets[-1][1]),
        ("weights", weights, buckets[-1][1]),
    ):
        if len(steps) < longest:
            raise ValueError(
                f"Length of {what} ({len(steps)}) must be at least that of last bucket ({longest})."
            )
    outputs, losses = [], []
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    everything = [*encoder_inputs, *decoder_inputs, *targets, *weights]
    with name_scope(name, "model_with_buckets", everything):
        for number, (before, after) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if number else None):
                made, _ = seq2seq(encoder_inputs[:before], decoder_inputs[:after])
                outputs.append(made)
                losses.append(
                    loss(
                        made,
                        targets[:after],
                        weights[:after],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses
