"""Graphs of thousands of nodes: how long drawing them takes, and what is said of the rest."""

import os
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

import minitf as tf
import widgets
from tests.widgets.stubs import StubOp
from widgets import layout
from widgets.diagram import Diagram
from widgets.layout import DotError

pytestmark = pytest.mark.slow


def deep(layers: int) -> None:
    """A deep network with Adam's slots: 55 nodes a layer."""
    wanted = tf.placeholder(tf.float32, [None, 4], name="y")
    h = tf.placeholder(tf.float32, [None, 4], name="x")
    for i in range(layers):
        with tf.variable_scope(f"layer{i}"):
            w = tf.get_variable("w", [4, 4])
            h = tf.nn.relu(tf.matmul(h, w) + tf.get_variable("b", [4]))
    loss = tf.reduce_mean(tf.square(h - wanted))
    tf.train.AdamOptimizer(0.01).minimize(loss)
    tf.global_variables_initializer()


def unrolled(steps: int) -> None:
    """A recurrent network, unrolled without a scope for its steps, and trained."""
    w, b = tf.Variable(tf.zeros([8, 16])), tf.Variable(tf.zeros([16]))
    h = c = tf.zeros([2, 4])
    for _ in range(steps):
        i, j, f, o = tf.split(tf.matmul(tf.concat([h, h], 1), w) + b, 4, 1)
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
    tf.train.AdamOptimizer(0.01).minimize(tf.reduce_mean(tf.square(h)))


def tangle(count: int, scope: str | None = None) -> None:
    """Ops without any order in their names, each of two that were made before."""
    rng = random.Random(1)
    with tf.name_scope(scope):
        made = [tf.placeholder(tf.float32, [], name="x")]
        while len(made) < count:
            a, b = rng.choice(made[-50:]), rng.choice(made[-50:])
            name = "".join(rng.choices("abcdefgh", k=9))
            made.append(rng.choice([tf.add, tf.multiply, tf.subtract])(a, b, name=name))


IDLE = 0.06  # seconds that `slowness` takes on the idle machine that the bounds are for


def slowness() -> float:
    """How many times slower a fixed piece of work is now: other programs share the processor."""
    began = time.process_time()
    counted: dict[int, int] = {}
    for i in range(400_000):
        counted[i % 1000] = counted.get(i % 1000, 0) + i
    return max(1.0, (time.process_time() - began) / IDLE)


def drawn(build: Callable[[], None]) -> tuple[Diagram, float]:
    """A drawing of what `build` makes, and its processor time (also of dot) on an idle machine."""
    build()
    ops = tf.get_default_graph().get_operations()
    slow, before = slowness(), sum(os.times()[:4])
    diagram = Diagram(ops)
    took = sum(os.times()[:4]) - before
    return diagram, took / max(1.0, (slow + slowness()) / 2)


@pytest.mark.parametrize(
    ("build", "ops", "seconds"),
    [
        (lambda: deep(36), 2000, 2),
        (lambda: unrolled(30), 2000, 2),
        (lambda: tangle(2000), 2000, 2),
        (lambda: tangle(2000, "huge"), 2000, 2),
        (lambda: deep(370), 20_000, 8),
        (lambda: tangle(20_000), 20_000, 8),
    ],
    ids=["deep", "unrolled", "flat", "scope", "deep 20k", "flat 20k"],
)
def test_large_graphs_are_drawn_in_time(build, ops, seconds):
    diagram, took = drawn(build)
    print(f"{len(diagram.ops)} ops: {took:.2f} s")
    assert len(diagram.ops) >= ops
    assert len(diagram.drawing["items"]) < 400
    assert took < seconds


def test_the_story_of_five_thousand_nodes_takes_seconds():
    deep(100)
    slow, before = slowness(), sum(os.times()[:4])
    story = widgets.building()
    assert (sum(os.times()[:4]) - before) / max(slow, slowness()) < 4
    assert 10 < len(story.frames) < 300


def test_what_no_drawing_has_room_for_says_so():
    diagram, _ = drawn(lambda: deep(150))
    texts = [shape[-1] for item in everything(diagram.drawing) for shape in item.get("shapes", [])]
    assert any(str(text).endswith(" ops, left folded") for text in texts)
    told = [dict(about["more"]) for about in diagram.info.values() if "more" in about]
    assert any("show(scope='gradients/layer" in more["left folded"] for more in told)
    said = diagram.left_out()
    assert f" of {len(diagram.ops)} nodes left folded: too many to draw." in said
    assert 0 < int(said.split()[0]) < len(diagram.ops)
    assert said in widgets.picture()._repr_mimebundle_()["text/html"]


def test_small_drawings_say_nothing_of_it():
    diagram, _ = drawn(lambda: deep(3))
    assert diagram.left_out() == ""
    assert not any("more" in about for about in diagram.info.values())


def test_a_long_series_is_folded_into_batches_named_by_their_ends():
    ops: list[StubOp] = []
    for i in range(100):
        ops += [StubOp(f"layer{i}/{n}", "Add", ops[-1:]) for n in "abcde"]
    names = [about["name"] for about in Diagram(ops).info.values() if "…" in about["name"]]
    assert names[0] == "layer0 … layer9"
    assert names[-1] == "layer90 … layer99"


def test_long_edges_become_arcs_from_top_to_foot():
    ops = [StubOp("x")]
    for i in range(50):  # each needs all that came before it: far too long for dot
        ops.append(StubOp(f"{chr(97 + i % 26)}{chr(97 + i // 26)}", "Add", ops))
    diagram = Diagram(ops)
    assert diagram.root.far
    things = {item["id"]: item for item in diagram.drawing["items"] if "path" not in item}
    edges = [item for item in diagram.drawing["items"] if "path" in item]
    assert len(edges) == sum(len(op.inputs) for op in ops)
    for edge in edges:
        if (edge["from"], edge["to"]) in diagram.root.far:
            tail, head = things[edge["from"]], things[edge["to"]]
            assert edge["path"][:2] == pytest.approx([tail["x"], tail["y"] - tail["h"] / 2], abs=1)
            assert edge["path"][-2:] == pytest.approx([head["x"], head["y"] + head["h"] / 2], abs=1)


def test_a_dot_that_crashes_over_many_graphs_is_given_fewer(monkeypatch):
    given: list[int] = []
    real = layout.run_dot

    def frail(source: str, format: str = "plain") -> Any:
        given.append(source.count("digraph"))
        if given[-1] > 3:
            raise DotError("crashed")
        return real(source, format)

    monkeypatch.setattr(layout, "run_dot", frail)
    diagram, _ = drawn(lambda: deep(2))
    assert max(given) > 3
    assert all("inside" in item for item in diagram.drawing["items"] if item.get("open"))


def everything(drawing: dict[str, Any]) -> Any:
    for item in drawing["items"]:
        yield item
        if "inside" in item:
            yield from everything(item["inside"])
