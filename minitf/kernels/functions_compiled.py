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
    """The whole number n nearest to x / log(2), as an integer too, and exp(x) / 2**n - 1."""
    # The sum with 1.5 * 2**23 has no bits below one: it rounds, and its low bits count.
    shifted = x * _f(1.44269504) + _f(12582912.0)
    power = _i(_bits_of_float(shifted) - _i(0x4B400000))
    n = shifted - _f(12582912.0)
    r = x - n * _f(0.693359375)
    r = r + n * _f(2.12194440e-4)
    square = r * r  # the sum in pairs: the processor works on several at once
    p = (_f(1.9875691500e-4) * r + _f(1.3981999507e-3)) * square
    p = (p + (_f(8.3334519073e-3) * r + _f(4.1665795894e-2))) * square
    p = p + (_f(1.6666665459e-1) * r + _f(5.0000001201e-1))
    return power, p * square + r


@njit(inline="always")
def _power_of_two(n):
    """2**n for n from -126 to 127; infinity for 128."""
    return _float_of_bits(_i((n + _i(127)) << _i(23)))


@njit(inline="always")
def exp(x):
    """e to the power x; NaN stays NaN."""
    y = _f(-104.0) if x < _f(-104.0) else x
    y = _f(88.8) if y > _f(88.8) else y
    power, rest = _split_power(y)
    # 2**n in two factors, so that results near the ends of the range come out right.
    half = _i(power >> _i(1))
    return (rest + _f(1)) * _power_of_two(half) * _power_of_two(_i(power - half))


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
def log1p(x):
    """log(1 + x), precise where x is small, too (Kahan's way)."""
    y = _f(1) + x
    rounded = y - _f(1)
    result = log(y) * (x / rounded)
    return x if (rounded == _f(0)) | (x == _f(np.inf)) else result


@njit(inline="always")
def tanh(x):
    """The hyperbolic tangent, by way of exp(2 |x|) - 1."""
    y = abs(x + x)
    power, rest = _split_power(_f(20) if y > _f(20) else y)  # from there on it is 1
    scale = _power_of_two(power)
    less_one = rest * scale + (scale - _f(1))
    return math.copysign(less_one / (less_one + _f(2)), x)


@njit(inline="always")
def sigmoid(x):
    """1 / (1 + exp(-x)); 0 where that would be less than the least normal number."""
    y = _f(88.8) if x < _f(-88.8) else -x
    y = _f(-87.0) if y < _f(-87.0) else y  # from there on it is 1
    power, rest = _split_power(y)
    return _f(1) / (_f(1) + (rest + _f(1)) * _power_of_two(power))


@njit(inline="always")
def sqrt(x):
    """The square root."""
    return _f(math.sqrt(x))
