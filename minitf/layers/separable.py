"""Convolution of images channel by channel, then across channels, as one layer."""

from __future__ import annotations

from typing import Any

from minitf.initial_values import zeros_initializer
from minitf.layers.base import Layer, check_rank
from minitf.layers.images import format_of, numbers
from minitf.ops.biases import bias_add
from minitf.ops.depthwise import separable_conv2d as separable
from minitf.shape import as_shape
from minitf.tensor import Tensor

_FORMATS = {"channels_last": "NHWC", "channels_first": "NCHW"}


class SeparableConv2D(Layer):
    """activation(each channel's own convolution, mixed by one of one pixel, + bias)."""

    base_name = "separable_conv2d"

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = (1, 1),
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = None,
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **more)
        self.filters, self.depth_multiplier = filters, depth_multiplier
        self.kernel_size = numbers(kernel_size, "kernel_size")
        self.strides = numbers(strides, "strides")
        self.dilation_rate = numbers(dilation_rate, "dilation_rate")
        self.padding = padding.upper()
        self.data_format = format_of(data_format, _FORMATS)
        self.activation, self.use_bias = activation, use_bias
        self._depthwise = depthwise_initializer, depthwise_regularizer, depthwise_constraint
        self._pointwise = pointwise_initializer, pointwise_regularizer, pointwise_constraint
        zeros = bias_initializer or zeros_initializer()
        self._bias = zeros, bias_regularizer, bias_constraint

    def build(self, input_shape: Any) -> None:
        input_shape = as_shape(input_shape)
        check_rank(self, input_shape, 4)
        channels = input_shape.as_list()[self.data_format.index("C")]
        if channels is None:
            raise ValueError(
                "The channel dimension of the inputs to `SeparableConv2D` should be defined. Found "
                "`None`."
            )
        apart = [*self.kernel_size, channels, self.depth_multiplier]
        mixing = [1, 1, channels * self.depth_multiplier, self.filters]
        self.depthwise_kernel = self._made("depthwise_kernel", apart, self._depthwise)
        self.pointwise_kernel = self._made("pointwise_kernel", mixing, self._pointwise)
        self.bias = self._made("bias", [self.filters], self._bias) if self.use_bias else None

    def _made(self, name: str, sizes: list[int], options: tuple[Any, Any, Any]) -> Any:
        initializer, regularizer, constraint = options
        return self.add_variable(
            name, sizes, initializer=initializer, regularizer=regularizer, constraint=constraint
        )

    def call(self, inputs: Tensor) -> Tensor:
        steps = [1, *self.strides, 1] if self.data_format == "NHWC" else [1, 1, *self.strides]
        outputs = separable(
            inputs, self.depthwise_kernel, self.pointwise_kernel, steps, self.padding,
            rate=self.dilation_rate, data_format=self.data_format,
        )  # fmt: skip
        if self.bias is not None:
            outputs = bias_add(outputs, self.bias, data_format=self.data_format)
        return outputs if self.activation is None else self.activation(outputs)


def separable_conv2d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1),
    depth_multiplier: int = 1,
    activation: Any = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = None,
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """activation(each channel's own convolution, mixed by one of one pixel, + bias)."""
    return SeparableConv2D(
        filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier,
        activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer,
        depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer,
        depthwise_constraint, pointwise_constraint, bias_constraint, trainable,
        name=name, _scope=name, _reuse=reuse,
    )(inputs)  # fmt: skip
