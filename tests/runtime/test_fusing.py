"""Groups of elementwise ops as one compiled pass: same values, same errors, bounded size."""

import os

import numpy as np
import pytest

import minitf as tf
from minitf.kernels import fused, jit

needs_jit = pytest.mark.skipif(jit.disabled(), reason="NUMBA_DISABLE_JIT asks for no compiled code")


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


@pytest.fixture
def hot(monkeypatch):
    """Compiles at once, however small the array."""
    monkeypatch.setattr(fused, "LARGE", 1)
    monkeypatch.setattr(fused, "_COMPILED_GRAIN", 1)
    monkeypatch.setattr(fused.Generated, "worth", lambda self, elements: not jit.disabled())


def _gelu_then_swish(x):
    gelu = 0.5 * x * (1.0 + tf.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    return gelu * tf.sigmoid(gelu)


@needs_jit
@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_compiled_and_numpy_values_agree(hot, monkeypatch, dtype):
    x = tf.placeholder(dtype, [None])
    y = _gelu_then_swish(x)
    values = np.linspace(-20, 20, 10_001).astype(dtype.as_numpy_dtype)
    compiled = tf.Session().run(y, {x: values})
    monkeypatch.setattr(fused.Generated, "worth", lambda self, elements: False)
    plain = tf.Session().run(y, {x: values})
    epsilon = np.finfo(values.dtype).eps
    np.testing.assert_allclose(compiled, plain, rtol=16 * epsilon, atol=4 * epsilon)


@needs_jit
@pytest.mark.parametrize(
    ("function", "exact"),
    [
        (tf.exp, np.exp),
        (tf.log, np.log),
        (tf.tanh, np.tanh),
        (tf.sigmoid, lambda x: 1 / (1 + np.exp(-x))),
        (tf.sqrt, np.sqrt),
    ],
)
def test_functions_are_good_to_two_units_in_the_last_place(hot, function, exact):
    x = tf.placeholder(tf.float32, [None])
    y = function(x) * 1.0
    values = np.concatenate(
        [np.linspace(-100, 100, 100_001), [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-38, 3e38]]
    ).astype(np.float32)
    with np.errstate(all="ignore"):
        wanted = exact(values.astype(np.float64))
    got = tf.Session().run(y, {x: values})
    normal = np.abs(wanted) > 2e-38
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(got[normal], wanted[normal].astype(np.float32), rtol=3e-7)
    np.testing.assert_allclose(got[~normal], wanted[~normal], atol=2e-38)


@needs_jit
def test_broadcasts_other_than_of_single_numbers_are_left_to_numpy(hot):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.nn.relu(x + tf.constant([1.0, 2.0, 3.0])) * 2.0
    assert tf.Session().run(y, {x: [[1.0, -5.0, 0.0]]}).tolist() == [[4.0, 0.0, 6.0]]


def test_an_error_names_the_op_inside_the_group():
    x, z = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    out = tf.exp(tf.multiply(tf.tanh(x), z, name="culprit")) + 1.0
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Incompatible shapes: \[2\] vs. \[3\]") as e:  # fmt: skip  # noqa: E501
        tf.Session().run(out, {x: [1, 2], z: [1, 2, 3]})
    assert e.value.op.name == "culprit"


def test_groups_are_bounded():
    x = tf.placeholder(tf.float32, [None])
    y = x
    for _ in range(500):
        y = tf.tanh(y)
    lines = tf.Session().explain(y, [x]).source.splitlines()
    assert 500 // 64 < len(lines) < 20


def test_small_arrays_never_load_numba():
    import subprocess
    import sys

    code = (
        "import sys, minitf as tf\n"
        "x = tf.placeholder(tf.float32, [None]); y = tf.tanh(tf.exp(x) * 2.0)\n"
        "s = tf.Session()\n"
        "for _ in range(1000): s.run(y, {x: [1.0, 2.0]})\n"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "False"


@needs_jit
def test_a_cache_that_cannot_be_written_is_no_error(hot, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/proc/no/such/folder")
    x = tf.placeholder(tf.float32, [None])
    y = tf.exp(x * 3.0) + 1.0
    assert tf.Session().run(y, {x: [0.0, 0.0]}).tolist() == [2.0, 2.0]
