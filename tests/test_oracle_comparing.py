"""The oracle's own tools: what counts as equal, and what may never pass as equal."""

import numpy as np
import pytest
from oracle.compare import error_differences, key_words, same
from oracle.nodes import node_line, tensor_array, tensor_text
from oracle.observe import RECORDINGS, describe, observe, themes

import minitf as tf


def array(*values, dtype=np.float32):
    return describe(tf, np.array(values, dtype))


@pytest.mark.parametrize(
    ("got", "wanted", "equal"),
    [
        (array(1.0, 2.0), array(1.0, 2.000001), True),
        (array(1.0, 2.0), array(1.0, 2.001), False),
        (array(1.0), array(1.0, 1.0), False),
        (array(1.0), array(1.0, dtype=np.float64), False),
        (array(1, dtype=np.int32), array(2, dtype=np.int32), False),
        (array(np.nan, np.inf), array(np.nan, np.inf), True),
        (array(np.nan), array(1.0), False),
        (array(np.inf), array(-np.inf), False),
        (array(*range(100)), array(*range(1, 101)), False),
        (array(*range(100), dtype=np.int64), array(*range(1, 101), dtype=np.int64), False),
        ({"list": [1, "a"]}, {"list": [1, "a"]}, True),
        ({"list": [1, "a"]}, {"list": [1]}, False),
        ({"list": [1]}, {"tuple": [1]}, False),
        (True, 1, False),
        (None, "None", False),
    ],
)
def test_same(got, wanted, equal):
    assert same(got, wanted) is equal


def test_an_error_needs_its_class_and_its_words():
    wanted = {"raises": "ValueError", "says": "Shapes (2,) and 'v' differ: float32"}
    assert error_differences({"raises": "TypeError", "says": wanted["says"]}, wanted, ()) != []
    assert error_differences({"raises": None, "gives": 1}, wanted, ()) != []
    assert error_differences({"raises": "ValueError", "says": "no"}, wanted, ("mine",)) == ["mine"]
    assert error_differences({"raises": "ValueError", "says": "v float32 2"}, wanted, ()) == []
    assert error_differences({"raises": "ValueError", "says": "v 2"}, wanted, ()) == ["float32"]
    nothing = {"raises": None, "gives": 5}
    assert error_differences({"raises": None, "gives": 5}, nothing, ()) == []
    assert error_differences({"raises": None, "gives": 6}, nothing, ()) != []


def test_key_words_leave_out_what_is_pythons_own():
    assert key_words("'int' object has no attribute 'op'") == []
    assert key_words("Cannot feed value of shape (3,) for Tensor x:0") == ["3", "x:0"]


def test_a_program_that_stops_keeps_its_failure_and_its_nodes():
    def program(tf, see):
        see(tf.constant(1, name="a"))
        raise KeyError("stop")

    outcome = observe(tf, program)
    assert isinstance(outcome.failure, KeyError)
    assert outcome.seen == ["Tensor a:0 int32 [] on Const"]
    assert outcome.nodes == ["a = Const() {dtype=int32, value=int32[]<1>}"]


def test_node_line_shows_every_part():
    with tf.Graph().as_default() as graph, tf.device("/cpu:0"):
        a = tf.constant([1.5, 2.0], name="a")
        with tf.control_dependencies([a]):
            tf.placeholder(tf.float32, [None, 2], name="x")
    lines = [node_line(node) for node in graph.as_graph_def().node]
    assert lines == [
        "a = Const() {_has_manual_control_dependencies=true, dtype=float, value=float[2]<1.5 2.0>}"
        " @/device:CPU:0",
        "x = Placeholder(^a) {dtype=float, shape=[?,2]} @/device:CPU:0",
    ]


def test_tensors_are_told_apart_even_when_large():
    ones = np.ones(100, np.float32)
    assert tensor_text(ones, "float") != tensor_text(ones * 2, "float")
    with tf.Graph().as_default() as graph:
        tf.constant(ones)
    proto = graph.as_graph_def().node[0].attr["value"].tensor
    np.testing.assert_array_equal(tensor_array(proto), ones)


def test_every_theme_is_recorded():
    assert {path.stem for path in RECORDINGS.glob("*.json")} == set(themes())
