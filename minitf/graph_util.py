"""Parts of a GraphDef: what outputs need, without variables, without what only training needs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from minitf import dtypes
from minitf.arrays import make_tensor_proto
from minitf.graph import Graph
from minitf.shape import TensorShape
from minitf.tensor import Operation

_log = logging.getLogger("minitf")
_VARIABLE_OPS = {
    *("Assign", "AssignAdd", "AssignSub", "Queue", "ScatterAdd", "ScatterSub", "ScatterUpdate"),
    *("TruncatedNormal", "Variable", "VariableV2"),
}
_PASSING_ON = {"Enter", "Exit", "Identity", "NextIteration", "Switch"}
# The attribute that decides whether these run on the CPU: there int32 (and strings) stay.
_TYPE_ATTRS = {
    "Const": ("dtype", {dtypes.string, dtypes.int32}),
    "DynamicStitch": ("T", {dtypes.int32}),
    "ParallelDynamicStitch": ("T", {dtypes.int32}),
    "Cast": ("SrcT", {dtypes.int32}),
}


def _source(text: str) -> str:
    """The node that an input comes from: of `a:1`, `a` or `^a`, that is `a`."""
    return text[1:] if text.startswith("^") else text.partition(":")[0]


def _colocated(node: Any) -> list[str]:
    """The nodes that `node` is to share a device with."""
    groups = node.attr["_class"].list.s if "_class" in node.attr else ()
    return [group.decode().removeprefix("loc:@") for group in groups]


def extract_sub_graph(graph_def: Any, dest_nodes: Iterable[str]) -> Any:
    """A GraphDef of the nodes that `dest_nodes` need, and no others.

    Raises TypeError for no GraphDef and for a string, AssertionError for a node that is not there.
    """
    from tensorboard.compat.proto.graph_pb2 import GraphDef

    if not isinstance(graph_def, GraphDef):
        raise TypeError(
            f"graph_def must be a graph_pb2.GraphDef proto, but got type {type(graph_def)}."
        )
    if isinstance(dest_nodes, str):
        raise TypeError(
            f"dest_nodes must be an iterable of strings, but got type {type(dest_nodes)}."
        )
    nodes = {_source(node.name): node for node in graph_def.node}
    pending = list(dest_nodes)
    for name in pending:
        if name not in nodes:
            raise AssertionError(f"{name} is not in graph")
    needed: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            pending += [_source(text) for text in nodes[name].input] + _colocated(nodes[name])
    kept = [node for name, node in nodes.items() if name in needed]
    return GraphDef(node=kept, library=graph_def.library, versions=graph_def.versions)


def convert_variables_to_constants(
    sess: Any,
    input_graph_def: Any,
    output_node_names: Iterable[str],
    variable_names_whitelist: Any = None,
    variable_names_blacklist: Any = None,
) -> Any:
    """A GraphDef of what the outputs need, with the session's values in place of variables.

    Only variables of the whitelist, if there is one, and none of the blacklist.
    """
    definition = extract_sub_graph(input_graph_def, output_node_names)
    chosen = [
        node
        for node in definition.node
        if node.op in ("Variable", "VariableV2")
        and (variable_names_whitelist is None or node.name in variable_names_whitelist)
        and (variable_names_blacklist is None or node.name not in variable_names_blacklist)
    ]
    values = sess.run([f"{node.name}:0" for node in chosen]) if chosen else []
    _forget_shapes(definition, {node.name for node in chosen})
    for node, value in zip(chosen, values, strict=True):
        name, dtype = node.name, node.attr["dtype"].type
        node.Clear()
        node.name, node.op = name, "Const"
        node.attr["dtype"].type = dtype
        node.attr["value"].tensor.CopyFrom(make_tensor_proto(value, dtypes.as_dtype(dtype)))
    _log.info("Converted %d variables to const ops.", len(chosen))
    return definition


def _forget_shapes(definition: Any, names: set[str]) -> None:
    """Takes the static shapes from nodes that only pass the values of `names` on."""
    for node in definition.node:
        if node.op in _PASSING_ON and any(_source(text) in names for text in node.input):
            names.add(node.name)
            node.attr.pop("_output_shapes", None)


def remove_training_nodes(input_graph: Any, protected_nodes: Any = None) -> Any:
    """A GraphDef without CheckNumerics, and with what Identity and StopGradient get in their place.

    Nodes stay where others depend on them by control inputs or share their device, and where
    they are among `protected_nodes`.
    """
    protected = set(protected_nodes or ())
    nodes = _without_checks(input_graph.node, protected)
    controls = {text[1:] for node in nodes for text in node.input if text.startswith("^")}
    colocated = {name for node in nodes for name in _colocated(node)}
    kept = protected | controls | colocated
    spliced = {
        node.name: node.input[0]
        for node in nodes
        if node.op in ("Identity", "StopGradient")
        and node.name not in kept
        and not any(text.startswith("^") for text in node.input)
    }

    def through(text: str) -> str:
        while (name := text.removeprefix("^")) in spliced:
            text = spliced[name]
        return text

    left = [node for node in nodes if node.name not in spliced]
    return type(input_graph)(node=[_with_inputs(node, through) for node in left])


def _without_checks(nodes: Any, protected: set[str]) -> list[Any]:
    """The nodes without CheckNumerics, which nobody has as an input any more."""
    removed = {n.name for n in nodes if n.op == "CheckNumerics" and n.name not in protected}

    def kept(text: str) -> str | None:
        return None if text.removeprefix("^") in removed else text

    return [_with_inputs(node, kept) for node in nodes if node.name not in removed]


def _with_inputs(node: Any, replaced: Callable[[str], str | None]) -> Any:
    """A copy of a node whose inputs are what `replaced` makes of each, or left out."""
    copy = type(node)()
    copy.CopyFrom(node)
    copy.input[:] = [text for text in map(replaced, node.input) if text is not None]
    return copy


def tensor_shape_from_node_def_name(graph: Graph, input_name: str) -> TensorShape:
    """The static shape of a tensor, or of an op's first one, by name; KeyError where it is not."""
    name = input_name if ":" in input_name else f"{input_name}:0"
    return graph.get_tensor_by_name(name).get_shape()


def must_run_on_cpu(node: Any, pin_variables_on_cpu: bool = False) -> bool:
    """Whether an operation or a NodeDef can only run on a CPU: it holds strings or int32 values."""
    definition = node.node_def if isinstance(node, Operation) else node
    if pin_variables_on_cpu and definition.op in _VARIABLE_OPS:
        return True
    attr, kinds = _TYPE_ATTRS.get(definition.op, ("", set()))
    return bool(attr) and dtypes.as_dtype(definition.attr[attr].type) in kinds
