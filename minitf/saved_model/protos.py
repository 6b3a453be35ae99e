"""The protocol buffer of a SavedModel, which the tensorboard package lacks."""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from tensorboard.compat.proto import meta_graph_pb2

_FILE = "minitf/saved_model/saved_model.proto"
_NAME = "minitf.saved_model.SavedModel"


def _declare() -> Any:
    kinds = descriptor_pb2.FieldDescriptorProto
    package, _, name = _NAME.rpartition(".")
    file = descriptor_pb2.FileDescriptorProto(name=_FILE, package=package, syntax="proto3")
    file.dependency.append(meta_graph_pb2.DESCRIPTOR.name)
    message = file.message_type.add(name=name)
    message.field.add(
        name="saved_model_schema_version",
        number=1,
        type=kinds.TYPE_INT64,
        label=kinds.LABEL_OPTIONAL,
    )
    message.field.add(
        name="meta_graphs",
        number=2,
        type=kinds.TYPE_MESSAGE,
        type_name="." + meta_graph_pb2.MetaGraphDef.DESCRIPTOR.full_name,
        label=kinds.LABEL_REPEATED,
    )
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(_NAME))


SavedModel: Any = _declare()
