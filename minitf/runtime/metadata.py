"""What a watched run tells TensorBoard: RunMetadata with the time and memory of each op."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.runtime.placement import Placer
from minitf.runtime.plan import Plan
from minitf.runtime.trace import OpEvent
from minitf.shape import TensorShape


def fill_run_metadata(run_metadata: Any, events: list[OpEvent], began: float) -> None:
    """Adds a run's step_stats to a RunMetadata protocol buffer; `began` in seconds since 1970."""
    by_device: dict[str, Any] = {}
    for event in events:
        stats = by_device.get(event.device)
        if stats is None:
            stats = by_device[event.device] = run_metadata.step_stats.dev_stats.add(
                device=event.device
            )
        _fill_node(stats.node_stats.add(), event, began)


def add_partition_graphs(run_metadata: Any, plan: Plan, placer: Placer) -> None:
    """Adds the nodes that a run needs as GraphDefs, one for each device that they run on.

    Where a tensor goes to another device there is a _Send on its own and a _Recv on the other.
    """
    graphs: dict[str, Any] = {}

    def added(device: str) -> Any:
        if device not in graphs:
            graphs[device] = run_metadata.partition_graphs.add()
        node = graphs[device].node.add()
        node.device = device
        return node

    for op in plan.ops:
        device = placer.device_of(op)
        node = added(device)
        node.CopyFrom(op.node_def)
        node.device = device
    for number, (tensor, source, destination) in enumerate(placer.transfers(plan.ops)):
        for kind, device in (("_Send", source), ("_Recv", destination)):
            node = added(device)
            node.name, node.op = f"{tensor.op.name}/{kind}_{number}", kind
            node.attr["tensor_name"].s = tensor.name.encode()
            node.attr["send_device"].s = source.encode()
            node.attr["recv_device"].s = destination.encode()
            if kind == "_Send":
                node.input.append(tensor.name)


def _fill_node(node: Any, event: OpEvent, began: float) -> None:
    op = event.op
    start = int((began + event.start) * 1e6)
    length = max(int((event.end - event.start) * 1e6), 1)
    node.node_name = op.name
    node.all_start_micros = node.scheduled_micros = start
    node.op_end_rel_micros = node.all_end_rel_micros = length
    node.all_start_nanos = int((began + event.start) * 1e9)
    node.op_end_rel_nanos = node.all_end_rel_nanos = int((event.end - event.start) * 1e9)
    inputs = ", ".join(t.op.name for t in op.inputs)
    node.timeline_label = f"{op.name} = {op.type}({inputs})"
    total = 0
    for slot, value in enumerate(event.outputs):
        if not isinstance(value, (np.ndarray, np.generic)):
            continue
        description = node.output.add(slot=slot).tensor_description
        description.dtype = dtypes.as_dtype(value.dtype).as_datatype_enum
        description.shape.CopyFrom(TensorShape(value.shape).as_proto())
        allocation = description.allocation_description
        allocation.requested_bytes = allocation.allocated_bytes = value.nbytes
        allocation.allocator_name = "cpu"
        total += value.nbytes
    if total:
        node.memory.add(allocator_name="cpu", total_bytes=total, peak_bytes=total)
