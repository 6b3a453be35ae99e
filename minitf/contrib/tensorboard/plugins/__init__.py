"""The plugins that a program can tell something (tf.contrib.tensorboard.plugins)."""

from minitf.contrib.tensorboard.plugins import projector

__all__ = ["projector"]
