"""The graph of a function's body: what a dataset applies to each element, for one."""

from __future__ import annotations

from minitf import registry
from minitf.dtypes import DType
from minitf.graph import Graph
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class FunctionGraph(Graph):
    """A graph within another, whose tensors it may use: each comes in as a further argument."""

    def __init__(self, outer: Graph) -> None:
        super().__init__()
        self._outer = outer
        self.seed = outer.seed
        self.captures: dict[Tensor, Tensor] = {}

    @property
    def building_function(self) -> bool:
        return True

    def argument(self, name: str, dtype: DType, shape: TensorShape) -> Tensor:
        """A placeholder for what the function will be called with."""
        attrs = {"dtype": dtype, "shape": shape}
        outer, self._name_stack = self._name_stack, ""
        try:
            node = self.add_node(registry.get("Placeholder"), name, (), attrs, [dtype])
        finally:
            self._name_stack = outer
        return node._outputs[0]

    def capture(self, tensor: Tensor) -> Tensor:
        """What an outer graph's tensor is called in here."""
        if tensor.op.graph is self:
            return tensor
        if tensor.op.graph is not self._outer:
            tensor = self._outer.capture(tensor)
        if tensor not in self.captures:
            name = tensor.op.name.replace("/", "_")
            self.captures[tensor] = self.argument(name, tensor._dtype._base, tensor._shape)
        return self.captures[tensor]
