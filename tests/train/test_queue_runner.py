"""Threads that fill queues: blocking, stopping, errors, sessions that close."""

import threading
import time

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def started(target):
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


def test_a_taker_waits_until_something_comes():
    queue = tf.FIFOQueue(1, tf.int32, shapes=[[]])
    put, take = queue.enqueue(7), queue.dequeue()
    with tf.Session() as sess:
        found = []
        taker = started(lambda: found.append(sess.run(take)))
        time.sleep(0.05)
        assert not found
        sess.run(put)
        taker.join(5)
    assert found == [7]


def test_what_waits_for_room_may_still_come_in_after_a_close():
    queue = tf.FIFOQueue(2, tf.int32, shapes=[[]])
    put, take, close = queue.enqueue_many([[1, 2, 3]]), queue.dequeue(), queue.close()
    with tf.Session() as sess:
        putter = started(lambda: sess.run(put))
        while sess.run(queue.size()) < 2:
            time.sleep(0.01)
        sess.run(close)
        assert [sess.run(take) for _ in range(3)] == [1, 2, 3]
        putter.join(5)
        with pytest.raises(tf.errors.OutOfRangeError, match="insufficient elements"):
            sess.run(take)


def test_a_close_may_cancel_what_waits():
    queue = tf.FIFOQueue(1, tf.int32, shapes=[[]])
    put, cancel = queue.enqueue(1), queue.close(cancel_pending_enqueues=True)
    errors = []

    def put_two():
        sess.run(put)
        with pytest.raises(tf.errors.CancelledError, match="cancelled") as error:
            sess.run(put)
        errors.append(error)

    with tf.Session() as sess:
        putter = started(put_two)
        while not sess.run(queue.size()):
            time.sleep(0.01)
        sess.run(cancel)
        putter.join(5)
    assert len(errors) == 1


def test_closing_the_session_wakes_who_waits():
    take = tf.FIFOQueue(1, tf.int32, shapes=[[]]).dequeue()
    errors = []

    def wait():
        with pytest.raises(tf.errors.CancelledError, match="closed"):
            sess.run(take)
        errors.append(None)

    sess = tf.Session()
    taker = started(wait)
    time.sleep(0.05)
    sess.close()
    taker.join(5)
    assert errors == [None]


def test_too_few_elements_of_a_closed_queue_stay_in_it():
    queue = tf.FIFOQueue(9, tf.int32, shapes=[[]])
    two = queue.dequeue_many(2)
    with tf.Session() as sess:
        sess.run(queue.enqueue(4))
        sess.run(queue.close())
        with pytest.raises(tf.errors.OutOfRangeError, match="requested 2, current size 1"):
            sess.run(two)
        assert sess.run(queue.dequeue_up_to(2)).tolist() == [4]


def test_an_element_is_what_it_was_when_it_came_in():
    x = tf.placeholder(tf.float32, [3])
    queue = tf.FIFOQueue(9, tf.float32, shapes=[[3]])
    put, take = queue.enqueue(x * 1.0), queue.dequeue()
    with tf.Session() as sess:
        for i in range(3):
            sess.run(put, {x: np.full(3, i, np.float32)})
        assert [sess.run(take)[0] for _ in range(3)] == [0, 1, 2]


def test_several_threads_lose_no_element_and_make_none_twice():
    index = tf.train.range_input_producer(200, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.batch([index * 2], 20, num_threads=4, capacity=50)
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coordinator)
        rows = [sess.run(batch) for _ in range(10)]
        with pytest.raises(tf.errors.OutOfRangeError):
            sess.run(batch)
        coordinator.request_stop()
        coordinator.join(threads)
    assert sorted(np.concatenate(rows).tolist()) == [2 * i for i in range(200)]


def test_a_runner_without_a_coordinator_keeps_its_error(caplog, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda details: None)
    queue = tf.FIFOQueue(9, tf.int32, shapes=[[]])
    runner = tf.train.QueueRunner(queue, [queue.enqueue(tf.div(1, tf.constant(0, name="zero")))])
    with tf.Session() as sess:
        for thread in runner.create_threads(sess, start=True):
            thread.join(5)
        assert sess.run(queue.is_closed())
    assert len(runner.exceptions_raised) == 1
    assert "zero" in caplog.text


def test_threads_run_once_for_each_session():
    queue = tf.FIFOQueue(9, tf.int32, shapes=[[]])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1)] * 2))
    with tf.Session() as sess:
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coordinator)
        assert len(threads) == 3  # the third cancels what waits when all are to stop
        assert tf.train.start_queue_runners(sess, coordinator) == []
        coordinator.request_stop()
        coordinator.join(threads)
