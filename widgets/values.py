"""Values as small tables with a faint heat, large ones as a heat map with statistics."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

WHOLE = 8  # a table up to 8 x 8 is shown whole
CELLS = 24  # a heat map has at most 24 x 24 cells
LEVELS = 9


def number(value: Any) -> str:
    """One entry in at most three significant digits; text and booleans as Python writes them."""
    if isinstance(value, (bytes, str)):
        return _cut(repr(_words(value)))
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(value) if abs(int(value)) < 10**7 else f"{int(value):.2e}"
    if isinstance(value, (float, np.floating)):
        return _real(float(value))
    if isinstance(value, (complex, np.complexfloating)):
        real, imag = float(value.real), float(value.imag)
        return f"{_real(real)}{'+' if imag >= 0 else '-'}{_real(abs(imag))}j"
    try:
        return _real(float(value))  # bfloat16 and its like
    except (TypeError, ValueError):
        return "a resource"  # a queue, a table or an iterator


def _words(value: bytes | str) -> bytes | str:
    """Bytes as the text that they spell in UTF-8, as which a learner gave them; others as bytes."""
    if isinstance(value, str):
        return str(value)  # NumPy's own kind says so when it is written
    try:
        return value.decode()
    except UnicodeDecodeError:
        return bytes(value)


def _real(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e5:
        return f"{value:.1f}" if abs(value) < 1000 else f"{value:.0f}"
    return f"{value:.3g}"


def _cut(text: str, limit: int = 16) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def short(value: Any) -> str:
    """A value in a few characters: scalars and short vectors whole, larger ones by their shape."""
    array = np.asarray(value)
    if array.ndim == 0:
        return number(array[()])
    if array.size == 0:
        return f"empty {shape_text(array)}"
    if array.size <= 4 and array.ndim <= 2:
        return nested(array)
    return f"{array.dtype.name} {shape_text(array)}" if array.dtype != object else shape_text(array)


def nested(array: np.ndarray) -> str:
    """All entries of an array, as Python writes nested lists."""
    if array.ndim == 0:
        return number(array[()])
    return "[" + ", ".join(nested(np.asarray(row)) for row in array) + "]"


def shape_text(array: np.ndarray) -> str:
    """A shape as Python writes it: `(3, 2)`, `(3,)`, `()`."""
    return sizes_text(array.shape)


def sizes_text(sizes: Iterable[int | None]) -> str:
    """The sizes of a shape as Python writes a tuple, `?` for one that is open: `(?, 3)`, `(?,)`."""
    numbers = ["?" if n is None else str(n) for n in sizes]
    return f"({', '.join(numbers)}{',' if len(numbers) == 1 else ''})"


def table(value: Any, label: str = "", *, hot: bool = False, kind: str = "") -> dict[str, Any]:
    """A value as a panel's column: ``rows`` with ``heat``, or if large ``map`` with ``stats``."""
    array = np.asarray(value)
    column: dict[str, Any] = {"label": label, "shape": shape_text(array)}
    if hot:
        column["hot"] = True
    if kind:
        column["kind"] = kind
    if array.size == 0:
        column["rows"] = [["empty"]]
        return column
    flat = array.reshape(1, -1) if array.ndim < 2 else array.reshape(-1, array.shape[-1])
    if flat.shape[0] <= WHOLE and flat.shape[1] <= WHOLE:
        column["rows"] = [[number(x) for x in row] for row in flat]
        column["heat"] = _heat(flat)
    else:
        column["map"] = heat_map(flat)
        column["stats"] = statistics(array)
    return column


def _as_float(array: np.ndarray) -> np.ndarray | None:
    if array.dtype.kind in "OSU":
        return None
    if array.dtype.kind == "c":
        array = np.abs(array)
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        return None


def _span(numbers: np.ndarray) -> tuple[float, float]:
    finite = numbers[np.isfinite(numbers)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _heat(flat: np.ndarray) -> list[list[float]]:
    """0 to 1 for each entry; a table of one value, or of text, has no heat."""
    numbers = _as_float(flat)
    if numbers is None or numbers.size == 1:
        return []
    low, high = _span(numbers)
    if high == low:
        return []
    scaled = np.nan_to_num((numbers - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    return [[round(float(x), 2) for x in row] for row in scaled.clip(0, 1)]


def heat_map(flat: np.ndarray) -> list[list[int]]:
    """At most 24 x 24 levels from 0 to 8, each the mean of a block; -1 where nothing is finite."""
    numbers = _as_float(flat)
    if numbers is None:
        return []
    with np.errstate(all="ignore"):
        numbers = np.where(np.isfinite(numbers), numbers, np.nan)
        for axis in (0, 1):
            numbers = _block_means(numbers, axis)
        low, high = _span(numbers)
        scaled = (numbers - low) / ((high - low) or 1.0) * (LEVELS - 1)
        return [[-1 if math.isnan(x) else round(x) for x in row] for row in scaled.tolist()]


def _block_means(numbers: np.ndarray, axis: int) -> np.ndarray:
    count = numbers.shape[axis]
    if count <= CELLS:
        return numbers
    starts = np.linspace(0, count, CELLS, endpoint=False).astype(int)
    good = np.isfinite(numbers)
    total = np.add.reduceat(np.where(good, numbers, 0.0), starts, axis=axis)
    many = np.add.reduceat(good.astype(float), starts, axis=axis)
    return np.where(many > 0, total / np.where(many > 0, many, 1.0), np.nan)


def statistics(array: np.ndarray) -> list[list[str]]:
    """Pairs of words: shape, min, mean, max, how many are not numbers, the first entries."""
    out = [["shape", shape_text(array)]]
    numbers = _as_float(array)
    if numbers is not None:
        finite = numbers[np.isfinite(numbers)]
        if finite.size:
            triple = (finite.min(), finite.mean(), finite.max())
            out += [
                [w, _real(float(x))] for w, x in zip(("min", "mean", "max"), triple, strict=True)
            ]
        if finite.size < numbers.size:
            out.append(["nan or inf", str(numbers.size - finite.size)])
    first = [number(x) for x in array.reshape(-1)[:6]]
    out.append(["first", ", ".join(first) + ", …"])
    return out
