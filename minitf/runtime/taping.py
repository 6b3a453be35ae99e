"""Ops of a plan that is run over and over, gathered into tapes.

A plan of many small arrays spends its time in calls, not in arithmetic; one of middling arrays
still much of it. Once it has lost as much time as it takes to load compiled code, one of its runs
is watched: which shape has each value, as long as the fed shapes stay as they are? With these
known, ops that follow one another become a tape, one call for all of them (see `arranging`). What a
tape can't hold runs as before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.kernels.products import ThreadChoice
from minitf.kernels.tape import player
from minitf.runtime import observing
from minitf.runtime.compiled import Program
from minitf.runtime.frames import loops
from minitf.runtime.plan import Plan
from minitf.runtime.state import VariableSlot
from minitf.tensor import Operation, Tensor

_SAVED_NS = 3000.0  # an op in a tape, or known beforehand, against a call of NumPy
_SAVED_COLD_NS = 10_000.0  # beside products that drive all else out of the processor's cache
_LARGE = 1 << 14  # elements of such a product's factor
_ROUNDS = 10  # of a loop, for want of a better guess
_MOST_SHAPES = 8  # sets of fed shapes that get tapes of their own
_CONSIDERED_AFTER = 20  # runs of a plan
_PRODUCTS = frozenset("MatMul BatchMatMul BatchMatMulV2".split())


class Taping:
    """Chooses, run by run, between a plan's program and the one with tapes."""

    def __init__(self, plan: Plan, session: Any) -> None:
        self._plan = plan
        self._session = session
        self.program = self._untaped = Program(plan, session)  # the last run's, and the plain one
        self._runs = 0
        self._lost_ns = 0.0  # in each run
        self._taped: dict[Any, Any] = {}
        multiplies = any(op.type in _PRODUCTS for op in plan.effective)
        self._choice = ThreadChoice() if multiplies else None

    def __call__(self, values: list[Any]) -> Any:
        """The fetched values."""
        return self._choice(self._called, values) if self._choice else self._called(values)

    def _called(self, values: list[Any]) -> Any:
        self._runs += 1
        if self._runs == _CONSIDERED_AFTER:
            self._lost_ns = self._lost()
        if not self._lost_ns or not player.ready(self._lost_ns) or self._observed():
            return self._untaped(*values)
        key = tuple([getattr(value, "shape", None) for value in values])
        if key not in self._taped and len(self._taped) < _MOST_SHAPES:
            return self._watched(key, values)
        self.program = self._with_tapes(key) or self._untaped
        return self.program(*values)

    def _with_tapes(self, key: Any) -> Program | None:
        """The program with tapes, if there is one and the variables have the values it needs."""
        taped = self._taped.get(key)
        if taped is None:
            return None
        program, variables = taped
        for slot, shape in variables:
            value = slot.value
            if value is None or value.shape != shape or not value.flags.c_contiguous:
                return None
        return program

    def _lost(self) -> float:
        from minitf.runtime.assembling import FEWEST, TAPED

        ops = self._plan.effective
        if self._plan.has_branches or sum(op.type in TAPED for op in ops) < FEWEST:
            return 0.0
        in_loops = sum(len(frame.members) for frame in loops(ops, set(self._plan.fed)))
        saved = _SAVED_COLD_NS if any(map(_has_large_factor, ops)) else _SAVED_NS
        return saved * (len(ops) + (_ROUNDS - 1) * in_loops)

    def _observed(self) -> bool:
        return bool(self._session._variable_observers or observing.observers)

    def _watched(self, key: Any, values: list[Any]) -> Any:
        """A run that is watched, so that later ones with these fed shapes have tapes."""
        self._taped[key] = None
        seen: dict[Tensor, Any] = dict(zip(self._plan.fed, values, strict=True))

        def watch(op: Operation, kernel: Callable[..., Any]) -> Callable[..., Any]:
            def run(*inputs: Any) -> Any:
                result = kernel(*inputs)
                made = [result] if len(op._outputs) == 1 else result
                if op._outputs and not isinstance(result, VariableSlot):
                    seen.update(zip(op._outputs, made, strict=True))
                return result

            return run

        from minitf.runtime.arranging import Arrangement

        fetched = Program(self._plan, self._session, watch)(*values)
        arrangement = Arrangement(self._plan, self._session, seen)
        if arrangement.tapes:
            program = Program(self._plan, self._session, arrangement=arrangement)
            variables = {
                slot: shape for tape in arrangement.tapes for slot, shape in tape.variables
            }
            self._taped[key] = program, list(variables.items())
        return fetched


def _has_large_factor(op: Operation) -> bool:
    if op.type != "MatMul":
        return False
    return any((t._shape.num_elements() or 0) > _LARGE for t in op._inputs)
