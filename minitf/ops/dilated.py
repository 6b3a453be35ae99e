"""Convolution and pooling whose windows skip pixels, by space_to_batch where no op does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops.blocks import (
    batch_to_space_nd,
    required_space_to_batch_paddings,
    space_to_batch_nd,
)
from minitf.ops.convolution import Conv2D, conv1d, conv2d, squeezed_batch
from minitf.ops.joining import concat, stack
from minitf.ops.pooling import avg_pool, max_pool
from minitf.ops.shapes import expand_dims, renamed_argument, shape, squeeze
from minitf.ops.volumes import Conv3D, avg_pool3d, conv3d, max_pool3d
from minitf.ops.windows import channel_axis, padding_of, sequence
from minitf.tensor import Tensor


def with_space_to_batch(
    x: Tensor,
    rate: Any,
    padding: Any,
    function: Callable[[Tensor, Any], Tensor],
    window: Any = None,
    places: Sequence[int] | None = None,
    data_format: str | None = None,
) -> Tensor:
    """`function(x, padding)` with `rate` - 1 pixels skipped between those of a window.

    `window` are the window's sizes, `places` the dimensions along which it moves. ValueError for
    a rate below 1.
    """
    rate = convert_to_tensor(rate, dtypes.int32, name="dilation_rate")
    count = rate.shape.as_list()[0]
    first = 2 if data_format is not None and data_format.startswith("NC") else 1
    places = list(range(first, first + count)) if places is None else list(places)
    known = constant_value(rate)
    if known is not None:
        if np.any(known < 1):
            raise ValueError(f"`dilation_rate` must be positive. Received: dilation_rate={known}")
        if np.all(known == 1):
            return function(x, padding)
    padding, explicit = padding_of(padding)
    borders = _borders(padding, explicit, window, rate if known is None else known, count, first)
    image: Any = None
    if x.shape.rank is not None:
        image = [x.shape.as_list()[place] for place in places]
    if image is None or None in image:
        whole = shape(x)
        image = stack([whole[place] for place in places])
    paddings, crops = required_space_to_batch_paddings(
        input_shape=image, base_paddings=borders, block_shape=rate
    )
    rates = _with_others(rate, 1, places)
    paddings, crops = _with_others(paddings, 0, places), _with_others(crops, 0, places)
    blocks = space_to_batch_nd(input=x, block_shape=rates, paddings=paddings)
    result = function(blocks, "VALID")
    return batch_to_space_nd(input=result, block_shape=rates, crops=crops)


def _borders(
    padding: str, explicit: list[int], window: Any, rate: Any, count: int, first: int
) -> Any:
    """How many pixels are added before and after, along each dimension that a window moves in."""
    if padding == "SAME":
        window = convert_to_tensor(window, name="filter_shape")
        known = constant_value(window)
        window = window if known is None else known
        extra = (window[:count] - 1) * rate
        before = extra // 2
        after = extra - before
        return stack([[before[i], after[i]] for i in range(count)])
    if padding == "VALID":
        return np.zeros([count, 2], np.int32)
    if padding == "EXPLICIT":
        return np.array(explicit).reshape([count + 2, 2])[first : first + count]
    raise ValueError(f"`padding` must be one of 'SAME' or 'VALID'. Received: padding={padding}")


def _with_others(values: Tensor, fill: int, places: list[int]) -> Any:
    """One row for each dimension before the last of `places`; `fill` where no window moves."""
    known = constant_value(values)
    rows = values if known is None else known
    if places[0] > 1:
        outside = np.full(
            [places[0] - 1, *values.shape.as_list()[1:]], fill, values.dtype.as_numpy_dtype
        )
        parts = [outside, rows[0 : len(places)]]
    else:
        parts = [rows[0 : len(places)]]
    return concat(parts, 0) if known is None else np.concatenate(parts)


def convolution(
    input: Any,
    filter: Any,
    padding: Any,
    strides: Any = None,
    dilation_rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """A convolution in one to three dimensions: as many as the filter has before its channels."""
    w = renamed_argument("filters", filters, "filter", filter)
    rate = renamed_argument("dilations", dilations, "dilation_rate", dilation_rate)
    w = _converted(w, "filters", [w, input])
    x = _converted(input, "input", [w, input])
    count = _dimensions(x, w)
    batch = 1 if x.shape.rank is None else x.shape.rank - count - 1
    last = data_format is None or not data_format.startswith("NC")
    channels = batch + count if last else batch
    dilated = rate is not None
    rate = sequence(rate, count, channels, "dilations")
    dilated = dilated and any(step != 1 for step in rate)
    strides = sequence(strides, count, channels, "strides")
    with name_scope(name, None if name else "convolution", [x, w]) as name:
        if dilated:
            inside = slice(2, None) if channels == 1 else slice(1, -1)
            return _dilated(x, w, strides[inside], padding, data_format, rate[inside], name, count)
        if count == 1:
            return conv1d(
                x, w, strides, padding, data_format=data_format, dilations=rate, name=name
            )
        attrs = {
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilations": rate,
        }
        kind = Conv2D if count == 2 else Conv3D
        if x.shape.rank is None or x.shape.rank < count + 3:
            return kind(x, w, name=name, **attrs)
        return squeezed_batch(x, lambda flat: kind(flat, w, **attrs), count + 1, name)


def _converted(value: Any, name: str, values: list[Any]) -> Tensor:
    if hasattr(value, "_as_graph_element"):
        return value if isinstance(value, Tensor) else convert_to_tensor(value)
    with name_scope("convolution_internal", None, values):
        return convert_to_tensor(value, name=name)


def _dimensions(x: Tensor, w: Tensor) -> int:
    if not w.shape.rank and not x.shape.rank:
        raise ValueError(
            "When `num_spatial_dims` is not set, one of `input.shape.rank` or `filters.shape.rank` "
            f"must be known. Received: input.shape={x.shape} of rank {x.shape.rank} and "
            f"filters.shape={w.shape} of rank {w.shape.rank}"
        )
    count = (w.shape.rank or x.shape.rank or 0) - 2
    if count not in (1, 2, 3):
        raise ValueError(
            f"`num_spatial_dims` must be 1, 2, or 3. Received: num_spatial_dims={count}."
        )
    return count


def _dilated(
    x: Tensor,
    w: Tensor,
    strides: list[int],
    padding: Any,
    data_format: str | None,
    rate: list[int],
    name: str,
    count: int,
) -> Tensor:
    if any(step > 1 for step in strides):
        raise ValueError(
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: "
            f"strides={np.array(strides)} and dilation_rate={np.array(rate)}"
        )

    def convolve(blocks: Tensor, padding: Any) -> Tensor:
        if count == 1:
            return conv1d(
                blocks, w, strides[0], padding, data_format=data_format or "NWC", name=name
            )
        if count == 3:
            steps = sequence(strides, 3, channel_axis(data_format or "", 3), "strides")
            return conv3d(blocks, w, steps, padding, data_format or "NDHWC", name=name)
        return conv2d(blocks, w, strides, padding, data_format=data_format, name=name)

    window = w.shape if w.shape.is_fully_defined() else shape(w)
    result = with_space_to_batch(x, rate, padding, convolve, window, data_format=data_format)
    if data_format is not None and data_format.startswith("NC") and result.shape.rank:
        channels = [w.shape[-1].value, *[None] * (result.shape.rank - 2)]
        result.set_shape([None, *channels])
    return result


def atrous_conv2d(
    value: Any, filters: Any, rate: Any, padding: Any, name: str | None = None
) -> Tensor:
    """A convolution whose windows skip `rate` - 1 pixels between those they take."""
    return convolution(value, filters, padding, dilation_rate=np.broadcast_to(rate, 2), name=name)


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    padding: str,
    dilation_rate: Any = None,
    strides: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Pooling ("MAX" or "AVG") in one, two or three dimensions, as many as `window_shape` has."""
    rate = renamed_argument("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        count = len(window_shape)
        if pooling_type not in ("MAX", "AVG") or count not in (1, 2, 3):
            raise ValueError(f"{count}-D {pooling_type} pooling is not supported.")
        input.shape.with_rank(count + 2)
        strides = np.array([1] * count if strides is None else strides)
        rate = np.array([1] * count if rate is None else rate)
        _check_pool(window_shape, strides, rate, padding)
        place = 2 if data_format is not None and data_format.startswith("NC") else 1

        def reduce(x: Tensor, padding: Any) -> Tensor:
            function: Any = max_pool if pooling_type == "MAX" else avg_pool
            if count == 3:
                function = max_pool3d if pooling_type == "MAX" else avg_pool3d
            window, steps = _around(window_shape, place), _around(strides, place)
            if count > 1:
                return function(x, window, steps, padding, data_format=data_format, name=scope)
            form = "NHWC" if place == 1 else "NCHW"
            image = expand_dims(x, place)
            result = function(image, [1, *window], [1, *steps], padding, form, name=scope)
            return squeeze(result, [place])

        places = list(range(place, place + count))
        return with_space_to_batch(input, rate, padding, reduce, window_shape, places)


def _around(numbers: Any, place: int) -> list[Any]:
    numbers = [int(number) for number in numbers]
    return [1, 1, *numbers] if place == 2 else [1, *numbers, 1]


def _check_pool(window_shape: Any, strides: Any, rate: Any, padding: str) -> None:
    if np.any(rate > 1):
        if np.any(strides > 1):
            raise ValueError(
                "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: "
                f"strides={strides} and dilation_rate={rate}"
            )
        if padding == "SAME":
            raise ValueError(
                "pooling with 'SAME' padding is not implemented for `dilation_rate` > 1. "
                f"Received: padding={padding} and dilation_rate={rate}"
            )
    if np.any(strides > window_shape):
        raise ValueError(
            "`strides` > `window_shape` not supported due to inconsistency between CPU and GPU "
            f"implementations. Received: strides={strides} and window_shape={window_shape}"
        )
