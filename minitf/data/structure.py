"""Elements of datasets: tensors, and tuples and dicts of them. A list is one tensor here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from minitf import dtypes
from minitf.dtypes import DType
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.shape import TensorShape
from minitf.tensor import Tensor


def is_nested(value: Any) -> bool:
    """Whether a value is a structure of elements, not one itself."""
    return isinstance(value, (tuple, dict)) and not isinstance(value, TensorShape)


def flat(value: Any) -> list[Any]:
    """The parts of a structure from left to right, a dict's by its sorted keys."""
    if not is_nested(value):
        return [value]
    items = [value[key] for key in sorted(value)] if isinstance(value, dict) else value
    return [part for item in items for part in flat(item)]


def packed(like: Any, parts: Any) -> Any:
    """A structure as `like`, with these parts in place of its own."""
    return _packed(like, iter(parts))


def _packed(like: Any, parts: Iterator[Any]) -> Any:
    if not is_nested(like):
        return next(parts)
    if isinstance(like, dict):
        by_key = {key: _packed(like[key], parts) for key in sorted(like)}
        return type(like)((key, by_key[key]) for key in like)
    items = [_packed(item, parts) for item in like]
    return type(like)(*items) if hasattr(like, "_fields") else tuple(items)


def mapped(function: Callable[[Any], Any], value: Any) -> Any:
    """A structure with each part changed by a function."""
    return packed(value, [function(part) for part in flat(value)])


def as_tensors(value: Any) -> Any:
    """A structure of tensors, from arrays, lists and tensors."""
    with name_scope("normalize_element"):
        tensors = [
            convert_to_tensor(part, name=f"component_{i}") for i, part in enumerate(flat(value))
        ]
    return packed(value, tensors)


class Spec:
    """What is known of a dataset's elements: a structure, and each part's type and shape."""

    def __init__(self, types: Any, shapes: list[TensorShape]) -> None:
        self.types = types
        self.flat_types: list[DType] = flat(types)
        self.flat_shapes = shapes

    @property
    def shapes(self) -> Any:
        return packed(self.types, self.flat_shapes)

    @property
    def classes(self) -> Any:
        return packed(self.types, [Tensor] * len(self.flat_types))

    def with_shapes(self, change: Callable[[TensorShape], TensorShape]) -> Spec:
        """The same types, with each shape changed."""
        return Spec(self.types, [change(shape) for shape in self.flat_shapes])

    @property
    def attrs(self) -> dict[str, Any]:
        """The attributes by which nodes say this."""
        return {"output_types": self.flat_types, "output_shapes": self.flat_shapes}


class Elements:
    """What has elements of one `_spec`, and tells it as TensorFlow does."""

    _spec: Spec

    @property
    def output_types(self) -> Any:
        return self._spec.types

    @property
    def output_shapes(self) -> Any:
        return self._spec.shapes

    @property
    def output_classes(self) -> Any:
        return self._spec.classes


def spec_of(tensors: Any) -> Spec:
    """The spec of elements like this structure of tensors."""
    types = mapped(lambda tensor: tensor.dtype.base_dtype, tensors)
    return Spec(types, [tensor.shape for tensor in flat(tensors)])


def spec_from(types: Any, shapes: Any = None) -> Spec:
    """The spec of given types and shapes, which are unknown where `shapes` is None."""
    types = mapped(dtypes.as_dtype, types)
    count = len(flat(types))
    if shapes is None:
        return Spec(types, [TensorShape(None)] * count)
    found = [shapes] if count == 1 and not is_nested(types) else _up_to(types, shapes)
    return Spec(types, [TensorShape(shape) for shape in found])


def _up_to(like: Any, value: Any) -> list[Any]:
    """The parts of `value` that stand where `like` has its own: a shape may be a tuple too."""
    if not is_nested(like):
        return [value]
    keys = sorted(like) if isinstance(like, dict) else range(len(like))
    return [part for key in keys for part in _up_to(like[key], value[key])]
