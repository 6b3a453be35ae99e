"""The small namespaces around the engine: missing names, files, texts, logging, tf.test."""

import logging

import numpy as np
import pytest

import minitf as tf


@pytest.mark.parametrize(
    ("name", "word"),
    [("lite", "tf.saved_model"), ("estimator", "Monitored"), ("no_such_thing", "no_such_thing")],
)
def test_a_name_that_is_not_here_says_so(name, word):
    with pytest.raises(AttributeError, match=rf"minitf has no tf\.{name}.*{word}|{word}"):
        getattr(tf, name)


def test_a_missing_name_of_a_namespace_says_what_to_use():
    with pytest.raises(AttributeError, match=r"tf\.train\.Server; instead: .*tf\.Session"):
        tf.train.Server  # noqa: B018


@pytest.mark.parametrize("module", ["image", "io", "python_io", "sets"])
def test_what_a_namespace_lacks_is_told(module):
    with pytest.raises(AttributeError, match=rf"minitf has no tf\.{module}\.nope"):
        getattr(tf, module).nope  # noqa: B018


def test_every_public_name_is_there():
    missing = [name for name in tf.__all__ if not hasattr(tf, name)]
    assert missing == []


def test_files_are_written_found_and_deleted(tmp_path):
    folder = tmp_path / "a" / "b"
    tf.gfile.MakeDirs(folder)
    tf.gfile.MakeDirs(folder)
    with tf.gfile.GFile(folder / "x.txt", "w") as file:
        file.write("é")
    assert tf.gfile.Exists(folder / "x.txt")
    assert tf.gfile.ListDirectory(folder) == ["x.txt"]
    assert tf.gfile.Glob(folder / "*.txt") == [str(folder / "x.txt")]
    with tf.gfile.FastGFile(folder / "x.txt", "rb") as file:
        assert file.read() == b"\xc3\xa9"
    tf.gfile.Copy(folder / "x.txt", folder / "y.txt")
    with pytest.raises(tf.errors.AlreadyExistsError, match=r"y\.txt"):
        tf.gfile.Copy(folder / "x.txt", folder / "y.txt")
    tf.gfile.Rename(folder / "y.txt", folder / "z.txt")
    tf.gfile.Remove(folder / "z.txt")
    tf.gfile.DeleteRecursively(tmp_path / "a")
    assert not tf.gfile.IsDirectory(folder)
    with pytest.raises(tf.errors.NotFoundError, match=r"x\.txt"):
        tf.gfile.GFile(folder / "x.txt")
    with pytest.raises(tf.errors.NotFoundError):
        tf.gfile.DeleteRecursively(folder)


def test_texts_and_bytes():
    assert tf.compat.as_str(b"a") == tf.compat.as_text("a") == "a"
    assert tf.compat.as_bytes("é") == b"\xc3\xa9"
    assert tf.compat.as_str_any(5) == "5"
    with pytest.raises(TypeError, match="5"):
        tf.compat.as_text(5)


def test_messages_go_to_tensorflows_logger(caplog):
    before = tf.logging.get_verbosity()
    try:
        tf.logging.set_verbosity(tf.logging.INFO)
        with caplog.at_level(logging.INFO, "tensorflow"):
            tf.logging.info("step %d", 3)
            for _ in range(5):
                tf.logging.log_first_n(tf.logging.INFO, "twice", 2)
        assert caplog.messages == ["step 3", "twice", "twice"]
    finally:
        tf.logging.set_verbosity(before)


class TestTheTestCase(tf.test.TestCase):
    def test_compares_values_of_tensors(self):
        with self.test_session():
            x = tf.constant([1.0, 2.0])
            self.assertAllClose(x * x, [1.0, 4.0])
            self.assertShapeEqual(np.zeros(2), x)
            with self.assertRaises(AssertionError):  # noqa: PT027 (a TestCase itself)
                self.assertAllEqual(x, [1.0, 3.0])

    def test_differences_agree_with_gradients(self):
        with self.session():
            x = tf.constant([0.5, 1.5], tf.float64)
            assert tf.test.compute_gradient_error(x, [2], tf.sin(x), [2]) < 1e-6
            analytic, _ = tf.test.compute_gradient(x, [2], x * x, [2], np.array([1.0, 3.0]))
            self.assertAllClose(analytic, [[2.0, 0.0], [0.0, 6.0]])


def test_programs_may_import_compat_v1():
    import minitf.compat.v1 as v1
    from minitf.compat.v1 import placeholder

    assert v1 is tf is tf.compat.v1
    assert placeholder is tf.placeholder
    tf.disable_v2_behavior()
    tf.disable_eager_execution()
    assert not tf.executing_eagerly()


def test_programs_may_import_tensorflows_internal_modules():
    import minitf.python.framework.tensor_shape as shapes
    from minitf.python.framework import ops
    from minitf.python.ops import array_ops, rnn_cell

    assert ops.convert_to_tensor is tf.convert_to_tensor
    assert array_ops.identity is tf.identity
    assert rnn_cell.BasicLSTMCell is tf.nn.rnn_cell.BasicLSTMCell
    assert shapes.TensorShape is tf.TensorShape
    assert [shapes.scalar(), shapes.vector(3), shapes.matrix(2, None).as_list()] == [
        [], [3], [2, None],
    ]  # fmt: skip
    assert tf.python.util.compat.as_bytes("x") == b"x"
    with pytest.raises(AttributeError, match=r"tf\.python\.framework\.ops\.no_such_thing"):
        ops.no_such_thing  # noqa: B018

    def test_compares_nests_ranges_and_sets(self):
        self.assertAllClose({"a": [1.0, (2.0, 3.0)]}, {"a": [1.0, (2.0, 3.0 + 1e-9)]})
        self.assertNotAllClose([1.0], [1.1])
        self.assertAllCloseAccordingToType(np.float16([1.0]), np.float16([1.001]))
        self.assertAllInRange(tf.constant([1, 2]), 1, 3, open_upper_bound=True)
        self.assertAllInSet([1, 2, 1], {1, 2})
        self.assertAllGreater([2, 3], 1)
        for wrong in (
            lambda: self.assertAllInRange([1, 3], 1, 3, open_upper_bound=True),
            lambda: self.assertAllInSet([1, 4], {1, 2}),
            lambda: self.assertAllClose({"a": 1.0}, {"a": 1.1}),
            lambda: self.assertNotAllEqual([1], [1]),
            lambda: self.assertNDArrayNear(np.ones(2), np.zeros(2), 0.1),
        ):
            with self.assertRaises(AssertionError):  # noqa: PT027 (a TestCase itself)
                wrong()

    def test_errors_are_found_by_message_and_by_op(self):
        with self.cached_session():
            bad = tf.check_numerics(tf.constant(np.nan), "not this", name="culprit")
            with self.assertRaisesOpError("not this"):
                self.evaluate(bad)
            with self.assertRaisesWithPredicateMatch(tf.errors.OpError, "culprit"):
                self.evaluate(bad)

    def test_one_session_and_one_seed_for_a_test(self):
        with self.cached_session() as first:
            v = tf.Variable(2.0)
            first.run(v.initializer)
        assert self.evaluate(v) == 2.0
        assert tf.get_default_graph().seed == 87654321

    def test_messages_equal_their_text(self):
        node = tf.constant(1.0, name="c").op.node_def
        node.attr.clear()
        self.assertProtoEquals('name: "c" op: "Const"', node)
        with self.assertRaises(AssertionError):  # noqa: PT027 (a TestCase itself)
            self.assertProtoEquals('name: "d" op: "Const"', node)
