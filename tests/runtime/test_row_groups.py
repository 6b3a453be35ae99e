"""Row-wise ops as one kernel: NumPy's values in both forms, and an order that changes nothing."""

import numpy as np
import pytest

import minitf as tf
from minitf.kernels import fused, jit, rowwise

RANDOM = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


@pytest.fixture(params=["compiled", "numpy"])
def form(request, monkeypatch):
    """Groups in blocks of a few rows, however small the arrays; compiled or not."""
    if request.param == "compiled" and jit.disabled():
        pytest.skip("NUMBA_DISABLE_JIT asks for no compiled code")
    monkeypatch.setattr(fused, "LARGE", 8)
    monkeypatch.setattr(rowwise, "LARGE", 8)
    monkeypatch.setattr(rowwise, "BLOCK", 8)
    monkeypatch.setattr(fused, "_NUMPY_GRAIN", 8)
    monkeypatch.setattr(fused, "_COMPILED_GRAIN", 8)
    compiled = request.param == "compiled"
    monkeypatch.setattr(fused.Generated, "worth", lambda self, elements: compiled)


def run(fetches, feeds):
    """The values, and the group's line of the program."""
    session = tf.Session()
    lines = str(session.explain(fetches, list(feeds))).splitlines()
    return session.run(fetches, feeds), [line for line in lines if "row by row: " in line]


def normalised(x, axis=-1):
    mean, variance = tf.nn.moments(x, [axis], keep_dims=True)
    return (x - mean) * tf.rsqrt(variance + 1e-5)


def exactly(x):
    x = x.astype(np.float64)
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


def softmax(x):
    weights = np.exp(x - x.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


@pytest.mark.parametrize("shape", [(7, 33), (1, 40), (40, 1), (3, 5, 8), (2, 3, 4, 5)])
def test_normalisation_and_softmax(form, shape):
    x = tf.placeholder(tf.float32, [None] * len(shape))
    fed = (RANDOM.standard_normal(shape) * 9).astype(np.float32)
    normal = normalised(x)
    (normal, weights), groups = run([normal, tf.nn.softmax(normal * 0.5)], {x: fed})
    assert len(groups) == 1
    np.testing.assert_allclose(normal, exactly(fed), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(weights, softmax(exactly(fed) * 0.5), rtol=1e-5)


def test_scale_and_shift_for_each_place_of_a_row(form):
    x = tf.placeholder(tf.float32, [None, 16])
    scale, shift = (RANDOM.standard_normal(16).astype(np.float32) for _ in range(2))
    fed = RANDOM.standard_normal((9, 16)).astype(np.float32)
    y, groups = run(normalised(x) * tf.constant(scale) + tf.constant(shift), {x: fed})
    assert len(groups) == 1
    np.testing.assert_allclose(y, exactly(fed) * scale + shift, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("keep_dims", [True, False])
@pytest.mark.parametrize(
    ("reduce", "exact"),
    [
        *[(tf.reduce_sum, np.sum), (tf.reduce_mean, np.mean)],
        *[(tf.reduce_max, np.max), (tf.reduce_min, np.min)],
    ],
)
def test_reductions(form, reduce, exact, keep_dims):
    x = tf.placeholder(tf.float32, [None, None])
    reduced = reduce(x * 2.0, 1, keepdims=keep_dims)
    fed = RANDOM.standard_normal((11, 5000)).astype(np.float32)
    value, groups = run(reduced, {x: fed})
    assert len(groups) == 1
    wanted = exact(fed.astype(np.float64) * 2, 1, keepdims=keep_dims)
    np.testing.assert_allclose(value, wanted, rtol=1e-5, atol=1e-3)
    assert value.dtype == np.float32


def test_log_softmax_and_a_column_from_outside(form):
    x, column = tf.placeholder(tf.float32, [4, 5000]), tf.placeholder(tf.float32, [4, 1])
    fed, beside = RANDOM.standard_normal((4, 5000)), RANDOM.standard_normal((4, 1))
    value, groups = run(tf.nn.log_softmax(x * column) - column, {x: fed, column: beside})
    assert len(groups) == 1
    np.testing.assert_allclose(value, np.log(softmax(fed * beside)) - beside, rtol=1e-5, atol=1e-5)


@pytest.mark.filterwarnings("error")
def test_what_is_not_a_number_is_told(form):
    rows = [[1, np.nan, 3, 0], [-np.inf, -np.inf, -np.inf, -np.inf], [np.inf, 1, -0.0, -np.inf]]
    x = tf.placeholder(tf.float32, [None, None])
    y = tf.exp(x)
    fetches = [tf.reduce_max(x + 0.0, 1), tf.reduce_min(y, 1), tf.reduce_sum(x * 1.0, 1)]
    fed = np.float32(rows * 3)
    values, groups = run(fetches, {x: fed})
    assert len(groups) == 3
    with np.errstate(all="ignore"):
        wanted = [fed.max(1), np.exp(fed).min(1), fed.sum(1)]
    for value, want in zip(values, wanted, strict=True):
        np.testing.assert_array_equal(value, want)


def test_rows_that_do_not_stand_against_rows_are_left_to_numpy(form):
    x, y = tf.placeholder(tf.float32, [None, None]), tf.placeholder(tf.float32, [None, None])
    value, groups = run(
        tf.reduce_sum(x * y, 1, keepdims=True) + x, {x: np.ones((4, 6)), y: [[2.0]]}
    )
    assert len(groups) == 1
    assert value.tolist() == [[13.0] * 6] * 4
    z = tf.reduce_max(x + y, 1, keepdims=True) - y
    assert tf.Session().run(z, {x: np.ones((4, 1)), y: np.ones((1, 6))}).tolist() == [[1.0] * 6] * 4


def test_an_error_names_the_op_inside_the_group():
    x, z = tf.placeholder(tf.float32, [None, None]), tf.placeholder(tf.float32, [None, None])
    out = tf.nn.softmax(tf.multiply(tf.tanh(x), z, name="culprit"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Incompatible shapes") as raised:
        tf.Session().run(out, {x: np.ones((2, 2)), z: np.ones((2, 3))})
    assert raised.value.op.name == "culprit"


def test_what_comes_between_runs_after_and_before(form):
    x = tf.placeholder(tf.float32, [None, 8])
    mean = tf.reduce_mean(x, 1, keepdims=True)
    across = tf.matmul(mean, mean, transpose_a=True)  # needs a result, and is needed by the next
    centred = (x - mean) / across
    other = tf.matmul(x, x, transpose_b=True)
    value, beside = tf.Session().run([tf.nn.softmax(centred), other], {x: np.eye(8)})
    np.testing.assert_allclose(value, softmax((np.eye(8) - 0.125) / 0.125), rtol=1e-6)
    assert beside.tolist() == np.eye(8).tolist()


def test_effects_keep_their_order(form):
    state = tf.Variable(np.zeros((4, 1), np.float32))
    x = tf.placeholder(tf.float32, [4, 5000])
    mean = tf.reduce_mean(x, 1, keepdims=True)
    first = tf.assign(state, mean)
    second = tf.assign(state, np.full((4, 1), 7.0))
    y = x - mean
    with tf.Session() as session:
        session.run(state.initializer)
        value = session.run([y, first.op, second.op], {x: np.ones((4, 5000))})[0]
        assert session.run(state).tolist() == [[7.0]] * 4
    assert not value.any()


def test_calls_keep_their_order(form):
    called = []

    def call(name, value):
        return tf.py_func(lambda _: called.append(name) or np.int64(0), [value], tf.int64)

    x = tf.placeholder(tf.float32, [4, 5000])
    mean = tf.reduce_mean(x, 1, keepdims=True)
    calls = [call("needs the mean", mean), call("needs nothing", tf.constant(1.0))]
    tf.Session().run([x - mean, *calls], {x: np.ones((4, 5000))})
    assert called == ["needs the mean", "needs nothing"]


@pytest.mark.parametrize("by_rows", [True, False])
def test_what_is_read_before_a_write_is_read_before_it(form, by_rows):
    state = tf.Variable(np.ones((300, 300), np.float32))
    x = tf.placeholder(tf.float32, [300, 300])
    product = x * state
    change = tf.assign(state, np.full((300, 300), 5.0)).op
    y = tf.reduce_sum(product, 1) if by_rows else tf.square(product) + 299.0
    with tf.Session() as session:
        session.run(state.initializer)
        assert (session.run([y, change], {x: np.ones((300, 300))})[0] == 300.0).all()
        assert (session.run(state) == 5.0).all()


def test_rows_without_their_last_axis_are_no_columns(form):
    x = tf.placeholder(tf.float32, [None, None])
    scaled = x * 1.0
    total = tf.reduce_sum(scaled, 1)
    fed = RANDOM.integers(0, 9, (9, 9)).astype(np.float32)
    value, beside = tf.Session().run([tf.nn.relu(scaled + total), total], {x: fed})
    np.testing.assert_array_equal(value, fed + fed.sum(1))
    np.testing.assert_array_equal(beside, fed.sum(1))


def test_a_reduced_row_that_all_share_keeps_its_shape(form):
    x, y = tf.placeholder(tf.float32, [None, None]), tf.placeholder(tf.float32, [None, None])
    total = tf.reduce_sum(y * 1.0, 1, keepdims=True)
    row = np.arange(16, dtype=np.float32)[None]
    value, shared = tf.Session().run([tf.nn.softmax(x + total), total], {x: np.eye(16), y: row})
    assert shared.tolist() == [[120.0]]
    np.testing.assert_allclose(value, softmax(np.eye(16)), rtol=1e-5)


def test_small_results_and_other_axes_are_not_grouped():
    x = tf.placeholder(tf.float32, [4, 4])
    assert run(tf.nn.softmax(x * 2.0), {x: np.ones((4, 4))})[1] == []
    large = tf.placeholder(tf.float32, [400, 400])
    _, groups = run(tf.reduce_sum(large * 2.0, 0), {large: np.ones((400, 400))})
    assert groups == []
