"""What a graph knows of the branch or loop that ops are being made in.

While a function of `tf.cond` or `tf.while_loop` runs, its context is the graph's current one:
each new op is shown to it, and inputs made outside are led in through a Switch or an Enter.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.graph import control_dependencies, get_default_graph
from minitf.indexed_slices import IndexedSlices
from minitf.op import convert_to_tensor
from minitf.ops.flow import slices_of, slices_parts, switch_colocated
from minitf.ops.grouping import with_dependencies
from minitf.ops.tensor_array import flow_of
from minitf.tensor import Operation, Tensor

nest.register_composite(IndexedSlices, slices_parts, slices_of)


class ControlFlowContext:
    """A branch or a loop: the tensors known in it, and what stands for those from outside."""

    is_while = False
    grad_state: Any = None
    back_prop = False

    def __init__(self) -> None:
        self.graph = get_default_graph()
        self.outer_context: ControlFlowContext | None = self.graph._control_flow_context
        self.graph._check_inputs = check_inputs
        self._nested_contexts: list[ControlFlowContext] = []
        if self.outer_context:
            self.outer_context._nested_contexts.append(self)
        self._entered: list[Any] = []
        self._values: set[Tensor] = set()
        self._external_values: dict[Tensor, Tensor] = {}
        self._name = ""

    @property
    def name(self) -> str:
        return self._name

    def enter(self) -> None:
        """Makes this the context of new ops."""
        self._entered.append(self.graph._control_flow_context)
        self.graph._control_flow_context = self

    def exit(self) -> None:
        """Returns to the context that was there before `enter`."""
        self.graph._control_flow_context = self._entered.pop()

    def know(self, tensor: Tensor) -> None:
        """Takes a tensor as one of this context's own."""
        self._values.add(tensor)

    def exit_result(self, result: Any) -> None:
        """Makes what leaves this context known around it."""
        if self.outer_context:
            for tensor in nest.flatten(result, expand_composites=True):
                self.outer_context.know(tensor)

    def while_context(self) -> Any:
        """The innermost loop that this is in, or is."""
        return self.outer_context.while_context() if self.outer_context else None

    def control_pivot(self) -> Tensor | None:
        """The tensor whose op must have run before anything in here does."""
        return None

    def add_inner_op(self, op: Operation) -> None:
        """Is told of each op made in a context inside this one."""
        if self.outer_context:
            self.outer_context.add_inner_op(op)

    def add_value(self, value: Tensor) -> Tensor:
        """What stands for `value` in here."""
        raise NotImplementedError

    def add_op(self, op: Operation) -> None:
        """Makes a new op one of this context's: its inputs become known in here."""
        raise NotImplementedError

    def _know_outputs(self, op: Operation) -> None:
        context: ControlFlowContext | None = self
        while context is not None:
            context._values.update(op._outputs)
            context = context.outer_context

    def _drop_outer_controls(self, op: Operation) -> list[Operation]:
        """Takes away and returns the control inputs from outside the loop that this is in."""
        loop = self.while_context()
        if loop is None:
            return []
        inner, outer = [], []
        for control in op._control_inputs:
            context = output_context(control)
            same = context is not None and context.while_context() is loop
            (inner if same else outer).append(control)
        if outer:
            op._control_inputs = tuple(inner)
        return outer

    def __str__(self) -> str:
        return self._name


class CondContext(ControlFlowContext):
    """One branch of a `tf.cond`: ops in it run where `pred` is as `branch` says."""

    def __init__(self, pred: Tensor, pivot: Tensor, branch: int) -> None:
        name = get_default_graph().unique_name("cond_text")
        super().__init__()
        self._name = name
        self.pred = pred
        self.pivot = pivot
        self.branch = branch
        self._values.update((pred, pivot))
        self._external_values[pred] = pred
        pivot.op._control_flow_context = self

    @property
    def grad_state(self) -> Any:  # type: ignore[override]
        loop = self.while_context()
        return loop.grad_state if loop else None

    @property
    def back_prop(self) -> bool:  # type: ignore[override]
        loop = self.while_context()
        return bool(loop and loop.back_prop)

    def control_pivot(self) -> Tensor:
        return self.pivot

    def add_value(self, value: Tensor) -> Tensor:
        """`value`, or the side of a Switch of it that leads to this branch."""
        if value in self._values:
            return self._external_values.get(value, value)
        result = self._from_outside(value)
        with control_dependencies(None):
            result = switch_colocated(result, self.pred)[self.branch]
            if self.outer_context:
                self.outer_context.add_inner_op(result.op)
        result.graph.prevent_fetching(result.op)
        result.op._control_flow_context = self
        context: ControlFlowContext | None = self
        while context is not None:
            context._values.add(result)
            context = context.outer_context
        self._external_values[value] = result
        return result

    def _from_outside(self, value: Tensor) -> Tensor:
        self._values.add(value)
        if self.outer_context:
            value = self.outer_context.add_value(value)
            self._values.add(value)
            self._external_values[value] = value
        return value

    def add_op(self, op: Operation) -> None:
        self.add_own_op(op)

    def add_own_op(self, op: Operation) -> None:
        """Makes `op` one of this branch's."""
        if op._inputs:
            for index, tensor in enumerate(op._inputs):
                if op.type == "Merge" and tensor.op.type == "NextIteration":
                    continue  # an imported loop's way back, which is not in here yet
                real = self.add_value(tensor)
                if real is not tensor:
                    op._update_input(index, real)
            self._drop_outer_controls(op)
        else:
            self._drop_outer_controls(op)
            if not any(contains(self, control) for control in op._control_inputs):
                op._add_control_inputs([self.pivot.op])
        self._know_outputs(op)
        if self.outer_context or op.type not in ("Exit", "RefExit"):
            op.graph.prevent_fetching(op)
        if self.outer_context:
            self.outer_context.add_inner_op(op)

    def build_branch(self, function: Any) -> tuple[Any, Any]:
        """What `function` returns, and the tensors that this makes; (None, None) for None."""
        original = function()
        if original is None:
            return None, None
        result = nest.map_structure(self._branch_tensor, original, expand_composites=True)
        return original, result if isinstance(result, (list, tuple)) else [result]

    def _branch_tensor(self, value: Any) -> Tensor:
        if isinstance(value, Operation):
            return with_dependencies([value], self.pivot)  # the pivot stands for the op
        return self._returned(convert_to_tensor(flow_of(value)))

    def _returned(self, value: Tensor) -> Tensor:
        if value in self._values:
            return self._external_values.get(value, value)
        real = switch_colocated(self._from_outside(value), self.pred)[self.branch]
        self._external_values[value] = real
        return real

    def merge_gradient(self, grad: Any) -> Any:
        """The gradient of this cond's Merge: behind a Switch on the same predicate."""
        grad_context = self.graph._control_flow_context
        pred = self.pred
        if grad_context and grad_context.grad_state:
            pred = grad_context.grad_state.remembered_pred(pred)
        return switch_colocated(grad, pred, name="cond_grad")


def output_context(op: Operation) -> Any:
    """The context in which an op's outputs are: that around the loop for an Exit."""
    context = op._control_flow_context
    if context is not None and op.type in ("Exit", "RefExit"):
        return context.outer_context
    return context


def while_context_of(op: Operation) -> Any:
    """The innermost loop that an op is in, or None."""
    context = op._control_flow_context
    return context.while_context() if context else None


def is_inside(context: Any, outer: Any) -> bool:
    """Whether `context` is `outer` or lies in it; every context lies in None."""
    while context is not outer:
        if context is None:
            return False
        context = context.outer_context
    return True


def contains(context: Any, op: Operation) -> bool:
    """Whether an op is in a context or in one inside it."""
    return is_inside(op._control_flow_context, context)


def check_inputs(op: Operation) -> None:
    """Raises ValueError where an op takes a value out of a loop other than by an Exit."""
    for tensor in op._inputs:
        source = output_context(tensor.op)
        if source is not None and source is not op._control_flow_context:
            _check_input(op, tensor.op, source)


def _check_input(op: Operation, source_op: Operation, source: Any) -> None:
    context = op._control_flow_context
    loop = context.while_context() if context else None
    source_loop = source.while_context()
    if loop is None:
        led_in = op.type in ("Enter", "RefEnter", "Switch", "RefSwitch")
        if source_loop is None or led_in:
            return
        problem = f"'{source_op.name}' is in a while loop"
    else:
        if is_inside(loop, source_loop) or _is_gradient_of(loop, source_loop):
            return
        problem = "they are in different while loops"
    raise ValueError(
        f"Cannot use '{source_op.name}' as input to '{op.name}' because {problem}. "
        "See info log for more details. "
        f"'{source_op.name}' was made at {source_op.defined_at}"
    )


def _is_gradient_of(loop: Any, source_loop: Any) -> bool:
    """Whether one of two loops goes backwards through what the other computes."""
    if loop.grad_state:
        forward = loop.grad_state.forward_context
        if is_inside(forward, source_loop) or forward is source_loop.outer_context:
            return True
    inner = source_loop.grad_state
    if not inner:
        return False
    further = inner.forward_context.grad_state
    return inner.forward_context is loop or bool(further and further.forward_context is loop)
