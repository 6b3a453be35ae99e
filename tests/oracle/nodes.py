"""A NodeDef as one line of text: `name = Type(inputs) {attributes} @device`."""

import hashlib
import json
import re
from typing import Any

import numpy as np

LARGE = 40

TYPES = {
    1: "float", 2: "double", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 7: "string",
    8: "complex64", 9: "int64", 10: "bool", 11: "qint8", 12: "quint8", 13: "qint32",
    14: "bfloat16", 15: "qint16", 16: "quint16", 17: "uint16", 18: "complex128", 19: "half",
    20: "resource", 21: "variant", 22: "uint32", 23: "uint64",
}  # fmt: skip

ARRAYS = {
    1: ("float_val", np.float32), 2: ("double_val", np.float64), 3: ("int_val", np.int32),
    4: ("int_val", np.uint8), 5: ("int_val", np.int16), 6: ("int_val", np.int8),
    8: ("scomplex_val", np.complex64), 9: ("int64_val", np.int64), 10: ("bool_val", np.bool_),
    14: ("half_val", np.uint16), 17: ("int_val", np.uint16), 18: ("dcomplex_val", np.complex128),
    19: ("half_val", np.float16), 22: ("uint32_val", np.uint32), 23: ("uint64_val", np.uint64),
}  # fmt: skip


def node_line(node: Any) -> str:
    """The whole of a NodeDef; equal lines mean equal nodes."""
    attributes = ", ".join(f"{key}={attr_text(node.attr[key])}" for key in sorted(node.attr))
    device = f" @{node.device}" if node.device else ""
    return f"{node.name} = {node.op}({', '.join(node.input)}) {{{attributes}}}{device}"


def attr_text(attr: Any) -> str:
    """An AttrValue in a few characters."""
    kind = attr.WhichOneof("value")
    if kind is None:
        return "none"
    value = getattr(attr, kind)
    if kind != "list":
        return _one(kind, value)
    for part in ("s", "i", "f", "b", "type", "shape", "tensor", "func"):
        if len(getattr(value, part)):
            return "[" + " ".join(_one(part, item) for item in getattr(value, part)) + "]"
    return "[]"


def _one(kind: str, value: Any) -> str:
    if kind == "s":
        text = re.sub(r"(pyfunc_|CustomGradient-)\d+", r"\1N", value.decode("latin-1"))
        text = re.sub(r"(?<=hash_table_)[0-9a-f-]{36}", "N", text)
        return json.dumps(text)
    if kind == "f":
        return str(np.float32(value))
    if kind == "type":
        return type_text(value)
    if kind == "shape":
        return shape_text(value)
    if kind == "tensor":
        return tensor_text(tensor_array(value), type_text(value.dtype))
    if kind == "func":  # functions are numbered by process, factories of datasets by chance
        name = re.sub(r"(?<=_make_dataset_).*|(?<=_)\d+$", "N", value.name)
        return f"func {name}"
    return str(value).lower()


def type_text(value: int) -> str:
    """A DataType's name in the OpDef grammar; a reference type ends in `&`."""
    return TYPES[value - 100] + "&" if value > 100 else TYPES.get(value, str(value))


def shape_text(shape: Any) -> str:
    """A TensorShapeProto: `?` when the rank is unknown, else `[2,?]`."""
    if shape.unknown_rank:
        return "?"
    return "[" + ",".join("?" if d.size < 0 else str(d.size) for d in shape.dim) + "]"


def tensor_array(proto: Any) -> np.ndarray:
    """A TensorProto's array; short value lists repeat their last element."""
    shape = tuple(d.size for d in proto.tensor_shape.dim)
    size = int(np.prod(shape, dtype=np.int64))
    if proto.dtype == 7:
        values, kind = list(proto.string_val), object
    else:
        field, kind = ARRAYS[proto.dtype]
        if proto.tensor_content:
            return np.frombuffer(proto.tensor_content, kind).reshape(shape)
        values = list(getattr(proto, field))
    if not values:
        return np.full(shape, b"" if kind is object else 0, kind)
    if kind is np.float16:
        array = np.array(values, np.uint16).view(np.float16)
    elif "complex" in field_name(proto.dtype):
        array = np.array([complex(*pair) for pair in zip(values[::2], values[1::2])], kind)
    else:
        array = np.array(values, kind)
    return np.concatenate([array, np.full(size - len(array), array[-1], kind)]).reshape(shape)


def field_name(dtype: int) -> str:
    """The field of a TensorProto that holds values of `dtype`."""
    return ARRAYS[dtype][0] if dtype in ARRAYS else "string_val"


def tensor_text(array: np.ndarray, dtype: str) -> str:
    """An array's type, shape and values, or a hash in place of more than a few values."""
    shape = "[" + ",".join(map(str, array.shape)) + "]"
    flat = array.ravel()
    if array.size <= LARGE:
        if array.dtype == object:
            body = " ".join(json.dumps(item.decode("latin-1")) for item in flat)
        else:
            body = " ".join(map(str, flat))
        return f"{dtype}{shape}<{body}>"
    data = b"\0".join(flat) if array.dtype == object else np.ascontiguousarray(array).tobytes()
    return f"{dtype}{shape}#{hashlib.sha256(data).hexdigest()[:16]}"
