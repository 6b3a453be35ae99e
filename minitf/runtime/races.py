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
    users = {op: i for i, op in enumerate(_each(reads, writes))}
    earlier = _earlier(plan, users)
    found = []
    for variable, writers in writes.items():
        for i, write in enumerate(writers):
            for other in [*reads.get(variable, []), *writers[:i]]:
                ordered = earlier[write] >> users[other] & 1 or earlier[other] >> users[write] & 1
                if not ordered and not _exclude(other, write):
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


def _each(*uses: dict[Operation, list[Operation]]) -> dict[Operation, None]:
    """The ops that use a variable, each once."""
    return {op: None for use in uses for ops in use.values() for op in ops}


def _earlier(plan: Plan, users: dict[Operation, int]) -> dict[Operation, int]:
    """For each op the users that must have run before it: bit `i` stands for user `i`."""
    fed = set(plan.fed)
    earlier: dict[Operation, int] = {}
    for op in plan.ops:  # in an order they can run in, so what is before an op is known
        bits = 0
        for other in before(op, fed):
            bits |= earlier.get(other, 0)
            if other in users:
                bits |= 1 << users[other]
        earlier[op] = bits
    return earlier
