"""Which ops of a plan go into tapes, once a watched run has shown the shapes of all values."""

from __future__ import annotations

import contextlib
import copy
import importlib
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.infer import SHAPE_READERS
from minitf.kernels.tape import LARGE_MATMUL, WIDTH, player
from minitf.runtime import assembling
from minitf.runtime.assembling import MARK, TAPED, Assembler, NotTaped
from minitf.runtime.failures import located
from minitf.runtime.frames import Frame, structured
from minitf.runtime.kernels import kernel_of
from minitf.runtime.plan import Plan, variable_of
from minitf.runtime.state import VariableSlot, holding
from minitf.tensor import Operation, Tensor

_SHAPE_ONLY = SHAPE_READERS | {"ZerosLike", "OnesLike", "ShapeN"}
# Ops of whole numbers or booleans whose results are as large as what they get.
_SHAPES_DECIDE = frozenset(
    "Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr LogicalNot Cast "
    "Gather GatherV2 Add AddV2 Sub Mul".split()
)
_VALUES_DECIDE = frozenset(
    "Where Unique UniqueV2 UniqueWithCounts UniqueWithCountsV2 ListDiff Range LinSpace "
    "NonMaxSuppression NonMaxSuppressionV2 NonMaxSuppressionV3".split()
)
# What their outputs' shapes are, nobody but themselves can tell.
_UNFORESEEN = frozenset("PyFunc PyFuncStateless".split())


class Tape:
    """Ops that run in one call: `tape(*inputs)` returns what is used outside."""

    def __init__(self, asm: Assembler, outputs: list[Tensor]) -> None:
        self.ops = list(asm.members)
        self.inputs = list(asm.inputs)
        self.outputs = outputs
        self.passed_on = {
            t: variable
            for op in asm.members
            for t in op._outputs
            if t._dtype._is_ref_dtype and (variable := variable_of(t, asm.fed)) is not None
        }
        self._rows = np.array(asm.rows, np.int64).reshape(-1, WIDTH)
        self._row_ops = asm.row_ops
        self._table = np.concatenate([np.zeros(1, np.int64), *asm.table])[1:]
        self._memory = np.zeros(asm.size, np.float32)
        self._beginning = self._memory.ctypes.data
        for start, values in asm.initial:
            self._memory[start : start + values.size] = values
        self._given = [self._view(asm.inputs[t], asm.shapes[t]) for t in self.inputs]
        self._made = [self._view(asm.place[t], asm.shapes[t]) for t in outputs]
        self._session = asm.session
        self._place_variables(asm)
        if (self._rows[:, 0] == LARGE_MATMUL).any():
            # Numba's BLAS: not to be imported, and interrupted, within a run.
            importlib.import_module("scipy.linalg.cython_blas")
        self._may_fail = {
            op: [
                (self._view(asm.operand(t, t._dtype._base), asm.shapes[t]), t._dtype.as_numpy_dtype)
                for t in op._inputs
            ]
            for op in asm.row_ops
            if op.type == "SparseSoftmaxCrossEntropyWithLogits"
        }

    def _place_variables(self, asm: Assembler) -> None:
        """Small ones are copied into the memory, large ones stay outside."""
        self.variables: list[tuple[VariableSlot, tuple[int, ...]]] = []
        self._copied: list[tuple[VariableSlot, np.ndarray]] = []
        self._large: list[_Outside] = []
        for number, (op, place) in enumerate(asm.variables.items(), start=1):
            slot, shape = asm.session._slot(op), asm.shapes[op._outputs[0]]
            self.variables.append((slot, shape))
            if place >> MARK:
                self._large.append(_Outside(slot, self._rows, number, op in asm.written))
            else:
                self._copied.append((slot, self._view(place, shape)))
        copies = {slot.op: view for slot, view in self._copied}
        self._written = [
            (asm.session._slot(variable), copies.get(variable), writer)
            for variable, writer in asm.written.items()
        ]
        # Its memory is for one run at a time.
        locks = [slot.lock for slot, _, _ in sorted(self._written, key=lambda w: id(w[0]))]
        self._locks = (threading.Lock(), *locks)

    def _view(self, start: int, shape: tuple[int, ...]) -> np.ndarray:
        count = int(np.prod(shape, dtype=int))
        return self._memory[start : start + count].reshape(shape)

    def __call__(self, *values: Any) -> Any:
        made = holding(self._locks, lambda: self._run(values))
        for slot, _, writer in self._written:
            slot.tell_write(writer)
        return made[0] if len(made) == 1 else made

    def _run(self, values: tuple[Any, ...]) -> list[Any]:
        for view, value in zip(self._given, values, strict=True):
            view[...] = value
        for slot, view in self._copied:
            view[...] = slot.value
        failed = self._played()
        if failed >= 0:
            raise self._error(self._row_ops[failed])
        for slot, new, _ in self._written:
            if new is not None:
                slot.overwrite(new)
        return [_taken(view, t) for view, t in zip(self._made, self.outputs, strict=True)]

    def _played(self) -> int:
        """Runs the instructions; the number of the first that failed, or -1."""
        held: list[np.ndarray] = []
        try:
            held.extend(outside.found(self._beginning) for outside in self._large)
            return player.play(self._memory, self._rows, self._table)
        finally:
            for array in held:
                array.flags.writeable = False

    def _error(self, op: Operation) -> Exception:
        """What the op's own kernel raises for the inputs it got."""
        arguments = [view.astype(dtype) for view, dtype in self._may_fail[op]]
        try:
            kernel_of(op, self._session)(*arguments)
        except Exception as error:
            return located(error, op, arguments)
        raise AssertionError(f"the tape failed at {op.name}, its kernel does not")


class _Outside:
    """A large variable that a tape reads, and may change, where it is."""

    def __init__(self, slot: VariableSlot, rows: np.ndarray, number: int, written: bool) -> None:
        self._slot = slot
        self._written = written
        self._rows = rows
        self._where = np.nonzero(rows >> MARK == number)
        self._within = rows[self._where] - (number << MARK)
        self._distance: int | None = None

    def found(self, beginning: int) -> np.ndarray:
        """The value; the rows then know how far it is from `beginning`, an address."""
        array = self._slot.changeable() if self._written else self._slot.value
        distance = (array.__array_interface__["data"][0] - beginning) // array.itemsize
        if distance != self._distance:
            self._rows[self._where] = self._within + distance
            self._distance = distance
        return array


def _taken(view: np.ndarray, tensor: Tensor) -> Any:
    """A value out of the memory, as the tensor's type."""
    if tensor._dtype._base is dtypes.bool:
        view = view.astype(bool)
    return view.copy() if view.ndim else view[()]


class Arrangement:
    """A plan's ops in the order in which its program writes them, some of them in tapes.

    `constants` has the values that only the fed shapes decide.
    """

    def __init__(self, plan: Plan, session: Any, values: dict[Tensor, Any]) -> None:
        self._plan = plan
        self._fed = set(plan.fed)
        self._values = values
        self._session = session
        self.constants: dict[Tensor, Any] = {}
        self._shapes: dict[Tensor, tuple[int, ...]] = {}
        for t in plan.fed:
            self._shapes[t] = np.shape(values[t])
        for op in plan.effective:
            self._foresee(op)
        units: list[Any] = plan.effective
        if plan.has_control_flow:
            units = structured(units, self._fed)
        gathered = self._gathered(units)
        self._used: dict[Tensor, set[Any]] = {}
        for unit in _all_units(gathered):
            for t in unit.inputs if isinstance(unit, Assembler) else unit._inputs:
                self._used.setdefault(t, set()).add(unit)
        for t in plan.fetches:
            self._used.setdefault(t, set()).add(None)
        self.tapes: list[Tape] = []
        self.units = [self._finished(unit) for unit in gathered]

    def _foresee(self, op: Operation) -> None:
        """Notes what the fed shapes decide about an op: its values, or at least its shapes."""
        if any(t in self._fed for t in op._outputs):
            return
        inputs_foreseen = all(t in self.constants for t in op._inputs)
        if op.type in _SHAPE_ONLY and all(t in self._shapes for t in op._inputs):
            known = True
        else:
            pure = not op.definition.stateful and op.definition.bind is None
            known = inputs_foreseen and pure and op.type != "Placeholder"
        foreseen = op.type not in _UNFORESEEN
        drawn = foreseen and inputs_foreseen and bool(op._inputs)
        decided = known or drawn or self._follows(op)
        for t in op._outputs:
            value = self._values.get(t)
            if known and value is not None:
                self.constants[t] = value
            if value is None and not t._dtype._is_ref_dtype:
                continue
            if foreseen and t._shape.is_fully_defined():
                self._shapes[t] = tuple(t._shape.as_list())  # type: ignore[arg-type]
            elif value is not None and decided:
                self._shapes[t] = np.shape(value)

    def _follows(self, op: Operation) -> bool:
        """Whether the shapes of what goes in decide the shapes of what comes out."""
        if not all(t in self._shapes for t in op._inputs):
            return False
        if op.type in TAPED:
            return True
        if op.type in _SHAPES_DECIDE:  # GatherV2's third input is an axis
            return all(t in self.constants for t in op._inputs[2:])
        # Whole numbers may be sizes, places, ...; floats seldom are.
        return (
            not op.definition.stateful
            and op.type not in _VALUES_DECIDE
            and all(t in self.constants or t._dtype._base.is_floating for t in op._inputs)
        )

    def _gathered(self, units: list[Any]) -> list[Any]:
        """The units with ops that follow one another in tapes; those of a loop for themselves."""
        found: list[Any] = []
        asm = self._new_assembler()
        for unit in units:
            if isinstance(unit, Frame):
                found += _closed(asm)
                asm = self._new_assembler()
                found.append(self._loop(unit))
                continue
            if unit._outputs and all(t in self.constants for t in unit._outputs):
                continue
            try:
                self._add(asm, unit)
            except NotTaped:
                if self._must_wait(unit, asm):
                    found += _closed(asm)
                    asm = self._new_assembler()
                    with contextlib.suppress(NotTaped):
                        self._add(asm, unit)
                        continue
                found.append(unit)
        return found + _closed(asm)

    def _loop(self, frame: Frame) -> Frame:
        """The loop, with tapes for what every round runs after its test."""
        taped = copy.copy(frame)
        taped.body = self._gathered(frame.body)
        return taped

    def _add(self, asm: Assembler, op: Operation) -> None:
        if any(t in self._fed for t in op._outputs):
            raise NotTaped
        asm.add(op)

    def _new_assembler(self) -> Assembler:
        return Assembler(self._session, self._fed, self._shapes, self.constants)

    def _must_wait(self, op: Operation, asm: Assembler) -> bool:
        """Whether an op that no tape holds must come after the tape that is being written."""
        if any(t in asm.produced for t in op._inputs):
            return True
        if any(control in asm.members for control in op._control_inputs):
            return True
        for t in op._inputs:
            variable = variable_of(t, self._fed)
            touched = asm.variables if t._dtype._is_ref_dtype else asm.written
            if variable is not None and variable in touched:
                return True
        return False

    def _finished(self, unit: Any) -> Any:
        """The unit as it runs: a tape hands on what others use."""
        if isinstance(unit, Frame):
            unit.body = [self._finished(inner) for inner in unit.body]
        if not isinstance(unit, Assembler):
            return unit
        made = [
            t
            for t in unit.produced
            if not t._dtype._is_ref_dtype and self._used.get(t, set()) - {unit}
        ]
        tape = Tape(unit, sorted(made, key=lambda t: (t.op._id, t.value_index)))
        self.tapes.append(tape)
        return tape


def _closed(asm: Assembler) -> list[Any]:
    """A tape; or, where it would be too short to be worth it, its ops."""
    return [asm] if len(asm.rows) >= assembling.FEWEST else list(asm.members)


def _all_units(units: list[Any]) -> Iterator[Any]:
    """The units, for a loop those in it."""
    for unit in units:
        if isinstance(unit, Frame):
            yield from (*unit.enters, *unit.merges, *unit.exits)
            yield from _all_units([*unit.condition, *unit.body, *unit.leaving])
        else:
            yield unit
