"""tf.summary.FileWriter: events that are whole, wherever and however a program ends."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def number(tag, value):
    return tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)])


def events(folder):
    """All events of a folder without each file's first, which names the format's version."""
    found = []
    for name in sorted(os.listdir(folder)):
        first, *rest = tf.train.summary_iterator(os.path.join(folder, name))
        assert first.file_version == "brain.Event:2"
        found += rest
    return found


def test_everything_that_can_be_written(tmp_path, graph):
    tf.constant(1.0, name="c")
    with tf.summary.FileWriter(tmp_path, filename_suffix=".mine") as writer:
        assert writer.get_logdir() == str(tmp_path)
        writer.add_graph(graph)
        writer.add_summary(number("a", 1.0), 1)
        writer.add_summary(number("a", 2.0).SerializeToString(), np.int64(2))
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 3)
        writer.add_meta_graph(tf.train.export_meta_graph(), 4)
        writer.add_run_metadata(tf.RunMetadata(), "run", 5)
        writer.add_event(tf.Event(step=6))
        with pytest.raises(ValueError, match="already used"):
            writer.add_run_metadata(tf.RunMetadata(), "run", 5)
    (name,) = os.listdir(tmp_path)
    assert name.startswith("events.out.tfevents.")
    assert name.endswith(".mine")
    found = events(tmp_path)
    assert [(event.step, event.WhichOneof("what")) for event in found] == [
        (0, "graph_def"),
        (1, "summary"),
        (2, "summary"),
        (3, "session_log"),
        (4, "meta_graph_def"),
        (5, "tagged_run_metadata"),
        (6, None),
    ]
    definition = tf.GraphDef.FromString(found[0].graph_def)
    assert definition.node[0].name == "c"
    assert "_output_shapes" in definition.node[0].attr


def test_a_graph_given_at_the_start(tmp_path, graph):
    tf.constant(1.0)
    tf.summary.FileWriter(tmp_path, graph).close()
    assert [event.WhichOneof("what") for event in events(tmp_path)] == [
        "graph_def",
        "meta_graph_def",
    ]


def test_metadata_is_written_once_a_tag(tmp_path):
    text = tf.summary.text("words", tf.constant("hello"))
    with tf.Session() as sess, tf.summary.FileWriter(tmp_path) as writer:
        for step in range(2):
            writer.add_summary(sess.run(text), step)
    plugins = [e.summary.value[0].metadata.plugin_data.plugin_name for e in events(tmp_path)]
    assert plugins == ["text", ""]


def test_closed_twice_reopened_and_two_on_one_folder(tmp_path, graph):
    writer = tf.summary.FileWriter(tmp_path)
    other = tf.summary.FileWriter(tmp_path)
    writer.add_summary(number("a", 1.0))
    other.add_summary(number("b", 1.0))
    for _ in range(2):
        writer.close()
        other.close()
    lost = number("lost", 1.0)
    for late in (lambda: writer.add_summary(lost), writer.flush, lambda: writer.add_graph(graph)):
        with pytest.warns(UserWarning, match="closed FileWriter") as warned:
            late()
        assert [warning.filename for warning in warned] == [__file__]
    writer.reopen()
    writer.add_summary(number("c", 1.0))
    writer.close()
    assert sorted(e.summary.value[0].tag for e in events(tmp_path)) == ["a", "b", "c"]


def test_relative_folders_stay_where_they_were(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    writer = tf.summary.FileWriter("logs")
    os.mkdir("elsewhere")
    monkeypatch.chdir("elsewhere")
    writer.add_summary(number("a", 1.0))
    writer.close()
    writer.reopen()
    writer.close()
    assert writer.get_logdir() == "logs"
    assert len(os.listdir(tmp_path / "logs")) == 2
    assert os.listdir() == []


def test_the_cache_gives_one_writer_a_folder(tmp_path, graph):
    tf.constant(1.0)
    one = tf.summary.FileWriterCache.get(str(tmp_path))
    assert tf.summary.FileWriterCache.get(str(tmp_path)) is one
    tf.summary.FileWriterCache.clear()
    assert tf.summary.FileWriterCache.get(str(tmp_path)) is not one
    tf.summary.FileWriterCache.clear()


def test_wrong_arguments(tmp_path, graph):
    (tmp_path / "file").write_text("")
    with pytest.raises(tf.errors.FailedPreconditionError, match="file"):
        tf.summary.FileWriter(tmp_path / "file" / "logs")
    with tf.summary.FileWriter(tmp_path / "logs") as writer:
        for wrong in (lambda: writer.add_graph(3), lambda: writer.add_meta_graph(3),
                      lambda: writer.add_event(3)):  # fmt: skip
            with pytest.raises(TypeError):
                wrong()
        with pytest.raises(AttributeError, match=r"'Tensor' object.*`sess.run` gives"):
            writer.add_summary(tf.constant(b""))
        with pytest.raises(ValueError, match="not both"):
            writer.add_graph(graph, graph_def=graph.as_graph_def())


def test_what_is_flushed_outlives_a_kill(tmp_path):
    program = """
        import sys, time
        import minitf as tf
        writer = tf.summary.FileWriter(sys.argv[1])
        for step in range(100):
            value = tf.Summary.Value(tag="a", simple_value=step)
            writer.add_summary(tf.Summary(value=[value]), step)
        writer.flush()
        print("flushed", flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "flushed\n"
        process.send_signal(signal.SIGKILL)
    assert [event.step for event in events(tmp_path)] == list(range(100))


def test_a_truncated_or_damaged_file_gives_what_stands_before(tmp_path):
    with tf.summary.FileWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_summary(number("a", 1.0), step)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()

    def read():
        found, error = [], None
        try:
            found.extend(event.step for event in tf.train.summary_iterator(path))
        except tf.errors.DataLossError as loss:
            error = str(loss)
        return found, error

    assert read() == ([0, 0, 1, 2], None)
    for cut in (1, 5, 20):
        path.write_bytes(whole[:-cut])
        found, error = read()
        assert found == [0, 0, 1]
        assert "truncated record" in error
        assert path.name in error
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        found, error = read()
        assert error
        assert len(found) < 4
    with pytest.raises(tf.errors.NotFoundError, match="none"):
        list(tf.train.summary_iterator(tmp_path / "none"))


@pytest.fixture
def full_disk(monkeypatch):
    """A switch that makes the disk full after so many bytes more."""
    left = [None]
    write = os.write

    def limited(descriptor, octets):
        if left[0] is not None and descriptor > 2:
            if not left[0]:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            octets = bytes(octets)[: left[0]]
            left[0] -= len(octets)
        return write(descriptor, octets)

    monkeypatch.setattr(os, "write", limited)
    return lambda count: left.__setitem__(0, count)


def test_on_a_full_disk_the_training_goes_on(tmp_path, full_disk, caplog):
    writer = tf.summary.FileWriter(tmp_path, max_queue=1)
    writer.add_summary(number("a", 1.0), 1)
    full_disk(20)  # half of an event
    for step in (2, 3):
        writer.add_summary(number("a", 1.0), step)
    assert caplog.text.count("events are lost: No space left on device") == 1
    assert [event.step for event in events(tmp_path)] == [1]
    full_disk(None)
    writer.add_summary(number("a", 1.0), 4)
    writer.close()
    assert [event.step for event in events(tmp_path)] == [1, 4]


def test_a_folder_that_may_not_be_written(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path))

    monkeypatch.setattr(os, "open", refuse)  # as root may write anywhere, modes would show nothing
    with pytest.raises(tf.errors.PermissionDeniedError, match=str(tmp_path)):
        tf.summary.FileWriter(tmp_path)


def test_what_is_not_closed_is_written_at_the_end(tmp_path):
    program = """
        import os, sys
        import minitf as tf
        writer = tf.summary.FileWriter(sys.argv[1])
        value = tf.Summary.Value(tag="a", simple_value=1.0)
        writer.add_summary(tf.Summary(value=[value]), 7)
        if os.fork() == 0:
            sys.exit()  # a child writes nothing of its parent's
        os.wait()
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    subprocess.run(command, check=True)
    assert [event.step for event in events(tmp_path)] == [7]


def test_flushes_when_the_time_has_come(tmp_path):
    writer = tf.summary.FileWriter(tmp_path, max_queue=1000, flush_secs=0.2)
    writer.add_summary(number("a", 1.0), 1)
    assert events(tmp_path) == []
    time.sleep(0.3)
    writer.add_summary(number("a", 1.0), 2)
    assert [event.step for event in events(tmp_path)] == [1, 2]
    writer.close()


def test_records_are_tensorboards_own(tmp_path, monkeypatch):
    from tensorboard.compat.tensorflow_stub import pywrap_tensorflow
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    event = tf.Event(step=7, graph_def=bytes(range(256)) * 100)
    theirs = EventFileWriter(str(tmp_path / "theirs"))
    theirs.add_event(event)
    theirs.close()
    # Their checksums take 150 ms for a megabyte: ours have to be the compiled ones.
    monkeypatch.setattr(pywrap_tensorflow, "crc_update", None)
    with tf.summary.FileWriter(tmp_path / "ours") as writer:
        writer.add_event(event)
    (ours,) = (tmp_path / "ours").iterdir()
    (theirs,) = (tmp_path / "theirs").iterdir()
    size = len(event.SerializeToString()) + 16
    assert ours.read_bytes()[-size:] == theirs.read_bytes()[-size:]
