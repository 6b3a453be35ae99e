"""Cells around another cell: its inputs added to its outputs, or its ops on a device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.graph import device, name_scope
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.rnn_base import RNNCell, assert_like_rnncell


class CellAround(RNNCell):
    """A cell that has the sizes, the states and the variables of the one inside."""

    base_name = "rnn_cell_wrapper"

    def __init__(self, cell: Any, **more: Any) -> None:
        super().__init__(**more)
        assert_like_rnncell("cell", cell)
        self.cell = cell

    @property
    def wrapped_cell(self) -> Any:
        return self.cell

    @property
    def state_size(self) -> Any:
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        return self.cell.output_size

    @property
    def trainable_variables(self) -> list[Any]:
        return self.cell.trainable_variables

    trainable_weights = trainable_variables

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """The cell's zero state."""
        with name_scope(f"{type(self).__name__}ZeroState"):
            return self.cell.zero_state(batch_size, dtype)


class ResidualWrapper(CellAround):
    """A cell whose inputs are added to its outputs, or joined to them by `residual_fn`."""

    def __init__(self, cell: Any, residual_fn: Callable[..., Any] | None = None) -> None:
        super().__init__(cell)
        self._residual_fn = residual_fn

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """The outputs and the next state; ValueError where inputs and outputs differ in shape."""
        outputs, new_state = self.cell(inputs, state, scope=scope)
        return (self._residual_fn or _added)(inputs, outputs), new_state


def _added(inputs: Any, outputs: Any) -> Any:
    nest.assert_same_structure(inputs, outputs)
    for x, y in zip(nest.flatten(inputs), nest.flatten(outputs), strict=True):
        x.get_shape().assert_is_compatible_with(y.get_shape())
    return nest.map_structure(lambda x, y: x + y, inputs, outputs)


class DeviceWrapper(CellAround):
    """A cell whose ops are placed on a device."""

    def __init__(self, cell: Any, device: Any) -> None:
        super().__init__(cell)
        self._device = device

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """The cell's zero state."""
        with name_scope(f"{type(self).__name__}ZeroState"), device(self._device):
            return self.cell.zero_state(batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """The outputs and the next state."""
        with device(self._device):
            return self.cell(inputs, state, scope=scope)
