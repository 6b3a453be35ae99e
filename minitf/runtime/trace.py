"""A plan run one op at a time, with a record of each: the way to see a run."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

from minitf.runtime.compiled import Program
from minitf.runtime.plan import Plan
from minitf.runtime.state import VariableSlot
from minitf.tensor import Operation


class OpEvent(NamedTuple):
    """One op's run: what went in, what came out, and when (seconds since the run began)."""

    op: Operation
    inputs: list[Any]
    outputs: list[Any]
    start: float
    end: float
    device: str

    @property
    def waited_for(self) -> list[Operation]:
        """The ops that had to be done first, though nothing flows from them."""
        return self.op.control_inputs


class RunTrace(NamedTuple):
    """A run that was watched: its values, its plan, and an event for each op in order.

    `error` is the exception that ended the run, or None.
    """

    values: Any
    plan: Plan
    events: list[OpEvent]
    error: Exception | None = None


def traced(plan: Plan, session: Any, feeds: list[Any], place: Callable[[Operation], str]) -> Any:
    """Runs a plan and returns (fetched values or None, events, the error or None)."""
    events: list[OpEvent] = []
    began = perf_counter()

    def watch(op: Operation, kernel: Callable[..., Any]) -> Callable[..., Any]:
        device = place(op)

        def run(*inputs: Any) -> Any:
            seen = [_value(x) for x in inputs]
            start = perf_counter()
            result = kernel(*inputs)
            end = perf_counter()
            outputs = list(result) if isinstance(result, (tuple, list)) else [result]
            outputs = [_value(x) for x in outputs] if op._outputs else []
            events.append(OpEvent(op, seen, outputs, start - began, end - began, device))
            return result

        return run

    program = Program(plan, session, watch, all_ops=True)
    try:
        return program(*feeds), events, None
    except Exception as error:
        return None, events, error


def _value(x: Any) -> Any:
    return x.value if isinstance(x, VariableSlot) else x
