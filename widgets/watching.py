"""Watches the learner's sessions as they run: what was asked, and what it did to variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

import minitf as tf

from . import values
from .tree import VARIABLES

WALKED = 2000  # ops looked at to find out whether a run saves or restores


@dataclass
class Happening:
    """What happened to one variable: `birth`, `write`, `death` or `unborn`, and its value."""

    kind: str
    name: str
    value: str = ""
    writer: str = ""
    dtype: str = ""
    shape: str = ""


@dataclass
class Moment:
    """One run of a session, or its close."""

    session: int
    kind: str
    label: str = ""
    call: str = ""
    happened: list[Happening] = field(default_factory=list)
    saved: dict[str, str] | None = None
    restored: bool = False
    file: str = ""
    error: str = ""
    message: str = ""
    result: str = ""
    times: int = 1


class Watcher:
    """Records the moments of every session from its making until `stop`."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self.names: list[str] = []
        self._sessions: list[Any] = []
        self._values: dict[tuple[int, str], str] = {}
        self._open: dict[int, Moment] = {}
        self._block: AbstractContextManager[Any] | None = tf.Session.observe_all(self._hear)
        self._block.__enter__()

    @property
    def watching(self) -> bool:
        """Whether it still watches."""
        return self._block is not None

    def stop(self) -> None:
        """Watches no longer; what was seen stays."""
        block, self._block = self._block, None
        if block is not None:
            block.__exit__(None, None, None)

    def _hear(self, event: Any) -> None:
        at = self._index(event.session)
        if event.kind == "run":
            self._begin(at, event)
        elif event.kind == "ran":
            self._end(at, event)
        elif event.kind == "close":
            self._close(at)
        else:
            self._happen(at, event)

    def _index(self, session: Any) -> int:
        for i, known in enumerate(self._sessions):
            if known is session:
                return i
        self._sessions.append(session)
        self.names.append("")
        return len(self._sessions) - 1

    def _begin(self, at: int, event: Any) -> None:
        scope = _learners_names()
        if not self.names[at]:
            self.names[at] = self._unique(_name_of(event.session, scope) or "session")
        asked = _asked(event.fetches, scope)
        moment = Moment(at, "run", label=asked, call=f"{self.names[at]}.run({asked})")
        for op in _behind(event.fetches, event.session.graph):
            if op.type in ("SaveV2", "RestoreV2"):
                moment.file = _file(op, event.feeds) or moment.file
            if op.type == "SaveV2":
                found = filter(None, map(_variable_behind, op.inputs[3:]))
                moment.saved = {name: self._values.get((at, name), "") for name in found}
                moment.label = "save"
            elif op.type == "RestoreV2":
                moment.restored, moment.label = True, "restore"
        if asked and isinstance(event.fetches, tf.Variable):
            moment.label = f"read {asked}"
        self.moments.append(moment)
        self._open[at] = moment

    def _unique(self, name: str) -> str:
        number, unique = 1, name
        while unique in self.names:
            number += 1
            unique = f"{name} ({number})"
        return unique

    def _end(self, at: int, event: Any) -> None:
        moment = self._open.pop(at, None)
        if moment is None:
            return
        if event.error is not None:
            moment.error = type(event.error).__name__
            moment.message = str(getattr(event.error, "message", None) or event.error)
        elif event.values is not None and not isinstance(event.values, (list, tuple, dict)):
            moment.result = _text(event.values)

    def _close(self, at: int) -> None:
        if self.names[at]:
            call = f"{self.names[at]}.close()"
            self._open[at] = Moment(at, "close", label="close", call=call)
            self.moments.append(self._open[at])

    def _happen(self, at: int, event: Any) -> None:
        moment = self._open.get(at)
        if moment is None:
            return
        name = event.variable.name
        value = event.value
        if event.kind in ("birth", "write"):
            self._values[at, name] = _text(value)
        output = event.variable.outputs[0]
        moment.happened.append(
            Happening(
                event.kind,
                name,
                self._values.get((at, name), ""),
                event.writer.name if event.writer is not None else "",
                output.dtype.base_dtype.name,
                "" if value is None else values.shape_text(np.asarray(value)),
            )
        )


def _text(value: Any) -> str:
    """A value in few characters; of a large array its mean, since its shape never changes."""
    array = np.asarray(value)
    if array.size > 4 and array.dtype.kind in "fiu":
        return f"mean {values.number(np.float64(array.mean(dtype=np.float64)))}"
    return values.short(value)


def _learners_names() -> dict[str, Any]:
    """The names in sight where the learner's own code called."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        room = frame.f_globals.get("__name__", "").partition(".")[0]
        if room not in ("minitf", "widgets", "contextlib"):
            break
        frame = frame.f_back
    return {**frame.f_globals, **frame.f_locals}


def _name_of(thing: Any, scope: Mapping[str, Any]) -> str:
    named = (key for key, one in scope.items() if one is thing and not key.startswith("_"))
    return next(named, "")


def _asked(fetches: Any, scope: Mapping[str, Any]) -> str:
    """Fetches as the learner calls them, or by their ops' names."""
    if isinstance(fetches, (list, tuple)):
        return "[" + ", ".join(_asked(one, scope) for one in islice(fetches, 6)) + "]"
    if isinstance(fetches, dict):
        return "{" + ", ".join(map(str, islice(fetches, 6))) + "}"
    named = _name_of(fetches, scope)
    return named or (fetches if isinstance(fetches, str) else _op_name(fetches))


def _op_name(fetch: Any) -> str:
    return str(getattr(getattr(fetch, "op", fetch), "name", fetch))


def _flat(fetches: Any) -> Iterable[Any]:
    if isinstance(fetches, dict):
        fetches = list(fetches.values())
    if isinstance(fetches, (list, tuple)):
        for one in fetches:
            yield from _flat(one)
    else:
        yield fetches


def _behind(fetches: Any, graph: Any) -> list[Any]:
    """The operations that a run needs, as many as are worth looking at."""
    stack = []
    for one in _flat(fetches):
        try:
            element = graph.as_graph_element(one)
        except (TypeError, ValueError, KeyError):
            continue  # the run itself will say what is wrong
        stack.append(getattr(element, "op", element))
    seen: dict[Any, None] = {}
    while stack and len(seen) < WALKED:
        op = stack.pop()
        if op not in seen:
            seen[op] = None
            stack += [t.op for t in op.inputs] + list(op.control_inputs)
    return list(seen)


def _variable_behind(tensor: Any) -> str:
    op = tensor.op
    while op.type == "Identity":
        op = op.inputs[0].op
    return op.name if op.type in VARIABLES else ""


def _file(op: Any, feeds: Any) -> str:
    """The name, without its folder, of the file that a run is told to write or read."""
    for key, value in (feeds or {}).items():
        name = key if isinstance(key, str) else getattr(key, "name", "")
        if name == op.inputs[0].name:
            return os.path.basename(os.fsdecode(value)) or "checkpoint"
    return "checkpoint"
