"""Typed lines: what may be said is run by the engine, anything else is refused in words."""

import pytest

from tests.widgets.stubs import MARKUP
from widgets import typed
from widgets.typed import Line, Refused


def program(text: str):
    lines = typed.read(text, 0)
    return typed.run(lines, lines[-1].depth + lines[-1].opens)


def names(text: str) -> list[str]:
    seen, error = program(text)
    assert error is None
    return [m.name for m in seen.makings if m.kind != "scope"]


def test_lines_keep_their_depth_however_far_they_are_indented():
    assert typed.read('with tf.name_scope("a"):\n  x = 1\n\n# no\ny', 1) == [
        Line(1, 'with tf.name_scope("a"):'), Line(2, "x = 1"), Line(1, "y"),
    ]  # fmt: skip


def test_what_is_said_is_run_by_the_engine():
    assert names('with tf.variable_scope("a"):\n  tf.Variable(1, name="v")\ntf.no_op()') == [
        "a/v",
        "NoOp",
    ]


def test_scopes_sums_loops_and_layers_can_be_said():
    assert names(
        'with tf.variable_scope("a") as s:\n'
        '  v = tf.get_variable("v", [2], initializer=tf.zeros_initializer())\n'
        "with tf.variable_scope(s, reuse=tf.AUTO_REUSE):\n"
        '  w = tf.get_variable("v", [2])\n'
        "x = 2 * (v + w)\n"
        "for i in range(2):\n"
        "  tf.nn.relu(x)\n"
        "tf.get_variable_scope().reuse_variables()"
    ) == ["a/v", "a/v", "add", "mul", "Relu", "Relu_1"]


def test_scopes_in_which_nothing_is_made_are_noted():
    seen, _ = program('with tf.name_scope("a"):\n  with tf.name_scope("b"):')
    assert [m.scopes.names for m in seen.makings] == [
        (("a/", "given"),),
        *[(("a/", "given"), ("b/", "given"))] * 2,
    ]


def test_the_learners_graph_is_left_alone():
    import minitf as tf

    program("tf.no_op()")
    assert tf.get_default_graph().get_operations() == []


@pytest.mark.parametrize(
    "text",
    [
        *("import os", "open('x')", "__import__('os')", "().__class__", "x", "lambda: 1"),
        *("tf.Variable(1).op.graph", "tf.gfile.GFile('x')", "tf.py_func(tf.no_op, [], [])"),
        *("tf.compat", "f'{1}'", "[i for i in range(3)]", "exec('1')", "tf.__builtins__"),
        *("del tf", "tf = tf.no_op()", "global tf", "x = 10", "_note(1)", "pass; import os"),
        *("x = 10**9", "'a' * 10**9", "[0] * 10**9", "tf.Variable('a' * 10**9)", "9 * 9"),
        *("for i in range(10**9):\n  tf.no_op()", "for i in 'ab':\n  tf.no_op()", "while 1: 1"),
        *("with open('x'):", "with tf.Session():", "def f():", "class A:", "tf.constant(1j)"),
        *("tf.constant(1", "a b", "\0", "tf.constant(1).__init__()", "range(3)", "tf", "range"),
        *MARKUP,
    ],
)
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(Refused) as refused:
        program(text)
    assert str(refused.value).endswith(".")


def test_too_much_is_refused():
    with pytest.raises(Refused, match="at most 40 lines"):
        program("tf.no_op()\n" * 41)
    with pytest.raises(Refused, match="at most 200 characters"):
        program(f"tf.constant({'1' * 200})")


def test_an_error_of_the_engine_knows_its_line():
    _, error = program('tf.no_op()\ntf.constant(1, name="a b")')
    assert isinstance(error, ValueError)
    assert typed.line_of(error) == 1
    assert typed.line_of(ValueError()) is None
