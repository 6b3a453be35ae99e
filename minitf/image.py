"""tf.image: images in other sizes and types, mirrored, cut, and brighter or darker."""

from minitf.ops.images import (
    flip_left_right,
    flip_up_down,
    resize_bilinear,
    resize_nearest_neighbor,
)
from minitf.ops.patches import extract_image_patches
from minitf.ops.pictures import (
    ResizeMethod,
    adjust_brightness,
    convert_image_dtype,
    crop_to_bounding_box,
    random_brightness,
    random_flip_left_right,
    random_flip_up_down,
    resize_images,
    rgb_to_grayscale,
)
from minitf.ops.random_crop import random_crop

resize = resize_images  # TensorFlow has both names

__all__ = [
    "ResizeMethod",
    "adjust_brightness",
    "convert_image_dtype",
    "crop_to_bounding_box",
    "extract_image_patches",
    "flip_left_right",
    "flip_up_down",
    "random_brightness",
    "random_crop",
    "random_flip_left_right",
    "random_flip_up_down",
    "resize",
    "resize_bilinear",
    "resize_images",
    "resize_nearest_neighbor",
    "rgb_to_grayscale",
]
