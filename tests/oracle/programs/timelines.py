"""Timelines of watched runs, and the hook that writes them."""

import json
import os
import tempfile


def _timeline(tf):
    if hasattr(tf, "contrib"):
        from minitf.python.client import timeline
    else:
        from tensorflow.python.client import timeline
    return timeline


def a_run_as_a_timeline(tf, see):
    a = tf.placeholder(tf.float32, [2, 2], name="a")
    b = tf.matmul(a, tf.tanh(a, name="t"), name="b")
    told = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    see.session.run(b, {a: [[1.0, 2.0], [3.0, 4.0]]}, options, told)
    timeline = _timeline(tf).Timeline(told.step_stats)
    events = json.loads(timeline.generate_chrome_trace_format())["traceEvents"]
    by_name = {event["args"]["name"]: event for event in events if event["ph"] == "X"}
    see(by_name["b"]["name"], by_name["b"]["cat"], by_name["b"]["pid"], sorted(by_name["b"]))
    see(by_name["b"]["args"]["op"], by_name["b"]["args"]["input1"], by_name["t"]["name"])
    see([e["args"]["name"] for e in events if e["ph"] == "M"])
    plain = json.loads(timeline.generate_chrome_trace_format(show_dataflow=False))["traceEvents"]
    see([e for e in plain if e.get("cat") == "DataFlow"])
    see(_timeline(tf).Timeline(tf.RunMetadata().step_stats).generate_chrome_trace_format())


def profiling_hook(tf, see):
    step = tf.train.get_or_create_global_step()
    train = tf.assign_add(step, 1)
    with tempfile.TemporaryDirectory() as folder:
        see.attempt(
            lambda: tf.train.ProfilerHook(output_dir=folder), "Either every_secs or every_steps"
        )
        hook = tf.train.ProfilerHook(save_steps=2, output_dir=folder)
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            for _ in range(6):
                session.run(train)
        names = sorted(name for name in os.listdir(folder) if not name.startswith("events"))
        see(len(names) > 0, all(name.startswith("timeline-") for name in names))
        with open(os.path.join(folder, names[0])) as file:
            see(sorted(json.load(file)))
