"""A plan as one straight-line Python program: the fast way to run it.

Each op is one line, `v3 = k7(v1, v2)`, where `k7` is the op's kernel and `v1` a value. Names are
made of numbers only, so nothing that stands in a graph ever becomes code. Values share few names:
one is taken again as soon as its value is no longer needed, which also frees the value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.infer import SHAPE_READERS, constant_value
from minitf.kernels.values import dense
from minitf.runtime.failures import located
from minitf.runtime.frames import Frame, Places, structured
from minitf.runtime.fusing import Group, grouped
from minitf.runtime.kernels import kernel_of, reads_slot
from minitf.runtime.plan import Plan
from minitf.runtime.row_groups import row_groups
from minitf.runtime.state import VariableSlot
from minitf.tensor import DEAD, Operation, Tensor

_FILENAME = "<minitf program>"
_SIGNS: dict[Any, str] = {np.add: "+", np.subtract: "-", np.multiply: "*"}
_MOST_FOLDED_BYTES = 10 << 20  # TensorFlow's own limit for a folded constant
_NEVER_FOLDED = frozenset("Placeholder Switch Merge Enter Exit NextIteration LoopCond".split())
_SAME_VALUE = frozenset("Identity StopGradient Enter LoopCond".split())
_BACK_EDGES = ("NextIteration", "RefNextIteration")
_OF_SLOTS = ("s", "r")  # names of variables themselves
# Ops from which nothing may flow although all their inputs have values, or the reverse.
_SWITCHES = ("Switch", "RefSwitch")
_MAYBE_DEAD = frozenset((*_SWITCHES, "Merge", "RefMerge"))
# Ops whose result may be a view of their input.
VIEWS = frozenset(
    "Identity StopGradient Reshape Squeeze ExpandDims Transpose StridedSlice Slice Split SplitV "
    "Unpack BroadcastTo Enter Switch Merge RefIdentity".split()
)


class Program:
    """A plan, ready to run: `program(*fed_values)` returns the fetched values as a tuple.

    With `watch`, a function `(op, kernel) -> kernel`, every op of the plan runs on its own; unless
    `all_ops`, those that nobody reads are left out as ever. With an `arrangement` (see `taping`),
    the ops run in its order, some of them in tapes.
    """

    def __init__(
        self,
        plan: Plan,
        session: Any,
        watch: Callable[..., Any] | None = None,
        arrangement: Any = None,
        *,
        all_ops: bool = False,
    ) -> None:
        self.plan = plan
        ops = plan.ops if all_ops else plan.effective
        writer = _Writer(plan, ops, session, watch, arrangement)
        self.source = writer.write()
        self.line_ops = writer.line_ops
        self.constants = writer.constants
        self._namespace = writer.namespace
        self._arguments = writer.arguments
        exec(compile(self.source, _FILENAME, "exec"), self._namespace)
        self._run: Callable[..., Any] = self._namespace["run"]

    def __call__(self, *feeds: Any) -> Any:
        try:
            return self._run(*feeds)
        except Exception as error:
            failure = self._located(error)
        raise failure

    def _located(self, error: Exception) -> Exception:
        """The error with the node whose line raised it."""
        entry = error.__traceback__
        while entry is not None and entry.tb_frame.f_code.co_filename != _FILENAME:
            entry = entry.tb_next
        if entry is None or entry.tb_lineno not in self.line_ops:
            return error
        unit = self.line_ops[entry.tb_lineno]
        values = {**self._namespace, **entry.tb_frame.f_locals}
        held = [values[name] for name in self._arguments[entry.tb_lineno] if name in values]
        inputs = [value.value if isinstance(value, VariableSlot) else value for value in held]
        op: Any = unit if isinstance(unit, Operation) else unit.ops[-1]
        if isinstance(unit, Group):
            step, inputs = self._namespace[f"k{unit.ops[-1]._id}"].failing_step(inputs)
            op = unit.ops[step]
        failure = located(error, op, inputs)
        failure.__cause__ = None if hasattr(error, "error_code") else error
        return failure


class _Writer:
    """Writes the program of a plan, line by line."""

    def __init__(
        self, plan: Plan, ops: list[Operation], session: Any, watch: Any, arrangement: Any
    ) -> None:
        self.plan = plan
        self.ops = ops
        self.arrangement = arrangement
        self.session = session
        self.watch = watch
        self.namespace: dict[str, Any] = {"DEAD": DEAD}
        self.lines: list[str] = []
        self.line_ops: dict[int, Any] = {}
        self.arguments: dict[int, list[str]] = {}
        # Where a value is: v3, a fed f0, constant c5, variable s2 or, if a run decides which, r4.
        self.place = Places()
        self.constants: dict[Tensor, Any] = {}
        self.maybe_dead: set[Any] = set()
        self.of_variable: set[str] = set()  # names whose arrays may be a variable's own
        self.born: set[str] = set()  # variables that a line above has found to have a value
        self.asked: set[str] = set()  # names that are in maybe_dead branches
        self.free: list[str] = []
        self.count = 0
        self.readers: dict[str, int] = {}  # how many lines still read a name
        self.indent = " "
        self.loops = 0

    def write(self) -> str:
        feeds = [f"f{i}" for i in range(len(self.plan.fed))]
        self.place.update(zip(self.plan.fed, feeds, strict=True))
        self.fed_ops = {t.op for t in self.plan.fed}
        self.tensor_readers: dict[Tensor, int] = {}
        for op in self.ops:
            for t in op._inputs:
                self.tensor_readers[t] = self.tensor_readers.get(t, 0) + 1
        for t in self.plan.fetches:  # one reader that never comes: a fetched value stays
            self.tensor_readers[t] = self.tensor_readers.get(t, 0) + 1
        self.lines.append(f"def run({', '.join(feeds)}):")
        for unit in self._units():
            self._unit(unit)
        results = [self._value(t) for t in self.plan.fetches]
        self.lines.append(f" return ({', '.join(results)}{',' if results else ''})")
        return "\n".join(self.lines) + "\n"

    def _units(self) -> list[Any]:
        """The plan's ops with loops and groups of elementwise ops gathered."""
        if self.arrangement is not None:
            for t, value in self.arrangement.constants.items():
                self._keep_constant(t, value)
            return self.arrangement.units
        ops = self.ops
        if any(op.type in ("Enter", "Switch") for op in ops):
            return structured(ops, set(self.plan.fed))
        if self.watch is not None:
            return list(ops)
        fed = {t.op for t in self.plan.fed}
        constant: set[Operation] = set()
        for op in ops:
            if op.type == "Const" or (
                op._inputs
                and not op.definition.stateful
                and op.type not in _NEVER_FOLDED
                and all(t.op in constant for t in op._inputs)
            ):
                constant.add(op)
        fetched = set(self.plan.fetches)

        def fixed(op: Operation) -> bool:
            return op in fed or op in constant

        given = set(self.plan.fed)
        return grouped(row_groups(ops, fetched, fixed, given), fetched, fixed, given)

    def _unit(self, unit: Any) -> None:
        if isinstance(unit, Frame):
            self._loop(unit)
        elif isinstance(unit, Group):
            self._fused(unit)
        elif not isinstance(unit, Operation):
            self._taped(unit)
        elif not (self._variable(unit) or self._constant(unit) or self._alias(unit)):
            self._call(unit)

    # an op

    def _call(self, op: Operation) -> None:
        checks = self._dead_checks(op)
        if op.type == "NoOp" and not checks and self.watch is None:
            return  # what it waits for stands above
        kernel = f"k{op._id}"
        function = kernel_of(op, self.session)
        self.namespace[kernel] = function if self.watch is None else self.watch(op, function)
        arguments = [self._argument(op, i, t) for i, t in enumerate(op._inputs)]
        sign = _SIGNS.get(function) if self.watch is None else None
        if sign:  # quicker than the call, and for single numbers by far
            del self.namespace[kernel]
            expression = f" {sign} ".join(arguments)
        else:
            expression = f"{kernel}({', '.join(arguments)})"
        tracked = op.type in VIEWS and any(
            self.place[t][0] == "s" or self.place[t] in self.of_variable for t in op._inputs
        )
        forgotten = self._release_inputs(op)
        targets = [self._target(t) for t in op._outputs]
        if checks or op.type in _MAYBE_DEAD:
            self.maybe_dead.update((op, *op._outputs))
            if not targets:
                targets = [self._new_name()]
                self.place[op] = targets[0]
            self.asked.update(targets)
        if tracked:
            self.of_variable.update(targets)
        if checks:
            dead = "DEAD" if len(targets) == 1 else "(" + "DEAD, " * len(targets) + ")"
            test = " or ".join(checks)
            expression = f"{dead} if {test} else {expression}"
        if len(op._outputs) == 1 and targets:
            expression = f"{targets[0]} = {expression}"
        elif targets:
            expression = f"{', '.join(targets)} = {expression}"
        forgotten = [name for name in forgotten if name not in targets]
        self._line(op, expression + "".join(f"; {name} = None" for name in forgotten), arguments)
        for target in targets:
            if self.readers.get(target) == 0 and target[0] == "v":
                self._free(target)

    def _fused(self, group: Group) -> None:
        """A group of ops is one call."""
        kernel = f"k{group.ops[-1]._id}"
        self.namespace[kernel] = group.kernel(self.session)
        arguments = [self._value(t) for t in group.inputs]
        inside = {t for op in group.ops for t in op._outputs}
        for op in group.ops:
            for t in op._inputs:
                if t not in inside:
                    self._release(self.place[t])
        targets = ", ".join([self._target(t) for t in group.outputs])
        self._line(group, f"{targets} = {kernel}({', '.join(arguments)})", arguments)

    def _taped(self, tape: Any) -> None:
        """A tape is one call; the variables that it changes it knows itself."""
        kernel = f"k{tape.ops[-1]._id}"
        self.namespace[kernel] = tape
        arguments = [self._value(t) for t in tape.inputs]
        for t in tape.inputs if not self.loops else ():
            self._release(self.place[t])
        for t, variable in tape.passed_on.items():
            self.place[t] = f"s{variable._id}"
            self.namespace[self.place[t]] = self.session._slot(variable)
        targets = [self._target(t) for t in tape.outputs]
        expression = f"{kernel}({', '.join(arguments)})"
        if targets:
            expression = f"{', '.join(targets)} = {expression}"
        self._line(tape, expression, arguments)

    def _line(self, op: Any, text: str, arguments: list[str]) -> None:
        self.lines.append(self.indent + text)
        self.line_ops[len(self.lines)] = op
        self.arguments[len(self.lines)] = [name.partition(".")[0] for name in arguments]

    def _variable(self, op: Operation) -> bool:
        """A variable's node computes nothing: its slot is at hand."""
        if not (op._outputs and op._outputs[0]._dtype._is_ref_dtype and not op._inputs):
            return False
        name = f"s{op._id}"
        slot = self.session._slot(op)
        self.namespace[name] = slot
        self.place[op._outputs[0]] = name
        if self.watch is not None:
            self.namespace[f"k{op._id}"] = self.watch(op, lambda: slot)
            self._line(op, f"k{op._id}()", [])
        return True

    def _constant(self, op: Operation) -> bool:
        """An op on constants only is computed now, once."""
        if self.watch is not None or not self._foldable(op) or self._dead_checks(op):
            return False
        if op.type == "Const":
            value: Any = dense(op._attrs["value"])
            outputs: Any = (value if value.ndim else value[()],)
        elif op.type in SHAPE_READERS and op not in self.fed_ops:
            value = constant_value(op._outputs[0])
            if value is None:
                return False
            outputs = (value if value.ndim else value[()],)
        else:
            try:
                with np.errstate(all="ignore"):
                    result = kernel_of(op, self.session)(*[self.constants[t] for t in op._inputs])
            except Exception:
                return False  # the run raises it, on the op's own line
            outputs = result if isinstance(result, (tuple, list)) else (result,)
            if sum(getattr(x, "nbytes", 0) for x in outputs) > _MOST_FOLDED_BYTES:
                return False
        for t, value in zip(op._outputs, outputs, strict=True):
            self._keep_constant(t, value)
        return True

    def _keep_constant(self, tensor: Tensor, value: Any) -> None:
        if type(value) is np.ndarray:
            value.flags.writeable = False
        name = f"c{tensor.op._id}_{tensor.value_index}"
        self.constants[tensor] = self.namespace[name] = value
        self.place[tensor] = name

    def _foldable(self, op: Operation) -> bool:
        if op.type == "Const" or (op.type in SHAPE_READERS and not op._control_inputs):
            return True
        definition = op.definition
        return (
            not definition.stateful
            and definition.bind is None
            and not op._control_inputs
            and bool(op._inputs)
            and bool(op._outputs)
            and op.type not in _NEVER_FOLDED
            and all(t in self.constants for t in op._inputs)
        )

    def _alias(self, op: Operation) -> bool:
        """An Identity is another name for its input.

        That of a variable is the variable itself: as in TensorFlow it shares the variable's
        memory, so whoever uses it sees what has been assigned by then.
        """
        if op.type not in _SAME_VALUE:
            return False
        if self._dead_checks(op) or any(c in self.maybe_dead for c in op._control_inputs):
            return False
        source, output = op._inputs[0], op._outputs[0]
        name = self.place[source]
        if name[0] in _OF_SLOTS and op.type in ("Enter", "LoopCond"):
            if not op._attrs.get("is_constant"):
                return False  # a loop variable's first value: read once, as the loop begins
        if name[0] == "s":
            reading = f"{name}.read()"  # fails here, at the reading op, where there is no value
            if self.watch is not None:
                kernel = f"k{op._id}"
                self.namespace[kernel] = self.watch(op, lambda value: value)
                reading = f"{kernel}({reading})"
            self._line(op, reading, [])
            self.place[output] = name
            if not self.loops:
                self.born.add(name)
            return True
        if self.watch is not None:
            return False
        self.place[output] = name
        if source in self.constants:
            self.constants[output] = self.constants[source]
        if name[0] == "v":
            self.readers[name] = self.readers.get(name, 0) + self.tensor_readers.get(output, 0)
            self._release_inputs(op)
        return True

    # a loop

    def _loop(self, frame: Frame) -> None:
        """`while True:`, the condition's ops, the test, the body's ops, and the next values."""
        self.loops += 1  # inside, no name is freed: the next round reads it again
        for enter in frame.enters:
            if not self._alias(enter):
                self._call(enter)
        outer = self.indent
        skipped = self._skipped_loop(frame)
        for merge in frame.merges:
            first = next(t for t in merge._inputs if t.op.type not in _BACK_EDGES)
            target = self._target(merge._outputs[0])
            if target != "_" and target[0] != "r":
                self.lines.append(f"{self.indent}{target} = {self._value(first)}")
            else:  # a variable that goes round is the same in every round
                self.place[merge._outputs[0]] = self.place[first]
            self.place[merge._outputs[1]] = "None"
        inside = self.indent
        self._rounds(frame)
        self.indent = inside
        for unit in frame.leaving:
            self._unit(unit)
        self.indent = outer
        for leave in frame.exits:
            output = leave._outputs[0]
            name = self.place[output] = self.place[leave._inputs[0]]
            self.readers[name] = self.readers.get(name, 0) + self.tensor_readers.get(output, 0)
            if skipped:
                self.maybe_dead.update((leave, output))
        if skipped:
            names = dict.fromkeys(self.place[leave._outputs[0]] for leave in frame.exits)
            dead = " = ".join(name for name in names if name[0] == "v")
            self.asked.update(names)
            self.lines.append(f"{outer}else: {dead} = DEAD" if dead else f"{outer}else: pass")
        self.loops -= 1

    def _skipped_loop(self, frame: Frame) -> bool:
        """Whether the loop may stand in a branch that is not taken: then it is under an `if`."""
        names = []
        for enter in frame.enters:
            if enter in self.maybe_dead:
                names.append(self.place[enter._outputs[0]])
                self.maybe_dead.difference_update((enter, *enter._outputs))
        if names:
            test = " and ".join(f"{name} is not DEAD" for name in dict.fromkeys(names))
            self.lines.append(f"{self.indent}if {test}:")
            self.indent += " "
        return bool(names)

    def _rounds(self, frame: Frame) -> None:
        outer = self.indent
        if frame.test is not None:
            self.indent += " "
            self.lines.append(f"{outer}while True:")
        for unit in frame.condition:
            self._unit(unit)
        if frame.test is None:
            return
        self.lines.append(f"{self.indent}if not {self._value(frame.test)}: break")
        for unit in frame.body:
            kind = getattr(unit, "type", "")
            if kind in _SWITCHES and unit._inputs[1] is frame.test:
                name = self.place[unit._inputs[0]]
                self.place[unit._outputs[0]] = self.place[unit._outputs[1]] = name
            elif kind not in _BACK_EDGES:
                self._unit(unit)
        targets = [self.place[merge._outputs[0]] for merge in frame.merges]
        pairs = [(t, self._value(n)) for t, n in zip(targets, frame.next_values, strict=True)]
        pairs = [(target, value) for target, value in pairs if target[0] == "v"]
        left, right = ", ".join(t for t, _ in pairs), ", ".join(v for _, v in pairs)
        self.lines.append(f"{self.indent}{left} = {right}" if pairs else f"{self.indent}pass")

    # names of values

    def _value(self, tensor: Tensor) -> str:
        name = self.place[tensor]
        if name in self.born:
            return f"{name}.value"
        if name[0] in _OF_SLOTS and tensor in self.maybe_dead:
            return f"({name} if {name} is DEAD else {name}.read())"
        return f"{name}.read()" if name[0] in _OF_SLOTS else name

    def _argument(self, op: Operation, index: int, tensor: Tensor) -> str:
        return self.place[tensor] if reads_slot(op, index) else self._value(tensor)

    def _dead_checks(self, op: Operation) -> list[str]:
        """Tests for those inputs that may come from a branch that is not taken."""
        if op.type in ("Merge", "RefMerge"):
            return []
        tests = [f"{self.place[t]} is DEAD" for t in op._inputs if t in self.maybe_dead]
        for control in op._control_inputs:
            if control in self.maybe_dead:
                # A Switch has run, whichever side it chose, unless it gave nothing to either.
                of = control._outputs[:2] if control.type in _SWITCHES else control._outputs[:1]
                names = dict.fromkeys(self.place[x] for x in (of or [control]))
                tests.append(" and ".join(f"{name} is DEAD" for name in names))
        return list(dict.fromkeys(tests))

    def _target(self, tensor: Tensor) -> str:
        """A name for a value that is about to be computed."""
        if tensor._dtype._is_ref_dtype:  # an op that passes a variable on, as Assign does
            if tensor.op.type in _MAYBE_DEAD:
                self.count += 1
                self.place[tensor] = f"r{self.count}"
                return self.place[tensor]
            for t in tensor.op._inputs:
                if self.place[t][0] in _OF_SLOTS:
                    self.place[tensor] = self.place[t]
                    return "_"
        name = self.free.pop() if self.free and not self.loops else self._new_name()
        self.of_variable.discard(name)
        self.place[tensor] = name
        self.readers[name] = self.tensor_readers.get(tensor, 0)
        return name

    def _new_name(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def _release_inputs(self, op: Operation) -> list[str]:
        """One reader less for each input; names to empty, lest a variable's array stay shared."""
        forgotten: list[str] = []
        if self.loops:
            return forgotten
        for t in op._inputs:
            name = self.place[t]
            if self._release(name) and name in self.of_variable:
                forgotten.append(name)
        return forgotten

    def _release(self, name: str) -> bool:
        """Notes that one line less reads a name; true when that was the last."""
        if name[0] != "v":
            return False
        self.readers[name] -= 1
        if self.readers[name] == 0:
            self._free(name)
            return True
        return False

    def _free(self, name: str) -> None:
        # A name in a branch is kept: a later op may still ask whether the branch was taken.
        if not self.loops and name not in self.asked:
            self.free.append(name)
