"""Making nodes: what an op's signature says is applied to the arguments of a call.

`@op` turns a declaration into a function that adds a node: inputs become tensors (constants
under the op's own name), the types that the inputs decide are inferred and checked, the other
attributes take their defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.arrays import make_array
from minitf.dtypes import DType
from minitf.graph import Graph, get_default_graph, graph_from_inputs
from minitf.proto import as_bytes
from minitf.registry import Arg, Attr, OpDefinition
from minitf.shape import Dimension, TensorShape, as_shape
from minitf.tensor import Operation, Tensor


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
            for arg, value in zip(self.inputs, call.arguments, strict=True):
                for tensor in (value if isinstance(value, list) else [value]) if arg.is_ref else ():
                    blocks.enter_context(graph.colocate_with(tensor))
            return graph.add_node(*made)


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


def checked_attr(attr: Attr, value: Any, op_type: str) -> Any:
    """`value` as nodes keep an attribute; TypeError or ValueError when it is not legal."""
    if attr.type.startswith("list("):
        if not isinstance(value, (list, tuple, np.ndarray)):
            raise TypeError(f"Expected list for attr {attr.name}, obtained {type(value).__name__} instead.")  # fmt: skip  # noqa: E501
        inner = attr._replace(type=attr.type[5:-1], minimum=None)
        if attr.minimum is not None and len(value) < attr.minimum:
            raise ValueError(
                f"Attr '{attr.name}' of '{op_type}' Op passed list of length {len(value)} less "
                f"than minimum {attr.minimum}."
            )
        return [checked_attr(inner, item, op_type) for item in value]
    result = _CONVERTERS[attr.type](value, attr.name)
    if attr.minimum is not None and result < attr.minimum:
        raise ValueError(
            f"Attr '{attr.name}' of '{op_type}' Op passed {result} less than minimum "
            f"{attr.minimum}."
        )
    if attr.allowed is not None and result not in attr.allowed:
        if attr.type == "type":
            names = ", ".join(item.name for item in attr.allowed)
            raise TypeError(
                f"Value passed to parameter '{attr.name}' has DataType {result.name} not in list "
                f"of allowed values: {names}"
            )
        names = '", "'.join(item.decode() for item in attr.allowed)
        raise ValueError(
            f"Attr '{attr.name}' of '{op_type}' Op passed string '{result.decode()}' not in: "
            f'"{names}".'
        )
    return result


def _make_int(value: Any, name: str) -> int:
    try:
        if isinstance(value, str):
            raise TypeError
        return int(value)
    except (TypeError, ValueError):
        raise TypeError(f"Expected int for argument '{name}' not {value!r}.") from None


def _make_float(value: Any, name: str) -> float:
    if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
        raise TypeError(f"Expected float for argument '{name}' not {value!r}.")
    return float(value)


def _make_bool(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"Expected bool for argument '{name}' not {value!r}.")
    return value


def _make_string(value: Any, name: str) -> bytes:
    try:
        return as_bytes(value)
    except TypeError:
        raise TypeError(f"Expected string for argument '{name}' not {value!r}.") from None


def _make_type(value: Any, name: str) -> DType:
    try:
        return dtypes.as_dtype(value).base_dtype
    except TypeError:
        raise TypeError(f"Expected DataType for argument '{name}' not {value!r}.") from None


def _make_shape(value: Any, name: str) -> TensorShape:
    try:
        return as_shape(value)
    except ValueError as error:
        raise ValueError(f"Error converting {name} to a TensorShape: {error}.") from None
    except TypeError as error:
        raise TypeError(
            f"Error converting {value!r} (arg name = {name}) to a TensorShape: {error}"
        ) from None


_CONVERTERS: dict[str, Callable[[Any, str], Any]] = {
    "int": _make_int,
    "float": _make_float,
    "bool": _make_bool,
    "string": _make_string,
    "type": _make_type,
    "shape": _make_shape,
    "tensor": lambda value, name: np.asarray(value),
    "func": lambda value, name: value,
}

_conversions: list[tuple[int, Any, Callable[..., Any]]] = []


def register_tensor_conversion_function(
    base_type: Any, conversion_func: Callable[..., Any], priority: int = 100
) -> None:
    """Lets `convert_to_tensor` convert values of a type.

    `conversion_func(value, dtype, name, as_ref)` returns a tensor or NotImplemented. Lower
    priorities are asked first.
    """
    _conversions.append((priority, base_type, conversion_func))
    _conversions.sort(key=lambda entry: entry[0])


def _holds_tensors(values: Any) -> bool:
    for value in values:
        if isinstance(value, (list, tuple)):
            if _holds_tensors(value):
                return True
        elif hasattr(value, "_as_graph_element") or _converter(value) is not None:
            return True
    return False


def _converter(value: Any) -> Callable[..., Any] | None:
    for _, base_type, function in _conversions:
        if isinstance(value, base_type):
            return function
    return None


def _check_dimension(value: Dimension, dtype: DType | None) -> None:
    """ValueError for a dimension that is not known, TypeError for a type that holds no sizes."""
    if value.value is None:
        raise ValueError("Cannot convert unknown Dimension ? to a Tensor.")
    if dtype is not None and dtype.base_dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError(
            f"Cannot convert Dimension {value} to dtype {dtype}. Allowed dtypes are tf.int32 and "
            "tf.int64."
        )


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
    as_ref: bool = False,
) -> Tensor:
    """`value` as a tensor: itself, a packed list of tensors, or a new constant.

    `dtype` is demanded, `preferred_dtype` tried first. Raises ValueError for a tensor of another
    type and for None, TypeError for values that would need a cast.
    """
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if type(value) is Dimension:
        _check_dimension(value, dtype)
        name = name or "shape_as_tensor"
    preferred = preferred_dtype if preferred_dtype is not None else dtype_hint
    preferred = None if preferred is None else dtypes.as_dtype(preferred)
    if isinstance(value, Tensor):
        if dtype is not None and not dtype.is_compatible_with(value._dtype):
            prefix = f"{name}: " if name else ""
            raise ValueError(
                f"{prefix}Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                f"{value._dtype.name}: {value!r}"
            )
        return value
    convert = _converter(value)
    if convert is not None:
        return _converted(convert, value, dtype, name, preferred, as_ref)
    if isinstance(value, Operation):
        raise TypeError(f"Can't convert Operation '{value.name}' to Tensor (target dtype={dtype})")
    if isinstance(value, (list, tuple)) and _holds_tensors(value):
        first = _first_dtype(value)
        if dtype is not None and first is not None and first is not dtype:
            value = _all_cast(value, dtype)
        return _packed(value, dtype or first, name or "packed")
    if dtype is None and preferred is not None:
        try:
            return add_constant(make_array(_known(value), preferred), name)
        except (TypeError, ValueError):
            pass  # the value is not of the preferred type: it keeps its own
    return add_constant(make_array(_known(value), dtype), name)


def _known(value: Any) -> Any:
    """A shape that is to become a constant must be known in full."""
    if isinstance(value, TensorShape) and not value.is_fully_defined():
        raise ValueError(f"Cannot convert a partially known TensorShape {value} to a Tensor.")
    return value


def _converted(
    convert: Any, value: Any, dtype: DType | None, name: str | None, preferred: Any, as_ref: bool
) -> Tensor:
    tensor = convert(value, dtype=dtype or preferred, name=name, as_ref=as_ref) if (
        dtype is None and preferred is not None and preferred.is_compatible_with(
            getattr(value, "dtype", None) or dtypes.variant)
    ) else convert(value, dtype=dtype, name=name, as_ref=as_ref)  # fmt: skip
    if tensor is NotImplemented:
        raise TypeError(f"Cannot convert {value!r} of type {type(value)} to a Tensor")
    if dtype is not None and not dtype.is_compatible_with(tensor.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
            f"{tensor.dtype.name}: {tensor!r}"
        )
    return tensor


def _first_dtype(values: Any) -> DType | None:
    for value in values:
        if isinstance(value, (list, tuple)):
            found = _first_dtype(value)
            if found is not None:
                return found
        elif hasattr(value, "_as_graph_element"):
            return value.dtype.base_dtype
    return None


def _all_cast(values: Any, dtype: DType) -> Any:
    """The list with its tensors cast to `dtype`."""
    if isinstance(values, (list, tuple)):
        return [_all_cast(value, dtype) for value in values]
    if isinstance(values, Tensor) and values._dtype._base is not dtype:
        return registry.get("Cast")(values, DstT=dtype)
    return values


def _packed(values: Any, dtype: DType | None, name: str) -> Tensor:
    """A list that holds tensors, as one tensor; inner lists are packed under the outer's name."""
    graph = graph_from_inputs([v for v in values if hasattr(v, "_as_graph_element")])
    outer, prefix = graph._name_stack, ""
    graph._name_stack, prefix = graph._entered(name)
    try:
        elements = list(values)
        for i, value in enumerate(elements):
            if isinstance(value, (list, tuple)):
                if _holds_tensors(value):
                    elements[i] = _packed(value, dtype, str(i))
                else:
                    graph._entered(str(i))  # TensorFlow gives each inner list a scope of its own
            elif isinstance(value, Tensor) and value._dtype._base is not dtype:
                raise TypeError(
                    f"Cannot convert a list containing a tensor of dtype {value._dtype!s} to "
                    f"{dtype!s} (Tensor is: {value!r})"
                )
        # Constants come after the lists that hold tensors.
        elements = [convert_to_tensor(value, dtype, str(i)) for i, value in enumerate(elements)]
    finally:
        graph._name_stack = outer
    return registry.get("Pack")(elements, axis=0, name=prefix)


def add_constant(array: np.ndarray, name: str | None) -> Tensor:
    """A new Const node in the default graph, with a value nobody can change afterwards."""
    array.flags.writeable = False
    definition = registry.get("Const")
    dtype = dtypes.as_dtype(array.dtype)
    attrs = {"value": array, "dtype": dtype}
    return get_default_graph().add_node(definition, name or "Const", (), attrs, [dtype])._outputs[0]


def convert_n_to_tensor(values: Any, dtype: Any = None, name: str | None = None) -> list[Tensor]:
    """Each of `values` as a tensor, named `name_0`, `name_1`, ..."""
    return [
        convert_to_tensor(value, dtype, None if name is None else f"{name}_{i}")
        for i, value in enumerate(values)
    ]
