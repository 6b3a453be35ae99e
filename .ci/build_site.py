"""Writes the lessons as a static site: an index and one page a lesson, each complete in itself.

A page makes no request at all, so the site works from a folder, a USB stick or any web server. What
the lessons show is taken from their stored outputs; their stories play without a kernel.
"""

import argparse
import base64
import gzip
import html
import importlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import mistune
import nbformat
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from widgets.static import CSS, ESM, write_atomically

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent / "site"
CHECK = re.compile(r"^exercises\.(\w+)\.check\(", re.MULTILINE)
STORY = re.compile(r'(?s)(.*?)<script>\{const box=.*?;base64,([A-Za-z0-9+/=]+)"')
# How a front end's module ends; on a page it is a function that returns its `render`.
EXPORT = re.compile(r"export default \{ render(?:: (\w+))? \};")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
# What only makes sense inside JupyterLab stands between these two comments.
LAB_ONLY = re.compile(r"(?s)<!-- only in JupyterLab -->.*?<!-- everywhere -->")
READING = """These pages hold each lesson with what it shows. Where you meet **Predict**, answer
first, then press *Run* to see. The pictures play as they do in JupyterLab; to try things out, open
the lessons there."""


def anchor(heading: str) -> str:
    """A heading's anchor, as JupyterLab makes it."""
    return html.unescape(re.sub(r"<[^>]+>", "", heading)).replace(" ", "-")


def coloured(source: str) -> str:
    """Python, magics included, as HTML with pygments' classes."""
    parts = re.split(r"(?m)^(%+.*\n?)", source)
    python, formatter = PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)
    return "".join(
        f'<span class="magic">{html.escape(part)}</span>'
        if part.startswith("%")
        else highlight(part, python, formatter)
        for part in parts
        if part
    )


class Writer(mistune.HTMLRenderer):
    """Markdown as JupyterLab shows it, with links between pages instead of between notebooks."""

    def __init__(self) -> None:
        super().__init__(escape=False)
        self.headings: list[tuple[int, str]] = []

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        self.headings.append((level, text))
        name = html.escape(anchor(text))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return f'<a href="{html.escape(page_of(url))}">{text}</a>'

    def strong(self, text: str) -> str:
        kind = ' class="predict"' if text.startswith("Predict") else ""
        return f"<strong{kind}>{text}</strong>"

    def block_code(self, code: str, info: str | None = None) -> str:
        inside = coloured(code) if info == "python" else html.escape(code)
        return f'<pre class="code"><code>{inside}</code></pre>\n'

    def block_quote(self, text: str) -> str:
        kind = "misconception" if text.startswith("<p><strong>Misconception") else "question"
        return f'<blockquote class="{kind}">{text}</blockquote>\n'


def page_of(url: str) -> str:
    """Where a link of a notebook leads on the site."""
    return re.sub(r"README\.md(?=#|$)", "index.html", re.sub(r"\.ipynb(?=#|$)", ".html", url))


def write(source: str) -> tuple[str, list[tuple[int, str]]]:
    """Markdown as HTML, and its headings as (level, HTML)."""
    writer = Writer()
    body = mistune.create_markdown(renderer=writer, plugins=["table", "strikethrough"])(source)
    # A table may be wider than a phone: it scrolls in a box of its own.
    boxed = re.sub(r"(?s)<table>.*?</table>", r'<div class="table">\g<0></div>', str(body))
    return boxed, writer.headings


@dataclass
class Lesson:
    """A notebook, and what the site says of it."""

    path: Path

    def __post_init__(self) -> None:
        self.notebook = nbformat.read(self.path, as_version=4)
        self.page = f"{self.path.stem}.html"
        self.number = self.path.stem.split("_")[0]
        first = self.notebook.cells[0].source.splitlines()[0]
        self.title = re.sub(r"^# (\d+ · )?", "", first)

    def exercises(self) -> Any:
        """The module with the lesson's exercises, or None."""
        try:
            return importlib.import_module(f"widgets.exercises.lesson_{self.number}")
        except ModuleNotFoundError:
            return None


class LessonBody:
    """A lesson's cells as HTML, and the front ends (script and style) that its pictures need."""

    def __init__(self, lesson: Lesson, solutions: bool) -> None:
        self.exercises = lesson.exercises()
        self.solutions = solutions
        self.headings: list[tuple[int, str]] = []
        self.fronts: dict[str, str] = {}
        # What follows a "Predict" is folded away until the reader runs it.
        self.predicting = False
        self.html = "".join(self._cell(cell) for cell in lesson.notebook.cells)

    def _cell(self, cell: Any) -> str:
        if cell.cell_type == "markdown":
            text, headings = write(cell.source)
            self.headings += headings
            self.predicting = 'class="predict"' in text
            return f'<div class="prose">{text}</div>\n'
        if cell.cell_type != "code":
            return ""
        asked = CHECK.search(cell.source)
        below = self._help(asked[1]) if asked else self._outputs(cell)
        kind = "cell exercise" if asked else "cell"
        code = f'<pre class="code"><code>{coloured(cell.source)}</code></pre>'
        return f'<div class="{kind}">{code}{below}</div>\n'

    def _help(self, name: str) -> str:
        exercise = getattr(self.exercises, name, None)
        if exercise is None:
            return ""
        folds = [fold(f"Hint {n}", prose(hint)) for n, hint in enumerate(exercise.hints, start=1)]
        if self.solutions:
            answer = f'<pre class="code"><code>{coloured(exercise.solution_source)}</code></pre>'
            folds.append(fold("A solution", answer))
        return f'<div class="help">{"".join(folds)}</div>'

    def _outputs(self, cell: Any) -> str:
        shown = [self._output(output) for output in cell.outputs]
        plays = any('class="story"' in part for part in shown)
        body = "".join(shown)
        if not body:
            return ""
        if self.predicting and not plays:
            return f'<details class="run"><summary>Run</summary>{shown_as(body)}</details>'
        return shown_as(body)

    def _output(self, output: Any) -> str:
        story = STORY.match(output.get("data", {}).get("text/html", ""))
        return self._story(story[1], story[2]) if story else output_html(output)

    def _story(self, words: str, packed: str) -> str:
        """A story's words and picture, and its data for the front end that plays it."""
        bundle = json.loads(gzip.decompress(base64.b64decode(packed)))
        state = bundle.get("state") or {"story": bundle["story"], "step": 0}
        # A notebook may hold the player as it once was; the site has today's.
        plain = set(state) == {"story", "step"}
        script, style = (ESM, CSS) if plain else (bundle["esm"], bundle["css"])
        self.fronts.setdefault(script, style)
        front = list(self.fronts).index(script)
        data = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        return (
            f'<div class="story" data-front="{front}">{words}</div>'
            f'<script type="application/json">{data}</script>'
        )


def fold(name: str, body: str) -> str:
    return f"<details><summary>{name}</summary>{body}</details>"


def shown_as(body: str) -> str:
    return f'<div class="out">{body}</div>'


def prose(text: str) -> str:
    """A hint's plain text; what stands between backticks is code."""
    return "<p>" + re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text)) + "</p>"


def output_html(output: Any) -> str:
    """One stored output that is no story."""
    if output.output_type == "stream":
        return f"<pre>{html.escape(ANSI.sub('', output.text))}</pre>"
    if output.output_type == "error":
        return error_html(output)
    data = output.data
    if "text/html" in data:
        return f"<div>{data['text/html']}</div>"
    if "image/png" in data:
        what = html.escape(data.get("text/plain", "A plot"))
        source = f"data:image/png;base64,{data['image/png'].strip()}"
        return f'<img class="plot" alt="{what}" src="{source}">'
    return f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"


def error_html(output: Any) -> str:
    last = f"<b>{html.escape(output.ename)}</b>: {html.escape(output.evalue)}"
    trace = ANSI.sub("", "\n".join(output.traceback))
    where = fold("Traceback", f"<pre>{html.escape(trace)}</pre>") if "\n" in trace else ""
    return f'<div class="error"><pre>{last}</pre>{where}</div>'


def contents(headings: list[tuple[int, str]]) -> str:
    """The page's own sections."""
    items = [f'<li><a href="#{html.escape(anchor(t))}">{t}</a></li>' for n, t in headings if n == 2]
    return f"<ul>{''.join(items)}</ul>" if items else ""


def navigation(lessons: list[Lesson], here: str, sections: str) -> str:
    """All lessons, and under the one in sight its sections."""
    items = []
    for lesson in lessons:
        mark, inside = (' aria-current="page"', sections) if lesson.page == here else ("", "")
        label = f"<span>{lesson.number}</span> {html.escape(lesson.title)}"
        items.append(f'<li><a href="{lesson.page}"{mark}>{label}</a>{inside}</li>')
    return f"<ol>{''.join(items)}</ol>"


def neighbours(lessons: list[Lesson], place: int) -> str:
    links = []
    for step, word in ((-1, "Previous"), (1, "Next")):
        at = place + step
        if 0 <= at < len(lessons):
            name, page = html.escape(lessons[at].title), lessons[at].page
            rel = word[:4].lower()
            links.append(f'<a rel="{rel}" href="{page}"><small>{word}</small>{name}</a>')
    return f'<nav class="neighbours" aria-label="Previous and next lesson">{"".join(links)}</nav>'


def fill(title: str, nav: str, body: str, kind: str, fronts: dict[str, str] | None = None) -> str:
    """A whole page. Its policy lets it run its own script and style and fetch nothing."""
    parts = [f"(() => {{\n{EXPORT.sub(returned, script)}\n}})()" for script in fronts or {}]
    template = Template((HERE / "page.html").read_text("utf-8"))
    return template.substitute(
        title=html.escape(title),
        kind=kind,
        style="\n".join([(HERE / "site.css").read_text("utf-8"), *(fronts or {}).values()]),
        script=f"const fronts = [{','.join(parts)}];\n" + (HERE / "site.js").read_text("utf-8"),
        nav=nav,
        body=body,
    )


def returned(export: re.Match[str]) -> str:
    return f"return {export[1] or 'render'};"


def index_page(lessons: list[Lesson], readme: str) -> str:
    body, headings = write(LAB_ONLY.sub("", LAB_ONLY.sub(READING, readme, count=1)))
    title = re.sub(r"<[^>]+>", "", headings[0][1])
    nav = navigation(lessons, "index.html", "") + contents(headings)
    return fill(html.unescape(title), nav, f'<div class="prose">{body}</div>', "index")


def lesson_page(lessons: list[Lesson], place: int, solutions: bool) -> str:
    lesson = lessons[place]
    made = LessonBody(lesson, solutions)
    nav = navigation(lessons, lesson.page, contents(made.headings))
    body = made.html + neighbours(lessons, place)
    return fill(f"{lesson.number} · {lesson.title}", nav, body, "lesson", made.fronts)


def build(source: Path, target: Path, solutions: bool = True) -> list[Path]:
    """Writes the site of a folder of lessons; the pages that it wrote."""
    lessons = [Lesson(path) for path in sorted(source.glob("[0-9][0-9]_*.ipynb"))]
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("[0-9][0-9]_*.html"):
        old.unlink()
    index = index_page(lessons, (source / "README.md").read_text("utf-8"))
    pages = [write_atomically(target / "index.html", index.encode())]
    for place, lesson in enumerate(lessons):
        page = lesson_page(lessons, place, solutions).encode()
        pages.append(write_atomically(target / lesson.page, page))
    return pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=ROOT / "notebooks", help="folder of lessons")
    parser.add_argument("--target", type=Path, default=ROOT / ".site", help="where the pages go")
    parser.add_argument("--no-solutions", action="store_true", help="hints, but no solutions")
    chosen = parser.parse_args()
    pages = build(chosen.source, chosen.target, not chosen.no_solutions)
    size = sum(page.stat().st_size for page in pages) / 1e6
    print(f"wrote {len(pages)} pages, {size:.1f} MB: open {chosen.target / 'index.html'}")


if __name__ == "__main__":
    main()
