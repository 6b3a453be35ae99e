"""Exercises of lesson NUMBER: TITLE."""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf

from .asking import number, parts, size
from .exercise import Exercise, Wrong


def _test_nodes(answer: Any) -> None:
    known = {
        1: "The two constants are nodes as well.",
        2: "Those are the constants. The addition is a node, too.",
    }
    number(answer, 3, known, "Count the constants and the addition.")


nodes = Exercise(
    _test_nodes,
    praise="Two constants and an addition.",
    hints=["Each constant is a node. What else is?", "The addition is one.", "3"],
    solution="""
        nodes = 3

        exercises.nodes.check(nodes)
    """,
)


def _test_build(answer: Any) -> None:
    x = tf.placeholder(tf.float32, [], name="x")
    result = answer(x)
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is a tensor.")
    with tf.Session(graph=result.graph) as sess:
        value = sess.run(result, {x: 3})
    if value != 10:
        raise Wrong(f"For x = 3 your tensor is {value}; the square of 3, plus 1, is 10.")


build = Exercise(
    _test_build,
    praise="Any tensor with the right value will do, however you made it.",
    hints=["Begin with x * x.", "A tensor plus 1 is a tensor.", "Return x * x + 1."],
    solution="""
        def build(x):
            return x * x + 1

        exercises.build.check(build)
    """,
)


def _test_printed(answer: Any) -> None:
    known = {
        (1, 1): "up adds 2 before its value is shown.",
        (2, 3): "v + 1 is one more than what v holds.",
        (2, 2): "The run of up was kept: v holds 3 by then.",
    }
    parts(answer, [3, 4], known, "numbers")


printed = Exercise(
    _test_printed,
    praise="A run of up is kept; v + 1 only computes.",
    hints=["What does v hold after each line?", "1, then 3; v + 1 writes nothing.", "[3, 4]"],
    solution="""
        printed = [3, 4]

        exercises.printed.check(printed)
    """,
)


def _test_total(answer: Any) -> None:
    a, b = tf.constant(20), tf.constant(22)
    before = size()
    with tf.Session() as sess:
        result = answer(sess, a, b)
    if isinstance(result, tf.Tensor):
        raise Wrong("You return a tensor. Its value is what a run in the session gives.")
    if isinstance(result, bool) or not isinstance(result, (int, float, np.number)):
        raise Wrong(f"You return {type(result).__name__}; asked for is a number.")
    if result != 42:
        raise Wrong(f"The values are 20 and 22; you return {result}.")
    if size() != before:
        raise Wrong("The number is right, but the graph has grown. Let Python add the values.")


total = Exercise(
    _test_total,
    praise="What a run gives are NumPy's numbers: adding them needs no node.",
    hints=[
        "sess.run takes a list of tensors.",
        "What comes out are numbers. Python can add them.",
        "Return sum(sess.run([a, b])).",
    ],
    solution="""
        def total(sess, a, b):
            return sum(sess.run([a, b]))

        exercises.total.check(total)
    """,
)
