"""Sums, means, products, extremes and their positions along axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Anything
from weakref import WeakKeyDictionary

import numpy as np

from minitf import registry
from minitf.errors import InvalidArgumentError
from minitf.graph import colocate_with, device, get_default_graph
from minitf.infer import constant_value, get_static_value
from minitf.kernels.reducing import reduce_array
from minitf.kernels.values import conjugate
from minitf.op import Op, convert_to_tensor, op
from minitf.ops.casts import cast, conj
from minitf.ops.constants import constant
from minitf.ops.cumulative import cumprod
from minitf.ops.filling import ones, range_of
from minitf.ops.gathering import gather
from minitf.ops.joining import concat
from minitf.ops.logic import equal
from minitf.ops.padding import broadcast_to, tile
from minitf.ops.partitions import DynamicStitch
from minitf.ops.rearranging import invert_permutation, transpose
from minitf.ops.searching import ListDiff
from minitf.ops.shapes import rank, renamed_argument, reshape, shape, size
from minitf.ops.wrappers import NUMBERS
from minitf.shape import UNKNOWN, as_shape, unknown_shape
from minitf.tensor import Tensor

_TIDX = "Tidx: {int32, int64} = DT_INT32"
_NUMBERS = f"keep_dims: bool = false, T: {NUMBERS}, {_TIDX}"
_ORDERED = (
    "T: {float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64, "
    "qint8, quint8, qint32, qint16, quint16"
)
_EXTREMES = f"keep_dims: bool = false, {_ORDERED}}}, {_TIDX}"
_BOOLS = f"keep_dims: bool = false, {_TIDX}"


def _infer_reduced(input: Tensor, axes: Tensor, *, keep_dims: bool) -> Anything:
    rank = axes.shape.rank
    if rank is not None and rank > 1:
        raise ValueError(f"Shape must be at most rank 1 but is rank {rank}")
    known = None if input.shape.rank is None else constant_value(axes)
    if known is None:
        return unknown_shape(input.shape.rank) if keep_dims else UNKNOWN
    sizes: list[Anything] = input.shape.as_list()
    for axis in known.reshape(-1).tolist():
        if not -len(sizes) <= axis < len(sizes):
            raise ValueError(
                f"Invalid reduction dimension {axis} for input with {len(sizes)} dimensions."
            )
        sizes[axis] = 1 if keep_dims else ()
    return as_shape([size for size in sizes if size != ()])


def _checked(x: Anything, axes: Anything) -> tuple[int, ...]:
    """The axes to reduce, as NumPy wants them."""
    places = tuple(axes.ravel().tolist())
    rank = x.ndim
    for axis in places:
        if not -rank <= axis < rank:
            raise InvalidArgumentError(
                None,
                None,
                f"Invalid reduction dimension ({axis} for input with {rank} dimension(s)",
            )
    if len(places) > 1 and len({axis % rank for axis in places}) < len(places):
        twice = next(a for i, a in enumerate(places) if a % rank in {b % rank for b in places[:i]})
        raise InvalidArgumentError(
            None, None, f"Invalid reduction arguments: Axes contains duplicate dimension: {twice}"
        )
    return places


def _reducer(ufunc: np.ufunc) -> Callable[..., Anything]:
    def kernel(x, axes, *, keep_dims):
        return reduce_array(ufunc, x, _checked(x, axes), keep_dims)

    return kernel


def _extreme(ufunc: np.ufunc, limit: str) -> Callable[..., Anything]:
    """A kernel that gives the type's own `limit` where there is nothing to compare."""

    def kernel(x, axes, *, keep_dims):
        places = _checked(x, axes)
        if x.size:
            return reduce_array(ufunc, x, places, keep_dims)
        if x.dtype.kind == "f":
            initial = x.dtype.type("-inf" if limit == "min" else "inf")
        else:
            initial = getattr(np.iinfo(x.dtype), limit)
        return ufunc.reduce(x, places, None, None, keep_dims, initial)

    return kernel


# gradients


def reduced_shape(input_shape: Anything, axes: Anything) -> Anything:
    """The shape after a reduction that keeps its axes: an array where it is known, or a tensor."""
    sizes = constant_value(input_shape)
    places = None if sizes is None else get_static_value(convert_to_tensor(axes))
    if sizes is not None and places is not None:
        kept = sizes.astype(np.int32)
        kept[places] = 1
        return kept
    axes = convert_to_tensor(axes)
    number = size(input_shape, out_type=axes.dtype)
    axes = (axes + number) % number
    axes_shape = shape(axes)
    every = range_of(number)
    lengths = ones(axes_shape, dtype=input_shape.dtype)
    return DynamicStitch([every, axes], [input_shape, lengths])


# For each graph what is known of a reduction: the shape that keeps its axes, and how many times
# each of those stood there. TensorFlow computes this with nodes, the first time it is needed.
_known: WeakKeyDictionary[Anything, dict[Anything, Anything]] = WeakKeyDictionary()


def _kept_and_tiling(sizes: tuple[int, ...], axes: tuple[int, ...]) -> Anything:
    known = _known.setdefault(get_default_graph(), {})
    if (sizes, axes) not in known:
        kept = np.array(sizes, np.int32)
        kept[list(axes)] = 1
        maximum = registry.get("Maximum")(kept.tolist(), 1)  # type: ignore[operator]
        tiling = sizes // maximum
        known[sizes, axes] = kept, constant_value(tiling)
    return known[sizes, axes]


def sum_gradient(op: Anything, grad: Tensor) -> Tensor:
    """The gradient spread over all that was summed."""
    source, axes = op.inputs[0], constant_value(op.inputs[1])
    sizes = source.shape._sizes
    if sizes is not None and axes is not None:
        if axes.ndim == 1 and axes.tolist() == list(range(len(sizes))):
            grad = reshape(grad, [1] * len(sizes))
            whole = shape(source) if None in sizes else constant(list(sizes), dtype=np.int32)
            return tile(grad, whole)
        if None not in sizes:
            kept, tiling = _kept_and_tiling(sizes, tuple(axes.reshape(-1).tolist()))
            return tile(reshape(grad, kept), tiling)
    whole = shape(source)
    if not op.get_attr("keep_dims"):
        with colocate_with(whole):
            kept = reduced_shape(whole, op.inputs[1])
        grad = reshape(grad, kept)
    return broadcast_to(grad, whole)


def _extreme_gradient(op: Anything, grad: Tensor) -> Anything:
    """Elements that share the extreme share the gradient."""
    x, y = op.inputs[0], op.outputs[0]
    whole = shape(x)
    if op.get_attr("keep_dims"):
        kept = shape(y)
    else:
        kept = reduced_shape(whole, op.inputs[1])
        y = reshape(y, kept)
        grad = reshape(grad, kept)
    chosen = cast(equal(y, x), grad.dtype)
    count = reshape(reduce_sum(chosen, op.inputs[1]), kept)
    return (chosen / count) * grad, None


@op
class Sum:
    """The sum along axes."""

    inputs = "input: T, reduction_indices: Tidx"
    outputs = "output: T"
    attrs = _NUMBERS
    infer = _infer_reduced
    kernel = _reducer(np.add)

    def gradient(op, grad):
        return sum_gradient(op, grad), None


@op
class Mean:
    """The mean along axes; of integers its fraction is cut off."""

    inputs = "input: T, reduction_indices: Tidx"
    outputs = "output: T"
    attrs = _NUMBERS
    infer = _infer_reduced

    def kernel(x, axes, *, keep_dims):
        places = _checked(x, axes)
        total = reduce_array(np.add, x, places, keep_dims)
        count = 1
        for axis in places:
            count *= x.shape[axis]
        if x.dtype.kind in "fc":
            return total / x.dtype.type(count)
        if not count:
            return total
        return ((np.abs(total) // count) * np.sign(total)).astype(x.dtype)

    def gradient(op, grad):
        spread = sum_gradient(op, grad)
        source, result = op.inputs[0].shape, op.outputs[0].shape
        if source.is_fully_defined() and result.is_fully_defined():
            count = source.num_elements() // max(result.num_elements(), 1)
            factor = constant(count, dtype=spread.dtype)
        else:
            whole = shape(op.inputs[0])
            number = size(whole)
            axes = cast(op.inputs[1], number.dtype)
            axes = (axes + number) % number
            factor = reduce_prod(gather(whole, axes))
        return spread / cast(factor, spread.dtype), None


@op
class Prod:
    """The product along axes."""

    inputs = "input: T, reduction_indices: Tidx"
    outputs = "output: T"
    attrs = _NUMBERS
    infer = _infer_reduced
    kernel = _reducer(np.multiply)

    def gradient(op, grad):
        x, whole = op.inputs[0], shape(op.inputs[0])
        axes = reshape(op.inputs[1], [-1])
        if not op.get_attr("keep_dims"):
            kept = reduced_shape(whole, op.inputs[1])
            grad = reshape(grad, kept)
        grad = broadcast_to(grad, whole)
        with device("/cpu:0"):
            number = rank(x)
            axes = cast(axes, number.dtype)
            reduced = (axes + number) % number
            every = range_of(0, number)
            other, _ = ListDiff(every, reduced, out_idx=reduced.dtype)
            order = concat([reduced, other], 0)
            inner = reduce_prod(gather(whole, reduced))
            outer = reduce_prod(gather(whole, other))
        moved = transpose(x, order)
        moved_shape = shape(moved)
        flat = reshape(moved, (inner, outer))
        # The product of all but one element is that of those before it and those after it.
        before = cumprod(flat, axis=0, exclusive=True)
        after = cumprod(flat, axis=0, exclusive=True, reverse=True)
        rest = reshape(conj(before) * conj(after), moved_shape)
        result = grad * transpose(rest, invert_permutation(order))
        return reshape(result, whole), None


@op
class Max:
    """The largest element along axes; of nothing the smallest value there is."""

    inputs = "input: T, reduction_indices: Tidx"
    outputs = "output: T"
    attrs = _EXTREMES
    infer = _infer_reduced
    kernel = _extreme(np.maximum, "min")
    gradient = _extreme_gradient


@op
class Min:
    """The smallest element along axes; of nothing the largest value there is."""

    inputs = "input: T, reduction_indices: Tidx"
    outputs = "output: T"
    attrs = _EXTREMES
    infer = _infer_reduced
    kernel = _extreme(np.minimum, "max")
    gradient = _extreme_gradient


@op
class All:
    """Whether every bool along axes is true."""

    inputs = "input: bool, reduction_indices: Tidx"
    outputs = "output: bool"
    attrs = _BOOLS
    infer = _infer_reduced
    kernel = _reducer(np.logical_and)
    gradient = LookupError


@op
class Any:
    """Whether some bool along axes is true."""

    inputs = "input: bool, reduction_indices: Tidx"
    outputs = "output: bool"
    attrs = _BOOLS
    infer = _infer_reduced
    kernel = _reducer(np.logical_or)
    gradient = LookupError


@op
class EuclideanNorm:
    """The square root of the sum of squares along axes."""

    inputs = "input: T, reduction_indices: Tidx"
    outputs = "output: T"
    attrs = _NUMBERS
    infer = _infer_reduced

    def kernel(x, axes, *, keep_dims):
        squares = x * conjugate(x)
        total = reduce_array(np.add, squares, _checked(x, axes), keep_dims)
        return np.sqrt(total).astype(x.dtype)

    def gradient(op, grad):
        result = op.outputs[0]
        if not op.get_attr("keep_dims"):
            kept = reduced_shape(shape(op.inputs[0]), op.inputs[1])
            result = reshape(result, kept)
            grad = reshape(grad, kept)
        return op.inputs[0] / (result / grad), None


# public functions


def all_axes(x: Anything, axis: Anything) -> Anything:
    """`axis`, or every axis of `x` where it is None."""
    if axis is not None:
        return axis
    rank_known = getattr(getattr(x, "shape", None), "rank", None)
    if rank_known:
        return constant(np.arange(rank_known, dtype=np.int32))
    return range_of(0, rank(x))


def reduced(
    reduction: Op,
    x: Anything,
    axis: Anything = None,
    keepdims: Anything = False,
    name: str | None = None,
) -> Tensor:
    """A node that reduces `axis` of `x`, or every axis where it is None."""
    keepdims = bool(keepdims)
    result = reduction(x, all_axes(x, axis), keep_dims=keepdims, name=name)
    if axis is None and not keepdims and not result.shape.is_fully_defined():
        result.set_shape(())
    return result


def _public(reduction: Op, public_name: str) -> Callable[..., Tensor]:
    """A reduction as a public function, with the old names of its arguments too."""

    def function(
        input_tensor: Anything,
        axis: Anything = None,
        keepdims: Anything = None,
        name: str | None = None,
        reduction_indices: Anything = None,
        keep_dims: Anything = None,
    ) -> Tensor:
        axis = renamed_argument("axis", axis, "reduction_indices", reduction_indices)
        keepdims = renamed_argument("keepdims", keepdims, "keep_dims", keep_dims)
        return reduced(reduction, input_tensor, axis, keepdims, name)

    function.__name__ = function.__qualname__ = public_name
    function.__doc__ = f"{reduction.__doc__} Every axis where `axis` is None."
    return function


reduce_sum, reduce_mean = _public(Sum, "reduce_sum"), _public(Mean, "reduce_mean")
reduce_prod = _public(Prod, "reduce_prod")
reduce_max, reduce_min = _public(Max, "reduce_max"), _public(Min, "reduce_min")
reduce_all, reduce_any = _public(All, "reduce_all"), _public(Any, "reduce_any")


def reduce_euclidean_norm(
    input_tensor: Anything, axis: Anything = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The square root of the sum of squares along `axis`, or of all elements."""
    return reduced(EuclideanNorm, input_tensor, axis, keepdims, name)
