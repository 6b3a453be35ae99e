"""tf.Assert: stops a run where a condition does not hold."""

from __future__ import annotations

from typing import Any

from minitf import dtypes, registry
from minitf.graph import name_scope
from minitf.op import convert_n_to_tensor, convert_to_tensor
from minitf.ops import printing  # noqa: F401 (declares the op)
from minitf.ops.cond import cond
from minitf.ops.grouping import no_op
from minitf.tensor import Operation


def Assert(
    condition: Any, data: Any, summarize: int | None = None, name: str | None = None
) -> Operation:
    """An op that raises InvalidArgumentError, showing `data`, unless `condition` holds."""
    assertion = registry.get("Assert")
    with name_scope(name, "Assert", [condition, data]):
        if not isinstance(data, (list, tuple)):
            raise TypeError("values must be a sequence.")
        tensors = convert_n_to_tensor(data)
        if all(t.dtype.base_dtype in (dtypes.string, dtypes.int32) for t in tensors):
            return assertion(condition, data, summarize=summarize, name="Assert")
        condition = convert_to_tensor(condition, name="Condition")

        def fails() -> Operation:
            return assertion(condition, data, summarize=summarize, name="Assert")

        return cond(condition, no_op, fails, name="AssertGuard").op
