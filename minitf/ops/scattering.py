"""Tensors made of values at listed places."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import registry
from minitf.errors import InvalidArgumentError
from minitf.infer import constant_shape, merged
from minitf.kernels.values import as_array, counts, plain
from minitf.kernels.values import zeros as zero_array
from minitf.op import op
from minitf.ops.constants import identity
from minitf.ops.filling import all_axes, zeros_like
from minitf.ops.gathering import gather_nd
from minitf.ops.shapes import shape
from minitf.shape import as_shape, brackets, shape_of
from minitf.tensor import Tensor


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _places(
    indices: np.ndarray, updates: np.ndarray, sizes: tuple[int, ...], policy: str
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """The index that rows of `indices` stand for, and the updates that go there."""
    given, outer = indices, max(indices.ndim - 1, 0)
    depth = indices.shape[-1] if indices.ndim else 1
    if not math.prod(sizes) and (indices.size or updates.size):
        raise _fail(
            f"Indices and updates specified for empty output.  indices shape: {shape_of(indices)}"
        )
    if updates.size and not indices.size:
        raise _fail("Indices and updates specified for empty output shape")
    indices = indices.reshape(math.prod(indices.shape[:-1]), depth)
    wanted = (len(indices), *sizes[depth:])
    if depth > len(sizes) or (indices.size == 0 and updates.shape[outer:] != wanted[1:]):
        raise _fail(
            f"Dimensions [{depth},{len(sizes)}) of input[shape=[{','.join(map(str, sizes))}]] must "
            f"match dimensions [{outer},{updates.ndim}) of updates[shape={shape_of(updates)}]"
        )
    if depth == 0:
        if indices.size or updates.size or given.ndim > 1:
            raise _fail(
                "Only indices.shape[-1] values between 1 and 5 are currently supported.  "
                "Requested rank: 0"
            )
        return (np.zeros(0, np.int64),), updates
    if updates.size != np.prod(wanted, dtype=int):
        raise _fail(
            f"Dimensions [0,{outer}) of indices[shape={shape_of(given)}] must match dimensions "
            f"[0,{outer}) of updates[shape={shape_of(updates)}]"
        )
    updates = updates.reshape(wanted)
    outside = ((indices < 0) | (indices >= np.array(sizes[:depth]))).any(-1)
    if outside.any():
        if policy == "IGNORE":
            indices, updates = indices[~outside], updates[~outside]
        else:
            place = int(np.argmax(outside))
            entry = ", ".join(map(str, indices[place].tolist()))
            raise _fail(
                f"indices[{place}] = [{entry}] does not index into shape "
                f"[{','.join(map(str, sizes))}]"
            )
    return tuple(indices.T), updates


def _check_updates(indices: Tensor, updates: Tensor, sizes: Any) -> None:
    """ValueError where the shapes of indices, updates and output are known not to fit."""
    index, values = indices._shape._sizes, updates._shape._sizes
    if not index or values is None or sizes is None or index[-1] is None or index[-1] > len(sizes):
        return
    outer, inner = len(index) - 1, index[-1]
    parts = (
        ("indices", indices._shape, indices._shape[:outer], updates._shape[:outer], 0, outer),
        ("input", as_shape(sizes), as_shape(sizes[inner:]), updates._shape[outer:], inner, None),
    )
    for name, whole, mine, theirs, first, last in parts:
        try:
            merged(mine, theirs)
        except ValueError as error:
            end = whole.rank if last is None else last
            ours = f"[{outer},{len(values)})" if last is None else f"[0,{outer})"
            raise ValueError(
                f"Dimensions [{first},{end}) of {name}[shape={brackets(whole)}] = {brackets(mine)} "
                f"must match dimensions {ours} of updates[shape={brackets(updates._shape)}] = "
                f"{brackets(theirs)}: {error}"
            ) from None


@op
class ScatterNd:
    """Zeros of a shape, with the updates added at the places the indices list."""

    inputs = "indices: Tindices, updates: T, shape: Tindices"
    outputs = "output: T"
    attrs = 'T: type, Tindices: {int16, int32, int64}, bad_indices_policy: string = ""'

    def infer(indices, updates, sizes):
        known = constant_shape(sizes)
        _check_updates(indices, updates, known._sizes)
        return known

    def kernel(indices, updates, sizes, *, bad_indices_policy):
        updates = as_array(updates)
        sizes = tuple(counts(sizes))
        index, updates = _places(np.asarray(indices), updates, sizes, bad_indices_policy)
        result = zero_array(sizes, updates.dtype)
        np.add.at(result, index, updates)
        return plain(result)

    def gradient(op, grad):
        return [None, gather_nd(grad, op.inputs[0]), None]


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """Zeros of `shape` with updates[i] added at place indices[i]."""
    return ScatterNd(indices, updates, shape, name=name)


def _of_tensor(tensor: Tensor, indices: Tensor, updates: Tensor) -> Any:
    _check_updates(indices, updates, tensor._shape._sizes)
    return tensor._shape


def _changed(tensor: Any, indices: Any, updates: Any, policy: str, change: Any) -> Any:
    result = as_array(tensor).copy()
    index, updates = _places(np.asarray(indices), as_array(updates), result.shape, policy)
    change(result, index, updates)
    return plain(result)


def _assign(array: np.ndarray, index: Any, values: np.ndarray) -> None:
    array[index] = values


_INPUTS = "tensor: T, indices: Tindices, updates: T"
_ATTRS = 'T: type, Tindices: {int32, int64}, bad_indices_policy: string = ""'


@op
class TensorScatterUpdate:
    """The tensor with the updates in the places the indices list."""

    inputs = _INPUTS
    outputs = "output: T"
    attrs = 'T: type, Tindices: {int16, int32, int64, uint16}, bad_indices_policy: string = ""'
    infer = _of_tensor

    def kernel(tensor, indices, updates, *, bad_indices_policy):
        return _changed(tensor, indices, updates, bad_indices_policy, _assign)

    def gradient(op, grad):
        indices = op.inputs[1]
        updates_grad = gather_nd(grad, indices)
        kept = identity(grad)
        blank = zeros_like(op.inputs[2], dtype=grad.dtype)
        return [TensorScatterUpdate(kept, indices, blank), None, updates_grad]


@op
class TensorScatterAdd:
    """The tensor with the updates added at the places the indices list."""

    inputs = _INPUTS
    outputs = "output: T"
    attrs = _ATTRS
    infer = _of_tensor

    def kernel(tensor, indices, updates, *, bad_indices_policy):
        return _changed(tensor, indices, updates, bad_indices_policy, np.add.at)

    def gradient(op, grad):
        updates_grad = gather_nd(grad, op.inputs[1])
        return [identity(grad), None, updates_grad]


@op
class TensorScatterSub:
    """The tensor with the updates subtracted at the places the indices list."""

    inputs = _INPUTS
    outputs = "output: T"
    attrs = _ATTRS
    infer = _of_tensor

    def kernel(tensor, indices, updates, *, bad_indices_policy):
        return _changed(tensor, indices, updates, bad_indices_policy, np.subtract.at)

    def gradient(op, grad):
        updates_grad = gather_nd(grad, op.inputs[1])
        return [identity(grad), None, -updates_grad]


def _extreme_gradient(op: Any, grad: Any) -> list[Any]:
    """The gradient goes to whichever was the extreme, in equal parts where several were."""
    tensor, indices, updates = op.inputs
    cast, equal = registry.get("Cast"), registry.get("Equal")
    mine = cast(equal(tensor, op.outputs[0]), DstT=grad.dtype)
    chosen = gather_nd(op.outputs[0], indices)
    theirs = cast(equal(updates, chosen), DstT=grad.dtype)
    sizes = shape(tensor, out_type=indices.dtype)
    total = mine + ScatterNd(indices, theirs, sizes)
    return [grad * mine / total, None, gather_nd(grad / total, indices) * theirs]


@op
class TensorScatterMax:
    """The larger of the tensor's elements and the updates that go there."""

    inputs = _INPUTS
    outputs = "output: T"
    attrs = _ATTRS
    infer = _of_tensor

    def kernel(tensor, indices, updates, *, bad_indices_policy):
        return _changed(tensor, indices, updates, bad_indices_policy, np.maximum.at)

    gradient = _extreme_gradient


@op
class TensorScatterMin:
    """The smaller of the tensor's elements and the updates that go there."""

    inputs = _INPUTS
    outputs = "output: T"
    attrs = _ATTRS
    infer = _of_tensor

    def kernel(tensor, indices, updates, *, bad_indices_policy):
        return _changed(tensor, indices, updates, bad_indices_policy, np.minimum.at)

    gradient = _extreme_gradient


def tensor_scatter_update(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """`tensor` with updates[i] at place indices[i]."""
    return TensorScatterUpdate(tensor, indices, updates, name=name)


def tensor_scatter_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """`tensor` with updates[i] added at place indices[i]."""
    return TensorScatterAdd(tensor, indices, updates, name=name)


def tensor_scatter_sub(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """`tensor` with updates[i] subtracted at place indices[i]."""
    return TensorScatterSub(tensor, indices, updates, name=name)


def tensor_scatter_max(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """`tensor` with the maximum of itself and updates[i] at place indices[i]."""
    return TensorScatterMax(tensor, indices, updates, name=name)


def tensor_scatter_min(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """`tensor` with the minimum of itself and updates[i] at place indices[i]."""
    return TensorScatterMin(tensor, indices, updates, name=name)


@op
class SparseToDense:
    """A tensor of a default value, with other values at the places listed."""

    inputs = "sparse_indices: Tindices, output_shape: Tindices, sparse_values: T, default_value: T"
    outputs = "dense: T"
    attrs = "validate_indices: bool = true, T: type, Tindices: {int32, int64}"

    def infer(indices, sizes, values, default):
        return constant_shape(sizes)

    def kernel(indices, sizes, values, default, *, validate_indices):
        sizes, indices = tuple(counts(sizes)), np.asarray(indices)
        places = indices.reshape(-1, len(sizes)) if indices.ndim < 2 else indices
        if validate_indices:
            _check_order(places, sizes)
        default = as_array(default)
        result = np.full(sizes, default[()], default.dtype)
        result[tuple(places.T)] = values
        return plain(result)

    def gradient(op, grad):
        indices, sizes = op.inputs[:2]
        values_grad = gather_nd(grad, indices)
        default_grad = _total(grad) - _total(values_grad)
        return [zeros_like(indices), zeros_like(sizes), values_grad, default_grad]


def _total(x: Tensor) -> Tensor:
    return registry.get("Sum")(x, all_axes(x), keep_dims=False)


_OUT_OF_ORDER = (
    "is out of order. Many sparse ops require sorted indices.\n    Use `tf.sparse.reorder` to "
    "create a correctly ordered copy.\n\n"
)


def _check_order(places: np.ndarray, sizes: tuple[int, ...]) -> None:
    previous = None
    for i, place in enumerate(map(tuple, places.tolist())):
        entry = f"indices[{i}] = [{','.join(map(str, place))}]"
        if any(not 0 <= n < size for n, size in zip(place, sizes, strict=True)):
            raise _fail(
                f"{entry} is out of bounds: need 0 <= index < [{','.join(map(str, sizes))}]"
            )
        if previous is not None and place <= previous:
            problem = "is repeated" if place == previous else _OUT_OF_ORDER
            raise _fail(f"{entry} {problem}")
        previous = place


def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """A tensor of `output_shape` filled with `default_value`, and the values where listed."""
    return SparseToDense(
        sparse_indices,
        output_shape,
        sparse_values,
        default_value,
        validate_indices=validate_indices,
        name=name,
    )
