"""Record TensorFlow's convolutions and poolings: see record.py."""

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
raw = tf.raw_ops
WALKS = [
    ([1, 1, 1, 1], "SAME", []),
    ([1, 1, 1, 1], "VALID", []),
    ([1, 2, 2, 1], "SAME", []),
    ([1, 2, 3, 1], "VALID", []),
    ([1, 2, 1, 1], "EXPLICIT", [0, 0, 2, 0, 1, 1, 0, 0]),
    ([1, 1, 1, 1], "EXPLICIT", [0, 0, 3, 1, 0, 4, 0, 0]),
]


def data(shape, seed, dtype="float32"):
    """Numbers that the test makes again."""
    return np.random.RandomState(seed).randint(-8, 9, shape).astype(dtype) / np.array(4, dtype)


def run(tensor):
    with tf.Session() as session:
        return session.run(tensor)


def conv_cases(dtype, filter_shape):
    x, w = data([2, 5, 6, 2], 1, dtype), data(filter_shape, 2, dtype)
    for strides, padding, explicit in WALKS:
        walk = {"strides": strides, "padding": padding, "explicit_paddings": explicit}
        out = run(raw.Conv2D(input=x, filter=w, **walk))
        grad = data(out.shape, 3, dtype)
        gx = raw.Conv2DBackpropInput(input_sizes=x.shape, filter=w, out_backprop=grad, **walk)
        gw = raw.Conv2DBackpropFilter(input=x, filter_sizes=w.shape, out_backprop=grad, **walk)
        yield "conv2d", filter_shape, dtype, walk, [out, *run([gx, gw])]


def dilated_cases():
    x, w = data([2, 5, 6, 2], 1), data([3, 2, 2, 3], 2)
    for padding in ("SAME", "VALID"):
        walk = {"strides": [1, 1, 1, 1], "padding": padding, "dilations": [1, 2, 3, 1]}
        yield "conv2d", w.shape, "float32", walk, [run(raw.Conv2D(input=x, filter=w, **walk))]
    grouped = data([3, 2, 1, 4], 2)
    walk = {"strides": [1, 1, 1, 1], "padding": "SAME"}
    yield (
        "conv2d", grouped.shape, "float32", walk,
        [run(raw.Conv2D(input=x, filter=grouped, **walk))],
    )  # fmt: skip


def depthwise_cases(dtype, filter_shape):
    x, w = data([2, 5, 6, 2], 1, dtype), data(filter_shape, 2, dtype)
    for strides, padding, explicit in [walk for walk in WALKS if walk[0][1] == walk[0][2]]:
        walk = {"strides": strides, "padding": padding, "explicit_paddings": explicit}
        out = run(raw.DepthwiseConv2dNative(input=x, filter=w, **walk))
        grad = data(out.shape, 3, dtype)
        gx = raw.DepthwiseConv2dNativeBackpropInput(
            input_sizes=x.shape, filter=w, out_backprop=grad, **walk
        )
        gw = raw.DepthwiseConv2dNativeBackpropFilter(
            input=x, filter_sizes=w.shape, out_backprop=grad, **walk
        )
        yield "depthwise_conv2d", filter_shape, dtype, walk, [out, *run([gx, gw])]


def pool_cases(dtype, ksize):
    x = data([2, 5, 6, 3], 1, dtype)
    for strides, padding, _ in WALKS[:4]:
        walk = {"ksize": ksize, "strides": strides, "padding": padding}
        out, where = run(raw.MaxPoolWithArgmax(input=x, **walk))
        grad = data(out.shape, 3, dtype)
        back = raw.MaxPoolGrad(orig_input=x, orig_output=out, grad=grad, **walk)
        again = raw.MaxPoolGradGrad(
            orig_input=x, orig_output=out, grad=data(x.shape, 4, dtype), **walk
        )
        values = run([raw.MaxPool(input=x, **walk), back, again])
        yield "max_pool", ksize, dtype, walk, [*values, where]
        mean = raw.AvgPool(value=x, **walk)
        share = raw.AvgPoolGrad(orig_input_shape=x.shape, grad=grad, **walk)
        yield "avg_pool", ksize, dtype, walk, run([mean, share])


def lrn_cases():
    x = data([2, 3, 3, 7], 1)
    for radius, bias, alpha, beta in [(5, 1.0, 1.0, 0.5), (2, 2.0, 1e-2, 0.75), (9, 1.0, 0.3, 1.0)]:
        walk = {"depth_radius": radius, "bias": bias, "alpha": alpha, "beta": beta}
        out = run(raw.LRN(input=x, **walk))
        back = raw.LRNGrad(input_grads=data(x.shape, 3), input_image=x, output_image=out, **walk)
        yield "lrn", [], "float32", walk, [out, run(back)]


def rows():
    cases = [*dilated_cases(), *lrn_cases()]
    for dtype in ("float32", "float64", "float16"):
        cases += conv_cases(dtype, [3, 2, 2, 3])
    cases += conv_cases("float32", [1, 1, 2, 4])
    for dtype in ("float32", "float64"):
        cases += depthwise_cases(dtype, [3, 3, 2, 2])
    for dtype, ksize in (("float32", [1, 2, 2, 1]), ("float64", [1, 3, 2, 1])):
        cases += pool_cases(dtype, ksize)
    made = []
    for kernel, shape, dtype, walk, values in cases:
        arrays = [
            {"dtype": v.dtype.name, "shape": list(v.shape), "hex": v.tobytes().hex()}
            for v in values
        ]
        made.append(
            {"kernel": kernel, "filter": list(shape), "dtype": dtype, "walk": walk, "out": arrays}
        )
    return made
