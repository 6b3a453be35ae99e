"""What a graph holds, and how it is found: operations and tensors by name, collections."""

from __future__ import annotations

import re
from typing import Any

from minitf.tensor import Operation, Tensor
from minitf.user_lines import tell


class Contents:
    """A graph's operations and collections, and which tensors may be fed and fetched.

    A base of Graph: each method is one of `Graph`'s.
    """

    _finalized: bool

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._collections: dict[Any, list[Any]] = {}
        self._unfeedable: set[Any] = set()
        self._unfetchable: set[Any] = set()
        self._edits = 0

    def _changed(self) -> None:
        """Notes that an existing node was changed: plans made before are no longer right."""
        self._edits += 1

    def create_op(
        self,
        op_type: str,
        inputs: Any,
        dtypes: Any = None,
        input_types: Any = None,
        name: str | None = None,
        attrs: dict[str, Any] | None = None,
        op_def: Any = None,
        compute_shapes: bool = True,
        compute_device: bool = True,
    ) -> Operation:
        """A new operation of a type given by name, `attrs` as AttrValue protocol buffers.

        The op's signature decides the outputs' types. Raises TypeError for an input that is no
        tensor, ValueError for what does not fit the signature, RuntimeError for an unknown type.
        """
        from minitf.node_making import make_node

        return make_node(self, op_type, inputs, name, attrs)  # type: ignore[arg-type]

    # looking up

    def get_operations(self) -> list[Operation]:
        """All operations in the order in which they were made."""
        return list(self._operations)

    def get_operation_by_name(self, name: str) -> Operation:
        """The operation of this name; KeyError where there is none."""
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_tensor=False)

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of this name (`op:0`); KeyError where there is none."""
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_operation=False)

    def as_graph_element(
        self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> Any:
        """The tensor or operation that `obj` is, names or stands for.

        Raises TypeError for what can be neither, ValueError for another graph's, KeyError for
        a name that is not there.
        """
        wanted = " or ".join(["Tensor"] * allow_tensor + ["Operation"] * allow_operation)
        if not wanted:
            raise ValueError("allow_tensor and allow_operation can't both be False.")
        convert = getattr(obj, "_as_graph_element", None)
        if convert is not None:
            obj = convert()
        if isinstance(obj, (str, bytes)):
            name = obj.decode() if isinstance(obj, bytes) else obj
            return self._named(name, allow_tensor, allow_operation, wanted)
        is_tensor = allow_tensor and isinstance(obj, Tensor)
        if is_tensor or (allow_operation and isinstance(obj, Operation)):
            if obj.graph is not self:
                kind = type(obj).__name__
                raise tell(ValueError(f"{kind} {obj} is not an element of this graph."), obj)
            return obj
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")

    def _named(self, name: str, allow_tensor: bool, allow_operation: bool, wanted: str) -> Any:
        form = 'Tensor names must be of the form "<op_name>:<output_index>".'
        if ":" not in name:
            if allow_operation:
                if name not in self._by_name:
                    raise KeyError(f"The name {name!r} refers to an Operation not in the graph.")
                return self._by_name[name]
            problem = "refers to an Operation" if name in self._by_name else (
                "looks like an (invalid) Operation name")  # fmt: skip
            raise ValueError(f"The name {name!r} {problem}, not a {wanted}. {form}")
        if not allow_tensor:
            raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a {wanted}.")
        op_name, _, index = name.partition(":")
        if not index.strip().lstrip("-").isdigit():
            raise ValueError(
                f"The name {name!r} looks a like a Tensor name, but is not a valid one. {form}"
            )
        if op_name not in self._by_name:
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. The operation, "
                f"{op_name!r}, does not exist in the graph."
            )
        outputs = self._by_name[op_name]._outputs
        if int(index) >= len(outputs):
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. The operation, "
                f"{op_name!r}, exists but only has {len(outputs)} outputs."
            )
        return outputs[int(index)]

    # feeding and fetching

    def prevent_feeding(self, tensor: Tensor) -> None:
        """Marks a tensor as one that `feed_dict` must not replace."""
        self._unfeedable.add(tensor)
        self._changed()  # a session may have fed it before

    def is_feedable(self, tensor: Tensor) -> bool:
        """Whether `feed_dict` may replace this tensor."""
        return tensor not in self._unfeedable

    def prevent_fetching(self, op: Operation) -> None:
        """Marks an operation as one that `run` must not fetch."""
        self._unfetchable.add(op)

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        """Whether `run` may fetch this tensor or operation."""
        return getattr(tensor_or_op, "op", tensor_or_op) not in self._unfetchable

    # collections

    @property
    def collections(self) -> list[Any]:
        return list(self._collections)

    def get_all_collection_keys(self) -> list[Any]:
        """The names of all collections that hold something."""
        return [key for key in self._collections if isinstance(key, str)]

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Adds `value` to a collection, which may hold it more than once."""
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Adds `value` to each of the named collections once."""
        for name in {names: None} if isinstance(names, str) else dict.fromkeys(names):
            self.add_to_collection(name, value)

    def get_collection_ref(self, name: Any) -> list[Any]:
        """The collection itself: changes to this list change the collection."""
        return self._collections.setdefault(name, [])

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of a collection, or of its items whose names match `scope` from the start."""
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        pattern = re.compile(scope)
        return [item for item in items if hasattr(item, "name") and pattern.match(item.name)]

    def clear_collection(self, name: Any) -> None:
        """Empties a collection."""
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        self._collections.pop(name, None)
