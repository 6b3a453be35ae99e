"""Swish, an activation whose gradient is written down so that less has to be kept for it."""

from __future__ import annotations

from typing import Any

from minitf.custom_gradient import custom_gradient
from minitf.graph import control_dependencies
from minitf.op import convert_to_tensor
from minitf.ops.casts import cast
from minitf.ops.elementwise import sigmoid, square
from minitf.ops.reductions import reduce_sum
from minitf.tensor import Tensor


def swish(features: Any, beta: Any = 1.0) -> Tensor:
    """x sigmoid(beta x), which is also called silu."""
    features = convert_to_tensor(features, name="features")
    beta = cast(convert_to_tensor(beta, name="beta"), features.dtype)
    return _swish(features, beta)


@custom_gradient
def _swish(features: Tensor, beta: Tensor) -> Any:
    def grad(dy: Tensor) -> Any:
        with control_dependencies([dy]):
            gate = sigmoid(beta * features)
        slope = gate * (1.0 + beta * features * (1.0 - gate))
        by_beta = reduce_sum(dy * square(features) * gate * (1.0 - gate))
        return dy * slope, by_beta

    return features * sigmoid(beta * features), grad


silu = swish
