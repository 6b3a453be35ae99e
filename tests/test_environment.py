"""pip and conda install the same things, and nothing is said twice differently."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"graphviz": "python-graphviz"}
# Conda brings these itself: the interpreter, the installer of the project, and the `dot` program.
CONDA_ONLY = {"python", "pip", "graphviz"}


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def conda() -> list:
    return yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]


def conda_ranges(conda: list) -> dict[str, SpecifierSet]:
    matches = [re.fullmatch(r"([\w.-]+)\s*(.*)", line) for line in conda if isinstance(line, str)]
    return {match[1]: SpecifierSet(match[2]) for match in matches if match}


def test_the_same_list_for_pip_and_conda(project, conda):
    wanted = [Requirement(line) for line in project["dependencies"]]
    pip_ranges = {CONDA_NAMES.get(line.name, line.name): line.specifier for line in wanted}
    ranges = conda_ranges(conda)
    assert {name: ranges[name] for name in ranges if name not in CONDA_ONLY} == pip_ranges


def test_conda_brings_python_dot_and_the_project(project, conda):
    ranges = conda_ranges(conda)
    assert ranges.keys() >= CONDA_ONLY
    assert ranges["python"] == SpecifierSet(project["requires-python"])
    assert {"pip": ["-e ."]} in conda


def test_every_range_has_both_ends(project):
    for line in project["dependencies"]:
        operators = {clause.operator for clause in Requirement(line).specifier}
        assert operators == {">=", "<"}, line


@pytest.mark.parametrize("page", ["README.md", "notebooks/README.md"])
def test_both_tables_link_every_lesson_that_exists(page):
    linked = re.findall(r"\]\((?:notebooks/)?([\w-]+\.ipynb)\)", (ROOT / page).read_text())
    assert sorted(set(linked)) == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
