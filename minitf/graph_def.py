"""A GraphDef's nodes into the graph, trusting nothing that it says.

What cannot be a graph here (unknown ops, missing inputs, cycles, wrong types, a Python function)
is a ValueError that names the node, and then no node has been added.
"""

from __future__ import annotations

import heapq
import importlib
import os
import pkgutil
from typing import Any

from minitf import registry
from minitf.device import canonical_name
from minitf.errors import NotFoundError
from minitf.graph import PRODUCER, Graph, get_default_graph, name_scope
from minitf.node_inputs import grouped_inputs
from minitf.op import Op, checked_attr, convert_to_tensor, output_types
from minitf.proto import attr_from_proto
from minitf.registry import Attr
from minitf.scopes import ROOT_SCOPE
from minitf.shape import TensorShape
from minitf.tensor import Operation, Tensor

_PYTHON_CALLS = ("PyFunc", "PyFuncStateless", "EagerPyFunc")
_MERGES = ("Merge", "RefMerge")
_NEXT = ("NextIteration", "RefNextIteration")
_VERSION = "2.21.0"  # of the TensorFlow whose messages these are like
# The last version of graphs whose placeholders said "of any shape" by the shape of a scalar.
_PLACEHOLDERS_OF_ANY_SHAPE = 21
_MOST_OUTPUTS = 1 << 20
_COLOCATED = b"loc:@"
_KINDS = {"string": "s", "int": "i", "float": "f", "bool": "b"}


def definition_of(op_type: str) -> Op | None:
    """The definition of an op type, wherever it stands; None where there is none."""
    try:
        return registry.get(op_type)  # type: ignore[return-value]
    except KeyError:
        load_all_ops()
    return registry.registered().get(op_type)  # type: ignore[return-value]


def load_all_ops() -> None:
    """Imports every family of ops, so that all types are registered."""
    import minitf.ops

    for module in pkgutil.iter_modules(minitf.ops.__path__, "minitf.ops."):
        importlib.import_module(module.name)


def import_graph_def(
    graph_def: Any,
    input_map: dict[str, Any] | None = None,
    return_elements: Any = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """Adds a GraphDef's nodes to the default graph, under the scope `name` ("import").

    `input_map` gives tensors to take in place of the GraphDef's own (`{"x:0": tensor}`).
    Returns the operations and tensors that `return_elements` names. Raises TypeError for
    arguments of the wrong kind, NotFoundError for an op that minitf lacks, ValueError for a
    GraphDef that does not make a graph.
    """
    definition = _checked_graph_def(graph_def)
    input_map = _checked_input_map(input_map)
    wanted = _checked_names(return_elements)
    graph = get_default_graph()
    with name_scope(name, "import", list(input_map.values())) as scope:
        input_map = _as_tensors(input_map, name)
        _check_graph_of(input_map, graph)
    prefix = scope.removesuffix("/")
    with graph._lock:  # another thread may be building
        return _Importer(graph, definition, prefix, input_map, producer_op_list).run(wanted)


def _checked_graph_def(graph_def: Any) -> Any:
    from tensorboard.compat.proto.graph_pb2 import GraphDef

    if not isinstance(graph_def, GraphDef):
        raise TypeError("Argument `graph_def` must be a GraphDef proto.")
    versions = graph_def.versions
    if versions.min_consumer > PRODUCER or PRODUCER in versions.bad_consumers:
        raise ValueError(
            f"GraphDef min consumer version {versions.min_consumer} above current version "
            f"{PRODUCER} for TensorFlow {_VERSION}.  Please upgrade TensorFlow."
        )
    if versions.producer < 0:  # TensorFlow 2.21 still takes graphs of every version there was
        raise ValueError(f"GraphDef producer version {versions.producer} below min producer 0")
    return graph_def


def _checked_input_map(input_map: Any) -> dict[str, Any]:
    if input_map is None:
        return {}
    if not isinstance(input_map, dict):
        raise TypeError(
            f"Argument `input_map` must be a dictionary. Obtained {type(input_map).__name__}"
        )
    if not all(isinstance(key, (str, bytes)) for key in input_map):
        raise TypeError(
            f"All keys for argument `input_map` must be strings. Obtained keys: {list(input_map)}"
        )
    return {os.fsdecode(key): value for key, value in input_map.items()}


def _checked_names(names: Any) -> list[str] | None:
    if names is None:
        return None
    if not all(isinstance(name, (str, bytes)) for name in names):
        raise TypeError(f"Argument `return_elements` must be a list of strings. Obtained {names}.")
    return [os.fsdecode(name) for name in names]


def _as_tensors(input_map: dict[str, Any], name: str | None) -> dict[str, Any]:
    if all(isinstance(value, Tensor) for value in input_map.values()):
        return input_map
    if name == "":
        raise ValueError(
            "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor "
            "values. Try calling tf.convert_to_tensor() on `input_map` values before calling "
            "tf.import_graph_def()."
        )
    with name_scope("_inputs"):
        return {key: convert_to_tensor(value) for key, value in input_map.items()}


def _check_graph_of(input_map: dict[str, Any], graph: Graph) -> None:
    for key, value in input_map.items():
        if value.graph is not graph:
            entry = "{}:{}".format(*parsed_tensor_name(key)) + f"->{value.name}"
            missing = f"node '{value.op.name}' in input_map does not exist in graph"
            raise ValueError(f"{missing} (input_map entry: {entry})")


def parsed_tensor_name(name: str) -> tuple[str, int]:
    """A node's name and the index of one of its outputs: `a:1`, or `a` for the first."""
    op_name, colon, index = name.partition(":")
    if not colon:
        return op_name, 0
    if ":" in index:
        raise ValueError(
            f"Cannot convert {name!r} to a tensor name. Tensor names should not contain more than "
            f"1 `:`. Obtained {name.count(':')}"
        )
    if not (index.isascii() and index.isdigit() and len(index) < 8):
        raise ValueError(
            f"Cannot convert {name!r} to a tensor name. Second component of the name following the "
            f"`:` should be an int. Got {index}."
        )
    return op_name, int(index)


def _is_input_name(text: str) -> bool:
    """Whether a node's input is written as `x`, `x:0` or `^x`."""
    if text.startswith("^"):
        return True
    _, colon, index = text.partition(":")
    return not colon or index.isascii() and index.isdigit() and len(index) < 8


class _Importer:
    """One import: which nodes wait for which, what the nodes became, what to undo."""

    def __init__(
        self, graph: Graph, graph_def: Any, prefix: str, input_map: Any, producer_ops: Any
    ) -> None:
        self.graph = graph
        self.prefix = prefix
        self.nodes = list(graph_def.node)
        self.producer = graph_def.versions.producer
        self.index: dict[str, int] = {}
        self.made: dict[str, Operation] = {}
        self.back_edges: list[tuple[Operation, int, str]] = []
        self.used: set[str] = set()
        self.mapped: dict[tuple[str, int], Tensor] = {}
        self.mapped_control: dict[str, Operation] = {}
        self.producer_ops = {op.name: op for op in producer_ops.op} if producer_ops else {}
        for key, value in input_map.items():
            if key.startswith("^"):
                self.mapped_control[key[1:]] = getattr(value, "op", value)
            else:
                self.mapped[parsed_tensor_name(key)] = value
        before = graph._by_name
        self.taken = {n[:i] for n in before for i, letter in enumerate(n) if letter == "/"}
        self.taken.update(before)

    def run(self, wanted: list[str] | None) -> list[Any] | None:
        """Adds the nodes, all or none."""
        graph = self.graph
        if graph._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        count, next_id = len(graph._operations), graph._next_id
        names = dict(graph._names_in_use)
        try:
            with graph._without_scopes():
                for position in self._order():
                    self._add(self.nodes[position])
            for merge, slot, name in self.back_edges:
                self._close(merge, slot, name)
            self._apply_scopes()
            self._colocate()
            self._check_map()
            return None if wanted is None else [self._element(name) for name in wanted]
        except BaseException:
            for op in graph._operations[count:]:
                del graph._by_name[op.name]
            del graph._operations[count:]
            graph._next_id, graph._names_in_use = next_id, names
            raise

    # order

    def _order(self) -> list[int]:
        """The nodes' positions, inputs first, otherwise as they stand in the GraphDef."""
        for position, node in enumerate(self.nodes):
            if not ROOT_SCOPE.match(node.name):
                raise ValueError(f"Node {node.name!r}: Node name contains invalid characters")
            if node.name in self.index:
                raise ValueError(f"Node '{node.name}' is not unique")
            self.index[node.name] = position
        waiting, followers = self._edges()
        ready = [position for position, count in enumerate(waiting) if not count]
        order = []
        while ready:
            position = heapq.heappop(ready)
            order.append(position)
            for follower in followers.get(position, ()):
                waiting[follower] -= 1
                if not waiting[follower]:
                    heapq.heappush(ready, follower)
        if len(order) < len(self.nodes):
            stuck = [self.nodes[i].name for i, count in enumerate(waiting) if count]
            names = ", ".join(stuck[:5]) + (", ..." if len(stuck) > 5 else "")
            raise ValueError(f"{len(stuck)} nodes are in a cycle or depend on one: {names}")
        return order

    def _edges(self) -> tuple[list[int], dict[int, list[int]]]:
        """For each node how many it waits for, and which nodes wait for it."""
        waiting = [0] * len(self.nodes)
        followers: dict[int, list[int]] = {}
        for position, node in enumerate(self.nodes):
            for text in node.input:
                if not _is_input_name(text):
                    raise ValueError(f"Node '{node.name}': Unknown input node '{text}'")
                if self._is_mapped(text):
                    continue
                source = self.index.get(self._source(text))
                if source is None:
                    raise ValueError(f"Node '{node.name}': Unknown input node '{text}'")
                if not self._is_back_edge(node, text):
                    waiting[position] += 1
                    followers.setdefault(source, []).append(position)
        return waiting, followers

    @staticmethod
    def _source(text: str) -> str:
        return text[1:] if text.startswith("^") else parsed_tensor_name(text)[0]

    def _is_mapped(self, text: str) -> bool:
        if text.startswith("^"):
            return text[1:] in self.mapped_control
        return parsed_tensor_name(text) in self.mapped

    def _is_back_edge(self, node: Any, text: str) -> bool:
        """Whether this input closes a loop, and so comes later than the node itself."""
        if node.op not in _MERGES or text.startswith("^"):
            return False
        source = self.index.get(self._source(text))
        return source is not None and self.nodes[source].op in _NEXT

    # nodes

    def _add(self, node: Any) -> None:
        definition = definition_of(node.op)
        if definition is None:
            message = f"Op type not registered '{node.op}': minitf has no op named {node.op}"
            raise NotFoundError(None, None, f"Node '{node.name}': {message}")
        if node.op in _PYTHON_CALLS:
            raise ValueError(
                f"Node '{node.name}' calls a Python function ({node.op}), which no file can bring"
            )
        try:
            self._make(node, definition)
        except ValueError as error:
            if f"'{node.name}'" in str(error):
                raise
            raise ValueError(self._telling(node, str(error))) from error
        except (TypeError, LookupError, AttributeError, ArithmeticError, MemoryError) as error:
            raise ValueError(f"Node '{node.name}' ({node.op}) does not fit: {error}") from error

    def _telling(self, node: Any, problem: str) -> str:
        """A message that names the node, as TensorFlow's of the same problem does."""
        full = f"{self.prefix}/{node.name}" if self.prefix else node.name
        for words, naming in (
            ("it expects", f"Node '{node.name}' expects"),
            (" was passed ", f" of node {full} was passed "),
        ):
            if words in problem:
                return problem.replace(words, naming, 1)
        return f"Node '{node.name}': {problem}"

    def _make(self, node: Any, definition: Op) -> None:
        attrs = self._attrs(node, definition)
        data = [text for text in node.input if not text.startswith("^")]
        back = [slot for slot, text in enumerate(data) if self._is_back_edge(node, text)]
        inputs: list[Any] = [None if i in back else self._tensor(t) for i, t in enumerate(data)]
        first = next((tensor for tensor in inputs if tensor is not None), None)
        if back and first is None:
            raise ValueError("it has no input from outside the loop")
        inputs = [first if tensor is None else tensor for tensor in inputs]
        arguments = grouped_inputs(definition, attrs, inputs)
        for arg in definition.outputs:
            if arg.number_attr and attrs[arg.number_attr] > _MOST_OUTPUTS:
                raise ValueError(f"it has {attrs[arg.number_attr]} outputs")
        types = output_types(definition, attrs)
        shapes = attrs.pop("_output_shapes", None)
        name = self._free_name(node.name)
        op = self.graph.add_node(definition, name + "/", tuple(inputs), attrs, types, arguments)
        op._device = canonical_name(node.device)
        self.graph._names_in_use.setdefault(name.lower(), 1)
        if back:
            op._outputs[0]._shape = TensorShape(None)
            self.back_edges += [(op, slot, data[slot]) for slot in back]
        if node.op == "Placeholder" and self.producer <= _PLACEHOLDERS_OF_ANY_SHAPE:
            if op._outputs[0]._shape.rank == 0:
                op._outputs[0]._shape = TensorShape(None)
        _merge_shapes(op, shapes)
        for text in node.input:
            if text.startswith("^"):
                control = self.mapped_control.get(text[1:]) or self.made[text[1:]]
                self.used.add(text)
                op._add_control_input(control)
        self.made[node.name] = op

    def _free_name(self, name: str) -> str:
        full = f"{self.prefix}/{name}" if self.prefix else name
        if full not in self.taken and full not in self.graph._by_name:
            return full
        number = 1
        while (free := f"{full}_{number}") in self.taken or free in self.graph._by_name:
            number += 1
        return free

    def _attrs(self, node: Any, definition: Op) -> dict[str, Any]:
        """The node's attributes as nodes here keep them, with the defaults of those left out."""
        attrs: dict[str, Any] = {}
        for name, attr in definition.attrs.items():
            if name in node.attr:
                attrs[name] = _attr(attr, node.attr[name], node.op)
            elif attr.has_default:
                attrs[name] = list(attr.default) if type(attr.default) is list else attr.default
            else:
                raise ValueError(f"NodeDef missing attr '{name}' from op {node.op}")
        for name in node.attr:
            if name in definition.attrs:
                continue
            if name.startswith("_") or not self._is_producers_default(node, name):
                attrs[name] = attr_from_proto(node.attr[name])  # kept, and of no effect
        if "_class" in attrs:
            if node.attr["_class"].list.s != attrs["_class"]:
                raise ValueError("attr '_class' is not a list(string)")
            for group in attrs["_class"]:
                if group.startswith(_COLOCATED) and self._beside(group) not in self.index:
                    name = self._beside(group)
                    raise ValueError(f"it expects to be colocated with unknown node '{name}'")
        return attrs

    def _is_producers_default(self, node: Any, name: str) -> bool:
        for attr in self.producer_ops[node.op].attr if node.op in self.producer_ops else ():
            if attr.name == name:
                return attr.HasField("default_value") and attr.default_value == node.attr[name]
        return False

    @staticmethod
    def _beside(group: bytes) -> str:
        """The op that a colocation names."""
        return group[len(_COLOCATED) :].decode("utf-8", "replace")

    def _tensor(self, text: str) -> Tensor:
        name, slot = parsed_tensor_name(text)
        mapped = self.mapped.get((name, slot))
        if mapped is not None:
            self.used.add(f"{name}:{slot}")
            return mapped
        outputs = self.made[name]._outputs
        if slot >= len(outputs):
            raise ValueError(
                f"Connecting to invalid output {slot} of source node {name} which has "
                f"{len(outputs)} outputs."
            )
        return outputs[slot]

    def _close(self, merge: Operation, slot: int, text: str) -> None:
        tensor = self._tensor(text)
        if tensor._dtype._base is not merge._outputs[0]._dtype._base:
            raise ValueError(f"Node '{merge.name}': {text} is of type {tensor.dtype.name}")
        merge._update_input(slot, tensor)

    def _apply_scopes(self) -> None:
        """What the blocks around the import ask for; TensorFlow, too, does so at the end."""
        for op in self.made.values():
            controls = self.graph._control_inputs_of({tensor.op for tensor in op._inputs})
            op._control_inputs += tuple(c for c in controls if c not in op._control_inputs)
            self.graph._place(op)

    def _colocate(self) -> None:
        """Colocations get the names that the ops have now, and the ops their devices."""
        for op in self.made.values():
            if not (groups := op._attrs.get("_class")):
                continue
            others = [self.made.get(self._beside(group)) for group in groups]
            op._attrs["_class"] = [
                _COLOCATED + other.name.encode() if other else group
                for group, other in zip(groups, others, strict=True)
            ]
            devices = [other._device for other in others if other not in (None, op)]
            op._device = next(filter(None, devices), op._device)

    def _check_map(self) -> None:
        missing = []
        for name, slot in self.mapped:
            known = name in self.made and slot < len(self.made[name]._outputs)
            if not known and f"{name}:{slot}" not in self.used:
                missing.append(f"{name}:{slot}")
        missing += [
            "^" + n for n in self.mapped_control if n not in self.made and "^" + n not in self.used
        ]
        if missing:
            raise ValueError(
                "Attempted to map inputs that were not found in graph_def: "
                f"[{', '.join(sorted(missing))}]"
            )

    def _element(self, name: str) -> Any:
        op_name, slot = parsed_tensor_name(name)
        if ":" not in name:
            if op_name not in self.made:
                raise ValueError(f"Requested return node '{name}' not found in graph def")
            return self.made[op_name]
        mapped = self.mapped.get((op_name, slot))
        if mapped is not None:
            return mapped
        if op_name not in self.made:
            raise ValueError(f"Requested return tensor '{name}' not found in graph def")
        outputs = self.made[op_name]._outputs
        if slot >= len(outputs):
            raise ValueError(
                f"Invalid return output {slot} of node '{op_name}', which has {len(outputs)} "
                "output(s)"
            )
        return outputs[slot]


def _attr(attr: Attr, proto: Any, op_type: str) -> Any:
    """An attribute out of a file, checked against the op's signature."""
    kind = proto.WhichOneof("value")
    expected = "list" if attr.type.startswith("list(") else _KINDS.get(attr.type, attr.type)
    if kind != expected:
        raise ValueError(f"AttrValue had value with type '{kind}' when '{attr.type}' expected")
    value = attr_from_proto(proto)
    if kind == "list" and value and attr.type != f"list({_kind_in_list(proto)})":
        raise ValueError(f"attr '{attr.name}' is not a {attr.type}")
    return checked_attr(attr, value, op_type)


_LIST_FIELDS = {**{field: kind for kind, field in _KINDS.items()}, "type": "type", "shape": "shape"}


def _kind_in_list(proto: Any) -> str:
    fields = [field.name for field, _ in proto.list.ListFields()]
    return _LIST_FIELDS.get(fields[0], fields[0]) if len(fields) == 1 else "mixture"


def _merge_shapes(op: Operation, shapes: Any) -> None:
    """Adds what the file says of the outputs' shapes to what was inferred."""
    if shapes and len(shapes) == len(op._outputs):
        for output, shape in zip(op._outputs, shapes, strict=True):
            if isinstance(shape, TensorShape):
                output._shape = output._shape.merge_with(shape)


def write_graph(graph_or_graph_def: Any, logdir: str, name: str, as_text: bool = True) -> str:
    """Writes a graph or a protocol buffer into a file, in one step; gives its path."""
    from minitf.train.files import make_folders, write_atomically

    definition = graph_or_graph_def
    if isinstance(definition, Graph):
        definition = definition.as_graph_def()
    path = os.path.join(logdir, name)
    make_folders(logdir)
    if as_text:
        from google.protobuf import text_format

        write_atomically(path, text_format.MessageToString(definition).encode())
    else:
        write_atomically(path, definition.SerializeToString(deterministic=True))
    return path
