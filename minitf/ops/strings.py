"""Ops on strings."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from minitf.infer import unchanged
from minitf.op import op
from minitf.shape import TensorShape
from minitf.tensor import Tensor


def _each(function: Any, *arrays: Any) -> Any:
    """`function` of the elements at each place; scalars go with all."""
    if all(isinstance(array, bytes) for array in arrays):
        return function(*arrays)
    return np.frompyfunc(function, len(arrays), 1)(*arrays)


@op
class StringJoin:
    """Strings joined element by element; scalars join every element."""

    inputs = "inputs: N * string"
    outputs = "output: string"
    attrs = "N: int >= 0, separator: string = ''"

    def infer(inputs):
        shape = TensorShape([])
        for tensor in inputs:
            if tensor.shape.ndims is None:
                return TensorShape(None)
            if tensor.shape.ndims:
                shape = tensor.shape if not shape.ndims else shape.merge_with(tensor.shape)
        return shape

    def kernel(inputs, *, separator):
        glue = separator.encode("utf-8", "surrogateescape")
        return _each(lambda *parts: glue.join(parts), *inputs)

    gradient = None


def string_join(inputs: Any, name: str | None = None, separator: str = "") -> Tensor:
    """The strings of several tensors joined, element by element, `separator` between them."""
    return StringJoin(inputs, separator=separator, name=name)


@op
class StaticRegexFullMatch:
    """Whether each string matches a pattern from beginning to end."""

    inputs = "input: string"
    outputs = "output: bool"
    attrs = "pattern: string"
    infer = unchanged

    def kernel(input, *, pattern):
        matches = re.compile(pattern.encode("utf-8", "surrogateescape"), re.DOTALL).fullmatch
        found = _each(lambda text: matches(text) is not None, input)
        return np.bool_(found) if isinstance(found, bool) else found.astype(np.bool_)

    gradient = None


def regex_full_match(input: Any, pattern: str, name: str | None = None) -> Tensor:
    """Whether each string matches the regular expression `pattern` from beginning to end."""
    return StaticRegexFullMatch(input, pattern=pattern, name=name)
