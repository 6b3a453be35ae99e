"""Ops that put the same elements in another order."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import registry
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import constant_value, merged
from minitf.kernels.values import as_array, counts, plain
from minitf.op import convert_to_tensor, op
from minitf.ops.joining import concat
from minitf.ops.shapes import rank as rank_of
from minitf.ops.shapes import renamed_argument
from minitf.shape import shape_of, unknown_shape
from minitf.tensor import Tensor


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _permuted(x: Tensor, perm: Tensor) -> Any:
    """The shape of a transposed tensor; ValueError for what is no permutation of its axes."""
    sizes, length, order = x._shape._sizes, perm._shape.num_elements(), constant_value(perm)
    if perm._shape.rank not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {perm._shape.rank}")
    if sizes is not None and length is not None and length != len(sizes):
        if len(sizes) != 0:
            raise ValueError(f"Dimension must be {len(sizes)} but is {length}")
        raise ValueError(f"Shape must be at least rank {length} but is rank 0")
    if sizes is None and length is not None and length < 2:
        return unknown_shape()  # a scalar, or a vector
    if order is None:
        return unknown_shape(length if sizes is None else len(sizes))
    if sizes is None:
        return unknown_shape(len(order))
    rank = len(sizes)
    result = []
    for place in order.tolist():
        if not -rank <= place < rank:
            raise ValueError(f"perm dim {place} is out of range of input rank {rank}")
        result.append(sizes[place])
    return result


def _transposed(x: np.ndarray, perm: Any) -> np.ndarray:
    order = counts(perm)
    if len(order) != x.ndim:
        raise _fail(
            f"transpose expects a vector of size {x.ndim}. But input(1) is a vector of size "
            f"{len(order)}"
        )
    for i, place in enumerate(order):
        if not -x.ndim <= place < x.ndim:
            raise _fail(f"{place} is out of range [0 .. {x.ndim})")
        if place in order[:i]:
            missing = next(d for d in range(x.ndim) if d not in order)
            raise _fail(f"{missing} is missing from {{{','.join(map(str, order))}}}.")
    return x.transpose(order)


@op
class Transpose:
    """The input with its dimensions in another order."""

    inputs = "x: T, perm: Tperm"
    outputs = "y: T"
    attrs = "T: type, Tperm: {int32, int64} = DT_INT32"
    infer = _permuted

    def kernel(x, perm):
        return plain(_transposed(as_array(x), perm))

    def gradient(op, grad):
        return [transpose(grad, invert_permutation(op.inputs[1])), None]


@op
class ConjugateTranspose:
    """The input's conjugate with its dimensions in another order."""

    inputs = "x: T, perm: Tperm"
    outputs = "y: T"
    attrs = "T: type, Tperm: {int32, int64} = DT_INT32"
    infer = _permuted

    def kernel(x, perm):
        return plain(_transposed(np.conj(as_array(x)), perm))

    def gradient(op, grad):
        order = invert_permutation(op.inputs[1])
        return [transpose(grad, order, conjugate=True), None]


def transpose(
    a: Any, perm: Any = None, name: str | None = "transpose", conjugate: bool = False
) -> Tensor:
    """`a` with dimension perm[i] as its i-th; by default the dimensions in reverse."""
    with name_scope(name, "transpose", [a]) as scope:
        a = convert_to_tensor(a, name="a")
        function = ConjugateTranspose if conjugate and a.dtype.is_complex else Transpose
        if perm is None:
            rank = a._shape.rank
            if rank is None:
                perm = registry.get("Range")(registry.get("Rank")(a) - 1, -1, -1)
            else:
                perm = np.arange(rank - 1, -1, -1, dtype=np.int32)
        return function(a, perm, name=scope)


def matrix_transpose(
    a: Any, name: str | None = "matrix_transpose", conjugate: bool = False
) -> Tensor:
    """`a` with its last two dimensions exchanged; ValueError when it has fewer."""
    with name_scope(name, values=[a]):
        a = convert_to_tensor(a, name="a")
        rank = a._shape.rank
        if rank is not None:
            if rank < 2:
                raise ValueError(
                    "Argument `a` should be a (batch) matrix with rank >= 2.  Received `a` = "
                    f"{a} with shape: {a._shape}"
                )
            perm: Any = [*range(rank - 2), rank - 1, rank - 2]
        else:
            count = rank_of(a)
            leading = registry.get("Range")(0, count - 2, 1)
            perm = concat((leading, [count - 1, count - 2]), 0)
        return transpose(a, perm=perm, conjugate=conjugate)


@op
class InvertPermutation:
    """The permutation that undoes the input."""

    inputs = "x: T"
    outputs = "y: T"
    attrs = "T: {int32, int64} = DT_INT32"

    def infer(x):
        if x._shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {x._shape.rank}")
        return x._shape if x._shape.rank is not None else unknown_shape(1)

    def kernel(x):
        outside = x[(x < 0) | (x >= x.size)]
        if outside.size:
            raise _fail(f"{outside[0]} is not between 0 and {x.size}")
        result = np.full_like(x, -1)
        result[x] = np.arange(x.size, dtype=x.dtype)
        if (result < 0).any():
            order = x.tolist()
            double = next(n for i, n in enumerate(order) if n in order[:i])
            raise _fail(f"{double} is duplicated in the input.")
        return result

    gradient = None


def invert_permutation(x: Any, name: str | None = None) -> Tensor:
    """The permutation y with y[x[i]] = i."""
    return InvertPermutation(x, name=name)


def _axes_problem(axes: Any, rank: int) -> str:
    """What is wrong with a list of dimensions of a tensor; nothing if it is all right."""
    seen = set()
    for index, axis in enumerate(axes):
        place = axis + rank if axis < 0 else axis
        if not 0 <= place < rank:
            return f"'axis'[{index}] = {axis} is out of valid range [0, {rank - 1}"
        if place in seen:
            return f"axis {place} specified more than once."
        seen.add(place)
    return ""


@op
class ReverseV2:
    """The input backwards along the dimensions listed."""

    inputs = "tensor: T, axis: Tidx"
    outputs = "output: T"
    attrs = (
        "Tidx: {int32, int64} = DT_INT32, T: {uint8, int8, uint16, int16, int32, uint32, int64, "
        "uint64, bool, bfloat16, half, float, double, complex64, complex128, string}"
    )

    def infer(x, axis):
        axes, rank = constant_value(axis), x._shape.rank
        if axis._shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {axis._shape.rank}")
        if axes is not None and rank is not None:
            problem = _axes_problem(axes.tolist(), rank)
            if problem:
                raise ValueError(problem)
        return x._shape

    def kernel(x, axis):
        x, axes = as_array(x), counts(axis)
        problem = _axes_problem(axes, x.ndim)
        if problem:
            raise _fail(problem)
        return np.flip(x, tuple(axes)) if axes else x

    def gradient(op, grad):
        return reverse(grad, op.inputs[1]), None


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """`tensor` backwards along the dimensions that `axis` lists."""
    return ReverseV2(tensor, axis, name=name)


@op
class ReverseSequence:
    """The first seq_lengths[i] places of each row backwards, the others as they are."""

    inputs = "input: T, seq_lengths: Tlen"
    outputs = "output: T"
    attrs = "seq_dim: int, batch_dim: int = 0, T: type, Tlen: {int32, int64} = DT_INT64"

    def infer(x, lengths, *, seq_dim, batch_dim):
        sizes = x._shape._sizes
        if lengths._shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {lengths._shape.rank}")
        if sizes is None:
            return x._shape
        for name, axis in (("batch_dim", batch_dim), ("seq_dim", seq_dim)):
            if axis >= len(sizes):
                raise ValueError(f"{name} must be < input rank: {axis} vs. {len(sizes)}")
        count = lengths._shape._sizes[0] if lengths._shape._sizes else None
        if count is not None and sizes[batch_dim] not in (None, count):
            raise ValueError(f"Dimensions must be equal, but are {sizes[batch_dim]} and {count}")
        return [count if d == batch_dim and n is None else n for d, n in enumerate(sizes)]

    def kernel(x, lengths, *, seq_dim, batch_dim):
        if batch_dim == seq_dim:
            raise _fail(f"batch_dim == seq_dim == {seq_dim}")
        if np.ndim(lengths) != 1:
            raise _fail(f"seq_lengths must be 1-dim, not {np.ndim(lengths)}")
        for name, axis in (("seq_dim", seq_dim), ("batch_dim", batch_dim)):
            if axis >= x.ndim:
                raise _fail(f"{name} must be < input rank ( {axis} vs. {x.ndim})")
        if len(lengths) != x.shape[batch_dim]:
            raise _fail(
                f"Length of seq_lengths != input.dims({batch_dim}), ({len(lengths)} vs. "
                f"{x.shape[batch_dim]})"
            )
        result = x.copy()
        target = np.moveaxis(result, (batch_dim, seq_dim), (0, 1))
        source = np.moveaxis(x, (batch_dim, seq_dim), (0, 1))
        for i, length in enumerate(lengths.tolist()):
            if length < 0:
                raise _fail(f"seq_lens({i}) < 0")
            if length > source.shape[1]:
                raise _fail(f"seq_lens({i}) > input.dims({seq_dim})")
            target[i, :length] = source[i, :length][::-1]
        return result

    def gradient(op, grad):
        axes = {"seq_dim": op.get_attr("seq_dim"), "batch_dim": op.get_attr("batch_dim")}
        return [ReverseSequence(grad, op.inputs[1], **axes), None]


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
    seq_dim: int | None = None,
    batch_dim: int | None = None,
) -> Tensor:
    """`input` with the first seq_lengths[i] places of row i backwards along `seq_axis`."""
    seq_axis = renamed_argument("seq_axis", seq_axis, "seq_dim", seq_dim)
    batch_axis = renamed_argument("batch_axis", batch_axis, "batch_dim", batch_dim)
    return ReverseSequence(input, seq_lengths, seq_dim=seq_axis, batch_dim=batch_axis, name=name)


@op
class Roll:
    """The input with its elements moved along dimensions, those that leave coming in again."""

    inputs = "input: T, shift: Tshift, axis: Taxis"
    outputs = "output: T"
    attrs = "T: type, Tshift: {int32, int64}, Taxis: {int32, int64}"

    def infer(x, shift, axis):
        if x._shape.rank == 0:
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        for vector in (shift, axis):
            if vector._shape.rank not in (None, 0, 1):
                raise ValueError(f"Shape must be at most rank 1 but is rank {vector._shape.rank}")
        merged(shift._shape, axis._shape)
        return x._shape

    def kernel(x, shift, axis):
        if not np.ndim(x):
            raise _fail("input must be 1-D or higher")
        for name, vector in (("shift", shift), ("axis", axis)):
            if np.ndim(vector) > 1:
                raise _fail(f"{name} must be a scalar or a 1-D vector. Found: {shape_of(vector)}")
        if np.shape(shift) != np.shape(axis):
            raise _fail("shift and axis must have the same size")
        shifts, axes = np.ravel(shift).tolist(), np.ravel(axis).tolist()
        for place in axes:
            if not -x.ndim <= place < x.ndim:
                raise _fail(f"axis {place} is out of range")
        return np.roll(x, shifts, axes)

    def gradient(op, grad):
        shift, axis = op.inputs[1:]
        return roll(grad, -shift, axis), None, None


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Tensor:
    """`input` with its elements moved by `shift` along `axis`, round the end."""
    return Roll(input, shift, axis, name=name)
