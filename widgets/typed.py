"""Lines that a learner types about scopes and names: checked, then run by the real engine.

Nothing else can be said than what `TF`, `METHODS` and the statements below allow, so a line can
build a graph and do nothing more: no file, no import, no attribute beyond these.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import minitf as tf

from .naming import Names

FILENAME = "<names>"
MOST_LINES, LONGEST, MOST_TURNS = 40, 200, 20
INDENT = "    "
SCOPES = {"name_scope", "variable_scope"}
TF = SCOPES | {
    *("Variable", "get_variable", "constant", "placeholder", "zeros", "ones", "identity", "add"),
    *("subtract", "multiply", "divide", "matmul", "square", "reduce_sum", "reduce_mean", "group"),
    *("no_op", "global_variables_initializer", "get_variable_scope", "zeros_initializer"),
    *("ones_initializer", "constant_initializer", "AUTO_REUSE", "float32", "float64", "int32"),
    *("int64", "bool", "string", "nn.relu", "layers.dense"),
}
METHODS = {"reuse_variables"}
EXAMPLES = 'tf.name_scope("a"), tf.variable_scope("a"), tf.Variable(1, name="v") or an op'


class Refused(ValueError):
    """A typed line that is not run; the message says why and what can be said instead."""


@dataclass(frozen=True)
class Line:
    """One line of the program: how deep it stands, and what it says."""

    depth: int
    text: str

    @property
    def opens(self) -> bool:
        """Whether the lines after it stand inside it."""
        return self.text.endswith(":")


def source_of(lines: Sequence[Line]) -> str:
    """The program as Python code, which a cell could run as it is."""
    return "\n".join(INDENT * line.depth + line.text for line in lines)


def read(text: str, depth: int) -> list[Line]:
    """Typed or pasted text as lines that go on at a depth. Raises Refused."""
    rows = [row.rstrip() for row in text.expandtabs(4).splitlines() if row.strip()]
    rows = [row for row in rows if not row.lstrip().startswith("#")]
    if any(len(row) > LONGEST for row in rows):
        raise Refused(f"A line has at most {LONGEST} characters.")
    out: list[Line] = []
    indents = [len(rows[0]) - len(rows[0].lstrip())] if rows else []
    for row in rows:
        indent = len(row) - len(row.lstrip())
        if out and out[-1].opens and indent > indents[-1]:
            indents.append(indent)
        while indent < indents[-1] and len(indents) > 1:
            indents.pop()
        out.append(Line(depth + len(indents) - 1, row.strip()))
    return out


def run(lines: Sequence[Line], depth: int) -> tuple[Names, BaseException | None]:
    """Builds the program's graph, the end standing at `depth`; what was seen, and its error.

    Raises Refused where a line is not Python, or says what may not be said here.
    """
    if len(lines) > MOST_LINES:
        raise Refused(f"A program has at most {MOST_LINES} lines here.")
    source = source_of([*lines, Line(depth, "pass")])
    try:
        tree = ast.parse(source, FILENAME)
    except (SyntaxError, ValueError) as error:  # ValueError: a null byte
        raise Refused(f"This is not Python yet: {_why(error)}.") from None
    _Check().visit(tree)
    return _watched(_Notes().visit(tree))


def _why(error: Exception) -> str:
    return str(getattr(error, "msg", error)).rstrip(".")


def _watched(tree: ast.Module) -> tuple[Names, BaseException | None]:
    raised: BaseException | None = None
    with tf.Graph().as_default():
        seen = Names(FILENAME)
        code = compile(ast.fix_missing_locations(tree), FILENAME, "exec")
        words = {"__builtins__": {"range": range}, "tf": tf, _NOTE: seen.note}
        try:
            exec(code, words)
        except Exception as error:
            raised = error
        finally:
            seen.stop(failed=raised is not None)
    return seen, raised


def line_of(error: BaseException) -> int | None:
    """The index of the program's line that raised."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILENAME:
            return trace.tb_lineno - 1
        trace = trace.tb_next
    return None


_NOTE = "_note"


class _Notes(ast.NodeTransformer):
    """Lets the program say which scopes are open where one opens, and at its end."""

    def visit_With(self, node: ast.With) -> ast.With:
        self.generic_visit(node)
        node.body.insert(0, self._note(node.lineno))
        return node

    def visit_Pass(self, node: ast.Pass) -> ast.Expr:
        return self._note(None)

    def _note(self, line: int | None) -> ast.Expr:
        call = ast.Call(ast.Name(_NOTE, ast.Load()), [ast.Constant(line)], [])
        return ast.Expr(call)


class _Check(ast.NodeVisitor):
    """Raises Refused at the first thing that may not be said."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def generic_visit(self, node: ast.AST) -> None:
        allowed = (
            *(ast.Module, ast.Expr, ast.Pass, ast.Load, ast.Store, ast.withitem, ast.keyword),
            *(ast.List, ast.Tuple, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult),
        )
        if not isinstance(node, allowed):
            raise Refused(f"Only scopes, variables and ops can be said here: {EXAMPLES}.")
        super().generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            if not (isinstance(item.context_expr, ast.Call) and _called(item.context_expr)):
                raise Refused("After with comes tf.name_scope(…) or tf.variable_scope(…).")
        self._all([i.context_expr for i in node.items])
        self._bind([i.optional_vars for i in node.items if i.optional_vars is not None])
        self._all(node.body)

    def visit_For(self, node: ast.For) -> None:
        turns = node.iter
        counted = (
            isinstance(turns, ast.Call)
            and isinstance(turns.func, ast.Name)
            and turns.func.id == "range"
            and len(turns.args) == 1
            and isinstance(turns.args[0], ast.Constant)
            and isinstance(turns.args[0].value, int)
            and not turns.keywords
        )
        if not counted or turns.args[0].value > MOST_TURNS or node.orelse:  # type: ignore[attr-defined]
            raise Refused(f"A loop is written for i in range(2):, with at most {MOST_TURNS} turns.")
        self._bind([node.target])
        self._all(node.body)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not isinstance(node.value, (ast.Call, ast.BinOp)):
            raise Refused("A name is given to what a call or a sum of tensors makes.")
        self.visit(node.value)
        self._bind(node.targets)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            self.visit(node.func.value)
        elif _path(node.func) is None:
            raise Refused(f"This call is not known here. Try {EXAMPLES}.")
        else:
            self.visit(node.func)
        self._all([*node.args, *node.keywords])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        path = _path(node)
        if path is None or path not in TF:
            told = f"tf.{path}" if path else f".{node.attr}"
            raise Refused(f"{told} is not known here. Try {EXAMPLES}.")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        for side in (node.left, node.right):
            number = isinstance(side, ast.Constant) and isinstance(side.value, (int, float))
            if not (number or isinstance(side, (ast.Name, ast.Call, ast.BinOp))):
                raise Refused("Only tensors and numbers are added or multiplied here.")
        if isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant):
            raise Refused("One side has to be a tensor: two plain numbers make no node.")
        self._all([node.op, node.left, node.right])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self._all([node.op, node.operand])

    def visit_Constant(self, node: ast.Constant) -> None:
        if not (node.value is None or isinstance(node.value, (str, int, float))):
            raise Refused("Values are numbers, text, True, False or None here.")

    def visit_Name(self, node: ast.Name) -> None:
        if node.id not in self.known:
            raise Refused(f"{node.id} has not been made yet.")

    def _all(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _bind(self, targets: Sequence[ast.AST]) -> None:
        for target in targets:
            if not isinstance(target, ast.Name) or target.id in ("tf", "range", _NOTE):
                raise Refused("A name on the left is one plain word, and not tf.")
            self.known.add(target.id)


def _path(node: ast.AST) -> str | None:
    """`a.b` for `tf.a.b`, else None."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed(parts)) if isinstance(node, ast.Name) and node.id == "tf" else None


def _called(call: ast.Call) -> bool:
    return _path(call.func) in SCOPES
