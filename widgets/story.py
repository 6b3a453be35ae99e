"""A Story: one drawing, and frames that say what each step changes. Plain data, no browser.

A drawing is a *layout*, ``{"w", "h", "items"}``, in pixels, with y pointing down. An item is either

- a thing: ``{"id", "kind", "x", "y", "w", "h", "shapes"}`` with ``x, y`` its centre and each shape
  ``[tag, attributes]`` or ``["text", attributes, "words"]`` relative to that centre, and, if it
  folds, ``"inside"`` (a layout), ``"open"`` and ``"small"`` (its folded width and height); or
- an edge: ``{"id", "kind", "path"}``, ``path = [x, y, x, y, ...]`` being cubic Bezier points.

Where a layout has ``"stuck"``, a width, things with ``"stuck": True`` lie within it at the left and
stay in sight when the rest is too wide and moves.

``kind`` is a list of class names, of which player.css and svg.py know the meaning. A graph's are
``node`` with ``op``, ``const``, ``placeholder``, ``variable``, ``noop``, ``scope`` or ``series``,
and ``edge``. Any other picture is made of ``shape`` with ``pane``, ``band``, ``row`` (a box only
once it is marked), ``rule``, ``dashed`` or ``solid`` and a meaning (``state``, ``given``,
``wrong``, ``now``), and of ``edge`` with ``carry`` (values on their way). A text's class says its
size (``name``, ``small``, ``value``, ``mono``, ``strong``), its side (``left``, ``right``) and
its meaning, or ``muted`` or ``struck``.

Every visible state is a *mark* put on an item by its id: ``ghost`` (not yet), ``now``, ``done``,
``given``, ``state``, ``wrong``, ``skip`` (not needed), ``wait``, ``flow`` (an edge that carries a
value), ``hide``.
"""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Rich = list[Any]
Ids = Iterable[str]


def b(text: object) -> list[str]:
    """A bold piece of a caption."""
    return ["b", str(text)]


def code(text: object) -> list[str]:
    """A piece of a caption in the code's own type."""
    return ["code", str(text)]


def rich(*pieces: Any) -> Rich:
    """Caption pieces as plain data: strings, and pairs made by `b` and `code`."""
    out: Rich = []
    for piece in pieces:
        if isinstance(piece, list) and not _is_mark(piece):
            out.extend(rich(*piece))
        elif piece != "" and piece is not None:
            out.append(list(piece) if isinstance(piece, list) else str(piece))
    return out


def plain(pieces: Rich) -> str:
    """The words of a caption without its marks."""
    return "".join(piece if isinstance(piece, str) else piece[1] for piece in pieces)


def _is_mark(piece: list[Any]) -> bool:
    return len(piece) == 2 and piece[0] in ("b", "code") and isinstance(piece[1], str)


def words(names: Sequence[object], limit: int = 6) -> Rich:
    """Names in bold as an English list: `a`, `b` and `c`; a long list ends in `and 9 more`."""
    shown: list[Any] = [b(name) for name in names[:limit]]
    if len(names) > limit:
        shown.append(f"{len(names) - limit} more")
    out: Rich = []
    for i, piece in enumerate(shown):
        out += ["" if i == 0 else " and " if i == len(shown) - 1 else ", ", piece]
    return rich(*out)


def plural(count: int, word: str) -> str:
    """`1 node`, `2 nodes`, `no nodes`."""
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"


def code_lines(source: str, first: int = 1) -> list[dict[str, Any]]:
    """Source text as numbered lines of ``[class, text]`` pieces, the classes being
    ``k`` (keyword), ``s`` (string), ``n`` (number), ``c`` (comment) and an empty one; ``of`` is the
    first line, counted from 0, of a statement that goes on."""
    lines = source.expandtabs(4).splitlines() or [""]
    spans: list[list[tuple[int, int, str]]] = [[] for _ in lines]
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            _note_token(token, spans)
    except (tokenize.TokenError, SyntaxError):
        pass  # half-typed code still gets shown, coloured as far as it could be read
    starts = _starts(source)
    shown: list[dict[str, Any]] = []
    for i, line in enumerate(lines):
        shown.append({"n": first + i, "pieces": _pieces(line, spans[i])})
        if i in starts:
            shown[i]["of"] = starts[i]
    return shown


def _starts(source: str) -> dict[int, int]:
    """For the further lines of a long statement its first, counted from 0."""
    try:
        found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}  # as Python refuses half-typed, strange and very deep code
    spans = []
    for node in found:
        body = [case.pattern for case in node.cases] if isinstance(node, ast.Match) else []
        body = body or getattr(node, "body", [])
        last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        spans.append(range(node.lineno, last))
    return {line: span.start - 1 for span in spans for line in span}


_TOKEN_CLASS = {tokenize.STRING: "s", tokenize.NUMBER: "n", tokenize.COMMENT: "c"}


def _note_token(token: tokenize.TokenInfo, spans: list[list[tuple[int, int, str]]]) -> None:
    name = _TOKEN_CLASS.get(token.type, "")
    if token.type == tokenize.NAME and keyword.iskeyword(token.string):
        name = "k"
    if tokenize.tok_name[token.type].startswith("FSTRING"):
        name = "s"
    if not name:
        return
    (row, start), (last, end) = token.start, token.end
    for r in range(row, min(last, len(spans)) + 1):
        spans[r - 1].append((start if r == row else 0, end if r == last else 1 << 20, name))


def _pieces(line: str, spans: list[tuple[int, int, str]]) -> list[list[str]]:
    out, at = [], 0
    for start, end, name in sorted(spans):
        if line[at:start]:
            out.append(["", line[at:start]])
        if line[max(start, at) : end]:
            out.append([name, line[max(start, at) : end]])
        at = max(at, end)
    if line[at:]:
        out.append(["", line[at:]])
    return out


class Story:
    """A title, some code, one drawing, and frames; each frame holds only what it changes.

    `start` says which marks the items carry before the first frame, such as
    ``{"ghost": every_id}``. `info` maps an item's id to what hovering over it tells:
    name, type, dtype, shape, device, line. `note` says what the picture is to who cannot see it,
    `left_out` what it has no room for.
    """

    def __init__(
        self,
        title: str,
        subtitle: str = "",
        *,
        drawing: Mapping[str, Any] | None = None,
        info: Mapping[str, Mapping[str, Any]] | None = None,
        lines: Sequence[Mapping[str, Any]] = (),
        start: Mapping[str, Ids] | None = None,
        note: str = "",
        left_out: str = "",
    ) -> None:
        self.title, self.subtitle, self.note, self.left_out = title, subtitle, note, left_out
        self.drawing = dict(drawing or {"w": 0, "h": 0, "items": []})
        self.info = {key: dict(value) for key, value in (info or {}).items()}
        self.lines = [dict(line) for line in lines]
        self.start = {mark: sorted(set(ids)) for mark, ids in (start or {}).items() if ids}
        self.frames: list[dict[str, Any]] = []
        self._kept = {mark: set(ids) for mark, ids in self.start.items()}
        self._passing: dict[str, set[str]] = {}
        self._labels: dict[str, str] = {}
        self._values: dict[str, str] = {}

    def frame(
        self,
        *caption: Any,
        line: int | None = None,
        now: Ids = (),
        passing: Mapping[str, Ids] | None = None,
        keep: Mapping[str, Ids] | None = None,
        drop: Mapping[str, Ids] | None = None,
        labels: Mapping[str, str] | None = None,
        values: Mapping[str, str] | None = None,
        panel: Mapping[str, Any] | None = None,
        predict: Mapping[str, Any] | None = None,
        error: bool = False,
    ) -> None:
        """Add one step.

        `line` counts `lines` from 0. `now` and `passing` hold for this frame only; `keep` puts
        marks on for good and `drop` takes them off. `labels` are short texts beside items, `values`
        what hovering tells; both stay until changed. `panel` and `predict` are made by the
        functions of these names.
        """
        before = self._all_marks()
        for mark, ids in (drop or {}).items():
            self._kept.setdefault(mark, set()).difference_update(ids)
        for mark, ids in (keep or {}).items():
            self._kept.setdefault(mark, set()).update(ids)
        self._passing = {mark: set(ids) for mark, ids in (passing or {}).items()}
        self._passing.setdefault("now", set()).update(now)
        frame: dict[str, Any] = {"caption": rich(*caption)}
        frame.update(_difference(before, self._all_marks()))
        for key, given, known in (
            ("labels", labels, self._labels),
            ("values", values, self._values),
        ):
            changed = {i: text for i, text in (given or {}).items() if known.get(i, "") != text}
            known.update(changed)
            if changed:
                frame[key] = changed
        optional = {"line": line, "panel": panel, "predict": predict, "error": error or None}
        frame.update({key: value for key, value in optional.items() if value is not None})
        self.frames.append(frame)

    def _all_marks(self) -> dict[str, set[str]]:
        marks = {mark: set(ids) for mark, ids in self._kept.items()}
        for mark, ids in self._passing.items():
            marks[mark] = marks.get(mark, set()) | ids
        return marks

    def state(self, step: int = -1) -> dict[str, set[str]]:
        """The marks after frame `step`, put together from the deltas as the player does it."""
        marks = {mark: set(ids) for mark, ids in self.start.items()}
        count = step + 1 if step >= 0 else len(self.frames) + step + 1
        for frame in self.frames[:count]:
            for mark, ids in frame.get("remove", {}).items():
                marks[mark] -= set(ids)
            for mark, ids in frame.get("add", {}).items():
                marks.setdefault(mark, set()).update(ids)
        return marks

    def labels(self) -> dict[str, str]:
        """The labels after the last frame."""
        return dict(self._labels)

    def captions(self) -> list[str]:
        """Each frame's caption as plain words."""
        return [plain(frame["caption"]) for frame in self.frames]

    def to_dict(self) -> dict[str, Any]:
        """The whole story as data that JSON can carry."""
        words = ("title", "subtitle", "note", "left_out")
        keys = (*words, "drawing", "info", "lines", "start", "frames")
        return {key: getattr(self, key) for key in keys}

    def __repr__(self) -> str:
        return f"Story {self.title!r}: {plural(len(self.frames), 'frame')}"


def _difference(
    before: Mapping[str, set[str]], after: Mapping[str, set[str]]
) -> dict[str, dict[str, list[str]]]:
    out: dict[str, dict[str, list[str]]] = {}
    for key, old, new in (("add", before, after), ("remove", after, before)):
        delta = {mark: sorted(ids - old.get(mark, set())) for mark, ids in new.items()}
        delta = {mark: ids for mark, ids in delta.items() if ids}
        if delta:
            out[key] = delta
    return out


def predict(
    *prompt: Any,
    answer: str | Sequence[str],
    reveal: Any = "",
    choices: Sequence[str] = (),
) -> dict[str, Any]:
    """A question put before a frame is shown; any of `answer` is right, the first is told."""
    answers = [answer] if isinstance(answer, str) else list(answer)
    asked: dict[str, Any] = {"prompt": rich(*prompt), "answers": answers, "reveal": rich(reveal)}
    if choices:
        asked["choices"] = list(choices)
    return asked


def panel(*title: Any, cols: Sequence[Mapping[str, Any]], note: Any = "") -> dict[str, Any]:
    """A value panel: columns are tables made by `values.table` and signs ``{"sign": "="}``."""
    return {"title": rich(*title), "cols": [dict(col) for col in cols], "note": rich(note)}
