"""Tapes: what they hold gives what the straight-line program gives, NumPy's calls one by one."""

import itertools
import threading

import numpy as np
import pytest

import minitf as tf
from minitf import registry
from minitf.kernels import jit
from minitf.kernels.tape import player
from minitf.ops.arithmetic import Add
from minitf.ops.constants import PreventGradient
from minitf.ops.division import Div
from minitf.runtime import arranging, assembling, taping

pytestmark = pytest.mark.skipif(
    jit.disabled(), reason="NUMBA_DISABLE_JIT asks for no compiled code"
)


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


@pytest.fixture(params=["small", "large"])
def taped(request, monkeypatch):
    """Writes tapes at a plan's second run; gives back every tape that was written.

    Once for small models, and once as if all were large: variables that are not copied, products
    by the BLAS.
    """
    written = []
    if request.param == "large":
        monkeypatch.setattr(assembling, "_COPIED", 1)
        monkeypatch.setattr(assembling, "_MOST_PRODUCTS", 1)

    class Noted(arranging.Tape):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            written.append(self)

    monkeypatch.setattr(taping, "_CONSIDERED_AFTER", 1)
    monkeypatch.setattr(assembling, "FEWEST", 1)
    monkeypatch.setattr(assembling, "_SHORTEST_BLOCK", 4)
    monkeypatch.setattr(arranging, "Tape", Noted)
    monkeypatch.setattr(player, "ready", lambda lost_ns: True)
    return written


def _x(*shape):
    return np.random.default_rng(len(shape)).uniform(0.1, 2.0, shape).astype(np.float32)


def _played(tapes):
    return {op.type for tape in tapes for op in tape.ops}


def _sums_of(outputs):
    return [tf.reduce_sum(tf.square(t), list(range(1, t.shape.rank))) for t in outputs]


# Ops with the feeds they take; every op that a tape holds must stand in one.
FORMULAS = {
    "AddV2 Sub Mul RealDiv": (lambda x, y: (x + y) * (x - y) / y, (_x(3, 4), _x(4))),
    "Add Div": (lambda x, y: Div(Add(x, y), y), (_x(3, 1), _x(1, 4))),
    "Maximum Minimum SquaredDifference": (
        lambda x, y: tf.maximum(x, y) + tf.minimum(x, y) * tf.squared_difference(x, y),
        (_x(2, 3), _x()),
    ),
    "TanhGrad SigmoidGrad": (
        lambda x: tf.gradients(tf.tanh(x) + tf.sigmoid(x), x)[0] * 2.0,
        (_x(5, 3) - 1,),
    ),
    "Relu ReluGrad": (
        lambda x: tf.gradients(tf.nn.relu(x) * x, x)[0],
        (np.array([-1.0, 0.0, 2.0, np.nan], np.float32),),
    ),
    "Neg Square Tanh Sigmoid Exp Log Sqrt": (
        lambda x: tf.exp(-x) * tf.log(x) + tf.sqrt(tf.square(tf.tanh(x))) * tf.sigmoid(x),
        (_x(4, 4),),
    ),
    "Identity StopGradient PreventGradient Reshape Squeeze ExpandDims Transpose": (
        lambda x: (
            tf.transpose(
                tf.reshape(tf.expand_dims(tf.squeeze(tf.identity(tf.stop_gradient(x))), 0), [4, -1])
            )
            * PreventGradient(2.0 * x[0, 0, 0])
        ),
        (_x(1, 6, 4),),
    ),
    "Slice StridedSlice Split SplitV Unpack": (
        lambda x: [
            *_sums_of(tf.split(x * 2.0, 2, axis=1)),
            *_sums_of(tf.split(x * 3.0, [1, 3], axis=1)),
            *_sums_of(tf.unstack(x, axis=1)),
            tf.slice(x, [1, 1], [2, 2]) + 1.0,
            x[::2, -1] * 2.0,
        ],
        (_x(3, 4),),
    ),
    "Pack ConcatV2 Tile BroadcastTo ReverseV2": (
        lambda x: [
            tf.stack([x, x * 2.0], axis=1) + 1.0,
            tf.concat([x, x + 1.0], axis=1) * 2.0,
            tf.tile(x, [2, 1]) * 2.0,
            tf.broadcast_to(x, [2, 3, 2]) + 1.0,
            tf.reverse(x, [0]) - 1.0,
        ],
        (_x(3, 2),),
    ),
    "Pow Greater GreaterEqual Less LessEqual Select SelectV2 Cast": (
        lambda x, y: [
            tf.pow(x, 2.0) + tf.pow(y, x),
            tf.where(x > y, x * 2.0, tf.where(x >= 1.0, y * 3.0, x)),
            tf.where_v2(x < y, x * 2.0, 1.0) * tf.cast(x > 1.0, tf.float32),
            tf.where(x <= y, y * 2.0, x),
            tf.logical_not(x * 2.0 > y),
        ],
        (_x(3, 4), _x(3, 4)),
    ),
    "Reciprocal ReciprocalGrad": (
        lambda x: tf.gradients(tf.reciprocal(x), x)[0] + tf.reciprocal(x * 2.0),
        (_x(3, 4),),
    ),
    "SqrtGrad RsqrtGrad Abs Sign Rsqrt Log1p Softplus": (
        lambda x, y: [
            *tf.gradients(tf.sqrt(x) + tf.rsqrt(x), x),
            tf.abs(y) * tf.sign(y),
            tf.log1p(x) - tf.nn.softplus(y * 30.0),
        ],
        (_x(3, 4), np.array([-1.0, 0.0, np.nan, 2.0], np.float32)),
    ),
    "MatMul": (
        lambda x, y: [
            tf.matmul(x, y),
            tf.matmul(x, x, transpose_a=True),
            tf.matmul(x, x, transpose_b=True),
            tf.matmul(y, x, transpose_a=True, transpose_b=True),
        ],
        (_x(5, 7), _x(7, 3)),
    ),
    "MatMul Square": (
        lambda x, y: [
            tf.matmul(tf.square(x), y),
            tf.matmul(x, x, transpose_a=True),
            tf.matmul(x, x, transpose_b=True),
            tf.matmul(x, y[:, :1]),
        ],
        (_x(9, 13), _x(13, 19)),
    ),
    "BatchMatMulV2": (
        lambda x, y: [
            tf.matmul(x, y) * 2.0,
            tf.matmul(x, x * 2.0, transpose_a=True),
            tf.matmul(x * 2.0, x, transpose_b=True),
            tf.matmul(y, x, transpose_a=True, transpose_b=True) + 1.0,
        ],
        (_x(2, 3, 5, 4), _x(2, 3, 4, 6)),
    ),
    "BatchMatMul": (
        lambda x, y: registry.get("BatchMatMul")(x, y * 2.0),
        (_x(2, 5, 4), _x(2, 4, 6)),
    ),
    "Sum Mean": (
        lambda x: [
            tf.reduce_sum(x * 2.0, 0),
            tf.reduce_mean(x * 2.0, [0, 2], keepdims=True),
            tf.reduce_mean(x),
            tf.reduce_sum(x, [-1]),
            tf.reduce_sum(x, []),
        ],
        (_x(3, 5, 2),),
    ),
    "BiasAdd BiasAddGrad": (
        lambda x, b: [
            tf.nn.bias_add(x, b),
            tf.gradients(tf.square(tf.nn.bias_add(x, b)), b)[0],
        ],
        (_x(2, 3, 4), _x(4)),
    ),
    "AddN": (lambda x: tf.add_n([x, x * 2.0, x]), (_x(3),)),
    "Softmax": (lambda x: tf.nn.softmax(x * 3.0), (_x(4, 5),)),
    "SoftmaxCrossEntropyWithLogits": (
        lambda x, y: list(registry.get("SoftmaxCrossEntropyWithLogits")(x * 2.0, y)),
        (_x(4, 5), _x(4, 5)),
    ),
    "SparseSoftmaxCrossEntropyWithLogits": (
        lambda x, y: list(registry.get("SparseSoftmaxCrossEntropyWithLogits")(x * 2.0, y)),
        (_x(4, 5), np.array([0, 4, 2, 2])),
    ),
}


@pytest.mark.parametrize("ops", FORMULAS)
def test_a_tape_gives_what_numpy_gives(taped, ops):
    build, feeds = FORMULAS[ops]
    inputs = [tf.placeholder(feed.dtype, [None, *feed.shape[1:]][: feed.ndim]) for feed in feeds]
    outputs = build(*inputs)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    sess, feed_dict = tf.Session(), dict(zip(inputs, feeds, strict=True))
    plain = sess.run(outputs, feed_dict)  # watched, on NumPy
    assert taped
    for got, wanted in zip(sess.run(outputs, feed_dict), plain, strict=True):
        assert np.shape(got) == np.shape(wanted)
        np.testing.assert_allclose(got, wanted, rtol=3e-6, atol=1e-6)
    assert set(ops.split()) - _played(taped) == set()


OPTIMIZERS = {
    "ApplyGradientDescent": tf.train.GradientDescentOptimizer(0.1),
    "ApplyMomentum": tf.train.MomentumOptimizer(0.1, 0.9),
    "nesterov": tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "ApplyAdagrad": tf.train.AdagradOptimizer(0.1),
    "ApplyRMSProp": tf.train.RMSPropOptimizer(0.01, momentum=0.5),
    "ApplyAdam": tf.train.AdamOptimizer(0.01),
}


def _training(optimizer):
    x = tf.placeholder(tf.float32, [None, 4])
    w = tf.Variable(_x(4, 3), name="w")
    b = tf.Variable(np.zeros(3, np.float32), name="b")
    loss = tf.reduce_mean(tf.square(tf.tanh(tf.matmul(x, w) + b) - 0.3))
    steps = tf.Variable(0, trainable=False)
    return x, optimizer.minimize(loss, steps), loss, [w, b, steps]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_takes_the_same_path(taped, monkeypatch, name):
    x, train, loss, variables = _training(OPTIMIZERS[name])
    paths = []
    for tapes in (True, False):
        monkeypatch.setattr(player, "ready", lambda lost_ns, tapes=tapes: tapes)
        sess = tf.Session()
        sess.run(tf.global_variables_initializer())
        losses = [sess.run([train, loss], {x: _x(6, 4)})[1] for _ in range(30)]
        paths.append([*losses, *sess.run(variables)])
    assert name == "nesterov" or {name, "MatMul"} <= _played(taped)
    for got, wanted in zip(*paths, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)


def _recurrent_training():
    """A gated cell in a loop over rows that are fed, its outputs in an array, and its gradients."""
    rows = tf.placeholder(tf.float32, [5, 3, 4])
    kernel = tf.Variable(_x(8, 12) / 4)
    taken = tf.TensorArray(tf.float32, 5).unstack(rows)

    def cell(step, state, outputs):
        gates = tf.matmul(tf.concat([taken.read(step), state], 1), kernel)
        new, kept, shown = tf.split(gates, 3, 1)
        state = state * tf.sigmoid(kept) + tf.tanh(new) * (1.0 - tf.sigmoid(kept))
        return step + 1, state, outputs.write(step, state * tf.sigmoid(shown))

    start = [0, tf.zeros([3, 4]), tf.TensorArray(tf.float32, 5)]
    _, state, outputs = tf.while_loop(lambda step, *_: step < 5, cell, start)
    loss = tf.reduce_sum(tf.square(outputs.stack())) + tf.reduce_mean(state)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return [loss, train, kernel], {rows: _x(5, 3, 4)}


def test_what_a_loop_runs_each_round_is_taped(taped, monkeypatch):
    fetches, feeds = _recurrent_training()
    plain, quick = tf.Session(), tf.Session()
    for session in (plain, quick):
        session.run(tf.global_variables_initializer())
    for _ in range(4):
        monkeypatch.setattr(player, "ready", lambda lost_ns: False)
        wanted = plain.run(fetches, feeds)
        monkeypatch.setattr(player, "ready", lambda lost_ns: True)
        got = quick.run(fetches, feeds)
        for value, want in zip((got[0], got[2]), (wanted[0], wanted[2]), strict=True):
            np.testing.assert_allclose(value, want, rtol=1e-5, atol=1e-6)
    program = str(quick.explain(fetches, list(feeds)))
    assert len([line for line in program.splitlines() if "a tape of" in line[:80]]) >= 2
    assert {"MatMul", "ConcatV2", "Split", "Tanh", "SigmoidGrad"} <= _played(taped)


def test_a_loop_in_a_loop_and_one_that_grows(taped):
    x = tf.placeholder(tf.float32, [2, 3])

    def inner(i, y):
        return i + 1, tf.tanh(y * 1.5) + tf.sigmoid(y) * y - tf.square(y) / 8.0

    def outer(i, y):
        y = tf.while_loop(lambda j, _: j < i + 1, inner, [0, y])[1]
        return i + 1, tf.exp(-y) * y + tf.sigmoid(y * y) * 0.5 - y / 3.0

    _, nested = tf.while_loop(lambda i, _: i < 3, outer, [0, x])
    shapes = [tf.TensorShape([]), tf.TensorShape([None, 3])]
    _, grown = tf.while_loop(
        lambda i, _: i < 3,
        lambda i, y: (i + 1, tf.concat([tf.tanh(y) * y + y, tf.exp(-y) / 2.0 + y * y], 0)),
        [0, x],
        shape_invariants=shapes,
    )
    session = tf.Session()
    first = session.run([nested, grown], {x: _x(2, 3)})
    assert taped
    for fed in (_x(2, 3), _x(2, 3) - 1.0, _x(2, 3)):
        again = session.run([nested, grown], {x: fed})
    assert again[1].shape == (16, 3)
    for value, want in zip(again, first, strict=True):
        np.testing.assert_allclose(value, want, rtol=1e-5, atol=1e-6)


def test_branches_are_not_taped(taped):
    x = tf.placeholder(tf.float32, [2, 3])

    def long(y):
        return tf.exp(-y) * y + tf.sigmoid(y * y) * 0.5 - tf.square(y) / 3.0

    y = tf.cond(tf.reduce_sum(x) > 0.0, lambda: long(x), lambda: x - 1.0)
    session = tf.Session()
    for fed in (_x(2, 3), -_x(2, 3), _x(2, 3)):
        value = session.run(y, {x: fed})
        want = np.exp(-fed) * fed + 0.5 / (1 + np.exp(-fed * fed)) - fed**2 / 3
        np.testing.assert_allclose(value, want if fed.sum() > 0 else fed - 1, rtol=1e-5)
    assert not taped


def test_assignments_and_reads_keep_their_order(taped):
    v = tf.Variable([1.0, 2.0])
    before = v * 10.0
    with tf.control_dependencies([before]):
        added = tf.assign_add(v, [1.0, 1.0])
    with tf.control_dependencies([added]):
        after = v + 0.5
        taken = tf.assign_sub(v, after)
    with tf.control_dependencies([taken]):
        last = tf.assign(v, v * v)
    sess = tf.Session()
    sess.run(v.initializer)
    wanted = np.array([1.0, 2.0], np.float32)
    for _ in range(4):
        got = sess.run([before, after, last, v])
        first, added_value = wanted * 10, wanted + 1
        wanted = (added_value - (added_value + np.float32(0.5))) ** 2
        for value, right in zip(got, [first, added_value + 0.5, wanted, wanted], strict=True):
            np.testing.assert_array_equal(value, right)
    assert _played(taped) >= {"Assign", "AssignAdd", "AssignSub"}


def test_every_op_that_a_tape_holds_is_tested():
    tested = {op for ops in [*FORMULAS, *OPTIMIZERS] for op in ops.split()}
    assert assembling.TAPED - tested == {"Assign", "AssignAdd", "AssignSub"}  # the test above


def test_a_label_that_is_no_class_is_an_error_of_its_node_and_changes_nothing(taped):
    labels = tf.placeholder(tf.int32, [None])
    w = tf.Variable(_x(2, 3), name="w")
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=w, name="culprit")
    train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_mean(loss))
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        sess.run(train, {labels: [0, 1]})
    before = sess.run(w)
    with pytest.raises(tf.errors.InvalidArgumentError, match="label value") as caught:
        sess.run(train, {labels: [0, 7]})
    assert caught.value.op.type == "SparseSoftmaxCrossEntropyWithLogits"
    np.testing.assert_array_equal(sess.run(w), before)
    sess.run(train, {labels: [0, 1]})
    assert taped


def test_a_variable_without_a_value_is_told_as_ever(taped):
    x, train, loss, _ = _training(OPTIMIZERS["ApplyMomentum"])
    sess = tf.Session()
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value"):
        sess.run([train, loss], {x: _x(6, 4)})
    sess.run(tf.global_variables_initializer())
    first = [sess.run([train, loss], {x: _x(6, 4)})[1] for _ in range(3)]
    assert first[2] < first[1] < first[0]


def test_other_shapes_get_tapes_of_their_own_up_to_a_number(taped):
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(tf.square(x * 2.0 + 1.0)) / 3.0
    sess = tf.Session()
    for _ in range(3):
        for n in range(1, 20):
            got = sess.run(y, {x: np.ones(n)})
            np.testing.assert_allclose(got, 9.0 * n / 3.0, rtol=1e-6)
    assert 1 < len(taped) <= taping._MOST_SHAPES


def test_a_value_that_changed_its_shape_is_not_taped(taped):
    v = tf.Variable([1.0, 2.0])
    grown = tf.assign(v, [1.0, 2.0, 3.0], validate_shape=False)
    total = tf.reduce_sum(v * 2.0) + 1.0
    sess = tf.Session()
    sess.run(v.initializer)
    assert [sess.run(total) for _ in range(3)] == [7.0] * 3
    sess.run(grown)
    assert [sess.run(total) for _ in range(3)] == [13.0] * 3


def test_a_variable_that_got_another_array_is_found_there(taped):
    w = tf.Variable(_x(4, 3))
    scaled = w.assign_add(w * [0.0, 1.0, 3.0])
    given = tf.placeholder(tf.float32, [4, 3])
    renewals = [w.assign(given * 1.0) for _ in range(4)]  # each runs once, so none is taped
    sess = tf.Session()
    sess.run(w.initializer)
    # An array in Fortran's order is left to NumPy.
    for number, (renew, order) in enumerate(zip(renewals, "CFCF", strict=True)):
        sess.run(renew, {given: np.array(_x(4, 3) + number, order=order)})
        for times in (1, 2, 3):
            wanted = np.float32([1, 2**times, 4**times]) * (_x(4, 3) + np.float32(number))
            np.testing.assert_array_equal(sess.run(scaled), wanted)
    assert taped


def test_whoever_holds_a_variables_array_keeps_its_values(taped):
    w = tf.Variable(_x(4, 3))
    doubled = w.assign_add(w * 1.0)
    sess = tf.Session()
    sess.run(w.initializer)
    slot = sess._slot(w.op)
    for _ in range(4):
        held = slot.value
        before = held.copy()
        np.testing.assert_array_equal(sess.run(doubled), 2 * before)
        np.testing.assert_array_equal(held, before)
    assert taped


def test_a_fed_read_of_a_variable_is_what_was_fed(taped):
    v = tf.Variable([1.0, 2.0])
    read = v.value()
    total = tf.reduce_sum(read * 2.0) + 1.0
    sess = tf.Session()
    sess.run(v.initializer)
    assert [sess.run(total, {read: [5.0, 5.0]}) for _ in range(3)] == [21.0] * 3
    assert [sess.run(total) for _ in range(3)] == [7.0] * 3


def test_values_that_were_fetched_stay_as_they_were(taped):
    v = tf.Variable(_x(3))
    train = tf.assign_add(v, v * 0.5)
    sess = tf.Session()
    sess.run(v.initializer)
    kept = [sess.run([train, v])[1] for _ in range(4)]
    for early, late in itertools.pairwise(kept):
        np.testing.assert_allclose(late, early * 1.5, rtol=1e-6)


def test_runs_of_many_threads_lose_no_update(taped):
    v = tf.Variable(np.zeros(4, np.float32))
    w = tf.Variable(np.zeros(4, np.float32))
    both = tf.group(tf.assign_add(v, tf.ones(4)), tf.assign_add(w, tf.ones(4) * 2.0))
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    sess.run(both)
    threads = [
        threading.Thread(target=lambda: [sess.run(both) for _ in range(200)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(sess.run([v, w]), [[801.0] * 4, [1602.0] * 4])
    assert taped


def test_whoever_watches_sees_every_op_and_write(taped):
    x, train, loss, _ = _training(OPTIMIZERS["ApplyMomentum"])
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        sess.run([train, loss], {x: _x(6, 4)})
    written = []
    with sess.observe_variables(written.append):
        sess.run([train, loss], {x: _x(6, 4)})
    assert {event.writer.type for event in written} >= {"ApplyMomentum", "AssignAdd"}
    assert any(
        event.op.type == "MatMul" for event in sess.trace([train, loss], {x: _x(6, 4)}).events
    )


def test_an_explanation_shows_the_tapes_of_a_program_that_has_them(taped):
    x, train, loss, _ = _training(OPTIMIZERS["ApplyMomentum"])
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    assert "a tape of" not in str(sess.explain([train, loss], [x]))
    for _ in range(3):
        sess.run([train, loss], {x: _x(6, 4)})
    explained = str(sess.explain([train, loss], [x]))
    assert "# a tape of" in explained
    assert "ApplyMomentum x 2" in explained


def test_a_short_program_never_loads_numba(monkeypatch):
    asked = []
    monkeypatch.setattr(type(player), "_load", lambda self: asked.append(self))
    x, train, loss, _ = _training(OPTIMIZERS["ApplyMomentum"])
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    monkeypatch.setattr(player, "lost_ns", 0.0)
    monkeypatch.setattr(player, "_function", None)
    for _ in range(200):
        sess.run([train, loss], {x: _x(6, 4)})
    assert not asked
    assert 0 < player.lost_ns < player.price_ns()


def test_what_nobody_reads_fails_no_run_that_is_watched_for_a_tape(taped):
    x, y = (tf.placeholder(tf.float32, [None]) for _ in range(2))
    with tf.control_dependencies([x * y]):
        z = tf.tanh(tf.tanh(tf.tanh(x * 2.0)))
    with tf.Session() as sess:
        feeds = {x: [1.0, 2.0], y: [1.0, 2.0, 3.0]}
        first, second, third = (sess.run(z, feeds).tolist() for _ in range(3))
    assert first == second == third
    assert taped
