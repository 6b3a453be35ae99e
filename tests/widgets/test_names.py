"""The story of names: pieces, stacks, the variable store, reuse, and what is refused."""

import json

import pytest

import minitf as tf
import widgets
from tests.widgets.stubs import MARKUP
from widgets.names import names_cell
from widgets.naming import Making, Names, Scopes
from widgets.static import bundle, page, picture

CELL = """with tf.variable_scope("var"):
    with tf.name_scope("name"):
        v1 = tf.get_variable("var1", [1])
        v2 = tf.Variable(1, name="var2")
        v3 = tf.Variable(1, name="var2")
        total = v1 + 2.0
with tf.variable_scope("var", reuse=True):
    same = tf.get_variable("var1", [1])
"""


def run(source: str):
    """The story of a cell, and what was seen."""
    seen, error = Names("cell"), None
    try:
        exec(compile(source, "cell", "exec"), {"tf": tf})
    except Exception as raised:
        error = raised
    seen.stop(failed=error is not None)
    return names_cell(source, "cell", seen, error), seen


def pieces(seen: Names) -> dict[str, str]:
    """Each name and its pieces: [variable scope], (name scope), -skipped-, +number."""
    form = {"state": "[{}]", "given": "({})", "skip": "-{}-", "suffix": "+{}", "base": "{}"}
    return {m.name: " ".join(form[role].format(t) for t, role in m.pieces) for m in seen.makings}


def test_every_name_in_its_pieces():
    _, seen = run(CELL)
    assert pieces(seen) == {
        "var/var1": "[var/] -var_1/- var1",  # the last one: shared under a new name scope
        "var/name/var2": "[var/] (name/) var2",
        "var/name/var2_1": "[var/] (name/) var2 +_1",
        "var/name/add": "[var/] (name/) add",
    }
    assert seen.makings[0].pieces == [("var/", "state"), ("name/", "skip"), ("var1", "base")]
    assert [m.kind for m in seen.makings] == ["got", "variable", "variable", "op", "shared"]


def test_the_pieces_make_the_name():
    _, seen = run(
        CELL + "with tf.variable_scope('a/b'):\n    tf.zeros([2]) + tf.get_variable('c', [2])"
    )
    for making in seen.makings:
        assert "".join(text for text, role in making.pieces if role != "skip") == making.name


def test_the_story_in_words():
    story, _ = run(CELL)
    assert story.captions() == [
        "Open: the variable scope var and the name scope var/name.",
        "Line 3: get_variable looks only at variable scopes: name/ is skipped. Its name is "
        "var/var1.",
        "Line 4: tf.Variable takes the whole name scope. Its name is var/name/var2.",
        "Line 5: tf.Variable takes the whole name scope, and _1 since the name is taken. Its name "
        "is var/name/var2_1.",
        "Line 6: An op takes the whole name scope. Its name is var/name/add.",
        "Now open: the variable scope var and the name scope var_1. The variable scope var is "
        "entered again and keeps its name; its name scope must be new, so it is var_1. reuse=True: "
        "get_variable only shares here and makes nothing.",
        "Line 8: It is in the variable store and reuse is on: the same variable comes back. It is "
        "var/var1.",
    ]
    assert [frame.get("line") for frame in story.frames] == [1, 2, 3, 4, 5, 6, 7]
    assert [f["predict"]["answers"] for f in story.frames if "predict" in f] == [
        ["var/name/var2_1"]
    ]


def rows(story, step, mark):
    """The words of the panes' rows that carry a mark at a step, or with "" those in sight."""
    marks = story.state(step)
    away = marks["ghost"] | marks["hide"]
    found = [i for i in story.drawing["items"] if i["id"].startswith(("scope", "note", "stored"))]
    seen = [i for i in found if i["id"] not in away and (not mark or i["id"] in marks[mark])]
    return [item["shapes"][-1][2] for item in seen]


def test_the_trees_show_what_is_open_and_what_was():
    story, _ = run(CELL)
    assert rows(story, 0, "state") == ["var/", "var/"]
    assert rows(story, 0, "given") == ["name/"]
    assert rows(story, 5, "") == [
        *("/", "var/", "/", "var/", "name/", "var_1/", "reuse=True", "var/var1  (1,) float32"),
    ]
    assert rows(story, 5, "state") == ["var/", "var_1/"]
    assert rows(story, 5, "given") == []
    assert rows(story, 6, "now") == ["var/var1  (1,) float32"]


def test_rows_are_ghosts_until_their_scope_opens():
    story, _ = run(CELL)
    ghosts = [story.state(step)["ghost"] for step in (0, 1, 5)]
    later = [i["id"] for i in story.drawing["items"] if i["shapes"][-1][-1] == "var_1/"]
    assert [set(later) <= ghost for ghost in ghosts] == [True, True, False]


def test_many_scopes_and_variables_are_cut():
    source = "for i in range(12):\n    with tf.variable_scope(f's{i}'):\n"
    story, _ = run(source + "        tf.get_variable('v', [1])")
    words = [i["shapes"][-1][-1] for i in story.drawing["items"]]
    assert words.count("…") == 2
    assert "and 5 more" in words


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (
            "",
            "Line 3: get_variable refuses with ValueError: a/v is not in the variable store",
        ),
        (
            "tf.get_variable('a/v', [2])",
            "Line 3: get_variable refuses with ValueError: the a/v that is there has shape (2,)",
        ),
    ],
)
def test_refusals_under_reuse(first, told):
    source = f"{first}\nwith tf.variable_scope('a', reuse=True):\n    tf.get_variable('v', [1])"
    story, seen = run(source)
    assert seen.makings[-1].kind == "refused"
    assert story.captions()[-1].startswith(told)
    assert story.frames[-1]["error"] is True
    assert story.frames[-1]["line"] == 2


def test_a_second_get_variable_is_refused_and_told_why():
    story, _ = run("tf.get_variable('v', [1])\ntf.get_variable('v', [1])")
    assert story.captions()[-1] == (
        "Line 2: get_variable refuses with ValueError: v is in the variable store already, and "
        "nobody said that it is to be shared. Ask for it with reuse=True or tf.AUTO_REUSE in the "
        "variable scope."
    )


def test_a_taken_node_name_gives_a_number_and_no_refusal():
    """The variable store knows what get_variable was asked for, the graph what was free."""
    source = """tf.Variable(0, name="a")
tf.get_variable("a", initializer=0)
tf.Variable(0, name="a")
tf.get_variable("a_1", shape=[2])
tf.Variable(0, name="a_1")
"""
    story, seen = run(source)
    assert [m.kind for m in seen.makings] == ["variable", "got", "variable", "got", "variable"]
    assert list(pieces(seen).values()) == ["a", "a +_1", "a +_2", "a_1 +_1", "a_1 +_2"]
    assert seen.makings[-1].store == ("a", "a_1")
    told = " ".join(story.captions())
    assert "get_variable knows no a yet; as a node's name it is taken: _1" in told
    assert "refuse" not in told


def test_a_refusal_points_at_the_one_that_is_there_already():
    """What earlier cells have stored is not new, and only the name asked for is marked."""
    for name in ("w", "u"):
        tf.get_variable(f"s/{name}", shape=[1])
    story, _ = run('with tf.variable_scope("s"):\n    tf.get_variable("w", shape=[1])\n')
    stored = {i["shapes"][-1][2]: i["id"] for i in story.drawing["items"] if "stored" in i["id"]}
    marked = [story.state(step).get("now", set()) for step in (0, 1)]
    assert [now & set(stored.values()) for now in marked] == [set(), {stored["s/w  (1,) float32"]}]


def test_auto_reuse_makes_once_and_then_shares():
    _, seen = run(
        "for _ in range(2):\n    with tf.variable_scope('a', reuse=tf.AUTO_REUSE):\n"
        "        tf.get_variable('v', [1])"
    )
    assert [(m.kind, m.name) for m in seen.makings] == [("got", "a/v"), ("shared", "a/v")]


def test_a_cell_that_resets_the_graph_is_seen_too():
    with widgets.Names() as seen, tf.Graph().as_default():
        tf.constant(1, name="one")
    assert pieces(seen) == {"one": "one"}
    assert (
        "No name scope is open: the name stands alone. Its name is one."
        in widgets.names(seen).captions()[-1]
    )


def test_other_errors_and_empty_cells():
    assert run("1/0")[0].captions() == ["Line 1 stops with ZeroDivisionError: division by zero"]
    assert run("a = 1")[0].captions() == ["No name was made: the cell adds nothing to the graph."]


def test_many_names_are_cut():
    story, _ = run("for _ in range(70):\n    tf.constant(1)")
    assert len(story.frames) == 61
    assert story.captions()[-1] == "In the same way 10 more names are made."


def test_pages_turn_after_four_names():
    story, _ = run("for _ in range(5):\n    tf.constant(1)")
    assert "name0.0" not in story.state(3)["hide"]
    assert {"name0.0", "name3.0"} <= story.state(4)["hide"]
    assert "name4.0" not in story.state(4)["hide"] | story.state(4)["ghost"]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_as_text(text):
    seen = Names()
    seen.stop()
    scopes = Scopes(((text, text),), ((text, "given"),))
    seen.makings = [Making("got", text, text, scopes, None, [(text, "state")], (text,), text)]
    seen.described[text] = text
    story = widgets.names(seen)
    whole = page(story) + picture(story) + bundle(story)["text/html"].split("<script>")[0]
    if "<" in text:
        assert text not in whole
    assert json.loads(json.dumps(story.to_dict())) == story.to_dict()
    assert bundle(story)["text/plain"] == "Story 'Names': 2 frames"
