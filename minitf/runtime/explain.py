"""The program that a run executes, as text to read."""

from __future__ import annotations

from collections import Counter
from typing import Any

from minitf.runtime.compiled import Program
from minitf.runtime.fusing import Group
from minitf.runtime.placement import Transfer
from minitf.runtime.row_groups import RowGroup
from minitf.tensor import Operation

_LONGEST = 60  # characters of a constant


class Explanation:
    """Prints the straight-line program of one set of fetches and feeds, a comment on each line."""

    def __init__(self, program: Program, transfers: list[Transfer]) -> None:
        self._program = program
        self.transfers = transfers

    @property
    def source(self) -> str:
        """The program itself: what runs is exactly this text."""
        return self._program.source

    @property
    def folded(self) -> list[str]:
        """The names of the ops that were computed once, before any run."""
        return [t.op.name for t in self._program.constants if t.op.type != "Const"]

    @property
    def pruned(self) -> list[Operation]:
        """The graph's ops that these fetches don't need."""
        return self._program.plan.pruned

    def __str__(self) -> str:
        plan = self._program.plan
        unread = len(plan.ops) - len(plan.effective)
        lines = [
            f"# {len(plan.ops)} of the graph's {plan.graph.version} ops are needed"
            + (f"; {len(self.folded)} computed once, beforehand" if self.folded else "")
            + (f"; {unread} compute what nobody reads" if unread else "")
        ]
        for number, text in enumerate(self.source.splitlines(), 1):
            op = self._program.line_ops.get(number)
            comment = self._first_line() if number == 1 else "" if op is None else _comment(op)
            lines.append(f"{text:<39} # {comment}".rstrip() if comment else text)
        lines.extend(
            f"# {t.tensor.name} goes from {t.source} to {t.destination}" for t in self.transfers
        )
        return "\n".join(lines)

    __repr__ = __str__

    def _first_line(self) -> str:
        fed = self._program.plan.fed
        names = [f"f{i} = {t.name}" for i, t in enumerate(fed)]
        used = {
            name: (t, value)
            for t, value in self._program.constants.items()
            if (name := f"c{t.op._id}_{t.value_index}") in self.source
        }
        names += [f"{name} = {t.name} = {_short(value)}" for name, (t, value) in used.items()]
        return ", ".join(names)


def _short(value: Any) -> str:
    if getattr(value, "ndim", 0):
        return f"{value.dtype} array {'x'.join(map(str, value.shape))}"
    text = repr(value.item() if hasattr(value, "item") else value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."


def _comment(op: Any) -> str:
    if isinstance(op, Group):
        kind = "row by row" if isinstance(op, RowGroup) else "fused"
        return f"{kind}: " + ", ".join(f"{o.name}: {o.type}" for o in op.ops)
    if not isinstance(op, Operation):
        counts = Counter(o.type for o in op.ops if o.type != "NoOp")
        kinds = ", ".join(f"{kind} x {n}" if n > 1 else kind for kind, n in counts.items())
        return f"a tape of {counts.total()} ops: {kinds}"
    kind = op.type if op.type != "Identity" else "read"
    output = op._outputs[0] if op._outputs else None
    shape = "" if output is None else f" {output._dtype._base.name} {output._shape}"
    return f"{op.name}: {kind}{shape}"
