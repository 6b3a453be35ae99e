"""The story of variables' lives: sessions as lanes, time to the right, values as they change."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .story import Rich, Story, b, code, plural, predict, rich, words
from .watching import Happening, Moment, Watcher

ROW, TOP, HALF = 50, 26, 8  # a row's height, the space above the first, half a bar's height
SHOWN_ROWS = 8
WIDE = 8  # more columns than these are narrow, their labels aslant
SHOWN_RUNS = 3  # of many equal runs in a row so many are shown, and the last


class Lives(Watcher):
    """Watches the learner's sessions as they run, and tells the lives of their variables.

    It watches from its making until `stop()`, or as long as its `with` block; at the end of a
    cell it shows its story, and what it showed grows with every later cell that runs a session.
    """

    def __init__(self) -> None:
        super().__init__()
        self._players: list[Any] = []
        self._told = 0  # moments in the players' stories
        self._events: Any = None  # IPython's, while players follow them

    def __enter__(self) -> Lives:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.stop()

    def story(self, title: str = "Lives of variables") -> Story:
        """The story of what has been seen so far."""
        return lifetimes(self.moments, self.names, title=title)

    def __repr__(self) -> str:
        return repr(self.story())

    def _repr_mimebundle_(self, **options: Any) -> Any:
        from .player import Player

        player = Player(self.story())
        if self.watching:
            self._told = len(self.moments)
            self._players.append(player)
            self._follow()
        return player._repr_mimebundle_(**options)

    def _follow(self) -> None:
        """Lets what is shown grow at the end of each cell."""
        from IPython import get_ipython

        shell: Any = get_ipython()
        if shell is not None and self._events is None:
            self._events = shell.events
            self._events.register("post_run_cell", self._grow)

    def _grow(self, *_: Any) -> None:
        if self._told != len(self.moments):
            self._told = len(self.moments)
            story, newest = self.story(), len(_folded(self.moments)) - 1
            for player in self._players:
                player.update(story, newest)  # what just happened, not the last word on all

    def stop(self) -> None:
        """Watches no longer; what was seen stays."""
        super().stop()
        if self._events is not None:
            self._events.unregister("post_run_cell", self._grow)
            self._events = None
            self._grow()


def watch() -> Lives:
    """Watches every session from now on, or `with widgets.watch() as lives:` those in the block.

    Shown at the end of a cell, it grows as later cells run sessions, until its `stop()`, or until
    the same cell runs again and watches anew.
    """
    place = _cell_line()
    if place is not None and place in _watching:
        _watching.pop(place).stop()
    lives = Lives()
    if place is not None:
        _watching[place] = lives
    return lives


_watching: dict[tuple[str, int], Lives] = {}  # by the line of a cell that asked for it


def _cell_line() -> tuple[str, int] | None:
    """The notebook's cell that is running, as its code and a line in it."""
    shell: Any = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    frame = sys._getframe(1) if shell else None
    while frame is not None:
        if frame.f_globals is shell.user_ns and frame.f_code.co_name.startswith("<"):
            code = "".join(linecache.getlines(frame.f_code.co_filename))
            return (code, frame.f_lineno) if code else None
        frame = frame.f_back
    return None


def lifetimes(
    moments: Sequence[Moment], names: Sequence[str], *, title: str = "Lives of variables"
) -> Story:
    """The lives of variables from recorded moments, `names` being those of the sessions."""
    columns = _folded(moments)
    return _Teller(columns, names, title).story()


def _folded(moments: Sequence[Moment]) -> list[Moment]:
    """The moments, where of many equal runs in a row most become one."""
    out: list[Moment] = []
    run: list[Moment] = []
    for moment in [*moments, None]:
        if run and (moment is None or not _alike(run[-1], moment)):
            out += _fold_run(run)
            run = []
        if moment is not None:
            run.append(moment)
    return out


def _alike(a: Moment, c: Moment) -> bool:
    kinds = [[h.kind for h in m.happened] for m in (a, c)]
    return (a.session, a.call, a.error, kinds[0]) == (c.session, c.call, c.error, kinds[1])


def _fold_run(run: list[Moment]) -> list[Moment]:
    if len(run) <= SHOWN_RUNS + 2:
        return run
    middle = run[SHOWN_RUNS:-1]
    many = replace(middle[-1], times=len(middle), label=f"… {len(middle)} more")
    return [*run[:SHOWN_RUNS], many, run[-1]]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


class _Lane:
    """A session's rows, one for each variable, or a checkpoint's single row."""

    def __init__(self, label: str, rows: list[str], y: float, more: int = 0) -> None:
        self.label, self.rows, self.y, self.more = label, rows, y, more
        self.height = (len(rows) * ROW - 6 if rows else 34) + (16 if more else 0)

    def at(self, name: str) -> float | None:
        return self.y + self.rows.index(name) * ROW if name in self.rows else None


class _Teller:
    """Lays out lanes, bars and marks, then shows them column by column."""

    def __init__(self, columns: list[Moment], names: Sequence[str], title: str) -> None:
        self.columns, self.names = columns, names
        self.items: list[dict[str, Any]] = []
        self.info: dict[str, dict[str, Any]] = {}
        self.first_seen: dict[str, int] = {}  # an item's column
        self.lanes = self._lanes()
        self.left = self._left()
        longest = max((len(_cut(m.label, 18)) for m in columns), default=0)
        value = max((len(h.value) for m in columns for h in m.happened), default=0)
        self.narrow = len(columns) > WIDE
        wanted = 7.4 * value if self.narrow else max(7 * longest, 7.4 * value)
        self.step = max(44 if self.narrow else 82, min(wanted + 16, 132))
        self.slope = 4.4 * longest if self.narrow else 0.0  # how far labels hang down, aslant
        self.height += self.slope
        self._draw()
        self.tale = Story(
            title,
            self._subtitle(),
            drawing={"w": self.width, "h": self.height, "items": self.items},
            info=self.info,
            start={"ghost": self.first_seen, "hide": [f"now{i}" for i in range(len(columns))]},
            note="variables' lives: a lane for each session, time to the right",
        )

    def _lanes(self) -> dict[Any, _Lane]:
        keys: dict[Any, list[str]] = {}
        for moment in self.columns:
            rows = keys.setdefault(moment.session, [])
            rows += [h.name for h in moment.happened if h.name not in rows]
            if moment.file:
                keys.setdefault(moment.file, [])
        lanes, y = {}, float(TOP)
        for key, rows in keys.items():
            label = self.names[key] if isinstance(key, int) else key
            lanes[key] = _Lane(label, rows[:SHOWN_ROWS], y, len(rows) - SHOWN_ROWS)
            lanes[key].more = max(lanes[key].more, 0)
            y += lanes[key].height + 18
        self.height = y + 14
        return lanes

    def _left(self) -> float:
        self.room = max(
            (8.2 * len(_cut(lane.label, 20)) for lane in self.lanes.values()), default=0
        )
        rows = [7.5 * len(_cut(row, 24)) for lane in self.lanes.values() for row in lane.rows]
        return 14 + self.room + 18 + max(rows, default=0) + 26

    @property
    def width(self) -> float:
        return self.left + self.step * len(self.columns) + 10

    def _x(self, column: int) -> float:
        return self.left + self.step * (column + 0.5)

    def _subtitle(self) -> str:
        sessions = sum(isinstance(key, int) for key in self.lanes)
        files = len(self.lanes) - sessions
        return plural(sessions, "session") + (f", {plural(files, 'checkpoint')}" if files else "")

    # drawing

    def _put(
        self, name: str, kind: Sequence[str], x: float, y: float, *shapes: Any,
        size: tuple[float, float] = (16, 16), column: int | None = None,
    ) -> None:  # fmt: skip
        place = {"x": round(x, 1), "y": round(y, 1), "w": size[0], "h": size[1]}
        self.items.append(
            {"id": name, "kind": ["shape", *kind], **place, "shapes": [list(s) for s in shapes]}
        )
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
                self._put(f"rule{number}", ["rule"], self.width / 2, y, path, size=(self.width, 1))
            self._text(f"lane{number}", 10, lane.y, _cut(lane.label, 20), "name strong left")
            for row, name in enumerate(lane.rows):
                x, y = 14 + self.room + 18, lane.y + row * ROW
                self._text(f"row{number}.{row}", x, y, _cut(name, 24), "mono muted left")
            if lane.more:
                x, y = 14 + self.room + 18, lane.y + len(lane.rows) * ROW - 8
                self._text(f"more{number}", x, y, f"and {lane.more} more", "small left")
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
            label = _cut(moment.label, 18)
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
            told = _cut(happening.value, max(6, int(self.step / 7.4)))
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
            told = _cut(told or "saved earlier", max(12, int((x1 - x0 + 2 * self.step - 60) / 7.3)))
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

    # telling

    def story(self) -> Story:
        """One frame a column, and at the end what there is to see."""
        asked = False
        known: dict[Any, str] = {}
        for i, moment in enumerate(self.columns):
            ids = {name for name, column in self.first_seen.items() if column == i}
            unborn = [h for h in moment.happened if h.kind == "unborn"]
            question = None
            if unborn and not asked:
                asked, question = True, self._question(moment, unborn[0], known)
            marks = {name for name in ids if name.startswith("mark") and "wrong" not in name}
            wrong = {name for name in marks if unborn}
            self.tale.frame(
                *self._caption(i, moment, known),
                now=marks - wrong,
                drop={"ghost": ids, "hide": [f"now{i}"]},
                keep={"hide": [f"now{i - 1}"]} if i else {},
                predict=question,
                error=bool(moment.error),
            )
            known.update({(moment.session, h.name): h.value for h in moment.happened})
        self._end()
        return self.tale

    def _end(self) -> None:
        last = len(self.columns) - 1
        if last < 0:
            self.tale.frame("No session has run yet: there is no variable's life to tell.")
            return
        sessions = [key for key in self.lanes if isinstance(key, int)]
        if len(sessions) > 1:
            files = [key for key in self.lanes if not isinstance(key, int)]
            only = rich(" Only ", *words(files), " carried values across.") if files else []
            self.tale.frame(
                "One graph, ", b(plural(len(sessions), "session")), ": each keeps its own values, "
                "from an initializer to its close.", *only,
                keep={"hide": [f"now{last}"]},
            )  # fmt: skip

    def _question(self, moment: Moment, unborn: Happening, known: Mapping[Any, str]) -> Any:
        elsewhere = [v for (_, name), v in known.items() if name == unborn.name and v]
        choices = list(dict.fromkeys([*elsewhere[-1:], "0", "an error"]))
        return predict(
            "What does ", code(moment.call), " give?", answer="an error", choices=choices,
            reveal=["No initializer has run for ", b(unborn.name), " in this session."],
        )  # fmt: skip

    def _caption(self, column: int, moment: Moment, known: Mapping[Any, str]) -> Rich:
        session = self.names[moment.session]
        if moment.kind == "close":
            return self._closing(moment, session)
        if moment.error:
            return self._failing(moment, session, known)
        if moment.saved is not None:
            return rich(
                b(session), " writes its values into the file ", b(moment.file), ". A file stays "
                "when the session is gone.",
            )  # fmt: skip
        born = _told([h for h in moment.happened if h.kind == "birth"])
        wrote = [h for h in moment.happened if h.kind == "write"]
        first = moment.session not in [m.session for m in self.columns[:column]]
        if moment.restored:
            gained = _told([h for h in moment.happened if h.kind in ("birth", "write")])
            return rich("The checkpoint ", b(moment.file), " carries ", gained, " into ",
                        b(session), ": no initializer is needed.")  # fmt: skip
        call = rich(code(moment.call), f" runs {moment.times} more times: ") \
            if moment.times > 1 else rich(code(moment.call), ": ")  # fmt: skip
        if born:
            one = len([h for h in moment.happened if h.kind == "birth"]) == 1
            are, them = (" is", "it") if one else (" are", "them")
            before = f". Until now the graph had only a place for {them}."
            return rich(call, born, are, " born in ", b(session), before)
        if wrote:
            return rich(call, *self._writing(wrote, session))
        gives = rich("it gives ", b(moment.result), " and") if moment.result else rich("this run")
        empty = " A new session holds no values yet." if first else ""
        return rich(call, *gives, " changes no variable.", empty)

    def _writing(self, wrote: Sequence[Happening], session: str) -> Rich:
        last = list({h.name: h for h in wrote}.values())
        sessions = [key for key in self.lanes if isinstance(key, int)]
        where = rich(", in ", b(session), " alone") if len(sessions) > 1 else []
        if len(last) > 1:
            return rich("new values, ", _told(last), *where, ".")
        return rich(_told(last, " is now "), *(where or [" and stays so after the run"]), ".")

    def _closing(self, moment: Moment, session: str) -> Rich:
        died = [h for h in moment.happened if h.kind == "death"]
        if not died:
            return rich(b(session), " closes. No variable was alive in it.")
        values = "value dies" if len(died) == 1 else "values die"
        names = words([h.name for h in died], 4)
        return rich(
            b(session), f" closes and its {values}: ", *names, ". The graph stays as it is."
        )

    def _failing(self, moment: Moment, session: str, known: Mapping[Any, str]) -> Rich:
        unborn = [h for h in moment.happened if h.kind == "unborn"]
        if not unborn:
            return rich(code(moment.call), " stops with ", b(moment.error), ": ",
                        _cut(moment.message, 300))  # fmt: skip
        name = unborn[0].name
        dead = any(key == (moment.session, name) for key in known)
        elsewhere = [i for i, n in known if n == name and i != moment.session]
        why = " has no value again." if dead else " has not been born yet."
        across = ""
        if elsewhere:
            across = " Values never cross from one session into another by themselves."
        return rich(code(moment.call), " fails with ", b(moment.error), f": in {session} ", b(name),
                    why, across)  # fmt: skip


def _told(happened: Sequence[Happening], sign: str = " = ") -> Rich:
    """`x = 1, y = 2 and 3 more`."""
    out: list[Any] = []
    shown = happened if len(happened) <= 4 else happened[:3]
    for i, h in enumerate(shown):
        last = i == len(happened) - 1
        out += ["" if i == 0 else " and " if last else ", ", b(h.name), f"{sign}{h.value}"]
    if len(happened) > len(shown):
        out.append(f" and {len(happened) - len(shown)} more")
    return rich(*out)
