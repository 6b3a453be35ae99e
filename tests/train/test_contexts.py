"""Branches and loops in MetaGraphDefs: as TensorFlow writes them, and good for gradients."""

import base64
import json
from pathlib import Path

import pytest
from google.protobuf import json_format
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

import minitf as tf
from minitf.train import protos
from tests.train.recorded.branches_and_loops import FEEDS, PROGRAMS, cond_in_loop, simple_loop

RECORDED = json.loads((Path(__file__).parent / "recorded/contexts.json").read_text())
KINDS = {"cond_context": protos.CondContextDef, "while_context": protos.WhileContextDef}
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)


@pytest.fixture(autouse=True)
def _own_graph():
    with tf.Graph().as_default():
        yield


def contexts(meta):
    """The collections of contexts as the recorder writes them."""
    found = {}
    for key, message in KINDS.items():
        protos = [message.FromString(v) for v in meta.collection_def[key].bytes_list.value]
        found[key] = [
            with_maps(json_format.MessageToDict(p, preserving_proto_field_name=True))
            for p in protos
        ]
    return found


def with_maps(value):
    if isinstance(value, list):
        return [with_maps(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {e["key"]: e["value"] for e in item} if key == "external_values" else with_maps(item)
        for key, item in value.items()
    }


def recorded_meta(program):
    """The MetaGraphDef that TensorFlow wrote of a program."""
    return MetaGraphDef.FromString(base64.b64decode(RECORDED[program.__name__]["meta"]))


def numbers(program, x, y):
    """The value, and the gradient where TensorFlow knows one."""
    wanted = [y]
    if len(RECORDED[program.__name__]["numbers"]) == 2:
        wanted.append(tf.gradients(y, x)[0])
    else:
        with pytest.raises(AttributeError, match="leaves a loop that only its nodes"):
            tf.gradients(y, x)
    with tf.Session() as sess:
        return [v.tolist() for v in sess.run(wanted, {x: FEEDS.get(program.__name__, 1.5)})]


@each_program
def test_written_as_tensorflow_writes_them(program):
    program(tf)
    assert contexts(tf.train.export_meta_graph()) == RECORDED[program.__name__]["contexts"]


@each_program
def test_written_without_their_scope(program):
    with tf.name_scope("outside"), tf.name_scope("inside"):
        program(tf)
    written = contexts(tf.train.export_meta_graph(export_scope="outside"))
    expected = RECORDED[program.__name__]["scoped"]
    # TensorFlow leaves the scope in the names of what lies inside another context, where its own
    # import then fails; so these are compared without it.
    text = json.dumps(expected).replace('"outside/', '"')
    assert written == json.loads(text)


@each_program
@pytest.mark.parametrize("scope", [None, "in"])
def test_a_graph_of_tensorflow_has_its_gradients_here(program, scope):
    tf.train.import_meta_graph(recorded_meta(program), import_scope=scope)
    if scope:
        again = contexts(tf.train.export_meta_graph())
        assert again == RECORDED[program.__name__]["imported"]
    x, y = tf.get_collection("ends")
    assert numbers(program, x, y) == RECORDED[program.__name__]["numbers"]


@each_program
def test_there_and_back(program):
    x, y = program(tf)
    meta = tf.train.export_meta_graph()
    with tf.Graph().as_default():
        for scope in ("one", "two"):  # twice in one graph: two loops, not one with two ends
            tf.train.import_meta_graph(meta, import_scope=scope)
        find = tf.get_default_graph().get_tensor_by_name
        sums = [find(f"{scope}/{y.name}") for scope in ("one", "two")]
        feed = FEEDS.get(program.__name__, 1.5)
        with tf.Session() as sess:
            found = sess.run(sums, {f"{scope}/{x.name}": feed for scope in ("one", "two")})
    assert [v.tolist() for v in found] == RECORDED[program.__name__]["numbers"][:1] * 2


def test_a_scope_exported_and_taken_in_keeps_its_loops():
    with tf.name_scope("outside"):
        cond_in_loop(tf)
    meta = tf.train.export_meta_graph(export_scope="outside")
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(meta, import_scope="new")
        x, y = map(graph.get_tensor_by_name, ("new/x:0", "new/outer/while/Exit_1:0"))
        assert numbers(cond_in_loop, x, y) == RECORDED["cond_in_loop"]["numbers"]


def test_a_graph_without_contexts_has_values_but_no_gradient():
    x, y = simple_loop(tf)
    meta = tf.train.export_meta_graph()
    del meta.collection_def["while_context"]
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(meta)
        x, y = graph.get_tensor_by_name(x.name), graph.get_tensor_by_name(y.name)
        with tf.Session() as sess:
            assert sess.run(y, {x: 1.5}) == 1.5**5
        with pytest.raises(AttributeError, match="leaves a loop that only its nodes"):
            tf.gradients(y, x)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pivot_name", "nowhere:0"),
        ("pivot_name", "while/LoopCond"),
        ("pivot_for_body_name", ""),
        ("parallel_iterations", -3),
        ("maximum_iterations_name", "while/Merge:7"),
    ],
)
def test_a_loop_that_is_none_is_refused(field, value):
    simple_loop(tf)
    meta = tf.train.export_meta_graph()
    values = meta.collection_def["while_context"].bytes_list.value
    loop = protos.WhileContextDef.FromString(values[0])
    setattr(loop, field, value)
    values[0] = loop.SerializeToString()
    with tf.Graph().as_default(), pytest.raises(ValueError, match=r"while|nowhere|''"):
        tf.train.import_meta_graph(meta)


def test_a_branch_that_is_none_is_refused():
    tf.cond(tf.constant(True), lambda: 1, lambda: 2)
    meta = tf.train.export_meta_graph()
    values = meta.collection_def["cond_context"].bytes_list.value
    branch = protos.CondContextDef.FromString(values[0])
    branch.branch = 2
    values[0] = branch.SerializeToString()
    with tf.Graph().as_default(), pytest.raises(ValueError, match="has no branch 2"):
        tf.train.import_meta_graph(meta)
