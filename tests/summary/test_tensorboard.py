"""The real TensorBoard on the logs of a real, small training, asked over HTTP."""

import json
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.slow

STEPS = 5


def train(folder):
    """A line fitted in a few steps; the losses."""
    x = tf.placeholder(tf.float32, [None, 1], name="x")
    with tf.variable_scope("line"):
        w = tf.get_variable("w", initializer=[[0.0]])
        y = tf.matmul(x, w, name="y")
    loss = tf.reduce_mean(tf.square(y - 3.0 * x), name="loss")
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("weights", w)
    tf.summary.image("picture", tf.reshape(tf.linspace(0.0, 1.0, 12), [1, 3, 4, 1]), max_outputs=1)
    tf.summary.text("words", tf.constant("**hello**"))
    merged = tf.summary.merge_all()
    losses, data = [], np.linspace(-1, 1, 8).reshape(8, 1)
    with tf.Session() as sess, tf.summary.FileWriter(folder, sess.graph) as writer:
        sess.run(tf.global_variables_initializer())
        for i in range(STEPS):
            value, summary, _ = sess.run([loss, merged, step], {x: data})
            losses.append(float(value))
            writer.add_summary(summary, i)
        metadata = tf.RunMetadata()
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        sess.run(loss, {x: data}, options, metadata)
        writer.add_run_metadata(metadata, "last", STEPS)
    return losses


class Server:
    """The real TensorBoard on a folder, which it reads anew each second."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder)]
        command += ["--port", str(self.port), "--load_fast", "false", "--reload_interval", "1"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def get(self, path, **query):
        url = f"http://127.0.0.1:{self.port}/data/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read()

    def json(self, path, **query):
        return json.loads(self.get(path, **query))

    def wait(self, ready=lambda server: server.json("plugin/scalars/tags").get(".")):
        """Waits until it has read the logs, or what `ready` looks for in them."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if ready(self):
                    return
            except (urllib.error.URLError, ConnectionError):
                pass
            assert self.process.poll() is None
            time.sleep(0.3)
        raise TimeoutError("TensorBoard did not read the logs")

    def steps(self, run, tag="loss"):
        """The steps of which it knows a run's scalar."""
        return [p[1] for p in self.json("plugin/scalars/scalars", run=run, tag=tag)]

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    with tf.Graph().as_default():
        losses = train(folder)
    server = Server(folder)
    try:
        server.wait()
        yield server, losses
    finally:
        server.stop()


def test_scalars(logs):
    server, losses = logs
    points = server.json("plugin/scalars/scalars", run=".", tag="loss_1")
    assert [point[1] for point in points] == list(range(STEPS))
    np.testing.assert_allclose([point[2] for point in points], losses, rtol=1e-6)


def test_histograms(logs):
    server, _ = logs
    assert list(server.json("plugin/histograms/tags")["."]) == ["weights"]
    (first, *_, last) = server.json("plugin/histograms/histograms", run=".", tag="weights")
    assert first[1] == 0
    assert last[1] == STEPS - 1
    assert sum(count for _, _, count in last[2]) == 1


def test_images(logs):
    server, _ = logs
    (tag,) = server.json("plugin/images/tags")["."]
    assert tag == "picture/image"
    metadata = server.json("plugin/images/images", run=".", tag=tag, sample=0)
    assert [image["step"] for image in metadata] == list(range(STEPS))
    query = dict(urllib.parse.parse_qsl(metadata[0]["query"]))
    octets = server.get("plugin/images/individualImage", **query)
    assert octets.startswith(b"\x89PNG")
    assert struct.unpack_from(">II", octets, 16) == (4, 3)


def test_text(logs):
    server, _ = logs
    found = server.json("plugin/text/text", run=".", tag="words")
    assert "<strong>hello</strong>" in found[0]["text"]


def test_graph_and_run_metadata(logs):
    server, _ = logs
    text = server.get("plugin/graphs/graph", run=".").decode()
    assert 'name: "line/w/read"' in text
    assert "_output_shapes" in text
    stats = server.get("plugin/graphs/run_metadata", run=".", tag="last").decode()
    assert 'node_name: "line/y"' in stats


def test_a_training_is_watched_while_it_goes_on(tmp_path):
    """New steps and new runs appear although no writer is closed, and a restart goes on."""
    server = Server(tmp_path)

    def add(writer, *steps):
        for step in steps:
            value = tf.Summary.Value(tag="loss", simple_value=1 / (step + 1))
            writer.add_summary(tf.Summary(value=[value]), step)
        writer.flush()

    try:
        first = tf.summary.FileWriter(tmp_path / "first")
        first.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 0)
        add(first, 0)
        server.wait(lambda s: "first" in s.json("plugin/scalars/tags"))
        assert server.steps("first") == [0]
        add(first, 1, 2)
        server.wait(lambda s: s.steps("first") == [0, 1, 2])
        second = tf.summary.FileWriter(tmp_path / "second")
        add(second, 5)
        server.wait(lambda s: "second" in s.json("plugin/scalars/tags"))
        # Stopped and begun again after step 1: what came later than that gives way.
        again = tf.summary.FileWriter(tmp_path / "first")
        again.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 2)
        add(first)
        add(again, 2, 3)
        server.wait(lambda s: s.steps("first")[-1] == 3)
        assert server.steps("first") == [0, 1, 2, 3]
        for writer in (first, second, again):
            writer.close()
    finally:
        server.stop()
