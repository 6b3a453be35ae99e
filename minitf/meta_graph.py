"""MetaGraphDef: a graph with its collections and its saver, out of the graph and back into one."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from minitf import control_flow_defs
from minitf.errors import FailedPreconditionError
from minitf.graph import Graph, GraphKeys, get_default_graph
from minitf.graph_def import definition_of, import_graph_def, write_graph
from minitf.proto import attr_value, op_def
from minitf.variable_parts import with_scope, without_scope
from minitf.variables import Variable

_log = logging.getLogger("minitf")
_VERSION = "2.21.0"  # the TensorFlow whose graphs these are
_UNBOUND = "unbound_inputs"
_UNBOUND_PREFIX = "$unbound_inputs_"


class _Kind(NamedTuple):
    """How a collection's items become protocol buffers and come back."""

    module: str
    message: str
    from_proto: Callable[..., Any]
    to_proto: Callable[..., Any]


_collections: dict[str, _Kind] = {}


def register_collection(
    key: str,
    module: str,
    message: str,
    from_proto: Callable[..., Any],
    to_proto: Callable[..., Any] = lambda item, export_scope: item.to_proto(export_scope),
) -> None:
    """Says of which protocol buffer a collection's items are made, and how."""
    _collections[key] = _Kind(module, message, from_proto, to_proto)


for _key in (
    GraphKeys.GLOBAL_VARIABLES,
    GraphKeys.LOCAL_VARIABLES,
    GraphKeys.MODEL_VARIABLES,
    GraphKeys.METRIC_VARIABLES,
    GraphKeys.TRAINABLE_VARIABLES,
    GraphKeys.MOVING_AVERAGE_VARIABLES,
    GraphKeys.CONCATENATED_VARIABLES,
    GraphKeys.GLOBAL_STEP,
    GraphKeys.EVAL_STEP,
):
    register_collection(
        _key, "tensorboard.compat.proto.variable_pb2", "VariableDef", Variable.from_proto
    )
for _key, _message in (
    (GraphKeys.COND_CONTEXT, "CondContextDef"),
    (GraphKeys.WHILE_CONTEXT, "WhileContextDef"),
):
    register_collection(
        _key,
        "minitf.train.protos",
        _message,
        control_flow_defs.from_proto,
        control_flow_defs.to_proto,
    )


# -- out of a graph ----------------------------------------------------------------------------


def export_meta_graph(
    filename: str | None = None,
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Any = None,
    collection_list: Any = None,
    as_text: bool = False,
    graph: Graph | None = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
) -> Any:
    """The graph, its collections and `saver_def` as a MetaGraphDef, also written to `filename`.

    With `export_scope`, what lies in that scope, named as outside it.
    """
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

    _check_kinds(graph_def, meta_info_def, saver_def)
    graph = graph or get_default_graph()
    if graph_def is None:
        graph_def = graph.as_graph_def(add_shapes=True)
    left_out: set[str] = set()
    if clear_extraneous_savers:
        left_out = _extraneous_savers(graph_def, saver_def)
    if export_scope or clear_devices or left_out:
        graph_def, unbound = _scoped(graph_def, export_scope, clear_devices, left_out)
        graph.clear_collection(_UNBOUND)
        for name in unbound:
            graph.add_to_collection(_UNBOUND, name)
    meta = MetaGraphDef(graph_def=graph_def, saver_def=saver_def)
    if meta_info_def is not None:
        meta.meta_info_def.MergeFrom(meta_info_def)
    meta.meta_info_def.tensorflow_version = _VERSION
    meta.meta_info_def.tensorflow_git_version = "unknown"
    if not meta.meta_info_def.stripped_op_list.op:
        _list_ops(meta)
    if strip_default_attrs:
        _strip_defaults(meta)
    keys = graph.get_all_collection_keys() if collection_list is None else collection_list
    for key in keys:
        if key == GraphKeys.SAVERS and clear_extraneous_savers:
            kept = saver_def or _collections[key].from_proto(None).as_saver_def()  # a new one
            meta.collection_def[key].bytes_list.value.append(kept.SerializeToString())
        else:
            _add_collection(meta, key, graph.get_collection(key), export_scope, left_out)
    if filename:
        write_graph(meta, os.path.dirname(filename), os.path.basename(filename), as_text=as_text)
    return meta


def _check_kinds(graph_def: Any, meta_info_def: Any, saver_def: Any) -> None:
    from tensorboard.compat.proto.graph_pb2 import GraphDef
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef
    from tensorboard.compat.proto.saver_pb2 import SaverDef

    kinds = (GraphDef, MetaGraphDef.MetaInfoDef, SaverDef)
    names = ("graph_def", "meta_info_def", "saver_def")
    for name, kind, given in zip(names, kinds, (graph_def, meta_info_def, saver_def), strict=True):
        if given is not None and not isinstance(given, kind):
            message = f"{name} must be of type {kind.__name__}. Received type: {type(given)}."
            raise TypeError(message)


def _list_ops(meta: Any) -> None:
    for op_type in sorted({node.op for node in meta.graph_def.node}):
        definition = definition_of(op_type)
        if definition is not None:
            meta.meta_info_def.stripped_op_list.op.append(op_def(definition))


def _strip_defaults(meta: Any) -> None:
    for node in meta.graph_def.node:
        definition = definition_of(node.op)
        for attr in definition.attrs.values() if definition is not None else ():
            if attr.has_default and attr.name in node.attr:
                if node.attr[attr.name] == attr_value(attr.default, attr.type):
                    del node.attr[attr.name]
    meta.meta_info_def.stripped_default_attrs = True


def _add_collection(meta: Any, key: Any, items: list[Any], scope: Any, left_out: set[str]) -> None:
    if not isinstance(key, str):
        _log.warning("Only collections with string type keys will be serialized, not %r", key)
        return
    items = [item for item in items if _is_exported(item, scope, left_out)]
    if not items:
        return
    try:
        values, kind = _collection_values(key, items, scope)
        getattr(meta.collection_def[key], kind).value.extend(values)
    except (AttributeError, TypeError, ValueError) as error:
        _log.warning("Issue encountered when serializing %s: it is left out.\n%s", key, error)
        meta.collection_def.pop(key, None)


def _collection_values(key: str, items: list[Any], scope: str | None) -> tuple[list[Any], str]:
    if key in _collections:
        protos = [_collections[key].to_proto(item, export_scope=scope) for item in items]
        return [proto.SerializeToString() for proto in protos if proto is not None], "bytes_list"
    first = items[0]
    if isinstance(first, (str, bytes)):
        return [v.encode() if isinstance(v, str) else v for v in items], "bytes_list"
    if isinstance(first, int):
        return items, "int64_list"
    if isinstance(first, float):
        return items, "float_list"
    if hasattr(first, "type_url"):  # a message of any kind, packed
        return items, "any_list"
    return [without_scope(item.name, scope) for item in items], "node_list"


def _is_exported(item: Any, scope: str | None, left_out: set[str]) -> bool:
    name = item if isinstance(item, str) else getattr(item, "name", None)
    if not isinstance(name, str):
        return True
    inside = not scope or name.startswith((scope, _UNBOUND_PREFIX))
    return inside and name.partition(":")[0] not in left_out


def _scoped(graph_def: Any, scope: Any, clear_devices: bool, left_out: set[str]) -> Any:
    """The nodes in the scope under their names outside it, and the inputs that lie beyond it."""
    scoped, unbound = type(graph_def)(), []
    scoped.versions.CopyFrom(graph_def.versions)
    inside = f"{scope.rstrip('/')}/" if scope else ""
    for node in graph_def.node:
        if not node.name.startswith(scope or "") or node.name in left_out:
            continue
        copy = scoped.node.add()
        copy.CopyFrom(node)
        copy.name = node.name.removeprefix(inside)
        del copy.input[:]
        for text in node.input:
            caret, name = ("^", text[1:]) if text.startswith("^") else ("", text)
            if name.startswith(inside):
                copy.input.append(caret + name.removeprefix(inside))
            elif not caret:
                unbound.append(_UNBOUND_PREFIX + name)
                copy.input.append(unbound[-1])
        if clear_devices:
            copy.device = ""
        if inside and "_class" in copy.attr:
            prefix = b"loc:@" + inside.encode()
            groups = [g for g in copy.attr["_class"].list.s if g.startswith(prefix)]
            copy.attr["_class"].list.s[:] = [b"loc:@" + g[len(prefix) :] for g in groups]
    return scoped, unbound


def _extraneous_savers(graph_def: Any, saver_def: Any) -> set[str]:
    """The nodes of all savers but this one: those in scopes that hold a saver's nodes only."""
    kept = saver_def.filename_tensor_name.rpartition("/")[0] if saver_def is not None else None
    scopes = {
        node.name.rpartition("/")[0]
        for node in graph_def.node
        if node.op in ("SaveV2", "RestoreV2") and "/" in node.name
    } - {kept}
    return {
        node.name
        for node in graph_def.node
        if any(node.name.startswith(f"{scope}/") for scope in scopes)
    }


# -- into a graph ------------------------------------------------------------------------------


def read_meta_graph_file(filename: str) -> Any:
    """A file's MetaGraphDef, binary or text; OSError where there is none, ValueError for others."""
    from google.protobuf import text_format
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

    if not os.path.exists(filename):
        raise OSError(f"File does not exist. Received: {filename}.")
    if os.path.isdir(filename):
        raise FailedPreconditionError(None, None, f"{filename}; Is a directory")
    with open(filename, "rb") as file:
        content = file.read()
    try:
        return MetaGraphDef.FromString(content)
    except DecodeError:
        pass  # perhaps it is written as text
    try:
        return text_format.Parse(content.decode("utf-8"), MetaGraphDef())
    except (text_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise OSError(f"Cannot parse file {filename}: {error}.") from None


def import_scoped_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    graph: Graph | None = None,
    import_scope: str | None = None,
    input_map: Any = None,
    unbound_inputs_col_name: str | None = _UNBOUND,
    restore_collections_predicate: Callable[[str], bool] = lambda key: True,
    return_elements: Any = None,
) -> tuple[Any, dict[str, Any], Any]:
    """Adds a MetaGraphDef's nodes and collections to a graph.

    Gives the definition, the variables by the names it has for them, and the elements asked for.
    """
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

    from minitf.train.files import path_text

    meta = meta_graph_or_file
    if not isinstance(meta, MetaGraphDef):
        meta = read_meta_graph_file(path_text(meta))
    _check_unbound(meta, unbound_inputs_col_name, input_map)
    graph = graph or get_default_graph()
    with graph.as_default():
        definition = type(meta.graph_def)()
        definition.CopyFrom(meta.graph_def)
        if clear_devices:
            for node in definition.node:
                node.device = ""
        scope = graph.unique_name(import_scope or "", mark_as_used=False)
        elements = import_graph_def(
            definition,
            name=import_scope or scope,
            input_map=input_map,
            producer_op_list=meta.meta_info_def.stripped_op_list,
            return_elements=return_elements,
        )
        _import_collections(
            meta, graph, scope, unbound_inputs_col_name, restore_collections_predicate
        )
        variables = {
            without_scope(variable.name, scope): variable
            for variable in graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope or None)
        }
    return meta, variables, elements


def _check_unbound(meta: Any, key: str | None, input_map: Any) -> None:
    if not key or key not in meta.collection_def:
        return
    names = [value.decode() for value in meta.collection_def[key].bytes_list.value]
    if names and sorted(names) != sorted(input_map or ()):
        missing = ",".join(name for name in names if name not in (input_map or ()))
        raise ValueError(
            f"Graph contains unbound inputs: {missing}. Must provide these inputs through "
            "input_map."
        )


def _import_collections(
    meta: Any, graph: Graph, scope: str, unbound: str | None, wanted: Callable[[str], bool]
) -> None:
    first = GraphKeys.TRAINABLE_VARIABLES
    variables: dict[bytes, Any] = {}  # one variable stands in several collections
    for key in sorted(meta.collection_def, key=lambda key: (key != first, key)):
        if key == unbound or not wanted(key):
            continue
        definition = meta.collection_def[key]
        kind = definition.WhichOneof("kind")
        if kind is None:
            _log.error("Cannot identify data type for collection %s. Skipping.", key)
            continue
        for value in getattr(definition, kind).value:
            graph.add_to_collection(key, _item(key, kind, value, graph, scope, variables))


def _item(key: str, kind: str, value: Any, graph: Graph, scope: str, variables: Any) -> Any:
    try:
        if kind == "node_list":
            return graph.as_graph_element(with_scope(value, scope))
        if kind == "int64_list":
            return int(value)
        if kind in ("float_list", "any_list"):
            return value
        if key not in _collections:
            return with_scope(value.decode(), scope) if scope else value
        if value not in variables:
            variables[value] = _from_proto(_collections[key], value, scope)
        return variables[value]
    except (KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"Collection {key!r} holds what is not in the graph: {error}") from error


def _from_proto(kind: _Kind, value: bytes, scope: str) -> Any:
    from google.protobuf.message import DecodeError

    message = getattr(importlib.import_module(kind.module), kind.message)
    try:
        proto = message.FromString(value)
    except DecodeError as error:
        raise ValueError(f"a {kind.message} cannot be read: {error}") from None
    return kind.from_proto(proto, import_scope=scope)
