"""Control flow: order between ops, branches and loops.

Each stands in a file of its own; this one gathers their public functions.
"""

# ruff: noqa: A001, A004, F401
from minitf.ops.asserting import Assert
from minitf.ops.case import case
from minitf.ops.cond import cond
from minitf.ops.functional import foldl, foldr, map_fn, scan
from minitf.ops.grouping import group, no_op, tuple, with_dependencies
from minitf.ops.loop_state import LoopGradients, loops_between, zeros_like_output
from minitf.ops.tensor_array import TensorArray
from minitf.ops.while_loop import while_loop
