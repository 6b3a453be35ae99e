"""The story of variables' lives: sessions as lanes, time to the right, values as they change."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .story import Rich, Story, b, code, plural, predict, rich, words
from .timeline import Timeline, cut_end
from .watching import Happening, Moment, Watcher

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


class _Teller:
    """Shows a timeline column by column, and says why each value came, stayed or was not there."""

    def __init__(self, columns: list[Moment], names: Sequence[str], title: str) -> None:
        self.columns, self.names = columns, names
        self.line = Timeline(columns, names)
        self.tale = Story(
            title,
            self._subtitle(),
            drawing=self.line.drawing,
            info=self.line.info,
            start={
                "ghost": self.line.first_seen,
                "hide": [f"now{i}" for i in range(len(columns))],
            },
            note="variables' lives: a lane for each session, time to the right",
        )

    def _subtitle(self) -> str:
        sessions = sum(isinstance(key, int) for key in self.line.lanes)
        files = len(self.line.lanes) - sessions
        return plural(sessions, "session") + (f", {plural(files, 'checkpoint')}" if files else "")

    def story(self) -> Story:
        """One frame a column, and at the end what there is to see."""
        asked = False
        known: dict[Any, str] = {}
        for i, moment in enumerate(self.columns):
            ids = {name for name, column in self.line.first_seen.items() if column == i}
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
        sessions = [key for key in self.line.lanes if isinstance(key, int)]
        if len(sessions) > 1:
            files = list(dict.fromkeys(m.file for m in self.columns if m.restored))
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
        sessions = [key for key in self.line.lanes if isinstance(key, int)]
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
                        cut_end(moment.message, 300))  # fmt: skip
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
