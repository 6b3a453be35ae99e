"""tf.linalg: functions of matrices."""

# ruff: noqa: F401 (every name is a public one)
from minitf.lazy import getter
from minitf.ops.clipping import global_norm
from minitf.ops.diagonals import diag as tensor_diag
from minitf.ops.diagonals import diag_part as tensor_diag_part
from minitf.ops.diagonals import eye, trace
from minitf.ops.diagonals import matrix_band_part as band_part
from minitf.ops.diagonals import matrix_diag as diag
from minitf.ops.diagonals import matrix_diag_part as diag_part
from minitf.ops.diagonals import matrix_set_diag as set_diag
from minitf.ops.linalg import matrix_rank, norm, normalize, pinv, qr, svd
from minitf.ops.linalg import self_adjoint_eig as eigh
from minitf.ops.linalg import self_adjoint_eigvals as eigvalsh
from minitf.ops.matmul import matmul, matvec
from minitf.ops.products import cross, einsum, tensordot
from minitf.ops.rearranging import matrix_transpose
from minitf.ops.solving import adjoint, cholesky, cholesky_solve, logdet, slogdet
from minitf.ops.solving import matrix_determinant as det
from minitf.ops.solving import matrix_inverse as inv
from minitf.ops.solving import matrix_solve as solve
from minitf.ops.solving import matrix_solve_ls as lstsq
from minitf.ops.solving import matrix_triangular_solve as triangular_solve

transpose = matrix_transpose
__getattr__ = getter(__name__, {"minitf.nn": "l2_normalize"})
