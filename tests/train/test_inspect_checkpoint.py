"""tf.python.tools.inspect_checkpoint prints what TensorFlow's tool prints."""

import pytest
from minitf.python.tools import inspect_checkpoint

import minitf as tf

SHOWN = inspect_checkpoint.print_tensors_in_checkpoint_file


@pytest.fixture
def path(tmp_path):
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.Variable([[1.0, 2.0]], name="w")
        tf.Variable(3, name="n")
        sess.run(tf.global_variables_initializer())
        return tf.train.Saver().save(sess, str(tmp_path / "model"))


def test_all_tensors(path, capsys):
    SHOWN(path, None, True)
    assert capsys.readouterr().out == (
        "tensor: n (int32) []\n3\ntensor: w (float32) [1, 2]\n[[1. 2.]]\n"
        "# Total number of params: 3\n"
    )


def test_names_alone_and_what_is_not_counted(path, capsys):
    SHOWN(path, None, False, all_tensor_names=True, count_exclude_pattern="^n")
    assert capsys.readouterr().out == (
        "tensor: n (int32) []\ntensor: w (float32) [1, 2]\n"
        "# Excluding 1 tensors (1 params) that match ^n when counting.\n"
        "# Total number of params: 2\n"
    )


def test_one_tensor(path, capsys):
    SHOWN(path, "n", False)
    assert capsys.readouterr().out == "tensor: n (int32) []\n3\n# Total number of params: 3\n"
    SHOWN(path, "none", False)
    assert capsys.readouterr().out == "Tensor none not found in checkpoint\n"


def test_what_goes_wrong_is_printed(tmp_path, capsys):
    SHOWN(str(tmp_path / "none"), None, True)
    assert "none" in capsys.readouterr().out
