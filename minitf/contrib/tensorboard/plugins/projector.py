"""What TensorBoard's projector shows: which variables are embeddings, and their labels."""

from __future__ import annotations

import os
from typing import Any

_MESSAGES = ("EmbeddingInfo", "ProjectorConfig", "SpriteMetadata")
_FILE = "projector_config.pbtxt"  # where TensorBoard looks for it

__all__ = ["EmbeddingInfo", "ProjectorConfig", "SpriteMetadata", "visualize_embeddings"]  # pyright: ignore # noqa: F822


def __getattr__(name: str) -> Any:
    if name not in _MESSAGES:
        raise AttributeError(f"minitf has no tf.contrib.tensorboard.plugins.projector.{name}")
    from tensorboard.plugins.projector import projector_config_pb2

    return getattr(projector_config_pb2, name)


def visualize_embeddings(summary_writer: Any, config: Any) -> None:
    """Writes `config` into the folder of a FileWriter; ValueError where that has none."""
    from google.protobuf import text_format

    folder = summary_writer.get_logdir()
    if folder is None:
        raise ValueError("Summary writer must have a logdir")
    with open(os.path.join(folder, _FILE), "w", encoding="utf-8") as file:
        file.write(text_format.MessageToString(config))
