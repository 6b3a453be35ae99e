"""The story of variables' lives: from the learner's real sessions to lanes, bars and captions."""

import json

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.testing.globalipapp import start_ipython

import minitf as tf
import widgets
from tests.widgets.stubs import MARKUP
from widgets.player import Player
from widgets.static import bundle, page, picture
from widgets.watching import Happening, Moment


def two_sessions(folder) -> widgets.Lives:
    """One session counts, saves and closes; a second one reads too early, then restores."""
    x, y = tf.Variable(1, name="x"), tf.Variable(2, name="y")
    inc, init = x.assign_add(1), tf.global_variables_initializer()
    saver = tf.train.Saver()
    with widgets.watch() as lives:
        sess1 = tf.Session()
        sess1.run(init)
        sess1.run([inc, y])
        saver.save(sess1, str(folder / "model.ckpt"))
        sess1.close()
        sess2 = tf.Session()
        with pytest.raises(tf.errors.FailedPreconditionError):
            sess2.run(x)
        saver.restore(sess2, str(folder / "model.ckpt"))
        sess2.run(inc)
    sess2.run(inc)  # nobody watches any more
    return lives


def test_the_whole_story_in_words(tmp_path):
    story = two_sessions(tmp_path).story()
    assert story.subtitle == "2 sessions, 1 checkpoint"
    assert story.captions() == [
        "sess1.run(init): x = 1 and y = 2 are born in sess1. Until now the graph had only a place "
        "for them.",
        "sess1.run([inc, y]): x is now 2, in sess1 alone.",
        "sess1 writes its values into the file model.ckpt. A file stays when the session is gone.",
        "sess1 closes and its values die: x and y. The graph stays as it is.",
        "sess2.run(x) fails with FailedPreconditionError: in sess2 x has not been born yet. Values "
        "never cross from one session into another by themselves.",
        "The checkpoint model.ckpt carries x = 2 and y = 2 into sess2: no initializer is needed.",
        "sess2.run(inc): x is now 3, in sess2 alone.",
        "One graph, 2 sessions: each keeps its own values, from an initializer to its close. "
        "Only model.ckpt carried values across.",
    ]
    assert [bool(frame.get("error")) for frame in story.frames].index(True) == 4


def test_the_lanes_names_can_stay_in_sight(tmp_path):
    drawing = two_sessions(tmp_path).story().drawing
    stuck = [item for item in drawing["items"] if item.get("stuck")]
    words = [shape[2] for item in stuck for shape in item["shapes"] if shape[0] == "text"]
    assert words == ["sess1", "x", "y", "model.ckpt", "sess2", "x", "y"]
    names = [item for item in stuck if "rule" not in item["kind"]]
    assert max(item["x"] for item in names) < drawing["stuck"] < drawing["w"] / 2


def test_marks_lie_on_time_and_tell_their_values(tmp_path):
    story = two_sessions(tmp_path).story()
    items = {item["id"]: item for item in story.drawing["items"]}
    written = {
        (about["name"], about["value"]): items[i]["x"]
        for i, about in story.info.items()
        if "value" in about and "type" not in about
    }
    assert list(written) == [
        ("x in sess1", "1"), ("x in sess1", "2"), ("y in sess1", "2"),
        ("x in sess2", "2"), ("x in sess2", "3"), ("y in sess2", "2"),
    ]  # fmt: skip
    assert written["x in sess1", "1"] < written["x in sess1", "2"] < written["x in sess2", "2"]
    unborn = [item for item in items.values() if "wrong" in item["kind"]]
    assert [item["shapes"][-1][2] for item in unborn] == ["FailedPrecondition"]
    files = [about for about in story.info.values() if about.get("type") == "checkpoint file"]
    assert [about["value"] for about in files] == ["x = 2, y = 2"]


def test_arrows_carry_values_into_the_file_and_out_of_it(tmp_path):
    story = two_sessions(tmp_path).story()
    arrows = [item for item in story.drawing["items"] if item["kind"] == ["edge", "carry"]]
    heights = {item["id"]: item["y"] for item in story.drawing["items"] if "y" in item}
    (saved, restored) = arrows
    assert heights["row0.1"] < saved["path"][1] < saved["path"][-1] < heights["file1.2"]
    assert heights["file1.2"] < restored["path"][1] < restored["path"][-1] < heights["row2.0"]
    assert saved["id"] not in story.state(2)["ghost"]
    assert restored["id"] in story.state(4)["ghost"]
    assert restored["id"] not in story.state(5)["ghost"]


def test_what_is_shown_grows_with_later_cells():
    shell = start_ipython() or InteractiveShell.instance()
    shell.user_ns.update(tf=tf, widgets=widgets)
    lives = widgets.watch()
    player = None

    def shown(*args, **kwargs):
        nonlocal player
        player = Player(*args, **kwargs)
        return player

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("widgets.player.Player", shown)
        lives._repr_mimebundle_()
    assert player.tale.captions() == [
        "No session has run yet: there is no variable's life to tell."
    ]
    shell.run_cell("x = tf.Variable(1, name='x')\nsess = tf.Session()")
    assert len(player.tale.frames) == 1
    shell.run_cell("sess.run(x.initializer)")
    assert player.tale.captions()[-1].startswith("sess.run(x/Assign): x = 1 is born in sess.")
    shell.run_cell("sess.run(x.assign_add(1))")
    assert player.step == 1
    shell.run_cell("sess.close()")
    lives.stop()
    shell.run_cell("tf.Session().run(tf.constant(1))")
    assert len(player.tale.frames) == 3


def test_a_cell_run_again_watches_anew():
    shell = start_ipython() or InteractiveShell.instance()
    shell.user_ns.update(tf=tf, widgets=widgets)
    cell = "lives = widgets.watch()"
    shell.run_cell(cell)
    first = shell.user_ns["lives"]
    shell.run_cell("other = widgets.watch()")
    shell.run_cell(cell)
    assert shell.user_ns["lives"] is not first
    assert not first.watching
    assert shell.user_ns["lives"].watching
    assert shell.user_ns["other"].watching  # another cell's goes on
    shell.run_cell("lives.stop(); other.stop()")


def test_bars_reach_from_birth_to_close(tmp_path):
    story = two_sessions(tmp_path).story()
    bars = [item["id"] for item in story.drawing["items"] if item["id"].startswith("bar")]
    columns = {
        row: [int(b[7:]) for b in bars if b.startswith(f"bar{row}.")] for row in ("0.0", "2.1")
    }
    assert columns == {"0.0": [0, 1, 2, 3], "2.1": [5, 6]}


def test_what_has_not_happened_is_a_ghost(tmp_path):
    story = two_sessions(tmp_path).story()
    first, last = story.state(0), story.state()
    assert "mark0.0.0" in first["now"]
    assert "mark0.0.1" in first["ghost"]
    assert last["ghost"] == set()
    assert "now0" in story.state(1)["hide"]
    assert "now1" not in story.state(1)["hide"]


def test_the_early_read_is_asked(tmp_path):
    asked = [f["predict"] for f in two_sessions(tmp_path).story().frames if "predict" in f]
    assert [(one["answers"], one["choices"]) for one in asked] == [
        (["an error"], ["2", "0", "an error"])
    ]


def test_a_training_loop_is_folded():
    x = tf.Variable(0, name="x")
    step = x.assign_add(1)
    lives = widgets.Lives()
    with tf.Session() as sess:
        sess.run(x.initializer)
        for _ in range(100):
            sess.run(step)
    lives.stop()
    captions = lives.story().captions()
    assert len(captions) == 7
    assert (
        captions[4] == "sess.run(step) runs 96 more times: x is now 99 and stays so after the run."
    )
    assert "x is now 100" in captions[5]


def test_sessions_of_one_name_get_numbers():
    x = tf.Variable(0, name="x")
    with widgets.watch() as lives:
        for _ in range(2):
            with tf.Session() as sess:
                sess.run(x.initializer)
    assert lives.names == ["sess", "sess (2)"]


def test_other_errors_are_told_too():
    p = tf.placeholder(tf.float32, name="p")
    wrong = pytest.raises(tf.errors.InvalidArgumentError)
    with widgets.watch() as lives, tf.Session() as sess, wrong:
        sess.run(p)
    assert lives.story().captions()[0].startswith("sess.run(p) stops with InvalidArgumentError: ")


def test_large_values_and_values_that_are_no_numbers():
    x = tf.Variable(np.full((50, 50), 2.0), name="x")
    y = tf.Variable([np.nan, np.inf], name="y")
    with widgets.watch() as lives, tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
    caption = lives.story().captions()[0]
    assert "x = mean 2.0" in caption
    assert "y = [nan, inf]" in caption
    assert x is not y


def test_a_variable_born_before_the_watch_is_alive_from_the_start():
    x = tf.Variable(0, name="x")
    sess = tf.Session()
    sess.run(x.initializer)
    with widgets.watch() as lives:
        sess.run(x)
        sess.close()
    story = lives.story()
    assert [i["id"] for i in story.drawing["items"] if i["id"].startswith("bar")] == [
        "bar0.0.0",
        "bar0.0.1",
    ]
    assert story.captions()[-1].startswith("sess closes and its value dies: x.")


def test_only_files_that_were_read_carried_values_across():
    def born(session):
        return Moment(session, "run", "init", "run", [Happening("birth", "x", "1")])

    saves = [Moment(0, "run", "save", "save", saved={"x": "1"}, file=f"step-{i}") for i in (1, 2)]
    moments = [born(0), *saves, born(1)]
    closing = "each keeps its own values, from an initializer to its close."
    assert widgets.lifetimes(moments, ["a", "b"]).captions()[-1].endswith(closing)
    moments.append(Moment(1, "run", "restore", "restore", restored=True, file="step-2"))
    last = widgets.lifetimes(moments, ["a", "b"]).captions()[-1]
    assert last.endswith(closing + " Only step-2 carried values across.")


def test_nothing_seen_is_a_story_too():
    with widgets.watch() as lives:
        pass
    assert lives.story().captions() == [
        "No session has run yet: there is no variable's life to tell."
    ]
    assert repr(lives) == "Story 'Lives of variables': 1 frame"


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_names_and_values_is_shown_as_text(text):
    moments = [
        Moment(0, "run", text, text, [Happening("birth", text, text, text)]),
        Moment(0, "run", "save", text, saved={text: text}, file=text),
        Moment(0, "run", text, text, [Happening("unborn", text)], error=text, message=text),
    ]
    story = widgets.lifetimes(moments, [text])
    whole = page(story) + picture(story) + bundle(story)["text/html"].split("<script>")[0]
    if "<" in text:
        assert text not in whole
    assert json.loads(json.dumps(story.to_dict())) == story.to_dict()


def test_the_notebook_keeps_stable_text(tmp_path):
    kept = two_sessions(tmp_path)._repr_mimebundle_()
    data = kept[0] if isinstance(kept, tuple) else kept
    assert data["text/plain"] == "Story 'Lives of variables': 8 frames"
    assert "widget-view" in " ".join(data)


def test_many_moments_stand_in_narrow_columns():
    x = tf.Variable(1, name="x")
    with widgets.watch() as lives, tf.Session() as sess:
        with pytest.raises(tf.errors.FailedPreconditionError):
            sess.run(x)
        sess.run(x.initializer)
        for _ in range(8):
            sess.run(x)
            sess.run(x.initializer)
    drawing = lives.story().drawing
    axis = [item for item in drawing["items"] if item["id"].startswith("axis")]
    assert len(axis) > 16
    assert drawing["w"] < 1000
    assert all("rotate" in item["shapes"][0][1]["transform"] for item in axis)
    wrong = next(item for item in drawing["items"] if "wrong" in item["kind"])
    assert [shape[0] for shape in wrong["shapes"]] == ["path", "path"]  # no room for its words
