"""Shape rules that many ops share, and values that are known while a graph is built."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.shape import (
    SCALAR,
    UNKNOWN,
    TensorShape,
    as_shape,
    broadcast,
    unknown_shape,
)
from minitf.shape import (
    merged as merged,  # where shape inference looks for it
)
from minitf.tensor import Operation, Tensor

# A folded value with more elements than this is not worth keeping while building.
_MOST_ELEMENTS = 1 << 16
# Nor does anybody look through more ops than this for one.
_MOST_OPS = 1000


def unchanged(x: Tensor, *others: Tensor) -> TensorShape:
    """The first input's shape."""
    return x._shape


def broadcasted(x: Tensor, y: Tensor) -> TensorShape:
    """The shape to which both inputs broadcast."""
    return broadcast(x._shape, y._shape)


def scalar(*inputs: Any) -> TensorShape:
    """No dimensions."""
    return SCALAR


def unknown(*inputs: Any) -> TensorShape:
    """Nothing is known."""
    return UNKNOWN


def nothing(*inputs: Any) -> tuple[()]:
    """No outputs, so no shapes."""
    return ()


def with_rank(tensor: Tensor, rank: int) -> TensorShape:
    """The tensor's shape, of `rank` dimensions; ValueError when it is known to have others."""
    shape = tensor._shape
    if shape._sizes is None:
        return unknown_shape(rank)
    if len(shape._sizes) != rank:
        raise ValueError(f"Shape must be rank {rank} but is rank {len(shape._sizes)}")
    return shape


def constant_value(tensor: Tensor) -> np.ndarray | None:
    """The value of a tensor that depends on constants only, or None.

    Evaluates the constants' subgraph; ops with state are never evaluated.
    """
    if tensor.op.type == "Const":
        return tensor.op._attrs["value"]
    values: dict[Operation, Any] = {}
    pending = [tensor.op]
    while pending:
        op = pending[-1]
        if op in values:
            pending.pop()
            continue
        if len(values) > _MOST_OPS:
            return None
        needed = () if _shape_known(op) else op._inputs
        missing = [t.op for t in needed if t.op not in values]
        sizes = _sizes_in_shape(op)
        if sizes is not None:
            values[op] = sizes
        elif not _may_fold(op):
            values[op] = None
        elif not missing:
            values[op] = _folded(op, values)
        elif any(not _may_fold(other) for other in missing):
            values[op] = None
        else:
            pending += missing
    outputs = values[tensor.op]
    value = None if outputs is None else outputs[tensor.value_index]
    return None if value is None else np.asarray(value)


def _sizes_in_shape(op: Operation) -> tuple[np.ndarray | None, ...] | None:
    """What `tf.shape(x)[i]` or `tf.unstack(tf.shape(x))` gives, where those sizes are known."""
    if op.type not in ("StridedSlice", "Unpack") or op._inputs[0].op.type != "Shape":
        return None
    sizes = op._inputs[0].op._inputs[0]._shape._sizes
    if sizes is None:
        return None
    if op.type == "StridedSlice":
        bounds = [t.op for t in op._inputs[1:]]
        if op._attrs["shrink_axis_mask"] != 1 or any(
            b.type != "Const" or b._attrs["value"].size != 1 for b in bounds
        ):
            return None
        index = int(bounds[0]._attrs["value"][0])
        if not -len(sizes) <= index < len(sizes) or sizes[index] is None:
            return None
        sizes = (sizes[index],)
    dtype = op._outputs[0]._dtype.as_numpy_dtype
    return tuple([None if n is None else np.array(n, dtype) for n in sizes])


# What TensorFlow's Python code looks through to find a value, where its shape inference, and
# ours, evaluates any op that has no state.
_LOOKED_THROUGH = frozenset(
    "Range Cast ConcatV2 Pack Unpack Split Fill Equal NotEqual StopGradient Identity".split()
)


def get_static_value(tensor: Any, partial: bool = False) -> Any:
    """The value of a tensor that constants and shapes alone decide, or None; others as they are.

    A tensor whose value somebody has learnt this way can no longer be fed. With `partial`, a
    Pack of values some of which are known is an array of objects with None for the others.
    """
    if not isinstance(tensor, Tensor):
        return None if hasattr(tensor, "_as_graph_element") else tensor  # a variable may change
    value = _looked_up(tensor, partial)
    if value is not None:
        tensor.graph._unfeedable.add(tensor)
    return value


def _looked_up(tensor: Tensor, partial: bool) -> Any:
    if partial and tensor.op.type == "Pack" and not tensor.op._attrs["axis"]:
        values = [get_static_value(t, True) for t in tensor.op._inputs]
        known = all(value is not None for value in values)
        return np.array(values, tensor._dtype._base._numpy if known else object)
    pending, seen = [tensor.op], {tensor.op}
    while pending:
        op = pending.pop()
        if op.type == "Const" or op.type in SHAPE_READERS:
            continue
        if op.type not in _LOOKED_THROUGH or (
            op.type in ("Pack", "Unpack") and op._attrs["axis"] != 0
        ):
            return None
        fresh = [t.op for t in op._inputs if t.op not in seen]
        seen.update(fresh)
        pending += fresh
    return constant_value(tensor)


def _shape_known(op: Operation) -> bool:
    """Whether the op asks for what is known of a shape without any value."""
    if op.type not in SHAPE_READERS:
        return False
    shape = op._inputs[0]._shape
    return shape.is_fully_defined() or (op.type == "Rank" and shape._sizes is not None)


def _may_fold(op: Operation) -> bool:
    if op.type == "Const":
        return True
    definition = op.definition
    if definition.stateful or definition.kernel is None or op.type in _NEVER_FOLDED:
        return False
    return bool(op._inputs) and not any(
        (t._shape.num_elements() or 0) > _MOST_ELEMENTS for t in op._outputs
    )


_NEVER_FOLDED = frozenset(
    "ReadFile MatchingFiles Placeholder PlaceholderWithDefault Enter Exit NextIteration Merge "
    "Switch LoopCond StringSplit StringSplitV2 ParseExampleV2 ParseSequenceExampleV2 "
    "DenseToDenseSetOperation DenseToSparseSetOperation SparseToSparseSetOperation".split()
)
SHAPE_READERS = frozenset(["Shape", "Size", "Rank"])


def _folded(op: Operation, values: dict[Operation, Any]) -> Any:
    if op.type == "Const":
        return (op._attrs["value"],)
    if _shape_known(op):
        return (_read_shape(op),)
    inputs = []
    for t in op._inputs:
        outputs = values[t.op]
        if outputs is None or outputs[t.value_index] is None:
            return None
        inputs.append(outputs[t.value_index])
    definition = op.definition
    kernel = definition.kernel
    assert kernel is not None  # those with `bind` are not folded
    try:
        result = kernel(*grouped_inputs(op, inputs), **definition.attrs_for(kernel, op._attrs))
    except Exception:  # the run will raise it, with the node's name
        return None
    return result if isinstance(result, (tuple, list)) else (result,)


def _read_shape(op: Operation) -> np.ndarray:
    shape = op._inputs[0]._shape
    if op.type == "Rank":
        return np.array(shape.rank, np.int32)
    out_type = op._attrs["out_type"].as_numpy_dtype
    if op.type == "Size":
        return np.array(shape.num_elements(), out_type)
    return np.array(shape.as_list(), out_type)


def grouped_inputs(op: Operation, values: Any) -> list[Any]:
    """One value an input, as the op's signature groups them: lists stay lists."""
    groups, start = [], 0
    for arg in op.definition.inputs:
        if arg.number_attr or arg.type_list_attr:
            decided = op._attrs[arg.number_attr or arg.type_list_attr]
            count = decided if arg.number_attr else len(decided)
            groups.append(list(values[start : start + count]))
            start += count
        else:
            groups.append(values[start])
            start += 1
    return groups


def constant_shape(tensor: Tensor, depth: int = 0) -> TensorShape:
    """The shape that an integer vector stands for, -1 and unknown elements as unknown sizes.

    Raises ValueError where the tensor is known not to be a vector.
    """
    known = constant_value(tensor)
    if known is not None:
        if known.ndim == 0 and known == -1:
            return UNKNOWN
        with_rank(tensor, 1)
        if (known < -1).any():
            raise ValueError(f"Invalid value in tensor used for shape: {known[known < -1][0]}")
        return as_shape([None if size < 0 else int(size) for size in known])
    length = with_rank(tensor, 1)._sizes[0]  # type: ignore[index]
    partial = _partial_shape(tensor.op, depth) if depth < 64 else None
    if partial is not None:
        return partial
    return unknown_shape(length)


def _partial_shape(op: Operation, depth: int) -> TensorShape | None:
    """What the ops that make up shape vectors tell of one."""
    if op.type == "Shape":
        return op._inputs[0]._shape
    if op.type == "Cast":
        return constant_shape(op._inputs[0], depth + 1)
    if op.type == "Pack":
        sizes = [constant_value(t) for t in op._inputs]
        return as_shape([None if s is None or s < 0 else int(s) for s in sizes])
    if op.type == "ConcatV2":
        shape = SCALAR
        for part in op._inputs[:-1]:
            shape = shape.concatenate(constant_shape(part, depth + 1))
        return shape
    if op.type == "StridedSlice":
        return _sliced_shape(op, depth)
    return None


def _sliced_shape(op: Operation, depth: int) -> TensorShape | None:
    bounds = [constant_value(t) for t in op._inputs[1:]]
    masks = op._attrs
    if any(b is None or b.size != 1 for b in bounds) or any(
        masks[m] for m in ("ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    ):
        return None
    begin, end, step = (int(b.reshape(-1)[0]) for b in bounds)  # type: ignore[union-attr]
    source = constant_shape(op._inputs[0], depth + 1)
    if source._sizes is None:
        return None
    first = None if masks["begin_mask"] else begin
    last = None if masks["end_mask"] else end
    return as_shape(source._sizes[first:last:step])
