"""Normalization as one op: batches of images, and each pixel's channels; with gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.kernels import pooling as kernels
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import constant
from minitf.ops.normalization_gradient import second_gradient
from minitf.ops.rearranging import transpose
from minitf.ops.sizes import same_size, sizes, vector_size
from minitf.shape import UNKNOWN
from minitf.tensor import Tensor

_FORMATS = "data_format: {'NHWC', 'NCHW', 'NDHWC', 'NCDHW'} = \"NHWC\""


def _rank(data_format: str) -> int:
    return len(data_format)


def _channels(data_format: str) -> int:
    return 1 if data_format.startswith("NC") else len(data_format) - 1


def _others(data_format: str) -> tuple[int, ...]:
    axis = _channels(data_format)
    return tuple(i for i in range(_rank(data_format)) if i != axis)


def _stretched(vector: np.ndarray, data_format: str) -> np.ndarray:
    """A vector of channels, shaped to broadcast over images."""
    shape = [1] * _rank(data_format)
    shape[_channels(data_format)] = -1
    return vector.reshape(shape)


@op
class FusedBatchNormV3:
    """Images normalized by each channel's mean and variance: the batch's own, or given ones.

    Gives also the (running) mean and variance, and for the gradient the batch's mean and variance.
    """

    inputs = "x: T, scale: U, offset: U, mean: U, variance: U"
    outputs = (
        "y: T, batch_mean: U, batch_variance: U, reserve_space_1: U, reserve_space_2: U, "
        "reserve_space_3: U"
    )
    attrs = (
        "T: {half, bfloat16, float}, U: {bfloat16, float}, epsilon: float = 0.0001, "
        f"exponential_avg_factor: float = 1.0, {_FORMATS}, is_training: bool = true"
    )

    def infer(x, scale, offset, mean, variance, *, data_format, is_training):
        found, axis = sizes(x, _rank(data_format)), _channels(data_format)
        vectors = [scale, offset] if is_training else [scale, offset, mean, variance]
        for vector in vectors:
            found[axis] = same_size(found[axis], vector_size(vector))
        channels = [found[axis]]
        return found, channels, channels, channels, channels, UNKNOWN

    def kernel(
        x, scale, offset, mean, variance, *, epsilon, exponential_avg_factor, data_format,
        is_training,
    ):  # fmt: skip
        work = x.astype(np.float32, copy=False)
        none = np.zeros(0, np.float32)
        if not is_training:
            y = _normalized(work, mean, variance, scale, offset, epsilon, data_format)
            return y.astype(x.dtype), mean, variance, mean, variance, none
        axes = _others(data_format)
        batch_mean = work.mean(axis=axes, dtype=np.float32)
        batch_variance = np.square(work - _stretched(batch_mean, data_format)).mean(axis=axes)
        count = work.size // max(1, batch_mean.size)
        unbiased = batch_variance * np.float32(count / max(1, count - 1))
        y = _normalized(work, batch_mean, batch_variance, scale, offset, epsilon, data_format)
        running = batch_mean, unbiased
        if exponential_avg_factor != 1:
            part = np.float32(exponential_avg_factor)
            rest = np.float32(1) - part
            running = rest * mean + part * batch_mean, rest * variance + part * unbiased
        return y.astype(x.dtype), *running, batch_mean, batch_variance, none

    def gradient(op, grad, *unused):
        is_training, data_format = op._attrs["is_training"], op._attrs["data_format"].decode()
        x, scale = op.inputs[:2]
        used = op.outputs[3:5] if is_training else op.inputs[3:5]
        first = not is_training and data_format.startswith("NC")
        if first:
            order = [0, *range(2, len(data_format)), 1]
            x, grad = transpose(x, order), transpose(grad, order)
        if not is_training:
            data_format = "NHWC" if len(data_format) == 4 else "NDHWC"
        by_x, by_scale, by_offset, _, _ = FusedBatchNormGradV3(
            grad, x, scale, *used, op.outputs[5], epsilon=op._attrs["epsilon"],
            data_format=data_format, is_training=is_training,
        )  # fmt: skip
        if first:
            by_x = transpose(by_x, [0, len(data_format) - 1, *range(1, len(data_format) - 1)])
        return by_x, by_scale, by_offset, None, None


def _normalized(x, mean, variance, scale, offset, epsilon, data_format):
    factor = scale / np.sqrt(variance + np.float32(epsilon))
    shifted = x - _stretched(mean, data_format)
    return shifted * _stretched(factor, data_format) + _stretched(offset, data_format)


@op
class FusedBatchNormGradV3:
    """The gradients of FusedBatchNormV3's images, scale and offset."""

    inputs = (
        "y_backprop: T, x: T, scale: float, reserve_space_1: U, reserve_space_2: U, "
        "reserve_space_3: U"
    )
    outputs = (
        "x_backprop: T, scale_backprop: U, offset_backprop: U, reserve_space_4: U, "
        "reserve_space_5: U"
    )
    attrs = (
        f"T: {{half, bfloat16, float}}, U: {{float}}, epsilon: float = 0.0001, {_FORMATS}, "
        "is_training: bool = true"
    )

    def infer(grad, x, scale, mean, variance, unused, *, data_format):
        found, axis = sizes(grad, _rank(data_format)), _channels(data_format)
        found = [same_size(a, b) for a, b in zip(found, sizes(x, _rank(data_format)), strict=True)]
        for vector in (scale, mean, variance):
            found[axis] = same_size(found[axis], vector_size(vector))
        channels = [found[axis]]
        return found, channels, channels, [0], [0]

    def kernel(grad, x, scale, mean, variance, unused, *, epsilon, data_format, is_training):
        dy, work = grad.astype(np.float32, copy=False), x.astype(np.float32, copy=False)
        axes = _others(data_format)
        factor = np.float32(1) / np.sqrt(variance + np.float32(epsilon))
        shifted = (work - _stretched(mean, data_format)) * _stretched(factor, data_format)
        by_offset = dy.sum(axis=axes)
        by_scale = (dy * shifted).sum(axis=axes)
        if is_training:
            count = np.float32(max(1, work.size // max(1, scale.size)))
            dy = dy - _stretched(by_offset / count, data_format)
            dy = dy - shifted * _stretched(by_scale / count, data_format)
        by_x = dy * _stretched(scale * factor, data_format)
        none = np.zeros(0, np.float32)
        return by_x.astype(x.dtype), by_scale, by_offset, none, none

    def gradient(op, *grads):
        return second_gradient(op, *grads[:3])


def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
    exponential_avg_factor: float = 1.0,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalized images, and the (running) mean and variance.

    ValueError where mean and variance are needed and not given.
    """
    needed = not is_training or exponential_avg_factor != 1.0
    if needed and (mean is None or variance is None):
        raise ValueError(
            "Both `mean` and `variance` must be a 1D tensor when `is_training` is False or "
            f"`exponential_avg_factor` != 1.0. Received: `mean` {mean!r} and `variance` "
            f"{variance!r}"
        )
    x = convert_to_tensor(x, name="input")
    scale = convert_to_tensor(scale, name="scale")
    offset = convert_to_tensor(offset, name="offset")
    mean = constant([]) if mean is None else mean
    variance = constant([]) if variance is None else variance
    outputs = FusedBatchNormV3(
        x, scale, offset, mean, variance, epsilon=epsilon, data_format=data_format,
        exponential_avg_factor=exponential_avg_factor, is_training=is_training, name=name,
    )  # fmt: skip
    return tuple(outputs[:3])


_LRN_ATTRS = (
    "depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5, "
    "T: {half, bfloat16, float} = DT_FLOAT"
)


@op
class LRN:
    """Each number over a power of the squares of the channels around it."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = _LRN_ATTRS
    kernel = kernels.lrn

    def infer(input):
        return sizes(input, 4)

    def gradient(op, grad):
        names = ("depth_radius", "bias", "alpha", "beta")
        attrs = {name: op._attrs[name] for name in names}
        return LRNGrad(grad, op.inputs[0], op.outputs[0], **attrs)


@op
class LRNGrad:
    """The gradient of LRN."""

    inputs = "input_grads: T, input_image: T, output_image: T"
    outputs = "output: T"
    attrs = _LRN_ATTRS
    kernel = kernels.lrn_grad

    def infer(input_grads, input_image, output_image):
        triples = zip(*[sizes(t, 4) for t in (input_grads, input_image, output_image)], strict=True)
        return [same_size(same_size(a, b), c) for a, b, c in triples]

    gradient = LookupError


def local_response_normalization(
    input: Any,
    depth_radius: int = 5,
    bias: float = 1,
    alpha: float = 1,
    beta: float = 0.5,
    name: str | None = None,
) -> Tensor:
    """Each number over a power of the squares of the channels around it."""
    return LRN(input, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta, name=name)


lrn = local_response_normalization
