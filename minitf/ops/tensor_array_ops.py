"""The ops behind tf.TensorArray; `flow`, a number without meaning, orders writes before reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.graph import control_dependencies
from minitf.infer import nothing, scalar, with_rank
from minitf.kernels.tensor_arrays import Elements, failure, type_word
from minitf.op import op
from minitf.ops.constants import identity
from minitf.shape import SCALAR, UNKNOWN, TensorShape, as_shape, shape_of
from minitf.tensor import Tensor

_FLOW = np.float32(0)
_HANDLE = TensorShape([2])
_PASSED_ON = frozenset(
    "Enter Exit Identity Switch NextIteration TensorArrayGradV3 StackPopV2".split()
)


def element_shape_of(handle: Tensor) -> TensorShape:
    """What is known of the shape that all elements of an array have."""
    op = handle.op
    while op.type in _PASSED_ON and op._inputs:
        op = op._inputs[0].op
    if op.type == "TensorArrayV3" and op._attrs["identical_element_shapes"]:
        return op._attrs["element_shape"]
    return UNKNOWN


@op
class TensorArrayV3:
    """A new array for each run."""

    inputs = "size: int32"
    outputs = "handle: resource, flow: float"
    attrs = (
        "dtype: type, element_shape: shape = { unknown_rank: true }, dynamic_size: bool = false, "
        "clear_after_read: bool = true, identical_element_shapes: bool = false, "
        'tensor_array_name: string = ""'
    )
    stateful = True

    def infer(size):
        return _HANDLE, SCALAR

    def kernel(
        size,
        *,
        dtype,
        element_shape,
        dynamic_size,
        clear_after_read,
        identical_element_shapes,
        tensor_array_name,
    ):
        if size < 0:
            raise InvalidArgumentError(None, None, "Size should be >= 0.")
        known = element_shape.is_fully_defined()
        shape = tuple(element_shape.as_list()) if known else None
        kind = np.dtype(dtype.as_numpy_dtype)
        name = tensor_array_name or "TensorArray"
        options = {"identical_shapes": identical_element_shapes, "name": name}
        return Elements(int(size), kind, dynamic_size, clear_after_read, shape, **options), _FLOW

    gradient = None


@op
class TensorArrayGradV3:
    """The array of the gradients of an array's elements, one for each `source`."""

    inputs = "handle: resource, flow_in: float"
    outputs = "grad_handle: resource, flow_out: float"
    attrs = "source: string"
    stateful = True

    def infer(handle, flow):
        return _HANDLE, SCALAR

    def kernel(handle, flow, *, source):
        return handle.gradient(source), flow

    gradient = None


@op
class TensorArrayWriteV3:
    """Sets one element."""

    inputs = "handle: resource, index: int32, value: T, flow_in: float"
    outputs = "flow_out: float"
    attrs = "T: type"
    stateful = True
    infer = scalar

    def kernel(handle, index, value, flow):
        handle.write(int(index), value)
        return flow

    def gradient(op, flow):
        array, flow = _after_writing(op, flow, op._attrs["T"])
        return None, None, array.read(op._inputs[1]), flow


@op
class TensorArrayReadV3:
    """One element."""

    inputs = "handle: resource, index: int32, flow_in: float"
    outputs = "value: dtype"
    attrs = "dtype: type"
    stateful = True

    def infer(handle, index, flow):
        return element_shape_of(handle)

    def kernel(handle, index, flow, *, dtype):
        _check_dtype(handle, dtype)
        return handle.read(int(index))

    def gradient(op, grad):
        handle, index, flow = op._inputs
        array = _gradient_array(op._attrs["dtype"], handle, flow, grad)
        return None, None, array.write(index, grad).flow


@op
class TensorArrayGatherV3:
    """Several elements, stacked."""

    inputs = "handle: resource, indices: int32, flow_in: float"
    outputs = "value: dtype"
    attrs = "dtype: type, element_shape: shape = { unknown_rank: true }"
    stateful = True

    def infer(handle, indices, flow, *, element_shape):
        known = element_shape_of(handle)
        if known._sizes is not None:
            return indices._shape.concatenate(known)
        return as_shape([None]).concatenate(element_shape)

    def kernel(handle, indices, flow, *, dtype, element_shape):
        _check_dtype(handle, dtype)
        if not len(indices):
            shape = handle.shape_of_none(element_shape, "element shape", "packing")
            return np.zeros([0, *shape], dtype.as_numpy_dtype)
        return _stacked(indices, [handle.read(int(i)) for i in indices], handle.dtype)

    def gradient(op, grad):
        handle, indices, flow = op._inputs
        array = _gradient_array(op._attrs["dtype"], handle, flow, grad)
        return None, None, array.scatter(indices, grad).flow


def _check_dtype(handle: Elements, dtype: Any) -> None:
    wanted = np.dtype(dtype.as_numpy_dtype)
    if handle.dtype != wanted:
        raise failure(
            f"TensorArray dtype is {type_word(handle.dtype)} but Op requested dtype "
            f"{type_word(wanted)}."
        )


def _check_alike(indices: Any, values: list[Any], start: int, role: str) -> None:
    """Raises InvalidArgumentError where shapes differ from dimension `start` on."""
    first = np.shape(values[0])[start:]
    for index, value in zip(indices, values, strict=True):
        if np.shape(value)[start:] != first:
            shapes = (",".join(map(str, s)) for s in (first, np.shape(value)[start:]))
            raise failure(
                f"TensorArray has inconsistent shapes.  Index {indices[0]} has {role}shape: "
                "[{}] but index {} has {}shape: [{}]".format(next(shapes), index, role, *shapes)
            )


def _stacked(indices: Any, values: list[Any], dtype: Any) -> np.ndarray:
    _check_alike(indices, values, 0, "")
    result = np.empty((len(values), *np.shape(values[0])), dtype)
    for i, value in enumerate(values):
        result[i] = value
    return result


@op
class TensorArrayScatterV3:
    """Sets several elements to the rows of a tensor."""

    inputs = "handle: resource, indices: int32, value: T, flow_in: float"
    outputs = "flow_out: float"
    attrs = "T: type"
    stateful = True

    def infer(handle, indices, value, flow):
        rows, count = with_rank(indices, 1)._sizes, value._shape._sizes
        if count and None not in (rows[0], count[0]) and rows[0] != count[0]:
            raise ValueError(f"Dimensions must be equal, but are {count[0]} and {rows[0]}")
        return SCALAR

    def kernel(handle, indices, value, flow):
        if len(indices) != len(value):
            raise failure(
                "Expected len(indices) == values.shape[0], but saw: "
                f"{len(indices)} vs. {len(value)}"
            )
        most = int(np.max(indices, initial=-1))
        if most >= len(handle) and not handle.dynamic:
            raise failure(f"Max scatter index must be < array size ({most} vs. {len(handle)})")
        for index, row in zip(indices, value, strict=True):
            handle.write(int(index), row)
        return flow

    def gradient(op, flow):
        array, flow = _after_writing(op, flow, op._attrs["T"])
        return None, None, array.gather(op._inputs[1]), flow


@op
class TensorArrayConcatV3:
    """All elements, joined along their first axis, and how long each is."""

    inputs = "handle: resource, flow_in: float"
    outputs = "value: dtype, lengths: int64"
    attrs = "dtype: type, element_shape_except0: shape = { unknown_rank: true }"
    stateful = True

    def infer(handle, flow):
        return UNKNOWN, as_shape([None])

    def kernel(handle, flow):
        count = handle.split_into if handle.is_gradient else None
        values = [handle.read(i) for i in range(len(handle) if count is None else count)]
        for i, value in enumerate(values):
            if not np.ndim(value):
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Concat saw a scalar shape at index {i} but requires at least vectors.  Did "
                    "you mean to call pack?",
                )
        if values:
            _check_alike(range(len(values)), values, 1, "(excepting dimension 0) ")
        lengths = np.array([len(value) for value in values], np.int64)
        return np.concatenate(values or [np.zeros(0, handle.dtype)]), lengths

    def gradient(op, grad, _):
        handle, flow = op._inputs
        array = _gradient_array(op._attrs["dtype"], handle, flow, grad)
        return None, array.split(grad, lengths=op._outputs[1]).flow


@op
class TensorArraySplitV3:
    """Sets all elements to parts of a tensor, of the given lengths."""

    inputs = "handle: resource, value: T, lengths: int64, flow_in: float"
    outputs = "flow_out: float"
    attrs = "T: type"
    stateful = True

    def infer(handle, value, lengths, flow):
        with_rank(lengths, 1)
        return SCALAR

    def kernel(handle, value, lengths, flow):
        if np.ndim(lengths) != 1:
            raise failure(f"Expected lengths to be a vector, received shape: {shape_of(lengths)}")
        if not np.ndim(value):
            raise failure("Expected value to be at least a vector, but received shape: []")
        if lengths.sum() != len(value):
            raise failure(
                "Expected sum of lengths to be equal to values.shape[0], but sum of lengths is "
                f"{lengths.sum()} and value's shape is: {list(value.shape)}"
            )
        if not handle.dynamic and len(handle) != len(lengths):
            raise failure(
                "TensorArray's size is not equal to the size of lengths "
                f"({len(handle)} vs. {len(lengths)}), and the TensorArray is not marked as "
                "dynamically resizeable"
            )
        if not handle.is_gradient:
            handle.split_into = len(lengths)
        ends = np.cumsum(lengths)
        for i, (end, length) in enumerate(zip(ends, lengths, strict=True)):
            handle.write(i, value[end - length : end])
        return flow

    def gradient(op, flow):
        array, flow = _after_writing(op, flow, op._attrs["T"])
        return None, array.concat(), None, flow


@op
class TensorArraySizeV3:
    """The number of elements."""

    inputs = "handle: resource, flow_in: float"
    outputs = "size: int32"
    stateful = True
    infer = scalar

    def kernel(handle, flow):
        return np.int32(len(handle))

    gradient = None


@op
class TensorArrayCloseV3:
    """Forgets the elements."""

    inputs = "handle: resource"
    stateful = True
    infer = nothing

    def kernel(handle):
        handle.close()

    gradient = None


_array_class: list[Any] = []  # TensorArray, which stands a file higher


def _gradient_array(dtype: Any, handle: Tensor, flow: Tensor, named: Tensor) -> Any:
    """The TensorArray of gradients that belongs to the call of `gradients` that made `named`."""
    make = _array_class[0]
    array = make(dtype, handle=handle, flow=flow, colocate_with_first_write_call=False)
    return array.grad(source=_source(named), flow=flow)


def _after_writing(op: Any, flow: Tensor, dtype: Any) -> tuple[Any, Tensor]:
    """The same for an op that writes, once it has written; and the flow."""
    written = identity(op._outputs[0], "flow_out")
    with control_dependencies([written]):
        barrier = identity(flow, "write_barrier")
    return _gradient_array(dtype, op._inputs[0], barrier, flow), barrier


def _source(tensor: Tensor) -> str:
    """What a call of `gradients` named its nodes: those of two calls must not be summed."""
    tokens = tensor.name.split("/")
    places = [i for i, token in enumerate(tokens) if token.startswith("gradients")]
    if not places:
        raise ValueError(
            "Expected op/tensor name to start with gradients (excluding scope), got: "
            f"{tensor.name}. This means that a tf.gradients op with this op in its dependency path "
            "has a custom name that does not start with 'gradients'. Please make sure all calls "
            "to tf.gradients that have non-empty `name` arguments use names that start with "
            "'gradients'."
        )
    return "/".join(tokens[: places[-1] + 1])
