"""Products of matrices, and of batches of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import with_rank
from minitf.kernels.products import batch_product
from minitf.op import convert_to_tensor, op
from minitf.ops.casts import conj
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.rearranging import transpose
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import expand_dims, reshape, shape, squeeze
from minitf.shape import UNKNOWN, TensorShape, as_shape, broadcast, shape_of
from minitf.tensor import Tensor


def _same_size(m: int | None, n: int | None) -> None:
    if m is not None and n is not None and m != n:
        raise ValueError(f"Dimensions must be equal, but are {m} and {n}")


def _infer_product(a: Tensor, b: Tensor, *, transpose_a: bool, transpose_b: bool) -> Any:
    left, right = with_rank(a, 2).as_list(), with_rank(b, 2).as_list()
    left = left[::-1] if transpose_a else left
    right = right[::-1] if transpose_b else right
    _same_size(left[1], right[0])
    return [left[0], right[1]]


def _at_least_matrix(x: Tensor) -> TensorShape:
    if x.shape.rank is not None and x.shape.rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {x.shape.rank}")
    return x.shape


def infer_batch_product(x: Tensor, y: Tensor, *, adj_x: bool, adj_y: bool) -> Any:
    """[..., m, k] x [..., k, n] -> [..., m, n]; what stands for `...` broadcasts."""
    left, right = _at_least_matrix(x), _at_least_matrix(y)
    if left.rank is None or right.rank is None:
        return UNKNOWN
    (rows, inner), (other, columns) = left.as_list()[-2:], right.as_list()[-2:]
    rows, inner = (inner, rows) if adj_x else (rows, inner)
    other, columns = (columns, other) if adj_y else (other, columns)
    batch = broadcast(left[:-2], right[:-2])
    _same_size(inner, other)
    return batch.concatenate(as_shape([rows, columns]))


def _multiplied(a: Any, b: Any, function: Any, first: Any, second: Any) -> Any:
    """The product, of halves computed as floats; `first` and `second` are as they were given."""
    try:
        if a.dtype == np.float16:
            return function(a.astype(np.float32), b.astype(np.float32)).astype(np.float16)
        return function(a, b)
    except ValueError:
        raise _misfit(first, second) from None


def _misfit(a: Any, b: Any) -> InvalidArgumentError:
    for i, x in enumerate((a, b)):
        if np.ndim(x) < 2:
            return InvalidArgumentError(None, None, f"In[{i}] ndims must be >= 2: {np.ndim(x)}")
    try:
        np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        return InvalidArgumentError(
            None,
            None,
            "In[0] and In[1] must have compatible batch dimensions: "
            f"{shape_of(a)} vs. {shape_of(b)}",
        )
    return InvalidArgumentError(
        None, None, f"Matrix size-incompatible: In[0]: {shape_of(a)}, In[1]: {shape_of(b)}"
    )


def _batch_product(x: Any, y: Any, adj_x: bool, adj_y: bool) -> Any:
    if np.ndim(x) < 2 or np.ndim(y) < 2:
        raise _misfit(x, y)
    left = np.conj(x.swapaxes(-1, -2)) if adj_x else x
    right = np.conj(y.swapaxes(-1, -2)) if adj_y else y
    return _multiplied(left, right, batch_product, x, y)


@op
class MatMul:
    """Matrix product: [m, k] x [k, n] -> [m, n]."""

    inputs = "a: T, b: T"
    outputs = "product: T"
    attrs = (
        "transpose_a: bool = false, transpose_b: bool = false, T: {bfloat16, half, float, double, "
        "int32, int64, uint8, uint16, uint32, uint64, complex64, complex128}, "
        "grad_a: bool = false, grad_b: bool = false"
    )
    infer = _infer_product

    def kernel(a, b, *, transpose_a, transpose_b):
        left, right = a.T if transpose_a else a, b.T if transpose_b else b
        return _multiplied(left, right, np.dot, a, b)

    def gradient(op, grad):
        turned_a, turned_b = op.get_attr("transpose_a"), op.get_attr("transpose_b")
        a, b = conj(op.inputs[0]), conj(op.inputs[1])
        if turned_a:
            grad_a = MatMul(b, grad, transpose_a=turned_b, transpose_b=True, grad_a=True)
        else:
            grad_a = MatMul(grad, b, transpose_b=not turned_b, grad_a=True)
        if turned_b:
            grad_b = MatMul(grad, a, transpose_a=True, transpose_b=turned_a, grad_b=True)
        else:
            grad_b = MatMul(a, grad, transpose_a=not turned_a, grad_b=True)
        return grad_a, grad_b


def _batch_gradients(op: Any, grad: Tensor, **marks: bool) -> tuple[Tensor, Tensor]:
    x, y = op.inputs
    adj_x, adj_y = op.get_attr("adj_x"), op.get_attr("adj_y")
    for_x = {"grad_a": True} if marks else {}
    for_y = {"grad_b": True} if marks else {}
    if adj_x:
        grad_x = matmul(y, grad, adjoint_a=adj_y, adjoint_b=True, **for_x)
    else:
        grad_x = matmul(grad, y, adjoint_b=not adj_y, **for_x)
    if adj_y:
        grad_y = matmul(grad, x, adjoint_a=True, adjoint_b=adj_x, **for_y)
    else:
        grad_y = matmul(x, grad, adjoint_a=not adj_x, **for_y)
    return grad_x, grad_y


def _broadcast_gradients(op: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of a batch product, summed over the batches that an input was repeated for."""
    x, y = op.inputs
    grad_x, grad_y = _batch_gradients(op, grad, marked=True)
    batch_x, batch_y = x.shape[:-2], y.shape[:-2]
    same = batch_x.is_fully_defined() and batch_y.is_fully_defined() and batch_x == batch_y
    if (x.shape.rank == 2 and y.shape.rank == 2) or same:
        return grad_x, grad_y
    shape_x, shape_y = shape(x), shape(y)
    axes_x, axes_y = BroadcastGradientArgs(shape_x[:-2], shape_y[:-2])
    grad_x = reshape(reduce_sum(grad_x, axes_x), shape_x)
    grad_y = reshape(reduce_sum(grad_y, axes_y), shape_y)
    return grad_x, grad_y


_ADJOINTS = "adj_x: bool = false, adj_y: bool = false, grad_x: bool = false, grad_y: bool = false"


@op
class BatchMatMul:
    """Matrix products of two batches of one shape."""

    inputs = "x: T, y: T"
    outputs = "output: T"
    attrs = "T: {bfloat16, half, float, double, int32, int64, complex64, complex128}, " + _ADJOINTS
    infer = infer_batch_product

    def kernel(x, y, *, adj_x, adj_y):
        return _batch_product(x, y, adj_x, adj_y)

    def gradient(op, grad):
        return _batch_gradients(op, grad)


@op
class BatchMatMulV2:
    """Matrix products of two batches, whose shapes broadcast."""

    inputs = "x: T, y: T"
    outputs = "output: T"
    attrs = (
        "T: {bfloat16, half, float, double, int16, int32, int64, uint8, uint16, uint32, uint64, "
        "complex64, complex128}, " + _ADJOINTS
    )
    infer = infer_batch_product

    def kernel(x, y, *, adj_x, adj_y):
        return _batch_product(x, y, adj_x, adj_y)

    gradient = _broadcast_gradients


@op
class BatchMatMulV3:
    """Matrix products of two batches, whose shapes broadcast, in a type of their own."""

    inputs = "x: Ta, y: Tb"
    outputs = "output: Tout"
    attrs = (
        "Ta: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, complex64, "
        "complex128}, Tb: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, "
        "complex64, complex128}, Tout: {bfloat16, half, float, double, int16, int32, int64, "
        "complex64, complex128}, " + _ADJOINTS
    )
    infer = infer_batch_product

    def kernel(x, y, *, adj_x, adj_y, Tout):
        wanted = Tout.as_numpy_dtype
        return _batch_product(x.astype(wanted), y.astype(wanted), adj_x, adj_y)

    gradient = _broadcast_gradients


@op
class SparseMatMul:
    """A matrix product whose inputs are mostly zeros; it is computed like any other."""

    inputs = "a: Ta, b: Tb"
    outputs = "product: float"
    attrs = (
        "transpose_a: bool = false, transpose_b: bool = false, a_is_sparse: bool = false, "
        "b_is_sparse: bool = false, Ta: {float, bfloat16} = DT_FLOAT, "
        "Tb: {float, bfloat16} = DT_FLOAT"
    )
    infer = _infer_product

    def kernel(a, b, *, transpose_a, transpose_b):
        left, right = a.T if transpose_a else a, b.T if transpose_b else b
        return _multiplied(left, right, np.dot, a, b)

    def gradient(op, grad):
        return _sparse_gradients(op, grad)


def _sparse_gradients(op: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    (a, b), attr = op.inputs, op.get_attr
    turned_a, turned_b = attr("transpose_a"), attr("transpose_b")
    sparse_a, sparse_b = attr("a_is_sparse"), attr("b_is_sparse")
    sparse = grad.op.type == "ReluGrad"

    def product(x: Any, y: Any, x_sparse: bool, y_sparse: bool, turn_x: bool, turn_y: bool) -> Any:
        y = transpose(y) if turn_y else y
        return matmul(x, y, transpose_a=turn_x, a_is_sparse=x_sparse, b_is_sparse=y_sparse)

    if turned_a:
        grad_a = product(b, grad, sparse_b, sparse, turned_b, True)
    else:
        grad_a = product(grad, b, sparse, sparse_b, False, not turned_b)
    if turned_b:
        grad_b = product(grad, a, sparse, sparse_a, True, turned_a)
    else:
        grad_b = product(a, grad, sparse_a, sparse, not turned_a, False)
    return grad_a, grad_b


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    output_type: Any = None,
    grad_a: bool = False,
    grad_b: bool = False,
    name: str | None = None,
) -> Tensor:
    """The matrix product [..., m, k] x [..., k, n] -> [..., m, n]; batches broadcast.

    Raises ValueError for shapes that don't fit, and where a matrix is to be both transposed and
    adjoint.
    """
    with name_scope(name, "MatMul", [a, b]) as name:
        for side, turned, adjoint in (("a", transpose_a, adjoint_a), ("b", transpose_b, adjoint_b)):
            if turned and adjoint:
                raise ValueError(
                    f"Only one of `transpose_{side}` and `adjoint_{side}` can be True. Received "
                    f"`transpose_{side}`={turned}, `adjoint_{side}`={adjoint}."
                )
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, dtype_hint=a.dtype.base_dtype, name="b")
        marks = {"grad_x": grad_a, "grad_y": grad_b}
        own_type = bool(output_type) and (output_type != a.dtype or output_type != b.dtype)
        dense = not (a_is_sparse or b_is_sparse)
        if dense and any(x.shape.rank is None or x.shape.rank > 2 for x in (a, b)):
            a, b = conj(a) if transpose_a else a, conj(b) if transpose_b else b
            marks |= {"adj_x": adjoint_a or transpose_a, "adj_y": adjoint_b or transpose_b}
            if own_type:
                return BatchMatMulV3(a, b, Tout=output_type, **marks, name=name)
            return BatchMatMulV2(a, b, **marks, name=name)
        a, b = conj(a) if adjoint_a else a, conj(b) if adjoint_b else b
        turns = {"transpose_a": transpose_a or adjoint_a, "transpose_b": transpose_b or adjoint_b}
        if not dense and a.dtype == dtypes.float32 and b.dtype == dtypes.float32:
            sparse = {"a_is_sparse": a_is_sparse, "b_is_sparse": b_is_sparse}
            return SparseMatMul(a, b, **turns, **sparse, name=name)
        if own_type:
            marks |= {"adj_x": turns["transpose_a"], "adj_y": turns["transpose_b"]}
            return BatchMatMulV3(a, b, Tout=output_type, **marks, name=name)
        return MatMul(a, b, **turns, grad_a=grad_a, grad_b=grad_b, name=name)


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """A matrix times a vector: [..., m, k] x [..., k] -> [..., m]."""
    with name_scope(name, "MatVec", [a, b]):
        product = matmul(
            a,
            expand_dims(b, axis=-1),
            transpose_a=transpose_a,
            adjoint_a=adjoint_a,
            a_is_sparse=a_is_sparse,
            b_is_sparse=b_is_sparse,
        )
        return squeeze(product, axis=-1)


def sparse_matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The product of two float32 matrices that are said to be mostly zeros."""
    turns = {"transpose_a": transpose_a, "transpose_b": transpose_b}
    return SparseMatMul(a, b, **turns, a_is_sparse=a_is_sparse, b_is_sparse=b_is_sparse, name=name)
