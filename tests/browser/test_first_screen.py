"""What a learner sees after `make lab`, before touching anything."""

from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = list(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def test_the_landing_page_opens_calmly(lab):
    lab.open()
    page = lab.page.locator(".jp-MarkdownViewer:visible")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "minitf: TensorFlow 1's graph mode, made visible"
    )
    expect(page.get_by_role("table").first.get_by_role("row")).to_have_count(len(LESSONS) + 1)
    # A prompt about news comes seconds later, when everything has loaded.
    lab.page.wait_for_timeout(3000)
    assert lab.interruptions() == []
    assert lab.foreign_requests() == []
    assert lab.page_errors == []


def test_a_link_leads_into_a_lesson(lab):
    lab.write_notebook("try.ipynb", ["1"])
    (lab.server.notebooks / "index.md").write_text("# Index\n\n[A lesson](try.ipynb)\n")
    lab.open("notebooks/index.md")
    lab.page.get_by_role("link", name="A lesson").click()
    lab.wait_for_notebook("try.ipynb")
    assert lab.interruptions() == []


def test_a_question_leads_to_the_section_that_answers_it(lab):
    lab.open()
    question = lab.page.get_by_role("link", name="07 · The key is the tensor").first
    question.click()
    lab.wait_for_notebook("07_placeholders_and_feeding.ipynb")
    # JupyterLab goes to a heading only in a notebook that is open already, as the page says.
    lab.page.get_by_role("tab", name="README.md").click()
    question.click()
    lab.wait_for_notebook("07_placeholders_and_feeding.ipynb")
    heading = lab.page.get_by_role("heading", name="The key is the tensor")
    expect(heading).to_be_in_viewport()
    assert lab.interruptions() == []


def test_the_server_asks_for_its_token(jupyter_server):
    assert len(jupyter_server.token) >= 32
    assert "localhost" in jupyter_server.url
    with urlopen(f"{jupyter_server.url}lab") as answer:
        assert "/login" in answer.url


def test_a_notebook_runs_and_its_errors_are_told(lab):
    lab.write_notebook("try.ipynb", ["x = 20 + 1", "print(2 * x)", "y + 1"])
    lab.open_notebook("try.ipynb")
    lab.run_all()
    assert lab.errors() == ["NameError: name 'y' is not defined"]
    expect(lab.cell(1).locator(".jp-OutputArea-output")).to_have_text("42")
    assert lab.interruptions() == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_themes_switch(lab, theme):
    lab.open()
    lab.set_theme(theme)
    light = lab.page.locator("body").get_attribute("data-jp-theme-light")
    assert light == str(theme == "light").lower()
