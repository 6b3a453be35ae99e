"""The stories in real JupyterLab: by mouse, by keys, in both themes, and reopened later."""

import pytest
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser

CELLS = [
    "%load_ext widgets\nimport minitf as tf\nimport widgets",
    "%%build\na = tf.constant(5)\nb = 5 + a\nc = a + b",
    "sess = tf.Session()\nwidgets.show(widgets.running(sess, c))",
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


def test_both_stories_step_by_mouse(stories):
    building = player(stories, 1)
    expect(building.locator(".cap")).to_contain_text("Line 1 adds 1 node: Const.")
    building.get_by_label("Last", exact=True).click()
    expect(building.locator(".cnt")).to_have_text("4 / 4")
    assert building.locator("svg .ghost").count() == 0
    running = player(stories, 2)
    running.get_by_label("Last", exact=True).click()
    expect(running.locator(".cap")).to_contain_text("The run gives back add_1 = 15.")


def test_keys_step_the_story_and_leave_the_notebook_alone(stories):
    building = player(stories, 1)
    building.locator(".ln").nth(2).click()
    expect(building.locator(".cnt")).to_have_text("3 / 4")
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    before = stories.page.evaluate(active)
    for key, count in (("ArrowLeft", "2 / 4"), ("Home", "1 / 4"), ("End", "4 / 4")):
        stories.page.keyboard.press(key)
        expect(building.locator(".cnt")).to_have_text(count)
    stories.page.keyboard.press("ArrowUp")
    stories.page.keyboard.press("d")
    stories.page.keyboard.press("d")
    assert stories.page.evaluate(active) == before
    assert len(stories.cells()) == len(CELLS)


def test_a_saved_notebook_keeps_the_storys_place(stories):
    building = player(stories, 1)
    building.get_by_label("Last", exact=True).click()
    stories.save()
    stories.page.reload()
    stories.open_notebook("stories.ipynb")
    expect(player(stories, 1).locator(".cap")).to_contain_text("The graph has 4 nodes")


def test_the_player_wears_jupyterlabs_theme(stories):
    building = player(stories, 1)
    for theme in ("dark", "light"):
        stories.set_theme(theme)
        dark = building.evaluate("e => e.classList.contains('dark')")
        red = building.evaluate("e => Number(getComputedStyle(e).backgroundColor.match(/\\d+/)[0])")
        assert dark == (red < 80) == (theme == "dark")


def test_an_untrusted_notebook_shows_the_picture_and_the_words(stories):
    html = "".join(stories.cells()[1]["outputs"][0]["data"]["text/html"])
    stories.write_notebook("plain.ipynb", ["from IPython.display import HTML", "pass"])
    stories.open_notebook("plain.ipynb")
    shown = stories.page.evaluate(
        """async (html) => {
          const panel = window.jupyterapp.shell.currentWidget, node = document.createElement("div");
          document.body.append(node);
          const model = panel.content.rendermime.createModel({ data: { "text/html": html } });
          const view = panel.content.rendermime.createRenderer("text/html");
          await view.renderModel(model);
          return [view.node.querySelectorAll("img[src^='data:image/svg']").length,
            view.node.querySelectorAll("details li").length,
            view.node.querySelectorAll("script").length];
        }""",
        html,
    )
    assert shown == [1, 4, 0]
