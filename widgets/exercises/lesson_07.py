"""Exercises of lesson 7: placeholders and feeding."""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf

from .asking import parts, size
from .exercise import Exercise, Wrong


def _test_rows_of_four(answer: Any) -> None:
    result = answer()
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is a placeholder.")
    if result.op.type != "Placeholder":
        raise Wrong(f"Your tensor comes from a {result.op.type}; asked for is a placeholder.")
    if result.dtype != tf.float32:
        raise Wrong(f"Your placeholder is for {result.dtype.name}; asked for is tf.float32.")
    if result.shape.ndims is None:
        raise Wrong("Your placeholder takes any shape at all. Give it one, with None for the rows.")
    known = {
        (4,): "Shape (4,) is one row. Rows of four are a matrix: two dimensions.",
        (4, None): "The dimensions are the wrong way round: first the rows, then what is in a row.",
    }
    shape = tuple(result.shape.as_list())
    if shape != (None, 4):
        raise Wrong(
            known.get(shape, f"Your shape is {result.shape}; asked for is any number of fours.")
        )
    if result.name != "rows:0":
        raise Wrong(f"Your placeholder is called {result.name}; ask for the name rows.")


rows_of_four = Exercise(
    _test_rows_of_four,
    praise="It takes one row, a thousand or none, and refuses rows of five.",
    hints=[
        "tf.placeholder takes a type, a shape and a name.",
        "The dimension that you leave open is None.",
        'Return tf.placeholder(tf.float32, [None, 4], name="rows").',
    ],
    solution="""
        def rows_of_four():
            return tf.placeholder(tf.float32, [None, 4], name="rows")

        exercises.rows_of_four.check(rows_of_four)
    """,
)


def _values(result: Any, count: int) -> np.ndarray:
    if isinstance(result, tf.Tensor):
        raise Wrong("You return a tensor. Values come out of sess.run.")
    if result is None:
        raise Wrong(f"Your function returns nothing. Asked for is a list of {count} values.")
    if not isinstance(result, (list, tuple, np.ndarray)):
        raise Wrong(f"Asked for is a list of {count} values.")
    if any(isinstance(value, tf.Tensor) for value in result):
        raise Wrong("You return tensors. Their values come out of sess.run.")
    if len(result) != count:
        raise Wrong(f"Asked for are {count} values; your list has {len(result)}.")
    return np.array(result, dtype=float)


def _test_over_batches(answer: Any) -> None:
    x = tf.placeholder(tf.float32, [None, 2], name="input")
    y = tf.reduce_sum(x)
    batches = [[[1, 2]], [[3, 4], [5, 6]], [[7, 8]]]
    before = size()
    with tf.Session() as sess:
        values = _values(answer(sess, x, y, batches), 3)
    if not np.allclose(values, [3, 18, 15]):
        raise Wrong("Your list has three values, but they are not y's for the three batches.")
    if size() > before:
        raise Wrong(
            "The values are right, but your loop adds nodes to the graph. It has all it needs."
        )


over_batches = Exercise(
    _test_over_batches,
    praise="One graph, one run for each batch.",
    hints=[
        "How do you run y with one batch? Do that for each.",
        "sess.run(y, {x: batch}); the key is the tensor x, not a text.",
        "Return [sess.run(y, {x: batch}) for batch in batches].",
    ],
    solution="""
        def over_batches(sess, x, y, batches):
            return [sess.run(y, {x: batch}) for batch in batches]

        exercises.over_batches.check(over_batches)
    """,
)


def _test_must_feed(answer: Any) -> None:
    if isinstance(answer, str):
        answer = [answer]
    if not isinstance(answer, (list, tuple, set)) or not all(isinstance(n, str) for n in answer):
        raise Wrong('Asked for is a list of names, such as ["p", "q"].')
    names = {name.removesuffix(":0") for name in answer}
    if unknown := sorted(names - set("pqrs")):
        raise Wrong(f"There is no placeholder {unknown[0]} in this program.")
    if names & {"p", "q"}:
        raise Wrong("left is fed, so the multiplication does not run. What would it have needed?")
    if "r" in names:
        raise Wrong("r may be fed, but it need not be: it has a default.")
    if "s" not in names:
        raise Wrong("both is right * s, and s has neither a feed nor a default.")


must_feed = Exercise(
    _test_must_feed,
    praise="p and q lie behind the fed tensor, r has a default. s alone is left.",
    hints=[
        "Go backwards from both, and stop at what is fed.",
        "left is fed: nothing behind it is needed. r has a default.",
        'must_feed = ["s"]',
    ],
    solution="""
        must_feed = ["s"]

        exercises.must_feed.check(must_feed)
    """,
)


def _test_printed(answer: Any) -> None:
    known = {
        (1, 11): "In the first run v is fed: what is 1 + 1?",
        (2, 11): "In the second run w is fed. up assigns w's value, whatever v holds.",
        (2, 2): "The feed of v was for the first run only, and w is fed in the second.",
        (3, 2): "Feeding v left nothing behind; but the second run assigned something.",
        (3, 11): "The second run assigned a value to v: the fed one.",
        (3, 5): "After the second run the session holds 5 for v. The last line prints w.",
    }
    parts(answer, [2, 5, 6], known, "numbers")


printed = Exercise(
    _test_printed,
    praise="A feed is for one run. But an assignment of a fed value is an assignment, and stays.",
    hints=[
        "Take the runs one by one. Which tensors are fed, and is anything assigned?",
        "The first run assigns nothing. The second assigns the fed w, 5, to v.",
        "1 + 1, then 5, then 5 + 1.",
    ],
    solution="""
        printed = [2, 5, 6]

        exercises.printed.check(printed)
    """,
)


def _test_per_row(answer: Any) -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    result = answer(x)
    if not isinstance(result, tf.Tensor):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is a tensor.")
    with tf.Session() as sess:
        four, one = (sess.run(result, {x: np.ones((rows, 3))}) for rows in (4, 1))
    if np.ndim(four):
        raise Wrong("Asked for is one number: the sum of all numbers, divided by the rows.")
    if np.isclose(four, 1):
        raise Wrong("That is the mean of all numbers. Divide by the number of rows only.")
    if np.isclose(four, 4):
        raise Wrong("You divide by 3, the numbers in a row. Divide by the number of rows.")
    if not (np.isclose(four, 3) and np.isclose(one, 3)):
        raise Wrong(f"For four rows of ones, 3 is right; your tensor is {float(four):g}.")


per_row = Exercise(
    _test_per_row,
    praise="The number of rows was computed in the run, so the same tensor is right for any batch.",
    hints=[
        "x.shape[0] is None while you build. Who knows the number of rows?",
        "tf.shape(x)[0] is a tensor, but of whole numbers: tf.cast makes it float32.",
        "Return tf.reduce_sum(x) / tf.cast(tf.shape(x)[0], tf.float32).",
    ],
    solution="""
        def per_row(x):
            return tf.reduce_sum(x) / tf.cast(tf.shape(x)[0], tf.float32)

        exercises.per_row.check(per_row)
    """,
)


def _test_mean_of_all(answer: Any) -> None:
    x = tf.placeholder(tf.float32, [None, 1], name="input")
    y = tf.reduce_mean(x)
    batches = [[[0.0], [0.0], [0.0]], [[8.0]]]
    with tf.Session() as sess:
        value = answer(sess, x, y, batches)
    if isinstance(value, tf.Tensor) or np.ndim(value):
        raise Wrong("Asked for is one number.")
    if np.isclose(value, 4):
        raise Wrong(
            "You take the mean of the means: three zeros and a single 8 give 4 that way, but their "
            "mean is 2. A small batch must count less."
        )
    if not np.isclose(value, 2):
        raise Wrong(f"For the batches [0, 0, 0] and [8] the mean is 2; you return {value:g}.")


mean_of_all = Exercise(
    _test_mean_of_all,
    praise="A classic mistake with last batches, avoided: each mean counts with its rows.",
    hints=[
        "Try it on paper: batches [0, 0, 0] and [8].",
        "Each mean times its batch's number of rows is that batch's sum.",
        "Add up sess.run(y, {x: batch}) * len(batch); divide by the sum of the lengths.",
    ],
    solution="""
        def mean_of_all(sess, x, y, batches):
            sums = [sess.run(y, {x: batch}) * len(batch) for batch in batches]
            return sum(sums) / sum(len(batch) for batch in batches)

        exercises.mean_of_all.check(mean_of_all)
    """,
)


def _test_what_if(answer: Any) -> None:
    v = tf.Variable(3.0, name="v")
    y = v * v
    with tf.Session() as sess:
        sess.run(v.initializer)
        v.load(5.0, sess)
        before = size()
        result = answer(sess, v, y, [1.0, 2.0, 4.0])
        grown, kept = size() - before, float(sess.run(v))
        values = _values(result, 3)
        if kept != 5:
            raise Wrong(f"The session held 5 for v before; now it holds {kept:g}. Change nothing.")
        if not np.allclose(values, [1, 4, 16]):
            raise Wrong("The three values are not those that y would have for the candidates.")
        if grown:
            raise Wrong(
                f"The values are right, but the graph grew by {grown} nodes. A feed adds none."
            )


what_if = Exercise(
    _test_what_if,
    praise="With a feed there is no assignment and nothing to put back: v is something else for "
    "the length of one run.",
    hints=[
        "You could assign and put the old value back. But there is a way without any assignment.",
        "Which tensors can be fed? Any, and a variable too.",
        "Return [sess.run(y, {v: candidate}) for candidate in candidates].",
    ],
    solution="""
        def what_if(sess, v, y, candidates):
            return [sess.run(y, {v: candidate}) for candidate in candidates]

        exercises.what_if.check(what_if)
    """,
)
