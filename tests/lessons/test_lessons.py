"""The lessons: kept as they should be, and solvable with their own solutions."""

import ast
import importlib
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from widgets.exercises import Exercise

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
CHECK = re.compile(r"^exercises\.(\w+)\.check\(", re.MULTILINE)


def code_cells(path):
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]


def exercises_of(path):
    """The lesson's exercises by name."""
    module = importlib.import_module(f"widgets.exercises.lesson_{path.name[:2]}")
    return {name: found for name, found in vars(module).items() if isinstance(found, Exercise)}


def shown(cell):
    """What a stored cell shows, as text."""
    outputs = [o for o in cell.outputs if o.output_type != "error"]
    return "\n".join(o.get("text", "") or o.data.get("text/plain", "") for o in outputs)


@each_lesson
def test_every_cell_has_run_in_order(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_lesson
def test_cells_are_short(path):
    lines = [len([ln for ln in c.source.splitlines() if ln.strip()]) for c in code_cells(path)]
    assert statistics.median(lines) <= 3
    assert max(lines) <= 20


@each_lesson
def test_only_stubs_define_functions(path):
    for cell in code_cells(path):
        if CHECK.search(cell.source):
            continue
        source = "\n".join(ln for ln in cell.source.splitlines() if not ln.startswith("%"))
        kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
        defined = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
        assert not defined, cell.source


@each_lesson
def test_the_errors_are_the_planned_ones(path):
    for cell in code_cells(path):
        failed = any(output.output_type == "error" for output in cell.outputs)
        assert failed == ("raises-exception" in cell.metadata.get("tags", [])), cell.source


@each_lesson
def test_stored_texts_name_no_address_and_no_folder(path):
    for cell in code_cells(path):
        said = shown(cell) + "".join(o.get("evalue", "") for o in cell.outputs)
        assert not re.search(r"0x[0-9a-f]{6,}|/(home|tmp|work|root)/|ipykernel_\d", said), said


@each_lesson
def test_every_exercise_stands_in_the_lesson_once_and_untouched(path):
    asked = [(CHECK.findall(c.source), shown(c)) for c in code_cells(path)]
    stubs = [(names[0], said) for names, said in asked if names]
    assert sorted(name for name, _ in stubs) == sorted(exercises_of(path))
    for _, said in stubs:
        assert said.startswith("Not attempted.")


@each_lesson
def test_links_lead_to_files_that_are_there(path):
    for cell in nbformat.read(path, as_version=4).cells:
        for target in re.findall(r"\]\(([^)#:]+\.\w+)\)", cell.source):
            assert (NOTEBOOKS / target).exists(), target


@each_lesson
def test_the_lesson_runs_with_its_solutions(path):
    notebook = nbformat.read(path, as_version=4)
    exercises = exercises_of(path)
    stubs = [c for c in notebook.cells if c.cell_type == "code" and CHECK.search(c.source)]
    for cell in stubs:
        cell.source = exercises[CHECK.search(cell.source)[1]].solution_source
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": NOTEBOOKS}}).execute()
    for cell in stubs:
        assert shown(cell).startswith("Right."), f"{cell.source}\n{shown(cell)}"
