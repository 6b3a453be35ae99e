"""Examples: features by name, in TensorFlow's protocol buffers, which tensorboard's lack."""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PACKAGE = "minitf.train"
_KINDS = descriptor_pb2.FieldDescriptorProto

# message -> its fields in the order of their numbers, "type name": `*` marks a repeated field, `%`
# a map from strings, `|` one of which a message holds only one.
_MESSAGES = {
    "BytesList": ["*bytes value"],
    "FloatList": ["*float value"],
    "Int64List": ["*int64 value"],
    "Feature": ["|BytesList bytes_list", "|FloatList float_list", "|Int64List int64_list"],
    "Features": ["%Feature feature"],
    "FeatureList": ["*Feature feature"],
    "FeatureLists": ["%FeatureList feature_list"],
    "Example": ["Features features"],
    "SequenceExample": ["Features context", "FeatureLists feature_lists"],
}


def _set_type(field: Any, kind: str) -> None:
    if kind[0].isupper():
        field.type, field.type_name = _KINDS.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"
    else:
        field.type = _KINDS.Type.Value(f"TYPE_{kind.upper()}")


def _add_map(message: Any, field: Any, kind: str) -> None:
    """A map is a repeated message of keys and values under a name that follows from its own."""
    entry = "".join(word.capitalize() for word in field.name.split("_")) + "Entry"
    pair = message.nested_type.add(name=entry)
    pair.options.map_entry = True
    for number, (name, held) in enumerate((("key", "string"), ("value", kind)), start=1):
        _set_type(pair.field.add(name=name, number=number, label=_KINDS.LABEL_OPTIONAL), held)
    field.label, field.type = _KINDS.LABEL_REPEATED, _KINDS.TYPE_MESSAGE
    field.type_name = f".{_PACKAGE}.{message.name}.{entry}"


def _add_field(message: Any, number: int, declaration: str) -> None:
    kind, name = declaration.split()
    field = message.field.add(name=name, number=number, label=_KINDS.LABEL_OPTIONAL)
    if kind[0] == "%":
        _add_map(message, field, kind[1:])
        return
    if kind[0] == "*":
        field.label = _KINDS.LABEL_REPEATED
    elif kind[0] == "|":
        if not message.oneof_decl:
            message.oneof_decl.add(name="kind")
        field.oneof_index = 0
    _set_type(field, kind.lstrip("*|"))


def _declare() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name="minitf/train/example.proto", package=_PACKAGE, syntax="proto3"
    )
    for message_name, fields in _MESSAGES.items():
        message = file.message_type.add(name=message_name)
        for number, declaration in enumerate(fields, start=1):
            _add_field(message, number, declaration)
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    found = {name: pool.FindMessageTypeByName(f"{_PACKAGE}.{name}") for name in _MESSAGES}
    return {name: message_factory.GetMessageClass(found[name]) for name in found}


_classes = _declare()
BytesList: Any = _classes["BytesList"]
FloatList: Any = _classes["FloatList"]
Int64List: Any = _classes["Int64List"]
Feature: Any = _classes["Feature"]
Features: Any = _classes["Features"]
FeatureList: Any = _classes["FeatureList"]
FeatureLists: Any = _classes["FeatureLists"]
Example: Any = _classes["Example"]
SequenceExample: Any = _classes["SequenceExample"]
