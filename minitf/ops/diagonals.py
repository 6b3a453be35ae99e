"""Diagonals of matrices: put on, taken off, replaced."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_value, merged
from minitf.kernels.values import as_array, counts
from minitf.op import convert_to_tensor, op
from minitf.ops.filling import ones, zeros, zeros_like
from minitf.ops.joining import concat
from minitf.ops.shapes import static_int
from minitf.shape import shape_of, unknown_shape
from minitf.tensor import Tensor

_ALIGN = "{'LEFT_RIGHT', 'RIGHT_LEFT', 'LEFT_LEFT', 'RIGHT_RIGHT'} = \"RIGHT_LEFT\""
_NUMBERS = "T: {bfloat16, half, float, double, int32, int64, complex64, complex128}"


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _band(k: Any) -> tuple[int, int]:
    """The lowest and the highest diagonal; InvalidArgumentError when they are no band."""
    ends = counts(k)
    if np.ndim(k) > 1 or not 1 <= len(ends) <= 2:
        raise _fail(f"diag_index must be a scalar or vector, received shape: {shape_of(k)}")
    low, high = ends[0], ends[-1]
    if low > high:
        raise _fail("lower_diag_index is greater than upper_diag_index")
    return low, high


def _longest(rows: int, cols: int, low: int, high: int) -> int:
    return min(rows + min(high, 0), cols - max(low, 0))


def _positions(rows: int, cols: int, low: int, high: int, align: str) -> Any:
    """For each diagonal, from the highest: its number, where it starts in its row, its places."""
    above, below = align.split("_")
    longest = _longest(rows, cols, low, high)
    for number, d in enumerate(range(high, low - 1, -1)):
        length = max(min(rows + min(d, 0), cols - max(d, 0)), 0)
        left = (d >= 0 and above == "LEFT") or (d <= 0 and below == "LEFT")
        start = 0 if left else longest - length
        along = np.arange(length)
        yield number, slice(start, start + length), along - min(d, 0), along + max(d, 0)


def _put(matrix: np.ndarray, diagonal: np.ndarray, low: int, high: int, align: str) -> None:
    if low == high and diagonal.ndim == matrix.ndim - 1:
        diagonal = diagonal[..., None, :]
    for number, place, row, col in _positions(*matrix.shape[-2:], low, high, align):
        matrix[..., row, col] = diagonal[..., number, place]


@op
class MatrixDiagV3:
    """Matrices with the given diagonals, and a padding value elsewhere."""

    inputs = "diagonal: T, k: int32, num_rows: int32, num_cols: int32, padding_value: T"
    outputs = "output: T"
    attrs = f"T: type, align: {_ALIGN}"

    def infer(diagonal, k, num_rows, num_cols, padding):
        sizes, ends = diagonal._shape._sizes, constant_value(k)
        if sizes is not None and not sizes:
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        if sizes is None or ends is None:
            return unknown_shape()
        low, high = _static_band(ends)
        outer = sizes[: -1 if low == high else -2]
        rows, cols = static_int(num_rows), static_int(num_cols)
        if rows is None or cols is None or sizes[-1] is None:
            return [*outer, None if rows in (None, -1) else rows,
                    None if cols in (None, -1) else cols]  # fmt: skip
        return [*outer, *_matrix_size(sizes[-1], low, high, rows, cols)]

    def kernel(diagonal, k, num_rows, num_cols, padding, *, align):
        low, high = _band(k)
        _check_rank("diagonal", diagonal, 1)
        padding = as_array(padding)
        outer = diagonal.shape[: -1 if low == high else -2]
        try:
            size = _matrix_size(diagonal.shape[-1], low, high, int(num_rows), int(num_cols))
        except ValueError as error:
            raise _fail(str(error)) from None
        result = np.full((*outer, *size), padding[()], padding.dtype)
        _put(result, diagonal, low, high, align)
        return result

    def gradient(op, grad):
        align = op.get_attr("align").decode()
        diagonal = matrix_diag_part(grad, k=op.inputs[1], align=align)
        return diagonal, None, None, None, None


def _static_band(k: np.ndarray) -> tuple[int, int]:
    try:
        return _band(k)
    except InvalidArgumentError as error:
        raise ValueError(error.message) from None


def _matrix_size(longest: int, low: int, high: int, rows: int, cols: int) -> tuple[int, int]:
    """The size of the smallest matrix that holds the diagonals, where it is not given."""
    least_rows, least_cols = longest - min(high, 0), longest + max(low, 0)
    if rows == cols == -1:
        rows = cols = max(least_rows, least_cols)
    rows = least_rows if rows == -1 else rows
    cols = least_cols if cols == -1 else cols
    if rows < least_rows:
        raise ValueError(f"The number of rows is too small: {rows} < {least_rows}")
    if cols < least_cols:
        raise ValueError(f"The number of columns is too small: {cols} < {least_cols}")
    if rows != least_rows and cols != least_cols:
        raise ValueError("The number of rows or columns is not consistent with the diagonals")
    return rows, cols


def matrix_diag(
    diagonal: Any,
    name: str = "diag",
    k: Any = 0,
    num_rows: Any = -1,
    num_cols: Any = -1,
    padding_value: Any = 0,
    align: str = "RIGHT_LEFT",
) -> Tensor:
    """Matrices that have `diagonal` as their k-th diagonal, or as a band of them."""
    if getattr(diagonal, "dtype", None) == "bool":
        padding_value = bool(padding_value)
    return MatrixDiagV3(diagonal, k, num_rows, num_cols, padding_value, align=align, name=name)


@op
class MatrixDiagPartV3:
    """The diagonals of matrices, shorter ones filled up with a padding value."""

    inputs = "input: T, k: int32, padding_value: T"
    outputs = "diagonal: T"
    attrs = f"T: type, align: {_ALIGN}"

    def infer(x, k, padding):
        sizes, ends = x._shape._sizes, constant_value(k)
        if sizes is not None and len(sizes) < 2:
            raise ValueError(f"Shape must be at least rank 2 but is rank {len(sizes)}")
        if sizes is None or ends is None:
            return unknown_shape()
        low, high = _static_band(ends)
        _check_band(sizes[-2:], low, high)
        count = [] if low == high else [high - low + 1]
        known = None not in sizes[-2:]
        return [*sizes[:-2], *count, _longest(*sizes[-2:], low, high) if known else None]

    def kernel(x, k, padding, *, align):
        low, high = _band(k)
        _check_rank("input", x, 2)
        try:
            _check_band(x.shape[-2:], low, high)
        except ValueError as error:
            rows, cols = x.shape[-2:]
            d = low if "lower" in str(error) else high
            raise _fail(f"{str(error)[:-1]}: {d}. It must be between {-rows} and {cols}") from None
        padding = as_array(padding)
        sizes = (*x.shape[:-2], high - low + 1, _longest(*x.shape[-2:], low, high))
        result = np.full(sizes, padding[()], padding.dtype)
        for number, place, row, col in _positions(*x.shape[-2:], low, high, align):
            result[..., number, place] = x[..., row, col]
        return result[..., 0, :] if low == high else result

    def gradient(op, grad):
        x, k, _ = op.inputs
        align = op.get_attr("align").decode()
        rows_cols = x._shape[-2:]
        if rows_cols.is_fully_defined():
            rows, cols = rows_cols.as_list()
            back = matrix_diag(grad, k=k, num_rows=rows, num_cols=cols, align=align)
        else:
            back = matrix_set_diag(zeros_like(x), grad, k=k, align=align)
        return back, None, None


def _check_rank(name: str, x: np.ndarray, least: int) -> None:
    if x.ndim < least:
        raise _fail(f"{name} must be at least {least}-dim, received shape: {shape_of(x)}")


def _check_band(sizes: Any, low: int, high: int) -> None:
    rows, cols = sizes
    for which, d in (("lower", low), ("upper", high)):
        if (rows is not None and d <= -rows and d) or (cols is not None and d >= cols and d):
            raise ValueError(f"{which}_diag_index is out of bound.")


def matrix_diag_part(
    input: Any,
    name: str = "diag_part",
    k: Any = 0,
    padding_value: Any = 0,
    align: str = "RIGHT_LEFT",
) -> Tensor:
    """The k-th diagonal of each matrix, or a band of diagonals from the highest down."""
    if getattr(input, "dtype", None) == "bool":
        padding_value = bool(padding_value)
    return MatrixDiagPartV3(input, k, padding_value, align=align, name=name)


@op
class MatrixSetDiagV3:
    """The input's matrices with other diagonals."""

    inputs = "input: T, diagonal: T, k: int32"
    outputs = "output: T"
    attrs = f"T: type, align: {_ALIGN}"

    def infer(x, diagonal, k):
        if x._shape.rank is not None and x._shape.rank < 2:
            raise ValueError(f"Shape must be at least rank 2 but is rank {x._shape.rank}")
        if diagonal._shape.rank == 0:
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        ends = constant_value(k)
        if x._shape.rank is None or ends is None or diagonal._shape.rank is None:
            return x._shape
        low, high = _static_band(ends)
        inner = 1 if low == high else 2
        if diagonal._shape.rank != x._shape.rank - 2 + inner:
            raise ValueError(
                f"Shape must be rank {x._shape.rank - 2 + inner} but is rank {diagonal._shape.rank}"
            )
        outer = merged(x._shape[:-2], diagonal._shape[:-inner])
        return outer.concatenate(x._shape[-2:])

    def kernel(x, diagonal, k, *, align):
        low, high = _band(k)
        _check_rank("input", x, 2)
        _check_rank("diagonal", diagonal, 1)
        longest = _longest(*x.shape[-2:], low, high)
        count = () if low == high else (high - low + 1,)
        if diagonal.shape != (*x.shape[:-2], *count, longest):
            expected = ",".join(map(str, (*x.shape[:-2], *count, longest)))
            raise _fail(
                "Either first dimensions of diagonal don't match input.shape[:-2], or "
                "diagonal.shape[:-1] is not equal to the longests diagonal in range "
                f"[lower_diag_index:upper_diag_index].\nInput shape: {shape_of(x)}\n"
                f"Diagonal shape: {shape_of(diagonal)}\nExpected diagonal shape: [{expected}]"
            )
        result = x.copy()
        _put(result, diagonal, low, high, align)
        return result

    def gradient(op, grad):
        _, diagonal, k = op.inputs
        align = op.get_attr("align").decode()
        if diagonal._shape.is_fully_defined():
            blank = zeros(diagonal._shape, dtype=grad.dtype)
        else:
            blank = zeros_like(diagonal, dtype=grad.dtype)
        return (
            matrix_set_diag(grad, blank, k=k, align=align),
            matrix_diag_part(grad, k=k, align=align),
            None,
        )


def matrix_set_diag(
    input: Any, diagonal: Any, name: str = "set_diag", k: Any = 0, align: str = "RIGHT_LEFT"
) -> Tensor:
    """`input` with `diagonal` as the k-th diagonal of each matrix, or as a band of them."""
    return MatrixSetDiagV3(input, diagonal, k, align=align, name=name)


@op
class Diag:
    """A tensor of twice the rank whose diagonal is the input."""

    inputs = "diagonal: T"
    outputs = "output: T"
    attrs = _NUMBERS

    def infer(x):
        if x._shape.rank == 0:
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        return x._shape.concatenate(x._shape)

    def kernel(x):
        return np.diag(x.reshape(-1)).reshape(x.shape * 2)

    def gradient(op, grad):
        return diag_part(grad)


@op
class DiagPart:
    """The diagonal of a tensor whose second half of sizes repeats the first."""

    inputs = "input: T"
    outputs = "diagonal: T"
    attrs = _NUMBERS

    def infer(x):
        rank = x._shape.rank
        if rank is None:
            return x._shape
        if not rank or rank % 2:
            raise ValueError(f"Input must have even and non-zero rank, input rank is {rank}")
        halves = x._shape._sizes[: rank // 2], x._shape._sizes[rank // 2 :]
        for n, m in zip(*halves, strict=True):
            if None not in (n, m) and n != m:
                raise ValueError(f"Dimensions must be equal, but are {n} and {m}")
        return merged(x._shape[: rank // 2], x._shape[rank // 2 :])

    def kernel(x):
        half = x.shape[: x.ndim // 2]
        if half != x.shape[x.ndim // 2 :]:
            raise _fail(
                f"Invalid shape {shape_of(x)}: dimensions 0 and {x.ndim // 2} do not match."
            )
        size = int(np.prod(half))
        return x.reshape(size, size).diagonal().reshape(half)

    def gradient(op, grad):
        return diag(grad)


def diag(diagonal: Any, name: str | None = None) -> Tensor:
    """Zeros with `diagonal` where the first half of the indices equals the second."""
    return Diag(diagonal, name=name)


def diag_part(input: Any, name: str | None = None) -> Tensor:
    """The elements for which the first half of the indices equals the second."""
    return DiagPart(input, name=name)


@op
class MatrixBandPart:
    """Matrices without what is more than so many places below or above the diagonal."""

    inputs = "input: T, num_lower: Tindex, num_upper: Tindex"
    outputs = "band: T"
    attrs = "T: type, Tindex: {int32, int64} = DT_INT64"

    def infer(x, num_lower, num_upper):
        return x._shape

    def kernel(x, num_lower, num_upper):
        rows, cols = x.shape[-2:]
        below = np.arange(rows)[:, None] - np.arange(cols)
        if num_lower > rows:
            raise _fail(f"num_lower must be negative or less or equal to number of rows ({rows}) got: {num_lower}")  # fmt: skip  # noqa: E501
        if num_upper > cols:
            raise _fail(f"num_upper must be negative or less or equal to number of columns ({cols}) got: {num_upper}")  # fmt: skip  # noqa: E501
        inside = ((num_lower < 0) | (below <= num_lower)) & (
            (num_upper < 0) | (-below <= num_upper)
        )
        return np.where(inside, x, x.dtype.type(0))

    def gradient(op, grad):
        return matrix_band_part(grad, op.inputs[1], op.inputs[2]), None, None


def matrix_band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Tensor:
    """`input` with zeros more than so many places below or above the diagonal; -1 keeps all."""
    return MatrixBandPart(input, num_lower, num_upper, name=name)


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Matrices with ones on the diagonal and zeros elsewhere."""
    with name_scope(name, default_name="eye", values=[num_rows, num_columns, batch_shape]):
        square = num_columns is None
        batch_shape = [] if batch_shape is None else batch_shape
        num_columns = num_rows if num_columns is None else num_columns
        if isinstance(num_rows, Tensor) or isinstance(num_columns, Tensor):
            size = registry.get("Minimum")(num_rows, num_columns)
        else:
            if not all(isinstance(n, (int, np.integer)) for n in (num_rows, num_columns)):
                raise TypeError(
                    "Arguments `num_rows` and `num_columns` must be positive integer values. "
                    f"Received: num_rows={num_rows}, num_columns={num_columns}"
                )
            square, size = num_rows == num_columns, min(num_rows, num_columns)
        if isinstance(batch_shape, Tensor) or isinstance(size, Tensor):
            batch = convert_to_tensor(batch_shape, name="shape", dtype=dtypes.int32)
            diagonal_shape: Any = concat((batch, [size]), axis=0)
            shape: Any = None if square else concat((batch, [num_rows, num_columns]), axis=0)
        else:
            diagonal_shape = [*batch_shape, size]
            shape = [*batch_shape, num_rows, num_columns]
        diagonal = ones(diagonal_shape, dtype=dtype)
        if square:
            return matrix_diag(diagonal)
        return matrix_set_diag(zeros(shape, dtype=dtype), diagonal)


def trace(x: Any, name: str | None = None) -> Tensor:
    """The sum of each matrix's diagonal."""
    with name_scope(name, "Trace", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return registry.get("Sum")(matrix_diag_part(x), [-1], keep_dims=False, name=scope)
