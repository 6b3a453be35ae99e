"""Summaries of plain numbers take a short way; what it writes is what the long way would."""

import random
import time

import numpy as np
import pytest

import minitf as tf
from minitf.ops.summary import scalar_tags

TAGS = ["a", "a/b", "x" * 100, "y" * 120, "z" * 121, "w" * 300, "", "é", "loss"]
STEPS = [None, 0, 1, 127, 128, np.int64(300), 1 << 40, (1 << 63) - 1, -1, 2.7]


def some_summary(rng):
    summary = tf.Summary()
    for _ in range(rng.choice([0, 1, 1, 1, 2, 5])):
        value = summary.value.add(tag=rng.choice(TAGS))
        kind = rng.randrange(8)
        if kind < 6:
            value.simple_value = rng.choice([0.0, -0.0, 1.5, float("nan"), float("inf")])
        elif kind == 6:
            value.metadata.plugin_data.plugin_name = "text"
        else:
            value.histo.num = 3
    return summary


def test_the_short_way_sees_the_tags_that_are_there_or_none():
    rng, seen = random.Random(81), 0
    for _ in range(3000):
        summary = some_summary(rng)
        found = scalar_tags(summary.SerializeToString())
        if found is None:
            continue
        seen += len(found)
        assert [tag.decode() for tag in found] == [value.tag for value in summary.value]
        assert all(value.HasField("simple_value") for value in summary.value)
    assert seen > 500


def test_a_damaged_summary_is_not_taken_for_another():
    rng = random.Random(82)
    for _ in range(20_000):
        octets = bytearray(some_summary(rng).SerializeToString())
        if not octets:
            continue
        for _ in range(rng.randrange(1, 3)):
            octets[rng.randrange(len(octets))] = rng.randrange(256)
        found = scalar_tags(bytes(octets))
        if found is not None:
            read = tf.Summary.FromString(bytes(octets))
            assert [tag.decode() for tag in found] == [value.tag for value in read.value]
            if not any(v.simple_value != v.simple_value for v in read.value):  # NaNs: many
                assert read.SerializeToString() == bytes(octets)


@pytest.mark.parametrize("step", STEPS)
def test_both_ways_write_the_same_event(tmp_path, monkeypatch, step):
    monkeypatch.setattr(time, "time", lambda: 1234.5)
    rng = random.Random(83)
    summaries = [some_summary(rng) for _ in range(50)]
    written = []
    for way in ("bytes", "messages"):
        writer = tf.summary.FileWriter(tmp_path / way)
        writer.add_summary(number_of_text(), 0)  # from now on, its metadata are left out
        for summary in summaries:
            writer.add_summary(
                summary.SerializeToString() if way == "bytes" else summary,
                step,
            )
        writer.close()
        (path,) = (tmp_path / way).iterdir()
        written.append([event.SerializeToString() for event in tf.train.summary_iterator(path)])
    assert written[0] == written[1]
    assert len(written[0]) == 52


def number_of_text():
    return tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=1.0)])


def test_metadata_after_a_plain_number_of_the_tag_are_left_out(tmp_path):
    with tf.summary.FileWriter(tmp_path) as writer:
        writer.add_summary(number_of_text().SerializeToString())
        value = tf.Summary.Value(tag="loss", tensor=tf.make_tensor_proto(1.0))
        value.metadata.plugin_data.plugin_name = "scalars"
        writer.add_summary(tf.Summary(value=[value]).SerializeToString())
    (path,) = tmp_path.iterdir()
    *_, last = tf.train.summary_iterator(path)
    assert not last.summary.value[0].HasField("metadata")


def test_a_merge_of_plain_numbers_and_others():
    with tf.Graph().as_default(), tf.Session() as sess:
        parts = [tf.summary.scalar("a", 1.0), tf.summary.histogram("h", [1.0, 2.0])]
        parts.append(tf.summary.scalar("b", np.array(2.0)))
        merged = tf.Summary.FromString(sess.run(tf.summary.merge(parts)))
        assert [value.tag for value in merged.value] == ["a", "h", "b"]
        fed = tf.summary.merge([parts[0], parts[2]])
        with pytest.raises(tf.errors.InvalidArgumentError, match="Duplicate tag b found"):
            sess.run(fed, {parts[0]: sess.run(parts[2])})
        with pytest.raises(tf.errors.InvalidArgumentError, match="Could not parse"):
            sess.run(fed, {parts[0]: b"\x0a\x0b\x0a"})
