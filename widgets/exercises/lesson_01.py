"""Exercises of lesson 1: graphs and sessions."""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf

from .asking import kind
from .exercise import Exercise, Wrong


def _tensor(answer: Any, asked: str) -> tf.Tensor:
    """The tensor that the learner's function returns."""
    result = answer()
    if isinstance(result, np.generic):
        raise Wrong(
            f"Your function runs a session and returns the value, {result}. Asked for is {asked}: "
            "the tensor. The check opens a session of its own."
        )
    if isinstance(result, (int, float)):
        raise Wrong(
            f"Your function returns the number {result}, worked out by Python while it ran. Asked "
            f"for is {asked}: a tensor, which has no value until a session runs it."
        )
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Your function returns {kind(result)}; asked for is {asked}, a tensor.")
    return result


def _run(tensor: tf.Tensor) -> Any:
    with tf.Session(graph=tensor.graph) as sess:
        return sess.run(tensor)


def _test_first_graph(answer: Any) -> None:
    tensor = _tensor(answer, "2 * 3 + 4 as nodes of a graph")
    value = _run(tensor)
    if value != 10:
        hint = " Did you add before you multiplied?" if value == 14 else ""
        raise Wrong(f"A session computes {value} for your tensor; 2 * 3 + 4 is 10.{hint}")
    types = {op.type for op in tensor.graph.get_operations()}
    if not {"Mul", "AddV2"} <= types:
        raise Wrong(
            "The value is right, but Python did the arithmetic: your graph has no node that "
            "multiplies and none that adds. At least one number on each side of * and + has to be "
            "a tensor."
        )


first_graph = Exercise(
    _test_first_graph,
    praise="Nothing was computed until the check opened a session: your function only drew "
    "the plan.",
    hints=[
        "What makes `*` add a node instead of multiplying at once? One of its sides.",
        "Start with tf.constant(2). A tensor times 3 is a tensor.",
        "Return tf.constant(2) * 3 + 4.",
    ],
    solution="""
        def first_graph():
            return tf.constant(2) * 3 + 4

        exercises.first_graph.check(first_graph)
    """,
)


def _test_named(answer: Any) -> None:
    try:
        tensor = _tensor(answer, "a sum named total")
    except ValueError as error:
        if "total:0" in str(error):
            raise Wrong(
                "You give the operation's name; the tensor's :0 is put behind it by itself. A name "
                "with a colon in it is refused."
            ) from None
        raise
    if tensor.op.type == "Const":
        raise Wrong("Your tensor is a constant; asked for is a sum of two constants.")
    if tensor.name == "total":
        raise Wrong("That is the operation's name. A tensor's has the output's number: total:0.")
    if tensor.name != "total:0":
        raise Wrong(
            f"Your tensor is called {tensor.name}. `+` always names its node add; the function "
            "tf.add takes a name."
        )
    value = _run(tensor)
    if value != 7:
        raise Wrong(f"The name is right, but a session computes {value}, not 7.")


named = Exercise(
    _test_named,
    praise="The operation is called total, its first (and only) output total:0.",
    hints=[
        "An operator has no place for a name. The function that does the same has.",
        "tf.add(x, y, name=...) adds a node with the name you give.",
        'Return tf.add(3, 4, name="total").',
    ],
    solution="""
        def named():
            return tf.add(3, 4, name="total")

        exercises.named.check(named)
    """,
)


def _test_count(answer: Any) -> None:
    if isinstance(answer, bool) or not isinstance(answer, (int, np.integer)):
        raise Wrong("Asked for is one whole number.")
    if answer == 5:
        return
    known = {
        3: "You counted the operators. Each 1 that meets a tensor becomes a node too.",
        4: "Nearly: the graph does not notice that it has a 1 already. "
        "Each 1 is a node of its own.",
        6: "x was there before the line; it is used twice but made once, by the line above.",
        1: "One line of Python, but each operator in it adds nodes of its own.",
    }
    raise Wrong(known.get(int(answer), "Play the line with %%build and count what appears."))


count = Exercise(
    _test_count,
    praise=(
        "add/y, add, add_1/y, add_1 and mul. The graph holds what you wrote, not what you meant: "
        "x + 1 stands in it twice."
    ),
    hints=[
        "Count the operators first. Then ask of each number what it turns into.",
        "There are three operators, and two numbers that become constants.",
        "Two constants, two additions, one multiplication.",
    ],
    solution="""
        nodes = 5

        exercises.count.check(nodes)
    """,
)


class _CountingSession(tf.Session):
    """A session that counts its runs."""

    runs = 0

    def run(self, fetches: Any, feed_dict: Any = None, *args: Any, **kwargs: Any) -> Any:
        if isinstance(feed_dict, tf.Tensor):
            raise Wrong(
                "sess.run takes what you ask for as its first argument. The second is something "
                "else (lesson 7), so put several tensors into one list."
            )
        self.runs += 1
        return super().run(fetches, feed_dict, *args, **kwargs)


def _test_both(answer: Any) -> None:
    a = tf.constant(5)
    b = 5 + a
    c = a + b
    with _CountingSession() as sess:
        result = answer(sess, b, c)
        if result is None:
            raise Wrong("Your function returns nothing: the values have to come back by return.")
        if isinstance(result, tf.Tensor) or any(isinstance(r, tf.Tensor) for r in _parts(result)):
            raise Wrong("You return tensors. Their values come out of sess.run.")
        values = [int(r) for r in _parts(result)]
        if sorted(values) != [10, 15] or len(values) != 2:
            raise Wrong(f"Asked for are the values of b and c, 10 and 15; you return {values}.")
        if values != [10, 15]:
            raise Wrong("Both values are there, but c's comes first.")
        if sess.runs != 1:
            raise Wrong(
                f"The values are right, but your function ran the graph {sess.runs} times, and b "
                "was computed in each run. Ask for both at once."
            )


def _parts(result: Any) -> list[Any]:
    if isinstance(result, dict):
        return list(result.values())
    return list(result) if isinstance(result, (list, tuple)) else [result]


both = Exercise(
    _test_both,
    praise="One run, two values: b was computed once and used for both.",
    hints=[
        "sess.run takes more than a single tensor.",
        "Give sess.run a list of tensors; it gives back a list of values.",
        "Return sess.run([b, c]).",
    ],
    solution="""
        def both(sess, b, c):
            return sess.run([b, c])

        exercises.both.check(both)
    """,
)


def _test_own_graph(answer: Any) -> None:
    default = tf.get_default_graph()
    result = answer()
    if default.get_operations():
        names = ", ".join(op.name for op in default.get_operations())
        raise Wrong(
            f"Your function added {names} to the graph that was the default before the call."
        )
    if isinstance(result, np.generic):
        raise Wrong(
            f"Asked for is the tensor; your function runs it and returns its value, {result}."
        )
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Asked for is the tensor; your function returns {kind(result)}.")
    if _run(result) != 42:
        raise Wrong(f"A session computes {_run(result)} for your tensor; asked for is 42.")


own_graph = Exercise(
    _test_own_graph,
    praise="Your tensor knows its graph (tensor.graph), and the default graph is as it was.",
    hints=[
        "Where do new nodes go? To the default graph. "
        "Which one that is can be changed for a block.",
        "tf.Graph() makes a graph; `with graph.as_default():` sends the block's nodes there.",
        "with tf.Graph().as_default(): return tf.constant(42)",
    ],
    solution="""
        def own_graph():
            with tf.Graph().as_default():
                return tf.constant(42)

        exercises.own_graph.check(own_graph)
    """,
)


def _test_one_addition(answer: Any) -> None:
    x = tf.constant([1.0, 2.0, 3.0])
    before = len(x.graph.get_operations())
    with _CountingSession() as sess:
        result = answer(sess, x)
        new = [op.type for op in x.graph.get_operations()[before:]]
        try:
            values = np.array(result, dtype=float)
        except (TypeError, ValueError):
            raise Wrong("Asked for are three lists of numbers, one for each run.") from None
        if values.shape != (3, 3) or not np.allclose(values, [[2.0, 4.0, 6.0]] * 3):
            raise Wrong("Asked for is the value of x + x, three times: [[2, 4, 6]] * 3.")
        if not new:
            raise Wrong("The values are right, but no node adds: Python did the work.")
        if new.count("AddV2") > 1:
            raise Wrong(
                f"The values are right, but the graph grew by {len(new)} nodes: each round of your "
                "loop adds another `x + x`. Add the node first, then run it three times."
            )
        if len(new) > 1:
            raise Wrong(
                f"The values are right, but the graph grew by {len(new)} nodes: {', '.join(new)}. "
                "`x + x` is a single one."
            )
        if sess.runs != 3:
            raise Wrong(f"Asked for are three runs; your function makes {sess.runs}.")


one_addition = Exercise(
    _test_one_addition,
    praise="One node, three runs. In a loop belongs sess.run, never the line that adds a node.",
    hints=[
        "Which of the two lines, the one with + or the one with sess.run, has to be repeated?",
        "Write y = x + x before the loop.",
        "y = x + x, then return [sess.run(y) for _ in range(3)].",
    ],
    solution="""
        def one_addition(sess, x):
            y = x + x
            return [sess.run(y) for _ in range(3)]

        exercises.one_addition.check(one_addition)
    """,
)
