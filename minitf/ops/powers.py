"""Powers, and products and quotients with logarithms that are 0 where their factor is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.graph import control_dependencies, name_scope
from minitf.infer import broadcasted
from minitf.op import op
from minitf.ops.arithmetic import negative, unbroadcast
from minitf.ops.casts import cast, conj
from minitf.ops.elementwise import log
from minitf.ops.filling import ones, ones_like, zeros, zeros_like
from minitf.ops.logic import not_equal
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.reductions import reduce_sum
from minitf.ops.selecting import where
from minitf.ops.shapes import reshape, shape
from minitf.ops.wrappers import binary
from minitf.tensor import Tensor

_TYPES = "T: {half, bfloat16, float, double, complex64, complex128}"


@op
class Pow:
    """x to the power of y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = "T: {bfloat16, float, half, double, int8, int16, int32, int64, complex64, complex128}"
    infer = broadcasted
    scalar = "x ** y"

    def kernel(x, y):
        if y.dtype.kind == "i" and np.any(y < 0):
            raise InvalidArgumentError(
                None, None, "Integers to negative integer powers are not allowed"
            )
        return np.power(x, y)

    def gradient(op, grad):
        x, y = op.inputs
        base, exponent = conj(x), conj(y)
        grad_x = grad * exponent * pow(base, exponent - 1)
        # The logarithm of a base that is not positive is left out.
        mask = not_equal(base, 0) if x.dtype.is_complex else base > 0
        safe = where(mask, base, ones_like(x))
        logarithm = where(mask, log(safe), zeros_like(x))
        grad_y = grad * conj(op.outputs[0]) * logarithm
        return unbroadcast(x, y, grad_x, grad_y)


def pow(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x to the power of y, broadcasting."""
    with name_scope(name, "Pow", [x]) as name:
        return Pow(x, y, name=name)


def broadcast_gradients(
    op: Any, grad: Tensor, partials: Callable[[Tensor, Tensor], tuple[Any, Any]]
) -> tuple[Any, Any]:
    """Both inputs' gradients from their partial derivatives; None for one that there is not."""
    x, y = op.inputs
    shapes = shape(x), shape(y)
    axes = BroadcastGradientArgs(*shapes)
    with control_dependencies([grad]):
        grads = partials(x, y)
        return tuple(  # type: ignore[return-value]
            None if partial is None else reshape(reduce_sum(partial * grad, axis), whole)
            for partial, axis, whole in zip(grads, axes, shapes, strict=True)
        )


def _is_not_zero(x: Tensor) -> Tensor:
    return cast(not_equal(x, cast(0.0, x.dtype)), x.dtype)


def _zero_where_zero(x: Any, value: Any) -> Any:
    return np.where(x == 0, x.dtype.type(0), value)[()]


@op
class Xdivy:
    """x / y, and 0 where x is 0."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _TYPES
    infer = broadcasted

    def kernel(x, y):
        return _zero_where_zero(x, np.true_divide(x, y))

    def gradient(op, grad):
        def partials(x, y):
            by_x = Xdivy(_is_not_zero(x), y)
            return by_x, Xdivy(negative(x), y**2)

        return broadcast_gradients(op, grad, partials)


@op
class Xlogy:
    """x log(y), and 0 where x is 0."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _TYPES
    infer = broadcasted

    def kernel(x, y):
        return _zero_where_zero(x, x * np.log(y))

    def gradient(op, grad):
        def partials(x, y):
            by_x = Xlogy(_is_not_zero(x), y)
            return by_x, Xdivy(x, y)

        return broadcast_gradients(op, grad, partials)


@op
class Xlog1py:
    """x log(1 + y), and 0 where x is 0."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = _TYPES
    infer = broadcasted

    def kernel(x, y):
        return _zero_where_zero(x, x * np.log1p(y))

    def gradient(op, grad):
        def partials(x, y):
            by_x = Xlog1py(_is_not_zero(x), y)
            return by_x, Xdivy(x, y + 1.0)

        return broadcast_gradients(op, grad, partials)


@op
class NextAfter:
    """The float next to x1 in the direction of x2."""

    inputs = "x1: T, x2: T"
    outputs = "output: T"
    attrs = "T: {double, float} = DT_FLOAT"
    infer = broadcasted
    kernel = np.nextafter

    def gradient(op, grad):
        x1, x2 = op.inputs
        shapes = shape(x1), shape(x2)
        axes = BroadcastGradientArgs(*shapes)
        with control_dependencies([grad]):
            grads = ones(shapes[0], dtype=x1.dtype), zeros(shapes[1], dtype=x2.dtype)
            return tuple(
                reshape(reduce_sum(partial * grad, axis), whole)
                for partial, axis, whole in zip(grads, axes, shapes, strict=True)
            )


xlogy = binary(Xlogy, "xlogy")


def nextafter(x1: Any, x2: Any, name: str | None = None) -> Tensor:
    """The number that follows x1 on the way to x2."""
    return NextAfter(x1, x2, name=name)


def xdivy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y, and 0 where x is 0."""
    with name_scope(name, "xdivy", [x]):
        return Xdivy(x, y)


def xlog1py(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x log(1 + y), and 0 where x is 0."""
    with name_scope(name, "xlog1py", [x]):
        return Xlog1py(x, y)
