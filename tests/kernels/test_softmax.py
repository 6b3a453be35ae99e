"""Softmax, cross entropies and bias kernels against TensorFlow's values and their definitions."""

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError
from minitf.kernels import softmax
from tests import naive
from tests.kernels.conftest import decode, recorded

TOLERANCE = {"float16": 2e-3, "float32": 1e-6, "float64": 1e-14}


def data(shape, seed, dtype):
    """The same numbers as the recording script's."""
    return np.random.RandomState(seed).randint(-8, 9, shape).astype(dtype) / np.array(4, dtype)


@pytest.mark.parametrize("block", [1, softmax.BLOCK])
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_values_are_tensorflows(dtype, block, half, monkeypatch):
    monkeypatch.setattr(softmax, "BLOCK", block)
    monkeypatch.setattr(softmax, "GRAIN", block)
    x, labels = data([5, 7], 1, dtype), np.abs(data([5, 7], 2, dtype))
    labels /= labels.sum(axis=1, keepdims=True)
    classes = np.array([0, 6, 3, 3, 1], np.int32)
    values = {
        "softmax": [softmax.softmax(x)],
        "log_softmax": [softmax.log_softmax(x)],
        "softmax_cross_entropy": softmax.softmax_cross_entropy(x, labels),
        "broadcast": softmax.softmax_cross_entropy(x, labels[:1]),
        "sparse_softmax_cross_entropy": softmax.sparse_softmax_cross_entropy(x, classes),
        "bias_add": [softmax.bias_add(x, labels[0])],
        "bias_add_grad": [softmax.bias_add_grad(x)],
    }
    cases = [c for c in recorded("training") if "kernel" in c and c["dtype"] == dtype]
    assert {case["kernel"] for case in cases} == set(values)
    for case in cases:
        for value, entry in zip(values[case["kernel"]], case["out"], strict=True):
            assert value.dtype == dtype
            close = {"rtol": TOLERANCE[dtype], "atol": TOLERANCE[dtype]}
            np.testing.assert_allclose(value, decode(entry), **close, err_msg=case["kernel"])


@pytest.mark.parametrize("shape", [(1, 1), (300, 1000), (100_000, 3), (2, 90_000)])
def test_large_ones_are_their_definitions(shape, half):
    x = np.random.default_rng(0).normal(scale=5, size=shape).astype(np.float32)
    labels = naive.softmax(np.random.default_rng(1).normal(size=shape)).astype(np.float32)
    expected = naive.softmax(x)
    np.testing.assert_allclose(softmax.softmax(x), expected, rtol=2e-5, atol=1e-7)
    np.testing.assert_allclose(softmax.log_softmax(x), np.log(expected), rtol=2e-5, atol=1e-5)
    loss, grad = softmax.softmax_cross_entropy(x, labels)
    np.testing.assert_allclose(loss, -(labels * np.log(expected)).sum(axis=1), rtol=2e-4, atol=1e-4)
    np.testing.assert_allclose(grad, expected - labels, rtol=1e-4, atol=1e-6)
    classes = np.argmax(labels, axis=1)
    loss, grad = softmax.sparse_softmax_cross_entropy(x, classes)
    each = np.arange(len(x)), classes
    np.testing.assert_allclose(loss, -np.log(expected[each]), rtol=2e-4, atol=1e-4)
    np.testing.assert_allclose(grad.sum(axis=1), 0, atol=1e-4)


def test_what_is_not_finite_is_as_in_tensorflow(half):
    inf, nan = np.inf, np.nan
    x = np.float32([[1, -inf, 2], [-inf, -inf, -inf], [1, 2, inf], [1, 2, nan]])
    soft = softmax.softmax(x)
    np.testing.assert_allclose(soft[0], [0.26894143, 0, 0.7310586], rtol=1e-6)
    assert np.isnan(soft[1:]).all()
    loss, grad = softmax.softmax_cross_entropy(x[:1], np.float32([[0.5, 0, 0.5]]))
    assert np.isnan(loss).all()
    assert np.isfinite(grad).all()
    loss, _ = softmax.sparse_softmax_cross_entropy(x[:1], np.array([1]))
    assert loss.tolist() == [inf]


def test_shapes():
    assert softmax.softmax(np.zeros([1, 2, 2])).tolist() == [[[0.5, 0.5]] * 2]
    assert softmax.softmax(np.zeros([2, 0], np.float32)).shape == (2, 0)
    loss, grad = softmax.softmax_cross_entropy(np.zeros([2, 0]), np.zeros([2, 0]))
    assert loss.tolist() == [0, 0]
    assert grad.shape == (2, 0)
    assert softmax.bias_add_grad(np.ones([2, 3, 2, 2]), "NCHW").tolist() == [8, 8, 8]
    assert softmax.bias_add_grad(np.ones([2, 3, 2, 2])).tolist() == [12, 12]
    nchw = softmax.bias_add(np.zeros([1, 2, 1, 2]), np.array([1.0, 2.0]), "NCHW")
    assert nchw.tolist() == [[[[1, 1]], [[2, 2]]]]


def test_bias_and_relu_are_the_two_one_after_the_other():
    x, bias = data([400, 300], 1, np.float32), data([300], 2, np.float32)
    out = softmax.bias_relu(x, bias)
    assert np.array_equal(out, np.maximum(x + bias, 0))
    grad = data([400, 300], 3, np.float32)
    back, to_bias = softmax.bias_relu_grad(grad, out)
    assert np.array_equal(back, np.where(out > 0, grad, 0))
    np.testing.assert_allclose(to_bias, back.sum(axis=0), rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: softmax.softmax(np.float32(3)), r"logits must have >= 1 dimension, got \[\]"),
        (
            lambda: softmax.softmax_cross_entropy(np.ones(3), np.ones(3)),
            "must be either 2-dimensional, or broadcasted to be 2-dimensional",
        ),
        (
            lambda: softmax.softmax_cross_entropy(np.ones([3, 3]), np.ones([2, 3])),
            r"must be broadcastable: logits_size=\[3,3\] labels_size=\[2,3\]",
        ),
        (
            lambda: softmax.sparse_softmax_cross_entropy(np.ones([2, 3]), np.array([0, 3])),
            r"label value of 3 which is outside the valid range of \[0, 3\).  Label values: 0 3",
        ),
        (
            lambda: softmax.sparse_softmax_cross_entropy(np.ones([2, 3]), np.array([1])),
            r"same first dimension, got logits shape \[2,3\] and labels shape \[1\]",
        ),
        (
            lambda: softmax.sparse_softmax_cross_entropy(np.ones([2, 0]), np.array([1, 0])),
            r"Must have at least one class, but got logits shape \[2,0\]",
        ),
        (lambda: softmax.bias_add(np.ones(2), np.ones(2)), r"must be at least 2D: \[2\]"),
        (
            lambda: softmax.bias_add(np.ones([2, 3]), np.ones(2)),
            r"as many biases as the last dimension of the input tensor: \[2\] vs. \[2,3\]",
        ),
    ],
)
def test_what_tensorflow_refuses(call, words):
    with pytest.raises(InvalidArgumentError, match=words):
        call()
