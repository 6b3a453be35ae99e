"""Every control of the player in real JupyterLab, by mouse and by keys; one notebook for all."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.jupyter import JupyterLab, Server

pytestmark = pytest.mark.browser

CELLS = [
    "%load_ext widgets\nimport minitf as tf",
    "%%build\ntf.reset_default_graph()\n"
    'x = tf.placeholder(tf.float32, [None, 3], name="x")\n'
    'with tf.variable_scope("layer"):\n'
    '    W = tf.get_variable("W", [3, 2])\n'
    "    h = tf.matmul(x, W) + 1.0\n"
    "y = tf.nn.relu(h)",
    "import widgets\nwith tf.Graph().as_default(), tf.Session() as sess:\n"
    "    a = tf.constant(1.0)\n    unused = a * 2\n"
    "    shown = widgets.show(widgets.running(sess, a + 1))\nshown",
]
LAST = 6
ASKED = 4  # before this frame the story asks


@pytest.fixture(scope="module")
def notebook(
    browser: Browser, browser_context_args: dict[str, Any], jupyter_server: Server
) -> Iterator[JupyterLab]:
    """JupyterLab with the story on the page; it takes longer to open than all tests take."""
    allowed = {"permissions": ["clipboard-read", "clipboard-write"], "reduced_motion": "reduce"}
    context = browser.new_context(**browser_context_args, **allowed)
    page = context.new_page()
    page.set_default_timeout(60_000)
    lab = JupyterLab(page, jupyter_server)
    lab.write_notebook("controls.ipynb", CELLS)
    lab.open_notebook("controls.ipynb")
    lab.run_all()
    yield lab
    lab.close()
    context.close()


@pytest.fixture
def player(notebook: JupyterLab) -> Iterator[Locator]:
    """The player at its first frame; no key may reach JupyterLab, no error and no request come."""
    notebook.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }"
    )
    notebook.command("notebook:run-cell")
    found = notebook.cell(1).locator(".mtf")
    expect(found.locator(".cnt")).to_have_text(f"1 / {LAST}")
    expect(found.locator(".cap")).to_contain_text("Line 1 adds no node")
    yield found
    state = "() => { const n = window.jupyterapp.shell.currentWidget.content; return [n.mode, "
    state += "n.activeCellIndex, n.selectedCells.length]; }"
    assert notebook.page.evaluate(state) == ["command", 1, 1]
    assert ["".join(cell["source"]) for cell in notebook.cells()] == CELLS
    assert notebook.page_errors == []
    assert notebook.foreign_requests() == []


def button(player: Locator, name: str) -> Locator:
    return player.get_by_role("button", name=name, exact=True)


def press(player: Locator, key: str) -> None:
    player.page.keyboard.press(key)


def at(player: Locator, frame: int) -> None:
    expect(player.locator(".cnt")).to_have_text(f"{frame} / {LAST}")


def node(player: Locator, name: str) -> Locator:
    return player.locator(f"svg .node:has(> text.name:text-is('{name}'))")


def view(player: Locator) -> list[float]:
    box = player.locator("svg.pic-svg").get_attribute("viewBox")
    assert box
    return [float(number) for number in box.split()]


def test_the_buttons_step(player):
    for name, frame in (("Next", 2), ("Last", LAST), ("Previous", LAST - 1), ("First", 1)):
        button(player, name).click()
        at(player, frame)
    for key in ("Enter", "Space"):
        for name, frame in (("Next", 2), ("Last", LAST), ("Previous", LAST - 1), ("First", 1)):
            button(player, name).press(key)
            at(player, frame)


def test_arrows_home_and_end_step_wherever_the_focus_is(player):
    places = (
        player.locator(".ln").first,
        player.locator("svg [tabindex='0']"),
        button(player, "Next"),
        player.get_by_label("Step", exact=True),
    )
    for place in places:
        place.focus()
        for key, frame in (("ArrowRight", 2), ("End", LAST), ("ArrowLeft", LAST - 1), ("Home", 1)):
            press(player, key)
            at(player, frame)


def test_the_slider_follows_the_mouse(player):
    slider = player.get_by_label("Step", exact=True)
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] * 0.4, "y": box["height"] / 2})
    at(player, 3)
    player.page.mouse.down()
    player.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    at(player, LAST)
    player.page.mouse.up()
    assert slider.get_attribute("aria-valuetext") == f"{LAST} of {LAST}"


def test_play_and_its_speed(player):
    speed = player.get_by_label("Speed")
    speed.select_option("4")
    button(player, "Play").click()
    expect(button(player, "Pause")).to_be_visible()
    expect(player.locator(".ask")).to_be_visible()  # it stops at the question
    expect(button(player, "Play")).to_be_visible()
    speed.focus()
    press(player, "ArrowUp")
    expect(speed).to_have_value("2")  # the arrow was the list's, not the story's
    button(player, "First").click()
    player.locator("svg [tabindex='0']").focus()
    press(player, "Space")
    expect(button(player, "Pause")).to_be_visible()
    press(player, "Space")
    expect(button(player, "Play")).to_be_visible()
    at(player, 1)


def test_a_line_of_code_leads_to_its_frame(player):
    lines = player.locator(".ln")
    lines.nth(3).click()
    at(player, 3)
    lines.first.focus()
    for key in ["ArrowDown"] * 5 + ["ArrowUp", "Enter"]:
        press(player, key)
    at(player, 4)
    expect(lines.nth(4)).to_have_attribute("aria-current", "step")


def test_a_node_leads_to_its_line(player):
    button(player, "Last").click()
    node(player, "MatMul").click()
    expect(player.locator(".ln.hit")).to_contain_text("tf.matmul")
    node(player, "Relu").focus()
    press(player, "Enter")
    expect(player.locator(".ln.hit")).to_contain_text("tf.nn.relu")


def test_hover_and_focus_inspect(player):
    tip = player.locator(".tip")
    button(player, "Last").click()
    node(player, "MatMul").hover()
    for words in ("layer/MatMul", "float32", "(?, 2)"):
        expect(tip).to_contain_text(words)
    player.locator("h4").hover()
    expect(tip).to_be_hidden()
    player.locator("svg [tabindex='0']").focus()
    told = set()
    for _ in range(player.locator("svg [tabindex]").count()):
        told.add(tip.locator("b").inner_text())
        press(player, "ArrowDown")
    assert {"x", "layer", "layer/MatMul", "layer/W", "Relu"} <= told
    press(player, "Escape")
    expect(tip).to_be_hidden()


def test_pan_zoom_and_fit_by_mouse(player):
    fitted, picture = view(player), player.locator("svg.pic-svg")
    player.locator(".pic").hover()
    button(player, "Zoom in").click()
    zoomed = view(player)
    assert zoomed[2] < fitted[2]
    button(player, "Zoom out").click()
    assert view(player)[2] == pytest.approx(fitted[2], abs=0.1)
    picture.hover(position={"x": 20, "y": 20})
    player.page.keyboard.down("Control")
    player.page.mouse.wheel(0, -200)
    player.page.keyboard.up("Control")
    expect(picture).not_to_have_attribute("viewBox", " ".join(f"{n:.2f}" for n in fitted))
    near, box = view(player), picture.bounding_box()
    player.page.mouse.down()
    player.page.mouse.move(box["x"] + 80, box["y"] + 60)
    player.page.mouse.up()
    assert view(player)[0] < near[0]
    assert view(player)[1] < near[1]
    button(player, "Fit").click()
    assert view(player) == fitted


def test_pan_zoom_and_fit_by_keys(player):
    fitted = view(player)
    for place in (player.locator(".ln").first, player.locator("svg [tabindex='0']")):
        place.focus()
        press(player, "+")
        near = view(player)
        assert near[2] < fitted[2]
        for key, along, sign in (("Right", 0, 1), ("Left", 0, -1), ("Down", 1, 1), ("Up", 1, -1)):
            before = view(player)
            press(player, f"Shift+Arrow{key}")
            assert (view(player)[along] - before[along]) * sign > 0
        assert view(player) == near
        press(player, "-")
        assert view(player)[2] == pytest.approx(fitted[2], abs=0.1)
        press(player, "0")
        assert view(player) == fitted
    at(player, 1)


def test_search(player):
    button(player, "Last").click()
    words, found = player.get_by_label("Find a node"), player.locator("svg .found")
    button(player, "Find").click()
    words.press_sequentially("matmul")  # letters that are shortcuts: m makes text of a cell
    expect(found).to_have_count(1)
    expect(player.locator(".hits")).to_have_text("1 found")
    expect(node(player, "x")).to_have_css("opacity", "0.12")
    button(player, "Find").click()
    expect(words).to_be_hidden()
    expect(found).to_have_count(0)
    player.locator(".ln").first.focus()
    press(player, "/")
    expect(words).to_be_focused()
    player.page.keyboard.type("xx")
    expect(found).to_have_count(0)
    expect(player.locator(".hits")).to_have_text("none found")
    press(player, "Backspace")
    expect(found).not_to_have_count(0)
    press(player, "Enter")
    expect(player.locator(".tip")).to_be_visible()
    press(player, "Escape")
    expect(words).to_be_hidden()


def test_fold_and_unfold(player):
    button(player, "Last").click()
    inside, scope = node(player, "MatMul"), player.locator("svg .scope")
    player.locator("svg .title .fold").first.click()
    expect(inside).to_have_count(0)
    scope.locator(".fold").click()
    expect(inside).to_have_count(1)
    player.locator("svg .title[aria-label^='layer']").focus()
    press(player, "Enter")
    expect(inside).to_have_count(0)
    expect(scope).to_be_focused()
    press(player, "Enter")
    expect(inside).to_have_count(1)
    node(player, "W").dblclick()
    expect(node(player, "read")).to_have_count(1)


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_predict_by_choice_then_reveal(player, by):
    for _ in range(ASKED - 1):
        button(player, "Next").click() if by == "mouse" else button(player, "Next").press("Enter")
    at(player, ASKED - 1)
    expect(player.locator(".ask")).to_contain_text("How many nodes will line 5 add?")
    expect(button(player, "2")).to_be_focused()
    if by == "mouse":
        button(player, "3").click()
    else:
        press(player, "Tab")
        press(player, "Enter")
    expect(player.locator(".ask")).to_contain_text("You said 3: that is it.")
    at(player, ASKED)


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_predict_in_words_then_reveal(notebook, player, by):
    notebook.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2; }"
    )
    notebook.command("notebook:run-cell")
    running = notebook.cell(2).locator(".mtf")
    expect(running.locator(".cnt")).to_have_text("1 / 6")
    button(running, "Next").click()
    answer = running.get_by_label("Your prediction")
    expect(answer).to_be_focused()
    notebook.page.keyboard.type("7 dd")  # "d d" would delete the cell
    button(running, "Reveal").click() if by == "mouse" else press(running, "Enter")
    expect(running.locator(".ask")).to_contain_text("You said 7 dd. Answer: 3.")
    notebook.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }"
    )


def test_the_picture_is_copied(player):
    page: Page = player.page
    for copy in (lambda b: b.click(), lambda b: b.press("Enter")):
        page.evaluate("navigator.clipboard.writeText('')")
        copy(button(player, "Copy as SVG"))
        expect(player.locator(".cap")).to_contain_text("is on the clipboard as SVG")
        assert page.evaluate("navigator.clipboard.readText()").startswith("<svg")
        expect(player.locator(".cap")).to_contain_text("Line 1")


def test_the_picture_is_downloaded(player, tmp_path):
    for save in (lambda b: b.click(), lambda b: b.press("Enter")):
        with player.page.expect_download() as waiting:
            save(button(player, "Download SVG"))
        assert waiting.value.suggested_filename == "Building-1.svg"
        waiting.value.save_as(tmp_path / "saved.svg")
        assert "MatMul" in (tmp_path / "saved.svg").read_text()


def test_full_width_and_shapes(player):
    picture, shapes = player.locator(".pic"), player.locator("svg .edge text")
    before = picture.bounding_box()["width"]
    button(player, "Full width").click()
    assert picture.bounding_box()["width"] > 1.5 * before
    button(player, "Full width").press("Enter")
    assert picture.bounding_box()["width"] == pytest.approx(before, abs=1)
    button(player, "Shapes on edges").click()
    expect(shapes).not_to_have_count(0)
    button(player, "Shapes on edges").press("Enter")
    expect(shapes).to_have_count(0)
