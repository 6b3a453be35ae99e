"""The story of one run: what the fetch needs, what is skipped, and values arriving node by node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from . import values
from .diagram import Diagram
from .lines import Lines, lines_of_graph
from .story import Rich, Story, b, panel, plural, predict, rich, words
from .tree import VARIABLES

MANY = 200  # single steps; a longer run is told in groups

SIGNS = {
    "Add": "+", "AddV2": "+", "BiasAdd": "+", "Sub": "−", "Mul": "×", "RealDiv": "÷", "Div": "÷",
    "FloorDiv": "÷", "MatMul": "·", "BatchMatMul": "·", "BatchMatMulV2": "·", "Pow": "^",
    "Greater": ">", "Less": "<", "GreaterEqual": "≥", "LessEqual": "≤", "Equal": "=?",
    "NotEqual": "≠", "LogicalAnd": "and", "LogicalOr": "or", "FloorMod": "mod",
}  # fmt: skip


def running(
    sess: Any,
    fetches: Any,
    feed_dict: Mapping[Any, Any] | None = None,
    *,
    title: str = "Running",
    ask: bool = True,
    every: bool = False,
) -> Story:
    """One run of a session, told node by node; it really happens, as with `sess.run`.

    What runs inside a folded scope is one frame, unless `every` node is to be told.
    """
    trace = sess.trace(fetches, feed_dict)
    return story_of_trace(trace, fetches, feed_dict, title=title, ask=ask, every=every)


def story_of_trace(
    trace: Any,
    fetches: Any,
    feed_dict: Mapping[Any, Any] | None = None,
    *,
    title: str = "Running",
    ask: bool = True,
    every: bool = False,
) -> Story:
    """The story of a run that was traced before."""
    teller = _Teller(trace, fetches, feed_dict or {}, title)
    teller.ask, teller.every = ask, every
    return teller.story()


def _flat(fetches: Any) -> list[Any]:
    if isinstance(fetches, Mapping):
        fetches = list(fetches.values())
    if isinstance(fetches, (list, tuple)):
        return [one for part in fetches for one in _flat(part)]
    return [fetches]


def _name(fetch: Any) -> str:
    if isinstance(fetch, str):
        return fetch.partition(":")[0]
    return getattr(fetch, "op", fetch).name


class _Teller:
    """Turns the events of a traced run into frames."""

    ask, every = True, False

    def __init__(self, trace: Any, fetches: Any, feeds: Mapping[Any, Any], title: str) -> None:
        self.trace, self.feeds = trace, feeds
        self.wanted = list(dict.fromkeys(_name(fetch) for fetch in _flat(fetches)))
        self.needed, self.skipped = list(trace.plan.ops), list(trace.plan.pruned)
        self.fed = [tensor.op for tensor in trace.plan.fed]
        fed_names = {op.name for op in self.fed}
        self.skipped = [op for op in self.skipped if op.name not in fed_names]
        self.ops = self._all_ops()
        self.lines: Lines = lines_of_graph(self.ops)
        self.diagram = Diagram(self.ops, lines=self.lines.of)
        self.tale = Story(
            title,
            self._subtitle(),
            drawing=self.diagram.drawing,
            info=self.diagram.info,
            lines=self.lines.shown,
            note=f"a graph of {plural(len(self.ops), 'node')}",
        )

    def _all_ops(self) -> list[Any]:
        known = [*self.needed, *self.skipped, *self.fed]
        if not known:
            return []
        names = {op.name for op in known}
        return [op for op in known[0].graph.get_operations() if op.name in names]

    def _subtitle(self) -> str:
        wanted = self.wanted[0] if len(self.wanted) == 1 else "[" + ", ".join(self.wanted) + "]"
        fed = ", ".join(f"{t.op.name}: {values.short(self._fed_value(t))}" for t in self._fed())
        return f"sess.run({wanted}{', {' + fed + '}' if fed else ''})"

    def _fed(self) -> list[Any]:
        return list(self.trace.plan.fed)

    def _fed_value(self, tensor: Any) -> Any:
        """What was fed, as the ops got it; where none took it, as it was given."""
        for event in self.trace.events:
            for taken, value in zip(event.op.inputs, event.inputs, strict=False):
                if taken is tensor:
                    return value
        given = {_name(key): value for key, value in self.feeds.items()}
        return given.get(tensor.op.name, "")

    def story(self) -> Story:
        """Plan, feeds, one frame an event, and what comes back."""
        self._plan()
        if self._fed():
            self._feeds()
        events = [e for e in self.trace.events if e.op.type not in VARIABLES]
        for folded, part in groupby(events, key=lambda e: self._folded(e.op)):
            together = list(part)
            if folded is not None and len(together) > 1:
                self._group(together, self.diagram.info[folded]["name"])
            else:
                self._singly(together, room=MANY)
        if getattr(self.trace, "error", None) is None:
            self._result()
        else:
            self._failure(self.trace.error)
        return self.tale

    def _folded(self, op: Any) -> str | None:
        """The folded scope that hides an op at first, unless each op is to be told."""
        if self.every:
            return None
        leaf = self.diagram.leaves[op.name]
        outer = [box for box in leaf.above() if box.kind != "variable" and not box.open]
        return outer[-1].id if outer else None

    def _singly(self, events: Sequence[Any], room: int) -> None:
        size = -(-len(events) // room)
        for start in range(0, len(events), size):
            if size == 1:
                self._event(events[start])
            else:
                self._group(events[start : start + size])

    def _ids(self, ops: Sequence[Any], edges: bool = True) -> set[str]:
        into = {i for op in ops for i in self.diagram.edges_into(op)} if edges else set()
        return {i for op in ops for i in self.diagram.ids(op)} | into

    def _plan(self) -> None:
        running_ids = self._ids(self.needed) | self._ids(self.fed, edges=False)
        idle = self._ids(self.skipped) - running_ids
        waiting = [op for op in self.needed if op.type not in VARIABLES]
        leaves = {self.diagram.leaves[op.name].id for op in waiting}
        count = len(self.needed)
        told: Rich = rich(
            "You ask for ", *words(self.wanted), ". Walking back along the edges, the run needs ",
            plural(count, "node"),
        )  # fmt: skip
        if self.skipped:
            told = rich(*told, f"; the other {len(self.skipped)}, dimmed, never run")
        asked = None
        total = len(self.ops)
        if self.ask and self.skipped and total <= 20:
            asked = predict(
                f"The graph has {plural(total, 'node')}. How many of them must run for ",
                *words(self.wanted), "?", answer=str(count),
            )  # fmt: skip
            self.tale.frame("A run is asked for ", *words(self.wanted), ".")
        now = [i for op in self.needed if op.name in self.wanted for i in self.diagram.ids(op)]
        self.tale.frame(*told, ".", now=now, keep={"skip": idle, "wait": leaves}, predict=asked)

    def _feeds(self) -> None:
        tensors = self._fed()
        ids = {self.diagram.leaves[t.op.name].id for t in tensors}
        labels = {self._shown(t.op): _badge(values.short(self._fed_value(t))) for t in tensors}
        given = {self._shown(t.op): values.short(self._fed_value(t)) for t in tensors}
        columns = [values.table(self._fed_value(t), t.op.name, kind="given") for t in tensors[:4]]
        self.tale.frame(
            "You feed ", *words([t.op.name for t in tensors]),
            ": for this run only, the value comes from you.",
            keep={"given": ids}, drop={"wait": ids}, labels=labels, values=given,
            panel=panel(b("Fed"), cols=columns), line=self.lines.of.get(tensors[0].op.name),
        )  # fmt: skip

    def _shown(self, op: Any) -> str:
        """Where a label about an op goes: its node, or the folded variable that holds it."""
        leaf = self.diagram.leaves[op.name]
        outer = next((box for box in leaf.above() if box.kind == "variable"), None)
        held = op.name.endswith("/read") or op.type in VARIABLES
        return outer.id if outer is not None and held else leaf.id

    def _event(self, event: Any) -> None:
        op = event.op
        node = self.diagram.leaves[op.name].id
        got = _first(event.outputs)
        text = values.short(got) if got is not None else ""
        labels = {self._shown(op): _badge(text)} if text else {}
        if text and _writes(op):
            labels[self._shown(op.inputs[0].op)] = _badge(text)
        held = [op, *(t.op for t in op.inputs if t.op.type in VARIABLES)]
        state = [i for one in held for i in self.diagram.ids(one) if self._is_variable(i)]
        self.tale.frame(
            *self._says(event, _told(got)),
            now=self._ids([op], edges=False),
            passing={"flow": self.diagram.edges_into(op)},
            keep={"done": {node}, "state": state},
            drop={"wait": {node}},
            labels=labels if op.type != "Const" else {},
            values={node: text, self._shown(op): text} if text else {},
            panel=self._panel(event),
            line=self.lines.of.get(op.name),
        )

    def _is_variable(self, name: str) -> bool:
        return self.diagram.info.get(name, {}).get("kind") == "variable"

    def _says(self, event: Any, text: Any) -> Rich:
        op = event.op
        inputs = list(dict.fromkeys(t.op.name for t in op.inputs))
        waited = list(getattr(event, "waited_for", None) or ())
        after = rich(" It waited for ", *words([c.name for c in waited], 3), ".") if waited else []
        if op.type == "Const":
            return rich(b(op.name), " gives the value written into the graph: ", text, ".")
        if op.name.endswith("/read") and op.inputs and op.inputs[0].op.type in VARIABLES:
            return rich(b(inputs[0]), " is read. Its value lives in this session: ", text, ".")
        if _writes(op):
            return rich(
                b(op.name), " writes ", text, " into the variable ", b(inputs[0]), ".", *after
            )
        if not op.outputs:
            return rich(b(op.name), " computes nothing; it is there to be waited for.", *after)
        ready = "has its input" if len(inputs) == 1 else "has all its inputs"
        given = rich(" (", *words(inputs, 4), ")") if inputs else []
        start = (
            rich(b(op.name), f" {ready}", *given, " and computes ")
            if inputs
            else rich(b(op.name), " computes ")
        )
        return rich(*start, text or "its result", ".", *after)

    def _panel(self, event: Any) -> dict[str, Any] | None:
        op, got = event.op, _first(event.outputs)
        if got is None or op.type == "Const":
            return None
        array = np.asarray(got)
        cols: list[dict[str, Any]] = []
        given = [(t, v) for t, v in zip(op.inputs, event.inputs, strict=False) if v is not None]
        for i, (tensor, value) in enumerate(given[:4]):
            if i and len(given) == 2 and op.type in SIGNS:
                cols.append({"sign": SIGNS[op.type]})
            cols.append(values.table(value, self._label(tensor.op), kind=self._kind(tensor.op)))
        if cols:
            cols.append({"sign": "=" if op.type in SIGNS and len(given) == 2 else f"{op.type} →"})
        cols.append(values.table(got, "now", hot=True))
        what = (
            f" {array.dtype.name if array.dtype != object else 'string'} {values.shape_text(array)}"
        )
        return panel(b(op.type), what, cols=cols)

    def _label(self, op: Any) -> str:
        name = op.name.removesuffix("/read").rpartition("/")[2]
        return f"{name} (fed)" if any(op is fed for fed in self.fed) else name

    def _kind(self, op: Any) -> str:
        if any(op is fed for fed in self.fed):
            return "given"
        held = op.type in VARIABLES or (op.name.endswith("/read") and op.type == "Identity")
        return "state" if held else ""

    def _group(self, events: Sequence[Any], scope: str = "") -> None:
        """Several events as one frame: those of a folded scope, or a stretch of a very long run."""
        ops = [event.op for event in events]
        got = {event.op.name: _first(event.outputs) for event in events}
        texts = {
            self.diagram.leaves[name].id: values.short(value)
            for name, value in got.items()
            if value is not None
        }
        leaves = {self.diagram.leaves[op.name].id for op in ops}
        labels = {
            self._shown(op.inputs[0].op): _badge(values.short(got[op.name]))
            for op in ops
            if _writes(op) and got[op.name] is not None
        }
        count = plural(len(ops), "node")
        told = [b(scope), f" runs {count}"] if scope else [f"{count} run: "]
        names = [] if scope else words([op.name for op in ops], 4)
        wrote = list(dict.fromkeys(op.inputs[0].op.name for op in ops if _writes(op)))
        writes = [", and new values are written into ", *words(wrote, 4)] if wrote else []
        self.tale.frame(
            *told, *names, *writes, ".",
            now=self._ids(ops), keep={"done": self._ids(ops, edges=False)},
            drop={"wait": leaves}, values=texts,
            labels=labels, line=self.lines.of.get(ops[-1].name),
        )  # fmt: skip

    def _failure(self, error: BaseException) -> None:
        """The last frame of a run that an op ended."""
        op: Any = getattr(error, "op", None)
        known = op is not None and op.name in self.diagram.leaves
        ids = self.diagram.ids(op) if known else []
        message = str(getattr(error, "message", None) or error)
        self.tale.frame(
            *([b(op.name), " stops the run with "] if known else ["The run stops with "]),
            b(type(error).__name__), f": {message[:300]}",
            passing={"wrong": ids}, labels={i: f"✕ {type(error).__name__}" for i in ids[:1]},
            line=self.lines.of.get(op.name) if known else None, error=True,
        )  # fmt: skip

    def _result(self) -> None:
        now = [i for op in self.ops if op.name in self.wanted for i in self.diagram.ids(op)]
        gives: list[Any] = []
        for name, result in list(zip(self.wanted, _flat(self.trace.values), strict=False))[:4]:
            gives += ["; " if gives else "", b(name)]
            gives += [" = ", _told(result)] if _first([result]) is not None else [" (no value)"]
        self.tale.frame(
            "The run gives back ", *gives,
            ". Every other value is forgotten; only variables keep theirs.", now=now,
        )  # fmt: skip


def _badge(text: str) -> str:
    """A value short enough to stand beside a node; of a large one only the shape."""
    text = text.partition(" ")[2] if text.endswith(")") and " (" in text else text
    return text if len(text) <= 20 else text[:19] + "…"


def _told(value: Any) -> Any:
    """A value in a caption: in bold, or for a large one its shape in words."""
    if value is None:
        return ""
    array = np.asarray(value)
    text = values.short(value)
    if array.size == 0:
        return "an empty array"
    return f"an array of shape {values.shape_text(array)}" if text.endswith(")") else b(text)


def _writes(op: Any) -> bool:
    """Whether an op changes the variable that is its first input."""
    changes = op.type.startswith(("Assign", "Apply", "Scatter", "SparseApply"))
    return changes and bool(op.inputs) and op.inputs[0].op.type in VARIABLES


def _first(outputs: Sequence[Any] | None) -> Any:
    """The first output that is an array a learner can look at."""
    for value in outputs or ():
        if isinstance(value, (np.ndarray, np.generic, int, float, bool, str, bytes)):
            return value
    return None
