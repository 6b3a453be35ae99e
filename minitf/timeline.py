"""A watched run as a timeline that Chrome's and Perfetto's trace viewers show."""

from __future__ import annotations

import json
import re
from typing import Any

_LABEL = re.compile(r"(.*) = (.*)\((.*)\)")


class Timeline:
    """The timeline of the `step_stats` of a RunMetadata."""

    def __init__(self, step_stats: Any, graph: Any = None) -> None:
        self._step_stats = step_stats

    def generate_chrome_trace_format(
        self, show_dataflow: bool = True, show_memory: bool = False, op_time: str = "schedule"
    ) -> str:
        """The timeline as JSON: an event for each op, and arrows for tensors between devices.

        Raises NotImplementedError for memory: a run here does not tell when it frees what.
        """
        if show_memory:
            raise NotImplementedError("minitf's runs do not tell when memory is freed")
        names: list[Any] = [_named(0, "Allocators")]
        ops: list[Any] = []
        arrows: list[Any] = []
        made: dict[str, dict[str, Any]] = {}
        for number, device in enumerate(self._step_stats.dev_stats):
            pid = 1 + 2 * number
            names.append(_named(pid, f"{device.device} Compute"))
            names.append(_named(pid + 1, f"{device.device} Tensors"))
            for node in device.node_stats:
                event = _event(node, pid)
                for source in (made[t] for t in _inputs(event) if t in made):
                    if show_dataflow and source["pid"] != pid:
                        arrows += _arrow(source, event, len(arrows) // 2)
                made[event["args"]["name"]] = event
                ops.append(event)
        return json.dumps({"traceEvents": names + ops + arrows}, indent=4)


def _named(pid: int, name: str) -> dict[str, Any]:
    return {"name": "process_name", "ph": "M", "pid": pid, "args": {"name": name}}


def _event(node: Any, pid: int) -> dict[str, Any]:
    """One op's run."""
    label = _LABEL.fullmatch(node.timeline_label)
    name, op, inputs = label.groups() if label else (node.node_name, node.node_name, "")
    arguments = {"name": name, "op": op}
    arguments.update({f"input{i}": t for i, t in enumerate(inputs.split(", ")) if t})
    return {
        "ph": "X",
        "cat": "Op",
        "name": op,
        "pid": pid,
        "tid": 0,  # ops run one after the other
        "ts": node.all_start_micros,
        "dur": node.all_end_rel_micros,
        "args": arguments,
    }


def _inputs(event: dict[str, Any]) -> list[str]:
    return [value for key, value in event["args"].items() if key.startswith("input")]


def _arrow(source: dict[str, Any], target: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """From the end of one op to the start of another."""
    name = source["args"]["name"]
    return [
        {
            "ph": phase,
            "cat": "DataFlow",
            "name": name,
            "pid": event["pid"],
            "tid": event["tid"],
            "ts": time,
            "id": number,
        }
        for phase, event, time in (
            ("s", source, source["ts"] + source["dur"]),
            ("t", target, target["ts"]),
        )
    ]
