"""Every array op: constants, shapes, joining, cutting, indexing, choosing and rearranging.

The ops stand in the files named here, each whole; this one gathers their public functions.
"""

# ruff: noqa: F401
from minitf.ops.blocks import (
    batch_to_space,
    batch_to_space_nd,
    depth_to_space,
    required_space_to_batch_paddings,
    space_to_batch,
    space_to_batch_nd,
    space_to_depth,
)
from minitf.ops.constants import (
    bitcast,
    check_numerics,
    constant,
    ensure_shape,
    guarantee_const,
    identity,
    identity_n,
    placeholder,
    placeholder_with_default,
    stop_gradient,
)
from minitf.ops.cutting import split, unstack
from minitf.ops.diagonals import (
    diag,
    diag_part,
    eye,
    matrix_band_part,
    matrix_diag,
    matrix_diag_part,
    matrix_set_diag,
    trace,
)
from minitf.ops.filling import LinSpace, Range, fill, ones, ones_like, range_of, zeros, zeros_like
from minitf.ops.gathering import batch_gather, gather, gather_nd, meshgrid
from minitf.ops.indexing import newaxis
from minitf.ops.joining import concat, parallel_stack, stack
from minitf.ops.padding import (
    BroadcastGradientArgs,
    broadcast_dynamic_shape,
    broadcast_static_shape,
    broadcast_to,
    pad,
    tile,
)
from minitf.ops.partitions import dynamic_partition, dynamic_stitch, parallel_stitch
from minitf.ops.rearranging import (
    invert_permutation,
    matrix_transpose,
    reverse,
    reverse_sequence,
    roll,
    transpose,
)
from minitf.ops.scattering import (
    scatter_nd,
    sparse_to_dense,
    tensor_scatter_add,
    tensor_scatter_max,
    tensor_scatter_min,
    tensor_scatter_sub,
    tensor_scatter_update,
)
from minitf.ops.searching import repeat, searchsorted, setdiff1d, unique, unique_with_counts
from minitf.ops.selecting import boolean_mask, one_hot, sequence_mask, where, where_v2
from minitf.ops.shapes import expand_dims, rank, reshape, shape, shape_n, size, squeeze
from minitf.ops.slicing import slice_of, strided_slice
from minitf.ops.spacing import linspace

# Python's own names, which TensorFlow uses too.
range, slice = range_of, slice_of
# Names that came later, or stayed, for the same functions.
reverse_v2, lin_space = reverse, linspace
tensor_diag, tensor_diag_part = diag, diag_part
tensor_scatter_nd_update, tensor_scatter_nd_add = tensor_scatter_update, tensor_scatter_add
tensor_scatter_nd_sub = tensor_scatter_sub
tensor_scatter_nd_max, tensor_scatter_nd_min = tensor_scatter_max, tensor_scatter_min
