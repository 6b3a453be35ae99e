"""Sums of sparse tensors: with sparse and dense ones, over axes; and the larger of two."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, constant_value, with_rank
from minitf.op import convert_to_tensor, op
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.casts import cast
from minitf.ops.constants import constant
from minitf.ops.filling import range_of
from minitf.ops.gathering import gather_nd
from minitf.ops.padding import broadcast_static_shape
from minitf.ops.reductions import reduced_shape
from minitf.ops.shapes import rank, reshape
from minitf.ops.wrappers import NUMBERS
from minitf.shape import UNKNOWN
from minitf.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from minitf.tensor import Tensor

_REAL = "{float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64}"
_TWO = (
    "a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64"
)


def wrong(message: str) -> InvalidArgumentError:
    """The error of a kernel."""
    return InvalidArgumentError(None, None, message)


def by_place(indices: np.ndarray, values: np.ndarray) -> dict[tuple[int, ...], Any]:
    """The values of a sparse tensor by where they stand."""
    return dict(zip(map(tuple, indices.tolist()), values, strict=True))


def parts_of(found: dict[tuple[int, ...], Any], rank: int, dtype: Any) -> tuple[Any, Any]:
    """Indices in order and values of what stands where."""
    places = sorted(found)
    indices = np.array(places, np.int64).reshape(len(places), rank)
    return indices, np.array([found[place] for place in places], dtype)


def _check_alike(a_shape: np.ndarray, b_shape: np.ndarray) -> None:
    if len(a_shape) != len(b_shape):
        raise wrong(
            f"Operands do not have the same ranks; got shapes: [{','.join(map(str, a_shape))}] and "
            f"[{','.join(map(str, b_shape))}]"
        )
    for i, (a, b) in enumerate(zip(a_shape, b_shape, strict=True)):
        if a != b:
            raise wrong(f"Operands' shapes do not match: got {a} and {b} for dimension {i}")


@op
class SparseAdd:
    """The sum of two sparse tensors, without what is below a threshold."""

    inputs = _TWO + ", thresh: Treal"
    outputs = "sum_indices: int64, sum_values: T, sum_shape: int64"
    attrs = f"T: {NUMBERS}, Treal: {_REAL}"

    def infer(a_indices, a_values, a_shape, *others):
        width = with_rank(a_shape, 1)[0].value
        return [None, width], [None], [width]

    def kernel(a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
        _check_alike(a_shape, b_shape)
        total = by_place(a_indices, a_values)
        for place, value in by_place(b_indices, b_values).items():
            total[place] = total[place] + value if place in total else value
        kept = {place: value for place, value in total.items() if thresh <= abs(value)}
        return *parts_of(kept, len(a_shape), a_values.dtype), a_shape

    def gradient(op, _, grad, __):
        a_grad, b_grad = SparseAddGrad(grad, op.inputs[0], op.inputs[3], op.outputs[0])
        a_grad.set_shape(op.inputs[1].shape)
        b_grad.set_shape(op.inputs[4].shape)
        return None, a_grad, None, None, b_grad, None, None


@op
class SparseAddGrad:
    """For each value of both summands the gradient where it stands, zero where no sum does."""

    inputs = "backprop_val_grad: T, a_indices: int64, b_indices: int64, sum_indices: int64"
    outputs = "a_val_grad: T, b_val_grad: T"
    attrs = f"T: {NUMBERS}"

    def infer(grad, a_indices, b_indices, sum_indices):
        return [[with_rank(t, 2)[0].value] for t in (a_indices, b_indices)]

    def kernel(grad, a_indices, b_indices, sum_indices):
        by_sum, zero = by_place(sum_indices, grad), grad.dtype.type(0)
        return tuple(
            np.array([by_sum.get(tuple(place), zero) for place in indices.tolist()], grad.dtype)
            for indices in (a_indices, b_indices)
        )

    gradient = None


@op
class SparseTensorDenseAdd:
    """The sum of a sparse and a dense tensor of one shape: dense."""

    inputs = "a_indices: Tindices, a_values: T, a_shape: Tindices, b: T"
    outputs = "output: T"
    attrs = f"T: {NUMBERS}, Tindices: {{int32, int64}}"

    def infer(a_indices, a_values, a_shape, b):
        return b.shape

    def kernel(indices, values, shape, b):
        _check_alike(shape, np.array(np.shape(b)))
        total = np.array(b)
        np.add.at(total, tuple(indices.T), values)
        return total

    def gradient(op, grad):
        return None, gather_nd(grad, op.inputs[0]), None, grad


_REDUCED = "input_indices: int64, input_values: T, input_shape: int64, reduction_axes: int32"


def _groups(indices: np.ndarray, values: np.ndarray, shape: np.ndarray, axes: Any, keep: bool):
    """What is reduced to each place, and the shape of the result."""
    size = len(shape)
    for axis in np.ravel(axes).tolist():
        if not -size <= axis < size:
            raise wrong(f"Invalid reduction dimension {axis}, for input with {size} dimensions.")
    gone = {axis % size for axis in np.ravel(axes).tolist()}
    kept = [i for i in range(size) if i not in gone]
    grouped: dict[tuple[int, ...], list[Any]] = {}
    for place, value in zip(indices.tolist(), values, strict=True):
        if keep:
            key = tuple(0 if i in gone else n for i, n in enumerate(place))
        else:
            key = tuple(place[i] for i in kept)
        grouped.setdefault(key, []).append(value)
    sizes = shape.tolist()
    return grouped, [1 if i in gone else sizes[i] for i in range(size) if keep or i in kept]


def _reducing(reduce: Any, sparse: bool) -> Any:
    def kernel(indices, values, shape, axes, *, keep_dims):
        grouped, sizes = _groups(indices, values, shape, axes, keep_dims)
        found = {place: reduce(np.array(part, values.dtype)) for place, part in grouped.items()}
        if sparse:
            return *parts_of(found, len(sizes), values.dtype), np.array(sizes, np.int64)
        dense = np.zeros(sizes, values.dtype)
        for place, value in found.items():
            dense[place] = value
        return dense[()]

    return kernel


def _infer_dense(indices: Tensor, values: Tensor, shape: Tensor, axes: Tensor, *, keep_dims: bool):
    sizes, gone = constant_shape(shape)._sizes, constant_value(axes)
    if sizes is None or gone is None:
        return UNKNOWN
    rank = len(sizes)
    places = np.ravel(gone).tolist()
    if any(not -rank <= axis < rank for axis in places):
        return UNKNOWN  # the kernel says so
    reduced = {axis % rank for axis in places}
    if keep_dims:
        return [1 if i in reduced else n for i, n in enumerate(sizes)]
    return [n for i, n in enumerate(sizes) if i not in reduced]


def _infer_sparse(*inputs: Tensor) -> Any:
    return UNKNOWN, UNKNOWN, UNKNOWN


@op
class SparseReduceSum:
    """The sums of a sparse tensor over axes, dense."""

    inputs, outputs = _REDUCED, "output: T"
    attrs = f"keep_dims: bool = false, T: {NUMBERS}"
    kernel = _reducing(lambda part: part.sum(dtype=part.dtype), sparse=False)

    infer = _infer_dense

    def gradient(op, grad):
        indices, _, sizes, axes = op.inputs
        kept = reduced_shape(sizes, axes)
        grad = reshape(grad, kept)
        scale = sizes // cast(kept, dtypes.int64)
        return None, gather_nd(grad, indices // scale), None, None


@op
class SparseReduceMax:
    """The largest values of a sparse tensor over axes, dense; 0 where there is none."""

    inputs, outputs = _REDUCED, "output: T"
    attrs = f"keep_dims: bool = false, T: {_REAL}"
    infer = _infer_dense
    kernel = _reducing(np.max, sparse=False)
    gradient = LookupError


@op
class SparseReduceSumSparse:
    """The sums of a sparse tensor over axes, sparse."""

    inputs = _REDUCED
    outputs = "output_indices: int64, output_values: T, output_shape: int64"
    attrs = f"keep_dims: bool = false, T: {NUMBERS}"
    infer = _infer_sparse
    kernel = _reducing(lambda part: part.sum(dtype=part.dtype), sparse=True)
    gradient = LookupError


@op
class SparseReduceMaxSparse:
    """The largest values of a sparse tensor over axes, sparse."""

    inputs = _REDUCED
    outputs = "output_indices: int64, output_values: T, output_shape: int64"
    attrs = f"keep_dims: bool = false, T: {_REAL}"
    infer = _infer_sparse
    kernel = _reducing(np.max, sparse=True)
    gradient = LookupError


def _chosen(better: Any) -> Any:
    def kernel(a_indices, a_values, a_shape, b_indices, b_values, b_shape):
        _check_alike(a_shape, b_shape)
        a, b = by_place(a_indices, a_values), by_place(b_indices, b_values)
        zero = a_values.dtype.type(0)
        found = {place: better(a.get(place, zero), b.get(place, zero)) for place in {**a, **b}}
        return parts_of(found, len(a_shape), a_values.dtype)

    return kernel


def _infer_chosen(a_indices: Tensor, *others: Tensor) -> Any:
    return [None, with_rank(a_indices, 2)[1].value], [None]


@op
class SparseSparseMaximum:
    """The larger of two values wherever one stands."""

    inputs, outputs = _TWO, "output_indices: int64, output_values: T"
    attrs = f"T: {_REAL}"
    infer = _infer_chosen
    kernel = _chosen(np.maximum)

    def gradient(op, *grads):
        raise NotImplementedError("Gradient for SparseSparseMaximum is not implemented.")


@op
class SparseSparseMinimum:
    """The smaller of two values wherever one stands."""

    inputs, outputs = _TWO, "output_indices: int64, output_values: T"
    attrs = f"T: {NUMBERS}"
    infer = _infer_chosen
    kernel = _chosen(np.minimum)

    def gradient(op, *grads):
        raise NotImplementedError("Gradient for SparseSparseMinimum is not implemented.")


def sparse_add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """The sum of two sparse tensors, sparse, or of a sparse and a dense one, dense.

    Sums of two sparse tensors that are smaller than `threshold` are left out. Raises TypeError
    where neither is sparse.
    """
    threshold = _one_of("threshold", threshold, "thresh", thresh)
    threshold = 0 if threshold is None else threshold
    kinds = (SparseTensor, SparseTensorValue)
    if not isinstance(a, kinds) and not isinstance(b, kinds):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if not (isinstance(a, kinds) and isinstance(b, kinds)):
        a, b = (b, a) if isinstance(b, kinds) else (a, b)
        return SparseTensorDenseAdd(a.indices, a.values, a.dense_shape, b)
    a, b = as_sparse_tensor(a), as_sparse_tensor(b)
    least = convert_to_tensor(threshold, dtype=a.dtype.real_dtype.base_dtype, name="threshold")
    indices, values, sizes = SparseAdd(*_three(a), *_three(b), least)
    a.get_shape().assert_is_compatible_with(b.get_shape())
    known = broadcast_static_shape(a.get_shape(), b.get_shape())
    return SparseTensor(indices, values, known.as_list() if known.is_fully_defined() else sizes)


def _three(sparse: SparseTensor) -> tuple[Tensor, Tensor, Tensor]:
    return sparse.indices, sparse.values, sparse.dense_shape


def _one_of(name: str, value: Any, old: str, old_value: Any) -> Any:
    if old_value is not None and value is not None:
        raise ValueError(f"Cannot specify both '{old}' and '{name}'.")
    return value if old_value is None else old_value


def _axes(sp_input: Any, axis: Any) -> Any:
    if axis is not None:
        return axis
    size = sp_input.dense_shape.shape
    if size.is_fully_defined():
        return constant(np.arange(size[0].value, dtype=np.int32))
    return range_of(0, rank(sp_input))


def _reduction(make: Any, sparse: bool, title: str) -> Any:
    def reduce(
        sp_input: Any, axis: Any = None, keepdims: bool | None = None, reduction_axes: Any = None,
        keep_dims: bool | None = None,
    ) -> Any:  # fmt: skip
        keepdims = _one_of("keepdims", keepdims, "keep_dims", keep_dims)
        axis = _one_of("axis", axis, "reduction_axes", reduction_axes)
        made = make(*_three(sp_input), _axes(sp_input, axis), keep_dims=bool(keepdims))
        return SparseTensor(*made) if sparse else made

    reduce.__name__ = reduce.__qualname__ = title
    reduce.__doc__ = f"{make.__doc__} `axis`: one, several, or None for all."
    return reduce


sparse_reduce_sum = _reduction(SparseReduceSum, False, "sparse_reduce_sum")
sparse_reduce_max = _reduction(SparseReduceMax, False, "sparse_reduce_max")
sparse_reduce_sum_sparse = _reduction(SparseReduceSumSparse, True, "sparse_reduce_sum_sparse")
sparse_reduce_max_sparse = _reduction(SparseReduceMaxSparse, True, "sparse_reduce_max_sparse")


def sparse_maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The larger of two values wherever one stands; what does not stand is 0."""
    with name_scope(name, "SparseSparseMaximum", [*_three(sp_a)[:2], *_three(sp_b)[:2]]) as name:
        indices, values = SparseSparseMaximum(*_three(sp_a), *_three(sp_b), name=name)
    return SparseTensor(indices, values, sp_a.dense_shape)


def sparse_minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The smaller of two values wherever one stands; what does not stand is 0."""
    with name_scope(name, "SparseSparseMinimum", [*_three(sp_a)[:2], *_three(sp_b)[:2]]) as name:
        indices, values = SparseSparseMinimum(*_three(sp_a), *_three(sp_b), name=name)
    return SparseTensor(indices, values, sp_a.dense_shape)
