"""Biases of layers: BiasAdd and its gradient, and the layers x W + b."""

from __future__ import annotations

from typing import Any

from minitf.graph import name_scope
from minitf.kernels import softmax as kernels
from minitf.op import convert_to_tensor, op
from minitf.ops.activations import relu
from minitf.ops.filling import ones_like, range_of
from minitf.ops.joining import concat
from minitf.ops.matmul import matmul
from minitf.ops.padding import tile
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import rank, reshape, shape
from minitf.ops.sizes import at_least_rank, same_size, vector_size, with_size
from minitf.shape import TensorShape
from minitf.tensor import Tensor

_TYPES = (
    "{float, double, int32, uint8, int16, int8, complex64, int64, qint8, quint8, qint32, bfloat16, "
    "qint16, quint16, uint16, complex128, half, uint32, uint64}"
)


def _channel_axis(data_format: str) -> int:
    return 1 if data_format == "NCHW" else -1


def _infer_bias_add(value: Tensor, bias: Tensor, *, data_format: str) -> TensorShape:
    axis = _channel_axis(data_format)
    at_least_rank(value, 3 if axis == 1 else 2)
    count = vector_size(bias)
    sizes = value._shape._sizes
    if sizes is None:
        return value._shape
    return with_size(value._shape, axis, same_size(sizes[axis], count))


@op
class BiasAdd:
    """x with a bias for each channel: the last dimension, or in NCHW the second."""

    inputs = "value: T, bias: T"
    outputs = "output: T"
    attrs = f"T: {_TYPES}, data_format: {{'NHWC', 'NCHW'}} = \"NHWC\""
    infer = _infer_bias_add

    def kernel(value, bias, *, data_format):
        return kernels.bias_add(value, bias, data_format)

    def gradient(op, grad):
        return grad, BiasAddGrad(grad, data_format=op.get_attr("data_format"))


@op
class BiasAddGrad:
    """The gradient of BiasAdd's bias: the sum over all dimensions but the channels'."""

    inputs = "out_backprop: T"
    outputs = "output: T"
    attrs = f"T: {_TYPES}, data_format: {{'NHWC', 'NCHW'}} = \"NHWC\""

    def infer(out_backprop, *, data_format):
        axis = _channel_axis(data_format)
        sizes = at_least_rank(out_backprop, 3 if axis == 1 else 2)._sizes
        return [None if sizes is None else sizes[axis]]

    def kernel(out_backprop, *, data_format):
        return kernels.bias_add_grad(out_backprop, data_format)

    def gradient(op, grad):
        whole, bias_shape = shape(op.inputs[0]), shape(grad)
        if op.get_attr("data_format") == b"NCHW":
            expanded = concat([ones_like(whole[:1]), bias_shape, ones_like(whole[2:])], 0)
            times = concat([whole[:1], [1], whole[2:]], 0)
        else:
            expanded = concat([ones_like(whole[:-1]), bias_shape], 0)
            times = concat([whole[:-1], [1]], 0)
        return tile(reshape(grad, expanded), times)


@op
class BiasAddV1:
    """x with a bias for each number of the last dimension; an old form of BiasAdd."""

    inputs = "value: T, bias: T"
    outputs = "output: T"
    attrs = f"T: {_TYPES}"

    def infer(value, bias):
        return _infer_bias_add(value, bias, data_format="NHWC")

    kernel = kernels.bias_add

    def gradient(op, grad):
        axes = range_of(rank(grad) - 1)
        return grad, reduce_sum(grad, axes)


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """`value` with a bias for each channel; ValueError for an unknown data format."""
    with name_scope(name, "BiasAdd", [value, bias]) as name:
        if data_format is not None:
            data_format = _nhwc_or_nchw(data_format)
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, dtype=value.dtype.base_dtype, name="bias")
        return BiasAdd(value, bias, data_format=data_format, name=name)


def _nhwc_or_nchw(data_format: str) -> str:
    if data_format.startswith("NC"):
        return "NCHW"
    if data_format.startswith("N") and data_format.endswith("C"):
        return "NHWC"
    raise ValueError(
        f"`data_format` must be of the form `N...C` or `NC...`. Received: data_format={data_format}"
    )


def _layer(x: Any, weights: Any, biases: Any) -> tuple[Tensor, Tensor]:
    x = convert_to_tensor(x, name="x")
    weights = convert_to_tensor(weights, name="weights")
    biases = convert_to_tensor(biases, name="biases")
    return matmul(x, weights), biases


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """A linear layer: matmul(x, weights) + biases."""
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as name:
        product, biases = _layer(x, weights, biases)
        return bias_add(product, biases, name=name)


def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """A layer with relu: relu(matmul(x, weights) + biases)."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as name:
        product, biases = _layer(x, weights, biases)
        return relu(bias_add(product, biases), name=name)
