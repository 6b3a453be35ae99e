"""The story of two runs side by side: both values of each node, and what differs."""

from types import SimpleNamespace

import numpy as np
import pytest

import minitf as tf
from tests.widgets.stubs import MARKUP
from widgets import compare
from widgets.comparing import aligned
from widgets.steps import same


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


def doubled():
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.multiply(x, 2.0, name="y")
    return x, y, tf.add(y, [1.0, 1.0], name="z")


def ids_of(story):
    return {about["name"]: i for i, about in story.info.items()}


def test_each_node_is_told_with_both_values(sess):
    x, _, z = doubled()
    story = compare(z, {x: [1, 2]}, {x: [1, 3]}, sess)
    assert story.subtitle == "sess.run(z, {x: [1.0, 2.0] | [1.0, 3.0]})"
    assert story.captions() == [
        "The same z, run twice. Both runs need the same 4 nodes.",
        "Fed differently: x.",
        "y/y is the same in both: 2.0.",
        "y is [2.0, 4.0] in A and [2.0, 6.0] in B.",
        "z/y is the same in both: [1.0, 1.0].",
        "z is [3.0, 5.0] in A and [3.0, 7.0] in B.",
        "A gives [3.0, 5.0]; B gives [3.0, 7.0]. 2 of 4 steps differ.",
    ]


def test_what_differs_is_marked_and_has_a_sign(sess):
    x, _, z = doubled()
    story = compare(z, {x: [1, 2]}, {x: [1, 3]}, sess)
    ids = ids_of(story)
    assert story.state()["differs"] == {ids["x"], ids["y"], ids["z"]}
    assert story.labels()[ids["z"]].startswith("≠")
    columns = story.frames[3]["panel"]["cols"]
    assert [col.get("sign") or (col["label"], col["rows"]) for col in columns] == [
        ("A", [["2.0", "4.0"]]), "≠", ("B", [["2.0", "6.0"]]), ("B − A", [["0.0", "2.0"]]),
    ]  # fmt: skip
    fed = story.frames[1]["panel"]["cols"]
    assert [col.get("sign") or (col["label"], col["kind"]) for col in fed] == [
        ("x in A", "given"), "≠", ("x in B", "given"),
    ]  # fmt: skip


def test_nothing_differs(sess):
    x, _, z = doubled()
    story = compare(z, {x: [1, np.nan]}, {x: [1, np.nan]}, sess, names=("one", "other"))
    assert story.captions()[1] == "Both are fed alike."
    assert story.captions()[-1].endswith("Nothing differs.")
    assert "one gives [3.0, nan]; other gives" in story.captions()[-1]
    assert not story.state().get("differs")


def test_large_values_are_told_by_how_much_they_differ(sess):
    x = tf.placeholder(tf.float32, [None, 20], name="x")
    changed = np.ones((30, 20))
    changed[3, 4] = 3.5
    story = compare(tf.negative(x, name="y"), {x: np.ones((30, 20))}, {x: changed}, sess)
    assert "y differs in 1 of 600 entries, at most by 2.5." in story.captions()
    assert all("map" in col for col in story.frames[2]["panel"]["cols"] if "sign" not in col)


def test_a_feed_in_the_middle_leaves_one_run_fewer_nodes(sess):
    x, y, z = doubled()
    story = compare(z, {x: [1, 2]}, {y: [0, 0]}, sess)
    assert story.captions()[0] == "The same z, run twice. A needs 4 nodes, B needs 2 nodes."
    assert story.captions()[1] in ("Fed differently: y and x.", "Fed differently: x and y.")
    only = "y/y runs in A only: in B you feed y, so nothing needs it."
    assert story.captions()[2] == only
    assert story.captions()[3] == (
        "y is computed in A: [2.0, 4.0]. In B it does not run: you feed [0.0, 0.0] in its place."
    )
    columns = [c for c in story.frames[3]["panel"]["cols"] if "sign" not in c]
    assert [(c["label"], c.get("kind")) for c in columns[:2]] == [("A", None), ("B (fed)", "given")]


def test_what_is_fed_is_never_told_as_computed_though_the_values_agree(sess):
    x, y, z = doubled()
    both = "you feed the same value, [2.0, 4.0], in its place."
    story = compare(z, {x: [1, 2]}, {y: [2, 4]}, sess)
    told = f"y is computed in A: [2.0, 4.0]. In B it does not run: {both}"
    assert told in story.captions()
    story = compare(z, {y: [2, 4]}, {x: [1, 2]}, sess)
    assert f"y is computed in B: [2.0, 4.0]. In A it does not run: {both}" in story.captions()


def test_branches_and_loops_say_why_an_op_runs_in_one_run_only(sess):
    p, n = tf.placeholder(tf.bool, [], name="p"), tf.placeholder(tf.int32, [], name="n")
    one = tf.constant(1.0, name="one")
    choice = tf.cond(p, lambda: tf.negative(one, name="neg"), lambda: tf.square(one, name="sq"))
    said = compare(choice, {p: True}, {p: False}, sess, every=True).captions()
    assert "cond/neg runs in A only: in B it lies in the branch not taken." in said
    assert (
        "cond/neg/Switch hands its value on to the branch for True in A (1.0) "
        "and to the branch for False in B (1.0)." in said
    )
    loop = tf.while_loop(lambda i: i < n, lambda i: i + 1, [tf.constant(0)])
    said = compare(loop, {n: 1}, {n: 2}, sess, every=True).captions()
    assert "while/add runs once more in B: in A its loop is over." in said


def test_the_output_that_differs_is_the_one_told(sess):
    x = tf.placeholder(tf.float32, [2], name="x")
    _, indices = tf.nn.top_k(x, 2, name="top")
    said = compare(indices, {x: [1, 2]}, {x: [2, 1]}, sess).captions()
    assert "top:1 is [1, 0] in A and [0, 1] in B." in said


def test_shapes_may_differ(sess):
    x = tf.placeholder(tf.float32, [None], name="x")
    story = compare(tf.negative(x, name="y"), {x: [1]}, {x: [1, 2]}, sess)
    assert "y is [-1.0] in A and [-1.0, -2.0] in B." in story.captions()


def test_the_run_that_fails_is_told(sess):
    x, _, z = doubled()
    story = compare(z, {x: [1, 2]}, {x: [1, 2, 3]}, sess)
    assert "z runs in A only: in B it fails." in story.captions()
    assert any(
        caption.startswith("In B: z stops the run with InvalidArgumentError")
        for caption in story.captions()
    )
    assert story.captions()[-1] == "A gives [3.0, 5.0]."
    assert story.labels()[ids_of(story)["z"]] == "✕ in B"
    none = compare(z, {}, {}, sess)
    assert none.captions()[-1].startswith("In B: x stops the run")


def test_the_second_run_finds_the_variables_as_the_first_left_them(sess):
    v = tf.Variable(1, name="v")
    up = tf.assign_add(v, 1, name="up")
    sess.run(v.initializer)
    story = compare(up, None, None)
    assert "up is 2 in A and 3 in B." in story.captions()
    assert sess.run(v) == 3


def test_folded_scopes_are_one_step(sess):
    x = tf.placeholder(tf.float32, [], name="x")
    w = tf.Variable(2.0, name="w")
    train = tf.train.GradientDescentOptimizer(0.1).minimize(w * x)
    sess.run(w.initializer)
    story = compare(train, {x: 1.0}, {x: 2.0}, sess)
    assert any("gradients runs" in caption for caption in story.captions())
    assert any("have different values." in caption for caption in story.captions())


def test_without_a_session_it_says_so():
    with pytest.raises(ValueError, match="compare needs a session"):
        compare(tf.constant(1), {}, {})


def test_turns_are_aligned_by_op():
    def turns(names):
        return [SimpleNamespace(op=name, outputs=[]) for name in names]

    pairs = aligned(turns("abacd"), turns("abxcye"))
    assert [(p.op, p.a is not None, p.b is not None) for p in pairs] == [
        ("a", True, True), ("b", True, True), ("a", True, False), ("x", False, True),
        ("c", True, True), ("d", True, False), ("y", False, True), ("e", False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (np.float32(1), np.float32(1), True),
        (np.float32(1), np.float64(1), False),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.array([1, 2]), np.array([[1, 2]]), False),
        (np.array([b"a"], object), np.array([b"b"], object), False),
        (b"a", b"a", True),
        (None, np.float32(1), False),
        (None, None, True),
    ],
)
def test_same(a, b, equal):
    assert same(a, b) is equal


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_values_is_text(sess, text):
    x = tf.placeholder(tf.string, [], name="x")
    story = compare(tf.identity(x, name="y"), {x: text}, {x: "b"}, sess)
    assert any(caption.startswith("y is ") for caption in story.captions())
