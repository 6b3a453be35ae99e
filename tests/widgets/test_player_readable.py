"""The player's words: markup stays text, and everyone can read, reach and bear what it shows."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.widgets.stubs import MARKUP, StubOp
from tests.widgets.test_player_page import count, node, press, small_story
from widgets import values
from widgets.diagram import Diagram
from widgets.story import Story, b, code, code_lines, panel, predict

pytestmark = pytest.mark.browser


def markup_story() -> Story:
    """Markup in every place where words can stand, each string in two frames of its own."""
    ops = [StubOp(text, "Placeholder", device=text) for text in MARKUP]
    ops += [StubOp(f"{op.name}/a", "Add", [op]) for op in ops]
    drawn = Diagram(ops, open=True)
    story = Story(
        MARKUP[0], MARKUP[1], drawing=drawn.drawing, info=drawn.info,
        lines=code_lines("\n".join(MARKUP)), note=MARKUP[2], left_out=MARKUP[3],
    )  # fmt: skip
    for i, text in enumerate(MARKUP):
        name = drawn.ids(ops[i])[0]
        words = np.array([text, text], object)
        story.frame(
            text, b(text), code(text), line=i, labels={name: text}, values={name: text},
            panel=panel(text, cols=[values.table(words, text)], note=text),
        )  # fmt: skip
        story.frame(text, predict=predict(text, answer=text, reveal=text), error=True)
    return story


def test_markup_is_shown_as_text_and_never_runs(open_story):
    page = open_story(markup_story())
    expect(page.locator("h4")).to_have_text(MARKUP[0])
    for i, text in enumerate(MARKUP):
        page.locator(f"svg .node[data-id='n{i}']").focus()
        assert page.locator(".tip b").inner_text() == text
        press(page, "Next")
        page.get_by_label("Your prediction").fill(text)
        page.keyboard.press("Enter")
        assert page.locator(".cap").inner_text().strip() == text
        assert f"You said {text}: that is it." in page.locator(".ask").inner_text()
        press(page, "Next")
    assert page.evaluate("window.hacked") is None
    assert page.locator(".mtf :is(script, img, iframe, a)").count() == 0


def test_a_product_stays_in_one_line_in_a_narrow_notebook(open_story):
    story = Story("Product", lines=code_lines("tf.matmul(x, W)"))
    x, w = np.array([[1.125, -2.5, 3.75]] * 2), np.array([[0.123, -1.25]] * 3)
    cols = [values.table(x, "x"), {"sign": "·"}, values.table(w, "W"), {"sign": "="}]
    story.frame("A product.", panel=panel("MatMul", cols=[*cols, values.table(x @ w, "now")]))
    page = open_story(story, width=920)
    boxes = [page.locator(".cols .col").nth(i).bounding_box() for i in range(3)]
    assert boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]
    assert boxes[2]["y"] < boxes[1]["y"] + boxes[1]["height"]


def test_an_empty_story_is_calm(open_story):
    page = open_story(Story("Nothing"))
    assert count(page) == "0 / 0"
    press(page, "Next")


def test_reduced_motion_is_kept(open_story, page):
    page.emulate_media(reduced_motion="reduce")
    open_story(small_story())
    assert node(page, "x").evaluate("e => getComputedStyle(e).transitionDuration") == "0s"


def findings(page: Page) -> list[str]:
    """What axe-core finds wrong in the player, of any weight."""
    found = Axe().run(page, ".mtf").response["violations"]
    return [f"{one['impact']}: {one['id']}: {one['nodes'][0]['html']}" for one in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_story, theme):
    page = open_story(small_story(), theme)
    assert findings(page) == []
    press(page, "Next")
    press(page, "Next")  # the question is open
    node(page, "W").locator(".fold").click()
    node(page, "x").focus()  # and the tooltip
    page.wait_for_timeout(250)
    assert findings(page) == []
    press(page, "Last")
    press(page, "Find")
    page.get_by_label("Find a node").fill("relu")
    press(page, "Full width")
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(open_story, theme):
    page = open_story(small_story(), theme)
    for selector in (".cap", ".ln.done code", ".ln:not(.done) code", "header span", ".cnt", ".no"):
        assert _contrast(page, selector) >= 4.5, selector


def _contrast(page: Page, selector: str) -> float:
    return page.locator(selector).first.evaluate("""(node) => {
      const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const rgb = (colour) => { ink.clearRect(0, 0, 1, 1); ink.fillStyle = colour;
        ink.fillRect(0, 0, 1, 1); return [...ink.getImageData(0, 0, 1, 1).data]; };
      let back = node;
      while (rgb(getComputedStyle(back).backgroundColor)[3] < 255) back = back.parentElement;
      const light = (colour) => { const [r, g, b] = rgb(colour).slice(0, 3).map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const a = light(getComputedStyle(node).color);
      const z = light(getComputedStyle(back).backgroundColor);
      return (Math.max(a, z) + 0.05) / (Math.min(a, z) + 0.05); }""")
