"""What programs took most often from TensorFlow 1's tf.contrib, which TensorFlow 2 has no more."""

from minitf.contrib import layers, rnn, seq2seq

__all__ = ["layers", "rnn", "seq2seq"]


def __getattr__(name: str) -> object:
    from minitf.absent_names import explained

    raise AttributeError(explained(f"contrib.{name}"))
