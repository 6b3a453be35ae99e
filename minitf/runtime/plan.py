"""What a run has to do: the ops that its fetches need, given what is fed, in order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from minitf.tensor import Operation, Tensor

_BACK = ("NextIteration", "RefNextIteration")
_CONTROL_FLOW = frozenset("Enter RefEnter Switch RefSwitch Merge RefMerge".split())
_CHECKS = frozenset("CheckNumerics EnsureShape Placeholder".split())  # they may raise


class Plan:
    """The ops that one run executes, in order; made once for each set of fetches and feeds."""

    def __init__(
        self,
        fetches: tuple[Tensor, ...],
        targets: tuple[Operation, ...],
        feeds: tuple[Tensor, ...],
        seed: int | None = None,
    ) -> None:
        self.fetches = fetches
        self.targets = targets
        self.fed = feeds
        self.ops = _in_order(_needed(fetches, targets, set(feeds)), set(feeds), seed)

    @property
    def graph(self) -> Any:
        return (self.fetches or self.targets)[0].graph

    @property
    def pruned(self) -> list[Operation]:
        """The graph's ops that this run does not need."""
        needed = set(self.ops)
        return [op for op in self.graph.get_operations() if op not in needed]

    @cached_property
    def has_control_flow(self) -> bool:
        """Whether a branch or a loop stands among the ops."""
        return any(op.type in _CONTROL_FLOW for op in self.ops)

    @cached_property
    def has_branches(self) -> bool:
        """Whether a Switch other than a loop's own stands among the ops: some may not run."""
        switches = [op for op in self.ops if op.type in ("Switch", "RefSwitch")]
        return any(op._inputs[1].op.type != "LoopCond" for op in switches)

    @cached_property
    def effective(self) -> list[Operation]:
        """The ops without those that are waited for only: nobody reads what they compute.

        A gradient graph is full of them, since it groups the gradients of all inputs. As in
        TensorFlow's graph optimizer, only ops without effects go.
        """
        if self.has_control_flow:
            return self.ops
        read = {t.op for t in self.fetches}
        read.update(self.targets)
        kept = []
        for op in reversed(self.ops):
            if op in read or has_effect(op):
                kept.append(op)
                read.update(t.op for t in op._inputs)
        return kept[::-1]


def has_effect(op: Operation) -> bool:
    if not op._outputs or op.definition.stateful or op.type in _CHECKS:
        return True
    # A read fails where the variable has no value.
    return any(t._dtype._is_ref_dtype for t in (*op._outputs, *op._inputs))


def variable_of(tensor: Tensor, fed: set[Tensor]) -> Operation | None:
    """The variable whose value a tensor is: its node, a read of it, or what an update passes on."""
    while tensor not in fed:
        op = tensor.op
        if op.type in ("VariableV2", "Variable"):
            return op
        if not op._inputs or not (op.type == "Identity" or tensor._dtype._is_ref_dtype):
            return None
        tensor = op._inputs[0]
    return None


def variables_read(op: Operation, fed: set[Tensor]) -> set[Operation]:
    """The variables whose values the op takes when it runs: those values share their memory."""
    return {variable for t in op._inputs if (variable := variable_of(t, fed)) is not None}


def variables_written(op: Operation, fed: set[Tensor]) -> set[Operation]:
    """The variables that the op may change."""
    if op.type == "Identity" or not any(t._dtype._is_ref_dtype for t in op._inputs):
        return set()
    return variables_read(op, fed)


def _needed(
    fetches: Iterable[Tensor], targets: Iterable[Operation], fed: set[Tensor]
) -> set[Operation]:
    """Every op that must run: walks from what is fetched to inputs, up to what is fed."""
    pending = [t.op for t in fetches if t not in fed]
    pending += targets
    needed = set(pending)
    while pending:
        op = pending.pop()
        for t in op._inputs:
            if t.op not in needed and t not in fed:
                needed.add(t.op)
                pending.append(t.op)
        for control in op._control_inputs:
            if control not in needed and not _is_fed(control, fed):
                needed.add(control)
                pending.append(control)
    return needed


def _is_fed(op: Operation, fed: set[Tensor]) -> bool:
    """Whether to wait for an op is to wait for a feed: it is a placeholder, and is fed."""
    return op.type == "Placeholder" and op._outputs[0] in fed


def before(op: Operation, fed: set[Tensor]) -> list[Operation]:
    """The ops that must have run before `op`; the back edges of loops don't count."""
    ops = [t.op for t in op._inputs if t not in fed and t.op.type not in _BACK]
    return ops + list(op._control_inputs)


def _in_order(needed: set[Operation], fed: set[Tensor], seed: int | None) -> list[Operation]:
    """The ops in an order they can run in: as they were made, or shuffled by `seed`."""
    ops = sorted(needed, key=lambda op: op._id)
    if seed is None and _is_sorted(ops, fed):
        return ops
    import random  # loads hashlib: seldom needed

    chooser = random.Random(seed)
    waiting: dict[Operation, int] = {}
    followers: dict[Operation, list[Operation]] = {op: [] for op in ops}
    for op in ops:
        first = {other for other in before(op, fed) if other in needed}
        waiting[op] = len(first)
        for other in first:
            followers[other].append(op)

    def rank(op: Operation) -> tuple[float, int]:
        return (0.0 if seed is None else chooser.random(), op._id)

    ready = [(*rank(op), op) for op in ops if not waiting[op]]
    heapq.heapify(ready)
    ordered = []
    while ready:
        op = heapq.heappop(ready)[-1]
        ordered.append(op)
        for follower in followers[op]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, (*rank(follower), follower))
    if len(ordered) < len(ops):
        stuck = next(op for op in ops if waiting[op])
        raise ValueError(
            f"The graph has a cycle that is not a loop: '{stuck.name}' waits for itself"
        )
    return ordered


def _is_sorted(ops: list[Operation], fed: set[Tensor]) -> bool:
    """Whether creation order is a running order: it is, unless nodes were changed afterwards."""
    if not ops or not ops[0].graph._edits:
        return True
    return all(other._id < op._id for op in ops for other in before(op, fed))
