"""Parts of sparse tensors: slices and pieces; which classes they hold; a softmax of each row."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.indexed_slices import IndexedSlices
from minitf.infer import with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.filling import fill
from minitf.ops.gathering import gather
from minitf.ops.searching import ListDiff
from minitf.ops.shapes import expand_dims, shape
from minitf.ops.sparse import sparse_tensor_to_dense
from minitf.ops.sparse_merging import sparse_merge
from minitf.ops.sparse_sums import by_place, sparse_reduce_sum, wrong
from minitf.ops.wrappers import NUMBERS
from minitf.sparse_tensor import SparseTensor, as_sparse_tensor
from minitf.tensor import Tensor


@op
class SparseSlice:
    """The part of a sparse tensor from `start` on, of `size` as far as there is so much."""

    inputs = "indices: int64, values: T, shape: int64, start: int64, size: int64"
    outputs = "output_indices: int64, output_values: T, output_shape: int64"
    attrs = "T: type"

    def infer(indices, values, shape, start, size):
        width = with_rank(shape, 1)[0].value
        return [None, width], [None], [width]

    def kernel(indices, values, shape, start, size):
        inside = np.all((indices >= start) & (indices < start + size), axis=1)
        left = np.clip(np.minimum(size, shape - start), 0, None)
        return indices[inside] - start, values[inside], left

    def gradient(op, _, grad, __):
        val_grad = SparseSliceGrad(grad, op.inputs[0], op.inputs[3], op.outputs[0])
        val_grad.set_shape(op.inputs[1].shape)
        return None, val_grad, None, None, None


@op
class SparseSliceGrad:
    """For each value the gradient of its place in the slice, zero outside."""

    inputs = "backprop_val_grad: T, input_indices: int64, input_start: int64, output_indices: int64"
    outputs = "val_grad: T"
    attrs = f"T: {NUMBERS}"

    def infer(grad, input_indices, input_start, output_indices):
        return [with_rank(input_indices, 2)[0].value]

    def kernel(grad, input_indices, input_start, output_indices):
        found, zero = by_place(output_indices + input_start, grad), grad.dtype.type(0)
        return np.array([found.get(tuple(p), zero) for p in input_indices.tolist()], grad.dtype)

    gradient = LookupError


@op
class SparseSplit:
    """A sparse tensor in pieces along an axis, the first ones longer by one where need be."""

    inputs = "split_dim: int64, indices: int64, values: T, shape: int64"
    outputs = (
        "output_indices: num_split * int64, output_values: num_split * T, "
        "output_shape: num_split * int64"
    )
    attrs = "num_split: int >= 1, T: type"

    def infer(split_dim, indices, values, shape, *, num_split):
        width = with_rank(shape, 1)[0].value
        each = [[None, width]] * num_split, [[None]] * num_split, [[width]] * num_split
        return [size for sizes in each for size in sizes]

    def kernel(axis, indices, values, shape, *, num_split):
        if not -len(shape) <= axis < len(shape):
            raise wrong(
                f"Input split_dim should be between [{-len(shape)}, {len(shape)}), got {axis}"
            )
        length = int(shape[axis])
        if not 1 <= num_split <= length:
            raise wrong(
                f"Input num_split should be between 1 and the splitting dimension size ({length}), "
                f"got {num_split}"
            )
        pieces, start = [], 0
        for number in range(num_split):
            size = length // num_split + (number < length % num_split)
            inside = (indices[:, axis] >= start) & (indices[:, axis] < start + size)
            moved, sizes = indices[inside], shape.copy()
            moved[:, axis] -= start
            sizes[axis] = size
            pieces.append((moved, values[inside], sizes))
            start += size
        return tuple(part for parts in zip(*pieces, strict=True) for part in parts)

    gradient = LookupError


@op
class SparseSoftmax:
    """The softmax of the values that stand in each row."""

    inputs = "sp_indices: int64, sp_values: T, sp_shape: int64"
    outputs = "output: T"
    attrs = "T: {half, float, double}"

    def infer(indices, values, shape):
        return values.shape

    def kernel(indices, values, shape):
        result = np.empty_like(values)
        rows: dict[tuple[int, ...], list[int]] = {}
        for number, place in enumerate(indices.tolist()):
            rows.setdefault(tuple(place[:-1]), []).append(number)
        for numbers in rows.values():
            powers = np.exp(values[numbers] - values[numbers].max())
            result[numbers] = powers / powers.sum()
        return result

    def gradient(op, grad):
        indices, _, sizes = op.inputs
        product = SparseTensor(indices, op.outputs[0] * grad, sizes)
        lost = -sparse_reduce_sum(product, [-1], keepdims=True)
        left = SparseDenseCwiseAdd(indices, grad, sizes, lost)
        return None, left * op.outputs[0], None


@op
class SparseDenseCwiseAdd:
    """The values of a sparse tensor plus those of a dense one at their places."""

    inputs = "sp_indices: int64, sp_values: T, sp_shape: int64, dense: T"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}"

    def infer(indices, values, shape, dense):
        return [with_rank(indices, 2)[0].value]

    def kernel(indices, values, shape, dense):
        try:
            wide = np.broadcast_to(dense, tuple(shape))
        except ValueError:
            raise wrong(
                "SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible "
                f"shapes: [{','.join(map(str, shape))}] vs. [{','.join(map(str, np.shape(dense)))}]"
            ) from None
        return values + wide[tuple(indices.T)]

    def gradient(op, grad):
        raise NotImplementedError("Gradient for SparseDenseCwiseAdd is not implemented.")


def sparse_slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """The part of a sparse tensor from `start` on, of `size` as far as there is so much."""
    sp_input = as_sparse_tensor(sp_input)
    start, size = (convert_to_tensor(t, dtypes.int64) for t in (start, size))
    with name_scope(name, "SparseSlice", [sp_input]) as name:
        parts = sp_input.indices, sp_input.values, sp_input.dense_shape
        return SparseTensor(*SparseSlice(*parts, start, size, name=name))


_KEYWORDS_ONLY = object()


def sparse_split(
    keyword_required: Any = _KEYWORDS_ONLY, sp_input: Any = None, num_split: int | None = None,
    axis: Any = None, name: str | None = None, split_dim: Any = None,
) -> list[SparseTensor]:  # fmt: skip
    """A sparse tensor in `num_split` pieces along `axis`; ValueError unless given by keyword."""
    if keyword_required is not _KEYWORDS_ONLY:
        raise ValueError("Keyword arguments are required for this function.")
    axis = split_dim if axis is None else axis
    for what, value in (("sp_input", sp_input), ("num_split", num_split), ("axis", axis)):
        if value is None:
            raise ValueError(f"{what} is required")
    sparse = as_sparse_tensor(sp_input)
    parts = SparseSplit(
        axis, sparse.indices, sparse.values, sparse.dense_shape, num_split=num_split, name=name
    )
    return [SparseTensor(*three) for three in zip(*parts, strict=True)]


def sparse_softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The softmax of the values that stand in each row, of the last two dimensions."""
    indices, sizes = sp_input.indices, sp_input.dense_shape
    with name_scope(name, "SparseSoftmax", [indices, sp_input.values]):
        return SparseTensor(indices, SparseSoftmax(indices, sp_input.values, sizes), sizes)


def sparse_to_indicator(sp_input: Any, vocab_size: int, name: str | None = None) -> Tensor:
    """[..., vocab_size]: for each row which numbers below `vocab_size` are among its values."""
    sp_input = as_sparse_tensor(sp_input)
    with name_scope(name, "SparseToIndicator", [sp_input]) as name:
        number = shape(sp_input.indices)[0]
        trues = fill(expand_dims(number, 0), True)
        flags = SparseTensor(sp_input.indices, trues, sp_input.dense_shape)
        merged = sparse_merge(sp_input, flags, vocab_size, name)
        return sparse_tensor_to_dense(
            merged, default_value=False, validate_indices=False, name=name
        )


def sparse_mask(a: Any, mask_indices: Any, name: str | None = None) -> IndexedSlices:
    """IndexedSlices without the rows whose indices are masked."""
    with name_scope(name, "sparse_mask", [a, mask_indices]) as name:
        indices, places = ListDiff(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, places, name=name), indices, a.dense_shape)
