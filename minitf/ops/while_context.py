"""What a graph knows of the loop that ops are being made in."""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.graph import control_dependencies, get_default_graph
from minitf.indexed_slices import IndexedSlices, convert_to_tensor_or_indexed_slices
from minitf.op import convert_to_tensor
from minitf.ops.constants import identity
from minitf.ops.contexts import ControlFlowContext, output_context, while_context_of
from minitf.ops.flow import (
    LoopCond,
    RefIdentity,
    enter,
    exit,
    merge,
    next_iteration,
    switch_colocated,
)
from minitf.ops.tensor_array import array_like, flow_of
from minitf.shape import TensorShape
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Operation, Tensor
from minitf.user_lines import tells_lines

_SHAPE_OPS = frozenset(["Shape", "Size", "Rank"])


class WhileContext(ControlFlowContext):
    """A loop, or with `grad_state` the loop that goes backwards through another."""

    is_while = True

    def __init__(
        self,
        maximum_iterations: Tensor | None = None,
        parallel_iterations: int = 10,
        back_prop: bool = True,
        swap_memory: bool = False,
        name: str = "while_context",
        grad_state: Any = None,
    ) -> None:
        super().__init__()
        if not isinstance(parallel_iterations, int) or parallel_iterations <= 0:
            raise ValueError(
                f"'parallel_iterations' must be a positive integer: {parallel_iterations}"
            )
        self._name = get_default_graph().unique_name(name)
        self.maximum_iterations = maximum_iterations
        self.parallel_iterations = parallel_iterations
        self.back_prop = back_prop
        self.swap_memory = swap_memory
        self.grad_state = grad_state
        self.pivot_for_pred: Tensor | None = None  # what the condition's constants wait for
        self.pivot_for_body: Tensor | None = None  # the same of the body
        self.pivot: Tensor | None = None  # whether the loop goes round once more
        self.loop_enters: list[Tensor] = []
        self.loop_exits: list[Tensor] = []

    def while_context(self) -> WhileContext:
        return self

    def merge_gradient(self, grad: Any) -> Any:
        """The gradient of this loop's Merge: behind a Switch of the loop that goes backwards."""
        return switch_colocated(grad, self.graph._control_flow_context.pivot)

    def control_pivot(self) -> Tensor | None:
        return self.pivot_for_pred if self.pivot_for_body is None else self.pivot_for_body

    def add_value(self, value: Tensor) -> Tensor:
        """`value`, or an Enter of it that is the same in every round."""
        if value in self._values or value.op._control_flow_context is self:
            return self._external_values.get(value, value)
        self._values.add(value)
        remembered = self._from_forward_loop(value)
        if remembered is not None:
            self._external_values[value] = remembered
            return remembered
        result = self.outer_context.add_value(value) if self.outer_context else value
        with control_dependencies(None):
            entered = self.entered(result, is_constant=True)
            self.graph.prevent_feeding(entered)
            if self.outer_context:
                self.outer_context.add_inner_op(entered.op)
        self._own_enters([entered])
        self._values.add(entered)
        self._external_values[value] = entered
        return entered

    def _from_forward_loop(self, value: Tensor) -> Tensor | None:
        """In a loop that goes backwards: what stands for a value of the forward loop."""
        current = self.graph._control_flow_context
        loop = current.while_context() if current else None
        if loop is None or not loop.grad_state:
            return None
        forward = while_context_of(value.op)
        if value.op.type in ("Exit", "RefExit"):
            outer = forward.outer_context
            forward = outer.while_context() if outer else None
        if forward is not loop.grad_state.forward_context:
            return None
        return loop.grad_state.real_value(value)

    def entered(
        self,
        value: Any,
        is_constant: bool = False,
        use_input_shape: bool = True,
        name: str | None = None,
    ) -> Any:
        """An Enter of `value` into this loop."""
        return enter(
            value, self._name, is_constant, self.parallel_iterations, use_input_shape, name
        )

    def _own_enters(self, enters: list[Tensor]) -> None:
        """Makes Enters part of this loop; of the control inputs around them they keep the outer."""
        graph = self.graph
        for tensor in enters:
            controls = graph._control_inputs_of({tensor.op._inputs[0].op})
            kept = [control for control in controls if self._is_around(output_context(control))]
            tensor.op._control_flow_context = self
            tensor.op._add_control_inputs(kept)
            for block in graph._control_dependencies_stack:
                block.seen.add(tensor.op)

    def _is_around(self, context: Any) -> bool:
        """Whether `context` lies around this loop and inside the loop around it."""
        outer = self.outer_context
        outer_loop = outer.while_context() if outer else None
        while outer is not context:
            if outer is None or outer is outer_loop:
                return False
            outer = outer.outer_context
        return True

    def add_op(self, op: Operation) -> None:
        if op.type in _SHAPE_OPS and self._measured_in_forward_loop(op):
            return
        self.add_own_op(op)

    def _measured_in_forward_loop(self, op: Operation) -> bool:
        """A shape that the backward loop asks for is taken, and remembered, where the value is."""
        loop = self.graph._control_flow_context.while_context()
        if loop is None or not loop.grad_state:
            return False
        if while_context_of(op._inputs[0].op) is not loop.grad_state.forward_context:
            return False
        context = op._inputs[0].op._control_flow_context
        op._control_flow_context = context
        context.add_own_op(op)
        return True

    def add_own_op(self, op: Operation) -> None:
        """Makes `op` one of this loop's."""
        if not op._inputs:
            outer_controls = self._drop_outer_controls(op)
            if not op._control_inputs:
                op._add_control_inputs([self.control_pivot().op])  # type: ignore[union-attr]
        else:
            for index, tensor in enumerate(op._inputs):
                real = self.add_value(tensor)
                if real is not tensor:
                    op._update_input(index, real)
            outer_controls = self._drop_outer_controls(op)
            self._wait_for_round(op)
        self._values.update(op._outputs)
        if outer_controls:
            self._lead_in_controls(op, outer_controls)
        if self.outer_context or op.type not in ("Exit", "RefExit"):
            op.graph.prevent_fetching(op)
            for output in op._outputs:
                op.graph.prevent_feeding(output)
        if self.outer_context:
            self.outer_context.add_inner_op(op)

    def _lead_in_controls(self, op: Operation, controls: list[Operation]) -> None:
        """Ops outside the loop are waited for by way of their values; those of none, not at all."""
        with control_dependencies(None):
            self.enter()
            inner = [identity(control._outputs[0]).op for control in controls if control._outputs]
            self.exit()
        op._add_control_inputs(inner)

    def _wait_for_round(self, op: Operation) -> None:
        """An op on what is the same in every round runs only when the round does."""
        if not op._control_inputs and all(is_constant_enter(t.op) for t in op._inputs):
            op._add_control_inputs([self.control_pivot().op])  # type: ignore[union-attr]

    # building

    def build_loop(
        self, pred: Any, body: Any, loop_vars: Any, shape_invariants: Any, same_structure: bool
    ) -> Any:
        """Adds the loop's nodes and returns what the loop variables are at its end."""
        originals = nest.flatten(loop_vars, expand_composites=True)
        loop_vars = nest.map_structure(_as_loop_var, loop_vars)
        variables = [flow_of(v) for v in nest.flatten(loop_vars, expand_composites=True)]
        invariants = _invariants(loop_vars, shape_invariants)
        self.enter()
        try:
            result, exits = self._build(pred, body, originals, variables, invariants, loop_vars)
        finally:
            self.exit()
        leaves = nest.flatten(result, expand_composites=True)
        ends = [array_like(leaf, t) for leaf, t in zip(leaves, exits, strict=True)]
        packed = nest.pack_sequence_as(result, ends, expand_composites=True)
        return packed if same_structure or len(exits) != 1 else packed[0]

    def _build(
        self,
        pred: Any,
        body: Any,
        originals: list[Any],
        variables: list[Tensor],
        invariants: list[TensorShape],
        structure: Any,
    ) -> tuple[Any, list[Tensor]]:
        self._values = set(variables)
        if self.outer_context:
            variables = [self.outer_context.add_value(v) for v in variables]
        enters = self._variable_enters(variables, invariants)
        self._values = set(enters)
        self.loop_enters = enters
        merges = [merge([t, t])[0] for t in enters]
        self.pivot_for_pred = merges[0]

        def packed(tensors: list[Tensor]) -> Any:
            leaves = [array_like(o, t) for o, t in zip(originals, tensors, strict=True)]
            return nest.pack_sequence_as(structure, leaves, expand_composites=True)

        self.pivot = LoopCond(convert_to_tensor(pred(*packed(merges))), name="LoopCond")
        switches = [switch_colocated(t, self.pivot) for t in merges]
        inside = [_same(taken) for _, taken in switches]
        self.pivot_for_body = inside[0]
        arguments = packed(inside)
        result = body(*arguments)
        if not nest.is_nested(result):
            result = [result]
        nest.assert_same_structure(list(arguments), list(result), expand_composites=True)
        self._close(merges, result)
        exits = [exit(left) for left, _ in switches]
        self.loop_exits = exits
        self.exit_result(exits)
        return result, exits

    @tells_lines
    def _variable_enters(
        self, variables: list[Tensor], invariants: list[TensorShape]
    ) -> list[Tensor]:
        enters = []
        with control_dependencies(None):
            for variable, invariant in zip(variables, invariants, strict=True):
                entered = self.entered(variable, use_input_shape=False)
                if not _is_less_or_as_general(variable.get_shape(), invariant):
                    raise ValueError(
                        f"The shape invariant specified for {variable.name} is not compatible "
                        "with the initial shape of the loop variable. It enters the loop with "
                        f"shape {variable.get_shape()}, but the specified shape invariant is "
                        f"{invariant}."
                    )
                entered.set_shape(invariant)
                self.graph.prevent_feeding(entered)
                if self.outer_context:
                    self.outer_context.add_inner_op(entered.op)
                enters.append(entered)
        pivot, outer = None, self.outer_context
        while outer is not None and pivot is None:
            pivot, outer = outer.control_pivot(), outer.outer_context
        for entered in enters:
            if pivot is not None and is_constant_enter(entered.op._inputs[0].op):
                entered.op._add_control_inputs([pivot.op])
        self._own_enters(enters)
        return enters

    def _close(self, merges: list[Tensor], result: Any) -> None:
        """Leads what the body returned back to the Merges."""
        leaves = nest.flatten(result, expand_composites=True)
        values = [convert_to_tensor(flow_of(leaf)) for leaf in leaves]
        if len(merges) != len(values):
            raise ValueError(
                "Number of inputs and outputs of 'body' must match 'loop_vars'. Got "
                f"{len(merges)} for the number of inputs/outputs, and {len(values)} for "
                "'loop_vars'."
            )
        for merged, value in zip(merges, values, strict=True):
            add_back_edge(merged, value)


@tells_lines
def add_back_edge(merged: Any, value: Any, enforce_shape: bool = True) -> None:
    """Makes `value` what `merged` is in the next round.

    Raises ValueError where its shape is not known to stay the same.
    """
    if isinstance(merged, IndexedSlices):
        raise TypeError("'m' must be a Tensor. IndexedSlices cannot go round a loop backwards.")
    following = next_iteration(convert_to_tensor(value))
    if enforce_shape and not _is_less_or_as_general(following.get_shape(), merged.get_shape()):
        start = merged.op._inputs[0].op._inputs[0]
        raise ValueError(
            f"Input tensor '{start.name}' enters the loop with shape {start.get_shape()}, but has "
            f"shape {following.get_shape()} after one iteration. To allow the shape to vary across "
            "iterations, use the `shape_invariants` argument of tf.while_loop to specify a "
            "less-specific shape."
        )
    merged.op._update_input(1, following)


def is_constant_enter(op: Operation) -> bool:
    """Whether an op brings in what is the same in every round."""
    return op.type in ("Enter", "RefEnter") and op._attrs["is_constant"]


def _same(tensor: Tensor) -> Tensor:
    return RefIdentity(tensor) if tensor._dtype._is_ref_dtype else identity(tensor)


def _as_loop_var(value: Any) -> Any:
    if flow_of(value) is not value or isinstance(value, SparseTensor):
        return value
    return convert_to_tensor_or_indexed_slices(value)


def _invariants(loop_vars: Any, shape_invariants: Any) -> list[TensorShape]:
    """For each tensor that goes round what stays true of its shape."""
    if shape_invariants is None:
        return [shape for leaf in nest.flatten(loop_vars) for shape in _own_invariants(leaf)]
    leaves = nest.flatten(loop_vars)
    shapes = nest.flatten_up_to(loop_vars, shape_invariants)
    invariants: list[TensorShape] = []
    for leaf, shape in zip(leaves, shapes, strict=True):
        if shape is not None and not isinstance(shape, TensorShape):
            raise TypeError(
                f"'shape' must be one of TypeSpec, TensorShape or None. Received: {type(shape)}"
            )
        leaf = flow_of(leaf)
        if isinstance(leaf, IndexedSlices) and shape is not None:
            rows = TensorShape(shape.dims[:1] if shape.dims is not None else None)
            invariants += [shape, rows, TensorShape([shape.ndims])]
        elif isinstance(leaf, SparseTensor) and shape is not None:
            invariants += _sparse_invariants(shape.with_rank(1)[0].value)
        elif shape is None:
            invariants += _own_invariants(leaf)
        else:
            invariants.append(shape)
    return invariants


def _own_invariants(leaf: Any) -> list[TensorShape]:
    """The shapes of a loop variable's tensors; of a SparseTensor only the rank stays."""
    leaf = flow_of(leaf)
    if isinstance(leaf, SparseTensor):
        return _sparse_invariants(leaf.dense_shape.get_shape().with_rank(1)[0].value)
    return [t.get_shape() for t in nest.flatten(leaf, expand_composites=True)]


def _sparse_invariants(rank: int | None) -> list[TensorShape]:
    return [TensorShape([None, rank]), TensorShape([None]), TensorShape([rank])]


def _is_less_or_as_general(shape: TensorShape, invariant: TensorShape) -> bool:
    """Whether whatever has `shape` fits `invariant`."""
    if invariant._sizes is None:
        return True
    if shape._sizes is None or len(shape._sizes) != len(invariant._sizes):
        return False
    pairs = zip(shape._sizes, invariant._sizes, strict=True)
    return all(wanted is None or size == wanted for size, wanted in pairs)
