"""Making nodes: what an op's signature says is applied to the arguments of a call.

`@op` turns a declaration into a function that adds a node: inputs become tensors (constants
under the op's own name), the types that the inputs decide are inferred and checked, the other
attributes take their defaults.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from minitf import registry
from minitf.attributes import checked_attr
from minitf.conversion import (
    add_constant,
    convert_n_to_tensor,
    convert_to_tensor,
    register_tensor_conversion_function,
)
from minitf.dtypes import DType
from minitf.graph import Graph, get_default_graph, graph_from_inputs
from minitf.registry import Arg, OpDefinition
from minitf.tensor import Operation, Tensor
from minitf.user_lines import tell

# What declares an op mostly converts values too: both are asked of this module.
__all__ = [
    "Op", "add_constant", "checked_attr", "convert_n_to_tensor", "convert_to_tensor", "op",
    "output_types", "register_tensor_conversion_function",
]  # fmt: skip


def op(declaration: type) -> Op:
    """Declares an op: registers the class's signature, inference, kernel and gradient."""
    definition = Op(declaration)
    registry.register(definition)
    return definition


class Op(OpDefinition):
    """An op type; calling it adds a node of that type to the graph."""

    def __call__(self, *inputs: Any, name: str | None = None, **attrs: Any) -> Any:
        """Adds a node and returns its output, its list of outputs, or the operation if it has none.

        Raises TypeError and ValueError where arguments and signature don't fit.
        """
        node = self.node(*inputs, name=name, **attrs)
        outputs = node._outputs
        signature = self.outputs
        if len(signature) == 1 and not (signature[0].number_attr or signature[0].type_list_attr):
            return outputs[0]
        if not signature:
            return node
        return _grouped(node, signature)

    def node(self, *inputs: Any, name: str | None = None, **attrs: Any) -> Operation:
        """Adds a node and returns the operation itself."""
        scope = name or self.name
        try:
            graph = _graph_of(inputs)
            if graph._finalized:
                raise RuntimeError("Graph is finalized and cannot be modified.")
            scope, prefix = graph._entered(name or self.name)
            call = _Call(self, graph, scope)
            for arg, value in zip(self.inputs, inputs, strict=True):
                call.take(arg, value)
            call.fill_attrs(attrs)
            types = output_types(self, call.attrs)
            made = (self, prefix, tuple(call.tensors), call.attrs, types, call.arguments)
            if not self.takes_references:
                return graph.add_node(*made)
            with ExitStack() as blocks:  # what changes a variable runs where the variable is
                for tensor in self._references(call.arguments):
                    blocks.enter_context(graph.colocate_with(tensor))
                return graph.add_node(*made)
        except (TypeError, ValueError) as error:
            tell(error, inputs, made=f"{scope.rstrip('/')} ({self.name})")
            raise

    def _references(self, arguments: list[Any]) -> list[Tensor]:
        """The inputs that the op may change."""
        by_arg = [
            value if isinstance(value, list) else [value]
            for arg, value in zip(self.inputs, arguments, strict=True)
            if arg.is_ref
        ]
        return [tensor for tensors in by_arg for tensor in tensors]


def _grouped(node: Operation, signature: tuple[Arg, ...]) -> Any:
    """The outputs as the signature groups them: tensors, and lists of tensors."""
    outputs, start = node._outputs, 0
    groups: list[Any] = []
    for arg in signature:
        if arg.number_attr or arg.type_list_attr:
            value = node._attrs[arg.number_attr or arg.type_list_attr]
            count = value if arg.number_attr else len(value)
            groups.append(list(outputs[start : start + count]))
        else:
            count = 1
            groups.append(outputs[start])
        start += count
    return groups[0] if len(groups) == 1 else groups


def _graph_of(inputs: tuple[Any, ...]) -> Graph:
    default = get_default_graph()
    # A list is quicker than a generator here, and this runs for each op that is made.
    if all([type(v) is Tensor and v.op.graph is default for v in inputs]):  # noqa: C419
        return default
    values = [v for i in inputs for v in (i if type(i) in (list, tuple) else (i,))]
    return graph_from_inputs(values)


def output_types(definition: OpDefinition, attrs: dict[str, Any]) -> list[DType]:
    """The types of a node's outputs, as its attributes decide them."""
    types: list[DType] = []
    for arg in definition.outputs:
        if arg.type_list_attr:
            types += attrs[arg.type_list_attr]
            continue
        dtype = arg.dtype or attrs[arg.type_attr]
        if arg.is_ref:
            dtype = dtype._as_ref
        types += [dtype] * (attrs[arg.number_attr] if arg.number_attr else 1)
    return types


class _Call:
    """One call of an op: its arguments so far, and the attributes they have decided."""

    def __init__(self, definition: OpDefinition, graph: Graph, scope: str) -> None:
        self.definition = definition
        self.graph = graph
        self.scope = scope
        self.tensors: list[Tensor] = []
        self.arguments: list[Any] = []
        self.attrs: dict[str, Any] = {}
        self.decided_by: dict[str, str] = {}

    def take(self, arg: Arg, value: Any) -> None:
        """Adds the value of the next input."""
        if arg.number_attr or arg.type_list_attr:
            self._take_list(arg, value)
            return
        wanted = arg.dtype or self.attrs.get(arg.type_attr)
        if type(value) is Tensor and (wanted is None or value._dtype._base is wanted):
            tensor = value
        else:
            tensor = self._convert(arg, value, wanted)
        if arg.is_ref and not tensor._dtype._is_ref_dtype:
            raise TypeError(
                f"'{self.definition.name}' Op requires that input '{arg.name}' be a mutable tensor "
                "(e.g.: a tf.Variable)"
            )
        if arg.type_attr:
            self._decide_type(arg, tensor._dtype._base)
        if tensor.op.graph is not self.graph:
            tensor = self.graph.capture(tensor)
        self.tensors.append(tensor)
        self.arguments.append(tensor)

    def _convert(self, arg: Arg, value: Any, wanted: DType | None) -> Tensor:
        attr = self.definition.attrs.get(arg.type_attr)
        default = attr.default if wanted is None and attr and attr.has_default else None
        try:
            if default is not None and attr is not None and attr.allowed:
                try:
                    natural = self._to_tensor(value, None, arg.name, None, arg.is_ref)
                    if natural._dtype._base in attr.allowed:
                        return natural
                except TypeError:
                    pass  # a list of Dimensions, say: only a wanted type can convert it
            return self._to_tensor(value, wanted, arg.name, default, arg.is_ref)
        except TypeError as error:
            if wanted is None:
                raise
            raise TypeError(
                f"Expected {wanted.name} passed to parameter '{arg.name}' of op "
                f"'{self.definition.name}', got {value!r} of type '{type(value).__name__}' "
                f"instead. Error: {error}"
            ) from None
        except ValueError:
            raise self._wrong_type(arg, value, wanted) from None

    def _wrong_type(self, arg: Arg, value: Any, wanted: DType | None) -> Exception:
        try:
            observed = self._to_tensor(value, None, None, None, arg.is_ref).dtype.name
        except ValueError as error:
            return ValueError(
                f"Tried to convert '{arg.name}' to a tensor and failed. Error: {error}"
            )
        prefix = (
            f"Input '{arg.name}' of '{self.definition.name}' Op has type {observed} that does not "
            "match"
        )
        if arg.dtype:
            return TypeError(f"{prefix} expected type of {arg.dtype.name}.")
        first = self.decided_by.get(arg.type_attr, "Default in OpDef")
        return TypeError(f"{prefix} type {wanted.name if wanted else ''} of argument '{first}'.")

    def _to_tensor(
        self,
        value: Any,
        dtype: DType | None,
        name: str | None,
        preferred: DType | None,
        as_ref: bool,
    ) -> Tensor:
        """`value` as a tensor; new constants are named under the op that takes them."""
        graph = self.graph
        outer, graph._name_stack = graph._name_stack, self.scope
        try:
            if graph is get_default_graph():
                return convert_to_tensor(value, dtype, name, preferred, as_ref=as_ref)
            with graph.as_default():
                return convert_to_tensor(value, dtype, name, preferred, as_ref=as_ref)
        finally:
            graph._name_stack = outer

    def _decide_type(self, arg: Arg, dtype: DType) -> None:
        known = self.attrs.get(arg.type_attr)
        if known is None:
            self._check_type(arg.type_attr, dtype, arg.name)
            self.attrs[arg.type_attr] = dtype
            self.decided_by[arg.type_attr] = arg.name
        elif known is not dtype:
            raise TypeError(
                f"Input '{arg.name}' of '{self.definition.name}' Op has type {dtype.name} that "
                f"does not match type {known.name} of argument '{self.decided_by[arg.type_attr]}'."
            )

    def _check_type(self, attr_name: str, dtype: DType, parameter: str) -> None:
        allowed = self.definition.attrs[attr_name].allowed
        if allowed is not None and dtype._base not in allowed:
            names = ", ".join(item.name for item in allowed)
            raise TypeError(
                f"Value passed to parameter '{parameter}' has DataType {dtype.name} not in list of "
                f"allowed values: {names}"
            )

    def _take_list(self, arg: Arg, values: Any) -> None:
        op_type = self.definition.name
        if not isinstance(values, (list, tuple)):
            raise TypeError(
                f"Expected list for '{arg.name}' argument to '{op_type}' Op, not {values}."
            )
        if arg.number_attr:
            tensors = self._same_type(arg, values)
            self._decide_number(arg, len(tensors))
            if arg.type_attr and tensors:
                self._decide_type(arg, tensors[0]._dtype._base)
        else:
            tensors = [
                self._to_tensor(value, None, f"{arg.name}_{i}", None, arg.is_ref)
                for i, value in enumerate(values)
            ]
            types = [tensor._dtype._base for tensor in tensors]
            least = self.definition.attrs[arg.type_list_attr].minimum or 0
            if len(types) < least:
                raise ValueError(
                    f"Attr '{arg.type_list_attr}' of '{op_type}' Op passed list of length "
                    f"{len(types)} less than minimum {least}."
                )
            for dtype in types:
                self._check_type(arg.type_list_attr, dtype, arg.name)
            known = self.attrs.setdefault(arg.type_list_attr, types)
            if known != types:
                raise TypeError(
                    f"Input '{arg.name}' of '{op_type}' Op has type list of "
                    f"{', '.join(t.name for t in types)} that does not match type list "
                    f"{', '.join(t.name for t in known)} of argument "
                    f"'{self.decided_by[arg.type_list_attr]}'."
                )
            self.decided_by.setdefault(arg.type_list_attr, arg.name)
        tensors = [self.graph.capture(tensor) for tensor in tensors]
        self.tensors += tensors
        self.arguments.append(tensors)

    def _same_type(self, arg: Arg, values: Any) -> list[Tensor]:
        """The tensors of a list whose elements share one type."""
        wanted = arg.dtype or self.attrs.get(arg.type_attr)
        preferred = None
        if wanted is None:
            wanted = next((v._dtype._base for v in values if type(v) is Tensor), None)
            attr = self.definition.attrs[arg.type_attr]
            preferred = attr.default if wanted is None and attr.has_default else None
        tensors = []
        try:
            for i, value in enumerate(values):
                name = f"{arg.name}_{i}"
                tensors.append(self._to_tensor(value, wanted, name, preferred, arg.is_ref))
            if len({tensor._dtype._base for tensor in tensors}) > 1:
                raise TypeError
        except (TypeError, ValueError):
            raise TypeError(self._mixed(arg, values, wanted)) from None
        return tensors

    def _mixed(self, arg: Arg, values: Any, wanted: DType | None) -> str:
        observed = []
        for value in values:
            try:
                observed.append(self._to_tensor(value, None, None, None, False)._dtype._base.name)
            except (TypeError, ValueError):
                observed.append("<NOT CONVERTIBLE TO TENSOR>")
        prefix = (
            f"Tensors in list passed to '{arg.name}' of '{self.definition.name}' Op have types "
            f"[{', '.join(observed)}]"
        )
        if arg.dtype:
            return f"{prefix} that do not match expected type {arg.dtype.name}."
        if arg.type_attr in self.attrs and wanted is not None:
            return f"{prefix} that do not match type {wanted.name} inferred from earlier arguments."
        return f"{prefix} that don't all match."

    def _decide_number(self, arg: Arg, count: int) -> None:
        op_type, known = self.definition.name, self.attrs.get(arg.number_attr)
        if known is None:
            least = self.definition.attrs[arg.number_attr].minimum
            if least is not None and count < least:
                raise ValueError(
                    f"List argument '{arg.name}' to '{op_type}' Op with length {count} shorter "
                    f"than minimum length {least}."
                )
            self.attrs[arg.number_attr] = count
            self.decided_by[arg.number_attr] = arg.name
        elif known != count:
            raise ValueError(
                f"List argument '{arg.name}' to '{op_type}' Op with length {count} must match "
                f"length {known} of argument '{self.decided_by[arg.number_attr]}'."
            )

    def fill_attrs(self, given: dict[str, Any]) -> None:
        """Sets the attributes that the inputs have not decided: as given, or by default."""
        for name, attr in self.definition.attrs.items():
            if name in self.attrs:
                continue
            value = given.get(name)
            if value is None and attr.has_default:
                default = attr.default
                self.attrs[name] = list(default) if type(default) is list else default
            elif name not in given:
                raise TypeError(f"No argument found for attr {name} for {self.definition.name}")
            else:
                self.attrs[name] = checked_attr(attr, value, self.definition.name)
