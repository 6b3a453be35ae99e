"""Convolution of each channel by itself, its gradients, and separable convolution."""

from __future__ import annotations

from typing import Any

from minitf.graph import name_scope
from minitf.kernels import depthwise as kernels
from minitf.op import convert_to_tensor, op
from minitf.ops.convolution import conv2d, filter_shape, image_shape
from minitf.ops.dilated import with_space_to_batch
from minitf.ops.shapes import renamed_argument, shape
from minitf.ops.sizes import same_size, sizes
from minitf.ops.windows import check_paddings, out_sizes, padding_of
from minitf.tensor import Tensor

_ATTRS = (
    "T: {half, bfloat16, float, double}, strides: list(int), padding: {'SAME', 'VALID', "
    "'EXPLICIT'}, explicit_paddings: list(int) = [], data_format: {'NHWC', 'NCHW'} = \"NHWC\", "
    "dilations: list(int) = [1, 1, 1, 1]"
)
_NAMES = ("strides", "padding", "explicit_paddings", "data_format", "dilations")


def _window(op: Any) -> dict[str, Any]:
    return {name: op._attrs[name] for name in _NAMES}


@op
class DepthwiseConv2dNative:
    """Each channel's windows times that channel's filters: [..., c], [rows, columns, c, m]."""

    inputs = "input: T, filter: T"
    outputs = "output: T"
    attrs = _ATTRS

    def infer(input, filter, *, strides, padding, explicit_paddings, data_format, dilations):
        image, (rows, columns, taken, times) = sizes(input, 4), sizes(filter, 4)
        first = 2 if data_format == "NCHW" else 1
        depth = same_size(image[1 if first == 2 else 3], taken)
        made = None if depth is None or times is None else depth * times
        check_paddings(explicit_paddings, padding, first)
        window = [rows, columns]
        found = out_sizes(image, window, strides, padding, explicit_paddings, dilations, first)
        return [image[0], made, *found] if first == 2 else [image[0], *found, made]

    def kernel(x, w, *, strides, padding, explicit_paddings, data_format, dilations):
        return kernels.depthwise_conv2d(
            x, w, strides=strides, padding=padding, explicit_paddings=explicit_paddings,
            data_format=data_format, dilations=dilations,
        )  # fmt: skip

    def gradient(op, grad):
        x, w = op.inputs
        window = _window(op)
        by_image = DepthwiseConv2dNativeBackpropInput(shape(x), w, grad, **window)
        return by_image, DepthwiseConv2dNativeBackpropFilter(x, shape(w), grad, **window)


@op
class DepthwiseConv2dNativeBackpropInput:
    """The gradient of DepthwiseConv2dNative's image."""

    inputs = "input_sizes: int32, filter: T, out_backprop: T"
    outputs = "output: T"
    attrs = _ATTRS

    def infer(input_sizes, filter, out_backprop, *, data_format):
        name = "DepthwiseConv2dNativeBackpropInput"
        return image_shape(name, input_sizes, filter, out_backprop, data_format)

    def kernel(wanted, w, grad, *, strides, padding, explicit_paddings, data_format, dilations):
        return kernels.depthwise_conv2d_backprop_input(
            wanted, w, grad, strides=strides, padding=padding,
            explicit_paddings=explicit_paddings, data_format=data_format, dilations=dilations,
        )  # fmt: skip

    def gradient(op, grad):
        w, out = op.inputs[1], op.inputs[2]
        window = _window(op)
        by_filter = DepthwiseConv2dNativeBackpropFilter(grad, shape(w), out, **window)
        return None, by_filter, DepthwiseConv2dNative(grad, w, **window)


@op
class DepthwiseConv2dNativeBackpropFilter:
    """The gradient of DepthwiseConv2dNative's filter."""

    inputs = "input: T, filter_sizes: int32, out_backprop: T"
    outputs = "output: T"
    attrs = _ATTRS

    def infer(input, filter_sizes, out_backprop):
        return filter_shape(filter_sizes)

    def kernel(x, wanted, grad, *, strides, padding, explicit_paddings, data_format, dilations):
        return kernels.depthwise_conv2d_backprop_filter(
            x, wanted, grad, strides=strides, padding=padding,
            explicit_paddings=explicit_paddings, data_format=data_format, dilations=dilations,
        )  # fmt: skip

    def gradient(op, grad):
        x, out = op.inputs[0], op.inputs[2]
        window = _window(op)
        by_image = DepthwiseConv2dNativeBackpropInput(shape(x), grad, out, **window)
        return by_image, None, DepthwiseConv2dNative(x, grad, **window)


def depthwise_conv2d_native(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 (TensorFlow's default, never changed)
    name: str | None = None,
) -> Tensor:
    """Each channel's windows times that channel's filters."""
    padding, paddings = padding_of(padding)
    return DepthwiseConv2dNative(
        input, filter, strides=strides, padding=padding, explicit_paddings=paddings,
        data_format=data_format, dilations=dilations, name=name,
    )  # fmt: skip


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Each channel's windows times that channel's filters, `rate` - 1 pixels skipped in between."""
    rate = renamed_argument("dilations", dilations, "rate", rate)
    with name_scope(name, "depthwise", [input, filter]) as name:
        x = convert_to_tensor(input, name="tensor_in")
        w = convert_to_tensor(filter, name="filter_in")
        return _each_channel(x, w, strides, padding, rate, data_format, name)


def _each_channel(
    x: Tensor, w: Tensor, strides: Any, padding: Any, rate: Any, data_format: Any, name: str
) -> Tensor:
    window = shape(w)

    def convolve(blocks: Tensor, padding: Any) -> Tensor:
        return depthwise_conv2d_native(
            blocks, w, strides, padding, data_format=data_format, name=name
        )

    rate = [1, 1] if rate is None else rate
    return with_space_to_batch(x, rate, padding, convolve, window, data_format=data_format)


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """A convolution of each channel by itself, then one of one pixel that mixes the channels."""
    rate = renamed_argument("dilations", dilations, "rate", rate)
    values = [input, depthwise_filter, pointwise_filter]
    with name_scope(name, "separable_conv2d", values) as name:
        x = convert_to_tensor(input, name="tensor_in")
        w = convert_to_tensor(depthwise_filter, name="depthwise_filter")
        mixing = convert_to_tensor(pointwise_filter, name="pointwise_filter")
        mixing.shape.with_rank(4)[:2].assert_is_compatible_with([1, 1])
        apart = _each_channel(x, w, strides, padding, rate, data_format, "depthwise")
        return conv2d(
            apart, mixing, [1, 1, 1, 1], padding="VALID", data_format=data_format, name=name
        )
