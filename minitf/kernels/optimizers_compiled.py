"""The compiled half of optimizers.py: the rules' loops over elements start to stop."""

import numpy as np

from minitf.kernels import update_rules
from minitf.kernels.jit import jit

U64 = np.uint64  # an index that cannot be negative lets the loop use SIMD

_gradient_descent = jit(update_rules.gradient_descent)
_momentum = jit(update_rules.momentum)
_nesterov = jit(update_rules.nesterov)
_adagrad = jit(update_rules.adagrad)
_adadelta = jit(update_rules.adadelta)
_rms_prop = jit(update_rules.rms_prop)
_centered_rms_prop = jit(update_rules.centered_rms_prop)
_adam = jit(update_rules.adam)
_nesterov_adam = jit(update_rules.nesterov_adam)


@jit
def gradient_descent(var, grad, alpha, start, stop):
    for i in range(U64(start), U64(stop)):
        (var[i],) = _gradient_descent(var[i], grad[i], alpha)


@jit
def momentum(var, accum, grad, lr, decay, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], accum[i] = _momentum(var[i], accum[i], grad[i], lr, decay)


@jit
def nesterov(var, accum, grad, lr, decay, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], accum[i] = _nesterov(var[i], accum[i], grad[i], lr, decay)


@jit
def adagrad(var, accum, grad, lr, epsilon, keep, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], accum[i] = _adagrad(var[i], accum[i], grad[i], lr, epsilon, keep)


@jit
def adadelta(var, accum, accum_update, grad, lr, rho, rest, epsilon, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], accum[i], accum_update[i] = _adadelta(
            var[i], accum[i], accum_update[i], grad[i], lr, rho, rest, epsilon
        )


@jit
def rms_prop(var, ms, mom, grad, lr, rest, decay, epsilon, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], ms[i], mom[i] = _rms_prop(var[i], ms[i], mom[i], grad[i], lr, rest, decay, epsilon)


@jit
def centered_rms_prop(var, mg, ms, mom, grad, lr, rest, decay, epsilon, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], mg[i], ms[i], mom[i] = _centered_rms_prop(
            var[i], mg[i], ms[i], mom[i], grad[i], lr, rest, decay, epsilon
        )


@jit
def adam(var, m, v, grad, alpha, rest1, rest2, epsilon, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], m[i], v[i] = _adam(var[i], m[i], v[i], grad[i], alpha, rest1, rest2, epsilon)


@jit
def nesterov_adam(var, m, v, grad, alpha, beta1, rest1, rest2, epsilon, start, stop):
    for i in range(U64(start), U64(stop)):
        var[i], m[i], v[i] = _nesterov_adam(
            var[i], m[i], v[i], grad[i], alpha, beta1, rest1, rest2, epsilon
        )
