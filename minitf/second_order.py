"""tf.hessians: second derivatives, a row at a time, in a loop."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.gradients import gradients
from minitf.ops.array import concat, constant, reshape, shape, size
from minitf.ops.tensor_array import TensorArray
from minitf.ops.while_loop import while_loop
from minitf.tensor import Tensor


def hessians(
    ys: Any,
    xs: Any,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
) -> list[Tensor]:
    """For each of `xs` the second derivatives of the sum of `ys`, of shape `x.shape + x.shape`.

    Raises what `gradients` raises.
    """
    xs = list(xs) if isinstance(xs, (list, tuple)) else [xs]
    options: dict[str, Any] = {
        "colocate_gradients_with_ops": colocate_gradients_with_ops,
        "gate_gradients": gate_gradients,
        "aggregation_method": aggregation_method,
    }
    firsts = gradients(ys, xs, **options)
    return [_hessian(first, x) for first, x in zip(firsts, xs, strict=True)]


def _hessian(first: Tensor, x: Any) -> Tensor:
    """The gradient of each element of `first`."""
    first = reshape(first, [-1])
    n = size(x)

    def body(j: Tensor, rows: TensorArray) -> Any:
        following = j + 1
        return following, rows.write(j, gradients(first[j], x)[0])

    start = [constant(0, dtypes.int32), TensorArray(x.dtype, n)]
    _, rows = while_loop(lambda j, _: j < n, body, start)
    sizes = shape(x)
    return reshape(rows.stack(), concat((sizes, sizes), 0))
