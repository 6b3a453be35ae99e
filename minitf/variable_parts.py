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
    modes = []
    for kind, mode, word in (
        (VariableSynchronization, synchronization, "synchronization"),
        (VariableAggregation, aggregation, "aggregation"),
    ):
        try:
            modes.append(kind(0 if mode is None else mode))
        except ValueError:
            raise ValueError(f"Invalid variable {word} mode: {mode} for variable: {name}") from None
    synchronization, aggregation = modes
    if trainable is None:
        trainable = synchronization is not VariableSynchronization.ON_READ
    return synchronization, aggregation, trainable


class SaveSliceInfo:
    """Which part of a partitioned variable a variable is, as checkpoints record it."""

    def __init__(
        self,
        full_name: str | None = None,
        full_shape: list[int] | None = None,
        var_offset: list[int] | None = None,
        var_shape: list[int] | None = None,
        save_slice_info_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if save_slice_info_def is not None:
            part = save_slice_info_def
            full_name = with_scope(part.full_name, import_scope)
            full_shape, var_offset = list(part.full_shape), list(part.var_offset)
            var_shape = list(part.var_shape)
        self.full_name = full_name
        self.full_shape = full_shape or []
        self.var_offset = var_offset or []
        self.var_shape = var_shape or []

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

        if export_scope is not None and not (self.full_name or "").startswith(export_scope):
            return None
        return SaveSliceInfoDef(
            full_name=without_scope(self.full_name or "", export_scope),
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
