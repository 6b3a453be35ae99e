"""The op that a loaded model runs first (tf.saved_model.main_op)."""

from __future__ import annotations

from typing import Any

from minitf import initialization
from minitf.graph import control_dependencies
from minitf.ops.control import group
from minitf.tensor import Operation


def main_op() -> Operation:
    """An op that initializes global and local variables and tables."""
    return group(
        initialization.global_variables_initializer(),
        initialization.local_variables_initializer(),
        initialization.tables_initializer(),
    )


def main_op_with_restore(restore_op_name: Any) -> Operation:
    """An op that runs `main_op()` and then the given op."""
    with control_dependencies([main_op()]):
        return group(restore_op_name)
