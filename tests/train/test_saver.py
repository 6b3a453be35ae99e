"""tf.train.Saver: checkpoints that TensorFlow wrote and reads, and every option."""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import minitf as tf

RECORDED = Path(__file__).parent / "recorded"
# What record.py printed: four losses, the save, four more.
BEFORE = [1.6949580907821655, 0.9476011395454407, 0.6124231219291687, 0.5897358655929565]
AFTER = [0.7012202739715576, 0.7835066914558411, 0.7828762531280518, 0.7208741307258606]


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def training(monkeypatch):
    """The training that record.py describes, with this `tf`."""
    monkeypatch.setitem(sys.modules, "tensorflow", type(sys)("tensorflow"))
    compat = type(sys)("tensorflow.compat")
    monkeypatch.setitem(sys.modules, "tensorflow.compat", compat)
    monkeypatch.setattr(compat, "v1", tf, raising=False)
    monkeypatch.setitem(sys.modules, "tensorflow.compat.v1", tf)
    text = (RECORDED / "record.py").read_text()
    names = {"__name__": "record"}
    exec(compile(text, "record.py", "exec"), names)
    return names


def started(*variables, **options):
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def contents(prefix):
    reader = tf.train.load_checkpoint(prefix)
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def test_what_tensorflow_saved_goes_on_here(training):
    saver = tf.train.import_meta_graph(str(RECORDED / "training" / "m-4.meta"))
    with tf.Session() as sess:
        saver.restore(sess, str(RECORDED / "training" / "m-4"))
        np.testing.assert_allclose(training["losses"](sess), AFTER, rtol=2e-6)
        assert sess.run(tf.train.get_global_step()) == 8
    assert tf.get_collection("n") == [3]
    assert tf.get_collection("words") == [b"hello"]
    assert tf.get_collection(tf.GraphKeys.SAVERS)[0].as_saver_def() == saver.as_saver_def()
    parts = [v._get_save_slice_info() for v in tf.trainable_variables()[:2]]
    assert [part.spec for part in parts] == ["4 2 0,2:0,2", "4 2 2,2:0,2"]


def test_what_is_saved_here_equals_what_tensorflow_saved(training, tmp_path, monkeypatch):
    training["build"]()
    saver = tf.train.Saver()
    with started() as sess:
        np.testing.assert_allclose(training["losses"](sess), BEFORE, rtol=2e-6)
        prefix = saver.save(sess, str(tmp_path / "m"), global_step=tf.train.get_global_step())
    ours, theirs = contents(prefix), contents(RECORDED / "training" / "m-4")
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        if name == "s":
            assert ours[name].tolist() == value.tolist()
        else:
            np.testing.assert_allclose(ours[name], value, rtol=1e-5, atol=1e-7, err_msg=name)


def test_the_exported_graph_equals_tensorflows(training):
    """Node by node and collection by collection, but for how constants are packed."""
    from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

    training["build"]()
    saver = tf.train.Saver()
    tf.add_to_collection(tf.GraphKeys.SAVERS, saver)
    tf.global_variables_initializer()
    ours = saver.export_meta_graph()
    theirs = MetaGraphDef.FromString((RECORDED / "training" / "m-4.meta").read_bytes())
    for meta in (ours, theirs):
        for node in meta.graph_def.node:
            node.attr.pop("value", None)
            node.ClearField("experimental_type")  # TensorFlow's own notes on types
    assert list(ours.graph_def.node) == list(theirs.graph_def.node)
    assert dict(ours.collection_def) == dict(theirs.collection_def)
    assert ours.saver_def == theirs.saver_def


def test_interrupted_training_has_the_losses_of_an_uninterrupted_one(training, tmp_path):
    training["build"]()
    saver = tf.train.Saver()
    with started() as sess:
        training["losses"](sess, 3)
        saver.save(sess, str(tmp_path / "m"))
        expected = training["losses"](sess, 5)
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(str(tmp_path / "m.meta")).restore(sess, str(tmp_path / "m"))
        assert training["losses"](sess, 5) == expected


def test_names_of_a_dict(tmp_path):
    theta = tf.Variable([1.0, 2.0], name="theta")
    tf.Variable(1, name="other")
    saver = tf.train.Saver({"weights": theta})
    with started() as sess:
        prefix = saver.save(sess, str(tmp_path / "m"), write_meta_graph=False)
        sess.run(theta.assign([0.0, 0.0]))
        saver.restore(sess, prefix)
        assert sess.run(theta).tolist() == [1.0, 2.0]
    assert tf.train.list_variables(prefix) == [("weights", [2])]


def test_a_failed_restore_lists_near_names(tmp_path):
    tf.Variable(1.0, name="weights")
    with started() as sess:
        prefix = tf.train.Saver().save(sess, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.Variable(1.0, name="weight")
        with pytest.raises(tf.errors.NotFoundError, match=r"Key weight not found.*weights"):
            tf.train.Saver().restore(sess, prefix)
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.Variable([1.0], name="weights")
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"lhs shape= \[1\] rhs shape= \[\]"
        ):
            tf.train.Saver().restore(sess, prefix)
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.Variable(1, name="weights")
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"int32 does not equal .* float"):
            tf.train.Saver().restore(sess, prefix)


def test_reshape_lets_shapes_differ(tmp_path):
    tf.Variable([[1.0, 2.0]], name="v")
    with started() as sess:
        prefix = tf.train.Saver().save(sess, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.Variable([0.0, 0.0], name="v")
        tf.train.Saver(reshape=True).restore(sess, prefix)
        assert sess.run(v).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("devices", [[""], ["/cpu:0", "/cpu:1"]])
def test_sharded(tmp_path, devices):
    for index, place in enumerate(devices):
        with tf.device(place):
            tf.Variable([float(index)], name=f"v{index}")
    saver = tf.train.Saver(sharded=True)
    config = tf.ConfigProto(device_count={"CPU": 2})
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        prefix = saver.save(sess, str(tmp_path / "m"))
        sess.run(tf.global_variables()[-1].assign([9.0]))
        saver.restore(sess, prefix)
        assert sess.run(tf.global_variables()[-1]).tolist() == [len(devices) - 1]
    assert prefix == str(tmp_path / "m")
    count = len(devices)
    files = {f"m.data-{shard:05d}-of-{count:05d}" for shard in range(count)}
    assert set(os.listdir(tmp_path)) == {"checkpoint", "m.index", "m.meta", *files}


def test_partitioned_variables_can_be_cut_otherwise(tmp_path):
    def parts(count):
        with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(count)):
            return tf.get_variable("w", initializer=tf.constant(np.arange(8.0).reshape(4, 2)))

    parts(2)
    for saver in (tf.train.Saver(), tf.train.Saver(sharded=True)):
        with started() as sess:
            prefix = saver.save(sess, str(tmp_path / "m"))
        for count in (1, 2, 4):
            with tf.Graph().as_default(), tf.Session() as sess:
                whole = tf.convert_to_tensor(parts(count))
                tf.train.Saver().restore(sess, prefix)
                assert sess.run(whole).tolist() == np.arange(8.0).reshape(4, 2).tolist()


def test_max_to_keep_and_every_n_hours(tmp_path, monkeypatch):
    tf.Variable(1.0, name="v")
    now = [1e9]
    monkeypatch.setattr(time, "time", lambda: now[0])
    saver = tf.train.Saver(max_to_keep=2, keep_checkpoint_every_n_hours=1)
    with started() as sess:
        for step in range(6):
            now[0] += 1900
            saver.save(sess, str(tmp_path / "m"), global_step=step, write_meta_graph=False)
    kept = sorted(path.stem for path in tmp_path.glob("*.index"))
    assert kept == ["m-1", "m-3", "m-4", "m-5"]
    assert [Path(path).name for path in saver.last_checkpoints] == ["m-4", "m-5"]


def test_keep_all(tmp_path):
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=None, pad_step_number=True)
    with started() as sess:
        for step in range(7):
            saver.save(sess, str(tmp_path / "m"), global_step=step, write_meta_graph=False)
    assert len(list(tmp_path.glob("*.index"))) == 7
    assert saver.last_checkpoints == []
    assert tf.train.latest_checkpoint(tmp_path) == str(tmp_path / "m-00000006")


def test_relative_paths_survive_a_move(tmp_path, monkeypatch):
    tf.Variable(1.0, name="v")
    monkeypatch.chdir(tmp_path)
    os.mkdir("a")
    with started() as sess:
        assert tf.train.Saver().save(sess, "a/m", latest_filename="mine") == "a/m"
        tf.train.Saver(save_relative_paths=True).save(sess, str(tmp_path / "a" / "n"))
        assert tf.train.Saver().save(sess, "m") == "m"
    assert tf.train.latest_checkpoint("a", "mine") == "a/m"
    os.rename("a", "b")
    assert tf.train.latest_checkpoint("b") == "b/n"
    assert tf.train.latest_checkpoint(".") == "./m"


def test_wrong_calls(tmp_path):
    v = tf.Variable(1.0, name="v")
    saver = tf.train.Saver()
    with started() as sess:
        for arguments, message in [
            ({"save_path": str(tmp_path / "checkpoint")}, "collides"),
            ({"save_path": str(tmp_path / "m"), "latest_filename": "a/b"}, "path components"),
            ({"save_path": str(tmp_path / "none" / "way" / "m")}, "Parent directory .* exist"),
        ]:
            with pytest.raises(ValueError, match=message):
                saver.save(sess, **arguments)
        with pytest.raises(TypeError, match="must be a Session"):
            saver.save(None, str(tmp_path / "m"))
        with pytest.raises(ValueError, match="not a valid checkpoint"):
            saver.restore(sess, str(tmp_path / "none"))
        with pytest.raises(ValueError, match="when it is None"):
            saver.restore(sess, None)
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError, match="v"):
        saver.save(sess, str(tmp_path / "m"))
    assert os.listdir(tmp_path) == []
    with pytest.raises(ValueError, match="two names"):
        tf.train.Saver({"a": v, "b": v})
    with pytest.raises(TypeError, match="not a Variable"):
        tf.train.Saver([tf.constant(1.0)])
    with pytest.raises(TypeError, match="Not a variable"):
        tf.train.Saver({"a": tf.constant(1.0)})
    with pytest.raises(TypeError, match="dict or a list"):
        tf.train.Saver(v)
    with pytest.raises(ValueError, match=r"cannot be deferred|then build"):
        tf.train.Saver([v], defer_build=True)
    with pytest.raises(RuntimeError, match="build"):
        tf.train.Saver(defer_build=True).save(sess, str(tmp_path / "m"))


def test_nothing_to_save(tmp_path):
    saver = tf.train.Saver(allow_empty=True)
    tf.constant(1)
    with tf.Session() as sess:
        assert saver.save(sess, str(tmp_path / "m")) is None
        saver.restore(sess, str(tmp_path / "m"))
    assert os.listdir(tmp_path) == ["m.meta"]


def test_a_damaged_checkpoint_names_file_and_tensor(tmp_path):
    v = tf.Variable([1.0, 2.0], name="v")
    saver = tf.train.Saver()
    with started() as sess:
        prefix = saver.save(sess, str(tmp_path / "m"))
        data = tmp_path / "m.data-00000-of-00001"
        data.write_bytes(b"\x01" + data.read_bytes()[1:])
        with pytest.raises(tf.errors.DataLossError, match=r"m.data-00000-of-00001.*'v'"):
            saver.restore(sess, prefix)
        assert sess.run(v).tolist() == [1.0, 2.0]


def test_init_from_checkpoint(tmp_path):
    with tf.variable_scope("old"):
        tf.get_variable("a", initializer=[1.0, 2.0])
        tf.get_variable("b", initializer=3.0)
    with started() as sess:
        prefix = tf.train.Saver().save(sess, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as sess:
        with tf.variable_scope("new"):
            a = tf.get_variable("a", [2])
            b = tf.get_variable("b", [])
        c = tf.get_variable("c", [2])
        tf.train.init_from_checkpoint(tmp_path, {"old/": "new/"})
        tf.train.init_from_checkpoint(prefix, {"old/a": c})
        sess.run(tf.global_variables_initializer())
        assert [v.tolist() for v in sess.run([a, b, c])] == [[1.0, 2.0], 3.0, [1.0, 2.0]]
        for wrong, message in [
            ({"old/x": c}, "Tensor old/x is not found.*old/"),
            ({"old/b": c}, "Shape of variable c"),
            ({"old/a": "missing"}, "scope only"),
            ({"none/": "new/"}, "none/a .* is not found"),
        ]:
            with pytest.raises(ValueError, match=message):
                tf.train.init_from_checkpoint(prefix, wrong)


def test_looking_into_a_checkpoint(tmp_path):
    tf.Variable([1.0, 2.0], name="v")
    tf.Variable("text", name="s")
    with started() as sess:
        prefix = tf.train.Saver().save(sess, str(tmp_path / "m"))
    reader = tf.train.NewCheckpointReader(prefix)
    assert reader.get_variable_to_shape_map() == {"s": [], "v": [2]}
    assert reader.get_variable_to_dtype_map() == {"s": tf.string, "v": tf.float32}
    assert reader.has_tensor("v")
    assert not reader.has_tensor("w")
    assert reader.get_tensor("s") == b"text"
    assert tf.train.load_variable(tmp_path, "v:0").tolist() == [1.0, 2.0]
    with pytest.raises(tf.errors.NotFoundError, match="Key w not found"):
        tf.train.load_variable(prefix, "w")
    with pytest.raises(tf.errors.NotFoundError, match="none"):
        tf.train.load_checkpoint(tmp_path / "none")


@pytest.mark.parametrize("ending", [".meta", ".data-00000-of-00001", ".index"])
def test_a_file_of_a_checkpoint_in_place_of_its_name(tmp_path, ending):
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.get_variable("v", initializer=1.0)
        saver = tf.train.Saver()
        sess.run(tf.global_variables_initializer())
        prefix = saver.save(sess, str(tmp_path / "m"))
        wanted = tf.errors.NotFoundError if ending == ".index" else tf.errors.DataLossError
        with pytest.raises(wanted, match=f"that this file belongs to is named {prefix}"):
            saver.restore(sess, prefix + ending)
