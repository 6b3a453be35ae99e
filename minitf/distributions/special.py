"""The normal and the Laplace distribution function, their logarithms and inverses.

The inverse is the rational approximation of the Cephes library's ndtri.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import math
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.tensor import Tensor

# Between these, the logarithm of the normal distribution function is computed as it is written.
_BOUNDS = {
    np.float64: (np.array(-20, np.float64), np.array(8, np.float64)),
    np.float32: (np.array(-10, np.float32), np.array(5, np.float32)),
}
_NUMERATORS = (
    (
        *(-1.23916583867381258016e0, 1.39312609387279679503e1, -5.66762857469070293439e1),
        *(9.80010754185999661536e1, -5.99633501014107895267e1),
    ),
    (
        *(-8.57456785154685413611e-4, -3.50424626827848203418e-2, -1.40256079171354495875e-1),
        *(2.18663306850790267539e0, 1.46849561928858024014e1, 4.40805073893200834700e1),
        *(5.71628192246421288162e1, 3.15251094599893866154e1, 4.05544892305962419923e0),
    ),
    (
        *(6.23974539184983293730e-9, 2.65806974686737550832e-6, 3.01581553508235416007e-4),
        *(1.23716634817820021358e-2, 2.01485389549179081538e-1, 1.33303460815807542389e0),
        *(3.93881025292474443415e0, 6.91522889068984211695e0, 3.23774891776946035970e0),
    ),
)
_DENOMINATORS = (
    (
        *(-1.18331621121330003142e0, 1.59056225126211695515e1, -8.20372256168333339912e1),
        *(2.00260212380060660359e2, -2.25462687854119370527e2, 8.63602421390890590575e1),
        *(4.67627912898881538453e0, 1.95448858338141759834e0, 1.0),
    ),
    (
        *(-9.33259480895457427372e-4, -3.80806407691578277194e-2, -1.42182922854787788574e-1),
        *(2.50464946208309415979e0, 1.50425385692907503408e1, 4.13172038254672030440e1),
        *(4.53907635128879210584e1, 1.57799883256466749731e1, 1.0),
    ),
    (
        *(6.79019408009981274425e-9, 2.89247864745380683936e-6, 3.28014464682127739104e-4),
        *(1.34204006088543189037e-2, 2.16236993594496635890e-1, 1.37702099489081330271e0),
        *(3.67983563856160859403e0, 6.02427039364742014255e0, 1.0),
    ),
)


def _as_argument(x: Any, name: str, words: str) -> Tensor:
    x = convert_to_tensor(x, name=name)
    if x.dtype.as_numpy_dtype not in _BOUNDS:
        raise TypeError(f"{name}.dtype={x.dtype} is not {words}")
    return x


_HANDLED = "handled, see docstring for supported types."


def ndtr(x: Any, name: str = "ndtr") -> Tensor:
    """The probability of a standard normal draw up to `x`, a float32 or float64."""
    with name_scope(name, values=[x]):
        return _ndtr(_as_argument(x, "x", _HANDLED))


def _ndtr(x: Tensor) -> Tensor:
    half_sqrt_2 = array.constant(0.5 * np.sqrt(2.0), dtype=x.dtype, name="half_sqrt_2")
    w = x * half_sqrt_2
    z = math.abs(w)
    is_near = math.less(z, half_sqrt_2)
    near = 1.0 + math.erf(w)
    is_right = math.greater(w, 0.0)
    right, left = 2.0 - math.erfc(z), math.erfc(z)
    return 0.5 * array.where_v2(is_near, near, array.where_v2(is_right, right, left))


def ndtri(p: Any, name: str = "ndtri") -> Tensor:
    """Up to where a standard normal draw lies with probability `p`."""
    with name_scope(name, values=[p]):
        return _ndtri(_as_argument(p, "p", _HANDLED))


def _polynomial(x: Tensor, coefficients: Any) -> Tensor:
    """From the constant term on, by Horner's rule."""
    value = array.zeros_like(x)
    for coefficient in np.array(coefficients, x.dtype.as_numpy_dtype)[::-1]:
        value = coefficient + value * x
    return value


def _ratio(x: Tensor, index: int) -> Tensor:
    return _polynomial(x, _NUMERATORS[index]) / _polynomial(x, _DENOMINATORS[index])


def _ndtri(p: Tensor) -> Tensor:
    kind = p.dtype.as_numpy_dtype
    is_upper = p > -np.expm1(-2.0)
    lower = array.where_v2(is_upper, 1.0 - p, p)
    is_empty = lower <= 0.0
    lower = array.where_v2(is_empty, array.fill(array.shape(p), np.array(0.5, kind)), lower)
    w = lower - 0.5
    ww = w**2
    middle = w + w * ww * _ratio(ww, 0)
    middle *= -np.sqrt(2.0 * np.pi)
    z = math.sqrt(-2.0 * math.log(lower))
    first = z - math.log(z) / z
    far = _inverted_ratio(z, 2)
    near = _inverted_ratio(z, 1)
    far, near = first - far, first - near
    is_middle, is_far = lower > np.exp(-2.0), z >= 8.0
    x = array.where_v2(is_middle, middle, array.where_v2(is_far, far, near))
    x = array.where_v2(p > 1.0 - np.exp(-2.0), x, -x)
    infinite = array.constant(np.inf, dtype=p.dtype)
    infinity = array.fill(array.shape(p), infinite)
    is_zero, minus = p <= 0.0, -infinity
    return array.where_v2(is_zero, minus, array.where_v2(p >= 1.0, infinity, x))


def _inverted_ratio(z: Tensor, index: int) -> Tensor:
    above = _polynomial(1.0 / z, _NUMERATORS[index])
    return above / _polynomial(1.0 / z, _DENOMINATORS[index]) / z


def log_ndtr(x: Any, series_order: int = 3, name: str = "log_ndtr") -> Tensor:
    """The logarithm of `ndtr(x)`, far below 0 by the first terms of its asymptotic series."""
    if not isinstance(series_order, int):
        raise TypeError("series_order must be a Python integer.")
    if series_order < 0:
        raise ValueError("series_order must be non-negative.")
    if series_order > 30:
        raise ValueError("series_order must be <= 30.")
    with name_scope(name, values=[x]):
        x = _as_argument(x, "x", "supported.")
        low, high = _BOUNDS[x.dtype.as_numpy_dtype]
        is_high, above = math.greater(x, high), -_ndtr(-x)
        is_middle, middle = math.greater(x, low), math.log(_ndtr(math.maximum(x, low)))
        below = _log_ndtr_below(math.minimum(x, low), series_order)
        return array.where_v2(is_high, above, array.where_v2(is_middle, middle, below))


def _log_ndtr_below(x: Tensor, series_order: int) -> Tensor:
    squared = math.square(x)
    scale = -0.5 * squared - math.log(-x) - 0.5 * np.log(2.0 * np.pi)
    return scale + math.log(_asymptotic_series(x, series_order))


def _asymptotic_series(x: Tensor, series_order: int) -> Any:
    kind = x.dtype.as_numpy_dtype
    if series_order <= 0:
        return np.array(1, kind)
    squared = math.square(x)
    even, odd = array.zeros_like(x), array.zeros_like(x)
    power = squared
    for n in range(1, series_order + 1):
        term = np.array(np.prod(np.arange(2 * n - 1, 1, -2)), kind) / power
        if n % 2:
            odd += term
        else:
            even += term
        power *= squared
    return 1.0 + even - odd


def log_cdf_laplace(x: Any, name: str = "log_cdf_laplace") -> Tensor:
    """The logarithm of the probability of a standard Laplace draw up to `x`."""
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        lower = -np.log(2.0) + x
        upper = math.log1p(-0.5 * math.exp(-math.abs(x)))
        return array.where_v2(x < 0.0, lower, upper)
