"""A story is plain data: frames hold only what they change."""

import json

import numpy as np
import pytest

from tests.widgets.stubs import MARKUP
from widgets import values
from widgets.story import Story, b, code, code_lines, plain, plural, predict, rich, words


def two_marks() -> Story:
    story = Story("Two", start={"ghost": ["n0", "n1"]})
    story.frame("one", now=["n0"], drop={"ghost": ["n0"]}, keep={"done": ["n0"]})
    story.frame("two", now=["n1"], drop={"ghost": ["n1"]}, keep={"done": ["n0"]})
    return story


def test_frames_hold_only_changes():
    first, second = two_marks().frames
    assert first["add"] == {"now": ["n0"], "done": ["n0"]}
    assert first["remove"] == {"ghost": ["n0"]}
    assert second["add"] == {"now": ["n1"]}
    assert second["remove"] == {"ghost": ["n1"], "now": ["n0"]}


def test_state_is_the_sum_of_the_changes():
    story = two_marks()
    assert story.state(0) == {"ghost": {"n1"}, "now": {"n0"}, "done": {"n0"}}
    assert story.state() == {"ghost": set(), "now": {"n1"}, "done": {"n0"}}


def test_labels_are_told_once():
    story = Story("Labels")
    story.frame("a", labels={"n0": "5"}, values={"n0": "5"})
    story.frame("b", labels={"n0": "5"})
    story.frame("c", labels={"n0": ""})
    assert [frame.get("labels") for frame in story.frames] == [{"n0": "5"}, None, {"n0": ""}]


def test_a_story_is_json_and_has_a_stable_text():
    story = two_marks()
    assert json.loads(json.dumps(story.to_dict()))["title"] == "Two"
    assert repr(story) == "Story 'Two': 2 frames"
    assert repr(Story("None")) == "Story 'None': no frames"


def test_captions_keep_their_marks_apart_from_their_words():
    caption = rich("a ", b("W"), ["", code("x"), [b(3)]])
    assert caption == ["a ", ["b", "W"], ["code", "x"], ["b", "3"]]
    assert plain(caption) == "a Wx3"
    assert plain(words("ab")) == "a and b"
    assert plain(words("abcd", limit=2)) == "a, b and 2 more"
    assert [plural(n, "node") for n in (0, 1, 2)] == ["no nodes", "1 node", "2 nodes"]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_stays_text_in_a_caption(text):
    assert plain(rich(text, b(text))) == text * 2


def test_code_is_coloured_piece_by_piece():
    first, second = code_lines("with a('x'):  # why\n    b = 1", first=3)
    assert (first["n"], second["n"]) == (3, 4)
    assert first["pieces"] == [
        ["k", "with"], ["", " a("], ["s", "'x'"], ["", "):  "], ["c", "# why"],
    ]  # fmt: skip
    assert second["pieces"] == [["", "    b = "], ["n", "1"]]


@pytest.mark.parametrize(
    "source", ["x = (1,", "'''open", "a = 'b\nc", "", "  bad\n indent", *MARKUP]
)
def test_code_that_is_not_python_is_shown_whole(source):
    shown = ["".join(text for _, text in line["pieces"]) for line in code_lines(source)]
    assert "\n".join(shown) == source


def test_the_lines_of_a_long_statement_know_its_first():
    source = "with a(\n    b\n):\n    c = d(\n        1)\nif e:\n    f = 2\nelse:\n    g = 3"
    assert [line.get("of") for line in code_lines(source)] == [None, 0, 0, None, 3] + [None] * 4
    source = "match a:\n    case 1:\n        b = (2 +\n            3)"
    assert [line.get("of") for line in code_lines(source)] == [None, None, None, 2]


def test_strings_over_several_lines_stay_coloured():
    lines = code_lines("x = '''a\nb\nc''' + y")
    assert lines[1]["pieces"] == [["s", "b"]]
    assert lines[2]["pieces"] == [["s", "c'''"], ["", " + y"]]


def test_a_question_tells_its_first_answer():
    asked = predict("How many ", b("nodes"), "?", answer=["2", "two"], choices=["1", "2"])
    assert asked["answers"] == ["2", "two"]
    assert asked["prompt"] == ["How many ", ["b", "nodes"], "?"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"), (np.float32(0.1), "0.1"), (2.0, "2.0"), (1234567.0, "1.23e+06"), (True, "True"),
        (np.nan, "nan"), (-np.inf, "-inf"), (b"ab", "'ab'"), ("x", "'x'"), (1 + 2j, "1.0+2.0j"),
        ("né".encode(), "'né'"), (b"\xff", "b'\\xff'"), (b"\x01", "'\\x01'"),
        (10**12, "1.00e+12"), ([1, 2], "[1, 2]"), ([[1.0], [2.5]], "[[1.0], [2.5]]"),
        (np.zeros((3, 2), np.float32), "float32 (3, 2)"), (np.zeros((0, 2)), "empty (0, 2)"),
    ],
)  # fmt: skip
def test_short_values(value, text):
    assert values.short(value) == text


def test_small_tables_are_whole_and_their_heat_is_relative():
    column = values.table([[0, 1], [2, 4]], "x", hot=True)
    assert column["rows"] == [["0", "1"], ["2", "4"]]
    assert column["heat"] == [[0, 0.25], [0.5, 1]]
    assert values.table([[1, 1]])["heat"] == []
    assert values.table(np.array(["a", "b"], object))["heat"] == []


def test_nan_and_inf_are_shown_and_have_bounded_heat():
    column = values.table([np.nan, np.inf, 0.0, 2.0])
    assert column["rows"] == [["nan", "inf", "0.0", "2.0"]]
    assert column["heat"] == [[0, 1, 0, 1]]


def test_large_tables_are_maps_of_means():
    column = values.table(np.arange(10_000.0).reshape(100, 100))
    assert len(column["map"]) == len(column["map"][0]) == 24
    assert column["map"][0][0] == 0
    assert column["map"][-1][-1] == 8
    facts = dict(column["stats"])
    assert (facts["shape"], facts["min"], facts["mean"]) == ("(100, 100)", "0.0", "5e+03")
    assert facts["first"] == "0.0, 1.0, 2.0, 3.0, 4.0, 5.0, …"


def test_maps_leave_holes_where_nothing_is_finite():
    array = np.zeros((10, 10))
    array[0] = np.nan
    column = values.table(array)
    assert column["map"][0] == [-1] * 10
    assert dict(column["stats"])["nan or inf"] == "10"
    array[0] = np.inf
    assert values.table(array)["map"][:2] == [[-1] * 10, [0] * 10]


def test_higher_ranks_and_huge_arrays_stay_small():
    assert len(values.table(np.zeros((2, 3, 2)))["rows"]) == 6
    column = values.table(np.ones((64, 28, 28, 3), np.float32))
    assert len(json.dumps(column)) < 3000
