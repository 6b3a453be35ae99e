"""Decoders that say step by step what comes next, and the loop that runs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from minitf import dtypes, nest
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.casts import cast
from minitf.ops.cond import cond
from minitf.ops.constants import constant
from minitf.ops.embedding import embedding_lookup
from minitf.ops.filling import fill, zeros, zeros_like
from minitf.ops.joining import concat
from minitf.ops.logic import equal, logical_not, logical_or
from minitf.ops.padding import tile
from minitf.ops.positions import argmax
from minitf.ops.reductions import reduce_all
from minitf.ops.selecting import where
from minitf.ops.shapes import shape, size
from minitf.ops.tensor_array import TensorArray
from minitf.ops.while_loop import while_loop
from minitf.rnn import _transposed
from minitf.rnn_base import assert_like_rnncell
from minitf.shape import TensorShape
from minitf.tensor import Tensor
from minitf.variable_scope import variable_scope


class Helper:
    """What a decoder reads at each step, and when it is done.

    A helper defines `batch_size`, `initialize`, `sample` and `next_inputs`.
    """

    sample_ids_shape = TensorShape([])
    sample_ids_dtype = dtypes.int32

    batch_size: Tensor

    def initialize(self, name: str | None = None) -> tuple[Tensor, Any]:
        """Which examples are done from the start, and the first inputs."""
        raise NotImplementedError

    def sample(self, time: Tensor, outputs: Any, state: Any, name: str | None = None) -> Tensor:
        """What a step's outputs stand for."""
        raise NotImplementedError

    def next_inputs(
        self, time: Tensor, outputs: Any, state: Any, sample_ids: Tensor, name: str | None = None
    ) -> tuple[Tensor, Any, Any]:
        """Which examples are done, the next inputs, and the state."""
        raise NotImplementedError


class TrainingHelper(Helper):
    """Reads the sequences that are given, of the lengths that are given."""

    def __init__(
        self, inputs: Any, sequence_length: Any, time_major: bool = False, name: str | None = None
    ) -> None:
        """Raises ValueError unless the lengths are a vector."""
        with name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            inputs = nest.map_structure(lambda x: convert_to_tensor(x, name="inputs"), inputs)
            if not time_major:
                inputs = nest.map_structure(_transposed, inputs)
            self._arrays = nest.map_structure(_unstacked, inputs)
            self._lengths = convert_to_tensor(sequence_length, name="sequence_length")
            if self._lengths.shape.rank != 1:
                raise ValueError(
                    "Expected sequence_length to be a vector, but received shape: "
                    f"{self._lengths.shape}"
                )
            self._zero_inputs = nest.map_structure(lambda x: zeros_like(x[0, :]), inputs)
            self.batch_size = shape(self._lengths)[0]
        self.inputs = inputs

    @property
    def sequence_length(self) -> Tensor:
        return self._lengths

    def _read(self, all_done: Tensor, time: Any) -> Any:
        return cond(
            all_done,
            lambda: self._zero_inputs,
            lambda: nest.map_structure(lambda array: array.read(time), self._arrays),
        )

    def initialize(self, name: str | None = None) -> tuple[Tensor, Any]:
        with name_scope(name, "TrainingHelperInitialize"):
            finished = equal(0, self._lengths)
            return finished, self._read(reduce_all(finished), 0)

    def sample(self, time: Tensor, outputs: Any, state: Any, name: str | None = None) -> Tensor:
        with name_scope(name, "TrainingHelperSample", [time, outputs]):
            return cast(argmax(outputs, axis=-1), dtypes.int32)

    def next_inputs(
        self, time: Tensor, outputs: Any, state: Any, sample_ids: Tensor, name: str | None = None
    ) -> tuple[Tensor, Any, Any]:
        with name_scope(name, "TrainingHelperNextInputs", [time, outputs, state]):
            following = time + 1
            finished = following >= self._lengths
            return finished, self._read(reduce_all(finished), following), state


def _unstacked(x: Tensor) -> TensorArray:
    return TensorArray(dtype=x.dtype, size=shape(x)[0], element_shape=x.shape[1:]).unstack(x)


class GreedyEmbeddingHelper(Helper):
    """Reads the vector of the most likely word of the last step, until `end_token` comes."""

    def __init__(self, embedding: Any, start_tokens: Any, end_token: Any) -> None:
        """`embedding` is a table, or a function of ids. ValueError for tokens of other ranks."""
        self._embed: Callable[[Any], Tensor] = (
            embedding if callable(embedding) else lambda ids: embedding_lookup(embedding, ids)
        )
        self._start_tokens = convert_to_tensor(start_tokens, dtypes.int32, name="start_tokens")
        self._end_token = convert_to_tensor(end_token, dtypes.int32, name="end_token")
        if self._start_tokens.shape.rank != 1:
            raise ValueError("start_tokens must be a vector")
        self.batch_size = size(start_tokens)
        if self._end_token.shape.rank != 0:
            raise ValueError("end_token must be a scalar")
        self._start_inputs = self._embed(self._start_tokens)

    def initialize(self, name: str | None = None) -> tuple[Tensor, Any]:
        return tile([False], [self.batch_size]), self._start_inputs

    def sample(self, time: Tensor, outputs: Any, state: Any, name: str | None = None) -> Tensor:
        if not isinstance(outputs, Tensor):
            raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
        return argmax(outputs, axis=-1, output_type=dtypes.int32)

    def next_inputs(
        self, time: Tensor, outputs: Any, state: Any, sample_ids: Tensor, name: str | None = None
    ) -> tuple[Tensor, Any, Any]:
        finished = equal(sample_ids, self._end_token)
        following = cond(
            reduce_all(finished), lambda: self._start_inputs, lambda: self._embed(sample_ids)
        )
        return finished, following, state


class BasicDecoderOutput(NamedTuple):
    """A step's output, and what it stands for."""

    rnn_output: Any
    sample_id: Any


class BasicDecoder:
    """A cell, and perhaps a layer of its outputs, that reads what a helper gives it."""

    tracks_own_finished = False

    def __init__(
        self, cell: Any, helper: Helper, initial_state: Any, output_layer: Any = None
    ) -> None:
        """Raises TypeError for a cell that is none."""
        assert_like_rnncell("cell", cell)
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self) -> Tensor:
        return self._helper.batch_size

    @property
    def output_size(self) -> BasicDecoderOutput:
        """The shape of each part of an output."""
        known = self._cell.output_size
        if self._output_layer is not None:
            known = TensorShape([self._output_layer.units])
        return BasicDecoderOutput(known, self._helper.sample_ids_shape)

    @property
    def output_dtype(self) -> BasicDecoderOutput:
        """The type of each part of an output."""
        dtype = nest.flatten(self._initial_state)[0].dtype
        outputs = nest.map_structure(lambda _: dtype, self._cell.output_size)
        return BasicDecoderOutput(outputs, self._helper.sample_ids_dtype)

    def initialize(self, name: str | None = None) -> tuple[Any, Any, Any]:
        """Which examples are done from the start, the first inputs and the first state."""
        return (*self._helper.initialize(), self._initial_state)

    def step(
        self, time: Tensor, inputs: Any, state: Any, name: str | None = None
    ) -> tuple[Any, Any, Any, Any]:
        """Outputs, the next state and inputs, and which examples are done."""
        with name_scope(name, "BasicDecoderStep", [time, inputs, state]):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            ids = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=ids
            )
        return BasicDecoderOutput(outputs, ids), state, inputs, finished


def _flat_shapes(decoder: Any) -> list[TensorShape]:
    parts = [decoder.output_size.rnn_output, decoder.output_size.sample_id]
    return [TensorShape(part) if not isinstance(part, int) else TensorShape([part])
            for part in parts]  # fmt: skip


class _Loop:
    """What is done at each step, and the arrays that its outputs go into."""

    def __init__(self, decoder: Any, impute_finished: bool) -> None:
        self._decoder, self._imputes = decoder, impute_finished
        shapes, kinds = _flat_shapes(decoder), nest.flatten(decoder.output_dtype)
        self._parts = list(zip(shapes, kinds, strict=True))
        self._zeros = [
            zeros(_batch_of(decoder.batch_size, known), kind) for known, kind in self._parts
        ]

    def arrays(self) -> tuple[TensorArray, ...]:
        return tuple(
            TensorArray(
                dtype=kind, size=0, dynamic_size=True,
                element_shape=TensorShape([None]).concatenate(known),
            )
            for known, kind in self._parts
        )  # fmt: skip

    def goes_on(self, time: Any, arrays: Any, state: Any, inputs: Any, finished: Any, _: Any):
        return logical_not(reduce_all(finished))

    def step(
        self, time: Any, arrays: Any, state: Any, inputs: Any, finished: Any, lengths: Any
    ) -> tuple[Any, ...]:
        outputs, new_state, inputs, done = self._decoder.step(time, inputs, state)
        if not self._decoder.tracks_own_finished:
            done = logical_or(done, finished)
        counted = where(logical_not(finished), fill(shape(lengths), time + 1), lengths)
        emitted = nest.flatten(outputs)
        if self._imputes:
            emitted = [
                where(finished, zero, part) for zero, part in zip(self._zeros, emitted, strict=True)
            ]
            new_state = nest.map_structure(
                lambda new, old: _kept(finished, new, old), new_state, state
            )
        written = tuple(a.write(time, out) for a, out in zip(arrays, emitted, strict=True))
        return time + 1, written, new_state, inputs, done, counted


def _batch_of(batch_size: Tensor, known: TensorShape) -> Any:
    return concat([[batch_size], known.as_list()], 0) if known.rank else [batch_size]


def dynamic_decode(
    decoder: Any,
    output_time_major: bool = False,
    impute_finished: bool = False,
    maximum_iterations: Any = None,
    parallel_iterations: int = 32,
    swap_memory: bool = False,
    scope: Any = None,
) -> tuple[Any, Any, Tensor]:
    """A decoder's outputs [batch, time, ...], its last state, and how long each sequence is.

    It runs until all examples are done. With `impute_finished` those that are done give zeros and
    keep their state. Raises ValueError for a `maximum_iterations` that is no scalar.
    """
    with variable_scope(scope, "decoder"):
        if maximum_iterations is not None:
            maximum_iterations = convert_to_tensor(
                maximum_iterations, dtypes.int32, name="maximum_iterations"
            )
            if maximum_iterations.shape.rank != 0:
                raise ValueError("maximum_iterations must be a scalar")
        finished, inputs, state = decoder.initialize()
        loop = _Loop(decoder, impute_finished)
        if maximum_iterations is not None:
            finished = logical_or(finished, maximum_iterations <= 0)
        lengths = zeros_like(finished, dtype=dtypes.int32)
        _, arrays, state, _, _, lengths = while_loop(
            loop.goes_on,
            loop.step,
            (constant(0, dtype=dtypes.int32), loop.arrays(), state, inputs, finished, lengths),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        outputs = [array.stack() for array in arrays]
        if not output_time_major:
            outputs = [_transposed(part) for part in outputs]
        return nest.pack_sequence_as(decoder.output_dtype, outputs), state, lengths


def _kept(finished: Tensor, new: Any, old: Any) -> Any:
    if isinstance(old, TensorArray):
        return new
    new.set_shape(old.shape)
    return new if new.shape.rank == 0 else where(finished, old, new)
