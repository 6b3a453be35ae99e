"""Signals in frames: windows, overlapping frames, and the spectrum of each (STFT)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import get_static_value
from minitf.op import convert_to_tensor
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops import slicing as _slices  # noqa: F401  (gives tensors their slices)
from minitf.ops.arithmetic import maximum
from minitf.ops.casts import cast
from minitf.ops.cond import cond
from minitf.ops.constants import constant
from minitf.ops.cutting import split
from minitf.ops.division import mod
from minitf.ops.elementwise import ceil, log
from minitf.ops.filling import ones, range_of, zeros, zeros_like
from minitf.ops.fourier import rfft
from minitf.ops.gathering import gather
from minitf.ops.joining import concat
from minitf.ops.logic import equal, greater
from minitf.ops.padding import pad
from minitf.ops.powers import pow as power
from minitf.ops.shapes import rank, reshape, shape, size
from minitf.ops.slicing import strided_slice
from minitf.ops.trigonometry import cos
from minitf.ops.while_loop import while_loop
from minitf.tensor import Tensor


def hann_window(
    window_length: Any, periodic: Any = True, dtype: Any = dtypes.float32, name: str | None = None
) -> Tensor:
    """One raised cosine of `window_length` points; not `periodic`: the last is like the first."""
    return _raised_cosine(name, "hann_window", window_length, periodic, dtype, (0.5, 0.5))


def hamming_window(
    window_length: Any, periodic: Any = True, dtype: Any = dtypes.float32, name: str | None = None
) -> Tensor:
    """A raised cosine that does not come down to zero."""
    return _raised_cosine(name, "hamming_window", window_length, periodic, dtype, (0.54, 0.46))


def _raised_cosine(
    name: str | None, title: str, length: Any, periodic: Any, dtype: Any, form: Any
) -> Tensor:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {dtype}")
    with name_scope(name, title, [length, periodic]):
        length = convert_to_tensor(length, dtype=dtypes.int32, name="window_length")
        length.shape.assert_has_rank(0)
        known = get_static_value(length)
        if known == 1:
            return ones([1], dtype=dtype)
        flag = convert_to_tensor(periodic, dtype=dtypes.bool, name="periodic")
        flag = cast(flag, dtypes.int32)
        flag.shape.assert_has_rank(0)
        even = 1 - mod(length, 2, name="mod")
        whole = cast(length + flag * even - 1, dtype=dtype)
        count = cast(range_of(length), dtype)
        turns = constant(2 * math.pi, dtype=dtype) * count / whole
        high, low = form

        def window() -> Tensor:
            return cast(high - low * cos(turns), dtype=dtype)

        if known is not None:
            return window()
        return cond(equal(length, 1), lambda: ones([length], dtype=dtype), window)


def frame(
    signal: Any, frame_length: Any, frame_step: Any, pad_end: bool = False, pad_value: Any = 0,
    axis: int = -1, name: str | None = None,
) -> Tensor:  # fmt: skip
    """The signal cut along `axis` into frames, one each `frame_step` points.

    [..., frames, frame_length, ...]; with `pad_end` the last frames are filled with `pad_value`.
    Raises ValueError where the signal's rank is not known.
    """
    with name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert_to_tensor(signal, name="signal")
        length = convert_to_tensor(frame_length, name="frame_length")
        step = convert_to_tensor(frame_step, name="frame_step")
        place = convert_to_tensor(axis, name="axis")
        signal.shape.with_rank_at_least(1)
        for t in (length, step, place):
            t.shape.assert_has_rank(0)
        place = get_static_value(place)
        result_shape = _frames_shape(signal, length, step, pad_end, place)
        sizes = shape(signal)
        known = get_static_value(sizes)
        if known is not None:
            sizes, place = known, range(len(known))[place]
            outer, samples, inner = known[:place], int(known[place]), known[place + 1 :]
        else:
            number = rank(signal)
            place = range_of(number)[place]
            outer, samples, inner = split(sizes, [place, 1, number - 1 - place])
            samples = reshape(samples, [])
        outer_rank, inner_rank = size(outer), size(inner)
        if pad_end:
            filler = convert_to_tensor(pad_value, signal.dtype)
            filler.shape.assert_has_rank(0)
            number = -(-samples // step)
            lacking = maximum(0, length + step * (number - 1) - samples)
            paddings = [
                zeros([outer_rank, 2], dtype=lacking.dtype),
                convert_to_tensor([[0, lacking]]),
                zeros([inner_rank, 2], dtype=lacking.dtype),
            ]
            signal = pad(signal, concat(paddings, 0), constant_values=filler)
            sizes = shape(signal)
            samples = sizes[place]
        else:
            none = constant(0, dtype=length.dtype)
            number = maximum(none, 1 + (samples - length) // step)
        frames = _cut(signal, (outer, samples, inner), sizes, (length, step, number), place)
        if result_shape:
            frames.set_shape(result_shape)
        return frames


def _cut(signal: Tensor, parts: Any, sizes: Any, counts: Any, place: Any) -> Tensor:
    """Frames put together of pieces as long as frames and steps have in common."""
    (outer, samples, inner), (length, step, number) = parts, counts
    common = _common_divisor(length, step)
    known = get_static_value(common)
    piece = common if known is None else known
    per_frame, per_step = length // piece, step // piece
    pieces = samples // piece
    used = concat([outer, [pieces * piece], inner], 0)
    cut = concat([outer, [pieces, piece], inner], 0)
    subframes = reshape(strided_slice(signal, zeros_like(sizes), used), cut)
    starts = reshape(range_of(number, dtype=length.dtype) * per_step, [number, 1])
    within = reshape(range_of(per_frame, dtype=length.dtype), [1, per_frame])
    chosen = starts + within
    outer = convert_to_tensor(outer)
    inner = convert_to_tensor(inner, dtype=outer.dtype)
    middle = convert_to_tensor([number, length], dtype=outer.dtype)
    found = gather(subframes, chosen, axis=place)
    return reshape(found, concat([outer, middle, inner], 0))


def _common_divisor(a: Tensor, b: Tensor) -> Tensor:
    with name_scope(None, "gcd", [a, b]):
        known = get_static_value(a), get_static_value(b)
        if None not in known:
            return convert_to_tensor(math.gcd(*map(int, known)))
        return while_loop(
            lambda _, rest: greater(rest, zeros_like(rest)),
            lambda whole, rest: [rest, mod(whole, rest, name="mod")],
            [a, b],
            back_prop=False,
        )[0]


def _frames_shape(
    signal: Tensor, length: Any, step: Any, pad_end: bool, axis: int
) -> list[int | None]:
    sizes = signal.shape.as_list()
    length, step = get_static_value(length), get_static_value(step)
    along, frames = sizes[axis], None
    if along is not None and step is not None:
        if pad_end:
            frames = max(0, -(-along // int(step)))
        elif length is not None:
            frames = max(0, (along - int(length) + int(step)) // int(step))
    known = None if length is None else int(length)
    return [*sizes[:axis], frames, known, *sizes[axis:][1:]]


def stft(
    signals: Any, frame_length: Any, frame_step: Any, fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window, pad_end: bool = False,
    name: str | None = None,
) -> Tensor:  # fmt: skip
    """[..., frames, fft_length // 2 + 1]: the spectrum of each frame under a window.

    `fft_length` defaults to the power of two that holds a frame.
    """
    with name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert_to_tensor(signals, name="signals")
        signals.shape.with_rank_at_least(1)
        length = convert_to_tensor(frame_length, name="frame_length")
        length.shape.assert_has_rank(0)
        step = convert_to_tensor(frame_step, name="frame_step")
        step.shape.assert_has_rank(0)
        if fft_length is None:
            points = _power_of_two(length)
        else:
            points = convert_to_tensor(fft_length, name="fft_length")
        framed = frame(signals, length, step, pad_end=pad_end)
        if window_fn is not None:
            framed *= window_fn(length, dtype=framed.dtype)
        return rfft(framed, [points])


def _power_of_two(value: Tensor) -> Tensor:
    known = get_static_value(value)
    if known is not None:
        return constant(int(2 ** np.ceil(np.log(known) / np.log(2.0))), value.dtype)
    exponent = ceil(log(cast(value, dtypes.float32)) / log(2.0))
    return cast(power(2.0, exponent), value.dtype)
