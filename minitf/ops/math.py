"""Python's operators on tensors, and the functions that are made of several ops.

Importing this module gives Tensor its operators.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes
from minitf.dtypes import DType
from minitf.graph import get_default_graph, name_scope
from minitf.op import convert_to_tensor

# The one gives Tensor its `[...]`, the gradient of a gather asks for the other.
from minitf.ops import indexing, segments  # noqa: F401
from minitf.ops.arithmetic import Add, AddV2, Mul, Neg, Sub, add, subtract
from minitf.ops.casts import Cast, Conj, cast
from minitf.ops.complex_numbers import abs, real
from minitf.ops.constants import stop_gradient
from minitf.ops.division import FloorDiv, FloorMod, div, truediv
from minitf.ops.elementwise import Log, Sqrt, Square, exp
from minitf.ops.filling import zeros
from minitf.ops.logic import (
    BitwiseAnd,
    BitwiseOr,
    BitwiseXor,
    Greater,
    GreaterEqual,
    Invert,
    IsFinite,
    Less,
    LessEqual,
    LogicalAnd,
    LogicalNot,
    LogicalOr,
    NotEqual,
    logical_xor,
)
from minitf.ops.matmul import matmul
from minitf.ops.powers import pow
from minitf.ops.reductions import reduce_max, reduce_mean, reduce_sum
from minitf.ops.selecting import SelectV2
from minitf.ops.shapes import Shape, renamed_argument, reshape
from minitf.tensor import Tensor


def _add(x: Tensor, y: Any, name: str) -> Tensor:
    if not isinstance(y, Tensor):
        y = convert_to_tensor(y, dtype_hint=x._dtype._base, name="y")
    return (Add if x._dtype._base is dtypes.string else AddV2)(x, y, name=name)


def _multiply(x: Any, y: Any, name: str) -> Tensor:
    if any(isinstance(side, Tensor) and side._dtype._base is dtypes.bool for side in (x, y)):
        x, y = Cast(x, DstT=dtypes.int32), Cast(y, DstT=dtypes.int32)
        return Cast(Mul(x, y, name=name), DstT=dtypes.bool)
    return Mul(x, y, name=name)


def _logical(on_bools: Callable[..., Tensor], on_bits: Callable[..., Tensor]) -> Any:
    def function(x: Tensor, y: Any, name: str) -> Tensor:
        return on_bools(x, y, name=name) if x.dtype == dtypes.bool else on_bits(x, y)

    return function


def _install(name: str, function: Callable[..., Any]) -> None:
    """Makes `function` the operator `__name__` of Tensor, and `__rname__` with sides exchanged."""
    reflected_name = f"__r{name}__"

    def forward(x: Tensor, y: Any) -> Any:
        graph = x.op.graph
        if type(y) is Tensor and y.op.graph is graph and get_default_graph() is graph:
            # The way of most calls, without a context manager.
            outer = graph._name_stack
            graph._name_stack, scope = graph._entered(name)
            try:
                return applied(x, y, scope)
            finally:
                graph._name_stack = outer
        with name_scope(None, name, [x, y]) as scope:
            return applied(x, y, scope)

    def applied(x: Tensor, y: Any, scope: str) -> Any:
        try:
            return function(x, y, name=scope)
        except (TypeError, ValueError) as error:
            result = _other_way(y, x, reflected_name)
            if result is NotImplemented:
                raise error from None
            return result

    def reflected(y: Tensor, x: Any) -> Any:
        with name_scope(None, name, [x, y]) as scope:
            return function(convert_to_tensor(x, y._dtype._base, name="x"), y, name=scope)

    setattr(Tensor, f"__{name}__", forward)
    setattr(Tensor, reflected_name, reflected)


def _other_way(y: Any, x: Tensor, reflected_name: str) -> Any:
    """What the right side's own operator makes of it, or NotImplemented."""
    method = getattr(y, reflected_name, None)
    if method is None:
        return NotImplemented
    try:
        return method(x)
    except (TypeError, ValueError):
        return NotImplemented


def _invert(x: Tensor) -> Tensor:
    return LogicalNot(x) if x.dtype == dtypes.bool else Invert(x)


_OPERATORS: dict[str, Callable[..., Any]] = {
    "add": _add,
    "sub": Sub,
    "mul": _multiply,
    "div": div,
    "truediv": truediv,
    "floordiv": FloorDiv,
    "mod": FloorMod,
    "pow": pow,
    "matmul": matmul,
    "and": _logical(LogicalAnd, BitwiseAnd),
    "or": _logical(LogicalOr, BitwiseOr),
    "xor": _logical(logical_xor, BitwiseXor),
}
for _name, _function in _OPERATORS.items():
    _install(_name, _function)
Tensor.__neg__ = lambda x: Neg(x)  # type: ignore[attr-defined]
Tensor.__abs__ = lambda x: abs(x)  # type: ignore[attr-defined]
Tensor.__invert__ = _invert  # type: ignore[attr-defined]
Tensor.__lt__ = lambda x, y: Less(x, y)  # type: ignore[attr-defined]
Tensor.__le__ = lambda x, y: LessEqual(x, y)  # type: ignore[attr-defined]
Tensor.__gt__ = lambda x, y: Greater(x, y)  # type: ignore[attr-defined]
Tensor.__ge__ = lambda x, y: GreaterEqual(x, y)  # type: ignore[attr-defined]


# functions of several ops


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """log(sum(exp(x))) along `axis`, or of all elements, safe for large and small x."""
    axis = renamed_argument("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "ReduceLogSumExp", [input_tensor]) as name:
        largest = reduce_max(input_tensor, axis=axis, keepdims=True)
        largest = stop_gradient(SelectV2(IsFinite(largest), largest, 0))
        powers = exp(subtract(input_tensor, largest))
        result = Log(reduce_sum(powers, axis=axis, keepdims=keepdims))
        if not keepdims:
            largest = reshape(largest, Shape(result))
        result = add(result, largest, name=name)
        if axis is None and not keepdims and not result.shape.is_fully_defined():
            result.set_shape(())
        return result


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The mean squared distance from the mean along `axis`, or of all elements.

    TypeError for integers.
    """
    with name_scope(name or "reduce_variance"):
        input_tensor = convert_to_tensor(input_tensor)
        means = reduce_mean(input_tensor, axis=axis, keepdims=True)
        if means.dtype.is_integer:
            raise TypeError(
                f"Input must be either real or complex. Received integer type {means.dtype}."
            )
        difference = input_tensor - means
        if difference.dtype.is_complex:
            squares = real(Mul(Conj(difference), difference))
        else:
            squares = Square(difference)
        return reduce_mean(squares, axis=axis, keepdims=keepdims)


def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The standard deviation along `axis`, or of all elements. TypeError for integers."""
    with name_scope(name or "reduce_std"):
        input_tensor = convert_to_tensor(input_tensor)
        return Sqrt(reduce_variance(input_tensor, axis=axis, keepdims=keepdims))


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: Any = None,
    dtype: DType = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
    input: Any = None,
) -> Tensor:
    """How many elements along `axis`, or of all, are not zero (or empty, or False)."""
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    input_tensor = renamed_argument("input", input, "input_tensor", input_tensor)
    axis = renamed_argument("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(name, "count_nonzero", [input_tensor]):
        x = convert_to_tensor(input_tensor, name="input")
        if x.dtype != dtypes.bool:
            x = NotEqual(x, zeros([], dtype=x.dtype))
        return cast(reduce_sum(cast(x, dtypes.int64), axis=axis, keepdims=keepdims), dtype)


def polyval(coeffs: list[Any], x: Any, name: str | None = None) -> Tensor:
    """The polynomial whose highest coefficient comes first; ValueError unless it is a list."""
    if not isinstance(coeffs, list):
        raise ValueError(f"Argument coeffs must be list type. Received type {type(coeffs)}.")
    with name_scope(name, "polyval", [*coeffs, x]) as name:
        x = convert_to_tensor(x, name="x")
        if not coeffs:
            return zeros(x.shape, x.dtype)
        terms = [convert_to_tensor(c, name=f"coeff_{i}") for i, c in enumerate(coeffs)]
        total = terms[0]
        for term in terms[1:]:
            total = term + total * x
        return total
