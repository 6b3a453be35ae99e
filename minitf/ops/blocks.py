"""Ops that move blocks of an image between its rows and columns, its depth and its batch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_value, get_static_value, merged
from minitf.kernels.values import counts
from minitf.op import convert_to_tensor, op
from minitf.ops.filling import zeros
from minitf.ops.joining import stack
from minitf.ops.shapes import renamed_argument
from minitf.shape import TensorShape, shape_of, unknown_shape
from minitf.tensor import Tensor

_FORMATS = "data_format: {'NHWC', 'NCHW', 'NCHW_VECT_C'} = \"NHWC\""


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _image(x: Tensor, data_format: str) -> Any:
    """An image's sizes as batch, height, width, depth."""
    sizes = x._shape._sizes
    if sizes is None:
        return None
    if len(sizes) != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {len(sizes)}")
    return sizes if data_format == "NHWC" else (sizes[0], *sizes[2:], sizes[1])


def _sizes(batch: Any, height: Any, width: Any, depth: Any, data_format: str) -> list[Any]:
    if data_format == "NHWC":
        return [batch, height, width, depth]
    return [batch, depth, height, width]


def _divided(size: int | None, by: int) -> int | None:
    if size is None:
        return None
    if size % by:
        raise ValueError(f"Dimension size must be evenly divisible by {by} but is {size}")
    return size // by


def _times(size: int | None, factor: int) -> int | None:
    return None if size is None else size * factor


@op
class SpaceToDepth:
    """Each block of pixels as one pixel of more depth."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = f"T: type, block_size: int >= 2, {_FORMATS}"

    def infer(x, *, block_size, data_format):
        image = _image(x, data_format)
        if image is None:
            return unknown_shape(4)
        batch, height, width, depth = image
        height, width = _divided(height, block_size), _divided(width, block_size)
        return _sizes(batch, height, width, _times(depth, block_size**2), data_format)

    def kernel(x, *, block_size, data_format):
        x = x if data_format == "NHWC" else np.moveaxis(x, 1, -1)
        batch, height, width, depth = x.shape
        if height % block_size or width % block_size:
            raise _fail(f"Image width {width} and height {height} should be divisible by block_size: {block_size}")  # fmt: skip  # noqa: E501
        rows, cols = height // block_size, width // block_size
        x = x.reshape(batch, rows, block_size, cols, block_size, depth)
        x = x.transpose(0, 1, 3, 2, 4, 5).reshape(batch, rows, cols, depth * block_size**2)
        return x if data_format == "NHWC" else np.moveaxis(x, -1, 1)

    def gradient(op, grad):
        return depth_to_space(
            grad, op.get_attr("block_size"), data_format=op.get_attr("data_format")
        )


@op
class DepthToSpace:
    """Each pixel's depth as a block of pixels."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = f"T: type, block_size: int >= 2, {_FORMATS}"

    def infer(x, *, block_size, data_format):
        image = _image(x, data_format)
        if image is None:
            return unknown_shape(4)
        batch, height, width, depth = image
        height, width = _times(height, block_size), _times(width, block_size)
        return _sizes(batch, height, width, _divided(depth, block_size**2), data_format)

    def kernel(x, *, block_size, data_format):
        x = x if data_format == "NHWC" else np.moveaxis(x, 1, -1)
        batch, rows, cols, depth = x.shape
        if depth % block_size**2:
            raise _fail(f"Input depth dimension {depth} should be divisible by: {block_size**2}")
        depth //= block_size**2
        x = x.reshape(batch, rows, cols, block_size, block_size, depth).transpose(0, 1, 3, 2, 4, 5)
        x = x.reshape(batch, rows * block_size, cols * block_size, depth)
        return x if data_format == "NHWC" else np.moveaxis(x, -1, 1)

    def gradient(op, grad):
        return space_to_depth(
            grad, op.get_attr("block_size"), data_format=op.get_attr("data_format")
        )


def space_to_depth(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """`input` with each block of block_size x block_size pixels as one deeper pixel."""
    return SpaceToDepth(input, block_size=block_size, data_format=data_format, name=name)


def depth_to_space(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """`input` with each pixel's depth spread over block_size x block_size pixels."""
    return DepthToSpace(input, block_size=block_size, data_format=data_format, name=name)


def _block_sizes(x: Tensor, block: Tensor, margins: Tensor, name: str) -> Any:
    """The input's sizes, the blocks' and the margins', or None where they are not known."""
    if block._shape.rank != 1:
        raise ValueError("block_shape must have rank 1.")
    count = block._shape._sizes[0]
    if count is None:
        raise ValueError("block_shape must have known size.")
    sizes = x._shape._sizes
    if sizes is not None and len(sizes) < count + 1:
        raise ValueError(f"Shape must be at least rank {count + 1} but is rank {len(sizes)}")
    merged(margins._shape, TensorShape([count, 2]))
    blocks, wide = constant_value(block), constant_value(margins)
    _check_blocks(blocks, wide, name)
    return sizes, blocks, wide


def _check_blocks(blocks: Any, margins: Any, name: str) -> None:
    if blocks is not None and np.any(blocks <= 0):
        raise ValueError("block_shape must be positive")
    if margins is not None and np.any(margins < 0):
        raise ValueError(f"{name} cannot be negative")


def _ready(blocks: np.ndarray, margins: np.ndarray, name: str) -> list[int]:
    """The blocks' sizes; InvalidArgumentError for what no shape inference could see."""
    try:
        _check_blocks(blocks, margins, name)
    except ValueError as error:
        raise _fail(str(error)) from None
    if margins.shape != (len(blocks), 2):
        raise _fail(f"{name} should have shape [{len(blocks)}, 2] instead of {shape_of(margins)}")
    return counts(blocks)


def _spread(sizes: Any, block: Tensor) -> Any:
    """The shape where the blocks' sizes are not known: only what stands behind them is."""
    if sizes is None:
        return unknown_shape()
    count = block._shape._sizes[0]
    return [*[None] * (count + 1), *sizes[count + 1 :]]


@op
class SpaceToBatchND:
    """Pads, then puts the places of each block into the batch."""

    inputs = "input: T, block_shape: Tblock_shape, paddings: Tpaddings"
    outputs = "output: T"
    attrs = "T: type, Tblock_shape: {int32, int64} = DT_INT32, Tpaddings: {int32, int64} = DT_INT32"

    def infer(x, block_shape, paddings):
        sizes, blocks, margins = _block_sizes(x, block_shape, paddings, "paddings")
        if sizes is None or blocks is None:
            return _spread(sizes, block_shape)
        result = [_times(sizes[0], int(np.prod(blocks)))]
        for d, block in enumerate(blocks.tolist()):
            size = sizes[d + 1]
            known = size is not None and margins is not None
            result.append(_divided(size + int(margins[d].sum()), block) if known else None)
        return [*result, *sizes[len(blocks) + 1 :]]

    def kernel(x, block_shape, paddings):
        blocks, count = _ready(block_shape, paddings, "paddings"), len(block_shape)
        rest = [(0, 0)] * (x.ndim - count - 1)
        x = np.pad(x, [(0, 0), *paddings.tolist(), *rest])
        batch, spatial, inner = x.shape[0], x.shape[1 : count + 1], x.shape[count + 1 :]
        split = [batch]
        for d, (size, block) in enumerate(zip(spatial, blocks, strict=True)):
            if size % block:
                raise _fail(
                    f"padded_shape[{d}]={size} is not divisible by block_shape[{d}]={block}"
                )
            split += [size // block, block]
        x = x.reshape(*split, *inner)
        order = [*range(2, 2 * count + 1, 2), 0, *range(1, 2 * count, 2)]
        x = x.transpose(*order, *range(2 * count + 1, x.ndim))
        return x.reshape(batch * math.prod(blocks), *x.shape[count + 1 :])

    def gradient(op, grad):
        return [batch_to_space_nd(grad, op.inputs[1], op.inputs[2]), None, None]


@op
class BatchToSpaceND:
    """Takes the places of each block out of the batch, then crops."""

    inputs = "input: T, block_shape: Tblock_shape, crops: Tcrops"
    outputs = "output: T"
    attrs = "T: type, Tblock_shape: {int32, int64} = DT_INT32, Tcrops: {int32, int64} = DT_INT32"

    def infer(x, block_shape, crops):
        sizes, blocks, margins = _block_sizes(x, block_shape, crops, "crops")
        if sizes is None or blocks is None:
            return _spread(sizes, block_shape)
        result = [_divided(sizes[0], int(np.prod(blocks)))]
        for d, block in enumerate(blocks.tolist()):
            size = _times(sizes[d + 1], block)
            if size is not None and margins is not None:
                for margin in margins[d].tolist():
                    if margin > size:
                        raise ValueError(
                            f"Negative dimension size caused by subtracting {margin} from {size}"
                        )
                    size -= margin
            result.append(None if margins is None else size)
        return [*result, *sizes[len(blocks) + 1 :]]

    def kernel(x, block_shape, crops):
        blocks, count = _ready(block_shape, crops, "crops"), len(block_shape)
        area = int(np.prod(blocks))
        if x.shape[0] % area:
            raise _fail(
                f"Input batch dimension ({x.shape[0]}) is not divisible by product of block sizes "
                f"({area}), input {shape_of(x)}"
            )
        inner = x.shape[count + 1 :]
        y = x.reshape(*blocks, x.shape[0] // area, *x.shape[1:])
        order = [count]
        for d in range(count):
            order += [count + 1 + d, d]
        y = y.transpose(*order, *range(2 * count + 1, y.ndim))
        sizes = [n * b for n, b in zip(x.shape[1 : count + 1], blocks, strict=True)]
        y = y.reshape(x.shape[0] // area, *sizes, *inner)
        cut = [slice(a, n - b) for n, (a, b) in zip(sizes, crops.tolist(), strict=True)]
        return y[(slice(None), *cut)]

    def gradient(op, grad):
        return [space_to_batch_nd(grad, op.inputs[1], op.inputs[2]), None, None]


def space_to_batch_nd(
    input: Any, block_shape: Any, paddings: Any, name: str | None = None
) -> Tensor:
    """`input`, padded, with the places of each block spread over the batch."""
    return SpaceToBatchND(input, block_shape, paddings, name=name)


def batch_to_space_nd(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Tensor:
    """`input` with blocks put together out of the batch, and cropped."""
    return BatchToSpaceND(input, block_shape, crops, name=name)


def space_to_batch(
    input: Any,
    paddings: Any,
    block_size: Any = None,
    name: str | None = None,
    block_shape: Any = None,
) -> Tensor:
    """`space_to_batch_nd` of images, with square blocks."""
    size = renamed_argument("block_shape", block_shape, "block_size", block_size)
    block = np.array([size, size], dtype=np.int64)
    result = space_to_batch_nd(input, block, paddings, name=name)
    result.set_shape(result._shape.with_rank(4))
    return result


def batch_to_space(
    input: Any,
    crops: Any,
    block_size: Any,
    name: str | None = None,
    block_shape: Any = None,
) -> Tensor:
    """`batch_to_space_nd` of images, with square blocks."""
    size = renamed_argument("block_shape", block_shape, "block_size", block_size)
    block = np.array([size, size], dtype=np.int64)
    result = batch_to_space_nd(input, block, crops, name=name)
    result.set_shape(result._shape.with_rank(4))
    return result


def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The paddings that make `input_shape` a multiple of `block_shape`, and crops to undo them."""
    with name_scope(name, "required_space_to_batch_paddings", [input_shape, block_shape]):
        sizes: Any = convert_to_tensor(input_shape, dtype=dtypes.int32, name="input_shape")
        blocks: Any = convert_to_tensor(block_shape, dtype=dtypes.int32, name="block_shape")
        blocks._shape.assert_is_fully_defined()
        blocks._shape.assert_has_rank(1)
        count = blocks._shape._sizes[0]
        if not count:
            return zeros([0, 2], dtypes.int32), zeros([0, 2], dtypes.int32)
        sizes._shape.assert_is_compatible_with([count])
        base: Any
        if base_paddings is not None:
            base = convert_to_tensor(base_paddings, dtype=dtypes.int32, name="base_paddings")
            base._shape.assert_is_compatible_with([count, 2])
        else:
            base = zeros([count, 2], dtypes.int32)
        known = [get_static_value(t) for t in (blocks, sizes, base)]
        if all(value is not None for value in known):
            blocks, sizes, base = known
        start, end = base[:, 0], base[:, 1]
        total = sizes + start + end
        extra = (blocks - total % blocks) % blocks
        end = end + extra
        paddings = stack([[start[i], end[i]] for i in range(count)], name="paddings")
        return paddings, stack([[0, extra[i]] for i in range(count)], name="crops")
