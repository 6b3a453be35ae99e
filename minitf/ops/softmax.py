"""Softmax, its logarithm, and the fused ops of its cross entropies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.errors import InvalidArgumentError
from minitf.infer import constant_value
from minitf.kernels import softmax as kernels
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import subtract
from minitf.ops.elementwise import exp
from minitf.ops.filling import range_of
from minitf.ops.joining import concat
from minitf.ops.logic import less
from minitf.ops.matmul import matmul
from minitf.ops.rearranging import transpose
from minitf.ops.reductions import reduce_sum
from minitf.ops.selecting import where
from minitf.ops.shapes import expand_dims, rank, renamed_argument, squeeze
from minitf.ops.sizes import at_least_rank, same_size, sizes
from minitf.shape import broadcast, unknown_shape
from minitf.tensor import Tensor

_FLOATS = "{half, bfloat16, float, double}"


def _at_least_vector(logits: Tensor) -> Any:
    return at_least_rank(logits, 1)


@op
class Softmax:
    """exp(x) / sum(exp(x)) along the last dimension."""

    inputs = "logits: T"
    outputs = "softmax: T"
    attrs = f"T: {_FLOATS}"
    infer = _at_least_vector
    kernel = kernels.softmax

    def gradient(op, grad):
        y = op.outputs[0]
        total = reduce_sum(grad * y, -1, keepdims=True)
        return (grad - total) * y


@op
class LogSoftmax:
    """x - log(sum(exp(x))) along the last dimension."""

    inputs = "logits: T"
    outputs = "logsoftmax: T"
    attrs = f"T: {_FLOATS}"
    infer = _at_least_vector
    kernel = kernels.log_softmax

    def gradient(op, grad):
        y = exp(op.outputs[0])
        return grad - reduce_sum(grad, -1, keepdims=True) * y


def _rows_times(column: Tensor, matrix: Tensor) -> Tensor:
    return expand_dims(column, -1) * matrix


def _cross_entropy_gradient(op: Any, by_loss: Tensor, by_backprop: Any) -> Tensor:
    """The gradient of a cross entropy's logits, from those of both its outputs."""
    grad = _rows_times(by_loss, op.outputs[1])
    if by_backprop is None or is_zeros(by_backprop):
        return grad
    y = Softmax(op.inputs[0])
    product = matmul(expand_dims(by_backprop, 1), expand_dims(y, 2))
    return grad + (by_backprop - squeeze(product, axis=1)) * y


@op
class SoftmaxCrossEntropyWithLogits:
    """The losses of rows of logits where `labels` are probabilities, and the losses' gradient."""

    inputs = "features: T, labels: T"
    outputs = "loss: T, backprop: T"
    attrs = f"T: {_FLOATS}"
    kernel = kernels.softmax_cross_entropy

    def infer(features, labels):
        shape = broadcast(features._shape, labels._shape)
        if shape.rank not in (None, 2):
            raise ValueError(f"Shape must be broadcasted with rank 2, but is rank {shape.rank}")
        if shape.rank is None:
            known = [t._shape for t in (features, labels) if t._shape.rank == 2]
            shape = known[0] if known else unknown_shape(2)
        return shape[:1], shape

    def gradient(op, by_loss, by_backprop):
        grad = _cross_entropy_gradient(op, by_loss, by_backprop)
        return grad, _rows_times(by_loss, -LogSoftmax(op.inputs[0]))


@op
class SparseSoftmaxCrossEntropyWithLogits:
    """The losses of rows of logits where `labels` are class numbers, and the losses' gradient."""

    inputs = "features: T, labels: Tlabels"
    outputs = "loss: T, backprop: T"
    attrs = f"T: {_FLOATS}, Tlabels: {{int32, int64}} = DT_INT64"
    kernel = kernels.sparse_softmax_cross_entropy

    def infer(features, labels):
        rows, classes = sizes(features, 2)
        rows = same_size(rows, sizes(labels, 1)[0])
        return [rows], [rows, classes]

    def gradient(op, by_loss, by_backprop):
        return _cross_entropy_gradient(op, by_loss, by_backprop), None


def is_zeros(tensor: Tensor) -> bool:
    """Whether a gradient is the zeros that stand for an output nobody uses."""
    return tensor.op.type == "ZerosLike" or (
        tensor.op.type == "Const" and not tensor.op._attrs["value"].any()
    )


def _along(function: Callable[..., Any], logits: Any, axis: Any, name: str | None) -> Tensor:
    """`function`, which works along the last dimension, applied along `axis`."""
    logits = convert_to_tensor(logits)
    known = logits.shape
    count: Any = known.rank
    if axis == -1 or axis == count - 1:
        return function(logits, name=name)
    value = constant_value(axis) if isinstance(axis, Tensor) else axis
    if value is not None and not -count <= value < count:
        raise InvalidArgumentError(
            None,
            None,
            f"`dim` must be in the range [{-count}, {count}) where {count} is the number of "
            f"dimensions in the input. Received: dim={value}",
        )
    dimensions = rank(logits)
    if isinstance(axis, Tensor):
        axis = where(less(axis, 0), axis + dimensions, axis)
    elif axis < 0:
        axis += dimensions
    last = rank(logits)
    axis %= count
    swapped = _swapped(logits, axis, subtract(last, 1))
    result = _swapped(function(swapped), axis, subtract(last, 1), name=name)
    result.set_shape(known)
    return result


def _swapped(x: Tensor, axis: Any, last: Any, name: str | None = None) -> Tensor:
    order = concat([range_of(axis), [last], range_of(axis + 1, last), [axis]], 0)
    return transpose(x, order, name=name)


def softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """exp(x) / sum(exp(x)) along `axis`, the last one by default."""
    axis = renamed_argument("axis", axis, "dim", dim)
    return _along(Softmax, logits, -1 if axis is None else axis, name)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """x - log(sum(exp(x))) along `axis`, the last one by default."""
    axis = renamed_argument("axis", axis, "dim", dim)
    return _along(LogSoftmax, logits, -1 if axis is None else axis, name)
