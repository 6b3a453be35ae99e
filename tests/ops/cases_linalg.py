"""Rows for products and decompositions of matrices."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops.matmul import BatchMatMul
from minitf.ops.solving import MatrixSolveLs

random = np.random.default_rng(2)
A = random.uniform(-1, 1, (2, 3))
B = random.uniform(-1, 1, (3, 4))
BATCH = random.uniform(-1, 1, (2, 2, 3))
TALL = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
SQUARE = np.array([[4.0, 1.0, 0.5], [1.5, 3.0, 0.2], [-0.5, 0.2, 2.0]])
SYMMETRIC = SQUARE + SQUARE.T
RIGHT = random.uniform(-1, 1, (3, 2))


def symmetric(x):
    """So that finite differences keep to the matrices that the op takes."""
    return x + tf.matrix_transpose(x)


PRODUCTS = [
    Case("MatMul", tf.matmul, (A, B), np.matmul),
    Case("MatMul", lambda a, b: tf.matmul(a, b, transpose_a=True), (A.T, B), lambda a, b: a.T @ b),
    Case("MatMul", lambda a, b: tf.matmul(a, b, adjoint_b=True), (A, B.T), lambda a, b: a @ b.T),
    Case("MatMul", lambda a, b: tf.matmul(a, b, True, True), (A.T, B.T), lambda a, b: a.T @ b.T),
    Case(
        "MatMul", tf.matmul, (np.array([[1, 2]], np.int32), np.array([[3], [4]], np.int32)), [[11]]
    ),
    Case("MatMul", tf.matmul, (A.astype(np.float16), B.astype(np.float16)), np.matmul, rtol=2e-3),
    Case("BatchMatMulV2", tf.matmul, (BATCH, B), np.matmul),
    Case(
        "BatchMatMulV2",
        lambda a, b: tf.matmul(a, b, transpose_a=True, adjoint_b=True),
        (BATCH, BATCH.swapaxes(1, 2)),
        lambda a, b: a.swapaxes(1, 2) @ b.swapaxes(1, 2),
    ),
    Case("BatchMatMul", BatchMatMul, (BATCH, BATCH.swapaxes(1, 2)), np.matmul),
    Case(
        "BatchMatMulV3",
        lambda a, b: tf.matmul(a, b, output_type=tf.float64),
        (A.astype(np.float32), B.astype(np.float32)),
        lambda a, b: a.astype(np.float64) @ b,
    ),
    Case(
        "SparseMatMul",
        lambda a, b: tf.matmul(a, b, transpose_b=True, a_is_sparse=True),
        (A.astype(np.float32), B.T.astype(np.float32)),
        lambda a, b: a @ b.T,
    ),
    Case("BatchMatMulV2", tf.linalg.matvec, (BATCH, A), lambda a, x: np.einsum("bij,bj->bi", a, x)),
    Case(
        "MatMul", lambda a, b: tf.tensordot(a, b, 1), (BATCH, B), lambda a, b: np.tensordot(a, b, 1)
    ),
    Case(
        "MatMul",
        lambda a, b: tf.tensordot(a, b, [[0], [-1]]),
        (BATCH, A.T),
        lambda a, b: np.tensordot(a, b, [[0], [1]]),
    ),
    Case("Einsum", lambda a, b: tf.einsum("ij,jk->ik", a, b), (A, B), np.matmul),
    Case("Einsum", lambda a, b: tf.einsum("ij,jk", a, b), (A, B), np.matmul),
    Case("Einsum", lambda a, b: tf.einsum("ij,jk->k", a, b), (A, B), lambda a, b: (a @ b).sum(0)),
    Case("Einsum", lambda a, b: tf.einsum("...ij,jk->...ik", a, b), (BATCH, B), np.matmul),
    Case("Einsum", lambda a: tf.einsum("ij->ji", a), (A,), np.transpose),
    Case("Einsum", lambda a: tf.einsum("ij->j", a), (A,), lambda a: a.sum(0)),
    Case("Einsum", lambda a: tf.einsum("ii->i", a), (SQUARE,), np.diag),
    Case("Einsum", lambda a: tf.einsum("ii", a), (SQUARE,), np.trace),
    Case(
        "Einsum",
        lambda a, b, c: tf.einsum("ij,jk,kl->il", a, b, c),
        (A, B, B.T),
        lambda a, b, c: a @ b @ c,
        run_unknown=False,
    ),
    Case("Cross", tf.cross, (SQUARE, SYMMETRIC), np.cross),
]

SOLVING = [
    Case("MatrixInverse", tf.matrix_inverse, (SQUARE,), np.linalg.inv),
    Case(
        "MatrixInverse",
        lambda x: tf.matrix_inverse(x, adjoint=True),
        (SQUARE,),
        lambda x: np.linalg.inv(x.T),
    ),
    Case("MatrixDeterminant", tf.matrix_determinant, (SQUARE,), np.linalg.det),
    Case(
        "LogMatrixDeterminant",
        lambda x: tf.linalg.slogdet(x)[1],
        (SQUARE,),
        lambda x: np.log(np.linalg.det(x)),
    ),
    Case(
        "Cholesky Log",
        lambda x: tf.linalg.logdet(symmetric(x)),
        (SQUARE,),
        lambda x: np.log(np.linalg.det(x + x.T)),
        order=1,
    ),
    Case("MatrixSolve", tf.matrix_solve, (SQUARE, RIGHT), np.linalg.solve),
    Case(
        "MatrixSolve",
        lambda a, b: tf.matrix_solve(a, b, adjoint=True),
        (SQUARE, RIGHT),
        lambda a, b: np.linalg.solve(a.T, b),
    ),
    Case(
        "MatrixTriangularSolve",
        tf.matrix_triangular_solve,
        (SQUARE, RIGHT),
        lambda a, b: np.linalg.solve(np.tril(a), b),
    ),
    Case(
        "MatrixTriangularSolve",
        lambda a, b: tf.matrix_triangular_solve(a, b, lower=False, adjoint=True),
        (SQUARE, RIGHT),
        lambda a, b: np.linalg.solve(np.triu(a).T, b),
    ),
    Case(
        "Cholesky",
        lambda x: tf.cholesky(symmetric(x)),
        (SQUARE,),
        lambda x: np.linalg.cholesky(x + x.T),
    ),
    Case(
        "MatrixTriangularSolve",
        lambda b: tf.cholesky_solve(tf.cholesky(SYMMETRIC), b),
        (RIGHT,),
        lambda b: np.linalg.solve(SYMMETRIC, b),
    ),
    Case(
        "MatrixSolveLs",
        lambda a, b: MatrixSolveLs(a, b, 0.0),
        (TALL, RIGHT),
        lambda a, b: np.linalg.lstsq(a, b)[0],
        run_unknown=False,
        order=1,
    ),
    Case(
        "MatrixSolveLs",
        lambda a, b: MatrixSolveLs(a, b, 0.5),
        (TALL, RIGHT),
        lambda a, b: np.linalg.solve(a.T @ a + 0.5 * np.eye(2), a.T @ b),
        run_unknown=False,
        order=1,
    ),
    Case(
        "Cholesky",
        lambda a, b: tf.matrix_solve_ls(a, b),
        (TALL, RIGHT),
        lambda a, b: np.linalg.lstsq(a, b)[0],
        run_unknown=False,
    ),
]

DECOMPOSITIONS = [
    Case("Qr", lambda x: tf.matmul(*tf.qr(x)), (TALL,), lambda x: x, order=0),
    Case("Qr", lambda x: tf.matmul(*tf.qr(x, full_matrices=True)), (TALL,), lambda x: x, order=0),
    Case("Qr", lambda x: tf.qr(x)[0], (TALL,), lambda x: np.linalg.qr(x)[0], run_unknown=False),
    Case(
        "Qr", lambda x: tf.qr(x)[1], (A,), lambda x: np.linalg.qr(x)[1], run_unknown=False, order=1
    ),
    Case(
        "SelfAdjointEigV2",
        lambda x: tf.self_adjoint_eig(symmetric(x))[0],
        (SQUARE,),
        lambda x: np.linalg.eigh(x + x.T)[0],
    ),
    Case(
        "SelfAdjointEigV2",
        lambda x: tf.self_adjoint_eigvals(symmetric(x)),
        (SQUARE,),
        lambda x: np.linalg.eigvalsh(x + x.T),
        order=1,
    ),
    Case("Svd", lambda x: tf.svd(x, compute_uv=False), (TALL,), lambda x: np.linalg.svd(x)[1]),
    Case("Svd", lambda x: tf.svd(x)[0], (A,), lambda x: np.linalg.svd(x)[1], run_unknown=False),
    Case(
        "Svd",
        lambda x: (lambda s, u, v: tf.matmul(u * s, v, adjoint_b=True))(*tf.svd(x)),
        (TALL,),
        lambda x: x,
        order=1,
        run_unknown=False,
    ),
    Case(
        "Svd",
        lambda x: tf.abs(tf.svd(x)[1]),
        (SQUARE,),
        lambda x: np.abs(np.linalg.svd(x)[0]),
        order=1,
        run_unknown=False,
    ),
    Case("Sum Sqrt", lambda x: tf.norm(x, axis=1), (TALL,), lambda x: np.linalg.norm(x, axis=1)),
    Case("Max", lambda x: tf.norm(x, np.inf, axis=0, keepdims=True), (TALL,), [[5.0, 7.0]]),
    Case("Pow", lambda x: tf.norm(x, ord=3), (TALL,), lambda x: (x**3).sum() ** (1 / 3)),
]

CASES = PRODUCTS + SOLVING + DECOMPOSITIONS
