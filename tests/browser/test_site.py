"""The static site, with the network cut: from the index to a lesson, and its stories play."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
FIRST = "01_graphs_and_sessions.html"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder that `make site` writes."""
    folder = tmp_path_factory.mktemp("site")
    script = ROOT / ".ci" / "build_site.py"
    subprocess.run([sys.executable, script, "--target", folder], check=True, timeout=120)
    return folder


@pytest.fixture
def visitor(page, site):
    """A page without a network; every request but those for the site's files is an error."""
    page.set_default_timeout(30_000)
    page.context.set_offline(True)
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    own = (f"{site.as_uri()}/", "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert errors == []


def screenshot(page, name):
    """A picture to look at, where MINITF_SCREENSHOTS names a folder."""
    if folder := os.environ.get("MINITF_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def stories_in(path):
    """How many stories a notebook's stored outputs hold."""
    cells = nbformat.read(path, as_version=4).cells
    data = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return sum("DecompressionStream" in shown.get("text/html", "") for shown in data)


def test_from_the_index_to_a_lesson_and_through_a_story(visitor, site):
    visitor.goto((site / "index.html").as_uri())
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("made visible")
    screenshot(visitor, "site-index")
    visitor.get_by_role("table").first.get_by_role("link", name="Graphs and sessions").click()
    expect(visitor).to_have_title("01 · Graphs and sessions")

    story = visitor.locator("section.mtf").first
    expect(story.locator(".cnt")).to_have_text("1 / 5")
    story.get_by_role("button", name="Next", exact=True).click()
    expect(story.locator(".ln.cur")).to_contain_text("a = tf.constant(5)")
    story.get_by_role("button", name="Last", exact=True).press("End")
    expect(story.locator(".cnt")).to_have_text("5 / 5")
    screenshot(visitor, "site-story")

    visitor.get_by_role("link", name="Next Variables and initialization").click()
    expect(visitor).to_have_title("02 · Variables and initialization")


def test_a_prediction_comes_before_its_result(visitor, site):
    visitor.goto((site / FIRST).as_uri())
    result = visitor.get_by_text('Tensor("add_1:0", shape=(), dtype=int32)')
    expect(result.first).to_be_hidden()
    visitor.locator("details.run > summary").first.click()
    expect(result.first).to_be_visible()
    closed = visitor.locator("details.run:not([open])")
    visitor.get_by_role("button", name="Show all results").click()
    expect(closed).to_have_count(0)


def test_hints_are_folded_one_by_one(visitor, site):
    visitor.goto((site / FIRST).as_uri())
    exercise = visitor.locator(".exercise").first
    hint = exercise.get_by_text("Start with tf.constant(2)")
    expect(hint).to_be_hidden()
    exercise.get_by_text("Hint 2").click()
    expect(hint).to_be_visible()
    expect(exercise.get_by_text("Return tf.constant(2) * 3 + 4.")).to_be_hidden()
    expect(exercise.get_by_text("A solution")).to_be_visible()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_story_of_every_lesson_plays(visitor, site, path):
    visitor.set_viewport_size({"width": 390, "height": 800})
    visitor.goto((site / f"{path.stem}.html").as_uri())
    expect(visitor.locator(".story:has(section.mtf)")).to_have_count(stories_in(path))
    # A form for feeding holds a player as well, which may have nothing to play yet.
    for player in visitor.locator(".story > section.mtf").all():
        player.get_by_role("button", name="Last", exact=True).click()
        expect(player.locator(".cnt")).to_have_text(re.compile(r"^(\d+) / \1$"))
    wide = visitor.evaluate("document.documentElement.scrollWidth")
    assert wide == 390, "nothing but boxes of their own scrolls sideways on a phone"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", FIRST, "03_lives_of_variables.html"])
def test_a_page_is_readable_in_both_themes(visitor, site, name, theme):
    visitor.goto((site / name).as_uri())
    button = visitor.get_by_role("button", name="Theme:")
    while f"Theme: {theme}" not in button.inner_text():
        button.click()
    if visitor.locator("section.mtf").count():
        dark = visitor.locator("section.mtf.dark").count()
        assert dark == (visitor.locator("section.mtf").count() if theme == "dark" else 0)
    screenshot(visitor, f"site-{name[:5]}-{theme}")
    found = Axe().run(visitor).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []
