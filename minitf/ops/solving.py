"""Inverses, determinants and systems of linear equations, for each inner matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import merged
from minitf.op import convert_to_tensor, op
from minitf.ops.casts import cast
from minitf.ops.complex_numbers import real
from minitf.ops.diagonals import eye, matrix_band_part, matrix_diag_part, matrix_set_diag
from minitf.ops.elementwise import log
from minitf.ops.joining import concat
from minitf.ops.matmul import matmul
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.rearranging import matrix_transpose
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import reshape, shape
from minitf.shape import UNKNOWN, TensorShape, broadcast
from minitf.tensor import Tensor

_TYPES = "T: {double, float, half, complex64, complex128}"


# What the ops share


def batch_of_matrices(x: Tensor) -> TensorShape:
    """The shape; ValueError when it is known to have fewer than two dimensions."""
    if x.shape.rank is not None and x.shape.rank < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {x.shape.rank}")
    return x.shape


def square(x: Tensor) -> TensorShape:
    """The shape of square matrices; ValueError when they are known not to be."""
    whole = batch_of_matrices(x)
    if whole.rank is None:
        return whole
    *outer, rows, columns = whole.as_list()
    _equal_sizes(rows, columns)
    side = columns if rows is None else rows
    return TensorShape([*outer, side, side])


def _equal_sizes(m: int | None, n: int | None) -> None:
    if m is not None and n is not None and m != n:
        raise ValueError(f"Dimensions must be equal, but are {m} and {n}")


def computed(function: Callable[..., Any], failure: str) -> Callable[..., Any]:
    """A kernel that computes halves as floats; what NumPy can't do is an InvalidArgumentError."""

    def kernel(*arrays, **options):
        dtype = arrays[0].dtype
        if dtype == np.float16:
            arrays = tuple(array.astype(np.float32) for array in arrays)
        try:
            result = function(*arrays, **options)
        except np.linalg.LinAlgError:
            raise InvalidArgumentError(None, None, failure) from None
        if isinstance(result, tuple):
            return tuple(part.astype(dtype, copy=False) for part in result)
        return result.astype(dtype, copy=False)

    return kernel


def adjoint_of(x: Any) -> Any:
    """The conjugate transpose of each inner matrix."""
    return np.conj(np.swapaxes(x, -1, -2))


def adjoint(matrix: Any, name: str | None = None) -> Tensor:
    """The conjugate transpose of each inner matrix."""
    with name_scope(name, "adjoint", [matrix]):
        matrix = convert_to_tensor(matrix, name="matrix")
        return matrix_transpose(matrix, conjugate=True)


_NOT_INVERTIBLE = "Input is not invertible."
_inverse = computed(np.linalg.inv, _NOT_INVERTIBLE)


@op
class MatrixInverse:
    """The inverse of each inner matrix, or of its adjoint."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = f"adjoint: bool = false, {_TYPES}"

    def infer(x):
        return square(x)

    def kernel(x, *, adjoint):
        return _inverse(adjoint_of(x) if adjoint else x)

    def gradient(op, grad):
        inverse, turned = op.outputs[0], op.get_attr("adjoint")
        inner = matmul(grad, inverse, adjoint_a=turned, adjoint_b=not turned)
        return -matmul(inverse, inner, adjoint_a=not turned)


def matrix_inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The inverse of each inner matrix; InvalidArgumentError for one that has none."""
    return MatrixInverse(input, adjoint=adjoint, name=name)


def _outer(x: Tensor) -> TensorShape:
    """The shape of a batch of square matrices, without the matrices."""
    whole = batch_of_matrices(x)
    if whole.rank is None:
        return whole
    _equal_sizes(whole.as_list()[-1], whole.as_list()[-2])
    return whole[:-2]


@op
class MatrixDeterminant:
    """The determinant of each inner matrix."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = "T: {half, float, double, complex64, complex128}"

    def infer(x):
        return _outer(x)

    kernel = computed(np.linalg.det, _NOT_INVERTIBLE)

    def gradient(op, grad):
        result = op.outputs[0]
        inverse = matrix_inverse(op.inputs[0], adjoint=True)
        factors = reshape(grad * result, concat([shape(result), [1, 1]], 0))
        return factors * inverse


def matrix_determinant(input: Any, name: str | None = None) -> Tensor:
    """The determinant of each inner matrix."""
    return MatrixDeterminant(input, name=name)


@op
class LogMatrixDeterminant:
    """The sign and the logarithm of the size of each inner matrix's determinant."""

    inputs = "input: T"
    outputs = "sign: T, log_abs_determinant: T"
    attrs = "T: {half, float, double, complex64, complex128}"

    def infer(x):
        return _outer(x), _outer(x)

    kernel = computed(lambda x: tuple(map(np.asarray, np.linalg.slogdet(x))), _NOT_INVERTIBLE)

    def gradient(op, _, grad):
        inverse = matrix_inverse(op.inputs[0], adjoint=True)
        factors = reshape(grad, concat([shape(op.outputs[1]), [1, 1]], 0))
        return factors * inverse


def slogdet(input: Any, name: str | None = None) -> list[Tensor]:
    """The sign and the logarithm of the size of each inner matrix's determinant."""
    return LogMatrixDeterminant(input, name=name)


def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """The logarithm of the determinant of each positive definite inner matrix."""
    with name_scope(name, "logdet", [matrix]):
        factor = Cholesky(matrix)
        return 2.0 * reduce_sum(log(real(matrix_diag_part(factor))), axis=[-1])


def _infer_solution(matrix: Tensor, rhs: Tensor) -> Any:
    left, right = square(matrix), batch_of_matrices(rhs)
    if left.rank is None or right.rank is None:
        return UNKNOWN
    _same_rows(left, right)
    outer = merged(left[:-2], right[:-2])
    return outer.concatenate([left.as_list()[-1], right.as_list()[-1]])


def _same_rows(left: TensorShape, right: TensorShape) -> None:
    _equal_sizes(left.as_list()[-2], right.as_list()[-2])


_solve = computed(np.linalg.solve, "Input matrix is not invertible.")


@op
class MatrixSolve:
    """The x of matrix · x = rhs, for each inner matrix or its adjoint."""

    inputs = "matrix: T, rhs: T"
    outputs = "output: T"
    attrs = f"adjoint: bool = false, {_TYPES}"
    infer = _infer_solution

    def kernel(matrix, rhs, *, adjoint):
        return _solve(adjoint_of(matrix) if adjoint else matrix, rhs)

    def gradient(op, grad):
        turned = op.get_attr("adjoint")
        grad_b = matrix_solve(op.inputs[0], grad, adjoint=not turned)
        return _matrix_gradient(op, grad_b, turned), grad_b


def _matrix_gradient(op: Any, grad_b: Tensor, turned: bool) -> Tensor:
    solution = op.outputs[0]
    if turned:
        return -matmul(solution, grad_b, adjoint_b=True)
    return -matmul(grad_b, solution, adjoint_b=True)


def matrix_solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The x of matrix · x = rhs; InvalidArgumentError for a matrix that has no inverse."""
    return MatrixSolve(matrix, rhs, adjoint=adjoint, name=name)


def _infer_triangular(matrix: Tensor, rhs: Tensor) -> Any:
    left, right = square(matrix), batch_of_matrices(rhs)
    if left.rank is None or right.rank is None:
        return UNKNOWN
    _same_rows(left, right)
    outer = broadcast(left[:-2], right[:-2])
    return outer.concatenate([left.as_list()[-1], right.as_list()[-1]])


@op
class MatrixTriangularSolve:
    """The x of matrix · x = rhs; only the lower or the upper triangle is looked at."""

    inputs = "matrix: T, rhs: T"
    outputs = "output: T"
    attrs = (
        "lower: bool = true, adjoint: bool = false, "
        "T: {bfloat16, double, float, half, complex64, complex128}"
    )
    infer = _infer_triangular

    def kernel(matrix, rhs, *, lower, adjoint):
        triangle = np.tril(matrix) if lower else np.triu(matrix)
        return _solve(adjoint_of(triangle) if adjoint else triangle, rhs)

    def gradient(op, grad):
        a, b = op.inputs
        turned, lower = op.get_attr("adjoint"), op.get_attr("lower")
        grad_b = matrix_triangular_solve(a, grad, lower=lower, adjoint=not turned)
        grad_a = _matrix_gradient(op, grad_b, turned)
        grad_a = matrix_band_part(grad_a, -1, 0) if lower else matrix_band_part(grad_a, 0, -1)
        known = a.shape.is_fully_defined() and b.shape.is_fully_defined()
        if known and a.shape[:-2] == b.shape[:-2]:
            return grad_a, grad_b
        shape_a, shape_b = shape(a), shape(b)
        axes_a, axes_b = BroadcastGradientArgs(shape_a[:-2], shape_b[:-2])
        grad_a = reshape(reduce_sum(grad_a, axis=axes_a), shape_a)
        return grad_a, reshape(reduce_sum(grad_b, axis=axes_b), shape_b)


def matrix_triangular_solve(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Tensor:
    """The x of matrix · x = rhs, where the matrix is triangular."""
    with name_scope(name, "triangular_solve", [matrix, rhs]):
        return MatrixTriangularSolve(matrix, rhs, lower=lower, adjoint=adjoint)


def _cholesky(x: Any) -> np.ndarray:
    """The lower triangle, "not a number" where a matrix is not positive definite."""
    try:
        return np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        if x.ndim == 2:
            return np.tril(np.full_like(x, np.nan))
        return np.stack([_cholesky(inner) for inner in x])


@op
class Cholesky:
    """The lower triangle L with L · Lᴴ = input, for each positive definite inner matrix."""

    inputs = "input: T"
    outputs = "output: T"
    attrs = _TYPES

    def infer(x):
        return square(x)

    kernel = computed(_cholesky, _NOT_INVERTIBLE)

    def gradient(op, grad):
        lower = op.outputs[0]
        rows, outer = shape(lower)[-1], shape(lower)[:-2]
        unit = eye(rows, batch_shape=outer, dtype=lower.dtype)
        inverse = matrix_triangular_solve(lower, unit)
        middle = matmul(lower, grad, adjoint_a=True)
        middle = matrix_set_diag(middle, 0.5 * matrix_diag_part(middle))
        middle = matrix_band_part(middle, -1, 0)
        grad_a = matmul(matmul(inverse, middle, adjoint_a=True), inverse)
        grad_a += adjoint(grad_a)
        return grad_a * 0.5


def cholesky(input: Any, name: str | None = None) -> Tensor:
    """The lower triangle L with L · Lᴴ = input; "not a number" where there is none."""
    return Cholesky(input, name=name)


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """The x of A · x = rhs, given A's Cholesky factor."""
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        half = MatrixTriangularSolve(chol, rhs, adjoint=False, lower=True)
        return MatrixTriangularSolve(chol, half, adjoint=True, lower=True)


def _gramian_cholesky(matrix: Tensor, l2_regularizer: Any, tall: bool) -> Tensor:
    """The Cholesky factor of Aᴴ·A + λ (of A·Aᴴ + λ where the matrix is not tall)."""
    gramian = matmul(matrix, matrix, adjoint_a=tall, adjoint_b=not tall)
    if isinstance(l2_regularizer, Tensor) or l2_regularizer != 0:
        sizes = shape(matrix)
        outer = sizes[:-2]
        small = sizes[-1] if tall else sizes[-2]
        unit = eye(small, batch_shape=outer, dtype=matrix.dtype)
        side = matrix.shape[-1 if tall else -2]
        unit.set_shape(matrix.shape[:-2].concatenate([side, side]))
        gramian += l2_regularizer * unit
    return Cholesky(gramian)


@op
class MatrixSolveLs:
    """The x for which |matrix · x - rhs|² + λ|x|² is least, for each inner matrix."""

    inputs = "matrix: T, rhs: T, l2_regularizer: double"
    outputs = "output: T"
    attrs = f"{_TYPES}, fast: bool = true"

    def infer(matrix, rhs, l2_regularizer):
        left, right = batch_of_matrices(matrix), batch_of_matrices(rhs)
        if left.rank is None or right.rank is None:
            return UNKNOWN
        _same_rows(left, right)
        outer = merged(left[:-2], right[:-2])
        return outer.concatenate([left.as_list()[-1], right.as_list()[-1]])

    kernel = computed(
        lambda a, b, damping: (
            np.linalg.pinv(a) @ b
            if not damping
            else np.linalg.solve(
                adjoint_of(a) @ a + damping * np.eye(a.shape[-1], dtype=a.dtype), adjoint_of(a) @ b
            )
        ),
        _NOT_INVERTIBLE,
    )

    def gradient(op, grad):
        if not op.get_attr("fast"):
            raise ValueError("Gradient not defined for fast=False")
        a, b, x = *op.inputs[:2], op.outputs[0]
        damping = cast(op.inputs[2], a.dtype.base_dtype)
        inner = a.shape[-2:]
        if not inner.is_fully_defined():
            raise NotImplementedError(
                "The gradient of matrix_solve_ls needs to know the size of its matrix"
            )
        tall = inner[-2] >= inner[-1]
        factor = _gramian_cholesky(a, damping, tall)
        if tall:
            z = cholesky_solve(factor, grad)
            cross = matmul(x, z, adjoint_b=True)
            both = cross + matrix_transpose(cross)
            grad_a = -matmul(a, both) + matmul(b, z, adjoint_b=True)
            return grad_a, matmul(a, z), None
        grad_b = cholesky_solve(factor, matmul(a, grad))
        half = cholesky_solve(factor, b)
        first = -matmul(grad_b, matmul(half, a, adjoint_a=True))
        rest = grad - matmul(a, grad_b, adjoint_a=True)
        return first + matmul(half, rest, adjoint_b=True), grad_b, None


def matrix_solve_ls(
    matrix: Any,
    rhs: Any,
    l2_regularizer: float = 0.0,
    fast: bool = True,
    name: str | None = None,
) -> Tensor:
    """The x for which |matrix · x - rhs|² + λ|x|² is least."""
    matrix = convert_to_tensor(matrix, name="matrix")
    if matrix.dtype == dtypes.complex128 and l2_regularizer != 0:
        raise NotImplementedError(
            "matrix_solve_ls is currently disabled for complex128 and l2_regularizer != 0 due to "
            "poor accuracy."
        )
    inner = matrix.shape[-2:]
    if not fast or not inner.is_fully_defined():
        return MatrixSolveLs(matrix, rhs, l2_regularizer, fast=fast, name=name)
    with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        tall = inner[-2] >= inner[-1]
        factor = _gramian_cholesky(matrix, l2_regularizer, tall)
        if tall:
            return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))
        return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)
