"""Ops that write text while a graph runs, or stop it: Print, PrintV2, StringFormat, Assert."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import nothing
from minitf.op import op
from minitf.shape import SCALAR


def element_text(value: Any) -> str:
    """One element as TensorFlow prints it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, (float, np.floating)):
        return _number_text(float(value), 17 if isinstance(value, np.float64) else 9, value)
    if isinstance(value, (complex, np.complexfloating)):
        return f"({element_text(value.real)},{element_text(value.imag)})"
    return str(value)


def _number_text(number: float, most_digits: int, value: Any) -> str:
    """The shortest text with at most six digits more than are lost, as C's `%g` writes it."""
    if np.isnan(number) or np.isinf(number):
        return "nan" if np.isnan(number) else "inf" if number > 0 else "-inf"
    kind = type(value)
    for digits in (6, 8, 15, most_digits):
        text = f"{number:.{digits}g}"
        if digits <= most_digits and kind(text) == value:
            break
    return text


def summary(value: Any, most: int, text: Any = element_text) -> str:
    """The first `most` elements of an array, rows in brackets, as Print and Assert show them."""
    array = np.asarray(value)
    if array.ndim == 0:
        return text(array[()]) if most else "..."
    left = [most if most >= 0 else array.size]
    shown = _rows(array, left, text)
    return shown + ("..." if array.size > (most if most >= 0 else array.size) else "")


def _rows(array: np.ndarray, left: list[int], text: Any) -> str:
    if array.ndim == 1:
        count = min(len(array), left[0])
        left[0] -= count
        return " ".join(text(item) for item in array[:count]) + (
            "..." if False else ""
        )
    parts = []
    for row in array:
        if left[0] <= 0:
            break
        parts.append("[" + _rows(row, left, text) + "]")
    return "".join(parts)


@op
class Assert:
    """Stops the run, showing `data`, where the condition is false."""

    inputs = "condition: bool, data: T"
    attrs = "T: list(type) >= 1, summarize: int = 3"
    stateful = True
    infer = nothing

    def kernel(condition, data, *, summarize):
        if not condition:
            shown = " ".join(f"[{summary(value, summarize)}]" for value in data)
            raise InvalidArgumentError(None, None, f"assertion failed: {shown}")

    gradient = None
