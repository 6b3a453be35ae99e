"""Operations that stand for a graph's, with any name at all, to draw and tell stories about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import minitf as tf

MARKUP = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    '"><svg onload=window.hacked=1>',
    "javascript:window.hacked=1",
    "{{constructor.constructor('window.hacked=1')()}}",
    "</style></title></textarea><b>x</b>",
    '"]; evil [label="x',
    "\\N\\G\\l",
    "]]><!--",
    "&lt;b&gt;&amp;",
    "\u202egnp.exe",
    "${window.hacked=1}`",
)


class StubTensor:
    def __init__(self, op: StubOp, shape: Sequence[int | None] | None, dtype: Any) -> None:
        self.op, self.shape, self.dtype = op, tf.TensorShape(shape), dtype
        self.name = f"{op.name}:0"


class StubOp:
    def __init__(
        self,
        name: str,
        type: str = "Add",
        inputs: Sequence[StubOp] = (),
        control: Sequence[StubOp] = (),
        shape: Sequence[int | None] | None = (None, 2),
        outputs: int = 1,
        device: str = "",
    ) -> None:
        self.name, self.type, self.device = name, type, device
        self.inputs = [op.outputs[0] for op in inputs]
        self.control_inputs = list(control)
        self.outputs = [StubTensor(self, shape, tf.float32) for _ in range(outputs)]
        self.traceback: list[Any] = []


def layer() -> list[StubOp]:
    """A placeholder, a scope with two variables, and an initializer that waits for both."""
    x = StubOp("x", "Placeholder", shape=(None, 3))
    ops = [x]
    reads, assigns = [], []
    for name in ("layer/W", "layer/b"):
        start = StubOp(f"{name}/Initializer/zeros", "Fill")
        variable = StubOp(name, "VariableV2")
        assigns.append(StubOp(f"{name}/Assign", "Assign", [variable, start]))
        reads.append(StubOp(f"{name}/read", "Identity", [variable]))
        ops += [start, variable, assigns[-1], reads[-1]]
    product = StubOp("layer/MatMul", "MatMul", [x, reads[0]])
    total = StubOp("layer/add", "AddV2", [product, reads[1]])
    relu = StubOp("Relu", "Relu", [total])
    return [*ops, product, total, relu, StubOp("init", "NoOp", control=assigns, outputs=0)]


def scoped(count: int, per_scope: int = 20) -> list[StubOp]:
    """A graph of `count` ops in scopes of `per_scope`."""
    ops = [StubOp("x", "Placeholder")]
    while len(ops) < count:
        place = f"layer_{(len(ops) - 1) // per_scope}"
        nth = (len(ops) - 1) % per_scope
        name = f"{place}/Add" + (f"_{nth}" if nth else "")
        ops.append(StubOp(name, "Add", [ops[-1], ops[max(0, len(ops) - 3)]]))
    return ops
