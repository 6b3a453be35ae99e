"""The gradient of a batch normalization's gradient."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.casts import cast
from minitf.ops.elementwise import rsqrt, square
from minitf.ops.reductions import reduce_mean, reduce_sum
from minitf.ops.shapes import reshape
from minitf.tensor import Tensor


def second_gradient(op: Any, by_x: Tensor, by_scale: Tensor, by_offset: Tensor) -> Any:
    """The gradients of FusedBatchNormGradV3's inputs from those of its first three outputs.

    With z = (x - mean) / deviation and P(u) = u - mean(u) - z mean(u z), which is what a batch's
    own mean and deviation leave of a change u, the first gradient is scale / deviation P(dy).
    """
    data_format = op._attrs["data_format"].decode()
    channel = 1 if data_format.startswith("NC") else len(data_format) - 1
    axes = [i for i in range(len(data_format)) if i != channel]
    shape = [-1 if i == channel else 1 for i in range(len(data_format))]
    grad, x = (cast(t, dtypes.float32) for t in op.inputs[:2])
    by_x = cast(by_x, dtypes.float32)
    scale, by_scale, by_offset = (reshape(t, shape) for t in (op.inputs[2], by_scale, by_offset))
    training = op._attrs["is_training"]

    def mean(t: Tensor) -> Tensor:
        return reduce_mean(t, axis=axes, keepdims=True)

    center, variance = (reshape(t, shape) for t in op.inputs[3:5])
    if training:  # by the inputs, so that this can be differentiated once more
        center = mean(x)
        variance = mean(square(x - center))
    inverse = rsqrt(variance + op._attrs["epsilon"])
    z = (x - center) * inverse

    def left(u: Tensor) -> Tensor:
        return u - mean(u) - z * mean(u * z) if training else u

    to_grad = scale * inverse * left(by_x) + by_scale * z + by_offset
    to_scale = reduce_sum(by_x * left(grad) * inverse, axis=axes)
    to_x = by_scale * inverse * left(grad)
    if training:
        a, b = mean(by_x * z), mean(grad * z)
        common = mean(by_x * grad) - mean(by_x) * mean(grad)
        bent = z * (common - a * b) + b * left(by_x) + a * left(grad)
        to_x = to_x - scale * square(inverse) * bent
    dtype = op.inputs[0].dtype
    return cast(to_grad, dtype), cast(to_x, dtype), to_scale, None, None, None
