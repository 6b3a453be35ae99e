"""Moving averages of variables, which often do better than the variables themselves."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.graph import (
    GraphKeys,
    add_to_collection,
    colocate_with,
    control_dependencies,
    device,
    get_default_graph,
    name_scope,
)
from minitf.initial_values import zeros_initializer
from minitf.initialization import global_variables, moving_average_variables, trainable_variables
from minitf.op import convert_to_tensor
from minitf.ops import state
from minitf.ops.arithmetic import minimum
from minitf.ops.casts import cast
from minitf.ops.control import cond, group
from minitf.ops.powers import pow
from minitf.tensor import Tensor
from minitf.train.slots import create_slot, create_zeros_slot
from minitf.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.variables import Variable

_FLOATS = (dtypes.bfloat16, dtypes.float16, dtypes.float32, dtypes.float64)


class ExponentialMovingAverage:
    """Averages `decay * average + (1 - decay) * variable`, in variables of their own.

    With `num_updates`, the decay is at most `(1 + num_updates) / (10 + num_updates)`, so that the
    average moves faster at the start. `zero_debias` corrects averages of tensors for their start
    at zero.
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, Variable] = {}

    @property
    def name(self) -> str:
        return self._name

    def apply(self, var_list: Any = None) -> Any:
        """An op that moves the averages of `var_list` (all trainable variables) on by one.

        Makes the variables that hold them. Raises TypeError for what is not of a float type.
        """
        var_list = trainable_variables() if var_list is None else list(var_list)
        debiased = set()
        for var in var_list:
            if var.dtype.base_dtype not in _FLOATS:
                raise TypeError(f"The variables must be half, float, or double: {var.name}")
            if var not in self._averages:
                with control_dependencies(None):
                    self._averages[var] = self._new_average(var)
                if not isinstance(var, Variable) and self._zero_debias:
                    debiased.add(var)
        with name_scope(self._name) as scope:
            decay = convert_to_tensor(self._decay, dtypes.float32, "decay")
            if self._num_updates is not None:
                count = cast(self._num_updates, dtypes.float32, name="num_updates")
                decay = minimum(decay, (1.0 + count) / (10.0 + count))
            updates = [
                assign_moving_average(self._averages[var], var, decay, var in debiased)
                for var in var_list
            ]
            return group(*updates, name=scope)

    def _new_average(self, var: Any) -> Variable:
        if not isinstance(var, Variable):
            is_variable = var.op.type in ("Variable", "VariableV2")
            return create_zeros_slot(var, self._name, colocate_with_primary=is_variable)
        with device(var.device):
            initialized = state.is_variable_initialized(var)
            initial = cond(initialized, var.read_value, lambda: var.initial_value)
        average = create_slot(var, initial, initial.get_shape(), initial.dtype, self._name)
        add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, var)
        return average

    def average(self, var: Any) -> Variable | None:
        """The variable that holds the average of `var`, or None."""
        return self._averages.get(var)

    def average_name(self, var: Any) -> str:
        """The name under which checkpoints hold the average of `var`, now or once it is made."""
        if var in self._averages:
            return self._averages[var].op.name
        name = f"{var.op.name}/{self._name}"
        return get_default_graph().unique_name(name, mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables: Any = None) -> dict[str, Any]:
        """A dict for a Saver that restores averages in the place of their variables."""
        if moving_avg_variables is None:
            moving_avg_variables = trainable_variables() + moving_average_variables()
        averaged = list(dict.fromkeys(moving_avg_variables))
        found = {self.average_name(var): var for var in averaged}
        for var in global_variables():
            if var not in averaged:
                found.setdefault(var.op.name, var)
        return found


def assign_moving_average(
    variable: Variable, value: Any, decay: Any, zero_debias: bool = True, name: str | None = None
) -> Tensor:
    """An op that moves `variable` on to `decay * variable + (1 - decay) * value`."""
    with name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        rest = convert_to_tensor(1.0 - decay, name="decay")
        if rest.dtype != variable.dtype.base_dtype:
            rest = cast(rest, variable.dtype.base_dtype)
        if zero_debias:
            return _debiased(variable, value, rest)
        return state.assign_sub(variable, (variable - value) * rest, name=scope)


def _debiased(variable: Variable, value: Any, rest: Tensor) -> Tensor:
    """The average divided by what it would be of ones (Kingma and Ba, "Adam", 2015)."""
    with (
        variable_scope(variable.op.name, values=[variable, value, rest]),
        control_dependencies(None),
        colocate_with(variable),
    ):
        zeros = zeros_initializer()
        dtype = variable.dtype.base_dtype
        biased = get_variable(
            _unused("biased"), variable.get_shape(), dtype, zeros, trainable=False
        )
        steps = get_variable(_unused("local_step"), [], dtype, zeros, trainable=False)
    new = state.assign_sub(biased, (biased - value) * rest)
    count = steps.assign_add(1)
    factor = 1 - pow(1.0 - rest, count)
    scope = get_default_graph().get_name_scope() + "/"
    return state.assign(variable, new / factor, name=scope)


def _unused(name: str) -> str:
    scope = get_variable_scope()
    if scope.reuse:
        return name
    taken = {var.op.name for var in scope.global_variables()}
    full, number = f"{scope.name}/{name}", 0
    while (f"{full}_{number}" if number else full) in taken:
        number += 1
    return f"{name}_{number}" if number else name
