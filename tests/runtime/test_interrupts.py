"""Interrupts at any moment: nothing stays locked, variables stay whole, sessions go on."""

import random
import signal
import threading

import numpy as np
import pytest

import minitf as tf
from minitf.runtime.state import holding

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="the system has no timer that interrupts"
)
TIMES = 60


@pytest.fixture
def interrupts():
    """Interrupts a function that would run for ever, again and again, after a random time."""
    rng = random.Random(1)
    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))

    def interrupt(function, check, longest=0.002):
        for _ in range(TIMES):
            try:
                # The second is for one that comes while an object is deleted: Python drops it.
                signal.setitimer(signal.ITIMER_REAL, rng.uniform(1e-5, longest), 5)
                while True:
                    function()
            except KeyboardInterrupt:
                signal.setitimer(signal.ITIMER_REAL, 0)
            check()

    yield interrupt
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_locks_that_were_taken_are_given_back_where_one_more_cannot_be_had():
    locks = [threading.Lock() for _ in range(3)]
    locks[2].acquire()
    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            holding(locks, lambda: None)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert [lock.locked() for lock in locks] == [False, False, True]
    locks[2].release()
    assert holding(locks, lambda: [lock.locked() for lock in locks]) == [True] * 3
    assert not any(lock.locked() for lock in locks)


def test_updates_of_several_variables(interrupts):
    v = tf.Variable(np.ones(300, np.float32))
    optimizer = tf.train.AdamOptimizer(0.01)
    step = optimizer.apply_gradients([(tf.ones([300]), v)])
    kept = [v, *(optimizer.get_slot(v, name) for name in optimizer.get_slot_names())]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())

        def check():
            for variable in kept:
                assert len(set(sess.run(variable).tolist())) == 1
            sess.run(step)

        interrupts(lambda: sess.run(step), check)


def test_updates_of_one_variable(interrupts):
    v = tf.Variable(np.zeros(1000, np.float32))
    more, new = v.assign_add(tf.ones([1000])), v.assign(v * 0.5 + 1.0)
    with tf.Session() as sess:
        sess.run(v.initializer)

        def check():
            assert len(set(sess.run(v).tolist())) == 1

        interrupts(lambda: (sess.run(more), sess.run(new)), check)


def test_waiting_for_a_queue(interrupts):
    queue = tf.FIFOQueue(10, tf.int32, [[]])
    put, take, one = queue.enqueue_many([[1, 2, 3]]), queue.dequeue_many(5), queue.dequeue()
    count = queue.size()
    with tf.Session() as sess:

        def wait_in_vain():
            sess.run(put)
            sess.run(take)

        def empty():
            left = sess.run(count)
            assert left <= 3  # who is interrupted puts back what he took
            for _ in range(left):
                sess.run(one)

        interrupts(wait_in_vain, empty)


def test_loops_and_first_runs(interrupts):
    x = tf.placeholder(tf.float32, [])
    _, total = tf.while_loop(lambda i, _: i < 50, lambda i, s: (i + 1, tf.tanh(s + x)), [0, x])

    def in_a_new_session():
        with tf.Session() as sess:
            return sess.run(total, {x: 1.0})

    wanted = in_a_new_session()
    outer = tf.get_default_session()  # another test may have left one

    def check():
        assert tf.get_default_session() is outer
        assert in_a_new_session() == wanted

    interrupts(in_a_new_session, check)
