"""Windows that move over images: their strides and paddings as arguments, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any

from minitf.ops.sizes import sizes
from minitf.tensor import Tensor


def sequence(value: Any, dimensions: int, channel_axis: int, name: str) -> list[Any]:
    """Sizes along all dimensions of an image batch, from one number or those of some dimensions.

    ValueError for another count.
    """
    if value is None:
        return [1] * (dimensions + 2)
    value = list(value) if isinstance(value, Sized) else [value]
    count = len(value)
    if count == dimensions + 2:
        return value
    if count == 1:
        value *= dimensions
    elif count != dimensions:
        raise ValueError(
            f"{name} should be of length 1, {dimensions} or {dimensions + 2}. Received: "
            f"{name}={value} of length {count}"
        )
    return [1, 1, *value] if channel_axis == 1 else [1, *value, 1]


def channel_axis(data_format: str, dimensions: int = 2) -> int:
    """Where a batch of images has its channels."""
    return 1 if data_format.startswith("NC") else dimensions + 1


def padding_of(padding: Any, count: int = 4) -> tuple[Any, list[Any]]:
    """The attributes `padding` and `explicit_paddings`; ValueError for a list of another form."""
    if padding == "EXPLICIT":
        raise ValueError(
            "'EXPLICIT' is not a valid value for `padding`. To use explicit padding, `padding` "
            "must be a list."
        )
    if not isinstance(padding, (list, tuple)):
        return padding, []
    flat: list[Any] = []
    for index, pair in enumerate(padding):
        is_list = isinstance(pair, (list, tuple))
        if not is_list or len(pair) != 2:
            kind = f"size {len(pair)}" if is_list else f"type {type(pair)}"
            raise ValueError(
                "When `padding` is a list, each element of `padding` must be a list/tuple of size "
                f"2. Received: padding={padding} with element at index {index} of {kind}"
            )
        flat += pair
    if len(padding) != count:
        raise ValueError(
            f"When padding is a list, it must be of size {count}. Received: padding={padding} of "
            f"size {len(padding)}"
        )
    return "EXPLICIT", flat


def steps(
    size: int | None,
    window: int | None,
    stride: int,
    padding: str,
    paddings: Sequence[int] = (0, 0),
    dilation: int = 1,
) -> int | None:
    """How many windows fit along a dimension, None where that is not known.

    ValueError for a stride or a dilation below 1, and for a window that does not fit.
    """
    if stride <= 0:
        raise ValueError(f"Stride must be > 0, but got {stride}")
    if dilation < 1:
        raise ValueError(f"Dilation rate must be >= 1, but got {dilation}")
    if padding == "SAME":
        return None if size is None else -(-size // stride)
    if size is None or window is None:
        return None
    reach = (window - 1) * dilation + 1
    size += sum(paddings)
    if size < reach:
        raise ValueError(f"Negative dimension size caused by subtracting {reach} from {size}")
    return (size - reach) // stride + 1


def out_sizes(
    image: Sequence[int | None],
    window: Sequence[int | None],
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int],
    dilations: Sequence[int],
    first: int,
) -> list[int | None]:
    """Height and width of what windows give; `first` is the dimension of the image's height."""
    found = []
    for index in range(2):
        axis = first + index
        pair = explicit_paddings[2 * axis : 2 * axis + 2]
        found.append(
            steps(image[axis], window[index], strides[axis], padding, pair, dilations[axis])
        )
    return found


def check_paddings(explicit_paddings: Sequence[int], padding: str, first: int) -> None:
    """ValueError where explicit paddings are missing, too many, negative, or not of the image."""
    if padding != "EXPLICIT":
        if explicit_paddings:
            raise ValueError(
                "explicit_paddings attribute must be empty if the padding attribute is not EXPLICIT"
            )
        return
    if len(explicit_paddings) != 8:
        raise ValueError(
            f"explicit_paddings attribute must contain 8 values, but got: {len(explicit_paddings)}"
        )
    if min(explicit_paddings) < 0:
        raise ValueError("All elements of explicit_paddings must be nonnegative")
    inside = range(2 * first, 2 * first + 4)
    if any(number for place, number in enumerate(explicit_paddings) if place not in inside):
        raise ValueError(
            "Nonzero explicit padding in the batch or depth dimensions is not supported"
        )


def pooled_shape(
    image: Tensor,
    *,
    ksize: Sequence[int],
    strides: Sequence[int],
    padding: str,
    data_format: str,
    explicit_paddings: Sequence[int] = (),
) -> list[int | None]:
    """The shape that pooling gives."""
    found = sizes(image, 4)
    first = 2 if data_format == "NCHW" else 1
    channels = 1 if first == 2 else 3
    check_paddings(explicit_paddings, padding, first)
    window = [ksize[first], ksize[first + 1]]
    ones = (1, 1, 1, 1)
    out = out_sizes(found, window, strides, padding, explicit_paddings, ones, first)
    found[first : first + 2] = out
    depth = "VALID" if padding == "EXPLICIT" else padding
    found[channels] = steps(found[channels], ksize[channels], strides[channels], depth)
    return found
