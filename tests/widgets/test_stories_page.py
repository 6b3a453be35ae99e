"""The stories of lives and of names in a page of their own, in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import minitf as tf
import widgets
from tests.widgets.test_lifetimes import two_sessions
from tests.widgets.test_names import CELL, run

pytestmark = pytest.mark.browser


def serious(page) -> list[str]:
    """What axe-core finds serious or critical in the player."""
    found = Axe().run(page, context=".mtf").response["violations"]
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")]


def opacity(page, name: str) -> float:
    shape = page.locator(f'[data-id="{name}"]')
    return float(shape.evaluate("node => getComputedStyle(node).opacity"))


def settled(page) -> None:
    """Waits for the short fade of a step to end."""
    page.evaluate("() => Promise.all(document.getAnimations().map((a) => a.finished))")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lives_play(open_story, tmp_path, theme):
    page = open_story(two_sessions(tmp_path).story(), theme)
    settled(page)
    assert opacity(page, "bar0.0.0") == 1
    assert opacity(page, "bar0.0.1") == pytest.approx(0.13)
    assert page.locator('[data-id="now1"]').is_hidden()
    page.keyboard.press("Tab")
    for _ in range(4):
        page.get_by_label("Next", exact=True).click()
    expect(page.get_by_label("Predict")).to_have_count(0)
    page.get_by_role("button", name="an error").click()
    expect(page.locator(".cap")).to_contain_text("fails with FailedPreconditionError")
    expect(page.locator(".ask .right")).to_be_visible()
    assert page.locator('[data-id="now4"]').is_visible()
    settled(page)
    assert serious(page) == []
    page.locator('[data-id="mark0.0.1"] circle').hover()
    expect(page.locator(".tip")).to_contain_text("x in sess1")
    page.locator(".mtf").screenshot(path=tmp_path / f"lives-{theme}.png")


@pytest.fixture
def long_lives() -> widgets.Story:
    """Two sessions that take turns for longer than any page is wide."""
    x = tf.Variable(0, name="x")
    up = x.assign_add(1)
    with widgets.watch() as lives:
        one, two = tf.Session(), tf.Session()
        for sess in (one, two):
            sess.run(x.initializer)
        for _ in range(30):
            one.run(up)
            two.run(up)
    return lives.story()


def test_lanes_keep_their_names_however_long_they_live(open_story, page, long_lives, tmp_path):
    page.emulate_media(reduced_motion="reduce")
    open_story(long_lives)
    picture, lane = page.locator("svg.pic-svg"), page.locator("[data-id='lane1'] text")
    left = picture.bounding_box()["x"]
    places = set()
    for key, band in (("Home", "now0"), (None, "now38"), (None, "now61"), ("End", None)):
        if key:
            page.locator("[tabindex='0']").first.press(key)
        else:
            page.get_by_role("slider", name="Step").fill(str(int(band[3:]) + 1))
        box = lane.bounding_box()
        assert left <= box["x"] < left + 40
        assert box["height"] > 9
        if band:
            here = page.locator(f"[data-id='{band}']").bounding_box()
            assert box["x"] + box["width"] < here["x"]
            assert here["x"] + here["width"] <= left + picture.bounding_box()["width"] + 8
        places.add(picture.get_attribute("viewBox"))
    assert len(places) >= 3
    with page.expect_download() as waiting:
        page.get_by_label("Download SVG").click()
    waiting.value.save_as(tmp_path / "lives.svg")
    page.goto((tmp_path / "lives.svg").as_uri())
    assert page.locator("g.stuck").get_attribute("transform") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_names_play(open_story, tmp_path, theme):
    source = CELL + 'with tf.variable_scope("var"):\n    tf.get_variable("var1", [1])\n'
    page = open_story(run(source)[0], theme)
    for _ in range(3):
        page.get_by_label("Next", exact=True).click()
    page.get_by_label("Your prediction").fill("var/name/var2_1")
    page.keyboard.press("Enter")
    expect(page.locator(".ask .right")).to_be_visible()
    struck = page.locator("svg text.struck").first
    assert "line-through" in struck.evaluate("node => getComputedStyle(node).textDecoration")
    page.locator(".mtf").screenshot(path=tmp_path / f"names-{theme}.png")
    page.get_by_label("Last", exact=True).click()
    expect(page.locator(".cap")).to_contain_text("get_variable refuses with ValueError")
    expect(page.locator(".ln.cur.bad")).to_contain_text("tf.get_variable")
    settled(page)
    assert serious(page) == []
    page.locator(".mtf").screenshot(path=tmp_path / f"names-last-{theme}.png")


def test_both_have_a_static_form(tmp_path):
    for story in (two_sessions(tmp_path).story(), run(CELL)[0]):
        drawn = widgets.Player(story)._repr_mimebundle_()
        data = drawn[0] if isinstance(drawn, tuple) else drawn
        assert '<img alt="Story' in data["text/html"]
        assert story.captions()[1].split(":")[0] in data["text/html"]
