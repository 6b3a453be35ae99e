"""Rows for images in other sizes by sixteen pixels and by area."""

import numpy as np
from ops.cases import Case

import minitf as tf
from minitf.ops import resizing

# Linear across and constant down: cubic weights keep such images as they are.
SLOPE = np.broadcast_to(np.arange(6.0)[:, None], (1, 4, 6, 1)).astype(np.float32)


def halved(image):
    return image.reshape(1, 2, 2, 3, 2, 1).mean((2, 4))


def same_sum(grads, image):
    """Ones, each shared out in full among old pixels of its own column, alike in all columns."""
    found = np.zeros_like(image)
    for row in range(4):
        one = np.zeros((1, 4, 1, 1), np.float32)
        one[0, row] = 1
        with tf.Graph().as_default(), tf.Session() as session:
            found[0, row] = session.run(resizing.ResizeBicubic(one, [8, 1])).sum()
    return found


CASES = [
    Case(
        "ResizeBicubic",
        lambda x: resizing.ResizeBicubic(x, [8, 6])[:, :, 1:-1],
        (SLOPE,),
        lambda x: np.repeat(x, 2, 1)[:, :, 1:-1],
        order=0,
        exact_shape=False,
    ),
    Case(
        "ResizeBicubicGrad",
        lambda y, x: resizing.ResizeBicubicGrad(y, x),
        (np.ones((1, 8, 6, 1), np.float32), SLOPE),
        same_sum,
        order=0,
    ),
    Case(
        "ResizeArea",
        lambda x: resizing.ResizeArea(x, [2, 3]),
        (np.random.RandomState(0).normal(size=(1, 4, 6, 1)).astype(np.float32),),
        halved,
        order=0,
    ),
]
