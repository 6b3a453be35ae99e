"""Convolutions, pooling and LRN against TensorFlow's values and plain loops."""

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.kernels import convolution, depthwise, pooling
from tests import naive
from tests.kernels.conftest import decode, recorded

TOLERANCE = {"float16": 4e-3, "float32": 2e-6, "float64": 1e-13}


def data(shape, seed, dtype="float32"):
    """The same numbers as the recording script's."""
    return np.random.RandomState(seed).randint(-8, 9, shape).astype(dtype) / np.array(4, dtype)


def close(values, expected, dtype):
    for value, entry in zip(values, expected, strict=True):
        wanted = decode(entry)
        assert value.dtype == wanted.dtype
        np.testing.assert_allclose(value, wanted, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def convolve(module, case):
    name = case["kernel"]
    forward = getattr(module, name)
    x, w = data([2, 5, 6, 2], 1, case["dtype"]), data(case["filter"], 2, case["dtype"])
    out = forward(x, w, **case["walk"])
    if len(case["out"]) == 1:
        return [out]
    grad = data(out.shape, 3, case["dtype"])
    gx = getattr(module, f"{name}_backprop_input")(x.shape, w, grad, **case["walk"])
    gw = getattr(module, f"{name}_backprop_filter")(x, w.shape, grad, **case["walk"])
    return [out, gx, gw]


def pool(case):
    x, walk = data([2, 5, 6, 3], 1, case["dtype"]), case["walk"]
    if case["kernel"] == "avg_pool":
        out = pooling.avg_pool(x, **walk)
        return [out, pooling.avg_pool_grad(x.shape, data(out.shape, 3, case["dtype"]), **walk)]
    out, where = pooling.max_pool_with_argmax(x, np.int64, **walk)
    back = pooling.max_pool_grad(x, out, data(out.shape, 3, case["dtype"]), **walk)
    again = pooling.max_pool_grad_grad(x, out, data(x.shape, 4, case["dtype"]), **walk)
    assert np.array_equal(pooling.max_pool(x, **walk), out)
    return [out, back, again, where]


def lrn(case):
    x = data([2, 3, 3, 7], 1)
    out = pooling.lrn(x, **case["walk"])
    return [out, pooling.lrn_grad(data(x.shape, 3), x, out, **case["walk"])]


@pytest.mark.parametrize("chunk", [1, convolution.CHUNK_BYTES])
@pytest.mark.parametrize("kernel", ["conv2d", "depthwise_conv2d", "max_pool", "avg_pool", "lrn"])
def test_values_are_tensorflows(kernel, chunk, half, monkeypatch):
    monkeypatch.setattr(convolution, "CHUNK_BYTES", chunk)
    cases = [case for case in recorded("images") if case["kernel"] == kernel]
    assert cases
    for case in cases:
        if kernel == "conv2d":
            values = convolve(convolution, case)
        elif kernel == "depthwise_conv2d":
            values = convolve(depthwise, case)
        else:
            values = lrn(case) if kernel == "lrn" else pool(case)
        close(values, case["out"], case["dtype"])


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("channels", [1, 3, 16])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2)])
def test_convolution_is_its_definition(padding, channels, stride, dilation):
    x, w = data([3, 9, 7, channels], 1, "float64"), data([3, 2, channels, 4], 2, "float64")
    walk = {"strides": [1, stride, stride, 1], "padding": padding}
    out = convolution.conv2d(x, w, dilations=[1, dilation, dilation, 1], **walk)
    np.testing.assert_allclose(out, naive.conv2d(x, w, stride, padding, dilation))


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("stride", [1, 2])
def test_convolution_gradients_are_its_adjoint(padding, stride):
    x, w = data([2, 8, 9, 3], 1, "float64"), data([4, 3, 3, 5], 2, "float64")
    walk = {"strides": [1, stride, stride, 1], "padding": padding}
    out = convolution.conv2d(x, w, **walk)
    grad = data(out.shape, 3, "float64")
    gx = convolution.conv2d_backprop_input(x.shape, w, grad, **walk)
    gw = convolution.conv2d_backprop_filter(x, w.shape, grad, **walk)
    dx, dw = data(x.shape, 4, "float64"), data(w.shape, 5, "float64")
    np.testing.assert_allclose((gx * dx).sum(), (convolution.conv2d(dx, w, **walk) * grad).sum())
    np.testing.assert_allclose((gw * dw).sum(), (convolution.conv2d(x, dw, **walk) * grad).sum())


@pytest.mark.parametrize(("window", "stride", "padding"), [(2, 2, "VALID"), (3, 2, "SAME")])
def test_pooling_is_its_definition(window, stride, padding, half):
    x = data([2, 7, 6, 3], 1)
    walk = {"ksize": [1, window] + [window, 1], "strides": [1, stride, stride, 1]}
    best, mean = naive.pool(x, window, stride, padding)
    assert np.array_equal(pooling.max_pool(x, padding=padding, **walk), best)
    np.testing.assert_allclose(pooling.avg_pool(x, padding=padding, **walk), mean, rtol=1e-6)


def test_maxima_of_ties_and_of_what_is_not_a_number(half):
    walk = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "VALID"}
    x = np.array([[0, 0, 0, 0], [np.nan, 1, 2, -1], [np.nan] * 4], np.float32)
    x = x.reshape(3, 2, 2, 1)
    out = pooling.max_pool(x, **walk)
    assert out.ravel().tolist() == [0, 2, np.finfo(np.float32).min]
    back = pooling.max_pool_grad(x, out, np.ones_like(out), **walk)
    assert back.reshape(3, 4).tolist() == [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_maxima_of_integers_and_of_channels():
    walk = {"strides": [1, 2, 2, 1], "padding": "SAME"}
    x = np.arange(9, dtype=np.int32).reshape(1, 3, 3, 1)
    assert pooling.max_pool(x, ksize=[1, 2, 2, 1], **walk).ravel().tolist() == [4, 5, 7, 8]
    x = np.float32([[[[1, 3, 2, -1]]]])
    walk = {"ksize": [1, 1, 1, 2], "strides": [1, 1, 1, 2], "padding": "VALID"}
    assert pooling.max_pool(x, **walk).ravel().tolist() == [3, 2]


def test_empty_batches_and_filters():
    x, w = np.ones([0, 6, 6, 4], np.float32), np.ones([3, 3, 4, 8], np.float32)
    walk = {"strides": [1, 1, 1, 1], "padding": "VALID"}
    assert convolution.conv2d(x, w, **walk).shape == (0, 4, 4, 8)
    assert convolution.conv2d(np.ones([2, 6, 6, 4]), w[..., :0], **walk).shape == (2, 4, 4, 0)
    with pytest.raises(InvalidArgumentError, match="filter must not have zero elements"):
        convolution.conv2d(np.ones([2, 6, 6, 4]), w[:0], **walk)
    zero = convolution.conv2d_backprop_filter(x, w.shape, np.ones([0, 4, 4, 8], np.float32), **walk)
    assert not zero.any()
    assert zero.shape == w.shape


WALK = {"strides": [1, 1, 1, 1], "padding": "SAME"}
IMAGE, FILTER = np.ones([1, 4, 4, 4], np.float32), np.ones([3, 3, 4, 2], np.float32)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: convolution.conv2d(IMAGE, FILTER, data_format="NCHW", **WALK),
            UnimplementedError,
            "only supports the NHWC tensor format on the CPU",
        ),
        (
            lambda: convolution.conv2d(IMAGE[..., :3], FILTER, **WALK),
            InvalidArgumentError,
            "input depth must be evenly divisible by filter depth: 3 vs 4",
        ),
        (
            lambda: convolution.conv2d(IMAGE[0], FILTER, **WALK),
            InvalidArgumentError,
            "convolution input must be 4-dimensional: \\[4,4,4\\]",
        ),
        (
            lambda: convolution.conv2d(IMAGE, FILTER, strides=[2, 1, 1, 1], padding="SAME"),
            UnimplementedError,
            "strides in the batch and depth",
        ),
        (
            lambda: convolution.conv2d_backprop_input(
                [1, 4, 4, 4], FILTER, IMAGE[..., :2], dilations=[1, 2, 2, 1], **WALK
            ),
            InvalidArgumentError,
            "dilation rates larger than 1",
        ),
        (
            lambda: convolution.conv2d_backprop_filter(IMAGE, [3, 3, 2, 2], IMAGE[..., :2], **WALK),
            InvalidArgumentError,
            "Gradients for grouped convolutions are not supported on CPU",
        ),
        (
            lambda: convolution.conv2d_backprop_input([1, 5, 4, 4], FILTER, IMAGE, **WALK),
            InvalidArgumentError,
            "Size of out_backprop doesn't match computed: actual = 4, computed = 5",
        ),
        (
            lambda: depthwise.depthwise_conv2d(IMAGE, FILTER, strides=[1, 1, 2, 1], padding="SAME"),
            InvalidArgumentError,
            "equal length strides",
        ),
        (
            lambda: pooling.max_pool(IMAGE, ksize=[2, 1, 1, 1], **WALK),
            UnimplementedError,
            "not yet supported on the batch dimension",
        ),
        (
            lambda: pooling.avg_pool(IMAGE, ksize=[1, 1, 1, 2], **WALK),
            UnimplementedError,
            "Non-spatial pooling",
        ),
        (
            lambda: pooling.max_pool(IMAGE, ksize=[1, 2, 2, 1], data_format="NCHW", **WALK),
            InvalidArgumentError,
            "Default MaxPoolingOp only supports NHWC",
        ),
    ],
)
def test_what_tensorflow_refuses(call, error, words):
    with pytest.raises(error, match=words):
        call()
