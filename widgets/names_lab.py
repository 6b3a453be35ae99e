"""Type or pick lines about scopes and names, and watch after each one how names are made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from . import static, typed
from .names import names_cell
from .player import Player
from .story import Story, code_lines
from .typed import Line, Refused

_HERE = Path(__file__).parent
HEIGHT = 470  # room for some names from the start, so that nothing moves as they come
TITLE, SUBTITLE = "Names", "type a line, see how its name is made"


class NamesLab(Player):
    """A story of names that grows with each line the learner types.

    The lines are run by the real engine in a graph of their own; `source` is what was typed so
    far, as a cell could run it. A line that raised is shown with its error, and gives way to the
    next one.
    """

    _esm = static.ESM.replace("export default { render };", "") + (
        _HERE / "names_lab.js"
    ).read_text("utf-8")
    _css = static.CSS + (_HERE / "names_lab.css").read_text("utf-8")
    lab = traitlets.Dict().tag(sync=True)

    def __init__(self, source: str = "") -> None:
        self._lines: list[Line] = []
        self._depth = 0
        self._failed = False
        self._turn = 0
        super().__init__(_empty())
        self.on_msg(self._heard)
        self._tell("")
        if source.strip():
            self.add(source)

    @property
    def source(self) -> str:
        """The program so far."""
        return typed.source_of(self._lines)

    @property
    def message(self) -> str:
        """What is told below the place to type, such as why a line was not taken."""
        return str(self.lab["message"])

    def add(self, text: str) -> None:
        """Run one or more lines after those that are there; `message` says why if they cannot."""
        kept, depth = self._standing()
        try:
            new = typed.read(text, depth)
            if new:
                self._try([*kept, *new], new[-1].depth + new[-1].opens)
        except Refused as why:
            self._tell(str(why), text=text)

    def leave(self) -> None:
        """Close the innermost scope that is open."""
        kept, depth = self._standing()
        if depth:
            empty = [Line(depth, "pass")] if kept and kept[-1].opens else []
            self._try([*kept, *empty], depth - 1)
        else:
            self._tell("No scope is open.")

    def undo(self) -> None:
        """Take the last line back."""
        kept = self._lines[:-1]
        self._try(kept, kept[-1].depth + kept[-1].opens if kept else 0)

    def clear(self) -> None:
        """Begin again with an empty graph."""
        self._try([], 0)

    def _standing(self) -> tuple[list[Line], int]:
        """The lines that stay and the depth of the next one: one that failed stays not."""
        if not self._failed:
            return self._lines, self._depth
        last = self._lines[-1]
        return self._lines[:-1], last.depth

    def _try(self, lines: list[Line], depth: int) -> None:
        """Run these lines instead of those before. Raises Refused, and then nothing changes."""
        seen, error = typed.run(lines, depth)
        story = _empty()
        if lines:
            stop = typed.line_of(error) if error is not None else None
            if stop is not None:
                lines = lines[: stop + 1]
            story = names_cell(typed.source_of(lines), typed.FILENAME, seen, error)
            story.title, story.subtitle = TITLE, SUBTITLE
            story.drawing["h"] = max(story.drawing["h"], HEIGHT)
        self._lines, self._depth, self._failed = lines, depth, error is not None
        told = "The next line takes the place of the one that failed." if self._failed else ""
        with self.hold_sync():
            self.update(story)
            self._tell(told)

    def _tell(self, message: str, text: str = "") -> None:
        self._turn += 1
        depth = self._standing()[1]
        self.lab = {"depth": depth, "message": message, "text": text, "turn": self._turn,
                    "lines": len(self._lines)}  # fmt: skip

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        """What the browser asks for; anything else is not heard."""
        asked = content.get("do") if isinstance(content, dict) else None
        if asked == "add":
            self.add(str(content.get("text", "")))
        elif asked in ("leave", "undo", "clear"):
            getattr(self, asked)()


def names_lab(source: str = "") -> NamesLab:
    """A place to type or pick lines with scopes, variables and ops, and to see every name made.

    `source` is a program to begin with.
    """
    return NamesLab(source)


def _empty() -> Story:
    hint = code_lines("# your lines come here")
    story = names_cell("", typed.FILENAME, typed.run([], 0)[0])
    drawing = {**story.drawing, "h": HEIGHT}
    story = Story(
        TITLE, SUBTITLE, drawing=drawing, info=story.info, lines=hint, start=story.start,
        note=story.note,
    )  # fmt: skip
    story.frame("Nothing is named yet. Open a scope, or make a variable or an op.")
    return story
