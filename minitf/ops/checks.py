"""tf.assert_equal and its like: what must hold of values, checked at once where they are known.

Each returns an op that fails the run that finds otherwise: have it run by
`tf.control_dependencies`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import colocate_with, control_dependencies, get_default_graph, name_scope
from minitf.infer import get_static_value
from minitf.op import convert_to_tensor
from minitf.ops import logic
from minitf.ops.asserting import Assert
from minitf.ops.complex_numbers import abs as magnitude
from minitf.ops.cond import cond
from minitf.ops.constants import check_numerics
from minitf.ops.grouping import group, no_op, with_dependencies
from minitf.ops.reductions import reduce_all
from minitf.ops.shapes import reshape, shape, size
from minitf.ops.slicing import strided_slice
from minitf.tensor import Operation, Tensor


def message_prefix(message: str | None) -> str:
    """The user's message before TensorFlow's own."""
    return f"{message}.  " if message else ""


def _known_text(value: Any) -> str:
    if not isinstance(value, Tensor):
        return str(value)
    known = get_static_value(value)
    return str(value if known is None else known)


def _compared(
    sign: str, holds: Callable[..., Tensor], known: Callable[..., Any], default_name: str
) -> Callable[..., Operation]:
    """A check of two tensors, element by element."""

    def check(
        x: Any,
        y: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Operation:
        with name_scope(name, default_name, [x, y, data]):
            x = convert_to_tensor(x, name="x")
            y = convert_to_tensor(y, name="y")
            if data is None:
                lead = f"Condition x {sign} y did not hold element-wise:"
                data = [lead, f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
            if message is not None:
                data = [message, *data]
            condition = reduce_all(holds(x, y))
            values = [get_static_value(x), get_static_value(y)]
            if not any(value is None for value in values) and not np.all(known(*values)):
                raise InvalidArgumentError(None, None, "\n".join(map(_known_text, data)))
            return Assert(condition, data, summarize=summarize)

    check.__name__ = check.__qualname__ = default_name
    check.__doc__ = f"""An op that fails unless `x {sign} y` for all elements, broadcasting.

    Raises InvalidArgumentError where both are known while building and it does not hold.
    """
    return check


assert_none_equal = _compared("!=", logic.not_equal, np.not_equal, "assert_none_equal")
assert_less = _compared("<", logic.less, np.less, "assert_less")
assert_less_equal = _compared("<=", logic.less_equal, np.less_equal, "assert_less_equal")
assert_greater = _compared(">", logic.greater, np.greater, "assert_greater")
assert_greater_equal = _compared(
    ">=", logic.greater_equal, np.greater_equal, "assert_greater_equal"
)
_assert_equal = _compared("==", logic.equal, np.equal, "assert_equal")


def assert_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An op that fails unless `x == y` for all elements, broadcasting.

    Raises InvalidArgumentError where both are known while building and it does not hold.
    """
    with name_scope(name, "assert_equal", [x, y, data]):
        if x is y:
            return no_op()
    return _assert_equal(x, y, data, summarize, message, name)


def _signed(
    sign: str, check: Callable[..., Operation], zero_first: bool, gap: str, default_name: str
) -> Callable[..., Operation]:
    """A check of a tensor's signs, which is a comparison with zero."""

    def check_sign(
        x: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Operation:
        with name_scope(name, default_name, [x, data]):
            x = convert_to_tensor(x, name="x")
            if data is None:
                lead = f"Condition x {sign} 0 did not hold element-wise:"
                label = f"x ({x.name}) = "
                data = [message_prefix(message), *([lead, label] if gap else [lead + label]), x]
            zero = convert_to_tensor(0, dtype=x.dtype)
            return check(*((zero, x) if zero_first else (x, zero)), data=data, summarize=summarize)

    check_sign.__name__ = check_sign.__qualname__ = default_name
    check_sign.__doc__ = f"""An op that fails unless `x {sign} 0` for all elements.

    Raises InvalidArgumentError where `x` is known while building and it does not hold.
    """
    return check_sign


assert_negative = _signed("<", assert_less, False, " ", "assert_negative")
assert_positive = _signed(">", assert_less, True, " ", "assert_positive")
assert_non_negative = _signed(">=", assert_less_equal, True, " ", "assert_non_negative")
assert_non_positive = _signed("<=", assert_less_equal, False, "", "assert_non_positive")


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An op that fails unless `|x - y| < atol + rtol * |y|` for all elements.

    Both tolerances are 10 times the type's precision by default.
    """
    prefix = message_prefix(message)
    with name_scope(name, "assert_near", [x, y, rtol, atol, data]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype)
        dtype = x.dtype.real_dtype if x.dtype.is_complex else x.dtype
        least = 10 * np.finfo(dtype.as_numpy_dtype).eps
        rtol = convert_to_tensor(least if rtol is None else rtol, name="rtol", dtype=dtype)
        atol = convert_to_tensor(least if atol is None else atol, name="atol", dtype=dtype)
        if data is None:
            lead = f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}"
            data = [prefix, lead, f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        tolerance = atol + rtol * magnitude(y)
        difference = magnitude(x - y)
        return Assert(reduce_all(logic.less(difference, tolerance)), data, summarize=summarize)


def _monotonic(x: Any, compare: Callable[..., Tensor]) -> Tensor:
    """Each element compared with the one before it."""
    x = reshape(x, [-1])
    if not is_numeric_tensor(x):
        raise TypeError(f"Expected x to be numeric, instead found: {x}")
    is_short = logic.less(size(x), 2)
    length = shape(x) - 1

    def compared() -> Tensor:
        return compare(strided_slice(x, [1], [1] + length), strided_slice(x, [0], length))

    return cond(is_short, lambda: convert_to_tensor([], dtype=dtypes.bool), compared)


def is_non_decreasing(x: Any, name: str | None = None) -> Tensor:
    """Whether no element is less than the one before it; TypeError for what is not numeric."""
    with name_scope(name, "is_non_decreasing", [x]):
        return reduce_all(_monotonic(x, logic.greater_equal))


def is_strictly_increasing(x: Any, name: str | None = None) -> Tensor:
    """Whether each element is greater than the one before it; TypeError for what is not numeric."""
    with name_scope(name, "is_strictly_increasing", [x]):
        return reduce_all(_monotonic(x, logic.greater))


def is_numeric_tensor(tensor: Any) -> bool:
    """Whether this is a tensor of numbers."""
    return isinstance(tensor, Tensor) and tensor.dtype.base_dtype in dtypes.NUMBERS


def verify_tensor_all_finite(
    t: Any = None,
    msg: str | None = None,
    name: str | None = None,
    x: Any = None,
    message: str | None = None,
) -> Tensor:
    """`x` itself; the run fails where an element is infinite or not a number."""
    x, message = (t if x is None else x), (msg if message is None else message)
    with name_scope(name, "VerifyFinite", [x]):
        x = convert_to_tensor(x, name="x")
        with colocate_with(x):
            checked = check_numerics(x, message=message or "")
            return with_dependencies([checked], x)


def add_check_numerics_ops() -> Operation:
    """An op that runs `check_numerics` on every floating tensor of the graph, first to last.

    Raises ValueError in a graph with branches or loops.
    """
    checks: list[Any] = []
    kinds = (dtypes.float16, dtypes.float32, dtypes.float64)
    for op in get_default_graph().get_operations():
        for output in op.outputs:
            if output.dtype not in kinds:
                continue
            if op._control_flow_context is not None:
                raise ValueError(
                    "`tf.add_check_numerics_ops() is not compatible with TensorFlow control flow "
                    "operations such as `tf.cond()` or `tf.while_loop()`."
                )
            with control_dependencies(checks):
                checks = [check_numerics(output, message=output.name)]
    return group(*checks)
