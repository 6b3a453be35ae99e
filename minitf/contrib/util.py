"""TensorProtos and values known while building under their former names (tf.contrib.util)."""

from minitf.arrays import make_tensor_proto
from minitf.infer import get_static_value as constant_value
from minitf.lazy import getter
from minitf.proto import make_ndarray

__all__ = ["constant_value", "make_ndarray", "make_tensor_proto"]

__getattr__ = getter(__name__, {})
