"""The loop that goes back through another loop's rounds, last round first.

It runs as often as the forward loop did, which counts its rounds for it. What the forward loop
computed comes from stacks (see loop_state.py); the gradient of what is the same in every round
is summed over the rounds.
"""

from __future__ import annotations

from typing import Any

from minitf.indexed_slices import IndexedSlices
from minitf.ops.arithmetic import add, maximum, subtract
from minitf.ops.constants import constant
from minitf.ops.filling import zeros, zeros_like
from minitf.ops.flow import LoopCond, exit, merge, next_iteration, slices_parts, switch
from minitf.ops.joining import concat
from minitf.ops.logic import greater_equal
from minitf.ops.shapes import Shape
from minitf.ops.while_context import WhileContext, add_back_edge
from minitf.shape import TensorShape
from minitf.tensor import Operation, Tensor


class Outside:
    """A block in which ops are made in `context`; None leaves things as they are."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __enter__(self) -> None:
        if self._context:
            self._context.enter()

    def __exit__(self, *exc_info: Any) -> None:
        if self._context:
            self._context.exit()


def add_forward_counter(loop: WhileContext, outer_state: Any) -> tuple[Tensor, Tensor]:
    """Lets a loop count its rounds: the number at its end, and the count for the next round."""
    start = constant(0, name="f_count")
    if outer_state is not None:  # a round's pushes come before those of the next round
        start.op._add_control_inputs([outer_state.forward_index.op._inputs[0].op])
    with Outside(loop):
        loop.know(start)
        entered = loop.entered(start, name="f_count")
        loop.loop_enters.append(entered)
        merged = merge([entered, entered])[0]
        sides = switch(merged, loop.pivot)
        following = next_iteration(add(sides[1], 1))
        merged.op._update_input(1, following)
        total = exit(sides[0], name="f_count")
        loop.loop_exits.append(total)
        loop.exit_result([total])
    return total, following


class BackwardContext(WhileContext):
    """The loop that goes backwards."""

    def add_counter(self, count: Tensor, outer_state: Any) -> Tensor:
        """Counts down from `count`; the count for the next round."""
        one = constant(1, name="b_count")
        with Outside(self):
            self.know(count)
            entered = self.entered(count, name="b_count")
            self.loop_enters.append(entered)
            merged = merge([entered, entered])[0]
            self.pivot_for_pred = merged
            self.pivot = LoopCond(greater_equal(merged, one), name="b_count")
            sides = switch(merged, self.pivot)
            self.pivot_for_body = subtract(sides[1], one)
            following = next_iteration(self.pivot_for_body)
            merged.op._update_input(1, following)
            final = exit(sides[0], name="b_count")
            self.loop_exits.append(final)
            if outer_state is not None:  # a round's pops come before those of the next round
                outer_state.grad_sync._add_control_inputs([final.op])
            self.exit_result([final])
        return following

    # gradients of the forward loop's ops

    def exit_gradient(self, grad: Any) -> Any:
        """What comes out of the forward loop goes into this one."""
        for part in slices_parts(grad) if isinstance(grad, IndexedSlices) else [grad]:
            self.know(part)
        with Outside(self):
            result = self.entered(grad, name="b_exit")
            self.loop_enters.append(result)
        return result

    def enter_gradient(self, op: Operation, grad: Any) -> Any:
        """What went into the forward loop: an Exit, or the sum over the rounds."""
        if op._attrs["is_constant"]:
            if isinstance(grad, IndexedSlices):
                return self._summed_slices(op, grad)
            return self._summed(op, grad)
        result = exit(grad)
        self.loop_exits.append(result)
        self.exit_result([result])
        return result

    def switch_gradient(self, op: Operation, grads: list[Any]) -> Any:
        """A Merge, closed to a circle when the Switch is met for the second time."""
        switches = self.grad_state.switch_map
        merged = switches.get(op)
        if merged is not None:
            if grads[1] is not None:
                add_back_edge(merged, grads[1], enforce_shape=False)
            return None
        if grads[0] is None:
            return None
        merged = merge([grads[0], grads[0]], name="b_switch")[0]
        switches[op] = merged
        return merged

    # sums over the rounds

    def _summed(self, op: Operation, grad: Tensor) -> Tensor:
        self.exit()
        start = self._zeros_for(op, grad)
        self.enter()
        self.know(start)
        entered = self.entered(start, name="b_acc")
        self.loop_enters.append(entered)
        merged = merge([entered, entered], name="b_acc")[0]
        sides = switch(merged, self.pivot)
        following = next_iteration(add(sides[1], grad))
        merged.op._update_input(1, following)
        result = exit(sides[0], name="b_acc")
        self.loop_exits.append(result)
        self.exit_result([result])
        return result

    def _zeros_for(self, op: Operation, grad: Tensor) -> Tensor:
        """Where the sum starts: zeros in the shape of the gradient."""
        outer = self.outer_context
        if grad._shape.is_fully_defined():
            with Outside(outer):
                return constant(0, grad.dtype, shape=grad._shape.as_list(), name="b_acc")
        value = op._inputs[0]
        if outer is not None and outer.is_while and outer.grad_state is not None:
            with Outside(self.grad_state.forward_context.outer_context):
                sizes = Shape(value)
            outer_state = self.grad_state.outer_state
            history = outer_state.remember(sizes)
            with Outside(outer):
                return zeros(outer_state.recall(history, sizes), grad.dtype)
        with Outside(outer):
            return zeros(Shape(value), grad.dtype)

    def _summed_slices(self, op: Operation, grad: IndexedSlices) -> IndexedSlices:
        """Slices are not added but joined."""
        self.exit()
        with Outside(self.outer_context):
            starts = self._slices_to_start(op, grad)
        self.enter()
        for start in starts:
            self.know(start)
        enters = [self.entered(start, use_input_shape=False, name="b_acc") for start in starts]
        enters[0].set_shape([None])
        if starts[1]._shape.ndims is not None:
            enters[1].set_shape([None, *starts[1]._shape.as_list()[1:]])
        self.loop_enters += enters
        merges = [merge([t, t], name="b_acc")[0] for t in enters]
        sides = [switch(t, self.pivot) for t in merges]
        parts = [grad.indices, grad.values]
        sums = [concat([s[1], part], 0) for s, part in zip(sides[:2], parts, strict=True)]
        if len(starts) > 2:
            sums.append(maximum(grad.dense_shape, sides[2][1]))
        for merged, following in zip(merges, [next_iteration(t) for t in sums], strict=True):
            merged.op._update_input(1, following)
        exits = [exit(side[0], name="b_acc") for side in sides]
        self.loop_exits += exits
        self.exit_result(exits)
        return IndexedSlices(exits[1], exits[0], exits[2] if len(exits) > 2 else None)

    def _slices_to_start(self, op: Operation, grad: IndexedSlices) -> list[Tensor]:
        """One row of zeros at index 0, and a shape of zeros: indices, values, dense shape."""
        values, source = grad.values, op._inputs[0]
        if values._shape.is_fully_defined():
            sizes = [1, *values._shape.as_list()[1:]]
            rows = constant(0, values.dtype, shape=sizes, name="b_acc")
        else:
            rows = zeros(concat([[1], Shape(source)[1:]], 0), dtype=values.dtype)
        starts = [constant([0], grad.indices.dtype), rows]
        if grad.dense_shape is not None:
            dtype = grad.dense_shape.dtype
            if grad.dense_shape._shape.is_fully_defined():
                length = grad.dense_shape._shape.as_list()
                starts.append(constant(0, dtype, shape=length))
            else:
                starts.append(zeros_like(Shape(source, out_type=dtype), optimize=False))
        return starts


def close_unchanging(grad_context: BackwardContext, merged: Tensor) -> None:
    """A variable that does not depend on itself has no gradient from the rounds before the last."""
    start = merged.op._inputs[0]
    shape: TensorShape = start._shape
    if shape.is_fully_defined():
        with Outside(grad_context):
            following = next_iteration(constant(0, dtype=start.dtype, shape=shape.as_list()))
    else:
        with Outside(grad_context.outer_context):
            values = zeros(Shape(start.op._inputs[0]))
        with Outside(grad_context):
            following = next_iteration(values)
    merged.op._update_input(1, following)
