"""Control flow: order between ops, branches, loops, checks, and Python functions as ops.

Each stands in a file of its own; this one gathers their public functions.
"""

# ruff: noqa: F401
from minitf.ops.asserting import Assert
from minitf.ops.case import case
from minitf.ops.checks import (
    add_check_numerics_ops,
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
    verify_tensor_all_finite,
)
from minitf.ops.cond import cond
from minitf.ops.functional import foldl, foldr, map_fn, scan
from minitf.ops.grouping import group, no_op, tuple, with_dependencies
from minitf.ops.loop_state import LoopGradients, loops_between, zeros_like_output
from minitf.ops.printing import print_once as Print
from minitf.ops.printing import print_v2 as print
from minitf.ops.script import numpy_function, py_func
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
from minitf.ops.switch_case import switch_case
from minitf.ops.tensor_array import TensorArray
from minitf.ops.while_loop import while_loop
