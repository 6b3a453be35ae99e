"""`widgets.tensorboard`: the real TensorBoard found, shared, stopped, and refused in words."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

import minitf as tf
import widgets
from widgets import tensorboard
from widgets.tensorboard import TensorBoardError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def logs(tmp_path, monkeypatch):
    """A folder `logs` with one run, in the folder where Python runs."""
    monkeypatch.chdir(tmp_path)
    number = tf.placeholder(tf.float32, [])
    summary = tf.summary.scalar("number", number)
    with tf.Session() as sess, tf.summary.FileWriter("logs/first", sess.graph) as writer:
        for step in range(3):
            writer.add_summary(sess.run(summary, {number: step}), step)
    return tmp_path / "logs"


@pytest.fixture(autouse=True)
def _none_left():
    yield
    sys.modules["widgets.tensorboard"].stop_all()


def asked(server, what):
    with urllib.request.urlopen(f"{server.url}data/{what}", timeout=20) as answer:
        return json.load(answer)


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def in_another_program(code, folder):
    """Runs code after the imports, in a folder of its own; what it printed."""
    code = "import os, signal\nfrom widgets import tensorboard\n" + code
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=True,
    )
    return done.stdout.split()


def test_shows_shares_and_stops(logs, monkeypatch, tmp_path):
    monkeypatch.setenv(
        "PATH", "/usr/bin:/bin"
    )  # the environment's own program is found all the same
    server = tensorboard("logs")
    assert asked(server, "logdir") == {"logdir": str(logs)}
    wait_until(lambda: asked(server, "runs") == ["first"])
    assert server.is_ours
    # The same server by another path, from another folder, and from another program.
    monkeypatch.chdir("/")
    assert tensorboard(logs / ".").pid == server.pid
    (tmp_path / "elsewhere").mkdir()
    code = "t = tensorboard('../logs')\nprint(t.pid, t.is_ours)\nt.stop()"
    assert in_another_program(code, tmp_path / "elsewhere") == [str(server.pid), "False"]
    assert runs(server.pid)  # who did not start it does not stop it
    server.stop()
    assert not server.is_ours
    assert server.stopped
    assert not runs(server.pid)


def test_outlives_an_interruption_but_not_its_program(logs, tmp_path):
    code = "\n".join(
        [
            "os.setpgid(0, 0)",
            "t = tensorboard('logs')",
            "signal.signal(signal.SIGINT, lambda *_: None)",
            "os.killpg(0, signal.SIGINT)",  # as JupyterLab interrupts a kernel
            "print(t.pid, tensorboard('logs').pid)",
        ]
    )
    first, second = in_another_program(code, tmp_path)
    assert first == second
    assert not runs(int(first))


def test_a_killed_server_is_not_taken_for_a_running_one(logs):
    server = tensorboard("logs")
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not sys.modules["widgets.tensorboard"]._is_alive(server.pid))
    assert tensorboard("logs").pid != server.pid


def test_a_relative_path_of_a_server_started_elsewhere(logs, tmp_path):
    program = Path(sys.executable).with_name("tensorboard")
    command = [program, "--logdir", "logs", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        find = sys.modules["widgets.tensorboard"]._serving
        wait_until(lambda: [info.pid for info in find(str(logs))] == [process.pid])
    finally:
        process.terminate()
        process.wait()


def test_listens_on_this_computer_only(logs):
    server = tensorboard("logs")
    listening = [c.laddr for c in psutil.Process(server.pid).net_connections("tcp") if not c.raddr]
    assert {a.ip for a in listening if a.port == server.port} == {"127.0.0.1"}


def test_what_a_saved_notebook_keeps(logs):
    data, _ = tensorboard("logs")._repr_mimebundle_()
    assert data["text/plain"] == "TensorBoard of 'logs'"
    assert data["text/html"] == (
        "<p>TensorBoard of <code>logs</code>: run this cell to see it.</p>"
    )
    assert "application/vnd.jupyter.widget-view+json" in data


def test_says_what_is_missing(logs, monkeypatch, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*/log \('log' starts.*logs"):
        tensorboard("log")
    (event_file,) = (logs / "first").iterdir()
    with pytest.raises(NotADirectoryError, match="give the folder"):
        tensorboard(event_file)
    monkeypatch.setenv("TENSORBOARD_BINARY", "/no/tensorboard")
    with pytest.raises(FileNotFoundError, match="there is no program /no/tensorboard: install"):
        tensorboard("logs")
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no such thing >&2\nexit 3\n")
    monkeypatch.setenv("TENSORBOARD_BINARY", str(broken))
    with pytest.raises(TensorBoardError, match="cannot be run"):
        tensorboard("logs")
    broken.chmod(0o755)
    with pytest.raises(TensorBoardError, match="ended with 3: no such thing"):
        tensorboard("logs")


def test_is_public():
    assert widgets.tensorboard is tensorboard
