"""Exercises of lesson 6: sharing variables."""

from __future__ import annotations

from typing import Any

import minitf as tf

from .asking import known_as, number, parts, variable
from .exercise import Exercise, Wrong


def _names() -> str:
    return ", ".join(v.name for v in tf.global_variables())


def _test_shared(answer: Any) -> None:
    result = answer()
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Wrong("Asked for are two variables that are one and the same.")
    first = variable(result[0], "a variable")
    second = variable(result[1], "a variable")
    if first is not second:
        raise Wrong(
            f"These are two variables, {first.name} and {second.name}: a write to the one would "
            "not be seen in the other."
        )
    if first.name != "m/w:0" or first.shape.as_list() != [2]:
        raise Wrong(f"Asked for is m/w:0 of shape (2,); this is {first.name}, {first.shape}.")
    with first.graph.as_default():
        if known_as("m/w") is not first:
            raise Wrong(
                "tf.Variable made it, once, and you return it twice. Ask get_variable for it twice."
            )


shared = Exercise(
    _test_shared,
    praise="Two calls of get_variable, one variable.",
    hints=[
        "Make it in the scope m; then open m again, this time in order to share.",
        'tf.variable_scope("m", reuse=True) shares what is there.',
        "Or open m once, with reuse=tf.AUTO_REUSE, and ask twice in it.",
    ],
    solution="""
        def shared():
            with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
                return tf.get_variable("w", shape=[2]), tf.get_variable("w", shape=[2])

        exercises.shared.check(shared)
    """,
)


def _test_outcomes(answer: Any) -> None:
    if isinstance(answer, (list, tuple)):
        for word in answer:
            if word not in ("new", "old", "error"):
                raise Wrong(f'Each item is "new", "old" or "error"; {word!r} is none of them.')
    known = {
        (1, "old"): "Nothing is there yet that could be shared.",
        (1, "error"): "Nothing is there yet, and nothing forbids to make it.",
        (2, "old"): "Sharing has to be allowed. Line 2 says nothing about reuse.",
        (2, "new"): "s/w was made by line 1, and get_variable does not take suffixes to avoid it.",
        (3, "new"): "s/w is there, and reuse=True shares it.",
        (3, "error"): "s/w is there, and reuse=True shares it.",
        (4, "new"): "reuse=True never makes anything.",
        (4, "old"): "s/u was never made.",
        (5, "old"): "s/u was never made: line 4 raised an error.",
        (5, "error"): "AUTO_REUSE makes what is missing.",
        (6, "new"): "s/u is there since line 5.",
        (6, "error"): "s/u is there since line 5, and AUTO_REUSE shares it.",
    }
    right = ["new", "error", "old", "error", "new", "old"]
    parts(answer, right, known, 'words, each "new", "old" or "error"')


outcomes = Exercise(
    _test_outcomes,
    praise="Nothing said: make or refuse. True: share or refuse. AUTO_REUSE: share or make.",
    hints=[
        "Two questions for each line: is the variable there? What does reuse say?",
        "Nothing said: there -> error, not there -> new. True: there -> old, not there -> error.",
        "AUTO_REUSE never raises here: there -> old, not there -> new.",
    ],
    solution="""
        words = ["new", "error", "old", "error", "new", "old"]

        exercises.outcomes.check(words)
    """,
)


def _test_tower(answer: Any) -> None:
    x = tf.constant([1.0, 2.0])
    first = answer(x)
    try:
        second = answer(x * 3.0)
    except ValueError:
        raise Wrong(
            "The first call works, the second raises an error: the variable exists already. Allow "
            "your scope to share."
        ) from None
    if not isinstance(first, tf.Tensor) or not isinstance(second, tf.Tensor):
        raise Wrong("Asked for is a tensor, x times the variable.")
    if len(tf.global_variables()) > 1:
        raise Wrong(
            f"After two calls there are {len(tf.global_variables())} variables: {_names()}."
        )
    if not tf.global_variables():
        raise Wrong("Your function makes no variable.")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        tf.global_variables()[0].load([2.0, 5.0], sess)
        values = [value.tolist() for value in sess.run([first, second])]
    if values != [[2.0, 10.0], [6.0, 30.0]]:
        raise Wrong("One variable is shared, but the result is not x times that variable.")


tower = Exercise(
    _test_tower,
    praise="Called twice, the function shares its weights: a tower on each input.",
    hints=[
        "reuse=True would fail in the first call, None in the second.",
        "tf.AUTO_REUSE makes in the first call and shares in the second.",
        'with tf.variable_scope("tower", reuse=tf.AUTO_REUSE): and in it get_variable.',
    ],
    solution="""
        def tower(x):
            with tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
                w = tf.get_variable("w", shape=[2])
            return x * w

        exercises.tower.check(tower)
    """,
)


def _test_seen(answer: Any) -> None:
    known = {
        0: "first wrote 5, to the one variable that both names stand for.",
        10: "Only one assignment ran, and only in sess.",
        1: "a is b; what about the value that was written?",
    }
    number(answer, 5, known, "Go line by line: which variable, in which session?")


seen = Exercise(
    _test_seen,
    praise="Two names, one variable. The other session has a value of its own for it: 0.",
    hints=[
        "Are a and b two variables?",
        "They are one. In which session was 5 written, in which is b read?",
        "Written in sess, read in sess.",
    ],
    solution="""
        value = 5

        exercises.seen.check(value)
    """,
)


def _test_borrowed(answer: Any) -> None:
    with tf.variable_scope("foo"):
        wanted = tf.get_variable("a", shape=[1])
        other = tf.get_variable("b", shape=[1])
    before = len(tf.global_variables())
    with tf.name_scope("bar"), tf.variable_scope("baz"):
        try:
            result = answer()
        except ValueError as error:
            if "does not exist" in str(error):
                raise Wrong(
                    "get_variable looked for another name: your function is called inside a "
                    "variable scope baz, which goes before foo. How do you get out of it?"
                ) from None
            raise
    if len(tf.global_variables()) > before:
        raise Wrong(
            f"Your function made a new variable, {tf.global_variables()[-1].name}: it is called "
            "inside a variable scope baz, which goes before foo. How do you get out of it?"
        )
    if result is other:
        raise Wrong("That is foo/b. Asked for is foo/a.")
    if variable(result, "the variable foo/a") is not wanted:
        raise Wrong("That is another variable than foo/a.")


borrowed = Exercise(
    _test_borrowed,
    praise="The list of all variables knows no scopes, so none can stand in the way.",
    hints=[
        "Inside baz, the scope foo is baz/foo. The list of all variables knows no scopes.",
        "tf.global_variables() has it: look for the name foo/a:0.",
        'return [v for v in tf.global_variables() if v.name == "foo/a:0"][0]',
    ],
    solution="""
        def borrowed():
            for v in tf.global_variables():
                if v.name == "foo/a:0":
                    return v

        exercises.borrowed.check(borrowed)
    """,
)
