"""The form for a run: its fields, what it says of typed values, and that it runs the session."""

import warnings

import numpy as np
import pytest

import minitf as tf
import widgets
from tests.widgets.stubs import MARKUP
from widgets.fields import Field, needs, offer, written
from widgets.literals import read
from widgets.story import plain


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


def said(form, i=0):
    return plain(form.checks[i]["says"])


def kinds(form):
    return [check["is"] for check in form.checks]


def status(form):
    return plain(form.status["says"])


def scaled():
    """y = x * rate, where rate has a default; and a placeholder that y does not need."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    rate = tf.placeholder_with_default(0.5, [], name="rate")
    tf.placeholder(tf.int32, name="unused")
    return x, rate, tf.multiply(x, rate, name="y")


# fields


def test_there_is_a_field_for_each_placeholder_that_is_needed(sess):
    form = widgets.feed(scaled()[2], sess)
    assert form.form["subtitle"] == "sess.run(y, feed_dict)"
    assert [(f["name"], f["dtype"], f["shape"]) for f in form.form["fields"]] == [
        ("x", "float32", "(?, 3)"),
        ("rate", "float32", "()"),
    ]
    assert form.texts == ["[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]", "0.5"]
    assert kinds(form) == ["ok", "ok"]
    assert repr(form) == "Form for sess.run(y), fed x: float32 (?, 3), rate: float32 ()"
    assert status(form) == "Nothing has run yet. Give x a value and press Run."


def test_any_tensor_may_have_a_field(sess):
    x, _, y = scaled()
    form = widgets.feed([y + 1, y], sess, also="y:0", values={x: np.float32([[0.1, np.nan, 3]])})
    assert [f["name"] for f in form.form["fields"]] == ["x", "rate", "y"]
    assert form.texts == ["[[0.1, nan, 3.0]]", "0.5", ""]
    assert said(form, 2) == "left out: computed as usual"
    form.texts = ["", "", "[[7, 8, 9]]"]
    assert said(form, 0) == "not needed by this run"
    form.run()
    assert status(form) == "Run 1: add = [[8.0, 9.0, 10.0]]; y = [[7.0, 8.0, 9.0]]."


@pytest.mark.parametrize(
    ("dtype", "shape", "text"),
    [
        (tf.float32, [], "1.0"),
        (tf.int32, [None], "[1, 2]"),
        (tf.bool, [3], "[True, False, True]"),
        (tf.string, [2], "['a', 'b']"),
        (tf.complex64, [1], "[1.0]"),
        (tf.float16, None, "1.0"),
        (tf.float32, [None, 784], "np.zeros((2, 784))"),
        (tf.int64, [0], "[]"),
        (tf.string, [None, 50], ""),
    ],
)
def test_a_first_value_fits(sess, dtype, shape, text):
    tensor = tf.placeholder(dtype, shape)
    assert offer(tensor) == text
    assert Field(tensor).check(text, sess)[0] == ("ok" if text else "empty")


@pytest.mark.parametrize("value", [1, [1.5, np.inf], "a", b"\xff", [[True]], np.float32(0.1)])
def test_a_value_is_written_so_that_it_reads_back(value):
    np.testing.assert_array_equal(np.asarray(read(written(value)), np.asarray(value).dtype), value)


def test_a_huge_array_is_kept_though_it_is_not_written_out(sess):
    x = tf.placeholder(tf.float32, [None, 100], name="x")
    form = widgets.feed(tf.reduce_sum(x, name="sum"), sess, values={x: np.ones((3000, 100))})
    assert form.texts == ["the array of shape (3000, 100) that was given"]
    assert said(form) == "shape (3000, 100)"
    form.run()
    assert status(form) == "Run 1: sum = 3e+05."


def test_needs_stops_at_what_is_fed(sess):
    x, rate, y = scaled()
    assert [op.name for op in needs([y.op])] == ["x", "rate/input", "rate", "y"]
    assert [op.name for op in needs([y.op], [rate])] == ["x", "y"]
    with tf.control_dependencies([x]):
        late = tf.identity(rate, name="late")
    assert "x" in [op.name for op in needs([late.op])]
    assert "x" not in [op.name for op in needs([late.op], [x])]


# checking


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2, 3]", "ValueError: shape (3,) came, (?, 3) is wanted. Try [[1, 2, 3]]"),
        (
            "[[1, 2, 3, 4]]",
            "ValueError: shape (1, 4) came, (?, 3) is wanted: dimension 1 is 4, not 3",
        ),
        ("1", "ValueError: shape () came, (?, 3) is wanted: no dimensions instead of 2"),
        ("[[1, 2], [3]]", "ValueError: the rows have different lengths, 2 and 1"),
        ("[[1, 2, 3], 4]", "ValueError: some entries are lists and some are not"),
        ("['a', 2, 3]", "ValueError: 'a' is text, float32 is wanted"),
        ("[[1, 2, 3]", "the bracket [ is still open"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_plain_words(sess, text, words):
    x, _, y = scaled()
    form = widgets.feed(y, sess)
    form.texts = [text, "1"]
    assert kinds(form) == ["wrong", "ok"]
    assert said(form) == words
    form.run()
    assert status(form) == "Nothing ran: look at x."
    assert form.status["bad"] is True
    assert form.tale.title == "Before the run"
    if words.startswith(("ValueError", "TypeError")):
        with pytest.raises((ValueError, TypeError)) as refused:
            sess.run(y, {x: read(text)})
        assert type(refused.value).__name__ == words.partition(":")[0]


@pytest.mark.parametrize(
    ("dtype", "text", "kind", "words"),
    [
        (tf.int32, "2.7", "ok", "shape (): 2.7 becomes 2"),
        (tf.uint8, "[1, 2.5]", "ok", "shape (2,): 2.5 becomes 2"),
        (tf.bool, "[3]", "ok", "shape (1,): 3 becomes True"),
        (tf.int32, "3000000000", "wrong", "TypeError: 3000000000 does not fit into int32"),
        (tf.bool, "3", "wrong", "TypeError: 3 does not fit into bool"),
        (tf.int32, "nan", "ok", "shape (): nan becomes -2.15e+09"),
        (tf.float32, "[2, 1+2j]", "ok", "shape (2,): 1.0+2.0j becomes 1.0"),
        (tf.complex64, "[1+2j]", "ok", "shape (1,)"),
        (tf.string, "3", "wrong", "TypeError: 3 is no text: put it in quotes"),
        (tf.float32, "[nan, inf]", "ok", "shape (2,)"),
        (tf.float32, "", "empty", "left out: a run that needs it stops there"),
    ],
)  # fmt: skip
def test_conversions_are_told(sess, dtype, text, kind, words):
    with warnings.catch_warnings(action="error"):  # which would stand in the learner's notebook
        found = Field(tf.placeholder(dtype)).check(text, sess)
    assert (found[0], plain(found[1])) == (kind, words)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text(sess, text):
    x = tf.placeholder(tf.string, [], name="x")
    form = widgets.feed(tf.identity(x, name="y"), sess)
    form.texts = [text]
    assert kinds(form) == ["wrong"]
    form.texts = [repr(text)]
    form.run()
    html = form._repr_mimebundle_()[0]["text/html"]
    still = html.partition("<script>")[0]
    assert "<script" not in still
    assert "onerror=window" not in still.replace("&lt;img src=x onerror=window", "")
    assert html.count("<script>") == html.count("</script>") == 1


# running


def test_the_button_runs_the_session_and_plays_the_run(sess):
    form = widgets.feed(scaled()[2], sess)
    form.texts = ["[[1, 2, 4]]", ""]
    form._heard(form, {"do": "run", "texts": ["[[1, 2, 4]]", ""]}, None)
    assert status(form) == "Run 1: y = [[0.5, 1.0, 2.0]]."
    assert form.status["play"] is True
    assert (form.story["title"], form.step) == ("Run 1", 0)
    assert form.story["subtitle"] == "sess.run(y, {x: [[1.0, 2.0, 4.0]]})"
    assert form.tale.captions()[-1].startswith("The run gives back y = [[0.5, 1.0, 2.0]].")


def test_before_the_first_run_the_drawing_shows_what_waits_for_a_value(sess):
    form = widgets.feed(scaled()[2], sess)
    ids = {about["name"]: i for i, about in form.tale.info.items()}
    state = form.tale.state()
    assert ids["x"] in state["given"]
    assert ids["unused"] in state["skip"]
    assert ids["y"] in state["wait"]
    assert "waits for a value of x." in form.tale.captions()[0]


def test_what_is_left_out_stops_the_run_at_its_node(sess):
    form = widgets.feed(scaled()[2], sess)
    form.texts = ["", "1"]
    form.run()
    assert status(form) == "Run 1 stops with InvalidArgumentError at the marked node."
    assert (
        "x stops the run with InvalidArgumentError: You must feed a value"
        in (form.tale.captions()[-1])
    )
    ids = {about["name"]: i for i, about in form.tale.info.items()}
    assert form.tale.state()["wrong"] == {ids["x"]}
    assert form.step == len(form.tale.frames) - 1


def test_a_variable_without_a_value_stops_the_run_and_says_what_to_do(sess):
    v = tf.Variable([1.0], name="v")
    x = tf.placeholder(tf.float32, [1], name="x")
    form = widgets.feed(tf.add(v, x, name="y"), sess)
    form.run()
    assert (
        "v has no value in this session yet. Run its initializer first"
        in (form.tale.captions()[-1])
    )
    sess.run(v.initializer)
    form.run()
    assert status(form) == "Run 2: y = [2.0]."


def test_the_learners_own_session_is_run(sess):
    v = tf.Variable(1.0, name="v")
    x = tf.placeholder(tf.float32, [], name="x")
    sess.run(v.initializer)
    form = widgets.feed(tf.assign_add(v, x, name="up"), sess)
    form.run()
    form.run()
    assert sess.run(v) == 3.0
    assert status(form) == "Run 2: up = 3.0."


def test_the_default_session_is_taken_or_a_new_one(sess):
    y = scaled()[2]
    assert widgets.feed(y).session is sess
    with tf.Graph().as_default() as graph:
        form = widgets.feed(tf.constant(1, name="one"))
    assert form.session.graph is graph
    assert status(form) == "Nothing has run yet, and nothing must be fed. Press Run."
    form.run()
    assert status(form) == "Run 1: one = 1."


def test_a_closed_session_is_told_in_the_form():
    y = scaled()[2]
    with tf.Session() as closed:
        form = widgets.feed(y, closed)
    form.texts = ["[[1, 2, 3]]", "2"]
    assert kinds(form) == ["ok", "ok"]
    form.run()
    assert status(form) == "RuntimeError: Attempted to use a closed Session."


def test_the_last_two_runs_are_compared(sess):
    form = widgets.feed(scaled()[2], sess)
    form.compare()
    assert status(form) == "Two runs are needed: change a value and run again."
    for text in ("[[1, 2, 3]]", "[[1, 2, 4]]"):
        form.texts = [text, "1"]
        form.run()
    assert form.status["compare"] is True
    form._heard(form, {"do": "compare"}, None)
    assert form.tale.title == "Comparing two runs"
    assert "y is [[1.0, 2.0, 3.0]] in Run 1 and [[1.0, 2.0, 4.0]] in Run 2." in (
        form.tale.captions()
    )


def test_what_goes_wrong_behind_a_button_is_told(sess, monkeypatch):
    form = widgets.feed(scaled()[2], sess)
    monkeypatch.setattr(form.session, "trace", lambda *_: 1 / 0)
    form._heard(form, {"do": "run", "texts": form.texts}, None)
    assert status(form) == "ZeroDivisionError: division by zero"
    form._heard(form, "nonsense", None)
    form._heard(form, {"do": "run", "texts": "nonsense"}, None)


def test_no_dot_is_told_and_the_value_all_the_same(sess, monkeypatch):
    x, _, y = scaled()
    form = widgets.feed(y, sess)
    tf.negative(x)  # so that it must be drawn again
    monkeypatch.setenv("PATH", "")
    form.run()
    assert status(form).startswith("Run 1: y = ")
    assert "Graphviz" in status(form)


# forms


def test_the_saved_form_is_stable_and_meaningful(sess):
    form = widgets.feed(scaled()[2], sess)
    first, again = (form._repr_mimebundle_()[0] for _ in range(2))
    assert set(first) == {
        "application/vnd.jupyter.widget-view+json", "text/plain", "text/html",
    }  # fmt: skip
    assert first["text/plain"] == again["text/plain"] == repr(form)
    still = first["text/html"].partition("<script>")[0]
    for words in ("Feeding", "<b>x</b>", "float32 (?, 3)", "[[1.0, 2.0, 3.0]", "<img alt="):
        assert words in still
    assert "0x" not in still.partition("base64,")[0]


def test_the_graph_is_drawn_again_only_when_it_has_grown(sess):
    x, _, y = scaled()
    form = widgets.feed(y, sess)
    drawn = form._diagram()
    form.run()
    assert form._diagram() is drawn
    with tf.control_dependencies([y]):
        tf.negative(x, name="late")
    form.run()
    assert "late" in {about["name"] for about in form.tale.info.values()}
    assert not any("more" in about for about in form._diagram().info.values())
