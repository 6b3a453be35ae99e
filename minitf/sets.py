"""tf.sets: operations on the sets that the last dimensions of tensors are."""

from minitf.lazy import getter
from minitf.ops.sets import set_difference, set_intersection, set_size, set_union

difference, intersection, size, union = set_difference, set_intersection, set_size, set_union

__all__ = [
    "difference", "intersection", "set_difference", "set_intersection", "set_size", "set_union",
    "size", "union",
]  # fmt: skip

__getattr__ = getter(__name__, {})
