"""The building story: what each line adds, and why it is named as it is."""

import textwrap

import pytest

import minitf as tf
from tests.widgets.stubs import MARKUP, StubOp
from widgets import building
from widgets.build import building_cell

FIRST = "a = tf.constant(5)\nb = 5 + a\nc = a + b\nprint(c)"


def told(source, *, before=0, again=False, ask=True):
    """The story of running `source` in the default graph, with the error that it raised."""
    source = textwrap.dedent(source).strip("\n")
    error = None
    try:
        exec(compile(source, "<cell>", "exec"), {"tf": tf, "print": lambda *_: None})
    except Exception as raised:
        error = raised
    ops = tf.get_default_graph().get_operations()
    return building_cell(source, "<cell>", ops, before, error=error, again=again, ask=ask)


def test_the_first_program_line_by_line():
    story = told(FIRST)
    assert story.captions() == [
        "Line 1 adds 1 node: Const. It is named after its op, because you gave no name. "
        "Nothing is computed yet.",
        "Line 2 adds 2 nodes: add/x and add. The plain number had to become a node too: add/x, "
        "named after the op that needed it.",
        "Line 3 adds 1 node: add_1. The name add was taken, so a number makes it unique: add_1.",
        "Line 4 adds no node: Python carries it out at once, and the graph stays as it is.",
        "The graph has 4 nodes, and they hold no result: a graph is a plan, and a session carries "
        "it out later.",
    ]
    assert [frame.get("line") for frame in story.frames] == [0, 1, 2, 3, None]


def test_nodes_appear_with_their_line_and_stay():
    story = told(FIRST)
    ids = {about["name"]: i for i, about in story.info.items()}
    assert {ids["Const"], ids["add"], ids["add_1"]} <= story.start.keys() | set(
        story.start["ghost"]
    )
    assert ids["add"] in story.state(0)["ghost"]
    assert ids["add"] in story.state(1)["now"]
    assert story.state()["ghost"] == set()
    assert story.info[ids["add/x"]]["line"] == 1


def test_the_line_that_surprises_is_asked_about():
    asked = [frame["predict"] for frame in told(FIRST).frames if "predict" in frame]
    assert [question["answers"] for question in asked] == [["2"]]
    assert asked[0]["choices"] == ["1", "2", "3"]
    assert all("predict" not in frame for frame in told(FIRST, ask=False).frames)


def test_running_a_cell_again_adds_a_second_time():
    told(FIRST)
    count = len(tf.get_default_graph().get_operations())
    story = told(FIRST, before=count, again=True)
    assert story.captions()[0].startswith("The graph still holds 4 nodes from before.")
    assert "Const_1" in story.captions()[1]
    assert "The name Const was taken" in story.captions()[1]
    old = {i for i, about in story.info.items() if about["name"] in ("Const", "add", "add_1")}
    assert not old & set(story.start["ghost"])


def test_names_given_by_the_learner_and_scopes_are_told():
    story = told("""
        with tf.name_scope("layer"):
            x = tf.constant(1.0, name="x")
            y = x + x
    """)
    assert (
        "Line 2 adds 1 node: layer/x. It has the name you gave it, inside the scope layer."
        in (story.captions()[0])
    )
    assert "named after its op (the op AddV2), inside the scope layer" in story.captions()[1]


def test_a_cell_that_raises_is_told_up_to_its_error():
    story = told("a = tf.constant(5)\nb = a + tf.constant([1.0])\nc = a + a")
    last = story.frames[-1]
    assert last["error"] is True
    assert last["line"] == 1
    assert story.captions()[-1].startswith("Line 2 stops with TypeError: Input 'y' of 'AddV2'")
    assert story.captions()[-1].endswith("What was made before it stays in the graph.")


def test_lines_after_the_error_are_not_told():
    story = told("a = tf.constant(5)\nraise_it = tf.missing\nprint(a)")
    assert [frame.get("line") for frame in story.frames] == [0, 1]


def test_a_cell_that_is_not_python():
    story = told("a = = 5")
    assert story.captions() == ["Line 1 stops with SyntaxError: invalid syntax (<cell>, line 1)"]


@pytest.mark.parametrize("text", MARKUP)
def test_error_messages_are_words(text):
    story = building_cell("x = 1", "<cell>", [], error=ValueError(text))
    assert story.captions() == [f"The cell stops with ValueError: {text}"]


def test_control_dependencies_are_explained():
    story = told("""
        a = tf.constant(1)
        with tf.control_dependencies([a]):
            b = tf.no_op(name="wait")
    """)
    assert "wait waits for Const (dotted lines) and takes no value from them" in story.captions()[1]


def test_loops_and_branches_are_explained():
    loop = told("_, n = tf.while_loop(lambda i, n: i < 3, lambda i, n: (i + 1, n * 2), [0, 1])")
    assert "The loop is there once, whatever its turns" in loop.captions()[0]
    with tf.Graph().as_default():
        branches = told("a = tf.cond(tf.constant(True), lambda: tf.constant(1), lambda: 2)")
    assert "Both branches are in the graph" in branches.captions()[0]


def test_a_saver_is_explained():
    story = told("v = tf.Variable(1)\ns = tf.train.Saver()")
    assert "SaveV2 will write variables' values into a file" in story.captions()[1]


def test_an_op_belongs_to_the_line_of_the_cell_that_caused_it():
    source = "def double(x):\n    return x + x\n\na = tf.constant(2)\nb = double(a)"
    story = told(source)
    names = {about["name"]: about.get("line") for about in story.info.values()}
    assert names["add"] == 4


def test_an_op_made_elsewhere_belongs_to_the_line_that_called():
    scope: dict = {}
    exec(compile("\n\n\ndef double(x):\n    return x + x", "<other>", "exec"), scope)
    source = "a = tf.constant(2)\n\nb = double(a)"
    exec(compile(source, "<cell>", "exec"), {"tf": tf, **scope})
    story = building_cell(source, "<cell>", tf.get_default_graph().get_operations())
    assert [frame.get("line") for frame in story.frames] == [0, 2, None]


def test_no_graph_at_all():
    assert told("x = 1").captions() == ["No node was made: the graph is empty."]
    assert building(tf.Graph()).captions() == ["No node was made: the graph is empty."]


def test_any_graph_tells_its_lines():
    a = tf.constant(1)
    b = a + 2
    story = building(b.graph)
    assert story.lines[0]["pieces"][0][1].strip().startswith("a = tf.constant")
    assert len(story.frames) == 3


def test_a_graph_without_code_is_told_op_by_op():
    class Imported:
        def get_operations(self):
            return [StubOp("x", "Placeholder"), StubOp("y")]

    story = building(Imported())
    assert story.lines == []
    assert [c.split(".")[0] for c in story.captions()][:2] == [
        "The graph gets 1 node: x", "The graph gets 1 node: y",
    ]  # fmt: skip


def test_a_long_graph_has_few_frames():
    class Long:
        def get_operations(self):
            return [StubOp("a"), *(StubOp(f"b_{i}/c") for i in range(3000))]

    assert len(building(Long()).frames) < 260
