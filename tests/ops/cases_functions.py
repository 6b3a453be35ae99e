"""Rows for functions of one element, and for the gamma function and its kin."""

import numpy as np
from ops.cases import Case
from scipy import special

import minitf as tf
from minitf.ops.elementwise import (
    InvGrad,
    ReciprocalGrad,
    RsqrtGrad,
    SigmoidGrad,
    SqrtGrad,
    TanhGrad,
)
from minitf.ops.special import IgammaGradA

X = np.array([[0.5, -1.25, 2.0], [3.5, -0.75, 1.5]])
P = np.abs(X) + 0.25  # positive
S = X / 4  # between -1 and 1
Q = P / 5  # between 0 and 1
HALVES = np.array([0.5, 1.5, 2.5, -0.5, -1.2, 3.7])
Z = np.array([1 + 2j, -0.5j], np.complex64)


def slope_rows(op, y, factor):
    """An op that TensorFlow's gradients use: its value and its own gradients."""
    return Case(op.name, op, (y, X), lambda y, dy: dy * factor(y))


UNARY = [
    Case("Abs", tf.abs, (X,), np.abs),
    Case("Abs", tf.abs, (np.array([-3, 4], np.int32),), np.abs),
    Case("Sign", tf.sign, (np.array([-3, 0, 4], np.int32),), np.sign),
    Case("Sign", tf.sign, (X,), np.sign),
    Case("Square", tf.square, (X,), np.square),
    Case("Square", tf.square, (np.array([2**15, 2**16], np.int32),), np.square),
    Case("Sqrt", tf.sqrt, (P,), np.sqrt),
    Case("Rsqrt", tf.rsqrt, (P,), lambda x: 1 / np.sqrt(x)),
    Case("Exp", tf.exp, (X,), np.exp),
    Case("Exp", tf.exp, (Z,), np.exp),
    Case("Exp", tf.exp, (X.astype(np.float16),), np.exp, rtol=2e-3),
    Case("Expm1", tf.expm1, (X,), np.expm1),
    Case("Log", tf.log, (P,), np.log),
    Case("Log1p", tf.log1p, (P,), np.log1p),
    Case("Sigmoid", tf.sigmoid, (X,), special.expit),
    Case("Sigmoid", tf.sigmoid, (np.array([-200, -80, 200], np.float32),), special.expit),
    Case("Tanh", tf.tanh, (X,), np.tanh),
    Case("Floor", tf.floor, (X,), np.floor),
    Case("Ceil", tf.ceil, (X,), np.ceil),
    Case("Round", tf.round, (HALVES,), [0.0, 2, 2, -0.0, -1, 4]),
    Case("Rint", tf.rint, (HALVES,), [0.0, 2, 2, -0.0, -1, 4]),
    slope_rows(SqrtGrad, P, lambda y: 0.5 / y),
    slope_rows(RsqrtGrad, P, lambda y: -0.5 * y**3),
    slope_rows(ReciprocalGrad, P, lambda y: -y * y),
    slope_rows(InvGrad, P, lambda y: -y * y),
    slope_rows(SigmoidGrad, Q, lambda y: y * (1 - y)),
    slope_rows(TanhGrad, S, lambda y: 1 - y * y),
]

TRIGONOMETRY = [
    Case("Sin", tf.sin, (X,), np.sin),
    Case("Cos", tf.cos, (X,), np.cos),
    Case("Tan", tf.tan, (S,), np.tan),
    Case("Asin", tf.asin, (S,), np.arcsin),
    Case("Acos", tf.acos, (S,), np.arccos),
    Case("Atan", tf.atan, (X,), np.arctan),
    Case("Atan2", tf.atan2, (X, np.array([1.0, -2.0, 0.5])), np.arctan2),
    Case("Sinh", tf.sinh, (X,), np.sinh),
    Case("Cosh", tf.cosh, (X,), np.cosh),
    Case("Asinh", tf.asinh, (X,), np.arcsinh),
    Case("Acosh", tf.acosh, (P + 1,), np.arccosh),
    Case("Atanh", tf.atanh, (S,), np.arctanh),
]

SPECIAL = [
    Case("Erf", tf.erf, (X,), special.erf),
    Case("Erf", tf.erf, (X.astype(np.float16),), special.erf, rtol=2e-3),
    Case("Erfc", tf.erfc, (X,), special.erfc),
    Case("Erfinv", tf.math.erfinv, (S,), special.erfinv),
    Case("Ndtri", tf.math.ndtri, (Q,), special.ndtri),
    Case("Ndtri", tf.math.erfcinv, (P / 3,), special.erfcinv, order=1),
    Case("Lgamma", tf.lgamma, (P,), special.gammaln),
    Case("Digamma", tf.digamma, (P,), special.psi),
    Case(
        "Polygamma",
        lambda x: tf.polygamma(tf.constant(1.0, tf.float64), x),
        (P,),
        lambda x: special.polygamma(1, x),
    ),
    Case(
        "Zeta",
        lambda q: tf.zeta(tf.constant(3.0, tf.float64), q),
        (P,),
        lambda q: special.zeta(3, q),
    ),
    Case("Igamma", tf.igamma, (P, P + 0.3), special.gammainc, order=1),
    Case("Igammac", tf.igammac, (P, P + 0.3), special.gammaincc, order=1),
    Case(
        "IgammaGradA",
        IgammaGradA,
        (P, P + 0.3),
        lambda a, x: (special.gammainc(a + 1e-5, x) - special.gammainc(a - 1e-5, x)) / 2e-5,
    ),
    Case(
        "Betainc", lambda x: tf.betainc(P, P + 1, x), (Q,), lambda x: special.betainc(P, P + 1, x)
    ),
    Case(
        "Lgamma Sum",
        tf.lbeta,
        (P,),
        lambda x: special.gammaln(x).sum(-1) - special.gammaln(x.sum(-1)),
    ),
]

BESSEL = [
    Case("BesselI0", tf.math.bessel_i0, (X,), special.i0),
    Case("BesselI0e", tf.math.bessel_i0e, (X,), special.i0e),
    Case("BesselI1", tf.math.bessel_i1, (X,), special.i1),
    Case("BesselI1e", tf.math.bessel_i1e, (X,), special.i1e),
]

CASES = UNARY + TRIGONOMETRY + SPECIAL + BESSEL
