"""A drawing as static SVG text, in the light palette or the dark, for pages without a player."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Marks = Mapping[str, set[str]]

STYLE = """
.page{fill:#ffffff}
text{font-family:system-ui,"Segoe UI",Helvetica,Arial,sans-serif;text-anchor:middle;fill:#1f2328}
.name{font-size:12px}.small{font-size:10.5px;fill:#57606a}.value{font-size:10.5px}
.halo{paint-order:stroke;stroke:#fffffe;stroke-width:6px;stroke-linejoin:round}.left{text-anchor:start}.mono{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px}
.variable>.name,.placeholder>.name,.b{font-weight:600}
.node rect,.node ellipse,.node path,.node circle{fill:#fff;stroke:#8c959f;stroke-width:1.2}
.node .inner{fill:none}.placeholder rect{stroke-dasharray:5 3}
.scope.open>rect,.series.open>rect,.variable.open>rect{fill:#f6f8fa;stroke:#d0d7de}
.edge path{fill:none;stroke:#8c959f;stroke-width:1.2}.edge polygon{fill:#8c959f;stroke:none}
.control path{stroke-dasharray:1.5 3.5;stroke-linecap:round}
.carry path{stroke:#a35a00;stroke-width:1.8}.carry polygon{fill:#a35a00}
.quiet:not(.now,.flow){opacity:.4}
.ghost{opacity:.13}.hide{display:none}.skip{opacity:.3}.node.skip>*{stroke-dasharray:3 3}
.node.wait>*{stroke-dasharray:4 3}
.node.state>rect{fill:#fdf0dc;stroke:#a35a00}
.node.given>rect{fill:#def4ec;stroke:#00795a;stroke-width:2}
.node.done>ellipse,.node.done>rect,.node.done>path{stroke:#57606a;stroke-width:1.6}
.node.now>ellipse,.node.now>rect,.node.now>path{fill:#e3f1fa;stroke:#0072b2;stroke-width:2.6}
.edge.given path{stroke:#00795a;stroke-width:2}.edge.given polygon{fill:#00795a}
.edge.now path,.edge.flow path{stroke:#0072b2;stroke-width:2.4}
.edge.now polygon,.edge.flow polygon{fill:#0072b2}
.node.differs>:is(ellipse,rect,path){stroke:#0072b2;stroke-width:2;stroke-dasharray:1.5 3}
.node.wrong>ellipse,.node.wrong>rect,.node.wrong>path{stroke:#b83a00;stroke-width:2.6}
.shape rect,.shape ellipse,.shape path,.shape circle,.shape line{fill:#fff;stroke:#8c959f}
.shape.pane rect{fill:#f6f8fa;stroke:#d0d7de}
.shape.pane.dashed rect{stroke:#8c959f}.shape.band rect{fill:#1f2328;fill-opacity:.05}
.shape.row rect{fill:none;stroke:none}
.shape.rule path,.shape.rule line{fill:none;stroke:#d0d7de}
.shape.dashed>*{stroke-dasharray:5 3}
.shape.state>:not(text){fill:#fdf0dc;stroke:#a35a00;stroke-width:1.5}
.shape.span>rect{stroke:none}
.shape.given>:not(text){fill:#def4ec;stroke:#00795a;stroke-width:1.5;stroke-dasharray:5 3}
.shape.wrong>:not(text){fill:#fdebe3;stroke:#b83a00;stroke-width:2}
.shape.now>:not(text){fill:#e3f1fa;stroke:#0072b2;stroke-width:2.6}
.shape.solid.state>circle{fill:#a35a00}.shape.solid.now>circle{fill:#0072b2}
text.right{text-anchor:end}text.muted,text.struck{fill:#57606a}
text.struck{text-decoration:line-through}text.state{fill:#a35a00}text.given{fill:#00795a}
text.wrong{fill:#b83a00;font-weight:650}text.now{fill:#0072b2;font-weight:650}.strong{font-weight:650}
.badge{font-size:10.5px;font-weight:600;fill:#0072b2}.state>.badge{fill:#a35a00}.given>.badge{fill:#00795a}
.wrong>.badge{fill:#b83a00}
"""

# The page, what is around words, nodes and scopes, ink and fainter ink, lines, the four meanings.
_DARK = {
    "#ffffff": "none", "#fffffe": "#17191c", "#fff": "#2a2d31", "#f6f8fa": "#1c1f23",
    "#1f2328": "#e6e9ed", "#57606a": "#a9afb6", "#8c959f": "#7d8691", "#d0d7de": "#3a4048",
    "#0072b2": "#6cb8f0", "#e3f1fa": "#12324a", "#00795a": "#4cc9a0", "#def4ec": "#10382c",
    "#a35a00": "#f0b35a", "#fdf0dc": "#3d2b10", "#b83a00": "#ff8a5c", "#fdebe3": "#43200f",
}  # fmt: skip


def dark(svg: str) -> str:
    """The same drawing for a dark page, which shows through; what is written in it stays."""
    head, end, body = svg.partition("</style>")
    return re.sub("#[0-9a-f]{3,6}", lambda found: _DARK[found[0]], head) + end + body


def static_svg(
    drawing: Mapping[str, Any],
    marks: Marks | None = None,
    labels: Mapping[str, str] | None = None,
    title: str = "",
    shapes: bool = False,
) -> str:
    """SVG text of a layout with marks on its items; every word of it is escaped.

    With `shapes`, edges tell the shape of the tensor they carry.
    """
    w, h = max(drawing["w"], 1), max(drawing["h"], 1)
    left = 0 if not labels else -70  # labels may stand out beyond the drawing's edge
    wide = w - 2 * left
    on: dict[str, list[str]] = {}
    for mark, ids in (marks or {}).items():
        for name in ids:
            on.setdefault(name, []).append(mark)
    if shapes:
        on["shapes"] = []
    body = "".join(_layout(drawing, on, labels or {}))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} 0 {wide} {h}" '
        f'width="{wide}" height="{h}" role="img">'
        f"<style>{STYLE}</style><title>{escape(title)}</title>"
        f'<rect class="page" x="{left}" width="{wide}" height="{h}" rx="8"/>{body}</svg>'
    )


def _layout(
    layout: Mapping[str, Any], on: Mapping[str, list[str]], labels: Mapping[str, str]
) -> list[str]:
    things = {item["id"]: item for item in layout["items"] if "path" not in item}
    out = [_thing(item, on, labels) for item in things.values() if item.get("open")]
    edges = (item for item in layout["items"] if "path" in item)
    out += [_edge(item, things, on) for item in edges]
    out += [_thing(item, on, labels) for item in things.values() if not item.get("open")]
    return out


def _thing(item: Mapping[str, Any], on: Mapping[str, list[str]], labels: Mapping[str, str]) -> str:
    names = [*item["kind"], *sorted(on.get(item["id"], []))]
    inner = "".join(_shape(shape) for shape in item["shapes"])
    if item.get("open"):
        names.append("open")
        w, h, inside = item["w"], item["h"], item["inside"]
        inner = (
            f'<rect x="{-w / 2:.1f}" y="{-h / 2:.1f}" width="{w}" height="{h}" rx="10"/>'
            f'<text class="small left" x="{-w / 2 + 10:.1f}" y="{-h / 2 + 16:.1f}">'
            f"{escape(item.get('label', ''))}</text>"
            f'<g transform="translate({-w / 2:.1f} {-h / 2:.1f})">'
            f"{''.join(_layout(inside, on, labels))}</g>"
        )
    elif labels.get(item["id"]):
        y = -item["h"] / 2 - 4
        words = escape(labels[item["id"]])
        inner += (
            f'<text class="badge left" x="{item["w"] * 0.08 + 4:.1f}" y="{y:.1f}">{words}</text>'
        )
    place = f'transform="translate({item["x"]} {item["y"]})"'
    return f"<g class={quoteattr(' '.join(names))} {place}>{inner}</g>"


def _shape(shape: Any) -> str:
    tag, attributes = shape[0], shape[1]
    inner = escape(shape[2]) if len(shape) > 2 else ""
    pairs = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{tag}{pairs}>{inner}</{tag}>"


def bent(item: Mapping[str, Any], things: Mapping[str, Any]) -> tuple[list[float], bool]:
    """An edge's path, led to the ports of the open boxes at its ends, and whether it has a head."""
    path = list(item["path"])
    tail, head = things.get(item.get("from", "")), things.get(item.get("to", ""))
    if tail is not None and tail.get("open"):
        path[0:4] = _at_port(tail, item["id"], path[2:4])
    if head is not None and head.get("open"):
        x, y, cx, cy = _at_port(head, item["id"], path[-4:-2])
        path[-4:] = [cx, cy, x, y]
    return path, head is not None and not head.get("open")


def _at_port(box: Mapping[str, Any], name: str, control: list[float]) -> list[float]:
    port = box["inside"]["ports"][name]
    x = box["x"] - box["w"] / 2 + port[0]
    y = box["y"] - box["h"] / 2 + port[1]
    return [x, y, x, y + (-14 if port[1] == 0 else 14)]


def _edge(item: Mapping[str, Any], things: Mapping[str, Any], on: Mapping[str, list[str]]) -> str:
    path, headed = bent(item, things)
    names = " ".join([*item["kind"], *sorted(on.get(item["id"], []))])
    d = f"M{path[0]:.1f} {path[1]:.1f}C" + " ".join(f"{x:.1f}" for x in path[2:])
    tip = f'<polygon points="{_arrow(path)}"/>' if headed else ""
    if "shapes" in on and item.get("label"):
        x, y = _middle(path)
        tip += (
            f'<text class="small halo" x="{x:.1f}" y="{y + 3:.1f}">{escape(item["label"])}</text>'
        )
    return f'<g class={quoteattr(names)}><path d="{d}"/>{tip}</g>'


def _middle(path: list[float]) -> tuple[float, float]:
    pieces = (len(path) - 2) // 6
    i = 6 * (pieces // 2)
    if pieces % 2 == 0:
        return path[i], path[i + 1]
    a, c, e, g = (path[i + k : i + k + 2] for k in (0, 2, 4, 6))
    return (a[0] + 3 * c[0] + 3 * e[0] + g[0]) / 8, (a[1] + 3 * c[1] + 3 * e[1] + g[1]) / 8


def _arrow(path: list[float]) -> str:
    x, y = path[-2:]
    dx, dy = x - path[-4], y - path[-3]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    left = (x - 7 * ux - 2.8 * uy, y - 7 * uy + 2.8 * ux)
    right = (x - 7 * ux + 2.8 * uy, y - 7 * uy - 2.8 * ux)
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in ((x, y), left, right))
