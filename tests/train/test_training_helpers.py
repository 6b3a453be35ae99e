"""Global steps, coordinators, decays and moving averages beyond what the oracle's programs show."""

import threading
import time

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_global_step(graph):
    assert tf.train.get_global_step() is None
    with tf.name_scope("deep"):
        step = tf.train.get_or_create_global_step()
    assert step.name == "global_step:0"
    assert step.dtype.base_dtype is tf.int64
    assert not step.trainable
    assert tf.train.get_global_step(graph) is step
    assert tf.train.get_or_create_global_step() is step
    with pytest.raises(ValueError, match="already exists"):
        tf.train.create_global_step()
    with tf.Session() as sess:
        sess.run(step.initializer)
        assert tf.train.global_step(sess, step) == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: 3, "must be a Variable or Tensor"),
        (lambda: tf.constant(1.0), "integer type"),
        (lambda: tf.constant([1]), "not scalar"),
    ],
)
def test_what_is_no_global_step(wrong, message):
    with pytest.raises(TypeError, match=message):
        tf.train.assert_global_step(wrong())


def decay_values(function, steps):
    step = tf.placeholder(tf.int64, [])
    rate = function(step)
    with tf.Session() as sess:
        return [float(sess.run(rate, {step: s})) for s in steps]


# TensorFlow's numbers at the steps 0, 50, 100 and 150.
DECAYS = {
    "exponential": (lambda s: tf.train.exponential_decay(0.1, s, 100, 0.5),
                    lambda t: 0.1 * 0.5**t),
    "staircase": (lambda s: tf.train.exponential_decay(0.1, s, 100, 0.5, staircase=True),
                  lambda t: 0.1 * 0.5 ** int(t)),
    "natural": (lambda s: tf.train.natural_exp_decay(0.1, s, 100, 0.5),
                lambda t: 0.1 * np.exp(-0.5 * t)),
    "inverse": (lambda s: tf.train.inverse_time_decay(0.1, s, 100, 0.5),
                lambda t: 0.1 / (1 + 0.5 * t)),
    "polynomial": (lambda s: tf.train.polynomial_decay(0.1, s, 100, 0.01, power=2.0),
                   lambda t: 0.09 * (1 - min(t, 1)) ** 2 + 0.01),
    "cycle": (lambda s: tf.train.polynomial_decay(0.1, s, 100, 0.0, cycle=True),
              lambda t: 0.1 * (1 - t / max(np.ceil(t), 1))),
    "cosine": (lambda s: tf.train.cosine_decay(0.1, s, 100, 0.2),
               lambda t: 0.1 * (0.8 * 0.5 * (1 + np.cos(np.pi * min(t, 1))) + 0.2)),
    "piecewise": (lambda s: tf.train.piecewise_constant(s, [50, 100], [3.0, 2.0, 1.0]),
                  lambda t: 3.0 if t <= 0.5 else 2.0 if t <= 1 else 1.0),
}  # fmt: skip


@pytest.mark.parametrize("name", DECAYS)
def test_decays(name):
    function, formula = DECAYS[name]
    steps = [0, 50, 100, 150]
    expected = [formula(s / 100) for s in steps]
    np.testing.assert_allclose(decay_values(function, steps), expected, rtol=1e-5, atol=1e-8)


def test_boundaries_of_another_type():
    with pytest.raises(ValueError, match="same dtype as x"):
        tf.train.piecewise_constant(tf.constant(1), [1.5], [1.0, 2.0])
    with pytest.raises(ValueError, match="all with the same dtype"):
        tf.train.piecewise_constant(tf.constant(1), [1], [1.0, 2])


def test_averages_are_restored_in_the_place_of_their_variables(tmp_path):
    v = tf.Variable(1.0, name="v")
    average = tf.train.ExponentialMovingAverage(0.5)
    update = average.apply([v])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(v.assign(3.0))
        sess.run(update)
        assert sess.run(average.average(v)) == 2.0
        prefix = tf.train.Saver().save(sess, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.Variable(0.0, name="v")
        names = tf.train.ExponentialMovingAverage(0.5).variables_to_restore()
        assert names == {"v/ExponentialMovingAverage": v}
        tf.train.Saver(names).restore(sess, prefix)
        assert sess.run(v) == 2.0
    with pytest.raises(TypeError, match="half, float, or double"):
        average.apply([tf.Variable(1)])


def test_one_thread_stops_all():
    coord = tf.train.Coordinator()
    rounds = []

    def work():
        rounds.append(1)
        if len(rounds) == 5:
            raise KeyError("mine")

    threads = [tf.train.LooperThread.loop(coord, None, lambda: time.sleep(0.001))]
    threads.append(tf.train.LooperThread.loop(coord, 0.001, work))
    with pytest.raises(KeyError, match="mine"):
        coord.join(threads)
    assert coord.joined
    assert not any(thread.is_alive() for thread in threads)
    with pytest.raises(KeyError, match="mine"):
        coord.raise_requested_exception()
    coord.clear_stop()
    coord.raise_requested_exception()
    assert not coord.should_stop()


def test_the_end_of_the_data_is_no_error():
    coord = tf.train.Coordinator()
    with coord.stop_on_exception():
        raise tf.errors.OutOfRangeError(None, None, "done")
    assert coord.should_stop()
    coord.join([])
    with pytest.raises(ValueError, match="late"):
        coord.request_stop(ValueError("late"))


def test_a_thread_that_does_not_stop():
    coord, release = tf.train.Coordinator(), threading.Event()
    thread = threading.Thread(target=release.wait, name="stubborn")
    thread.start()
    coord.request_stop()
    with pytest.raises(RuntimeError, match="stubborn"):
        coord.join([thread], stop_grace_period_secs=0.05)
    coord.join([thread], stop_grace_period_secs=0.05, ignore_live_threads=True)
    release.set()
    thread.join()
