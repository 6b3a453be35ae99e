"""The story of a graph being built: line by line, each new node, and why it is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import minitf as tf

from .diagram import Diagram
from .lines import Lines, lines_of_cell, lines_of_graph
from .steps import reason_of
from .story import Rich, Story, b, code, plural, predict, rich, words
from .tree import VARIABLES

MANY = 250  # a story has at most about so many frames


def building(graph: Any = None, *, title: str = "Building", ask: bool = True) -> Story:
    """How a graph came to be, from the lines of code its operations remember."""
    ops = (tf.get_default_graph() if graph is None else graph).get_operations()
    return _Builder(ops, [], lines_of_graph(ops), title, "how this graph was made", ask).story()


def building_cell(
    source: str,
    filename: str,
    ops: Sequence[Any],
    before: int = 0,
    *,
    error: BaseException | None = None,
    again: bool = False,
    ask: bool = True,
) -> Story:
    """What one cell added to a graph: `ops` are all its operations, the first `before` older ones.

    `error` is what the cell raised, `again` says that the same cell ran before.
    """
    new = ops[before:]
    lines = lines_of_cell(source, filename, new)
    builder = _Builder(new, ops[:before], lines, "Building", "the graph of this cell", ask)
    stop = _error_line(error, filename, len(lines.shown)) if error is not None else None
    builder.quiet_lines = [n for n in _plain_statements(source) if stop is None or n < stop]
    builder.again = again
    story = builder.story(done=error is None)
    if error is not None:
        builder.stop(error, stop)
    return story


def _error_line(error: BaseException, filename: str, count: int) -> int | None:
    found = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None and found is None:
        if trace.tb_frame.f_code.co_filename == filename:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found - 1 if found is not None and found <= count else None


def _plain_statements(source: str) -> list[int]:
    """The cell's own statements that call something, by their first line, counted from 0."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    simple = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)
    calls = [s for s in body if isinstance(s, simple)]
    return [s.lineno - 1 for s in calls if any(isinstance(n, ast.Call) for n in ast.walk(s))]


class _Builder:
    """Turns operations, grouped by the line that made them, into frames."""

    def __init__(
        self, new: Sequence[Any], old: Sequence[Any], lines: Lines, title: str, what: str, ask: bool
    ) -> None:
        self.new, self.old, self.lines, self.ask = list(new), list(old), lines, ask
        self.quiet_lines: list[int] = []
        self.again = False
        self.taken = {op.name.lower() for op in old}
        self.diagram = Diagram([*old, *new], lines=lines.of)
        self.tale = Story(
            title,
            what,
            drawing=self.diagram.drawing,
            info=self.diagram.info,
            lines=lines.shown,
            start={"ghost": self.diagram.all_ids() - self._ids(self.old)},
            note=self.diagram.note(),
            left_out=self.diagram.left_out(),
        )

    def _ids(self, ops: Sequence[Any]) -> set[str]:
        return {i for op in ops for i in [*self.diagram.ids(op), *self.diagram.edges_into(op)]}

    def story(self, done: bool = True) -> Story:
        """The frames; with `done` false the last word is left to `stop`."""
        if self.old:
            self._older()
        groups = self._groups()
        asked = self._worth_asking(groups) if self.ask else None
        for i, (line, ops) in enumerate(groups):
            if ops:
                self._step(line, ops, first=i == 0 and not self.old, ask=asked == i)
            else:
                self._quiet(line)
        if done:
            self._end()
        return self.tale

    def _older(self) -> None:
        count = plural(len(self.old), "node")
        if self.again:
            self.tale.frame(
                f"The graph still holds {count} from before. Running a cell again never replaces "
                "nodes: it adds new ones, and since the old names are taken, the new get numbers."
            )
        else:
            self.tale.frame(
                f"The graph already holds {count} from earlier cells; this cell adds to it."
            )

    def _groups(self) -> list[tuple[int | None, list[Any]]]:
        found = [
            (line, list(ops))
            for line, ops in groupby(self.new, key=lambda op: self.lines.of.get(op.name))
        ]
        if all(line is None for line, _ in found):
            found = _by_scope(self.new)
        quiet = [line for line in self.quiet_lines if line not in set(self.lines.of.values())]
        for line in quiet:
            at = next(
                (i for i, (n, _) in enumerate(found) if n is not None and n > line), len(found)
            )
            found.insert(at, (line, []))
        while len(found) > MANY:
            found = [(p[0], p[1] + q[1]) for p, q in zip(found[::2], [*found[1::2], (None, [])])]
        return found

    def _worth_asking(self, groups: list[tuple[int | None, list[Any]]]) -> int | None:
        """The step that most repays a guess: a line that makes more nodes than one would think."""
        small = [
            i for i, (line, ops) in enumerate(groups) if i and line is not None and len(ops) < 5
        ]
        several = [i for i in small if len(groups[i][1]) > 1 and not _variables(groups[i][1])]
        numbered = [i for i in small if any(re.search(r"_\d+$", op.name) for op in groups[i][1])]
        return next(iter(several or numbered or [i for i in small if groups[i][1]]), None)

    def _step(self, line: int | None, ops: list[Any], first: bool, ask: bool) -> None:
        ids = self._ids(ops)
        place = self.lines.number(line)
        lead = [b(place), " adds "] if place else ["The graph gets "]
        caption = rich(*lead, *_what(ops), ". ", *self._why(ops, self.lines.text(line)))
        if first:
            caption = rich(*caption, " Nothing is computed yet.")
        self.tale.frame(
            *caption,
            line=line,
            now=ids,
            drop={"ghost": ids},
            predict=_question(place, ops) if ask else None,
        )
        self.taken.update(op.name.lower() for op in ops)

    def _quiet(self, line: int | None) -> None:
        emptied = "reset_default_graph(" in self.lines.text(line)
        what = (
            "it puts an empty graph in the place of the default one."
            if emptied
            else "Python carries it out at once, and the graph stays as it is."
        )
        self.tale.frame(b(self.lines.number(line)), " adds no node: ", what, line=line)

    def _why(self, ops: list[Any], text: str) -> Rich:
        """The one reason most worth telling about what a line added."""
        for reason in (
            _gradients,
            _flow,
            _saver,
            _numbered,
            _variable,
            _number_became_node,
            _waits,
        ):
            told = reason(ops, self.taken)
            if told:
                return told
        return _named(_in_sight(ops), text)

    def _end(self) -> None:
        total = len(self.new) + len(self.old)
        if not total:
            self.tale.frame("No node was made: the graph is empty.")
        elif not self.new:
            self.tale.frame("This cell added no node. The graph stays as it was.")
        else:
            held = "it holds" if total == 1 else "they hold"
            self.tale.frame(
                f"The graph has {plural(total, 'node')}, and {held} no result: "
                "a graph is a plan, and a session carries it out later."
            )

    def stop(self, error: BaseException, line: int | None) -> None:
        """The last frame of a cell that raised."""
        place = self.lines.number(line) or "The cell"
        message = reason_of(str(error)) or "no message"
        message = message if len(message) <= 400 else message[:399] + "…"
        stop = "" if message.endswith((".", "?", "!", "…")) else "."
        stays = f"{stop} What was made before it stays in the graph." if self.new else ""
        self.tale.frame(
            b(place), " stops with ", b(type(error).__name__), f": {message}", stays,
            line=line, error=True,
        )  # fmt: skip


def _by_scope(ops: Sequence[Any]) -> list[tuple[int | None, list[Any]]]:
    """Steps for a graph that remembers no code: one for each op, or scope of a larger graph."""
    if len(ops) <= MANY // 4:
        return [(None, [op]) for op in ops]
    return [(None, list(group)) for _, group in groupby(ops, key=lambda op: op.name.split("/")[0])]


def _variables(ops: Sequence[Any]) -> list[Any]:
    return [op for op in ops if op.type in VARIABLES]


def _in_sight(ops: Sequence[Any]) -> list[Any]:
    """The ops without those that a variable hides."""
    variables = {op.name for op in _variables(ops)}
    return [op for op in ops if variables.isdisjoint(_outer(op.name))]


def _outer(name: str) -> Iterator[str]:
    """The names of the scopes around a name, innermost first."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _what(ops: Sequence[Any]) -> Rich:
    """The new nodes by name, a variable's hidden ones counted with it."""
    seen = _in_sight(ops)
    if len(seen) == 1 and _variables(seen):
        return rich("the variable ", b(seen[0].name))
    if len(seen) <= 8:
        return rich(plural(len(ops), "node"), ": ", *words([op.name for op in seen], 8))
    scopes = list(dict.fromkeys(op.name.split("/")[0] for op in seen))
    return rich(plural(len(ops), "node"), " in ", *words(scopes, 4))


def _numbered(ops: Sequence[Any], taken: set[str]) -> Rich:
    own = {op.name.lower() for op in ops}
    for op in ops:
        match = re.fullmatch(r"(.*)_\d+", op.name)
        if match and (match[1].lower() in taken or match[1].lower() in own):
            return rich(
                "The name ",
                b(match[1]),
                " was taken, so a number makes it unique: ",
                b(op.name),
                ".",
            )
    return []


def _gradients(ops: Sequence[Any], taken: set[str]) -> Rich:
    inside = [op for op in ops if op.name.split("/")[0].startswith("gradients")]
    if not inside:
        return []
    scope = inside[0].name.split("/")[0]
    return rich(
        "Gradients are ordinary nodes too; they go into a scope of their own, ", b(scope), "."
    )


def _flow(ops: Sequence[Any], taken: set[str]) -> Rich:
    types = {op.type for op in ops}
    if "NextIteration" in types:
        return rich(
            "The loop is there once, whatever its turns: ", b("NextIteration"), " will hand the "
            "values back to ", b("Merge"), " for another."
        )  # fmt: skip
    if {"Switch", "Merge"} <= types:
        return rich(
            "Both branches are in the graph; at each run ", b("Switch"), " will send the values "
            "into one, and ", b("Merge"), " will pass on its result."
        )  # fmt: skip
    return []


def _saver(ops: Sequence[Any], taken: set[str]) -> Rich:
    if not {"SaveV2", "RestoreV2"} <= {op.type for op in ops}:
        return []
    return rich(
        "Saving is nodes, too: ", b("SaveV2"), " will write variables' values into a file, ",
        b("RestoreV2"), " will read them back.",
    )  # fmt: skip


def _variable(ops: Sequence[Any], taken: set[str]) -> Rich:
    found = _variables(ops)
    if not found:
        return []
    helpers = [op.name for op in ops if op.name.startswith(found[0].name + "/")]
    hidden = f" Open it to see its {plural(len(helpers), 'hidden node')}." if helpers else ""
    return rich("A variable is a place for a value that a session will hold.", hidden)


def _number_became_node(ops: Sequence[Any], taken: set[str]) -> Rich:
    names = {op.name for op in ops}
    for op in ops:
        outer, _, last = op.name.rpartition("/")
        if op.type == "Const" and outer in names and last:
            return rich(
                "The plain number had to become a node too: ", b(op.name),
                ", named after the op that needed it.",
            )  # fmt: skip
    return []


def _waits(ops: Sequence[Any], taken: set[str]) -> Rich:
    op = ops[-1]
    if not op.control_inputs:
        return []
    waits = words([c.name for c in op.control_inputs], 3)
    return rich(b(op.name), " waits for ", *waits, " (dotted lines) and takes no value from them.")


def _named(ops: Sequence[Any], text: str) -> Rich:
    """Where the names came from, when nothing stranger happened."""
    scope = ops[-1].name.rpartition("/")[0]
    bases = [re.sub(r"_\d+$", "", op.name.rpartition("/")[2]) for op in ops]
    inside = rich(", inside the scope ", b(scope)) if scope else []
    one = len(ops) == 1
    if all(re.search(rf"['\"]{re.escape(base)}['\"]", text) for base in bases):
        names = "It has the name" if one else "They have the names"
        return rich(names, " you gave", " it" if one else " them", *inside, ".")
    other = one and bases[0].lower() != ops[0].type.lower()
    kind = rich(" (the op ", code(ops[0].type), ")") if other else []
    start = "It is named after its op" if one else "They are named after their ops"
    why = ", because you gave no name" + ("." if one else "s.")
    return rich(start, *kind, *inside, why)


def _question(place: str, ops: Sequence[Any]) -> dict[str, Any]:
    count = len(ops)
    choices = [str(n) for n in range(max(0, count - 1), count + 2)]
    return predict(
        f"How many nodes will {place[0].lower()}{place[1:]} add?",
        answer=str(count),
        choices=choices,
        reveal=rich(*words([op.name for op in ops]), "."),
    )
