"""Tensors most of whose elements are missing: the places and values of those that are there."""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf import dtypes, nest
from minitf.graph import name_scope, session_for
from minitf.indexed_slices import IndexedSlices
from minitf.infer import constant_shape
from minitf.op import convert_to_tensor
from minitf.shape import TensorShape, as_shape
from minitf.tensor import Operation, Tensor


class SparseTensorValue(NamedTuple):
    """What `run` returns for a SparseTensor: the same parts as arrays."""

    indices: Any
    values: Any
    dense_shape: Any


class SparseTensor:
    """`values[i]` stands at place `indices[i]` of a tensor of shape `dense_shape`.

    `indices` is int64 [n, rank], `values` [n], `dense_shape` int64 [rank]. Raises ValueError
    where they are known not to fit.
    """

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            self._indices = convert_to_tensor(indices, name="indices", dtype=dtypes.int64)
            self._values = convert_to_tensor(values, name="values")
            self._dense_shape = convert_to_tensor(
                dense_shape, name="dense_shape", dtype=dtypes.int64
            )
        self._known_shape = constant_shape(self._dense_shape)
        places = self._indices._shape.with_rank(2)
        places[0].assert_is_compatible_with(self._values._shape.with_rank(1)[0])
        places[1].assert_is_compatible_with(self._dense_shape._shape.with_rank(1)[0])

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """The SparseTensor of a SparseTensorValue's arrays; TypeError for anything else."""
        if not isinstance(sparse_tensor_value, (SparseTensor, SparseTensorValue)):
            raise TypeError(
                f"Argument sparse_tensor_value={sparse_tensor_value} is neither a SparseTensor nor "
                "SparseTensorValue."
            )
        return cls(*_parts(sparse_tensor_value))

    @property
    def indices(self) -> Tensor:
        return self._indices

    @property
    def values(self) -> Tensor:
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        return self._known_shape

    def get_shape(self) -> TensorShape:
        """What is known of the dense shape."""
        return self._known_shape

    def set_shape(self, shape: Any) -> None:
        """Adds what the caller knows of the shape; ValueError when it contradicts."""
        self._known_shape = self._known_shape.merge_with(as_shape(shape))

    def with_values(self, new_values: Any) -> SparseTensor:
        """Other values at the same places."""
        return SparseTensor(self._indices, new_values, self._dense_shape)

    @property
    def dtype(self) -> Any:
        return self._values.dtype

    @property
    def op(self) -> Any:
        return self._values.op

    @property
    def graph(self) -> Any:
        return self._indices.graph

    def eval(self, feed_dict: Any = None, session: Any = None) -> SparseTensorValue:
        """The parts' values in `session` or the default one; ValueError where there is none."""
        session = session_for(self, session, "evaluate tensor using `eval()`")
        return SparseTensorValue(*session.run(list(_parts(self)), feed_dict))

    def _map_parts(self, function: Any) -> SparseTensor:
        return SparseTensor(
            *[function(part) for part in (self._indices, self._values, self._dense_shape)]
        )

    def __repr__(self) -> str:
        return (
            f"SparseTensor(indices={self._indices}, values={self._values}, "
            f"dense_shape={self._dense_shape})"
        )


def _parts(sparse: Any) -> tuple[Any, Any, Any]:
    return sparse.indices, sparse.values, sparse.dense_shape


nest.register_composite(
    SparseTensor, lambda sparse: list(_parts(sparse)), lambda _, parts: SparseTensor(*parts)
)


def is_tensor(x: Any) -> bool:
    """Whether `x` is a tensor of any kind: dense, sparse, slices, or a variable."""
    if isinstance(x, (SparseTensor, IndexedSlices)):
        return True
    return hasattr(x, "_as_graph_element") and not isinstance(x, Operation)


def convert_to_tensor_or_sparse_tensor(
    value: Any, dtype: Any = None, name: str | None = None
) -> Any:
    """`value` as a SparseTensor if it is sparse, else a tensor; RuntimeError for another type."""
    if not isinstance(value, (SparseTensor, SparseTensorValue)):
        return convert_to_tensor(value, dtype=dtype, name=name)
    sparse = as_sparse_tensor(value)
    if dtype is not None and not dtypes.as_dtype(dtype).is_compatible_with(sparse.dtype):
        raise RuntimeError(
            f"Sparse dtype mismatch. Requested: {dtypes.as_dtype(dtype).name},  Actual: "
            f"{sparse.dtype.name}"
        )
    return sparse


def as_sparse_tensor(value: Any) -> SparseTensor:
    """A SparseTensor, or one made of a SparseTensorValue; TypeError for anything else."""
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value
