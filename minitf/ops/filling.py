"""Tensors of one value repeated, and of values in a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_shape, constant_value, unchanged
from minitf.kernels.values import as_array, counts, plain
from minitf.kernels.values import zeros as zero_array
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import constant
from minitf.ops.shapes import rank, reshape, shape_inside
from minitf.shape import Dimension, TensorShape
from minitf.tensor import Tensor

# TensorFlow makes a constant of what is smaller, and a Fill node of what is not.
_SMALL = 1000


@op
class Fill:
    """One value in every place of a shape."""

    inputs = "dims: index_type, value: T"
    outputs = "output: T"
    attrs = "T: type, index_type: {int32, int64} = DT_INT32"

    def infer(dims, value):
        if value._shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {value._shape.rank}")
        known = constant_value(dims)
        if known is not None and (known < 0).any():
            raise ValueError("Fill dimensions must be >= 0")
        return constant_shape(dims)

    def kernel(dims, value):
        sizes = counts(dims)
        if any(n < 0 for n in sizes):
            raise InvalidArgumentError(None, None, f"Dimension {min(sizes)} must be >= 0")
        value = as_array(value)
        return plain(np.full(sizes, value[()], value.dtype))

    def gradient(op, grad):
        return None, registry.get("Sum")(grad, all_axes(grad), keep_dims=False)


def all_axes(x: Tensor) -> Tensor:
    """Every dimension's number, as a reduction takes them."""
    count = x._shape.rank
    return constant(np.arange(count, dtype=np.int32)) if count else range_of(0, rank(x))


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of shape `dims` with the scalar `value` in every place."""
    return Fill(dims, value, name=name)


def _count(shape: Any) -> int | None:
    """The product of a shape's sizes, or None where they are not all at hand."""
    if type(shape) is TensorShape:
        return shape.num_elements()
    if isinstance(shape, (list, tuple)):
        product = 1
        for size in shape:
            size = size._value if type(size) is Dimension else size
            if not isinstance(size, (int, float, np.integer, np.floating)):
                return None
            product *= size
        return product
    return int(np.prod(shape)) if isinstance(shape, np.ndarray) and shape.ndim else None


def _repeated(value: Any, shape: Any, dtype: DType, scope: str) -> Tensor:
    if not isinstance(shape, Tensor):
        try:
            count = _count(shape)
            if count is not None and count < _SMALL:
                return constant(value, dtype, shape=shape, name=scope)
            shape = convert_to_tensor(TensorShape(shape), name="shape_as_tensor")
        except (TypeError, ValueError):
            shape = convert_to_tensor(shape, dtype=dtypes.int32)
    if not shape._shape._sizes:
        shape = reshape(shape, [-1])
    return fill(shape, constant(value, dtype=dtype), name=scope)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """Zeros (empty texts, False): a constant where the shape is known and small, else a Fill."""
    dtype = dtypes.as_dtype(dtype).base_dtype
    value: Any = False if dtype is dtypes.bool else "" if dtype is dtypes.string else 0
    with name_scope(name, "zeros", [shape]) as scope:
        return _repeated(value, shape, dtype, scope)


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """Ones (True): a constant where the shape is known and small, else a Fill."""
    dtype = dtypes.as_dtype(dtype).base_dtype
    with name_scope(name, "ones", [shape]) as scope:
        return _repeated(dtype is dtypes.bool or 1, shape, dtype, scope)


@op
class ZerosLike:
    """Zeros in the input's shape."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = "T: type"
    infer = unchanged

    def kernel(x):
        x = as_array(x)
        return plain(zero_array(x.shape, x.dtype))

    gradient = None


@op
class OnesLike:
    """Ones in the input's shape."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = (
        "T: {bfloat16, half, float, double, int8, uint8, int16, uint16, int32, uint32, int64, "
        "uint64, complex64, complex128, bool}"
    )
    infer = unchanged

    def kernel(x):
        return plain(np.ones_like(as_array(x)))

    gradient = None


def zeros_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Zeros in the shape of `tensor` and its type, or `dtype`."""
    with name_scope(name, "zeros_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        wanted = tensor._dtype if dtype is None else dtypes.as_dtype(dtype)
        if optimize and tensor._shape.is_fully_defined():
            return zeros(tensor._shape, wanted, scope)
        if wanted._base is not tensor._dtype._base:
            return zeros(_shape(tensor, optimize), wanted, scope)
        return ZerosLike(tensor, name=scope)


def ones_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Ones in the shape of `tensor` and its type, or `dtype`."""
    with name_scope(name, "ones_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        sizes = _shape(tensor, optimize)
        result = ones(sizes, tensor._dtype if dtype is None else dtype, scope)
        result.set_shape(tensor._shape)
        return result


def _shape(tensor: Tensor, optimize: bool) -> Tensor:
    return shape_inside(tensor) if optimize else registry.get("Shape")(tensor)


# Values in a row


@op
class Range:
    """start, start + delta, start + 2 delta, ... up to limit, which is left out."""

    inputs = "start: Tidx, limit: Tidx, delta: Tidx"
    outputs = "output: Tidx"
    attrs = (
        "Tidx: {bfloat16, half, float, double, int8, int16, int32, int64, uint16, uint32, uint64} "
        "= DT_INT32"
    )

    def infer(start, limit, delta):
        bounds = [start, limit, delta]
        for name, bound in zip(("start", "limit", "delta"), bounds, strict=True):
            if bound._shape.rank not in (None, 0):
                raise ValueError(
                    f"Shape must be rank 0 but is rank {bound._shape.rank}\n\t for '{name}'"
                )
        values = [constant_value(bound) for bound in bounds]
        if any(value is None for value in values):
            return [None]
        if start._dtype in (dtypes.float16, dtypes.bfloat16):
            raise ValueError(f"Unsupported dtype{start._dtype.as_datatype_enum}")
        return [_range_length(*[value[()] for value in values])]

    def kernel(start, limit, delta):
        try:
            length = _range_length(start, limit, delta)
        except ValueError as error:
            zero = ": 0" if delta == 0 else ""
            raise InvalidArgumentError(None, None, f"{error}{zero}") from None
        dtype = np.asarray(start).dtype
        if dtype.kind in "iu":
            return _whole_numbers(start, limit, delta, length, dtype)
        return (start + np.arange(length).astype(dtype) * delta).astype(dtype)

    gradient = None


def _whole_numbers(start: Any, limit: Any, delta: Any, length: int, dtype: Any) -> np.ndarray:
    """The `length` numbers of a range; MemoryError where no machine could hold them."""
    if length * dtype.itemsize > 2**56:
        raise MemoryError(f"a range of {length} numbers")
    values = np.arange(start, limit, delta, dtype)
    if len(values) == length:
        return values
    # NumPy counts none where the difference of the bounds is beyond the type's own numbers.
    return np.fromiter(range(int(start), int(limit), int(delta)), dtype, length)


def _range_length(start: Any, limit: Any, delta: Any) -> int:
    if delta == 0:
        raise ValueError("Requires delta != 0")
    if delta > 0 and start > limit:
        raise ValueError(f"Requires start <= limit when delta > 0: {start}/{limit}")
    if delta < 0 and start < limit:
        raise ValueError(f"Requires start >= limit when delta < 0: {start}/{limit}")
    if np.asarray(start).dtype.kind in "iu":
        return -(-abs(int(limit) - int(start)) // abs(int(delta)))
    return int(np.ceil(np.abs((float(limit) - float(start)) / float(delta))))


_RANGE_TYPES = [dtypes.int32, dtypes.int64, dtypes.float16, dtypes.bfloat16]
_RANGE_TYPES += [dtypes.float32, dtypes.float64]


def range_of(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range"
) -> Tensor:
    """Values from `start` to below `limit` in steps of `delta`, or below `start` from 0."""
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        start, limit, delta = [
            value if isinstance(value, Tensor) else convert_to_tensor(value, dtype, label)
            for value, label in ((start, "start"), (limit, "limit"), (delta, "delta"))
        ]
        if dtype is None:
            found = [value._dtype._base for value in (start, limit, delta)]
            if not set(found) <= set(_RANGE_TYPES):
                raise AssertionError(f"range has no common type for {found}")
            wanted = max(found, key=_RANGE_TYPES.index)
        else:
            wanted = dtypes.as_dtype(dtype)
        bounds = [_cast(value, wanted) for value in (start, limit, delta)]
        return Range(*bounds, name=scope)


def _cast(x: Tensor, dtype: DType) -> Tensor:
    if x._dtype._base is dtype:
        return x
    return registry.get("Cast")(x, DstT=dtype, name="Cast")


@op
class LinSpace:
    """`num` values in equal steps from start to stop, both included."""

    inputs = "start: T, stop: T, num: Tidx"
    outputs = "output: T"
    attrs = "T: {bfloat16, half, float, double}, Tidx: {int32, int64} = DT_INT32"

    def infer(start, stop, num):
        count = constant_value(num)
        if count is not None and count <= 0:
            raise ValueError(f"Requires num > 0: {count}")
        return [None if count is None else int(count)]

    def kernel(start, stop, num):
        if num <= 0:
            raise InvalidArgumentError(None, None, f"Requires num > 0: {num}")
        dtype = np.asarray(start).dtype
        if num == 1:
            return np.array([start], dtype)
        step = (stop - start) / dtype.type(num - 1)
        result = (start + step * np.arange(num).astype(dtype)).astype(dtype)
        result[-1] = stop
        return result

    gradient = None
