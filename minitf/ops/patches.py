"""Patches of images, laid out along the depth."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.op import convert_to_tensor, op
from minitf.ops.cutting import unstack
from minitf.ops.filling import range_of
from minitf.ops.rearranging import transpose
from minitf.ops.shapes import renamed_argument, reshape, shape
from minitf.shape import unknown_shape
from minitf.tensor import Tensor


def _windows(size: int, patch: int, stride: int, rate: int, padding: str) -> tuple[int, int]:
    """How many patches fit along a dimension, and how many places the first begins before it."""
    reach = (patch - 1) * rate + 1
    if padding == "VALID":
        return max(-(-(size - reach + 1) // stride), 0), 0
    count = -(-size // stride)
    return count, max((count - 1) * stride + reach - size, 0) // 2


@op
class ExtractImagePatches:
    """The patches of images: [batch, rows, columns, patch rows * patch columns * depth]."""

    inputs = "images: T"
    outputs = "patches: T"
    attrs = (
        "ksizes: list(int) >= 4, strides: list(int) >= 4, rates: list(int) >= 4, T: {bfloat16, "
        "half, float, double, int8, int16, int32, int64, uint8, uint16, uint32, uint64, complex64, "
        "complex128, bool}, padding: {'SAME', 'VALID'}"
    )

    def infer(images, *, ksizes, strides, rates, padding):
        sizes = images._shape._sizes
        if sizes is None:
            return unknown_shape(4)
        if len(sizes) != 4:
            raise ValueError(f"Shape must be rank 4 but is rank {len(sizes)}")
        spatial = [
            None if n is None else _windows(n, ksizes[d], strides[d], rates[d], padding)[0]
            for d, n in enumerate(sizes)
            if d in (1, 2)
        ]
        depth = None if sizes[3] is None else sizes[3] * ksizes[1] * ksizes[2]
        return [sizes[0], *spatial, depth]

    def kernel(images, *, ksizes, strides, rates, padding):
        places, inside = [], []
        for d in (1, 2):
            count, before = _windows(images.shape[d], ksizes[d], strides[d], rates[d], padding)
            starts = np.arange(count) * strides[d] - before
            index = starts[:, None] + np.arange(ksizes[d]) * rates[d]
            inside.append((index >= 0) & (index < images.shape[d]))
            places.append(index.clip(0, images.shape[d] - 1))
        rows, columns = places[0][:, None, :, None], places[1][None, :, None, :]
        kept = inside[0][:, None, :, None] & inside[1][None, :, None, :]
        patches = np.where(kept[..., None], images[:, rows, columns], images.dtype.type(0))
        return patches.reshape(*patches.shape[:3], -1)

    def gradient(op, grad):
        names = ("ksizes", "strides", "rates", "padding")
        attrs = {name: op.get_attr(name) for name in names}
        batch, rows, columns, depth = unstack(shape(op.inputs[0], out_type=dtypes.int64))
        out_sizes = shape(op.outputs[0], out_type=dtypes.int64)
        out_rows, out_columns = unstack(out_sizes[1:3])
        _, patch_rows, patch_columns, _ = attrs["ksizes"]
        count = rows * columns
        # Patches of the pixels' own numbers say which pixel each element came from; 0 is none.
        numbers = range_of(1, count + 1, dtype=dtypes.float32)
        numbers = reshape(numbers, (1, rows, columns, 1))
        numbers = ExtractImagePatches(numbers, **attrs)
        numbers = registry.get("Cast")(numbers, DstT=dtypes.int64)
        sizes = (batch, out_rows, out_columns, patch_rows, patch_columns, depth)
        parts = transpose(reshape(convert_to_tensor(grad), sizes), (1, 2, 3, 4, 0, 5))
        flat = reshape(parts, (-1, batch * depth))
        pixels = reshape(numbers, [-1]) - 1
        total = registry.get("UnsortedSegmentSum")(flat, pixels, count)
        total = reshape(total, (rows, columns, batch, depth))
        return [transpose(total, (2, 0, 1, 3))]


def extract_image_patches(
    images: Any,
    ksizes: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: str | None = None,
    name: str | None = None,
    sizes: Any = None,
) -> Tensor:
    """The patches of each image, every patch's pixels along the depth."""
    ksizes = renamed_argument("sizes", sizes, "ksizes", ksizes)
    return ExtractImagePatches(
        images, ksizes=ksizes, strides=strides, rates=rates, padding=padding, name=name
    )
