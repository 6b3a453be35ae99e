"""A network of two hidden layers for MNIST, as TensorFlow 1's tutorial on feeding builds it."""

from __future__ import annotations

import math
from typing import Any

from minitf import dtypes, losses
from minitf.graph import name_scope
from minitf.ops.activations import relu
from minitf.ops.casts import cast, to_int64
from minitf.ops.filling import zeros
from minitf.ops.matmul import matmul
from minitf.ops.random import truncated_normal
from minitf.ops.ranking import in_top_k
from minitf.ops.reductions import reduce_sum
from minitf.summary import scalar
from minitf.tensor import Operation, Tensor
from minitf.train import GradientDescentOptimizer
from minitf.variables import Variable

NUM_CLASSES = 10
IMAGE_SIZE = 28
IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE


def inference(images: Tensor, hidden1_units: int, hidden2_units: int) -> Tensor:
    """The logits of a batch of images, [n, 10] from [n, 784]."""
    hidden = images
    sizes = [IMAGE_PIXELS, hidden1_units, hidden2_units]
    for i in (1, 2):
        with name_scope(f"hidden{i}"):
            weights, biases = _layer(sizes[i - 1], sizes[i])
            hidden = relu(matmul(hidden, weights) + biases)
    with name_scope("softmax_linear"):
        weights, biases = _layer(hidden2_units, NUM_CLASSES)
        return matmul(hidden, weights) + biases


def _layer(inputs: int, units: int) -> tuple[Variable, Variable]:
    spread = 1.0 / math.sqrt(inputs)
    weights = Variable(truncated_normal([inputs, units], stddev=spread), name="weights")
    return weights, Variable(zeros([units]), name="biases")


def loss(logits: Tensor, labels: Any) -> Tensor:
    """The mean cross entropy of logits [n, 10] and labels [n]."""
    labels = to_int64(labels)
    return losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)


def training(loss: Tensor, learning_rate: float) -> Operation:
    """One step of gradient descent, which also counts the global step and notes the loss."""
    scalar("loss", loss)
    global_step = Variable(0, name="global_step", trainable=False)
    return GradientDescentOptimizer(learning_rate).minimize(loss, global_step=global_step)


def evaluation(logits: Tensor, labels: Any) -> Tensor:
    """How many of a batch are recognized, as an int32 scalar."""
    return reduce_sum(cast(in_top_k(logits, labels, 1), dtypes.int32))
