"""Elementary functions of one float32 that the compiler can turn into SIMD code.

`math.exp` in Numba calls the C library for each element; these are short polynomials instead, good
to about one unit in the last place. Coefficients and range reductions are those of Moshier's
Cephes library (expf, logf, tanhf).
"""

import math

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

_f = np.float32
_i = np.int32


@intrinsic
def _float_of_bits(typing_context, bits):
    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(types.float32))

    return types.float32(types.int32), generate


@intrinsic
def _bits_of_float(typing_context, x):
    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(types.int32))

    return types.int32(types.float32), generate


@njit(inline="always")
def _split_power(x):
    """The whole number n nearest to x / log(2), as an integer too, and exp(x) / 2**n."""
    # The sum with 1.5 * 2**23 has no bits below one: it rounds, and its low bits count.
    shifted = x * _f(1.44269504) + _f(12582912.0)
    power = _i(_bits_of_float(shifted) - _i(0x4B400000))
    n = shifted - _f(12582912.0)
    r = x - n * _f(0.693359375)
    r = r + n * _f(2.12194440e-4)
    p = _f(1.9875691500e-4)
    p = p * r + _f(1.3981999507e-3)
    p = p * r + _f(8.3334519073e-3)
    p = p * r + _f(4.1665795894e-2)
    p = p * r + _f(1.6666665459e-1)
    p = p * r + _f(5.0000001201e-1)
    return power, p * r * r + r + _f(1)


@njit(inline="always")
def exp(x):
    """e to the power x; NaN stays NaN."""
    y = _f(-104.0) if x < _f(-104.0) else x
    y = _f(88.8) if y > _f(88.8) else y
    power, rest = _split_power(y)
    # 2**n in two factors, so that results near the ends of the range come out right.
    half = _i(power >> _i(1))
    first = _float_of_bits(_i((half + _i(127)) << _i(23)))
    second = _float_of_bits(_i((_i(power - half) + _i(127)) << _i(23)))
    return rest * first * second


@njit(inline="always")
def log(x):
    """The natural logarithm; -inf at 0, NaN below."""
    tiny = x < _f(1.17549435e-38)
    y = x * _f(8388608.0) if tiny else x
    bits = _bits_of_float(y)
    exponent = _i(_i(bits >> _i(23)) - _i(126))
    m = _float_of_bits(_i((bits & _i(0x007FFFFF)) | _i(0x3F000000)))
    low = m < _f(0.707106781186547524)
    e = _f(exponent) - (_f(1) if low else _f(0)) - (_f(23) if tiny else _f(0))
    m = (m + m if low else m) - _f(1)
    z = m * m
    p = _f(7.0376836292e-2)
    p = p * m + _f(-1.1514610310e-1)
    p = p * m + _f(1.1676998740e-1)
    p = p * m + _f(-1.2420140846e-1)
    p = p * m + _f(1.4249322787e-1)
    p = p * m + _f(-1.6668057665e-1)
    p = p * m + _f(2.0000714765e-1)
    p = p * m + _f(-2.4999993993e-1)
    p = p * m + _f(3.3333331174e-1)
    tail = p * m * z + e * _f(-2.12194440e-4) - _f(0.5) * z
    result = m + tail + e * _f(0.693359375)
    result = x if x == _f(np.inf) else result
    result = _f(-np.inf) if x == _f(0) else result
    return _f(np.nan) if (x < _f(0)) | (x != x) else result


@njit(inline="always")
def tanh(x):
    """The hyperbolic tangent."""
    a = abs(x)
    power, rest = _split_power(_f(20) if a > _f(10) else a + a)  # from 10 on it is 1
    large = _f(1) - _f(2) / (rest * _float_of_bits(_i((power + _i(127)) << _i(23))) + _f(1))
    large = -large if x < _f(0) else large
    s = x * x
    p = _f(-5.70498872745e-3)
    p = p * s + _f(2.06390887954e-2)
    p = p * s + _f(-5.37397155531e-2)
    p = p * s + _f(1.33314422036e-1)
    p = p * s + _f(-3.33332819422e-1)
    return p * s * x + x if a < _f(0.625) else large


@njit(inline="always")
def sigmoid(x):
    """1 / (1 + exp(-x)), computed from the side that cannot overflow."""
    e = exp(-abs(x))
    return (e if x < _f(0) else _f(1)) / (_f(1) + e)


@njit(inline="always")
def sqrt(x):
    """The square root."""
    return _f(math.sqrt(x))
