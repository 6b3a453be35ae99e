"""Arithmetic, comparison, reductions and matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.graph import name_scope
from minitf.infer import broadcasted
from minitf.op import convert_to_tensor, op
from minitf.tensor import Tensor


@op
class AddV2:
    """x + y, broadcasting."""

    inputs = "x: T, y: T"
    outputs = "z: T"
    attrs = (
        "T: {bfloat16, half, float, double, uint8, uint16, uint32, uint64, int8, int16, int32, "
        "int64, complex64, complex128}"
    )
    infer = broadcasted
    kernel = np.add
    scalar = "x + y"
    gradient = None


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x + y, broadcasting; strings are joined."""
    with name_scope(name, "Add", [x]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
        return AddV2(x, y, name=name)


def _binary(function: Any, name: str) -> None:
    def forward(x: Tensor, y: Any) -> Any:
        with name_scope(None, name, [x, y]) as scope:
            try:
                y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
            except TypeError:
                if hasattr(type(y), f"__r{name}__"):
                    return NotImplemented
                raise
            return function(x, y, name=scope)

    def reflected(y: Tensor, x: Any) -> Any:
        with name_scope(None, name, [x, y]) as scope:
            x = convert_to_tensor(x, dtype=y.dtype.base_dtype, name="x")
            return function(x, y, name=scope)

    setattr(Tensor, f"__{name}__", forward)
    setattr(Tensor, f"__r{name}__", reflected)


_binary(AddV2, "add")
