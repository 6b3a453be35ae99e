"""Reductions of one row of float32, in SIMD instructions, for the loops that rowwise.py writes."""

import numpy as np

from minitf.kernels.functions_compiled import _bits_of_float, _float_of_bits
from minitf.kernels.jit import jit

__all__ = ["largest", "smallest", "total"]

_i = np.int32
_PART = 4096  # elements added up in float32 before their sum joins the others in float64


@jit(reassociate=True)
def total(row):
    """The sum; long rows lose no more digits than short ones."""
    whole = np.float64(0)
    for first in range(0, row.size, _PART):
        part = np.float32(0)
        for j in range(first, min(first + _PART, row.size)):
            part += row[j]
        whole += part
    return np.float32(whole)


@jit
def _order(bits):
    """Whole numbers in the order of the floats whose bits these are; its own inverse."""
    return _i(bits ^ ((bits >> _i(31)) & _i(0x7FFFFFFF)))


@jit
def largest(row):
    """The maximum; NaN if there is one, -inf of nothing."""
    best, odd = _order(_bits_of_float(np.float32(-np.inf))), False
    for j in range(row.size):  # no branch for NaN, which would keep SIMD away
        best = max(best, _order(_bits_of_float(row[j])))
        odd |= row[j] != row[j]
    return np.float32(np.nan) if odd else _float_of_bits(_order(best))


@jit
def smallest(row):
    """The minimum; NaN if there is one, inf of nothing."""
    best, odd = _order(_bits_of_float(np.float32(np.inf))), False
    for j in range(row.size):
        best = min(best, _order(_bits_of_float(row[j])))
        odd |= row[j] != row[j]
    return np.float32(np.nan) if odd else _float_of_bits(_order(best))
