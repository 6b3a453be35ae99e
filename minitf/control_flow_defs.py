"""Branches and loops in a MetaGraphDef: with them gradients go through an imported loop too."""

from __future__ import annotations

from typing import Any

from minitf.graph import get_default_graph
from minitf.ops.contexts import CondContext, ControlFlowContext
from minitf.ops.while_context import WhileContext
from minitf.tensor import Tensor
from minitf.variable_parts import with_scope, without_scope

_ENTERS = ("Enter", "RefEnter")


# -- out of a graph ----------------------------------------------------------------------------


def to_proto(context: Any, export_scope: str | None = None) -> Any:
    """A context and those inside it as TensorFlow writes them; None where it is out of scope."""
    if export_scope and not context.name.startswith(export_scope):
        return None
    return (_loop_def if context.is_while else _branch_def)(context, export_scope)


def _branch_def(context: Any, scope: str | None) -> Any:
    from minitf.train import protos

    definition = protos.CondContextDef(
        context_name=without_scope(context.name, scope),
        pred_name=without_scope(context.pred.name, scope),
        pivot_name=without_scope(context.pivot.name, scope),
    )
    if context.branch:
        definition.branch = context.branch
    _add_inside(definition, context, scope)
    return definition


def _loop_def(context: Any, scope: str | None) -> Any:
    from minitf.train import protos

    definition = protos.WhileContextDef(
        context_name=without_scope(context.name, scope),
        parallel_iterations=context.parallel_iterations,
        pivot_name=without_scope(context.pivot.name, scope),
        pivot_for_pred_name=without_scope(context.pivot_for_pred.name, scope),
        pivot_for_body_name=without_scope(context.pivot_for_body.name, scope),
        loop_exit_names=[without_scope(t.name, scope) for t in context.loop_exits],
        loop_enter_names=[without_scope(t.name, scope) for t in context.loop_enters],
    )
    # What is false or missing is not written, and so the bytes are TensorFlow's.
    if context.back_prop:
        definition.back_prop = True
    if context.swap_memory:
        definition.swap_memory = True
    if context.maximum_iterations is not None:
        definition.maximum_iterations_name = without_scope(context.maximum_iterations.name, scope)
    _add_inside(definition, context, scope)
    return definition


def _add_inside(definition: Any, context: Any, scope: str | None) -> None:
    values = definition.values_def
    names = sorted(tensor.name for tensor in context._values)
    values.values.extend(without_scope(name, scope) for name in names)
    pairs = [(outer.name, inner.name) for outer, inner in context._external_values.items()]
    for outer, inner in sorted(pairs):
        key, value = without_scope(outer, scope), without_scope(inner, scope)
        values.external_values.add(key=key, value=value)
    for nested in context._nested_contexts:
        kind = "while_ctxt" if nested.is_while else "cond_ctxt"
        found = to_proto(nested, scope)
        if found is not None:
            getattr(definition.nested_contexts.add(), kind).CopyFrom(found)


# -- into a graph ------------------------------------------------------------------------------


def from_proto(definition: Any, import_scope: str | None = None) -> ControlFlowContext:
    """A context of nodes that are in the default graph already, and those inside it.

    Raises KeyError where one is not there, ValueError for what makes no branch or loop.
    """
    is_branch = hasattr(definition, "pred_name")
    context: Any = (
        CondContext.__new__(CondContext) if is_branch else WhileContext.__new__(WhileContext)
    )
    ControlFlowContext.__init__(context)
    context._name = with_scope(definition.context_name, import_scope)
    (_fill_branch if is_branch else _fill_loop)(context, definition, import_scope)
    _fill_values(context, definition.values_def, import_scope)
    if import_scope and not is_branch:
        _rename_frame(context)
    context.enter()
    try:
        for nested in definition.nested_contexts:
            kind = "while_ctxt" if nested.HasField("while_ctxt") else "cond_ctxt"
            from_proto(getattr(nested, kind), import_scope)
    finally:
        context.exit()
    return context


def _tensor(name: str, scope: str | None) -> Tensor:
    found = get_default_graph().as_graph_element(with_scope(name, scope))
    if not isinstance(found, Tensor):
        raise ValueError(f"{name!r} is no tensor")
    return found


def _fill_branch(context: Any, definition: Any, scope: str | None) -> None:
    if definition.branch not in (0, 1):
        raise ValueError(f"{definition.context_name!r}: a cond has no branch {definition.branch}")
    context.pred = _tensor(definition.pred_name, scope)
    context.pivot = _tensor(definition.pivot_name, scope)
    context.branch = definition.branch


def _fill_loop(context: Any, definition: Any, scope: str | None) -> None:
    if definition.parallel_iterations < 1:
        raise ValueError(f"{definition.context_name!r}: no parallel_iterations")
    most = definition.maximum_iterations_name
    context.maximum_iterations = _tensor(most, scope) if most else None
    context.parallel_iterations = definition.parallel_iterations
    context.back_prop = definition.back_prop
    context.swap_memory = definition.swap_memory
    context.grad_state = None
    context.pivot_for_pred = _tensor(definition.pivot_for_pred_name, scope)
    context.pivot_for_body = _tensor(definition.pivot_for_body_name, scope)
    context.pivot = _tensor(definition.pivot_name, scope)
    context.loop_exits = [_tensor(name, scope) for name in definition.loop_exit_names]
    context.loop_enters = [_tensor(name, scope) for name in definition.loop_enter_names]


def _fill_values(context: Any, values: Any, scope: str | None) -> None:
    """The tensors known in a context; the ops of those that are its own become its ops."""
    graph = get_default_graph()
    outside = set()
    for pair in values.external_values:
        outside.add(pair.key)
        inner = _tensor(pair.value, scope)
        # What came from beyond an exported scope is not in this graph under its old name.
        if with_scope(pair.key, scope).partition(":")[0] in graph._by_name:
            outer = _tensor(pair.key, scope)
            context._external_values[outer] = inner
            context._values.add(outer)
    for name in values.values:
        if name not in outside:
            tensor = _tensor(name, scope)
            context._values.add(tensor)
            tensor.op._control_flow_context = context


def _rename_frame(context: Any) -> None:
    """Makes the loop's Enters tell its new name: two imports of one loop are two loops."""
    for tensor in context._values:
        if tensor.op.type in _ENTERS and tensor.op._control_flow_context is context:
            tensor.op._attrs["frame_name"] = context.name.encode()
