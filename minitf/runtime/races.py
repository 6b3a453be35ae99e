"""Reads and writes of one variable in one run whose order the graph leaves open."""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf.runtime.kernels import reads_slot
from minitf.runtime.plan import Plan, before
from minitf.tensor import Operation

# Ops that lead a variable into a branch or a loop, and neither read nor write it.
_PASSING_ON = frozenset("RefSwitch RefMerge RefEnter RefExit RefNextIteration RefIdentity".split())


class Race(NamedTuple):
    """Two ops that use one variable, at least one of them to write, in either order."""

    variable: Operation
    write: Operation
    other: Operation

    def __str__(self) -> str:
        return (
            f"'{self.other.name}' ({self.other.defined_at}) may run before or after "
            f"'{self.write.name}' ({self.write.defined_at}), which writes '{self.variable.name}'. "
            "Order them with tf.control_dependencies."
        )


def races(plan: Plan) -> list[Race]:
    """Every pair of ops in a plan that race for a variable."""
    reads, writes = _uses(plan)
    if not writes:
        return []
    ancestors = _ancestors(plan, {op for ops in writes.values() for op in ops})
    found = []
    for variable, writers in writes.items():
        for i, write in enumerate(writers):
            for other in [*reads.get(variable, []), *writers[:i]]:
                ordered = other in ancestors[write] or write in ancestors.get(other, ())
                if not ordered and not _exclude(other, write) and not _follows(other, write, plan):
                    found.append(Race(variable, write, other))
    return found


def _exclude(a: Operation, b: Operation) -> bool:
    """Whether two ops stand in the two branches of one `tf.cond`."""
    return any(_branches(b).get(pred, branch) != branch for pred, branch in _branches(a).items())


def _branches(op: Operation) -> dict[Any, int]:
    """The predicate and the branch of each `tf.cond` around an op."""
    found, context = {}, op._control_flow_context
    while context is not None:
        if not context.is_while:
            found[context.pred] = context.branch
        context = context.outer_context
    return found


def _uses(plan: Plan) -> tuple[dict[Operation, list[Operation]], dict[Operation, list[Operation]]]:
    """The ops that read and that write each variable, in the plan's order."""
    variable_of: dict[Operation, Operation] = {}
    reads: dict[Operation, list[Operation]] = {}
    writes: dict[Operation, list[Operation]] = {}
    for op in plan.ops:
        for i, t in enumerate(op._inputs):
            if not t._dtype._is_ref_dtype:
                continue
            variable = variable_of.get(t.op, t.op)
            if op.type in _PASSING_ON:
                variable_of[op] = variable
            elif reads_slot(op, i) and op.type != "IsVariableInitialized":
                writes.setdefault(variable, []).append(op)
                if op._outputs and op._outputs[0]._dtype._is_ref_dtype:
                    variable_of[op] = variable
            elif op.type != "IsVariableInitialized":
                reads.setdefault(variable, []).append(op)
    return reads, writes


def _ancestors(plan: Plan, ops: set[Operation]) -> dict[Operation, set[Operation]]:
    """For each of `ops` the ops that must have run before it."""
    fed = set(plan.fed)
    result = {}
    for op in ops:
        seen: set[Operation] = set()
        pending = before(op, fed)
        while pending:
            other = pending.pop()
            if other not in seen:
                seen.add(other)
                pending += before(other, fed)
        result[op] = seen
    return result


def _follows(later: Operation, earlier: Operation, plan: Plan) -> bool:
    """Whether `later` must run after `earlier`."""
    return earlier in _ancestors(plan, {later})[later]
