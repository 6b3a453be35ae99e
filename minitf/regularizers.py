"""Penalties on weights, as functions for `regularizer=`."""

from __future__ import annotations

from typing import Any

from minitf import registry
from minitf.ops.reductions import reduce_sum


class L1L2:
    """`l1` times the sum of absolute values, plus `l2` times the sum of squares."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = float(l1)
        self.l2 = float(l2)

    def __call__(self, x: Any) -> Any:
        loss: Any = 0.0
        if self.l1:
            loss += reduce_sum(self.l1 * registry.get("Abs")(x))
        if self.l2:
            loss += reduce_sum(self.l2 * registry.get("Square")(x))
        return loss

    def get_config(self) -> dict[str, float]:
        """The arguments that make this regularizer again, by name."""
        return {"l1": self.l1, "l2": self.l2}


def l1(l: float = 0.01) -> L1L2:  # noqa: E741 (Keras's name)
    """`l` times the sum of absolute values."""
    return L1L2(l1=l)


def l2(l: float = 0.01) -> L1L2:  # noqa: E741 (Keras's name)
    """`l` times the sum of squares."""
    return L1L2(l2=l)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Both penalties."""
    return L1L2(l1=l1, l2=l2)
