"""`widgets.show_logs`: the picture holds what was written, no more and no less."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.image import imread

import minitf as tf
import widgets
from widgets import show_logs


@pytest.fixture
def logs(tmp_path, monkeypatch):
    """Two runs, each with a curve; the first also with a histogram and an image."""
    monkeypatch.chdir(tmp_path)
    number = tf.placeholder(tf.float32, [])
    many = tf.placeholder(tf.float32, [None])
    image = tf.placeholder(tf.uint8, [1, 2, 3, 3])
    scalar = tf.summary.scalar("loss/of $x$ and $y$", number)
    every = [
        tf.summary.histogram("spread", many),
        tf.summary.image("seen", image, max_outputs=1),
    ]
    with tf.Session() as sess:
        for run, factor in (("first", 1.0), ("second", -2.5)):
            with tf.summary.FileWriter(f"logs/{run}") as writer:
                for step in range(0, 30, 3):
                    writer.add_summary(sess.run(scalar, {number: factor * step}), step)
                    if run == "first":
                        values = {many: [step] * 4 + [step + 8], image: np.full((1, 2, 3, 3), step)}
                        for summary in sess.run(every, values):
                            writer.add_summary(summary, step)
    return tmp_path / "logs"


STEPS = list(range(0, 30, 3))


def test_curves(logs):
    shown = show_logs("logs")
    assert [(c.tag, c.run, c.steps) for c in shown.curves] == [
        ("loss/of__x__and__y_", "first", STEPS),
        ("loss/of__x__and__y_", "second", STEPS),
    ]
    axes = shown.figure.axes[0]
    first, second = axes.get_lines()
    assert first.get_xdata().tolist() == STEPS
    assert first.get_ydata().tolist() == STEPS
    assert second.get_ydata().tolist() == [-2.5 * step for step in STEPS]
    assert first.get_color() != second.get_color()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["first", "second"]


def test_histograms(logs):
    (ridges,) = show_logs("logs").ridges
    assert (ridges.tag, ridges.run, ridges.steps) == ("spread", "first", STEPS)
    assert ridges.edges[[0, -1]].tolist() == [0, 35]
    np.testing.assert_allclose(ridges.counts.sum(1), 5)
    assert ridges.counts[0][0] == pytest.approx(4)  # 0, 0, 0, 0, 8 at step 0
    axes = show_logs("logs", "spread").figure.axes[0]
    heights = [line.get_ydata() + place for place, line in enumerate(axes.get_lines())]
    assert len(heights) == len(STEPS)
    np.testing.assert_allclose(heights, 2.4 * ridges.counts / ridges.counts.max(), atol=1e-9)


def test_images(logs):
    shown = show_logs("logs", tags="^seen")
    assert [(p.tag, p.run, p.step) for p in shown.pictures] == [("seen/image", "first", 27)]
    (axes,) = shown.figure.axes
    np.testing.assert_allclose(axes.get_images()[0].get_array(), np.full((2, 3, 3), 27 / 255))
    assert axes.get_title() == "seen/image, step 27"


def test_what_a_notebook_keeps(logs):
    shown = show_logs("logs")
    data = shown._repr_mimebundle_()
    assert data["text/plain"] == "Logs of 'logs': loss/of__x__and__y_, spread, seen/image"
    light, dark = re.findall(r'"data:image/svg\+xml;base64,([^"]+)"', data["text/html"])
    light, dark = base64.b64decode(light).decode(), base64.b64decode(dark).decode()
    assert "#ffffff" in light
    assert "#111111" in dark
    assert "loss/of__x__and__y_" in "".join(ET.fromstring(dark).itertext())
    assert data == show_logs("logs")._repr_mimebundle_()  # the same each time
    pixels = imread(io.BytesIO(shown.png()), format="png")
    assert pixels[0, 0].tolist() == [1, 1, 1, 1]
    assert pixels.min() < 0.2


def test_a_value_that_never_changes_and_an_empty_one(tmp_path):
    many = tf.placeholder(tf.float32, [None])
    summary = tf.summary.histogram("same", many)
    with tf.Session() as sess, tf.summary.FileWriter(tmp_path) as writer:
        for step, values in enumerate([[2, 2, 2], []]):
            writer.add_summary(sess.run(summary, {many: values}), step)
    shown = show_logs(tmp_path)
    assert shown.ridges[0].edges[[0, -1]].tolist() == [1.5, 2.5]
    assert shown.ridges[0].counts.sum(1).tolist() == [3, 0]
    assert shown.png().startswith(b"\x89PNG")


@pytest.mark.slow
def test_names_are_no_formulas_and_too_many_are_said(tmp_path):
    summary = tf.Summary()
    for index in range(30):
        summary.value.add(tag=f"a $\\nonsense {index:02d}$", simple_value=index)
    with tf.summary.FileWriter(tmp_path / "_$run{") as writer:
        writer.add_summary(summary, 7)
    shown = show_logs(tmp_path)
    assert shown.png().startswith(b"\x89PNG")
    assert len(shown.figure.axes) == 24
    assert repr(shown).endswith("; 6 panels more: choose by `tags`")
    assert shown.figure.axes[0].get_title() == "a $\\nonsense 00$"


def test_a_file_that_is_cut_off_is_shown_as_far_as_it_goes(logs):
    (path,) = (logs / "second").iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    lengths = [len(curve.steps) for curve in show_logs("logs").curves]
    assert lengths == [len(STEPS), len(STEPS) - 1]


def test_says_what_is_missing(logs):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*there is logs"):
        show_logs("log")
    with pytest.raises(ValueError, match=r"no scalars.* with tags like 'accuracy'"):
        show_logs("logs", "accuracy")
    (logs / "empty").mkdir()
    with pytest.raises(ValueError, match="a FileWriter writes when it is flushed"):
        show_logs("logs/empty")
    assert widgets.show_logs is show_logs
