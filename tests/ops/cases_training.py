"""Rows for the optimizers' ops: each updates a variable once, by the formula written out here."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops import training

VAR = np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]])
SLOTS = np.array([[0.4, 0.3], [0.2, 0.6], [0.1, 0.5]])
GRAD = np.array([[0.1, -0.4], [2.0, 0.3], [-1.5, 0.7]])
ROWS = np.array([2, 0])
RATE, RHO, MOMENTUM, EPSILON, L1, L2, POWER = 0.1, 0.9, 0.8, 0.01, 0.05, 0.2, -0.5


def numbers(*values):
    return [tf.constant(value, tf.float64) for value in values]


def updated(op, slots, before, after=(), **attrs):
    """A build function: variable and slots take their values, then `op` changes them.

    The op's inputs are the references, the numbers `before`, the gradient (and rows), and the
    numbers `after`.
    """

    def build(*grads):
        variables = [tf.Variable(VAR)] + [tf.Variable(SLOTS * (i + 1)) for i in range(slots)]
        with tf.control_dependencies([v.initializer for v in variables]):
            references = [v._ref() for v in variables]
            return op(*references, *numbers(*before), *grads, *numbers(*after), **attrs)

    return build


def slot(i, rows=...):
    return (SLOTS * (i + 1))[rows]


def descent(grad, rows=...):
    return VAR[rows] - RATE * grad


def heavy_ball(grad, rows=...):
    return VAR[rows] - RATE * (slot(0, rows) * MOMENTUM + grad)


def nesterov(grad):
    accum = slot(0) * MOMENTUM + grad
    return VAR - RATE * (grad + accum * MOMENTUM)


def adagrad(grad, rows=...):
    return VAR[rows] - RATE * grad / np.sqrt(slot(0, rows) + grad**2)


def adadelta(grad, rows=...):
    accum = RHO * slot(0, rows) + (1 - RHO) * grad**2
    update = np.sqrt(slot(1, rows) + EPSILON) / np.sqrt(accum + EPSILON) * grad
    return VAR[rows] - RATE * update


def rms_prop(grad, rows=...):
    ms = RHO * slot(0, rows) + (1 - RHO) * grad**2
    return VAR[rows] - (MOMENTUM * slot(1, rows) + RATE * grad / np.sqrt(ms + EPSILON))


def centered(grad, rows=...):
    mg = RHO * slot(0, rows) + (1 - RHO) * grad
    ms = RHO * slot(1, rows) + (1 - RHO) * grad**2
    return VAR[rows] - (MOMENTUM * slot(2, rows) + RATE * grad / np.sqrt(ms - mg**2 + EPSILON))


def adam(grad):
    rate = RATE * np.sqrt(1 - 0.5) / (1 - 0.7)
    m, v = 0.7 * slot(0) + 0.3 * grad, 0.5 * slot(1) + 0.5 * grad**2
    return VAR - rate * m / (np.sqrt(v) + EPSILON)


def ftrl(grad, rows=..., shrinkage=0.0):
    var, accum, linear = VAR[rows], slot(0, rows), slot(1, rows)
    new = accum + grad**2
    shrunk = grad + 2 * shrinkage * var
    linear = linear + shrunk - (new**-POWER - accum**-POWER) / RATE * var
    quadratic = new**-POWER / RATE + 2 * L2
    return np.where(np.abs(linear) > L1, (np.sign(linear) * L1 - linear) / quadratic, 0.0)


def proximal(grad, rows=..., rate=RATE):
    prox = VAR[rows] - rate * grad
    return np.sign(prox) * np.maximum(np.abs(prox) - rate * L1, 0) / (1 + rate * L2)


def proximal_adagrad(grad, rows=...):
    return proximal(grad, rows, RATE / np.sqrt(slot(0, rows) + grad**2))


def on_rows(rule, **options):
    """The variable after `rule` has changed some of its rows."""

    def want(grad, rows):
        result = VAR.copy()
        result[rows] = rule(grad, rows, **options)
        return result

    return want


def dense(name, build, want):
    return Case(name, build, (GRAD,), want, order=0)


def sparse(name, build, want):
    return Case(name, build, (GRAD[:2], ROWS), want, order=0)


FTRL = (RATE, L1, L2, POWER)
FTRL_2 = (RATE, L1, L2, 0.3, POWER)
RMS = (RATE, RHO, MOMENTUM, EPSILON)
t = training

CASES = [
    dense("ApplyGradientDescent", updated(t.ApplyGradientDescent, 0, (RATE,)), descent),
    dense("ApplyMomentum", updated(t.ApplyMomentum, 1, (RATE,), (MOMENTUM,)), heavy_ball),
    dense(
        "ApplyMomentum",
        updated(t.ApplyMomentum, 1, (RATE,), (MOMENTUM,), use_nesterov=True),
        nesterov,
    ),
    sparse(
        "SparseApplyMomentum",
        updated(t.SparseApplyMomentum, 1, (RATE,), (MOMENTUM,)),
        on_rows(heavy_ball),
    ),
    dense("ApplyAdagrad", updated(t.ApplyAdagrad, 1, (RATE,)), adagrad),
    sparse("SparseApplyAdagrad", updated(t.SparseApplyAdagrad, 1, (RATE,)), on_rows(adagrad)),
    dense("ApplyAdadelta", updated(t.ApplyAdadelta, 2, (RATE, RHO, EPSILON)), adadelta),
    sparse(
        "SparseApplyAdadelta",
        updated(t.SparseApplyAdadelta, 2, (RATE, RHO, EPSILON)),
        on_rows(adadelta),
    ),
    dense("ApplyRMSProp", updated(t.ApplyRMSProp, 2, RMS), rms_prop),
    sparse("SparseApplyRMSProp", updated(t.SparseApplyRMSProp, 2, RMS), on_rows(rms_prop)),
    dense("ApplyCenteredRMSProp", updated(t.ApplyCenteredRMSProp, 3, RMS), centered),
    sparse(
        "SparseApplyCenteredRMSProp",
        updated(t.SparseApplyCenteredRMSProp, 3, RMS),
        on_rows(centered),
    ),
    dense("ApplyAdam", updated(t.ApplyAdam, 2, (0.7, 0.5, RATE, 0.7, 0.5, EPSILON)), adam),
    dense("ApplyFtrl", updated(t.ApplyFtrl, 2, (), FTRL), ftrl),
    sparse("SparseApplyFtrl", updated(t.SparseApplyFtrl, 2, (), FTRL), on_rows(ftrl)),
    dense("ApplyFtrlV2", updated(t.ApplyFtrlV2, 2, (), FTRL_2), lambda grad: ftrl(grad, ..., 0.3)),
    sparse(
        "SparseApplyFtrlV2",
        updated(t.SparseApplyFtrlV2, 2, (), FTRL_2),
        on_rows(ftrl, shrinkage=0.3),
    ),
    dense(
        "ApplyProximalGradientDescent",
        updated(t.ApplyProximalGradientDescent, 0, (RATE, L1, L2)),
        proximal,
    ),
    sparse(
        "SparseApplyProximalGradientDescent",
        updated(t.SparseApplyProximalGradientDescent, 0, (RATE, L1, L2)),
        on_rows(proximal),
    ),
    dense(
        "ApplyProximalAdagrad",
        updated(t.ApplyProximalAdagrad, 1, (RATE, L1, L2)),
        proximal_adagrad,
    ),
    sparse(
        "SparseApplyProximalAdagrad",
        updated(t.SparseApplyProximalAdagrad, 1, (RATE, L1, L2)),
        on_rows(proximal_adagrad),
    ),
]
