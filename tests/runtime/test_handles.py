"""Values kept between runs: they go with their handles, and are the session's own."""

import gc

import numpy as np
import pytest

import minitf as tf
from minitf.ops.session_handles import store_of


@pytest.fixture
def sess():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_a_value_is_forgotten_with_its_handle(sess):
    keep = tf.get_session_handle(tf.constant([1.0]))
    handle = sess.run(keep)
    assert len(store_of(sess).values) == 1
    del handle
    gc.collect()
    assert not store_of(sess).values


def test_a_raw_handle_keeps_its_value(sess):
    raw = sess.run(tf.get_session_handle(tf.constant([1.0]))).get_raw_handle()
    gc.collect()
    holder, value = tf.get_session_tensor(raw, tf.float32)
    assert sess.run(value, {holder: raw}).tolist() == [1.0]


def test_what_was_fed_may_change_afterwards(sess):
    x = tf.placeholder(tf.float32, [2])
    fed = np.array([1.0, 2.0], np.float32)
    handle = sess.run(tf.get_session_handle(x), {x: fed})
    fed[:] = 9.0
    assert handle.eval().tolist() == [1.0, 2.0]


def test_a_fed_handle_is_what_was_fed(sess):
    keep = tf.get_session_handle(tf.constant(1))
    assert sess.run(keep, {keep: "given"}).item() == "given"
