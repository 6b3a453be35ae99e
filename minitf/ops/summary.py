"""Summaries: what TensorBoard shows, as strings that ops make while a graph runs."""

from __future__ import annotations

import struct
from functools import cache, lru_cache
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import scalar
from minitf.kernels import histograms, media
from minitf.op import op
from minitf.proto import tensor_proto, varint
from minitf.shape import shape_of

_REAL = "{float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64}"
_pack = struct.Struct("<f").pack


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@cache
def _summary_class() -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary

    return Summary


def _decode_error() -> Any:
    from google.protobuf.message import DecodeError

    return DecodeError


def _new_summary() -> Any:
    return _summary_class()()


def _only(tag: Any) -> bytes:
    if not isinstance(tag, bytes):
        raise _invalid("tags must be scalar")
    return tag


@op
class ScalarSummary:
    """A number under a tag, or several under as many tags."""

    inputs = "tags: string, values: T"
    outputs = "summary: string"
    attrs = f"T: {_REAL}"
    infer = scalar

    def kernel(tags, values):
        if type(tags) is bytes and isinstance(values, np.generic) and tags.isascii():
            return _scalar(tags, values)
        if np.shape(tags) != np.shape(values):
            single = f" (tag '{_first(tags)}')" if np.size(tags) == 1 else ""
            shapes = f"{_shape(tags)} != {_shape(values)}"
            raise _invalid(f"tags and values are not the same shape: {shapes}{single}")
        summary = _new_summary()
        numbers = np.asarray(values).astype(np.float32).reshape(-1).tolist()
        for tag, number in zip(_flat(tags), numbers, strict=True):
            summary.value.add(tag=_text(tag), simple_value=number)
        return summary.SerializeToString()

    gradient = None


def _scalar(tag: bytes, number: Any) -> bytes:
    """One number's Summary, byte by byte: it is made in every step, so it must be cheap."""
    return _head(tag) + (_pack(number) if type(number) is np.float32 else _single(number))


def _single(number: Any) -> bytes:
    return number.astype("<f4").tobytes()


@lru_cache(1000)
def _head(tag: bytes) -> bytes:
    """What stands before the number itself."""
    start = (b"\n" + varint(len(tag)) + tag if tag else b"") + b"\x15"
    return b"\n" + varint(len(start) + 4) + start


def scalar_tags(summary: bytes) -> list[bytes] | None:
    """The tags of a Summary of nothing but numbers, as `ScalarSummary` makes it; else None.

    A merge and a writer ask in every step: this is a tenth of what it costs to parse a Summary.
    """
    tags, start, size = [], 0, len(summary)
    while start + 10 <= size:  # two bytes each for the value and its tag, a tag, and a number
        length, width = summary[start + 1], summary[start + 3]
        end = start + 2 + length
        tag = summary[start + 4 : start + 4 + width]
        if (
            length != width + 7
            or not 0 < width < 121
            or end > size
            or summary[start] != 10
            or summary[start + 2] != 10
            or summary[end - 5] != 21
            or not tag.isascii()
        ):
            return None
        tags.append(tag)
        start = end
    return tags if start == size else None


def _flat(strings: Any) -> list[bytes]:
    return [strings] if isinstance(strings, bytes) else strings.reshape(-1).tolist()


def _first(strings: Any) -> str:
    return _text(_flat(strings)[0])


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _shape(value: Any) -> str:
    return "[]" if isinstance(value, bytes) else shape_of(value)


@op
class HistogramSummary:
    """How the values are distributed; none may be NaN or infinite."""

    inputs = "tag: string, values: T"
    outputs = "summary: string"
    attrs = f"T: {_REAL} = DT_FLOAT"
    infer = scalar

    def kernel(tag, values):
        name = _text(_only(tag))
        values = np.asarray(values)
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            first = values[~np.isfinite(values)].reshape(-1)[0]
            what = "Nan in summary histogram" if np.isnan(first) else "Infinity in Histogram"
            raise _invalid(f"{what} for: {name}")
        found = histograms.histogram(values)
        summary = _new_summary()
        proto = summary.value.add(tag=name).histo
        proto.min, proto.max, proto.num = found.least, found.most, found.number
        proto.sum, proto.sum_squares = found.total, found.squares
        proto.bucket_limit.extend(found.limits)
        proto.bucket.extend(found.counts)
        return summary.SerializeToString()

    gradient = None


@op
class ImageSummary:
    """The first images of [batch, height, width, 1, 3 or 4] as PNG."""

    inputs = "tag: string, tensor: T"
    outputs = "summary: string"
    attrs = (
        "max_images: int >= 1 = 3, T: {uint8, float, half, double} = DT_FLOAT, "
        "bad_color: tensor = uint8[255, 0, 0, 255]"
    )
    infer = scalar

    def kernel(tag, tensor, *, max_images, bad_color):
        name = _text(_only(tag))
        shape = np.shape(tensor)
        if len(shape) != 4 or shape[3] not in (1, 3, 4):
            raise _invalid(f"Tensor must be 4-D with last dim 1, 3, or 4, not {shape_of(tensor)}")
        if 0 in shape[1:]:
            raise _invalid(f"input tensor must have non-zero dims. Found: {list(shape)}.")
        if np.ndim(bad_color) != 1 or len(bad_color) < shape[3]:
            raise _invalid(f"expected bad_color to have >= {shape[3]} numbers")
        summary = _new_summary()
        for index, image in enumerate(tensor[:max_images]):
            pixels = image
            if image.dtype != np.uint8:
                pixels = media.visible(image, bad_color[: shape[3]])
            value = summary.value.add(tag=f"{name}/image" + _number(index, max_images))
            value.image.height, value.image.width, value.image.colorspace = shape[1:]
            value.image.encoded_image_string = media.png(pixels)
        return summary.SerializeToString()

    gradient = None


def _number(index: int, most: int) -> str:
    return "" if most == 1 else f"/{index}"


def _audio(tag: Any, tensor: Any, sample_rate: Any, max_outputs: int) -> bytes:
    name = _text(_only(tag))
    if np.ndim(tensor) not in (2, 3):
        raise _invalid(f"Tensor must be 3-D or 2-D, got: {shape_of(tensor)}")
    if np.size(sample_rate) != 1:
        raise _invalid("sample_rate must be scalar")
    sample_rate = np.reshape(sample_rate, ())[()]
    if not sample_rate > 0:
        raise _invalid("sample_rate must be > 0")
    summary = _new_summary()
    for index, samples in enumerate(tensor[:max_outputs]):
        samples = samples if samples.ndim == 2 else samples[:, np.newaxis]
        if not samples.shape[1]:
            raise _invalid("audio is null")
        audio = summary.value.add(tag=f"{name}/audio" + _number(index, max_outputs)).audio
        audio.sample_rate = sample_rate
        audio.length_frames, audio.num_channels = samples.shape
        audio.encoded_audio_string = media.wav(samples, max(round(float(sample_rate)), 1))
        audio.content_type = "audio/wav"
    return summary.SerializeToString()


@op
class AudioSummaryV2:
    """The first sounds of [batch, frames, channels] or [batch, frames] as WAV."""

    inputs = "tag: string, tensor: float, sample_rate: float"
    outputs = "summary: string"
    attrs = "max_outputs: int >= 1 = 3"
    infer = scalar

    def kernel(tag, tensor, sample_rate, *, max_outputs):
        return _audio(tag, tensor, sample_rate, max_outputs)

    gradient = None


@op
class AudioSummary:
    """As AudioSummaryV2, at a rate that is fixed while building."""

    inputs = "tag: string, tensor: float"
    outputs = "summary: string"
    attrs = "sample_rate: float, max_outputs: int >= 1 = 3"
    infer = scalar

    def kernel(tag, tensor, *, sample_rate, max_outputs):
        return _audio(tag, tensor, sample_rate, max_outputs)

    gradient = None


@op
class TensorSummaryV2:
    """Any tensor, with words on how it is to be shown."""

    inputs = "tag: string, tensor: T, serialized_summary_metadata: string"
    outputs = "summary: string"
    attrs = "T: type"
    infer = scalar

    def kernel(tag, tensor, serialized_summary_metadata):
        from google.protobuf.message import DecodeError

        summary = _new_summary()
        value = summary.value.add(tag=_text(_only(tag)))
        _fill_tensor(value.tensor, tensor)
        try:
            value.metadata.ParseFromString(serialized_summary_metadata)
        except DecodeError:
            raise _invalid("serialized_summary_metadata is no SummaryMetadata") from None
        value.metadata.SetInParent()
        return summary.SerializeToString()

    gradient = None


@op
class TensorSummary:
    """Any tensor, under the name of its node."""

    inputs = "tensor: T"
    outputs = "summary: string"
    attrs = (
        "T: type, description: string = '', labels: list(string) = [], display_name: string = ''"
    )
    infer = scalar

    def bind(op, session):
        def kernel(tensor):
            summary = _new_summary()
            value = summary.value.add(node_name=op.name)
            _fill_tensor(value.tensor, tensor)
            return summary.SerializeToString()

        return kernel

    gradient = None


def _fill_tensor(proto: Any, value: Any) -> None:
    if isinstance(value, bytes):
        array = np.empty((), object)
        array[()] = value
    else:
        array = np.asarray(value)
    proto.CopyFrom(tensor_proto(array))
    if array.dtype != object and array.size == 1:  # a summary holds raw bytes, however few
        content = array.tobytes()
        for field, _ in proto.ListFields():
            if field.name.endswith("_val"):
                proto.ClearField(field.name)
        proto.tensor_content = content


def _parsed(text: bytes) -> Any:
    try:
        return _summary_class().FromString(text)
    except _decode_error():
        raise _invalid("Could not parse one of the summary inputs") from None


@op
class MergeSummary:
    """All that several summaries hold, in one; no tag may come twice."""

    inputs = "inputs: N * string"
    outputs = "summary: string"
    attrs = "N: int >= 1"
    infer = scalar

    def kernel(inputs):
        texts, tags, merged = [text for strings in inputs for text in _flat(strings)], set(), []
        for text in texts:
            plain = scalar_tags(text)
            summary = _parsed(text) if plain is None else None
            for tag in (
                plain if summary is None else [value.tag.encode() for value in summary.value]
            ):
                if tag and tag in tags:
                    raise _invalid(f"Duplicate tag {_text(tag)} found in summary inputs")
                tags.add(tag)
            merged.append(text if summary is None else summary.SerializeToString())
        return b"".join(merged)  # joined messages are the merged one

    gradient = None
