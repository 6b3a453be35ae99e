"""A graph as a drawing: its operations in TensorBoard's shapes, its scopes as boxes that fold."""

from __future__ import annotations

import heapq
import html
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import minitf as tf

from . import shapes
from .layout import DotError, lay_out, run_dot
from .story import plural
from .svg import dark, static_svg
from .tree import Box, Edges, grow, is_aside, starting, walk

__all__ = ["Diagram", "DotError", "Picture", "dot_source", "picture", "render"]

ROOM = 30  # scopes open at first while no more than so many things are then in sight
BARE = 6  # of a graph with fewer things than these one scope may open beyond that
DRAWN = 2500  # insides are laid out, so that they can be opened, up to so many things


class Diagram:
    """The drawing of some operations, laid out once, and where each operation is in it.

    `open` says which scopes are open at first: True for all, False for none, names for these, and
    None for as many as fit at a glance, but never variables and what gives them their first
    values, gradients and savers. Raises DotError.
    """

    def __init__(
        self,
        ops: Sequence[Any],
        *,
        open: bool | Iterable[str] | None = None,
        lines: Mapping[str, int] | None = None,
    ) -> None:
        self.ops = list(ops)
        self.root, self.leaves = grow(self.ops)
        self.boxes = [self.root, *walk(self.root)]
        self._choose_drawn()
        self._choose_open(open)
        self._edges = Edges(self.root)
        self._inputs: dict[str, dict[tuple[str, str], None]] = {}
        for op in self.ops:
            self._connect(op)
        lay_out(self.boxes)
        self.drawing: dict[str, Any] = _with_insides(self.root)
        self.info = {box.id: _info(box, lines or {}) for box in self._in_sight()}

    def _choose_drawn(self) -> None:
        room = DRAWN
        for box in self.boxes:
            inside = box.holds and box.parent is not None and box.parent.drawn
            fits = len(box.children) <= min(room, 400)
            if box is self.root or (inside and fits):
                box.drawn = True
                room -= len(box.children)

    def _choose_open(self, wanted: bool | Iterable[str] | None) -> None:
        self.root.open = True
        if wanted is None:
            self._open_some()
            return
        names = set(wanted) if isinstance(wanted, Iterable) else set()
        for box in self.boxes[1:]:
            if box.holds and box.drawn and box.parent is not None and box.parent.open:
                box.open = wanted is True or box.name in names

    def _open_some(self) -> None:
        """Opens the smallest scopes first, as long as all that is in sight stays readable."""
        first = starting(self.ops, self.leaves)
        seen, box = len(self.root.children), self.root
        waiting: list[tuple[int, str, Box]] = []
        while box.open:
            for child in box.children:
                plain = child.kind == "scope" and child.drawn and child.name not in first
                if plain and not is_aside(child):
                    heapq.heappush(waiting, (len(child.children), child.id, child))
            if not waiting:
                return
            more, _, box = heapq.heappop(waiting)
            box.open = seen + more <= (ROOM if seen >= BARE else 2 * ROOM)
            seen += more

    def _connect(self, op: Any) -> None:
        target = self.leaves[op.name]
        sources = [(t.op, False, shapes.shape_of(t)) for t in op.inputs]
        sources += [(c, True, "") for c in op.control_inputs]
        known = self._inputs.setdefault(target.id, {})
        for source, control, shape in sources:
            leaf = self.leaves.get(source.name)
            if leaf is not None and leaf is not target and (leaf.id, target.id) not in known:
                known[leaf.id, target.id] = None
                self._edges.connect(leaf, target, control, shape)

    def _in_sight(self) -> list[Box]:
        return [box for box in self.boxes[1:] if box.parent is not None and box.parent.drawn]

    def note(self) -> str:
        """How many nodes there are, for who cannot see them."""
        return f"a graph of {plural(len(self.ops), 'node')}"

    def left_out(self) -> str:
        """How many nodes nobody can unfold, and how to see them; nothing where all can be."""
        hidden = sum(1 for leaf in self.leaves.values() if leaf.parent and not leaf.parent.drawn)
        if not hidden:
            return ""
        said = f"{hidden} of {plural(len(self.ops), 'node')} left folded: too many to draw. "
        return said + "widgets.show(scope=…) draws one scope alone."

    def ids(self, op: Any) -> list[str]:
        """The ids of an operation's node and of every box that holds it."""
        leaf = self.leaves[op.name]
        return [leaf.id, *(box.id for box in leaf.above())]

    def edges_into(self, op: Any) -> list[str]:
        """The ids of the edge pieces that end at an operation."""
        keys = self._inputs.get(self.leaves[op.name].id, {})
        return [piece for key in keys for piece in self._edges.of.get(key, [])]

    def edges_between(self, source: Any, target: Any) -> list[str]:
        """The ids of the edge pieces from one operation to another."""
        return self._edges.of.get((self.leaves[source.name].id, self.leaves[target.name].id), [])

    def all_ids(self) -> set[str]:
        """Every id that can carry a mark."""
        pieces = {piece for pieces in self._edges.of.values() for piece in pieces}
        return pieces | set(self.info)


def _with_insides(root: Box) -> dict[str, Any]:
    assert root.layout is not None
    level = [root]
    while level:
        shown = {i["id"]: i for box in level if box.layout for i in box.layout["items"]}
        level = [child for box in level for child in box.children if child.layout]
        for box in level:
            if box.id in shown:
                shown[box.id]["inside"] = box.layout
    return root.layout


def _info(box: Box, lines: Mapping[str, int]) -> dict[str, Any]:
    """What hovering tells of a box: only what is known and not empty."""
    about: dict[str, Any] = {"name": box.name, "kind": box.kind}
    if box.kind in ("scope", "series"):
        about["type"] = "name scope" if box.kind == "scope" else "many alike"
        about["ops"] = sum(1 for _ in box.ops())
        if not box.drawn:
            about["more"] = [["left folded", _alone(box)]]
        return about
    op = box.op
    about["type"] = op.type
    if op.outputs:
        about["dtype"] = op.outputs[0].dtype.name
        about["shape"] = shapes.shape_of(op.outputs[0])
    if op.device:
        about["device"] = op.device
    if op.name in lines:
        about["line"] = lines[op.name]
    if box.kind == "const":
        value = shapes.constant(op)
        if value is not None:
            about["value"] = shapes.values.short(value)
    return about


def _alone(box: Box) -> str:
    """How to see what the drawing of a very large graph has no room for."""
    if box.kind == "series":
        return "the whole graph has too many nodes to draw them all"
    return f"show(scope={box.name!r}) draws it alone; the whole graph has too many nodes"


def _ops_of(thing: Any) -> list[Any]:
    """The operations meant by a graph, by tensors or operations (all they need), or by nothing."""
    if thing is None:
        thing = tf.get_default_graph()
    if hasattr(thing, "get_operations"):
        return list(thing.get_operations())
    things = list(thing) if isinstance(thing, (list, tuple, set)) else [thing]
    stack, found = [], {}
    for one in things:
        op = one if isinstance(one, tf.Operation) else getattr(one, "op", None)
        if op is None:
            raise TypeError(
                f"show takes a graph, a tensor or an operation, not {type(one).__name__}"
            )
        stack.append(op)
    while stack:
        op = stack.pop()
        if op.name not in found:
            found[op.name] = op
            stack += [t.op for t in op.inputs] + list(op.control_inputs)
    return _in_order(found)


def _in_order(found: Mapping[str, Any]) -> list[Any]:
    """Operations in the order in which they were made."""
    graph = next(iter(found.values())).graph if found else None
    return [op for op in graph.get_operations() if op.name in found] if graph else []


class Picture:
    """One static drawing: shown in a notebook, as `svg` text, and saved by `save(path)`."""

    def __init__(
        self, ops: Sequence[Any], title: str, open: Any = None, shapes: bool = False
    ) -> None:
        self.ops, self.title = list(ops), title
        drawn = Diagram(self.ops, open=open)
        self.svg = static_svg(drawn.drawing, title=title, shapes=shapes)
        self.left_out = drawn.left_out()

    def __repr__(self) -> str:
        return f"{self.title}: {plural(len(self.ops), 'node')}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from .static import themed

        if not self.ops:
            return {
                "text/plain": repr(self),
                "text/html": "<p>The graph is empty: no node yet.</p>",
            }
        below = f"<p>{html.escape(self.left_out)}</p>" if self.left_out else ""
        shown = themed(self.svg, dark(self.svg), repr(self))
        return {"text/plain": repr(self), "text/html": shown + below}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as the path's ending says: .svg, or by Graphviz .dot, .png, .pdf."""
        target = Path(path)
        ending = target.suffix.lower().lstrip(".") or "svg"
        if ending == "svg":
            data = self.svg.encode()
        elif ending in ("dot", "gv"):
            data = dot_source(self.ops).encode()
        elif ending in ("png", "pdf"):
            data = run_dot(dot_source(self.ops), ending)
        else:
            raise ValueError(f"cannot draw a '.{ending}' file: use .svg, .png, .pdf or .dot")
        from .static import write_atomically

        return write_atomically(target, data)


def picture(
    thing: Any = None,
    *,
    scope: str = "",
    open: bool | Iterable[str] | None = None,
    shapes: bool = False,
) -> Picture:
    """A graph, or what one tensor or operation (or a list of them) needs, as one static drawing.

    `scope` leaves only what is inside the scope of that name, `open` says which scopes are drawn
    open (all, none, or by name), and with `shapes` each edge tells its tensor's shape.
    """
    whole = thing is None or hasattr(thing, "get_operations")
    title = "Graph" if whole and not scope else "Part of a graph"
    ops = _ops_of(thing)
    if scope:
        scope = scope.rstrip("/")
        ops = [op for op in ops if op.name == scope or op.name.startswith(scope + "/")]
        if not ops:
            raise ValueError(f"nothing is inside the scope '{scope}'")
    return Picture(ops, title, open, shapes)


def render(path: str | os.PathLike[str], thing: Any = None, **options: Any) -> Path:
    """Draw a graph or a part of it into a .svg, .png, .pdf or .dot file; the file's path."""
    return picture(thing, **options).save(path)


_DOT_STYLE = {
    "op": "shape=ellipse",
    "const": "shape=circle",
    "placeholder": 'shape=box style="rounded,dashed"',
    "variable": "shape=box peripheries=2",
    "noop": "shape=hexagon",
}


def dot_source(ops: Sequence[Any]) -> str:
    """DOT text with labels and clusters, for other tools; every name is quoted and escaped."""
    root, leaves = grow(ops)
    out = ["digraph {", "rankdir=BT", 'node [fontname="Helvetica" fontsize=11]']
    stack: list[Box | str] = list(reversed(root.children))
    while stack:
        box = stack.pop()
        if isinstance(box, str):
            out.append(box)
        elif box.holds:
            out.append(f"subgraph cluster_{box.id} {{ style=rounded label={_quoted(box.label())}")
            stack.append("}")
            stack += reversed(box.children)
        else:
            label = "\n".join(shapes.lines_of(box))
            out.append(f"{box.id} [{_DOT_STYLE[box.kind]} label={_quoted(label)}]")
    for op in ops:
        for source, style in [(t.op, "") for t in op.inputs] + [
            (c, " [style=dotted]") for c in op.control_inputs
        ]:
            if source.name in leaves:
                out.append(f"{leaves[source.name].id} -> {leaves[op.name].id}{style}")
    return "\n".join([*out, "}"]) + "\n"


def _quoted(text: str) -> str:
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{safe}"'
