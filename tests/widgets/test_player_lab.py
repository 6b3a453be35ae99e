"""The stories in real JupyterLab: by mouse, by keys, in both themes, and reopened later."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser

CELLS = [
    "%load_ext widgets\nimport minitf as tf\nimport widgets",
    "%%build\na = tf.constant(5)\nb = 5 + a\nc = a + b",
    "sess = tf.Session()\nwidgets.show(widgets.running(sess, c))",
    "widgets.show(c)",
    "after = 1",
]


@pytest.fixture
def stories(lab):
    lab.write_notebook("stories.ipynb", CELLS)
    lab.open_notebook("stories.ipynb")
    lab.run_all()
    assert lab.errors() == []
    yield lab
    assert lab.page_errors == []
    assert lab.foreign_requests() == []


def player(lab, cell: int) -> Locator:
    found = lab.cell(cell).locator(".mtf")
    found.wait_for()
    return found


def test_stories_play_in_jupyterlab(stories):
    """By mouse, by keys and in both themes; one notebook for all, since opening it takes long."""
    step_by_mouse(stories)
    step_by_keys(stories)
    change_theme(stories)
    show_without_trust(stories)


def step_by_mouse(lab):
    building = player(lab, 1)
    expect(building.locator(".cap")).to_contain_text("Line 1 adds 1 node: Const.")
    building.get_by_label("Last", exact=True).click()
    expect(building.locator(".cnt")).to_have_text("4 / 4")
    assert building.locator("svg .ghost").count() == 0
    running = player(lab, 2)
    running.get_by_label("Last", exact=True).click()
    expect(running.locator(".cap")).to_contain_text("The run gives back add_1 = 15.")


def step_by_keys(lab):
    """Keys step the story; JupyterLab, where "d d" deletes a cell, never sees them."""
    building = player(lab, 1)
    building.locator(".ln").nth(2).click()
    expect(building.locator(".cnt")).to_have_text("3 / 4")
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    before = lab.page.evaluate(active)
    for key, count in (("ArrowLeft", "2 / 4"), ("Home", "1 / 4"), ("End", "4 / 4")):
        lab.page.keyboard.press(key)
        expect(building.locator(".cnt")).to_have_text(count)
    for place in (building.locator(".ln").first, building.locator("svg .node").first):
        place.focus()
        for key in ("ArrowUp", "d", "d", "x", "b"):
            lab.page.keyboard.press(key)
    assert lab.page.evaluate(active) == before
    assert len(lab.cells()) == len(CELLS)


def change_theme(lab):
    building = player(lab, 1)
    for theme in ("dark", "light"):
        lab.set_theme(theme)
        dark = building.evaluate("e => e.classList.contains('dark')")
        red = building.evaluate("e => Number(getComputedStyle(e).backgroundColor.match(/\\d+/)[0])")
        assert dark == (red < 80) == (theme == "dark")
        lab.page.wait_for_timeout(400)  # the fade between the themes
        found = Axe().run(lab.page, ".mtf").response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
        drawing = base64.b64decode(lab.cell(3).locator("img").get_attribute("src").split(",")[1])
        assert (b".page{fill:none}" in drawing) == (theme == "dark")


def show_without_trust(lab):
    """What JupyterLab makes of the HTML in a notebook that it does not trust."""
    html = "".join(lab.cells()[1]["outputs"][0]["data"]["text/html"])
    shown = lab.page.evaluate(
        """async (html) => {
          const mimes = window.jupyterapp.shell.currentWidget.content.rendermime;
          const model = mimes.createModel({ data: { "text/html": html } });
          const view = mimes.createRenderer("text/html");
          await view.renderModel(model);
          return [view.node.querySelectorAll("img[src^='data:image/svg']").length,
            view.node.querySelectorAll("details li").length,
            view.node.querySelectorAll("script").length];
        }""",
        html,
    )
    assert shown == [1, 4, 0]


def test_a_saved_notebook_keeps_the_storys_place(stories):
    building = player(stories, 1)
    building.get_by_label("Last", exact=True).click()
    stories.save()
    stories.page.reload()
    stories.open_notebook("stories.ipynb")
    expect(player(stories, 1).locator(".cap")).to_contain_text("The graph has 4 nodes")


LIVES = [
    "import minitf as tf\nimport widgets\nlives = widgets.watch()\nlives",
    "x = tf.Variable(1, name='x')\nsess = tf.Session()\nsess.run(x.initializer)",
    "sess.run(x.assign_add(4))",
    "other = tf.Session()\nother.run(x)",
    "sess.close()\nlives.stop()",
]


def run_cell(lab, index: int) -> None:
    lab.page.evaluate(
        "i => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i; }", index
    )
    lab.command("notebook:run-cell")


def test_lives_grow_as_the_learners_cells_run(lab):
    lab.write_notebook("lives.ipynb", LIVES)
    lab.open_notebook("lives.ipynb")
    run_cell(lab, 0)
    shown = player(lab, 0)
    expect(shown.locator(".cap")).to_contain_text("No session has run yet")
    for cell, told in (
        (1, "x = 1 is born in sess"),
        (2, "x is now 5"),
        (3, "fails with FailedPreconditionError"),
    ):
        run_cell(lab, cell)
        expect(shown.locator(".cap")).to_contain_text(told)
    assert [error.split(":")[0] for error in lab.errors()] == ["FailedPreconditionError"]
    expect(shown.locator("svg .wrong")).not_to_have_count(0)
    run_cell(lab, 4)
    expect(shown.locator(".cnt")).to_have_text("4 / 5")
    shown.locator("svg .shape.solid circle").nth(1).hover()
    expect(shown.locator(".tip")).to_contain_text("value5")
    shown.locator("svg [tabindex='0']").focus()
    for key, count in (("Home", "1 / 5"), ("ArrowRight", "2 / 5"), ("End", "5 / 5")):
        lab.page.keyboard.press(key)
        expect(shown.locator(".cnt")).to_have_text(count)
    lab.page.keyboard.press("ArrowDown")
    expect(shown.locator(".tip")).to_be_visible()
    assert lab.page_errors == []
