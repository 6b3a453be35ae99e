"""What optimizers say that TensorFlow, broken there, says worse."""

import pytest

import minitf as tf


def test_a_function_has_no_gradient_outside_eager_execution():
    w = tf.Variable([1.0, 2.0])
    step = tf.train.GradientDescentOptimizer(0.1)
    assert step.compute_gradients(lambda: tf.reduce_sum(w)) == []
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        step.minimize(lambda: tf.reduce_sum(w), var_list=[w])


def test_a_global_step_is_a_variable():
    w = tf.Variable([1.0, 2.0])
    with pytest.raises(AttributeError, match="'int' object has no attribute 'dtype'"):
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(w), global_step=3)
