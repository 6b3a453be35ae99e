"""tf.image: images in other sizes, mirrored, and cut in patches."""

from minitf.ops.images import (
    flip_left_right,
    flip_up_down,
    resize_bilinear,
    resize_nearest_neighbor,
)
from minitf.ops.patches import extract_image_patches

__all__ = [
    "extract_image_patches",
    "flip_left_right",
    "flip_up_down",
    "resize_bilinear",
    "resize_nearest_neighbor",
]
