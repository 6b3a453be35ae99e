"""The picture of variables' lives: lanes for sessions and files, bars that run with time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .watching import Happening, Moment

ROW, TOP, HALF = 50, 26, 8  # a row's height, the space above the first, half a bar's height
SHOWN_ROWS = 8
WIDE = 8  # more columns than these are narrow, their labels aslant


def cut_end(text: str, limit: int) -> str:
    """A long text without its end."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


class Lane:
    """A session's rows, one for each variable, or a checkpoint's single row."""

    def __init__(self, label: str, rows: list[str], y: float, more: int = 0) -> None:
        self.label, self.rows, self.y, self.more = label, rows, y, more
        self.height = (len(rows) * ROW - 6 if rows else 34) + (16 if more else 0)


class Timeline:
    """Lanes, bars and marks, laid out once: a column for each moment."""

    def __init__(self, columns: Sequence[Moment], names: Sequence[str]) -> None:
        self.columns, self.names = columns, names
        self.items: list[dict[str, Any]] = []
        self.info: dict[str, dict[str, Any]] = {}
        self.first_seen: dict[str, int] = {}  # an item's column
        self.lanes = self._lanes()
        self.left = self._left()
        longest = max((len(cut_end(m.label, 18)) for m in columns), default=0)
        value = max((len(h.value) for m in columns for h in m.happened), default=0)
        self.narrow = len(columns) > WIDE
        wanted = 7.4 * value if self.narrow else max(7 * longest, 7.4 * value)
        self.step = max(44 if self.narrow else 82, min(wanted + 16, 96 if self.narrow else 132))
        self.slope = 4.4 * longest if self.narrow else 0.0  # how far labels hang down, aslant
        self.height += self.slope
        self._draw()

    def _lanes(self) -> dict[Any, Lane]:
        keys: dict[Any, list[str]] = {}
        for moment in self.columns:
            rows = keys.setdefault(moment.session, [])
            rows += [h.name for h in moment.happened if h.name not in rows]
            if moment.file:
                keys.setdefault(moment.file, [])
        lanes, y = {}, float(TOP)
        for key, rows in keys.items():
            label = self.names[key] if isinstance(key, int) else key
            lanes[key] = Lane(label, rows[:SHOWN_ROWS], y, len(rows) - SHOWN_ROWS)
            lanes[key].more = max(lanes[key].more, 0)
            y += lanes[key].height + 18
        self.height = y + 14
        return lanes

    def _left(self) -> float:
        self.room = max(
            (8.2 * len(cut_end(lane.label, 20)) for lane in self.lanes.values()), default=0
        )
        rows = [7.5 * len(cut_end(row, 24)) for lane in self.lanes.values() for row in lane.rows]
        return 14 + self.room + 18 + max(rows, default=0) + 26

    @property
    def drawing(self) -> dict[str, Any]:
        """The layout, in which the lanes' names stay in sight as time goes by."""
        size = {"w": self.width, "h": self.height}
        return {**size, "items": self.items, "stuck": round(self.left - 20, 1)}

    @property
    def width(self) -> float:
        return self.left + self.step * len(self.columns) + 10

    def _x(self, column: int) -> float:
        return self.left + self.step * (column + 0.5)

    def _put(
        self, name: str, kind: Sequence[str], x: float, y: float, *shapes: Any,
        size: tuple[float, float] = (16, 16), column: int | None = None, stuck: bool = False,
    ) -> None:  # fmt: skip
        item = {"id": name, "kind": ["shape", *kind], "x": round(x, 1), "y": round(y, 1)}
        item |= {"w": size[0], "h": size[1], "shapes": [list(s) for s in shapes]}
        self.items.append(item | {"stuck": True} if stuck else item)
        if column is not None:
            self.first_seen[name] = column

    def _text(self, name: str, x: float, y: float, words: str, style: str, **where: Any) -> None:
        self._put(name, [], x, y, ("text", {"class": style, "x": 0, "y": 4}, words), **where)

    def _draw(self) -> None:
        self._bands()
        for number, (key, lane) in enumerate(self.lanes.items()):
            if number:
                y = lane.y - 28
                path = ("path", {"d": f"M{-self.width / 2} 0H{self.width / 2}"})
                self._put(f"rule{number}", ["rule"], self.width / 2, y, path, size=(self.width, 1),
                          stuck=True)  # fmt: skip
            self._text(f"lane{number}", 10, lane.y, cut_end(lane.label, 20), "name strong left",
                       stuck=True)  # fmt: skip
            for row, name in enumerate(lane.rows):
                x, y = 14 + self.room + 18, lane.y + row * ROW
                self._text(f"row{number}.{row}", x, y, cut_end(name, 24), "mono muted left",
                           stuck=True)  # fmt: skip
            if lane.more:
                x, y = 14 + self.room + 18, lane.y + len(lane.rows) * ROW - 8
                self._text(f"more{number}", x, y, f"and {lane.more} more", "small left", stuck=True)
            if isinstance(key, int):
                for row, name in enumerate(lane.rows):
                    self._life(key, name, f"{number}.{row}", lane.y + row * ROW)
            else:
                self._boxes(key, number, lane.y)

    def _bands(self) -> None:
        for i, moment in enumerate(self.columns):
            x, h = self._x(i), self.height - 4
            box = {"x": -self.step / 2, "y": -h / 2, "width": self.step, "height": h, "rx": 6}
            self._put(f"now{i}", ["pane", "band"], x, h / 2 + 2, ("rect", box), size=(self.step, h))
            label = cut_end(moment.label, 18)
            style = "value wrong" if moment.error else "name muted"
            label = f"✕ {label}" if moment.error else label
            y, words = self.height - 14 - self.slope, {"class": style, "x": 0, "y": 4}
            if self.narrow:
                words |= {"class": f"{style} right", "x": 8, "transform": "rotate(-40)"}
            self._put(f"axis{i}", [], x, y, ("text", words, label), column=i)

    def _life(self, session: int, name: str, key: str, y: float) -> None:
        """One variable's bar in one session, a piece for each column, and its marks."""
        own = [
            h for m in self.columns if m.session == session for h in m.happened if h.name == name
        ]
        alive = own[0].kind in ("write", "death")  # born before anybody watched
        marks: list[tuple[int, Happening]] = []
        for i, moment in enumerate(self.columns):
            own = (
                [h for h in moment.happened if h.name == name] if moment.session == session else []
            )
            kinds = [h.kind for h in own]
            born = not alive and ("birth" in kinds or "write" in kinds)
            alive = alive or born
            dies = "death" in kinds
            if alive:
                self._piece(f"bar{key}.{i}", i, y, born, dies)
            alive = alive and not dies
            marks += [(i, h) for h in own[-1:] if h.kind != "death"]
        taken = {i for i, _ in marks}
        for i, happening in marks:
            side = self._side(i, taken)
            self._mark(f"mark{key}.{i}", i, y, happening, self.names[session], side)

    def _side(self, column: int, taken: set[int]) -> str | None:
        """To which side of a mark in narrow columns words can go, if there is room at all."""
        if not self.narrow:
            return ""
        reach = int(100 / self.step) + 1
        if column >= reach and taken.isdisjoint(range(column - reach, column)):
            return "right"
        return "left" if taken.isdisjoint(range(column + 1, column + reach + 1)) else None

    def _piece(self, name: str, column: int, y: float, born: bool, dies: bool) -> None:
        half = self.step / 2
        x0, x1 = (-11 if born else -half - 0.4), (0 if dies else half + 0.4)  # pieces leave no seam
        top = f"M{x1} {-HALF}H{x0}"
        cap = f"A{HALF} {HALF} 0 0 0 {x0} {HALF}" if born else f"M{x0} {HALF}"
        end = f"A{HALF} {HALF} 0 0 0 {x1} {-HALF}" if dies else ""
        fill = {"x": x0, "y": -HALF, "width": x1 - x0, "height": 2 * HALF}
        shapes = [("rect", fill), ("path", {"d": f"{top}{cap}H{x1}{end}"})]
        self._put(name, ["state", "span"], self._x(column), y, *shapes, column=column)

    def _mark(
        self, name: str, column: int, y: float, happening: Happening, session: str, side: str | None
    ) -> None:
        if happening.kind == "unborn":
            told = self.columns[column].error.removesuffix("Error")
            shapes: list[Any] = [
                ("path", {"d": "M0 -10L10 0L0 10L-10 0Z"}),
                ("path", {"d": "M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5"}),
            ]
            if side is not None:
                x = {"right": 10, "left": -10}.get(side, 0)
                shapes.append(
                    ("text", {"class": f"value wrong {side}".strip(), "x": x, "y": 24}, told)
                )
            kind = ["wrong"]
        else:
            told = cut_end(happening.value, max(6, int(self.step / 7.4)))
            shapes = [
                ("circle", {"r": 5.5}),
                ("text", {"class": "mono strong", "x": 0, "y": 24}, told),
            ]
            kind = ["state", "solid"]
        self._put(name, kind, self._x(column), y, *shapes, column=column)
        facts = {"birth": "born", "write": "written", "unborn": "read before its birth"}
        event = facts[happening.kind] + (f" by {happening.writer}" if happening.writer else "")
        about: dict[str, Any] = {
            "name": f"{happening.name} in {session}",
            "dtype": happening.dtype,
            "shape": happening.shape,
            "value": happening.value,
            "more": [["event", event]],
        }
        self.info[name] = {key: value for key, value in about.items() if value}

    def _boxes(self, file: str, number: int, y: float) -> None:
        """What a checkpoint holds, from each save to the last restore of it."""
        saves = [i for i, m in enumerate(self.columns) if m.file == file and m.saved is not None]
        reads = [i for i, m in enumerate(self.columns) if m.file == file and m.restored]
        starts = saves or reads[:1]
        for start, following in zip(starts, [*starts[1:], len(self.columns)], strict=True):
            end = max([i for i in reads if start <= i < following], default=start)
            x0, x1 = self._x(start) - 22, self._x(end) + 22
            held = self.columns[start].saved or {}
            told = ", ".join(f"{k} = {v}" if v else k for k, v in held.items())
            room = int((x1 - x0 + 2 * self.step - 60) / 7.3)
            told = cut_end(told or "saved earlier", max(12, room))
            x1 = max(x1, x0 + 7.4 * len(told) + 20)
            w = min(x1, self.width - 4) - x0
            box = {"x": -w / 2, "y": -13, "width": w, "height": 26, "rx": 7}
            name = f"file{number}.{start}"
            text = ("text", {"class": "mono", "x": 0, "y": 4}, told)
            self._put(name, ["pane", "dashed"], x0 + w / 2, y, ("rect", box), text, size=(w, 26),
                      column=start)  # fmt: skip
            self.info[name] = {"name": file, "type": "checkpoint file", "value": told}
            for i in [start, *(i for i in reads if start <= i < following)]:
                self._carry(name, i, y, inwards=i in saves)

    def _carry(self, box: str, column: int, y: float, *, inwards: bool) -> None:
        """An arrow from a session's lane to the file that it writes, or back."""
        lane = self.lanes[self.columns[column].session]
        if not lane.rows:
            return
        below = lane.y > y
        border = y + (13 if below else -13)
        row = lane.y - HALF - 2 if below else lane.y + (len(lane.rows) - 1) * ROW + HALF + 2
        x, name = self._x(column), f"{box}.{column}"
        ends = (row, border) if inwards else (border, row)
        path = [x + (k % 2 and ends[0] - x + (ends[1] - ends[0]) * (k // 2) / 3) for k in range(8)]
        mark = f"end{name}"
        self._put(mark, [], x, ends[1], size=(1, 1))
        self.items.append({"id": name, "kind": ["edge", "carry"], "path": path, "to": mark})
        self.first_seen[name] = column
