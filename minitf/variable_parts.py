"""What goes with a variable: modes of distribution, and which part of a larger one it is."""

from __future__ import annotations

import enum
from typing import Any


class VariableSynchronization(enum.Enum):
    """When the copies of a distributed variable are brought together; here there is one copy."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(enum.Enum):
    """How updates of a distributed variable are combined; here there is one update."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3
    ONLY_FIRST_TOWER = 3  # noqa: PIE796 (TensorFlow's older name)


def checked_modes(
    synchronization: Any, aggregation: Any, trainable: bool | None, name: str | None
) -> tuple[VariableSynchronization, VariableAggregation, bool]:
    """The modes of distribution with their defaults, and `trainable`, which depends on them."""
    if aggregation is None:
        aggregation = VariableAggregation.NONE
    elif not isinstance(aggregation, VariableAggregation):
        raise ValueError(f"Invalid variable aggregation mode: {aggregation} for variable: {name}")
    if synchronization is None:
        synchronization = VariableSynchronization.AUTO
    elif not isinstance(synchronization, VariableSynchronization):
        raise ValueError(
            f"Invalid variable synchronization mode: {synchronization} for variable: {name}"
        )
    if trainable is None:
        trainable = synchronization is not VariableSynchronization.ON_READ
    return synchronization, aggregation, trainable


class SaveSliceInfo:
    """Which part of a partitioned variable a variable is, as checkpoints record it."""

    def __init__(
        self, full_name: str, full_shape: list[int], var_offset: list[int], var_shape: list[int]
    ) -> None:
        self.full_name = full_name
        self.full_shape = full_shape
        self.var_offset = var_offset
        self.var_shape = var_shape

    @property
    def spec(self) -> str:
        """The part in the notation of checkpoints: `4 2 0,2:0,2`."""
        parts = zip(self.var_offset, self.var_shape, strict=True)
        return (
            " ".join(map(str, self.full_shape))
            + " "
            + ":".join(f"{offset},{size}" for offset, size in parts)
        )

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The part as a SaveSliceInfoDef, or None outside `export_scope`."""
        from tensorboard.compat.proto.variable_pb2 import SaveSliceInfoDef

        if export_scope is not None and not self.full_name.startswith(export_scope):
            return None
        return SaveSliceInfoDef(
            full_name=without_scope(self.full_name, export_scope),
            full_shape=self.full_shape,
            var_offset=self.var_offset,
            var_shape=self.var_shape,
        )


def with_scope(name: str, scope: str | None) -> str:
    """`name` as it is called once imported under `scope`."""
    return f"{scope.rstrip('/')}/{name}" if scope else name


def without_scope(name: str, scope: str | None) -> str:
    """`name` as it is called outside the scope that is exported."""
    return name.removeprefix(scope.rstrip("/") + "/") if scope else name
