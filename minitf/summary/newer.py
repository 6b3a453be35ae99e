"""What TensorFlow's summaries of a later kind ask of a graph that has none of them."""

from __future__ import annotations

from typing import Any


def all_v2_summary_ops() -> list[Any]:
    """An empty list: here are only summaries whose values are fetched."""
    return []


def initialize(graph: Any = None, session: Any = None) -> None:
    """RuntimeError: the writer that it would start, a node of the graph, is not here."""
    raise RuntimeError("No default tf.contrib.summary.SummaryWriter found")


def get_summary_description(node_def: Any) -> Any:
    """The SummaryDescription in a TensorSummary node; ValueError for another node."""
    from google.protobuf import json_format
    from tensorboard.compat.proto.summary_pb2 import SummaryDescription

    if node_def.op != "TensorSummary":
        raise ValueError(f"Can't get_summary_description on {node_def.op}")
    text = node_def.attr["description"].s.decode()
    return json_format.Parse(text, SummaryDescription())
