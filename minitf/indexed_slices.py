"""Some rows of a large tensor: the gradient of a gather, which touches no other rows."""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf.infer import constant_shape
from minitf.op import convert_to_tensor
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class IndexedSlicesValue(NamedTuple):
    """What `run` returns for IndexedSlices: the same parts as arrays."""

    values: Any
    indices: Any
    dense_shape: Any


class IndexedSlices:
    """`values[i]` is row `indices[i]` of a tensor of shape `dense_shape`; other rows are zero.

    An index that stands twice has its rows added.
    """

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: Tensor | None = None) -> None:
        self._values = values
        self._indices = indices
        self._dense_shape = dense_shape

    @property
    def values(self) -> Tensor:
        return self._values

    @property
    def indices(self) -> Tensor:
        return self._indices

    @property
    def dense_shape(self) -> Tensor | None:
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        if self._dense_shape is None:
            return TensorShape(None)
        return constant_shape(self._dense_shape)

    @property
    def name(self) -> str:
        return self._values.name

    @property
    def device(self) -> str:
        return self._values.device

    @property
    def op(self) -> Any:
        return self._values.op

    @property
    def dtype(self) -> Any:
        return self._values.dtype

    @property
    def graph(self) -> Any:
        return self._values.graph

    def _map_parts(self, function: Any) -> IndexedSlices:
        """IndexedSlices of what `function` makes of each part."""
        shape = self._dense_shape
        return IndexedSlices(
            function(self._values),
            function(self._indices),
            None if shape is None else function(shape),
        )

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def __str__(self) -> str:
        shape = "" if self._dense_shape is None else f", dense_shape={self._dense_shape}"
        return f"IndexedSlices(indices={self._indices}, values={self._values}{shape})"


def convert_to_tensor_or_indexed_slices(
    value: Any, dtype: Any = None, name: str | None = None
) -> Any:
    """`value` itself if it is IndexedSlices, else as a tensor."""
    if isinstance(value, IndexedSlices):
        return value
    return convert_to_tensor(value, dtype=dtype, name=name)
