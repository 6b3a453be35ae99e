"""Nodes, tensors and attributes as TensorFlow's protocol buffers and in its messages' words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.shape import TensorShape, brackets

if TYPE_CHECKING:
    from minitf.graph import Graph
    from minitf.registry import Arg, Attr, OpDefinition
    from minitf.tensor import Operation

_VALUE_FIELDS = {
    "float16": "half_val",
    "float32": "float_val",
    "float64": "double_val",
    "int64": "int64_val",
    "bool": "bool_val",
    "string": "string_val",
    "complex64": "scomplex_val",
    "complex128": "dcomplex_val",
    "uint32": "uint32_val",
    "uint64": "uint64_val",
}


_SINGLE_OCTETS = [bytes((number,)) for number in range(0x80)]
_ALWAYS_AS_VALUES = frozenset("bool uint16 complex64 complex128".split())


def tensor_proto(array: Any, typed: bool = False) -> Any:
    """An array as a TensorProto: one value in its typed field, more as raw bytes of most types.

    Of an array that repeats one element (its strides are 0) that element alone. `typed` asks for
    no raw bytes at all.
    """
    from tensorboard.compat.proto.tensor_pb2 import TensorProto

    array = np.asarray(array)
    dtype = dtypes.as_dtype(array.dtype)
    shape = TensorShape(array.shape).as_proto()
    proto = TensorProto(dtype=dtype.as_datatype_enum, tensor_shape=shape)
    if array.size > 1 and not any(array.strides):  # one value stands for all
        array = array.reshape(-1)[:1]
    if dtype is dtypes.string:
        proto.string_val.extend([as_bytes(item) for item in array.ravel()])
    elif array.size > 1 and not typed and dtype.name not in _ALWAYS_AS_VALUES:
        proto.tensor_content = array.tobytes()
    else:
        field = getattr(proto, _VALUE_FIELDS.get(dtype.name, "int_val"))
        values = np.ascontiguousarray(array).ravel()
        if dtype.is_complex:
            values = values.view(values.real.dtype)
        field.extend((values.view(np.uint16) if dtype is dtypes.float16 else values).tolist())
    return proto


def array_from_proto(proto: Any) -> np.ndarray:
    """The array that a TensorProto holds; ValueError for one that does not hold together."""
    dtype = dtypes.as_dtype(proto.dtype)
    if dtype.as_numpy_dtype is None:
        raise ValueError(f"A TensorProto of type {dtype.name} has no array")
    shape = tuple(dim.size for dim in proto.tensor_shape.dim)
    if any(size < 0 for size in shape):
        raise ValueError(f"A TensorProto of shape {shape} has no array")
    size = int(np.prod(shape, dtype=object)) if shape else 1
    if proto.tensor_content:
        numpy_type = np.dtype(dtype.as_numpy_dtype)
        if len(proto.tensor_content) != size * numpy_type.itemsize or numpy_type.hasobject:
            raise ValueError(
                f"A TensorProto of shape {shape} and type {dtype.name} holds "
                f"{len(proto.tensor_content)} bytes"
            )
        return np.frombuffer(proto.tensor_content, numpy_type).reshape(shape)
    values = list(getattr(proto, _VALUE_FIELDS.get(dtype.name, "int_val")))
    if dtype.is_complex:
        values = [complex(*pair) for pair in zip(values[::2], values[1::2], strict=True)]
    if len(values) > size or (size > 0 and size > 1 << 31):
        raise ValueError(f"A TensorProto of shape {shape} holds {len(values)} values")
    if dtype is dtypes.float16:
        flat = np.array(values, np.uint16).view(np.float16)
    else:
        flat = np.array(values, dtype.as_numpy_dtype)
    if len(flat) == 1:
        return np.broadcast_to(flat.reshape(()), shape)
    if len(flat) < size:  # the last value stands for all that follow
        padding = flat[-1] if len(flat) else (b"" if dtype is dtypes.string else 0)
        padded = np.full(size, padding, dtype.as_numpy_dtype)
        padded[: len(flat)] = flat
        flat = padded
    return flat.reshape(shape)


make_ndarray = array_from_proto  # TensorFlow's public name for it


def as_bytes(text: Any) -> bytes:
    """Text or bytes as bytes; TypeError for anything else."""
    if isinstance(text, str):
        return text.encode("utf-8")
    if isinstance(text, (bytes, bytearray)):
        return bytes(text)
    raise TypeError(f"Expected binary or unicode string, got {text!r}")


def attr_value(value: Any, kind: str) -> Any:
    """An attribute's value as an AttrValue; `kind` is its type in the op's signature."""
    from tensorboard.compat.proto.attr_value_pb2 import AttrValue

    proto = AttrValue()
    if kind == "func":
        proto.func.name = value
    elif kind.startswith("list("):
        proto.list.SetInParent()
        for item in value:
            _set_field(proto.list, kind[5:-1], item, repeated=True)
    else:
        _set_field(proto, kind, value, repeated=False)
    return proto


_FIELD_OF = {"string": "s", "int": "i", "float": "f", "bool": "b"}


def _set_field(proto: Any, kind: str, value: Any, repeated: bool) -> None:
    if kind in _FIELD_OF:
        if repeated:
            getattr(proto, _FIELD_OF[kind]).append(value)
        else:
            setattr(proto, _FIELD_OF[kind], value)
    elif kind == "type":
        enum = value.as_datatype_enum
        if repeated:
            proto.type.append(enum)
        else:
            proto.type = enum
    else:
        message = value.as_proto() if kind == "shape" else tensor_proto(value)
        field = proto.shape if kind == "shape" else proto.tensor
        (field.add() if repeated else field).CopyFrom(message)


def attr_from_proto(proto: Any) -> Any:
    """The value that an AttrValue holds, as nodes keep it; ValueError for an empty one."""
    kind = proto.WhichOneof("value")
    if kind == "type":
        return dtypes.as_dtype(proto.type)
    if kind == "shape":
        return TensorShape(proto.shape)
    if kind == "tensor":
        return array_from_proto(proto.tensor)
    if kind == "func":
        return proto.func.name
    if kind == "list":
        items = proto.list
        if items.type:
            return [dtypes.as_dtype(t) for t in items.type]
        if items.shape:
            return [TensorShape(s) for s in items.shape]
        if items.tensor:
            return [array_from_proto(t) for t in items.tensor]
        return list(items.s) or list(items.i) or list(items.f) or list(items.b)
    if kind is None:
        raise ValueError("An attribute has no value")
    return getattr(proto, kind)


def kind_of(value: Any) -> str:
    """The signature's word for an attribute that no signature names, such as `_class`."""
    if isinstance(value, list):
        return f"list({kind_of(value[0]) if value else 'string'})"
    for python_type, kind in (
        (bool, "bool"),
        (int, "int"),
        (float, "float"),
        (DType, "type"),
        (TensorShape, "shape"),
        (np.ndarray, "tensor"),
    ):
        if isinstance(value, python_type):
            return kind
    return "string"


def _attr_kind(op: Operation, name: str, value: Any) -> str:
    attr = op.definition.attrs.get(name)
    return kind_of(value) if attr is None else attr.type


def input_names(op: Operation) -> list[str]:
    """The inputs as a NodeDef lists them: `a`, `a:1`, then control inputs by name as `^b`."""
    names = [t.op.name if t.value_index == 0 else t.name for t in op._inputs]
    return names + sorted("^" + c.name for c in op._control_inputs)


def node_def(op: Operation) -> Any:
    """A node as a NodeDef."""
    from tensorboard.compat.proto.node_def_pb2 import NodeDef

    proto = NodeDef(name=op.name, op=op.type, device=op._device, input=input_names(op))
    for name, value in op._attrs.items():
        proto.attr[name].CopyFrom(attr_value(value, _attr_kind(op, name, value)))
    return proto


def graph_def(graph: Graph, add_shapes: bool) -> Any:
    """A graph as a GraphDef, perhaps with the shapes of all outputs."""
    from tensorboard.compat.proto.graph_pb2 import GraphDef

    proto = GraphDef(versions=graph.graph_def_versions)
    for op in graph._operations:
        node = proto.node.add()
        node.CopyFrom(node_def(op))
        if add_shapes and op._outputs:
            shapes = [t._shape for t in op._outputs]
            node.attr["_output_shapes"].CopyFrom(attr_value(shapes, "list(shape)"))
    return proto


def op_def(definition: OpDefinition) -> Any:
    """An op type's signature as an OpDef."""
    from tensorboard.compat.proto.op_def_pb2 import OpDef

    proto = OpDef(name=definition.name, is_stateful=definition.stateful)
    for arg in definition.inputs:
        _fill_arg(proto.input_arg.add(), arg)
    for arg in definition.outputs:
        _fill_arg(proto.output_arg.add(), arg)
    for attr in definition.attrs.values():
        _fill_attr(proto.attr.add(), attr)
    return proto


def _fill_arg(proto: Any, arg: Arg) -> None:
    proto.name, proto.is_ref = arg.name, arg.is_ref
    proto.type = arg.dtype.as_datatype_enum if arg.dtype else 0
    proto.type_attr, proto.number_attr = arg.type_attr, arg.number_attr
    proto.type_list_attr = arg.type_list_attr


def _fill_attr(proto: Any, attr: Attr) -> None:
    proto.name, proto.type = attr.name, attr.type
    if attr.has_default:
        proto.default_value.CopyFrom(attr_value(attr.default, attr.type))
    if attr.allowed is not None:
        inner = "type" if isinstance(attr.allowed[0], DType) else "string"
        proto.allowed_values.CopyFrom(attr_value(attr.allowed, f"list({inner})"))
    if attr.minimum is not None:
        proto.has_minimum, proto.minimum = True, attr.minimum


def _attr_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, DType):
        return data_type_name(value)
    if isinstance(value, TensorShape):
        return brackets(value)
    if isinstance(value, bytes):
        return '"' + value.decode("utf-8", "replace") + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_attr_text(item) for item in value) + "]"
    if isinstance(value, np.ndarray):
        values = " ".join(str(item) for item in value.ravel()[:3].tolist())
        dots = "..." if value.size > 3 else ""
        kind = dtypes.as_dtype(value.dtype).name
        shape = ",".join(map(str, value.shape))
        return f"Tensor<type: {kind} shape: [{shape}] values: {values}{dots}>"
    return str(value)


_DATA_TYPE_NAMES = {"float32": "FLOAT", "float64": "DOUBLE", "float16": "HALF"}


def data_type_name(dtype: DType) -> str:
    """A type's name in protocol buffers: `DT_FLOAT`."""
    base = dtype.base_dtype.name
    name = "DT_" + _DATA_TYPE_NAMES.get(base, base.upper())
    return name + "_REF" if dtype._is_ref_dtype else name


def type_name(dtype: DType) -> str:
    """A type's name in kernels' messages: `float`."""
    base = dtype.base_dtype.name
    return _DATA_TYPE_NAMES.get(base, base).lower()


def node_line(op: Operation) -> str:
    """A node as messages print it: `{{node Add}} = AddV2[T=DT_FLOAT](x, Add/y)`."""
    attrs = ", ".join(f"{name}={_attr_text(op._attrs[name])}" for name in sorted(op._attrs))
    bracket = f"[{attrs}]" if attrs else ""
    return f"{{{{node {op.name}}}}} = {op.type}{bracket}({', '.join(input_names(op))})"


def shapes_line(op: Operation) -> str:
    """A node's input shapes as messages print them."""
    shapes = [t._shape for t in op._inputs]
    shown = ["?" if shape._sizes is None else brackets(shape) for shape in shapes]
    return "with input shapes: " + ", ".join(shown)


def varint(number: int) -> bytes:
    """`number` in groups of seven bits, the lowest first; a top bit says that more follow."""
    if number < 0x80:
        return _SINGLE_OCTETS[number]
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
