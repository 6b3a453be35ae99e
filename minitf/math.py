"""tf.math: functions of numbers."""

# ruff: noqa: F401 (every name is a public one)
from minitf.lazy import getter
from minitf.ops.arithmetic import (
    accumulate_n,
    add,
    add_n,
    maximum,
    minimum,
    multiply,
    multiply_no_nan,
    negative,
    scalar_mul,
    squared_difference,
    subtract,
)
from minitf.ops.bessel import bessel_i0, bessel_i0e, bessel_i1, bessel_i1e
from minitf.ops.casts import conj
from minitf.ops.checks import is_non_decreasing, is_strictly_increasing
from minitf.ops.complex_numbers import abs, angle, imag, real, sign
from minitf.ops.confusion import confusion_matrix
from minitf.ops.counting import bincount
from minitf.ops.cumulative import cumprod, cumsum, cumulative_logsumexp
from minitf.ops.division import div_no_nan as divide_no_nan
from minitf.ops.division import divide, floordiv, floormod, mod, reciprocal_no_nan, truediv
from minitf.ops.elementwise import (
    ceil,
    exp,
    expm1,
    floor,
    log,
    log1p,
    reciprocal,
    rint,
    round,
    rsqrt,
    sigmoid,
    sqrt,
    square,
    tanh,
)
from minitf.ops.logic import (
    equal,
    greater,
    greater_equal,
    is_finite,
    is_inf,
    is_nan,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
)
from minitf.ops.math import count_nonzero, polyval, reduce_logsumexp, reduce_std, reduce_variance
from minitf.ops.positions import argmax, argmin
from minitf.ops.powers import nextafter, pow, xdivy, xlog1py, xlogy
from minitf.ops.rearranging import invert_permutation
from minitf.ops.reductions import (
    reduce_all,
    reduce_any,
    reduce_euclidean_norm,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from minitf.ops.segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_prod,
    segment_sum,
    unsorted_segment_max,
    unsorted_segment_mean,
    unsorted_segment_min,
    unsorted_segment_prod,
    unsorted_segment_sqrt_n,
    unsorted_segment_sum,
)
from minitf.ops.special import (
    betainc,
    digamma,
    erf,
    erfc,
    erfcinv,
    erfinv,
    igamma,
    igammac,
    lbeta,
    lgamma,
    ndtri,
    polygamma,
    zeta,
)
from minitf.ops.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    sin,
    sinh,
    tan,
)

# Functions of neural networks that have a second home here.
__getattr__ = getter(
    __name__,
    {
        "minitf.nn": "in_top_k l2_normalize log_softmax softmax softplus softsign top_k "
        "zero_fraction",
        "minitf.ops.activations": "log_sigmoid",
    },
)
