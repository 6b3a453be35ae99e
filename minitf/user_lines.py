"""The user's own lines: which of them made an op, and how an error tells it.

An exception raised while building shows the line that failed; what it does not show is where
the tensors came from that did not fit. `tell` adds those lines to the message.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

_CELL = re.compile(r"ipykernel_\d+[\\/]\d+\.py$")
_PACKAGE_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
_HEADING = "\n\nMade by these lines:"
# A list of a thousand tensors must not hide what is wrong.
_MOST = 8
_FAR = 1000

Stack = tuple[tuple[Any, int], ...]


def user_stack(depth: int) -> Stack:
    """The frames outside this package, innermost first, up to the one that is a module's body.

    Frames further out belong to whatever runs the user's code (IPython, pytest).
    """
    frame = sys._getframe(depth)
    stack = []
    while frame is not None:
        code = frame.f_code
        if not code.co_filename.startswith(_PACKAGE_FOLDER):
            stack.append((code, frame.f_lineno))
            if code.co_name == "<module>":
                break
        frame = frame.f_back  # type: ignore[assignment]
    return tuple(stack)


def shown_file(filename: str) -> str:
    """A file's name in an error; a notebook cell's is a temporary path that says nothing."""
    return "<notebook cell>" if _CELL.search(filename) else filename


def shown_line(stack: Stack) -> str:
    """The innermost of the user's lines: `file.py:3: c = a + b`."""
    if not stack:
        return "<unknown>"
    import linecache  # slow to load, and not needed where all is well

    code, line = stack[0]
    text = linecache.getline(code.co_filename, line).strip()
    return f"{shown_file(code.co_filename)}:{line}" + (f": {text}" if text else "")


def tell(error: Exception, values: Any, made: str = "") -> Exception:
    """Adds to `error` the lines that made the tensors among `values`, and returns it.

    `made` says what this line was about to make. An error that already tells its lines, and one
    that no op had a part in, stay as they are.
    """
    message = error.args[0] if error.args else None
    if not isinstance(message, str) or _HEADING in message:
        return error
    here = user_stack(2)
    ops = _origins(values, here)
    if not ops and not made:
        return error
    made_by: dict[str, list[str]] = {}
    for op in ops:
        made_by.setdefault(shown_line(op._stack), []).append(f"{op.name} ({op.type})")
    if made:
        made_by.setdefault(shown_line(here), []).append(made)
    told = [f"{line}\n    {', '.join(_few(names))}" for line, names in made_by.items()]
    error.args = ("\n  ".join([message.rstrip() + _HEADING, *_few(told)]), *error.args[1:])
    return error


def tells_lines(function: Callable[..., Any]) -> Callable[..., Any]:
    """Has a function's errors tell the lines that made the tensors among its arguments."""

    @wraps(function)
    def telling(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (TypeError, ValueError) as error:
            tell_ours(error, [args, kwargs])
            raise

    return telling


def tell_ours(error: Exception, values: Any) -> None:
    """`tell` for an error that this package raised; what the user's own code raised is left."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback and traceback.tb_frame.f_code.co_filename.startswith(_PACKAGE_FOLDER):
        tell(error, values)


def _origins(values: Any, here: Stack) -> list[Any]:
    """The operations that the values come from, as they were made.

    This very line's were mostly made by the function that it calls, so that what they in turn
    were made from tells more.
    """
    todo = [op for value in _flat(values) if (op := _op_of(value)) is not None]
    given = set(todo)
    seen: dict[Any, None] = {}  # of two graphs' ops with one number, the first met comes first
    for op in todo:
        if op not in seen and len(seen) < _FAR:
            seen[op] = None
            if op._stack[:1] == here[:1]:
                todo += [tensor.op for tensor in op._inputs]
    told = [op for op in seen if op in given or op._stack[:1] != here[:1]]
    return sorted(told, key=lambda op: op._id)


def _few(items: list[str]) -> list[str]:
    """The items, or the first and last of too many."""
    if len(items) <= _MOST:
        return items
    return [*items[: _MOST - 1], f"and {len(items) - _MOST} more", items[-1]]


def _op_of(value: Any) -> Any:
    """The operation behind a tensor, a variable or an operation; None for anything else."""
    op = value if hasattr(value, "_stack") else getattr(value, "op", None)
    return op if hasattr(op, "_stack") else None


def _flat(values: Any) -> Iterable[Any]:
    if isinstance(values, dict):
        values = list(values.values())
    if not isinstance(values, (list, tuple)):
        yield values
        return
    for value in values:
        yield from _flat(value)
