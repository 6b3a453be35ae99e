"""Recurrent networks: a cell along a sequence, unrolled or in a loop, forwards or both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, nest
from minitf.graph import colocate_with, control_dependencies, get_default_graph, name_scope
from minitf.infer import constant_value
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import maximum, minimum
from minitf.ops.asserting import Assert
from minitf.ops.casts import cast
from minitf.ops.cond import cond
from minitf.ops.constants import constant, identity
from minitf.ops.cutting import unstack
from minitf.ops.filling import range_of, zeros
from minitf.ops.joining import concat, stack
from minitf.ops.logic import equal
from minitf.ops.rearranging import reverse, reverse_sequence, transpose
from minitf.ops.reductions import reduce_all, reduce_max, reduce_min
from minitf.ops.selecting import where
from minitf.ops.shapes import rank, shape
from minitf.ops.tensor_array import TensorArray
from minitf.ops.while_loop import while_loop
from minitf.rnn_base import assert_like_rnncell, joined_sizes
from minitf.shape import TensorShape
from minitf.tensor import Tensor
from minitf.user_lines import tells_lines
from minitf.variable_scope import variable_scope


def _transposed(x: Tensor) -> Tensor:
    """Batch and time exchanged."""
    known = x.shape
    if known.rank is not None and known.rank < 2:
        return x
    order = concat(([1, 0], range_of(2, rank(x))), axis=0)
    result = transpose(x, order)
    result.set_shape(TensorShape([known[1], known[0]]).concatenate(known[2:]))
    return result


def _batch_size(flat_inputs: Any) -> Any:
    for x in flat_inputs:
        if x.shape.rank is None:
            continue
        if x.shape.rank < 2:
            raise ValueError(
                f"Input tensor should have rank >= 2. Received input={x} of rank {x.shape.rank}"
            )
        if x.shape.as_list()[1] is not None:
            return x.shape.as_list()[1]
    return shape(flat_inputs[0])[1]


def _state_dtype(dtype: Any, state: Any) -> Any:
    if dtype is not None:
        return dtype
    found = [part.dtype for part in nest.flatten(state)]
    if not found:
        raise ValueError(f"Unable to infer dtype from argument state={state}.")
    if any(other != found[0] for other in found):
        raise ValueError(
            f"Argument state={state} has tensors of different inferred dtypes. Unable to infer a "
            f"single representative dtype. Dtypes received: {found}"
        )
    return found[0]


def _first_state(cell: Any, initial_state: Any, batch_size: Any, dtype: Any) -> Any:
    if initial_state is not None:
        return initial_state
    if not dtype:
        raise ValueError("If no initial_state is provided, argument `dtype` must be specified")
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def _cache_where_used(scope: Any) -> None:
    """Variables are read on the devices of the ops that use them, outside of loops."""
    context = get_default_graph()._control_flow_context
    in_loop = context is not None and context.while_context() is not None
    if not in_loop and scope.caching_device is None:
        scope.set_caching_device(lambda op: op.device)


class _Lengths:
    """The sequences' lengths: past its end a sequence gives zeros and keeps its state."""

    def __init__(self, lengths: Tensor, zero_output: Any) -> None:
        self.lengths = lengths
        self.zero_output = zero_output
        self.shortest, self.longest = reduce_min(lengths), reduce_max(lengths)

    def step(self, time: Any, state: Any, call: Callable[[], Any], always: bool) -> Any:
        """One step; `always` does it even when every sequence has ended."""
        old = nest.flatten(self.zero_output) + nest.flatten(state)
        ended = time >= self.lengths

        def keep_ended(new: list[Any]) -> list[Any]:
            return [self._kept(ended, a, b) for a, b in zip(old, new, strict=True)]

        def perhaps() -> list[Any]:
            new = self._called(call, state)
            return cond(time < self.shortest, lambda: new, lambda: keep_ended(new))

        if always:
            results = keep_ended(self._called(call, state))
        else:
            results = cond(time >= self.longest, lambda: old, perhaps)
        for result, before in zip(results, old, strict=True):
            result.set_shape(before.shape)
        count = len(nest.flatten(self.zero_output))
        output = nest.pack_sequence_as(self.zero_output, results[:count])
        return output, nest.pack_sequence_as(state, results[count:])

    def _called(self, call: Callable[[], Any], state: Any) -> list[Any]:
        output, new_state = call()
        nest.assert_same_structure(self.zero_output, output)
        nest.assert_same_structure(state, new_state)
        return nest.flatten(output) + nest.flatten(new_state)

    @staticmethod
    def _kept(ended: Tensor, old: Any, new: Any) -> Any:
        if old.shape.rank == 0:
            return new
        with colocate_with(new):
            return where(ended, old, new)


@tells_lines
def static_rnn(
    cell: Any,
    inputs: Any,
    initial_state: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """A cell along a list of inputs, unrolled: the list of outputs, and the last state.

    Raises TypeError and ValueError for inputs that are no list or of unknown size, and without
    state and type.
    """
    assert_like_rnncell("cell", cell)
    if not nest.is_nested(inputs):
        raise TypeError(f"Argument `inputs` must be a sequence. Received: {inputs}")
    if not inputs:
        raise ValueError("Argument `inputs` must not be empty.")
    outputs = []
    with variable_scope(scope or "rnn") as variables:
        _cache_where_used(variables)
        first = nest.flatten(inputs)[0]
        known_batch = _static_batch(first, nest.flatten(inputs))
        batch_size = known_batch or shape(first)[0]
        state = _first_state(cell, initial_state, batch_size, dtype)
        lengths = None
        if sequence_length is not None:
            sequence_length = convert_to_tensor(sequence_length, name="sequence_length")
            if sequence_length.shape.rank not in (None, 1):
                raise ValueError(
                    f"Argument `sequence_length` must be a vector of length {batch_size}. Received "
                    f"sequence_length={sequence_length}."
                )
            zero = _zero_outputs(cell, batch_size, _state_dtype(dtype, state))
            for output, size in zip(
                nest.flatten(zero), nest.flatten(cell.output_size), strict=True
            ):
                output.set_shape(joined_sizes(known_batch, size, static=True))
            lengths = _Lengths(cast(sequence_length, dtypes.int32), zero)
        for time, x in enumerate(inputs):
            if time > 0:
                variables.reuse_variables()
            if lengths is None:
                output, state = cell(x, state)
            else:
                output, state = _static_step(lengths, time, cell, x, state)
            outputs.append(output)
        return outputs, state


def _static_step(lengths: _Lengths, time: int, cell: Any, x: Any, state: Any) -> Any:
    return lengths.step(time, state, lambda: cell(x, state), always=False)


def _static_batch(first: Tensor, flat_inputs: list[Tensor]) -> int | None:
    if first.shape.rank == 1:
        return first.shape.as_list()[0]
    batch = first.shape.with_rank_at_least(2)[:1]
    for x in flat_inputs:
        known = x.shape.with_rank_at_least(2)
        batch.assert_is_compatible_with(known[:1])
        for i, size in enumerate(known[1:].as_list()):
            if size is None:
                raise ValueError(
                    f"Input size (dimension {i} of input {x}) must be accessible via shape "
                    "inference, but saw value None."
                )
    return None if batch.rank is None else batch.as_list()[0]


def _zero_outputs(cell: Any, batch_size: Any, dtype: Any) -> Any:
    def zero(size: Any) -> Tensor:
        return zeros(stack(joined_sizes(batch_size, size)), dtype)

    flat = [zero(size) for size in nest.flatten(cell.output_size)]
    return nest.pack_sequence_as(cell.output_size, flat)


@tells_lines
def dynamic_rnn(
    cell: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """A cell along a batch of sequences [batch, time, ...], in a loop: outputs and last state.

    Past its length a sequence gives zeros and keeps its state. ValueError without state and type.
    """
    assert_like_rnncell("cell", cell)
    with variable_scope(scope or "rnn") as variables:
        _cache_where_used(variables)
        flat = nest.flatten(inputs)
        if not time_major:
            flat = [convert_to_tensor(x) for x in flat]
            flat = [_transposed(x) for x in flat]
        if sequence_length is not None:
            sequence_length = _as_lengths(sequence_length)
        batch_size = _batch_size(flat)
        state = _first_state(cell, initial_state, batch_size, dtype)
        if sequence_length is not None:
            with control_dependencies([_assert_shape(sequence_length, [batch_size])]):
                sequence_length = identity(sequence_length, name="CheckSeqLen")
        options = {
            "parallel_iterations": parallel_iterations or 32,
            "swap_memory": swap_memory,
        }
        loop = _Loop(cell, nest.pack_sequence_as(inputs, flat), state, dtype)
        outputs, state = loop.run(sequence_length, options)
        if not time_major:
            outputs = nest.map_structure(_transposed, outputs)
        return outputs, state


def _as_lengths(sequence_length: Any) -> Tensor:
    lengths = cast(sequence_length, dtypes.int32)
    if lengths.shape.rank not in (None, 1):
        raise ValueError(
            "Argument sequence_length must be a vector of length batch_size. Received "
            f"sequence_length={lengths} of shape: {lengths.shape}"
        )
    return identity(lengths, name="sequence_length")


def _assert_shape(x: Tensor, wanted: list[Any]) -> Any:
    found, packed = shape(x), stack(wanted)
    return Assert(
        reduce_all(equal(found, packed)),
        [f"Expected shape for Tensor {x.name} is ", packed, " but saw shape: ", found],
    )


class _Loop:
    """The while loop of `dynamic_rnn`."""

    def __init__(self, cell: Any, inputs: Any, state: Any, dtype: Any) -> None:
        self.cell, self.inputs, self.state = cell, inputs, state
        self.flat_inputs = nest.flatten(inputs)
        self.output_sizes = nest.flatten(cell.output_size)
        self.time_steps = shape(self.flat_inputs[0])[0]
        self.batch_size = _batch_size(self.flat_inputs)
        self.shapes = [x.shape.with_rank_at_least(3) for x in self.flat_inputs]
        self.known_steps, self.known_batch = self.shapes[0].as_list()[:2]
        self._check_shapes()
        self.dtype = dtype

    def _check_shapes(self) -> None:
        for x, known in zip(self.flat_inputs, self.shapes, strict=True):
            if not known[2:].is_fully_defined():
                raise ValueError(
                    "Input size (depth of inputs) must be accessible via shape inference, but saw "
                    f"value None for input={x}."
                )
            steps, batch = known.as_list()[:2]
            if steps != self.known_steps:
                raise ValueError(
                    "Time steps is not the same for all the elements in the input in a batch. "
                    f"Received time steps={steps} for input={x}."
                )
            if batch != self.known_batch:
                raise ValueError(
                    "Batch_size is not the same for all the elements in the input. Received batch "
                    f"size={batch} for input={x}."
                )

    def run(self, sequence_length: Any, options: dict[str, Any]) -> tuple[Any, Any]:
        """Outputs, time first, and the last state."""
        zero = _zero_outputs(self.cell, self.batch_size, _state_dtype(self.dtype, self.state))
        lengths = None if sequence_length is None else _Lengths(sequence_length, zero)
        longest = self.time_steps if lengths is None else lengths.longest
        time = constant(0, dtype=dtypes.int32, name="time")
        with name_scope("dynamic_rnn") as base:
            pass
        outputs = self._output_arrays(base)
        inputs = self._input_arrays(base)
        bound = minimum(self.time_steps, maximum(1, longest))

        def body(time: Tensor, arrays: Any, state: Any) -> Any:
            return self._step(time, arrays, state, inputs, lengths)

        _, arrays, state = while_loop(
            lambda time, *_: time < bound, body, (time, outputs, self.state),
            maximum_iterations=self.time_steps, **options,
        )  # fmt: skip
        results = [array.stack() for array in arrays]
        for result, size in zip(results, self.output_sizes, strict=True):
            outer = [self.known_steps, self.known_batch]
            result.set_shape(joined_sizes(outer, size, static=True))
        return nest.pack_sequence_as(self.cell.output_size, results), state

    def _output_arrays(self, base: str) -> tuple[TensorArray, ...]:
        dtype = _state_dtype(self.dtype, self.state)
        arrays = []
        for i, size in enumerate(self.output_sizes):
            if isinstance(size, Tensor):
                size = constant_value(size)
            element = TensorShape([self.known_batch]).concatenate(TensorShape(size))
            arrays.append(self._array(f"{base}output_{i}", element, dtype))
        return tuple(arrays)

    def _input_arrays(self, base: str) -> list[TensorArray]:
        arrays = [
            self._array(f"{base}input_{i}", x.shape[1:], x.dtype)
            for i, x in enumerate(self.flat_inputs)
        ]
        return [array.unstack(x) for array, x in zip(arrays, self.flat_inputs, strict=True)]

    def _array(self, name: str, element_shape: TensorShape, dtype: Any) -> TensorArray:
        return TensorArray(
            dtype=dtype, size=self.time_steps, element_shape=element_shape, tensor_array_name=name
        )

    def _step(
        self, time: Tensor, arrays: Any, state: Any, inputs: list[TensorArray], lengths: Any
    ) -> Any:
        read = [array.read(time) for array in inputs]
        for x, known in zip(read, self.shapes, strict=True):
            x.set_shape(known[1:])
        x = nest.pack_sequence_as(self.inputs, read)
        if lengths is None:
            output, new_state = self.cell(x, state)
        else:
            output, new_state = lengths.step(time, state, lambda: self.cell(x, state), always=True)
        flat = nest.flatten(output)
        written = [array.write(time, out) for array, out in zip(arrays, flat, strict=True)]
        return time + 1, tuple(written), new_state


def _reversed_list(sequence: Any, lengths: Any) -> list[Any]:
    """The sequence backwards, each example up to its length."""
    if lengths is None:
        return list(reversed(sequence))
    columns = []
    for parts in zip(*[nest.flatten(x) for x in sequence], strict=True):
        known = TensorShape(None if parts[0].shape.rank is None else [None] * parts[0].shape.rank)
        for part in parts:
            known.assert_is_compatible_with(part.shape)
            part.set_shape(known)
        turned = unstack(reverse_sequence(stack(parts), lengths, 0, 1))
        for part in turned:
            part.set_shape(known)
        columns.append(turned)
    rows = zip(*columns, strict=True)
    return [nest.pack_sequence_as(x, list(row)) for x, row in zip(sequence, rows, strict=True)]


@tells_lines
def static_bidirectional_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any, Any]:
    """Two cells, one forwards and one backwards, unrolled: joined outputs, and both last states."""
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    if not nest.is_nested(inputs):
        raise TypeError(f"Argument `inputs` must be a sequence. Received: {inputs}")
    if not inputs:
        raise ValueError("Argument `inputs` must not be empty.")
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw:
            forwards, state_fw = static_rnn(
                cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope=fw
            )
        with variable_scope("bw") as bw:
            turned = _reversed_list(inputs, sequence_length)
            backwards, state_bw = static_rnn(
                cell_bw, turned, initial_state_bw, dtype, sequence_length, scope=bw
            )
    backwards = _reversed_list(backwards, sequence_length)
    pairs = zip(nest.flatten(forwards), nest.flatten(backwards), strict=True)
    joined = [concat([a, b], 1) for a, b in pairs]
    return nest.pack_sequence_as(forwards, joined), state_fw, state_bw


@tells_lines
def bidirectional_dynamic_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Two cells, one forwards and one backwards, in loops: both outputs, and both last states."""
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    time, batch = (0, 1) if time_major else (1, 0)

    def turned(x: Tensor) -> Tensor:
        if sequence_length is None:
            return reverse(x, axis=[time])
        return reverse_sequence(x, sequence_length, seq_axis=time, batch_axis=batch)

    def run(cell: Any, inputs: Any, state: Any, scope: Any) -> Any:
        return dynamic_rnn(
            cell, inputs, sequence_length, state, dtype, parallel_iterations, swap_memory,
            time_major, scope,
        )  # fmt: skip

    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw:
            forwards, state_fw = run(cell_fw, inputs, initial_state_fw, fw)
        with variable_scope("bw") as bw:
            backwards, state_bw = run(
                cell_bw, nest.map_structure(turned, inputs), initial_state_bw, bw
            )
    return (forwards, turned(backwards)), (state_fw, state_bw)
