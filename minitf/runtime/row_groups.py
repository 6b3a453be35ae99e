"""Which ops of a plan go row by row together: reductions over the last axis, softmax, and the
elementwise ops around them.

Unlike a group of `fusing`, one of these may hand on several results. Ops that stand between its
own and need one of them run after it; what has an effect is never moved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.infer import constant_value
from minitf.runtime.fusing import SMALL, Group, elementwise
from minitf.runtime.kernels import kernel_of
from minitf.runtime.plan import has_effect, variables_read, variables_written
from minitf.tensor import Operation, Tensor

_MOST_OPS = 32
_REDUCTIONS = frozenset("Sum Mean Max Min".split())
_SOFTMAXES = frozenset("Softmax LogSoftmax".split())
_SAME = frozenset("Identity StopGradient".split())


class RowGroup(Group):
    """Row-wise ops in the order in which they run; each input is needed whole or row by row."""

    def __init__(self, ops: list[Operation], outputs: list[Tensor]) -> None:
        self.ops = ops
        self.outputs = outputs
        inside = set(ops)
        read = [t for op in ops for t in _row_inputs(op) if t.op not in inside]
        self.inputs = list(dict.fromkeys(read))

    def kernel(self, session: Any) -> Any:
        """The group as one function of its inputs."""
        from minitf.kernels.rowwise import RULES, RowKernel, RowStep

        index = {t: ("x", i) for i, t in enumerate(self.inputs)}
        index.update({op._outputs[0]: ("t", i) for i, op in enumerate(self.ops)})
        steps = []
        for op in self.ops:
            sources = tuple(index[t] for t in _row_inputs(op))
            if op.type in RULES:
                step = RowStep(_kernel(op, session), RULES[op.type], ("x",), sources)
            else:
                names = tuple(arg.name for arg in op.definition.inputs)
                formula = (op.definition.scalar or "",)
                step = RowStep(kernel_of(op, session), formula, names, sources)
            steps.append(step)
        results = [index[t][1] for t in self.outputs]
        squeezed = {
            index[t][1]
            for t in self.outputs
            if t.op.type in _REDUCTIONS and not t.op._attrs["keep_dims"]
        }
        return RowKernel(steps, len(self.inputs), results, squeezed)


def row_groups(
    ops: list[Operation], fetched: set[Tensor], fixed: Any, fed: set[Tensor]
) -> list[Any]:
    """The ops in an order that is as good, groups gathered.

    `fixed` says of an op whether it must stay by itself.
    """
    seeds = [op for op in ops if _is_seed(op) and not fixed(op)]
    if not seeds:
        return list(ops)
    readers: dict[Tensor, list[Operation]] = {}
    for op in ops:
        for t in op._inputs:
            readers.setdefault(t, []).append(op)
    kept_out = {control for op in ops for control in op._control_inputs}
    units: list[Any] = list(ops)
    for seed in seeds:
        if seed in kept_out:
            continue
        members = _grown(seed, lambda op: op not in kept_out and not fixed(op), readers)
        start = next(i for i, unit in enumerate(units) if unit in members)
        before, inside, after, end = _set_apart(units, start, members, fed)
        if len(inside) > 1 and any(_is_seed(op) for op in inside):
            kept_out.update(inside)
            group = RowGroup(inside, _handed_on(inside, readers, fetched))
            units[start:end] = [*before, group, *after]
    return units


def _handed_on(
    ops: list[Operation], readers: dict[Tensor, list[Operation]], fetched: set[Tensor]
) -> list[Tensor]:
    """The results that others read, and those of ops that are fetched for themselves."""
    results = [t for op in ops for t in op._outputs]
    return [
        t
        for t in results
        if t in fetched or t not in readers or not set(ops).issuperset(readers[t])
    ]


def _grown(
    seed: Operation,
    is_free: Callable[[Operation], bool],
    readers: dict[Tensor, list[Operation]],
) -> set[Operation]:
    """The row-wise ops that hang together with `seed`."""
    rank = seed._inputs[0]._shape.rank
    members = {seed}
    pending = [seed]
    while pending:
        op = pending.pop()
        beside = [t.op for t in _row_inputs(op)]
        if not (op.type in _REDUCTIONS and not op._attrs["keep_dims"]):
            beside += readers.get(op._outputs[0], [])
        for other in beside:
            if other in members or len(members) == _MOST_OPS:
                continue
            if is_free(other) and _is_row_wise(other, rank):
                members.add(other)
                pending.append(other)
    return members


def _set_apart(
    units: list[Any], start: int, members: set[Operation], fed: set[Tensor]
) -> tuple[list[Any], list[Operation], list[Any], int]:
    """Splits the units from `start` into those before a group, its ops, and those after it.

    An op that needs a result of the group comes after it, and so do those that need this op, be
    they members or not. The first of them with an effect ends the group: it is not moved. So does
    a write to a variable that what comes after it now would have read before.
    """
    before: list[Any] = []
    inside: list[Operation] = []
    after: list[Any] = []
    hers: set[Operation] = set()
    late: set[Operation] = set()
    read: set[Operation] = set()  # variables
    left = len(members)
    end = start
    for unit in units[start:]:
        if not left:
            break
        ops = [unit] if isinstance(unit, Operation) else unit.ops
        needs = {t.op for op in ops for t in op._inputs}
        needs.update(control for op in ops for control in op._control_inputs)
        left -= unit in members
        joins = unit in members and not needs & late
        if not joins and not needs & late and not needs & hers:
            if any(not read.isdisjoint(variables_written(op, fed)) for op in ops):
                break
            before.append(unit)
        elif not joins and any(has_effect(op) for op in ops):
            break
        else:  # it runs later than it would have
            (inside if joins else after).append(unit)
            (hers if joins else late).update(ops)
            read.update(*[variables_read(op, fed) for op in ops])
        end += 1
    return before, inside, after, end


def _row_inputs(op: Operation) -> list[Tensor]:
    """The inputs that are taken row by row: not a reduction's axes."""
    return list(op._inputs[:1] if op.type in _REDUCTIONS else op._inputs)


def _is_seed(op: Operation) -> bool:
    """Whether the op reduces the rows of what may be a large array."""
    if op.type not in _REDUCTIONS and op.type not in _SOFTMAXES:
        return False
    x = op._inputs[0]
    size = x._shape.num_elements()
    if x._shape.rank is None or x._shape.rank < 2 or (size is not None and size < SMALL):
        return False
    return _is_row_wise(op, x._shape.rank)


def _is_row_wise(op: Operation, rank: int | None) -> bool:
    """Whether each row of the op's result depends on the same row of what it gets."""
    if len(op._outputs) != 1 or op._control_inputs:
        return False
    read = _row_inputs(op)
    if not read or any(t._dtype is not dtypes.float32 for t in (*read, *op._outputs)):
        return False
    if op.type in _REDUCTIONS:
        return read[0]._shape.rank == rank and _is_last_axis(op._inputs[1], rank)
    if op.type in _SOFTMAXES or op.type in _SAME:
        return read[0]._shape.rank == rank
    if op._outputs[0]._shape.rank != rank or not elementwise(op):
        return False
    # What has lost its last axis no longer stands row against row.
    return not any(t.op.type in _REDUCTIONS and t._shape.rank != rank for t in read)


def _is_last_axis(axes: Tensor, rank: int | None) -> bool:
    known = constant_value(axes)
    return known is not None and known.size == 1 and int(known.flat[0]) in (-1, (rank or 0) - 1)


def _kernel(op: Operation, session: Any) -> Callable[..., Any]:
    """The op's kernel as a function of rows, however many axes stand before the last."""
    kernel = kernel_of(op, session)
    if op.type not in _REDUCTIONS:
        return kernel
    last = np.array([-1], np.int32)
    return lambda x: kernel(x, last)
