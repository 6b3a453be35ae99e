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
@pytest.mark.parametrize("columns", [20, 1024, 2500])
def test_several_functions_of_rows_and_columns(hot, columns):
    rng = np.random.default_rng(0)
    x = tf.placeholder(tf.float32, [None, columns])
    row, column = tf.placeholder(tf.float32, [columns]), tf.placeholder(tf.float32, [None, 1])
    late = tf.log1p(tf.exp(-tf.abs(tf.tanh(x + row) * 2.0))) * tf.sigmoid(x * column) + x
    fed = [rng.standard_normal(shape) for shape in ((7, columns), (columns,), (7, 1))]
    a, b, c = (np.asarray(value, np.float32).astype(np.float64) for value in fed)
    wanted = np.log1p(np.exp(-np.abs(np.tanh(a + b) * 2))) / (1 + np.exp(-a * c)) + a
    found = tf.Session().run(late, dict(zip((x, row, column), fed, strict=True)))
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


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
