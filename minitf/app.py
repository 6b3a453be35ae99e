"""Programs with a `main` and flags (tf.app): absl's, as in TensorFlow."""

from absl import flags
from absl.app import run

__all__ = ["flags", "run"]
