"""From a node to the function that computes it: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf.tensor import Operation


def kernel_of(op: Operation, session: Any) -> Callable[..., Any]:
    """The op's kernel with its attributes filled in; it takes one flat argument an input tensor."""
    definition = op.definition
    kernel = definition.kernel
    if definition.bind is not None:
        kernel = definition.bind(op, session)
    assert kernel is not None  # an op declares one or the other
    if definition.bind is None:
        attrs = definition.attrs_for(kernel, op._attrs)
        if attrs:
            kernel = partial(kernel, **attrs)
    sizes = _list_sizes(op)
    return kernel if sizes is None else _grouping(kernel, sizes)


def _list_sizes(op: Operation) -> list[int | None] | None:
    """For each input of the signature its length, or None for a single tensor."""
    sizes: list[int | None] = []
    for arg in op.definition.inputs:
        if arg.number_attr:
            sizes.append(op._attrs[arg.number_attr])
        elif arg.type_list_attr:
            sizes.append(len(op._attrs[arg.type_list_attr]))
        else:
            sizes.append(None)
    return sizes if any(size is not None for size in sizes) else None


def _grouping(kernel: Callable[..., Any], sizes: list[int | None]) -> Callable[..., Any]:
    if len(sizes) == 1:
        return lambda *values: kernel(list(values))

    def grouped(*values: Any) -> Any:
        groups, start = [], 0
        for size in sizes:
            if size is None:
                groups.append(values[start])
                start += 1
            else:
                groups.append(list(values[start : start + size]))
                start += size
        return kernel(*groups)

    return grouped


def reads_slot(op: Operation, index: int) -> bool:
    """Whether the op takes this input as a variable's slot, not as its value."""
    start = 0
    for arg in op.definition.inputs:
        count = 1
        if arg.number_attr:
            count = op._attrs[arg.number_attr]
        elif arg.type_list_attr:
            count = len(op._attrs[arg.type_list_attr])
        if start <= index < start + count:
            return arg.is_ref
        start += count
    return False
