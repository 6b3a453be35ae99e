"""tf.image: images decoded and encoded, in other sizes, mirrored, cut, brighter or darker."""

from minitf.ops.image_files import (
    adjust_jpeg_quality,
    decode_and_crop_jpeg,
    decode_bmp,
    decode_gif,
    decode_image,
    decode_jpeg,
    decode_png,
    encode_jpeg,
    encode_png,
    extract_jpeg_shape,
    is_jpeg,
)
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
    "adjust_jpeg_quality",
    "convert_image_dtype",
    "crop_to_bounding_box",
    "decode_and_crop_jpeg",
    "decode_bmp",
    "decode_gif",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "encode_jpeg",
    "encode_png",
    "extract_image_patches",
    "extract_jpeg_shape",
    "flip_left_right",
    "flip_up_down",
    "is_jpeg",
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
