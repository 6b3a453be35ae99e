"""Timelines: arrows lead from device to device; memory is refused."""

import json

import pytest

import minitf as tf
from minitf.timeline import Timeline


def watched():
    stats = tf.RunMetadata().step_stats
    for device, label, start in (("cpu:0", "a = Const()", 5), ("cpu:1", "b = Neg(a)", 9)):
        node = stats.dev_stats.add(device=device).node_stats.add(timeline_label=label)
        node.all_start_micros, node.all_end_rel_micros = start, 2
    return Timeline(stats)


def events(phase, **options):
    found = json.loads(watched().generate_chrome_trace_format(**options))["traceEvents"]
    return [event for event in found if event["ph"] == phase]


def test_an_arrow_leads_from_the_end_of_one_op_to_the_start_of_another():
    (start,), (end,) = events("s"), events("t")
    assert (start["ts"], start["pid"], end["ts"], end["pid"]) == (7, 1, 9, 3)
    assert start["name"] == end["name"] == "a"
    assert events("s", show_dataflow=False) == []


def test_each_op_is_an_event_of_its_length():
    assert [(e["name"], e["ts"], e["dur"]) for e in events("X")] == [("Const", 5, 2), ("Neg", 9, 2)]


def test_memory_is_refused():
    with pytest.raises(NotImplementedError, match="memory"):
        watched().generate_chrome_trace_format(show_memory=True)
