"""Penalties on weights, as functions for `regularizer=`."""

from __future__ import annotations

import math
from typing import Any

from minitf import registry
from minitf.op import convert_to_tensor
from minitf.ops.casts import cast
from minitf.ops.constants import constant
from minitf.ops.reductions import reduce_sum


def _strength(value: Any, name: str) -> float:
    """`value` as a float; ValueError unless it is a finite number and not negative."""
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise ValueError(
            f"Invalid value for argument {name}: expected a non-negative float. "
            f"Received: {name}={value}"
        )
    return float(value)


def _penalty(strength: Any, op_type: str, x: Any) -> Any:
    return cast(strength, dtype=x.dtype.base_dtype) * reduce_sum(registry.get(op_type)(x))


class L1:
    """`l1` times the sum of absolute values."""

    def __init__(self, l1: float = 0.01) -> None:
        self._strength = _strength(l1, "l1")
        self.l1 = convert_to_tensor(self._strength)  # where Keras makes it: with the regularizer

    def __call__(self, x: Any) -> Any:
        return _penalty(self.l1, "Abs", x)

    def get_config(self) -> dict[str, float]:
        """The arguments that make this regularizer again, by name."""
        return {"l1": self._strength}


class L2:
    """`l2` times the sum of squares."""

    def __init__(self, l2: float = 0.01) -> None:
        self.l2 = _strength(l2, "l2")

    def __call__(self, x: Any) -> Any:
        return _penalty(self.l2, "Square", x)

    def get_config(self) -> dict[str, float]:
        """The arguments that make this regularizer again, by name."""
        return {"l2": self.l2}


class L1L2:
    """Both penalties."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = _strength(l1, "l1")
        self.l2 = _strength(l2, "l2")

    def __call__(self, x: Any) -> Any:
        loss = constant(0.0, dtype=x.dtype.base_dtype)
        if self.l1:
            loss += _penalty(self.l1, "Abs", x)
        if self.l2:
            loss += _penalty(self.l2, "Square", x)
        return loss

    def get_config(self) -> dict[str, float]:
        """The arguments that make this regularizer again, by name."""
        return {"l1": self.l1, "l2": self.l2}


l1, l2, l1_l2 = L1, L2, L1L2
