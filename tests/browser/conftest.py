"""Fixtures for the browser tests; every test in this folder carries the mark `browser`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.jupyter import JupyterLab, Server

# On two busy cores JupyterLab can take its time.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The installed Chromium, talking to nobody by itself."""
    path = find_chromium()
    assert path, "no Chromium found: run `make test`, which installs one or says what to install"
    return browser_type_launch_args | {"executable_path": path, "args": list(ARGUMENTS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One JupyterLab for all tests of a worker."""
    with Server(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def lab(page: Page, jupyter_server: Server) -> Iterator[JupyterLab]:
    """A fresh page and workspace; its kernels end with the test, and the theme is light again."""
    page.set_default_timeout(60_000)
    jupyter_lab = JupyterLab(page, jupyter_server)
    yield jupyter_lab
    jupyter_lab.close()
