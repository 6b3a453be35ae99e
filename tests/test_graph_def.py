"""import_graph_def: what TensorFlow does with a GraphDef, and what a hostile one cannot do."""

import random

import numpy as np
import pytest
from google.protobuf.message import DecodeError
from tensorboard.compat.proto.graph_pb2 import GraphDef

import minitf as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def exported(build):
    with tf.Graph().as_default() as graph:
        build()
        return graph.as_graph_def(add_shapes=True)


def product():
    x = tf.placeholder(tf.float32, [2], name="x")
    tf.multiply(x, tf.constant([2.0, 3.0], name="c"), name="y")


def node(definition, name):
    return next(node for node in definition.node if node.name == name)


def rich():
    """Variables, a loop, branches, lists of inputs and outputs, a saver."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    v = tf.Variable(tf.ones([2, 2]), name="v")
    parts = tf.split(tf.matmul(x, v) + 1.0, 2, 1)
    count = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [tf.constant(0)])
    branch = tf.cond(count > 1, lambda: count + 1, lambda: count - 1)
    tf.add(tf.concat(parts, 0, name="joined"), tf.cast(branch, tf.float32), name="out")
    tf.train.Saver()
    tf.variables_initializer([v], name="init")


def test_a_copy_runs_as_its_original(graph):
    definition = exported(rich)
    with tf.Session() as sess:
        tf.import_graph_def(definition, name="")
        sess.run("init")
        assert sess.run("out:0", {"x:0": [[1.0, 2.0]]}).tolist() == [[8.0], [8.0]]
    copy = graph.as_graph_def(add_shapes=True)
    assert {node.name: node for node in copy.node} == {node.name: node for node in definition.node}


def test_nodes_in_any_order_and_names_under_a_scope(graph):
    definition = exported(rich)
    shuffled = GraphDef(node=random.Random(1).sample(list(definition.node), len(definition.node)))
    shuffled.versions.CopyFrom(definition.versions)
    tf.import_graph_def(shuffled)
    tf.import_graph_def(shuffled)
    tf.import_graph_def(shuffled, name="mine")
    scopes = {op.name.split("/")[0] for op in graph.get_operations()}
    assert scopes == {"import", "import_1", "mine"}
    assert len(graph.get_operations()) == 3 * len(definition.node)
    read = graph.get_operation_by_name("import_1/v/read")
    assert read.colocation_groups() == [b"loc:@import_1/v"]
    with tf.Session() as sess:
        sess.run("mine/init")
        assert sess.run("mine/out:0", {"mine/x:0": [[1.0, 2.0]]}).tolist() == [[8.0], [8.0]]


def test_input_map_and_return_elements(graph):
    definition = exported(product)
    five = tf.constant([5.0, 5.0])
    y, op = tf.import_graph_def(definition, {"x:0": five}, ["y:0", "c"], name="a")
    assert y.op.inputs[0] is five
    assert op is graph.get_operation_by_name("a/c")
    (y,) = tf.import_graph_def(definition, {"x": [1.0, 2.0]}, ["y:0"])
    with tf.Session() as sess:
        assert sess.run(y).tolist() == [2.0, 6.0]
    with pytest.raises(ValueError, match=r"not found in graph_def.*nothing:0"):
        tf.import_graph_def(definition, {"nothing:0": five})
    with pytest.raises(ValueError, match=r"non-empty .name."):
        tf.import_graph_def(definition, {"x:0": [1.0, 2.0]}, name="")
    for wanted in (["none"], ["none:0"], ["y:7"], ["y:x"]):
        with pytest.raises(ValueError, match=r"none|y"):
            tf.import_graph_def(definition, return_elements=wanted)
    for arguments in ((3,), (definition, 3), (definition, {3: five}), (definition, None, [3])):
        with pytest.raises(TypeError):
            tf.import_graph_def(*arguments)


def test_taken_names_get_a_suffix(graph):
    tf.constant(1.0, name="c")
    tf.import_graph_def(exported(product), name="")
    assert [op.name for op in graph.get_operations()] == ["c", "x", "c_1", "y"]


def edited(change):
    definition = exported(product)
    change(definition)
    return definition


def setting(which, **fields):
    return lambda d: [setattr(node(d, which), key, value) for key, value in fields.items()]


def inputs(name, *values):
    return lambda d: node(d, name).input.__setitem__(slice(None), values)


HOSTILE = {
    "an unknown op": (setting("y", op="Mull"), "no op named Mull"),
    "a Python function": (setting("c", op="PyFunc"), "Python function|PyFunc"),
    "a cycle": (inputs("y", "y", "c"), "cycle.*y"),
    "no such input": (inputs("y", "x", "gone"), "Unknown input node 'gone'"),
    "an input too many": (inputs("y", "x", "c", "c"), "3 inputs"),
    "an input too few": (inputs("y", "x"), "1 inputs"),
    "no such output": (inputs("y", "x:1", "c"), "invalid output 1"),
    "no index": (inputs("y", "x:-1", "c"), "Unknown input node 'x:-1'"),
    "a huge index": (inputs("y", f"x:{10**30}", "c"), "Unknown input node"),
    "an unknown control input": (inputs("y", "x", "c", "^z"), r"Unknown input node '\^z'"),
    "an empty name": (setting("y", name=""), "invalid characters"),
    "a name with a newline": (setting("y", name="a\nb"), "invalid characters"),
    "a name twice": (setting("y", name="c"), "not unique"),
    "an op of another type": (lambda d: setattr(node(d, "y").attr["T"], "type", 3), "int32"),
    "a type that is none": (lambda d: setattr(node(d, "y").attr["T"], "type", 999), "'y'"),
    "an attribute of another kind": (
        lambda d: setattr(node(d, "y").attr["T"], "i", 3),
        "with type 'i'",
    ),
    "no attribute": (lambda d: node(d, "y").attr.pop("T"), "missing attr 'T'"),
    "a shape below zero": (
        lambda d: node(d, "x").attr["shape"].shape.dim.add(size=-7),
        "'x'",
    ),
    "a constant too short": (
        lambda d: setattr(node(d, "c").attr["value"].tensor, "tensor_content", b"abc"),
        "3 bytes",
    ),
    "a constant too large": (
        lambda d: node(d, "c").attr["value"].tensor.tensor_shape.dim.add(size=1 << 60),
        "'c'",
    ),
    "a place beside nothing": (
        lambda d: node(d, "y").attr["_class"].list.s.append(b"loc:@gone"),
        "'gone'",
    ),
    "a device that is none": (setting("y", device="/cpu:x:y"), "y|device"),
    "a later TensorFlow": (lambda d: setattr(d.versions, "min_consumer", 1 << 20), "version"),
    "a producer there never was": (lambda d: setattr(d.versions, "producer", -5), "min producer 0"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_graph_is_refused_and_leaves_nothing(graph, case):
    change, message = HOSTILE[case]
    kind = tf.errors.NotFoundError if case == "an unknown op" else ValueError
    with pytest.raises(kind, match=message):
        tf.import_graph_def(edited(change), name="")
    assert graph.get_operations() == []
    tf.import_graph_def(exported(product), name="")
    assert [op.name for op in graph.get_operations()] == ["x", "c", "y"]


def mutated(octets, chance):
    octets = bytearray(octets)
    for _ in range(chance.choice([1, 1, 2, 5])):
        place, kind = chance.randrange(len(octets)), chance.random()
        if kind < 0.6:
            octets[place] = chance.randrange(256)
        elif kind < 0.8:
            del octets[place : place + chance.randrange(1, 9)]
        else:
            octets[place:place] = chance.randbytes(chance.randrange(1, 5))
    return bytes(octets)


@pytest.mark.parametrize("seed", range(4))
def test_mutations_import_or_raise_value_error(seed):
    octets, chance = exported(rich).SerializeToString(), random.Random(seed)
    refused = 0
    for _ in range(300):
        try:
            definition = GraphDef.FromString(mutated(octets, chance))
        except DecodeError:
            continue
        with tf.Graph().as_default() as graph:
            try:
                tf.import_graph_def(definition, name="")
            except (ValueError, tf.errors.NotFoundError):
                refused += 1
                assert graph.get_operations() == []
    assert refused > 10


def test_long_chains_need_no_recursion(graph):
    def chain():
        x = tf.constant(0.0)
        for _ in range(1500):
            x = tf.identity(x)

    definition = exported(chain)
    definition.node.sort(key=lambda node: node.name)
    tf.import_graph_def(definition, name="")
    assert len(graph.get_operations()) == 1501


def test_meta_graph_under_a_scope(tmp_path):
    x = tf.placeholder(tf.float32, [2], name="x")
    v = tf.Variable([1.0, 2.0], name="v")
    tf.add_to_collection("outputs", tf.multiply(x, v, name="y"))
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        prefix = saver.save(sess, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as sess:
        again = tf.train.import_meta_graph(prefix + ".meta", import_scope="copy")
        again.restore(sess, prefix)
        assert tf.global_variables()[0].name == "copy/v:0"
        assert tf.get_collection("outputs")[0].name == "copy/y:0"
        assert sess.run("copy/y:0", {"copy/x:0": [3.0, 4.0]}).tolist() == [3.0, 8.0]
        inner = tf.train.export_meta_graph(export_scope="copy")
    assert [node.name for node in inner.graph_def.node][:3] == ["x", "v/initial_value", "v"]
    with tf.Graph().as_default():
        tf.train.import_meta_graph(inner)
        assert tf.global_variables()[0].op.name == "v"
        assert tf.get_collection("outputs")[0].name == "y:0"


def test_unbound_inputs_must_be_given():
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.name_scope("part"):
        tf.identity(x, name="y")
    part = tf.train.export_meta_graph(export_scope="part")
    with tf.Graph().as_default():
        with pytest.raises(ValueError, match=r"unbound inputs: .unbound_inputs_x"):
            tf.train.import_meta_graph(part)
        tf.train.import_meta_graph(part, input_map={"$unbound_inputs_x": tf.ones([2])})


def test_only_the_own_saver_is_exported():
    tf.Variable(1.0, name="v")
    tf.train.Saver(name="other")
    meta = tf.train.Saver(name="own").export_meta_graph(clear_extraneous_savers=True)
    names = [node.name for node in meta.graph_def.node]
    assert "own/SaveV2" in names
    assert not [name for name in names if name.startswith("other/")]


def test_text_and_missing_files(tmp_path):
    tf.constant(np.arange(3), name="c")
    tf.train.export_meta_graph(str(tmp_path / "m"), as_text=True)
    path = tf.train.write_graph(tf.get_default_graph(), str(tmp_path / "new"), "g.pbtxt")
    assert 'name: "c"' in (tmp_path / "new" / "g.pbtxt").read_text()
    assert path == str(tmp_path / "new" / "g.pbtxt")
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(str(tmp_path / "m"))
        assert graph.get_operation_by_name("c").type == "Const"
    with pytest.raises(OSError, match="does not exist"):
        tf.train.import_meta_graph(str(tmp_path / "none"))
    (tmp_path / "junk").write_bytes(b"\xff\xfejunk")
    with pytest.raises(OSError, match="Cannot parse"):
        tf.train.import_meta_graph(str(tmp_path / "junk"))
