"""A graph's operations as a tree of boxes: scopes, variables with their hidden nodes, series."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

VARIABLES = ("VariableV2", "Variable", "VarHandleOp")
PLACEHOLDERS = ("Placeholder", "PlaceholderV2", "PlaceholderWithDefault")
SAVING = ("SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename")
CROWD = 60  # a scope with more things than this folds its numbered series
BATCH = 24  # a long series is made of smaller ones with up to so many things in each
FEW = 3  # an op with up to so many helpers under its name keeps them beside it


class Box:
    """One thing in the drawing: an op, or a scope, variable or series that holds others."""

    def __init__(self, kind: str, name: str, parent: Box | None, op: Any = None) -> None:
        self.kind, self.name, self.parent, self.op = kind, name, parent, op
        self.id = ""
        self.children: list[Box] = []
        self.open = False  # drawn open at first
        self.drawn = False  # its inside is laid out, so it can be opened
        self.segments: dict[tuple[str, str, bool], str] = {}
        self.carries: dict[str, str] = {}  # a segment -> its tensor's shape, "" where they differ
        self.ports: dict[str, str] = {}  # a segment outside -> "in" or "out"
        self.far: set[tuple[str, str]] = set()  # ends of edges too long for dot to lay out
        self.quiet: set[str] = set()  # segments on the way to gradients and the like
        self.layout: dict[str, Any] | None = None
        self.words: list[str] | None = None  # what is written in it, once it is known

    @property
    def holds(self) -> bool:
        """Whether it can have an inside at all."""
        return self.kind in ("scope", "variable", "series") and bool(self.children)

    def above(self) -> Iterator[Box]:
        """The boxes it lies in, innermost first, without the whole drawing."""
        box = self.parent
        while box is not None and box.parent is not None:
            yield box
            box = box.parent

    def ops(self) -> Iterator[Any]:
        """Every operation in it, in no matter how deep a scope."""
        stack = [self]
        while stack:
            box = stack.pop()
            if box.op is not None and not box.children:
                yield box.op
            stack.extend(reversed(box.children))

    def label(self) -> str:
        """Its name as written inside the box that holds it."""
        outer = next((box.name for box in self.above() if box.kind != "series"), "")
        if outer and self.name.startswith(outer + "/"):
            return self.name[len(outer) + 1 :]
        return self.name.rpartition("/")[2] if self.name == outer else self.name


def kind_of(op: Any) -> str:
    """The shape an operation is drawn in, as TensorBoard does it."""
    if op.type in VARIABLES:
        return "variable"
    if op.type in PLACEHOLDERS:
        return "placeholder"
    if op.type == "Const":
        return "const"
    return "noop" if not op.outputs else "op"


def grow(ops: Sequence[Any]) -> tuple[Box, dict[str, Box]]:
    """The tree's root, and for each op's name the box that is this op."""
    root = Box("scope", "", None)
    below = _count_below(ops)
    deep = {name.rpartition("/")[0] for name in below if name.rpartition("/")[0]}
    kinds = {op.name: kind_of(op) for op in ops}

    def is_scope(name: str) -> bool:
        kind = kinds.get(name)
        return kind is None or kind == "variable" or below[name] > FEW or name in deep

    scopes: dict[str, Box] = {"": root}

    def scope(name: str) -> Box:
        if name in scopes:
            return scopes[name]
        if not is_scope(name):
            return scope(name.rpartition("/")[0])
        parent = scope(name.rpartition("/")[0])
        if parent.kind == "variable" and below[name] <= FEW:
            return parent
        box = Box("variable" if kinds.get(name) == "variable" else "scope", name, parent)
        parent.children.append(box)
        scopes[name] = box
        return box

    leaves: dict[str, Box] = {}
    for op in ops:
        own = below[op.name] and is_scope(op.name)
        home = scope(op.name if own else op.name.rpartition("/")[0])
        leaf = Box(kinds[op.name], op.name, home, op)
        home.children.append(leaf)
        leaves[op.name] = leaf
        if own and home.kind == "variable":
            home.op = op
    _fold_series(root)
    for i, op in enumerate(ops):
        leaves[op.name].id = f"n{i}"
    for i, box in enumerate(b for b in walk(root) if not b.id):
        box.id = f"s{i}"
    return root, leaves


def is_aside(box: Box) -> bool:
    """Whether a scope holds gradients, updates or a Saver's ops, which would drown the model."""
    if box.kind != "scope":
        return False
    return box.label().startswith("gradients") or any(
        op.type.startswith("Apply") or op.type in SAVING for op in box.ops()
    )


def starting(ops: Iterable[Any], leaves: dict[str, Box]) -> set[str]:
    """The names of the scopes that only give variables their first values."""
    made: set[str] = set()
    elsewhere: set[str] = set()
    for op in ops:
        home = leaves[op.name].parent
        for source in (t.op for t in op.inputs):
            leaf = leaves.get(source.name)
            if leaf is None:
                continue
            above = {box.name for box in leaf.above() if box.kind == "scope"}
            above -= {box.name for box in leaves[op.name].above()}
            first = op.type == "Assign" and home is not None and home.kind == "variable"
            (made if first else elsewhere).update(above)
    return made - elsewhere


def _count_below(ops: Iterable[Any]) -> Counter[str]:
    below: Counter[str] = Counter()
    for op in ops:
        name = op.name.rpartition("/")[0]
        while name:
            below[name] += 1
            name = name.rpartition("/")[0]
    return below


def walk(root: Box) -> Iterator[Box]:
    """Every box under `root`, outer ones first."""
    level = [root]
    while level:
        level = [child for box in level for child in box.children]
        yield from level


def _fold_series(root: Box) -> None:
    """In a crowded scope, things with the same name but for `_1`, `_2`, ... become one box."""
    for box in [root, *walk(root)]:
        if len(box.children) <= CROWD or box.kind == "series":
            continue
        groups: dict[tuple[str, str], list[Box]] = {}
        for child in box.children:
            what = child.op.type if child.op is not None else child.kind
            base = re.sub(r"_?\d+(?=$|/)", "", child.name)
            groups.setdefault((what, base), []).append(child)
        if len(groups) > CROWD:
            groups = _by_type(groups)
        box.children = []
        for (_, base), members in groups.items():
            if len(members) < 8 and len(groups) < CROWD:
                box.children += members
                continue
            box.children.append(_series(base, members, box))


def _series(base: str, members: list[Box], parent: Box) -> Box:
    """One box for many alike; very many go into smaller series of their own."""
    while len(members) > BATCH:
        count = min(max(round(len(members) ** 0.5), 10), BATCH)
        parts = [members[i : i + count] for i in range(0, len(members), count)]
        members = [_series(_span(part), part, parent) if part[1:] else part[0] for part in parts]
    series = Box("series", base, parent)
    series.children = members
    for member in members:
        member.parent = series
    return series


def one_of(box: Box, at: int = 0) -> Box:
    """The first, or the last, of many alike."""
    while box.kind == "series":
        box = box.children[at]
    return box


def _span(members: Sequence[Box]) -> str:
    """What many alike are called: `layer0 … layer9`."""
    first, last = one_of(members[0]), one_of(members[-1], -1)
    return f"{first.name} … {last.name.rpartition('/')[2]}"


def _by_type(groups: dict[tuple[str, str], list[Box]]) -> dict[tuple[str, str], list[Box]]:
    merged: dict[tuple[str, str], list[Box]] = {}
    for (what, _), members in groups.items():
        merged.setdefault((what, what), []).extend(members)
    return merged


class Edges:
    """Every edge of the graph as the pieces that are drawn, one in each box it passes through."""

    def __init__(self, root: Box) -> None:
        self.root = root
        self.count = 0
        self._aside: dict[str, bool] = {}
        self._shape = ""
        self.of: dict[tuple[str, str], list[str]] = {}  # (from id, to id) -> pieces

    def connect(self, source: Box, target: Box, control: bool, shape: str = "") -> None:
        """Draw an edge from one leaf to another through all boxes in between."""
        self._shape = shape
        key = (source.id, target.id)
        up, down = [source, *source.above()], [target, *target.above()]
        a, d = len(up), len(down)
        while a and d and up[a - 1] is down[d - 1]:
            a, d = a - 1, d - 1
        shared = up[a] if a < len(up) else self.root
        pieces = self.of.setdefault(key, [])
        if a == 0 or d == 0 or not shared.drawn:
            return
        first = self._segment(shared, up[a - 1].id, down[d - 1].id, control)
        pieces.append(first)
        self._through(up[:a], first, "out", control, pieces)
        if any(self._is_quiet(box) for box in down[1:d]):
            for box in (shared, *up[1:a]):
                box.quiet.update(pieces)
        self._through(down[:d], first, "in", control, pieces)

    def _is_quiet(self, box: Box) -> bool:
        if box.id not in self._aside:
            self._aside[box.id] = not box.open and is_aside(box)
        return self._aside[box.id]

    def _through(
        self, chain: list[Box], outer: str, way: str, control: bool, pieces: list[str]
    ) -> None:
        for i in range(len(chain) - 1, 0, -1):
            box, child = chain[i], chain[i - 1]
            if not box.drawn:
                return
            box.ports[outer] = way
            ends = (child.id, outer) if way == "out" else (outer, child.id)
            outer = self._segment(box, *ends, control)
            pieces.append(outer)

    def _segment(self, box: Box, tail: str, head: str, control: bool) -> str:
        key = (tail, head, control)
        if key not in box.segments:
            box.segments[key] = f"e{self.count}"
            self.count += 1
            box.carries[box.segments[key]] = self._shape
        name = box.segments[key]
        if box.carries[name] != self._shape:
            box.carries[name] = ""
        return name
