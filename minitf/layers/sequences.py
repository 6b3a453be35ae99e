"""Layers for sequences: convolution and pooling along one dimension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.layers.base import Layer, check_rank
from minitf.layers.images import Conv2D, format_of, numbers
from minitf.op import convert_to_tensor
from minitf.ops.biases import bias_add
from minitf.ops.convolution import conv1d as convolved
from minitf.ops.dilated import convolution
from minitf.ops.pooling import avg_pool, max_pool
from minitf.ops.shapes import expand_dims, reshape, squeeze
from minitf.tensor import Tensor


class Conv1D(Conv2D):
    """activation(convolution of sequences + bias)."""

    base_name = "conv1d"
    formats = {"channels_last": "NWC", "channels_first": "NCW"}

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = 1,
        *arguments: Any,
        **options: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, data_format, dilation_rate,
            *arguments, **options,
        )  # fmt: skip

    def _convolved(self, inputs: Tensor) -> Tensor:
        if self.dilation_rate != (1,):
            return convolution(
                inputs, self.kernel, self.padding, self.strides, self.dilation_rate,
                data_format=self.data_format,
            )  # fmt: skip
        convert_to_tensor(self.dilation_rate, dtypes.int32, name="dilation_rate")
        return convolved(
            inputs, self.kernel, self.strides, self.padding, data_format=self.data_format
        )

    def _finished(self, outputs: Tensor) -> Tensor:
        if self.bias is not None:
            if self.data_format == "NCW":
                outputs += reshape(self.bias, (1, self.filters, 1))
            else:
                outputs = bias_add(outputs, self.bias, data_format="NHWC")
        return outputs if self.activation is None else self.activation(outputs)


class _Pooling1D(Layer):
    """Pooling over windows of sequences: of images one number wide."""

    function: Callable[..., Tensor]

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name=name, **more)
        self.pool_size = numbers(pool_size, "pool_size", 1)
        self.strides = numbers(strides, "strides", 1)
        self.padding = padding.upper()
        self.data_format = format_of(data_format, Conv1D.formats)

    def build(self, input_shape: Any) -> None:
        check_rank(self, input_shape, 3)

    def call(self, inputs: Tensor) -> Tensor:
        last = self.data_format == "NWC"
        axis = 2 if last else 3
        window, steps = (
            [1, *sizes, 1, 1] if last else [1, 1, *sizes, 1]
            for sizes in (self.pool_size, self.strides)
        )
        images = expand_dims(inputs, axis)
        function, data_format = type(self).function, "NHWC" if last else "NCHW"
        outputs = function(images, window, steps, self.padding, data_format=data_format)
        return squeeze(outputs, axis)


class MaxPooling1D(_Pooling1D):
    """The largest number of each window."""

    base_name = "max_pooling1d"
    function = staticmethod(max_pool)


class AveragePooling1D(_Pooling1D):
    """The mean of each window."""

    base_name = "average_pooling1d"
    function = staticmethod(avg_pool)


def conv1d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
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
    """activation(convolution of sequences + bias)."""
    return Conv1D(
        filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        activity_regularizer, kernel_constraint, bias_constraint, trainable,
        name=name, _scope=name, _reuse=reuse,
    )(inputs)  # fmt: skip


def max_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The largest number of each window."""
    return MaxPooling1D(pool_size, strides, padding, data_format, name=name)(inputs)


def average_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window."""
    return AveragePooling1D(pool_size, strides, padding, data_format, name=name)(inputs)
