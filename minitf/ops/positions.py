"""Where along an axis the largest or the smallest element stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError
from minitf.infer import constant_value
from minitf.op import op
from minitf.ops.casts import cast
from minitf.ops.shapes import renamed_argument
from minitf.shape import UNKNOWN, shape_of, unknown_shape
from minitf.tensor import Tensor

_ORDERED = (
    "T: {float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64, "
    "qint8, quint8, qint32, qint16, quint16, bool}"
)


def _infer_position(input: Tensor, axis: Tensor) -> Any:
    if axis.shape.rank not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {axis.shape.rank}")
    rank = input.shape.rank
    if rank is None or rank <= 1:
        return UNKNOWN if rank is None else []
    known = constant_value(axis)
    if known is None:
        return unknown_shape(rank - 1)
    if not -rank <= known < rank:
        raise ValueError(
            f"Dimension ({known}) must be in the range [{-rank}, {rank}), where {rank} is the "
            "number of dimensions in the input."
        )
    sizes = input.shape.as_list()
    del sizes[int(known)]
    return sizes


def _position(find: Callable[..., Any], x: Any, axis: int, output_type: DType) -> Any:
    rank = np.ndim(x)
    if not -rank <= axis < rank:
        raise InvalidArgumentError(
            None, None, f"Expected dimension in the range [{-rank}, {rank}), but got {axis}"
        )
    if not x.shape[axis]:
        raise InvalidArgumentError(
            None, None, f"Reduction axis {axis} is empty in shape {shape_of(x)}"
        )
    return find(x, axis).astype(output_type.as_numpy_dtype)


@op
class ArgMax:
    """Where along an axis the largest element stands; of equal ones the first."""

    inputs = "input: T, dimension: Tidx"
    outputs = "output: output_type"
    attrs = (
        f"{_ORDERED}, Tidx: {{int16, int32, int64}} = DT_INT32, "
        "output_type: {int16, uint16, int32, int64} = DT_INT64"
    )
    infer = _infer_position

    def kernel(x, axis, *, output_type):
        return _position(np.argmax, x, axis, output_type)

    gradient = None


@op
class ArgMin:
    """Where along an axis the smallest element stands; of equal ones the first."""

    inputs = "input: T, dimension: Tidx"
    outputs = "output: output_type"
    attrs = (
        f"{_ORDERED}, Tidx: {{int32, int64}} = DT_INT32, output_type: {{int32, int64}} = DT_INT64"
    )
    infer = _infer_position

    def kernel(x, axis, *, output_type):
        return _position(np.argmin, x, axis, output_type)

    gradient = None


def argmax(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """Where along `axis` (default: the first) the largest element stands; of equal ones the first.

    TypeError for an axis that is no integer.
    """
    axis = renamed_argument("axis", axis, "dimension", dimension)
    axis = 0 if axis is None else axis
    if hasattr(axis, "dtype"):
        if not dtypes.as_dtype(axis.dtype).is_integer:
            raise TypeError(f"axis tensor dtypes {axis.dtype} is not supported")
        if dtypes.as_dtype(axis.dtype).size < 4:
            axis = cast(axis, dtypes.int32)
    elif not isinstance(axis, int):
        raise TypeError("axis must be int or Tensor with integer datatype")
    return ArgMax(input, axis, name=name, output_type=output_type)


def argmin(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """Where along `axis` (default: the first) the smallest element stands first."""
    axis = renamed_argument("axis", axis, "dimension", dimension)
    return ArgMin(input, 0 if axis is None else axis, name=name, output_type=output_type)


def arg_max(
    input: Any,
    dimension: Any,
    output_type: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """Old name of `argmax`."""
    return ArgMax(input, dimension, name=name, output_type=output_type)


def arg_min(
    input: Any,
    dimension: Any,
    output_type: Any = dtypes.int64,
    name: str | None = None,
) -> Tensor:
    """Old name of `argmin`."""
    return ArgMin(input, dimension, name=name, output_type=output_type)
