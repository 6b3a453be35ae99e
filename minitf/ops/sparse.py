"""Ops on sparse tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, get_static_value
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import identity, placeholder, placeholder_with_default
from minitf.ops.filling import range_of, zeros, zeros_like
from minitf.ops.gathering import gather, gather_nd
from minitf.ops.matmul import matmul
from minitf.ops.rearranging import invert_permutation, matrix_transpose, transpose
from minitf.ops.scattering import sparse_to_dense
from minitf.ops.selecting import where_v2
from minitf.ops.shapes import expand_dims, reshape, shape, squeeze
from minitf.ops.shapes import rank as rank_of
from minitf.shape import Dimension, TensorShape, as_shape, shape_of, unknown_shape
from minitf.sparse_tensor import SparseTensor, SparseTensorValue, as_sparse_tensor
from minitf.tensor import Tensor


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor that must be fed, with a SparseTensorValue or its three parts."""

    def named(part: str) -> str | None:
        return None if name is None else f"{name}/{part}"

    if shape is None:
        rank = None
        sizes = placeholder(dtypes.int64, shape=[None], name=named("shape"))
        known = constant_shape(sizes)
    else:
        if isinstance(shape, Tensor):
            rank, known = shape._shape[0].value, constant_shape(shape)
        else:
            shape = [n.value if isinstance(n, Dimension) else n for n in shape]
            rank, known = len(shape), TensorShape([None if n == -1 else n for n in shape])
            whole = tuple([-1 if n is None else n for n in shape])
            shape = convert_to_tensor(whole, dtype=dtypes.int64, name=named("shape_default"))
        sizes = placeholder_with_default(shape, shape._shape, name=named("shape"))
    values = placeholder(dtype, shape=[None], name=named("values"))
    indices = placeholder(dtypes.int64, shape=[None, rank], name=named("indices"))
    result = SparseTensor(indices, values, sizes)
    result.set_shape(known)
    return result


def sparse_tensor_to_dense(
    sp_input: Any,
    default_value: Any = None,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """A sparse tensor as a dense one, `default_value` (zero) where it has no element."""
    sp_input = as_sparse_tensor(sp_input)
    if default_value is None:
        default_value = zeros([], dtype=sp_input.dtype)
    return sparse_to_dense(
        sp_input.indices,
        sp_input.dense_shape,
        sp_input.values,
        default_value=default_value,
        validate_indices=validate_indices,
        name=name,
    )


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of `tensor` that are not zero, as a sparse tensor."""
    with name_scope(name, "dense_to_sparse"):
        tensor = convert_to_tensor(tensor)
        indices = where_v2(registry.get("NotEqual")(tensor, zeros_like(tensor)))
        values = gather_nd(tensor, indices)
        return SparseTensor(indices, values, shape(tensor, out_type=dtypes.int64))


@op
class SparseReorder:
    """The elements in the order of their places."""

    inputs = "input_indices: int64, input_values: T, input_shape: int64"
    outputs = "output_indices: int64, output_values: T"
    attrs = "T: type"

    def infer(indices, values, sizes):
        for part, rank in ((indices, 2), (values, 1), (sizes, 1)):
            if part._shape.rank not in (None, rank):
                raise ValueError(f"Shape must be rank {rank} but is rank {part._shape.rank}")
        return indices._shape, values._shape

    def kernel(indices, values, sizes):
        order = np.lexsort(indices.T[::-1]) if len(indices) else np.arange(0)
        return indices[order], values[order]

    def gradient(op, indices_grad, values_grad):
        indices, _, sizes = op.inputs
        numbers = range_of(shape(indices)[0])
        ordered = sparse_reorder(SparseTensor(indices, numbers, sizes))
        return None, gather(values_grad, invert_permutation(ordered.values)), None


def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The same sparse tensor with its elements in the order of their places."""
    sp_input = as_sparse_tensor(sp_input)
    indices, values = SparseReorder(
        sp_input.indices, sp_input.values, sp_input.dense_shape, name=name
    )
    if sp_input.shape.is_fully_defined():
        return SparseTensor(indices, values, sp_input.shape.as_list())
    result = SparseTensor(indices, values, identity(sp_input.dense_shape))
    result.set_shape(sp_input.shape)
    return result


def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """The elements for which `to_retain`, a bool for each, is true."""
    sp_input, kept = as_sparse_tensor(sp_input), convert_to_tensor(to_retain)
    kept._shape.assert_has_rank(1)
    sp_input.values._shape.assert_is_compatible_with(kept._shape)
    places = reshape(where_v2(kept), [-1])
    indices, values = gather(sp_input.indices, places), gather(sp_input.values, places)
    return SparseTensor(indices, values, identity(sp_input.dense_shape))


def sparse_transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor with dimension perm[i] as its i-th; by default in reverse."""
    with name_scope(name, "SparseTranspose", [sp_input.indices]):
        rank = sp_input.shape.rank
        if perm is None:
            if rank is not None:
                perm = np.arange(rank)[::-1]
            else:
                count = rank_of(sp_input)
                perm = count - 1 - range_of(0, count, 1)
        indices = transpose(gather(transpose(sp_input.indices), perm))
        known = get_static_value(convert_to_tensor(perm))
        if known is not None and sp_input.shape.is_fully_defined():
            sizes: Any = [sp_input.shape.as_list()[p] for p in known]
        else:
            sizes = gather(sp_input.dense_shape, perm)
        return sparse_reorder(SparseTensor(indices, sp_input.values, sizes))


@op
class SparseTensorDenseMatMul:
    """The product of a sparse matrix and a dense one."""

    inputs = "a_indices: Tindices, a_values: T, a_shape: int64, b: T"
    outputs = "product: T"
    attrs = (
        "T: type, Tindices: {int32, int64} = DT_INT64, adjoint_a: bool = false, "
        "adjoint_b: bool = false"
    )

    def infer(indices, values, sizes, b, *, adjoint_a, adjoint_b):
        a = constant_shape(sizes)
        a = unknown_shape(2) if a.rank is None else a.with_rank(2)
        rows, inner = reversed(a._sizes) if adjoint_a else a._sizes
        other = b._shape.with_rank(2)._sizes
        length, columns = reversed(other) if adjoint_b else other
        if None not in (inner, length) and inner != length:
            raise ValueError(f"Dimensions must be equal, but are {inner} and {length}")
        return as_shape([rows, columns])

    def kernel(indices, values, sizes, b, *, adjoint_a, adjoint_b):
        b = np.conj(b.T) if adjoint_b else b
        rows, columns = indices.T
        values = np.conj(values) if adjoint_a else values
        if adjoint_a:
            rows, columns = columns, rows
        height, inner = sizes[::-1].tolist() if adjoint_a else sizes.tolist()
        if inner != len(b):
            raise InvalidArgumentError(
                None,
                None,
                f"Cannot multiply A and B because inner dimension does not match: {inner} vs. "
                f"{len(b)} (A is [{sizes[0]},{sizes[1]}], B is {shape_of(b)})",
            )
        result = np.zeros((height, b.shape[1]), b.dtype)
        np.add.at(result, rows, values[:, None] * b[columns])
        return result

    def gradient(op, grad):
        indices, values, sizes, b = op.inputs
        adjoint_a, adjoint_b = op.get_attr("adjoint_a"), op.get_attr("adjoint_b")
        b_grad = SparseTensorDenseMatMul(indices, values, sizes, grad, adjoint_a=not adjoint_a)
        if adjoint_b:
            b_grad = matrix_transpose(b_grad, conjugate=True)
        rows, columns = indices[:, 0], indices[:, 1]
        left = gather(grad, columns if adjoint_a else rows)
        right = gather(transpose(b) if adjoint_b else b, rows if adjoint_a else columns)
        turned = adjoint_a == adjoint_b
        left = expand_dims(left, -1 if adjoint_a else -2)
        right = expand_dims(right, -2 if turned else -1)
        product = matmul(left, right, adjoint_a=adjoint_a, adjoint_b=turned)
        return None, squeeze(product, axis=[-2, -1]), None, b_grad


def sparse_tensor_dense_matmul(
    sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False, name: str | None = None
) -> Tensor:
    """The product of a sparse matrix and a dense one, in either order, either of them adjoint."""
    if isinstance(b, (SparseTensor, SparseTensorValue)):
        if adjoint_a != adjoint_b:
            return transpose(sparse_tensor_dense_matmul(b, sp_a, adjoint_a, adjoint_b))
        flipped = {"adjoint_a": not adjoint_a, "adjoint_b": not adjoint_b}
        return transpose(sparse_tensor_dense_matmul(b, sp_a, **flipped))
    sp_a = as_sparse_tensor(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [sp_a.indices, sp_a.values, b]):
        b = convert_to_tensor(b, name="b")
        return SparseTensorDenseMatMul(
            sp_a.indices,
            sp_a.values,
            sp_a.dense_shape,
            b,
            adjoint_a=adjoint_a,
            adjoint_b=adjoint_b,
        )
