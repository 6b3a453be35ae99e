"""Cutting boxes out of tensors: slice, strided_slice and `tensor[...]`."""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf import registry
from minitf.errors import InvalidArgumentError
from minitf.infer import constant_shape, constant_value, get_static_value
from minitf.kernels.values import as_array, counts, plain
from minitf.kernels.values import zeros as zero_array
from minitf.op import convert_to_tensor, op
from minitf.ops.filling import ones_like
from minitf.ops.shapes import rank, reshape, shape
from minitf.shape import TensorShape, unknown_shape
from minitf.tensor import Tensor


def _fail(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@op
class Slice:
    """The box of the given size that begins at the given place; size -1 means up to the end."""

    inputs = "input: T, begin: Index, size: Index"
    outputs = "output: T"
    attrs = "T: type, Index: {int32, int64}"

    def infer(x, begin, size):
        sizes = x._shape._sizes
        for vector in (begin, size):
            if vector._shape.rank not in (None, 1):
                raise ValueError(f"Shape must be rank 1 but is rank {vector._shape.rank}")
        count = next((v._shape._sizes[0] for v in (begin, size) if v._shape._sizes), None)
        if sizes is not None and count is not None and count != len(sizes):
            raise ValueError(f"Shape must be rank {count} but is rank {len(sizes)}")
        begins, extents = constant_value(begin), constant_value(size)
        wanted = constant_shape(size)
        if extents is None:
            count = count if sizes is None else len(sizes)
            if count is None:
                return unknown_shape()
            known = wanted._sizes or (None,) * count
            return list(known)
        if sizes is None:
            if all(n >= 0 for n in extents):
                return [int(n) for n in extents]
            return unknown_shape(len(extents))
        begins = [None] * len(sizes) if begins is None else begins.tolist()
        return [_slice_size(*each) for each in zip(sizes, begins, extents.tolist(), strict=True)]

    def kernel(x, begin, size):
        x, begins, extents = as_array(x), counts(begin), counts(size)
        if not len(begins) == len(extents) == x.ndim:
            raise _fail(
                f"Expected begin and size arguments to be 1-D tensors of size {x.ndim}, but got "
                f"shapes [{len(begins)}] and [{len(extents)}] instead."
            )
        box = []
        for i, (n, at, extent) in enumerate(zip(x.shape, begins, extents, strict=True)):
            extent = n - at if extent == -1 else extent
            if not 0 <= at <= n:
                raise _fail(f"Expected begin[{i}] in [0, {n}], but got {at}")
            if not 0 <= extent <= n - at:
                raise _fail(f"Expected size[{i}] in [0, {n - at}], but got {extent}")
            box.append(slice(at, at + extent))
        return plain(x[tuple(box)])

    def gradient(op, grad):
        x, begin, _ = op.inputs
        count = rank(x)
        extent = shape(op.outputs[0], out_type=begin.dtype)
        pairs = convert_to_tensor([count, 1], name="stack")
        before = reshape(begin, pairs)
        after = reshape(shape(x, out_type=begin.dtype) - extent - begin, pairs)
        paddings = registry.get("ConcatV2")([before, after], 1, name="concat")
        return registry.get("Pad")(grad, paddings), None, None


def _slice_size(size: int | None, begin: int | None, extent: int) -> int | None:
    """One dimension of a slice; ValueError when it reaches beyond the tensor."""
    if extent == -1:
        if size is None or begin is None:
            return None
        if not 0 <= begin <= size:
            raise ValueError(f"Negative dimension size caused by subtracting {begin} from {size}")
        return size - begin
    return extent


def slice_of(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """The box of `input_` that begins at `begin` and has shape `size`; -1 is up to the end."""
    return Slice(input_, begin, size, name=name)


# Strided slices: one entry for each index between the brackets, which bits of masks explain

_MASKS = (
    "begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, "
    "shrink_axis_mask: int = 0"
)


class Masks(NamedTuple):
    """Bit i of a mask says something of entry i between the brackets."""

    begin_mask: int
    end_mask: int
    ellipsis_mask: int
    new_axis_mask: int
    shrink_axis_mask: int


def masks_of(op: Any) -> dict[str, int]:
    """The masks among a node's attributes."""
    return {name: op._attrs[name] for name in Masks._fields}


def _entries(count: int, dims: int, masks: Masks) -> list[Any]:
    """What each entry does, one item a dimension: "new", "all", or the entry's own number.

    The entries that no ellipsis stands for are followed by whole dimensions.
    """
    new, ellipses = masks.new_axis_mask, masks.ellipsis_mask
    ellipsis = next((i for i in range(count) if ellipses >> i & 1), None)
    if ellipses & (ellipses - 1):
        raise ValueError("Multiple ellipses in slice spec not allowed")
    used = sum(1 for i in range(count) if i != ellipsis and not new >> i & 1)
    if used > dims:
        raise ValueError(f"Index out of range using input dim {dims}; input has only {dims} dims")
    items: list[Any] = []
    for i in range(count):
        if i == ellipsis:
            items += ["all"] * (dims - used)
        else:
            items.append("new" if new >> i & 1 else i)
    return items + (["all"] * (dims - used) if ellipsis is None else [])


def _index(
    sizes: tuple[int, ...], begin: Any, end: Any, strides: Any, masks: Masks
) -> tuple[Any, ...]:
    """The NumPy index that a strided slice means; ValueError when it is out of bounds."""
    begins, ends, steps = counts(begin), counts(end), counts(strides)
    index, dim = [], 0
    for item in _entries(len(begins), len(sizes), masks):
        if item == "new":
            index.append(None)
            continue
        if item == "all":
            index.append(slice(None))
        elif masks.shrink_axis_mask >> item & 1:
            at = begins[item]
            if not -sizes[dim] <= at < sizes[dim]:
                raise ValueError(f"slice index {at} of dimension {dim} out of bounds.")
            index.append(at)
        else:
            if steps[item] == 0:
                raise ValueError(f"strides[{item}] must be non-zero")
            index.append(_range_of(item, begins, ends, steps, masks, sizes[dim]))
        dim += 1
    return tuple(index)


def _range_of(
    i: int, begins: list[int], ends: list[int], steps: list[int], masks: Masks, size: int
) -> slice:
    first = None if masks.begin_mask >> i & 1 else begins[i]
    last = None if masks.end_mask >> i & 1 else ends[i]
    if steps[i] < 0 and last is not None and last < -size:
        last = None  # NumPy would count it from the end once more
    return slice(first, last, steps[i])


def _sliced_sizes(
    shape: TensorShape, begin: Any, end: Any, strides: Any, masks: Masks
) -> list[int | None]:
    """The sizes of a strided slice; bounds are arrays, or None where they are not known."""
    begins = None if begin is None else counts(begin)
    ends = None if end is None else counts(end)
    steps = counts(strides)
    result: list[int | None] = []
    sizes, dim = shape._sizes or (), 0
    for item in _entries(len(steps), len(sizes), masks):
        if item == "new":
            result.append(1)
            continue
        size = sizes[dim]
        if item == "all":
            result.append(size)
        elif masks.shrink_axis_mask >> item & 1:
            at = None if begins is None else begins[item]
            if at is not None and size is not None and not -size <= at < size:
                at = at + size if at < 0 else at
                raise ValueError(f"slice index {at} of dimension {dim} out of bounds.")
            if steps[item] <= 0:
                raise ValueError("only stride 1 allowed on non-range indexing.")
        else:
            if steps[item] == 0:
                raise ValueError(f"strides[{item}] must be non-zero")
            result.append(_range_size(item, size, begins, ends, steps, masks))
        dim += 1
    return result


def _range_size(
    i: int, size: int | None, begins: Any, ends: Any, steps: list[int], masks: Masks
) -> int | None:
    whole = masks.begin_mask >> i & 1 and masks.end_mask >> i & 1
    if size is None or (not whole and (begins is None or ends is None)):
        return None
    if whole:
        return len(range(*slice(None, None, steps[i]).indices(size)))
    return len(range(*_range_of(i, begins, ends, steps, masks, size).indices(size)))


@op
class StridedSlice:
    """What NumPy's basic indexing gives: ranges with steps, single places, new axes, ..."""

    inputs = "input: T, begin: Index, end: Index, strides: Index"
    outputs = "output: T"
    attrs = "T: type, Index: {int16, int32, int64}, " + _MASKS

    def infer(
        x, begin, end, strides, *, begin_mask, end_mask, ellipsis_mask, new_axis_mask,
        shrink_axis_mask,
    ):  # fmt: skip
        for vector in (begin, end, strides):
            if vector._shape.rank not in (None, 1):
                raise ValueError(f"Shape must be rank 1 but is rank {vector._shape.rank}")
        lengths = {v._shape._sizes[0] for v in (begin, end, strides) if v._shape._sizes} - {None}
        if len(lengths) > 1:
            first, second = sorted(lengths)[:2]
            raise ValueError(
                f"Dimension 0 in both shapes must be equal, but are {first} and {second}"
            )
        steps = constant_value(strides)
        if x._shape._sizes is None or steps is None:
            return unknown_shape()
        masks = Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
        return _sliced_sizes(x._shape, constant_value(begin), constant_value(end), steps, masks)

    def kernel(
        x, begin, end, strides, *, begin_mask, end_mask, ellipsis_mask, new_axis_mask,
        shrink_axis_mask,
    ):  # fmt: skip
        x = as_array(x)
        masks = Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
        return x[checked_index(x.shape, (begin, end, strides), masks)]

    def gradient(op, grad):
        begin = op.inputs[1]
        sizes = shape(op.inputs[0], out_type=begin.dtype)
        bounds = [_static(vector) for vector in (sizes, *op.inputs[1:])]
        return StridedSliceGrad(*bounds, grad, **masks_of(op)), None, None, None


def checked_index(sizes: Any, bounds: Any, masks: Masks) -> tuple[Any, ...]:
    """The NumPy index of a strided slice; InvalidArgumentError when it is out of bounds."""
    try:
        return _index(sizes, *bounds, masks)
    except ValueError as error:
        raise _fail(str(error)) from None


def _static(vector: Tensor) -> Any:
    """The vector's value where it is known, so that its gradient gets constants of its own."""
    known = get_static_value(vector)
    return vector if known is None else known


@op
class StridedSliceGrad:
    """Zeros of a shape, with `dy` where the strided slice is."""

    inputs = "shape: Index, begin: Index, end: Index, strides: Index, dy: T"
    outputs = "output: T"
    attrs = "T: type, Index: {int32, int64}, " + _MASKS

    def infer(shape, begin, end, strides, dy):
        return constant_shape(shape)

    def kernel(
        shape, begin, end, strides, dy, *, begin_mask, end_mask, ellipsis_mask, new_axis_mask,
        shrink_axis_mask,
    ):  # fmt: skip
        dy = as_array(dy)
        sizes = tuple(counts(shape))
        masks = Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
        result = zero_array(sizes, dy.dtype)
        result[checked_index(sizes, (begin, end, strides), masks)] = dy
        return plain(result)

    def gradient(op, grad):
        begin, end, strides = op.inputs[1:4]
        back = strided_slice(grad, begin, end, strides, **masks_of(op))
        return None, None, None, None, back


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """What `input_[begin:end:strides]` gives in each dimension, as the masks' bits change it."""
    if strides is None:
        strides = ones_like(begin)
    return StridedSlice(
        input_,
        begin,
        end,
        strides,
        begin_mask=begin_mask,
        end_mask=end_mask,
        ellipsis_mask=ellipsis_mask,
        new_axis_mask=new_axis_mask,
        shrink_axis_mask=shrink_axis_mask,
        name=name,
    )
