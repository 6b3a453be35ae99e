"""Ops that repeat a tensor, put a margin round it, or stretch it to a larger shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import registry
from minitf.errors import InvalidArgumentError
from minitf.infer import constant_shape, constant_value, get_static_value
from minitf.kernels.values import as_array, counts, plain
from minitf.kernels.values import zeros as zero_array
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import constant
from minitf.ops.filling import range_of
from minitf.ops.joining import stack
from minitf.ops.rearranging import transpose
from minitf.ops.shapes import rank, reshape, shape, size
from minitf.ops.slicing import slice_of
from minitf.shape import TensorShape, as_shape, broadcast, shape_of, unknown_shape
from minitf.tensor import Tensor


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class Tile:
    """The input repeated along each dimension."""

    inputs = "input: T, multiples: Tmultiples"
    outputs = "output: T"
    attrs = "T: type, Tmultiples: {int32, int64} = DT_INT32"

    def infer(x, multiples):
        times = constant_shape(multiples)
        if times._sizes is None:
            return unknown_shape(x._shape.rank)
        if x._shape._sizes is None:
            return unknown_shape(len(times._sizes))
        if len(times._sizes) != x._shape.rank:
            raise ValueError(f"Shape must be rank {x._shape.rank} but is rank {len(times._sizes)}")
        return [_multiplied(n, m) for n, m in zip(x._shape._sizes, times._sizes, strict=True)]

    def kernel(x, multiples):
        times = counts(multiples)
        if len(times) != np.ndim(x):
            raise _fail(
                f"Expected multiples argument to be a vector of length {np.ndim(x)} but got length "
                f"{len(times)}"
            )
        for i, count in enumerate(times):
            if count < 0:
                raise _fail(f"Expected multiples[{i}] >= 0, but got {count}")
        return plain(np.tile(as_array(x), times))

    def gradient(op, grad):
        x, multiples = op.inputs
        sizes = shape(x, out_type=multiples.dtype)
        parts = reshape(transpose(stack([multiples, sizes])), [-1])
        axes = range_of(0, size(parts), 2)
        grad = convert_to_tensor(grad)
        total = registry.get("Sum")(reshape(grad, parts), axes, keep_dims=False)
        total.set_shape(x._shape)
        return [total, None]


def _multiplied(x: int | None, y: int | None) -> int | None:
    if x == 0 or y == 0:
        return 0
    return None if x is None or y is None else x * y


def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """`input` repeated `multiples[d]` times along each dimension d."""
    return Tile(input, multiples, name=name)


# Margins


def _padded(x: Tensor, paddings: Tensor, sign: int = 1) -> TensorShape:
    """The shape of `x` with its margins added, or taken off where `sign` is -1."""
    pairs, widths = paddings._shape._sizes, constant_value(paddings)
    if pairs is not None and len(pairs) != 2:
        raise ValueError(f"Shape must be rank 2 but is rank {len(pairs)}")
    if pairs is not None and pairs[1] not in (None, 2):
        raise ValueError(f"Dimension must be 2 but is {pairs[1]}")
    sizes = x._shape._sizes
    count = pairs[0] if pairs else None
    if sizes is not None and count is not None and count != len(sizes):
        raise ValueError(f"Shape must be rank {count} but is rank {len(sizes)}")
    if widths is None:
        return unknown_shape(count if sizes is None else len(sizes))
    if (np.asarray(widths) < 0).any():
        raise ValueError("Paddings must be non-negative")
    if sizes is None:
        return unknown_shape(len(widths))
    totals = np.asarray(widths).sum(1).tolist()
    return as_shape(
        [None if n is None else n + sign * m for n, m in zip(sizes, totals, strict=True)]
    )


def _widths(x: np.ndarray, paddings: Any) -> list[list[int]]:
    if np.shape(paddings) != (x.ndim, 2):
        raise _fail(
            "The first dimension of paddings must be the rank of inputs"
            f"{shape_of(paddings)} {shape_of(x)}"
        )
    if (paddings < 0).any():
        before, after = paddings[(paddings < 0).any(1)][0]
        raise _fail(f"Paddings must be non-negative: {before} {after}")
    return paddings.tolist()


def _surrounded(x: Any, paddings: Any, value: Any) -> Any:
    x = as_array(x)
    widths = _widths(x, paddings)
    sizes = [before + n + after for n, (before, after) in zip(x.shape, widths, strict=True)]
    result = np.full(sizes, value, x.dtype) if value else zero_array(sizes, x.dtype)
    inside = [slice(before, before + n) for n, (before, _) in zip(x.shape, widths, strict=True)]
    result[tuple(inside)] = x
    return plain(result)


def _pad_gradient(op: Any, grad: Any) -> tuple[Any, ...]:
    x, paddings = op.inputs[:2]
    before = slice_of(paddings, [0, 0], stack([rank(x), 1]))
    begin = reshape(before, [-1])
    inside = slice_of(grad, begin, shape(x, out_type=begin.dtype))
    return (inside, *[None] * (len(op.inputs) - 1))


@op
class Pad:
    """The input with a margin of zeros."""

    inputs = "input: T, paddings: Tpaddings"
    outputs = "output: T"
    attrs = "T: type, Tpaddings: {int32, int64} = DT_INT32"

    def infer(x, paddings):
        return _padded(x, paddings)

    def kernel(x, paddings):
        return _surrounded(x, paddings, None)

    gradient = _pad_gradient


@op
class PadV2:
    """The input with a margin of one value."""

    inputs = "input: T, paddings: Tpaddings, constant_values: T"
    outputs = "output: T"
    attrs = "T: type, Tpaddings: {int32, int64} = DT_INT32"

    def infer(x, paddings, value):
        if value._shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {value._shape.rank}")
        return _padded(x, paddings)

    kernel = _surrounded
    gradient = _pad_gradient


def _mirrored(paddings: Any, mode: str, sizes: Any) -> list[np.ndarray]:
    """For each dimension, which place of the input each place of the output repeats."""
    inner = 1 if mode == "REFLECT" else 0
    places = []
    for n, (before, after) in zip(sizes, paddings, strict=True):
        if max(before, after) > n - inner:
            word, not_so = (
                ("less than", "not less than") if inner else ("no greater than", "greater than")
            )
            raise _fail(
                f"paddings must be {word} the dimension size: {before}, {after} {not_so} {n}"
            )
        order = np.arange(-before, n + after)
        order = np.where(order < 0, -order - 1 + inner, order)
        places.append(np.where(order >= n, 2 * n - order - 1 - inner, order))
    return places


@op
class MirrorPad:
    """The input with a margin that mirrors it."""

    inputs = "input: T, paddings: Tpaddings"
    outputs = "output: T"
    attrs = "T: type, Tpaddings: {int32, int64} = DT_INT32, mode: {'REFLECT', 'SYMMETRIC'}"

    def infer(x, paddings):
        return _padded(x, paddings)

    def kernel(x, paddings, *, mode):
        x = as_array(x)
        return plain(x[np.ix_(*_mirrored(_widths(x, paddings), mode, x.shape))])

    def gradient(op, grad):
        mode = op.get_attr("mode")
        return [MirrorPadGrad(grad, op.inputs[1], mode=mode), None]


@op
class MirrorPadGrad:
    """The input without its margin, each of whose elements is added to the one it mirrors."""

    inputs = "input: T, paddings: Tpaddings"
    outputs = "output: T"
    attrs = "T: type, Tpaddings: {int32, int64} = DT_INT32, mode: {'REFLECT', 'SYMMETRIC'}"

    def infer(x, paddings):
        return _padded(x, paddings, -1)

    def kernel(x, paddings, *, mode):
        widths = _widths(as_array(x), paddings)
        sizes = [n - sum(pair) for n, pair in zip(np.shape(x), widths, strict=True)]
        result = np.zeros(sizes, x.dtype)
        np.add.at(result, np.ix_(*_mirrored(widths, mode, sizes)), x)
        return plain(result)

    def gradient(op, grad):
        mode = op.get_attr("mode")
        return [MirrorPad(grad, op.inputs[1], mode=mode), None]


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: Any = 0,
) -> Tensor:
    """`tensor` with paddings[d] = (before, after) places more in each dimension d.

    `mode` is CONSTANT, REFLECT or SYMMETRIC; ValueError for others.
    """
    mode = mode.upper()
    if mode == "CONSTANT":
        if type(constant_values) in (int, float):
            zero = constant_values == 0
        else:
            zero = not isinstance(constant_values, Tensor) and np.ndim(constant_values) == 0 and (
                constant_values == np.zeros_like(constant_values)
            )  # fmt: skip
        if zero:
            result = Pad(tensor, paddings, name=name)
        else:
            result = PadV2(tensor, paddings, constant_values, name=name)
    elif mode in ("REFLECT", "SYMMETRIC"):
        result = MirrorPad(tensor, paddings, mode=mode, name=name)
    else:
        raise ValueError(
            'Value of argument `mode` expected to be one of "CONSTANT", "REFLECT", or "SYMMETRIC". '
            f"Received `mode` = {mode}"
        )
    sizes = result.op.inputs[0]._shape._sizes
    if sizes is not None and not result._shape.is_fully_defined():
        widths = _partial_widths(paddings)
        if widths is not None:
            result.set_shape([_grown(n, pair) for n, pair in zip(sizes, widths, strict=False)])
    return result


def _partial_widths(paddings: Any) -> Any:
    """The numbers in `paddings` that are known, None for the others."""
    if isinstance(paddings, Tensor):
        known = get_static_value(paddings, partial=True)
        return None if known is None else known.tolist()
    if isinstance(paddings, (list, tuple)):
        return [_partial_widths(item) for item in paddings]
    return paddings


def _grown(size: int | None, pair: Any) -> int | None:
    if size is None or pair is None or any(width is None for width in pair):
        return None
    return size + int(sum(pair))


# Broadcasting


@op
class BroadcastTo:
    """The input, repeated along its dimensions of size 1 and new leading ones."""

    inputs = "input: T, shape: Tidx"
    outputs = "output: T"
    attrs = "T: type, Tidx: {int32, int64} = DT_INT32"

    def infer(x, shape):
        wanted, sizes = constant_shape(shape), x._shape._sizes
        if wanted._sizes is None or sizes is None:
            return wanted
        if len(wanted._sizes) < len(sizes):
            raise ValueError(
                f"Shape must be at most rank {len(wanted._sizes)} but is rank {len(sizes)}"
            )
        for n, m in zip(reversed(sizes), reversed(wanted._sizes), strict=False):
            if None not in (n, m) and n not in (1, m):
                raise ValueError(f"Dimensions must be equal, but are {n} and {m}")
        sizes = (1,) * (len(wanted._sizes) - len(sizes)) + sizes
        return [n if m is None and n != 1 else m for n, m in zip(sizes, wanted._sizes, strict=True)]

    def kernel(x, shape):
        x = as_array(x)
        try:
            return plain(np.broadcast_to(x, counts(shape)))
        except ValueError:
            raise _fail(
                f"Incompatible shapes: {shape_of(x)} vs. [{','.join(map(str, counts(shape)))}]"
            ) from None

    def gradient(op, grad):
        x, wanted = op.inputs
        sizes = shape(x, out_type=wanted.dtype)
        known = constant_value(wanted)
        if known is not None:
            wanted = constant(known.tolist(), dtype=wanted.dtype)
        _, axes = BroadcastGradientArgs(wanted, sizes)
        total = registry.get("Sum")(grad, axes, keep_dims=True)
        return [reshape(total, sizes), None]


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """`input` repeated to fill `shape`, by NumPy's rules."""
    return BroadcastTo(input, shape, name=name)


@op
class BroadcastArgs:
    """The shape to which two shapes broadcast."""

    inputs = "s0: T, s1: T"
    outputs = "r0: T"
    attrs = "T: {int32, int64} = DT_INT32"

    def infer(x, y):
        for vector in (x, y):
            if vector._shape.rank not in (None, 1):
                raise ValueError(f"Shape must be rank 1 but is rank {vector._shape.rank}")
        lengths = [v._shape._sizes[0] if v._shape._sizes else None for v in (x, y)]
        return [None if None in lengths else max(lengths)]

    def kernel(x, y):
        try:
            return np.array(np.broadcast_shapes(tuple(x), tuple(y)), x.dtype)
        except ValueError:
            raise _fail(
                f"Incompatible shapes: [{','.join(map(str, x))}] vs. [{','.join(map(str, y))}]"
            ) from None

    gradient = LookupError


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Tensor:
    """The shape to which tensors of two shapes broadcast, as a tensor."""
    return BroadcastArgs(shape_x, shape_y)


def broadcast_static_shape(shape_x: TensorShape, shape_y: TensorShape) -> TensorShape:
    """The shape to which tensors of two shapes broadcast; ValueError when they do not."""
    try:
        return broadcast(as_shape(shape_x), as_shape(shape_y))
    except ValueError:
        raise ValueError(
            "Incompatible shapes for broadcasting. Two shapes are compatible if for each dimension "
            "pair they are either equal or one of them is 1. "
            f"Received: {shape_x} and {shape_y}."
        ) from None


@op
class BroadcastGradientArgs:
    """For each of two shapes, the axes over which a gradient is summed to get back to it."""

    inputs = "s0: T, s1: T"
    outputs = "r0: T, r1: T"
    attrs = "T: {int32, int64} = DT_INT32"

    def infer(x, y):
        return [None], [None]

    def kernel(x, y):
        try:
            return _reduced_axes(tuple(x.tolist()), tuple(y.tolist()), x.dtype)
        except ValueError:
            raise _fail(
                f"Incompatible shapes: [{','.join(map(str, x))}] vs. [{','.join(map(str, y))}]"
            ) from None

    gradient = None


def _reduced_axes(x: tuple[int, ...], y: tuple[int, ...], dtype: Any) -> tuple[Any, Any]:
    if x == y:
        return np.empty(0, dtype), np.empty(0, dtype)
    rank = len(np.broadcast_shapes(x, y))
    x, y = (1,) * (rank - len(x)) + x, (1,) * (rank - len(y)) + y
    # Where both sizes are 1 TensorFlow sums over both, which changes nothing but the shape.
    axes = [[d for d in range(rank) if sizes[d] == 1] for sizes in (x, y)]
    return np.array(axes[0], dtype), np.array(axes[1], dtype)
