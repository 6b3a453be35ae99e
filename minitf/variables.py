"""tf.Variable: a node that holds a value in each session, with its initializer and its read."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from minitf import registry, variable_parts
from minitf.graph import (
    Graph,
    GraphKeys,
    add_to_collections,
    colocate_with,
    control_dependencies,
    device,
    get_default_graph,
    get_default_session,
    name_scope,
)
from minitf.initialization import initialized
from minitf.op import convert_to_tensor, register_tensor_conversion_function
from minitf.ops import math as _operators  # noqa: F401  (gives tensors their operators)
from minitf.ops import scatter, scatter_batch, state
from minitf.shape import TensorShape
from minitf.tensor import Operation, Reference, Tensor
from minitf.variable_parts import (
    SaveSliceInfo,
    VariableAggregation,
    VariableSynchronization,
    checked_modes,
    with_scope,
    without_scope,
)

# The functions that `variable_creator_scope` put between `tf.Variable(...)` and the variable.
creators: weakref.WeakKeyDictionary[Graph, list[Callable[..., Any]]] = weakref.WeakKeyDictionary()


class _Created(type):
    """Makes `Variable(...)` go through the creator functions that are in force."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        make = super().__call__
        in_force = creators.get(get_default_graph())
        if not in_force:
            return make(*args, **kwargs)
        # mypy thinks of a subclass's __init__; cls is the very class that is called.
        signature = inspect.signature(cls.__init__)  # type: ignore[misc]
        bound = signature.bind(None, *args, **kwargs)
        bound.apply_defaults()
        arguments = dict(bound.arguments)
        arguments.pop("self")
        for creator in in_force:
            make = _calling(creator, make)
        return make(**arguments)


def _calling(creator: Callable[..., Any], following: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **kwargs: creator(following, **kwargs)


class RefVariable(metaclass=_Created):
    """A value that outlives a run, and that ops can change; each session has its own.

    `initial_value` is a tensor, something a tensor can be made of, or a function without
    arguments that gives either. The variable's nodes are `name` (the reference), `name/Assign`
    (the initializer) and `name/read` (the value). Raises ValueError without an initial value, and
    for one whose shape is not known unless `validate_shape` is False.
    """

    SaveSliceInfo = SaveSliceInfo
    __array_priority__ = 100

    _variable: Tensor
    _initializer_op: Operation
    _initial_value: Tensor | None
    _snapshot: Tensor

    if TYPE_CHECKING:  # the loops at this file's end make these
        _made: Any = None
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _made
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __div__ = __rdiv__ = _made
        __mod__ = __rmod__ = __matmul__ = __rmatmul__ = __and__ = __rand__ = __or__ = _made
        __ror__ = __xor__ = __rxor__ = __neg__ = __abs__ = __invert__ = _made
        __lt__ = __le__ = __gt__ = __ge__ = _made
        scatter_update = scatter_add = scatter_sub = scatter_mul = scatter_div = _made
        scatter_min = scatter_max = scatter_nd_update = scatter_nd_add = scatter_nd_sub = _made

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Callable[..., Any] | None = None,
        use_resource: bool | None = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        shape: Any = None,
    ) -> None:
        if use_resource:
            raise NotImplementedError(
                "minitf has reference variables only: leave use_resource out, or give False"
            )
        self._save_slice_info: SaveSliceInfo | None = None
        self._constraint = constraint
        if variable_def:
            if initial_value:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._init_from_proto(variable_def, import_scope)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        if collections is None:
            collections = [GraphKeys.GLOBAL_VARIABLES]
        if not isinstance(collections, (list, tuple, set)):
            raise ValueError(
                "collections argument to Variable constructor must be a list, tuple, or set. Got "
                f"{collections} of type {type(collections)}"
            )
        modes = checked_modes(synchronization, aggregation, trainable, name)
        self._synchronization, self._aggregation, self._trainable = modes
        if self._trainable and GraphKeys.TRAINABLE_VARIABLES not in collections:
            collections = [*collections, GraphKeys.TRAINABLE_VARIABLES]
        # A variable made in a block of control dependencies does not wait for them.
        with control_dependencies(None):
            self._make_nodes(initial_value, validate_shape, caching_device, name, dtype, shape)
            add_to_collections(collections, self)

    def _make_nodes(
        self, value: Any, validate: bool, caching_device: Any, name: Any, dtype: Any, shape: Any
    ) -> None:
        from_function = callable(value)
        with name_scope(name, "Variable", [] if from_function else [value]) as name:
            if from_function:
                place = b"loc:@" + name.removesuffix("/").encode()
                with get_default_graph()._attr_scope({"_class": [place]}):
                    with name_scope("Initializer"), device(None):
                        initial = convert_to_tensor(value(), dtype, "initial_value")
                    self._make_reference(initial, validate, name, shape)
            else:
                initial = convert_to_tensor(value, dtype, "initial_value")
                if initial.op._control_flow_context is not None:
                    raise ValueError(
                        f"Initializer for variable {name} is from inside a control-flow construct, "
                        "such as a loop or conditional. When creating a variable inside a loop or "
                        "conditional, use a lambda as the initializer."
                    )
                self._make_reference(initial, validate, name, shape)
            if validate and not initial.shape.is_fully_defined():
                raise ValueError(f"initial_value must have a shape specified: {initial}")
            self._initializer_op = state.assign(
                self._variable, initialized(name, initial), validate_shape=validate
            ).op
            place = colocate_with(self._variable.op)
            with place if caching_device is None else device(caching_device):
                self._snapshot = registry.get("Identity")(self._variable, name="read")

    def _make_reference(self, initial: Tensor, validate: bool, name: str, shape: Any) -> None:
        self._initial_value = initial
        if shape is None:
            shape = initial.shape if validate else TensorShape(None)
        self._variable = state.variable_op_v2(shape, initial.dtype.base_dtype, name=name)

    def _init_from_proto(self, definition: Any, import_scope: str | None) -> None:
        """Finds the nodes that a VariableDef names; they are in the default graph already."""
        graph = get_default_graph()

        def element(name: str) -> Any:
            return graph.as_graph_element(with_scope(name, import_scope))

        self._variable = element(definition.variable_name)
        self._initializer_op = element(definition.initializer_name)
        named = definition.initial_value_name
        self._initial_value = element(named) if named else None
        self._snapshot = element(definition.snapshot_name)
        self._synchronization = VariableSynchronization(definition.synchronization)
        self._aggregation = VariableAggregation(definition.aggregation)
        self._trainable = definition.trainable
        if definition.HasField("save_slice_info_def"):
            part = definition.save_slice_info_def
            self._save_slice_info = SaveSliceInfo(
                save_slice_info_def=part, import_scope=import_scope
            )

    # what it is

    @property
    def name(self) -> str:
        return self._variable.name

    @property
    def _shared_name(self) -> str:
        return self._variable.op.name

    @property
    def dtype(self) -> Any:
        """The type as a reference, such as `float32_ref`; `dtype.base_dtype` is the values'."""
        return self._variable.dtype

    @property
    def shape(self) -> TensorShape:
        return self._variable.shape

    def get_shape(self) -> TensorShape:
        """What is known of the shape."""
        return self._variable.shape

    def set_shape(self, shape: Any) -> None:
        """Adds what the caller knows of the shape; ValueError when it contradicts."""
        self._variable.set_shape(shape)
        self._snapshot.set_shape(shape)

    @property
    def op(self) -> Operation:
        return self._variable.op

    @property
    def graph(self) -> Graph:
        return self._variable.graph

    @property
    def device(self) -> str:
        return self._variable.device

    @property
    def initializer(self) -> Operation:
        """The op that gives the variable its first value in a session."""
        return self._initializer_op

    @property
    def initial_value(self) -> Tensor | None:
        return self._initial_value

    @property
    def trainable(self) -> bool:
        return self._trainable

    @property
    def constraint(self) -> Callable[..., Any] | None:
        return self._constraint

    @property
    def synchronization(self) -> VariableSynchronization:
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        return self._aggregation

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __eq__(self, other: Any) -> bool:
        return self is other

    def __ne__(self, other: Any) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self) >> 4

    def ref(self) -> Any:
        """Something hashable that stands for this very variable; `deref()` gives it back."""
        return Reference(self)

    experimental_ref = ref

    # reading

    def value(self) -> Tensor:
        """The tensor `name/read`: the value when that op runs."""
        return self._snapshot

    def read_value(self) -> Tensor:
        """A new tensor of the value when it runs, under the control dependencies here."""
        return registry.get("Identity")(self._variable, name="read")

    def _ref(self) -> Tensor:
        return self._variable

    def _as_graph_element(self) -> Tensor:
        return self._variable

    def initialized_value(self) -> Tensor:
        """The value where there is one, else the initial value."""
        from minitf.ops.control import cond

        with control_dependencies(None):
            is_initialized = state.is_variable_initialized(self)
            return cond(is_initialized, self.read_value, lambda: self._initial_value)

    def eval(self, session: Any = None) -> Any:
        """The value in `session` or the default one."""
        return self._variable.eval(session=session)

    def __iter__(self) -> Any:
        return iter(self.read_value())

    def __getitem__(self, slice_spec: Any) -> Tensor:
        """A part of the value; its method `assign(value)` gives an op that changes that part."""
        piece = self.value()[slice_spec]
        piece.assign = lambda value, name=None: state.assign_to_slice(self, piece, value, name)
        return piece

    # writing

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """An op that makes `value` the value; its output, or the op unless `read_value`."""
        output = state.assign(self._variable, value, use_locking=use_locking, name=name)
        return output if read_value else output.op

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """An op that adds `delta` to the value; its output, or the op unless `read_value`."""
        output = state.assign_add(self._variable, delta, use_locking=use_locking, name=name)
        return output if read_value else output.op

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """An op that subtracts `delta`; its output, or the op unless `read_value`."""
        output = state.assign_sub(self._variable, delta, use_locking=use_locking, name=name)
        return output if read_value else output.op

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        """`tf.batch_scatter_update` of this variable, by an IndexedSlices."""
        return scatter_batch.batch_scatter_update(
            self, sparse_delta.indices, sparse_delta.values, use_locking=use_locking, name=name
        )

    def count_up_to(self, limit: int) -> Tensor:
        """The value before it grows by one; an OutOfRangeError at `limit`."""
        return state.count_up_to(self._variable, limit)

    def load(self, value: Any, session: Any = None) -> None:
        """Makes `value` the value in `session` or the default one, at once."""
        session = session or get_default_session()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should be "
                "established"
            )
        session.run(self.initializer, {self.initializer.inputs[1]: value})

    # protocol buffers

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The names of the variable's nodes as a VariableDef, or None outside `export_scope`."""
        from tensorboard.compat.proto.variable_pb2 import VariableDef

        if export_scope is not None and not self.name.startswith(export_scope):
            return None
        definition = VariableDef(
            variable_name=without_scope(self.name, export_scope),
            initializer_name=without_scope(self.initializer.name, export_scope),
            snapshot_name=without_scope(self._snapshot.name, export_scope),
            trainable=self._trainable,
            synchronization=self._synchronization.value,
            aggregation=self._aggregation.value,
        )
        if self._initial_value is not None:
            definition.initial_value_name = without_scope(self._initial_value.name, export_scope)
        if self._save_slice_info is not None:
            definition.save_slice_info_def.MergeFrom(self._save_slice_info.to_proto(export_scope))
        return definition

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> Variable:
        """The variable whose nodes a VariableDef names."""
        return Variable(variable_def=variable_def, import_scope=import_scope)

    def _set_save_slice_info(self, info: variable_parts.SaveSliceInfo) -> None:
        self._save_slice_info = info

    def _get_save_slice_info(self) -> variable_parts.SaveSliceInfo | None:
        return self._save_slice_info


Variable = RefVariable  # TensorFlow's other kind, resource variables, is not here


def _as_operand(name: str) -> Callable[..., Any]:
    """An operator of tensors, applied to a variable's value."""

    def operator(self: Variable, *others: Any) -> Any:
        return getattr(Tensor, name)(self.value(), *others)

    operator.__name__ = name
    return operator


_BINARY = "add sub mul truediv floordiv mod pow matmul and or xor div"
for _name in _BINARY.split():
    for _prefix in ("", "r"):
        setattr(Variable, f"__{_prefix}{_name}__", _as_operand(f"__{_prefix}{_name}__"))
for _name in "neg abs invert lt le gt ge".split():
    setattr(Variable, f"__{_name}__", _as_operand(f"__{_name}__"))


def _scatter_method(name: str) -> Callable[..., Any]:
    function = getattr(scatter, name)

    def method(
        self: Variable, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        from minitf.indexed_slices import IndexedSlices

        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
        indices, values = sparse_delta.indices, sparse_delta.values
        return function(self._variable, indices, values, use_locking=use_locking, name=name)

    method.__name__ = name
    method.__doc__ = f"`tf.{name}` of this variable, by an IndexedSlices."
    return method


def _scatter_nd_method(name: str) -> Callable[..., Any]:
    function = getattr(scatter, name)

    def method(self: Variable, indices: Any, updates: Any, name: str | None = None) -> Tensor:
        return function(self._variable, indices, updates, use_locking=True, name=name)

    method.__name__ = name
    method.__doc__ = f"`tf.{name}` of this variable."
    return method


for _name in ("update", "add", "sub", "mul", "div", "min", "max"):
    setattr(Variable, f"scatter_{_name}", _scatter_method(f"scatter_{_name}"))
for _name in ("update", "add", "sub"):
    setattr(Variable, f"scatter_nd_{_name}", _scatter_nd_method(f"scatter_nd_{_name}"))


def _to_tensor(
    variable: Variable, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    return variable._ref() if as_ref else variable.value()


register_tensor_conversion_function(Variable, _to_tensor)
