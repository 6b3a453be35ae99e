"""The ops that control flow is made of: Switch and Merge, and those that make a loop.

A value that flows into a Switch leaves by one of two outputs; what stands behind the other one
does not run. A loop is a frame: values come in by Enter, go round by NextIteration and leave by
Exit (Yu et al., "Dynamic Control Flow in Large-Scale Machine Learning", 2018). How their
gradients are wired depends on the construct they belong to, so each asks its context.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.graph import colocate_with, name_scope
from minitf.indexed_slices import IndexedSlices, convert_to_tensor_or_indexed_slices
from minitf.infer import nothing, unchanged, with_rank
from minitf.op import convert_to_tensor, op
from minitf.shape import SCALAR, UNKNOWN, TensorShape, as_shape
from minitf.tensor import DEAD, Operation, Tensor


def _same(x):
    return x


def _context(op: Operation) -> Any:
    """The context that the gradient of one of these ops is about."""
    return op._control_flow_context


def _both(data: Tensor, pred: Tensor) -> tuple[TensorShape, TensorShape]:
    with_rank(pred, 0)
    return data._shape, data._shape


def _switched(data, pred):
    return (DEAD, data) if pred else (data, DEAD)


def in_own_loop(switch: Operation) -> bool:
    """Whether ops are being made in the very loop that a Switch belongs to."""
    context = _context(switch)
    return (
        context is not None and context.is_while and switch.graph._control_flow_context is context
    )


def no_gradient_by_initial_value(name: str) -> ValueError:
    """The exception for a gradient, taken in a loop, that leads out of it."""
    return ValueError(
        f"Cannot compute gradient inside while loop with respect to op '{name}'. We do not support "
        "taking the gradient wrt or through the initial value of a loop variable. Gradients can "
        "be computed through loop invariants or wrt the input parameters to the loop body."
    )


def _switch_gradient(op, false_grad, true_grad):
    """A Merge: what came out on the side that was taken comes back."""
    context, grads = _context(op), [false_grad, true_grad]
    if context is None:
        false_part = switch(false_grad, op._inputs[1])[0]
        true_part = switch(true_grad, op._inputs[1])[1]
        return merge([false_part, true_part])[0], None
    if context.is_while:
        current = op.graph._control_flow_context
        if current is context or current is None:
            raise no_gradient_by_initial_value(op.name)
        return current.while_context().switch_gradient(op, grads), None
    if grads[1 - context.branch] is None:  # of a type that has no derivative
        return None, None
    return merge(grads, name="cond_grad")[0], None


@op
class Switch:
    """Passes `data` to one of two outputs, as `pred` says; nothing flows from the other."""

    inputs = "data: T, pred: bool"
    outputs = "output_false: T, output_true: T"
    attrs = "T: type"
    infer = _both
    kernel = _switched
    gradient = _switch_gradient


@op
class RefSwitch:
    """Passes a variable to one of two outputs."""

    inputs = "data: Ref(T), pred: bool"
    outputs = "output_false: Ref(T), output_true: Ref(T)"
    attrs = "T: type"
    infer = _both
    kernel = _switched
    gradient = _switch_gradient


def _agreed(values: list[Tensor]) -> tuple[TensorShape, TensorShape]:
    """What is true of every input's shape; the index is a scalar."""
    shape = values[0]._shape
    for value in values[1:]:
        other = value._shape
        if shape._sizes is None or other._sizes is None or len(shape._sizes) != len(other._sizes):
            return UNKNOWN, SCALAR
        pairs = zip(shape._sizes, other._sizes, strict=True)
        shape = as_shape([m if m == n else None for m, n in pairs])
    return shape, SCALAR


def _merged(values):
    for index, value in enumerate(values):
        if value is not DEAD:
            return value, np.int32(index)
    return DEAD, DEAD


def _merge_gradient(op, grad, _):
    """A Switch: the gradient goes back to the side that the value came from."""
    source = op._inputs[0].op
    context = _context(source)
    if context is not None and source.type in ("Exit", "RefExit"):
        context = context.outer_context
    if context is not None:
        return list(context.merge_gradient(grad))
    from minitf import registry

    taken = [registry.get("Equal")(op._outputs[1], i) for i in range(len(op._inputs))]
    return [switch_colocated(grad, chosen)[1] for chosen in taken]


@op
class Merge:
    """The one input that has a value, and its index."""

    inputs = "inputs: N * T"
    outputs = "output: T, value_index: int32"
    attrs = "T: type, N: int >= 1"
    infer = _agreed
    kernel = _merged
    gradient = _merge_gradient


@op
class RefMerge:
    """The one variable among the inputs that there is, and its index."""

    inputs = "inputs: N * Ref(T)"
    outputs = "output: Ref(T), value_index: int32"
    attrs = "T: type, N: int >= 1"
    infer = _agreed
    kernel = _merged
    gradient = _merge_gradient


def _entered(data: Tensor, *, is_constant: bool) -> TensorShape:
    return data._shape if is_constant else UNKNOWN


_FRAME = "T: type, frame_name: string, is_constant: bool = false, parallel_iterations: int = 10"


def _enter_gradient(op, grad):
    """An Exit, or for what stays the same in every round the sum over the rounds."""
    context = op.graph._control_flow_context
    if context is None or not context.back_prop or context.grad_state is None:
        return grad
    return context.enter_gradient(op, grad)


@op
class Enter:
    """Brings a value into a loop; the same in every round where `is_constant`."""

    inputs = "data: T"
    outputs = "output: T"
    attrs = _FRAME
    infer = _entered
    kernel = _same
    gradient = _enter_gradient


@op
class RefEnter:
    """Brings a variable into a loop."""

    inputs = "data: Ref(T)"
    outputs = "output: Ref(T)"
    attrs = _FRAME
    infer = _entered
    kernel = _same
    gradient = _enter_gradient


def _exit_gradient(op, grad):
    """An Enter into the loop that goes backwards."""
    context = op.graph._control_flow_context
    if context is None or not context.back_prop:
        return None
    if _context(op).grad_state:
        raise TypeError("Second-order gradient for while loops not supported.")
    return context.exit_gradient(grad)


@op
class Exit:
    """Takes a value out of a loop once the loop has ended."""

    inputs = "data: T"
    outputs = "output: T"
    attrs = "T: type"
    infer = unchanged
    kernel = _same
    gradient = _exit_gradient


@op
class RefExit:
    """Takes a variable out of a loop."""

    inputs = "data: Ref(T)"
    outputs = "output: Ref(T)"
    attrs = "T: type"
    infer = unchanged
    kernel = _same
    gradient = _exit_gradient


def _passed_on(op, grad):
    return grad  # the way back round is added with the gradient of the loop's Switch


@op
class NextIteration:
    """Hands a value to the loop's next round."""

    inputs = "data: T"
    outputs = "output: T"
    attrs = "T: type"
    infer = unchanged
    kernel = _same
    gradient = _passed_on


@op
class RefNextIteration:
    """Hands a variable to the loop's next round."""

    inputs = "data: Ref(T)"
    outputs = "output: Ref(T)"
    attrs = "T: type"
    infer = unchanged
    kernel = _same
    gradient = _passed_on


@op
class LoopCond:
    """Whether a loop goes round once more."""

    inputs = "input: bool"
    outputs = "output: bool"

    def infer(pred):
        return with_rank(pred, 0)

    kernel = _same
    gradient = None


@op
class ControlTrigger:
    """Does nothing; it orders other ops."""

    infer = nothing

    def kernel():
        return None

    gradient = None


@op
class RefIdentity:
    """The variable itself."""

    inputs = "input: Ref(T)"
    outputs = "output: Ref(T)"
    attrs = "T: type"
    infer = unchanged
    kernel = _same

    def gradient(op, grad):
        return grad


# functions


def switch(data: Any, pred: Any, dtype: Any = None, name: str | None = None) -> Any:
    """`data` behind the false and behind the true output, as `pred` says."""
    with name_scope(name, "Switch", [data, pred]) as scope:
        data = convert_to_tensor_or_indexed_slices(data, dtype=dtype, name="data")
        pred = convert_to_tensor(pred, name="pred")
        if isinstance(data, Tensor):
            return Switch(data, pred, name=scope)
        sides = [Switch(part, pred) for part in slices_parts(data)]
        return [slices_of(data, [side[taken] for side in sides]) for taken in (0, 1)]


def switch_colocated(data: Any, pred: Tensor, name: str = "Switch") -> Any:
    """`switch` on the device of `data`; of a variable, the variable itself."""
    data = convert_to_tensor_or_indexed_slices(data, name="data")
    with colocate_with(data, ignore_existing=True):
        if isinstance(data, Tensor) and data._dtype._is_ref_dtype:
            return RefSwitch(data, pred, name=name)
        return switch(data, pred, name=name)


def merge(inputs: list[Any], name: str | None = None) -> Any:
    """The value of the one input that has one, and its index."""
    if any(value is None for value in inputs):
        raise ValueError(f"At least one of the merge inputs is None: {inputs}")
    with name_scope(name, "Merge", [v for v in inputs if hasattr(v, "op")]) as scope:
        inputs = [convert_to_tensor_or_indexed_slices(value) for value in inputs]
        if all(isinstance(value, Tensor) for value in inputs):
            refs = all(value._dtype._is_ref_dtype for value in inputs)
            return (RefMerge if refs else Merge)(inputs, name=scope)
        inputs = [as_indexed_slices(value) for value in inputs]
        parts = zip(*[slices_parts(value) for value in inputs], strict=True)
        merged = [Merge(list(column)) for column in parts]
        return slices_of(inputs[0], [value for value, _ in merged]), merged[0][1]


def enter(
    data: Any,
    frame_name: str,
    is_constant: bool = False,
    parallel_iterations: int = 10,
    use_input_shape: bool = True,
    name: str | None = None,
) -> Any:
    """`data` inside the loop of this name."""
    options = {
        "frame_name": frame_name,
        "is_constant": is_constant,
        "parallel_iterations": parallel_iterations,
    }
    if isinstance(data, IndexedSlices):
        parts = [enter(part, *options.values(), use_input_shape) for part in slices_parts(data)]  # type: ignore[arg-type]
        return slices_of(data, parts)
    data = convert_to_tensor(data)
    result = (RefEnter if data._dtype._is_ref_dtype else Enter)(data, name=name, **options)
    if use_input_shape:
        result.set_shape(data._shape)
    return result


def exit(data: Any, name: str | None = None) -> Any:
    """`data` as it is when the loop has ended."""
    if isinstance(data, IndexedSlices):
        return slices_of(data, [exit(part) for part in slices_parts(data)])
    return (RefExit if data._dtype._is_ref_dtype else Exit)(data, name=name)


def next_iteration(data: Any) -> Any:
    """`data` for the loop's next round."""
    if isinstance(data, IndexedSlices):
        return slices_of(data, [next_iteration(part) for part in slices_parts(data)])
    return (RefNextIteration if data._dtype._is_ref_dtype else NextIteration)(data)


def slices_parts(slices: IndexedSlices) -> list[Tensor]:
    """The tensors that IndexedSlices are made of."""
    parts = [slices.values, slices.indices]
    return parts if slices.dense_shape is None else [*parts, slices.dense_shape]


def slices_of(like: IndexedSlices, parts: list[Any]) -> IndexedSlices:
    """IndexedSlices of other tensors."""
    return IndexedSlices(*parts)


def as_indexed_slices(value: Any) -> IndexedSlices:
    """A tensor as slices that are all of its rows."""
    if isinstance(value, IndexedSlices):
        return value
    from minitf import registry

    sizes = registry.get("Shape")(value)
    return IndexedSlices(value, registry.get("Range")(0, sizes[0], 1, name="range"), sizes)
