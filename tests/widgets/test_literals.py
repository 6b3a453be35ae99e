"""Typed text as values: what is read, what is refused in which words, and that nothing is run."""

import math

import numpy as np
import pytest

from tests.widgets.stubs import MARKUP
from widgets.literals import LARGEST, Unreadable, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        (" -2.5 ", -2.5),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("1, 2", [1, 2]),
        ("(1, True)", [1, True]),
        ("'a'", "a"),
        ("b'x'", b"x"),
        ("1+2j", 1 + 2j),
        ("-inf", -math.inf),
        ("[np.inf, np.pi]", [math.inf, math.pi]),
    ],
)
def test_literals_are_read(text, value):
    assert read(text) == value


def test_nan_is_a_number_that_can_be_typed():
    assert math.isnan(read("nan"))
    assert math.isnan(read("[1, np.nan]")[1])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("np.zeros((2, 3))", np.zeros((2, 3))),
        ("np.ones(2, dtype=np.int32)", np.ones(2, np.int32)),
        ("np.arange(6).reshape(2, -1)", np.arange(6).reshape(2, 3)),
        ("np.full((2,), 7)", np.full(2, 7)),
        ("np.eye(2)", np.eye(2)),
        ("np.linspace(0, 1, 3)", np.linspace(0, 1, 3)),
        ("np.float32(3)", np.float32(3)),
        ("np.array([[1, 2]], dtype='float16')", np.array([[1, 2]], "float16")),
    ],
)
def test_numpys_makers_are_read(text, value):
    got = read(text)
    np.testing.assert_array_equal(got, value)
    assert got.dtype == value.dtype


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2", "the bracket [ is still open"),
        ("'a", "the quote is still open"),
        ("1]", "the brackets do not match"),
        ("x", "x is a name"),
        ("true", "Python writes True"),
        ("None", "None is no value"),
        ("{1: 2}", "a list can"),
        ("-'a'", "before numbers only"),
        ("f'{1}'", "this is no value"),
        ("10**9", "this is no value"),
        ("np.zeros(-1)", "negative dimensions"),
        ("np.zeros(shape=3)", "all else by its place"),
        ("np.zeros(3, dtype='S1000000000')", "this dtype is not known"),
        ("np.full((2, 2), [1, 2, 3])", "could not broadcast"),
        ("", "this is no value"),
        ("\0", "this is no value"),
        ("9" * 5000, "this is no value"),
        ("[" * 5000, "this is no value"),
        ("[" * 150 + "]" * 150, None),
    ],
)
def test_what_is_no_value_is_told_in_words(text, words):
    if words is None:
        assert np.asarray(read(text[50:100] + text[150:200])).size == 0
        return
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('/etc/passwd').read()",
        "np.load('x.npy')",
        "np.lib.format.open_memmap('x')",
        "(1).__class__",
        "np.zeros.__globals__",
        "[x for x in (1, 2)]",
        "(lambda: 1)()",
        "np.array([1]).tofile('x')",
        *MARKUP,
    ],
)
def test_nothing_typed_is_run(text):
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "np.zeros(1000000000000)",
        "np.zeros((100000, 100000))",
        "np.eye(100000)",
        "np.full((100000, 100000), 1)",
        "np.arange(1000000000000)",
        "np.arange(0, 1, 0.000000000001)",
        "np.linspace(0, 1, 1000000000)",
    ],
)
def test_a_slip_does_not_take_all_memory(text):
    with pytest.raises(Unreadable, match=f"over {LARGEST} entries"):
        read(text)


def test_a_text_of_any_length_is_answered():
    with pytest.raises(Unreadable, match="too long"):
        read("[" + "1," * 200_000 + "]")
