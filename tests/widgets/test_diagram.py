"""Drawings as data: which boxes hold what, which edge pieces carry an edge, what is open."""

import os
import xml.etree.ElementTree as ET

import graphviz
import pytest

import minitf as tf
from tests.widgets.stubs import MARKUP, StubOp, layer, scoped
from widgets.diagram import Diagram, DotError, dot_source
from widgets.layout import run_dot
from widgets.svg import static_svg
from widgets.tree import grow


def every_item(layout):
    for item in layout["items"]:
        yield item
        if "inside" in item:
            yield from every_item(item["inside"])


def named(diagram, name):
    box = diagram.leaves.get(name)
    ids = [box.id] if box else [i for i, about in diagram.info.items() if about["name"] == name]
    return next(item for item in every_item(diagram.drawing) if item["id"] in ids)


def test_variables_fold_their_hidden_nodes():
    root, leaves = grow(layer())
    variable = leaves["layer/W"].parent
    assert variable.kind == "variable"
    assert [box.label() for box in variable.children] == [
        "Initializer/zeros",
        "W",
        "Assign",
        "read",
    ]
    assert variable.parent.name == "layer"
    assert [box.label() for box in root.children] == ["x", "layer", "Relu", "init"]


def test_what_only_saves_or_gives_first_values_is_folded_at_first():
    with tf.Graph().as_default() as graph:
        with tf.name_scope("first"):
            value = tf.ones([2]) * tf.constant(3.0)
        weights = tf.Variable(value, name="weights")
        with tf.name_scope("layer"):
            tf.add(weights, tf.constant(1.0) + 2.0)
        tf.train.Saver()
    drawn = Diagram(graph.get_operations())
    folded = {name: named(drawn, name)["open"] for name in ("first", "layer", "save")}
    assert folded == {"first": False, "layer": True, "save": False}
    assert named(Diagram(graph.get_operations(), open=True), "save")["open"] is True
    with graph.as_default():
        tf.negative(value)  # now it is for something else, too
    assert named(Diagram(graph.get_operations()), "first")["open"] is True


def test_a_lone_large_scope_is_open_at_first():
    x = StubOp("x", "Placeholder")
    inner = [StubOp(f"all/n{i}", inputs=[x]) for i in range(40)]
    assert named(Diagram([x, *inner]), "all")["open"] is True
    beside = [StubOp(f"y{i}", inputs=[x]) for i in range(6)]
    assert named(Diagram([x, *beside, *inner]), "all")["open"] is False


def test_kinds_are_tensorboards():
    _, leaves = grow([*layer(), StubOp("mul/y", "Const")])
    kinds = {name: leaves[name].kind for name in ("x", "init", "Relu", "mul/y", "layer/W")}
    assert kinds == {
        "x": "placeholder", "init": "noop", "Relu": "op", "mul/y": "const", "layer/W": "variable",
    }  # fmt: skip


def test_an_ops_own_constants_stand_beside_it():
    y = StubOp("mul/y", "Fill")
    root, _ = grow([y, StubOp("mul", "Mul", [y])])
    assert [box.label() for box in root.children] == ["mul/y", "mul"]


def test_scopes_open_at_first_while_there_is_room_and_variables_stay_folded():
    diagram = Diagram(layer())
    assert named(diagram, "layer")["open"] is True
    folding = [i for i in every_item(diagram.drawing) if {"variable", "folds"} <= set(i["kind"])]
    assert [item["open"] for item in folding] == [False, False]
    assert named(Diagram(layer(), open=False), "layer")["open"] is False
    opened = Diagram(layer(), open=True)
    assert all(i["open"] for i in every_item(opened.drawing) if "inside" in i)


def test_gradients_stay_folded():
    ops = [StubOp("x"), *(StubOp(f"gradients/a_{i}") for i in range(5))]
    assert named(Diagram(ops), "gradients")["open"] is False


def test_ids_are_unique_and_known():
    for open in (None, False, True):
        diagram = Diagram(layer(), open=open)
        ids = [item["id"] for item in every_item(diagram.drawing)]
        assert len(ids) == len(set(ids))
        assert diagram.all_ids() <= set(ids)
        assert set(diagram.info) <= set(ids)


def test_an_edge_is_drawn_in_each_box_it_passes_through():
    ops = layer()
    diagram = Diagram(ops)
    by_name = {op.name: op for op in ops}
    pieces = diagram.edges_between(by_name["layer/W/read"], by_name["layer/MatMul"])
    assert len(pieces) == 2  # inside the variable, and from the variable to MatMul
    into_init = diagram.edges_into(by_name["init"])
    kinds = {tuple(i["kind"]) for i in every_item(diagram.drawing) if i["id"] in into_init}
    assert kinds == {("edge", "control")}


def test_edges_meet_at_the_ports_of_open_boxes():
    diagram = Diagram(layer(), open=True)
    scope = named(diagram, "layer")
    left, top = scope["x"] - scope["w"] / 2, scope["y"] - scope["h"] / 2
    for edge in (item for item in diagram.drawing["items"] if "path" in item):
        if edge["from"] == scope["id"]:
            x, y = scope["inside"]["ports"][edge["id"]]
            assert edge["path"][0] == pytest.approx(left + x, abs=3)
            assert edge["path"][1] == pytest.approx(top + y, abs=3)


def test_inputs_are_below_results():
    diagram = Diagram(layer())
    assert named(diagram, "x")["y"] > named(diagram, "layer")["y"] > named(diagram, "Relu")["y"]


@pytest.mark.parametrize("count", [1, 2, 30, 300])
def test_things_do_not_overlap(count):
    items = [i for i in Diagram(scoped(count)).drawing["items"] if "path" not in i]
    for a in items:
        for c in items:
            if a is not c:
                apart = abs(a["x"] - c["x"]) >= (a["w"] + c["w"]) / 2 - 1
                assert apart or abs(a["y"] - c["y"]) >= (a["h"] + c["h"]) / 2 - 1


def test_an_empty_graph_is_a_drawing_too():
    assert Diagram([]).drawing["items"] == []


def test_two_thousand_ops_are_laid_out_folded_in_under_two_seconds():
    ops = scoped(2000)
    before = sum(os.times()[:4])  # processor time, dot's with it: other work does not count
    diagram = Diagram(ops)
    assert sum(os.times()[:4]) - before < 2
    assert len(diagram.drawing["items"]) < 100


@pytest.mark.slow
def test_twenty_thousand_ops_fold_into_series():
    diagram = Diagram([StubOp("Add"), *(StubOp(f"Add_{i}") for i in range(1, 20_000))])
    assert len(diagram.drawing["items"]) < 100


@pytest.mark.parametrize("text", MARKUP)
def test_names_with_markup_are_drawn_as_text(text):
    ops = [StubOp(text, "Placeholder"), StubOp(f"s/{text}", text)]
    drawing = Diagram(ops, open=True).drawing
    tree = ET.fromstring(static_svg(drawing, {"now": {"n0"}}, {"n0": text}, title=text))
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert tags <= {"svg", "title", "style", "rect", "g", "path", "polygon", "text", "ellipse"}
    assert all(not key.startswith("on") for element in tree.iter() for key in element.attrib)


@pytest.mark.parametrize("text", MARKUP)
def test_dot_text_quotes_every_name(text):
    plain = run_dot(dot_source([StubOp(text), StubOp(f"s/{text}"), StubOp("s/b")])).decode()
    assert len([line for line in plain.splitlines() if line.startswith("node ")]) == 3


def test_backslashes_in_names_mean_nothing_to_dot():
    picture = run_dot(dot_source([StubOp("a\\N\\G\\lb")]), "svg").decode()
    assert "a\\N\\G\\lb" in picture


def test_without_dot_one_sentence_says_how_to_install_it(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DotError, match="was not found; install it with 'apt-get install graphviz'"):
        Diagram(layer())


def test_a_failing_dot_is_told_in_one_sentence(monkeypatch):
    def fail(*_args, **_options):
        raise graphviz.CalledProcessError(1, ["dot"], stderr=b"boom\nmore")

    monkeypatch.setattr(graphviz, "pipe", fail)
    with pytest.raises(DotError, match=r"failed \(boom\); install it with"):
        Diagram(layer())
