"""What TensorFlow 1 shipped beside itself for its tutorials (tf.examples)."""

from minitf.examples import tutorials

__all__ = ["tutorials"]
