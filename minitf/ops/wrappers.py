"""What many public functions share: signatures made from an op, and sets of types."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from minitf.op import Op
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Tensor

# Sets of types as op signatures list them; TensorFlow's definitions fix their order.
FLOATS = "{bfloat16, half, float, double}"
FLOATS_COMPLEX = "{bfloat16, half, float, double, complex64, complex128}"
REALS = "{float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64}"
NUMBERS = "numbertype"


def unary(op: Op, name: str) -> Callable[..., Tensor]:
    """`op` as a public function `name(x, name=None)`."""

    def function(x: Any, name: str | None = None) -> Tensor:
        return op(x, name=name)

    return _described(function, op, name)


def on_values(function: Callable[..., Tensor]) -> Callable[..., Any]:
    """`function(x, name=None)`, which of a SparseTensor changes the values that are there."""

    @functools.wraps(function)
    def mapped(x: Any, name: str | None = None) -> Any:
        try:
            return function(x, name=name)
        except TypeError:  # TensorFlow tries a dense tensor first, which takes a name
            if not isinstance(x, SparseTensor):
                raise
            return x.with_values(function(x.values, name=name))

    return mapped


def binary(op: Op, name: str) -> Callable[..., Tensor]:
    """`op` as a public function `name(x, y, name=None)`."""

    def function(x: Any, y: Any, name: str | None = None) -> Tensor:
        return op(x, y, name=name)

    return _described(function, op, name)


def _described(function: Callable[..., Tensor], op: Op, name: str) -> Callable[..., Tensor]:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = op.__doc__
    return function
