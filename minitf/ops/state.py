"""Variables' nodes and the ops that change what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError, OutOfRangeError
from minitf.infer import merged, scalar, with_rank
from minitf.op import op
from minitf.ops.slicing import Masks, checked_index, masks_of
from minitf.shape import TensorShape, brackets
from minitf.tensor import Tensor

NUMBERS = (
    "{float, double, int32, uint8, int16, int8, complex64, int64, qint8, quint8, qint32, bfloat16, "
    "qint16, quint16, uint16, complex128, half, uint32, uint64}"
)


@op
class VariableV2:
    """A place for a value that outlives a run; each session has its own."""

    outputs = "ref: Ref(dtype)"
    attrs = "shape: shape, dtype: type, container: string = '', shared_name: string = ''"
    stateful = True

    def infer(*, shape):
        return shape

    def bind(op, session):
        slot = session._slot(op)
        return lambda: slot

    gradient = None


def variable_op_v2(
    shape: Any,
    dtype: Any,
    name: str | None = "Variable",
    container: str = "",
    shared_name: str = "",
) -> Tensor:
    """A variable's node, without an initializer: its output is the reference to assign to."""
    return VariableV2(
        shape=shape, dtype=dtype, name=name, container=container, shared_name=shared_name
    )


@op
class IsVariableInitialized:
    """Whether the variable has a value in this session."""

    inputs = "ref: Ref(dtype)"
    outputs = "is_initialized: bool"
    attrs = "dtype: type"
    infer = scalar

    def kernel(slot):
        return np.bool_(slot.value is not None)

    gradient = LookupError


def is_variable_initialized(ref: Any, name: str | None = None) -> Tensor:
    """A boolean scalar: whether a variable has a value when this op runs."""
    if ref.dtype._is_ref_dtype:
        return IsVariableInitialized(ref, name=name)
    return ref.is_initialized(name=name)


@op
class Assign:
    """Makes `value` the variable's value; it may be the first one."""

    inputs = "ref: Ref(T), value: T"
    outputs = "output_ref: Ref(T)"
    attrs = "T: type, validate_shape: bool = true, use_locking: bool = true"

    def infer(ref, value, *, validate_shape):
        return merged(ref.shape, value.shape) if validate_shape else value.shape

    def bind(op, session):
        checked = op._attrs["validate_shape"]

        def kernel(slot, value):
            if checked:
                _check_same_shape(slot, value)
            return slot.write(value, op)

        return kernel

    gradient = None


def _check_same_shape(slot, value):
    held = slot.value
    if held is not None:
        shape = np.shape(held)
    else:
        shape = slot.op._attrs["shape"]
        if not shape.is_fully_defined():
            return
        shape = tuple(shape.as_list())
    if shape != np.shape(value):
        raise InvalidArgumentError(
            None,
            None,
            "Assign requires shapes of both tensors to match. lhs shape= "
            f"{brackets(TensorShape(shape))} rhs shape= {brackets(TensorShape(np.shape(value)))}",
        )


def assign(
    ref: Any,
    value: Any,
    validate_shape: bool | None = None,
    use_locking: bool | None = None,
    name: str | None = None,
) -> Tensor:
    """Makes `value` the variable's value, when it runs; gives the reference to the variable.

    Raises ValueError for a value of another shape, unless `validate_shape` is False.
    """
    if ref.dtype._is_ref_dtype:
        return Assign(ref, value, validate_shape=validate_shape, use_locking=use_locking, name=name)
    return ref.assign(value, name=name)


def _updating(function):
    """The `bind` of an op that changes a number variable in place by `function(x, y, out)`."""

    def bind(op, session):
        def kernel(slot, value):
            held = slot.read()
            if np.shape(held) != np.shape(value):
                raise InvalidArgumentError(
                    None, None, "Parameters and update must be the same size"
                )
            if type(held) is not np.ndarray:
                return slot.replace(lambda held: function(held, value), op)
            del held  # a variable that somebody reads is copied
            return slot.update(lambda array: function(array, value, array), op)

        return kernel

    return bind


def _same_shape(ref, value):
    return merged(ref.shape, value.shape)


@op
class AssignAdd:
    """Adds `value` to the variable."""

    inputs = "ref: Ref(T), value: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {NUMBERS}, use_locking: bool = false"
    infer = _same_shape
    bind = _updating(np.add)
    gradient = None


def assign_add(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Tensor:
    """Adds `value` to the variable, when it runs; gives the reference to the variable."""
    if ref.dtype._is_ref_dtype:
        return AssignAdd(ref, value, use_locking=use_locking, name=name)
    return ref.assign_add(value)


@op
class AssignSub:
    """Subtracts `value` from the variable."""

    inputs = "ref: Ref(T), value: T"
    outputs = "output_ref: Ref(T)"
    attrs = f"T: {NUMBERS}, use_locking: bool = false"
    infer = _same_shape
    bind = _updating(np.subtract)
    gradient = None


def assign_sub(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Tensor:
    """Subtracts `value` from the variable, when it runs; gives the reference to the variable."""
    if ref.dtype._is_ref_dtype:
        return AssignSub(ref, value, use_locking=use_locking, name=name)
    return ref.assign_sub(value)


@op
class CountUpTo:
    """The variable's value, which grows by one; an error once it has reached the limit."""

    inputs = "ref: Ref(T)"
    outputs = "output: T"
    attrs = "limit: int, T: {int32, int64}"

    def infer(ref):
        return with_rank(ref, 0)

    def bind(op, session):
        limit = op._attrs["limit"]

        def kernel(slot):
            before = slot.read()
            if before >= limit:
                raise OutOfRangeError(None, None, f"Reached limit of {limit}")
            slot.write(before + type(before)(1), op)
            return before

        return kernel

    gradient = LookupError


def count_up_to(ref: Any, limit: int, name: str | None = None) -> Tensor:
    """The variable's value before it grows by one.

    Running it at `limit` is an OutOfRangeError.
    """
    if ref.dtype._is_ref_dtype:
        return CountUpTo(ref, limit=limit, name=name)
    raise TypeError(f"count_up_to needs a variable, got {ref!r}")


@op
class StridedSliceAssign:
    """Assigns to a slice of the variable: `v[begin:end:stride].assign(value)`."""

    inputs = "ref: Ref(T), begin: Index, end: Index, strides: Index, value: T"
    outputs = "output_ref: Ref(T)"
    attrs = (
        "T: type, Index: {int32, int64}, begin_mask: int = 0, end_mask: int = 0, "
        "ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0"
    )

    def infer(ref, begin, end, strides, value):
        return ref.shape

    def bind(op, session):
        masks = Masks(**masks_of(op))

        def kernel(slot, begin, end, strides, value):
            def put(array):
                index = checked_index(array.shape, (begin, end, strides), masks)
                try:
                    array[index] = value
                except ValueError:
                    wanted = brackets(TensorShape(np.shape(array[index])))
                    raise InvalidArgumentError(
                        None,
                        None,
                        f"Cannot broadcast input shape {brackets(TensorShape(np.shape(value)))} "
                        f"into final shape {wanted}",
                    ) from None

            return slot.update(put, op)

        return kernel

    gradient = LookupError


def assign_to_slice(ref: Any, piece: Tensor, value: Any, name: str | None = None) -> Tensor:
    """Assigns to the part of a variable that `piece`, a StridedSlice of it, reads."""
    source = piece.op
    return StridedSliceAssign(
        ref,
        *source.inputs[1:],
        value,
        name=name or f"{source.name}/_assign",
        **masks_of(source),
    )
