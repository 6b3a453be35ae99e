"""What a TensorArray holds while a graph runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError, UnimplementedError


def failure(problem: str) -> InvalidArgumentError:
    """TensorFlow's exception for an element that must not be read or written."""
    return InvalidArgumentError(None, None, f"TensorArray: {problem}")


class Elements:
    """The elements of one TensorArray in one run, each written once, or summed in a gradient's."""

    def __init__(
        self,
        size: int,
        dtype: Any,
        dynamic: bool = False,
        clear_after_read: bool = True,
        element_shape: tuple[int, ...] | None = None,
        is_gradient: bool = False,
        identical_shapes: bool = False,
    ) -> None:
        self.dtype = dtype
        self.dynamic = dynamic
        self.clear_after_read = clear_after_read
        self.element_shape = element_shape
        self.is_gradient = is_gradient
        self.identical_shapes = identical_shapes
        self.values: list[Any] = [None] * size
        self.shapes: list[Any] = [None] * size  # of what was written, though it be cleared since
        self.closed = False
        self._gradients: dict[str, Elements] = {}

    def __len__(self) -> int:
        return len(self.values)

    def gradient(self, source: str) -> Elements:
        """The gradients of the elements, for one call of `gradients`."""
        if source not in self._gradients:
            self.dynamic = False
            new = Elements(len(self), self.dtype, False, False, self.element_shape, True)
            new.shapes = list(self.shapes)
            self._gradients[source] = new
        return self._gradients[source]

    def write(self, index: int, value: Any) -> None:
        """Sets an element; InvalidArgumentError where there is none or it was set before."""
        self._check_open()
        if index < 0 or index >= len(self) and not self.dynamic:
            raise failure(
                f"Tried to write to index {index} but array is not resizeable and size is: "
                f"{len(self)}"
            )
        while index >= len(self):
            self.values.append(None)
            self.shapes.append(None)
        is_text = self.dtype == object and isinstance(value, bytes)
        if not is_text and np.asarray(value).dtype != self.dtype:
            raise failure(
                f"Could not write to TensorArray index {index} because the value dtype is "
                f"{np.asarray(value).dtype} but TensorArray dtype is {self.dtype}."
            )
        old = self.values[index]
        if old is not None:
            if not self.is_gradient:
                raise failure(
                    f"Could not write to TensorArray index {index} because it has already been "
                    "written to."
                )
            value = old + value
        elif self.shapes[index] is not None and not self.is_gradient:
            raise failure(
                f"Could not write to TensorArray index {index} because it has already been read."
            )
        self.values[index] = value
        self.shapes[index] = np.shape(value)
        if self.identical_shapes and self.element_shape is None:
            self.element_shape = np.shape(value)  # that of the elements never written, too

    def read(self, index: int) -> Any:
        """An element, zeros where it was never set but has a known shape.

        InvalidArgumentError where there is none, or it has been read already.
        """
        self._check_open()
        if not 0 <= index < len(self):
            raise InvalidArgumentError(
                None, None, f"Tried to read from index {index} but array size is: {len(self)}"
            )
        value = self.values[index]
        if value is None:
            return self._never_written(index)
        if self.clear_after_read:
            self.values[index] = None
        return value

    def _never_written(self, index: int) -> Any:
        shape = self.shapes[index]
        if shape is not None and not self.is_gradient:
            raise failure(
                f"Could not read index {index} twice because it was cleared after a previous read "
                "(perhaps try setting clear_after_read = false?)"
            )
        shape = self.element_shape if shape is None else shape
        if shape is None:
            raise failure(
                f"Could not read from TensorArray index {index}. It was never written, and the "
                "element shape is not fully defined."
            )
        if self.dtype == object:
            return np.full(shape, b"", object) if shape else b""
        return np.zeros(shape, self.dtype) if shape else self.dtype.type(0)

    def shape_of_none(self, given: Any, role: str, action: str) -> list[int]:
        """The shape of an element where there is none; UnimplementedError if nothing tells it."""
        if given.is_fully_defined():
            return list(given.as_list())
        if self.element_shape is not None:
            return list(self.element_shape)
        raise UnimplementedError(
            None,
            None,
            f"TensorArray has size zero, but {role} {given} is not fully defined. Currently only "
            f"static shapes are supported when {action} zero-size TensorArrays.",
        )

    def close(self) -> None:
        """Forgets the elements; they cannot be used afterwards."""
        self.closed = True
        self.values.clear()

    def _check_open(self) -> None:
        if self.closed:
            raise failure("TensorArray has already been closed.")
