"""The graph: its nodes, names and collections, and which graph is the default one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.graph_contents import Contents
from minitf.graph_keys import GraphKeys
from minitf.registry import OpDefinition
from minitf.scopes import ROOT_SCOPE, ScopeStacks
from minitf.shape import as_shape
from minitf.tensor import Operation, Tensor, make_operation
from minitf.user_lines import tell, tell_ours, user_stack

# The GraphDef version of the reference, TensorFlow 2.21, and the oldest reader it allows.
PRODUCER = 2474


_every_graphs_observers: list[Any] = []


class Graph(ScopeStacks, Contents):
    """Operations in the order in which they were made, which is an order they can run in.

    A graph holds no values: those live in a session.
    """

    def __init__(self) -> None:
        ScopeStacks.__init__(self)
        Contents.__init__(self)
        self._finalized = False
        self._next_id = 0
        self._lock = threading.RLock()
        self._functions: dict[str, Any] = {}  # what ops name in attributes of type func
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
        if isinstance(name, bytes):
            name = name.decode()
        with self._lock:
            name = name[:-1] if name[-1:] == "/" else self.unique_name(name)
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
        for observer in _every_graphs_observers.copy():
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

    def capture(self, tensor: Tensor) -> Tensor:
        """The tensor itself; ValueError for another graph's, which only a function may use."""
        if tensor.op.graph is not self:
            raise tell(ValueError(f"{tensor} must be from the same graph as the op."), tensor)
        return tensor

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

        with self._lock:  # another thread may be building
            return graph_def(self, add_shapes)


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

    Raises ValueError when they are of different graphs, outside of functions.
    """
    default = get_default_graph()
    if graph is None and default.building_function:
        return default
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
            mixed = ValueError(
                f"{element} must be from the same graph as {first} (graphs are "
                f"{element.graph} and {graph})."
            )
            raise tell(mixed, [first, element])
    return graph or default


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

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if isinstance(error, (TypeError, ValueError)) and self._values:
            tell_ours(error, self._values)
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
