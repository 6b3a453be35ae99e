"""The story of one run: what the fetch needs, what is skipped, and values arriving node by node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from . import steps, values
from .diagram import Diagram
from .lines import Lines, lines_of_graph
from .story import Rich, Story, b, panel, plural, predict, rich, words
from .tree import VARIABLES

MANY = 200  # single steps; a longer run is told in groups
FEW = 3  # races told one by one
FLOW = ("Switch", "Merge", "Enter", "Exit", "NextIteration", "LoopCond", "RefSwitch", "RefMerge")


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
    races = sess.races(fetches, feed_dict)
    trace = sess.trace(fetches, feed_dict)
    return story_of_trace(trace, fetches, feed_dict, title=title, ask=ask, every=every, races=races)


def story_of_trace(
    trace: Any,
    fetches: Any,
    feed_dict: Mapping[Any, Any] | None = None,
    *,
    title: str = "Running",
    ask: bool = True,
    every: bool = False,
    races: Sequence[Any] = (),
    diagram: Diagram | None = None,
) -> Story:
    """The story of a run that was traced before; `races` are what `Session.races` found in it.

    A `diagram` of the whole graph saves drawing it once more.
    """
    teller = Teller(trace, fetches, feed_dict or {}, title, races, diagram)
    teller.ask, teller.every = ask, every
    return teller.story()


class Teller:
    """Turns the events of a traced run into frames."""

    ask, every = True, False

    def __init__(
        self,
        trace: Any,
        fetches: Any,
        feeds: Mapping[Any, Any],
        title: str,
        races: Sequence[Any] = (),
        diagram: Diagram | None = None,
    ) -> None:
        self.trace, self.feeds, self.races = trace, feeds, list(races)
        self.wanted = list(dict.fromkeys(steps.name_of(fetch) for fetch in steps.flat(fetches)))
        self.needed, self.fed = self._needed(), self._fed()
        taking_part = {op.name for op in [*self.needed, *(tensor.op for tensor in self.fed)]}
        self.ops = self._all_ops()
        self.skipped = [op for op in self.ops if op.name not in taking_part]
        self.lines: Lines = lines_of_graph(self.ops)
        if diagram is None or diagram.ops != self.ops:
            diagram = Diagram(self.ops, lines=self.lines.of)
        self.diagram = diagram
        self.known: dict[Any, Any] = {}  # each tensor's value so far
        self.turns: Counter[Any] = Counter()
        self.pending = {op.name: op for op in self.needed if op.control_inputs}
        self.tale = Story(
            title,
            self._subtitle(),
            drawing=self.diagram.drawing,
            info=self._info(),
            lines=self.lines.shown,
            note=self.diagram.note(),
            left_out=self.diagram.left_out(),
        )

    def _info(self) -> dict[str, dict[str, Any]]:
        """What hovering tells of a node, and for what it waits in this run."""
        info = dict(self.diagram.info)
        for op in self.pending.values():
            node = self.diagram.leaves[op.name].id
            if node in info:
                names = ", ".join(c.name for c in op.control_inputs[:6])
                info[node] = {**info[node], "more": [["waits for", names]]}
        return info

    def _needed(self) -> list[Any]:
        return list(self.trace.plan.ops)

    def _fed(self) -> list[Any]:
        return list(self.trace.plan.fed)

    def _all_ops(self) -> list[Any]:
        known = [*self.needed, *(tensor.op for tensor in self.fed)]
        return list(known[0].graph.get_operations()) if known else []

    def _subtitle(self) -> str:
        fed = ", ".join(f"{t.op.name}: {values.short(self._fed_value(t))}" for t in self.fed)
        return f"sess.run({self._asked()}{', {' + fed + '}' if fed else ''})"

    def _asked(self) -> str:
        return self.wanted[0] if len(self.wanted) == 1 else "[" + ", ".join(self.wanted) + "]"

    def _fed_value(self, tensor: Any) -> Any:
        return fed_value(self.trace, self.feeds, tensor)

    def story(self) -> Story:
        """Plan, feeds, races, one frame an event, and what comes back."""
        self._plan()
        if self.fed:
            self._feeds()
        self._races()
        self._events(self.trace.events)
        if getattr(self.trace, "error", None) is None:
            self._result()
        else:
            self._failure(self.trace.error)
        return self.tale

    def _events(self, events: Sequence[Any]) -> None:
        events = [e for e in events if e.op.type not in VARIABLES]
        for folded, part in groupby(events, key=lambda e: self._folded(e.op)):
            together = list(part)
            if folded is not None and len(together) > 1:
                self._group(together, self.diagram.info[folded]["name"])
            else:
                self._singly(together, room=MANY)

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
        fed = [tensor.op for tensor in self.fed]
        running_ids = self._ids(self.needed) | self._ids(fed, edges=False)
        idle = (self._ids(self.skipped) | self._idle_edges()) - running_ids
        waiting = [op for op in self.needed if op.type not in VARIABLES]
        leaves = {self.diagram.leaves[op.name].id for op in waiting}
        asked = None
        total = len(self.ops)
        if self.ask and self.skipped and total <= 20:
            asked = predict(
                f"The graph has {plural(total, 'node')}. How many of them must run for ",
                *words(self.wanted), "?", answer=str(len(self.needed)),
            )  # fmt: skip
            self.tale.frame("A run is asked for ", *words(self.wanted), ".")
        now = [i for op in self.needed if op.name in self.wanted for i in self.diagram.ids(op)]
        labels = {self.diagram.leaves[n].id: steps.waits(op) for n, op in self.pending.items()}
        self.tale.frame(
            *self._plan_words(), now=now, keep={"skip": idle, "wait": leaves},
            labels=labels, predict=asked,
        )  # fmt: skip

    def _idle_edges(self) -> set[str]:
        """The edges that end at what is fed: nothing comes along them."""
        needed = set(self.needed)
        fed = [t.op for t in self.fed if t.op not in needed]
        return {piece for op in fed for piece in self.diagram.edges_into(op)}

    def _plan_words(self) -> Rich:
        said: Rich = rich(
            "You ask for ", *words(self.wanted), ". Walking back along the edges, the run needs ",
            plural(len(self.needed), "node"),
        )  # fmt: skip
        if self.skipped:
            said = rich(*said, f"; the other {len(self.skipped)}, dimmed, never run")
        return rich(*said, ".")

    def _feeds(self) -> None:
        tensors = self.fed
        labels = {self._shown(t.op): steps.badge(values.short(self._fed_value(t))) for t in tensors}
        given = {self._shown(t.op): values.short(self._fed_value(t)) for t in tensors}
        columns = [values.table(self._fed_value(t), t.op.name, kind="given") for t in tensors[:4]]
        self.known.update((t, self._fed_value(t)) for t in tensors)
        self.tale.frame(
            "You feed ", *words([t.op.name for t in tensors]),
            ": for this run only, the value comes from you.",
            labels=labels, values=given, panel=panel(b("Fed"), cols=columns), **self._given(),
        )  # fmt: skip

    def _given(self) -> dict[str, Any]:
        """The marks of what is fed: its nodes, and the edges that carry it into the run."""
        ids = {self.diagram.leaves[t.op.name].id for t in self.fed}
        edges = {
            piece
            for op in self.needed
            for source in op.inputs
            if any(source is t for t in self.fed)
            for piece in self.diagram.edges_between(source.op, op)
        }
        line = self.lines.of.get(self.fed[0].op.name)
        return {"keep": {"given": ids | edges}, "drop": {"wait": ids}, "line": line}

    def _races(self) -> None:
        readers = {
            t.op: op.name for op in self.needed for t in op.inputs if steps.is_read(t.op)
        }  # fmt: skip
        for found in self.races[:FEW]:
            ops = [found.other, found.write]
            line = self.lines.of.get(found.write.name)
            self.tale.frame(
                *steps.race(found, self._line, readers),
                passing={"wrong": {i for op in ops for i in self._visible(op)}},
                labels={self._shown(op): "◇ race" for op in ops},
                line=line,
            )
        if len(self.races) > FEW:
            self.tale.frame(f"In the same way {plural(len(self.races) - FEW, 'more pair')} race.")

    def _line(self, op: Any) -> str:
        return self.lines.number(self.lines.of.get(op.name))

    def _visible(self, op: Any) -> list[str]:
        """An op's node, and the folded variable that may hide it."""
        return list(dict.fromkeys([self.diagram.leaves[op.name].id, self._shown(op)]))

    def _shown(self, op: Any) -> str:
        """Where a label about an op goes: its node, or the folded variable that holds it."""
        leaf = self.diagram.leaves[op.name]
        outer = next((box for box in leaf.above() if box.kind == "variable"), None)
        held = op.name.endswith("/read") or op.type in VARIABLES
        return outer.id if outer is not None and held else leaf.id

    def _event(self, event: Any) -> None:
        op = event.op
        node = self.diagram.leaves[op.name].id
        got = steps.first(event.outputs)
        text = values.short(got) if got is not None else ""
        labels = {self._shown(op): steps.badge(text)} if op.type != "Const" else {}
        if op.name in self.pending:
            labels.setdefault(node, "")
        if text and steps.writes(op):
            labels[self._shown(op.inputs[0].op)] = steps.badge(text)
        held = [op, *(t.op for t in op.inputs if t.op.type in VARIABLES)]
        state = [i for one in held for i in self.diagram.ids(one) if self._is_variable(i)]
        warning = [*self._changed(event), *self._raced(op)]
        for place in self._racing(op) & set(labels):
            labels[place] = f"{labels[place]} ◇ race".strip()
        self._note(event)
        self.tale.frame(
            *steps.says(event, steps.told(got)), *self._turn(op), *warning, *self._held_up(event),
            now=self._ids([op], edges=False),
            passing={"flow": self.diagram.edges_into(op)},
            keep={"done": {node}, "state": state},
            drop={"wait": {node}},
            labels=labels,
            values={node: text, self._shown(op): text} if text else {},
            panel=self._panel(event),
            line=self.lines.of.get(op.name),
        )  # fmt: skip

    def _turn(self, op: Any) -> Rich:
        """Which turn of a loop this is, from the second on."""
        self.turns[op] += 1
        return [f" Turn {self.turns[op]} of the loop."] if self.turns[op] > 1 else []

    def _note(self, event: Any) -> None:
        """Remembers what an op gave, and that nobody waits for it any more."""
        self.known.update(zip(event.op.outputs, event.outputs, strict=False))
        self.known[event.op] = None
        self.pending.pop(event.op.name, None)

    def _racing(self, op: Any) -> set[str]:
        """Where an op's label goes, if it races: the mark stays on it through the run."""
        racers = {one for found in self.races for one in (found.other, found.write)}
        written = [op.inputs[0].op] if steps.writes(op) else []
        return {self._shown(one) for one in [op, *written]} if op in racers else set()

    def _raced(self, op: Any) -> Rich:
        """A warning where an op comes after one that might as well have come after it."""
        others = [
            one.write if one.other is op else one.other
            for one in self.races
            if op in (one.other, one.write)
        ]
        before = [other.name for other in dict.fromkeys(others) if other in self.known]
        if not before:
            return []
        return rich(
            " It came after ", *words(before, 3), " in this run; in another it may come first."
        )

    def _changed(self, event: Any) -> Rich:
        """What a read has become since, where a later write reached it: they share memory."""
        said: Rich = []
        for source, value in zip(event.op.inputs, event.inputs, strict=False):
            read = source.op.inputs and source.op.inputs[0].op.type in VARIABLES
            if not read or source not in self.known or steps.first([value]) is None:
                continue
            if not steps.same(self.known[source], value):
                self.known[source] = value
                said += rich(
                    " By now ", b(source.op.name), " is ", steps.told(value),
                    ": it shares the variable's memory, and that was written to.",
                )  # fmt: skip
        return said

    def _held_up(self, event: Any) -> Rich:
        """Which ops have all their inputs by now, and still wait for another op."""
        held = []
        for op in self.pending.values():
            mine = any(t in op.inputs for t in event.op.outputs)
            if mine and all(t in self.known or t.op.type in VARIABLES for t in op.inputs):
                left = [c.name for c in op.control_inputs if c not in self.known]
                if left:
                    held.append(
                        rich(b(op.name), " has its inputs too, but waits for ", *words(left, 3))
                    )
        return rich(" ", held[0], ".") if held else []

    def _is_variable(self, name: str) -> bool:
        return self.diagram.info.get(name, {}).get("kind") == "variable"

    def _panel(self, event: Any) -> dict[str, Any] | None:
        op, shown = event.op, steps.shown_values(event.outputs)
        if not shown or op.type == "Const":
            return None
        cols = self._input_columns(op, event.inputs)
        if cols:
            cols.append({"sign": "=" if _by_sign(op, event.inputs) else f"{op.type} →"})
        names = ["now"] if len(shown) == 1 else [t.name for t in op.outputs]
        cols += [
            values.table(value, name, hot=True)
            for name, value in zip(names, shown[:3], strict=False)
        ]
        return panel(b(op.type), f" {_kind_and_shape(shown[0])}", cols=cols)

    def _input_columns(self, op: Any, inputs: Sequence[Any]) -> list[dict[str, Any]]:
        cols: list[dict[str, Any]] = []
        given = [(t, v) for t, v in zip(op.inputs, inputs, strict=False) if v is not None]
        for i, (tensor, value) in enumerate(given[:4]):
            if i and _by_sign(op, inputs):
                cols.append({"sign": steps.SIGNS[op.type]})
            cols.append(values.table(value, self._label(tensor.op), kind=self._kind(tensor.op)))
        return cols

    def _label(self, op: Any) -> str:
        name = op.name.removesuffix("/read").rpartition("/")[2]
        return f"{name} (fed)" if self._is_fed(op) else name

    def _is_fed(self, op: Any) -> bool:
        return any(op is tensor.op for tensor in self.fed)

    def _kind(self, op: Any) -> str:
        if self._is_fed(op):
            return "given"
        return "state" if op.type in VARIABLES or steps.is_read(op) else ""

    def _group(self, events: Sequence[Any], scope: str = "") -> None:
        """Several events as one frame: those of a folded scope, or a stretch of a very long run."""
        ops = [event.op for event in events]
        got = {event.op.name: steps.first(event.outputs) for event in events}
        texts = {
            self.diagram.leaves[name].id: values.short(value)
            for name, value in got.items()
            if value is not None
        }
        leaves = {self.diagram.leaves[op.name].id for op in ops}
        labels = {self.diagram.leaves[op.name].id: "" for op in ops if op.name in self.pending}
        for event in events:
            self._note(event)
            if steps.writes(event.op) and got[event.op.name] is not None:
                place = self._shown(event.op.inputs[0].op)
                labels[place] = steps.badge(values.short(got[event.op.name]))
        self.tale.frame(
            *self._group_words(ops, scope), ".",
            now=self._ids(ops), keep={"done": self._ids(ops, edges=False)},
            drop={"wait": leaves}, values=texts,
            labels=labels, line=self.lines.of.get(ops[-1].name),
        )  # fmt: skip

    def _group_words(self, ops: Sequence[Any], scope: str) -> Rich:
        count = plural(len(ops), "node")
        start = [b(scope), f" runs {count}"] if scope else [f"{count} run: "]
        names = [] if scope else words([op.name for op in ops], 4)
        wrote = list(dict.fromkeys(op.inputs[0].op.name for op in ops if steps.writes(op)))
        tail = [", and new values are written into ", *words(wrote, 4)] if wrote else []
        return rich(*start, *names, *tail)

    def _failure(self, error: BaseException) -> None:
        """The last frame of a run that an op ended, with what that op was given."""
        op: Any = getattr(error, "op", None)
        if op is None or op.name not in self.diagram.leaves:
            self.tale.frame(*steps.failure(error, None), error=True)
            return
        inputs = [self.known.get(t) for t in op.inputs]
        cols = self._input_columns(op, inputs)
        self.tale.frame(
            *steps.failure(error, op),
            passing={"wrong": self.diagram.ids(op)},
            labels={i: f"✕ {type(error).__name__}" for i in self._visible(op)},
            panel=panel(b(op.type), " was given", cols=[*cols, {"sign": "✕"}]) if cols else None,
            line=self.lines.of.get(op.name), error=True,
        )  # fmt: skip

    def _result(self) -> None:
        now = [i for op in self.ops if op.name in self.wanted for i in self.diagram.ids(op)]
        gives: list[Any] = []
        for name, result in list(zip(self.wanted, steps.flat(self.trace.values), strict=False))[:4]:
            gives += ["; " if gives else "", b(name)]
            gives += (
                [" = ", steps.told(result)]
                if steps.first([result]) is not None
                else [" = ", b(None), " (an op has no value)"]
            )
        idle, said = self._never_run()
        self.tale.frame(
            "The run gives back ", *gives,
            ". Every other value is forgotten; only variables keep theirs.", *said,
            now=now, keep={"skip": idle}, drop={"wait": self._leaves(self.needed)},
            labels=dict.fromkeys(self._leaves(self.pending.values()), ""),
        )  # fmt: skip

    def _leaves(self, ops: Iterable[Any]) -> set[str]:
        return {self.diagram.leaves[op.name].id for op in ops}

    def _never_run(self) -> tuple[set[str], Rich]:
        """What was needed as far as the graph tells, but lies in a branch that was not taken."""
        ran = {event.op for event in self.trace.events} | {tensor.op for tensor in self.fed}
        idle = [op for op in self.needed if op not in ran and op.type not in (*VARIABLES, *FLOW)]
        if not idle:
            return set(), []
        edges = {piece for op in idle for piece in self.diagram.edges_into(op)}
        said = rich(" ", *words([op.name for op in idle], 2), " never ran: ",
                    "its" if len(idle) == 1 else "their", " branch was not taken.")  # fmt: skip
        return self._leaves(idle) | edges, said


def fed_value(trace: Any, feeds: Mapping[Any, Any], tensor: Any) -> Any:
    """What was fed, as the ops got it, or where none took it, as they would have."""
    for event in trace.events:
        for taken, value in zip(event.op.inputs, event.inputs, strict=False):
            if taken is tensor:
                return value
    given = {steps.name_of(key): value for key, value in feeds.items()}
    value = given.get(tensor.op.name, "")
    dtype = tensor.dtype.base_dtype
    return value if dtype.name == "string" else np.asarray(value, dtype.as_numpy_dtype)


def _by_sign(op: Any, inputs: Sequence[Any]) -> bool:
    """Whether an op is written as a sign between its two inputs."""
    return op.type in steps.SIGNS and sum(value is not None for value in inputs) == 2


def _kind_and_shape(value: Any) -> str:
    array = np.asarray(value)
    name = array.dtype.name if array.dtype != object else "string"
    return f"{name} {values.shape_text(array)}"
