"""What several lessons' checks ask of an answer; each raises Wrong with a text for the learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import minitf as tf

from .exercise import Wrong


def kind(result: Any) -> str:
    """What a function returned, as it is called in a reply."""
    return "nothing (is the return missing?)" if result is None else type(result).__name__


def number(answer: Any, right: int, known: Mapping[int, str], otherwise: str) -> None:
    """One whole number; `known` answers some wrong ones."""
    if isinstance(answer, bool) or not isinstance(answer, (int, np.integer)):
        raise Wrong("Asked for is one whole number.")
    if answer != right:
        raise Wrong(known.get(int(answer), otherwise))


def parts(answer: Any, right: Sequence[Any], known: Mapping[Any, str], what: str) -> None:
    """A list with `right`'s items, in order; `known` answers (place, wrong item), places from 1."""
    if not isinstance(answer, (list, tuple)):
        raise Wrong(f"Asked for is a list of {len(right)} {what}.")
    if len(answer) != len(right):
        raise Wrong(f"Asked for are {len(right)} {what}; your list has {len(answer)}.")
    for place, (given, wanted) in enumerate(zip(answer, right), start=1):
        if not isinstance(given, _alike(wanted)):
            raise Wrong(f"Item {place} is {given!r}; asked for are {what}.")
        if given != wanted:
            raise Wrong(known.get((place, given), f"Item {place} is not {given!r}."))


def _alike(wanted: Any) -> Any:
    """The types that may stand for the right item: 2.0 is as good as 2, but True is not 1."""
    number = isinstance(wanted, (int, float)) and not isinstance(wanted, bool)
    return (int, float, np.number) if number else type(wanted)


def variable(result: Any, asked: str) -> tf.Variable:
    """The variable that was asked for, and not a tensor or a number."""
    if isinstance(result, tf.Tensor):
        raise Wrong(
            f"Your function returns a tensor ({result.op.type}); asked for is {asked}, which a "
            "session can write to."
        )
    if not isinstance(result, tf.Variable):
        raise Wrong(f"Your function returns {kind(result)}; asked for is {asked}.")
    return result


def alive(sess: tf.Session, var: tf.Variable) -> bool:
    """Whether a session holds a value for the variable; the graph does not grow."""
    try:
        sess.run(var)
    except tf.errors.FailedPreconditionError:
        return False
    return True


def size() -> int:
    """How many nodes the default graph has."""
    return len(tf.get_default_graph().get_operations())


def known_as(name: str) -> Any:
    """The variable that get_variable would share under this name in the default graph, or None."""
    with tf.variable_scope("", reuse=True):
        for dtype in (tf.float32, tf.int32, tf.float64, tf.int64, tf.bool):
            try:
                return tf.get_variable(name, dtype=dtype)
            except ValueError:
                continue
    return None
