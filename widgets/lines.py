"""Which line of the learner's code made each operation."""

from __future__ import annotations

import linecache
from collections.abc import Sequence
from typing import Any

from .story import code_lines


class Lines:
    """Lines of code as shown, and for each operation the index of the one that made it."""

    def __init__(self, shown: list[dict[str, Any]], of: dict[str, int]) -> None:
        self.shown, self.of = shown, of

    def number(self, index: int | None) -> str:
        """What a caption calls a line: `Line 3`."""
        return "" if index is None else f"Line {self.shown[index]['n']}"

    def text(self, index: int | None) -> str:
        """A line's code as written."""
        if index is None:
            return ""
        return "".join(words for _, words in self.shown[index]["pieces"])


def lines_of_cell(source: str, filename: str, ops: Sequence[Any]) -> Lines:
    """The whole cell; an op belongs to the outermost line of the cell on the way to it."""
    shown = code_lines(source)
    of = {}
    for op in ops:
        number = next((f.lineno for f in op.traceback if f.filename == filename), None)
        if number is not None and number <= len(shown):
            of[op.name] = number - 1
    return Lines(shown, of)


def lines_of_graph(ops: Sequence[Any]) -> Lines:
    """Only the lines that made something, wherever they stand, in the order in which they did."""
    places: dict[tuple[str, int], int] = {}
    of = {}
    for op in ops:
        trace = op.traceback
        if not trace:
            continue
        frame = trace[-1]
        key = (frame.filename, frame.lineno)
        if key not in places:
            if not linecache.getline(*key).strip():
                continue
            places[key] = len(places)
        of[op.name] = places[key]
    first: dict[str, int] = {}
    for (file, _), i in places.items():
        first.setdefault(file, i)
    order = sorted(places, key=lambda key: (first[key[0]], key[1]))
    index = {places[key]: i for i, key in enumerate(order)}
    shown = []
    one_file = len({file for file, _ in order}) <= 1
    for i, (file, number) in enumerate(order):
        text = linecache.getline(file, number).rstrip("\n")
        shown += code_lines(text, number if one_file else i + 1)[:1]
    return Lines(shown, {name: index[i] for name, i in of.items()})
