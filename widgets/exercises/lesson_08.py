"""Exercises of lesson 8: what one run does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import minitf as tf

from .asking import number
from .exercise import Exercise, Wrong

SEEDS = range(8)  # orders of what the graph leaves open


def _values(fetches: Any, start: Callable[[tf.Session], Any]) -> list[Any]:
    """What a run gives in sessions of different order."""
    found = []
    for seed in (None, *SEEDS):
        with tf.Session(shuffle_seed=seed) as sess:
            start(sess)
            found.append(sess.run(fetches))
    return found


def _races(fetches: Any) -> bool:
    with tf.Session() as sess:
        return bool(sess.races(fetches))


def _test_calls_counted(answer: Any) -> None:
    known = {
        1: "The first run calls f once. Is there another run that needs t?",
        3: "In the first run f is called once, though two ask for it; in the last, t is fed.",
        4: "Each operation runs once in a run, and a fed tensor is not computed.",
        5: "Each operation runs once in a run, and only if it is needed.",
    }
    number(answer, 2, known, "Go through the runs one by one: does this run need t, and is t fed?")


calls_counted = Exercise(
    _test_calls_counted,
    praise="Once in the first run, not in the second, once in the third, and not where t is fed.",
    hints=[
        "For each run ask: is t needed?",
        "c does not need it. In the last run its value is fed.",
        "1 + 0 + 1 + 0.",
    ],
    solution="""
        calls_counted = 2

        exercises.calls_counted.check(calls_counted)
    """,
)


def _tensor(result: Any) -> tf.Tensor:
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is a tensor.")
    return result


def _test_after_first(answer: Any) -> None:
    done: list[int] = []
    y = tf.constant(7.0, name="y")

    def note() -> np.float32:
        done.append(1)
        return np.float32(0)

    first = tf.py_func(note, [], tf.float32, name="first").op
    result = _tensor(answer(first, y))
    if result is y:
        raise Wrong("You return y itself. It was made before, and does not wait for anything.")
    with tf.Session() as sess:
        value = sess.run(result)
    if not done:
        raise Wrong("A run of your tensor does not carry out first: it does not depend on it.")
    if value != 7:
        raise Wrong(f"first is carried out, but the value is {value:g} and not y's.")


after_first = Exercise(
    _test_after_first,
    praise="A new node, made inside the block: it waits, and passes y on.",
    hints=[
        "with tf.control_dependencies([first]): makes new nodes wait. Which new node is there?",
        "tf.identity makes a node that passes a value on.",
        "with tf.control_dependencies([first]): return tf.identity(y)",
    ],
    solution="""
        def after_first(first, y):
            with tf.control_dependencies([first]):
                return tf.identity(y)

        exercises.after_first.check(after_first)
    """,
)


def _test_doubled(answer: Any) -> None:
    v = tf.Variable(3, name="v")
    result = _tensor(answer(v))
    init = v.initializer
    with tf.Session() as sess:
        sess.run(init)
        value, kept = sess.run(result), sess.run(v)
    if kept == 3:
        raise Wrong("A run of your tensor does not add 1 to v.")
    if kept != 4:
        raise Wrong(f"v should go from 3 to 4; after a run of your tensor it is {kept}.")
    if value == 6:
        raise Wrong("v grows, but your tensor doubles the old value.")
    if value != 8:
        raise Wrong(f"v goes from 3 to 4, so the result should be 8; yours is {value}.")
    if _races(result) or len({int(got) for got in _values(result, lambda s: s.run(init))}) > 1:
        raise Wrong(
            "It works in the order in which you wrote it. But the reading that you double, v/read, "
            "was made before and waits for nothing: in another order it reads the old value."
        )


doubled = Exercise(
    _test_doubled,
    praise="The doubling cannot begin before the addition is done, in any order.",
    hints=[
        "The tensor that assign_add returns has the new value.",
        "Or read inside `with tf.control_dependencies([up])`, by v.read_value().",
        "Return v.assign_add(1) * 2.",
    ],
    solution="""
        def doubled(v):
            with tf.control_dependencies([v.assign_add(1)]):
                return v.read_value() * 2

        exercises.doubled.check(doubled)
    """,
)


def _test_racing(answer: Any) -> None:
    if isinstance(answer, str):
        answer = list(answer)
    if not isinstance(answer, (list, tuple, set)) or not all(isinstance(n, str) for n in answer):
        raise Wrong('Asked for is a list of letters, such as ["b", "e"].')
    letters = set(answer)
    if unknown := sorted(letters - set("abcde")):
        raise Wrong(f"There is no {unknown[0]} in the list.")
    if "b" in letters:
        raise Wrong("b writes w and reads v. Two variables do not get into each other's way.")
    if "c" in letters:
        raise Wrong("In c the reading was made inside the block: it waits for up.")
    if "e" in letters:
        raise Wrong("e only reads. Readings may come in any order.")
    if "a" not in letters:
        raise Wrong("up writes v, twice reads it. Where is the edge that orders them?")
    if "d" not in letters:
        raise Wrong("plus waits for up. But does the reading that it adds to wait as well?")


racing = Exercise(
    _test_racing,
    praise="a has no edge at all; in d the sum waits, but v/read, which it adds to, does not.",
    hints=[
        "A race needs a variable, a write to it, and another use of it, with no path between them.",
        "b has two variables, e has no write. In c the reading waits.",
        'racing = ["a", "d"]',
    ],
    solution="""
        racing = ["a", "d"]

        exercises.racing.check(racing)
    """,
)


def _test_old_and_new(answer: Any) -> None:
    v = tf.Variable(10, name="v")
    result = answer(v)
    if not isinstance(result, (list, tuple)) or len(result) != 2:
        raise Wrong("Asked for is a list of two tensors.")
    fetches = [_tensor(part) for part in result]
    init = v.initializer
    seen = {tuple(map(int, got)) for got in _values(fetches, lambda s: s.run(init))}
    if seen == {(15, 10)}:
        raise Wrong("Both values are there, but the old one comes first.")
    if (10, 15) not in seen:
        raise Wrong(f"v is 10 before: asked for is [10, 15]; you give {list(min(seen))}.")
    if len(seen) > 1 or _races(fetches):
        raise Wrong(
            "In one order you give [10, 15], in another you may not: nothing says that the old "
            "value is read before the assignment. Make the assignment wait for the reading."
        )


old_and_new = Exercise(
    _test_old_and_new,
    praise="Here it is the assignment that waits for the reading.",
    hints=[
        "Which of the two has to wait for the other, the reading or the assignment?",
        "A copy of the old value first (v + 0); then the assignment inside control_dependencies.",
        "old = v + 0; then, inside tf.control_dependencies([old]), new = v.assign_add(5).",
    ],
    solution="""
        def old_and_new(v):
            old = v + 0
            with tf.control_dependencies([old]):
                new = v.assign_add(5)
            return [old, new]

        exercises.old_and_new.check(old_and_new)
    """,
)


def _test_swap(answer: Any) -> None:
    v = tf.Variable(1, name="v")
    w = tf.Variable(2, name="w")
    result = answer(v, w)
    if isinstance(result, (list, tuple)):
        raise Wrong("You return a list. tf.group makes one operation of several.")
    if not isinstance(result, (tf.Operation, tf.Tensor)):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is an operation.")
    with tf.Session() as sess:
        sess.run([v.initializer, w.initializer])
        sess.run(result)
        values = tuple(int(value) for value in sess.run([v, w]))
    if values in {(1, 1), (2, 2)}:
        raise Wrong(
            f"Both variables hold {values[0]} after a run: the second assignment read what the "
            "first had written. Both readings have to come before both assignments."
        )
    if values != (2, 1):
        raise Wrong(f"v and w were 1 and 2; after a run they are {values[0]} and {values[1]}.")
    if _races(result):
        raise Wrong("In this order it works, but a reading and an assignment of yours still race.")


swap = Exercise(
    _test_swap,
    praise="Both old values are read before either variable is written.",
    hints=[
        "In Python, v, w = w, v reads both before it writes either. Say the same with edges.",
        "Copy both (v + 0, w + 0), and make both assignments wait for both copies.",
        "a, b = v + 0, w + 0; with tf.control_dependencies([a, b]): "
        "return tf.group(v.assign(b), w.assign(a))",
    ],
    solution="""
        def swap(v, w):
            a, b = v + 0, w + 0
            with tf.control_dependencies([a, b]):
                return tf.group(v.assign(b), w.assign(a))

        exercises.swap.check(swap)
    """,
)
