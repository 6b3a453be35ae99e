"""Lesson 1 in real JupyterLab: every cell runs, both stories step by mouse and keys."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

LESSON = "01_graphs_and_sessions.ipynb"
PLANNED_ERRORS = [
    *("TypeError", "ValueError", "OperatorNotAllowedInGraphError", "TypeError"),
    *("RuntimeError", "ValueError", "ValueError"),
]


@pytest.fixture
def lesson(lab):
    lab.open_notebook(LESSON)
    lab.run_all()
    return lab


def _story(lab, source: str) -> Locator:
    """The player in the output of the cell whose source holds a text."""
    player = lab.cell(lab.cell_with(source)).locator("section.mtf")
    player.wait_for()
    player.scroll_into_view_if_needed()
    return player


def _press(player: Locator, key: str) -> None:
    """A key pressed while the player has the focus."""
    player.get_by_role("button", name="Next", exact=True).press(key)


def _picture(lab, player: Locator, name: str) -> None:
    """A screenshot to look at, where MINITF_SCREENSHOTS names a folder."""
    folder = os.environ.get("MINITF_SCREENSHOTS")
    if folder:
        lab.page.wait_for_timeout(400)
        lab.page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_lesson_runs_and_its_stories_play(lesson):
    assert [error.split(":")[0] for error in lesson.errors()] == PLANNED_ERRORS

    building = _story(lesson, "%%build\ntf.reset")
    caption = building.locator(".cap")
    expect(building.locator(".cnt")).to_have_text("1 / 5")
    building.get_by_role("button", name="Next", exact=True).click()
    building.get_by_role("button", name="Next", exact=True).click()
    building.get_by_role("button", name="2", exact=True).click()
    _picture(lesson, building, "predict-light")
    expect(building.locator(".cnt")).to_have_text("3 / 5")
    expect(building.locator(".ln.cur")).to_contain_text("b = 5 + a")
    expect(caption).to_contain_text("add")
    _press(building, "ArrowLeft")
    expect(building.locator(".ln.cur")).to_contain_text("a = tf.constant(5)")
    _press(building, "End")
    expect(building.locator(".cnt")).to_have_text("5 / 5")
    _picture(lesson, building, "building-light")

    running = _story(lesson, "running(sess, c)")
    _press(running, "End")
    expect(running.locator(".cap")).to_contain_text("15")
    _press(running, "ArrowLeft")
    _picture(lesson, running, "running-light")
    running.get_by_role("button", name="First", exact=True).click()
    expect(running.locator(".cnt")).to_have_text(re.compile("^1 / "))

    pruned = _story(lesson, "running(sess, b)")
    _press(pruned, "End")
    expect(pruned.locator("svg .skip[aria-label^='add_1']")).to_have_count(1)
    expect(pruned.locator("svg .skip[aria-label^='add,']")).to_have_count(0)
    _picture(lesson, pruned, "pruned-light")
    assert lesson.foreign_requests() == []
    assert lesson.page_errors == []


def test_the_stories_are_readable_in_the_dark_theme(lesson):
    lesson.set_theme("dark")
    building = _story(lesson, "%%build\ntf.reset")
    _press(building, "ArrowRight")
    _press(building, "ArrowRight")
    _picture(lesson, building, "building-dark")
    caption = building.locator(".cap")
    colours = caption.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e.closest('section')).backgroundColor]"
    )
    assert _contrast(*colours) >= 4.5
    running = _story(lesson, "running(sess, c)")
    _press(running, "End")
    _picture(lesson, running, "running-dark")


def _contrast(text: str, ground: str) -> float:
    """The contrast ratio of WCAG 2.2 between two CSS colours."""

    def luminance(colour: str) -> float:
        channels = [int(c) / 255 for c in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
