"""How the cost of a run grows: with the ops of a graph, the size of its arrays, what is fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Run = Callable[[], Any]


def _chain(tf: Any, ops: int) -> Run:
    x = y = tf.placeholder(tf.float32, [])
    for _ in range(ops):
        y = y + x
    sess = tf.Session()
    return lambda: sess.run(y, {x: 1.0})


def _size(tf: Any, elements: int) -> Run:
    x = tf.placeholder(tf.float32, [None])
    y = (x * 2.0 + 1.0) * x
    sess, fed = tf.Session(), np.ones(elements, np.float32)
    return lambda: sess.run(y.op, {x: fed})


def _fetches(tf: Any, count: int) -> Run:
    x = tf.placeholder(tf.float32, [])
    fetched = [x + float(i) for i in range(count)]
    sess = tf.Session()
    return lambda: sess.run(fetched, {x: 1.0})


GROWTH: dict[str, Callable[[Any], Run]] = {
    f"{what} {number}": lambda tf, make=make, number=number: make(tf, number)
    for what, make, numbers in (
        ("ops in a graph:", _chain, [10**n for n in range(2, 6)]),
        ("elements of an array:", _size, [10**n for n in range(9)]),
        ("fetches of a run:", _fetches, [10**n for n in range(4)]),
    )
    for number in numbers
}
