"""Networks that turn one list of steps into another, without attention."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from minitf import dtypes, nest
from minitf.contrib.rnn_wrappers import EmbeddingWrapper, OutputProjectionWrapper
from minitf.op import convert_to_tensor
from minitf.ops.biases import xw_plus_b
from minitf.ops.cond import cond
from minitf.ops.constants import stop_gradient
from minitf.ops.embedding import embedding_lookup
from minitf.ops.positions import argmax
from minitf.rnn import static_rnn
from minitf.tensor import Tensor
from minitf.variable_scope import get_variable, get_variable_scope, variable_scope


def best_embedded(
    embedding: Any, output_projection: Any = None, update_embedding: bool = True
) -> Callable[[Tensor, int], Tensor]:
    """A loop function: the vector of the word that the last output holds most likely."""

    def loop_function(previous: Tensor, _: int) -> Tensor:
        if output_projection is not None:
            previous = xw_plus_b(previous, output_projection[0], output_projection[1])
        vectors = embedding_lookup(embedding, argmax(previous, 1))
        return vectors if update_embedding else stop_gradient(vectors)

    return loop_function


def check_projection(output_projection: Any, shapes: tuple[Any, Any], dtype: Any) -> None:
    """ValueError unless a projection's weights and biases have these shapes."""
    for part, shape in zip(output_projection, shapes, strict=True):
        convert_to_tensor(part, dtype=dtype).shape.assert_is_compatible_with(shape)


def rnn_decoder(
    decoder_inputs: Iterable[Tensor],
    initial_state: Any,
    cell: Any,
    loop_function: Callable[[Tensor, int], Tensor] | None = None,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """A cell's output at each step, and its last state.

    With a `loop_function(output, step)` each step's input is made from the last output.
    """
    with variable_scope(scope or "rnn_decoder"):
        state, outputs, previous = initial_state, [], None
        for step, x in enumerate(decoder_inputs):
            if loop_function is not None and previous is not None:
                with variable_scope("loop_function", reuse=True):
                    x = loop_function(previous, step)
            if step:
                get_variable_scope().reuse_variables()
            output, state = cell(x, state)
            outputs.append(output)
            if loop_function is not None:
                previous = output
    return outputs, state


def basic_rnn_seq2seq(
    encoder_inputs: list[Tensor],
    decoder_inputs: list[Tensor],
    cell: Any,
    dtype: Any = dtypes.float32,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """A network that reads, then another of the same kind that goes on from its state."""
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: list[Tensor],
    decoder_inputs: list[Tensor],
    cell: Any,
    loop_function: Any = None,
    dtype: Any = dtypes.float32,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """The same with one network for both."""
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def embedding_rnn_decoder(
    decoder_inputs: list[Tensor],
    initial_state: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """`rnn_decoder` of words' numbers; with `feed_previous` each step reads the last one's best."""
    with variable_scope(scope or "embedding_rnn_decoder") as scope:
        if output_projection is not None:
            shapes = [None, num_symbols], [num_symbols]
            check_projection(output_projection, shapes, scope.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = best_embedded(
                embedding, output_projection, update_embedding_for_previous
            )
        vectors = (embedding_lookup(embedding, x) for x in decoder_inputs)
        return rnn_decoder(vectors, initial_state, cell, loop_function=loop_function)


def embedding_rnn_seq2seq(
    encoder_inputs: list[Tensor],
    decoder_inputs: list[Tensor],
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """A network that reads words' numbers, and one that writes logits of words.

    `feed_previous` may be a boolean tensor: then the run decides.
    """
    with variable_scope(scope or "embedding_rnn_seq2seq") as scope:
        dtype = _type_of(scope, dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decoded(previous: bool) -> tuple[list[Tensor], Any]:
            return embedding_rnn_decoder(
                decoder_inputs, state, cell, num_decoder_symbols, embedding_size,
                output_projection=output_projection, feed_previous=previous,
            )  # fmt: skip

        return as_fed(decoded, feed_previous, len(decoder_inputs), state)


def _type_of(scope: Any, dtype: Any) -> Any:
    if dtype is None:
        return scope.dtype
    scope.set_dtype(dtype)
    return dtype


def as_fed(
    decoded: Callable[[bool], tuple[list[Tensor], Any]], feed_previous: Any, count: int, state: Any
) -> tuple[list[Tensor], Any]:
    """What a decoder gives with `feed_previous`, a bool, or a tensor: then by a cond.

    `state` is of the structure of the decoder's last one.
    """
    if isinstance(feed_previous, bool):
        return decoded(feed_previous)

    def branch(previous: bool) -> list[Tensor]:
        with variable_scope(get_variable_scope(), reuse=None if previous else True):
            outputs, last = decoded(previous)
            return [*outputs, *nest.flatten(last)]

    found = cond(feed_previous, lambda: branch(True), lambda: branch(False))
    outputs, parts = found[:count], found[count:]
    return outputs, nest.pack_sequence_as(state, parts) if nest.is_nested(state) else parts[0]


def embedding_tied_rnn_seq2seq(
    encoder_inputs: list[Tensor],
    decoder_inputs: list[Tensor],
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_decoder_symbols: int | None = None,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """The same with one network and one table of vectors for both."""
    with variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        shapes = [None, num_symbols], [num_symbols]
        if output_projection is not None:
            check_projection(output_projection, shapes, dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size], dtype=dtype)
        read = [embedding_lookup(embedding, x) for x in encoder_inputs]
        written = [embedding_lookup(embedding, x) for x in decoder_inputs]
        symbols = num_symbols if num_decoder_symbols is None else num_decoder_symbols
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, symbols)
        looped = best_embedded(embedding, output_projection)

        def decoded(previous: bool) -> tuple[list[Tensor], Any]:
            loop_function = looped if previous else None
            return tied_rnn_seq2seq(read, written, cell, loop_function=loop_function, dtype=dtype)

        return as_fed(decoded, feed_previous, len(decoder_inputs), cell.state_size)
