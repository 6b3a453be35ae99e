"""`make check`: a notebook from anywhere is run and compared, and the outcome told in words."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

SCRIPT = Path(__file__).parents[2] / ".ci" / "check_notebook.py"
SOURCES = ["import minitf as tf\nprint(tf.constant(1))", "import os\nprint(os.path.basename('.'))"]


def check(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def notebook():
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in SOURCES])


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """What is said of three notebooks: as it was saved, changed since, and never run."""
    folder = tmp_path_factory.mktemp("my own notebooks")
    run = notebook()
    NotebookClient(run, timeout=60).execute()
    nbformat.write(run, folder / "same.ipynb")
    run.cells[0].outputs[0].text = "15\n"
    nbformat.write(run, folder / "changed.ipynb")
    nbformat.write(notebook(), folder / "raw.ipynb")
    return check(folder)


def test_what_is_as_saved_and_what_is_not_is_told(outcome):
    assert "same.ipynb: 2 cells run, all as saved." in outcome.stdout
    assert "changed.ipynb: 2 cells run, 1 not as saved: Cell 0." in outcome.stdout
    assert "+ 15" in outcome.stdout
    assert "lines with + are what was saved" in outcome.stdout
    assert outcome.returncode == 1


def test_a_notebook_saved_without_outputs_is_told_apart(outcome):
    assert "Cells 0, 1: saved without having run, so not compared." in outcome.stdout


def test_what_is_no_notebook_is_refused(tmp_path):
    (tmp_path / "text.txt").touch()
    for path in (tmp_path / "nowhere.ipynb", tmp_path / "text.txt"):
        refused = check(path)
        assert refused.returncode == 1
        assert "is no notebook: make check NOTEBOOK=" in refused.stderr
