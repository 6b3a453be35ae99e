"""On which device each op runs, and where a value has to go from one device to another."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

from minitf.device import DeviceSpec, merged_name
from minitf.errors import InvalidArgumentError, NotFoundError
from minitf.tensor import Operation, Tensor

_LOCAL = "/job:localhost/replica:0/task:0"


class DeviceAttributes(NamedTuple):
    """One device of a session: full name, type, bytes of memory, number that tells it apart."""

    name: str
    device_type: str
    memory_limit_bytes: int
    incarnation: int

    def __repr__(self) -> str:
        return f"_DeviceAttributes({', '.join(map(str, self))})"


class Transfer(NamedTuple):
    """A tensor that is made on one device and used on another."""

    tensor: Tensor
    source: str
    destination: str


class Placer:
    """Places the ops of one session by the devices that its `config` gives it.

    `pruned`, as `config` too can ask: only what a run needs, not the graph, must have its devices.
    """

    def __init__(self, config: Any, pruned: bool = False) -> None:
        count = 1
        if config is not None and "CPU" in config.device_count:
            count = config.device_count["CPU"]
        if count < 1:
            raise NotFoundError(None, None, "No CPU devices are available in this process")
        self.devices = [f"{_LOCAL}/device:CPU:{i}" for i in range(count)]
        self.soft = bool(config is not None and config.allow_soft_placement)
        self.log = bool(config is not None and config.log_device_placement)
        self._pruned = pruned or bool(
            config is not None and config.graph_options.place_pruned_graph
        )
        self._names: dict[str, str | None] = {"": self.devices[0]}
        self._checked = 0

    def list_devices(self) -> list[DeviceAttributes]:
        """The session's devices."""
        return [DeviceAttributes(name, "CPU", 268435456, i) for i, name in enumerate(self.devices)]

    def device_of(self, op: Operation) -> str:
        """The full name of the device that `op` runs on.

        Raises InvalidArgumentError for a device that is not there, unless placement is soft.
        """
        wanted = op._device
        if wanted not in self._names:
            self._names[wanted] = self._match(wanted)
        name = self._names[wanted]
        if name is None:
            raise InvalidArgumentError(
                None,
                op,
                f"Cannot assign a device for operation {op.name}: {{{{node {op.name}}}}} was "
                f"explicitly assigned to {wanted} but available devices are [ "
                f"{', '.join(self.devices)} ]. Make sure the device specification refers to a "
                f"valid device.\n\t [[{op.name}]]\nIt was made at {op.defined_at}",
            )
        return name

    def _match(self, wanted: str) -> str | None:
        spec = DeviceSpec.from_string(wanted)
        if spec.device_index is None and spec.device_type in (None, "CPU"):
            wanted = merged_name(wanted, "/device:CPU:0")
        full = merged_name(_LOCAL, wanted)
        if full in self.devices:
            return full
        # Soft placement changes the device, not the machine.
        here = DeviceSpec.from_string(full)
        local = (here.job, here.replica, here.task) == ("localhost", 0, 0)
        return self.devices[0] if self.soft and local else None

    def check(self, operations: list[Operation], needed: list[Operation]) -> None:
        """Places the ops made since the last call, as TensorFlow places a whole graph.

        If pruned, only those that the run needs.
        """
        if self._pruned:
            for op in needed:
                self.device_of(op)
            return
        start, self._checked = self._checked, len(operations)
        try:
            for op in operations[start:]:
                if op._device:
                    self.device_of(op)
                if self.log:
                    print(f"{op.name}: ({op.type}): {self.device_of(op)}", file=sys.stderr)
        except InvalidArgumentError:
            self._checked = start
            raise

    def transfers(self, ops: list[Operation]) -> list[Transfer]:
        """The tensors that a run of `ops` takes from one device to another, each once."""
        found = {}
        for op in ops:
            destination = self.device_of(op)
            for t in op._inputs:
                source = self.device_of(t.op)
                if source != destination:
                    found[t, destination] = Transfer(t, source, destination)
        return list(found.values())
