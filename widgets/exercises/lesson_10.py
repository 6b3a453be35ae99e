"""Exercises of lesson 10: TensorBoard."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import numpy as np

import minitf as tf

from .asking import parts, size
from .exercise import Exercise, Wrong


def _summary(result: Any) -> tf.Tensor:
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is a tensor.")
    if result.dtype != tf.string:
        raise Wrong("Your tensor is no summary: a summary packs a value into bytes.")
    return result


def _unpacked(sess: tf.Session, summary: tf.Tensor) -> dict[str, Any]:
    """The values of a summary by their tags."""
    return {value.tag: value for value in tf.Summary.FromString(sess.run(summary)).value}


def _test_scalar_of(answer: Any) -> None:
    loss = tf.constant(0.25, name="error")
    summary = _summary(answer(loss))
    with tf.Session() as sess:
        found = _unpacked(sess, summary)
    tag, value = next(iter(found.items()))
    if value.WhichOneof("value") != "simple_value":
        raise Wrong(f"Your summary packs a {summary.op.type}; asked for is a scalar.")
    if tag != "loss/test":
        raise Wrong(f"The tag of your summary is {tag}; asked for is loss/test.")
    if not np.isclose(value.simple_value, 0.25):
        raise Wrong("The tag is right, but your summary packs another number than loss.")


scalar_of = Exercise(
    _test_scalar_of,
    praise="In TensorBoard it stands in the group loss, with the name test.",
    hints=[
        "There is a function for it in tf.summary.",
        "tf.summary.scalar takes the tag first, then the tensor.",
        'Return tf.summary.scalar("loss/test", loss).',
    ],
    solution="""
        def scalar_of(loss):
            return tf.summary.scalar("loss/test", loss)

        exercises.scalar_of.check(scalar_of)
    """,
)


def _test_unpack(answer: Any) -> None:
    summary = tf.summary.scalar("seven", tf.constant(7.0))
    with tf.Session() as sess:
        result = answer(sess, summary)
    if isinstance(result, bytes):
        raise Wrong("You return the bytes. tf.Summary.FromString unpacks them.")
    if isinstance(result, tf.Tensor):
        raise Wrong("You return a tensor. Its bytes come out of sess.run.")
    if isinstance(result, tf.Summary):
        raise Wrong("That is the whole summary. Its first value holds the number.")
    if isinstance(result, tf.Summary.Value):
        raise Wrong("That is the value with its tag. Its simple_value is the number.")
    if not isinstance(result, (float, int)) or result != 7:
        raise Wrong("Asked for is the number that was packed.")


unpack = Exercise(
    _test_unpack,
    praise="Run, unpack, first value: there is nothing more in a scalar summary.",
    hints=[
        "A run gives bytes. The lesson unpacked some.",
        "tf.Summary.FromString(...) has a list called value.",
        "Return tf.Summary.FromString(sess.run(summary)).value[0].simple_value.",
    ],
    solution="""
        def unpack(sess, summary):
            return tf.Summary.FromString(sess.run(summary)).value[0].simple_value

        exercises.unpack.check(unpack)
    """,
)


def _test_tags(answer: Any) -> None:
    known = {
        (1, "x"): "A name scope stands in front of the tag.",
        (2, "x"): "A name scope stands in front of the tag.",
        (2, "a/x"): "That tag is taken. A name_scope that is entered anew gets a name of its own.",
        (2, "a/x_1"): "Nearly: it is the scope that was taken, not the name in it.",
        (3, "a/x"): "That tag is taken by the first line.",
        (3, "a/x_2"): "Nearly: how many a/x were there before?",
        (3, "a_2/x"): "Here no scope is entered: the name itself has a slash in it.",
    }
    parts(answer, ["a/x", "a_1/x", "a/x_1"], known, "tags")


tags = Exercise(
    _test_tags,
    praise="Tags are made like the names of operations: scopes first, then what is still taken.",
    hints=[
        "Remember lesson 5: what becomes of a name scope that is entered a second time?",
        "The second scope is called a_1. In the third line only the name itself can change.",
        'tags = ["a/x", "a_1/x", "a/x_1"]',
    ],
    solution="""
        tags = ["a/x", "a_1/x", "a/x_1"]

        exercises.tags.check(tags)
    """,
)


def _events(folder: str) -> list[Any]:
    """The events with a summary in a folder's files."""
    return [
        event
        for name in sorted(os.listdir(folder))
        for event in tf.train.summary_iterator(os.path.join(folder, name))
        if event.summary.value
    ]


def _test_log_five(answer: Any) -> None:
    v = tf.Variable(0.0, name="v")
    summary = tf.summary.scalar("v", v.read_value())
    step = v.assign_add(2.0).op
    with tempfile.TemporaryDirectory() as folder, tf.Session() as sess:
        sess.run(v.initializer)
        before = size()
        answer(sess, step, summary, folder)
        if size() > before:
            raise Wrong("Your function adds nodes to the graph. A writer is no node.")
        if not os.listdir(folder):
            raise Wrong("There is no event file in the folder: which object writes one?")
        events = _events(folder)
        final = float(sess.run(v))
    if not events:
        raise Wrong("There is a file, but no summary is in it yet. Does your function close it?")
    if [event.step for event in events] != list(range(5)):
        raise Wrong("Asked for are five summaries, for the steps 0, 1, 2, 3 and 4.")
    if final != 10:
        raise Wrong(f"The step should have run five times; it ran {round(final / 2)} times.")
    if [event.summary.value[0].simple_value for event in events] != [0, 2, 4, 6, 8]:
        raise Wrong(
            "The steps are right, but not the values: each summary is to be taken before its step. "
            "In one run with the step nothing says which comes first."
        )


log_five = Exercise(
    _test_log_five,
    praise="Two runs for each round, so nothing is left open; and a writer that closes.",
    hints=[
        "tf.summary.FileWriter(folder) writes; at the end it must be closed.",
        "In a loop: writer.add_summary(sess.run(summary), i), then sess.run(step).",
        "with tf.summary.FileWriter(folder) as writer: and the loop inside.",
    ],
    solution="""
        def log_five(sess, step, summary, folder):
            with tf.summary.FileWriter(folder) as writer:
                for i in range(5):
                    writer.add_summary(sess.run(summary), i)
                    sess.run(step)

        exercises.log_five.check(log_five)
    """,
)


def _scalar(tag: str, value: float) -> Any:
    return tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)])


def _test_values_of(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with tf.summary.FileWriter(folder) as writer:
            for i, value in enumerate([4.0, 2.0, 1.0]):
                writer.add_summary(_scalar("loss", value), i)
                writer.add_summary(_scalar("rate", 0.5), i)
        result = answer(os.path.join(folder, os.listdir(folder)[0]), "loss")
    if not isinstance(result, (list, tuple)):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is a list.")
    if len(result) == 6:
        raise Wrong("Your list has the values of all tags. Asked for are those of one.")
    if list(result) != [4, 2, 1]:
        raise Wrong(f"The tag has three values in the file; your list has {len(result)} items.")


values_of = Exercise(
    _test_values_of,
    praise="An event file is a list of events; each may hold several tagged values.",
    hints=[
        "tf.train.summary_iterator(path) gives the events, one after the other.",
        "Each event has event.summary.value, a list; each value has tag and simple_value.",
        "Two loops, for event and for value in event.summary.value, and a test of value.tag.",
    ],
    solution="""
        def values_of(path, tag):
            return [
                value.simple_value
                for event in tf.train.summary_iterator(path)
                for value in event.summary.value
                if value.tag == tag
            ]

        exercises.values_of.check(values_of)
    """,
)


def _test_just_these(answer: Any) -> None:
    one = tf.summary.scalar("one", tf.constant(1.0))
    two = tf.summary.scalar("two", tf.constant(2.0))
    tf.summary.scalar("never", tf.placeholder(tf.float32, [], name="unknown"))
    result = answer(one, two)
    if isinstance(result, (list, tuple)):
        raise Wrong("You return a list. Asked for is one tensor, which packs both.")
    summary = _summary(result)
    with tf.Session() as sess:
        try:
            found = sorted(_unpacked(sess, summary))
        except tf.errors.InvalidArgumentError:
            raise Wrong(
                "Your tensor needs a placeholder that nobody feeds: it packs all summaries of the "
                "graph. merge_all has a sibling that takes a list."
            ) from None
    if found != ["one", "two"]:
        raise Wrong(f"Your tensor packs the tags {found}; asked for are those of one and two.")


just_these = Exercise(
    _test_just_these,
    praise="merge takes a list; merge_all takes what the collection holds.",
    hints=[
        "merge_all takes every summary of the graph, or of another collection.",
        "tf.summary.merge takes a list.",
        "Return tf.summary.merge([one, two]).",
    ],
    solution="""
        def just_these(one, two):
            return tf.summary.merge([one, two])

        exercises.just_these.check(just_these)
    """,
)
