"""Checks that tensors' sizes agree, where they are named alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from minitf.graph import control_dependencies, name_scope
from minitf.op import convert_to_tensor
from minitf.ops.asserting import Assert
from minitf.ops.cond import cond
from minitf.ops.constants import constant
from minitf.ops.grouping import group
from minitf.ops.logic import equal
from minitf.ops.shape_checks import assert_rank, assert_rank_at_least, assert_rank_in
from minitf.ops.shapes import rank
from minitf.ops.shapes import shape as shape_of
from minitf.tensor import Operation, Tensor


class _Wanted(NamedTuple):
    """A tensor, its sizes, and the symbols that stand for them: its last ones if `open_ended`."""

    x: Tensor
    open_ended: bool
    sizes: Any
    symbols: tuple[Any, ...]


def _known(size: Any) -> bool:
    """Whether this is a number, not a name or a tensor."""
    try:
        int(size)
    except (ValueError, TypeError):
        return False
    return True


def _sizes(x: Tensor) -> Any:
    """The sizes of a tensor, those that are not known as tensors; [1] for a scalar."""
    found = shape_of(x)
    if x.shape.rank == 0:
        return (1,)
    if x.shape.rank is not None:
        return [found[i] if size is None else int(size) for i, size in enumerate(x.shape.as_list())]
    return cond(equal(rank(x), 0), lambda: constant([1]), lambda: found)


def _wanted(x: Tensor, shape: Any, prefix: str) -> _Wanted:
    if not isinstance(shape, Iterable):
        raise ValueError(
            f"{prefix}Tensor {x.name}.  Specified shape must be an iterable.  An iterable has the "
            f"attribute `__iter__` or `__getitem__`.  Received specified shape: {shape}"
        )
    symbols = tuple(shape)
    open_ended = False
    for i, symbol in enumerate(symbols):
        if symbol not in (Ellipsis, "*"):
            continue
        if i:
            raise ValueError(
                f"{prefix}Tensor {x.name} specified shape index {i}.  Symbol `...` or `*` for a "
                "variable number of unspecified dimensions is only allowed as the first entry"
            )
        open_ended = True
    return _Wanted(x, open_ended, _sizes(x), (symbols[1:] if open_ended else symbols) or (1,))


def _rank_checks(wanted: list[_Wanted], options: dict[str, Any]) -> list[Any]:
    checks = []
    for one in wanted:
        count = len(one.symbols)
        if one.open_ended:
            if count > 1:
                checks.append(assert_rank_at_least(x=one.x, rank=count, **options))
        elif count < 2:
            checks.append(assert_rank_in(x=one.x, ranks=[0, 1], **options))
        else:
            checks.append(assert_rank(x=one.x, rank=count, **options))
    return checks


class _Sizes:
    """The sizes that symbols have been found to stand for."""

    def __init__(self, prefix: str, data: Any, summarize: Any, before: list[Any]) -> None:
        self._prefix, self._data, self._summarize = prefix, data, summarize
        self._before = before
        self._known: dict[Any, tuple[Any, Tensor, int]] = {}

    def check(self, one: _Wanted, place: int, symbol: Any) -> Operation | None:
        """The check left for the run; ValueError where sizes are known to differ."""
        if not _known(symbol) and symbol not in self._known:
            with control_dependencies(self._before):
                self._known[symbol] = one.sizes[place], one.x, place
            return None
        if _known(symbol):
            size, told = int(symbol), "Specified explicitly"
        else:
            size, by, at = self._known[symbol]
            told = f"Specified by tensor {by.name} dimension {at}"
        with control_dependencies(self._before):
            found = one.sizes[place]
        if _known(found) and _known(size):
            if int(found) != int(size):
                raise ValueError(
                    f"{self._prefix}{told}.  Tensor {one.x.name} dimension {place} must have size "
                    f"{size}.  Received size {found}, shape {one.x.shape}"
                )
            return None
        same = equal(convert_to_tensor(found), convert_to_tensor(size))
        data = self._data
        if data is None:
            data = [
                self._prefix, told, f"Tensor {one.x.name} dimension", place, "must have size",
                size, "Received shape: ", shape_of(one.x),
            ]  # fmt: skip
        return Assert(same, data, summarize=self._summarize)


def assert_shapes(
    shapes: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An op that fails unless sizes that are named alike are alike.

    `shapes` are pairs (or a dict) of tensors and sizes: numbers, names, None for any, and first
    `...` or "*" for any number of them. Raises ValueError where that is known not to hold.
    """
    pairs = shapes.items() if isinstance(shapes, dict) else shapes
    prefix = f"{message}.  " if message else ""
    with name_scope(name, "assert_shapes", [shapes, data]):
        tensors = [(convert_to_tensor(x), shape) for x, shape in pairs if shape is not None]
        wanted = [_wanted(x, shape, prefix) for x, shape in tensors]
        options = {"data": data, "summarize": summarize, "message": message, "name": name}
        ranks = _rank_checks(wanted, options)
        sizes, checks = _Sizes(prefix, data, summarize, ranks), []
        for one in wanted:
            for i, symbol in enumerate(one.symbols):
                if symbol in (None, "."):
                    continue
                place = i - len(one.symbols) if one.open_ended else i
                check = sizes.check(one, place, symbol)
                checks += [] if check is None else [check]
    with control_dependencies(ranks):
        return group(*checks)
