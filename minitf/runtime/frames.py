"""The loops in a plan: which ops run again and again, and how values go round.

TensorFlow writes a loop as Enter, Merge, LoopCond, Switch, NextIteration and Exit nodes (Yu et
al., "Dynamic Control Flow in Large-Scale Machine Learning", 2018). A Frame is one such loop.
"""

from __future__ import annotations

from typing import Any

from minitf.errors import InvalidArgumentError
from minitf.tensor import Operation, Tensor

_ENTERS = ("Enter", "RefEnter")
_EXITS = ("Exit", "RefExit")
_SWITCHES = ("Switch", "RefSwitch")
_BACK = ("NextIteration", "RefNextIteration")


class Places(dict[Any, str]):
    """The names that values have in a program; whatever has none is asked for outside its loop."""

    def __missing__(self, tensor: Any) -> str:
        raise InvalidArgumentError(
            None,
            None,
            f"The value of '{tensor.name}' is used where its loop does not hand it on: only an "
            "Exit takes values out of a loop, and only an Enter takes them in",
        )


class Frame:
    """One loop: what enters it, the ops before and after its condition is tested, what leaves."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.enters: list[Operation] = []
        self.merges: list[Operation] = []
        self.exits: list[Operation] = []
        self.condition: list[Any] = []  # operations and inner frames, before the test
        self.body: list[Any] = []  # the same, after it
        self.leaving: list[Any] = []  # the same, once the test has failed
        self.test: Tensor | None = None  # whether it goes round once more; None: it never does
        self.members: set[Operation] = set()

    @property
    def next_values(self) -> list[Tensor]:
        """For each merge the tensor that it takes from the second round on."""
        return [_back_edge(merge)._inputs[0] for merge in self.merges]


def _back_edge(merge: Operation) -> Operation:
    return next(t.op for t in merge._inputs if t.op.type in _BACK)


def structured(ops: list[Operation], fed: set[Tensor]) -> list[Any]:
    """The plan's ops in order, those of each loop gathered into a Frame where the loop starts."""
    if not any(op.type in _ENTERS for op in ops):
        return list(ops)
    frame_of = _frames(ops, fed)
    frames: dict[tuple[str, ...], Frame] = {}
    for op in ops:
        path = frame_of[op]
        for depth in range(1, len(path) + 1):
            frames.setdefault(path[:depth], Frame(path[depth - 1]))
            frames[path[:depth]].members.add(op)
    return _unit_order(ops, (), frame_of, frames, fed)


def loops(ops: list[Operation], fed: set[Tensor]) -> list[Frame]:
    """The loops among the ops, without those inside another."""
    return [unit for unit in structured(ops, fed) if isinstance(unit, Frame)]


def _frames(ops: list[Operation], fed: set[Tensor]) -> dict[Operation, tuple[str, ...]]:
    """For each op the names of the loops around it, the outermost first."""
    frame_of: dict[Operation, tuple[str, ...]] = {}
    for op in ops:
        inputs = [t.op for t in op._inputs if t not in fed and t.op in frame_of]
        inputs += [c for c in op._control_inputs if c in frame_of]
        paths = [_leaving(frame_of, source) for source in inputs]
        path = max(paths, key=len, default=())
        for source, other in zip(inputs, paths, strict=True):
            if other != path[: len(other)]:
                raise _different_frames(op, inputs[paths.index(path)], path, source, other)
        if op.type in _ENTERS:
            path = (*path, op._attrs["frame_name"].decode())
        frame_of[op] = path
    return frame_of


def _different_frames(
    op: Operation, a: Operation, a_path: tuple[str, ...], b: Operation, b_path: tuple[str, ...]
) -> InvalidArgumentError:
    message = (
        f"{{{{node {op.name}}}}} has inputs from different frames. The input "
        f"{{{{node {a.name}}}}} is in frame '{a_path[-1]}'. The input {{{{node {b.name}}}}} is in "
        f"frame '{b_path[-1]}'."
    )
    return InvalidArgumentError(None, op, message)


def _leaving(frame_of: dict[Operation, tuple[str, ...]], source: Operation) -> tuple[str, ...]:
    path = frame_of[source]
    return path[:-1] if source.type in _EXITS else path


def _unit_order(
    ops: list[Operation],
    path: tuple[str, ...],
    frame_of: dict[Operation, tuple[str, ...]],
    frames: Any,
    fed: set[Tensor],
) -> list[Any]:
    """The ops directly inside `path`, and its inner loops as one unit each, in running order."""
    depth = len(path)
    unit_of: dict[Operation, Any] = {}
    members_of: dict[Any, list[Operation]] = {}
    for op in ops:
        inner = frame_of[op][: depth + 1]
        unit_of[op] = frames[inner] if len(inner) > depth else op
        members_of.setdefault(unit_of[op], []).append(op)
    units = list(members_of)
    for unit, members in members_of.items():
        if isinstance(unit, Frame):
            inner_path = frame_of[members[0]][: depth + 1]
            _fill(unit, members, inner_path, frame_of, frames, fed)
    return _sorted_units(units, ops, unit_of, fed)


def _fill(
    frame: Frame,
    members: list[Operation],
    path: tuple[str, ...],
    frame_of: dict[Operation, tuple[str, ...]],
    frames: Any,
    fed: set[Tensor],
) -> None:
    own = [op for op in members if frame_of[op] == path]
    frame.enters = [op for op in own if op.type in _ENTERS]
    frame.merges = [
        op
        for op in own
        if op.type in ("Merge", "RefMerge") and any(t.op.type in _BACK for t in op._inputs)
    ]
    for merge in frame.merges:
        _check_types(merge)
    frame.exits = [op for op in own if op.type in _EXITS]
    frame.test = _test(own, frame)
    special = {*frame.enters, *frame.merges, *frame.exits}
    inner = [op for op in members if op not in special]
    leaving: set[Operation] = set()
    after_test = {op for op in inner if _tests(op, frame.test)}
    for op in inner:
        if any(t.op in leaving or _ends(t, frame.test) for t in op._inputs):
            leaving.add(op)
            continue
        sources = [t.op for t in op._inputs] + list(op._control_inputs)
        if any(source in after_test for source in sources):
            after_test.add(op)
    units = _unit_order(inner, path, frame_of, frames, fed)
    for unit in units:
        ops = unit.members if isinstance(unit, Frame) else (unit,)
        if any(op in leaving for op in ops):
            frame.leaving.append(unit)
        elif any(op in after_test for op in ops):
            frame.body.append(unit)
        else:
            frame.condition.append(unit)


def _check_types(merge: Operation) -> None:
    first, *others = merge._inputs
    for i, other in enumerate(others, 1):
        if other._dtype.base_dtype != first._dtype.base_dtype:
            raise InvalidArgumentError(
                None,
                merge,
                f"Input {i} of node {merge.name} was passed {other._dtype.base_dtype.name} from "
                f"{other.name} incompatible with expected {first._dtype.base_dtype.name}.",
            )


def _test(own: list[Operation], frame: Frame) -> Tensor | None:
    """What decides whether a loop goes on: its LoopCond, or in one made by hand any Switch's."""
    loop_cond = next((op for op in own if op.type == "LoopCond"), None)
    if loop_cond is not None:
        return loop_cond._outputs[0]
    for leave in frame.exits:
        switch = leave._inputs[0].op
        if switch.type in _SWITCHES and switch._inputs[0].op in frame.merges:
            return switch._inputs[1]
    if frame.merges:
        raise InvalidArgumentError(None, frame.enters[0], f"Loop '{frame.name}' has no LoopCond")
    return None


def _tests(switch: Operation, test: Tensor | None) -> bool:
    return switch.type in _SWITCHES and switch._inputs[1] is test


def _ends(tensor: Tensor, test: Tensor | None) -> bool:
    """Whether a tensor is what a loop variable holds when the loop ends."""
    return tensor.value_index == 0 and _tests(tensor.op, test)


def _sorted_units(
    units: list[Any], ops: list[Operation], unit_of: dict[Operation, Any], fed: set[Tensor]
) -> list[Any]:
    """`units` in an order in which each follows what it needs, as close as can be to the given."""
    needs: dict[Any, list[Any]] = {unit: [] for unit in units}
    for op in ops:
        unit = unit_of[op]
        sources = [t.op for t in op._inputs if t not in fed] + list(op._control_inputs)
        for source in sources:
            other = unit_of.get(source)
            if other is not None and other is not unit and source.type not in _BACK:
                needs[unit].append(other)
    ordered: list[Any] = []
    state: dict[Any, int] = {}
    for start in units:
        pending = [start]
        while pending:
            unit = pending[-1]
            if state.get(unit) == 2:
                pending.pop()
                continue
            missing = [other for other in needs[unit] if state.get(other) != 2]
            if not missing:
                state[unit] = 2
                ordered.append(pending.pop())
            elif state.get(unit) == 1:
                raise InvalidArgumentError(None, None, "The graph has a cycle that is not a loop")
            else:
                state[unit] = 1
                pending += missing
    return ordered
