"""The lessons' exercises: solutions pass, wrong answers are told why, and no check ever raises."""

import ast
import importlib
import runpy
from pathlib import Path

import numpy as np
import pytest

import minitf as tf
from widgets.exercises import Exercise

HERE = Path(__file__).parent
LESSONS = sorted(
    p.stem for p in (HERE.parent / "widgets" / "exercises").glob("lesson_[0-9][0-9].py")
)
MODULES = {lesson: importlib.import_module(f"widgets.exercises.{lesson}") for lesson in LESSONS}
EXERCISES = {
    (lesson, name): exercise
    for lesson, module in MODULES.items()
    for name, exercise in vars(module).items()
    if isinstance(exercise, Exercise)
}
each_exercise = pytest.mark.parametrize(
    ("lesson", "name"), [pytest.param(*key, id="-".join(key)) for key in EXERCISES]
)


def wrong_answers(lesson):
    """The lesson's table: by exercise, sources of wrong answers, each with words of its reply."""
    table = HERE / "wrong_answers" / f"{lesson}.py"
    return runpy.run_path(str(table))["WRONG"] if table.exists() else {}


WRONG = [
    pytest.param(lesson, name, source, words, id=f"{lesson}-{name}-{number}")
    for lesson in LESSONS
    for name, rows in wrong_answers(lesson).items()
    for number, (source, words) in enumerate(rows)
]


def answer_of(source, lesson):
    """What a cell hands to its check: the last name that it gives, or its only expression."""
    space = {"tf": tf, "np": np, "exercises": MODULES[lesson]}
    tree = ast.parse(source)
    if isinstance(tree.body[-1], ast.Expr):
        return eval(source, space)
    exec(source, space)
    last = tree.body[-1]
    return space[last.name if isinstance(last, ast.FunctionDef) else last.targets[0].id]


def solved(exercise, lesson):
    """The reply to the exercise's own solution, run as the learner's cell would be."""
    space = {"tf": tf, "np": np, "exercises": MODULES[lesson]}
    *lines, check = ast.parse(exercise.solution_source).body
    exec(compile(ast.Module(lines, []), "<solution>", "exec"), space)
    return eval(compile(ast.Expression(check.value), "<solution>", "eval"), space)


@each_exercise
def test_the_solution_passes_every_time(lesson, name):
    exercise = EXERCISES[lesson, name]
    first, second = solved(exercise, lesson), solved(exercise, lesson)
    assert repr(first).startswith("Right. ")
    assert repr(first) == repr(second)
    assert exercise.solution_source.endswith(")")
    assert f"exercises.{name}.check(" in exercise.solution_source


@each_exercise
def test_an_untouched_stub_is_not_attempted(lesson, name):
    def stub(*_): ...

    for untouched in (..., stub):
        assert repr(EXERCISES[lesson, name].check(untouched)).startswith("Not attempted. ")


@pytest.mark.parametrize(("lesson", "name", "source", "words"), WRONG)
def test_a_typical_wrong_answer_is_told_why(lesson, name, source, words):
    exercise = EXERCISES[lesson, name]
    replies = [exercise.check(answer_of(source, lesson)) for _ in range(2)]
    assert repr(replies[0]).startswith("Not yet. ")
    assert words in replies[0].text
    assert repr(replies[0]) == repr(replies[1])


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_knows_wrong_answers_each_with_a_text_of_its_own(lesson):
    table = wrong_answers(lesson)
    assert set(table) == {name for of, name in EXERCISES if of == lesson}
    for name, rows in table.items():
        exercise = EXERCISES[lesson, name]
        texts = {exercise.check(answer_of(source, lesson)).text for source, _ in rows}
        assert len(texts) == len(rows) >= 2, name


ODD = [
    *(None, True, 0, -1, 1.5, float("nan"), 10**30, "", "x", b"x", [], [[]], {}, set(), object()),
    *([..., 1], ("a", None), np.zeros((2, 2)), np.array([1, 2]), print, int, tf, tf.Variable),
    *(lambda: None, lambda *_: None, lambda *_: 1 / 0, lambda *_: [None], lambda *_: object()),
    *(lambda *_: tf.no_op(), lambda *_: tf.constant(1), lambda *_: tf.Variable(1)),
    *(lambda *_: np.zeros(3), lambda *_: "text", lambda *_: [1, "x"], lambda *_: {}),
    *(lambda *_: (_ for _ in ()), lambda *args: args, lambda *_: tf.Graph()),
]


@each_exercise
def test_no_answer_makes_a_check_raise(lesson, name):
    exercise = EXERCISES[lesson, name]
    before = len(tf.get_default_graph().get_operations())
    for odd in ODD:
        reply = exercise.check(odd)
        assert reply.kind in ("wrong", "open"), odd
        assert "0x" not in reply.text, "an address in it changes from time to time"
    assert len(tf.get_default_graph().get_operations()) == before


@each_exercise
def test_hints_go_from_vague_to_plain(lesson, name):
    exercise = EXERCISES[lesson, name]
    given = [repr(exercise.hint()) for _ in range(9)]
    assert given[0].startswith("Hint 1 of ")
    assert given[-1] == given[-2]
    assert len(set(given)) >= 2
    assert repr(exercise.hint(1)) == given[0]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_four_exercises_or_more(lesson):
    assert sum(of == lesson for of, _ in EXERCISES) >= 4
