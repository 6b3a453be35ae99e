"""`%%build` in a real IPython: it runs the cell as ever, and shows its story."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import capture_output

import minitf as tf
from widgets import Player


@pytest.fixture(scope="module")
def shell():
    shell = start_ipython() or InteractiveShell.instance()
    shell.run_line_magic("load_ext", "widgets")
    return shell


@pytest.fixture
def build(shell):
    """Runs a cell under %%build; what it returned, its stories and its printed text."""
    shell.user_ns.update(tf=tf)

    def run(cell, line="", magic="build"):
        shown = []
        with pytest.MonkeyPatch.context() as patch, capture_output() as captured:
            patch.setattr("widgets.magics.display", shown.append)
            value = shell.run_cell_magic(magic, line, cell)
        assert all(isinstance(one, Player) for one in shown)
        return value, [one.tale for one in shown], captured.stdout

    return run


def test_a_cell_runs_as_ever(build, shell):
    value, stories, text = build("a = tf.constant(5)\nb = 5 + a\nprint('hello')\nb.shape.rank")
    assert value == 0
    assert text == "hello\n"
    assert shell.user_ns["b"].op.name == "add"
    assert [repr(story) for story in stories] == ["Story 'Building': 4 frames"]


def test_a_semicolon_hides_the_last_value(build):
    assert build("tf.constant(5);")[0] is None


def test_the_cells_error_comes_after_the_story(build, shell):
    with pytest.raises(TypeError, match="AddV2"):
        build("a = tf.constant(5)\nb = a + tf.constant([1.0])")
    assert "b" not in shell.user_ns or shell.user_ns["b"].op.name == "add"


def test_running_a_cell_again_is_noticed(build):
    cell = "z = tf.constant(1, name='z')"
    build(cell)
    story = build(cell)[1][0]
    assert story.captions()[0].startswith("The graph still holds 1 node from before.")
    assert "z_1" in story.captions()[1]


def test_a_graph_of_its_own_is_the_one_shown(build):
    story = build("g = tf.Graph()\nwith g.as_default():\n    y = tf.constant(1, name='y')")[1][0]
    assert "Line 3 adds 1 node: y." in story.captions()[1]


def test_quiet_asks_nothing(build):
    cell = "p = tf.constant(1)\nq = p + 1"
    assert any("predict" in frame for frame in build(cell)[1][0].frames)
    assert not any("predict" in frame for frame in build(cell, "quiet")[1][0].frames)


def test_magics_inside_the_cell_work(build):
    assert build("%pwd")[0]


def test_without_dot_the_cell_still_runs_and_one_sentence_says_why(build, shell, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    _, stories, text = build("d = tf.constant(1, name='d')")
    assert stories == []
    assert shell.user_ns["d"].op.name == "d"
    assert text.startswith(
        "Graphviz's program 'dot' draws the graphs and was not found; install it"
    )


def test_names_tells_how_names_were_made_and_runs_the_cell_as_ever(build, shell):
    value, stories, _ = build(
        "with tf.variable_scope('s'):\n    w = tf.get_variable('w', [1])\nw.name", magic="names"
    )
    assert value == "s/w:0"
    assert stories[0].captions()[-1].startswith("Line 2: get_variable puts the variable scopes")


def test_names_explains_the_error_and_raises_it(build):
    with pytest.raises(ValueError, match="already exists"):
        build("tf.get_variable('v', [1])\ntf.get_variable('v', [1])", magic="names")
