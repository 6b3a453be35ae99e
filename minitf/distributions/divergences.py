"""How different two distributions are, by a formula for each pair of kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import math
from minitf.graph import control_dependencies, name_scope
from minitf.ops import array
from minitf.ops.control import Assert
from minitf.tensor import Tensor

_formulas: dict[tuple[type, type], Callable[..., Tensor]] = {}


class RegisterKL:
    """Decorates a function `(a, b, name=None)` as the divergence of two kinds of distributions."""

    def __init__(self, dist_cls_a: type, dist_cls_b: type) -> None:
        self._key = (dist_cls_a, dist_cls_b)

    def __call__(self, kl_fn: Callable[..., Tensor]) -> Callable[..., Tensor]:
        """Registers it; TypeError for no function, ValueError where there is one."""
        if not callable(kl_fn):
            raise TypeError(f"kl_fn must be callable, received: {kl_fn}")
        if self._key in _formulas:
            a, b = (kind.__name__ for kind in self._key)
            known = _formulas[self._key]
            raise ValueError(f"KL({a} || {b}) has already been registered to: {known}")
        _formulas[self._key] = kl_fn
        return kl_fn


def _formula(a: type, b: type) -> Callable[..., Tensor] | None:
    """The formula for the nearest of both kinds' bases."""
    found = [
        (up_a + up_b, up_a, formula)
        for up_a, base_a in enumerate(a.__mro__)
        for up_b, base_b in enumerate(b.__mro__)
        if (formula := _formulas.get((base_a, base_b))) is not None
    ]
    return min(found, key=lambda item: item[:2])[2] if found else None


def kl_divergence(
    distribution_a: Any, distribution_b: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Tensor:
    """Kullback and Leibler's divergence of the second from the first, for each of the batch.

    NotImplementedError where no formula is registered. Unless `allow_nan_stats`, a run fails
    where it is NaN.
    """
    formula = _formula(type(distribution_a), type(distribution_b))
    if formula is None:
        raise NotImplementedError(
            "No KL(distribution_a || distribution_b) registered for distribution_a type "
            f"{type(distribution_a).__name__} and distribution_b type "
            f"{type(distribution_b).__name__}"
        )
    with name_scope("KullbackLeibler"):
        divergence = formula(distribution_a, distribution_b, name=name)
        if allow_nan_stats:
            return divergence
        divergence = array.identity(divergence, name="kl")
        holds = math.logical_not(math.reduce_any(math.is_nan(divergence)))
        message = (
            f"KL calculation between {distribution_a.name} and {distribution_b.name} returned NaN "
            "values (and was called with allow_nan_stats=False). Values:"
        )
        with control_dependencies([Assert(holds, [message, divergence])]):
            return array.identity(divergence, name="checked_kl")


def cross_entropy(
    ref: Any, other: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Tensor:
    """The nats that draws from `ref` cost in a code made for `other`."""
    with name_scope(name, "cross_entropy"):
        return ref.entropy() + kl_divergence(ref, other, allow_nan_stats=allow_nan_stats)
