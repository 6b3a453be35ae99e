"""State of loop gradients."""
from typing import Any
from minitf.tensor import Operation, Tensor
LoopGradients = Any


def loops_between(ops: list[Operation], colocate: bool) -> LoopGradients | None:
    """The state of the gradients of the loops among `ops`, or None where there is none."""
    return None


def zeros_like_output(op: Operation, index: int) -> Tensor:
    """Zeros that stand for the gradient of an output nobody uses."""
    from minitf.ops.filling import zeros_like

    return zeros_like(op.outputs[index], optimize=False)
