"""The compiled half of softmax.py, for float32: each row stays in the first cache."""

import math

import numpy as np

from minitf.kernels.functions_compiled import exp
from minitf.kernels.jit import jit

f32 = np.float32


@jit
def exponentials(x, top, out):
    for j in range(x.size):
        out[j] = exp(x[j] - top)


@jit(reassociate=True)
def add_up(row):
    # Apart from the exponentials, whose rounding trick must not be reassociated.
    total = f32(0)
    for j in range(row.size):
        total += row[j]
    return total


@jit(reassociate=True)
def weigh(x, top, labels, normalizer):
    total = f32(0)
    for j in range(x.size):
        total += labels[j] * (normalizer - (x[j] - top))
    return total


@jit
def softmax(x, top, out, start, stop):
    for i in range(start, stop):
        row = out[i]
        exponentials(x[i], top[i], row)
        scale = f32(1) / add_up(row)
        for j in range(row.size):
            row[j] *= scale


@jit
def log_softmax(x, top, out, start, stop):
    for i in range(start, stop):
        row, before = out[i], x[i]
        exponentials(before, top[i], row)
        normalizer = f32(math.log(add_up(row)))
        for j in range(row.size):
            row[j] = before[j] - top[i] - normalizer


@jit
def cross_entropy(x, top, labels, loss, grad, start, stop):
    for i in range(start, stop):
        row, wanted = grad[i], labels[i]
        exponentials(x[i], top[i], row)
        total = add_up(row)
        loss[i] = weigh(x[i], top[i], wanted, f32(math.log(total)))
        scale = f32(1) / total
        for j in range(row.size):
            row[j] = row[j] * scale - wanted[j]


@jit
def sparse_cross_entropy(x, top, labels, loss, grad, start, stop):
    for i in range(start, stop):
        row = grad[i]
        exponentials(x[i], top[i], row)
        total = add_up(row)
        loss[i] = f32(math.log(total)) - (x[i, labels[i]] - top[i])
        scale = f32(1) / total
        for j in range(row.size):
            row[j] *= scale
        row[labels[i]] -= f32(1)
