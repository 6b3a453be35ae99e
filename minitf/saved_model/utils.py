"""Tensors as a SavedModel's signatures name them (tf.saved_model.utils)."""

from __future__ import annotations

from typing import Any

from minitf.dtypes import as_dtype
from minitf.graph import Graph, get_default_graph
from minitf.sparse_tensor import SparseTensor
from minitf.variable_parts import with_scope


def build_tensor_info(tensor: Any) -> Any:
    """A TensorInfo of a tensor, a variable or a SparseTensor: its name, dtype and static shape."""
    from tensorboard.compat.proto.meta_graph_pb2 import TensorInfo

    info = TensorInfo(
        dtype=as_dtype(tensor.dtype).as_datatype_enum, tensor_shape=tensor.get_shape().as_proto()
    )
    if isinstance(tensor, SparseTensor):
        info.coo_sparse.values_tensor_name = tensor.values.name
        info.coo_sparse.indices_tensor_name = tensor.indices.name
        info.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
    else:
        info.name = tensor.name
    return info


def get_tensor_from_tensor_info(
    tensor_info: Any, graph: Graph | None = None, import_scope: str | None = None
) -> Any:
    """The tensor that a TensorInfo names, in a graph imported under `import_scope`.

    Raises KeyError where the graph has none of this name, ValueError where none is named.
    """
    graph = graph or get_default_graph()

    def found(name: str) -> Any:
        return graph.get_tensor_by_name(with_scope(name, import_scope))

    encoding = tensor_info.WhichOneof("encoding")
    if encoding == "name":
        return found(tensor_info.name)
    if encoding == "coo_sparse":
        names = tensor_info.coo_sparse
        return SparseTensor(
            found(names.indices_tensor_name),
            found(names.values_tensor_name),
            found(names.dense_shape_tensor_name),
        )
    raise ValueError(
        f"Invalid TensorInfo.encoding: {encoding}. Expected `coo_sparse`, `composite_tensor`, or "
        "`name` for a dense tensor."
    )
