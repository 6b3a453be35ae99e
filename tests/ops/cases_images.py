"""Rows for the ops on images; the values are TensorFlow's."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops.images import ResizeBilinearGrad, ResizeNearestNeighborGrad

IMAGE = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
HALF = np.ones([1, 2, 2, 1], np.float32)


def bilinear(**options):
    return lambda x: tf.image.resize_bilinear(x, [3, 5], **options)[0, :, :, 0]


def nearest(**options):
    return lambda x: tf.image.resize_nearest_neighbor(x, [3, 5], **options)[0, :, :, 0]


def rows(first, down, across):
    """Blended rows: the first one, and what each step adds."""
    start = np.array(first, np.float32) + np.array(across, np.float32)
    return np.float32(down) * np.arange(3, dtype=np.float32)[:, None] + start


CASES = [
    Case("ResizeBilinear", bilinear(), (IMAGE,), rows(0, 16 / 3, [0, 0.8, 1.6, 2.4, 3])),
    Case(
        "ResizeBilinear",
        bilinear(align_corners=True),
        (IMAGE,),
        rows(0, 6, [0, 0.75, 1.5, 2.25, 3]),
    ),
    Case(
        "ResizeBilinear",
        bilinear(half_pixel_centers=True),
        (IMAGE,),
        rows(2 / 3, 16 / 3, [0, 0.7, 1.5, 2.3, 3]),
    ),
    Case(
        "ResizeNearestNeighbor",
        nearest(),
        (IMAGE,),
        np.float32([[0, 0, 1, 2, 3], [4, 4, 5, 6, 7], [8, 8, 9, 10, 11]]),
    ),
    Case(
        "ResizeNearestNeighbor",
        nearest(align_corners=True),
        (IMAGE.astype(np.float64),),
        np.float64([[0, 1, 2, 2, 3], [8, 9, 10, 10, 11], [12, 13, 14, 14, 15]]),
        order=1,
    ),
    Case(
        "ResizeBilinearGrad",
        lambda grads, image: ResizeBilinearGrad(grads, image, align_corners=True),
        (HALF, IMAGE),
        lambda grads, image: np.float32(np.outer([1, 0, 0, 1], [1, 0, 0, 1])).reshape(1, 4, 4, 1),
    ),
    Case(
        "ResizeNearestNeighborGrad",
        lambda grads: ResizeNearestNeighborGrad(grads, [4, 4]),
        (HALF,),
        np.float32(np.outer([1, 0, 1, 0], [1, 0, 1, 0])).reshape(1, 4, 4, 1),
    ),
]
