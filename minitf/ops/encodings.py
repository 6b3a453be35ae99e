"""Strings as bytes: numbers that stand in them, and base 64."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import unchanged
from minitf.op import op
from minitf.ops.strings import each
from minitf.shape import TensorShape
from minitf.tensor import Tensor

_LETTERS = re.compile(rb"[A-Za-z0-9_-]*={0,2}")


@op
class EncodeBase64:
    """Strings in the alphabet of base 64 that is safe in addresses."""

    inputs = "input: string"
    outputs = "output: string"
    attrs = "pad: bool = false"
    infer = unchanged

    def kernel(input, *, pad):
        encode = base64.urlsafe_b64encode
        return each(lambda s: encode(s) if pad else encode(s).rstrip(b"="), input)

    gradient = None


def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Tensor:
    """Strings in web-safe base 64, with `=` up to a multiple of four characters if `pad`."""
    return EncodeBase64(input, pad=pad, name=name)


@op
class DecodeBase64:
    """Strings from web-safe base 64, padded or not."""

    inputs = "input: string"
    outputs = "output: string"
    infer = unchanged

    def kernel(input):
        return each(_decoded, input)

    gradient = None


def _decoded(text: bytes) -> bytes:
    message = None
    bare = text.rstrip(b"=")
    if len(text) % 4 == 1:
        message = "Base64 string length cannot be 1 modulo 4."
    elif not _LETTERS.fullmatch(text) or (len(bare) < len(text) and len(text) % 4):
        message = "Invalid character found in base64."
    if message:
        raise InvalidArgumentError(None, None, message)
    return base64.urlsafe_b64decode(bare + b"=" * (-len(bare) % 4))


def decode_base64(input: Any, name: str | None = None) -> Tensor:
    """Strings from web-safe base 64; a run fails where they are none."""
    return DecodeBase64(input, name=name)


@op
class DecodeRaw:
    """The bytes of each string as numbers, along a new last axis."""

    inputs = "bytes: string"
    outputs = "output: out_type"
    attrs = (
        "out_type: {half, float, double, int32, uint16, uint8, int16, int8, int64, complex64, "
        "complex128, bool, bfloat16}, little_endian: bool = true"
    )

    def infer(data):
        if data.shape.ndims is None:
            return TensorShape(None)
        return [*data.shape.as_list(), None]

    def kernel(data, *, out_type, little_endian):
        dtype = np.dtype(out_type.as_numpy_dtype)
        strings = list(np.asarray(data, object).flat)
        size = len(strings[0]) if strings else 0
        message = None
        for i, string in enumerate(strings):
            if len(string) != size:
                message = (
                    "DecodeRaw requires input strings to all be the same size, but element "
                    f"{i} has size {size} != {len(string)}"
                )
        if message is None and size % dtype.itemsize:
            message = (
                f"Input to DecodeRaw has length {size} that is not a multiple of "
                f"{dtype.itemsize}, the size of {out_type.name}"
            )
        if message:
            raise InvalidArgumentError(None, None, message)
        stored = dtype.newbyteorder("<" if little_endian else ">")
        values = np.frombuffer(b"".join(strings), stored).astype(dtype)
        return values.reshape(*np.shape(data), size // dtype.itemsize)

    gradient = None


def decode_raw(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Tensor:
    """The bytes of each string as numbers of `out_type`, along a new last axis.

    A run fails where the strings differ in length, or it is no multiple of the type's size.
    """
    if input_bytes is not None and bytes is not None:
        raise ValueError("Cannot specify both 'bytes' and 'input_bytes'.")
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    data = bytes if input_bytes is None else input_bytes
    return DecodeRaw(data, out_type=out_type, little_endian=little_endian, name=name)
