"""Boxes in images."""

import numpy as np


def _w(*shape, s=1.0):
    return (
        (np.sin(np.arange(np.prod(shape), dtype=np.float32) * s)).reshape(shape).astype(np.float32)
    )


def crops(tf, see):
    image = tf.placeholder(tf.float32, [2, 5, 6, 2])
    boxes = tf.constant([[0.1, 0.2, 0.9, 0.7], [0.0, 0.0, 1.0, 1.0], [0.5, 0.9, -0.2, 1.3]])
    feed = {image: _w(2, 5, 6, 2)}
    for options in ({}, {"method": "nearest"}, {"extrapolation_value": 7.0}):
        made = tf.image.crop_and_resize(image, boxes, [0, 1, 1], [3, 4], **options)
        see.full(made, feed)
        see.run(tf.gradients(made * made, [image, boxes]), feed, rtol=2e-5)
    one = tf.image.crop_and_resize(image, boxes, box_indices=[0, 1, 0], crop_size=[1, 1])
    see.full(one, feed)
    see.run(tf.gradients(one, [image, boxes]), feed)
    see.run(
        tf.image.crop_and_resize(
            tf.constant(np.arange(16, dtype=np.uint8).reshape(1, 4, 4, 1)), boxes[:1], [0], [2, 2]
        )
    )
    see.attempt(
        lambda: see.session.run(tf.image.crop_and_resize(image, boxes, [0, 1, 2], [3, 4]), feed)
    )
    see.attempt(lambda: tf.image.crop_and_resize(image, boxes, [0, 1], [3, 4]))
    see.attempt(lambda: tf.image.crop_and_resize(image[0], boxes, [0, 1, 1], [3, 4]))


def suppression(tf, see):
    boxes = tf.constant(
        [
            [0, 0, 1, 1],
            [0, 0.1, 1, 1.1],
            [0, -0.1, 1, 0.9],
            [0, 10, 1, 11],
            [0, 10.1, 1, 11.1],
            [1, 101, 0, 100],
        ],
        tf.float32,
    )
    scores = tf.constant([0.9, 0.75, 0.6, 0.95, 0.5, 0.3])
    for options in ((3,), (30,), (3, 0.95), (6, 0.5, 0.4), (0,)):
        see.full(tf.image.non_max_suppression(boxes, scores, *options))
    for sigma in (0.0, 0.5):
        made = tf.image.non_max_suppression_with_scores(
            boxes, scores, 6, 1.0 if sigma else 0.5, 0.0, sigma
        )
        see(*made)
        see.run(made)
    see.attempt(lambda: see.session.run(tf.image.non_max_suppression(boxes, scores, 3, 1.5)))
    see.attempt(lambda: tf.image.non_max_suppression(boxes, scores[:3], 3))
    see.attempt(lambda: tf.gradients(tf.image.non_max_suppression(boxes, scores, 3), boxes))
