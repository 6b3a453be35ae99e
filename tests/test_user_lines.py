"""Errors met while building tell which of the user's lines made what did not fit."""

import linecache
import textwrap

import pytest

import minitf as tf

SIZES = """\
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    y = tf.ones([4, 5], name="y")
"""
TYPES = """\
    x = tf.ones([2], name="x")
    y = tf.ones([2], tf.int32, name="y")
"""
SHAPELESS = """\
    x = tf.placeholder(tf.float32, name="x")
    cell = tf.nn.rnn_cell.BasicRNNCell(2)
"""
VARIABLE = """\
    w = tf.Variable([1.0, 2.0], name="w")
    x = tf.constant(3.0, name="x")
"""
# Lines that make two things, a third that cannot be, and which of the three the error tells.
MISFITS = [
    (SIZES, "tf.matmul(x, y)", ValueError, "Dimensions must be equal, but are 3 and 4", [1, 2, 3]),
    (SIZES, "tf.concat([x, y], 0)", ValueError, "Dimension 0", [1, 2, 3]),
    (SIZES, "tf.stack([x, y])", ValueError, "From merging shape 0", [1, 2, 3]),
    (SIZES, "tf.reshape(x, [4])", ValueError, "Cannot reshape", [1, 3]),
    (SIZES, "x.set_shape([7, 7])", ValueError, "Tensor x:0", [1]),
    (SIZES, "tf.losses.mean_squared_error(x, y)", ValueError, "incompatible", [1, 2]),
    (
        SIZES,
        "tf.nn.softmax_cross_entropy_with_logits(labels=x, logits=y)",
        ValueError,
        "Dimensions must be equal",
        [1, 2, 3],
    ),
    (SIZES, "tf.unstack(x, axis=5)", ValueError, "not in range [-2, 2)", [1]),
    (SIZES, "tf.layers.conv2d(x, 1, 1)", ValueError, "expected ndim=4", [1]),
    (TYPES, "x + y", TypeError, "Input 'y' of 'AddV2' Op has type int32", [1, 2, 3]),
    (TYPES, "tf.sqrt(y)", TypeError, "DataType int32", [2, 3]),
    (TYPES, "tf.convert_to_tensor(x, tf.int64)", ValueError, "requested dtype int64", [1]),
    (TYPES, "tf.cond(x[0] > 0, lambda: x, lambda: y)", ValueError, "same type(s)", [1, 2, 3]),
    (TYPES, "bool(x)", TypeError, "Python `bool`", [1]),
    (TYPES, "list(x)", TypeError, "Iterating", [1]),
    (TYPES, "len(x)", TypeError, "len is not well defined", [1]),
    (TYPES, "range(y)", TypeError, "Python integer", [2]),
    (TYPES, "tf.nn.dropout(y, 0.5)", ValueError, "floating point tensor", [2]),
    (SHAPELESS, "tf.layers.dense(x, 3)", ValueError, "last dimension", [1]),
    (SHAPELESS, "tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)", ValueError, "", [1]),
    (VARIABLE, "tf.assign(w, x)", ValueError, "", [1, 2, 3]),
    (VARIABLE, "tf.train.AdamOptimizer().minimize(x)", ValueError, "No gradients", [2]),
]


def built(source: str) -> None:
    """Runs lines of a program that a learner has in `lesson.py`."""
    lines = textwrap.dedent(source)
    linecache.cache["lesson.py"] = (len(lines), None, lines.splitlines(True), "lesson.py")
    exec(compile(lines, "lesson.py", "exec"), {"tf": tf})


@pytest.mark.parametrize(("start", "last", "kind", "words", "lines"), MISFITS)
def test_an_error_tells_the_lines_that_made_what_does_not_fit(start, last, kind, words, lines):
    with tf.Graph().as_default(), pytest.raises(kind) as error:
        built(f"{start}    {last}\n")
    message, _, told = str(error.value).partition("\n\nMade by these lines:\n")
    assert words in message
    assert [line.split(":")[1] for line in told.splitlines() if "lesson.py" in line] == [
        str(line) for line in lines
    ]
    wanted = textwrap.dedent(start).splitlines() + [last]
    for line in lines:
        assert f"  lesson.py:{line}: {wanted[line - 1]}\n" in told


def test_names_and_types_stand_under_the_line_that_made_them():
    with tf.Graph().as_default(), pytest.raises(ValueError) as error:
        built("a, b = tf.ones([2], name='a'), tf.ones([3], name='b')\nc = tf.add(a, b, name='c')\n")
    assert str(error.value).endswith(
        "  lesson.py:1: a, b = tf.ones([2], name='a'), tf.ones([3], name='b')\n"
        "    a (Const), b (Const)\n"
        "  lesson.py:2: c = tf.add(a, b, name='c')\n"
        "    c (AddV2)"
    )


def test_tensors_of_two_graphs_are_told_with_their_lines():
    with pytest.raises(ValueError, match="same graph") as error:
        built(
            "with tf.Graph().as_default(): a = tf.constant(1)\n"
            "with tf.Graph().as_default(): b = tf.constant(2)\n"
            "a + b\n"
        )
    assert "lesson.py:1: with" in str(error.value)
    assert "lesson.py:2: with" in str(error.value)


def test_a_long_list_is_cut_short():
    with tf.Graph().as_default(), pytest.raises(ValueError) as error:
        built(
            "".join(f"x{i} = tf.ones([{i}])\n" for i in range(1, 31))
            + f"tf.concat([{', '.join(f'x{i}' for i in range(1, 31))}, [[1.0]]], 0)\n"
        )
    told = str(error.value).partition("Made by these lines:\n")[2]
    assert "and " in told
    assert len(told.splitlines()) < 20
    assert "lesson.py:31: " in told


def test_an_error_of_the_users_own_stays_as_it_is():
    with tf.Graph().as_default(), pytest.raises(ValueError) as error:
        built(
            "x = tf.constant(1)\n"
            "with tf.name_scope('mine', values=[x]):\n"
            "    raise ValueError('my own words')\n"
        )
    assert str(error.value) == "my own words"


def test_a_loop_tells_where_the_tensor_that_changes_shape_was_made():
    with tf.Graph().as_default(), pytest.raises(ValueError, match="after one iteration") as error:
        built(
            "x = tf.ones([2])\n"
            "tf.while_loop(\n"
            "    lambda x: tf.reduce_sum(x) < 9,\n"
            "    lambda x: tf.concat([x, x], 0),\n"
            "    [x],\n"
            ")\n"
        )
    assert "lesson.py:1: x = tf.ones([2])" in str(error.value)


def test_a_variable_that_is_there_already_is_told_with_its_line():
    source = "tf.get_variable('v', [1])\ntf.get_variable('v', [1])\n"
    with tf.Graph().as_default(), pytest.raises(ValueError, match="already exists") as error:
        built(source)
    assert 'lesson.py", line 1' in str(error.value)
