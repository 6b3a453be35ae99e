"""Which variables there are, the ops that initialize them, and whether that has been done."""

from __future__ import annotations

from typing import Any

from minitf import registry
from minitf.graph import (
    GraphKeys,
    colocate_with,
    device,
    get_collection,
    get_default_graph,
    name_scope,
)
from minitf.infer import grouped_inputs
from minitf.op import convert_to_tensor, output_types
from minitf.ops import control, state
from minitf.ops.selecting import boolean_mask
from minitf.tensor import Operation, Tensor


def global_variables(scope: str | None = None) -> list[Any]:
    """The variables of the default graph, or those whose names match `scope` from the start."""
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


all_variables = global_variables


def local_variables(scope: str | None = None) -> list[Any]:
    """The variables that belong to one process and are not saved, such as metrics' counters."""
    return get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Any]:
    """The variables that optimizers change."""
    return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Any]:
    """The variables in collection MODEL_VARIABLES."""
    return get_collection(GraphKeys.MODEL_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Any]:
    """The variables whose moving averages are kept."""
    return get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def variables_initializer(var_list: Any, name: str = "init") -> Operation:
    """An op that runs the initializers of these variables; without any it does nothing."""
    if var_list:
        return control.group(*[v.initializer for v in var_list], name=name)
    return control.no_op(name=name)


initialize_variables = variables_initializer


def global_variables_initializer() -> Operation:
    """An op that gives all variables made so far their initial values."""
    return variables_initializer(global_variables())


initialize_all_variables = global_variables_initializer


def local_variables_initializer() -> Operation:
    """An op that gives all local variables made so far their initial values."""
    return variables_initializer(local_variables())


initialize_local_variables = local_variables_initializer


def tables_initializer(name: str = "init_all_tables") -> Operation:
    """An op that initializes all lookup tables of the default graph."""
    initializers = get_collection(GraphKeys.TABLE_INITIALIZERS)
    if initializers:
        return control.group(*initializers, name=name)
    return control.no_op(name=name)


initialize_all_tables = tables_initializer


def is_variable_initialized(variable: Any) -> Tensor:
    """A boolean scalar: whether a variable has a value when this op runs."""
    return state.is_variable_initialized(variable)


def _all_or(var_list: Any) -> list[Any]:
    """`var_list`, or the default graph's variables, those outside collections if need be."""
    if var_list is not None:
        return var_list
    return (global_variables() + local_variables()) or _references()


def _references() -> list[Tensor]:
    operations = get_default_graph().get_operations()
    return [op.outputs[0] for op in operations if op.type == "VariableV2"]


def report_uninitialized_variables(
    var_list: Any = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names (a string vector) of the variables that have no value when it runs."""
    variables = _all_or(var_list)
    with name_scope(name):
        states = [state.is_variable_initialized(v) for v in variables]
        with device("/cpu:0"):
            if not variables:
                return convert_to_tensor([], "string")
            missing = registry.get("LogicalNot")(registry.get("Pack")(states, name="stack"))
            names = convert_to_tensor([v.op.name for v in variables])
            return boolean_mask(names, missing)


def assert_variables_initialized(var_list: Any = None) -> Tensor | None:
    """A tensor that only runs where all variables have values; None where there are none."""
    if var_list is None:
        var_list = global_variables() + local_variables()
    ranks = []
    for variable in var_list or _references():
        with colocate_with(variable.op):
            ranks.append(registry.get("Rank")(variable))
    if not ranks:
        return None
    return ranks[0] if len(ranks) == 1 else registry.get("Pack")(ranks, name="stack")


# An initial value that is made from other variables' values


_LEFT_ALONE = frozenset(["IsVariableInitialized", "VarIsInitializedOp", "ReadVariableOp", "If"])


def initialized(name: str, tensor: Tensor) -> Tensor:
    """`tensor`, made from the initialized values of variables instead of their values.

    So one variable's initial value may depend on another variable, in whichever order both are
    initialized. Ops on the way from a variable are made anew, with `_name` after their names.
    """
    if not _depends_on_variables(tensor.op):
        return tensor
    replaced: dict[Operation, Operation] = {}
    pending = [tensor.op]
    while pending:
        op = pending[-1]
        inputs = () if op.type in _LEFT_ALONE else op._inputs
        missing = [t.op for t in inputs if t.op not in replaced]
        if op in replaced:
            pending.pop()
        elif missing:
            pending.append(missing[0])
        else:
            replaced[op] = _initialized_op(op, inputs, replaced, name)
            pending.pop()
    return replaced[tensor.op]._outputs[tensor.value_index]


def _depends_on_variables(op: Operation) -> bool:
    """Whether a variable is among what `op` is computed from; never where there is a loop."""
    found = False
    finished: dict[Operation, bool] = {}  # False while the walk is inside what the op needs
    pending = [op]
    while pending:
        op = pending[-1]
        if op in finished:
            finished[op] = True
            pending.pop()
            continue
        finished[op] = False
        found = found or op.type == "VariableV2"
        for source in [t.op for t in op._inputs] + list(op._control_inputs):
            done = finished.get(source)
            if done is None:
                pending.append(source)
            elif not done:
                return False
    return found


def _initialized_op(
    op: Operation, inputs: Any, replaced: dict[Operation, Operation], name: str
) -> Operation:
    if op.type == "VariableV2":
        return _initialized_variable(op)
    if all(replaced[t.op] is t.op for t in inputs):
        return op
    inputs = tuple(replaced[t.op]._outputs[t.value_index] for t in inputs)
    definition = registry.get("Switch" if op.type == "RefSwitch" else op.type)
    attrs = dict(op._attrs)
    node_name = f"{op.name}_{name}".replace(":", "_")
    types = output_types(definition, attrs)
    arguments = grouped_inputs(op, inputs)
    return op.graph.add_node(definition, node_name, inputs, attrs, types, arguments)


def _initialized_variable(op: Operation) -> Operation:
    for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES):
        for variable in op.graph.get_collection(key):
            if getattr(variable, "name", "") in (op.name, op.name + ":0"):
                return variable.initialized_value().op
    return op
