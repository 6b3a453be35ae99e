"""Rows for matrix decompositions."""

import numpy as np
from ops.cases import Case

import minitf as tf

TALL = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])

CASES = [
    Case("Qr", lambda x: tf.matmul(*tf.qr(x)), (TALL,), lambda x: x),
    Case("Qr", lambda x: tf.matmul(*tf.qr(x, full_matrices=True)), (TALL,), lambda x: x, order=0),
    Case("Qr", lambda x: tf.qr(x)[0], (TALL,), lambda x: np.linalg.qr(x)[0]),
]
