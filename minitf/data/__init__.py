"""Input pipelines: datasets and iterators (tf.data)."""

from minitf.data import experimental
from minitf.data.dataset import Dataset
from minitf.data.experimental import AUTOTUNE
from minitf.data.files import FixedLengthRecordDataset, TextLineDataset, TFRecordDataset
from minitf.data.iterator import (
    Iterator,
    get_output_classes,
    get_output_shapes,
    get_output_types,
    make_initializable_iterator,
    make_one_shot_iterator,
)

__all__ = [
    "AUTOTUNE", "Dataset", "FixedLengthRecordDataset", "Iterator", "TFRecordDataset",
    "TextLineDataset", "experimental", "get_output_classes", "get_output_shapes",
    "get_output_types", "make_initializable_iterator", "make_one_shot_iterator",
]  # fmt: skip


def __getattr__(name: str) -> object:
    from minitf.absent_names import explained

    raise AttributeError(explained(f"data.{name}"))
