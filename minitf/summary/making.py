"""Nodes that make summaries, with their tags, and nodes that merge them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf import dtypes
from minitf.graph import GraphKeys, add_to_collection, get_collection, name_scope
from minitf.op import convert_to_tensor
from minitf.ops import summary as ops
from minitf.tensor import Tensor

_log = logging.getLogger("minitf")
_ILLEGAL = re.compile(r"[^-/\w\.]")


def _mended(name: str | None) -> str | None:
    """A name without the characters that tags and nodes may not have."""
    if name is None:
        return None
    mended = _ILLEGAL.sub("_", name).lstrip("/")
    if mended != name:
        _log.info("Summary name %s is illegal; using %s instead.", name, mended)
    return mended


@contextmanager
def _scope(
    name: str, family: str | None, values: list[Any], default_name: str | None = None
) -> Iterator[tuple[str, str]]:
    """The scope of a summary's nodes; yields its tag, which begins with the family, and prefix."""
    name, family = _mended(name), _mended(family)  # type: ignore[assignment]
    base = name if family is None else f"{family}/{name}"
    with name_scope(base, default_name, values) as scope:
        tag = scope.rstrip("/")
        yield (tag if family is None else f"{family}/{tag}"), scope


def _collect(summary: Tensor, collections: Any, default: list[str]) -> Tensor:
    for key in default if collections is None else collections:
        add_to_collection(key, summary)
    return summary


def scalar(name: str, tensor: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """A node whose value is the summary of a number; it joins the collection of summaries."""
    with _scope(name, family, [tensor]) as (tag, scope):
        return _collect(
            ops.ScalarSummary(tag, tensor, name=scope), collections, [GraphKeys.SUMMARIES]
        )


def histogram(name: str, values: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """A node whose value is the summary of how `values` are distributed."""
    with _scope(name, family, [values], "HistogramSummary") as (tag, scope):
        return _collect(
            ops.HistogramSummary(tag, values, name=scope), collections, [GraphKeys.SUMMARIES]
        )


def image(
    name: str,
    tensor: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: str | None = None,
) -> Tensor:
    """A node whose value is the summary of the first images of [batch, height, width, channels].

    1, 3 or 4 channels; uint8 as it is, floats stretched to the range that can be seen.
    """
    with _scope(name, family, [tensor]) as (tag, scope):
        node = ops.ImageSummary(tag, tensor, max_images=max_outputs, name=scope)
        return _collect(node, collections, [GraphKeys.SUMMARIES])


def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: str | None = None,
) -> Tensor:
    """A node whose value is the summary of sounds [batch, frames, channels] between -1 and 1."""
    with _scope(name, family, [tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, dtypes.float32, "sample_rate")
        node = ops.AudioSummaryV2(tag, tensor, rate, max_outputs=max_outputs, name=scope)
        return _collect(node, collections, [GraphKeys.SUMMARIES])


def text(name: str, tensor: Tensor, collections: Any = None) -> Tensor:
    """A node whose value is the summary of strings, which TensorBoard shows as Markdown.

    Raises ValueError for a tensor of another type.
    """
    from tensorboard.compat.proto.summary_pb2 import SummaryMetadata

    if tensor.dtype != dtypes.string:
        raise ValueError(f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype}")
    plugin = SummaryMetadata.PluginData(plugin_name="text")
    metadata = SummaryMetadata(plugin_data=plugin)
    return tensor_summary(name, tensor, summary_metadata=metadata, collections=collections)


def tensor_summary(
    name: str,
    tensor: Any,
    summary_description: str | None = None,
    collections: Any = None,
    summary_metadata: Any = None,
    family: str | None = None,
    display_name: str | None = None,
) -> Tensor:
    """A node whose value is the summary of any tensor; `summary_metadata` says how to show it."""
    from tensorboard.compat.proto.summary_pb2 import SummaryMetadata

    metadata = SummaryMetadata() if summary_metadata is None else summary_metadata
    if summary_description is not None:
        metadata.summary_description = summary_description
    if display_name is not None:
        metadata.display_name = display_name
    with _scope(name, family, [tensor]) as (tag, scope):
        node = ops.TensorSummaryV2(tag, tensor, metadata.SerializeToString(), name=scope)
        return _collect(node, collections, [GraphKeys.SUMMARIES])


def merge(inputs: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """A node whose value holds all that the summaries `inputs` hold; no tag may come twice."""
    name = _mended(name)
    with name_scope(name, "Merge", inputs):
        return _collect(ops.MergeSummary(inputs, name=name), collections, [])


def merge_all(
    key: str = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None
) -> Tensor | None:
    """`merge` of all summaries in a collection, or None where there are none."""
    summaries = get_collection(key, scope=scope)
    return merge(summaries, name=name) if summaries else None
