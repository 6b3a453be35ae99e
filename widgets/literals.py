"""Typed text as a value: Python's literals and a few NumPy calls, read and never executed."""

from __future__ import annotations

import ast
import math
import warnings
from typing import Any

import numpy as np

LONGEST = 200_000  # characters
LARGEST = 10_000_000  # entries that a call such as np.zeros may make

_NAMES = {"nan": math.nan, "inf": math.inf}
_CONSTANTS = {"nan": math.nan, "inf": math.inf, "pi": math.pi, "e": math.e}
_TYPES = {
    "float16", "float32", "float64", "int8", "int16", "int32", "int64",
    "uint8", "uint16", "uint32", "uint64", "complex64", "complex128", "bool_",
}  # fmt: skip
_MAKERS = {"array", "asarray", "zeros", "ones", "full", "eye", "arange", "linspace"}
_SEEN = "numbers, text in quotes, True, False, lists of these, or a call like np.zeros((2, 3))"


class Unreadable(ValueError):
    """The text is no value; the message says in plain words why."""


def read(text: str) -> Any:
    """The value that a text stands for. Raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable(f"this text is too long to be typed: over {LONGEST} characters")
    try:
        with warnings.catch_warnings():  # about "\d": nothing for a learner in the middle of typing
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval")
        return _value(tree.body)
    except SyntaxError as error:
        raise Unreadable(_unfinished(text, error)) from None
    except (RecursionError, MemoryError):
        raise Unreadable("the brackets are nested too deeply") from None


def _unfinished(text: str, error: SyntaxError) -> str:
    """What is wrong with half-typed text: mostly, something is still open."""
    message = error.msg or ""
    if "was never closed" in message:
        return f"the bracket {message.split(chr(39))[1]} is still open"
    if "unterminated string" in message:
        return "the quote is still open"
    if "unmatched" in message or "does not match" in message:
        return "the brackets do not match"
    if "unexpected EOF" in message:
        return "something is missing at the end"
    return f"this is no value: type {_SEEN}"


def _value(node: ast.expr) -> Any:
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_value(item) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _negative(node)
    if isinstance(node, ast.Name):
        return _named(node.id)
    if isinstance(node, ast.Attribute) and _is_numpy(node.value) and node.attr in _CONSTANTS:
        return _CONSTANTS[node.attr]
    if isinstance(node, ast.Call):
        return _called(node)
    if isinstance(node, (ast.Dict, ast.Set)):
        raise Unreadable("a dict or a set cannot be fed; a list can")
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        raise Unreadable(f"this is no value: type {_SEEN}") from None
    if value is None or value is Ellipsis:
        raise Unreadable(f"{value} is no value that can be fed")
    return value


def _negative(node: ast.UnaryOp) -> Any:
    value = _value(node.operand)
    if isinstance(value, (bool, str, bytes, list)):
        raise Unreadable("a minus sign stands before numbers only")
    return -value


def _named(name: str) -> Any:
    if name in _NAMES:
        return _NAMES[name]
    if name in ("true", "false"):
        raise Unreadable(f"Python writes {name.capitalize()}")
    raise Unreadable(f"{name[:40]} is a name: type {_SEEN}")


def _is_numpy(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def _called(node: ast.Call) -> Any:
    """The array of np.zeros((2, 3)) and its like, and of `.reshape(...)` behind it."""
    function = node.func
    if not isinstance(function, ast.Attribute):
        raise Unreadable(f"only NumPy's {', '.join(sorted(_MAKERS))} can be called here")
    if function.attr == "reshape" and not _is_numpy(function.value):
        return _tried(np.asarray(_value(function.value)).reshape, [_value(a) for a in node.args])
    if not _is_numpy(function.value) or function.attr not in _MAKERS | _TYPES:
        raise Unreadable(f"only NumPy's {', '.join(sorted(_MAKERS))} can be called here")
    given = [_value(argument) for argument in node.args]
    if any(keyword.arg != "dtype" for keyword in node.keywords):
        raise Unreadable(f"np.{function.attr} takes dtype by its name here, all else by its place")
    _refuse_huge(function.attr, given)
    named = {"dtype": _type(node.keywords[0].value)} if node.keywords else {}
    return _tried(getattr(np, function.attr), given, named)


def _type(node: ast.expr) -> str:
    """A dtype's name, from `np.int32`, `"int32"` or `int`; no type of any length, as texts are."""
    name = node.attr if isinstance(node, ast.Attribute) and _is_numpy(node.value) else ""
    if isinstance(node, ast.Name):
        name = node.id
    elif isinstance(node, ast.Constant):
        name = str(node.value)
    if name not in _TYPES | {"int", "float", "bool", "complex"}:
        raise Unreadable("this dtype is not known here: np.float32, np.int32, bool and others are")
    return name.rstrip("_")


def _refuse_huge(function: str, given: list[Any]) -> None:
    """Keeps a slip such as np.zeros(10**12) from taking all memory."""
    numbers = [x for x in np.ravel(np.asarray(given[:1] or [0], dtype=object)) if _is_real(x)]
    size = math.prod(max(float(x), 1.0) for x in numbers)
    if function == "eye":
        size = math.prod(max(float(x), 1.0) for x in given if _is_real(x)) * max(size, 1.0)
    elif function == "arange":
        ends = [abs(float(x)) for x in given[:2] if _is_real(x)]
        step = abs(float(given[2])) if len(given) > 2 and _is_real(given[2]) else 1.0
        size = sum(ends) / (step or 1.0)
    elif function == "linspace":
        size = float(given[2]) if len(given) > 2 and _is_real(given[2]) else 50.0
    elif function not in ("zeros", "ones", "full"):
        return
    if not size <= LARGEST:
        raise Unreadable(f"this array is too large to be typed: over {LARGEST} entries")


def _is_real(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, complex)


def _tried(function: Any, given: list[Any], named: dict[str, Any] | None = None) -> Any:
    try:
        return function(*given, **(named or {}))
    except Exception as error:
        raise Unreadable(str(error).strip().split("\n")[0] or type(error).__name__) from None
