"""Decoders and the loss of sequences (tf.contrib.seq2seq)."""

from __future__ import annotations

from typing import Any

from minitf.contrib.decoding import (
    BasicDecoder,
    BasicDecoderOutput,
    GreedyEmbeddingHelper,
    Helper,
    TrainingHelper,
    dynamic_decode,
)
from minitf.graph import name_scope
from minitf.lazy import getter
from minitf.ops.cross_entropy import sparse_softmax_cross_entropy_with_logits
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import reshape, shape
from minitf.tensor import Tensor

__all__ = [
    "BasicDecoder", "BasicDecoderOutput", "GreedyEmbeddingHelper", "Helper", "TrainingHelper",
    "dynamic_decode", "sequence_loss",
]  # fmt: skip
__getattr__ = getter(__name__, {})

_SMALL = 1e-12  # weights may all be zero


def sequence_loss(
    logits: Tensor,
    targets: Tensor,
    weights: Tensor,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Any = None,
    name: str | None = None,
) -> Tensor:
    """The weighted mean cross entropy of logits [batch, time, classes] and targets [batch, time].

    The mean goes over the steps, over the batch, or over both. Raises ValueError for other ranks.
    """
    for tensor, rank, what in ((logits, 3, "Logits"), (targets, 2, "Targets"), (weights, 2, "Weights")):  # fmt: skip  # noqa: E501
        if len(tensor.get_shape()) != rank:
            raise ValueError(f"{what} must be a {rank}-dimensional tensor, got {tensor.shape}")
    entropy = softmax_loss_function or sparse_softmax_cross_entropy_with_logits
    with name_scope(name, "sequence_loss", [logits, targets, weights]):
        classes = shape(logits)[2]
        flat = reshape(logits, [-1, classes])
        losses = entropy(labels=reshape(targets, [-1]), logits=flat)
        losses *= reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return reduce_sum(losses) / (reduce_sum(weights) + _SMALL)
        losses = reshape(losses, shape(logits)[:2])
        if not (average_across_timesteps or average_across_batch):
            return losses
        axis = 1 if average_across_timesteps else 0
        return reduce_sum(losses, axis=axis) / (reduce_sum(weights, axis=axis) + _SMALL)
