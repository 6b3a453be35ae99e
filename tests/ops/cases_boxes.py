"""Rows for boxes in images."""

import numpy as np
from ops.cases import Case

from minitf.ops import boxes

IMAGE = np.arange(12, dtype=np.float32).reshape(1, 3, 4, 1)
BOXES = np.array([[0.0, 0.0, 1.0, 1.0], [0.5, 1.0, 1.0, 0.0]], np.float32)
FIRST = np.zeros(2, np.int32)
SQUARES = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 5, 1, 6]], np.float32)
SCORES = np.array([0.5, 0.9, 0.7], np.float32)
# Corners of the whole image, then of its lower half turned around.
CORNERS = np.array([[[0, 3], [8, 11]], [[7, 4], [11, 8]]], np.float32)[..., None]

CASES = [
    Case(
        "CropAndResize",
        lambda image, places: boxes.CropAndResize(image, places, FIRST, [2, 2]),
        (IMAGE, BOXES),
        CORNERS,
    ),
    Case(
        "CropAndResizeGradImage",
        lambda grads, places: boxes.CropAndResizeGradImage(
            grads, places, FIRST, [1, 3, 4, 1], T="float"
        ),
        (np.ones([2, 2, 2, 1], np.float32), BOXES),
        np.array([[1, 0, 0, 1], [1, 0, 0, 1], [2, 0, 0, 2]], np.float32)[None, ..., None],
    ),
    Case(
        "CropAndResizeGradBoxes",
        lambda grads, image: boxes.CropAndResizeGradBoxes(
            grads, image, np.array([[0.25, 0.5, 0.25, 0.5]], np.float32), FIRST[:1]
        ),
        (np.ones([1, 1, 1, 1], np.float32), IMAGE),
        np.array([[4, 1.5, 4, 1.5]], np.float32),  # half a height of 2 rows by 4, of 3 columns by 1
    ),
    Case(
        "NonMaxSuppressionV3",
        lambda places, scores: boxes.NonMaxSuppressionV3(places, scores, 3, 0.5, 0.0),
        (SQUARES, SCORES),
        np.array([1, 2], np.int32),
        exact_shape=False,
    ),
    Case(
        "NonMaxSuppressionV5",
        lambda places, scores: list(
            boxes.NonMaxSuppressionV5(places, scores, 3, 1.0, 0.0, 0.5, pad_to_max_output_size=True)
        ),
        (SQUARES, SCORES),
        [
            np.array([1, 2, 0], np.int32),
            np.array([0.9, 0.7, 0.5 * np.exp(-((0.9 / 1.1) ** 2))], np.float32),
            np.int32(3),
        ],
        rtol=1e-5,
    ),
]
