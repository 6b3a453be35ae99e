"""The error function, the gamma function and their kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.graph import control_dependencies, name_scope
from minitf.infer import broadcasted, unchanged
from minitf.op import convert_to_tensor, op
from minitf.ops.casts import conj
from minitf.ops.constants import constant
from minitf.ops.elementwise import exp, log, square
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.powers import Xlog1py, Xlogy, broadcast_gradients
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import reshape, shape
from minitf.ops.wrappers import FLOATS, on_values, unary
from minitf.shape import broadcast
from minitf.tensor import Tensor


def from_scipy(name: str) -> Callable[..., Any]:
    """SciPy's function of this name, loaded when it is first needed."""

    def kernel(*values):
        from scipy import special

        dtype = values[0].dtype
        if dtype == np.float16:
            values = tuple(value.astype(np.float32) for value in values)
        result = getattr(special, name)(*values)
        return result if result.dtype == dtype else result.astype(dtype)

    return kernel


@op
class Erf:
    """The error function: 2/√π times the integral of exp(-t²) from 0 to x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("erf")

    def gradient(op, grad):
        return _bell_gradient(op, grad, 2 / np.sqrt(np.pi))


@op
class Erfc:
    """1 - erf(x), exact for large x too."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("erfc")

    def gradient(op, grad):
        return _bell_gradient(op, grad, -2 / np.sqrt(np.pi))


def _bell_gradient(op: Any, grad: Tensor, height: float) -> Tensor:
    factor = constant(height, dtype=grad.dtype)
    with control_dependencies([grad]):
        return grad * factor * exp(-square(conj(op.inputs[0])))


@op
class Erfinv:
    """The number whose error function is x."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("erfinv")

    def gradient(op, grad):
        factor = constant(np.sqrt(np.pi) / 2, dtype=grad.dtype)
        with control_dependencies([grad]):
            return grad * factor * exp(square(op.outputs[0]))


@op
class Ndtri:
    """The normal distribution's quantile: the number below which a share x of draws lies."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("ndtri")

    def gradient(op, grad):
        factor = constant(np.sqrt(2 * np.pi), dtype=grad.dtype)
        with control_dependencies([grad]):
            return grad * factor * exp(square(op.outputs[0]) / 2.0)


@op
class Lgamma:
    """log |Γ(x)|."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("gammaln")

    def gradient(op, grad):
        with control_dependencies([grad]):
            return grad * digamma(conj(op.inputs[0]))


@op
class Digamma:
    """The derivative of log Γ(x)."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = f"T: {FLOATS}"
    infer = unchanged
    kernel = from_scipy("psi")

    def gradient(op, grad):
        with control_dependencies([grad]):
            x = conj(op.inputs[0])
            return grad * polygamma(constant(1, dtype=x.dtype), x)


@op
class Polygamma:
    """The derivative of order a + 1 of log Γ(x)."""

    inputs = "a: T, x: T"
    outputs = "z: T"
    attrs = "T: {float, double}"
    infer = broadcasted

    def kernel(a, x):
        from scipy import special

        return special.polygamma(a.astype(np.int64), x).astype(x.dtype)[()]

    def gradient(op, grad):
        return broadcast_gradients(
            op, grad, lambda order, x: (None, polygamma(conj(order) + 1, conj(x)))
        )


@op
class Zeta:
    """Hurwitz's zeta function: the sum of 1 / (q + k)ˣ."""

    inputs = "x: T, q: T"
    outputs = "z: T"
    attrs = "T: {float, double}"
    infer = broadcasted
    kernel = from_scipy("zeta")

    def gradient(op, grad):
        return broadcast_gradients(op, grad, lambda x, q: (None, -x * zeta(x + 1, q)))


@op
class Igamma:
    """The lower incomplete gamma function, as a share of Γ(a)."""

    inputs = "a: T, x: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS}"
    infer = broadcasted
    kernel = from_scipy("gammainc")

    def gradient(op, grad):
        return _igamma_gradient(op, grad)


@op
class Igammac:
    """The upper incomplete gamma function, as a share of Γ(a)."""

    inputs = "a: T, x: T"
    outputs = "z: T"
    attrs = f"T: {FLOATS}"
    infer = broadcasted
    kernel = from_scipy("gammaincc")

    def gradient(op, grad):
        grad_a, grad_x = _igamma_gradient(op, grad)
        return -grad_a, -grad_x


def _igamma_gradient(op: Any, grad: Tensor) -> Any:
    def partials(a: Tensor, x: Tensor) -> Any:
        by_a = IgammaGradA(a, x)
        return by_a, exp(-x + (a - 1) * log(x) - lgamma(a))

    return broadcast_gradients(op, grad, partials)


@op
class IgammaGradA:
    """The derivative of the lower incomplete gamma function by a."""

    inputs = "a: T, x: T"
    outputs = "z: T"
    attrs = "T: {float, double}"
    infer = broadcasted

    def kernel(a, x):
        from scipy import special

        # Four-point central differences in float64: as exact as float32 can show.
        wide, at = np.float64(1) * a, np.float64(1) * x
        step = 1e-3 * np.maximum(wide, 1e-2)

        def slope(h):
            return (special.gammainc(wide + h, at) - special.gammainc(wide - h, at)) / (2 * h)

        return ((4 * slope(step / 2) - slope(step)) / 3).astype(a.dtype)

    gradient = LookupError


def _infer_betainc(a: Tensor, b: Tensor, x: Tensor) -> Any:
    return broadcast(broadcast(a.shape, b.shape), x.shape)


@op
class Betainc:
    """The regularized incomplete beta function."""

    inputs = "a: T, b: T, x: T"
    outputs = "z: T"
    attrs = "T: {float, double}"
    infer = _infer_betainc
    kernel = from_scipy("betainc")

    def gradient(op, grad):
        a, b, x = op.inputs
        shape_a, shape_x = shape(a), shape(x)
        _, axes = BroadcastGradientArgs(shape_a, shape_x)
        log_beta = Lgamma(a) + Lgamma(b) - Lgamma(a + b)
        first = _in_scope("xlog1py", Xlog1py, b - 1, -x)
        partial = exp(first + Xlogy(a - 1, x) - log_beta)
        return None, None, reshape(reduce_sum(partial * grad, axes), shape_x)


def _in_scope(name: str, function: Callable[..., Tensor], x: Tensor, y: Tensor) -> Tensor:
    with name_scope(None, name, [x]):
        return function(x, y)


digamma, lgamma = unary(Digamma, "digamma"), unary(Lgamma, "lgamma")
erf, erfc = on_values(unary(Erf, "erf")), unary(Erfc, "erfc")


def polygamma(a: Any, x: Any, name: str | None = None) -> Tensor:
    """The derivative of order a + 1 of log Γ(x)."""
    return Polygamma(a, x, name=name)


def zeta(x: Any, q: Any, name: str | None = None) -> Tensor:
    """Hurwitz's zeta function: the sum of 1 / (q + k)ˣ over k from 0."""
    return Zeta(x, q, name=name)


def igamma(a: Any, x: Any, name: str | None = None) -> Tensor:
    """The lower incomplete gamma function, as a share of Γ(a)."""
    return Igamma(a, x, name=name)


def igammac(a: Any, x: Any, name: str | None = None) -> Tensor:
    """The upper incomplete gamma function, as a share of Γ(a)."""
    return Igammac(a, x, name=name)


def betainc(a: Any, b: Any, x: Any, name: str | None = None) -> Tensor:
    """The regularized incomplete beta function."""
    return Betainc(a, b, x, name=name)


def erfinv(x: Any, name: str | None = None) -> Tensor:
    """The number whose error function is x."""
    with name_scope(name, "erfinv", [x]):
        return Erfinv(x)


def ndtri(x: Any, name: str | None = None) -> Tensor:
    """The normal distribution's quantile."""
    with name_scope(name, "ndtri", [x]):
        return Ndtri(x)


def erfcinv(x: Any, name: str | None = None) -> Tensor:
    """The number whose complementary error function is x."""
    with name_scope(name, "erfcinv", [x]):
        x = convert_to_tensor(x, name="start")
        return -ndtri(0.5 * x) * np.sqrt(0.5)


def lbeta(x: Any, name: str | None = None) -> Tensor:
    """log |B(x)|, the multivariate beta function along the last dimension."""
    with name_scope(name, "lbeta", [x]):
        x = convert_to_tensor(x, name="x")
        return reduce_sum(lgamma(x), [-1]) - lgamma(reduce_sum(x, [-1]))
