"""Cells around cells: words looked up before, outputs and inputs projected."""

from __future__ import annotations

import math
from typing import Any

from minitf.graph import device, name_scope
from minitf.initial_values import constant_initializer, random_uniform_initializer
from minitf.ops.biases import bias_add
from minitf.ops.embedding import embedding_lookup
from minitf.ops.joining import concat
from minitf.ops.matmul import matmul
from minitf.ops.shapes import reshape
from minitf.rnn_base import RNNCell, assert_like_rnncell
from minitf.tensor import Tensor
from minitf.variable_scope import get_variable, get_variable_scope, variable_scope


class Linear:
    """inputs @ kernel + bias, of variables in the scope that it is made in."""

    def __init__(self, inputs: Any, output_size: int, build_bias: bool = True) -> None:
        """Raises ValueError for inputs that are no matrices, or of unknown depth."""
        inputs = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        depth = 0
        for x in inputs:
            if x.shape.rank != 2:
                raise ValueError(f"linear is expecting 2D arguments: {[x.shape for x in inputs]}")
            if x.shape[1].value is None:
                raise ValueError(
                    "linear expects shape[1] to be provided for shape "
                    f"{x.shape}, but saw {x.shape[1]}"
                )
            depth += x.shape[1].value
        dtype = inputs[0].dtype.base_dtype
        with variable_scope(get_variable_scope()) as outer:
            self._kernel = get_variable("kernel", [depth, output_size], dtype)
            self._bias = None
            if build_bias:
                with variable_scope(outer) as inner:
                    inner.set_partitioner(None)
                    zeros = constant_initializer(0.0, dtype=dtype)
                    self._bias = get_variable("bias", [output_size], dtype, zeros)

    def __call__(self, inputs: Any) -> Tensor:
        several = isinstance(inputs, (list, tuple)) and len(inputs) > 1
        inputs = concat(inputs, 1) if several else inputs
        inputs = inputs[0] if isinstance(inputs, (list, tuple)) else inputs
        product = matmul(inputs, self._kernel)
        return product if self._bias is None else bias_add(product, self._bias)


class _Wrapper(RNNCell):
    def __init__(self, cell: Any, reuse: Any) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell = cell

    @property
    def state_size(self) -> Any:
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        return self._cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)


class EmbeddingWrapper(_Wrapper):
    """A cell whose inputs are numbers of words, each with a vector that is learned."""

    base_name = "embedding_wrapper"

    def __init__(
        self,
        cell: Any,
        embedding_classes: int,
        embedding_size: int,
        initializer: Any = None,
        reuse: Any = None,
    ) -> None:
        """Raises ValueError unless both numbers are positive."""
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                "Both embedding_classes and embedding_size must be > 0: "
                f"{embedding_classes}, {embedding_size}."
            )
        self._sizes = [embedding_classes, embedding_size]
        self._initializer = initializer

    def call(self, inputs: Tensor, state: Any) -> Any:
        with device("/cpu:0"):
            # Of variance one, where nobody says otherwise.
            limit = math.sqrt(3)
            chosen = self._initializer or get_variable_scope().initializer
            initializer = chosen or random_uniform_initializer(-limit, limit)
            first = state[0] if isinstance(state, tuple) else state
            embedding = get_variable("embedding", self._sizes, first.dtype, initializer)
            vectors = embedding_lookup(embedding, reshape(inputs, [-1]))
            return self._cell(vectors, state)


class InputProjectionWrapper(_Wrapper):
    """A cell whose inputs are projected to `num_proj` features before."""

    base_name = "input_projection_wrapper"

    def __init__(
        self, cell: Any, num_proj: int, activation: Any = None, input_size: Any = None,
        reuse: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(cell, reuse)
        self._num_proj, self._activation = num_proj, activation
        self._linear: Linear | None = None

    def call(self, inputs: Tensor, state: Any) -> Any:
        if self._linear is None:
            self._linear = Linear(inputs, self._num_proj)
        projected = self._linear(inputs)
        if self._activation:
            projected = self._activation(projected)
        return self._cell(projected, state)


class OutputProjectionWrapper(_Wrapper):
    """A cell whose outputs are projected to `output_size` features afterwards."""

    base_name = "output_projection_wrapper"

    def __init__(
        self, cell: Any, output_size: int, activation: Any = None, reuse: Any = None
    ) -> None:
        """Raises ValueError unless `output_size` is positive."""
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._output_size, self._activation = output_size, activation
        self._linear: Linear | None = None

    @property
    def output_size(self) -> int:
        return self._output_size

    def call(self, inputs: Tensor, state: Any) -> Any:
        output, state = self._cell(inputs, state)
        if self._linear is None:
            self._linear = Linear(output, self._output_size)
        projected = self._linear(output)
        if self._activation:
            projected = self._activation(projected)
        return projected, state
