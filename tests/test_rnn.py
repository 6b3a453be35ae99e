"""Recurrent networks: losses, gradients and names that TensorFlow 2.21's own cells gave."""

import numpy as np
import pytest

import minitf as tf

cells = tf.nn.rnn_cell
X = np.sin(np.arange(30, dtype=np.float32)).reshape(2, 3, 5)


def dynamic(cell, **options):
    """The outputs and all tensors of the last state."""
    x = tf.constant(X, name="x")
    outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, **options)
    parts = state if isinstance(state, tuple) else [state]
    return [outputs, *[t for part in parts for t in (part if isinstance(part, tuple) else [part])]]


def static(cell, **options):
    return tf.nn.static_rnn(cell, parts(), dtype=tf.float32, **options)[0]


def parts():
    return tf.unstack(tf.constant(X, name="x"), axis=1)


def both_ways():
    pair = cells.BasicLSTMCell(3), cells.BasicLSTMCell(3)
    return tf.nn.bidirectional_dynamic_rnn(*pair, tf.constant(X), dtype=tf.float32)[0]


def both_ways_unrolled():
    pair = cells.BasicRNNCell(3), cells.BasicRNNCell(3)
    x = tf.unstack(tf.constant(X), axis=1)
    return tf.nn.static_bidirectional_rnn(*pair, x, dtype=tf.float32)[0]


def projected():
    return cells.LSTMCell(4, use_peepholes=True, num_proj=3, cell_clip=1.0)


def stacked():
    return cells.MultiRNNCell([cells.BasicRNNCell(4), cells.BasicRNNCell(2)])


def dropped():
    return cells.DropoutWrapper(cells.BasicLSTMCell(4), output_keep_prob=0.5, state_keep_prob=0.9)


def wrapped():
    inside = cells.ResidualWrapper(cells.GRUCell(5))
    return cells.MultiRNNCell([inside, cells.DeviceWrapper(cells.BasicRNNCell(2), "/cpu:0")])


def raw():
    x, lengths, cell = tf.constant(X.reshape(3, 2, 5)), tf.constant([3, 2]), cells.LSTMCell(4)

    def loop_fn(time, output, state, loop_state):
        state = cell.zero_state(2, tf.float32) if output is None else state
        ended = time >= lengths
        over = tf.reduce_all(ended)
        step = tf.cond(over, lambda: tf.zeros([2, 5]), lambda: tf.gather(x, time))
        return ended, step, state, output, None

    outputs, state, _ = tf.nn.raw_rnn(cell, loop_fn)
    return [outputs.stack(), *state]


class Minimal(cells.RNNCell):
    state_size = output_size = 3

    def call(self, inputs, state):
        w = tf.get_variable("w", [5, 3])
        new = tf.tanh(tf.matmul(inputs, w) + state)
        return new, new


# What is built, the sum of its squared outputs, and the sums of the gradients of each variable.
RECORDED = {
    "basic_lstm": (lambda: dynamic(cells.BasicLSTMCell(4)), 0.8983, [0.478, 2.758]),
    "lstm": (lambda: dynamic(cells.LSTMCell(4)), 0.8983, [0.478, 2.758]),
    "lstm_projected": (
        lambda: dynamic(projected()), 1.9526, [2.33, 3.996, 0.066, -0.067, 0.209, 0.638],
    ),
    "gru": (lambda: dynamic(cells.GRUCell(4)), 1.2887, [0.02, -1.668, 0.628, -0.677]),
    "wrapped": (lambda: dynamic(wrapped()), 3.3062, [0.075, -0.457, 0.09, 0.195, 6.862, 1.492]),
    "raw": (raw, 0.3262, [-0.686, 1.203]),
    "own": (lambda: dynamic(Minimal()), 7.1746, [-2.035]),
    "lengths": (
        lambda: dynamic(cells.BasicRNNCell(4), sequence_length=[2, 3]), 7.2248, [6.814, 2.792],
    ),
    "stacked": (lambda: dynamic(stacked()), 5.0033, [11.425, 3.692, -1.403, -0.491]),
    "dropout": (lambda: dynamic(dropped()), 1.2205, [-0.018, 4.623]),
    "static": (lambda: static(cells.BasicRNNCell(4)), 6.0579, [7.088, 1.894]),
    "static_lengths": (
        lambda: static(cells.BasicLSTMCell(4), sequence_length=[2, 3]), 0.3166, [-0.014, 0.589],
    ),
    "both_ways": (both_ways, 0.2281, [0.179, 0.29, 0.122, 0.238]),
    "both_ways_unrolled": (both_ways_unrolled, 10.1024, [-2.448, -0.073, -1.711, -3.478]),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_graph():
    tf.reset_default_graph()


@pytest.mark.parametrize("name", list(RECORDED))
def test_values_and_gradients_are_tensorflows(name):
    build, wanted_loss, wanted_gradients = RECORDED[name]
    tf.set_random_seed(3)
    outputs = build()
    # The recorded program draws from the same seeds: ops are counted up to here.
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    loss = tf.add_n([tf.reduce_sum(tf.square(output)) for output in outputs])
    gradients = tf.gradients(loss, tf.trainable_variables())
    assert session.run(loss) == pytest.approx(wanted_loss, abs=1e-4)
    sums = [np.sum(value) for value in session.run(gradients)] if name != "dropout" else None
    if sums is not None:
        np.testing.assert_allclose(sums, wanted_gradients, atol=2e-3)


def test_names():
    dynamic(stacked())
    prefix = "rnn/multi_rnn_cell/cell_{}/basic_rnn_cell/"
    assert [v.op.name for v in tf.trainable_variables()] == [
        prefix.format(number) + name for number in range(2) for name in ("kernel", "bias")
    ]
    ops = [op.name for op in tf.get_default_graph().get_operations()]
    assert "rnn/while/rnn/multi_rnn_cell/cell_0/basic_rnn_cell/MatMul" in ops


def test_a_cell_of_ones_own_is_named_after_its_class():
    dynamic(Minimal())
    assert [v.op.name for v in tf.trainable_variables()] == ["rnn/minimal/w"]


def test_cells_want_floats():
    whole = tf.ones([2, 3], tf.int32)
    with pytest.raises(ValueError, match=r"only supports floating point inputs, but .* tf.int32"):
        cells.GRUCell(3)(whole, whole)


def test_unrolled_steps_share_their_variables():
    outputs = static(cells.BasicRNNCell(4))
    assert len(tf.trainable_variables()) == 2
    assert [y.op.name for y in outputs] == [
        "rnn/basic_rnn_cell/Tanh", "rnn/basic_rnn_cell/Tanh_1", "rnn/basic_rnn_cell/Tanh_2"
    ]  # fmt: skip


def test_loop_and_unrolled_agree():
    cell = cells.BasicLSTMCell(4, name="shared")
    with tf.variable_scope("rnn", reuse=tf.AUTO_REUSE):
        looped = tf.nn.dynamic_rnn(cell, tf.constant(X), dtype=tf.float32)[0]
        unrolled = tf.nn.static_rnn(cell, parts(), dtype=tf.float32)[0]
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    a, b = session.run([looped, tf.stack(unrolled, axis=1)])
    np.testing.assert_allclose(a, b, rtol=1e-6)


def test_sizes_that_are_known_only_when_run():
    x = tf.placeholder(tf.float32, [None, None, 5])
    outputs, _ = tf.nn.dynamic_rnn(cells.GRUCell(4), x, dtype=tf.float32)
    assert outputs.shape.as_list() == [None, None, 4]
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    assert session.run(outputs, {x: X}).shape == (2, 3, 4)


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: tf.nn.dynamic_rnn(cells.GRUCell(4), tf.constant(X)), ValueError, "dtype"),
        (lambda: tf.nn.static_rnn(cells.GRUCell(4), []), ValueError, "must not be empty"),
        (lambda: tf.nn.static_rnn(cells.GRUCell(4), X), TypeError, "must be a sequence"),
        (lambda: tf.nn.dynamic_rnn(object(), tf.constant(X)), TypeError, "is not an RNNCell"),
        (lambda: cells.MultiRNNCell([]), ValueError, "at least one cell"),
        (lambda: cells.DropoutWrapper(cells.GRUCell(2), 2.0), ValueError, "between 0 and 1"),
    ],
)
def test_refuses(build, error, message):
    with pytest.raises(error, match=message):
        build()
