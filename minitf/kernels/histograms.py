"""The histogram of TensorBoard: buckets that grow by a tenth, from 1e-12 to 1e20, both ways."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

LARGEST = np.finfo(np.float64).max
_BLOCK = 1 << 16


class Histogram(NamedTuple):
    """What is known of many values; `counts[i]` of them lie below `limits[i]`, above the last."""

    least: float
    most: float
    number: float
    total: float
    squares: float
    limits: list[float]
    counts: list[float]


@cache
def _limits() -> np.ndarray:
    positive, value = [], 1e-12
    while value < 1e20:
        positive.append(value)
        value *= 1.1
    positive.append(LARGEST)
    return np.array([-limit for limit in reversed(positive)] + [0.0] + positive)


def histogram(values: np.ndarray) -> Histogram:
    """Counts finite numbers, and adds them one after the other, as TensorFlow does."""
    limits = _limits()
    flat = np.asarray(values).reshape(-1)
    if flat.dtype == np.float16:
        flat = flat.astype(np.float64)
    # Looking 1551 limits up among sorted values is far quicker than every value among the limits.
    below = np.searchsorted(np.sort(flat).astype(np.float64), limits, "left")
    below[-1] = flat.size
    counts = np.diff(below, prepend=0)
    flat = flat.astype(np.float64)
    if not flat.size:
        return Histogram(LARGEST, -LARGEST, 0.0, 0.0, 0.0, [LARGEST], [0.0])
    with np.errstate(over="ignore"):
        total, squares = _sum_in_order(flat), _sum_in_order(flat * flat)
    kept = _kept(counts)
    return Histogram(
        _first_of(flat, flat.min()),
        _first_of(flat, flat.max()),
        float(flat.size),
        total,
        squares,
        limits[kept].tolist(),
        counts[kept].astype(np.float64).tolist(),
    )


def _first_of(values: np.ndarray, value: Any) -> float:
    """The value as it comes first: of zeros there are two that are equal."""
    return float(values[np.argmax(values == 0.0)] if value == 0.0 else value)


def _kept(counts: np.ndarray) -> np.ndarray:
    """The buckets to write down: those that hold something, and the last of each empty run."""
    filled = counts > 0
    follows = np.append(filled[1:], True)
    return filled | follows


def _sum_in_order(values: np.ndarray) -> float:
    total = 0.0
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        total = float(np.add.accumulate(np.append(total, block))[-1])
    return total
