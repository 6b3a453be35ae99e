"""What a TensorArray holds while a graph runs."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.proto import data_type_name
from minitf.shape import shape_of


def failure(problem: str) -> InvalidArgumentError:
    """TensorFlow's exception for arguments that do not fit an array."""
    return InvalidArgumentError(None, None, problem)


_numbers = itertools.count()


def type_word(dtype: np.dtype) -> str:
    """A type as messages of kernels name it: `float`, `double`, `string`."""
    return data_type_name(dtypes.as_dtype(dtype)).removeprefix("DT_").lower()


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
        name: str = "TensorArray",
    ) -> None:
        self.name = f"{name}_{next(_numbers)}"
        self.dtype = dtype
        self.dynamic = dynamic
        self.clear_after_read = clear_after_read
        self.element_shape = element_shape
        self.is_gradient = is_gradient
        self.identical_shapes = identical_shapes
        self.values: list[Any] = [None] * size
        self.shapes: list[Any] = [None] * size  # of what was written, though it be cleared since
        self.split_into: int | None = None  # how many parts of one tensor it was set to
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
            new.split_into = self.split_into
            self._gradients[source] = new
        return self._gradients[source]

    def write(self, index: int, value: Any) -> None:
        """Sets an element; InvalidArgumentError where there is none or it was set before."""
        self._check_open()
        if index < 0 or index >= len(self) and not self.dynamic:
            raise self._failure(
                f"Tried to write to index {index} but array is not resizeable and size is: "
                f"{len(self)}"
            )
        while index >= len(self):
            self.values.append(None)
            self.shapes.append(None)
        value = self._aggregated(index, value)
        self.values[index] = value
        self.shapes[index] = np.shape(value)
        if self.identical_shapes and self.element_shape is None:
            self.element_shape = np.shape(value)  # that of the elements never written, too

    def _aggregated(self, index: int, value: Any) -> Any:
        """What an element is set to: the value, in a gradient's array the sum of all written."""
        kind = np.dtype(object) if isinstance(value, bytes) else np.asarray(value).dtype
        if kind != self.dtype:
            raise failure(
                f"TensorArray dtype is {type_word(self.dtype)} but Op is trying to write dtype "
                f"{type_word(kind)}."
            )
        self._check_shape(index, value)
        old = self.values[index]
        if old is not None:
            if not self.is_gradient:
                raise self._failure(
                    f"Could not write to TensorArray index {index} because it has already been "
                    "written to."
                )
            if np.shape(old) != np.shape(value):
                raise self._failure(
                    f"Could not aggregate to TensorArray index {index} because the existing shape "
                    f"is {shape_of(old)} but the new input shape is "
                    f"{shape_of(value)}."
                )
            return old + value
        if self.shapes[index] is not None and not self.is_gradient:
            raise self._failure(
                f"Could not write to TensorArray index {index} because it has already been read."
            )
        return value

    def _check_shape(self, index: int, value: Any) -> None:
        if self.identical_shapes and self.element_shape not in (None, np.shape(value)):
            wanted = ",".join(map(str, self.element_shape or ()))
            raise self._failure(
                f"Could not write to TensorArray index {index} because the value shape is "
                f"{shape_of(value)} which is incompatible with the TensorArray's inferred element "
                f"shape: [{wanted}] (consider setting infer_shape=False)."
            )

    def _failure(self, problem: str) -> InvalidArgumentError:
        """TensorFlow's exception for an element that must not be read or written."""
        return failure(f"TensorArray {self.name}: {problem}")

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
            raise self._failure(
                f"Could not read index {index} twice because it was cleared after a previous read "
                "(perhaps try setting clear_after_read = false?)"
            )
        shape = self.element_shape if shape is None else shape
        if shape is None:
            raise self._failure(
                f"Could not read from TensorArray index {index}.  Furthermore, the element shape "
                "is not fully defined: <unknown>. The element was never written."
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
            raise self._failure("TensorArray has already been closed.")
