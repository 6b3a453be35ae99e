"""Every program of `oracle/programs`, compared with what real TensorFlow did with it."""

import functools
import json

import pytest
from oracle.compare import error_differences, same
from oracle.observe import RECORDINGS, Outcome, observe, themes

import minitf as tf
from minitf.graph import _stacks

# The themes that ask thousands of small questions at once are for the full run.
PROGRAMS = [
    pytest.param(
        *(theme, name, program),
        id=f"{theme}-{name}",
        marks=pytest.mark.slow if theme.startswith("asked_") else (),
    )
    for theme, programs in themes().items()
    for name, program in programs.items()
]


@functools.cache
def _recording(theme: str) -> dict:
    return json.loads((RECORDINGS / f"{theme}.json").read_text())


@pytest.fixture(autouse=True)
def own_defaults():
    """A program may leave sessions and graphs open; other tests have the defaults they had."""
    stacks = (_stacks.sessions, _stacks.graphs)
    before = [list(stack) for stack in stacks]
    yield
    for stack, found in zip(stacks, before, strict=True):
        stack[:] = found


@pytest.mark.parametrize(("theme", "name", "program"), PROGRAMS)
def test_program_does_what_it_does_on_tensorflow(theme, name, program, record_property):
    wanted = _recording(theme)[name]
    got = observe(tf, program)
    wrong_sights = _wrong_sights(got, wanted["seen"])
    wrong_nodes = _wrong_nodes(got.nodes, wanted["nodes"])
    counts = [len(wanted["seen"]) - len(wrong_sights), len(wanted["seen"])]
    counts += [len(wanted["nodes"]) - len(wrong_nodes), len(wanted["nodes"])]
    record_property("oracle", [theme, *counts])
    problems = wrong_sights + wrong_nodes + _surplus(got, wanted)
    if problems:
        shown = "\n".join(problems[:25])
        pytest.fail(f"{len(problems)} differences\n{shown}", pytrace=False)


def _wrong_sights(got: Outcome, wanted: list) -> list[str]:
    """One complaint for each observation that differs or was never made."""
    wrong = []
    for index, expected in enumerate(wanted):
        if index >= len(got.seen):
            wrong.append(f"not reached: TensorFlow shows {_short(expected)}")
            continue
        seen, why = got.seen[index], ""
        if isinstance(expected, dict) and "raises" in expected:
            lacking = error_differences(seen, expected, got.words[index])
            equal, why = not lacking, f"\n    what is wrong: {lacking}"
        else:
            equal = same(seen, expected, got.tolerances[index])
        if not equal:
            shown = f"{_short(seen)}{why}\n    TensorFlow: {_short(expected)}"
            wrong.append(f"line {got.lines[index]}: {shown}")
    return wrong


def _wrong_nodes(got: list[str], wanted: list[str]) -> list[str]:
    """One complaint for each node of TensorFlow's that is not there, or not the same."""
    by_name = {line.split(" = ", 1)[0]: line for line in got}
    wrong = []
    for line in wanted:
        mine = by_name.get(line.split(" = ", 1)[0])
        if mine != line:
            wrong.append(f"node: {_short(mine)}\n    TensorFlow: {_short(line)}")
    return wrong


def _surplus(got: Outcome, wanted: dict) -> list[str]:
    """What the program did here alone: an exception, more nodes, another order of nodes."""
    if got.failure is not None:
        return [f"stopped by {type(got.failure).__name__}: {str(got.failure)[:600]}"]
    surplus = sorted(set(got.nodes) - set(wanted["nodes"]))
    if surplus:
        return [f"node only here: {_short(line)}" for line in surplus]
    if len(got.seen) > len(wanted["seen"]):
        return ["more observations than were recorded"]
    if got.nodes != wanted["nodes"] and sorted(got.nodes) == sorted(wanted["nodes"]):
        return ["the nodes are equal but made in another order"]
    return []


def _short(thing: object) -> str:
    text = str(thing)
    return text if len(text) <= 400 else text[:400] + " ..."
