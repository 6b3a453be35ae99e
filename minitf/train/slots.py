"""Slots: variables that go with a variable, such as its momentum or its average."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from minitf.graph import colocate_with
from minitf.initial_values import zeros_initializer
from minitf.ops.array import shape as shape_of
from minitf.ops.array import zeros
from minitf.variable_parts import SaveSliceInfo
from minitf.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.variables import Variable


def create_slot(
    primary: Any,
    initializer: Any,
    shape: Any,
    dtype: Any,
    name: str,
    colocate_with_primary: bool = True,
) -> Variable:
    """A variable named `primary/name`, untrainable and in one piece, on the primary's device.

    The slot of a part of a partitioned variable is the same part of a partitioned slot, for
    checkpoints. `initializer` is a tensor, or an initializer that takes `shape` and `dtype`.
    """
    with ExitStack() as blocks:
        blocks.enter_context(variable_scope(None, f"{primary.op.name}/{name}"))
        if colocate_with_primary:
            blocks.enter_context(colocate_with(primary))
        scope = get_variable_scope()
        partitioner = scope.partitioner
        scope.set_partitioner(None)
        try:
            slot = get_variable(
                "",
                initializer=initializer,
                trainable=False,
                use_resource=False,
                shape=shape if callable(initializer) else None,
                dtype=dtype if callable(initializer) else None,
                validate_shape=shape.is_fully_defined(),
            )
        finally:
            scope.set_partitioner(partitioner)
    _as_part(primary, slot)
    return slot


def _as_part(primary: Any, slot: Variable) -> None:
    info = primary._get_save_slice_info() if isinstance(primary, Variable) else None
    rank = slot.shape.ndims
    if info is None or rank == 0:
        return
    own_name = slot.op.name.removeprefix(f"{primary.op.name}/")
    slot._set_save_slice_info(
        SaveSliceInfo(
            f"{info.full_name}/{own_name}",
            info.full_shape[:rank],
            info.var_offset[:rank],
            info.var_shape[:rank],
        )
    )


def create_zeros_slot(primary: Any, name: str, colocate_with_primary: bool = True) -> Variable:
    """A slot of the primary's shape that begins as zeros."""
    shape, dtype = primary.get_shape(), primary.dtype.base_dtype
    initializer: Any = zeros_initializer()
    if not shape.is_fully_defined():
        value = primary.initialized_value() if isinstance(primary, Variable) else primary
        initializer = zeros(shape_of(value), dtype=dtype)
    return create_slot(primary, initializer, shape, dtype, name, colocate_with_primary)
