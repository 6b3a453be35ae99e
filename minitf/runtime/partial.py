"""A run in several calls: each feeds some more and fetches what has become computable."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.runtime.failures import located
from minitf.runtime.kernels import kernel_of, reads_slot
from minitf.runtime.plan import Plan
from minitf.runtime.state import VariableSlot
from minitf.tensor import DEAD, Operation, Tensor

NOT_SET_UP = "Must run 'setup' before performing partial runs!"
_CHOOSING = ("RefSwitch", "RefMerge")


class PartialRun:
    """The values of a run so far; every op runs at most once in all its calls."""

    def __init__(
        self,
        session: Any,
        fetches: tuple[Tensor, ...],
        targets: tuple[Operation, ...],
        feeds: tuple[Tensor, ...],
    ) -> None:
        if not fetches and not targets:
            raise InvalidArgumentError(
                None, None, "Must specify at least one target to fetch or execute."
            )
        for t in fetches:
            if t in feeds:
                raise InvalidArgumentError(None, None, f"{t.name} is both fed and fetched.")
        self.session = session
        self._allowed = {*fetches, *targets}
        self._feeds = set(feeds)
        self._values: dict[Tensor, Any] = {}
        self._done: set[Operation] = set()
        self._dead: set[Operation] = set()  # in branches that are not taken
        self._finished: set[Any] = set()
        self._over = False  # an op has failed
        plan = Plan(fetches, targets, feeds)  # an order must exist
        if any(op.type in ("Enter", "RefEnter") for op in plan.ops):
            raise UnimplementedError(None, None, "A loop cannot be part of a partial run")

    def run(
        self, fetches: tuple[Tensor, ...], targets: tuple[Operation, ...], feeds: dict[Tensor, Any]
    ) -> list[Any]:
        """The fetched values; InvalidArgumentError for what was not set up, or was fed before.

        Ops themselves cannot be fetched (RuntimeError). A failure in an op ends the whole run.
        """
        if targets:
            raise RuntimeError(
                f"partial_run() requires empty `target_list`. Received: target_list={targets} "
                "(non-empty)"
            )
        if self._over or self._allowed <= self._finished:
            raise InvalidArgumentError(None, None, NOT_SET_UP)
        plan = self._checked_plan(fetches, feeds)
        self._values.update(feeds)
        try:
            with np.errstate(all="ignore"):
                for op in plan.ops:
                    if op not in self._done:
                        self._run_op(op)
            results = [_read(self._values[t]) for t in fetches]
        except BaseException:
            self._over = True
            raise
        self._finished.update(fetches)
        return results

    def _checked_plan(self, fetches: tuple[Tensor, ...], feeds: dict[Tensor, Any]) -> Plan:
        """What is to run; until all is found to be right, nothing is fed or run."""
        for tensor in feeds:
            if tensor not in self._feeds:
                raise InvalidArgumentError(
                    None, None, f"The feed {tensor.name} was not specified in partial_run_setup."
                )
            if tensor in self._values:
                raise InvalidArgumentError(
                    None, None, f"The feed {tensor.name} has already been fed."
                )
        for wanted in fetches:
            if wanted not in self._allowed:
                raise InvalidArgumentError(
                    None, None, f"The fetch {wanted.name} was not specified in partial_run_setup."
                )
            if wanted in self._finished:
                raise InvalidArgumentError(
                    None, None, f"The fetch {wanted.name} has already been fetched."
                )
        plan = Plan(fetches, (), (*self._values, *feeds))
        for op in plan.ops:
            for t in op._outputs:
                if t in self._feeds and t not in self._values and t not in feeds:
                    unfed = "can't be computed from the feeds that have been fed so far."
                    raise InvalidArgumentError(None, op, f"Fetch {t.name} {unfed}")
        return plan

    def _run_op(self, op: Operation) -> None:
        inputs = [
            self._values[t] if reads_slot(op, i) else _read(self._values[t])
            for i, t in enumerate(op._inputs)
        ]
        if self._is_dead(op, inputs):
            self._values.update(dict.fromkeys(op._outputs, DEAD))
            self._dead.add(op)
            self._done.add(op)
            return
        if op._outputs and op._outputs[0]._dtype._is_ref_dtype and not inputs:
            result: Any = self.session._slot(op)
        else:
            try:
                result = kernel_of(op, self.session)(*inputs)
            except Exception as error:
                raise located(error, op, inputs) from error
        if len(op._outputs) == 1 and not isinstance(result, (tuple, list)):
            result = (result,)
        for t, value in zip(op._outputs, result or (), strict=True):
            if t not in self._values:
                passes_on = t._dtype._is_ref_dtype and inputs and op.type not in _CHOOSING
                self._values[t] = inputs[0] if passes_on else value
        self._done.add(op)

    def _is_dead(self, op: Operation, inputs: list[Any]) -> bool:
        """Whether an op stands in a branch that is not taken."""
        if op.type in ("Merge", "RefMerge"):
            return all(value is DEAD for value in inputs)
        waits_for_none = any(control in self._dead for control in op._control_inputs)
        return waits_for_none or any(value is DEAD for value in inputs)


def _read(value: Any) -> Any:
    return value.read() if isinstance(value, VariableSlot) else value
