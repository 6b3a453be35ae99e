"""The optimizers' update rules, each written once.

A rule takes the elements of the arrays it changes, then the gradient's, then numbers, and gives the
new elements in the same order. It is run on blocks of NumPy arrays as it stands, and compiled
for single elements. All is of one dtype: no literal numbers, which would make float32 float64.
"""

import numpy as np


def gradient_descent(var, grad, alpha):
    return (var - grad * alpha,)


def momentum(var, accum, grad, lr, decay):
    accum = accum * decay + grad
    return var - accum * lr, accum


def nesterov(var, accum, grad, lr, decay):
    accum = accum * decay + grad
    return var - (grad * lr + accum * decay * lr), accum


def adagrad(var, accum, grad, lr, epsilon, keep):
    accum = accum + grad * grad * keep
    return var - grad * lr / (np.sqrt(accum) + epsilon), accum


def adadelta(var, accum, accum_update, grad, lr, rho, rest, epsilon):
    accum = accum * rho + grad * grad * rest
    update = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    return var - update * lr, accum, accum_update * rho + update * update * rest


def rms_prop(var, ms, mom, grad, lr, rest, decay, epsilon):
    ms = ms + (grad * grad - ms) * rest
    mom = mom * decay + grad * lr / np.sqrt(ms + epsilon)
    return var - mom, ms, mom


def centered_rms_prop(var, mg, ms, mom, grad, lr, rest, decay, epsilon):
    ms = ms + (grad * grad - ms) * rest
    mg = mg + (grad - mg) * rest
    mom = mom * decay + grad * lr / np.sqrt(ms - mg * mg + epsilon)
    return var - mom, mg, ms, mom


def adam(var, m, v, grad, alpha, rest1, rest2, epsilon):
    m = m + (grad - m) * rest1
    v = v + (grad * grad - v) * rest2
    return var - m * alpha / (np.sqrt(v) + epsilon), m, v


def nesterov_adam(var, m, v, grad, alpha, beta1, rest1, rest2, epsilon):
    m = m + (grad - m) * rest1
    v = v + (grad * grad - v) * rest2
    return var - (grad * rest1 + m * beta1) * alpha / (np.sqrt(v) + epsilon), m, v


def ftrl(var, accum, linear, grad, lr, l1, twice_l2, twice_shrinkage, power, lr_or_one):
    total = accum + grad * grad
    root, old_root = total**power, accum**power
    shift = (root - old_root) / lr * var
    linear = linear + (grad + twice_shrinkage * var - shift) * lr_or_one
    edge = l1 * lr_or_one
    over = np.minimum(np.maximum(linear, -edge), edge) - linear
    return over / ((root / lr + twice_l2) * lr_or_one), total, linear


def proximal_gradient_descent(var, grad, alpha, shrink, divisor):
    step = var - grad * alpha
    return (np.sign(step) * np.maximum(np.abs(step) - shrink, shrink - shrink) / divisor,)


def proximal_adagrad(var, accum, grad, lr, l1, l2, one):
    accum = accum + grad * grad
    rate = lr / np.sqrt(accum)
    step = var - grad * rate
    kept = np.maximum(np.abs(step) - rate * l1, l1 - l1)
    return np.sign(step) * kept / (one + l2 * rate), accum


def adagrad_da(var, total, squares, grad, lr, shrink, growth):
    total = total + grad
    squares = squares + grad * grad
    kept = np.sign(total) * np.maximum(np.abs(total) - shrink, shrink - shrink)
    return -lr * kept / (growth + np.sqrt(squares)), total, squares
