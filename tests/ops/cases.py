"""A row of the table that every op is tested by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """One use of an op: how it is built, what is fed, and what must come out.

    `op_types` names the op, or several with spaces between, that this row is about.
    `build` takes one placeholder a feed and returns a tensor or a list of tensors.
    `want` is the value that must come out (a list where `build` returns one), or a function of
    the fed arrays, often the NumPy function itself. Dtypes must be equal, floats close to `rtol`.
    Float64 feeds are differentiated, where their ops have gradients, `order` times over and
    compared with finite differences; `order=0` leaves that out. `exact_shape=False` says that the
    static shape is less than the value's own, `run_unknown=False` that `build` needs static shapes.
    """

    op_types: str
    build: Callable[..., Any]
    feeds: tuple[Any, ...] = ()
    want: Any = None
    order: int = 2
    rtol: float = 2e-6
    exact_shape: bool = True
    run_unknown: bool = True
    seed: int | None = None

    @property
    def id(self) -> str:
        return self.op_types.replace(" ", "-")
