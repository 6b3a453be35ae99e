"""What a graph remembers of the `with` blocks that are open while ops are made."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from minitf.device import DeviceSpec, canonical_name, merged_name
from minitf.proto import as_bytes

if TYPE_CHECKING:
    from minitf.tensor import Operation

ROOT_SCOPE = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$")
INNER_SCOPE = re.compile(r"^[A-Za-z0-9_.\\/>-]*$")


class _ControlDependencies:
    """One `control_dependencies` block, and the ops made in it so far."""

    def __init__(self, control_inputs: list[Operation]) -> None:
        self.control_inputs = control_inputs
        self.seen: set[Operation] = set()


class _ThreadScopes(threading.local):
    """What is open in one thread: several may build one graph.

    A new thread begins with the devices, colocations and control dependencies that are open in
    the thread that made the graph.
    """

    name_stack = ""
    control_flow_context: Any = None
    is_first = False

    def __init__(self, first: dict[str, Any]) -> None:
        self.__dict__.update(first)


def _per_thread(name: str, inherited: bool = True) -> Any:
    """A property of a graph that each thread has for itself."""

    def get(self: ScopeStacks) -> Any:
        return getattr(self._thread, name)

    def put(self: ScopeStacks, value: Any) -> None:
        thread = self._thread
        setattr(thread, name, value)
        if inherited and thread.is_first:
            self._first[name] = value

    return property(get, put)


class ScopeStacks:
    """Names in use and the open name, device, colocation and control dependency scopes.

    The base of Graph: each method is one of `Graph`'s.
    """

    def __init__(self) -> None:
        self._first: dict[str, Any] = {
            "device_stack": [], "colocation_stack": [], "control_dependencies_stack": []
        }  # fmt: skip
        self._thread = _ThreadScopes(self._first)
        self._thread.is_first = True
        self._names_in_use: dict[str, int] = {}
        self._attr_scopes: dict[str, Any] = {}
        self._gradient_override: dict[str, str] = {}
        self._container = ""

    # names

    _name_stack: str = _per_thread("name_stack", inherited=False)  # joined by slashes
    _control_flow_context: Any = _per_thread("control_flow_context", inherited=False)
    _device_stack: list[Any] = _per_thread("device_stack")
    _colocation_stack: list[Any] = _per_thread("colocation_stack")
    _control_dependencies_stack: list[_ControlDependencies] = _per_thread(
        "control_dependencies_stack"
    )

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """`name` in the current name scope, with the first free suffix `_1`, `_2`, ...

        Names that differ only in case count as the same.
        """
        if self._name_stack:
            name = f"{self._name_stack}/{name}"
        in_use = self._names_in_use
        key = name.lower()
        count = in_use.get(key)
        if count is None:
            if mark_as_used:
                in_use[key] = 1
            return name
        suffixed = f"{key}_{count}"
        while suffixed in in_use:
            count += 1
            suffixed = f"{key}_{count}"
        if mark_as_used:
            in_use[key] = count + 1
            in_use[suffixed] = 1
        return f"{name}_{count}"

    @contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """Puts `name/` before the names of ops made in the block; yields that prefix.

        A name that ends in "/" is taken as it is, without a suffix; None and "" return to the
        root. Raises ValueError for a name that is not legal.
        """
        outer = self._name_stack
        self._name_stack, prefix = self._entered(name)
        try:
            yield prefix
        finally:
            self._name_stack = outer

    def _entered(self, name: Any) -> tuple[str, str]:
        """The name stack inside a scope, and the prefix that names it."""
        if not name:
            return "", ""
        if name[-1] == "/" and len(name) > 1 and name[:-1] == self._name_stack:
            return self._name_stack, name  # the open scope: validated when it was entered
        if isinstance(name, bytes):
            name = name.decode()
        if self._name_stack:
            if not INNER_SCOPE.match(name):
                raise ValueError(
                    f"'{name}' is not a valid scope name. A scope name has to match the following "
                    f"pattern: {INNER_SCOPE.pattern}"
                )
        elif not ROOT_SCOPE.match(name):
            raise ValueError(
                f"'{name}' is not a valid root scope name. A root scope name has to match the "
                f"following pattern: {ROOT_SCOPE.pattern}"
            )
        if name[-1] == "/":
            return name[:-1], name
        inner = self.unique_name(name)
        return inner, inner + "/"

    def get_name_scope(self) -> str:
        """The current name scope, without a final slash."""
        return self._name_stack

    # control dependencies

    @contextmanager
    def control_dependencies(self, control_inputs: Any) -> Iterator[None]:
        """Ops made in the block run after `control_inputs`; None lifts the outer blocks.

        Raises TypeError for what is neither operation nor tensor.
        """
        stack, context = self._control_dependencies_stack, self._control_flow_context
        if control_inputs is None:
            self._control_dependencies_stack, self._control_flow_context = [], None
            control_inputs = []
        block = _ControlDependencies(self._as_control_inputs(control_inputs))
        self._control_dependencies_stack = [*self._control_dependencies_stack, block]
        try:
            yield
        finally:
            self._control_dependencies_stack, self._control_flow_context = stack, context

    def _as_control_inputs(self, elements: Any) -> list[Operation]:
        open_blocks = self._control_dependencies_stack
        current = {op for block in open_blocks for op in block.control_inputs}
        control_inputs = []
        for element in elements:
            if type(element).__name__ == "IndexedSlices":  # its module stands above this one
                element = element.op
            op = getattr(element, "_as_graph_element", lambda e=element: e)()
            op = self.as_graph_element(op)  # type: ignore[attr-defined]
            op = getattr(op, "op", op)
            if op not in current:
                control_inputs.append(op)
                current.add(op)
                op._attrs["_has_manual_control_dependencies"] = True  # TensorFlow marks these ops
        return control_inputs

    def _control_inputs_of(self, input_ops: set[Operation]) -> list[Operation]:
        """The control inputs of an op with these inputs.

        A block is left out when an input was made in it: that input waits already.
        """
        control_inputs = []
        for block in self._control_dependencies_stack:
            if not block.seen.intersection(input_ops):
                control_inputs += [op for op in block.control_inputs if op not in input_ops]
        return control_inputs

    # devices

    @contextmanager
    def device(self, device_name_or_function: Any) -> Iterator[None]:
        """Places ops made in the block; a function is given each op and returns its device.

        None lifts the outer blocks. Raises ValueError for what is not a device name.
        """
        entry = device_name_or_function
        if entry is not None and not callable(entry):
            entry = canonical_name(entry)
        outer = self._device_stack
        self._device_stack = [*outer, entry]
        try:
            yield
        finally:
            self._device_stack = outer

    @contextmanager
    def _without_scopes(self) -> Iterator[None]:
        """A block whose ops no device, colocation or control dependency block around it touches."""
        names = "_device_stack", "_colocation_stack", "_control_dependencies_stack"
        before = [getattr(self, name) for name in names]
        for name in names:
            setattr(self, name, [])
        try:
            yield
        finally:
            for name, stack in zip(names, before, strict=True):
                setattr(self, name, stack)

    def _place(self, op: Operation) -> None:
        """Sets the op's device by the open device blocks, the innermost first."""
        for entry in reversed(self._device_stack):
            if entry is None:
                break
            if isinstance(entry, str):
                op._device = merged_name(entry, op._device)
            else:
                place = entry(op)
                if isinstance(place, DeviceSpec):
                    place = place.to_string()
                op._device = as_bytes(place).decode()  # as it is: TensorFlow does not rewrite it

    @contextmanager
    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Iterator[None]:
        """Places ops made in the block where `op` is.

        Raises ValueError for `op=None` unless `ignore_existing` is true.
        """
        if op is None and not ignore_existing:
            raise ValueError(
                "Trying to reset colocation (op is None) but ignore_existing is not True"
            )
        op = getattr(op, "op", op)
        devices, colocations = self._device_stack, self._colocation_stack
        self._device_stack = []
        self._colocation_stack = ([] if ignore_existing else colocations) + ([op] if op else [])
        try:
            yield
        finally:
            self._device_stack, self._colocation_stack = devices, colocations

    def _colocate(self, op: Operation) -> None:
        groups: set[bytes] = set()
        device = ""
        for other in reversed(self._colocation_stack):
            groups.update(other.colocation_groups())
            device = device or other.device
        op._device = device or op._device
        op._attrs["_class"] = sorted(groups)

    # attributes

    @contextmanager
    def _attr_scope(self, attrs: dict[str, Any]) -> Iterator[None]:
        """Adds attributes to ops made in the block; None takes one of an outer block away."""
        outer = self._attr_scopes
        merged = {**outer, **attrs}
        self._attr_scopes = {key: value for key, value in merged.items() if value is not None}
        try:
            yield
        finally:
            self._attr_scopes = outer

    @contextmanager
    def gradient_override_map(self, op_type_map: dict[str, str]) -> Iterator[None]:
        """Ops made in the block with a type in the map use the gradient registered for its value.

        Raises TypeError unless the map goes from strings to strings.
        """
        if not isinstance(op_type_map, dict):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        for op_type, mapped in op_type_map.items():
            if not isinstance(op_type, str):
                raise TypeError(f"op_type_map must be a dictionary mapping strings to strings: {op_type!r}")  # fmt: skip  # noqa: E501
            if not isinstance(mapped, str):
                raise TypeError(f"op_type_map must be a dictionary mapping strings to strings: {mapped!r}")  # fmt: skip  # noqa: E501
        outer = self._gradient_override
        self._gradient_override = {**outer, **op_type_map}
        try:
            yield
        finally:
            self._gradient_override = outer

    @contextmanager
    def container(self, container_name: str) -> Iterator[str]:
        """Names the resource container of stateful ops made in the block."""
        outer = self._container
        self._container = container_name
        try:
            yield container_name
        finally:
            self._container = outer
