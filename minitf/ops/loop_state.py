"""What one call of `gradients` knows of the loops it goes back through.

Values of the forward loop that its gradient needs are pushed on a stack in each round, and popped
in the backward loop's rounds, which come in the opposite order.
"""

from __future__ import annotations

from typing import Any

from minitf.graph import colocate_with, control_dependencies, get_default_graph
from minitf.infer import constant_value
from minitf.ops.backward_loops import (
    BackwardContext,
    Outside,
    add_forward_counter,
    close_unchanging,
)
from minitf.ops.constants import constant, identity
from minitf.ops.contexts import output_context, while_context_of
from minitf.ops.filling import zeros, zeros_like
from minitf.ops.flow import ControlTrigger, switch, switch_colocated
from minitf.ops.shapes import Shape
from minitf.ops.stacks import StackPopV2, StackPushV2, StackV2
from minitf.ops.while_context import WhileContext, is_constant_enter
from minitf.tensor import Operation, Tensor

_EXITS = ("Exit", "RefExit")
_SWITCHES = ("Switch", "RefSwitch")
_SAME_VALUE = (*_SWITCHES, "Identity", "RefIdentity")


class LoopState:
    """One forward loop and the loop that goes back through it."""

    def __init__(self, forward: WhileContext, outer_state: LoopState | None) -> None:
        self.outer_state = outer_state
        self.forward_context = forward
        self.history: dict[Tensor, Tensor] = {}
        self.switch_map: dict[Operation, Tensor] = {}
        self.unused_exits: list[Tensor] = []
        self.deferred_exits: list[Tensor] = []
        self.forward_exits = list(forward.loop_exits)
        self.pending_exits = len(forward.loop_exits)
        self._forward_sync: Operation | None = None
        self._grad_sync: Operation | None = None
        around = outer_state.forward_context if outer_state else forward.outer_context
        with Outside(around):
            count, self.forward_index = add_forward_counter(forward, outer_state)
        if outer_state:
            around.know(count)
            counts = outer_state.remember(count)
            with Outside(outer_state.grad_context):
                self.grad_context = self._backward()
                count = outer_state.recall(counts, count)
                self.grad_index = self.grad_context.add_counter(count, outer_state)
        else:
            with Outside(around):
                self.grad_context = self._backward()
                self.grad_index = self.grad_context.add_counter(count, None)

    def _backward(self) -> BackwardContext:
        forward = self.forward_context
        return BackwardContext(
            forward.maximum_iterations,
            forward.parallel_iterations,
            forward.back_prop,
            forward.swap_memory,
            forward.name,
            grad_state=self,
        )

    @property
    def forward_sync(self) -> Operation:
        """What the forward loop's next round waits for: pushes in branches."""
        if self._forward_sync is None:
            with control_dependencies(None):
                self._forward_sync = ControlTrigger(name="f_sync")
            self._forward_sync._control_flow_context = self.forward_context
            self.forward_index.op._add_control_inputs([self._forward_sync])
        return self._forward_sync

    @property
    def grad_sync(self) -> Operation:
        """What the backward loop's next round waits for: all pops."""
        if self._grad_sync is None:
            with control_dependencies(None):
                self._grad_sync = ControlTrigger(name="b_sync")
            self._grad_sync._control_flow_context = self.grad_context
            self.grad_index.op._add_control_inputs([self._grad_sync])
            if self.grad_context.outer_context:
                self.grad_context.outer_context.add_inner_op(self._grad_sync)
        return self._grad_sync

    def remember(self, value: Tensor, dead_branch: bool = False) -> Tensor:
        """A stack on which the forward loop puts `value` in each round.

        `dead_branch` says that `value` belongs to the side of a cond that it is not made in.
        """
        current = get_default_graph()._control_flow_context
        with control_dependencies(None):
            with Outside(current), colocate_with(value):
                most = constant(-1)
                stack = StackV2(most, elem_type=value.dtype.base_dtype, name="f_acc")
            inside = self.forward_context.add_value(stack)
            context = output_context(value.op)
            where = context.outer_context if dead_branch else context
            swap = self.forward_context.swap_memory
            with Outside(where):
                push = StackPushV2(inside, value, swap_memory=swap).op
            if context is self.forward_context:
                self.forward_index.op._add_control_inputs([push])
            else:
                if dead_branch:
                    push._control_flow_context = context
                self.forward_sync._add_control_inputs([push])
            push._add_control_inputs([self.forward_index.op._inputs[0].op])
        return stack

    def recall(self, stack: Tensor, value: Tensor, dead_branch: bool = False) -> Tensor:
        """In the backward loop, `value` as it was in the same round of the forward loop."""
        branch_context = self._branch_of(value, stack.op._control_flow_context)
        with control_dependencies(None), Outside(self.grad_context):
            if branch_context:
                pred = self._recalled_pred(branch_context)
                branch = branch_context.branch
                side = 1 - branch if dead_branch else branch
                stack = switch_colocated(stack, pred)[side]
            popped = StackPopV2(stack, elem_type=value.dtype.base_dtype)
            popped.set_shape(value._shape)
        if self.grad_context.parallel_iterations > 1:
            self.grad_sync._add_control_inputs([popped.op])
        return popped

    def _branch_of(self, value: Tensor, outside: Any) -> Any:
        """The cond branch that decides whether `value` is there at all, or None."""
        context = value.op._control_flow_context
        while context and context is not outside:
            if not context.is_while:
                return context
            context = context.outer_context
        return None

    def _recalled_pred(self, branch_context: Any) -> Tensor:
        state: LoopState | None = self
        while state:
            if branch_context.pred in state.history:
                return state.history[branch_context.pred]
            state = state.outer_state
        return branch_context.pred

    def remembered_pred(self, pred: Tensor) -> Tensor:
        """In the backward loop, what a cond's predicate was in the same round."""
        known = self.history.get(pred)
        if known is None:
            self.grad_context.exit()
            stack = self.remember(pred)
            self.grad_context.enter()
            known = self.history[pred] = self.recall(stack, pred)
        return known

    def real_value(self, value: Tensor) -> Tensor:
        """What stands in the backward loop for a value of the forward loop."""
        known = self.history.get(value)
        if known is None:
            known = self.history[value] = self._found(value)
        return known

    def _found(self, value: Tensor) -> Tensor:
        state: LoopState | None = self
        while True:
            entered = _constant_enter(value)
            if entered is None:
                break
            value = entered._inputs[0]
            state = state.outer_state  # type: ignore[union-attr]
            if state is None:  # the same in every round of every loop
                return self.grad_context.add_value(value)
        if value.op.type == "Const":
            return constant(constant_value(value), dtype=value.dtype)
        self.grad_context.exit()
        stack = state.remember(value)  # type: ignore[union-attr]
        self.grad_context.enter()
        real = state.recall(stack, value)  # type: ignore[union-attr]
        return real if state is self else self.grad_context.add_value(real)


def _constant_enter(value: Tensor) -> Operation | None:
    """The Enter that `value` comes from where it is the same in every round."""
    op = value.op
    while op.type in _SAME_VALUE:
        op = op._inputs[0].op
    return op if is_constant_enter(op) else None


class LoopGradients:
    """The loops that one call of `gradients` goes back through."""

    def __init__(self) -> None:
        self._states: dict[WhileContext, LoopState] = {}

    def add_loop(self, op: Operation, between: dict[Operation, None]) -> None:
        """Prepares the loop that an Exit belongs to; all its exits take part."""
        forward = while_context_of(op)
        if forward in self._states:
            return
        if forward is None:  # the class of what TensorFlow raises here
            raise AttributeError(
                f"'{op.name}' leaves a loop that only its nodes are known of, so it has no "
                "gradient: loops come whole with import_meta_graph, but not with import_graph_def, "
                "and a gradient's own loop not at all"
            )
        outer = forward.outer_context
        outer_loop = outer.while_context() if outer else None
        state = LoopState(forward, self._states.get(outer_loop))
        self._states[forward] = state
        between.update(dict.fromkeys(t.op for t in state.forward_exits if t.op not in between))

    def _state(self, op: Operation, before: bool) -> LoopState | None:
        if before and op.type in _EXITS:
            outer = op._control_flow_context.outer_context
            forward = outer.while_context() if outer else None
        else:
            forward = while_context_of(op)
        return self._states.get(forward)

    def enter(self, op: Operation, before: bool) -> None:
        """Makes the backward loop the context, for the ops of `op`'s gradient."""
        state = self._state(op, before)
        if state:
            state.grad_context.enter()

    def exit(self, op: Operation, before: bool) -> None:
        """Undoes `enter`."""
        state = self._state(op, before)
        if state:
            state.grad_context.exit()

    def is_loop_exit(self, op: Operation) -> bool:
        """Whether an op takes a value out of a loop."""
        return op.type in _EXITS

    def is_loop_switch(self, op: Operation) -> bool:
        """Whether an op is the Switch of a loop, which the walk meets twice."""
        return is_loop_switch(op)

    def process_unused_loop_exits(
        self, pending: dict[Operation, int], ready: set[Operation]
    ) -> list[Tensor]:
        """The exits of loops that nothing depends on, where they can be gone through already."""
        exits: list[Tensor] = []
        for state in self._states.values():
            for t in state.forward_exits:
                if not pending.get(t.op):
                    state.pending_exits -= 1
                    if t.op not in ready:
                        state.unused_exits.append(t)
                    if not state.pending_exits:
                        exits += state.unused_exits
            for t in state.forward_context.loop_enters:
                if not pending.get(t.op):
                    pending[t.op] = 1
        return exits

    def deferred_exits(self, op: Operation, tensor: Tensor, walk: Any) -> list[Operation]:
        """The exits to go through once the last of a loop's exits has been reached."""
        state = self._state(op, before=False)
        if state is None:
            return [op]
        state.deferred_exits.append(tensor)
        state.pending_exits -= 1
        if state.pending_exits:
            return []
        used = [t for t in state.deferred_exits if walk.has_gradient(t.op)]
        state.unused_exits += [t for t in state.deferred_exits if t not in used]
        if used:
            for t in state.unused_exits:
                if t._dtype._base.is_floating or t._dtype._base.is_complex:
                    walk.add(t, self.zeros_like_for_exit(t))
        return [t.op for t in (*used, *state.unused_exits)]

    def zeros_like_for_exit(self, tensor: Tensor) -> Tensor:
        """Zeros for an exit that nobody uses, of a loop whose other exits are used."""
        outer = tensor.op._control_flow_context.outer_context
        outer_state = self._states.get(outer.while_context() if outer else None)
        shape = tensor._shape
        if outer_state is None:
            if shape.is_fully_defined():
                return zeros(shape.as_list(), tensor.dtype)
            return zeros_like(tensor, optimize=False)
        if shape.is_fully_defined():
            with Outside(outer_state.grad_context):
                return zeros(shape.as_list(), tensor.dtype)
        with Outside(outer):
            sizes = Shape(tensor)
        stack = outer_state.remember(sizes)
        with Outside(outer_state.grad_context):
            return zeros(outer_state.recall(stack, sizes), tensor.dtype)

    def zeros_like(self, op: Operation, index: int) -> Tensor | None:
        """Zeros for an output that nobody uses; None for a loop's Switch, met a second time."""
        if is_loop_switch(op):
            return None
        state = self._states.get(while_context_of(op))
        if state is None:
            return zeros_like_output(op, index)
        value, context = op._outputs[index], op._control_flow_context
        other_side = op.type in _SWITCHES
        if value._shape.is_fully_defined():
            result = constant(0, shape=value._shape.as_list(), dtype=value.dtype.base_dtype)
            if other_side:
                pred = state.history[context.pred]
                result = switch_colocated(result, pred)[1 - context.branch]
            return result
        if other_side:
            with Outside(context.outer_context):
                value = switch_colocated(op._inputs[0], context.pred)[1 - context.branch]
                sizes = Shape(value)
            value.op._control_flow_context = context
            sizes.op._control_flow_context = context
        else:
            with Outside(context):
                sizes = Shape(value)
        state.grad_context.exit()
        stack = state.remember(sizes, dead_branch=other_side)
        state.grad_context.enter()
        return zeros(state.recall(stack, sizes, other_side), value.dtype.base_dtype)

    def post_processing(self) -> None:
        """Closes the backward loops of variables that don't depend on themselves."""
        for state in self._states.values():
            for merged in state.switch_map.values():
                if merged.op._inputs[0] is merged.op._inputs[1]:
                    close_unchanging(state.grad_context, merged)


def is_loop_switch(op: Operation) -> bool:
    """Whether an op is the Switch of a loop, rather than one that leads into a branch."""
    context = op._control_flow_context
    is_inside = op.type in _SWITCHES and context is not None and context.is_while
    return is_inside and op._inputs[1].op.type == "LoopCond"


def loops_between(between: dict[Operation, None], colocate: bool) -> LoopGradients | None:
    """The state of the gradients of the loops among `between`, or None where there is none.

    Adds those loops' other exits to `between`.
    """
    loops = None
    pending = list(between)
    done = 0
    while done < len(pending):
        op = pending[done]
        done += 1
        if op.type in _EXITS:
            loops = loops or LoopGradients()
            with colocate_with(op) if colocate else Outside(None):
                loops.add_loop(op, between)
            pending = list(between)
    return loops


def zeros_like_output(op: Operation, index: int) -> Tensor | None:
    """Zeros that stand for the gradient of an output nobody uses."""
    value, context = op._outputs[index], op._control_flow_context
    if op.type not in _SWITCHES or context is None:
        return zeros_like(value, optimize=False)
    if context.is_while:
        return None
    other = switch(op._inputs[0], context.pred)[1 - context.branch]
    pivot = identity(other)
    sizes = Shape(other)
    with control_dependencies([pivot]):
        return zeros(sizes, dtype=value.dtype.base_dtype)
