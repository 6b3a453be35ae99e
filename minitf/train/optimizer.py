"""Optimizers: from a loss to the op that improves the variables it depends on."""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.gradients import gradients
from minitf.graph import (
    colocate_with,
    control_dependencies,
    get_collection_ref,
    get_default_graph,
    name_scope,
)
from minitf.graph_keys import GraphKeys
from minitf.indexed_slices import IndexedSlices, convert_to_tensor_or_indexed_slices
from minitf.initial_values import zeros_initializer
from minitf.initialization import trainable_variables
from minitf.op import convert_to_tensor
from minitf.ops.array import shape as shape_of
from minitf.ops.array import unique, zeros
from minitf.ops.casts import cast
from minitf.ops.control import group
from minitf.ops.control import tuple as gate
from minitf.ops.segments import unsorted_segment_sum
from minitf.ops.state import assign_add
from minitf.tensor import Operation, Tensor
from minitf.train.slots import create_slot
from minitf.user_lines import tells_lines
from minitf.variables import Variable

_VALID_TYPES = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64)


class Optimizer:
    """The base of all optimizers; a subclass says how one variable is updated.

    It overrides `_create_slots`, `_prepare`, `_apply_dense`, `_apply_sparse` and `_finish` as far
    as it needs to.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        self._slots: dict[str, dict[Any, Variable]] = {}
        self._non_slots: dict[Any, Variable] = {}
        self._numbers: dict[str, Any] = {}
        self._tensors: dict[str, Tensor] = {}

    def get_name(self) -> str:
        """The optimizer's name, which is in its ops' and slots' names."""
        return self._name

    # the public steps

    @tells_lines
    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Operation:
        """The op that takes one step to a smaller `loss`, and adds one to `global_step`.

        Raises ValueError when no variable has a gradient or the loss is of an integer type.
        """
        grads_and_vars = self.compute_gradients(
            loss, var_list, gate_gradients, aggregation_method, colocate_gradients_with_ops,
            grad_loss,
        )  # fmt: skip
        if all(grad is None for grad, _ in grads_and_vars):
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do not "
                f"support gradients, between variables {[str(v) for _, v in grads_and_vars]} and "
                f"loss {loss}."
            )
        return self.apply_gradients(grads_and_vars, global_step, name)

    @tells_lines
    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[tuple[Any, Variable]]:
        """Pairs of gradient (None where there is no path) and variable.

        `var_list` defaults to the trainable variables. Raises ValueError for integer types and
        where there is no variable.
        """
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        if callable(loss):
            return self._without_gradients(loss, var_list)
        self._assert_valid_dtypes([loss] + ([] if grad_loss is None else [grad_loss]))
        var_list = trainable_variables() if var_list is None else _flat(var_list)
        if not var_list:
            raise ValueError("No variables to optimize.")
        grads = gradients(
            loss,
            [_target(v) for v in var_list],
            grad_ys=grad_loss,
            gate_gradients=gate_gradients == self.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == self.GATE_GRAPH:
            grads = gate(grads)
        pairs = list(zip(grads, var_list, strict=True))
        self._assert_valid_dtypes([v for g, v in pairs if g is not None])
        return pairs

    def _without_gradients(self, loss: Any, var_list: Any) -> list[tuple[Any, Variable]]:
        """What comes of a function that makes the loss: only eager execution can watch it."""
        value = loss()
        if isinstance(value, Variable):
            raise AttributeError("'RefVariable' object has no attribute '_id'")
        variables = [] if var_list is None else _flat(var_list)
        return [(None, variable) for variable in variables]

    @tells_lines
    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Operation:
        """The op that applies gradients to their variables, and adds one to `global_step`.

        Raises TypeError for what is not a gradient, ValueError when there is none or its shape
        is not its variable's.
        """
        given = [(grad, variable) for grad, variable in grads_and_vars]
        if not given:
            raise ValueError("No variables provided.")
        pairs = []
        for grad, variable in given:
            pairs.append((_as_gradient(grad), variable))
            _target(variable)
        updated = [variable for grad, variable in pairs if grad is not None]
        if not updated:
            raise ValueError(
                f"No gradients provided for any variable: {[str(v) for _, v in pairs]}."
            )
        with control_dependencies(None):
            self._create_slots(updated)
        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = []
            for grad, variable in pairs:
                if grad is not None:
                    with name_scope("update_" + variable.op.name), colocate_with(variable):
                        updates.append(self._update(grad, variable))
            if global_step is None:
                train_op = self._finish(updates, scope)
            else:
                finished = self._finish(updates, "update")
                with control_dependencies([finished]), colocate_with(global_step):
                    train_op = assign_add(global_step, 1, name=scope)
        train_op = getattr(train_op, "op", train_op)
        collection = get_collection_ref(GraphKeys.TRAIN_OP)
        if train_op not in collection:
            collection.append(train_op)
        return train_op

    def _update(self, grad: Any, variable: Variable) -> Any:
        if isinstance(variable, Tensor):
            raise NotImplementedError("Trying to update a Tensor ", variable)
        constraint = variable.constraint
        if isinstance(grad, IndexedSlices):
            if constraint is not None:
                raise RuntimeError("Cannot use a constraint function on a sparse variable.")
            return self._apply_sparse_duplicate_indices(grad, variable)
        update = self._apply_dense(grad, variable)
        if constraint is None:
            return update
        with control_dependencies([update]):
            return variable.assign(constraint(variable))

    def _assert_valid_dtypes(self, tensors: list[Any]) -> None:
        valid = self._valid_dtypes()
        for t in tensors:
            dtype = t.dtype.base_dtype
            if dtype not in valid:
                raise ValueError(f"Invalid type {dtype!r} for {t.name}, expected: {list(valid)}.")

    # what subclasses override

    def _valid_dtypes(self) -> Any:
        """The types that losses and variables may have."""
        return _VALID_TYPES

    def _create_slots(self, var_list: list[Variable]) -> None:
        """Makes the variables that the optimizer keeps beside each of `var_list`."""

    def _prepare(self) -> None:
        """Makes the tensors that all updates use: the optimizer's numbers, in their order."""
        for name, number in self._numbers.items():
            value = number() if callable(number) else number
            self._tensors[name] = convert_to_tensor(value, name=name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        """The op that updates `var` by a dense gradient."""
        raise NotImplementedError(f"{type(self).__name__} does not define _apply_dense")

    def _apply_sparse(self, grad: IndexedSlices, var: Variable) -> Any:
        """The op that updates rows of `var`, each of which stands in the gradient once."""
        raise NotImplementedError(f"{type(self).__name__} does not define _apply_sparse")

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Variable) -> Any:
        """The same for rows that may stand in the gradient several times: adds those up first."""
        rows, positions = unique(grad.indices)
        values = unsorted_segment_sum(grad.values, positions, shape_of(rows)[0])
        return self._apply_sparse(IndexedSlices(values, rows, grad.dense_shape), var)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        """The op that stands for the whole step."""
        return group(*update_ops, name=name_scope)

    # slots

    def get_slot(self, var: Variable, name: str) -> Variable | None:
        """The variable that the optimizer keeps beside `var` under a name, or None."""
        slots = self._slots.get(name)
        return slots.get(_key(var)) if slots else None

    def _slot(self, var: Variable, name: str) -> Variable:
        slot = self.get_slot(var, name)
        assert slot is not None  # `_create_slots` made it
        return slot

    def get_slot_names(self) -> list[str]:
        """The names of the slots, in alphabetical order."""
        return sorted(self._slots)

    def variables(self) -> list[Variable]:
        """The optimizer's own variables in the default graph, ordered by name."""
        graph = get_default_graph()
        own = [*self._non_slots.values(), *(v for d in self._slots.values() for v in d.values())]
        return sorted((v for v in own if v.op.graph is graph), key=lambda v: v.name)

    def _zeros_slot(self, var: Variable, slot_name: str, op_name: str) -> Variable:
        """A slot that begins as zeros of the variable's shape."""
        if _key(var) in self._slots.get(slot_name, {}):
            return self._slots[slot_name][_key(var)]
        if var.get_shape().is_fully_defined():
            initializer: Any = zeros_initializer()
        else:
            initializer = zeros(shape_of(var.initialized_value()), dtype=var.dtype.base_dtype)
        return self._get_or_make_slot_with_initializer(
            var, initializer, var.get_shape(), var.dtype.base_dtype, slot_name, op_name
        )

    def _get_or_make_slot(self, var: Variable, val: Any, slot_name: str, op_name: str) -> Variable:
        """A slot that begins as the tensor `val`."""
        return self._get_or_make_slot_with_initializer(
            var, val, val.get_shape(), val.dtype, slot_name, op_name
        )

    def _get_or_make_slot_with_initializer(
        self, var: Variable, initializer: Any, shape: Any, dtype: Any, slot_name: str, op_name: str
    ) -> Variable:
        slots = self._slots.setdefault(slot_name, {})
        if _key(var) not in slots:
            slots[_key(var)] = create_slot(var, initializer, shape, dtype, op_name)
        return slots[_key(var)]

    def _create_non_slot_variable(
        self, initial_value: Any, name: str, colocate_with: Variable
    ) -> Variable:
        """A variable that the optimizer keeps once, not for each variable."""
        key = (name, colocate_with.graph)
        if key not in self._non_slots:
            with get_default_graph().colocate_with(colocate_with):
                self._non_slots[key] = Variable(initial_value, name=name, trainable=False)
        return self._non_slots[key]

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        return self._non_slots.get((name, graph or get_default_graph()))

    def _number(self, name: str, var: Any) -> Tensor:
        """One of the optimizer's numbers, in the variable's type."""
        return cast(self._tensors[name], var.dtype.base_dtype)


def _key(var: Any) -> Any:
    return (var.op.graph, var.op.name)


def _flat(variables: Any) -> list[Any]:
    if not isinstance(variables, (list, tuple, set)):
        return list(variables) if hasattr(variables, "__iter__") and not hasattr(
            variables, "op") else [variables]  # fmt: skip
    return [v for item in variables for v in _flat(item)]


def _target(variable: Any) -> Any:
    """A variable's reference, which is what gradients are taken by and updates change."""
    if isinstance(variable, Variable):
        return variable._ref()
    if isinstance(variable, Tensor):
        return variable
    _ = variable.op  # what is no variable at all says so
    raise NotImplementedError("Trying to optimize unsupported type ", variable)


def _as_gradient(grad: Any) -> Any:
    if grad is None:
        return None
    try:
        return convert_to_tensor_or_indexed_slices(grad)
    except TypeError:
        raise TypeError(
            f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {grad}"
        ) from None
