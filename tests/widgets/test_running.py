"""The story of one run: what is needed, what is skipped, and each value as it arrives."""

import numpy as np
import pytest

import minitf as tf
from widgets import running, steps


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
    assert story.captions()[-1].startswith("The run gives back a = 5; b = 10.")


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


def trained(sess):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", initializer=[[1.0], [2.0]])
    loss = tf.reduce_mean(tf.matmul(x, w), name="loss")
    train = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    sess.run(tf.global_variables_initializer())
    return x, loss, train


def test_a_variable_is_read_from_the_session(sess):
    x, loss, _ = trained(sess)
    story = running(sess, loss, {x: [[1, 1]]})
    assert "layer/w is read. Its value lives in this session: [[1.0], [2.0]]." in story.captions()
    step = story.captions().index(
        "layer/w is read. Its value lives in this session: [[1.0], [2.0]]."
    )
    variable = next(i for i, a in story.info.items() if a["name"] == "layer/w" and i[0] == "s")
    assert variable in story.state(step)["state"]
    assert story.frames[step]["labels"][variable] == "[[1.0], [2.0]]"
    assert not [
        i for i, a in story.info.items() if a["kind"] == "variable" and i in story.state(0)["wait"]
    ]


def test_a_training_step_tells_its_folded_scopes_as_one_and_what_it_writes(sess):
    x, loss, train = trained(sess)
    story = running(sess, [train, loss], {x: [[1, 1]]})
    captions = story.captions()
    assert any(caption.startswith("gradients runs") for caption in captions)
    written = "GradientDescent runs 3 nodes, and new values are written into layer/w."
    variable = next(i for i, a in story.info.items() if a["name"] == "layer/w" and i[0] == "s")
    labels = story.frames[captions.index(written)]["labels"]
    assert {text for text in labels.values() if text} == {"[[0.0], [1.0]]"}
    assert labels[variable] == "[[0.0], [1.0]]"
    assert captions[-1].startswith(
        "The run gives back GradientDescent = None (an op has no value); loss = 3.0."
    )


def test_every_node_can_be_told(sess):
    x, _, train = trained(sess)
    story = running(sess, train, {x: [[1, 1]]}, every=True)
    writes = "writes [[0.0], [1.0]] into the variable layer/w."
    assert any(caption.endswith(writes) for caption in story.captions())


def test_a_run_that_fails_is_told_up_to_the_node_that_ended_it(sess):
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.placeholder(tf.float32, [None], name="y")
    story = running(sess, tf.add(x, y, name="sum"), {x: [1, 2], y: [1, 2, 3]})
    assert story.captions()[-1].startswith("sum stops the run with InvalidArgumentError: ")
    assert story.frames[-1]["error"] is True
    ids = {about["name"]: i for i, about in story.info.items()}
    assert story.state()["wrong"] == {ids["sum"]}
    assert story.labels()[ids["sum"]] == "✕ InvalidArgumentError"


def test_a_value_that_is_fed_replaces_the_node(sess):
    _, b, c, _ = first_program()
    story = running(sess, c, {b: 1})
    assert "You feed b: for this run only, the value comes from you." in story.captions()
    assert story.captions()[-1].startswith("The run gives back c = 6.")


def test_a_loop_is_told_round_by_round(sess):
    result = tf.while_loop(lambda i: i < 2, lambda i: i + 1, [tf.constant(0)])
    captions = running(sess, result, every=True).captions()
    tests = [caption for caption in captions if caption.startswith("while/Less has all its inputs")]
    assert [caption.partition("computes ")[2] for caption in tests] == [
        "True.", "True. Turn 2 of the loop.", "False. Turn 3 of the loop.",
    ]  # fmt: skip
    assert captions[-1].startswith("The run gives back while/Exit = 2.")


def racing():
    """Two uses of one variable that nothing puts in order, and a node that waits for one."""
    v = tf.Variable(1, name="v")
    x = tf.placeholder(tf.int32, [], name="x")
    inc = tf.assign_add(v, 1, name="inc")
    twice = tf.multiply(v, 2, name="twice")
    with tf.control_dependencies([inc]):
        after = tf.add(x, x, name="after")
    return v, x, inc, twice, after


def test_a_race_is_told_with_both_lines_and_marked_at_both_nodes(sess):
    v, x, _, twice, after = racing()
    sess.run(v.initializer)
    story = running(sess, [twice, after], {x: 1}, ask=False)
    ids = {about["name"]: i for i, about in story.info.items()}
    lines = {
        about["name"]: story.lines[about["line"]]["n"]
        for about in story.info.values()
        if "line" in about
    }
    step = next(i for i, caption in enumerate(story.captions()) if " race for v:" in caption)
    assert story.captions()[step].startswith(
        f"v/read (line {lines['v/read']}, which reads it for twice) and inc (line {lines['inc']}, "
        "which writes it) race for v: the graph does not say which comes first"
    )
    assert {ids["inc"], ids["v/read"]} <= story.state(step)["wrong"]
    assert set(story.frames[step]["labels"].values()) == {"◇ race"}
    assert not story.state(step + 1)["wrong"]
    wrote = next(c for c in story.captions() if c.startswith("inc writes 2"))
    assert "It came after v/read in this run; in another it may come first." in wrote
    assert story.labels()[ids["inc"]] == "2 ◇ race"


def test_no_race_is_told_where_the_order_is_given(sess):
    v = tf.Variable(1, name="v")
    inc = tf.assign_add(v, 1, name="inc")
    with tf.control_dependencies([inc]):
        twice = tf.multiply(v.read_value(), 2, name="twice")
    sess.run(v.initializer)
    story = running(sess, twice)
    assert not any("race" in caption for caption in story.captions())


def test_many_races_are_counted(sess):
    v = tf.Variable(1, name="v")
    writes = [tf.assign_add(v, i, name=f"inc{i}") for i in range(4)]
    sess.run(v.initializer)
    captions = running(sess, writes, ask=False).captions()
    assert sum(" race for v:" in caption for caption in captions) == 3
    assert "In the same way 3 more pairs race." in captions


def test_waiting_for_control_dependencies_is_seen(sess):
    _, x, _, _, after = racing()
    sess.run(tf.global_variables_initializer())
    story = running(sess, after, {x: 1}, ask=False)
    ids = {about["name"]: i for i, about in story.info.items()}
    assert story.frames[0]["labels"] == {ids["after"]: "waits for inc"}
    assert story.info[ids["after"]]["more"] == [["waits for", "inc"]]
    end = next(i for i, c in enumerate(story.captions()) if c.startswith("after has"))
    assert story.captions()[end].endswith("It waited for inc.")
    assert story.frames[end]["labels"] == {ids["after"]: "2"}


def test_a_node_that_has_its_inputs_and_still_waits_is_told(sess):
    x = tf.placeholder(tf.float32, [], name="x")
    first = tf.negative(x, name="first")
    with tf.control_dependencies([tf.constant(1.0, name="slow")]):
        tf.identity(first, name="last")
    late = tf.negative(x, name="late")
    last = tf.get_default_graph().get_operation_by_name("last")
    last._add_control_input(late.op)
    captions = running(sess, last.outputs[0], {x: 2}, ask=False).captions()
    told = next(caption for caption in captions if caption.startswith("first has its input"))
    assert told.endswith(" last has its inputs too, but waits for slow and late.")


def test_edges_from_what_is_fed_are_marked(sess):
    x = tf.placeholder(tf.float32, [], name="x")
    default = tf.placeholder_with_default(1.0, [], name="default")
    y = tf.add(x, default, name="y")
    tf.negative(x, name="unused")
    story = running(sess, y, {x: 1, default: 2}, ask=False)
    given = {i for i in story.state(1)["given"] if i.startswith("e")}
    assert len(given) == 2
    skipped = {i for i in story.state(1)["skip"] if i.startswith("e")}
    assert len(skipped) == 2  # into unused, and into the default that is not asked for
    assert not given & skipped


def test_a_failing_node_shows_what_it_was_given(sess):
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.placeholder(tf.float32, [None], name="y")
    story = running(sess, tf.add(x, y, name="sum"), {x: [1, 2], y: [1, 2, 3]})
    assert [col.get("sign") or col["rows"] for col in story.frames[-1]["panel"]["cols"]] == [
        [["1.0", "2.0"]], "+", [["1.0", "2.0", "3.0"]], "✕",
    ]  # fmt: skip


def test_failures_say_what_to_do(sess):
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.Variable(1.0, name="v")
    unfed = running(sess, tf.negative(x)).captions()[-1]
    assert unfed.startswith("x stops the run with InvalidArgumentError: You must feed a value")
    assert unfed.endswith("this run needs it, so feed it.")
    unborn = running(sess, v + 1).captions()[-1]
    assert unborn == (
        "v/read stops the run with FailedPreconditionError: v has no value in this session yet. "
        "Run its initializer first, for instance tf.global_variables_initializer()."
    )


def test_every_output_is_shown(sess):
    parts = tf.split(tf.constant([1.0, 2.0, 3.0, 4.0]), 2, name="parts")
    story = running(sess, parts, ask=False)
    step = next(i for i, c in enumerate(story.captions()) if c.startswith("parts has"))
    assert [c["label"] for c in story.frames[step]["panel"]["cols"] if c.get("hot")] == [
        "parts:0", "parts:1",
    ]  # fmt: skip


def test_a_read_that_a_write_reached_is_told(sess):
    v = tf.Variable(1, name="v")
    up = tf.assign_add(v, 10, name="up")
    now = tf.add(v, 0, name="now")
    sess.run(v.initializer)
    story = running(sess, [up, now], ask=False)
    told = next(caption for caption in story.captions() if caption.startswith("now has"))
    assert told.endswith(
        "computes 11. By now v/read is 11: it shares the variable's memory, and that was written "
        "to."
    )
    assert sum("shares the variable's memory" in caption for caption in story.captions()) == 1


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("[[1.0, 2.0]]", "[[1.0, 2.0]]"),
        ("[[2.71, 0.693], [-2.96, -2.42]]", "[[2.71, 0.693], …"),
        ("[123456789012345678901234567890]", "[123456789012345678…"),
        ("float32 (100, 3)", "(100, 3)"),
        ("a long string is cut anywhere", "a long string is cu…"),
    ],
)
def test_no_number_beside_a_node_is_cut_in_two(text, beside):
    assert steps.badge(text) == beside


def test_the_branch_not_taken_is_dimmed_and_told(sess):
    p, x = tf.placeholder(tf.bool, [], name="p"), tf.placeholder(tf.float32, [], name="x")
    with tf.control_dependencies([tf.no_op(name="first")]):
        y = tf.cond(p, lambda: tf.negative(x, name="neg"), lambda: tf.square(x, name="sq"))
    story = running(sess, y, {p: False, x: 3.0})
    captions, ids = story.captions(), {about["name"]: i for i, about in story.info.items()}
    assert "cond/sq/Switch hands x on to the branch for False: 3.0." in captions
    assert "cond/Merge takes the value of the branch that ran: 9.0." in captions
    assert captions[-1].endswith("cond/neg never ran: its branch was not taken.")
    assert ids["cond/neg"] in story.state()["skip"]
    assert not story.state()["wait"]
    assert not any(text.startswith("waits") for text in story.labels().values())


def test_a_loop_tells_its_turns(sess):
    n = tf.placeholder(tf.int32, [], name="n")
    loop = tf.while_loop(lambda i: i < n, lambda i: i + 1, [tf.constant(0)])
    captions = running(sess, loop, {n: 2}, every=True).captions()
    assert "while/Less/Enter brings n into the loop: 2." in captions
    assert [c for c in captions if c.startswith("while/add has")] == [
        "while/add has all its inputs (while/Identity and while/add/y) and computes 1.",
        "while/add has all its inputs (while/Identity and while/add/y) and computes 2. "
        "Turn 2 of the loop.",
    ]
    assert captions[-1].endswith("only variables keep theirs.")


def test_an_error_is_told_without_what_a_learner_did_not_write():
    message = "Shapes differ for '{{node MatMul}} = MatMul[T=DT_FLOAT, a=false](x, ones)': [?,3]."
    assert steps.reason_of(f"{message}\n\nMade by these lines:\n  x") == (
        "Shapes differ for 'MatMul(x, ones)': [?,3]."
    )
