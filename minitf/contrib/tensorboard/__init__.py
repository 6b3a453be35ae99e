"""What TensorBoard's plugins need of a program (tf.contrib.tensorboard)."""

from minitf.contrib.tensorboard import plugins

__all__ = ["plugins"]
