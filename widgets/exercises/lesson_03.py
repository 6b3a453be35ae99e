"""Exercises of lesson 3: lives of variables across sessions."""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf

from .asking import alive, number, parts, size
from .exercise import Exercise, Wrong


def _test_two_sessions(answer: Any) -> None:
    known = {
        (1, 11): "The last line runs in second. Writes there do not reach first.",
        (1, 0): "first wrote twice: up ran two times in it, 5 each time.",
        (1, 5): "up runs in first two times: look for both lines.",
        (1, 15): "up runs in first only twice. The third time is second's.",
        (2, 15): "second does not see what first wrote. It began at 0 when its own init ran.",
        (2, 0): "second ran up once, after its own init.",
        (2, 10): "Those 10 are in first. second began at 0 and ran up once.",
    }
    parts(answer, [10, 5], known, "numbers")


two_sessions = Exercise(
    _test_two_sessions,
    praise="One graph, one variable, two values: each session keeps its own.",
    hints=[
        "Make two columns, one for each session, and go through the lines.",
        "first: 0, then 5, then 10. And second?",
        "[10, 5]",
    ],
    solution="""
        values = [10, 5]

        exercises.two_sessions.check(values)
    """,
)


def _test_last(answer: Any) -> None:
    known = {
        1: "The assignment ran, twice. The variable did change.",
        2: "In the second run w is computed again, from what the variable holds by then.",
        4: "Fetching w computes v + 1 and writes nothing. Only up writes.",
        5: "Count the runs of up: fetching w is none.",
    }
    number(answer, 3, known, "Go line by line and note what the session holds for v.")


last = Exercise(
    _test_last,
    praise="w was computed three times and never kept; up wrote 2, then 3.",
    hints=[
        "Which of the runs write to v? Note v's value behind each line.",
        "Each run computes w anew from v. up writes it, the run of w alone does not.",
        "1, then 2, then 3; the run of w gives 4 and writes nothing.",
    ],
    solution="""
        last = 3

        exercises.last.check(last)
    """,
)


def _test_alive(answer: Any) -> None:
    born = tf.Variable(0, name="born")
    unborn = tf.Variable(1, name="unborn")
    with tf.Session() as sess:
        sess.run(born.initializer)
        try:
            says = [answer(sess, born), answer(sess, unborn)]
        except tf.errors.FailedPreconditionError:
            raise Wrong(
                "Reading a variable without a value raises an error. Catch it, or ask without "
                "reading: tf.is_variable_initialized(v) makes a tensor that knows."
            ) from None
        if any(isinstance(said, tf.Tensor) for said in says):
            raise Wrong("You return a tensor. Whether it is true, only a run in sess can tell.")
        if alive(sess, unborn):
            raise Wrong("Your function gave the variable a value. It should only look.")
        if not all(isinstance(said, (bool, np.bool_)) for said in says):
            raise Wrong("Asked for is True or False.")
        if not says[0]:
            raise Wrong("A variable whose initializer has run is alive, also where its value is 0.")
        if says[1]:
            raise Wrong("A variable whose initializer never ran in this session is not alive.")


has_value = Exercise(
    _test_alive,
    praise="The question goes to a session: the graph cannot know.",
    hints=[
        "Two ways: try to read it and see what happens, or let the graph ask.",
        "tf.is_variable_initialized(v) is a tensor of type bool.",
        "Return sess.run(tf.is_variable_initialized(v)).",
    ],
    solution="""
        def has_value(sess, v):
            return sess.run(tf.is_variable_initialized(v))

        exercises.has_value.check(has_value)
    """,
)


def _test_carry(answer: Any) -> None:
    var = tf.Variable(1, name="v")
    write = var.assign_add(41)
    with tf.Session() as first, tf.Session() as second:
        first.run(var.initializer)
        first.run(write)
        answer(first, second, var)
        if first.run(var) != 42:
            raise Wrong(f"first held 42 and should hold it still; now it has {first.run(var)}.")
        if not alive(second, var):
            raise Wrong(
                "second holds no value yet. A value read in first is a NumPy number in Python; "
                "somebody has to write it in second."
            )
        value = second.run(var)
        if value == 1:
            raise Wrong(
                "second ran the initializer, so it has the initial value. Asked for is the value "
                "that first holds."
            )
        if value != 42:
            raise Wrong(f"second now holds {value}; first has 42.")


carry = Exercise(
    _test_carry,
    praise="Out of one session, through Python, into the other. A checkpoint does it with a file.",
    hints=[
        "Read in one session, write in the other. Between them lies Python.",
        "v.load(value, session) writes a value in that session.",
        "v.load(first.run(v), second)",
    ],
    solution="""
        def carry(first, second, v):
            v.load(first.run(v), second)

        exercises.carry.check(carry)
    """,
)


def _test_begin_anew(answer: Any) -> None:
    var = tf.Variable(100, name="v")
    other = tf.Variable(0, name="other")
    with tf.Session() as sess:
        sess.run([var.initializer, other.initializer])
        sess.run([var.assign_add(5), other.assign_add(5)])
        before = size()
        answer(sess, var)
        value = sess.run(var)
        if value == 105:
            raise Wrong("The session still holds 105. Something has to write the initial value.")
        if value != 100:
            raise Wrong(f"v began at 100, not at {value}: its initial value is in the graph.")
        if sess.run(other) != 5:
            raise Wrong("Another variable of the session began anew too. Asked for is v only.")
        if size() > before:
            raise Wrong("The value is right, but no new node is needed: v has an initializer.")


begin_anew = Exercise(
    _test_begin_anew,
    praise="An initializer is an assignment; it may run whenever you like.",
    hints=[
        "What gave v its first value in this session?",
        "It can do so again.",
        "sess.run(v.initializer)",
    ],
    solution="""
        def begin_anew(sess, v):
            sess.run(v.initializer)

        exercises.begin_anew.check(begin_anew)
    """,
)
