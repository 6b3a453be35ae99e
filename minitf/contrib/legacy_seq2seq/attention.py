"""Decoders that look at all of what was read, each step at what matters to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from minitf import dtypes, nest
from minitf.contrib.legacy_seq2seq.decoders import (
    as_fed,
    best_embedded,
    check_projection,
)
from minitf.contrib.rnn_wrappers import EmbeddingWrapper, Linear, OutputProjectionWrapper
from minitf.ops.casts import cast
from minitf.ops.convolution import conv2d
from minitf.ops.elementwise import tanh
from minitf.ops.embedding import embedding_lookup
from minitf.ops.filling import zeros
from minitf.ops.joining import concat, stack
from minitf.ops.reductions import reduce_sum
from minitf.ops.shapes import reshape
from minitf.ops.shapes import shape as shape_of
from minitf.ops.softmax import softmax
from minitf.rnn import static_rnn
from minitf.tensor import Tensor
from minitf.variable_scope import get_variable, get_variable_scope, variable_scope


class _Attention:
    """Weighted means of what was read, one a head; a query says what matters (Vinyals 2014)."""

    def __init__(self, states: Tensor, num_heads: int, dtype: Any) -> None:
        self.size = states.shape[2].value
        self._length = states.shape[1].value
        if self._length is None:
            self._length = shape_of(states)[1]
        self._dtype = dtype
        self._hidden = reshape(states, [-1, self._length, 1, self.size])
        self._features, self._scales = [], []
        for head in range(num_heads):
            kernel = get_variable(f"AttnW_{head}", [1, 1, self.size, self.size], dtype=dtype)
            self._features.append(conv2d(self._hidden, kernel, [1, 1, 1, 1], "SAME"))
            self._scales.append(get_variable(f"AttnV_{head}", [self.size], dtype=dtype))

    def __call__(self, query: Any) -> list[Tensor]:
        if nest.is_nested(query):
            query = concat(nest.flatten(query), 1)
        found = []
        for head, (features, scale) in enumerate(zip(self._features, self._scales, strict=True)):
            with variable_scope(f"Attention_{head}"):
                y = Linear(query, self.size)(query)
                y = cast(reshape(y, [-1, 1, 1, self.size]), self._dtype)
                scores = reduce_sum(scale * tanh(features + y), [2, 3])
                shares = cast(softmax(cast(scores, dtypes.float32)), self._dtype)
                spread = reshape(shares, [-1, self._length, 1, 1])
                mean = reduce_sum(spread * self._hidden, [1, 2])
                found.append(reshape(mean, [-1, self.size]))
        return found


def attention_decoder(
    decoder_inputs: list[Tensor],
    initial_state: Any,
    attention_states: Tensor,
    cell: Any,
    output_size: int | None = None,
    num_heads: int = 1,
    loop_function: Callable[[Tensor, int], Tensor] | None = None,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Tensor], Any]:
    """`rnn_decoder` that also looks at `attention_states` [batch, length, size].

    Raises ValueError without inputs or heads and where the size is unknown.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if attention_states.shape[2].value is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
    output_size = cell.output_size if output_size is None else output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype) as scope:
        dtype = scope.dtype
        batch_size = shape_of(decoder_inputs[0])[0]
        attention = _Attention(attention_states, num_heads, dtype)
        sizes = stack([batch_size, attention.size])
        seen = [zeros(sizes, dtype=dtype) for _ in range(num_heads)]
        for part in seen:
            part.set_shape([None, attention.size])
        if initial_state_attention:
            seen = attention(initial_state)
        state, outputs, previous = initial_state, [], None
        for step, x in enumerate(decoder_inputs):
            if step:
                get_variable_scope().reuse_variables()
            if loop_function is not None and previous is not None:
                with variable_scope("loop_function", reuse=True):
                    x = loop_function(previous, step)
            depth = x.shape.with_rank(2)[1].value
            if depth is None:
                raise ValueError(f"Could not infer input size from input: {x.name}")
            inputs = [cast(part, dtype) for part in [x, *seen]]
            output, state = cell(Linear(inputs, depth)(inputs), state)
            if step == 0 and initial_state_attention:
                with variable_scope(get_variable_scope(), reuse=True):
                    seen = attention(state)
            else:
                seen = attention(state)
            with variable_scope("AttnOutputProjection"):
                inputs = [cast(output, dtype), *seen]
                output = Linear(inputs, output_size)(inputs)
            if loop_function is not None:
                previous = output
            outputs.append(output)
    return outputs, state


def embedding_attention_decoder(
    decoder_inputs: list[Tensor],
    initial_state: Any,
    attention_states: Tensor,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_size: int | None = None,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Tensor], Any]:
    """`attention_decoder` of words' numbers."""
    output_size = cell.output_size if output_size is None else output_size
    if output_projection is not None:
        check_projection(output_projection[1:], ([num_symbols],), dtype)  # type: ignore[arg-type]
    with variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = best_embedded(
                embedding, output_projection, update_embedding_for_previous
            )
        vectors = [embedding_lookup(embedding, x) for x in decoder_inputs]
        return attention_decoder(
            vectors, initial_state, attention_states, cell, output_size=output_size,
            num_heads=num_heads, loop_function=loop_function,
            initial_state_attention=initial_state_attention,
        )  # fmt: skip


def embedding_attention_seq2seq(
    encoder_inputs: list[Tensor],
    decoder_inputs: list[Tensor],
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Tensor], Any]:
    """A network that reads words' numbers, and one that looks back at all of its outputs.

    `feed_previous` may be a boolean tensor: then the run decides.
    """
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        read, state = static_rnn(encoder, encoder_inputs, dtype=dtype)
        steps = [reshape(output, [-1, 1, cell.output_size]) for output in read]
        states = concat(steps, 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decoded(previous: bool) -> tuple[list[Tensor], Any]:
            return embedding_attention_decoder(
                decoder_inputs, state, states, cell, num_decoder_symbols, embedding_size,
                num_heads=num_heads, output_size=output_size,
                output_projection=output_projection, feed_previous=previous,
                initial_state_attention=initial_state_attention,
            )  # fmt: skip

        return as_fed(decoded, feed_previous, len(decoder_inputs), state)
