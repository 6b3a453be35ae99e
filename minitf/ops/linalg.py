"""Matrix decompositions, norms, and products over chosen axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import control_dependencies, name_scope
from minitf.op import convert_to_tensor, op
from minitf.ops.arithmetic import maximum
from minitf.ops.casts import cast, conj
from minitf.ops.complex_numbers import abs, real
from minitf.ops.diagonals import matrix_band_part, matrix_diag, matrix_diag_part, matrix_set_diag
from minitf.ops.elementwise import reciprocal, sqrt, square
from minitf.ops.filling import zeros_like
from minitf.ops.joining import concat
from minitf.ops.matmul import matmul
from minitf.ops.powers import pow
from minitf.ops.rearranging import matrix_transpose
from minitf.ops.reductions import reduce_max, reduce_sum
from minitf.ops.selecting import SelectV2
from minitf.ops.shapes import expand_dims, renamed_argument, shape, squeeze
from minitf.ops.solving import adjoint, batch_of_matrices, computed, matrix_triangular_solve
from minitf.ops.solving import square as square_shape
from minitf.shape import as_shape, unknown_shape
from minitf.tensor import Tensor

_TYPES = "T: {double, float, half, complex64, complex128}"
_FAILED = "The decomposition did not converge."


@op
class Qr:
    """QR decomposition of each inner matrix: q of orthonormal columns, r upper triangular."""

    inputs = "input: T"
    outputs = "q: T, r: T"
    attrs = "full_matrices: bool = false, T: {double, float, half, complex64, complex128}"

    def infer(x, *, full_matrices):
        sizes = x.shape._sizes
        if sizes is None:
            return unknown_shape(None), unknown_shape(None)
        if len(sizes) < 2:
            raise ValueError(f"Shape must be at least rank 2 but is rank {len(sizes)}")
        *outer, rows, columns = sizes
        if full_matrices:
            inner: Any = rows
        else:
            inner = None if None in (rows, columns) else min(rows, columns)
        return as_shape([*outer, rows, inner]), as_shape([*outer, inner, columns])

    def kernel(x, *, full_matrices):
        return _q_and_r(x, mode="complete" if full_matrices else "reduced")

    def gradient(op, grad_q, grad_r):
        q, r = op.outputs
        rows, columns = r.shape.as_list()[-2:] if r.shape.rank is not None else (None, None)
        if rows is None or columns is None:
            raise NotImplementedError(
                f"QrGrad not implemented with dynamic shapes. Received r.shape: {r.shape}"
            )
        if rows > columns and q.shape.as_list()[-2] == q.shape.as_list()[-1]:
            raise NotImplementedError(
                "QrGrad not implemented when nrows > ncols and full_matrices is true. Received "
                f"r.shape={r.shape} with nrows={rows}and ncols={columns}."
            )
        height = q.shape.as_list()[-2]
        if height >= columns:
            return _qr_gradient(q, r, grad_q, grad_r)
        # A wide matrix: its left square determines q, the rest is a product.
        rest, left = op.inputs[0][..., :, height:], r[..., :, :height]
        grad_rest, grad_left = grad_r[..., :, height:], grad_r[..., :, :height]
        right = matmul(q, grad_rest)
        through = grad_q + matmul(rest, grad_rest, adjoint_b=True)
        return concat([_qr_gradient(q, left, through, grad_left), right], axis=-1)


_q_and_r = computed(lambda x, mode: tuple(np.linalg.qr(x, mode)), _FAILED)


def _qr_gradient(q: Tensor, r: Tensor, grad_q: Tensor, grad_r: Tensor) -> Tensor:
    def over_r(x: Tensor) -> Tensor:
        return adjoint(matrix_triangular_solve(r, adjoint(x), lower=False, adjoint=False))

    by_q = matmul(q, grad_q, adjoint_a=True)
    skew_q = by_q - adjoint(by_q)
    by_r = matmul(r, grad_r, adjoint_b=True)
    skew_r = by_r - adjoint(by_r)
    lower = matrix_band_part(skew_q + skew_r, -1, 0)
    first = matmul(q, grad_r + over_r(lower))
    result = first + over_r(grad_q - matmul(q, by_q))
    if q.dtype.is_complex:
        mixed = by_r - adjoint(by_q)
        diagonal = matrix_set_diag(zeros_like(mixed), matrix_diag_part(mixed))
        correction = diagonal - cast(real(diagonal), q.dtype)
        result = result + over_r(matmul(q, adjoint(correction)))
    return result


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> list[Tensor]:
    """QR decomposition of each inner matrix, as a list [q, r]."""
    return Qr(input, full_matrices=full_matrices, name=name)


def _safe_reciprocal(x: Tensor) -> Tensor:
    """1 / x, and 0 where x is 0."""
    return x * reciprocal(x * x + 1e-20)


def _differences(x: Tensor) -> Tensor:
    """1 / (x[j] - x[i]) at [i, j], and 0 on the diagonal."""
    apart = expand_dims(x, -2) - expand_dims(x, -1)
    return matrix_set_diag(_safe_reciprocal(apart), zeros_like(x))


@op
class SelfAdjointEigV2:
    """The eigenvalues, in rising order, and eigenvectors of each inner self-adjoint matrix."""

    inputs = "input: T"
    outputs = "e: T, v: T"
    attrs = f"compute_v: bool = true, {_TYPES}"

    def infer(x, *, compute_v):
        whole = square_shape(x)
        if whole.rank is None:
            return unknown_shape(None), unknown_shape(None if compute_v else 1)
        return whole[:-1], whole if compute_v else as_shape([0])

    def kernel(x, *, compute_v):
        return _eigen(x, compute_v=compute_v)

    def gradient(op, grad_e, grad_v):
        e, vectors = op.outputs[0], op.outputs[1]
        with control_dependencies([grad_e, grad_v]):
            if op.get_attr("compute_v"):
                apart = _differences(e)
                turned = apart * matmul(vectors, grad_v, adjoint_a=True)
                inner = matrix_diag(grad_e) + turned
            else:
                _, vectors = self_adjoint_eig(op.inputs[0])
                inner = matrix_diag(grad_e)
            grad = matmul(vectors, matmul(inner, vectors, adjoint_b=True))
            # Only the lower triangle of the input is looked at.
            grad = matrix_band_part(grad + adjoint(grad), -1, 0)
            return matrix_set_diag(grad, 0.5 * matrix_diag_part(grad))


def _eigenvalues(x: Any, compute_v: bool) -> Any:
    if compute_v:
        return tuple(np.linalg.eigh(x))
    return np.linalg.eigvalsh(x), np.zeros(0)


_eigen = computed(_eigenvalues, "Self-adjoint eigen decomposition was not successful.")


def self_adjoint_eig(tensor: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Eigenvalues, in rising order, and eigenvectors (in columns) of self-adjoint matrices."""
    e, v = SelfAdjointEigV2(tensor, compute_v=True, name=name)
    return e, v


def self_adjoint_eigvals(tensor: Any, name: str | None = None) -> Tensor:
    """Eigenvalues of self-adjoint matrices, in rising order."""
    e, _ = SelfAdjointEigV2(tensor, compute_v=False, name=name)
    return e


@op
class Svd:
    """Singular values, in falling order, and singular vectors: input = u · diag(s) · vᴴ."""

    inputs = "input: T"
    outputs = "s: T, u: T, v: T"
    attrs = f"compute_uv: bool = true, full_matrices: bool = false, {_TYPES}"

    def infer(x, *, compute_uv, full_matrices):
        whole = batch_of_matrices(x)
        if whole.rank is None:
            return (unknown_shape(None),) * 3
        *outer, rows, columns = whole.as_list()
        least = None if None in (rows, columns) else min(rows, columns)
        values = as_shape([*outer, least])
        if not compute_uv:
            return values, as_shape([0]), as_shape([0])
        u_columns, v_columns = (rows, columns) if full_matrices else (least, least)
        return values, as_shape([*outer, rows, u_columns]), as_shape([*outer, columns, v_columns])

    def kernel(x, *, compute_uv, full_matrices):
        return _singular(x, compute_uv=compute_uv, full_matrices=full_matrices)

    def gradient(op, grad_s, grad_u, grad_v):
        return _svd_gradient(op, grad_s, grad_u, grad_v)


def _singular_values(x: Any, compute_uv: bool, full_matrices: bool) -> Any:
    if not compute_uv:
        return np.linalg.svd(x, compute_uv=False), np.zeros(0), np.zeros(0)
    u, s, v = np.linalg.svd(x, full_matrices)
    return s, u, np.conj(np.swapaxes(v, -1, -2))


_singular = computed(_singular_values, "SVD did not converge.")


def _svd_gradient(op: Any, grad_s: Tensor, grad_u: Tensor, grad_v: Tensor) -> Tensor:
    """After Townsend, "Differentiating the Singular Value Decomposition" (2016)."""
    a = op.inputs[0]
    grad_s = cast(grad_s, a.dtype)
    grad_values = matrix_diag(grad_s)
    if not op.get_attr("compute_uv"):
        _, u, v = svd(a, compute_uv=True)
        return matmul(u, matmul(grad_values, v, adjoint_b=True))
    rows, columns = a.shape.as_list()[-2:] if a.shape.rank is not None else (None, None)
    if rows is None or columns is None:
        raise NotImplementedError(
            "SVD gradient has not been implemented for input with unknown inner matrix shape."
        )
    full = op.get_attr("full_matrices") and rows != columns
    if full or a.dtype.is_complex:
        raise NotImplementedError(
            "svd gradient is not implemented for full matrices that are not square, nor for "
            f"complex ones. Received: m={rows} and n={columns} from op input={a}."
        )
    s, u, v = cast(op.outputs[0], a.dtype), op.outputs[1], op.outputs[2]
    tall = rows > columns
    if tall:
        u, v, grad_u, grad_v = v, u, grad_v, grad_u
    with control_dependencies([grad_s, grad_u, grad_v]):
        values = matrix_diag(s)
        squares = square(s)
        shape(s)  # TensorFlow makes this node too
        apart = _differences(squares)
        inverse = matrix_diag(_safe_reciprocal(s))
        least = min(rows, columns)
        v, grad_v = v[..., :, :least], grad_v[..., :, :least]
        by_u, by_v = matmul(u, grad_u, adjoint_a=True), matmul(v, grad_v, adjoint_a=True)
        by_u, by_v = apart * by_u, apart * by_v
        inner = grad_values + matmul(by_u + adjoint(by_u), values)
        inner = inner + matmul(values, by_v + adjoint(by_v))
        grad = matmul(u, matmul(inner, v, adjoint_b=True))
        if rows != columns:
            turned = matrix_transpose(grad_v, conjugate=True)
            outside = turned - matmul(matmul(turned, v), v, adjoint_b=True)
            grad = grad + matmul(matmul(u, inverse), outside)
        return matrix_transpose(grad, conjugate=True) if tall else grad


def svd(
    tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None
) -> Any:
    """Singular values s and, with `compute_uv`, vectors u, v: tensor = u · diag(s) · vᴴ."""
    s, u, v = Svd(tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name)
    return (real(s), u, v) if compute_uv else real(s)


def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
) -> Tensor:
    """The norm of vectors along `axis`, of matrices along a pair of axes, or of all elements.

    `ord` is "euclidean", a number, or infinity; of matrices "fro", 1 or infinity. ValueError for
    other orders and axes.
    """
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    matrices = isinstance(axis, (tuple, list)) and len(axis) == 2
    axis = _norm_axes(axis, ord, matrices)
    with name_scope(name, "norm", [tensor]):
        tensor = convert_to_tensor(tensor)
        if ord in ("fro", "euclidean", 2, 2.0):
            result = sqrt(reduce_sum(tensor * conj(tensor), axis, keepdims=True))
        else:
            result = _norm_of(abs(tensor), ord, axis, matrices)
        return result if keepdims else squeeze(result, axis)


def _norm_axes(axis: Any, ord: Any, matrices: bool) -> Any:
    if matrices:
        first, second = axis
        if not isinstance(first, int) or not isinstance(second, int) or first == second:
            raise ValueError(
                f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {axis}"
            )
        if ord not in ("euclidean", "fro", 1, np.inf):
            supported = ["euclidean", "fro", 1, np.inf]
            raise ValueError(f"'ord' must be a supported matrix norm in {supported}, got {ord}")
        return tuple(axis)
    if not (isinstance(axis, int) or axis is None):
        raise ValueError(
            f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {axis}"
        )
    if ord != "euclidean" and (isinstance(ord, str) or not np.isreal(ord) or ord <= 0):
        raise ValueError(f"'ord' must be a supported vector norm, got {ord}")
    return None if axis is None else (axis,)


def _norm_of(sizes: Tensor, ord: Any, axis: Any, matrices: bool) -> Tensor:
    first = None if axis is None else axis[0]
    if ord == 1:
        result = reduce_sum(sizes, first, keepdims=True)
        return reduce_max(result, axis[-1], keepdims=True) if matrices else result
    if ord == np.inf:
        result = reduce_sum(sizes, axis[1], keepdims=True) if matrices else sizes
        return reduce_max(result, first, keepdims=True)
    return pow(reduce_sum(pow(sizes, ord), axis, keepdims=True), 1.0 / ord)


def matrix_rank(
    a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None
) -> Tensor:
    """How many singular values of each inner matrix are larger than `tol`."""
    with name_scope(name or "matrix_rank"):
        a = convert_to_tensor(a, dtype_hint=dtypes.float32, name="a")
        values = svd(a, compute_uv=False)
        if tol is None:
            inner = a.shape[-2:]
            known = inner.is_fully_defined()
            size = np.max(inner.as_list()) if known else reduce_max(shape(a)[-2:])
            unit = np.finfo(a.dtype.as_numpy_dtype).eps
            tol = unit * cast(size, a.dtype) * reduce_max(values, axis=-1, keepdims=True)
        return reduce_sum(cast(values > tol, dtypes.int32), axis=-1)


def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Tensor:
    """The pseudo-inverse; singular values below `rcond` of the largest count as zero."""
    with name_scope(name or "pinv"):
        a = convert_to_tensor(a, name="a")
        dtype = a.dtype.as_numpy_dtype
        if rcond is None:
            rows, columns = a.shape.as_list()[-2:] if a.shape.rank else (None, None)
            rows = shape(a)[-2] if rows is None else rows
            columns = shape(a)[-1] if columns is None else columns
            if isinstance(rows, int) and isinstance(columns, int):
                size: Any = float(max(rows, columns))
            else:
                size = cast(maximum(rows, columns), dtype)
            rcond = 10.0 * size * np.finfo(dtype).eps
        rcond = convert_to_tensor(rcond, dtype=dtype, name="rcond")
        values, left, right = svd(a, full_matrices=False, compute_uv=True)
        cutoff = rcond * reduce_max(values, axis=-1)
        large = values > expand_dims(cutoff, -1)
        values = SelectV2(large, values, np.array(np.inf, dtype))
        result = matmul(right / expand_dims(values, -2), left, adjoint_b=True)
        if a.shape.rank is not None:
            outer, (rows, columns) = a.shape[:-2], a.shape.as_list()[-2:]
            result.set_shape(outer.concatenate([columns, rows]))
        return result


def normalize(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """`tensor` divided by its norm along `axis`, and that norm."""
    with name_scope(name, "normalize", [tensor]) as name:
        tensor = convert_to_tensor(tensor)
        length = norm(tensor, ord, axis, keepdims=True)
        length = cast(length, tensor.dtype)
        return tensor / length, length
