"""Exercises of lesson 2: variables and initialization."""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf

from .asking import alive, number, size, variable
from .exercise import Exercise, Wrong


def _test_zeros(answer: Any) -> None:
    var = variable(answer(), "a variable")
    if var.name != "weights:0":
        raise Wrong(
            f"Your variable is called {var.name}. tf.Variable takes a name; ask for weights."
        )
    if var.shape.as_list() != [3]:
        raise Wrong(f"Your variable has the shape {var.shape}; three numbers have the shape (3,).")
    if var.dtype.base_dtype != tf.float32:
        raise Wrong(
            f"Your variable is of type {var.dtype.base_dtype.name}: it took the type of its "
            "initial value. Floats have a point: 0.0."
        )
    with tf.Session(graph=var.graph) as sess:
        sess.run(var.initializer)
        value = sess.run(var)
    if np.any(value != 0):
        raise Wrong("Once initialized, your variable holds other numbers than zeros.")


zeros = Exercise(
    _test_zeros,
    praise="The variable takes its shape and its type from the initial value, for good.",
    hints=[
        "A variable needs an initial value. Shape and type come from it.",
        "tf.Variable takes a list of floats, and name=...",
        'Return tf.Variable([0.0, 0.0, 0.0], name="weights").',
    ],
    solution="""
        def zeros():
            return tf.Variable([0.0, 0.0, 0.0], name="weights")

        exercises.zeros.check(zeros)
    """,
)


def _test_nodes(answer: Any) -> None:
    known = {
        1: "The place for the value is one node. How does the value get there, and out again?",
        2: "The value itself and its place are two. Who carries it there? Who reads it?",
        3: "Nearly. Look once more: initial value, place, writing, reading.",
    }
    number(answer, 4, known, "Open the variable in a %%build story and count its nodes.")


nodes = Exercise(
    _test_nodes,
    praise="The initial value, the variable itself, Assign (its initializer), and read.",
    hints=[
        "A variable is folded in the drawings. Open one and count.",
        "Ask the graph: len(tf.get_default_graph().get_operations()) before and after.",
        "step/initial_value, step, step/Assign, step/read.",
    ],
    solution="""
        nodes = 4

        exercises.nodes.check(nodes)
    """,
)


def _test_only_one(answer: Any) -> None:
    wanted = tf.Variable(7, name="wanted")
    other = tf.Variable(8, name="other")
    with tf.Session() as sess:
        value = answer(sess, wanted)
        if isinstance(value, (tf.Tensor, tf.Variable, tf.Operation)):
            raise Wrong("You return a node of the graph. Its value comes out of sess.run.")
        if alive(sess, other):
            raise Wrong(
                "The other variable of this graph has a value now, too: "
                "tf.global_variables_initializer() is for all of them. Asked for is this one only."
            )
        if not alive(sess, wanted):
            raise Wrong("After your function, the session still holds no value for the variable.")
        if np.ndim(value) or value != 7:
            raise Wrong(f"The variable is initialized; now return its value, 7, not {value!r}.")


only_one = Exercise(
    _test_only_one,
    praise="Each variable has an initializer of its own; nothing else was touched.",
    hints=[
        "A variable knows the operation that gives it its initial value.",
        "It is called v.initializer, and a session can run it.",
        "sess.run(v.initializer), then return sess.run(v).",
    ],
    solution="""
        def only_one(sess, v):
            sess.run(v.initializer)
            return sess.run(v)

        exercises.only_one.check(only_one)
    """,
)


def _test_without_value(answer: Any) -> None:
    if isinstance(answer, str):
        answer = [answer]
    if not isinstance(answer, (list, tuple, set)) or not all(isinstance(n, str) for n in answer):
        raise Wrong('Asked for is a list of names, such as ["p", "s"].')
    names = {name.removesuffix(":0") for name in answer}
    if unknown := sorted(names - set("pqrs")):
        raise Wrong(f"There is no variable {unknown[0]} in this program.")
    if "p" in names:
        raise Wrong("p was there when init was made, and init was run: p has its value.")
    if "r" in names:
        raise Wrong("r came after init, but its own initializer was run.")
    if "s" not in names:
        raise Wrong("Nobody ran anything for s: r's initializer is r's alone.")
    if "q" not in names:
        raise Wrong(
            "init was run after q was made. But which variables it initializes was settled when "
            "init itself was made."
        )


without_value = Exercise(
    _test_without_value,
    praise="init holds the initializers of the variables that were there when init was made: p's.",
    hints=[
        "What matters for init is the moment when it is made, not the moment when it runs.",
        "init was made when p was the only variable. r has been initialized by itself.",
        'That leaves ["q", "s"].',
    ],
    solution="""
        without_value = ["q", "s"]

        exercises.without_value.check(without_value)
    """,
)


def _test_count_up(answer: Any) -> None:
    var = tf.Variable(10, name="v")
    with tf.Session() as sess:
        sess.run(var.initializer)
        before = size()
        result = answer(sess, var)
        grown = size() - before
        value = sess.run(var)
        if value == 10:
            raise Wrong(
                "The session still holds 10 for v. v + 2 is a sum that nobody keeps; a variable "
                "changes only where an assignment runs."
            )
        if value != 20:
            raise Wrong(f"Five times 2 on top of 10 is 20; the session now holds {value}.")
        if grown > 2:
            raise Wrong(
                f"The value is right, but the graph grew by {grown} nodes: a line in your loop "
                "adds nodes in every round. Make the assignment before the loop, run it inside."
            )
        if np.ndim(result) or isinstance(result, (tf.Tensor, tf.Variable)) or result != 20:
            raise Wrong("The variable is right; now return its last value, the number 20.")


count_up = Exercise(
    _test_count_up,
    praise="One assignment in the graph, run five times. Training is nothing else.",
    hints=[
        "Which operation adds to a variable, in the session that runs it?",
        "up = v.assign_add(2) adds it to the graph. It belongs before the loop.",
        "up = v.assign_add(2), then five times sess.run(up), then return sess.run(v).",
    ],
    solution="""
        def count_up(sess, v):
            up = v.assign_add(2)
            for _ in range(5):
                sess.run(up)
            return sess.run(v)

        exercises.count_up.check(count_up)
    """,
)


def _test_throws(answer: Any) -> None:
    var = tf.Variable(tf.random_uniform([], seed=3), name="dice")
    with tf.Session() as sess:
        sess.run(var.initializer)
        before = size()
        result = answer(sess, var)
        if size() > before:
            raise Wrong("Your function adds nodes to the graph. All that it needs is there.")
        try:
            values = np.array(result, dtype=float)
        except (TypeError, ValueError):
            raise Wrong("Asked for is a list of three numbers, out of three runs.") from None
        if values.shape != (3,):
            raise Wrong("Asked for is a list of three numbers, out of three runs.")
        if len(set(values)) != 3:
            raise Wrong(
                "Your numbers repeat. A variable keeps its value from run to run: reading it does "
                "not draw again. What does?"
            )
        if values[-1] != sess.run(var):
            raise Wrong(
                "Your numbers differ, but they are not values of the variable: running its initial "
                "value draws a number and keeps it nowhere."
            )


throws = Exercise(
    _test_throws,
    praise="An initializer can run as often as you like; each time it computes the value anew.",
    hints=[
        "The random number is drawn where the initial value is computed. Which operation needs it?",
        "sess.run(v.initializer) draws again, sess.run(v) reads.",
        "Three times: sess.run(v.initializer), then append sess.run(v) to a list.",
    ],
    solution="""
        def throws(sess, v):
            values = []
            for _ in range(3):
                sess.run(v.initializer)
                values.append(sess.run(v))
            return values

        exercises.throws.check(throws)
    """,
)
