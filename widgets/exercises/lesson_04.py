"""Exercises of lesson 4: making names."""

from __future__ import annotations

from typing import Any

import minitf as tf

from .asking import known_as, number, parts, variable
from .exercise import Exercise, Wrong


def _test_names(answer: Any) -> None:
    known = {
        (1, "w"): "That is the operation's name; the variable's ends in :0.",
        (2, "w:0"): "w is taken by then. tf.Variable never shares: it takes the next free name.",
        (3, "w:0"): "The names before are taken. get_variable looks for w among those that "
        "get_variable made, finds none, and makes one: under a free name.",
        (3, "w_1:0"): "w_1 is taken, by the second tf.Variable.",
        (4, "v_1:0"): "Nothing is called v yet.",
        (5, "w:0"): "tf.constant takes its name from the same graph: w is taken.",
        (5, "w_2:0"): "Count again: who has w_2?",
    }
    right = ["w:0", "w_1:0", "w_2:0", "v:0", "w_3:0"]
    without = "That is the operation's name; what the line gives you ends in :0."
    known |= {(i, name[:-2]): without for i, name in enumerate(right, 1) if i > 1}
    parts(answer, right, known, "names")


names = Exercise(
    _test_names,
    praise="Operations, variables, constants: in one graph, all draw from the same names.",
    hints=[
        "Each node's name is used once in a graph. What is the next free one?",
        "The suffixes are _1, _2, and so on, in the order in which the lines run.",
        "Three variables and a constant ask for w: w, w_1, w_2, w_3.",
    ],
    solution="""
        names = ["w:0", "w_1:0", "w_2:0", "v:0", "w_3:0"]

        exercises.names.check(names)
    """,
)


def _test_scale(answer: Any) -> None:
    var = variable(answer(), "a variable")
    if var.name != "scale:0":
        raise Wrong(f"Your variable is called {var.name}; asked for is scale:0.")
    if var.dtype.base_dtype != tf.float32:
        raise Wrong(f"Asked for are floats; your variable is {var.dtype.base_dtype.name}.")
    if var.shape.as_list() != [3]:
        raise Wrong(f"Asked for is the shape (3,); your variable's is {var.shape}.")
    with var.graph.as_default():
        found = known_as("scale")
    if found is None:
        raise Wrong(
            "tf.Variable made it, so get_variable does not know it and could never share it. Make "
            "it with get_variable."
        )
    with tf.Session(graph=var.graph) as sess:
        sess.run(var.initializer)
        value = sess.run(var).tolist()
    if value != [1.0, 1.0, 1.0]:
        raise Wrong(
            "Once initialized, it does not hold [1, 1, 1]. (Where nothing is said, get_variable "
            "draws random numbers.)"
        )


scale = Exercise(
    _test_scale,
    praise="get_variable wants a name, and a shape or an initial value that has one.",
    hints=[
        "get_variable takes an initializer: a value, or a recipe together with a shape.",
        "As a value it is a list of floats; as a recipe tf.ones_initializer() with shape=[3].",
        'Return tf.get_variable("scale", initializer=[1.0, 1.0, 1.0]).',
    ],
    solution="""
        def scale():
            return tf.get_variable("scale", initializer=[1.0, 1.0, 1.0])

        exercises.scale.check(scale)
    """,
)


def _test_raises(answer: Any) -> None:
    known = {
        1: "Nothing is there yet; tf.Variable never refuses a name anyway.",
        2: "k is taken as a node's name, but get_variable has made no k. It makes one: k_1.",
        3: "tf.Variable never refuses: k_1 is taken, so the variable is called k_1_1.",
        4: "A node called k_1 is there, but get_variable was never asked for k_1. It makes k_1_2.",
    }
    number(answer, 5, known, "The lines have the numbers 1 to 5.")


raises = Exercise(
    _test_raises,
    praise=(
        "get_variable keeps a list of its own, under the names it was asked for. k was asked for "
        "in line 2, and again in line 5; that the variable is called k_1 plays no part."
    ),
    hints=[
        "tf.Variable never refuses. When does get_variable?",
        "It refuses a name that get_variable was asked for before. Which name is that?",
        "Line 2 asks for k, line 4 for k_1, line 5 for k again.",
    ],
    solution="""
        line = 5

        exercises.raises.check(line)
    """,
)


def _test_find(answer: Any) -> None:
    first = tf.Variable(0, name="w")
    second = tf.Variable(1, name="w")
    third = tf.get_variable("b", initializer=2, trainable=False)
    before = len(tf.global_variables())
    for var in (second, first, third):
        try:
            found = answer(var.name)
        except ValueError as error:
            if "did not get an initializer" in str(error):
                raise Wrong(
                    "get_variable does not look through the graph: it wants to make a variable. "
                    "Look among those that are there."
                ) from None
            raise
        if len(tf.global_variables()) > before:
            raise Wrong("Your function makes a new variable. Look among those that are there.")
        if isinstance(found, str):
            raise Wrong("You return a name. Asked for is the variable itself.")
        if found is None:
            why = "" if var.trainable else " This one is not trainable, but it is there."
            raise Wrong(f"Your function finds nothing under {var.name}.{why}")
        if isinstance(found, tf.Tensor):
            raise Wrong("You return the variable's tensor. Asked for is the tf.Variable.")
        if isinstance(found, list):
            raise Wrong(f"You return a list of {len(found)}. Asked for is the variable itself.")
        if found is not var:
            raise Wrong(f"Asked for {var.name}, your function returns {found!r}.")


find = Exercise(
    _test_find,
    praise="Names are how you find things again in a graph that somebody else has built.",
    hints=[
        "The graph keeps a list of its variables.",
        "tf.global_variables() has them all; each has a .name.",
        "for v in tf.global_variables(): if v.name == name: return v",
    ],
    solution="""
        def find(name):
            for v in tf.global_variables():
                if v.name == name:
                    return v

        exercises.find.check(find)
    """,
)


def _test_exactly(answer: Any) -> None:
    tf.constant(0, name="offset")
    tf.Variable(0, name="offset")
    tf.get_variable("offset_2", shape=[1])
    var = variable(answer(), "a variable")
    if var.graph is not tf.get_default_graph():
        raise Wrong("Your variable lives in another graph. Stay in the one that is there.")
    if known_as("offset") is None:
        raise Wrong(
            "A variable is there, but get_variable does not know one as offset: nobody could share "
            "it under that name."
        )
    if var is not known_as("offset"):
        raise Wrong("get_variable knows another variable as offset. Return that one.")


exactly = Exercise(
    _test_exactly,
    praise="It is called offset_3, as three names were taken; get_variable knows it as offset.",
    hints=[
        "A taken node's name does not stop get_variable. What does it need?",
        "A name that get_variable was not asked for yet, and a shape or an initial value.",
        'Return tf.get_variable("offset", shape=[1]).',
    ],
    solution="""
        def known_as_offset():
            return tf.get_variable("offset", shape=[1])

        exercises.exactly.check(known_as_offset)
    """,
)
