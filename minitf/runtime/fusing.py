"""Which elementwise ops of a plan become one kernel.

A group is a tree: every result inside it is used in it only, so nothing has to be stored on the
way. Groups have a bounded size, so that none takes long to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.runtime.kernels import kernel_of
from minitf.runtime.plan import variables_read, variables_written
from minitf.tensor import Operation, Tensor

_MOST_OPS = 64
_LARGE = 1 << 18  # elements
SMALL = 1 << 14  # elements: known smaller results are left to NumPy, op by op


class Group:
    """Some elementwise ops with one result, in the order in which they run."""

    def __init__(self, ops: list[Operation]) -> None:
        self.ops = ops
        inside = set(ops)
        self.inputs = list(dict.fromkeys(t for op in ops for t in op._inputs if t.op not in inside))
        self.outputs = [ops[-1]._outputs[0]]

    def kernel(self, session: Any) -> Any:
        """The group as one function of its inputs."""
        from minitf.kernels.fused import FusedKernel, Step

        index = {t: ("x", i) for i, t in enumerate(self.inputs)}
        index.update({op._outputs[0]: ("t", i) for i, op in enumerate(self.ops)})
        steps = [
            Step(
                kernel_of(op, session),
                op.definition.scalar or "",
                tuple(arg.name for arg in op.definition.inputs),
                tuple(index[t] for t in op._inputs),
            )
            for op in self.ops
        ]
        return FusedKernel(steps, len(self.inputs), self.outputs[0]._dtype.as_numpy_dtype)


def grouped(units: list[Any], fetched: set[Tensor], fixed: Any, fed: set[Tensor]) -> list[Any]:
    """The units (ops, and groups of another kind) in order, groups where their last op stands.

    `fixed` says of an op whether it must stay by itself. No op goes past a write to a variable
    that it reads.
    """
    readers: dict[Tensor, list[Any]] = {}
    for unit in units:
        for t in unit._inputs if isinstance(unit, Operation) else unit.inputs:
            readers.setdefault(t, []).append(unit)
    ops = [unit for unit in units if isinstance(unit, Operation)]
    candidates = {op for op in ops if _may_fuse(op) and not fixed(op)}
    kept = fetched.union(t for op in ops for c in op._control_inputs for t in c._outputs)
    taken: set[Operation] = set()
    groups: dict[Operation, Group] = {}
    position = {op: i for i, op in enumerate(ops)}
    writes: dict[Operation, list[int]] = {}
    for op in ops:
        for variable in variables_written(op, fed):
            writes.setdefault(variable, []).append(position[op])

    def may_wait(op: Operation, root: Operation) -> bool:
        read = variables_read(op, fed) if writes else ()
        places = [place for variable in read for place in writes.get(variable, ())]
        return not any(position[op] < place < position[root] for place in places)

    for root in reversed(ops):
        if root in candidates and root not in taken:
            members = _tree(root, candidates - taken, readers, kept, may_wait)
            if len(members) > 1 or _large(root):
                taken |= members
                groups[root] = Group(sorted(members, key=position.__getitem__))
    return [groups.get(unit, unit) for unit in units if unit not in taken or unit in groups]


def _tree(
    root: Operation,
    candidates: set[Operation],
    readers: dict[Tensor, list[Operation]],
    kept: set[Tensor],
    may_wait: Callable[[Operation, Operation], bool],
) -> set[Operation]:
    """The ops above `root` whose results only this group uses, and that may run as late as it."""
    members = {root}
    pending = [t.op for t in root._inputs]
    while pending and len(members) < _MOST_OPS:
        op = pending.pop()
        if op in members or op not in candidates:
            continue
        output = op._outputs[0]
        same_type = output._dtype is root._outputs[0]._dtype
        alone = output not in kept and all(r in members for r in readers[output])
        if same_type and alone and may_wait(op, root):
            members.add(op)
            pending += [t.op for t in op._inputs]
    return members


def _large(op: Operation) -> bool:
    """Whether even one op gains by going through its array in blocks, on several threads."""
    return (op._outputs[0]._shape.num_elements() or 0) >= _LARGE


def _may_fuse(op: Operation) -> bool:
    size = op._outputs[0]._shape.num_elements() if op._outputs else 0
    return (size is None or size >= SMALL) and elementwise(op)


def elementwise(op: Operation) -> bool:
    """Whether the op is a formula of numbers of one floating type."""
    definition = op.definition
    if definition.scalar is None or len(op._outputs) != 1 or op._control_inputs:
        return False
    output = op._outputs[0]
    if output._dtype not in (dtypes.float32, dtypes.float64):
        return False
    if any(t._dtype is not output._dtype for t in op._inputs):
        return False
    from minitf.kernels.fused import fusable  # loaded once there is something large to fuse

    return fusable(definition.scalar, [arg.name for arg in definition.inputs])
