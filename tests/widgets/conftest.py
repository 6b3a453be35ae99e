"""Fixtures for the widgets' tests: a fresh default graph, and the browser for the player's page."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

import minitf as tf
from tests.browser.conftest import (
    browser_context_args,
    browser_type_launch_args,
    jupyter_server,
    lab,
)
from widgets import Story, to_html

__all__ = ["browser_context_args", "browser_type_launch_args", "jupyter_server", "lab"]


@pytest.fixture(autouse=True)
def _own_graph() -> Iterator[None]:
    with tf.Graph().as_default():
        yield


@pytest.fixture
def open_story(page: Page, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a story as the page that `to_html` writes; no error and no request may come of it."""
    errors: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))

    def open_it(story: Story, theme: str = "light", width: int = 1280) -> Page:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(to_html(story, tmp_path / "story.html").as_uri())
        page.wait_for_selector(".mtf")
        return page

    yield open_it
    assert errors == []
    assert [url for url in requests if not url.startswith(("file:", "blob:", "data:"))] == []
