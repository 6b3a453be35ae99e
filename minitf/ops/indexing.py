"""`tensor[...]`: Python's indexing, as strided slices and masks."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.constants import constant
from minitf.ops.selecting import boolean_mask
from minitf.ops.slicing import strided_slice
from minitf.shape import Dimension
from minitf.tensor import Tensor

newaxis = None

_INDEX_TYPES = (dtypes.int16, dtypes.int32, dtypes.int64)


def _check_index(item: Any) -> None:
    if isinstance(item, (numbers.Integral, Dimension)):
        return
    dtype = getattr(item, "dtype", None)
    if (
        dtype is None
        or dtypes.as_dtype(dtype)._base not in _INDEX_TYPES
        or (item.shape and len(item.shape) == 1)
    ):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
            f"tf.int32/tf.int64 tensors are valid indices, got {item!r}"
        )


class _Spec:
    """Begins, ends, steps and masks of one `tensor[...]`."""

    def __init__(self) -> None:
        self.begins: list[Any] = []
        self.ends: list[Any] = []
        self.steps: list[Any] = []
        self.masks = dict.fromkeys(
            ("begin_mask", "end_mask", "shrink_axis_mask", "new_axis_mask", "ellipsis_mask"), 0
        )

    def add(self, item: Any) -> None:
        bit = 1 << len(self.begins)
        if isinstance(item, slice):
            self._add_range(item, bit)
        elif item is Ellipsis or item is newaxis:
            self._append(0, 0, 1)
            self.masks["ellipsis_mask" if item is Ellipsis else "new_axis_mask"] |= bit
        else:
            _check_index(item)
            long = isinstance(item, Tensor) and item._dtype._base in (dtypes.int16, dtypes.int64)
            self.begins.append(item)
            self.ends.append(item + 1)
            self.steps.append(constant(1, dtype=item.dtype) if long else 1)
            self.masks["shrink_axis_mask"] |= bit

    def _append(self, begin: Any, end: Any, step: Any) -> None:
        self.begins.append(begin)
        self.ends.append(end)
        self.steps.append(step)

    def _add_range(self, item: slice, bit: int) -> None:
        given = (item.start, item.stop, item.step)
        types = [t._dtype._base for t in given if isinstance(t, Tensor)]
        dtype = next((t for t in (dtypes.int64, dtypes.int32, dtypes.int16) if t in types), None)
        places = (
            (item.start, self.begins, "begin_mask", 0),
            (item.stop, self.ends, "end_mask", 0),
            (item.step, self.steps, None, 1),
        )
        for value, values, mask, default in places:
            if value is None or type(value) is Dimension and value._value is None:
                values.append(default if dtype is None else constant(default, dtype=dtype))
                if mask:
                    self.masks[mask] |= bit
            else:
                _check_index(value)
                values.append(value)


def getitem(tensor: Any, key: Any) -> Tensor:
    """`tensor[key]`: integers, ranges, `...`, `tf.newaxis`, scalar tensors; or a mask of bools.

    Raises TypeError for other keys, ValueError where an index is known to be out of bounds.
    """
    tensor = convert_to_tensor(tensor)
    if isinstance(key, bool) or getattr(key, "dtype", None) in (dtypes.bool, np.dtype(bool)):
        return boolean_mask(tensor=tensor, mask=key)
    spec = _Spec()
    for item in key if isinstance(key, (list, tuple)) else [key]:
        spec.add(item)
    everything = [tensor, *spec.begins, *spec.ends, *spec.steps]
    with name_scope(None, "strided_slice", everything) as scope:
        if spec.begins:
            bounds = [_packed(values) for values in (spec.begins, spec.ends, spec.steps)]
            if any(t._dtype._base is dtypes.int64 for t in bounds):
                bounds = [_as_int64(t) for t in bounds]
        else:
            bounds = [constant([], dtype=dtypes.int32)] * 3
        return strided_slice(tensor, *bounds, **spec.masks, name=scope)


def _packed(values: list[Any]) -> Tensor:
    if all(type(value) is int for value in values):
        return constant(values, name="stack")
    return convert_to_tensor(values, name="stack")


def _as_int64(t: Tensor) -> Tensor:
    return t if t._dtype._base is dtypes.int64 else registry.get("Cast")(t, DstT=dtypes.int64)


Tensor.__getitem__ = getitem  # type: ignore[attr-defined]
