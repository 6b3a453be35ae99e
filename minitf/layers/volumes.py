"""Layers for volumes: convolution and pooling in three dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.layers.base import Layer, check_rank
from minitf.layers.images import Conv2D, format_of, numbers
from minitf.op import convert_to_tensor
from minitf.ops.biases import bias_add
from minitf.ops.dilated import convolution
from minitf.ops.volumes import Conv3D as Conv3DOp
from minitf.ops.volumes import avg_pool3d, max_pool3d
from minitf.tensor import Tensor

_FORMATS = {"channels_last": "NDHWC", "channels_first": "NCDHW"}


class Conv3D(Conv2D):
    """activation(convolution of volumes + bias)."""

    base_name = "conv3d"
    formats = _FORMATS

    def __init__(
        self, filters: int, kernel_size: Any, strides: Any = (1, 1, 1), padding: str = "valid",
        data_format: str = "channels_last", dilation_rate: Any = (1, 1, 1), *more: Any,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate, *more, **options
        )

    def _convolved(self, inputs: Tensor) -> Tensor:
        if self.dilation_rate != (1, 1, 1):
            return convolution(
                inputs, self.kernel, self.padding, self.strides, self.dilation_rate,
                data_format=self.data_format,
            )  # fmt: skip
        convert_to_tensor(self.dilation_rate, dtypes.int32, name="dilation_rate")
        return Conv3DOp(
            inputs, self.kernel, strides=_around(self.strides, self.data_format),
            padding=self.padding, data_format=self.data_format,
        )  # fmt: skip

    def _finished(self, outputs: Tensor) -> Tensor:
        if self.bias is not None:
            order = "NHWC" if self.data_format == "NDHWC" else "NCHW"
            outputs = bias_add(outputs, self.bias, data_format=order)
        return outputs if self.activation is None else self.activation(outputs)


def _around(sizes: tuple[int, ...], data_format: str) -> list[int]:
    return [1, *sizes, 1] if data_format == "NDHWC" else [1, 1, *sizes]


class _Pooling3D(Layer):
    function: Callable[..., Tensor]

    def __init__(
        self, pool_size: Any, strides: Any, padding: str = "valid",
        data_format: str = "channels_last", name: str | None = None, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(name=name, **more)
        self.pool_size = numbers(pool_size, "pool_size", 3)
        self.strides = numbers(strides, "strides", 3)
        self.padding = padding.upper()
        self.data_format = format_of(data_format, _FORMATS)

    def build(self, input_shape: Any) -> None:
        check_rank(self, input_shape, 5)

    def call(self, inputs: Tensor) -> Tensor:
        window = _around(self.pool_size, self.data_format)
        steps = _around(self.strides, self.data_format)
        function = type(self).function
        return function(inputs, window, steps, self.padding, data_format=self.data_format)


class MaxPooling3D(_Pooling3D):
    """The largest number of each window."""

    base_name = "max_pooling3d"
    function = staticmethod(max_pool3d)


class AveragePooling3D(_Pooling3D):
    """The mean of each window."""

    base_name = "average_pooling3d"
    function = staticmethod(avg_pool3d)


def conv3d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1, 1),
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = None,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """activation(convolution of volumes + bias)."""
    return Conv3D(
        filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        activity_regularizer, kernel_constraint, bias_constraint, trainable,
        name=name, _scope=name, _reuse=reuse,
    )(inputs)  # fmt: skip


def max_pooling3d(
    inputs: Any, pool_size: Any, strides: Any, padding: str = "valid",
    data_format: str = "channels_last", name: str | None = None,
) -> Tensor:  # fmt: skip
    """The largest number of each window of volumes."""
    return MaxPooling3D(pool_size, strides, padding, data_format, name)(inputs)


def average_pooling3d(
    inputs: Any, pool_size: Any, strides: Any, padding: str = "valid",
    data_format: str = "channels_last", name: str | None = None,
) -> Tensor:  # fmt: skip
    """The mean of each window of volumes."""
    return AveragePooling3D(pool_size, strides, padding, data_format, name)(inputs)
