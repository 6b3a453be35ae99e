"""The index of questions in notebooks/README.md: each leads to the section that answers it."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ROW = re.compile(
    r"^\| (?P<question>.+) \| \[(?P<text>.+)\]\((?P<file>\d\d_\w+\.ipynb)#(?P<anchor>.+)\) \|$"
)
INDEX = (NOTEBOOKS / "README.md").read_text("utf-8")
ROWS = [match for line in INDEX.splitlines() if (match := ROW.match(line))]
CELLS = {path.name: nbformat.read(path, as_version=4).cells for path in NOTEBOOKS.glob("*.ipynb")}


def headings(cells):
    """The markdown headings of a lesson, in their own spelling."""
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    without_code = [re.sub(r"(?ms)^```.*?^```", "", text) for text in texts]
    return re.findall(r"(?m)^#+ (.+)$", "\n".join(without_code))


def anchor(heading):
    """What JupyterLab makes of a heading, and this project's site as well."""
    return heading.replace("`", "").replace("*", "").replace(" ", "-")


def words(cells):
    """All that a lesson says: its texts, its outputs and its errors."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    shown = [o.get("text", "") or o.get("evalue", "") or str(o.get("data", "")) for o in outputs]
    return "\n".join([*(cell.source for cell in cells), *shown]).replace("`", "")


def test_the_index_is_long_and_names_every_lesson():
    assert len(ROWS) >= 100
    assert {row["file"] for row in ROWS} == set(CELLS)
    assert len({row["question"] for row in ROWS}) == len(ROWS)


def test_no_line_of_the_tables_is_passed_over():
    questions = INDEX.split("## Questions people ask")[1]
    lines = [line for line in questions.splitlines() if line.startswith("|")]
    heads = [line for line in lines if line == "| Question | Answered in |" or line == "|---|---|"]
    assert len(lines) == len(ROWS) + len(heads)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["question"])
def test_a_question_leads_to_a_heading_that_is_there(row):
    number, heading = row["text"].split(" · ", 1)
    assert row["file"].startswith(number)
    assert heading in headings(CELLS[row["file"]])
    assert row["anchor"] == anchor(heading)


QUOTES = [row for row in ROWS if '"' in row["question"]]


@pytest.mark.parametrize("row", QUOTES, ids=lambda row: row["question"])
def test_a_message_that_is_asked_about_stands_in_the_lesson(row):
    said = words(CELLS[row["file"]])
    for message in re.findall(r'"([^"]+)"', row["question"]):
        for part in re.split(r"\s*…\s*", message.replace("`", "")):
            assert part in said
