"""Watches names being made: for each op and variable the scopes that were open and their share."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import minitf as tf

from .tree import VARIABLES
from .values import sizes_text

SILENT = ("minitf", "widgets", "contextlib", "functools")


@dataclass(frozen=True)
class Scopes:
    """What was open: variable scopes as (piece, reuse), name scopes as (piece, kind).

    A name scope's kind is "state" where a variable scope opened it, else "given".
    """

    variables: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    def paths(self, k: int) -> list[tuple[str, str]]:
        """The whole path of each open variable scope (0) or name scope (1), and its second word."""
        path, out = "", []
        for text, more in (self.variables, self.names)[k]:
            path += text
            out.append((path, more))
        return out


@dataclass
class Making:
    """One name as it was put together.

    `kind` is "op", "variable", "got" (get_variable made it), "shared" or "refused"; or "scope",
    where nothing was made and only the open scopes are noted. Each piece is (text, role): "state"
    from a variable scope, "given" from a name scope, "skip", "base" or "suffix". The variable
    store held `before` when get_variable was called, and holds `store` afterwards.
    """

    kind: str
    name: str
    base: str
    scopes: Scopes
    place: tuple[str, int] | None = None
    pieces: list[tuple[str, str]] = field(default_factory=list)
    store: tuple[str, ...] = ()
    type: str = ""
    before: tuple[str, ...] | None = None


class Names:
    """Watches every graph from its making until `stop`, or as long as its `with` block."""

    def __init__(self, filename: str | None = None) -> None:
        self.filename = filename
        self.makings: list[Making] = []
        self.described: dict[str, str] = {}  # a stored variable's shape and dtype
        self._seen: dict[int, tuple[Any, set[str], set[str]]] = {}
        self._asked: Making | None = None
        self._stored: tuple[dict[str, Any], tuple[str, ...]] = ({}, ())
        self._made: list[str] = []  # by the get_variable that is going on
        self._blocks = ExitStack()
        self._taken(tf.get_default_graph())
        self._blocks.enter_context(tf.Graph.observe_all(self._op))
        self._blocks.enter_context(tf.VariableScope.observe_getting(self._getting))

    def __enter__(self) -> Names:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.stop(failed=exc_info[0] is not None)

    def stop(self, failed: bool = False) -> None:
        """Watches no longer. `failed` says that the code ended with an error."""
        self._settle(failed)
        self._blocks.close()
        heads = {m.name for m in self.makings if m.kind != "scope"}
        self.makings = [m for m in self.makings if not self._hidden(m, heads)]

    def note(self, line: int | None = None) -> None:
        """Notes the scopes that are open now, though nothing was made in them (yet)."""
        self._settle()
        scopes = _scopes(tf.get_default_graph().get_name_scope())
        place = None if line is None or self.filename is None else (self.filename, line)
        self.makings.append(Making("scope", "", "", scopes, place, store=self._store()))

    def _hidden(self, making: Making, heads: set[str]) -> bool:
        """Whether a name is a detail of another: a constant or helper under an op of that name."""
        parts = making.name.split("/")
        return making.kind in ("op", "variable") and any(
            "/".join(parts[:i]) in heads for i in range(1, len(parts))
        )

    def _taken(self, graph: Any) -> tuple[Any, set[str], set[str]]:
        """The graph's names in use, and those among them that are whole ops' names."""
        known = self._seen.get(id(graph))
        if known is None:
            known = (graph, set(), set())
            self._seen[id(graph)] = known
            for op in graph.get_operations():
                _take(op.name, known[1])
        return known

    def _op(self, op: Any) -> None:
        taken = self._taken(op.graph)[1]
        if self._asked is not None:
            if self._part(self._asked, op.name):
                self._made.append(op.name)
                _take(op.name, taken)
                return
            self._settle()
        *outer, last = op.name.split("/")
        scopes = _scopes("/".join(outer))
        making = Making(
            "variable" if op.type in VARIABLES else "op", op.name, last, scopes, self._place(),
            store=self._store(), type=op.type,
        )  # fmt: skip
        numbered = re.fullmatch(r"(.+)(_\d+)", last)
        head = "/".join([*outer, numbered[1]]).lower() if numbered else ""
        making.pieces = list(scopes.names)
        if numbered and head in taken:
            making.base = numbered[1]
            making.pieces += [(numbered[1], "base"), (numbered[2], "suffix")]
        else:
            making.pieces.append((last, "base"))
        _take(op.name, taken)
        self.makings.append(making)

    def _getting(self, scope: Any, name: str, reuse: Any) -> None:
        self._settle()
        self._taken(tf.get_default_graph())
        scopes = _scopes(tf.get_default_graph().get_name_scope())
        own = [(f"{part}/", "state") for part in scope.name.split("/") if part]
        if own != [(text, "state") for text, _ in scopes.variables]:
            scopes = Scopes(tuple((text, _reuse(scope.reuse)) for text, _ in own), scopes.names)
        left = [text for text, _ in own]
        skipped = []
        for text, _ in scopes.names:
            if text in left:
                left.remove(text)
            else:
                skipped.append((text, "skip"))
        full = f"{scope.name}/{name}" if scope.name else name
        self._asked = Making("got", full, name, scopes, self._place(), type=_reuse(reuse))
        self._asked.pieces = [*own, *skipped, (name, "base")]
        self._asked.before = self._store()
        self._made = []

    def _part(self, asked: Making, name: str) -> bool:
        """Whether an op belongs to the variable that get_variable was asked for."""
        if name == asked.name or name.startswith(asked.name + "/"):
            return True
        # Where the name is taken in the graph its nodes get a number, until it is in the store.
        numbered = re.match(re.escape(asked.name) + r"_\d+(/|$)", name)
        return numbered is not None and asked.name not in self._store()

    def _settle(self, failed: bool = False) -> None:
        """Ends the get_variable that was going on: was it made, shared or refused?"""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        asked.store = self._store()
        if asked.name in (asked.before or ()):
            asked.kind = "shared" if asked.type and not failed else "refused"
        elif not self._made or (failed and asked.name not in asked.store):
            asked.kind = "refused"
        elif suffix := self._suffix(asked):
            asked.name += suffix
            asked.pieces.append((suffix, "suffix"))
        self.makings.append(asked)

    def _suffix(self, asked: Making) -> str:
        """The number that the made variable's node got, as `_1`; empty where its name was free."""
        made = self._stored[0].get(asked.name)
        given = made.op.name if isinstance(made, tf.Variable) else ""
        numbered = re.fullmatch(re.escape(asked.name) + r"(_\d+)", given)
        return numbered[1] if numbered else ""

    def _store(self) -> tuple[str, ...]:
        found = tf.get_variable_store().variables
        if found == self._stored[0]:
            return self._stored[1]
        self._stored = (found, tuple(found))
        for name, variable in found.items():
            shape = sizes_text(variable.shape.as_list())
            self.described[name] = f"{shape} {variable.dtype.base_dtype.name}"
        return self._stored[1]

    def _place(self) -> tuple[str, int] | None:
        """The learner's file and line: of a cell its own line, else the nearest line outside."""
        frame: Any = sys._getframe(2)
        found = None
        while frame is not None:
            file = frame.f_code.co_filename
            if self.filename is None:
                room = frame.f_globals.get("__name__", "").partition(".")[0]
                if room not in SILENT:
                    return file, frame.f_lineno
            elif file == self.filename:
                found = file, frame.f_lineno
            frame = frame.f_back
        return found


def _take(name: str, taken: set[str]) -> None:
    """Notes that an op's name and its scopes' names are in use."""
    parts = name.lower().split("/")
    taken.update("/".join(parts[: i + 1]) for i in range(len(parts)))


def _reuse(reuse: Any) -> str:
    if reuse is tf.AUTO_REUSE:
        return "AUTO_REUSE"
    return "reuse=True" if reuse else ""


def _scopes(prefix: str) -> Scopes:
    """The open scopes, `prefix` being the name scope without its last slash."""
    stack = tf.get_variable_scope_stack()
    current = stack[-1]
    opened = {scope.original_name_scope for scope in stack if scope.name}
    # A scope that is entered again by its object keeps its first name scope, yet opens a new one.
    entered = {scope.name.rpartition("/")[2] for scope in stack if scope.name}
    pieces, path = [], ""
    for part in prefix.split("/") if prefix else []:
        path += f"{part}/"
        again = re.fullmatch(r"(.+)_\d+", part)
        of_variables = path in opened or (again is not None and again[1] in entered)
        pieces.append((f"{part}/", "state" if of_variables else "given"))
    reuse = {scope.name: _reuse(scope.reuse) for scope in stack}
    rows, path = [], ""
    for part in current.name.split("/") if current.name else []:
        path = f"{path}/{part}" if path else part
        rows.append((f"{part}/", reuse.get(path, "")))
    return Scopes(tuple(rows), tuple(pieces))
