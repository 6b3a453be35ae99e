"""What TensorFlow keeps under tf.data.experimental."""

AUTOTUNE = -1  # TensorFlow may choose; here nothing depends on it

__all__ = ["AUTOTUNE"]
