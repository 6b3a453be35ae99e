"""Layers: functions of tensors that make their own variables, named as TensorFlow 1.15 did."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.layers.base": "Layer",
    "minitf.layers.core": "Dense Dropout Flatten dense dropout flatten",
    "minitf.layers.images": "AveragePooling2D Conv2D Conv2DTranspose MaxPooling2D "
    "average_pooling2d conv2d conv2d_transpose max_pooling2d",
    "minitf.layers.sequences": "AveragePooling1D Conv1D MaxPooling1D average_pooling1d conv1d "
    "max_pooling1d",
    "minitf.layers.separable": "SeparableConv2D separable_conv2d",
    "minitf.layers.volumes": "AveragePooling3D Conv3D MaxPooling3D average_pooling3d conv3d "
    "max_pooling3d",
    "minitf.layers.normalization": "BatchNormalization batch_normalization",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
_find = getter(__name__, _NAMES)


def __getattr__(name: str) -> object:
    import minitf.ops.math  # noqa: F401 (tensors' operators, whatever is used first)

    return _find(name)


def __dir__() -> list[str]:
    return __all__
