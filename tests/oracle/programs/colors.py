"""Images in other colours, cut, framed and turned."""

import numpy as np


def _picture(channels=3, height=5, width=4):
    return np.random.RandomState(1).uniform(size=(height, width, channels)).astype(np.float32)


def _whole(channels=3):
    return np.random.RandomState(2).randint(0, 256, (4, 6, channels)).astype(np.uint8)


def contrast_saturation_and_hue(tf, see):
    for image in (_picture(), _whole(), _picture().astype(np.float64), _picture()[np.newaxis]):
        see.full(tf.image.adjust_contrast(image, 1.7), rtol=1e-5)
        see.full(tf.image.adjust_saturation(image, 0.4), rtol=1e-5)
        see.full(tf.image.adjust_saturation(image, 3.0), rtol=1e-5)
        for delta in (0.2, -0.3, 0.9):
            see.full(tf.image.adjust_hue(image, delta), rtol=1e-5)
    see.full(tf.image.adjust_gamma(_picture(), 2.2, 0.5), rtol=1e-5)
    see.full(tf.image.adjust_gamma(_whole(), gamma=tf.constant(0.5)))
    see.attempt(lambda: tf.image.adjust_gamma(_picture(), -1), "non-negative")
    see.full(tf.image.adjust_hue(_picture(), 0.1, name="hue"), rtol=1e-5)


def by_chance(tf, see):
    tf.set_random_seed(3)
    image = tf.constant(_picture())
    see.full(tf.image.random_contrast(image, 0.2, 1.8), rtol=1e-5)
    see.full(tf.image.random_contrast(image, 0.2, 1.8, seed=7), rtol=1e-5)
    see.full(tf.image.random_saturation(image, 0.5, 1.5, seed=1), rtol=1e-5)
    see.full(tf.image.random_hue(image, 0.3, seed=2), rtol=1e-5)
    see.attempt(lambda: tf.image.random_contrast(image, 2, 1), "upper must be > lower")
    see.attempt(lambda: tf.image.random_saturation(image, -1, 1), "lower must be non-negative")
    see.attempt(lambda: tf.image.random_hue(image, 0.6), "max_delta must be <= 0.5")
    see.attempt(lambda: tf.image.random_hue(image, -0.1), "max_delta must be non-negative")


def spaces_of_colors(tf, see):
    grays = np.array([[[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5], [1, 0, 0], [0, 1, 1], [0.2, 0, 0.1]]])
    for image in (_picture(), grays, _picture()[0, 0]):
        hsv = tf.image.rgb_to_hsv(image)
        see.full(hsv, rtol=1e-5)
        see.full(tf.image.hsv_to_rgb(hsv), rtol=1e-5)
    see.attempt(lambda: tf.image.rgb_to_hsv(_picture(4)), "3", "4")
    see(tf.image.hsv_to_rgb(tf.placeholder(tf.float32)))
    see(tf.image.rgb_to_hsv(tf.placeholder(tf.float32, [2, None]), name="hsv"))
    see.full(tf.image.grayscale_to_rgb(tf.constant(_picture(1))))
    placed = tf.placeholder(tf.float32, [None, None, None])
    see.full(tf.image.grayscale_to_rgb(placed), {placed: _picture(1)})
    wide = tf.image.grayscale_to_rgb(placed)
    see.attempt(lambda: see.session.run(wide, {placed: _picture(2)}), "should be size 1")
    see.attempt(lambda: tf.image.grayscale_to_rgb(tf.constant(_picture(3))), "should be size 1")
    see.attempt(lambda: tf.image.grayscale_to_rgb(tf.constant([1.0])), "two-dimensional")


def standardized(tf, see):
    see.full(tf.image.per_image_standardization(_picture()), rtol=1e-5)
    see.full(tf.image.per_image_standardization(_whole()), rtol=1e-5)
    see.full(tf.image.per_image_standardization(np.stack([_whole()] * 2)), rtol=1e-5)
    see.full(tf.image.per_image_standardization(tf.ones([2, 2, 3])))
    placed = tf.placeholder(tf.float32, [None, None, 3])
    see.full(tf.image.per_image_standardization(placed), {placed: _picture()}, rtol=1e-5)
    see.attempt(lambda: tf.image.per_image_standardization(tf.ones([2, 2])), "three-dimensional")


def cut_or_padded(tf, see):
    image = _picture(1, 5, 4)
    for height, width in ((3, 3), (8, 9), (3, 9), (5, 4), (2, 2)):
        see.full(tf.image.resize_image_with_crop_or_pad(image, height, width))
    batch = np.stack([image] * 2)
    see.full(tf.image.resize_image_with_crop_or_pad(batch, 4, 6))
    placed = tf.placeholder(tf.float32, [None, None, 1])
    see.full(tf.image.resize_image_with_crop_or_pad(placed, 4, 6), {placed: image})
    anything = tf.placeholder(tf.float32)
    see.full(tf.image.resize_with_crop_or_pad(anything, 4, 6), {anything: image})
    height = tf.constant(3)
    see.full(tf.image.resize_image_with_crop_or_pad(image, height, 6))
    see.full(tf.image.pad_to_bounding_box(image, 1, 2, 7, 7))
    see.full(tf.image.pad_to_bounding_box(placed, 1, 2, 7, 7), {placed: image})
    tight = tf.image.pad_to_bounding_box(placed, 1, 2, 5, 7)
    see.attempt(lambda: see.session.run(tight, {placed: image}), "height must be <= target")
    for wrong, words in (
        (lambda: tf.image.pad_to_bounding_box(image, -1, 0, 9, 9), "offset_height must be >= 0"),
        (lambda: tf.image.pad_to_bounding_box(image, 0, 2, 9, 5), "width must be <= target"),
        (lambda: tf.image.resize_image_with_crop_or_pad(image, 0, 3), "target_height must be > 0"),
        (lambda: tf.image.resize_image_with_crop_or_pad([[1.0]], 1, 3), "3 or 4 dimensions"),
    ):
        see.attempt(wrong, words)


def the_middle(tf, see):
    image = _picture(1, 6, 9)
    for fraction in (0.5, 0.33, 1.0, 0.9):
        see.full(tf.image.central_crop(image, fraction))
        see.full(tf.image.central_crop(np.stack([image] * 2), fraction))
    placed = tf.placeholder(tf.float32, [None, None, 1])
    see.full(tf.image.central_crop(placed, 0.5), {placed: image})
    for wrong in (0.0, 1.5):
        see.attempt(lambda wrong=wrong: tf.image.central_crop(image, wrong), "within (0, 1]")


def turned(tf, see):
    image = _picture(2, 3, 4)
    for k in (0, 1, 2, 3, 5):
        see.full(tf.image.rot90(image, k))
    see.full(tf.image.rot90(np.stack([image] * 2), tf.constant(3)))
    see.full(tf.image.transpose_image(image))
    see.full(tf.image.transpose(np.stack([image] * 2), name="t"))
    anything = tf.placeholder(tf.float32)
    see(tf.image.transpose_image(anything))
    see.attempt(lambda: tf.image.rot90(tf.ones([1, 1, 1, 1, 1])), "3 or 4 dimensions")


def uneven(tf, see):
    see.full(tf.image.total_variation(tf.constant(_picture())), rtol=1e-5)
    see.full(tf.image.total_variation(tf.constant(np.stack([_picture()] * 2))), rtol=1e-5)
    see.attempt(lambda: tf.image.total_variation(tf.ones([2, 2])), "3 or 4-dimensional")
    x = tf.constant(_picture())
    see.full(tf.gradients(tf.image.total_variation(x, name="v"), x)[0])
