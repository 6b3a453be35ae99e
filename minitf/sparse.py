"""tf.sparse: functions of sparse tensors."""

# ruff: noqa: F401 (every name is a public one)
from minitf.lazy import getter
from minitf.ops.sparse import from_dense
from minitf.ops.sparse import sparse_placeholder as placeholder
from minitf.ops.sparse import sparse_reorder as reorder
from minitf.ops.sparse import sparse_retain as retain
from minitf.ops.sparse import sparse_tensor_dense_matmul as sparse_dense_matmul
from minitf.ops.sparse import sparse_tensor_to_dense as to_dense
from minitf.ops.sparse import sparse_transpose as transpose
from minitf.ops.sparse_parts import sparse_mask as mask
from minitf.ops.sparse_parts import sparse_slice as slice
from minitf.ops.sparse_parts import sparse_softmax as softmax
from minitf.ops.sparse_parts import sparse_split as split
from minitf.ops.sparse_parts import sparse_to_indicator as to_indicator
from minitf.ops.sparse_rows import sparse_concat as concat
from minitf.ops.sparse_rows import sparse_fill_empty_rows as fill_empty_rows
from minitf.ops.sparse_rows import sparse_reshape as reshape
from minitf.ops.sparse_segments import sparse_segment_mean as segment_mean
from minitf.ops.sparse_segments import sparse_segment_sqrt_n as segment_sqrt_n
from minitf.ops.sparse_segments import sparse_segment_sum as segment_sum
from minitf.ops.sparse_sums import sparse_add as add
from minitf.ops.sparse_sums import sparse_maximum as maximum
from minitf.ops.sparse_sums import sparse_minimum as minimum
from minitf.ops.sparse_sums import sparse_reduce_max as reduce_max
from minitf.ops.sparse_sums import sparse_reduce_max_sparse as reduce_max_sparse
from minitf.ops.sparse_sums import sparse_reduce_sum as reduce_sum
from minitf.ops.sparse_sums import sparse_reduce_sum_sparse as reduce_sum_sparse
from minitf.sparse_tensor import SparseTensor

matmul = sparse_dense_matmul
__getattr__ = getter(__name__, {})
