"""Large values and pictures in the player: what a step is about stays in sight."""

import numpy as np
import pytest

from tests.widgets.stubs import StubOp
from tests.widgets.test_player_page import node, press
from widgets import values
from widgets.diagram import Diagram
from widgets.story import Story, b, code_lines, panel

pytestmark = pytest.mark.browser


def test_line_and_result_stay_in_sight_beside_large_values(open_story):
    story = Story("Tall", lines=code_lines("\n".join(f"x{i} = {i}" for i in range(20))))
    big = [values.table(np.eye(100), name) for name in ("a", "b", "now")]
    story.frame("one", line=0)
    story.frame("two", line=11, panel=panel("MatMul", cols=big))
    page = open_story(story)
    press(page, "Next")
    code, panel_box = page.locator(".code").bounding_box(), page.locator(".val").bounding_box()
    line, now = page.locator(".ln.cur").bounding_box(), page.locator("svg.map").last.bounding_box()
    assert code["y"] <= line["y"]
    assert line["y"] + line["height"] <= code["y"] + code["height"]
    assert now["y"] + now["height"] <= panel_box["y"] + panel_box["height"]


def long_story() -> Story:
    """A chain too tall to be read whole; each frame is about one node of it."""
    ops = [StubOp("n0")]
    for i in range(1, 40):
        ops.append(StubOp(f"n{i}", inputs=[ops[-1]]))
    drawn = Diagram(ops, open=True)
    story = Story("Long", drawing=drawn.drawing, info=drawn.info)
    for op in ops:
        story.frame(b(op.name), now=drawn.ids(op))
    return story


IN_SIGHT = """(e) => { const a = e.getBoundingClientRect();
  const b = e.closest("svg").getBoundingClientRect();
  return a.top >= b.top && a.bottom <= b.bottom && a.height > 20; }"""


def test_a_large_picture_is_shown_whole_and_then_where_the_step_is(open_story, page):
    page.emulate_media(reduced_motion="reduce")
    open_story(long_story())
    picture = page.locator("svg.pic-svg")
    whole = picture.get_attribute("viewBox")
    for step in range(2, 30):
        press(page, "Next")
        assert page.locator("svg .now").first.evaluate(IN_SIGHT), step
    press(page, "Fit")
    assert picture.get_attribute("viewBox") == whole
    press(page, "Next")
    assert picture.get_attribute("viewBox") == whole
    press(page, "Fit")
    assert page.locator("svg .now").first.evaluate(IN_SIGHT)
    press(page, "Last")
    assert picture.get_attribute("viewBox") == whole


def test_what_is_wide_is_shown_as_large_as_it_fits(open_story, page):
    page.emulate_media(reduced_motion="reduce")
    ops = [StubOp(f"n{i}") for i in range(24)]
    drawn = Diagram(ops, open=True)
    story = Story("Wide", drawing=drawn.drawing, info=drawn.info)
    for some in ([], ops[:9], []):
        story.frame("some", now=[i for op in some for i in drawn.ids(op)])
    open_story(story)
    picture = page.locator("svg.pic-svg")
    whole, all_of = (float(picture.get_attribute("viewBox").split()[2]), page.locator("svg .now"))
    press(page, "Next")
    assert float(picture.get_attribute("viewBox").split()[2]) < 0.6 * whole
    sizes = all_of.evaluate_all("all => all.map((e) => e.getBoundingClientRect().left)")
    assert len(sizes) == 9
    assert min(sizes) > picture.bounding_box()["x"]


def test_what_keys_or_the_search_reach_comes_into_sight(open_story, page):
    page.emulate_media(reduced_motion="reduce")
    open_story(long_story())
    press(page, "Next")
    node(page, "n1").focus()
    for _ in range(12):
        page.keyboard.press("ArrowUp")
        assert page.locator("svg :focus").evaluate(IN_SIGHT)
    press(page, "Find")
    page.get_by_label("Find a node").fill("n37")
    page.keyboard.press("Enter")
    assert page.locator("svg .found").evaluate(IN_SIGHT)
