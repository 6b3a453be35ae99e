"""The graph: its nodes, names and collections, and which graph is the default one."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.graph_keys import GraphKeys
from minitf.registry import OpDefinition
from minitf.scopes import ROOT_SCOPE, ScopeStacks
from minitf.shape import as_shape
from minitf.tensor import Operation, Tensor, make_operation, user_stack

# The GraphDef version of the reference, TensorFlow 2.21, and the oldest reader it allows.
PRODUCER = 2474
MIN_CONSUMER = 0


_every_graphs_observers: list[Any] = []


class Graph(ScopeStacks):
    """Operations in the order in which they were made, which is an order they can run in.

    A graph holds no values: those live in a session.
    """

    def __init__(self) -> None:
        super().__init__()
        self._operations: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._collections: dict[Any, list[Any]] = {}
        self._finalized = False
        self._edits = 0
        self._unfeedable: set[Any] = set()
        self._unfetchable: set[Any] = set()
        self._next_id = 0
        self._lock = threading.RLock()
        self._observers: list[Any] = []
        self._check_inputs: Any = None  # set once there is a branch or a loop
        self.seed: int | None = None

    def __repr__(self) -> str:
        return f"<tf.Graph of {len(self._operations)} operations>"

    # making nodes

    def add_node(
        self,
        definition: OpDefinition,
        name: str,
        inputs: tuple[Tensor, ...],
        attrs: dict[str, Any],
        output_types: list[Any],
        arguments: Any = None,
    ) -> Operation:
        """A new operation. `name` gets a suffix if it is taken, unless it ends in "/".

        `arguments` are the inputs as the op's signature groups them. Raises ValueError where
        shape inference finds a misfit, RuntimeError in a finalized graph.
        """
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        with self._lock:
            name = name[:-1] if name[-1] == "/" else self.unique_name(name)
            if not ROOT_SCOPE.match(name):
                raise ValueError(
                    f"`{name}` is not a valid node name. Accepted names conform to Regex "
                    f"/{ROOT_SCOPE}/"
                )
            if name in self._by_name:
                raise ValueError(f"Duplicate node name in graph: '{name}'")
            op = make_operation(self, definition, name, inputs, attrs, output_types)
            if self._control_dependencies_stack:
                op._control_inputs = tuple(self._control_inputs_of({t.op for t in inputs}))
            if op._outputs or definition.infer is not None:
                self._infer_shapes(op, inputs if arguments is None else arguments)
            op._stack = user_stack(2)
            op._control_flow_context = self._control_flow_context
            self._id_and_store(op)
            if self._check_inputs is not None:
                self._lead_in(op)
            self._apply_scopes(op)
        for observer in (*self._observers, *_every_graphs_observers):
            observer(op)
        return op

    def _infer_shapes(self, op: Operation, arguments: Any) -> None:
        infer = op.definition.infer
        try:
            shapes = infer(*arguments, **op.definition.attrs_for(infer, op._attrs))
        except ValueError as error:
            raise ValueError(f"{error} for {misfit(op)}.") from None
        outputs = op._outputs
        if len(outputs) == 1 and type(shapes) is not tuple:
            outputs[0]._shape = as_shape(shapes)
        else:
            for output, shape in zip(outputs, shapes or (), strict=True):
                output._shape = as_shape(shape)

    def _lead_in(self, op: Operation) -> None:
        """Shows the op to the branch or loop that it is made in, which leads its inputs in."""
        try:
            self._check_inputs(op)
            if self._control_flow_context is not None:
                outer = self._name_stack
                if op.type != "Const":
                    self._name_stack = op.name  # nodes that lead an input in are named under it
                try:
                    self._control_flow_context.add_op(op)
                finally:
                    self._name_stack = outer
        except ValueError:
            self._forget(op)
            raise

    def _forget(self, op: Operation) -> None:
        """Takes back an op that must not be."""
        self._operations.remove(op)
        del self._by_name[op.name]

    def _apply_scopes(self, op: Operation) -> None:
        for key, value in self._attr_scopes.items():
            if key not in op._attrs:
                value = value(op.node_def) if callable(value) else value
                if value is not None:
                    op._set_attr(key, value)
        if op.type in self._gradient_override:
            op._attrs["_gradient_op_type"] = self._gradient_override[op.type].encode()
        for block in self._control_dependencies_stack:
            block.seen.add(op)
        if self._device_stack:
            self._place(op)
        if self._colocation_stack:
            self._colocate(op)
        if self._container and op.definition.stateful and op._attrs.get("container") == b"":
            op._attrs["container"] = self._container.encode()

    def _id_and_store(self, op: Operation) -> None:
        op._id = self._next_id
        self._next_id += 1
        self._operations.append(op)
        self._by_name[op.name] = op

    def _changed(self) -> None:
        """Notes that an existing node was changed: plans made before are no longer right."""
        self._edits += 1

    @contextmanager
    def observed_by(self, observer: Any) -> Iterator[None]:
        """Calls `observer(op)` for each operation made in the block."""
        self._observers.append(observer)
        try:
            yield
        finally:
            self._observers.remove(observer)

    @staticmethod
    @contextmanager
    def observe_all(observer: Any) -> Iterator[None]:
        """Calls `observer(op)` for each operation made in the block, in whatever graph."""
        _every_graphs_observers.append(observer)
        try:
            yield
        finally:
            _every_graphs_observers.remove(observer)

    # state

    @property
    def version(self) -> int:
        """The number of operations made so far."""
        return self._next_id

    @property
    def _last_id(self) -> int:
        return self._next_id

    @property
    def finalized(self) -> bool:
        return self._finalized

    def finalize(self) -> None:
        """Makes the graph read-only: RuntimeError for every further op."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    @property
    def building_function(self) -> bool:
        return False

    @contextmanager
    def as_default(self) -> Iterator[Graph]:
        """Makes this the graph that new ops go to, in this thread and block."""
        _stacks.graphs.append(self)
        try:
            yield self
        finally:
            _remove_last(_stacks.graphs, self, "graph")

    @property
    def graph_def_versions(self) -> Any:
        """The GraphDef version as a VersionDef protocol buffer."""
        from tensorboard.compat.proto.versions_pb2 import VersionDef

        return VersionDef(producer=PRODUCER)

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> Any:
        """The graph as a GraphDef protocol buffer.

        `from_version` has no effect, as in TensorFlow 2.21.
        """
        from minitf.proto import graph_def

        return graph_def(self, add_shapes)

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
                raise ValueError(f"{kind} {obj} is not an element of this graph.")
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
        if not index.lstrip("-").isdigit():
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


def misfit(op: Operation) -> str:
    """A node and its inputs' shapes, as the messages of shape inference show them."""
    from minitf.proto import node_line, shapes_line

    return f"'{node_line(op)}' {shapes_line(op)}"


class _Stacks(threading.local):
    """Each thread's open default graphs and sessions."""

    def __init__(self) -> None:
        self.graphs: list[Graph] = []
        self.sessions: list[Any] = []


_stacks = _Stacks()


def _remove_last(stack: list[Any], item: Any, kind: str) -> None:
    if stack[-1] is not item:
        raise AssertionError(
            f"Nesting violated for default stack of {type(item)} objects: another {kind} was made "
            "the default inside this block and is still open"
        )
    stack.pop()


_global_default: Graph | None = None


def get_default_graph() -> Graph:
    """The graph that new ops go to."""
    if _stacks.graphs:
        return _stacks.graphs[-1]
    global _global_default
    if _global_default is None:
        _global_default = Graph()
    return _global_default


def reset_default_graph() -> None:
    """Replaces the default graph by an empty one; AssertionError inside a graph's block."""
    if _stacks.graphs:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and create a new graph."
        )
    global _global_default
    _global_default = Graph()


def get_default_session() -> Any:
    """The innermost default session of this thread, or None."""
    return _stacks.sessions[-1] if _stacks.sessions else None


@contextmanager
def default_session(session: Any) -> Iterator[Any]:
    """Makes `session` the default one in this thread and block."""
    _stacks.sessions.append(session)
    try:
        yield session
    finally:
        _remove_last(_stacks.sessions, session, "session")


def session_for(element: Any, session: Any, purpose: str) -> Any:
    """`session`, or the default one, checked to be of the element's graph."""
    if session is None:
        session = get_default_session()
        if session is None:
            raise ValueError(
                f"Cannot {purpose}: No default session is registered. Use `with "
                "sess.as_default()` or pass an explicit session to "
                f"{'`eval(session=sess)`' if 'eval' in purpose else '`run(session=sess)`'}"
            )
        if session.graph is not element.graph:
            raise ValueError(
                f"Cannot use the default session to {purpose.split(' using')[0]}: the tensor's "
                "graph is different from the session's graph. Pass an explicit session to "
                f"{'`eval(session=sess)`' if 'eval' in purpose else '`run(session=sess)`'}."
            )
    elif session.graph is not element.graph:
        raise ValueError(
            f"Cannot use the given session to {purpose.split(' using')[0]}: the tensor's graph is "
            "different from the session's graph."
        )
    return session


def graph_from_inputs(values: Any, graph: Graph | None = None) -> Graph:
    """The graph of the tensors and operations among `values`, or the default graph.

    Raises ValueError when they are of different graphs.
    """
    first = None
    for value in values:
        if type(value) is Tensor and value.op.graph is graph:
            continue
        convert = getattr(value, "_as_graph_element", None)
        element = convert() if convert is not None else None
        if element is None:
            continue
        if graph is None:
            first, graph = element, element.graph
        elif element.graph is not graph:
            if first is None:
                raise ValueError(f"{element} is not from the passed-in graph.")
            raise ValueError(
                f"{element} must be from the same graph as {first} (graphs are "
                f"{element.graph} and {graph})."
            )
    return graph or get_default_graph()


class name_scope:
    """A block whose ops' names begin with `name/`, or `default_name/` where `name` is None.

    `values` are tensors whose graph becomes the default one. Entering gives the prefix with
    its slash; passing that as a name later re-enters the same scope. Raises ValueError when
    a name is not legal, or missing while `values` are given.
    """

    def __init__(
        self, name: str | None, default_name: str | None = None, values: Any = None
    ) -> None:
        if not (default_name is None or isinstance(default_name, str)):
            raise TypeError(
                f"`default_name` type ({type(default_name)}) is not a string type. You likely "
                "meant to pass this into the `values` kwarg."
            )
        self._name = default_name if name is None else name
        self._values = values

    @property
    def name(self) -> str | None:
        return self._name

    def __enter__(self) -> str:
        if self._name is None and self._values is not None:
            raise ValueError(
                "At least one of name (None) and default_name (None) must be provided."
            )
        default = get_default_graph()
        graph = graph_from_inputs(self._values) if self._values else default
        self._entered_graph = graph if graph is not default else None
        self._graph = graph
        self._outer = graph._name_stack
        graph._name_stack, prefix = graph._entered(self._name)
        if self._entered_graph is not None:
            _stacks.graphs.append(graph)
        return prefix

    def __exit__(self, *exc_info: Any) -> None:
        self._graph._name_stack = self._outer
        if self._entered_graph is not None:
            _remove_last(_stacks.graphs, self._entered_graph, "graph")


def op_scope(values: Any, name: str | None, default_name: str | None = None) -> name_scope:
    """Deprecated spelling of `name_scope(name, default_name, values)`."""
    return name_scope(name, default_name, values)


def get_name_scope() -> str:
    """The current name scope of the default graph, without a final slash."""
    return get_default_graph().get_name_scope()


def control_dependencies(control_inputs: Any) -> Any:
    """`Graph.control_dependencies` of the default graph."""
    return get_default_graph().control_dependencies(control_inputs)


def device(device_name_or_function: Any) -> Any:
    """`Graph.device` of the default graph."""
    return get_default_graph().device(device_name_or_function)


def colocate_with(op: Any, ignore_existing: bool = False) -> Any:
    """`Graph.colocate_with` of the default graph."""
    return get_default_graph().colocate_with(op, ignore_existing)


def container(container_name: str) -> Any:
    """`Graph.container` of the default graph."""
    return get_default_graph().container(container_name)


def add_to_collection(name: Any, value: Any) -> None:
    """`Graph.add_to_collection` of the default graph."""
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """`Graph.add_to_collections` of the default graph."""
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """`Graph.get_collection` of the default graph."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """`Graph.get_collection_ref` of the default graph."""
    return get_default_graph().get_collection_ref(key)


def get_all_collection_keys() -> list[Any]:
    """`Graph.get_all_collection_keys` of the default graph."""
    return get_default_graph().get_all_collection_keys()


__all__ = ["Graph", "GraphKeys", "Operation", "Tensor", "name_scope"]
