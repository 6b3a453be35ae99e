"""What each kind of node looks like: TensorBoard's shapes, with names cut to fit."""

from __future__ import annotations

from typing import Any

import minitf as tf

from . import values
from .tree import Box, one_of

_NARROW, _WIDE = set("fijlrt.,:;'|!()[]/ -"), set("mwMWQOG@%&")


def text_width(text: str, size: float) -> float:
    """About how wide a text is, on the generous side, in a sans-serif of `size` pixels."""
    em = sum(0.4 if c in _NARROW else 0.92 if c in _WIDE else 0.64 for c in text)
    return em * size


def cut(text: str, limit: int = 22) -> str:
    """A long name with its middle left out."""
    text = "".join(c if c.isprintable() else "·" for c in text)
    keep = limit // 2
    return text if len(text) <= limit else f"{text[:keep]}…{text[-(limit - keep - 1) :]}"


def shape_of(tensor: Any) -> str:
    """A static shape in few characters: `(?, 3)`; `shape ?` when even the rank is unknown."""
    dims = getattr(tensor.shape, "dims", None)
    if dims is None:
        return "shape ?"
    return values.sizes_text(getattr(d, "value", d) for d in dims)


def constant(op: Any) -> Any:
    """The value a Const holds as an array, or None where it cannot be read."""
    count = op.outputs[0].shape.num_elements()
    if count is None or count > 64:  # reading it would copy a large value to say little about it
        return None
    return tf.make_ndarray(op.get_attr("value"))


def lines_of(box: Box) -> list[str]:
    """The one or two lines of text written in a box."""
    if box.words is None:
        box.words = _lines_of(box)
    return box.words


def _lines_of(box: Box) -> list[str]:
    name = cut(box.label())
    if box.kind in ("series", "scope"):
        count = sum(1 for _ in box.ops())
        alike = box.kind == "series" and not one_of(box).holds
        said = f"× {count}" if alike else f"{count} op" + ("s" if count != 1 else "")
        return [name, said if box.drawn else f"{said}, left folded"]
    op = box.op
    if box.kind == "const":
        return [_in_bubble(op), _beside(name)]
    shape = shape_of(op.outputs[0]) if op.outputs else ""
    kind = "Variable" if box.kind == "variable" else op.type
    plain_name = box.label().split("/")[-1].lower().startswith(kind.lower())
    if box.kind in ("op", "noop") and plain_name:
        return [name, shape] if shape else [name]
    return [name, f"{kind} {shape}".strip()]


def _beside(name: str) -> str:
    """A constant's name; of a long one the last part, since it stands beside what it is for."""
    return name if len(name) <= 15 or "/" not in name else cut("…/" + name.rpartition("/")[2], 17)


def folded_size(box: Box) -> tuple[float, float]:
    """Width and height of a leaf, or of a box that is folded."""
    lines = lines_of(box)
    wide = max(text_width(lines[0], 12), text_width(lines[-1], 10.5))
    if box.kind == "const":
        return max(_bubble(lines[0]), text_width(lines[1], 10.5)), 38
    if box.kind == "op":
        return max(wide * 1.18 + 20, 56), 38
    if box.kind == "noop":
        return wide + 44, 36
    handle = text_width(lines[0], 12) + 50  # the fold's sign stands right of the name
    if box.kind == "series" or box.kind == "scope":
        return max(wide + 40, handle), 40
    return max(wide + 22, handle if box.holds else 56), 36


def _in_bubble(op: Any) -> str:
    value = constant(op)
    if value is None:
        return cut(shape_of(op.outputs[0]), 14)
    text = values.short(value)
    return cut(text.partition(" ")[2] if text.endswith(")") else text, 14)


def _bubble(text: str) -> float:
    return max(24.0, text_width(text, 10.5) + 12)


def classes(box: Box) -> list[str]:
    """The class names that carry a box's style."""
    folds = ["folds"] if box.drawn and box.holds else []
    return ["node", box.kind, *folds]


def drawn(box: Box) -> list[list[Any]]:
    """Shapes around the box's centre."""
    w, h = folded_size(box)
    lines = lines_of(box)
    if box.kind == "const":
        bubble = _bubble(lines[0])
        return [
            ["rect", _rect(bubble, 24, 12, y=-19)],
            ["text", {"y": -3.4, "class": "value"}, lines[0]],
            ["text", {"y": 15.5, "class": "small"}, lines[1]],
        ]
    return [*_outline(box.kind, w, h), *_words(lines)]


def _outline(kind: str, w: float, h: float) -> list[list[Any]]:
    if kind == "op":
        return [["ellipse", {"rx": round(w / 2, 1), "ry": h / 2}]]
    if kind == "placeholder":
        return [["rect", _rect(w, h, 9)]]
    if kind == "variable":
        return [["rect", _rect(w, h, 2)], ["rect", {**_rect(w - 7, h - 7, 0), "class": "inner"}]]
    if kind == "noop":
        x, y, k = w / 2, h / 2, 12
        ring = [(-x, 0), (-x + k, -y), (x - k, -y), (x, 0), (x - k, y), (-x + k, y)]
        return [["path", {"d": "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in ring) + "Z"}]]
    if kind == "series":
        behind = [["rect", {**_rect(w - 6, h - 6, 8, x=-w / 2 + 6, y=-h / 2), "class": "behind"}]]
        return [*behind, ["rect", _rect(w - 6, h - 6, 8, x=-w / 2, y=-h / 2 + 6)]]
    return [["rect", _rect(w, h, 10)]]


def _rect(
    w: float, h: float, r: float, x: float | None = None, y: float | None = None
) -> dict[str, float]:
    left, top = (-w / 2 if x is None else x), (-h / 2 if y is None else y)
    numbers = {"x": left, "y": top, "width": w, "height": h, "rx": r}
    return {key: round(number, 1) for key, number in numbers.items()}


def _words(lines: list[str]) -> list[list[Any]]:
    if len(lines) == 1:
        return [["text", {"y": 4, "class": "name"}, lines[0]]]
    return [
        ["text", {"y": -1.5, "class": "name"}, lines[0]],
        ["text", {"y": 11.5, "class": "small"}, lines[1]],
    ]
