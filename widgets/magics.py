"""Cell magics: `%%build` plays how a cell made the graph grow, `%%names` how it made names."""

from __future__ import annotations

import ast
import weakref
from typing import Any

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

import minitf as tf

from .build import building_cell
from .layout import DotError
from .names import names_cell
from .naming import Names
from .player import Player
from .story import Story

_ran: weakref.WeakKeyDictionary[Any, set[str]] = weakref.WeakKeyDictionary()


@magics_class
class StoryMagics(Magics):
    """What `%load_ext widgets` adds to a notebook."""

    shell: Any  # always set once registered

    @cell_magic
    def build(self, line: str, cell: str) -> Any:
        """Run the cell, then play how each of its lines made the graph grow.

        `%%build quiet` asks no questions. A cell that raises still raises, below its story.
        """
        error: BaseException | None = None
        value = None
        before = {graph: len(graph.get_operations()) for graph in self._graphs()}
        filename = self._name_cell(cell)
        try:
            value = self._execute(cell, filename)
        except Exception as raised:
            error = raised
        for graph in self._grown(before):
            try:
                display(
                    Player(self._story(cell, filename, graph, before.get(graph, 0), error, line))
                )
            except DotError as missing:  # the cell itself did run
                print(missing)
        if error is not None:
            raise error
        return value

    @cell_magic
    def names(self, line: str, cell: str) -> Any:
        """Run the cell, then play how each name that it made was put together.

        A cell that raises still raises, below its story.
        """
        error: BaseException | None = None
        value = None
        filename = self._name_cell(cell)
        seen = Names(filename)
        try:
            value = self._execute(cell, filename)
        except Exception as raised:
            error = raised
        finally:
            seen.stop(failed=error is not None)
        display(Player(names_cell(cell, filename, seen, error)))
        if error is not None:
            raise error
        return value

    def _story(
        self,
        cell: str,
        filename: str,
        graph: Any,
        before: int,
        error: BaseException | None,
        line: str,
    ) -> Story:
        seen = _ran.setdefault(graph, set())
        again = cell in seen
        seen.add(cell)
        quiet = "quiet" in line.split()
        ops = graph.get_operations()
        return building_cell(cell, filename, ops, before, error=error, again=again, ask=not quiet)

    def _graphs(self) -> list[Any]:
        """The default graph and every graph the learner's names stand for, each once."""
        held = [v for v in self.shell.user_ns.values() if isinstance(v, tf.Graph)]
        return list(dict.fromkeys([tf.get_default_graph(), *held]))

    def _grown(self, before: dict[Any, int]) -> list[Any]:
        """The graphs that have new nodes; where none has, the default graph."""
        graphs = self._graphs()
        grown = [g for g in graphs if len(g.get_operations()) > before.get(g, 0)]
        return grown or [tf.get_default_graph()]

    def _name_cell(self, cell: str) -> str:
        """A file name under which tracebacks find the cell's own lines."""
        return self.shell.compile.cache(cell, self.shell.execution_count)

    def _execute(self, cell: str, filename: str) -> Any:
        """Run the cell as IPython would; the value of its last expression."""
        tree = ast.parse(self.shell.transform_cell(cell), filename)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        namespace = self.shell.user_ns
        exec(self.shell.compile(tree, filename, "exec"), namespace)
        if last is None or cell.rstrip().endswith(";"):
            tail = ast.Module([last] if last else [], [])
            exec(self.shell.compile(tail, filename, "exec"), namespace)
            return None
        return eval(self.shell.compile(ast.Expression(last.value), filename, "eval"), namespace)
