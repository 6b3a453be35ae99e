"""The protocol buffers of checkpoints and control flow that the tensorboard package lacks.

Numbers stand where TensorFlow's own messages hold enums: the bytes are the same.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from tensorboard.compat.proto import tensor_shape_pb2, versions_pb2

_FILE = "minitf/train/checkpoint.proto"
_PACKAGE = "minitf.train"
_SHAPE, _VERSION = ".tensorboard.TensorShapeProto", ".tensorboard.VersionDef"

# message -> its fields in the order of their numbers, "type name"; `*` marks a repeated field.
_MESSAGES = {
    "SliceExtent": ["int64 start", "int64 length"],
    "TensorSlice": [f"*.{_PACKAGE}.SliceExtent extent"],
    "BundleHeader": ["int32 num_shards", "int32 endianness", f"{_VERSION} version"],
    "BundleEntry": [
        "int32 dtype",
        f"{_SHAPE} shape",
        "int32 shard_id",
        "int64 offset",
        "int64 size",
        "fixed32 crc32c",
        f"*.{_PACKAGE}.TensorSlice slices",
    ],
    "CheckpointState": [
        "string model_checkpoint_path",
        "*string all_model_checkpoint_paths",
        "*double all_model_checkpoint_timestamps",
        "double last_preserved_timestamp",
    ],
    "ExternalValue": ["string key", "string value"],  # an entry of what is a map in TensorFlow
    "ValuesDef": ["*string values", f"*.{_PACKAGE}.ExternalValue external_values"],
    "ControlFlowContextDef": [
        f".{_PACKAGE}.CondContextDef cond_ctxt",
        f".{_PACKAGE}.WhileContextDef while_ctxt",
    ],
    "CondContextDef": [
        "string context_name",
        "string pred_name",
        "string pivot_name",
        "int32 branch",
        f".{_PACKAGE}.ValuesDef values_def",
        f"*.{_PACKAGE}.ControlFlowContextDef nested_contexts",
    ],
    "WhileContextDef": [
        "string context_name",
        "int32 parallel_iterations",
        "bool back_prop",
        "bool swap_memory",
        "string pivot_name",
        "string pivot_for_pred_name",
        "string pivot_for_body_name",
        "*string loop_exit_names",
        f".{_PACKAGE}.ValuesDef values_def",
        "*string loop_enter_names",
        "string maximum_iterations_name",
        f"*.{_PACKAGE}.ControlFlowContextDef nested_contexts",
    ],
}


def _declare() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name=_FILE, package=_PACKAGE, syntax="proto2")
    file.dependency.extend([tensor_shape_pb2.DESCRIPTOR.name, versions_pb2.DESCRIPTOR.name])
    kinds = descriptor_pb2.FieldDescriptorProto
    for message_name, fields in _MESSAGES.items():
        message = file.message_type.add(name=message_name)
        for number, declaration in enumerate(fields, start=1):
            kind, name = declaration.split()
            label = kinds.LABEL_REPEATED if kind.startswith("*") else kinds.LABEL_OPTIONAL
            field = message.field.add(name=name, number=number, label=label)
            kind = kind.removeprefix("*")
            if kind.startswith("."):
                field.type, field.type_name = kinds.TYPE_MESSAGE, kind
            else:
                field.type = kinds.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    found = {name: pool.FindMessageTypeByName(f"{_PACKAGE}.{name}") for name in _MESSAGES}
    return {name: message_factory.GetMessageClass(found[name]) for name in found}


_classes = _declare()
TensorSlice: Any = _classes["TensorSlice"]
BundleHeader: Any = _classes["BundleHeader"]
BundleEntry: Any = _classes["BundleEntry"]
CheckpointState: Any = _classes["CheckpointState"]
ControlFlowContextDef: Any = _classes["ControlFlowContextDef"]
CondContextDef: Any = _classes["CondContextDef"]
WhileContextDef: Any = _classes["WhileContextDef"]
