"""Tensors and examples as bytes: written, read back, compressed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import DataLossError, InvalidArgumentError
from minitf.infer import scalar, unchanged, unknown
from minitf.op import op
from minitf.ops.strings import each, text_of
from minitf.proto import as_bytes, make_ndarray
from minitf.shape import TensorShape
from minitf.tensor import Tensor


@op
class SerializeTensor:
    """A tensor as the bytes of a TensorProto."""

    inputs = "tensor: T"
    outputs = "serialized: string"
    attrs = "T: type"
    infer = scalar

    def kernel(tensor, *, T):
        from tensorboard.compat.proto.tensor_pb2 import TensorProto

        shape = TensorShape(() if isinstance(tensor, bytes) else np.shape(tensor)).as_proto()
        proto = TensorProto(dtype=T.as_datatype_enum, tensor_shape=shape)
        if T is dtypes.string:
            proto.string_val.extend(
                [as_bytes(item) for item in np.ravel(np.asarray(tensor, object))]
            )
        else:
            proto.tensor_content = np.asarray(tensor).tobytes()
        return proto.SerializeToString()

    gradient = None


def serialize_tensor(tensor: Any, name: str | None = None) -> Tensor:
    """A tensor as the bytes of a TensorProto, which `parse_tensor` reads."""
    return SerializeTensor(tensor, name=name)


@op
class ParseTensor:
    """The tensor that SerializeTensor wrote."""

    inputs = "serialized: string"
    outputs = "output: out_type"
    attrs = "out_type: type"
    infer = unknown

    def kernel(serialized, *, out_type):
        from google.protobuf.message import DecodeError
        from tensorboard.compat.proto.tensor_pb2 import TensorProto

        try:
            proto = TensorProto.FromString(as_bytes(serialized))
        except DecodeError:
            raise InvalidArgumentError(
                None, None, "Could not parse `serialized` as TensorProto"
            ) from None
        found = dtypes.as_dtype(proto.dtype or dtypes.float32)
        if found is not out_type:
            raise InvalidArgumentError(
                None,
                None,
                f"Type mismatch between parsed tensor ({_word(found)}) and dtype "
                f"({_word(out_type)})",
            )
        array = make_ndarray(proto)
        return array if array.ndim else array[()]

    gradient = None


def _word(dtype: Any) -> str:
    return {"float32": "float", "float64": "double", "float16": "half"}.get(dtype.name, dtype.name)


def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Tensor:
    """The tensor that `serialize_tensor` wrote; a run fails where it is of another type."""
    return ParseTensor(serialized, out_type=out_type, name=name)


@op
class DecodeJSONExample:
    """Examples in JSON as the bytes of their messages."""

    inputs = "json_examples: string"
    outputs = "binary_examples: string"
    infer = unchanged

    def kernel(json_examples):
        from google.protobuf import json_format

        from minitf.train.examples import Example

        def decoded(data: bytes) -> bytes:
            try:
                example = json_format.Parse(text_of(data), Example())
            except json_format.ParseError as error:
                raise InvalidArgumentError(
                    None, None, f"Error while parsing JSON: {error}"
                ) from None
            return example.SerializeToString(deterministic=True)

        return each(decoded, json_examples)

    gradient = None


def decode_json_example(json_examples: Any, name: str | None = None) -> Tensor:
    """Examples in JSON as the bytes of their messages; a run fails for what is none."""
    return DecodeJSONExample(json_examples, name=name)


_WINDOWS = {"ZLIB": 15, "GZIP": 31}


@op
class DecodeCompressed:
    """Strings that were compressed as what they were."""

    inputs = "bytes: string"
    outputs = "output: string"
    attrs = 'compression_type: string = ""'
    infer = unchanged

    def kernel(bytes, *, compression_type):
        if compression_type and compression_type not in _WINDOWS:
            raise InvalidArgumentError(
                None, None, "Only ZLIB, ZSTD, GZIP or NONE are supported compressions"
            )
        return each(_inflater(compression_type), bytes)

    gradient = None


def _inflater(compression: str) -> Callable[[bytes], bytes]:
    def inflated(data: bytes) -> bytes:
        if not compression:
            return data
        try:
            return zlib.decompress(data, _WINDOWS[compression])
        except zlib.error as error:
            reason = str(error).rpartition(": ")[2]
            raise DataLossError(None, None, f"inflate() failed with error -3: {reason}") from None

    return inflated


def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Tensor:
    """Strings that were compressed by "ZLIB" or "GZIP" as what they were."""
    return DecodeCompressed(bytes, compression_type=compression_type, name=name)
