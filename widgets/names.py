"""The story of names: which scopes are open, and how each name is put together piece by piece."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Sequence
from typing import Any

from .naming import Making, Names, Scopes
from .story import Rich, Story, b, code, code_lines, plural, predict, rich

MANY = 60  # names told one by one
ON_PAGE = 4  # names in sight at once
ROW, LINE, CHAR = 70, 17, 7.4


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
        self.source = source
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


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


class _Teller:
    """Lays out the three panes and a row for each name, then fills them step by step."""

    def __init__(
        self, seen: Names, lines: _Code, title: str, error: BaseException | None = None
    ) -> None:
        self.seen, self.lines, self.error = seen, lines, error
        self.makings = seen.makings[:MANY]
        self.items: list[dict[str, Any]] = []
        self.info: dict[str, dict[str, Any]] = {}
        self.rows: dict[Any, str] = {}  # a pane's row -> its item
        self.hidden: set[str] = set()
        self.pages: dict[int, set[str]] = {}
        self.own: list[set[str]] = []
        self.width = max([600.0, *(self._room(m) for m in self.makings)])
        self.top = self._panes() + 22
        for i, making in enumerate(self.makings):
            self._name(i, making)
        self.height = self.top + ROW * min(max(len(self.makings), 1), ON_PAGE)
        self.tale = Story(
            title,
            "how each name is put together",
            drawing={"w": self.width, "h": self.height, "items": self.items},
            info=self.info,
            lines=lines.shown,
            start={
                "ghost": {i for ids in self.own for i in ids},
                "hide": self.hidden | {i for n, ids in self.pages.items() if n for i in ids},
            },
            note="scopes, the variable store, and how names are put together",
        )

    # drawing

    def _put(self, name: str, kind: Sequence[str], x: float, y: float, w: float, h: float,
             *shapes: Any) -> None:  # fmt: skip
        place = {"x": round(x, 1), "y": round(y, 1), "w": round(w, 1), "h": h}
        shown = [list(shape) for shape in shapes]
        self.items.append({"id": name, "kind": ["shape", *kind], **place, "shapes": shown})

    def _panes(self) -> float:
        """The panes of open scopes and stored variables; their lower edge."""
        states = [m.scopes for m in self.makings]
        deep = max([1, *(len(side) for s in states for side in (s.variables, s.names))])
        stored = list(dict.fromkeys(name for m in self.makings for name in m.store))
        height = 38 + LINE * max(deep, min(len(stored), 8), 1)
        wides = [(self.width - 24) / 3 * share for share in (1.0, 0.75, 1.25)]
        lefts = [0.0, wides[0] + 12, wides[0] + wides[1] + 24]
        rooms = [int((wide - 24) / CHAR) for wide in wides]
        for k, title in enumerate(("variable scopes", "name scopes", "variable store")):
            x, wide = lefts[k], wides[k]
            box = {"x": -wide / 2, "y": -height / 2, "width": wide, "height": height, "rx": 8}
            words = {"class": "name strong left muted", "x": 10 - wide / 2, "y": 18 - height / 2}
            self._put(f"pane{k}", ["pane"], x + wide / 2, height / 2, wide, height,
                      ("rect", box), ("text", words, title))  # fmt: skip
        for scopes in dict.fromkeys(states):
            for k, side in enumerate((scopes.variables, scopes.names)):
                for depth, (text, more) in enumerate(side):
                    self._scope_row(k, depth, text, more, lefts[k], rooms[k] - 2 * depth)
                if not side:
                    self._row((k, 0, "", ""), "none open", "small left", lefts[k] + 12, 0)
        for i, name in enumerate(stored):
            if i < 8:
                last = f"and {len(stored) - 7} more" if i == 7 and len(stored) > 8 else ""
                text = last or _cut(f"{name} {self.seen.described.get(name, '')}", rooms[2])
                self._row(("store", name), text, "mono left", lefts[2] + 12, i)
        return height

    def _scope_row(self, k: int, depth: int, text: str, more: str, x: float, room: int) -> None:
        style = "state" if k == 0 or more == "state" else "given"
        note = f"  {more}" if k == 0 and more else ""
        self._row((k, depth, text, more), _cut(text + note, room), f"mono left {style}",
                  x + 12 + 14 * depth, depth)  # fmt: skip

    def _row(self, key: Any, text: str, style: str, x: float, line: int) -> None:
        if key in self.rows:
            return
        name = f"row{len(self.rows)}"
        self.rows[key] = name
        self.hidden.add(name)
        y = 42 + LINE * line
        self._put(name, [], x, y, 10, 10, ("text", {"class": style, "x": 0, "y": 0}, text))

    def _room(self, making: Making) -> float:
        texts = [text for text, _ in making.pieces]
        whole = sum(CHAR * len(t) + 20 for t in texts) + CHAR * len(_result(making)) + 70
        return min(whole, 1400)

    def _name(self, i: int, making: Making) -> None:
        """One name: the call, its pieces in boxes, an arrow, the name, and the rule in words."""
        y = self.top + ROW * (i % ON_PAGE)
        ids: list[str] = []

        def put(kind: Sequence[str], x: float, w: float, *shapes: Any, dy: float = 26) -> None:
            ids.append(f"name{i}.{len(ids)}")
            self._put(ids[-1], kind, x + w / 2, y + dy, w, 22, *shapes)

        head = ("text", {"class": "mono strong left", "x": -5, "y": 4}, _cut(_call(making), 70))
        put([], 0, 10, head, dy=4)
        x = 0.0
        for text, role in making.pieces:
            w = CHAR * len(text) + 14
            put(_piece_kind(role), x, w, *_box(text, w, role))
            x += w + 5
        put([], x, 20, ("text", {"class": "name muted", "x": 0, "y": 4}, "→"))
        result = _result(making)
        w = CHAR * len(result) + 16
        kind = ["wrong"] if making.kind == "refused" else []
        style = "wrong" if making.kind == "refused" else "strong"
        put(kind, x + 25, w, *_box(result, w, style))
        rule = ("text", {"class": "value muted left", "x": -5, "y": 4}, _rule(making))
        put([], 0, 10, rule, dy=49)
        self.own.append(set(ids))
        self.pages.setdefault(i // ON_PAGE, set()).update(ids)
        about = {"name": making.name, "type": making.type if making.kind != "got" else ""}
        self.info[ids[-2]] = {key: value for key, value in about.items() if value}
        line = self.lines.line(making)
        if line is not None:
            self.info[ids[-2]]["line"] = line

    # telling

    def story(self) -> Story:
        """A frame for each change of scopes and for each name."""
        before: Scopes | None = None
        shown: set[str] = set()
        for i, making in enumerate(self.makings):
            turned = i and i % ON_PAGE == 0
            if making.scopes != before:
                if making.scopes != Scopes() or before is not None:
                    last = self.makings[i - 1].store if i else ()
                    shown = self._step(shown, making, last, i, self._opened(making.scopes, before),
                                       self.lines.opening(making))  # fmt: skip
                before = making.scopes
            page = self.pages[i // ON_PAGE]
            flip = {"hide": self.pages[i // ON_PAGE - 1]} if turned else {}
            shown = self._step(shown, making, making.store, i, self._told(making),
                               self.lines.line(making), new=self.own[i], show=page, keep=flip,
                               ask=making)  # fmt: skip
        self._end()
        return self.tale

    def _step(
        self, shown: set[str], making: Making, store: Sequence[str], i: int, caption: Rich,
        line: int | None, new: set[str] | None = None, show: set[str] | None = None,
        keep: dict[str, set[str]] | None = None, ask: Making | None = None,
    ) -> set[str]:  # fmt: skip
        rows = self._in_sight(making.scopes, store)
        gone = {"hide": (shown - rows) | (keep or {}).get("hide", set())}
        result = f"name{i}.{len(self.own[i]) - 2}"
        refused = ask is not None and ask.kind == "refused"
        self.tale.frame(
            *caption,
            line=line,
            now={result} if new and not refused else (),
            keep=gone,
            drop={"hide": rows | (show or set()), "ghost": new or set()},
            predict=self._question(i) if ask is not None else None,
            error=refused,
        )
        return rows

    def _in_sight(self, scopes: Scopes, store: Sequence[str]) -> set[str]:
        keys: list[Any] = []
        for k, side in enumerate((scopes.variables, scopes.names)):
            keys += [(k, depth, *piece) for depth, piece in enumerate(side)] or [(k, 0, "", "")]
        keys += [("store", name) for name in store]
        return {self.rows[key] for key in keys if key in self.rows}

    def _question(self, i: int) -> dict[str, Any] | None:
        """Asked once, at the first name where scopes or numbers do something."""
        worth = [
            k for k, m in enumerate(self.makings)
            if k and m.kind in ("got", "variable", "op")
            and any(role in ("skip", "suffix") for _, role in m.pieces)
        ]  # fmt: skip
        if not worth or worth[0] != i:
            return None
        making = self.makings[i]
        return predict("What will ", code(_call(making)), " be called?", answer=making.name)

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
        left = len(self.seen.makings) - len(self.makings)
        if left:
            self.tale.frame(f"In the same way {plural(left, 'more name')[:-1]}s are made.")
        told = bool(self.makings) and self.makings[-1].kind == "refused" and not left
        if self.error is not None and not told:
            message = _cut(str(self.error).strip() or "no message", 400)
            self.tale.frame(
                "The cell stops with ", b(type(self.error).__name__), f": {message}", error=True
            )
        elif not self.seen.makings:
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


def _piece_kind(role: str) -> list[str]:
    return {"state": ["state"], "given": ["given"], "skip": ["pane"], "suffix": ["dashed"]}.get(
        role, ["pane"]
    )


def _box(text: str, w: float, role: str) -> list[Any]:
    style = {"skip": "struck", "suffix": "now", "strong": "strong", "wrong": "wrong"}.get(role, "")
    box = {"x": -w / 2, "y": -11, "width": w, "height": 22, "rx": 5}
    return [("rect", box), ("text", {"class": f"mono {style}".strip(), "x": 0, "y": 4}, text)]


def _call(making: Making) -> str:
    if making.kind == "variable":
        return f'tf.Variable(…, name="{making.base}")'
    if making.kind == "op":
        return f"an op: {making.type}"
    return f'tf.get_variable("{making.base}")'


def _result(making: Making) -> str:
    return "✕ ValueError" if making.kind == "refused" else making.name


def _rule(making: Making) -> str:
    """The rule that made this name, in one sentence."""
    roles = {role for _, role in making.pieces}
    skipped = "".join(text for text, role in making.pieces if role == "skip")
    if making.kind == "shared":
        return "It is in the variable store and reuse is on: the same variable comes back."
    if making.kind == "refused":
        return "get_variable makes no second variable of one name."
    if making.kind == "got":
        if skipped:
            return f"get_variable looks only at variable scopes: {skipped} is skipped."
        return "get_variable puts the variable scopes before the name, and nothing else."
    whole = "tf.Variable" if making.kind == "variable" else "An op"
    number = "".join(text for text, role in making.pieces if role == "suffix")
    inside = "takes the whole name scope" if roles & {"state", "given"} else "stands in no scope"
    taken = f", and since the name is taken, the number {number}" if number else ""
    return f"{whole} {inside}{taken}."


def _refusal(making: Making, error: BaseException | None) -> Rich:
    """What went wrong, and the way out."""
    message = str(error) if error is not None else ""
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
    return rich(start, _cut(message or "it could not make the variable.", 400))
