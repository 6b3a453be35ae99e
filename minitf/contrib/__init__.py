"""What programs took most often from TensorFlow 1's tf.contrib, which TensorFlow 2 has no more."""

from __future__ import annotations

import importlib

__all__ = [
    "framework", "layers", "learn", "legacy_seq2seq", "lookup", "metrics", "rnn", "seq2seq", "slim",
    "tensorboard", "training", "util",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name in __all__:
        return importlib.import_module(f"minitf.contrib.{name}")
    from minitf.absent_names import explained

    raise AttributeError(explained(f"contrib.{name}"))
