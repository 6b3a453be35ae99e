"""Matrix decompositions."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.op import op
from minitf.shape import as_shape, unknown_shape
from minitf.tensor import Tensor


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
        work = x.astype(np.float32) if x.dtype == np.float16 else x
        q, r = np.linalg.qr(work, "complete" if full_matrices else "reduced")
        return q.astype(x.dtype, copy=False), r.astype(x.dtype, copy=False)

    gradient = None


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> list[Tensor]:
    """QR decomposition of each inner matrix, as a list [q, r]."""
    return Qr(input, full_matrices=full_matrices, name=name)
