"""The ops behind tf.TensorArray; `flow`, a number without meaning, orders writes before reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.graph import control_dependencies
from minitf.infer import nothing, scalar
from minitf.kernels.tensor_arrays import Elements, failure
from minitf.op import op
from minitf.ops.constants import identity
from minitf.shape import SCALAR, UNKNOWN, TensorShape, as_shape
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
        size, *, dtype, element_shape, dynamic_size, clear_after_read, identical_element_shapes
    ):
        if size < 0:
            raise InvalidArgumentError(None, None, "Size should be >= 0.")
        known = element_shape.is_fully_defined()
        shape = tuple(element_shape.as_list()) if known else None
        kind = np.dtype(dtype.as_numpy_dtype)
        options = {"identical_shapes": identical_element_shapes}
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

    def kernel(handle, index, flow):
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
        if not len(indices):
            shape = handle.shape_of_none(element_shape, "element shape", "packing")
            return np.zeros([0, *shape], dtype.as_numpy_dtype)
        return _stacked([handle.read(int(i)) for i in indices], handle.dtype)

    def gradient(op, grad):
        handle, indices, flow = op._inputs
        array = _gradient_array(op._attrs["dtype"], handle, flow, grad)
        return None, None, array.scatter(indices, grad).flow


def _stacked(values: list[Any], dtype: Any) -> np.ndarray:
    shapes = {np.shape(value) for value in values}
    if len(shapes) > 1:
        raise failure(f"has inconsistent shapes: {sorted(shapes)}")
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
    infer = scalar

    def kernel(handle, indices, value, flow):
        if len(indices) != len(value):
            raise failure(
                "Expected len(indices) == values.shape[0], but saw: "
                f"{len(indices)} vs. {len(value)}"
            )
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
        values = [handle.read(i) for i in range(len(handle))]
        for i, value in enumerate(values):
            if not np.ndim(value):
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Concat saw a scalar shape at index {i} but requires at least vectors.  Did "
                    "you mean to call pack?",
                )
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
    infer = scalar

    def kernel(handle, value, lengths, flow):
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
