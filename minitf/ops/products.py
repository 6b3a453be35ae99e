"""Products over chosen axes: tensordot, Einstein's sums, and the cross product."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.graph import name_scope
from minitf.infer import merged
from minitf.op import convert_to_tensor, op
from minitf.ops.casts import conj
from minitf.ops.filling import ones, range_of
from minitf.ops.gathering import gather
from minitf.ops.joining import concat, stack
from minitf.ops.matmul import matmul
from minitf.ops.padding import BroadcastGradientArgs, broadcast_to
from minitf.ops.rearranging import transpose
from minitf.ops.reductions import reduce_prod, reduce_sum, reduced_shape
from minitf.ops.searching import ListDiff
from minitf.ops.selecting import where
from minitf.ops.shapes import rank, reshape, shape
from minitf.ops.wrappers import REALS
from minitf.shape import UNKNOWN, TensorShape, broadcast, shape_of
from minitf.tensor import Tensor


@op
class Cross:
    """The cross product of vectors of three elements, in the last dimension."""

    inputs = "a: T, b: T"
    outputs = "product: T"
    attrs = f"T: {REALS}"

    def infer(a, b):
        whole = merged(a.shape, b.shape)
        if whole.rank is not None:
            if whole.rank < 1:
                raise ValueError("Shape must be at least rank 1 but is rank 0")
            last = whole.as_list()[-1]
            if last not in (None, 3):
                raise ValueError(f"Dimension must be 3 but is {last}")
            return TensorShape([*whole.as_list()[:-1], 3])
        return whole

    def kernel(a, b):
        (a0, a1, a2), (b0, b1, b2) = np.moveaxis(a, -1, 0), np.moveaxis(b, -1, 0)
        parts = a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0
        return np.stack(parts, -1)

    def gradient(op, grad):
        u, v = op.inputs
        return cross(v, grad), cross(grad, u)


def cross(a: Any, b: Any, name: str | None = None) -> Tensor:
    """The cross product of vectors of three elements, in the last dimension."""
    return Cross(a, b, name=name)


# tensordot


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """The sum of products over axes of `a` and of `b`.

    `axes` is their number (the last of `a`, the first of `b`), or a pair of lists of axes.
    Raises ValueError for axes that don't match or are too many.
    """
    with name_scope(name, "Tensordot", [a, b, axes]) as name:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        axes_a, axes_b = _dot_axes(a, axes)
        left, free_a, static_a = _as_matrix(a, axes_a, False)
        right, free_b, static_b = _as_matrix(b, axes_b, True)
        product = matmul(left, right)
        if isinstance(free_a, list) and isinstance(free_b, list):
            sizes = free_a + free_b
            if product.shape.is_fully_defined() and product.shape.as_list() == sizes:
                return product
            return reshape(product, sizes, name=name)
        free_a = convert_to_tensor(free_a, dtype=dtypes.int32)
        free_b = convert_to_tensor(free_b, dtype=dtypes.int32)
        product = reshape(product, concat([free_a, free_b], 0), name=name)
        if static_a is not None and static_b is not None:
            product.set_shape(static_a + static_b)
        return product


def _dot_axes(a: Tensor, axes: Any) -> tuple[Any, Any]:
    if isinstance(axes, (int, np.integer)):
        if axes < 0:
            raise ValueError(f"`axes` must be at least 0. Received: {axes}.")
        known = a.shape.rank
        if known is None:
            number = rank(a)
            last = range_of(number - axes, number, dtype=dtypes.int32)
            return last, range_of(axes, dtype=dtypes.int32)
        if axes > known:
            raise ValueError(
                f"`axes` must not be larger than the number of dimensions of tensor {a}.  Received "
                f"{axes}, vs tensor dimensions {known}."
            )
        return list(range(known - axes, known)), list(range(axes))
    if not isinstance(axes, (list, tuple)):
        axes = convert_to_tensor(axes, name="axes", dtype=dtypes.int32)
        return axes[0], axes[1]
    if len(axes) != 2:
        raise ValueError(f"`axes` must be an integer or have length 2. Received {axes}.")
    axes_a, axes_b = axes
    if isinstance(axes_a, (int, np.integer)) and isinstance(axes_b, (int, np.integer)):
        axes_a, axes_b = [axes_a], [axes_b]
    if len(axes_a) != len(axes_b):
        raise ValueError(
            f"Different number of contraction axes `a` and `b`, {len(axes_a)} != {len(axes_b)}."
        )
    return axes_a, axes_b


def _as_matrix(x: Tensor, axes: Any, axes_first: bool) -> tuple[Tensor, Any, Any]:
    """`x` as a matrix with `axes` on one side; the sizes of the other axes, and what is known."""
    listed = isinstance(axes, (list, tuple))
    if not (listed and x.shape.is_fully_defined()):
        return _as_matrix_when_run(x, axes, axes_first, listed and x.shape.rank is not None)
    sizes = x.shape.as_list()
    axes = [axis if axis >= 0 else axis + len(sizes) for axis in axes]
    free = [axis for axis in range(len(sizes)) if axis not in axes]
    free_sizes = [sizes[axis] for axis in free]
    across = int(np.prod(free_sizes, dtype=np.int64))
    along = int(np.prod([sizes[axis] for axis in axes], dtype=np.int64))
    order = list(axes) + free if axes_first else free + list(axes)
    wanted = [along, across] if axes_first else [across, along]
    moved = transpose(x, order) if order != list(range(len(sizes))) else x
    matrix = reshape(moved, wanted) if moved.shape.as_list() != wanted else moved
    return matrix, free_sizes, free_sizes


def _as_matrix_when_run(x: Tensor, axes: Any, axes_first: bool, rank_known: bool) -> Any:
    known = None
    if rank_known:
        static = x.shape.as_list()
        axes = [axis if axis >= 0 else axis + len(static) for axis in axes]
        others = [axis for axis in range(len(static)) if axis not in axes]
        known = [static[axis] for axis in others]
        axes = convert_to_tensor(axes, dtype=dtypes.int32, name="axes")
        free = convert_to_tensor(others, dtype=dtypes.int32, name="free")
        sizes = shape(x)
    else:
        sizes = shape(x)
        number = rank(x)
        axes = convert_to_tensor(axes, dtype=dtypes.int32, name="axes")
        axes = where(axes >= 0, axes, axes + number)
        free = ListDiff(range_of(number), axes, out_idx=dtypes.int32)[0]
    free_sizes, axes_sizes = gather(sizes, free), gather(sizes, axes)
    across, along = reduce_prod(free_sizes), reduce_prod(axes_sizes)
    if axes_first:
        order, wanted = concat([axes, free], 0), stack([along, across])
    else:
        order, wanted = concat([free, axes], 0), stack([across, along])
    return reshape(transpose(x, order), wanted), free_sizes, known


# Einstein's sums


def _infer_einsum(inputs: list[Tensor], *, equation: str) -> Any:
    terms, result = equation.split("->")
    sizes: dict[str, Any] = {}
    ellipsis = TensorShape([])
    for tensor, term in zip(inputs, terms.split(","), strict=True):
        if tensor.shape.rank is None:
            ellipsis = UNKNOWN if "..." in term else ellipsis
            continue
        before, dots, after = term.partition("...")
        named = len(before) + len(after)
        if tensor.shape.rank < named or (not dots and tensor.shape.rank != named):
            kind = "at least rank" if dots else "rank"
            raise ValueError(f"Shape must be {kind} {named} but is rank {tensor.shape.rank}")
        middle = tensor.shape.rank - len(after)
        if ellipsis.rank is not None:
            ellipsis = broadcast(ellipsis, tensor.shape[len(before) : middle])
        dims = tensor.shape.as_list()
        named_dims = dims[: len(before)] + dims[middle:]
        for label, size in zip(before + after, named_dims, strict=True):
            if size is not None and sizes.setdefault(label, size) not in (None, size):
                raise ValueError(f"Dimensions must be equal, but are {sizes[label]} and {size}")
            sizes.setdefault(label, None)
            sizes[label] = size if sizes[label] is None else sizes[label]
    before, dots, after = result.partition("...")
    if ellipsis.rank and not dots:
        raise ValueError(
            f"Shape must be at most rank 0 but is rank {ellipsis.rank}\n\t for einsum equation "
            f"'{equation}' without ellipsis (...) in the output subscripts where input(s) have "
            "non-empty broadcasting shape"
        )
    if ellipsis.rank is None and dots:
        return UNKNOWN
    middle = ellipsis.as_list() if dots else []
    return [sizes.get(label) for label in before] + middle + [sizes.get(label) for label in after]


@op
class Einsum:
    """Einstein's sum of products: labels that the result does not have are summed over."""

    inputs = "inputs: N * T"
    outputs = "output: T"
    attrs = "equation: string, N: int >= 1, T: type"
    infer = _infer_einsum

    def kernel(inputs, *, equation):
        terms, result = equation.split("->")
        _check_terms(inputs, terms.split(","), "..." in result)
        distinct = "".join(dict.fromkeys(result.replace("...", "."))).replace(".", "...")
        try:
            value = np.einsum(f"{terms}->{distinct}", *inputs, optimize=len(inputs) > 1)
        except ValueError as error:
            raise InvalidArgumentError(None, None, str(error)) from None
        value = np.asarray(value).astype(inputs[0].dtype, copy=False)
        return (value if distinct == result else _on_diagonal(value, distinct, result))[()]

    def gradient(op, grad):
        return _einsum_gradient(op, grad)


def _check_terms(inputs: list[Any], terms: list[str], spread: bool) -> None:
    """Raises InvalidArgumentError where arrays don't fit their labels, or each other."""
    sizes: dict[str, int] = {}
    middles = []
    for index, (value, term) in enumerate(zip(inputs, terms, strict=True)):
        before, dots, after = term.partition("...")
        count, shape = len(before) + len(after), np.shape(value)
        if len(shape) < count or (not dots and len(shape) != count):
            wanted = f"rank at least {count}" if dots else f"rank {count}"
            raise _unfit(f"Expected input {index} to have {wanted} but got: {len(shape)}")
        middles.append(shape[len(before) : len(shape) - len(after)])
        places = [*range(len(before)), *range(len(shape) - len(after), len(shape))]
        for label, axis in zip(before + after, places, strict=True):
            if sizes.setdefault(label, shape[axis]) != shape[axis]:
                raise _unfit(
                    f"Expected dimension {sizes[label]} at axis {axis} of the input shaped "
                    f"{shape_of(value)} but got dimension {shape[axis]}"
                )
    most = max(map(len, middles))
    if most and not spread:
        raise _unfit(
            f"Output contains {most} broadcasting dimension(s) but no ellipsis (...) was found in "
            "the output subscripts."
        )
    try:
        np.broadcast_shapes(*middles)
    except ValueError:
        shapes = " vs. ".join(map(shape_of, inputs))
        raise _unfit(f"Invalid broadcasting dimensions: {shapes}") from None


def _unfit(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _on_diagonal(value: np.ndarray, distinct: str, result: str) -> np.ndarray:
    """`value`, with labels that stand twice in `result` put on its diagonals."""
    labels = distinct.replace("...", "")
    sizes = [value.shape[labels.index(label)] for label in result]
    whole = np.zeros(sizes, value.dtype)
    np.einsum(f"{result}->{distinct}", whole)[...] = value
    return whole


def _einsum_gradient(op: Any, grad: Tensor) -> Any:
    terms, result = op.get_attr("equation").decode().split("->")
    if len(op.inputs) == 1:
        sizes = shape(op.inputs[0])
        summed = set(terms) - set(result) - {"."}
        if not summed:
            return Einsum([grad], equation=f"{result}->{terms}")
        return _spread(grad, result, terms, sizes, summed)
    subs_x, subs_y = terms.split(",")
    dots = "..."
    if dots in result:
        subs_x += "" if dots in subs_x else dots
        subs_y += "" if dots in subs_y else dots
    x, y = op.inputs
    if grad.dtype.is_complex:
        x, y = conj(x), conj(y)
    shape_x, shape_y = shape(x), shape(y)
    grad_x = _by_one(grad, y, shape_x, subs_x, subs_y, result)
    grad_y = _by_one(grad, x, shape_y, subs_y, subs_x, result)
    if dots not in result:
        return grad_x, grad_y
    outer_x, outer_y = _dots_range(subs_x), _dots_range(subs_y)
    known = x.shape.is_fully_defined() and y.shape.is_fully_defined()
    if known and x.shape[outer_x] == y.shape[outer_y]:
        return grad_x, grad_y
    axes_x, axes_y = BroadcastGradientArgs(shape_x[outer_x], shape_y[outer_y])
    grad_x = reshape(reduce_sum(grad_x, outer_x.start + axes_x), shape_x)
    return grad_x, reshape(reduce_sum(grad_y, outer_y.start + axes_y), shape_y)


def _dots_range(subscripts: str) -> slice:
    """Which axes `...` stands for."""
    before, dots, after = subscripts.partition("...")
    if not dots:
        return slice(0, 0)
    return slice(len(before), -len(after) or None)


def _axis_of(subscripts: str, label: str) -> int:
    before, _, after = subscripts.partition("...")
    return before.index(label) if label in before else after.index(label) - len(after)


def _by_one(
    grad: Tensor, other: Tensor, sizes: Tensor, own: str, others: str, result: str
) -> Tensor:
    """The gradient by one of two inputs."""
    summed = set(own) - set(result + others + ".")
    left = "".join(label for label in own if label not in summed)
    product = Einsum([grad, other], equation=f"{result},{others}->{left}")
    return _spread(product, left, own, sizes, summed) if summed else product


def _spread(grad: Tensor, result: str, own: str, sizes: Tensor, summed: set[str]) -> Tensor:
    """The gradient repeated along the labels that were summed over in one input."""
    labels = "".join(label for label in dict.fromkeys(own) if label in summed)
    axes = [_axis_of(own, label) for label in labels]
    lengths = stack([sizes[axis] for axis in axes])
    repeated = len(set(own)) + len(set(result)) < len(own) + len(result)
    if not repeated and "".join(label for label in own if label not in summed) == result:
        kept = reduced_shape(sizes, convert_to_tensor(axes))
        return broadcast_to(reshape(grad, kept), sizes)
    whole = concat([lengths, shape(grad)], axis=0)
    kept = concat([ones(len(labels), dtype=dtypes.int32), shape(grad)], axis=0)
    return Einsum([broadcast_to(reshape(grad, kept), whole)], equation=f"{labels}{result}->{own}")


def einsum(equation: str, *inputs: Any, **options: Any) -> Tensor:
    """Einstein's sum: `einsum("ij,jk->ik", a, b)` is the matrix product.

    Labels that the result does not have are summed over; `...` stands for axes that broadcast.
    Raises ValueError for an equation that does not fit, TypeError for options it does not know.
    """
    name, _ = options.pop("name", None), options.pop("optimize", None)
    if options:
        raise TypeError(
            f"Invalid keyword arguments for einsum: {', '.join(options)}. Valid arguments: name, "
            "optimize, greedy."
        )
    with name_scope(name, "einsum", [equation, inputs]) as name:
        resolved = _resolved(equation, len(inputs))
        operands = list(inputs)
        if len(operands) <= 2:
            return Einsum(operands, equation=resolved)
        arrays = [np.broadcast_to(0.0, _sizes(x)) for x in operands]
        steps = np.einsum_path(resolved, *arrays, optimize="greedy")[0][1:]
        terms, result = resolved.split("->")
        labels = terms.split(",")
        for step in steps:
            places = sorted(step, reverse=True)
            chosen = [operands.pop(place) for place in places]
            used = [labels.pop(place) for place in places]
            rest = set(result).union(*labels)
            kept = sorted(set("".join(used)) & rest, key="".join(used).find)
            term = "".join(kept) if labels else result
            operands.append(Einsum(chosen, equation=f"{','.join(used)}->{term}"))
            labels.append(term)
        return operands[0]


def _sizes(x: Any) -> list[int]:
    return (
        [1 if size is None else size for size in x.shape.as_list()]
        if isinstance(x, Tensor)
        else list(np.shape(x))
    )


def _resolved(equation: str, count: int) -> str:
    """The equation with its result written out."""
    text = equation.replace(" ", "")
    if not re.match(r"^([a-zA-Z,]|\.\.\.)*(->([a-zA-Z]|\.\.\.)*)?$", text):
        raise ValueError(f"Subscripts have incorrect format: {text.replace('...', '0')}")
    terms, arrow, result = text.partition("->")
    number = len(terms.split(","))
    if number != count:
        raise ValueError(f'Got {count} inputs for equation "{equation}", expecting {number}')
    if not arrow:
        once = Counter(terms.replace("...", "0"))
        labels = sorted(label for label in once if label != "," and (once[label] == 1))
        result = "".join(labels).replace("0", "...")
    bare = result.replace("...", "0")
    if len(set(bare)) != len(bare):
        raise ValueError(f"Output subscripts contain a label appearing more than once: {equation}")
    for label in bare:
        if label != "0" and label not in terms:
            raise ValueError(
                f"Output subscripts contain the label {label} not present in the input subscripts."
            )
    return f"{terms}->{result}"
