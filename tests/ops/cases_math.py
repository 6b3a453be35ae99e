"""Rows for arithmetic: see `cases.py` for what a row says."""

import numpy as np

import minitf as tf
from ops.cases import Case

f32 = np.float32
X = np.array([[0.5, -1.25, 2.0], [3.5, -0.75, 1.5]])
Y = np.array([1.5, 2.5, -0.5])

CASES = [
    Case("AddV2", tf.add, (X, Y), np.add),
]
