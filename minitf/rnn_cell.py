"""Cells of recurrent networks: basic, GRU, LSTM, stacked, with dropout (tf.nn.rnn_cell)."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from minitf import dtypes, nest
from minitf.cells_around import CellAround, DeviceWrapper, ResidualWrapper
from minitf.graph import name_scope
from minitf.infer import constant_value
from minitf.initial_values import constant_initializer, zeros_initializer
from minitf.op import convert_to_tensor
from minitf.ops.arithmetic import add, multiply
from minitf.ops.biases import bias_add
from minitf.ops.clipping import clip_by_value
from minitf.ops.constants import constant
from minitf.ops.cutting import split
from minitf.ops.division import divide
from minitf.ops.dropout import dropout
from minitf.ops.elementwise import floor, sigmoid, tanh
from minitf.ops.joining import concat
from minitf.ops.matmul import matmul
from minitf.ops.random import random_uniform
from minitf.ops.slicing import slice_of
from minitf.partitioned_variables import fixed_size_partitioner
from minitf.rnn_base import LayerRNNCell, RNNCell
from minitf.shape import TensorShape
from minitf.tensor import Tensor
from minitf.variable_scope import variable_scope

__all__ = [
    "BasicLSTMCell", "BasicRNNCell", "DeviceWrapper", "DropoutWrapper", "GRUCell", "LSTMCell",
    "LSTMStateTuple", "MultiRNNCell", "RNNCell", "ResidualWrapper",
]  # fmt: skip


class BasicRNNCell(LayerRNNCell):
    """activation(W [inputs, state] + b), which is both the output and the next state."""

    base_name = "basic_rnn_cell"

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, _reuse=reuse, **more)
        self._units, self._activation = num_units, activation or tanh

    @property
    def state_size(self) -> int:
        return self._units

    output_size = state_size

    def build(self, inputs_shape: Any) -> None:
        rows = self._depth(inputs_shape) + self._units
        self._kernel = self.add_variable("kernel", [rows, self._units])
        zeros = zeros_initializer(dtype=self.dtype)
        self._bias = self.add_variable("bias", [self._units], initializer=zeros)

    def call(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        summed = bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias)
        output = self._activation(summed)
        return output, output


class GRUCell(LayerRNNCell):
    """A gated recurrent unit (Cho et al. 2014): gates say what to forget and what to renew."""

    base_name = "gru_cell"

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, _reuse=reuse, **more)
        self._units, self._activation = num_units, activation or tanh
        self._initializers = kernel_initializer, bias_initializer

    @property
    def state_size(self) -> int:
        return self._units

    output_size = state_size

    def build(self, inputs_shape: Any) -> None:
        kernel, bias = self._initializers
        units, rows = self._units, self._depth(inputs_shape) + self._units
        open_gates = bias or constant_initializer(1.0, dtype=self.dtype)
        nothing = bias or zeros_initializer(dtype=self.dtype)
        self._gates = (
            self.add_variable("gates/kernel", [rows, 2 * units], initializer=kernel),
            self.add_variable("gates/bias", [2 * units], initializer=open_gates),
        )
        self._candidate = (
            self.add_variable("candidate/kernel", [rows, units], initializer=kernel),
            self.add_variable("candidate/bias", [units], initializer=nothing),
        )

    def call(self, inputs: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        kernel, bias = self._gates
        gates = sigmoid(bias_add(matmul(concat([inputs, state], 1), kernel), bias))
        reset, update = split(value=gates, num_or_size_splits=2, axis=1)
        kernel, bias = self._candidate
        kept = reset * state
        candidate = bias_add(matmul(concat([inputs, kept], 1), kernel), bias)
        fresh = self._activation(candidate)
        output = update * state + (1 - update) * fresh
        return output, output


class LSTMStateTuple(NamedTuple):
    """The state of an LSTM: its memory `c` and its output `h`."""

    c: Any
    h: Any

    @property
    def dtype(self) -> Any:
        """The type of both; TypeError where they differ."""
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


class BasicLSTMCell(LayerRNNCell):
    """Long short-term memory (Zaremba et al. 2014), without peepholes, clipping or projection."""

    base_name = "basic_lstm_cell"

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, _reuse=reuse, **more)
        self._units, self._activation = num_units, activation or tanh
        self._forget_bias, self._state_is_tuple = forget_bias, state_is_tuple

    @property
    def state_size(self) -> Any:
        units = self._units
        return LSTMStateTuple(units, units) if self._state_is_tuple else 2 * units

    @property
    def output_size(self) -> int:
        return self._units

    def build(self, inputs_shape: Any) -> None:
        rows = self._depth(inputs_shape) + self._units
        self._kernel = self.add_variable("kernel", [rows, 4 * self._units])
        zeros = zeros_initializer(dtype=self.dtype)
        self._bias = self.add_variable("bias", [4 * self._units], initializer=zeros)

    def call(self, inputs: Tensor, state: Any) -> tuple[Tensor, Any]:
        one = constant(1, dtype=dtypes.int32)
        if self._state_is_tuple:
            c, h = state
        else:
            c, h = split(value=state, num_or_size_splits=2, axis=one)
        summed = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(value=summed, num_or_size_splits=4, axis=one)
        forget_bias = constant(self._forget_bias, dtype=f.dtype)
        kept = multiply(c, sigmoid(add(f, forget_bias)))
        new_c = add(kept, multiply(sigmoid(i), self._activation(j)))
        new_h = multiply(self._activation(new_c), sigmoid(o))
        if self._state_is_tuple:
            return new_h, LSTMStateTuple(new_c, new_h)
        return new_h, concat([new_c, new_h], 1)


class LSTMCell(LayerRNNCell):
    """Long short-term memory (Sak et al. 2014): peepholes, clipping and projection as options."""

    base_name = "lstm_cell"

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, _reuse=reuse, **more)
        self._units, self._activation = num_units, activation or tanh
        self._peepholes, self._initializer = use_peepholes, initializer
        self._cell_clip, self._proj_clip = cell_clip, proj_clip
        self._shards = num_unit_shards, num_proj_shards
        self._forget_bias, self._state_is_tuple = forget_bias, state_is_tuple
        self._num_proj = num_proj
        self._width = num_proj or num_units

    @property
    def state_size(self) -> Any:
        sizes = LSTMStateTuple(self._units, self._width)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> int:
        return self._width

    def build(self, inputs_shape: Any) -> None:
        units, initializer = self._units, self._initializer
        parts = [None if n is None else fixed_size_partitioner(n) for n in self._shards]
        rows = self._depth(inputs_shape) + self._width
        self._kernel = self.add_variable(
            "kernel", [rows, 4 * units], initializer=initializer, partitioner=parts[0]
        )
        zeros = zeros_initializer(dtype=self.dtype)
        self._bias = self.add_variable("bias", [4 * units], initializer=zeros)
        if self._peepholes:
            self._w_f, self._w_i, self._w_o = (
                self.add_variable(f"w_{gate}_diag", [units], initializer=initializer)
                for gate in "fio"
            )
        if self._num_proj is not None:
            self._projection = self.add_variable(
                "projection/kernel", [units, self._num_proj], initializer=initializer,
                partitioner=parts[1],
            )  # fmt: skip

    def call(self, inputs: Tensor, state: Any) -> tuple[Tensor, Any]:
        if self._state_is_tuple:
            c, h = state
        else:
            c = slice_of(state, [0, 0], [-1, self._units])
            h = slice_of(state, [0, self._units], [-1, self._width])
        summed = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(value=summed, num_or_size_splits=4, axis=1)
        new_c = self._memory(c, i, j, f)
        if self._peepholes:
            new_h = sigmoid(o + self._w_o * new_c) * self._activation(new_c)
        else:
            new_h = sigmoid(o) * self._activation(new_c)
        if self._num_proj is not None:
            new_h = matmul(new_h, self._projection)
            if self._proj_clip is not None:
                new_h = clip_by_value(new_h, -self._proj_clip, self._proj_clip)
        if self._state_is_tuple:
            return new_h, LSTMStateTuple(new_c, new_h)
        return new_h, concat([new_c, new_h], 1)

    def _memory(self, c: Tensor, i: Tensor, j: Tensor, f: Tensor) -> Tensor:
        if self._peepholes:
            kept = sigmoid(f + self._forget_bias + self._w_f * c) * c
            new = kept + sigmoid(i + self._w_i * c) * self._activation(j)
        else:
            new = sigmoid(f + self._forget_bias) * c + sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            new = clip_by_value(new, -self._cell_clip, self._cell_clip)
        return new


class MultiRNNCell(RNNCell):
    """Cells one above the other: each one's outputs are the next one's inputs."""

    base_name = "multi_rnn_cell"

    def __init__(self, cells: Any, state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_nested(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        self._cells, self._state_is_tuple = cells, state_is_tuple
        if not state_is_tuple and any(nest.is_nested(cell.state_size) for cell in cells):
            raise ValueError(
                "Some cells return tuples of states, but the flag state_is_tuple is not set.  "
                f"State sizes are: {[cell.state_size for cell in cells]}"
            )

    @property
    def state_size(self) -> Any:
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        return self._cells[-1].output_size

    @property
    def trainable_variables(self) -> list[Any]:
        return [variable for cell in self._cells for variable in cell.trainable_variables]

    trainable_weights = trainable_variables

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Each cell's zero state."""
        if not self._state_is_tuple:
            return super().zero_state(batch_size, dtype)
        with name_scope(f"{type(self).__name__}ZeroState"):
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    def call(self, inputs: Any, state: Any) -> tuple[Any, Any]:
        first, states = 0, []
        for number, cell in enumerate(self._cells):
            with variable_scope(f"cell_{number}"):
                if self._state_is_tuple:
                    if not nest.is_nested(state):
                        raise ValueError(
                            f"Expected state to be a tuple of length {len(self.state_size)}, but "
                            f"received: {state}"
                        )
                    own = state[number]
                else:
                    own = slice_of(state, [0, first], [-1, cell.state_size])
                    first += cell.state_size
                inputs, new_state = cell(inputs, own)
                states.append(new_state)
        return inputs, tuple(states) if self._state_is_tuple else concat(states, 1)


class DropoutWrapper(CellAround):
    """A cell with dropout of its inputs, its states and its outputs."""

    base_name = "dropout_wrapper"

    def __init__(
        self,
        cell: Any,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(cell, dtype=dtype, **more)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._seed = seed
        self._state_filter = dropout_state_filter_visitor or _hidden_states_only
        with name_scope("DropoutWrapperInit"):
            self._keep = {
                "input": _probability("input_keep_prob", input_keep_prob),
                "state": _probability("state_keep_prob", state_keep_prob),
                "output": _probability("output_keep_prob", output_keep_prob),
            }
        self._noise: dict[str, list[Tensor]] | None = None
        if variational_recurrent:
            if dtype is None:
                raise ValueError("When variational_recurrent=True, dtype must be provided")
            self._make_noise(input_size, dtype)

    def _make_noise(self, input_size: Any, dtype: Any) -> None:
        """Noise that is the same at every step."""
        sizes = {"state": self.cell.state_size, "output": self.cell.output_size}
        if self._is_dropped("input"):
            if input_size is None:
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, "
                    "input_size must be provided"
                )
            sizes = {"input": input_size, **sizes}
        self._noise = {
            part: [
                random_uniform(
                    concat(([1], TensorShape(size).as_list()), 0), seed=self._seed_of(part, i),
                    dtype=dtype,
                )
                for i, size in enumerate(nest.flatten(nested))
            ]
            for part, nested in sizes.items()
        }  # fmt: skip

    def _is_dropped(self, part: str) -> bool:
        keep = self._keep[part]
        return not isinstance(keep, float) or keep < 1

    def _seed_of(self, part: str, index: int) -> int | None:
        if self._seed is None:
            return None
        text = f"{self._seed}{part}_{index}".encode()
        return int(hashlib.md5(text).hexdigest()[:8], 16) & 0x7FFFFFFF

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """The outputs and the next state."""
        inputs = self._dropped("input", inputs)
        output, new_state = self.cell(inputs, state, scope=scope)
        new_state = self._dropped("state", new_state)
        return self._dropped("output", output), new_state

    def _dropped(self, part: str, values: Any) -> Any:
        if not self._is_dropped(part):
            return values
        keep, flat = self._keep[part], nest.flatten(values)
        chosen = _chosen(self._state_filter, values) if part == "state" else [True] * len(flat)
        results = []
        for i, (value, drop) in enumerate(zip(flat, chosen, strict=True)):
            if not drop:
                results.append(value)
            elif self._noise is None:
                results.append(dropout(value, rate=1.0 - keep, seed=self._seed_of(part, i)))
            else:
                mask = floor(keep + self._noise[part][i])
                result = divide(value, keep) * mask
                result.set_shape(value.shape)
                results.append(result)
        return nest.pack_sequence_as(values, results)


def _probability(name: str, value: Any) -> Any:
    """A float where it is known, else a tensor; ValueError outside [0, 1]."""
    tensor = convert_to_tensor(value)
    known = constant_value(tensor)
    if known is None:
        return tensor
    if known < 0 or known > 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {int(known)}")
    return float(known)


def _hidden_states_only(state: Any) -> Any:
    """Of an LSTM's state only its output is dropped: memory lasts."""
    return LSTMStateTuple(False, True) if isinstance(state, LSTMStateTuple) else True


def _chosen(visit: Any, state: Any) -> list[bool]:
    """For each tensor of a state whether it is dropped, as the filter says."""
    answer = visit(state)
    if nest.is_nested(answer):
        return [flag for flags, part in zip(answer, state, strict=True) for flag in (
            [flags] * len(nest.flatten(part)) if isinstance(flags, bool) else _chosen(visit, part)
        )]  # fmt: skip
    if not answer:
        return [False] * len(nest.flatten(state))
    if nest.is_nested(state):
        return [flag for part in nest.flatten_up_to(list(range(len(state))), list(state))
                for flag in _chosen(visit, part)]  # fmt: skip
    return [True]
