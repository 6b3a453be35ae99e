"""What every RNN cell does: its state, and its variables within whatever scope it is called."""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.dtypes import as_dtype, int32
from minitf.graph import name_scope
from minitf.infer import constant_value, get_static_value
from minitf.layers.base import Layer
from minitf.op import convert_to_tensor
from minitf.ops.constants import constant
from minitf.ops.filling import zeros
from minitf.ops.joining import concat
from minitf.ops.shapes import expand_dims
from minitf.ops.shapes import shape as shape_of
from minitf.shape import TensorShape
from minitf.tensor import Tensor
from minitf.variable_scope import get_variable_scope, variable_scope


def joined_sizes(prefix: Any, suffix: Any, static: bool = False) -> Any:
    """Two sizes or shapes as one: a tensor, or (`static`) a list in which some may be None."""
    tensors, known = [], []
    for part in (prefix, suffix):
        if isinstance(part, Tensor):
            value = constant_value(part)
            known.append(TensorShape(None) if value is None else TensorShape(value))
            tensors.append(expand_dims(part, 0) if part.shape.rank == 0 else part)
        else:
            shape = TensorShape(part)
            known.append(shape)
            defined = shape.is_fully_defined()
            tensors.append(constant(shape.as_list(), dtype=int32) if defined else None)
    if static:
        shape = known[0].concatenate(known[1])
        return None if shape.rank is None else shape.as_list()
    if tensors[0] is None or tensors[1] is None:
        raise ValueError(f"Provided a prefix or suffix of None: {prefix} and {suffix}")
    return concat((tensors[0], tensors[1]), 0)


def _zeros(size: Any, batch_size: Any, dtype: Any) -> Tensor:
    state = zeros(joined_sizes(batch_size, size), dtype=dtype)
    state.set_shape(joined_sizes(batch_size, size, static=True))
    return state


class RNNCell(Layer):
    """A function of inputs and a state that gives outputs and the next state.

    Cells define `state_size`, `output_size` and `call(inputs, state)`. Their variables are shared
    between calls.
    """

    base_name = "rnn_cell"
    _is_tf_rnn_cell = True

    @property
    def state_size(self) -> Any:
        """The size, or nested sizes, of the state."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size, or nested sizes, of the outputs."""
        raise NotImplementedError("Abstract method")

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """The outputs and the next state."""
        if scope is not None:
            with variable_scope(scope) as entered:
                return self._in_own_scope(inputs, state, entered)
        outer = getattr(self, "_outer_scope", None)
        if outer is None:
            outer = self._outer_scope = variable_scope(get_variable_scope())
        with outer:
            return self._in_own_scope(inputs, state)

    def _in_own_scope(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        self._find_scope(scope)
        reuse = True if self.built else self._reuse
        with (
            variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as own,
            name_scope(own.original_name_scope),
        ):
            if not self.built:
                first = nest.flatten(inputs)[0]
                self.dtype = self.dtype or first.dtype.base_dtype
                self.build(first.shape)
                self.built = True
            return self.call(inputs, state)

    def call(self, inputs: Any, state: Any) -> Any:
        """Adds the cell's ops."""
        raise NotImplementedError("Abstract method")

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros in the sizes of the state, for a batch."""
        with name_scope(f"{type(self).__name__}ZeroState"):
            return nest.map_structure(lambda size: _zeros(size, batch_size, dtype), self.state_size)

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None):
        """`zero_state`, of the inputs' batch size and type.

        ValueError where these are neither known nor given, or given otherwise.
        """
        if inputs is not None:
            inputs = convert_to_tensor(inputs, name="inputs")
            size = inputs.shape.dims[0].value
            if batch_size is not None and size != get_static_value(batch_size):
                raise ValueError(
                    "batch size from input tensor is different from the input param. Input tensor "
                    f"batch: {size}, batch_size: {batch_size}"
                )
            if dtype is not None and inputs.dtype != dtype:
                raise ValueError(
                    "dtype from input tensor is different from the input param. Input tensor "
                    f"dtype: {inputs.dtype}, dtype: {dtype}"
                )
            batch_size, dtype = size or shape_of(inputs)[0], inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)


class LayerRNNCell(RNNCell):
    """A cell whose variables are named like those of a layer."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """The outputs and the next state; ValueError for numbers that are not floats."""
        for part in nest.flatten([inputs, state]):
            dtype = getattr(part, "dtype", None)
            if dtype is not None and not as_dtype(dtype).is_floating:
                raise ValueError(
                    "RNN cell only supports floating point inputs, but received dtype: "
                    f"{as_dtype(dtype)!r}"
                )
        return self._in_own_scope(inputs, state, scope)

    def _depth(self, inputs_shape: Any) -> int:
        depth = None if inputs_shape.rank is None else inputs_shape.as_list()[-1]
        if depth is None:
            raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {inputs_shape}")
        return depth


def assert_like_rnncell(name: str, cell: Any) -> None:
    """Raises TypeError unless `cell` has what a cell needs."""
    lacking = [
        f"{attribute!r} property is missing"
        for attribute in ("output_size", "state_size")
        if not hasattr(type(cell), attribute) and not hasattr(cell, attribute)
    ]
    if not (hasattr(cell, "zero_state") or hasattr(cell, "get_initial_state")):
        lacking.append("either 'zero_state' or 'get_initial_state' method is required")
    if not callable(cell):
        lacking.append("is not callable")
    if lacking:
        raise TypeError(f"The argument {name!r} ({cell}) is not an RNNCell: {', '.join(lacking)}.")
