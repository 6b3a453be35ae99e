"""MNIST's images and labels from files that you have, in batches (tf.examples.tutorials.mnist).

TensorFlow 1 downloaded the files when they were missing; this reads what is there and says
what it looked for. Any data in MNIST's own file format will do, Fashion-MNIST for one.
"""

from __future__ import annotations

import gzip
import math
import os
from typing import Any, NamedTuple

import numpy as np

from minitf import dtypes
from minitf.graph import get_default_graph
from minitf.random_seed import get_seed

TRAIN_IMAGES = "train-images-idx3-ubyte.gz"
TRAIN_LABELS = "train-labels-idx1-ubyte.gz"
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"
TEST_LABELS = "t10k-labels-idx1-ubyte.gz"

_IMAGES, _LABELS = 2051, 2049  # the first number in a file says what it holds
_FAKE_EXAMPLES = 10000
_FAKE_PIXELS = 784


class DataSet:
    """Images with their labels, handed out in batches, shuffled anew for each epoch."""

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = dtypes.float32,
        reshape: bool = True,
        seed: int | None = None,
    ) -> None:
        """`images` is [n, rows, columns, 1] of uint8; float32 makes them 0 to 1, uint8 leaves them.

        `reshape` makes each image one row of pixels. The order of the batches is NumPy's global
        generator's, which is seeded here with `seed`, or else with the default graph's seed.
        Raises TypeError for another `dtype`, ValueError for images and labels that don't pair.
        """
        np.random.seed(_seed_for_numpy(seed))  # noqa: NPY002 - as TensorFlow 1 did
        dtype = dtypes.as_dtype(dtype).base_dtype
        if dtype not in (dtypes.uint8, dtypes.float32):
            raise TypeError(f"Invalid image dtype {dtype!r}, expected uint8 or float32")
        self._fake, self.one_hot = fake_data, one_hot
        self._epochs_completed = self._start = 0
        if fake_data:
            self._num_examples = _FAKE_EXAMPLES
            self._images = self._labels = np.empty(0)
            return
        if len(images) != len(labels):
            raise ValueError(f"images.shape: {images.shape} labels.shape: {labels.shape}")
        self._num_examples = len(images)
        if reshape:
            images = images.reshape(len(images), math.prod(images.shape[1:]))
        if dtype == dtypes.float32:
            images = np.multiply(images.astype(np.float32), np.float32(1.0 / 255.0))
        self._images, self._labels = images, labels

    @property
    def images(self) -> np.ndarray:
        return self._images

    @property
    def labels(self) -> np.ndarray:
        return self._labels

    @property
    def num_examples(self) -> int:
        return self._num_examples

    @property
    def epochs_completed(self) -> int:
        return self._epochs_completed

    def next_batch(
        self, batch_size: int, fake_data: bool = False, shuffle: bool = True
    ) -> tuple[Any, Any]:
        """The next `batch_size` images and labels; an epoch's last ones go with the next's first.

        `fake_data` gives images of ones, all of class 0.
        """
        if fake_data:
            label = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * _FAKE_PIXELS] * batch_size, [label] * batch_size
        start = self._start
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self._num_examples:
            self._start = start + batch_size
            return self._images[start : self._start], self._labels[start : self._start]
        self._epochs_completed += 1
        images, labels = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        self._start = batch_size - len(images)
        return (
            np.concatenate([images, self._images[: self._start]]),
            np.concatenate([labels, self._labels[: self._start]]),
        )

    def _shuffle(self) -> None:
        order = np.arange(self._num_examples)
        np.random.shuffle(order)  # noqa: NPY002
        self._images, self._labels = self._images[order], self._labels[order]


class Datasets(NamedTuple):
    """MNIST's three parts."""

    train: DataSet
    validation: DataSet
    test: DataSet


def read_data_sets(
    train_dir: str,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = dtypes.float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str | None = None,
) -> Datasets:
    """The digits in the folder `train_dir`: the first `validation_size` validate, the rest train.

    Nothing is downloaded, so that `source_url` has no effect. Raises FileNotFoundError that names
    the files to put there, ValueError for a file that holds something else.
    """
    if fake_data:
        nothing = np.empty(0)
        return Datasets(
            *[DataSet(nothing, nothing, True, one_hot, dtype, seed=seed) for _ in range(3)]
        )
    found = _located(train_dir)
    train_images, test_images = (extract_images(found[n]) for n in (TRAIN_IMAGES, TEST_IMAGES))
    train_labels, test_labels = (
        extract_labels(found[n], one_hot) for n in (TRAIN_LABELS, TEST_LABELS)
    )
    if not 0 <= validation_size <= len(train_images):
        raise ValueError(
            f"Validation size should be between 0 and {len(train_images)}. Received: "
            f"{validation_size}."
        )
    parts = [
        (train_images[validation_size:], train_labels[validation_size:]),
        (train_images[:validation_size], train_labels[:validation_size]),
        (test_images, test_labels),
    ]
    return Datasets(*[DataSet(x, y, dtype=dtype, reshape=reshape, seed=seed) for x, y in parts])


load_mnist = read_data_sets


def extract_images(path: str) -> np.ndarray:
    """The images of a file, [n, rows, columns, 1] of uint8; ValueError where there are none."""
    return _extracted(path, _IMAGES, "image")[..., None]


def extract_labels(path: str, one_hot: bool = False, num_classes: int = 10) -> np.ndarray:
    """The labels of a file, [n] of uint8, or [n, num_classes] of float64 with `one_hot`."""
    labels = _extracted(path, _LABELS, "label")
    return np.eye(num_classes)[labels] if one_hot else labels


def _extracted(path: str, magic: int, kind: str) -> np.ndarray:
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    dimensions = magic % 256
    header = np.frombuffer(data[: 4 + 4 * dimensions].ljust(16, b"\0"), ">u4")
    if header[0] != magic:
        raise ValueError(f"Invalid magic number {header[0]} in MNIST {kind} file: {path}")
    shape = [int(size) for size in header[1 : 1 + dimensions]]
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions)
    if values.size != np.prod(shape):
        raise ValueError(f"MNIST {kind} file {path} should hold {shape} bytes, has {values.size}")
    return values.reshape(shape)


def _located(folder: str) -> dict[str, str]:
    """Where each of the four files is, packed or unpacked; FileNotFoundError when one is not."""
    names = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)
    found, missing = {}, []
    for name in names:
        paths = [os.path.join(folder, n) for n in (name, name.removesuffix(".gz"))]
        there = [path for path in paths if os.path.isfile(path)]
        found[name] = there[0] if there else ""
        if not there:
            missing.append(name)
    if missing:
        raise FileNotFoundError(
            f"{', '.join(missing)} (or the same without .gz): not in {os.path.abspath(folder)}. "
            "minitf downloads nothing: put MNIST's four files there, or others of that format, "
            "such as those of Debian's package dataset-fashion-mnist."
        )
    return found


def _seed_for_numpy(seed: int | None) -> int | None:
    if seed is not None:
        return get_seed(seed)[1]
    seed = get_default_graph().seed
    return None if seed is None else seed % (2**31 - 1)
