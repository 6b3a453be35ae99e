"""tf.image: images decoded and encoded, in other sizes, mirrored, cut, brighter or darker."""

from minitf.lazy import getter
from minitf.ops.boxes import (
    crop_and_resize,
    non_max_suppression,
    non_max_suppression_with_scores,
)
from minitf.ops.colors import (
    adjust_contrast,
    adjust_gamma,
    adjust_hue,
    adjust_saturation,
    grayscale_to_rgb,
    hsv_to_rgb,
    per_image_standardization,
    random_contrast,
    random_hue,
    random_saturation,
    rgb_to_hsv,
)
from minitf.ops.edges import (
    image_gradients,
    psnr,
    rgb_to_yiq,
    rgb_to_yuv,
    sobel_edges,
    yiq_to_rgb,
    yuv_to_rgb,
)
from minitf.ops.framing import (
    central_crop,
    pad_to_bounding_box,
    resize_image_with_crop_or_pad,
    rot90,
    total_variation,
    transpose_image,
)
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
from minitf.ops.resizing import resize_area, resize_bicubic

resize = resize_images  # TensorFlow has both names
resize_with_crop_or_pad = resize_image_with_crop_or_pad
transpose = transpose_image

__all__ = [
    "ResizeMethod",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_jpeg_quality",
    "adjust_saturation",
    "central_crop",
    "convert_image_dtype",
    "crop_and_resize",
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
    "grayscale_to_rgb",
    "hsv_to_rgb",
    "image_gradients",
    "is_jpeg",
    "non_max_suppression",
    "non_max_suppression_with_scores",
    "pad_to_bounding_box",
    "per_image_standardization",
    "psnr",
    "random_brightness",
    "random_contrast",
    "random_crop",
    "random_flip_left_right",
    "random_flip_up_down",
    "random_hue",
    "random_saturation",
    "resize",
    "resize_area",
    "resize_bicubic",
    "resize_bilinear",
    "resize_image_with_crop_or_pad",
    "resize_images",
    "resize_nearest_neighbor",
    "resize_with_crop_or_pad",
    "rgb_to_grayscale",
    "rgb_to_hsv",
    "rgb_to_yiq",
    "rgb_to_yuv",
    "rot90",
    "sobel_edges",
    "total_variation",
    "transpose",
    "transpose_image",
    "yiq_to_rgb",
    "yuv_to_rgb",
]

__getattr__ = getter(__name__, {})
