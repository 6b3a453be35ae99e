"""Edges that reach too far for `dot`: it takes minutes over long ones, so these become arcs."""

from __future__ import annotations

from collections.abc import Iterable

from .tree import Box

Pair = tuple[str, str]
LOAD = 1000  # ranks that the edges of one box may span together
ALL = 4000  # the same for a whole drawing; what comes later gets by with less
LITTLE = 250


def spare(boxes: Iterable[Box]) -> None:
    """Say for each box, outer ones first, which of its edges `dot` is to be spared."""
    left = ALL
    for box in boxes:
        if not box.drawn:
            continue
        spans = _spans(box)
        load = sum(spans.values())
        if load > LITTLE and load > min(left, LOAD):
            box.far = _longest(spans, LITTLE)
            load = LITTLE
        left = max(left - load, 0) if load > LITTLE else left


def _spans(box: Box) -> dict[Pair, int]:
    """Over how many ranks each edge goes, when things stand one above what they need."""
    place = {child.id: i for i, child in enumerate(box.children)}
    into: dict[str, list[str]] = {}
    for tail, head, _ in box.segments:
        if tail in place and head in place and place[tail] < place[head]:
            into.setdefault(head, []).append(tail)
    rank: dict[str, int] = {}
    for child in box.children:
        rank[child.id] = 1 + max((rank[tail] for tail in into.get(child.id, ())), default=0)
    top = 1 + max(rank.values(), default=0)
    return {
        (tail, head): abs(rank.get(head, top) - rank.get(tail, 0)) or 1
        for tail, head, _ in box.segments
    }


def _longest(spans: dict[Pair, int], load: int) -> set[Pair]:
    """The edges that are left when short ones have used up the load."""
    far = set()
    for pair in sorted(spans, key=lambda pair: spans[pair]):
        load -= spans[pair]
        if load < 0:
            far.add(pair)
    return far


def arc(tail: tuple[float, float], head: tuple[float, float], middle: float) -> list[float]:
    """A curve from a thing's top to another's foot that swings out, away from the middle."""
    (x, y), (u, v) = tail, head
    out = min(20 + 0.15 * abs(y - v), 180) * (1 if x + u >= 2 * middle else -1)
    rise = (v - y) * 0.25
    return [x, y, x + out, y + rise, u + out, v - rise, u, v]
