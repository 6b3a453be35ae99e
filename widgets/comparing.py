"""The story of two runs of the same fetches, fed differently: both values of each node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np

import minitf as tf

from . import steps, values
from .diagram import Diagram
from .running import Teller, fed_value
from .story import Rich, Story, b, panel, plural, rich, words


def compare(
    fetches: Any,
    feeds_a: Mapping[Any, Any] | None,
    feeds_b: Mapping[Any, Any] | None,
    session: Any = None,
    *,
    names: tuple[str, str] = ("A", "B"),
    title: str = "Comparing two runs",
    every: bool = False,
) -> Story:
    """Two runs of a session, one after the other, told together: where their values differ.

    Both really happen, in the default session unless one is given, so the second finds the
    variables as the first left them. Raises ValueError without any session.
    """
    session = session if session is not None else tf.get_default_session()
    if session is None:
        raise ValueError("compare needs a session: pass it, or call this in `with tf.Session():`")
    feeds = (feeds_a or {}, feeds_b or {})
    traces = (session.trace(fetches, feeds[0]), session.trace(fetches, feeds[1]))
    return story_of_traces(traces, fetches, feeds, names=names, title=title, every=every)


def story_of_traces(
    traces: tuple[Any, Any],
    fetches: Any,
    feeds: tuple[Mapping[Any, Any], Mapping[Any, Any]],
    *,
    names: tuple[str, str] = ("A", "B"),
    title: str = "Comparing two runs",
    every: bool = False,
    diagram: Diagram | None = None,
) -> Story:
    """The story of two runs that were traced before; `diagram` is as for `story_of_trace`."""
    teller = _Comparison(traces, fetches, feeds, names, title, diagram)
    teller.every = every
    return teller.story()


class _Fed(NamedTuple):
    """What was fed in place of an op's turn."""

    op: Any
    outputs: list[Any]


class _Pair(NamedTuple):
    """One op's turn in both runs; None where it had no turn."""

    op: Any
    a: Any
    b: Any

    @property
    def output(self) -> int:
        """Which output to tell: the first whose values differ, or else the first with a value."""
        pairs = self._outputs()
        unlike = [i for i, pair in enumerate(pairs) if not steps.same(*pair)]
        valued = [i for i, (a, b_) in enumerate(pairs) if a is not None or b_ is not None]
        return next(iter([*unlike, *valued]), 0)

    @property
    def both(self) -> tuple[Any, Any]:
        """The two values, None where there is none to show."""
        return next(iter(self._outputs()[self.output :]), (None, None))

    @property
    def differs(self) -> bool:
        """Whether the two runs had different values, or only one of them had any."""
        return not all(steps.same(*pair) for pair in self._outputs())

    def _outputs(self) -> list[tuple[Any, Any]]:
        found = [
            [steps.first([value]) for value in event.outputs or ()] if event is not None else []
            for event in (self.a, self.b)
        ]
        return list(zip_longest(*found))


def aligned(a: Sequence[Any], b: Sequence[Any]) -> list[_Pair]:
    """The events of two runs side by side: an op's first turn beside its first, and so on."""
    first, second = _turns(a), _turns(b)
    rest = list(second)
    out, at = [], 0
    for key, event in first.items():
        while key in second and at < len(rest) and rest[at] not in first:
            out.append(_Pair(rest[at][0], None, second[rest[at]]))
            at += 1
        if key in second:
            at += 1
        out.append(_Pair(key[0], event, second.get(key)))
    out += [_Pair(key[0], None, second[key]) for key in rest[at:] if key not in first]
    return out


def _turns(events: Sequence[Any]) -> dict[tuple[Any, int], Any]:
    seen: Counter[Any] = Counter()
    out = {}
    for event in events:
        out[event.op, seen[event.op]] = event
        seen[event.op] += 1
    return out


class _Comparison(Teller):
    """Tells pairs of events where its parent tells events."""

    ask = False

    def __init__(
        self,
        traces: tuple[Any, Any],
        fetches: Any,
        feeds: tuple[Mapping[Any, Any], Mapping[Any, Any]],
        names: tuple[str, str],
        title: str,
        diagram: Diagram | None = None,
    ) -> None:
        self.traces, self.both_feeds, self.names = traces, feeds, names
        self.different: list[str] = []
        self.told = 0
        super().__init__(traces[0], fetches, feeds[0], title, diagram=diagram)

    def _needed(self) -> list[Any]:
        ops = {op for trace in self.traces for op in trace.plan.ops}
        graph = next(iter(ops)).graph if ops else None
        return [op for op in graph.get_operations() if op in ops] if graph else []

    def _fed(self) -> list[Any]:
        return list(dict.fromkeys(t for trace in self.traces for t in trace.plan.fed))

    def _fed_pair(self, tensor: Any) -> tuple[Any, Any]:
        a, b_ = (
            fed_value(trace, feeds, tensor) if tensor in trace.plan.fed else None
            for trace, feeds in zip(self.traces, self.both_feeds, strict=True)
        )  # fmt: skip
        return a, b_

    def _subtitle(self) -> str:
        parts = [f"{t.op.name}: {self._side_by_side(self._fed_pair(t))}" for t in self.fed]
        return f"sess.run({self._asked()}{', {' + ', '.join(parts) + '}' if parts else ''})"

    def story(self) -> Story:
        """Plan, both feeds, a frame for each op with both its values, and both results."""
        self._plan()
        if self.fed:
            self._feeds()
        pairs = aligned(self.traces[0].events, self.traces[1].events)
        self._events([self._with_feeds(pair) for pair in pairs])
        self._result()
        return self.tale

    def _with_feeds(self, pair: _Pair) -> _Pair:
        """A pair with what was fed in place of the turn that an op did not have."""
        if pair.a is not None and pair.b is not None or not pair.op.outputs:
            return pair
        fed = self._fed_pair(pair.op.outputs[0])
        a, b_ = (
            event or (_Fed(pair.op, [value]) if value is not None else None)
            for event, value in zip(pair[1:], fed, strict=True)
        )  # fmt: skip
        return _Pair(pair.op, a, b_)

    def _plan_words(self) -> Rich:
        plans = [set(trace.plan.ops) for trace in self.traces]
        said: Rich = rich("The same ", *words(self.wanted), ", run twice. ")
        if plans[0] == plans[1]:
            return rich(*said, "Both runs need the same ", plural(len(self.needed), "node"), ".")
        counts = [plural(len(plan), "node") for plan in plans]
        return rich(*said, b(self.names[0]), f" needs {counts[0]}, ", b(self.names[1]),
                    f" needs {counts[1]}.")  # fmt: skip

    def _feeds(self) -> None:
        pairs = {tensor: self._fed_pair(tensor) for tensor in self.fed}
        labels = {self._shown(t.op): self._label_of(pair) for t, pair in pairs.items()}
        columns = [
            col for t, pair in list(pairs.items())[:3] for col in self._columns(pair, t.op.name)
        ]
        changed = [t.op.name for t, pair in pairs.items() if not steps.same(*pair)]
        said = rich("Fed differently: ", *words(changed)) if changed else rich("Both are fed alike")
        marks = self._given()
        marks["keep"]["differs"] = {
            self.diagram.leaves[t.op.name].id for t, pair in pairs.items() if not steps.same(*pair)
        }
        self.tale.frame(*said, ".", labels=labels, values=labels,
                        panel=panel(b("Fed"), cols=columns), **marks)  # fmt: skip

    def _event(self, event: Any) -> None:
        pair: _Pair = event
        op, node = pair.op, self.diagram.leaves[pair.op.name].id
        places = dict.fromkeys([node, self._shown(op)])
        label = self._label_of(pair.both) if any(v is not None for v in pair.both) else ""
        self.tale.frame(
            *self._says(pair),
            now=self._ids([op], edges=False),
            passing={"flow": self.diagram.edges_into(op)},
            keep={
                "done": {node},
                "state": {place for place in places if self._is_variable(place)},
                "differs": set(places) if pair.differs else set(),
            },
            drop={"wait": {node}},
            labels={self._shown(op): label if op.type != "Const" or pair.differs else ""},
            values=dict.fromkeys(places, label),
            panel=self._both_panel(pair),
            line=self.lines.of.get(op.name),
        )  # fmt: skip
        self._count([pair])

    def _count(self, pairs: Sequence[_Pair]) -> None:
        self.told += len(pairs)
        self.different += [pair.op.name for pair in pairs if pair.differs]

    def _says(self, pair: _Pair) -> Rich:
        a, b_ = pair.both
        if pair.a is None or pair.b is None:
            return self._alone(pair)
        if isinstance(pair.a, _Fed) or isinstance(pair.b, _Fed):
            return self._fed_once(pair)
        name = b(pair.op.outputs[pair.output].name if pair.output else pair.op.name)
        if a is None and b_ is None:
            return rich(name, " has no value to compare.")
        if not pair.differs:
            return rich(name, " is the same in both: ", steps.told(a), ".")
        if pair.op.type in ("Switch", "RefSwitch") and (a is None or b_ is None):
            return self._switched(pair)
        return rich(name, " ", *self._difference(a, b_), ".")

    def _fed_once(self, pair: _Pair) -> Rich:
        """Of an op that one run computes, while the other is fed in its place."""
        runs, fed = (0, 1) if isinstance(pair.b, _Fed) else (1, 0)
        alike = " the same value," if not pair.differs else ""
        return rich(
            b(pair.op.name), " is computed in ", b(self.names[runs]), ": ",
            steps.told(pair.both[runs]), ". In ", b(self.names[fed]), " it does not run: you feed",
            alike, " ", steps.told(pair.both[fed]), alike and ",", " in its place.",
        )  # fmt: skip

    def _alone(self, pair: _Pair) -> Rich:
        """Of an op that had a turn in one run only, and why it had none in the other."""
        runs, idle = (0, 1) if pair.b is None else (1, 0)
        trace, name, other = self.traces[idle], b(pair.op.name), b(self.names[idle])
        said = rich(name, " runs in ", b(self.names[runs]), " only")
        if getattr(trace.error, "op", None) is pair.op:
            return rich(said, ": in ", other, " it fails.")
        if pair.op in trace.plan.ops:
            if any(event.op is pair.op for event in trace.events):
                again = rich(name, " runs once more in ", b(self.names[runs]))
                return rich(again, ": in ", other, " its loop is over.")
            why = (
                " it lies in the branch not taken" if trace.error is None else " the run has ended"
            )
            return rich(said, ": in ", other, why, ".")
        after = {t for op in self._after(pair.op) for t in op.outputs}
        fed = [t for t in trace.plan.fed if t in after]
        if fed:
            return rich(said, ": in ", other, " you feed ", *words([t.op.name for t in fed]),
                        ", so nothing needs it.")  # fmt: skip
        return rich(said, ": ", other, " does not need it.")

    def _after(self, op: Any) -> set[Any]:
        """The ops of either run that take, near or far, what an op gives."""
        found = {op}
        for one in self.needed:  # made in order: an op stands behind its inputs
            if any(t.op in found for t in one.inputs):
                found.add(one)
        return found - {op}

    def _switched(self, pair: _Pair) -> Rich:
        """Of an op that hands its value on to a branch, another one in each run."""
        said = rich(b(pair.op.name), " hands its value on to ")
        for event, name in zip((pair.a, pair.b), self.names, strict=True):
            side = steps.first(event.outputs[1:]) is not None
            said += rich("" if event is pair.a else " and to ", f"the branch for {side} in ",
                         b(name), " (", steps.told(steps.first(event.outputs)), ")")  # fmt: skip
        return rich(said, ".")

    def _difference(self, a: Any, b_: Any) -> Rich:
        first, second = np.asarray(a), np.asarray(b_)
        names = [b(name) for name in self.names]
        if a is None or b_ is None or first.shape != second.shape or first.size <= 4:
            kinds = [steps.told(value) or "nothing" for value in (a, b_)]
            return rich("is ", kinds[0], " in ", names[0], " and ", kinds[1], " in ", names[1])
        count = int((~steps.equal(first, second)).sum())
        said = rich(f"differs in {count} of {first.size} entries")
        delta = _delta(first, second)
        if delta is not None and np.isfinite(delta).any():
            most = np.nanmax(np.abs(np.where(np.isfinite(delta), delta, 0)))
            said = rich(*said, ", at most by ", b(values.number(most)))
        return said

    def _both_panel(self, pair: _Pair) -> dict[str, Any] | None:
        if all(value is None for value in pair.both):
            return None
        cols = self._columns(pair.both, "")
        for event, col in ((pair.a, cols[0]), (pair.b, cols[2])):
            if isinstance(event, _Fed):
                col.update(label=f"{col['label']} (fed)", kind="given", hot=False)
        return panel(b(pair.op.type), cols=cols)

    def _columns(self, pair: tuple[Any, Any], name: str) -> list[dict[str, Any]]:
        """Both values, with the sign of equality between them, and what lies between them."""
        labels = [f"{name} in {one}" if name else one for one in self.names]
        kind = "given" if name else ""
        cols = [
            values.table(value, label, kind=kind, hot=not name)
            if value is not None
            else {"label": label, "rows": [["–"]]}
            for value, label in zip(pair, labels, strict=True)
        ]
        out = [cols[0], {"sign": "=" if steps.same(*pair) else "≠"}, cols[1]]
        if None not in [type(v) if v is not None else None for v in pair] and not steps.same(*pair):
            delta = _delta(np.asarray(pair[0]), np.asarray(pair[1]))
            if delta is not None and not name:
                out.append(values.table(delta, f"{self.names[1]} − {self.names[0]}"))
        return out

    def _side_by_side(self, pair: tuple[Any, Any]) -> str:
        texts = [values.short(value) if value is not None else "–" for value in pair]
        return texts[0] if steps.same(*pair) else f"{texts[0]} | {texts[1]}"

    def _label_of(self, pair: tuple[Any, Any]) -> str:
        sign = "=" if steps.same(*pair) else "≠"
        texts = [steps.badge(values.short(v)) if v is not None else "–" for v in pair]
        if steps.same(*pair):
            return f"{sign} {texts[0]}"
        both = f"{sign} {texts[0]} | {texts[1]}"
        return both if len(both) <= 22 else sign

    def _group(self, events: Sequence[Any], scope: str = "") -> None:
        """Several pairs as one frame."""
        pairs: Sequence[_Pair] = events
        ops = [pair.op for pair in pairs]
        unlike = [pair for pair in pairs if pair.differs]
        start = [b(scope), f" runs {plural(len(ops), 'node')}"] if scope else [f"{len(ops)} run"]
        said = f"; {len(unlike)} have different values" if unlike else "; all values are the same"
        leaves = {pair.op.name: self.diagram.leaves[pair.op.name].id for pair in pairs}
        boxes = {i for pair in unlike for i in self.diagram.ids(pair.op)}
        outer = {self._folded(op) for op in ops} - {None}
        self.tale.frame(
            *start, said, ".",
            now=self._ids(ops), keep={"done": self._ids(ops, edges=False), "differs": boxes},
            drop={"wait": set(leaves.values())},
            labels={str(box): f"≠ {len(unlike)}" if unlike else "=" for box in outer},
            values={leaves[pair.op.name]: self._label_of(pair.both) for pair in pairs},
            line=self.lines.of.get(ops[-1].name),
        )  # fmt: skip
        self._count(pairs)

    def _result(self) -> None:
        for trace, name in zip(self.traces, self.names, strict=True):
            if trace.error is not None:
                self._stopped(trace.error, name)
        now = [i for op in self.ops if op.name in self.wanted for i in self.diagram.ids(op)]
        gives: list[Any] = []
        for trace, name in zip(self.traces, self.names, strict=True):
            if trace.error is None:
                gives += ["; " if gives else "", b(name), " gives "]
                for i, value in enumerate(steps.flat(trace.values)[:3]):
                    shown = steps.first([value]) is not None
                    gives += [", " if i else "", steps.told(value) if shown else "no value"]
        if not gives:
            return
        if any(trace.error is not None for trace in self.traces):
            count = "."
        elif self.different:
            count = f". {len(self.different)} of {plural(self.told, 'step')} differ."
        else:
            count = ". Nothing differs."
        self.tale.frame(*gives, count, now=now)

    def _stopped(self, error: BaseException, name: str) -> None:
        op: Any = getattr(error, "op", None)
        op = op if op is not None and op.name in self.diagram.leaves else None
        ids = self._visible(op) if op is not None else []
        self.tale.frame(
            "In ", b(name), ": ", *steps.failure(error, op),
            passing={"wrong": ids}, labels=dict.fromkeys(ids, f"✕ in {name}"), error=True,
        )  # fmt: skip


def _delta(a: np.ndarray, b_: np.ndarray) -> np.ndarray | None:
    """How far two arrays of numbers lie apart, or None."""
    if a.shape != b_.shape or a.dtype != b_.dtype or a.dtype.kind not in "iufc":
        return None
    kind = np.complex128 if a.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        delta = b_.astype(kind) - a.astype(kind)
    return delta if a.dtype.kind != "i" else delta.astype(np.int64)
