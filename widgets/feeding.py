"""A form for what a run is fed, checked as it is typed; its button really runs the session."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import traitlets

import minitf as tf

from . import static, steps
from .comparing import story_of_traces
from .diagram import Diagram
from .fields import fetched, fields_of, graph_of, needs
from .layout import DotError
from .lines import lines_of_graph
from .player import Player
from .running import Teller, story_of_trace
from .story import Rich, Story, b, plain, plural, rich, words

_HERE = Path(__file__).parent


def feed(
    fetches: Any,
    session: Any = None,
    *,
    also: Any = (),
    values: Mapping[Any, Any] | None = None,
    every: bool = False,
) -> Feed:
    """A form with a field for each placeholder that `fetches` need, and a button that runs them.

    It runs `session`, by default the default session, else a new one. `also` names more tensors
    to be fed, `values` says what the fields begin with, and `every` is as for `running`.
    """
    graph = session.graph if session is not None else graph_of(fetches)
    if session is None:
        session = tf.get_default_session()
        if session is None or session.graph is not graph:
            session = tf.Session(graph=graph)
    return Feed(fetches, session, also=also, values=values or {}, every=every)


class Feed(Player):
    """The form and the player of its runs; `texts` are what stands in the fields.

    `run()` and `compare()` do what the buttons do.
    """

    _esm = static.ESM.replace("export default { render };", "") + (_HERE / "form.js").read_text(
        "utf-8"
    )
    _css = static.CSS + (_HERE / "form.css").read_text("utf-8")
    form = traitlets.Dict().tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    checks = traitlets.List(traitlets.Dict()).tag(sync=True)
    status = traitlets.Dict().tag(sync=True)

    def __init__(
        self, fetches: Any, session: Any, *, also: Any, values: Mapping[Any, Any], every: bool
    ) -> None:
        self.fetches, self.session, self.every = fetches, session, every
        graph = session.graph
        self._wanted = fetched(graph, fetches)
        given = {graph.as_graph_element(key): value for key, value in values.items()}
        more = [graph.as_graph_element(key) for key in steps.flat(also)] if also != () else []
        self.fields = fields_of(self._wanted, more, given)
        self._checker = tf.Session(graph=graph)  # converts values even if `session` is closed
        self._runs: list[tuple[Any, dict[Any, Any], str]] = []
        self._count = 0
        self._drawn: Diagram | None = None
        super().__init__(self._before())
        self.form = {
            "title": "Feeding",
            "subtitle": f"sess.run({self._asked()}, feed_dict)",
            "fields": [field.to_dict() for field in self.fields],
        }
        self.texts = [field.first for field in self.fields]
        self._say(self._invitation())
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        fields = ", ".join(f"{f['name']}: {f['dtype']} {f['shape']}" for f in self.form["fields"])
        return f"Form for sess.run({self._asked()}), fed {fields or 'nothing'}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": repr(self), "text/html": self._still()}, metadata

    def run(self) -> None:
        """Run the session with what the fields hold, and play the run."""
        checked = self._check(self.texts)
        self.checks = [check for check, _ in checked]
        wrong = [f for f, (c, _) in zip(self.fields, checked, strict=True) if c["is"] == "wrong"]
        if wrong:
            names = words([field.to_dict()["name"] for field in wrong])
            self._say(rich("Nothing ran: look at ", *names, "."), bad=True)
            return
        feeds = {
            field.tensor: value
            for field, (check, value) in zip(self.fields, checked, strict=True)
            if check["is"] == "ok"
        }
        try:
            races = self.session.races(self.fetches, feeds)
            trace = self.session.trace(self.fetches, feeds)
        except Exception as error:  # a closed session
            self._say(rich(b(type(error).__name__), f": {str(error)[:300]}"), bad=True)
            return
        self._count += 1
        self._runs = [*self._runs[-1:], (trace, feeds, f"Run {self._count}")]
        self._tell(trace, feeds, races)

    def _tell(self, trace: Any, feeds: dict[Any, Any], races: Sequence[Any]) -> None:
        error, title = trace.error, f"Run {self._count}"
        try:
            story = story_of_trace(
                trace, self.fetches, feeds, title=title, ask=False, every=self.every, races=races,
                diagram=self._diagram(),
            )  # fmt: skip
            self.update(story, step=len(story.frames) - 1 if error is not None else 0)
        except DotError as missing:
            self._say(rich(*self._outcome(trace), f" {missing}"), bad=error is not None)
            return
        self._say(self._outcome(trace), bad=error is not None, play=error is None)

    def compare(self) -> None:
        """Play the last two runs side by side."""
        if len(self._runs) < 2:
            self._say(rich("Two runs are needed: change a value and run again."), bad=True)
            return
        (first, fed, a), (second, fed_next, b_) = self._runs
        story = story_of_traces(
            (first, second), self.fetches, (fed, fed_next), names=(a, b_), every=self.every,
            diagram=self._diagram(),
        )  # fmt: skip
        self.update(story, step=0)
        self._say(rich(f"{a} and {b_}, step by step."))

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        """A message from the browser: it asks whether anybody is there, or a button was pressed."""
        asked = content.get("do") if isinstance(content, dict) else None
        if asked == "hello":
            self.send({"here": True})
        elif asked == "run":
            texts = content.get("texts")
            if isinstance(texts, list) and len(texts) == len(self.fields):
                self.texts = [str(text) for text in texts]
            self._safely(self.run)
        elif asked == "compare":
            self._safely(self.compare)

    def _safely(self, act: Callable[[], None]) -> None:
        """An error while a button's work is done is told in the form: no cell would show it."""
        try:
            act()
        except Exception as error:
            self._say(rich(b(type(error).__name__), f": {str(error)[:300]}"), bad=True)

    @traitlets.observe("texts")
    def _typed(self, change: Any) -> None:
        self.checks = [check for check, _ in self._check(change["new"])]

    def _check(self, texts: Sequence[str]) -> list[tuple[dict[str, Any], Any]]:
        """For each field what is to be said of its text, and the value that it stands for."""
        found = [
            field.check(text, self._checker)
            for field, text in zip(self.fields, texts, strict=False)
        ]
        fed = [
            f.tensor for f, (kind, _, _) in zip(self.fields, found, strict=False) if kind == "ok"
        ]
        needed = set(needs(self._wanted, fed))
        out = []
        for field, text, (kind, said, value) in zip(self.fields, texts, found, strict=False):
            used = any(t is field.tensor for op in needed for t in op.inputs)
            if not used and all(t is not field.tensor for t in self._wanted) and kind != "wrong":
                said = rich(*(said if kind == "ok" else []), "; " if kind == "ok" else "",
                            "not needed by this run")  # fmt: skip
            out.append(({"text": text, "is": kind, "says": said}, value))
        return out

    def _asked(self) -> str:
        names = list(dict.fromkeys(map(steps.name_of, self._wanted)))
        return names[0] if len(names) == 1 else "[" + ", ".join(names) + "]"

    def _invitation(self) -> Rich:
        names = [field.tensor.op.name for field in self.fields if field.kind == "must"]
        if not names:
            return rich("Nothing has run yet, and nothing must be fed. Press Run.")
        return rich("Nothing has run yet. Give ", *words(names), " a value and press Run.")

    def _say(self, said: Rich, bad: bool = False, play: bool = False) -> None:
        turn = self.status.get("turn", 0) + 1  # what is said twice is told twice
        self.status = {"says": said, "bad": bad, "play": play, "turn": turn,
                       "compare": len(self._runs) > 1}  # fmt: skip

    def _outcome(self, trace: Any) -> Rich:
        """How a run ended, in one line beside the button."""
        if trace.error is not None:
            return rich(f"Run {self._count} stops with ", b(type(trace.error).__name__),
                        " at the marked node.")  # fmt: skip
        names = list(map(steps.name_of, self._wanted))
        gives: list[Any] = []
        for name, value in list(zip(names, steps.flat(trace.values), strict=False))[:3]:
            shown = steps.first([value]) is not None
            gives += ["; " if gives else "", b(name)]
            gives += [" = ", steps.told(value)] if shown else [" has no value"]
        return rich(f"Run {self._count}: ", *gives, ".")

    def _before(self) -> Story:
        """The drawing before any run: what would run, and where values are wanted."""
        fed = [field.tensor for field in self.fields if field.kind == "must"]
        plan = SimpleNamespace(ops=needs(self._wanted, fed), fed=fed)
        trace = SimpleNamespace(plan=plan, events=[], values=None, error=None)
        drawn = self._diagram()
        return _Invitation(trace, self.fetches, {}, "Before the run", diagram=drawn).story()

    def _diagram(self) -> Diagram:
        """The whole graph, drawn anew only when it has grown."""
        ops = list(self.session.graph.get_operations())
        if self._drawn is None or self._drawn.ops != ops:
            self._drawn = Diagram(ops, lines=lines_of_graph(ops).of)
        return self._drawn

    def _still(self) -> str:
        """HTML for a page that runs no scripts: the fields as they are, and the story."""
        rows = "".join(
            f"<tr><td><b>{html.escape(f['name'])}</b></td><td>{html.escape(f['dtype'])} "
            f"{html.escape(f['shape'])}</td><td><code>{html.escape(text)}</code></td>"
            f"<td>{html.escape(plain(check['says']))}</td></tr>"
            for f, text, check in zip(self.form["fields"], self.texts, self.checks, strict=True)
        )
        table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
        title = f"{self.form['title']} &middot; {html.escape(self.form['subtitle'])}"
        said = html.escape(plain(self.status["says"]))
        head = f"<p><b>{title}</b></p>{table}<p>{said}</p>"
        return static.fallback(self.tale, head, self._state(), self._esm, self._css)

    def _state(self) -> dict[str, Any]:
        """What the front end shows, as in the browser."""
        own = {key: getattr(self, key) for key in ("form", "texts", "checks", "status")}
        return {**static.state_of(self.tale), **own}

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one page with the last values, to be read, and the last run, to be played."""
        page = static.page(self.tale, self._state(), self._esm, self._css)
        return static.write_atomically(path, page.encode())


class _Invitation(Teller):
    """One frame: what a run would need, and which values it waits for."""

    def _subtitle(self) -> str:
        return f"sess.run({self._asked()})"

    def story(self) -> Story:
        fed = [tensor.op for tensor in self.fed]
        named = [op.name for op in fed]
        waiting = {self.diagram.leaves[op.name].id for op in self.needed}
        idle = self._ids(self.skipped) | self._idle_edges()
        idle -= self._ids(self.needed) | self._ids(fed, edges=False)
        marks = self._given()["keep"] if fed else {}
        now = [i for op in self.ops if op.name in self.wanted for i in self.diagram.ids(op)]
        said = rich("Nothing has run yet. A run of ", *words(self.wanted), " carries out ")
        count = plural(len(self.needed), "node")
        wants = [" and waits for a value of ", *words(named)] if named else []
        self.tale.frame(
            *said, count, *wants, ".", now=now, keep={"skip": idle, "wait": waiting, **marks}
        )
        return self.tale
