"""The story of one run: what is needed, what is skipped, and each value as it arrives."""

import numpy as np
import pytest

import minitf as tf
from widgets import running


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


def first_program():
    a = tf.constant(5, name="a")
    b = tf.add(5, a, name="b")
    c = tf.add(a, b, name="c")
    unused = tf.add(c, c, name="unused")
    return a, b, c, unused


def test_a_run_from_plan_to_result(sess):
    _, _, c, _ = first_program()
    story = running(sess, c)
    assert story.captions() == [
        "A run is asked for c.",
        "You ask for c. Walking back along the edges, the run needs 4 nodes; the other 1, dimmed, "
        "never run.",
        "a gives the value written into the graph: 5.",
        "b/x gives the value written into the graph: 5.",
        "b has all its inputs (b/x and a) and computes 10.",
        "c has all its inputs (a and b) and computes 15.",
        "The run gives back c = 15. Every other value is forgotten; only variables keep theirs.",
    ]
    assert story.subtitle == "sess.run(c)"


def test_what_is_not_needed_is_dimmed_and_what_has_run_is_done(sess):
    _, _, c, _ = first_program()
    story = running(sess, c)
    ids = {about["name"]: i for i, about in story.info.items()}
    assert ids["unused"] in story.state(1)["skip"]
    assert ids["c"] not in story.state(1)["skip"]
    assert {ids["b"], ids["c"]} <= story.state(1)["wait"]
    assert ids["b"] in story.state(4)["done"]
    assert ids["b"] not in story.state(4)["wait"]
    assert story.state()["wait"] == set()
    assert story.state(4)["flow"]


def test_the_number_of_nodes_is_asked(sess):
    _, _, c, _ = first_program()
    assert running(sess, c).frames[1]["predict"]["answers"] == ["4"]
    assert all("predict" not in frame for frame in running(sess, c, ask=False).frames)


def test_values_are_shown_as_tables_and_labels(sess):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = tf.add(x, x, name="y")
    story = running(sess, y, {x: [[1, 2]]})
    ids = {about["name"]: i for i, about in story.info.items()}
    fed, computed = story.frames[1], story.frames[2]
    assert story.subtitle == "sess.run(y, {x: [[1.0, 2.0]]})"
    assert fed["labels"] == {ids["x"]: "[[1.0, 2.0]]"}
    assert ids["x"] in fed["add"]["given"]
    assert computed["labels"] == {ids["y"]: "[[2.0, 4.0]]"}
    assert [col.get("sign") or col["rows"] for col in computed["panel"]["cols"]] == [
        [["1.0", "2.0"]], "+", [["1.0", "2.0"]], "=", [["2.0", "4.0"]],
    ]  # fmt: skip
    assert computed["panel"]["cols"][0]["kind"] == "given"


def test_large_values_are_told_by_shape_and_statistics(sess):
    x = tf.placeholder(tf.float32, [100, 50], name="x")
    story = running(sess, tf.add(x, x, name="y"), {x: np.ones((100, 50))})
    assert "computes an array of shape (100, 50)" in story.captions()[2]
    assert "map" in story.frames[2]["panel"]["cols"][-1]
    assert list(story.frames[2]["labels"].values()) == ["(100, 50)"]


def test_several_fetches(sess):
    a, b, _, _ = first_program()
    story = running(sess, [a, b])
    assert story.subtitle == "sess.run([a, b])"
    assert story.captions()[-1].startswith("The run gives back a and b.")


def test_the_code_that_made_the_graph_stands_beside_it(sess):
    a = tf.constant(1)
    b = a + 2
    story = running(sess, b)
    assert len(story.lines) == 2
    assert [frame.get("line") for frame in story.frames][1:4] == [0, 1, 1]


def test_nan_is_shown(sess):
    x = tf.placeholder(tf.float32, [2], name="x")
    story = running(sess, tf.add(x, x, name="y"), {x: [np.nan, np.inf]})
    assert "[nan, inf]" in story.captions()[2]
