"""Watching all sessions: those made before and inside the block, and none after it."""

import pytest

import minitf as tf


def test_runs_writes_and_closes_of_every_session_are_told():
    with tf.Graph().as_default():
        x = tf.Variable(1, name="x")
        early = tf.Session()
        told = []
        with tf.Session.observe_all(told.append):
            early.run(x.initializer)
            with tf.Session() as late, pytest.raises(tf.errors.FailedPreconditionError):
                late.run(x)
        early.run(x)
    assert [(event.kind, event.session is early) for event in told] == [
        ("run", True), ("birth", True), ("ran", True),
        ("run", False), ("unborn", False), ("ran", False), ("close", False),
    ]  # fmt: skip
    assert told[1].value == 1
    assert told[0].fetches is x.initializer
    assert isinstance(told[5].error, tf.errors.FailedPreconditionError)


def test_a_training_steps_writes_in_place_are_told():
    told = []
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.Variable([1.0, 2.0], name="x")
        step = tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(x))
        sess.run(x.initializer)
        with tf.Session.observe_all(told.append):
            sess.run(step)
    assert [(event.kind, list(event.value)) for event in told[1:-1]] == [("write", [0.5, 1.5])]


def test_values_are_told_and_a_close_once():
    with tf.Graph().as_default():
        sess, told = tf.Session(), []
        with tf.Session.observe_all(told.append):
            assert sess.run(tf.constant(5)) == 5
            sess.close()
            sess.close()
    assert [(event.kind, event.values) for event in told] == [
        ("run", None), ("ran", 5), ("close", None),
    ]  # fmt: skip


def test_what_is_asked_of_get_variable_is_told():
    told = []
    with tf.Graph().as_default():
        observing = tf.VariableScope.observe_getting(lambda *asked: told.append(asked))
        with observing, tf.variable_scope("a", reuse=tf.AUTO_REUSE) as scope:
            tf.get_variable("v", [1])
        tf.get_variable("w", [1])
    assert told == [(scope, "v", tf.AUTO_REUSE)]


def test_ops_of_every_graph_are_told():
    made = []
    with tf.Graph.observe_all(made.append):
        with tf.Graph().as_default():
            a = tf.constant(1)
        with tf.Graph().as_default():
            c = tf.constant(2)
    with tf.Graph().as_default():
        tf.constant(3)
    assert made == [a.op, c.op]
