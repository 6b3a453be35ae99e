"""What many public functions share: signatures made from an op, and arguments with two names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.op import Op
from minitf.tensor import Tensor

# Sets of types as op signatures list them; TensorFlow's definitions fix their order.
FLOATS = "{bfloat16, half, float, double}"
FLOATS_COMPLEX = "{bfloat16, half, float, double, complex64, complex128}"
REALS = "{float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64}"
NUMBERS = "numbertype"


def unary(op: Op, name: str, argument: str = "x") -> Callable[..., Tensor]:
    """`op` as a public function `name(x, name=None)`."""
    if argument == "x":

        def function(x: Any, name: str | None = None) -> Tensor:
            return op(x, name=name)

    else:

        def function(input: Any, name: str | None = None) -> Tensor:  # type: ignore[misc]
            return op(input, name=name)

    return _described(function, op, name)


def binary(op: Op, name: str) -> Callable[..., Tensor]:
    """`op` as a public function `name(x, y, name=None)`."""

    def function(x: Any, y: Any, name: str | None = None) -> Tensor:
        return op(x, y, name=name)

    return _described(function, op, name)


def _described(function: Callable[..., Tensor], op: Op, name: str) -> Callable[..., Tensor]:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = op.__doc__
    return function


def either(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """The argument that was given, under its new name or its old one.

    Raises ValueError when both were.
    """
    if old is None:
        return new
    if new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'.")
    return old
