"""tf.keras: of Keras, the penalties on weights; tf.layers builds the layers."""

from typing import Any

from minitf import regularizers

__all__ = ["regularizers"]


def __getattr__(name: str) -> Any:
    raise AttributeError(
        f"minitf has no tf.keras.{name}; instead: tf.layers builds layers in a graph"
    )
