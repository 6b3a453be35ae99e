"""Errors in a notebook: the learner's own lines, without the engine's."""

import traceback

import pytest

import minitf as tf
from widgets.tracebacks import own_lines


def raised(code):
    with pytest.raises(Exception) as caught:
        exec(compile(code, "<cell>", "exec"), {"tf": tf})
    return caught.value


def files(error):
    return {frame.filename for frame in traceback.extract_tb(own_lines(error).__traceback__)}


def test_an_error_of_the_engine_shows_the_callers_lines_alone():
    error = raised("with tf.Graph().as_default(), tf.Session() as s:\n    s.run(tf.Variable(1))")
    assert any("minitf" in f.filename for f in traceback.extract_tb(error.__traceback__))
    assert files(error) == {__file__, "<cell>"}
    assert "uninitialized" in str(error)
    assert own_lines(error).__suppress_context__


def test_an_error_of_the_callers_own_stays_as_it_is():
    error = raised("def f():\n    return 1 / 0\nf()")
    before = traceback.extract_tb(error.__traceback__)
    assert traceback.extract_tb(own_lines(error).__traceback__) == before
