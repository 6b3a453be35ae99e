"""Running sums and products along an axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import unchanged
from minitf.op import convert_to_tensor, op
from minitf.ops.wrappers import FLOATS, NUMBERS
from minitf.shape import shape_of
from minitf.tensor import Tensor

_RUNNING = (
    f"exclusive: bool = false, reverse: bool = false, T: {NUMBERS}, "
    "Tidx: {int32, int64} = DT_INT32"
)


def _running(accumulate: Callable[..., Any], start: float) -> Callable[..., Any]:
    """A kernel that accumulates; `start` is the result of accumulating nothing."""

    def kernel(x, axis, *, exclusive, reverse):
        rank = np.ndim(x)
        if np.ndim(axis):
            raise InvalidArgumentError(
                None, None, f"ScanOp: axis must be a scalar, not {shape_of(axis)}"
            )
        if not -rank <= axis < rank:
            raise InvalidArgumentError(
                None,
                None,
                f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got {axis}",
            )
        if reverse:
            x = np.flip(x, axis)
        result = accumulate(x, axis)
        if exclusive:
            result = _shifted(result, axis, start)
        return np.ascontiguousarray(np.flip(result, axis)) if reverse else result

    return kernel


def _shifted(x: np.ndarray, axis: int, start: float) -> np.ndarray:
    """Every element one place further, with `start` in the first."""
    result = np.full_like(x, start)
    into, out_of = [slice(None)] * x.ndim, [slice(None)] * x.ndim
    into[axis], out_of[axis] = slice(1, None), slice(None, -1)
    result[tuple(into)] = x[tuple(out_of)]
    return result


@op
class Cumsum:
    """Each element plus all before it (`exclusive`: not itself; `reverse`: from the end)."""

    inputs = "x: T, axis: Tidx"
    outputs = "out: T"
    attrs = _RUNNING
    infer = unchanged
    kernel = _running(lambda x, axis: np.cumsum(x, axis, x.dtype), 0)

    def gradient(op, grad):
        exclusive, reverse = op.get_attr("exclusive"), op.get_attr("reverse")
        return cumsum(grad, op.inputs[1], exclusive=exclusive, reverse=not reverse), None


@op
class Cumprod:
    """Each element times all before it (`exclusive`: not itself; `reverse`: from the end)."""

    inputs = "x: T, axis: Tidx"
    outputs = "out: T"
    attrs = _RUNNING
    infer = unchanged
    kernel = _running(lambda x, axis: np.cumprod(x, axis, x.dtype), 1)

    def gradient(op, grad):
        x, axis = op.inputs
        exclusive, reverse = op.get_attr("exclusive"), op.get_attr("reverse")
        product = cumprod(x, axis, exclusive=exclusive, reverse=reverse)
        total = cumsum(product * grad, axis, exclusive=exclusive, reverse=not reverse)
        with name_scope(None, "div_no_nan", [total, x]) as scope:
            return registry.get("DivNoNan")(total, x, name=scope), None  # type: ignore[operator]


@op
class CumulativeLogsumexp:
    """The logarithm of the running sum of exponentials."""

    inputs = "x: T, axis: Tidx"
    outputs = "out: T"
    attrs = (
        f"exclusive: bool = false, reverse: bool = false, T: {FLOATS}, "
        "Tidx: {int32, int64} = DT_INT32"
    )
    infer = unchanged
    kernel = _running(lambda x, axis: np.logaddexp.accumulate(x, axis, x.dtype), -np.inf)

    def gradient(op, grad):
        # Logarithms have no sign: what is gained and what is lost are summed apart.
        gained = _logs_where(registry.get("Greater")(grad, 0), lambda: grad)
        lost = _logs_where(registry.get("Less")(grad, 0), lambda: -grad)
        gained = _shares(op, gained)
        return gained - _shares(op, lost), None


def _logs_where(chosen: Tensor, make: Callable[[], Tensor]) -> Tensor:
    value = make()
    return registry.get("SelectV2")(chosen, registry.get("Log")(value), value.dtype.min)


def _shares(op: Any, log_grad: Tensor) -> Tensor:
    """What each term gave to the sums that it is part of."""
    sums = cumulative_logsumexp(
        log_grad - op.outputs[0],
        axis=op.inputs[1],
        reverse=not op._attrs["reverse"],
        exclusive=op._attrs["exclusive"],
    )
    return registry.get("Exp")(sums + op.inputs[0])


def cumsum(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """The running sum along `axis`: [a, a + b, a + b + c]; exclusive, [0, a, a + b]."""
    with name_scope(name, "Cumsum", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return Cumsum(x, axis, exclusive=exclusive, reverse=reverse, name=name)


def cumprod(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """The running product along `axis`: [a, a * b, a * b * c]; exclusive, [1, a, a * b]."""
    with name_scope(name, "Cumprod", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return Cumprod(x, axis, exclusive=exclusive, reverse=reverse, name=name)


def cumulative_logsumexp(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """The running log(sum(exp(x))) along `axis`."""
    with name_scope(name, "CumulativeLogsumexp", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return CumulativeLogsumexp(x, axis, exclusive=exclusive, reverse=reverse, name=name)
