"""Exercises that check themselves, at once and without ever raising."""

from __future__ import annotations

import html
import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import minitf as tf


class Wrong(Exception):
    """Raised by a check that knows what is wrong; its text is shown to the learner."""


_STYLE = {
    "right": ("#00795a", "Right."),
    "wrong": ("#b83a00", "Not yet."),
    "open": ("#656d76", "Not attempted."),
    "hint": ("#0072b2", "Hint"),
}


class Reply:
    """What an exercise says: one text, the same every time, with a coloured edge in a notebook."""

    def __init__(self, kind: str, text: str, label: str = "") -> None:
        self.kind = kind
        self.label = label or _STYLE[kind][1]
        self.text = text

    def __repr__(self) -> str:
        return f"{self.label} {self.text}".strip()

    def _repr_html_(self) -> str:
        colour = _STYLE[self.kind][0]
        # Towards the page's own ink, so that it can be read on a light page and on a dark one.
        ink = f"color-mix(in srgb, {colour} 60%, var(--jp-content-font-color1, #1f2328))"
        label, text = html.escape(self.label), html.escape(self.text)
        return (
            f'<div style="border-left:4px solid {colour};padding:4px 12px;white-space:pre-wrap">'
            f'<b style="color:{ink}">{label}</b> {text}</div>'
        )


class Exercise:
    """One exercise: a test of an answer, hints from vague to plain, and a solution.

    `test` takes the learner's answer, runs in a graph of its own, and raises Wrong with a text for
    the learner where the answer falls short. `praise` is said when it does not. `solution` is the
    source that replaces the learner's cell.
    """

    def __init__(
        self,
        test: Callable[[Any], None],
        *,
        praise: str,
        hints: Sequence[str],
        solution: str,
    ) -> None:
        self._test = test
        self._praise = praise
        self.hints = list(hints)
        self._given = 0
        self.solution_source = textwrap.dedent(solution).strip()

    def check(self, answer: Any) -> Reply:
        """Whether the answer does what was asked; never raises."""
        if untouched(answer):
            return Reply("open", "Replace the ... by your answer, run the cell, then check again.")
        try:
            with tf.Graph().as_default():
                self._test(answer)
        except Wrong as wrong:
            return Reply("wrong", _steady(str(wrong)))
        except Exception as error:  # the learner's own code may raise anything
            text = f"Your code stops with {type(error).__name__}: {_first(error)}"
            return Reply("wrong", _steady(text))
        return Reply("right", self._praise)

    def hint(self, number: int | None = None) -> Reply:
        """The next hint, or the one with this number (from 1); the last is the plainest."""
        self._given = min(self._given + 1, len(self.hints)) if number is None else number
        place = min(max(self._given, 1), len(self.hints))
        return Reply("hint", self.hints[place - 1], f"Hint {place} of {len(self.hints)}:")

    def solution(self) -> None:
        """Prints one right answer; there are others."""
        print(self.solution_source)


def untouched(answer: Any) -> bool:
    """Whether an answer is still the stub: `...`, or a function whose whole body is `...`."""
    if answer is ... or answer is None:
        return True
    if isinstance(answer, (tuple, list)):
        return any(part is ... for part in answer)
    if not inspect.isfunction(answer):
        return False
    # A function that does nothing has the same code as one whose body is `...`; one that returns a
    # number has it, too, but knows the number.
    code = answer.__code__
    known = set(map(type, code.co_consts)) - {type(None), str if answer.__doc__ else type(None)}
    return not known and code.co_code in {f.__code__.co_code for f in (_stub, _documented)}


def _stub() -> None: ...


def _documented() -> None:
    """A body of nothing but words."""


def _steady(text: str) -> str:
    """The text without addresses, which are others each time."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def _first(error: Exception) -> str:
    """The first line of an error's text, without the place of a line that is the check's own."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return re.sub(r",? (The variable was |It was )?made at .*", "", lines[0]) if lines else ""
