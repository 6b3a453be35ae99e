"""tf.manip: functions that move a tensor's elements."""

# ruff: noqa: F401 (every name is a public one)
from minitf.lazy import getter
from minitf.ops.blocks import batch_to_space_nd, space_to_batch_nd
from minitf.ops.gathering import gather_nd
from minitf.ops.padding import tile
from minitf.ops.rearranging import reverse, roll
from minitf.ops.scattering import scatter_nd
from minitf.ops.shapes import reshape

__getattr__ = getter(__name__, {})
