"""Python generators as sources of elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.arrays import make_array
from minitf.data.structure import Spec, flat, is_nested
from minitf.errors import InvalidArgumentError
from minitf.graph import get_default_graph
from minitf.ops.dataset_sources import GeneratorDataset
from minitf.tensor import Tensor


class Generator:
    """A Python generator whose items are made elements of one spec."""

    def __init__(self, function: Callable[..., Any], spec: Spec) -> None:
        self._function, self._spec = function, spec

    def node(self, arguments: list[Tensor]) -> Tensor:
        """The node whose elements these are, `arguments` being handed to the function."""
        functions = get_default_graph()._functions
        name = f"generator_{len(functions)}"
        functions[name] = self
        return GeneratorDataset(
            arguments, [], [], init_func=name, next_func=name, finalize_func=name,
            **self._spec.attrs,
        )  # fmt: skip

    def __call__(self, *arguments: Any) -> Iterator[tuple[Any, ...]]:
        for item in self._function(*arguments):
            yield self._element(item)

    def _element(self, item: Any) -> tuple[Any, ...]:
        types = self._spec.types
        parts = flat(tuple(item) if is_nested(types) and isinstance(item, list) else item)
        if len(parts) != len(self._spec.flat_types):
            raise InvalidArgumentError(
                None,
                None,
                "TypeError: `generator` yielded an element that did not match the expected "
                f"structure. The expected structure was {types!r}, but the yielded element was "
                f"{item!r}.",
            )
        return tuple(map(_converted, parts, self._spec.flat_types, self._spec.flat_shapes))


def _converted(part: Any, dtype: dtypes.DType, shape: Any) -> Any:
    try:
        array = np.asarray(part, dtype.as_numpy_dtype) if isinstance(part, np.ndarray) else (
            make_array(part, dtype))  # fmt: skip
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            None,
            None,
            "TypeError: `generator` yielded an element that could not be converted to the expected "
            f"type. The expected type was {dtype.name}, but the yielded element was {part!r}.",
        ) from None
    if not shape.is_compatible_with(array.shape):
        raise InvalidArgumentError(
            None,
            None,
            f"ValueError: `generator` yielded an element of shape {array.shape} where an element "
            f"of shape {shape} was expected.",
        )
    return array[()]
