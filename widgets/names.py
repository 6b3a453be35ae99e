"""The story of names: which scopes are open, and how each name is put together piece by piece."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Sequence
from typing import Any

from .namesheet import ON_PAGE, Sheet, call_of, cut
from .naming import Making, Names, Scopes
from .story import Rich, Story, b, code, code_lines, plural, predict, rich

MANY = 60  # names told one by one


def names(seen: Names, *, title: str = "Names") -> Story:
    """How the names that were made while `seen` watched were put together."""
    return _Teller(seen, _Code(seen), title).story()


def names_cell(
    source: str, filename: str, seen: Names, error: BaseException | None = None
) -> Story:
    """The same for one cell, with its code; `error` is what the cell raised."""
    return _Teller(seen, _Code(seen, source), "Names", error).story()


class _Code:
    """The lines shown, the one that made each name, and the `with` lines around it."""

    def __init__(self, seen: Names, source: str | None = None) -> None:
        self.source, self.filename = source, seen.filename
        if source is not None:
            self.shown = code_lines(source)
            self._withs = _withs(source)
            return
        places = sorted({m.place for m in seen.makings if m.place})
        places = [place for place in places if linecache.getline(*place).strip()]
        self._index = {place: i for i, place in enumerate(places)}
        self.shown = []
        for file, number in places:
            text = linecache.getline(file, number).strip()
            self.shown += code_lines(text, number)[:1]
        self._withs = []

    def line(self, making: Making) -> int | None:
        """The index of the line that made a name."""
        if making.place is None:
            return None
        if self.source is None:
            return self._index.get(making.place)
        return making.place[1] - 1 if making.place[1] <= len(self.shown) else None

    def stop(self, error: BaseException) -> int | None:
        """The index of the cell's own line that raised."""
        trace, found = error.__traceback__, None
        while trace is not None and found is None:
            if trace.tb_frame.f_code.co_filename == self.filename:
                found = trace.tb_lineno - 1
            trace = trace.tb_next
        return found if found is not None and found < len(self.shown) else None

    def opening(self, making: Making) -> int | None:
        """The index of the innermost `with` line around it, or its own line."""
        own = self.line(making)
        if own is None:
            return None
        around = [first for first, last in self._withs if first - 1 < own <= last - 1]
        return max(around) - 1 if around else own


def _withs(source: str) -> list[tuple[int, int]]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []  # a cell with magics: scopes are told at the line that made the name
    found = [node for node in ast.walk(tree) if isinstance(node, ast.With)]
    return [(node.lineno, node.end_lineno or node.lineno) for node in found]


def _first_names(makings: Sequence[Making]) -> list[Making]:
    """As many as are told: what was only noted does not count."""
    out: list[Making] = []
    for making in makings:
        if making.kind != "scope" and sum(m.kind != "scope" for m in out) == MANY:
            break
        out.append(making)
    return out


class _Teller:
    """Fills the sheet step by step."""

    def __init__(
        self, seen: Names, lines: _Code, title: str, error: BaseException | None = None
    ) -> None:
        self.seen, self.lines, self.error = seen, lines, error
        self.makings = _first_names(seen.makings)
        self.named = [m for m in self.makings if m.kind != "scope"]
        self.sheet = Sheet(self.makings, seen.described, [_rule(m) for m in self.named])
        for making, item in zip(self.named, self.sheet.results, strict=True):
            line = lines.line(making)
            if line is not None:
                self.sheet.info[item]["line"] = line
        self.marks: dict[str, set[str]] = {"state": set(), "given": set()}  # on open scopes
        self.notes: set[str] = set()
        self.held: set[str] = set()  # stored variables in sight
        self.tale = Story(
            title,
            "how each name is put together",
            drawing={"w": self.sheet.width, "h": self.sheet.height, "items": self.sheet.items},
            info=self.sheet.info,
            lines=lines.shown,
            start={"ghost": self.sheet.unseen(), "hide": self.sheet.put_away()},
            note="trees of scopes, the variable store, and how names are put together",
        )

    def story(self) -> Story:
        """A frame for each change of scopes and for each name."""
        before: Scopes | None = None
        store: Sequence[str] = ()
        if self.makings:  # what earlier cells have stored is not new here
            first = self.makings[0]
            store = first.store if first.before is None else first.before
        i = 0
        for making in self.makings:
            noted = making.kind == "scope"
            if making.scopes != before:
                if making.scopes != Scopes() or before is not None:
                    line = self.lines.line(making) if noted else self.lines.opening(making)
                    self._scopes(making.scopes, before, line, store)
                before = making.scopes
            if not noted:
                self._named(i, making)
                i += 1
            store = making.store
        self._end()
        return self.tale

    def _scopes(
        self, scopes: Scopes, before: Scopes | None, line: int | None, store: Sequence[str]
    ) -> None:
        """A frame in which scopes open or close."""
        keep, drop, fresh = self._to(scopes, store)
        self.tale.frame(*self._opened(scopes, before), line=line, now=fresh, keep=keep, drop=drop)

    def _named(self, i: int, making: Making) -> None:
        """A frame in which a name is made, shared or refused."""
        keep, drop, fresh = self._to(making.scopes, making.store)
        page = i // ON_PAGE
        drop["ghost"] |= self.sheet.own[i]
        drop["hide"] |= self.sheet.pages[page]
        if i and i % ON_PAGE == 0:
            keep["hide"] |= self.sheet.pages[page - 1]
        refused = making.kind == "refused"
        result = set() if refused else {self.sheet.results[i]}
        if making.kind in ("shared", "refused") and making.name in self.sheet.stored:
            fresh = {self.sheet.stored[making.name]}
        self.tale.frame(
            *self._told(making), line=self.lines.line(making), now=fresh | result, keep=keep,
            drop=drop, predict=self._question(i), error=refused,
        )  # fmt: skip

    def _to(self, scopes: Scopes, store: Sequence[str]) -> tuple[Any, Any, set[str]]:
        """Marks to put on and take off for these scopes and stored variables; what is new."""
        marks, notes = self.sheet.open_rows(scopes), self.sheet.notes_of(scopes)
        held = {self.sheet.stored[name] for name in store if name in self.sheet.stored}
        keep = {mark: rows - self.marks[mark] for mark, rows in marks.items()}
        drop = {mark: self.marks[mark] - rows for mark, rows in marks.items()}
        fresh = (keep["state"] | keep["given"] | held - self.held) - self._roots()
        fresh = fresh if self.tale.frames else set()
        keep["hide"], drop["hide"] = self.notes - notes, set(notes)
        keep["ghost"] = self.held - held  # a new graph has a store of its own
        drop["ghost"] = self.sheet.with_links([*marks["state"], *marks["given"], *held])
        self.marks, self.notes, self.held = marks, notes, held
        return keep, drop, fresh

    def _roots(self) -> set[str]:
        return {self.sheet.scopes[k, ""] for k in (0, 1)}

    def _question(self, i: int) -> dict[str, Any] | None:
        """Asked once, at the first name where scopes or numbers do something."""
        worth = [
            k for k, m in enumerate(self.named)
            if k and m.kind in ("got", "variable", "op")
            and any(role in ("skip", "suffix") for _, role in m.pieces)
        ]  # fmt: skip
        if not worth or worth[0] != i:
            return None
        making = self.named[i]
        what = (
            rich("the next ", code(making.type)) if making.kind == "op" else [code(call_of(making))]
        )
        return predict("What will ", *what, " be called?", answer=making.name)

    def _opened(self, scopes: Scopes, before: Scopes | None) -> Rich:
        if scopes == Scopes():
            return rich("All scopes are closed again: names begin with nothing.")
        variable = "".join(text for text, _ in scopes.variables).rstrip("/")
        name = "".join(text for text, _ in scopes.names).rstrip("/")
        parts = []
        if variable:
            parts.append(rich("the variable scope ", b(variable)))
        if name and name == variable:
            parts.append(rich("a name scope of the same name"))
        elif name:
            parts.append(rich("the name scope ", b(name)))
        both = rich(parts[0], " and ", parts[1]) if len(parts) == 2 else parts[0]
        start = "Now open: " if before is not None else "Open: "
        return rich(start, *both, ".", *self._again(scopes), *_sharing(scopes))

    def _again(self, scopes: Scopes) -> Rich:
        """Why a variable scope's name scope has a number that the variable scope has not."""
        own = {text for text, _ in scopes.variables}
        for text, kind in scopes.names:
            plain = re.sub(r"_\d+/$", "/", text)
            if kind == "state" and text not in own and plain in own:
                return rich(
                    " The variable scope ", b(plain[:-1]), " is entered again and keeps its name; "
                    "its name scope must be new, so it is ", b(text[:-1]), ".",
                )  # fmt: skip
        return []

    def _told(self, making: Making) -> Rich:
        place = self.lines.line(making)
        number = f"Line {self.lines.shown[place]['n']}: " if place is not None else ""
        if making.kind == "refused" and self.error is not None and making is self.makings[-1]:
            return rich(b(number), *_refusal(making, self.error))
        if making.kind == "refused":
            return rich(b(number), *_refusal(making, None))
        return rich(b(number), _rule(making), " Its name is " if making.kind != "shared" else
                    " It is ", b(making.name), ".")  # fmt: skip

    def _end(self) -> None:
        left = sum(m.kind != "scope" for m in self.seen.makings) - len(self.named)
        if left:
            self.tale.frame(f"In the same way {plural(left, 'more name')[:-1]}s are made.")
        told = bool(self.makings) and self.makings[-1].kind == "refused" and not left
        if self.error is not None and not told:
            line = self.lines.stop(self.error)
            place = "The cell" if line is None else f"Line {self.lines.shown[line]['n']}"
            self.tale.frame(
                b(place), " stops with ", b(type(self.error).__name__), ": ",
                *explained(self.error), line=line, error=True,
            )  # fmt: skip
        elif not self.makings:
            self.tale.frame("No name was made: the cell adds nothing to the graph.")


def _sharing(scopes: Scopes) -> Rich:
    on = [more for _, more in scopes.variables if more]
    if not on:
        return []
    what = {
        "AUTO_REUSE": "a variable that is there is shared, any other is made.",
        "reuse=True": "get_variable only shares here and makes nothing.",
    }
    return rich(" ", code(on[-1]), ": ", what.get(on[-1], ""))


def _rule(making: Making) -> str:
    """The rule that made this name, in one sentence."""
    roles = {role for _, role in making.pieces}
    skipped = "".join(text for text, role in making.pieces if role == "skip")
    if making.kind == "shared":
        return "It is in the variable store and reuse is on: the same variable comes back."
    if making.kind == "refused" and making.name not in making.store:
        return "Under reuse=True get_variable makes nothing, and there is nothing to share."
    if making.kind == "refused":
        return "get_variable makes no second variable of one name."
    if making.kind == "got":
        if skipped:
            return f"get_variable looks only at variable scopes: {skipped} is skipped."
        if making.pieces[-1][1] == "suffix":
            number = making.pieces[-1][0]
            known = f"get_variable knows no {_asked(making)} yet"
            return f"{known}; as a node's name it is taken: {number}."
        return "get_variable puts the variable scopes before the name, and nothing else."
    whole = "tf.Variable" if making.kind == "variable" else "An op"
    number = "".join(text for text, role in making.pieces if role == "suffix")
    taken = f", and {number} since the name is taken" if number else ""
    if not roles & {"state", "given"}:
        return f"No name scope is open: the name stands alone{taken}."
    return f"{whole} takes the whole name scope{taken}."


def _asked(making: Making) -> str:
    """The name under which the variable store knows what get_variable made."""
    roles = ("state", "base")
    return "".join(text for text, role in making.pieces if role in roles)


def _refusal(making: Making, error: BaseException | None) -> Rich:
    """What went wrong, and the way out."""
    kind = b(type(error).__name__ if error is not None else "ValueError")
    start = rich("get_variable refuses with ", kind, ": ")
    if making.name not in making.store and making.type == "reuse=True":
        return rich(start, b(making.name), " is not in the variable store, and with ",
                    code("reuse=True"), " none is made. ", code("tf.AUTO_REUSE"), " makes it the "
                    "first time.")  # fmt: skip
    if making.name in making.store and not making.type:
        return rich(
            start, b(making.name), " is in the variable store already, and nobody said that it is "
            "to be shared. Ask for it with ", code("reuse=True"), " or ", code("tf.AUTO_REUSE"),
            " in the variable scope.",
        )  # fmt: skip
    return rich(start, *explained(error or ValueError("it could not make the variable.")))


_VALID = (
    "A name is made of letters, digits and _ . - /, and begins with a letter, a digit or a dot."
)
_REASONS = (
    (
        r"('.*'|`.*`) is not a valid",
        lambda m: rich(code(m[1].strip("'`")), " is no name. ", _VALID),
    ),
    (
        r"share variable (.*), but specified (shape|dtype) (.*) and found \2 (.*?)(?:_ref)?\.",
        lambda m: rich("the ", b(m[1]), f" that is there has {m[2]} {m[4]} and cannot be had with "
                       f"{m[2]} {m[3]}: who shares takes it as it is."),
    ),
    (
        r"Variable (.*) did not get an initializer",
        lambda m: rich("the new variable ", b(m[1]), " needs a shape, as in ",
                       code(f'tf.get_variable("{m[1]}", [1])'), "."),
    ),
    (r"If default_name is None", lambda m: rich("a variable scope needs a name.")),
)  # fmt: skip


def explained(error: BaseException) -> Rich:
    """An error about names in plain words, any other in its own first line."""
    message = str(error).strip() or "no message"
    for pattern, told in _REASONS:
        if found := re.search(pattern, message):
            return told(found)
    return rich(cut(message.splitlines()[0], 400))
