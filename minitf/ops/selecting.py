"""Choosing elements by a condition, and numbering and searching values."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import merged
from minitf.kernels.values import as_array, plain
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import constant
from minitf.ops.filling import zeros, zeros_like
from minitf.ops.gathering import gather
from minitf.ops.joining import concat
from minitf.ops.padding import BroadcastGradientArgs
from minitf.ops.shapes import expand_dims, reshape, shape, squeeze, static_int
from minitf.shape import as_shape, broadcast, shape_of, unknown_shape
from minitf.tensor import Tensor


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class Where:
    """The places of the elements that are true or not zero, one row each."""

    inputs = "input: T"
    outputs = "index: int64"
    attrs = (
        "T: {float, double, int32, uint8, int16, int8, complex64, int64, qint8, quint8, qint32, "
        "bfloat16, qint16, quint16, uint16, complex128, half, uint32, uint64, bool} = DT_BOOL"
    )

    def infer(x):
        return [None, x._shape.rank]

    def kernel(x):
        if not np.ndim(x):
            raise _fail("WhereOp : Unhandled input dimensions: 0")
        return np.argwhere(as_array(x)).astype(np.int64, copy=False)

    gradient = LookupError


@op
class Select:
    """t where the condition holds, else e; a vector of conditions chooses whole rows."""

    inputs = "condition: bool, t: T, e: T"
    outputs = "output: T"
    attrs = "T: type"

    def infer(condition, t, e):
        data = merged(t._shape, e._shape)
        wanted = condition._shape
        if data.rank is None or wanted.rank in (None, 0):
            return data
        if wanted.rank == 1 and data.rank > 1:
            merged(wanted, as_shape([data._sizes[0]]))
            return data
        return merged(wanted, data)

    def kernel(condition, t, e):
        chosen = np.asarray(condition)
        if np.shape(t) != np.shape(e) or (
            chosen.ndim and chosen.shape != np.shape(t) and chosen.shape != np.shape(t)[:1]
        ):
            other = e if np.shape(t) != np.shape(e) else t
            raise _fail(
                "Inputs to operation Select must have the same size and shape.  Input 0: "
                f"{shape_of(condition)} != input 1: {shape_of(other)}"
            )
        if not chosen.ndim:
            return t if chosen else e
        chosen = chosen.reshape(chosen.shape + (1,) * (np.ndim(t) - chosen.ndim))
        return plain(np.where(chosen, t, e))

    def gradient(op, grad):
        condition, t, _ = op.inputs
        blank = zeros_like(t)
        return None, where(condition, grad, blank), where(condition, blank, grad)


@op
class SelectV2:
    """t where the condition holds, else e; all three broadcast."""

    inputs = "condition: bool, t: T, e: T"
    outputs = "output: T"
    attrs = "T: type"

    def infer(condition, t, e):
        return broadcast(condition._shape, broadcast(t._shape, e._shape))

    def kernel(condition, t, e):
        try:
            return plain(np.where(condition, as_array(t), as_array(e)))
        except ValueError:
            raise _fail(
                f"condition {shape_of(condition)}, then {shape_of(t)}, and else {shape_of(e)} must "
                "be broadcastable"
            ) from None

    def gradient(op, grad):
        condition, t, e = op.inputs
        blank = zeros([], dtype=grad.dtype.base_dtype)
        grads = where_v2(condition, grad, blank), where_v2(condition, blank, grad)
        z = op.outputs[0]
        return None, _reduced(t, z, grads[0]), _reduced(e, z, grads[1])


def _reduced(x: Tensor, z: Tensor, grad: Tensor) -> Tensor:
    """`grad`, of the shape of `z`, summed to the shape of `x`, which broadcasts to it."""
    sizes, wide = shape(x), shape(z)
    a, b = x._shape._sizes, z._shape._sizes
    axes: Any = None
    if a is not None and b is not None:
        pairs = list(zip((1,) * (len(b) - len(a)) + a, b, strict=True))
        if all(m == 1 or None not in (n, m) or (n == 1) != (m == 1) for n, m in pairs):
            axes = [d for d, (n, m) in enumerate(pairs) if n == 1 and m != 1]
            if not axes and len(a) == len(b):
                return grad
    if axes is None:
        axes, _ = BroadcastGradientArgs(sizes, wide)
    return reshape(registry.get("Sum")(grad, axes, keep_dims=True), sizes)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """`x` where the condition holds, else `y`; with neither, the places where it holds.

    `x` and `y` have one shape; the condition has it too, or chooses whole rows.
    """
    return _where(Select, condition, x, y, name)


def where_v2(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """`where` whose condition, `x` and `y` broadcast to one shape."""
    return _where(SelectV2, condition, x, y, name)


def _where(select: Any, condition: Any, x: Any, y: Any, name: str | None) -> Tensor:
    if x is not None and y is not None:
        return select(condition, x, y, name=name)
    if x is not None or y is not None:
        raise ValueError("x and y must both be non-None or both be None.")
    with name_scope(name, "Where", [condition]) as scope:
        condition = convert_to_tensor(condition, preferred_dtype=dtypes.bool, name="condition")
        return Where(condition, name=scope)


def boolean_mask(
    tensor: Any, mask: Any, name: str = "boolean_mask", axis: int | None = None
) -> Tensor:
    """The elements or slices of `tensor`, from `axis` on, for which `mask` is true.

    Raises ValueError for a scalar mask, one of unknown rank, and one that does not fit.
    """
    with name_scope(name, values=[tensor, mask]):
        tensor = convert_to_tensor(tensor, name="tensor")
        mask = convert_to_tensor(mask, name="mask")
        ndims, sizes = mask._shape.rank, tensor._shape
        if ndims == 0:
            raise ValueError("mask cannot be scalar.")
        if ndims is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions are None.  "
                "E.g. shape=[None] is ok, but shape=None is not."
            )
        axis = 0 if axis is None else axis
        place = static_int(axis) if isinstance(axis, Tensor) else int(axis)
        if place is not None:
            axis = place
            sizes[axis : axis + ndims].assert_is_compatible_with(mask._shape)
        leading = registry.get("Prod")(shape(tensor)[axis : axis + ndims], [0], keep_dims=False)
        outer, inner = shape(tensor)[:axis], shape(tensor)[axis + ndims :]
        tensor = reshape(tensor, concat([outer, [leading], inner], 0))
        if place is not None:
            count = sizes[axis : axis + ndims].num_elements()
            known = sizes[:axis].concatenate([count]).concatenate(sizes[axis + ndims :])
            tensor.set_shape(known)
        chosen = squeeze(where_v2(reshape(mask, [-1])), axis=[1])
        return gather(tensor, chosen, axis=axis)


@op
class OneHot:
    """on_value where the index is, off_value elsewhere, along a new axis."""

    inputs = "indices: TI, depth: int32, on_value: T, off_value: T"
    outputs = "output: T"
    attrs = "axis: int = -1, T: type, TI: {uint8, int8, int32, int64} = DT_INT64"

    def infer(indices, depth, on_value, off_value, *, axis):
        if axis < -1:
            raise ValueError(f"axis must be >= -1, got {axis}")
        if depth._shape.rank not in (None, 0):
            raise ValueError(f"Input must be scalar but has rank {depth._shape.rank}")
        for value in (on_value, off_value):
            if value._shape.rank not in (None, 0):
                raise ValueError(f"Shape must be rank 0 but is rank {value._shape.rank}")
        length, sizes = static_int(depth), indices._shape._sizes
        if length is not None and length < 0:
            raise ValueError(f"Dimension size, given by scalar input 1, must be non-negative but is {length}")  # fmt: skip  # noqa: E501
        if sizes is None:
            return unknown_shape()
        place = len(sizes) if axis == -1 else axis
        return [*sizes[:place], length, *sizes[place:]]

    def kernel(indices, depth, on_value, off_value, *, axis):
        if depth < 0:
            raise _fail(f"depth must be non-negative, got: {depth}")
        indices, off = np.asarray(indices), as_array(off_value)
        result = np.full((*indices.shape, int(depth)), off[()], off.dtype)
        rows = result.reshape(-1, int(depth))
        places = np.flatnonzero((indices >= 0) & (indices < depth))
        rows[places, indices.reshape(-1)[places]] = on_value
        return result if axis in (-1, indices.ndim) else np.moveaxis(result, -1, axis)

    gradient = None


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """`on_value` (1) at each index along a new axis of length `depth`, `off_value` (0) elsewhere.

    Raises TypeError where the two values' types and `dtype` differ.
    """
    with name_scope(name, "one_hot", [indices, depth, on_value, off_value, axis, dtype]) as scope:
        dtype = None if dtype is None else dtypes.as_dtype(dtype)
        given = {"on_value": on_value, "off_value": off_value}
        for label, value in given.items():
            if value is not None:
                given[label] = value = convert_to_tensor(value, dtype_hint=dtype)
                if dtype is not None and value.dtype.base_dtype != dtype:
                    raise TypeError(
                        f"dtype {value.dtype.base_dtype} of {label} does not match dtype parameter "
                        f"{dtype}"
                    )
        on, off = given["on_value"], given["off_value"]
        if dtype is None:
            first = on if on is not None else off
            dtype = dtypes.float32 if first is None else first.dtype.base_dtype
        on = convert_to_tensor(1, dtype, name="on_value") if on is None else on
        off = convert_to_tensor(0, dtype, name="off_value") if off is None else off
        if on.dtype.base_dtype != off.dtype.base_dtype:
            raise TypeError(
                f"dtype {on.dtype.base_dtype} of on_value does not match dtype "
                f"{off.dtype.base_dtype} of off_value"
            )
        return OneHot(indices, depth, on, off, axis=axis, name=scope)


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool, name: str | None = None
) -> Tensor:
    """For each length, a row of `maxlen` that is true in its first `length` places."""
    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert_to_tensor(lengths)
        if maxlen is None:
            maxlen = registry.get("Max")(lengths, _dimensions(lengths), keep_dims=False)
            maxlen = registry.get("Maximum")(constant(0, maxlen.dtype), maxlen)
        else:
            maxlen = convert_to_tensor(maxlen)
        if maxlen._shape.rank not in (None, 0):
            raise ValueError(
                f"Argument `maxlen` must be scalar for sequence_mask, received `maxlen` = {maxlen} "
                f"with shape '{maxlen._shape}' instead"
            )
        first, step = constant(0, maxlen.dtype), constant(1, maxlen.dtype)
        places = registry.get("Range")(first, maxlen, step)
        ends = registry.get("Cast")(expand_dims(lengths, -1), DstT=maxlen.dtype)
        result = places < ends
        if dtype is None or result.dtype.is_compatible_with(dtype):
            return result
        return registry.get("Cast")(result, DstT=dtype)


def _dimensions(x: Tensor) -> Tensor:
    if x._shape.rank is not None:
        return constant(np.arange(x._shape.rank), dtype=dtypes.int32)
    return registry.get("Range")(0, registry.get("Rank")(x), 1)
