"""Pooling: the largest or the mean of each window of an image, and the gradients."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import constant_shape
from minitf.kernels import pooling as kernels
from minitf.op import op
from minitf.ops.constants import stop_gradient
from minitf.ops.filling import zeros_like
from minitf.ops.shapes import expand_dims, renamed_argument, shape, squeeze
from minitf.ops.sizes import sizes
from minitf.ops.windows import channel_axis, padding_of, pooled_shape, sequence
from minitf.ops.wrappers import REALS
from minitf.shape import unknown_shape
from minitf.tensor import Tensor

_WINDOW = "ksize: list(int) >= 4, strides: list(int) >= 4"
_FORMAT = "data_format: {'NHWC', 'NCHW'} = \"NHWC\""
_EITHER = "padding: {'SAME', 'VALID'}"
_ANY = "padding: {'SAME', 'VALID', 'EXPLICIT'}, explicit_paddings: list(int) = []"
_MAX_TYPES = "{half, bfloat16, float, double, int32, int64, uint8, int16, int8, uint16, qint8}"


def _walk(op: Any, *more: str) -> dict[str, Any]:
    return {name: op._attrs[name] for name in ("ksize", "strides", "padding", *more)}


@op
class MaxPool:
    """The largest number of each window."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = (
        f"T: {_MAX_TYPES} = DT_FLOAT, {_WINDOW}, {_ANY}, "
        "data_format: {'NHWC', 'NCHW', 'NCHW_VECT_C'} = \"NHWC\""
    )
    infer = pooled_shape

    def kernel(input, *, ksize, strides, padding, explicit_paddings, data_format):
        return kernels.max_pool(
            input, ksize=ksize, strides=strides, padding=padding,
            explicit_paddings=explicit_paddings, data_format=data_format,
        )  # fmt: skip

    def gradient(op, grad):
        walk = _walk(op, "explicit_paddings", "data_format")
        return MaxPoolGrad(op.inputs[0], op.outputs[0], grad, **walk)


def _image(orig_input: Tensor, *others: Tensor) -> Any:
    return sizes(orig_input, 4)


@op
class MaxPoolGrad:
    """The gradient of MaxPool: what came goes to the first of each window's largest numbers."""

    inputs = "orig_input: T, orig_output: T, grad: T"
    outputs = "output: T"
    attrs = f"{_WINDOW}, {_ANY}, {_FORMAT}, T: {REALS} = DT_FLOAT"
    infer = _image

    def kernel(x, out, grad, *, ksize, strides, padding, explicit_paddings, data_format):
        return kernels.max_pool_grad(
            x, out, grad, ksize=ksize, strides=strides, padding=padding,
            explicit_paddings=explicit_paddings, data_format=data_format,
        )  # fmt: skip

    def gradient(op, grad):
        x, y = op.inputs[:2]
        none, nothing = zeros_like(x), zeros_like(y)
        return none, nothing, MaxPoolGradGrad(x, y, grad, **_walk(op, "data_format"))


@op
class MaxPoolGradGrad:
    """The gradient of MaxPoolGrad: what came where each window's largest number stands."""

    inputs = "orig_input: T, orig_output: T, grad: T"
    outputs = "output: T"
    attrs = f"{_WINDOW}, {_EITHER}, {_FORMAT}, T: {REALS}"

    def infer(x, out, grad, *, ksize, strides, padding, data_format):
        return pooled_shape(
            x, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def kernel(x, out, grad, *, ksize, strides, padding, data_format):
        return kernels.max_pool_grad_grad(
            x, out, grad, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def gradient(op, grad):
        x, y = op.inputs[:2]
        none, nothing = zeros_like(x), zeros_like(y)
        return none, nothing, MaxPoolGrad(x, y, grad, **_walk(op, "data_format"))


class MaxPoolWithArgmaxOutput(NamedTuple):
    """The largest numbers, and where they stand."""

    output: Tensor
    argmax: Tensor


MaxPoolWithArgmaxOutput.__name__ = "MaxPoolWithArgmax"


@op
class MaxPoolWithArgmax:
    """The largest number of each window, and where it stands in its flat image (or batch)."""

    inputs = "input: T"
    outputs = "output: T, argmax: Targmax"
    attrs = (
        f"{_WINDOW}, Targmax: {{int32, int64}} = DT_INT64, {_EITHER}, "
        f"include_batch_in_index: bool = false, T: {REALS}"
    )

    def infer(input, *, ksize, strides, padding):
        found = pooled_shape(
            input, ksize=ksize, strides=strides, padding=padding, data_format="NHWC"
        )
        return found, found

    def kernel(input, *, ksize, strides, padding, Targmax, include_batch_in_index):
        return kernels.max_pool_with_argmax(
            input, Targmax.as_numpy_dtype, include_batch_in_index,
            ksize=ksize, strides=strides, padding=padding,
        )  # fmt: skip

    def gradient(op, grad, unused):
        walk = _walk(op, "include_batch_in_index")
        return MaxPoolGradWithArgmax(op.inputs[0], grad, op.outputs[1], **walk)


@op
class MaxPoolGradWithArgmax:
    """The gradient of MaxPoolWithArgmax: what came goes to where `argmax` says."""

    inputs = "input: T, grad: T, argmax: Targmax"
    outputs = "output: T"
    attrs = (
        f"{_WINDOW}, {_EITHER}, include_batch_in_index: bool = false, Targmax: {{int32, int64}}, "
        f"T: {REALS}"
    )
    infer = _image

    def kernel(input, grad, argmax, *, include_batch_in_index):
        total = np.zeros(input.size, input.dtype)
        places = argmax.reshape(len(argmax), -1)
        if not include_batch_in_index and len(input):
            per_image = input.size // len(input)
            places = places + per_image * np.arange(len(argmax))[:, None]
        np.add.at(total, places.reshape(-1), grad.reshape(-1))
        return total.reshape(input.shape)

    gradient = LookupError


@op
class AvgPool:
    """The mean of each window."""

    inputs = "value: T"
    outputs = "output: T"
    attrs = f"{_WINDOW}, {_EITHER}, {_FORMAT}, T: {{half, bfloat16, float, double}}"

    def infer(value, *, ksize, strides, padding, data_format):
        return pooled_shape(
            value, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def kernel(value, *, ksize, strides, padding, data_format):
        return kernels.avg_pool(
            value, ksize=ksize, strides=strides, padding=padding, data_format=data_format
        )

    def gradient(op, grad):
        sizes_of = shape(op.inputs[0], out_type=dtypes.int32)
        return AvgPoolGrad(sizes_of, grad, **_walk(op, "data_format"))


@op
class AvgPoolGrad:
    """The gradient of AvgPool: what came, shared by each window's pixels."""

    inputs = "orig_input_shape: int32, grad: T"
    outputs = "output: T"
    attrs = f"{_WINDOW}, {_EITHER}, {_FORMAT}, T: {{half, bfloat16, float, double}}"

    def infer(orig_input_shape, grad):
        wanted = constant_shape(orig_input_shape)
        sizes(grad, 4)
        return unknown_shape(4) if wanted.rank is None else wanted

    def kernel(orig_input_shape, grad, *, ksize, strides, padding, data_format):
        return kernels.avg_pool_grad(
            orig_input_shape, grad, ksize=ksize, strides=strides, padding=padding,
            data_format=data_format,
        )  # fmt: skip

    def gradient(op, grad):
        held = stop_gradient(op.inputs[0])
        return held, AvgPool(grad, **_walk(op, "data_format"))


def _is_zero(ksize: Any) -> bool:
    if np.isscalar(ksize):
        return ksize == 0
    return isinstance(ksize, (list, tuple, np.ndarray)) and any(size == 0 for size in ksize)


def _max_pool(image: Any, ksize: Any, strides: Any, padding: Any, data_format: str, name: Any):
    channels = channel_axis(data_format)
    ksize = sequence(ksize, 2, channels, "ksize")
    strides = sequence(strides, 2, channels, "strides")
    padding, paddings = padding_of(padding)
    if _is_zero(ksize):
        raise ValueError(f"`ksize` cannot be zero. Received: ksize={ksize}")
    return MaxPool(
        image, ksize=ksize, strides=strides, padding=padding, explicit_paddings=paddings,
        data_format=data_format, name=name,
    )  # fmt: skip


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The largest number of each window; `padding` is "SAME", "VALID" or pairs of numbers."""
    value = renamed_argument("input", input, "value", value)
    with name_scope(name, "MaxPool", [value]) as name:
        return _max_pool(value, ksize, strides, padding, data_format or "NHWC", name)


def max_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
) -> Tensor:
    """The largest number of each window."""
    with name_scope(name, "MaxPool2d", [input]) as name:
        return _max_pool(input, ksize, strides, padding, data_format or "NHWC", name)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The mean of each window."""
    with name_scope(name, "AvgPool", [value]) as name:
        value = renamed_argument("input", input, "value", value)
        return _avg_pool(value, ksize, strides, padding, data_format or "NHWC", name)


avg_pool2d = avg_pool


def _avg_pool(image: Any, ksize: Any, strides: Any, padding: Any, data_format: str, name: Any):
    channels = channel_axis(data_format)
    ksize = sequence(ksize, 2, channels, "ksize")
    strides = sequence(strides, 2, channels, "strides")
    return AvgPool(
        image, ksize=ksize, strides=strides, padding=padding, data_format=data_format, name=name
    )


def _of_rows(ksize: Any, strides: Any, data_format: str | None) -> tuple[list, list, int, str]:
    """The window of a sequence as that of an image one pixel high, and where its height goes."""
    data_format = data_format or "NWC"
    channels = 1 if data_format.startswith("NC") else 2
    ksize = [1, *sequence(ksize, 1, channels, "ksize")]
    strides = [1, *sequence(strides, 1, channels, "strides")]
    if data_format == "NWC":
        return ksize, strides, 1, "NHWC"
    return ksize, strides, 2, "NCHW"


def max_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """The largest number of each window of a sequence."""
    with name_scope(name, "MaxPool1d", [input]) as name:
        ksize, strides, place, data_format = _of_rows(ksize, strides, data_format)
        padding, paddings = padding_of(padding, 3)
        paddings = [0, 0, *paddings] if padding == "EXPLICIT" else paddings
        result = MaxPool(
            expand_dims(input, place), ksize=ksize, strides=strides, padding=padding,
            explicit_paddings=paddings, data_format=data_format, name=name,
        )  # fmt: skip
        return squeeze(result, place)


def avg_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of a sequence."""
    with name_scope(name, "AvgPool1D", [input]) as name:
        ksize, strides, place, data_format = _of_rows(ksize, strides, data_format)
        result = AvgPool(
            expand_dims(input, place), ksize=ksize, strides=strides, padding=padding,
            data_format=data_format, name=name,
        )  # fmt: skip
        return squeeze(result, place)


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    Targmax: Any = None,
    name: str | None = None,
    output_dtype: Any = None,
    include_batch_in_index: bool = False,
) -> MaxPoolWithArgmaxOutput:
    """The largest number of each window, and where it stands in its flat image (or batch)."""
    if data_format != "NHWC":
        raise ValueError(
            "`data_format` values other  than 'NHWC' are not supported. Received: "
            f"data_format={data_format}"
        )
    number_type = renamed_argument("output_dtype", output_dtype, "Targmax", Targmax)
    return MaxPoolWithArgmaxOutput(
        *MaxPoolWithArgmax(
            input, ksize=ksize, strides=strides, padding=padding,
            Targmax=number_type or dtypes.int64, include_batch_in_index=include_batch_in_index,
            name=name,
        )
    )  # fmt: skip
