"""Convolution and pooling of volumes: [batch, planes, height, width, channels]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.graph import name_scope
from minitf.infer import constant_shape
from minitf.kernels import volumes as kernels
from minitf.op import op
from minitf.ops.constants import stop_gradient
from minitf.ops.filling import zeros_like
from minitf.ops.shapes import renamed_argument, shape, shape_n
from minitf.ops.sizes import sizes
from minitf.ops.windows import channel_axis, sequence, steps
from minitf.shape import unknown_shape
from minitf.tensor import Tensor

_FORMAT = "data_format: {'NDHWC', 'NCDHW'} = \"NDHWC\""
_WALK = f"strides: list(int) >= 5, padding: {{'SAME', 'VALID'}}, {_FORMAT}"
_POOL = f"ksize: list(int) >= 5, {_WALK}"
_TYPES = "T: {half, bfloat16, float, double}"
_CONV = f"{_TYPES}, {_WALK}, dilations: list(int) = [1, 1, 1, 1, 1]"


def _walk(op: Any, *more: str) -> dict[str, Any]:
    return {name: op._attrs[name] for name in ("strides", "padding", "data_format", *more)}


def _out_sizes(
    volume: list[int | None], window: Sequence[int | None], strides: list[int], padding: str,
    first: int, dilations: Sequence[int] = (1, 1, 1, 1, 1),
) -> list[int | None]:  # fmt: skip
    return [
        steps(
            volume[first + i], window[i], strides[first + i], padding, dilation=dilations[first + i]
        )
        for i in range(3)
    ]


def _check_depths(depth: Any, taken: Any, made: Any) -> None:
    if depth is None or taken is None:
        return
    if taken == 0 or depth % taken:
        raise ValueError(
            f"Depth of input ({depth}) is not a multiple of input depth of filter ({taken})"
        )
    if made is not None and depth // taken and made % (depth // taken):
        raise ValueError(
            f"Depth of output ({made}) is not a multiple of the number of groups ({depth // taken})"
        )


@op
class Conv3D:
    """Each window of the volume times the filter: [n, d, h, w, c], [.., c, f] -> [.., f]."""

    inputs = "input: T, filter: T"
    outputs = "output: T"
    attrs = _CONV
    kernel = kernels.conv3d

    def infer(input, filter, *, strides, padding, data_format, dilations):
        volume, (*window, taken, made) = sizes(input, 5), sizes(filter, 5)
        if len(dilations) != 5:
            raise ValueError(
                "Conv3D requires the dilation attribute to contain 5 values, but got: "
                f"{len(dilations)}"
            )
        channels = channel_axis(data_format, 3)
        _check_depths(volume[channels], taken, made)
        first = 2 if channels == 1 else 1
        found = _out_sizes(volume, window, strides, padding, first, dilations)
        return [volume[0], made, *found] if first == 2 else [volume[0], *found, made]

    def gradient(op, grad):
        x, w = op.inputs
        x_shape, w_shape = shape_n([x, w])
        walk = _walk(op, "dilations")
        return (
            Conv3DBackpropInputV2(x_shape, w, grad, **walk),
            Conv3DBackpropFilterV2(x, w_shape, grad, **walk),
        )


@op
class Conv3DBackpropInputV2:
    """The gradient of Conv3D's volume, which is also the convolution turned round."""

    inputs = "input_sizes: Tshape, filter: T, out_backprop: T"
    outputs = "output: T"
    attrs = f"{_CONV}, Tshape: {{int32, int64}} = DT_INT32"
    kernel = kernels.conv3d_backprop_input

    def infer(input_sizes, filter, out_backprop):
        wanted = constant_shape(input_sizes)
        sizes(filter, 5)
        return unknown_shape(5) if wanted.rank is None else wanted

    def gradient(op, grad):
        w, out = op.inputs[1], op.inputs[2]
        walk = _walk(op, "dilations")
        by_filter = Conv3DBackpropFilterV2(grad, shape(w), out, **walk)
        return None, by_filter, Conv3D(grad, w, **walk)


@op
class Conv3DBackpropFilterV2:
    """The gradient of Conv3D's filter."""

    inputs = "input: T, filter_sizes: int32, out_backprop: T"
    outputs = "output: T"
    attrs = _CONV
    kernel = kernels.conv3d_backprop_filter

    def infer(input, filter_sizes, out_backprop):
        wanted = constant_shape(filter_sizes)
        return unknown_shape(5) if wanted.rank is None else wanted

    def gradient(op, grad):
        x, out = op.inputs[0], op.inputs[2]
        walk = _walk(op, "dilations")
        by_volume = Conv3DBackpropInputV2(shape(x), grad, out, **walk)
        return by_volume, None, Conv3D(x, grad, **walk)


def conv3d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str = "NDHWC",
    dilations: Any = [1, 1, 1, 1, 1],  # noqa: B006 (TensorFlow's default, never changed)
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Each window of the volume times the filter; `strides` are five numbers."""
    filter = renamed_argument("filters", filters, "filter", filter)
    return Conv3D(
        input, filter, strides=strides, padding=padding, data_format=data_format,
        dilations=dilations, name=name,
    )  # fmt: skip


def conv3d_transpose(
    value: Any,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str | None = "NDHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The convolution turned round: from what conv3d gives to a volume of `output_shape`."""
    filter = renamed_argument("filters", filters, "filter", filter)
    value = renamed_argument("input", input, "value", value)
    with name_scope(name, "conv3d_transpose", [value, filter, output_shape]) as scope:
        data_format = data_format or "NDHWC"
        channels = channel_axis(data_format, 3)
        return Conv3DBackpropInputV2(
            output_shape, filter, value, strides=sequence(strides, 3, channels, "strides"),
            padding=padding, data_format=data_format,
            dilations=sequence(dilations, 3, channels, "dilations"), name=scope,
        )  # fmt: skip


def conv3d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NDHWC",
    dilations: Any = [1, 1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
) -> Tensor:
    """The gradient of conv3d's filter."""
    return Conv3DBackpropFilterV2(
        input, filter_sizes, out_backprop, strides=strides, padding=padding,
        data_format=data_format, dilations=dilations, name=name,
    )  # fmt: skip


def _pooled(
    input: Tensor, *, ksize: list[int], strides: list[int], padding: str, data_format: str
) -> list[int | None]:
    volume = sizes(input, 5)
    first = 2 if data_format == "NCDHW" else 1
    volume[first : first + 3] = _out_sizes(
        volume, ksize[first : first + 3], strides, padding, first
    )
    return volume


@op
class MaxPool3D:
    """The largest number in each window."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = f"{_POOL}, T: {{half, bfloat16, float}}"
    infer = _pooled

    def kernel(input, *, ksize, strides, padding, data_format):
        return kernels.max_pool3d(
            input, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def gradient(op, grad):
        return MaxPool3DGrad(op.inputs[0], op.outputs[0], grad, **_walk(op, "ksize"))


def _like_first(orig_input: Tensor, orig_output: Tensor, grad: Tensor) -> list[int | None]:
    return sizes(orig_input, 5)


@op
class MaxPool3DGrad:
    """The gradient of MaxPool3D: what came, at the first of each window's largest numbers."""

    inputs = "orig_input: TInput, orig_output: TInput, grad: T"
    outputs = "output: T"
    attrs = (
        f"{_POOL}, T: {{half, bfloat16, float}} = DT_FLOAT, "
        "TInput: {half, bfloat16, float} = DT_FLOAT"
    )
    infer = _like_first

    def kernel(x, out, grad, *, ksize, strides, padding, data_format):
        return kernels.max_pool3d_grad(
            x, out, grad, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def gradient(op, grad):
        x, out, _ = op.inputs
        zeros = zeros_like(x), zeros_like(out)
        return *zeros, MaxPool3DGradGrad(x, out, grad, **_walk(op, "ksize"))


@op
class MaxPool3DGradGrad:
    """The gradient of MaxPool3DGrad: what stands where each window's largest number is."""

    inputs = "orig_input: T, orig_output: T, grad: T"
    outputs = "output: T"
    attrs = (
        f"{_POOL}, T: {{float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, "
        "uint32, uint64}"
    )

    def infer(orig_input, orig_output, grad, *, ksize, strides, padding, data_format):
        return _pooled(
            orig_input, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def kernel(x, out, grad, *, ksize, strides, padding, data_format):
        return kernels.max_pool3d_grad_grad(
            x, out, grad, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def gradient(op, grad):
        x, out, _ = op.inputs
        zeros = zeros_like(x), zeros_like(out)
        return *zeros, MaxPool3DGrad(x, out, grad, **_walk(op, "ksize"))


@op
class AvgPool3D:
    """The mean of each window's numbers."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = f"{_POOL}, {_TYPES}"
    infer = _pooled

    def kernel(input, *, ksize, strides, padding, data_format):
        return kernels.avg_pool3d(
            input, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def gradient(op, grad):
        return AvgPool3DGrad(shape(op.inputs[0]), grad, **_walk(op, "ksize"))


@op
class AvgPool3DGrad:
    """The gradient of AvgPool3D: what came, shared by each window's numbers."""

    inputs = "orig_input_shape: int32, grad: T"
    outputs = "output: T"
    attrs = f"{_POOL}, {_TYPES}"

    def infer(orig_input_shape, grad):
        wanted = constant_shape(orig_input_shape)
        return unknown_shape(5) if wanted.rank is None else wanted

    def kernel(orig_input_shape, grad, *, ksize, strides, padding, data_format):
        return kernels.avg_pool3d_grad(
            orig_input_shape, grad, ksize=ksize, strides=strides, padding=padding,
            data_format=data_format,
        )  # fmt: skip

    def gradient(op, grad):
        held = stop_gradient(op.inputs[0])
        return held, AvgPool3D(grad, **_walk(op, "ksize"))


def max_pool3d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:  # fmt: skip
    """The largest number in each window; sizes are one number, three, or five."""
    return _pool(MaxPool3D, "MaxPool3D", input, ksize, strides, padding, data_format, name)


def avg_pool3d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:  # fmt: skip
    """The mean of each window's numbers; sizes are one number, three, or five."""
    return _pool(AvgPool3D, "AvgPool3D", input, ksize, strides, padding, data_format, name)


def _pool(
    kind: Any, default_name: str, input: Any, ksize: Any, strides: Any, padding: str,
    data_format: str | None, name: str | None,
) -> Tensor:  # fmt: skip
    with name_scope(name, default_name, [input]) as scope:
        data_format = data_format or "NDHWC"
        channels = channel_axis(data_format, 3)
        return kind(
            input, ksize=sequence(ksize, 3, channels, "ksize"),
            strides=sequence(strides, 3, channels, "strides"), padding=padding,
            data_format=data_format, name=scope,
        )  # fmt: skip
