"""Exercises of lesson 9: training, saving and restoring."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import numpy as np

import minitf as tf

from .asking import alive, parts, size
from .exercise import Exercise, Wrong


def _operation(result: Any) -> tf.Operation:
    if isinstance(result, tf.train.Optimizer):
        raise Wrong("You return the optimizer. Its minimize adds the operation that is asked for.")
    if isinstance(result, tf.Tensor):
        result = result.op
    if not isinstance(result, tf.Operation):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is an operation.")
    return result


def _number(result: Any, asked: str) -> float:
    if isinstance(result, (tf.Tensor, tf.Operation)):
        raise Wrong("You return a node of the graph. Its value comes out of sess.run.")
    if isinstance(result, (list, tuple)) or np.ndim(result):
        raise Wrong(f"Asked for is one number, {asked}.")
    return float(result)


def _test_one_step(answer: Any) -> None:
    v = tf.Variable([2.0, -1.0], name="v")
    step = _operation(answer(tf.reduce_sum(v * v)))
    with tf.Session() as sess:
        if tf.global_variables() != [v]:
            raise Wrong("Your optimizer has variables of its own. Plain gradient descent has none.")
        sess.run(v.initializer)
        sess.run(step)
        value = sess.run(v)
    if np.allclose(value, [2, -1]):
        raise Wrong("Your operation changes nothing: gradients alone move no variable.")
    if np.allclose(value, [2.4, -1.2]):
        raise Wrong("Your operation goes uphill: the loss grows. What is the sign of the rate?")
    if not np.allclose(value, [1.6, -0.8]):
        raise Wrong("It is a step, but not by 0.1 times the gradient. Which rate did you choose?")


one_step = Exercise(
    _test_one_step,
    praise="It computes the gradients and assigns, once for each time you run it.",
    hints=[
        "tf.train has optimizers; the plainest is called GradientDescentOptimizer.",
        "It takes the rate; its method minimize takes the loss and returns the operation.",
        "Return tf.train.GradientDescentOptimizer(0.1).minimize(loss).",
    ],
    solution="""
        def one_step(loss):
            return tf.train.GradientDescentOptimizer(0.1).minimize(loss)

        exercises.one_step.check(one_step)
    """,
)


def _test_train_20(answer: Any) -> None:
    v = tf.Variable(8.0, name="v")
    loss = v * v
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(v.initializer)
        before = size()
        value = _number(answer(sess, step, loss), "the loss after the last step")
        if size() > before:
            raise Wrong("Your function adds nodes to the graph. step and loss are all you need.")
        final = float(sess.run(v))
    steps = round(float(np.log(final / 8) / np.log(0.8))) if final > 0 else 0
    if steps != 20:
        raise Wrong(f"Asked for are 20 steps; the variable has made {steps}.")
    if not np.isclose(value, final**2, rtol=1e-4):
        raise Wrong(
            "Twenty steps, but your number is not the loss after the last one. In one run with the "
            "step the loss belongs to the values before it: read it in a run of its own."
        )


train_20 = Exercise(
    _test_train_20,
    praise="Twenty runs of the step, and a run of the loss when all is done.",
    hints=[
        "A loop with sess.run(step), and the loss after the loop.",
        "sess.run([step, loss]) gives no loss *after* the step. Use two runs.",
        "for _ in range(20): sess.run(step), then return sess.run(loss).",
    ],
    solution="""
        def train_20(sess, step, loss):
            for _ in range(20):
                sess.run(step)
            return sess.run(loss)

        exercises.train_20.check(train_20)
    """,
)


def _test_by_file(answer: Any) -> None:
    v = tf.Variable(1.0, name="v")
    w = tf.Variable([2.0, 3.0], name="w")
    folder = tempfile.TemporaryDirectory()
    with folder, tf.Session() as first, tf.Session() as second:
        first.run([v.initializer, w.initializer])
        v.load(7.0, first)
        path = os.path.join(folder.name, "model.ckpt")
        answer(first, second, path)
        if not tf.train.checkpoint_exists(path):
            raise Wrong("There is no checkpoint at path after your function.")
        if not (alive(second, v) and alive(second, w)):
            raise Wrong("The checkpoint is there, but second holds no value for some variable.")
        if second.run(v) != 7:
            raise Wrong(
                "second has values, but not first's. Does an initializer run after restore, or did "
                "you save the wrong session?"
            )


by_file = Exercise(
    _test_by_file,
    praise="Two sessions that never met: the file is all that they share.",
    hints=[
        "A saver has one method for each direction, and both take the session.",
        "saver = tf.train.Saver() for all variables; saver.save(first, path).",
        "Then saver.restore(second, path). No initializer.",
    ],
    solution="""
        def by_file(first, second, path):
            saver = tf.train.Saver()
            saver.save(first, path)
            saver.restore(second, path)

        exercises.by_file.check(by_file)
    """,
)


def _saved(folder: str, values: dict[str, Any]) -> str:
    """The path of a checkpoint with these values."""
    path = os.path.join(folder, "model.ckpt")
    with tf.Graph().as_default(), tf.Session() as sess:
        variables = {name: tf.Variable(value) for name, value in values.items()}
        sess.run(tf.global_variables_initializer())
        tf.train.Saver(variables).save(sess, path, write_meta_graph=False)
    return path


def _test_names_in(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = _saved(folder, {"a": 1.0, "net/b": [2.0], "net/c": 3})
        result = answer(path)
    if not isinstance(result, (list, tuple, set)):
        raise Wrong(f"Your function returns {type(result).__name__}; asked for is a list of names.")
    if any(isinstance(item, tuple) for item in result):
        raise Wrong("These are pairs of name and shape. Asked for are the names alone.")
    if sorted(map(str, result)) != ["a", "net/b", "net/c"]:
        raise Wrong("Those are not the names in the checkpoint: it has three.")


names_in = Exercise(
    _test_names_in,
    praise="No graph, no session: the .index file has the names.",
    hints=[
        "There is a function for looking into a checkpoint; the lesson used it.",
        "tf.train.list_variables(path) gives pairs of name and shape.",
        "Return [name for name, shape in tf.train.list_variables(path)].",
    ],
    solution="""
        def names_in(path):
            return [name for name, shape in tf.train.list_variables(path)]

        exercises.names_in.check(names_in)
    """,
)


def _test_load_old(answer: Any) -> None:
    v = tf.Variable([0.0, 0.0], name="v")
    tf.Variable(0.0, name="other")
    with tempfile.TemporaryDirectory() as folder, tf.Session() as sess:
        path = _saved(folder, {"old": [4.0, 5.0], "more": 1.0})
        try:
            answer(sess, v, path)
        except tf.errors.NotFoundError:
            raise Wrong(
                "Your saver looks for a name that the checkpoint does not have. Tell it that the "
                "value of v is called old there, and that v is all it is for."
            ) from None
        if not alive(sess, v):
            raise Wrong("After your function the session holds no value for v.")
        if not np.allclose(sess.run(v), [4, 5]):
            raise Wrong("v has a value in the session, but not the checkpoint's.")


load_old = Exercise(
    _test_load_old,
    praise="What counts is the name in the file. The dict says which variable it is for.",
    hints=[
        "tf.train.Saver takes a dict.",
        "The keys are the names in the file, the values are variables.",
        'tf.train.Saver({"old": v}).restore(sess, path)',
    ],
    solution="""
        def load_old(sess, v, path):
            tf.train.Saver({"old": v}).restore(sess, path)

        exercises.load_old.check(load_old)
    """,
)


def _test_only_w(answer: Any) -> None:
    v = tf.Variable(2.0, name="v")
    w = tf.Variable(3.0, name="w")
    step = _operation(answer(v * w, v, w))
    with tf.Session() as sess:
        sess.run([v.initializer, w.initializer])
        sess.run(step)
        moved = [float(value) for value in sess.run([v, w])]
    if moved[0] != 2:
        raise Wrong("v moves, too. By default an optimizer trains every trainable variable.")
    if moved[1] == 3:
        raise Wrong("w does not move: it is the one to be trained.")
    if not np.isclose(moved[1], 2.8):
        raise Wrong("w moves, but not by 0.1 times its gradient.")


only_w = Exercise(
    _test_only_w,
    praise="var_list says what may move. That is how one trains only the last layer of a network.",
    hints=[
        "minimize takes more than the loss: look at tf.train.Optimizer.minimize's arguments.",
        "var_list is the list of variables to train.",
        "Return tf.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=[w]).",
    ],
    solution="""
        def only_w(loss, v, w):
            return tf.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=[w])

        exercises.only_w.check(only_w)
    """,
)


def _test_printed(answer: Any) -> None:
    known = {
        (1, 1): "The initializer ran before restore, and restore writes over it.",
        (2, 20): "b came after the saver was made. What does the saver know of it?",
        (3, 10): "An initializer that runs after restore assigns the initial value again.",
    }
    parts(answer, [10, 2, 1], known, "numbers")


printed = Exercise(
    _test_printed,
    praise="The saver never knew of b, and the last init threw away what had been restored.",
    hints=[
        "Which variables were there when the saver was made?",
        "Only a is saved and restored; b has what init gave it. Then init runs again.",
        "10, 2, 1.",
    ],
    solution="""
        printed = [10, 2, 1]

        exercises.printed.check(printed)
    """,
)
