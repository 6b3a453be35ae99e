"""Layers for images: convolution, convolution turned round, and pooling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.initial_values import zeros_initializer
from minitf.layers.base import Layer, check_rank
from minitf.op import convert_to_tensor
from minitf.ops.biases import bias_add
from minitf.ops.convolution import Conv2D as Conv2DOp
from minitf.ops.convolution import conv2d_transpose as transposed
from minitf.ops.dilated import convolution
from minitf.ops.joining import stack
from minitf.ops.pooling import avg_pool, max_pool
from minitf.ops.shapes import shape
from minitf.shape import TensorShape, as_shape
from minitf.tensor import Tensor

_FORMATS = {"channels_last": "NHWC", "channels_first": "NCHW"}


def numbers(value: Any, name: str, count: int = 2) -> tuple[int, ...]:
    """One number for each dimension, height and width; ValueError for anything else."""
    if isinstance(value, TensorShape):
        value = value.as_list()
    values = tuple(np.asarray(value).reshape(-1).tolist())
    if len(values) == 1:
        values *= count
    if len(values) != count or not all(isinstance(number, int) for number in values):
        raise ValueError(
            f"The `{name}` argument must be a tuple of {count} integers. Received: {value}"
        )
    return values


def format_of(data_format: str, formats: dict[str, str]) -> str:
    """An op's word for where the channels stand; ValueError for words that layers don't know."""
    if data_format not in formats:
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {data_format}"
        )
    return formats[data_format]


class Conv2D(Layer):
    """activation(convolution of images + bias)."""

    base_name = "conv2d"
    formats = _FORMATS

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = (1, 1),
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
        **more: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **more)
        self.filters = filters
        count = len(self.formats["channels_last"]) - 2
        self.kernel_size = numbers(kernel_size, "kernel_size", count)
        self.strides = numbers(strides, "strides", count)
        self.padding = padding.upper()
        self.data_format = format_of(data_format, self.formats)
        self.dilation_rate = numbers(dilation_rate, "dilation_rate", count)
        self.activation, self.use_bias = activation, use_bias
        self.kernel_initializer = kernel_initializer
        self.kernel_regularizer = kernel_regularizer
        self.kernel_constraint = kernel_constraint
        self.bias_initializer = bias_initializer or zeros_initializer()
        self.bias_regularizer = bias_regularizer
        self.bias_constraint = bias_constraint

    def build(self, input_shape: Any) -> None:
        input_shape = as_shape(input_shape)
        check_rank(self, input_shape, len(self.data_format))
        channels = input_shape.as_list()[self.data_format.index("C")]
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        sizes = self._kernel_shape(channels)
        self.kernel = self._add_own("kernel", sizes)
        self.bias = self._add_own("bias", [self.filters]) if self.use_bias else None

    def _kernel_shape(self, channels: int) -> list[int]:
        return [*self.kernel_size, channels, self.filters]

    def call(self, inputs: Tensor) -> Tensor:
        return self._finished(self._convolved(inputs))

    def _convolved(self, inputs: Tensor) -> Tensor:
        if self.dilation_rate != (1, 1):
            return convolution(
                inputs, self.kernel, self.padding, self.strides, self.dilation_rate,
                data_format=self.data_format,
            )  # fmt: skip
        convert_to_tensor(self.dilation_rate, dtypes.int32, name="dilation_rate")
        strides = _around(self.strides, self.data_format)
        return Conv2DOp(
            inputs, self.kernel, strides=strides, padding=self.padding,
            data_format=self.data_format,
        )  # fmt: skip

    def _finished(self, outputs: Tensor) -> Tensor:
        if self.bias is not None:
            outputs = bias_add(outputs, self.bias, data_format=self.data_format)
        return outputs if self.activation is None else self.activation(outputs)


def _around(sizes: tuple[int, ...], data_format: str) -> list[int]:
    return [1, *sizes, 1] if data_format == "NHWC" else [1, 1, *sizes]


class Conv2DTranspose(Conv2D):
    """activation(convolution turned round + bias): images `strides` times as large."""

    base_name = "conv2d_transpose"

    def _kernel_shape(self, channels: int) -> list[int]:
        return [*self.kernel_size, self.filters, channels]

    def _convolved(self, inputs: Tensor) -> Tensor:
        sizes, first = shape(inputs), 1 if self.data_format == "NHWC" else 2
        batch = sizes[0]
        image = sizes[first], sizes[first + 1]
        made = [
            self._enlarged(image[axis], self.kernel_size[axis], self.strides[axis])
            for axis in range(2)
        ]
        parts = [batch, *made, self.filters] if first == 1 else [batch, self.filters, *made]
        outputs = transposed(
            inputs, self.kernel, stack(parts), _around(self.strides, self.data_format),
            padding=self.padding, data_format=self.data_format,
        )  # fmt: skip
        known = inputs.shape.as_list()
        for axis in range(2):
            size = known[first + axis]
            if size is not None:
                size = self._enlarged(size, self.kernel_size[axis], self.strides[axis])
            known[first + axis] = size
        known[3 if first == 1 else 1] = self.filters
        outputs.set_shape(known)
        return outputs

    def _enlarged(self, size: Any, window: int, stride: int) -> Any:
        size = size * stride
        return size + max(window - stride, 0) if self.padding == "VALID" else size


class _Pooling2D(Layer):
    """Pooling over windows of images."""

    formats = _FORMATS
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
        self.pool_size = numbers(pool_size, "pool_size")
        self.strides = numbers(strides, "strides")
        self.padding = padding.upper()
        self.data_format = format_of(data_format, self.formats)

    def build(self, input_shape: Any) -> None:
        check_rank(self, input_shape, 4)

    def call(self, inputs: Tensor) -> Tensor:
        window = _around(self.pool_size, self.data_format)
        steps = _around(self.strides, self.data_format)
        function = type(self).function
        return function(inputs, window, steps, self.padding, data_format=self.data_format)


class MaxPooling2D(_Pooling2D):
    """The largest number of each window."""

    base_name = "max_pooling2d"
    function = staticmethod(max_pool)


class AveragePooling2D(_Pooling2D):
    """The mean of each window."""

    base_name = "average_pooling2d"
    function = staticmethod(avg_pool)


def conv2d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1),
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
    """activation(convolution of images + bias)."""
    return Conv2D(
        filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        activity_regularizer, kernel_constraint, bias_constraint, trainable,
        name=name, _scope=name, _reuse=reuse,
    )(inputs)  # fmt: skip


def conv2d_transpose(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
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
    """activation(convolution turned round + bias): images `strides` times as large."""
    return Conv2DTranspose(
        filters, kernel_size, strides, padding, data_format, (1, 1), activation, use_bias,
        kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        activity_regularizer, kernel_constraint, bias_constraint, trainable,
        name=name, _scope=name, _reuse=reuse,
    )(inputs)  # fmt: skip


def max_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The largest number of each window."""
    return MaxPooling2D(pool_size, strides, padding, data_format, name=name)(inputs)


def average_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window."""
    return AveragePooling2D(pool_size, strides, padding, data_format, name=name)(inputs)
