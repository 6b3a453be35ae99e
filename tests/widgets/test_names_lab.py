"""Typing lines and watching names being made: the lab in Python, and in real JupyterLab."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

import widgets
from tests.widgets.stubs import MARKUP
from widgets import NamesLab, names_lab


def typed(*lines: str) -> NamesLab:
    lab = names_lab()
    for line in lines:
        lab.add(line)
    return lab


def caption(lab: NamesLab) -> str:
    return lab.tale.captions()[lab.step]


def test_each_line_tells_the_name_it_makes():
    lab = typed('with tf.variable_scope("var"):', 'with tf.name_scope("name"):')
    assert caption(lab) == "Now open: the variable scope var and the name scope var/name."
    lab.add('tf.get_variable("v", [1])')
    assert caption(lab).endswith("name/ is skipped. Its name is var/v.")
    lab.add('tf.Variable(1, name="v")')
    assert caption(lab).endswith("Its name is var/name/v.")
    lab.leave()
    assert caption(lab).startswith("Now open: the variable scope var and a name scope")
    lab.leave()
    assert caption(lab).startswith("All scopes are closed again")
    lab.leave()
    assert lab.message == "No scope is open."


def test_the_program_is_code_that_a_cell_could_run():
    lab = typed('with tf.variable_scope("a"):', 'v = tf.get_variable("v", [1])')
    lab.leave()
    lab.add("v + 1")
    assert lab.source == ('with tf.variable_scope("a"):\n    v = tf.get_variable("v", [1])\nv + 1')
    again = names_lab(lab.source)
    assert again.story == lab.story
    assert [line["n"] for line in lab.story["lines"]] == [1, 2, 3]


def test_an_error_is_explained_and_its_line_gives_way_to_the_next():
    lab = typed('tf.get_variable("v", [1])', 'tf.get_variable("v", [1])')
    assert "v is in the variable store already" in caption(lab)
    assert lab.tale.frames[-1]["error"] is True
    assert lab.message == "The next line takes the place of the one that failed."
    lab.add('tf.get_variable("w", [1])')
    assert lab.source == 'tf.get_variable("v", [1])\ntf.get_variable("w", [1])'
    assert lab.message == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('tf.constant(1, name="a b")', "stops with ValueError: a b is no name. A name is made of"),
        ('with tf.name_scope("_a"):', "stops with ValueError: _a is no name."),
        ('tf.get_variable("w")', 'needs a shape, as in tf.get_variable("w", [1]).'),
        ("with tf.variable_scope(None):", "stops with TypeError: a variable scope needs a name."),
        ('v + tf.constant("s")', "stops with TypeError: Input 'y' of 'AddV2' Op has type string"),
        (
            'with tf.variable_scope("", reuse=True):\n    tf.get_variable("v", [3])',
            "the v that is there has shape (1,) and cannot be had with shape (3,)",
        ),
        (
            'with tf.variable_scope("", reuse=True):\n  tf.get_variable("v", [1], dtype=tf.int32)',
            "the v that is there has dtype float32 and cannot be had with dtype int32",
        ),
    ],
)
def test_errors_about_names_are_told_in_plain_words(line, told):
    lab = typed('v = tf.get_variable("v", [1])', line)
    assert told in caption(lab)
    assert lab.tale.frames[-1]["line"] is not None


def test_a_line_that_is_not_taken_changes_nothing():
    lab = typed("tf.no_op()")
    before = lab.story
    lab.add("import os")
    assert lab.message.startswith("Only scopes, variables and ops can be said here")
    assert lab.lab["text"] == "import os"
    assert lab.story == before
    lab.add("")
    assert lab.source == "tf.no_op()"


def test_undo_and_start_again():
    lab = typed('with tf.name_scope("a"):', "tf.no_op()")
    lab.undo()
    assert lab.source == 'with tf.name_scope("a"):'
    assert lab.lab["depth"] == 1
    lab.undo()
    lab.undo()
    assert (lab.source, lab.lab["depth"]) == ("", 0)
    lab.add("tf.no_op()")
    lab.clear()
    assert caption(lab).startswith("Nothing is named yet.")


def test_entering_a_scope_again_is_told():
    lab = typed('with tf.variable_scope("a") as s:')
    lab.leave()
    lab.add("with tf.variable_scope(s, reuse=True):")
    assert "entered again and keeps its name; its name scope must be new, so it is a_1" in (
        caption(lab)
    )


def test_the_browser_is_heard_and_nothing_else_it_says():
    lab = names_lab()
    lab._heard(lab, {"do": "add", "text": "tf.no_op()"}, [])
    assert lab.source == "tf.no_op()"
    for content in ({"do": "close"}, {"do": "__init__"}, {}, "undo", None):
        lab._heard(lab, content, [])
    assert lab.source == "tf.no_op()"


def test_a_saved_page_shows_the_story():
    lab = typed('tf.Variable(1, name="v")')
    data = lab._repr_mimebundle_()[0]
    assert data["text/plain"] == "Story 'Names': 1 frame"
    assert '<img alt="Story' in data["text/html"]
    assert json.loads(json.dumps(lab.get_state(["story", "lab"])))


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_only_text(text):
    lab = typed(f"tf.Variable(1, name={text!r})")
    assert lab.source or lab.message
    assert "<script>window" not in widgets.static.page(lab.tale)


# in real JupyterLab


def line(player: Locator) -> Locator:
    return player.get_by_label("A line of code")


def type_line(player: Locator, text: str) -> None:
    line(player).fill(text)
    line(player).press("Enter")


@pytest.mark.browser
def test_the_lab_in_jupyterlab(lab):
    lab.write_notebook("names.ipynb", ["import widgets\nlab = widgets.names_lab()\nlab", "1"])
    lab.open_notebook("names.ipynb")
    lab.run_all()
    player = lab.cell(0).locator(".mtf")
    told = player.locator(".cap")
    expect(told).to_contain_text("Nothing is named yet")
    by_keys(lab, player, told)
    by_mouse(player, told)
    refused_lines(player, told)
    buttons_by_keys(player, told)
    for theme in ("dark", "light"):
        lab.set_theme(theme)
        lab.page.wait_for_timeout(400)  # the fade between the themes
        found = Axe().run(lab.page, ".mtf").response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    without_kernel(lab, player)
    assert len(lab.cells()) == 2  # no key was taken for JupyterLab's own
    assert lab.page_errors == []
    assert lab.foreign_requests() == []


def by_keys(lab, player: Locator, told: Locator) -> None:
    """The focus stays in the line, though each story builds the player anew."""
    line(player).focus()
    for text, words in (
        ('with tf.variable_scope("var"):', "Open: the variable scope var"),
        ('with tf.name_scope("name"):', "Now open: the variable scope var and the name scope"),
        ('tf.get_variable("v", [1])', "Its name is var/v."),
        ('tf.Variable(1, name="v")', "Its name is var/name/v."),
    ):
        lab.page.keyboard.type(text)
        lab.page.keyboard.press("Enter")
        expect(told).to_contain_text(words)
        expect(line(player)).to_be_focused()
    expect(player.locator(".ln.cur")).to_contain_text("tf.Variable")
    lab.page.keyboard.press("ArrowUp")
    expect(line(player)).to_have_value('tf.Variable(1, name="v")')
    line(player).fill("")
    lab.page.keyboard.press("Backspace")
    expect(told).to_contain_text("and a name scope of the same name")


def by_mouse(player: Locator, told: Locator) -> None:
    player.get_by_role("button", name="get_variable", exact=True).click()
    expect(line(player)).to_have_value('tf.get_variable("v", [1])')
    assert line(player).evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "v"
    player.get_by_role("button", name="Add", exact=True).click()
    expect(told).to_contain_text("var/v is in the variable store already")
    player.get_by_role("button", name="Undo").click()
    expect(player.locator(".ln")).to_have_count(4)
    player.locator(".ln").nth(2).click()
    expect(told).to_contain_text("Its name is var/v.")


def refused_lines(player: Locator, told: Locator) -> None:
    before = told.inner_text()
    type_line(player, "<img src=x onerror=window.hacked=1>")
    expect(player.locator(".said")).to_contain_text("This is not Python yet")
    expect(line(player)).to_have_value("<img src=x onerror=window.hacked=1>")
    assert told.inner_text() == before
    assert player.evaluate("() => window.hacked") is None
    player.get_by_role("button", name="Start again").click()
    expect(told).to_contain_text("Nothing is named yet")


def buttons_by_keys(player: Locator, told: Locator) -> None:
    for name, words in (
        ("Close scope", "All scopes are closed again"),
        ("Undo", "Open: the name scope a"),
        ("Start again", "Nothing is named yet"),
    ):
        if name == "Close scope":
            type_line(player, 'with tf.name_scope("a"):')
            expect(told).to_contain_text("Open: the name scope a")
        player.get_by_role("button", name=name).press("Enter")
        expect(told).to_contain_text(words)
    player.get_by_role("button", name="an op").press("Enter")
    expect(line(player)).to_be_focused()
    player.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(told).to_contain_text("Its name is c.")
    player.get_by_role("button", name="Start again").press("Enter")
    expect(told).to_contain_text("Nothing is named yet")


def without_kernel(lab, player: Locator) -> None:
    type_line(player, "tf.no_op()")
    expect(player.locator(".cap")).to_contain_text("Its name is NoOp.")
    lab.server.stop_kernels()
    type_line(player, "tf.no_op()")
    expect(player.locator(".said")).to_contain_text("The kernel does not answer")
    expect(player.locator(".cap")).to_contain_text("Its name is NoOp.")
