"""The picture of names: two trees of scopes, the variable store, and each name in its pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .naming import Making, Scopes

ON_PAGE = 4  # names in sight at once
WIDTH, GAP = 464.0, 12.0
LINE, CHAR = 21, 7.4
ROW = 66  # the height of one name with its call and its rule
MOST_ROWS, MOST_STORED = 9, 8
INDENT = 15


def cut(text: str, limit: int) -> str:
    """A long text with its end left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def call_of(making: Making) -> str:
    """The call that asked for a name, as a learner writes it."""
    if making.kind == "variable":
        return f'tf.Variable(…, name="{making.base}")'
    if making.kind == "op":
        return f"an op: {making.type}"
    return f'tf.get_variable("{making.base}")'


def _result(making: Making) -> str:
    return "✕ ValueError" if making.kind == "refused" else making.name


class Sheet:
    """Lays out the panes and a row for each name; says which items stand for a state."""

    def __init__(
        self, makings: Sequence[Making], described: dict[str, str], rules: Iterable[str]
    ) -> None:
        self.makings, self.described = makings, described
        self.items: list[dict[str, Any]] = []
        self.info: dict[str, dict[str, Any]] = {}
        self.scopes: dict[tuple[int, str], str] = {}  # (pane, path) -> its row
        self.kinds: dict[str, str] = {}  # a row -> "state" or "given"
        self.links: dict[str, str] = {}  # a row -> the line to the row above it
        self.notes: dict[tuple[str, str], str] = {}  # (path, reuse) -> its words
        self.stored: dict[str, str] = {}
        self.pages: dict[int, set[str]] = {}
        self.own: list[set[str]] = []  # a name's items
        self.results: list[str] = []  # the item that holds the whole name
        self.named = [m for m in makings if m.kind != "scope"]
        self.width = max([WIDTH, *(self._room(m) for m in self.named)])
        self._top = self._store(self._trees() + GAP) + 16
        for i, (making, rule) in enumerate(zip(self.named, rules, strict=True)):
            self._name(i, making, rule)
        self.height = self._top + ROW * min(max(len(self.named), 1), ON_PAGE) - 8

    def _put(self, name: str, kind: Sequence[str], x: float, y: float, w: float, h: float,
             *shapes: Any) -> None:  # fmt: skip
        place = {"x": round(x, 1), "y": round(y, 1), "w": round(w, 1), "h": round(h, 1)}
        shown = [list(shape) for shape in shapes]
        self.items.append({"id": name, "kind": ["shape", *kind], **place, "shapes": shown})

    def _pane(self, name: str, title: str, x: float, y: float, w: float, h: float) -> None:
        box = {"x": -w / 2, "y": -h / 2, "width": w, "height": h, "rx": 8}
        words = {"class": "name strong left muted", "x": 11 - w / 2, "y": 19 - h / 2}
        self._put(name, ["pane"], x + w / 2, y + h / 2, w, h, ("rect", box), ("text", words, title))

    def _row(self, name: str, x: float, y: float, text: str, style: str, kind: str = "row") -> None:
        w = CHAR * len(text) + 12
        box = {"x": -w / 2, "y": -9, "width": w, "height": 18, "rx": 4}
        words = ("text", {"class": f"mono {style}".strip(), "x": 0, "y": 4}, text)
        self._put(name, [kind], x + w / 2, y, w, 18, ("rect", box), words)

    # the trees

    def _trees(self) -> float:
        """The panes of variable scopes and of name scopes; their lower edge."""
        wide = (self.width - GAP) / 2
        trees = [_tree([m.scopes for m in self.makings], k) for k in (0, 1)]
        height = 36 + LINE * (1 + min(max(len(tree) for tree in trees), MOST_ROWS))
        titles = ("variable scopes", "name scopes")
        for k, (title, tree) in enumerate(zip(titles, trees, strict=True)):
            left = k * (wide + GAP)
            self._pane(f"pane{k}", title, left, 0, wide, height)
            self._root(k, left + 8, height)
            rows = {"": 0}
            for n, (path, (text, depth, kind)) in enumerate(tree.items(), 1):
                if n > MOST_ROWS:
                    self._row(f"more{k}", left + 8, 38 + LINE * n - 9, "…", "muted")
                    break
                self._scope(k, n, path, text, depth, kind, left, rows)
        reuse = {(path, more) for m in self.makings for path, more in m.scopes.paths(0) if more}
        for path, more in sorted(reuse):
            self._note(path, more, wide)
        return height

    def _root(self, k: int, left: float, height: float) -> None:
        name = f"scope{k}.0"
        self.scopes[k, ""] = name
        self.kinds[name] = ("state", "given")[k]
        self._row(name, left, 38, "/", "muted")

    def _scope(
        self, k: int, n: int, path: str, text: str, depth: int, kind: str, left: float,
        rows: dict[str, int],
    ) -> None:  # fmt: skip
        name = f"scope{k}.{n}"
        self.scopes[k, path] = name
        self.kinds[name] = kind
        x, y = left + 8 + INDENT * depth, 38 + LINE * n
        room = int(((self.width - GAP) / 2 - 20 - INDENT * depth) / CHAR)
        above = path[: len(path) - len(text)]
        rise = LINE * (n - rows[above]) - 9
        rows[path] = n
        link = ("path", {"d": f"M-5 {-rise}V0H1"})
        self.links[name] = f"link{k}.{n}"
        self._put(f"link{k}.{n}", ["rule"], x, y, 10, 18, link)
        self._row(name, x, y, cut(text, room), "")
        self.info[name] = {"name": path.rstrip("/"), "type": ("variable scope", "name scope")[k]}

    def _note(self, path: str, more: str, wide: float) -> None:
        row = self.scopes.get((0, path))
        place = next((item for item in self.items if item["id"] == row), None)
        if place is None:
            return
        name = f"note{len(self.notes)}"
        self.notes[path, more] = name
        x = min(place["x"] + place["w"] / 2 + 6, wide - 8 - 6.4 * len(more))
        words = ("text", {"class": "value left state", "x": 0, "y": 4}, more)
        self._put(name, [], x, place["y"], 10, 10, words)

    def _store(self, top: float) -> float:
        """The pane of stored variables; its lower edge."""
        stored = list(dict.fromkeys(name for m in self.makings for name in m.store))
        lines = min(max(len(stored), 1), MOST_STORED)
        self._pane("pane2", "variable store", 0, top, self.width, 36 + LINE * lines - 6)
        room = int((self.width - 24) / CHAR)
        for i, name in enumerate(stored[:MOST_STORED]):
            last = i == MOST_STORED - 1 and len(stored) > MOST_STORED
            text = f"{name}  {self.described.get(name, '')}"
            text = f"and {len(stored) - i} more" if last else text
            self.stored[name] = f"stored{i}"
            self._row(f"stored{i}", 8, top + 38 + LINE * i - 3, cut(text, room), "")
        return top + 36 + LINE * lines - 6

    # names

    def _room(self, making: Making) -> float:
        texts = [text for text, _ in making.pieces]
        whole = sum(CHAR * len(t) + 20 for t in texts) + CHAR * len(_result(making)) + 50
        return min(whole, 1400)

    def _name(self, i: int, making: Making, rule: str) -> None:
        """One name: the call, its pieces in boxes, an arrow, the name, and the rule in words."""
        y = self._top + ROW * (i % ON_PAGE)
        ids: list[str] = []

        def put(kind: Sequence[str], x: float, w: float, *shapes: Any, dy: float = 25) -> None:
            ids.append(f"name{i}.{len(ids)}")
            self._put(ids[-1], kind, x + w / 2, y + dy, w, 22, *shapes)

        room = int(self.width / CHAR)
        head = ("text", {"class": "mono strong left", "x": -5, "y": 4}, cut(call_of(making), room))
        put([], 0, 10, head, dy=4)
        x = 0.0
        for text, role in making.pieces:
            w = CHAR * len(text) + 14
            put(_piece_kind(role), x, w, *_box(text, w, role))
            x += w + 5
        put([], x, 20, ("text", {"class": "name muted", "x": 0, "y": 4}, "→"))
        result = _result(making)
        w = CHAR * len(result) + 18
        refused = making.kind == "refused"
        put(["wrong"] if refused else [], x + 25, w,
            *_box(result, w, "wrong" if refused else "strong"))  # fmt: skip
        self.results.append(ids[-1])
        words = {"class": "name muted left", "x": -5, "y": 4}
        put([], 0, 10, ("text", words, cut(rule, int(self.width / 5.9))), dy=47)
        self.own.append(set(ids))
        self.pages.setdefault(i // ON_PAGE, set()).update(ids)
        kind = "" if making.kind in ("got", "shared", "refused") else making.type
        about = {"name": making.name, "type": kind}
        self.info[self.results[-1]] = {key: value for key, value in about.items() if value}

    # what stands for a state

    def open_rows(self, scopes: Scopes) -> dict[str, set[str]]:
        """For each mark, the rows of the scopes that are open."""
        marks: dict[str, set[str]] = {"state": set(), "given": set()}
        for k in (0, 1):
            for path, _ in scopes.paths(k) or [("", "")]:
                row = self.scopes.get((k, path))
                if row is not None:
                    marks[self.kinds[row]].add(row)
        return marks

    def notes_of(self, scopes: Scopes) -> set[str]:
        """What stands beside the open variable scopes that share."""
        return {self.notes[key] for key in scopes.paths(0) if key in self.notes}

    def with_links(self, rows: Iterable[str]) -> set[str]:
        """Rows and the lines that lead to them."""
        rows = set(rows)
        return rows | {self.links[row] for row in rows if row in self.links}

    def unseen(self) -> set[str]:
        """Everything that is not there before the first name: ghosts."""
        rows = [name for (_, path), name in self.scopes.items() if path]
        return self.with_links([*rows, *self.stored.values()]).union(*self.own)

    def put_away(self) -> set[str]:
        """What is hidden at first: notes, and the names of later pages."""
        later = [ids for number, ids in self.pages.items() if number]
        return set(self.notes.values()).union(*later)


def _tree(states: Sequence[Scopes], k: int) -> dict[str, tuple[str, int, str]]:
    """Each scope's path with its last piece, depth and kind, children right below their parent."""
    found: dict[str, tuple[str, int, str]] = {}
    below: dict[str, list[str]] = {"": []}
    for scopes in states:
        side = (scopes.variables, scopes.names)[k]
        parent = ""
        for depth, (text, more) in enumerate(side, 1):
            path = parent + text
            kind = "state" if k == 0 or more == "state" else "given"
            if path not in found:
                below[parent].append(path)
                below[path] = []
            if path not in found or kind == "state":
                found[path] = (text, depth, kind)
            parent = path
    order, stack = [], list(reversed(below[""]))
    while stack:
        order.append(stack.pop())
        stack += reversed(below[order[-1]])
    return {path: found[path] for path in order}


def _piece_kind(role: str) -> list[str]:
    return {"state": ["state"], "given": ["given"], "skip": ["pane"], "suffix": ["dashed"]}.get(
        role, ["pane"]
    )


def _box(text: str, w: float, role: str) -> list[Any]:
    style = {"skip": "struck", "suffix": "now", "strong": "strong", "wrong": "wrong"}.get(role, "")
    box = {"x": -w / 2, "y": -11, "width": w, "height": 22, "rx": 5}
    return [("rect", box), ("text", {"class": f"mono {style}".strip(), "x": 0, "y": 4}, text)]
