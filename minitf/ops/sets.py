"""Sets as the last dimension of tensors: what is in one and not in another, in both, in either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.op import op
from minitf.shape import unknown_shape

_OPERATIONS: dict[str, Callable[[Any, Any], np.ndarray]] = {
    "a-b": np.setdiff1d,
    "b-a": lambda a, b: np.setdiff1d(b, a),
    "intersection": np.intersect1d,
    "union": np.union1d,
}


@op
class DenseToDenseSetOperation:
    """A set operation on each pair of rows; the result is a sparse tensor's three parts."""

    inputs = "set1: T, set2: T"
    outputs = "result_indices: int64, result_values: T, result_shape: int64"
    attrs = (
        "set_operation: string, validate_indices: bool = true, "
        "T: {int8, int16, int32, int64, uint8, uint16, string}"
    )

    def infer(set1, set2):
        first, second = set1._shape, set2._shape
        for shape in (first, second):
            if shape.rank is not None and shape.rank < 2:
                raise ValueError(f"Input should be at least 2D, is {shape.rank}D")
        rank = first.rank if first.rank is not None else second.rank
        return unknown_shape(2).merge_with([None, rank]), [None], [rank]

    def kernel(set1, set2, *, set_operation):
        function = _OPERATIONS[set_operation]
        outer = set1.shape[:-1]
        places, values, longest = [], [], 0
        for index in np.ndindex(*outer):
            found = function(set1[index], set2[index])
            places += [(*index, i) for i in range(len(found))]
            values += list(found)
            longest = max(longest, len(found))
        indices = np.array(places, np.int64).reshape(len(values), len(outer) + 1)
        result = np.empty(len(values), set1.dtype)
        result[:] = values
        return indices, result, np.array([*outer, longest], np.int64)

    gradient = None
