"""Convolution of images, its gradients, and the functions that use it in one or two dimensions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf.graph import name_scope
from minitf.infer import constant_shape
from minitf.kernels import convolution as kernels
from minitf.op import convert_to_tensor, op
from minitf.ops.joining import concat
from minitf.ops.shapes import expand_dims, renamed_argument, reshape, shape, shape_n, squeeze
from minitf.ops.sizes import same_size, sizes
from minitf.ops.windows import channel_axis, check_paddings, out_sizes, padding_of, sequence
from minitf.shape import TensorShape
from minitf.tensor import Tensor

_TYPES = "{half, bfloat16, float, double}"
_WINDOW_ATTRS = (
    "strides: list(int), use_cudnn_on_gpu: bool = true, padding: {'SAME', 'VALID', 'EXPLICIT'}, "
    "explicit_paddings: list(int) = [], data_format: {'NHWC', 'NCHW'} = \"NHWC\", "
    "dilations: list(int) = [1, 1, 1, 1]"
)
_NAMES = (
    *("strides", "use_cudnn_on_gpu", "padding", "explicit_paddings", "data_format", "dilations"),
)


def _window(op: Any) -> dict[str, Any]:
    return {name: op._attrs[name] for name in _NAMES}


def _check_depths(depth: Any, taken: Any, made: Any) -> None:
    if taken == 0:
        raise ValueError("Depth of filter must not be 0")
    if depth is None or taken is None:
        return
    if depth % taken:
        raise ValueError(
            f"Depth of input ({depth}) is not a multiple of input depth of filter ({taken})"
        )
    if made is not None and depth // taken and made % (depth // taken):
        raise ValueError(
            f"Depth of output ({made}) is not a multiple of the number of groups ({depth // taken})"
        )


@op
class Conv2D:
    """Each window of the image times the filter: [n, h, w, c], [rows, columns, c, f] -> [..., f].

    A filter whose c is a part of the image's channels makes that many groups of them.
    """

    inputs = "input: T, filter: T"
    outputs = "output: T"
    attrs = f"T: {_TYPES[:-1]}, int32}}, {_WINDOW_ATTRS}"
    kernel = kernels.conv2d

    def infer(input, filter, *, strides, padding, explicit_paddings, data_format, dilations):
        image, (rows, columns, taken, made) = sizes(input, 4), sizes(filter, 4)
        _check_four(strides, dilations)
        first = 2 if data_format == "NCHW" else 1
        channels = channel_axis(data_format)
        _check_depths(image[channels], taken, made)
        check_paddings(explicit_paddings, padding, first)
        window = [rows, columns]
        found = out_sizes(image, window, strides, padding, explicit_paddings, dilations, first)
        return [image[0], made, *found] if first == 2 else [image[0], *found, made]

    def gradient(op, grad):
        x, w = op.inputs
        x_shape, w_shape = shape_n([x, w])
        window = _window(op)
        return (
            Conv2DBackpropInput(x_shape, w, grad, **window),
            Conv2DBackpropFilter(x, w_shape, grad, **window),
        )


def _check_four(strides: list[int], dilations: list[int]) -> None:
    for numbers, name in ((dilations, "dilation"), (strides, "stride")):
        if len(numbers) != 4:
            raise ValueError(
                f"Conv2D requires the {name} attribute to contain 4 values, but got: {len(numbers)}"
            )


@op
class Conv2DBackpropInput:
    """The gradient of Conv2D's image, which is also the convolution turned round."""

    inputs = "input_sizes: int32, filter: T, out_backprop: T"
    outputs = "output: T"
    attrs = f"T: {_TYPES[:-1]}, int32}}, {_WINDOW_ATTRS}"

    def infer(input_sizes, filter, out_backprop, *, data_format):
        same_size(sizes(out_backprop, 4)[3 if data_format == "NHWC" else 1], sizes(filter, 4)[3])
        return image_shape("Conv2DBackpropInput", input_sizes, filter, out_backprop, data_format)

    def kernel(
        input_sizes, w, grad, *, strides, padding, explicit_paddings, dilations, data_format
    ):
        wanted = list(input_sizes)
        if len(wanted) == 2:  # height and width only
            wanted = [grad.shape[0], *wanted, w.shape[2]]
        return kernels.conv2d_backprop_input(
            wanted, w, grad, strides=strides, padding=padding, dilations=dilations,
            explicit_paddings=explicit_paddings, data_format=data_format,
        )  # fmt: skip

    def gradient(op, grad):
        w, out = op.inputs[1], op.inputs[2]
        window = _window(op)
        by_filter = Conv2DBackpropFilter(grad, shape(w), out, **window)
        return None, by_filter, Conv2D(grad, w, **window)


def image_shape(
    op_type: str, input_sizes: Tensor, filter: Tensor, out_backprop: Tensor, data_format: str
) -> list[int | None]:
    """The shape that `input_sizes` stands for, its batch as large as the gradient's."""
    taken, batch = sizes(filter, 4)[2], sizes(out_backprop, 4)[0]
    wanted = constant_shape(input_sizes)._sizes
    if wanted is None:
        return [batch, None, None, None]
    if len(wanted) == 2:
        image = [taken, *wanted] if data_format == "NCHW" else [*wanted, taken]
        return [batch, *image]
    if len(wanted) != 4:
        raise ValueError(
            f"{op_type} requires input_sizes to contain 4 values or 2 values, but got: "
            f"{len(wanted)}"
        )
    return [same_size(wanted[0], batch), *wanted[1:]]


@op
class Conv2DBackpropFilter:
    """The gradient of Conv2D's filter."""

    inputs = "input: T, filter_sizes: int32, out_backprop: T"
    outputs = "output: T"
    attrs = f"T: {_TYPES}, {_WINDOW_ATTRS}"
    kernel = kernels.conv2d_backprop_filter

    def infer(input, filter_sizes, out_backprop):
        return filter_shape(filter_sizes)

    def gradient(op, grad):
        x, out = op.inputs[0], op.inputs[2]
        window = _window(op)
        by_image = Conv2DBackpropInput(shape(x), grad, out, **window)
        return by_image, None, Conv2D(x, grad, **window)


def filter_shape(filter_sizes: Tensor) -> TensorShape:
    """The shape that `filter_sizes` stands for."""
    wanted = constant_shape(filter_sizes)
    return TensorShape([None] * 4) if wanted.rank is None else wanted


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 (TensorFlow's default, never changed)
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Each window of the image times the filter.

    `padding` is "SAME", "VALID" or pairs of numbers for each dimension. More dimensions before
    the image's own are more of the batch.
    """
    filter = renamed_argument("filters", filters, "filter", filter)
    padding, paddings = padding_of(padding)
    data_format = data_format or "NHWC"
    channels = channel_axis(data_format)
    attrs = {
        "strides": sequence(strides, 2, channels, "strides"),
        "padding": padding,
        "use_cudnn_on_gpu": use_cudnn_on_gpu,
        "explicit_paddings": paddings,
        "data_format": data_format,
        "dilations": sequence(dilations, 2, channels, "dilations"),
    }
    count = rank_of(input)
    if count is None or count <= 4:
        return Conv2D(input, filter, name=name, **attrs)
    return squeezed_batch(input, lambda x: Conv2D(x, filter, **attrs), 3, name)


def rank_of(value: Any) -> int | None:
    """The number of dimensions of a tensor, variable or array; None where it is not known."""
    known = getattr(value, "shape", None)
    if known is None:
        return TensorShape(convert_to_tensor(value).shape).rank
    return known.rank if isinstance(known, TensorShape) else len(known)


def squeezed_batch(x: Any, function: Callable[..., Tensor], inner: int, name: Any) -> Tensor:
    """`function` of x with all but its last `inner` dimensions as one batch."""
    with name_scope(name, "squeeze_batch_dims", [x]):
        x = convert_to_tensor(x, name="input")
        known = x.shape
        inside: Any = known[-inner:]
        if not inside.is_fully_defined():
            inside = shape(x)[-inner:]
        outside: Any = known[:-inner]
        if not outside.is_fully_defined():
            outside = shape(x)[:-inner]
        if isinstance(inside, TensorShape):
            flat = reshape(x, [-1, *inside.as_list()])
        else:
            flat = reshape(x, concat(([-1], inside), axis=-1))
        made = function(flat)
        made_inside: Any = made.shape[-inner:]
        if not made_inside.is_fully_defined():
            made_inside = shape(made)[-inner:]
        result = reshape(made, concat((outside, made_inside), axis=-1))
        result.set_shape(known[:-inner].concatenate(result.shape[-inner:]))
        return result


def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The gradient of conv2d's image."""
    filter = renamed_argument("filters", filters, "filter", filter)
    padding, paddings = padding_of(padding)
    return Conv2DBackpropInput(
        input_sizes, filter, out_backprop, strides=strides, padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu, explicit_paddings=paddings, data_format=data_format,
        dilations=dilations, name=name,
    )  # fmt: skip


def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
) -> Tensor:
    """The gradient of conv2d's filter."""
    padding, paddings = padding_of(padding)
    return Conv2DBackpropFilter(
        input, filter_sizes, out_backprop, strides=strides, padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu, explicit_paddings=paddings, data_format=data_format,
        dilations=dilations, name=name,
    )  # fmt: skip


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: Any = "SAME",
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The convolution turned round: from what conv2d gives to an image of `output_shape`."""
    value = renamed_argument("input", input, "value", value)
    filter = renamed_argument("filters", filters, "filter", filter)
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as name:
        data_format = data_format or "NHWC"
        channels = channel_axis(data_format)
        strides = sequence(strides, 2, channels, "strides")
        dilations = sequence(dilations, 2, channels, "dilations")
        padding, paddings = padding_of(padding)
        return Conv2DBackpropInput(
            output_shape, filter, value, strides=strides, padding=padding,
            explicit_paddings=paddings, data_format=data_format, dilations=dilations, name=name,
        )  # fmt: skip


def _of_rows(data_format: str | None) -> tuple[str, int, int]:
    """The format, the place of the new dimension and the channels of a batch of sequences."""
    if data_format in (None, "NHWC", "NWC"):
        return "NHWC", -3, 2
    if data_format in ("NCHW", "NCW"):
        return "NCHW", -2, 1
    raise ValueError(f"`data_format` must be 'NWC' or 'NCW'. Received: data_format={data_format}")


def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool | None = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Each window of a sequence times the filter, as a convolution of images one pixel high."""
    value = renamed_argument("input", input, "value", value)
    with name_scope(name, "conv1d", [value, filters]) as name:
        data_format, place, channels = _of_rows(data_format)
        attrs = {
            "strides": [1, *sequence(stride, 1, channels, "stride")],
            "dilations": [1, *sequence(dilations, 1, channels, "dilations")],
            "padding": padding,
            "use_cudnn_on_gpu": use_cudnn_on_gpu,
            "data_format": data_format,
        }
        value, filters = expand_dims(value, place), expand_dims(filters, 0)
        if value.shape.rank is None or value.shape.rank <= 4:
            result = Conv2D(value, filters, name=name, **attrs)
        else:
            convolve = partial(_convolve, filters, attrs)
            result = squeezed_batch(value, convolve, 3, name)
        return squeeze(result, [place])


def _convolve(filters: Tensor, attrs: dict[str, Any], x: Tensor) -> Tensor:
    return Conv2D(x, filters, **attrs)


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """`conv1d` turned round: from what it gives to sequences of `output_shape`."""
    with name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as name:
        if data_format not in (None, "NWC", "NCW"):
            _of_rows("")
        data_format, place, channels = _of_rows(data_format)
        place += 4
        strides = [1, *sequence(strides, 1, channels, "stride")]
        dilations = [1, *sequence(dilations, 1, channels, "dilations")]
        input, filters = expand_dims(input, place), expand_dims(filters, 0)
        wanted = output_shape if isinstance(output_shape, Tensor) else list(output_shape)
        wanted = concat([wanted[:place], [1], wanted[place:]], 0)
        result = Conv2DBackpropInput(
            wanted, filters, input, strides=strides, padding=padding, data_format=data_format,
            dilations=dilations, name=name,
        )  # fmt: skip
        return squeeze(result, place)
