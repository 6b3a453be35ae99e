"""Operation and Tensor: the nodes of a graph, and what flows out of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from minitf.device import canonical_name
from minitf.dtypes import DType
from minitf.shape import TensorShape, as_shape, merged
from minitf.user_lines import shown_file, shown_line, tell

if TYPE_CHECKING:
    import traceback

    from minitf.graph import Graph
    from minitf.registry import OpDefinition


class OperatorNotAllowedInGraphError(TypeError):
    """A tensor was used as a Python value (`if tensor:`, `for x in tensor:`) while building."""


def _not_a_value(tensor: Tensor, use: str, instead: str) -> Exception:
    error = OperatorNotAllowedInGraphError(
        f"{use} is not allowed: while the graph is being built a tensor has no value yet. {instead}"
    )
    return tell(error, tensor)


class Reference:
    """A tensor or variable as a key of dictionaries: equal to other references to the same."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def deref(self) -> Any:
        """The tensor or variable itself."""
        return self._wrapped

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, Reference):
            raise TypeError("Cannot compare wrapped object with unwrapped object")
        return other._wrapped is self._wrapped

    def __hash__(self) -> int:
        return id(self._wrapped)

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._wrapped!r}>"


class Tensor:
    """One output of an operation: its dtype and what is known of its shape, but no value.

    A value exists only while a session runs.
    """

    # Only a slice of a variable has `assign`.
    __slots__ = ("op", "value_index", "_dtype", "_shape", "assign", "__weakref__")
    __array_priority__ = 100  # `array + tensor` asks the tensor first

    if TYPE_CHECKING:  # minitf.ops.math and minitf.ops.slicing make these
        _made: Any = None
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _made
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __div__ = __rdiv__ = _made
        __mod__ = __rmod__ = __matmul__ = __rmatmul__ = __and__ = __rand__ = __or__ = _made
        __ror__ = __xor__ = __rxor__ = __neg__ = __abs__ = __invert__ = _made
        __lt__ = __le__ = __gt__ = __ge__ = __getitem__ = _made

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: TensorShape) -> None:
        self.op = op
        self.value_index = value_index
        self._dtype = dtype
        self._shape = shape

    @property
    def name(self) -> str:
        return f"{self.op.name}:{self.value_index}"

    @property
    def dtype(self) -> DType:
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        return self._shape

    def get_shape(self) -> TensorShape:
        """What is known of the shape."""
        return self._shape

    def set_shape(self, shape: Any) -> None:
        """Adds what the caller knows of the shape; ValueError when it contradicts."""
        try:
            self._shape = merged(self._shape, as_shape(shape))
        except ValueError as error:
            raise tell(ValueError(f"Tensor {self.name}: {error}"), self) from None

    @property
    def graph(self) -> Graph:
        return self.op.graph

    @property
    def device(self) -> str:
        return self.op.device

    def consumers(self) -> list[Operation]:
        """The operations that take this tensor as an input, once for each time they do."""
        operations = self.graph._operations[self.op._id :]
        return [op for op in operations for t in op._inputs if t is self]

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """This tensor's value in `session` or the default one; ValueError where there is none."""
        from minitf.graph import session_for

        return session_for(self, session, "evaluate tensor using `eval()`").run(self, feed_dict)

    def _as_graph_element(self) -> Tensor:
        return self

    # Equality and hash are identity: tensors are keys of feed_dict.

    def __copy__(self) -> Tensor:
        return self

    def ref(self) -> Reference:
        """Something hashable that stands for this very tensor; `deref()` gives it back."""
        return Reference(self)

    experimental_ref = ref

    def __bool__(self) -> bool:
        raise _not_a_value(
            self,
            f"Using a symbolic `tf.Tensor` ('{self.name}') as a Python `bool`",
            "Use `tf.cond`, or compare with `is None` to ask whether there is a tensor.",
        )

    __nonzero__ = __bool__

    def __iter__(self) -> Iterator[Any]:
        raise _not_a_value(
            self,
            f"Iterating over a symbolic `tf.Tensor` ('{self.name}')",
            "Use `tf.unstack`, `tf.map_fn` or `tf.while_loop`.",
        )

    def __len__(self) -> int:
        error = TypeError(
            f"len is not well defined for a symbolic Tensor ({self.name}). "
            "Please call `x.shape` rather than `len(x)` for shape information."
        )
        raise tell(error, self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        error = NotImplementedError(
            f"Cannot convert a symbolic tf.Tensor ({self.name}) to a numpy array. Its value "
            "exists only in a run: use `sess.run` to get it."
        )
        raise tell(error, self)

    def __index__(self) -> int:
        error = TypeError(
            f"The symbolic tensor '{self.name}' has no value while the graph is being built and "
            "cannot be used as a Python integer."
        )
        raise tell(error, self)

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self._shape} dtype={self._dtype.name}>"

    def __str__(self) -> str:
        shape = "" if self._shape.ndims is None else f", shape={self._shape}"
        device = f", device={self.device}" if self.device else ""
        return f'Tensor("{self.name}"{shape}, dtype={self._dtype.name}{device})'


class Operation:
    """A node of a graph: an op type, a name, input tensors, attributes and output tensors."""

    __slots__ = (
        "graph",
        "_name",
        "type",
        "definition",
        "_id",
        "_inputs",
        "_control_inputs",
        "_attrs",
        "_outputs",
        "_device",
        "_stack",
        "_control_flow_context",
        "__weakref__",
    )

    graph: Graph
    _name: str
    type: str
    definition: OpDefinition
    _id: int
    _inputs: tuple[Tensor, ...]
    _control_inputs: tuple[Operation, ...]
    _attrs: dict[str, Any]
    _outputs: tuple[Tensor, ...]
    _device: str
    _stack: tuple[Any, ...]
    _control_flow_context: Any

    @property
    def name(self) -> str:
        return self._name

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return self._inputs

    @property
    def outputs(self) -> list[Tensor]:
        return list(self._outputs)

    @property
    def control_inputs(self) -> list[Operation]:
        return list(self._control_inputs)

    @property
    def op_def(self) -> Any:
        """The op type's definition as an OpDef protocol buffer."""
        from minitf.proto import op_def

        return op_def(self.definition)

    @property
    def node_def(self) -> Any:
        """This node as a NodeDef protocol buffer."""
        from minitf.proto import node_def

        return node_def(self)

    @property
    def device(self) -> str:
        return self._device

    def _set_device(self, device: Any) -> None:
        self._device = canonical_name(device)

    @property
    def traceback(self) -> traceback.StackSummary:
        """The lines that made this operation, outermost first; the user's own line is last."""
        import traceback  # slow to load, and seldom asked for

        return traceback.StackSummary.from_list(
            [
                traceback.FrameSummary(code.co_filename, line, code.co_name, lookup_line=False)
                for code, line in reversed(self._stack)
            ]
        )

    @property
    def defined_at(self) -> str:
        """The user's own line that made this operation: `file.py:3: c = a + b`."""
        return shown_line(self._stack)

    def stack_lines(self) -> list[str]:
        """The lines that made this operation as Python prints a stack, outermost first."""
        return [
            line.replace(frame.filename, shown_file(frame.filename), 1)
            for frame, line in zip(self.traceback, self.traceback.format(), strict=True)
        ]

    def get_attr(self, name: str) -> Any:
        """An attribute's value; ValueError when there is none of this name."""
        try:
            value = self._attrs[name]
        except KeyError:
            raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.") from None
        if isinstance(value, TensorShape):
            return value.as_proto()
        if self.definition.attrs.get(name, ("", ""))[1] == "tensor":
            from minitf.proto import tensor_proto

            return tensor_proto(value)
        return list(value) if isinstance(value, list) else value

    def _set_attr(self, name: str, value: Any) -> None:
        """Sets an attribute; `value` an AttrValue protocol buffer or one of our own values."""
        if hasattr(value, "WhichOneof"):
            from minitf.proto import attr_from_proto

            value = attr_from_proto(value)
        self._attrs[name] = value

    def colocation_groups(self) -> list[bytes]:
        """The groups that this op shares a device with, its own when it has no other."""
        return self._attrs.get("_class") or [b"loc:@" + self.name.encode()]

    def values(self) -> tuple[Tensor, ...]:
        """The output tensors."""
        return self._outputs

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Runs this op in `session` or the default one; ValueError where there is none."""
        from minitf.graph import session_for

        session_for(self, session, "execute operation using `run()`").run(self, feed_dict)

    def _add_control_input(self, op: Operation) -> None:
        self._add_control_inputs([op])

    def _add_control_inputs(self, ops: list[Operation]) -> None:
        new = [op for op in ops if op not in self._control_inputs]
        self._control_inputs += tuple(new)
        self.graph._changed()

    def _update_input(self, index: int, tensor: Tensor) -> None:
        inputs = list(self._inputs)
        inputs[index] = tensor
        self._inputs = tuple(inputs)
        self.graph._changed()

    def _as_graph_element(self) -> Operation:
        return self

    def __str__(self) -> str:
        return str(self.node_def)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"


class _Dead:
    """The type of DEAD."""

    def __repr__(self) -> str:
        return "DEAD"


DEAD = _Dead()  # what flows, while a graph runs, out of a branch that is not taken


def make_operation(
    graph: Graph,
    definition: OpDefinition,
    name: str,
    inputs: tuple[Tensor, ...],
    attrs: dict[str, Any],
    output_types: list[DType],
) -> Operation:
    """A node and its output tensors, of shapes still unknown, not yet in its graph."""
    op = Operation.__new__(Operation)
    op.graph = graph
    op.definition = definition
    op.type = definition.name
    op._name = name
    op._inputs = inputs
    op._control_inputs = ()
    op._attrs = attrs
    op._device = ""
    op._stack = ()
    op._control_flow_context = None
    unknown = as_shape(None)
    op._outputs = tuple([Tensor(op, i, dtype, unknown) for i, dtype in enumerate(output_types)])
    return op
