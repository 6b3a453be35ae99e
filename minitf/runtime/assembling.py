"""Writes a tape: some small ops of a plan as instructions that one compiled call runs.

See `minitf.kernels.tape` for the instructions. An op without a writer here, or whose arrays are
not float32 or too large, raises `NotTaped` and is left to the straight-line program.

Small variables have a copy in the tape's memory while it runs. Large ones stay where they are:
their places are marks, of which `Tape` makes distances from its memory before each run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.kernels import tape
from minitf.runtime.kernels import kernel_of
from minitf.runtime.plan import variable_of
from minitf.tensor import Operation, Tensor

FEWEST = 8  # instructions that make a tape worth its call
_MOST_ELEMENTS = 1 << 18  # of a value; more, in one op after the other, would leave the cache
_MOST_GRADIENTS = 1 << 19  # elements of what products make and updates use
_MOST_MOVED = 1 << 16  # elements moved one by one
_MOST_NUMBERS = 1 << 23  # in a tape's memory
_COPIED = 1 << 12  # elements of variables that are copied into the memory
_MOST_PRODUCTS = 1 << 16  # of a matrix product: larger ones are quicker in a BLAS
_MOST_BATCHES = 256  # products of a batch, each an instruction
MARK = 40  # bits of a place inside a large variable; those above are its number, from 1 on
_SHORTEST_BLOCK = 20  # elements: shorter ones are as quickly moved one by one
_MOST_SERIES = 4
_FEW_COLUMNS = 8  # of a product: fewer than a SIMD register has
_HELD = (dtypes.float32, dtypes.bool)  # false is 0 and true 1
_ALIGNED = 8  # float32 in a SIMD register
_KEEPING = frozenset("Identity StopGradient PreventGradient Reshape Squeeze ExpandDims".split())
_MOVING = frozenset(
    "Transpose Slice StridedSlice Split SplitV Unpack Pack ConcatV2 Tile BroadcastTo "
    "ReverseV2".split()
)


class NotTaped(Exception):
    """An op that a tape can't hold."""


class Assembler:
    """Takes ops in the order in which they run; then holds instructions and where values lie."""

    def __init__(
        self,
        session: Any,
        fed: set[Tensor],
        shapes: dict[Tensor, tuple[int, ...]],
        constants: dict[Tensor, Any],
    ) -> None:
        self.session = session
        self.fed = fed
        self.shapes = shapes
        self.constants = constants  # what does not depend on values: known beforehand
        self.rows: list[tuple[int, ...]] = []
        self.row_ops: list[Operation] = []
        self.table: list[np.ndarray] = []
        self.table_size = self.size = 0
        self.place: dict[Any, int] = {}  # where tensors lie
        self.copies: dict[Any, int] = {}  # where elements lie that have been copied or repeated
        self.inputs: dict[Tensor, int] = {}
        self.initial: list[tuple[int, np.ndarray]] = []
        self.variables: dict[Operation, int] = {}
        self.written: dict[Operation, Operation] = {}  # variables and the ops that wrote them last
        self.members: dict[Operation, None] = {}  # in the order in which they run
        self.produced: set[Tensor] = set()

    def add(self, op: Operation) -> None:
        """Writes one op; NotTaped leaves all as it was."""
        lists: tuple[list[Any], ...] = (self.rows, self.row_ops, self.table, self.initial)
        dicts: tuple[dict[Any, int], ...] = (self.place, self.copies, self.inputs, self.variables)
        lengths, sizes = [len(part) for part in (*lists, *dicts)], (self.table_size, self.size)
        try:
            self._write(op)
        except NotTaped:  # an op only adds until it can no longer fail
            self.table_size, self.size = sizes
            for part, length in zip(lists, lengths, strict=False):
                del part[length:]
            for known, length in zip(dicts, lengths[len(lists) :], strict=True):
                while len(known) > length:
                    known.popitem()
            raise
        self.members[op] = None
        self.produced.update(op._outputs)

    def _write(self, op: Operation) -> None:
        if op.type == "NoOp":
            return
        for t in op._outputs:
            if t not in self.shapes or _count(self.shapes[t]) > _most(op):
                raise NotTaped
        write = _WRITERS.get(op.type)
        if write is None or any(t not in self.shapes for t in op._inputs):
            raise NotTaped
        if any(t._dtype._base not in _HELD for t in op._outputs):
            raise NotTaped
        if op._attrs.get("data_format", b"NHWC") != b"NHWC":
            raise NotTaped
        write(self, op)

    # memory

    def room(self, count: int) -> int:
        """Where `count` more numbers begin."""
        start = self.size
        self.size += -(-count // _ALIGNED) * _ALIGNED
        if self.size > _MOST_NUMBERS:
            raise NotTaped
        return start

    def result(self, tensor: Tensor) -> int:
        """Room for what an op makes."""
        self.place[tensor] = self.room(_count(self.shapes[tensor]))
        return self.place[tensor]

    def operand(self, tensor: Tensor, *other: Any, most: int = _MOST_ELEMENTS) -> int:
        """Where an input lies: made here, a variable, a constant, or given to the tape."""
        if tensor in self.place:
            return self.place[tensor]
        variable = variable_of(tensor, self.fed)
        if variable is not None:
            return self.variable(variable)
        count = _count(self.shapes[tensor])
        if tensor._dtype._base not in (*_HELD, *other) or count > most:
            raise NotTaped
        start = self.place[tensor] = self.room(count)
        if tensor in self.constants:
            self.initial.append((start, np.ravel(self.constants[tensor])))
        else:
            self.inputs[tensor] = start
        return start

    def variable(self, op: Operation) -> int:
        """Where a variable's value lies while the tape runs."""
        if op not in self.variables:
            tensor = op._outputs[0]
            if tensor._dtype._base is not dtypes.float32 or tensor not in self.shapes:
                raise NotTaped
            count = _count(self.shapes[tensor])
            if count > _MOST_GRADIENTS:
                raise NotTaped
            place = self.room(count) if count <= _COPIED else (len(self.variables) + 1) << MARK
            self.variables[op] = place
        return self.variables[op]

    # instructions

    def row(self, op: Operation, *numbers: int) -> None:
        self.rows.append((*numbers, *[0] * (tape.WIDTH - len(numbers))))
        self.row_ops.append(op)

    def moved(self, op: Operation, places: np.ndarray) -> int:
        """Where the elements at `places` lie in that order: copied if they are apart."""
        flat = places.reshape(-1)
        if flat.size and (np.diff(flat) == 1).all():
            return int(flat[0])
        return self.copied(op, flat)

    def copied(self, op: Operation, places: np.ndarray) -> int:
        """A copy of the elements at `places`."""
        key = places.tobytes()
        if key not in self.copies:
            out = self.copies[key] = self.room(places.size)
            blocks = _blocks(places.reshape(-1))
            for start, source, *numbers in blocks:
                self.row(op, tape.BLOCKS, out + start, source, *numbers)
            if not blocks:
                if places.size > _MOST_MOVED or places.max(initial=0) >> MARK:
                    raise NotTaped
                self.row(op, tape.MOVE, out, places.size, self.table_size)
                self.table.append(places.reshape(-1))
                self.table_size += places.size
        return self.copies[key]

    def repeated(self, op: Operation, tensor: Tensor, times: int) -> int:
        """Each element of an input so many times, one after the other."""
        place, count = self.operand(tensor), _count(self.shapes[tensor])
        key = (place, times)
        if key not in self.copies:
            out = self.copies[key] = self.room(count * times)
            self.row(op, tape.REPEAT, out, place, count, times)
        return self.copies[key]

    def places(self, tensor: Tensor) -> np.ndarray:
        """Where each element of an input lies, in the input's shape."""
        shape = self.shapes[tensor]
        return np.arange(_count(shape)).reshape(shape) + self.operand(tensor)

    def spread(self, op: Operation, tensor: Tensor, shape: tuple[int, ...]) -> int:
        """An input broadcast to `shape`."""
        own = self.shapes[tensor]
        if _count(own) == _count(shape):
            return self.operand(tensor)
        own = (1,) * (len(shape) - len(own)) + own
        kept = max((axis + 1 for axis, size in enumerate(own) if size > 1), default=0)
        if own[:kept] == shape[:kept]:
            return self.repeated(op, tensor, _count(shape[kept:]))
        return self.copied(op, np.ravel(np.broadcast_to(self.places(tensor), shape)))


def _blocks(places: np.ndarray) -> list[tuple[int, ...]]:
    """The places as few series of equal blocks at equal distances; none where they are not such.

    Of each series: where it begins in the result and where in memory, the number of its blocks,
    the elements of one, and how far apart they are in the result and in memory.
    """
    starts = np.flatnonzero(np.diff(places, prepend=places[:1] - 2) != 1)
    if not places.size or places.size < _SHORTEST_BLOCK * len(starts):
        return []
    lengths = np.diff(starts, append=places.size)
    for series in range(1, _MOST_SERIES + 1):
        if len(starts) % series:
            continue
        laid = [a.reshape(-1, series) for a in (starts, places[starts], lengths)]
        steps = [np.diff(a, axis=0) for a in laid]
        if all((step == step[:1]).all() for step in steps) and not steps[2].any():
            apart = [step[0] if len(step) else np.zeros(series, int) for step in steps[:2]]
            columns = zip(laid[0][0], laid[1][0], laid[2][0], *apart, strict=True)
            return [
                (int(start), int(source), len(laid[0]), int(length), int(down), int(across))
                for start, source, length, down, across in columns
            ]
    return []


def _most(op: Operation) -> int:
    """How many elements an op's result may have."""
    large = op.type == "MatMul" or op.type in tape.UPDATES or op.type in _KEEPING
    return _MOST_GRADIENTS if large else _MOST_ELEMENTS


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


# One writer for each kind of op.


def _binary(asm: Assembler, op: Operation) -> None:
    out = op._outputs[0]
    shape = asm.shapes[out]
    x, y = (asm.spread(op, t, shape) for t in op._inputs)
    code = tape.BINARY[_SAME_AS.get(op.type, op.type)]
    asm.row(op, code, asm.result(out), _count(shape), x, y)


def _unary(asm: Assembler, op: Operation) -> None:
    out = op._outputs[0]
    x = asm.operand(op._inputs[0])
    asm.row(op, tape.UNARY[op.type], asm.result(out), _count(asm.shapes[out]), x)


def _select(asm: Assembler, op: Operation) -> None:
    condition, x, y = op._inputs
    out = op._outputs[0]
    shape = asm.shapes[out]
    if op.type == "Select" and asm.shapes[condition] not in (shape, ()):
        raise NotTaped  # a choice of whole rows
    places = [asm.spread(op, t, shape) for t in (condition, x, y)]
    asm.row(op, tape.SELECT, asm.result(out), _count(shape), *places)


def _cast(asm: Assembler, op: Operation) -> None:
    if op._inputs[0]._dtype._base not in _HELD or op._outputs[0]._dtype is not dtypes.float32:
        raise NotTaped
    if variable_of(op._inputs[0], asm.fed) is not None:
        raise NotTaped
    asm.place[op._outputs[0]] = asm.operand(op._inputs[0])


def _keeping(asm: Assembler, op: Operation) -> None:
    """The same elements in the same order: nothing is to do, but for those of a variable."""
    if variable_of(op._inputs[0], asm.fed) is None:
        asm.place[op._outputs[0]] = asm.operand(op._inputs[0], most=_MOST_GRADIENTS)
    elif op.type in ("Identity", "StopGradient"):
        raise NotTaped  # the variable itself
    else:
        _moving(asm, op)


def _moving(asm: Assembler, op: Operation) -> None:
    """Finds out what an op moves by giving its kernel the elements' places as its values."""
    arguments = []
    for t in op._inputs:
        if t._dtype._base in _HELD:
            arguments.append(asm.places(t) + 1)
        elif t in asm.constants:
            arguments.append(asm.constants[t])
        else:
            raise NotTaped
    moved = kernel_of(op, asm.session)(*arguments)
    of_variable = any(variable_of(t, asm.fed) is not None for t in op._inputs)
    for t, places in zip(
        op._outputs, moved if type(moved) in (list, tuple) else [moved], strict=True
    ):
        # A zero among them was made, not moved: it stands at place -1.
        places = np.asarray(places) - 1
        if (places < 0).any():
            raise NotTaped
        asm.place[t] = (asm.copied if of_variable else asm.moved)(op, places)


def _matmul(asm: Assembler, op: Operation) -> None:
    x, y = op._inputs
    out = op._outputs[0]
    m, n = asm.shapes[out]
    across_x, across_y = op._attrs["transpose_a"], op._attrs["transpose_b"]
    k = asm.shapes[x][0 if across_x else 1]
    if not k:
        raise NotTaped
    if m * k * n > _MOST_PRODUCTS:
        places = [asm.operand(t, most=_MOST_GRADIENTS) for t in (x, y)]
        asm.row(op, tape.LARGE_MATMUL, asm.result(out), *places, m, k, n, across_x, across_y)
        return
    if n < _FEW_COLUMNS:
        left = asm.copied(op, np.ravel(asm.places(x).T)) if across_x else asm.operand(x)
        turned = n > 1 and not across_y
        right = asm.copied(op, np.ravel(asm.places(y).T)) if turned else asm.operand(y)
        asm.row(op, tape.DOTS, asm.result(out), left, right, m, k, n)
        return
    right = asm.copied(op, np.ravel(asm.places(y).T)) if across_y else asm.operand(y)
    down, across = (1, m) if across_x else (k, 1)
    asm.row(op, tape.MATMUL, asm.result(out), asm.operand(x), right, m, k, n, down, across)


def _batch_matmul(asm: Assembler, op: Operation) -> None:
    x, y = op._inputs
    out = op._outputs[0]
    *batch, m, n = asm.shapes[out]
    across_x, across_y = op._attrs["adj_x"], op._attrs["adj_y"]
    k = asm.shapes[x][-2 if across_x else -1]
    count = _count(tuple(batch))
    shapes = (asm.shapes[x][:-2], asm.shapes[y][:-2])
    if shapes != (tuple(batch), tuple(batch)) or not k or count > _MOST_BATCHES:
        raise NotTaped
    places, result = [asm.operand(t) for t in (x, y)], asm.result(out)
    for i in range(count):
        starts = (result + i * m * n, places[0] + i * m * k, places[1] + i * k * n)
        asm.row(op, tape.LARGE_MATMUL, *starts, m, k, n, across_x, across_y)


def _sum(asm: Assembler, op: Operation) -> None:
    x, *axes = op._inputs
    shape = asm.shapes[x]
    if not axes:  # BiasAddGrad: all but the channels
        places = set(range(len(shape) - 1))
    elif axes[0] in asm.constants:
        places = {int(axis) % max(len(shape), 1) for axis in np.ravel(asm.constants[axes[0]])}
    else:
        raise NotTaped
    out = op._outputs[0]
    reduced = _count(tuple(shape[axis] for axis in places))
    kept = [axis for axis in range(len(shape)) if axis not in places]
    count = _count(asm.shapes[out])
    if reduced == 1 and variable_of(x, asm.fed) is None:  # nothing to add up
        asm.place[out] = asm.operand(x)
        return
    source, sizes = asm.operand(x), (count, reduced, 1)
    if places and kept and max(places) < min(kept):
        sizes = (1, reduced, count)
    elif places and kept and min(places) < max(kept):  # the reduced axes go last
        source = asm.copied(op, np.ravel(asm.places(x).transpose(*kept, *sorted(places))))
    divisor = reduced if op.type == "Mean" else 1
    if not reduced:
        raise NotTaped
    asm.row(op, tape.SUM, asm.result(out), source, *sizes, divisor)


def _add_n(asm: Assembler, op: Operation) -> None:
    out = op._outputs[0]
    count = _count(asm.shapes[out])
    total = asm.operand(op._inputs[0])
    places = [asm.operand(t) for t in op._inputs[1:]]
    result = asm.result(out)
    for place in places:
        asm.row(op, tape.BINARY["AddV2"], result, count, total, place)
        total = result
    if not places:
        if variable_of(op._inputs[0], asm.fed) is not None:
            raise NotTaped
        asm.place[out] = total


def _softmax(asm: Assembler, op: Operation) -> None:
    x, out = op._inputs[0], op._outputs[0]
    columns = asm.shapes[x][-1]
    if not columns:
        raise NotTaped
    rows = _count(asm.shapes[x]) // columns
    asm.row(op, tape.SOFTMAX, asm.result(out), asm.operand(x), rows, columns)


def _cross_entropy(asm: Assembler, op: Operation) -> None:
    x, labels = op._inputs
    sparse = op.type.startswith("Sparse")
    if len(asm.shapes[x]) != 2 or (not sparse and asm.shapes[labels] != asm.shapes[x]):
        raise NotTaped
    rows, columns = asm.shapes[x]
    if not columns or columns > _MOST_ELEMENTS:
        raise NotTaped
    wanted, source = asm.operand(labels, dtypes.int32, dtypes.int64), asm.operand(x)
    if source >> MARK:
        raise NotTaped  # an error's words need the values
    loss, slope = (asm.result(t) for t in op._outputs)
    code = tape.SPARSE_CROSS_ENTROPY if sparse else tape.CROSS_ENTROPY
    asm.row(op, code, slope, source, rows, columns, loss, wanted)


def _assign(asm: Assembler, op: Operation) -> None:
    target, value = op._inputs
    if asm.shapes[target] != asm.shapes[value]:
        raise NotTaped
    variable, count = _target(asm, target), _count(asm.shapes[target])
    place, source = asm.variable(variable), asm.operand(value)
    if op.type == "Assign":
        asm.row(op, tape.UNARY["Assign"], place, count, source)
    else:
        code = tape.BINARY["AddV2" if op.type == "AssignAdd" else "Sub"]
        asm.row(op, code, place, count, place, source)
    _changed(asm, op, variable)


def _update(asm: Assembler, op: Operation) -> None:
    if op._attrs.get("use_nesterov") or not op._attrs.get("update_slots", True):
        raise NotTaped
    shape = asm.shapes[op._inputs[0]]
    slots = [t for t in op._inputs if t._dtype._is_ref_dtype]
    grad = op._inputs[_GRADIENT_INPUT[op.type]]
    if any(asm.shapes[t] != shape for t in (*slots, grad)):
        raise NotTaped
    variables = [_target(asm, t) for t in slots]
    places = [asm.variable(variable) for variable in variables]
    places += [asm.operand(t, most=_MOST_GRADIENTS) for t in op._inputs[len(slots) :]]
    asm.row(op, tape.UPDATES[op.type], _count(shape), *places)
    for variable in variables:
        _changed(asm, op, variable)


def _target(asm: Assembler, tensor: Tensor) -> Operation:
    """The variable that an op changes."""
    variable = variable_of(tensor, asm.fed)
    if variable is None:
        raise NotTaped
    return variable


def _changed(asm: Assembler, op: Operation, variable: Operation) -> None:
    asm.written[variable] = op
    asm.copies.clear()  # some may have been of this variable


_SAME_AS = {"Add": "AddV2", "BiasAdd": "AddV2", "Div": "RealDiv"}
_GRADIENT_INPUT = {
    "ApplyGradientDescent": 2,
    "ApplyMomentum": 3,
    "ApplyAdagrad": 3,
    "ApplyRMSProp": 7,
    "ApplyAdam": 9,
}
_WRITERS: dict[str, Callable[[Assembler, Operation], None]] = {
    **dict.fromkeys([*tape.BINARY, *_SAME_AS], _binary),
    **dict.fromkeys(tape.UNARY, _unary),
    **dict.fromkeys(_KEEPING, _keeping),
    **dict.fromkeys(_MOVING, _moving),
    **dict.fromkeys(("Assign", "AssignAdd", "AssignSub"), _assign),
    **dict.fromkeys(tape.UPDATES, _update),
    "Select": _select,
    "SelectV2": _select,
    "Cast": _cast,
    "MatMul": _matmul,
    "BatchMatMul": _batch_matmul,
    "BatchMatMulV2": _batch_matmul,
    "Sum": _sum,
    "Mean": _sum,
    "BiasAddGrad": _sum,
    "AddN": _add_n,
    "Softmax": _softmax,
    "SoftmaxCrossEntropyWithLogits": _cross_entropy,
    "SparseSoftmaxCrossEntropyWithLogits": _cross_entropy,
}
TAPED = frozenset(_WRITERS)
