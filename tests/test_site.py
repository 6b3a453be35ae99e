"""The static site as files: complete pages, links that lead somewhere, and nothing fetched."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
PAGES = ["index.html", *(f"{path.stem}.html" for path in LESSONS)]


def write(folder, *arguments):
    script = ROOT / ".ci" / "build_site.py"
    command = [sys.executable, script, "--target", folder, *arguments]
    return subprocess.run(command, check=True, timeout=120, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "77_gone.html").touch()
    said = write(folder)
    assert f"wrote {len(PAGES)} pages" in said
    return folder


class Reader(HTMLParser):
    """A page's links, anchors, and all that a browser would fetch by itself."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.fetched = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors.add(given.get("id"))
        if tag == "a":
            self.links.append(given["href"])
        fetches = [given.get("src"), given.get("href") if tag == "link" else None]
        self.fetched += [url for url in fetches if url and not url.startswith("data:")]


@pytest.fixture(scope="module")
def pages(site):
    return {path.name: Reader(path.read_text("utf-8")) for path in site.glob("*.html")}


def test_the_pages_are_the_lessons_and_the_index(pages):
    assert sorted(pages) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fetches_nothing(site, pages, name):
    assert pages[name].fetched == []
    assert "default-src 'none'" in (site / name).read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_links_within_the_site_lead_somewhere(pages, name):
    assert pages[name].links
    for link in pages[name].links:
        if re.match("https?://", link):
            continue
        target, _, anchor = link.partition("#")
        assert (target or name) in pages, link
        if anchor:
            assert unquote(anchor) in pages[target or name].anchors, link


def test_what_only_jupyterlab_can_do_is_left_out(site):
    index = (site / "index.html").read_text("utf-8")
    assert "Double-click" not in index
    assert "git checkout" not in index
    assert "Predict" in index


def test_solutions_can_be_left_out(site, tmp_path):
    write(tmp_path, "--no-solutions")
    lesson = "01_graphs_and_sessions.html"
    both = [(folder / lesson).read_text("utf-8") for folder in (site, tmp_path)]
    assert ["<summary>A solution" in text for text in both] == [True, False]
    assert all("<summary>Hint 1" in text for text in both)
