"""A recurrent network whose user decides at each step what goes in, what stays and when to end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, nest
from minitf.graph import colocate_with
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops.constants import constant
from minitf.ops.filling import zeros
from minitf.ops.logic import logical_not, logical_or
from minitf.ops.reductions import reduce_all
from minitf.ops.selecting import where
from minitf.ops.shapes import shape
from minitf.ops.tensor_array import TensorArray
from minitf.ops.while_loop import while_loop
from minitf.rnn_base import assert_like_rnncell, joined_sizes
from minitf.shape import TensorShape
from minitf.tensor import Tensor
from minitf.variable_scope import variable_scope


def raw_rnn(
    cell: Any,
    loop_fn: Callable[..., Any],
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """Runs `cell` until `loop_fn` says of all rows that they are finished.

    `loop_fn(time, cell_output, cell_state, loop_state)` returns five things: which rows are
    finished, the next input, the next state, what to emit (at first: an example of it, or None)
    and the next loop state. Returns the TensorArrays of what was emitted, zeros for finished
    rows, the last state and the last loop state.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError(f"Argument `loop_fn` must be a callable. Received: {loop_fn}.")
    with variable_scope(scope or "rnn") as own:
        if own.caching_device is None:
            own.set_caching_device(lambda op: op.device)
        time = constant(0, dtype=dtypes.int32)
        finished, first_input, state, emitted, loop_state = loop_fn(time, None, None, None)
        carried = constant(0, dtype=dtypes.int32) if loop_state is None else loop_state
        loop = _Loop(cell, loop_fn, first_input, state, emitted)
        returned = while_loop(
            lambda time, finished, *_: logical_not(reduce_all(finished)),
            loop.step,
            loop_vars=[time, finished, first_input, loop.arrays, loop.state, carried],
            parallel_iterations=parallel_iterations or 32,
            swap_memory=swap_memory,
        )
    arrays, last_state, last_loop_state = returned[-3:]
    return arrays, last_state, None if loop_state is None else last_loop_state


class _Loop:
    """What the steps share: the arrays written to, and zeros for rows that are finished."""

    def __init__(self, cell: Any, loop_fn: Any, first_input: Any, state: Any, emitted: Any) -> None:
        self.cell, self.loop_fn = cell, loop_fn
        flat_input = nest.flatten(first_input)
        known = flat_input[0].get_shape()[0]
        for x in flat_input:
            known.assert_is_compatible_with(x.get_shape()[0])
        batch_size = shape(flat_input[0])[0] if known.value is None else known.value
        nest.assert_same_structure(state, cell.state_size)
        flat_state = [convert_to_tensor(part) for part in nest.flatten(state)]
        self.state = nest.pack_sequence_as(state, flat_state)
        if emitted is None:
            emitted = cell.output_size
            sizes = nest.flatten(emitted)
            types = [flat_state[0].dtype] * len(sizes)
        else:
            parts = nest.flatten(emitted)
            sizes = [t.shape if t.shape.is_fully_defined() else shape(t) for t in parts]
            types = [t.dtype for t in parts]
        arrays = [
            TensorArray(
                dtype=dtype,
                dynamic_size=True,
                size=0,
                element_shape=TensorShape([known.value]).concatenate(_known_shape(size)),
                name=f"rnn_output_{i}",
            )
            for i, (dtype, size) in enumerate(zip(types, sizes, strict=True))
        ]
        self.arrays = nest.pack_sequence_as(emitted, arrays)
        nothing = [
            zeros(joined_sizes(batch_size, size), dtype)
            for size, dtype in zip(sizes, types, strict=True)
        ]
        self.nothing = nest.pack_sequence_as(emitted, nothing)

    def step(
        self, time: Tensor, finished: Any, x: Any, arrays: Any, state: Any, loop_state: Any
    ) -> tuple[Any, ...]:
        output, cell_state = self.cell(x, state)
        nest.assert_same_structure(state, cell_state)
        nest.assert_same_structure(self.cell.output_size, output)
        later = time + 1
        ended, next_input, next_state, emitted, next_loop_state = self.loop_fn(
            later, output, cell_state, loop_state
        )
        nest.assert_same_structure(state, next_state)
        nest.assert_same_structure(x, next_input)
        nest.assert_same_structure(arrays, emitted)
        emitted = _kept_where(finished, self.nothing, emitted)
        next_state = _kept_where(finished, state, next_state)
        arrays = nest.map_structure(lambda array, t: array.write(time, t), arrays, emitted)
        finished = logical_or(finished, ended)
        loop_state = loop_state if next_loop_state is None else next_loop_state
        return later, finished, next_input, arrays, next_state, loop_state


def _known_shape(size: Any) -> TensorShape:
    return TensorShape(constant_value(size) if isinstance(size, Tensor) else size)


def _kept_where(finished: Tensor, old: Any, new: Any) -> Any:
    """The old values in finished rows, the new ones in all others."""

    def chosen(before: Any, after: Any) -> Any:
        if isinstance(before, TensorArray) or before.shape.rank == 0:
            return after
        with colocate_with(after):
            return where(finished, before, after)

    return nest.map_structure(chosen, old, new)
