"""Nodes made from an op type's name and attributes as protocol buffers: Graph.create_op."""

from __future__ import annotations

from typing import Any

from minitf.graph import Graph
from minitf.graph_def import definition_of
from minitf.op import Op, checked_attr, output_types
from minitf.proto import attr_from_proto
from minitf.registry import Arg
from minitf.tensor import Operation, Tensor


def make_node(
    graph: Graph, op_type: str, inputs: Any, name: str | None, attrs: dict[str, Any] | None
) -> Operation:
    """A new operation of `graph`, its inputs in one flat list, its attributes as AttrValues.

    Raises RuntimeError for an unknown op type, TypeError for an input that is no tensor,
    ValueError for what does not fit the op's signature.
    """
    definition = definition_of(op_type)
    if definition is None:
        raise RuntimeError(f"Op type not registered '{op_type}': minitf has no such op.")
    for index, value in enumerate(inputs):
        if not isinstance(value, Tensor):
            raise TypeError(f"Input #{index} is not a tensor: {value}")
        if value.graph is not graph:
            raise ValueError(f"{value} is from a different graph than the node '{name}'")
    given = {key: attr_from_proto(value) for key, value in (attrs or {}).items()}
    _, node_name = graph._entered(name or op_type)
    arguments = _grouped(definition, list(inputs), given)
    values = _attributes(definition, given, node_name.rstrip("/"))
    types = output_types(definition, values)
    return graph.add_node(definition, node_name, tuple(inputs), values, types, arguments)


def _grouped(definition: Op, inputs: list[Tensor], attrs: dict[str, Any]) -> list[Any]:
    """The inputs as the signature groups them; sets the type attributes that they decide."""
    arguments: list[Any] = []
    for arg in definition.inputs:
        count = _count(arg, attrs)
        group = inputs[:count]
        if len(group) < count:
            raise IndexError(f"{definition.name} takes more inputs than the given")
        del inputs[:count]
        arguments.append(group if arg.number_attr or arg.type_list_attr else group[0])
        if arg.type_attr:
            for tensor in group:
                _decide(definition, arg.type_attr, tensor._dtype._base, attrs)
    if inputs:
        raise ValueError(f"{definition.name} takes fewer inputs: {inputs} are left over")
    return arguments


def _count(arg: Arg, attrs: dict[str, Any]) -> int:
    """How many tensors an input takes."""
    if arg.number_attr:
        return int(attrs[arg.number_attr])
    return len(attrs[arg.type_list_attr]) if arg.type_list_attr else 1


def _decide(definition: Op, attr: str, dtype: Any, attrs: dict[str, Any]) -> None:
    known = attrs.setdefault(attr, dtype)
    if known is not dtype:
        raise ValueError(
            f"Inconsistent values for attr '{attr}' {_written(known)} vs. {_written(dtype)} while "
            f"building NodeDef using Op<name={definition.name}>"
        )


def _written(dtype: Any) -> str:
    name = {"float32": "float", "float64": "double", "float16": "half"}.get(dtype.name, dtype.name)
    return f"DT_{name.upper()}"


def _attributes(definition: Op, given: dict[str, Any], name: str) -> dict[str, Any]:
    """The node's attributes as nodes keep them, with the defaults of those not given."""
    values: dict[str, Any] = {}
    for key, attr in definition.attrs.items():
        if key in given:
            values[key] = checked_attr(attr, given[key], definition.name)
        elif attr.has_default:
            values[key] = list(attr.default) if type(attr.default) is list else attr.default
        else:
            raise ValueError(
                f"NodeDef missing attr '{key}' from Op<name={definition.name}>; NodeDef: "
                f"{{{{node {name}}}}}"
            )
    values.update({key: value for key, value in given.items() if key.startswith("_")})
    return values
