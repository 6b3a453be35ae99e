"""Ops that order other ops: no_op, group, tuple."""

from __future__ import annotations

from typing import Any

from minitf.graph import colocate_with, control_dependencies, device, name_scope
from minitf.indexed_slices import IndexedSlices
from minitf.infer import nothing
from minitf.op import convert_to_tensor, op
from minitf.ops.constants import identity
from minitf.ops.flow import RefIdentity
from minitf.tensor import Operation, Tensor

_SEQUENCES = (list, tuple)  # below, `tuple` is TensorFlow's


@op
class NoOp:
    """Does nothing; control inputs run before it."""

    infer = nothing

    def kernel():
        return None

    gradient = None


def no_op(name: str | None = None) -> Operation:
    """An op that does nothing."""
    return NoOp(name=name)


def _flat(inputs: Any) -> list[Any]:
    """The tensors and operations in nested lists and tuples."""
    flat = []
    for item in inputs:
        if isinstance(item, _SEQUENCES):
            flat += _flat(item)
        elif isinstance(item, IndexedSlices):
            flat += [t for t in (item.values, item.indices, item.dense_shape) if t is not None]
        else:
            flat.append(item)
    return flat


def group(*inputs: Any, name: str | None = None, **unknown: Any) -> Operation:
    """An op that has run once all `inputs` have.

    Raises TypeError for what is neither tensor nor operation.
    """
    if unknown:
        raise ValueError("Unknown keyword arguments: " + ", ".join(unknown))
    with name_scope(name, "group_deps", _flat(inputs)) as name:
        by_device: dict[str, list[Any]] = {}
        for item in _flat(inputs):
            if not hasattr(item, "device"):
                raise TypeError(
                    "'inputs' should be zero or more (nested) Tensors. Received "
                    f"'{item}' with type '{type(item)}'."
                )
            by_device.setdefault(item.device, []).append(item)
        if len(by_device) <= 1:
            for place, items in by_device.items():
                return _group_on(place, items, name)
            return no_op(name=name)
        parts = [_group_on(place, by_device[place], None) for place in sorted(by_device)]
        with control_dependencies(parts):
            return no_op(name=name)


def _group_on(place: str, items: list[Any], name: str | None) -> Operation:
    with control_dependencies(items):
        if not place:
            return no_op(name=name)
        with device(place):
            return no_op(name=name)


def with_dependencies(dependencies: list[Any], output: Any, name: str | None = None) -> Any:
    """`output`, on the same device, available only once `dependencies` have run."""
    values = output.values if isinstance(output, IndexedSlices) else output
    with (
        name_scope(name, "control_dependency", [*dependencies, values]) as name,
        colocate_with(values),
        control_dependencies(dependencies),
    ):
        values = convert_to_tensor(values)
        is_ref = values._dtype._is_ref_dtype
        waiting = (RefIdentity if is_ref else identity)(values, name=name)
    if isinstance(output, IndexedSlices):
        return IndexedSlices(waiting, output.indices, output.dense_shape)
    return waiting


def tuple(tensors: Any, name: str | None = None, control_inputs: Any = None) -> list[Any]:
    """The tensors, each available only once all of them are.

    Raises ValueError where there is no tensor, TypeError for wrong `control_inputs`.
    """
    with name_scope(name, "tuple", [t for t in tensors if t is not None]) as name:
        kept = (Operation, Tensor, IndexedSlices, type(None))
        tensors = [
            # A variable is waited for itself, not its value.
            t if isinstance(t, kept) or hasattr(t, "_as_graph_element") else convert_to_tensor(t)
            for t in tensors
        ]
        gating = [getattr(t, "op", t) for t in tensors if t is not None]
        for control in control_inputs or ():
            if not isinstance(control, (Tensor, Operation)):
                raise TypeError(
                    "'control_inputs' must only contain Operation or Tensor. Received: "
                    f"{type(control)}"
                )
            gating.append(getattr(control, "op", control))
        if not gating:
            raise ValueError(f"'tensors' must have at least one Tensor. Received: {tensors}.")
        gate = group(*gating)
        results: list[Any] = []
        for t in tensors:
            if isinstance(t, Operation):
                with control_dependencies([gate]):
                    results.append(group(t))
            else:
                results.append(None if t is None else with_dependencies([gate], t))
        return results
