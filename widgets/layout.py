"""Layouts by Graphviz's `dot`: only ids and sizes go in, no text of a graph; places come out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphviz

from .reach import arc, spare
from .shapes import classes, drawn, folded_size
from .tree import Box

PAD, TITLE = 12, 24
TOGETHER = 80  # boxes laid out by one run of `dot`
INSTALL = (
    "Graphviz's program 'dot' draws the graphs and {why}; install it with "
    "'apt-get install graphviz', 'brew install graphviz' or 'conda install graphviz'."
)


class DotError(RuntimeError):
    """`dot` is missing or failed; the message says how to install it."""


def run_dot(source: str, format: str = "plain") -> bytes:
    """What `dot -Tformat` makes of DOT text. Raises DotError in one sentence."""
    try:
        made = graphviz.pipe("dot", format, source.encode(), quiet=True)
    except graphviz.ExecutableNotFound:
        raise DotError(INSTALL.format(why="was not found")) from None
    except (graphviz.CalledProcessError, OSError) as error:
        words = (getattr(error, "stderr", b"") or b"").decode(errors="replace").split("\n")
        detail = next((line for line in words if line.strip()), str(error))
        raise DotError(INSTALL.format(why=f"failed ({detail})")) from None
    if not made:
        raise DotError(INSTALL.format(why="drew nothing"))
    return made


def lay_out(boxes: Sequence[Box]) -> None:
    """Give each drawn box its `layout`, innermost first, one run of `dot` for each depth."""
    spare(boxes)
    waiting = [box for box in boxes if box.drawn]
    while waiting:
        ready = [b for b in waiting if all(c.layout for c in b.children if c.drawn and c.open)]
        for start in range(0, len(ready), TOGETHER):
            _lay_out_together(ready[start : start + TOGETHER])
        done = set(map(id, ready))
        waiting = [box for box in waiting if id(box) not in done]


def _lay_out_together(boxes: Sequence[Box]) -> None:
    """Boxes that need none of one another, in one run of `dot`."""
    try:
        graphs = _split_plain(run_dot("\n".join(_dot(box) for box in boxes)).decode())
    except DotError:
        if len(boxes) == 1:
            raise
        half = len(boxes) // 2  # some dots crash over many graphs that each alone is no trouble
        _lay_out_together(boxes[:half])
        _lay_out_together(boxes[half:])
        return
    for box, lines in zip(boxes, graphs, strict=True):
        box.layout = _read(box, lines)


def size(box: Box) -> tuple[float, float]:
    """Width and height as drawn at first."""
    if box.open and box.layout:
        return box.layout["w"], box.layout["h"]
    return small_size(box)


def small_size(box: Box) -> tuple[float, float]:
    """Width and height of a leaf or a folded box."""
    return folded_size(box)


def _dot(box: Box) -> str:
    out = [
        "digraph {rankdir=BT nodesep=0.22 ranksep=0.36 outputorder=nodesfirst",
        'node [fixedsize=true shape=box label=""] edge [arrowhead=none]',
    ]
    for child in box.children:
        w, h = size(child)
        shape = "ellipse" if child.kind == "op" else "box"
        if child.open and child.layout:
            out.append(f"{child.id} [shape=plain fixedsize=false label=<{_port_table(child)}>]")
        else:
            out.append(f"{child.id} [width={w / 72:.3f} height={h / 72:.3f} shape={shape}]")
    for way, rank in (("in", "source"), ("out", "sink")):
        ports = [f"p{segment}" for segment, end in box.ports.items() if end == way]
        if ports:
            out += [f"{port} [shape=point width=0.02 height=0.02]" for port in ports]
            out.append(f"{{rank={rank} {' '.join(ports)}}}")
    opened = {child.id for child in box.children if child.open and child.layout}
    bubbles = {child.id for child in box.children if child.kind == "const"}
    for (tail, head, control), name in box.segments.items():
        if (tail, head) in box.far:
            continue
        start = f"{tail}:{name}:n" if tail in opened else _end(tail)
        start += ":n" if tail in bubbles else ""  # the name below a bubble is part of its box
        stop = f"{head}:{name}:s" if head in opened else _end(head)
        out.append(f"{start} -> {stop} [weight={1 if control else 2}]")
    return "\n".join(out) + "}"


def _port_table(box: Box) -> str:
    """An open box for dot: a table whose thin cells stand where edges cross its border."""
    assert box.layout is not None
    w, h = round(box.layout["w"]), round(box.layout["h"])
    start = '<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE"'
    rows = []
    for border in (0, box.layout["h"]):
        ports = sorted((x, name) for name, (x, y) in box.layout["ports"].items() if y == border)
        cells, at = [], 0
        for x, name in ports:
            left = max(round(x) - 1, at)
            if left > at:
                cells.append(f'<TD FIXEDSIZE="TRUE" WIDTH="{left - at}" HEIGHT="1"></TD>')
            cells.append(f'<TD FIXEDSIZE="TRUE" WIDTH="2" HEIGHT="1" PORT="{name}"></TD>')
            at = left + 2
        cells.append(f'<TD FIXEDSIZE="TRUE" WIDTH="{max(w - at, 1)}" HEIGHT="1"></TD>')
        row = f'{start} WIDTH="{w}" HEIGHT="1"><TR>{"".join(cells)}</TR></TABLE>'
        rows.append(f"<TR><TD>{row}</TD></TR>")
    middle = f'<TR><TD FIXEDSIZE="TRUE" WIDTH="{w}" HEIGHT="{h - 2}"></TD></TR>'
    return f'{start} WIDTH="{w}" HEIGHT="{h}">{rows[0]}{middle}{rows[1]}</TABLE>'


def _end(name: str) -> str:
    return f"p{name}" if name.startswith("e") else name


def _split_plain(text: str) -> list[list[list[str]]]:
    graphs: list[list[list[str]]] = []
    for line in text.splitlines():
        words = line.split()
        if not words or words[0] == "stop":
            continue
        if words[0] == "graph":
            graphs.append([])
        graphs[-1].append(words)
    return graphs


def _read(box: Box, lines: list[list[str]]) -> dict[str, Any]:
    """A box's layout from dot's plain format: inches with y up become pixels with y down."""
    height = float(lines[0][3]) * 72
    places: dict[str, tuple[float, float]] = {}
    paths: dict[tuple[str, str], list[list[float]]] = {}
    for words in lines[1:]:
        if words[0] == "node":
            places[words[1]] = (float(words[2]) * 72, height - float(words[3]) * 72)
        elif words[0] == "edge":
            numbers = [float(x) * 72 for x in words[4 : 4 + 2 * int(words[3])]]
            path = [x if i % 2 == 0 else height - x for i, x in enumerate(numbers)]
            paths.setdefault((words[1], words[2]), []).append(path)
    paths.update(_arcs(box, places))
    top = PAD if box.parent is None else TITLE
    w, h = _bounds(box, places, paths)
    title = 0 if box.parent is None else 7.2 * len(box.label()) + 40
    side = PAD + max(0.0, (title - w - 2 * PAD) / 2)
    shift = (side, top)
    items = [_thing(child, places[child.id], shift) for child in box.children]
    layout = {"w": round(w + 2 * side, 1), "h": round(h + top + PAD, 1), "items": items}
    layout["ports"] = {
        name: [round(places[f"p{name}"][0] + side, 1), 0 if way == "out" else layout["h"]]
        for name, way in box.ports.items()
    }
    items += _edge_items(box, paths, shift, layout)
    return layout


def _arcs(
    box: Box, places: dict[str, tuple[float, float]]
) -> dict[tuple[str, str], list[list[float]]]:
    """The edges that `dot` was not given."""
    tall = {child.id: size(child)[1] / 2 for child in box.children} if box.far else {}
    middle = sum(x for x, _ in places.values()) / max(len(places), 1)
    out = {}
    for tail, head in box.far:
        start, stop = _end(tail), _end(head)
        (x, y), (u, v) = places[start], places[stop]
        path = arc((x, y - tall.get(tail, 0)), (u, v + tall.get(head, 0)), middle)
        out[start, stop] = [path]
    return out


def _bounds(
    box: Box, places: dict[str, tuple[float, float]], paths: dict[Any, list[list[float]]]
) -> tuple[float, float]:
    """The extent of what was drawn; its left and top corner are moved to nought."""
    xs, ys = [], []
    for child in box.children:
        (x, y), (w, h) = places[child.id], size(child)
        xs += [x - w / 2, x + w / 2]
        ys += [y - h / 2, y + h / 2]
    for many in paths.values():
        for path in many:
            xs += path[0::2]
            ys += path[1::2]
    left, top = min(xs, default=0), min(ys, default=0)
    for key, (x, y) in places.items():
        places[key] = (x - left, y - top)
    for many in paths.values():
        for path in many:
            path[0::2] = [x - left for x in path[0::2]]
            path[1::2] = [y - top for y in path[1::2]]
    return max(xs, default=0) - left, max(ys, default=0) - top


def _thing(box: Box, place: tuple[float, float], shift: tuple[float, float]) -> dict[str, Any]:
    w, h = size(box)
    item: dict[str, Any] = {
        "id": box.id,
        "kind": classes(box),
        "x": round(place[0] + shift[0], 1),
        "y": round(place[1] + shift[1], 1),
        "w": round(w, 1),
        "h": round(h, 1),
        "shapes": drawn(box),
    }
    if box.holds:
        item["small"] = [round(x, 1) for x in small_size(box)]
        item["open"] = box.open
        if box.drawn:
            item["label"] = box.label()
    return item


def _edge_items(
    box: Box,
    paths: dict[tuple[str, str], list[list[float]]],
    shift: tuple[float, float],
    layout: dict[str, Any],
) -> list[dict[str, Any]]:
    out = []
    for (tail, head, control), name in box.segments.items():
        found = paths.get((_end(tail), _end(head)))
        if not found:
            continue
        raw = found.pop(0) if len(found) > 1 else found[0]
        path = [round(x + shift[i % 2], 1) for i, x in enumerate(raw)]
        if tail in layout["ports"]:
            _to_border(path, layout["ports"][tail], first=True)
        if head in layout["ports"]:
            _to_border(path, layout["ports"][head], first=False)
        kind = [
            "edge",
            *(["control"] if control else []),
            *(["quiet"] if name in box.quiet else []),
        ]
        out.append({"id": name, "kind": kind, "path": path, "from": tail, "to": head})
        if box.carries[name] and not head.startswith("e") and not tail.startswith("e"):
            out[-1]["label"] = box.carries[name]
    return out


def _to_border(path: list[float], port: list[float], *, first: bool) -> None:
    """Let a path that ends at a port run on, straight up or down, to the box's border."""
    x, y = port
    old = path[1] if first else path[-1]
    line = [x, old + (y - old) / 3, x, old + 2 * (y - old) / 3, x, y]
    if first:
        path[0] = x
        path[:0] = [x, y, x, line[3], x, line[1]]
    else:
        path[-2] = x
        path.extend(line)
