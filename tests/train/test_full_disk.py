"""A saver on a full disk, or where it may not write: the last checkpoint stays whole."""

import errno
import os
from io import FileIO

import pytest

import minitf as tf
from minitf import errors
from minitf.train import bundle_writer


@pytest.fixture
def training():
    """A session with one variable of 400 kB, its saver and what adds one to it."""
    config = tf.ConfigProto(device_count={"CPU": 2})
    with tf.Graph().as_default(), tf.Session(config=config) as sess:
        v = tf.Variable(tf.zeros([100_000]), name="v")
        saver, more = tf.train.Saver(max_to_keep=2), tf.assign_add(v, tf.ones([100_000]))
        sess.run(v.initializer)
        yield sess, saver, more, v


def failing(code, after):
    """A file that takes so many bytes, and then gives the system's error."""

    class Failing(FileIO):
        left = after

        def write(self, octets):
            if not self.left:
                raise OSError(code, os.strerror(code), self.name)
            octets = bytes(octets)[: self.left]
            self.left -= len(octets)
            return super().write(octets)

    return Failing


@pytest.mark.parametrize("after", [0, 1, 300_000])
@pytest.mark.parametrize("same_name", [True, False])
def test_a_full_disk(tmp_path, monkeypatch, training, after, same_name):
    sess, saver, more, v = training
    saver.save(sess, str(tmp_path / "m"), global_step=1)
    sess.run(more)
    files = sorted(os.listdir(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(bundle_writer, "FileIO", failing(errno.ENOSPC, after))
        with pytest.raises(errors.ResourceExhaustedError, match="No space left on device"):
            saver.save(sess, str(tmp_path / "m"), global_step=1 if same_name else 2)
    assert sorted(os.listdir(tmp_path)) == files  # nothing half written takes room
    last = tf.train.latest_checkpoint(str(tmp_path))
    assert last == str(tmp_path / "m-1")
    saver.restore(sess, last)
    assert sess.run(v).max() == 0
    # With room again, the same saver goes on.
    sess.run(more)
    assert saver.save(sess, str(tmp_path / "m"), global_step=2) == str(tmp_path / "m-2")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written(tmp_path, monkeypatch, training, code):
    sess, saver, more, v = training
    saver.save(sess, str(tmp_path / "m"))
    sess.run(more)
    files = sorted(os.listdir(tmp_path))

    def refuse(path, *_):  # root may write anywhere, so that modes would show nothing
        raise OSError(code, os.strerror(code), path)

    with monkeypatch.context() as patch:
        patch.setattr(bundle_writer, "FileIO", refuse)
        with pytest.raises(errors.PermissionDeniedError, match=str(tmp_path / "m")):
            saver.save(sess, str(tmp_path / "m"))
    assert sorted(os.listdir(tmp_path)) == files
    saver.restore(sess, tf.train.latest_checkpoint(str(tmp_path)))
    assert sess.run(v).max() == 0


def test_a_sharded_save_on_a_full_disk(tmp_path, monkeypatch, training):
    sess, _, more, v = training
    with tf.device("/cpu:1"):
        tf.Variable(tf.zeros([10]), name="small").initializer.run(session=sess)
    saver = tf.train.Saver(sharded=True)
    saver.save(sess, str(tmp_path / "m"))
    sess.run(more)
    files = sorted(os.listdir(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(bundle_writer, "FileIO", failing(errno.ENOSPC, 1000))
        for step in (None, 1):
            with pytest.raises(errors.ResourceExhaustedError):
                saver.save(sess, str(tmp_path / "m"), step)
    assert sorted(os.listdir(tmp_path)) == files  # no finished shards
    assert "m.data-00001-of-00002" in files
    saver.restore(sess, tf.train.latest_checkpoint(str(tmp_path)))
    assert sess.run(v).max() == 0
