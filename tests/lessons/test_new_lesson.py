"""`make lesson`: what it writes runs, passes the lessons' tests, and says what is left to fill."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
PAGES = [ROOT / "README.md", ROOT / "notebooks" / "README.md", *LESSONS]
PARTS = ["pyproject.toml", "README.md", "environment.yml", ".ci", "widgets", "notebooks", "tests"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_of_the_template_is_left(page):
    assert "✎" not in page.read_text("utf-8"), "fill what the template marked"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project to write a lesson in."""
    copy = tmp_path_factory.mktemp("project")
    unwanted = shutil.ignore_patterns("__pycache__", ".*_cache", ".ipynb_checkpoints", "oracle")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=unwanted)
        else:
            shutil.copy(source, copy / part)
    (copy / "minitf").symlink_to(ROOT / "minitf")
    return copy


def run(project, *arguments):
    """Python, in the copy and with the copy's modules, also in the kernels that it starts."""
    own = {"PYTHONPATH": str(project), "IPYTHONDIR": str(project / "ipython")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=os.environ | own,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_new_lesson_runs_and_passes_the_lessons_tests(project):
    made = run(project, ".ci/new_lesson.py", "73_my_own_lesson")
    assert made.returncode == 0, made.stderr
    listed = [project / line.strip() for line in made.stdout.splitlines() if line[:2] == "  "]
    assert [path.name for path in listed[:2]] == ["73_my_own_lesson.ipynb", "lesson_73.py"]
    tests = [
        "tests/lessons/test_lessons.py",
        "tests/test_exercises.py",
        "tests/test_environment.py",
    ]
    quiet = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
    tested = run(project, *quiet, "-k", "73 or environment", *tests)
    assert tested.returncode == 0, tested.stdout
    assert "passed" in tested.stdout
    checked = run(project, ".ci/check_notebook.py", "notebooks/73_my_own_lesson.ipynb")
    assert "73_my_own_lesson.ipynb: 10 cells run, all as saved." in checked.stdout
    marked = {path.name for path in listed if "✎" in path.read_text("utf-8")}
    assert marked == {"73_my_own_lesson.ipynb", "README.md"}, "the test above asks to fill these"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "two digits and a name"),
        ("my_lesson", "two digits and a name"),
        ("12_My lesson", "two digits and a name"),
        ("01_again", "01_graphs_and_sessions.ipynb"),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(project, monkeypatch, name, why):
    monkeypatch.syspath_prepend(str(project / ".ci"))
    script = runpy.run_path(str(project / ".ci" / "new_lesson.py"))
    before = {path: path.stat().st_mtime_ns for path in project.glob("[nwt]*/**/*.*")}
    with pytest.raises(SystemExit, match=why):
        script["begin"](name)
    assert {path: path.stat().st_mtime_ns for path in project.glob("[nwt]*/**/*.*")} == before
