"""tf.debugging: checks of values, ranks and types."""

# ruff: noqa: F401
from minitf.ops.asserting import Assert
from minitf.ops.checks import (
    assert_equal,
    assert_greater,
    assert_greater_equal,
    assert_less,
    assert_less_equal,
    assert_near,
    assert_negative,
    assert_non_negative,
    assert_non_positive,
    assert_none_equal,
    assert_positive,
    is_non_decreasing,
    is_numeric_tensor,
    is_strictly_increasing,
)
from minitf.ops.checks import verify_tensor_all_finite as assert_all_finite
from minitf.ops.constants import check_numerics
from minitf.ops.logic import is_finite, is_inf, is_nan
from minitf.ops.shape_checks import (
    assert_integer,
    assert_proper_iterable,
    assert_rank,
    assert_rank_at_least,
    assert_rank_in,
    assert_same_float_dtype,
    assert_scalar,
    assert_type,
)
from minitf.ops.shape_matching import assert_shapes
