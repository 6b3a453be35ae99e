"""Device names: /job:worker/replica:0/task:1/device:CPU:0, any part of which may be missing."""

from __future__ import annotations

from typing import Any


class DeviceSpec:
    """A device named in full or in part.

    Parts that are None are left to whoever places the op.
    """

    __slots__ = ("job", "replica", "task", "device_type", "device_index")

    def __init__(
        self,
        job: str | None = None,
        replica: int | None = None,
        task: int | None = None,
        device_type: str | None = None,
        device_index: int | None = None,
    ) -> None:
        self.job = None if job is None else str(job)
        self.replica = None if replica is None else int(replica)
        self.task = None if task is None else int(task)
        usual = device_type and device_type.lower() in ("cpu", "gpu")
        self.device_type = device_type.upper() if device_type and usual else device_type or None
        self.device_index = None if device_index is None else int(device_index)

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        """The device that `spec` names; ValueError for what is not a device name."""
        parts: dict[str, Any] = {}
        for item in filter(None, spec.split("/")):
            key, *values = item.split(":")
            if "device_type" in parts and key.lower() in ("device", "cpu", "gpu", "tpu"):
                raise ValueError(
                    f"Multiple device types are not allowed while parsing the device spec: {spec}."
                )
            if key in ("job", "replica", "task") and len(values) == 1:
                parts[key] = values[0]
            elif key == "device" and len(values) == 2:
                parts.update(_type_and_index(*values))
            elif key.lower() in ("cpu", "gpu", "tpu") and len(values) <= 1:
                parts.update(_type_and_index(key, *values))
            else:
                raise ValueError(f"Unknown attribute '{key}' is encountered while parsing the "
                                 f"device spec: '{spec}'.")  # fmt: skip
        return cls(**parts)

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """This, become the device that `spec` names; ValueError for what is not a device name."""
        other = DeviceSpec.from_string(spec)
        for part in self.__slots__:
            setattr(self, part, getattr(other, part))
        return self

    def merge_from(self, dev: DeviceSpec) -> None:
        """Puts what `dev` says over this."""
        self.parse_from_string(self.merged(dev).to_string())

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        """A new device: this, with what `dev` says put over it."""
        return self.merged(dev)

    def replace(self, **kwargs: Any) -> DeviceSpec:
        """A new device with some parts given anew."""
        return DeviceSpec(**{part: getattr(self, part) for part in self.__slots__} | kwargs)

    def merged(self, inner: DeviceSpec) -> DeviceSpec:
        """This device, with what `inner` says put over it."""
        result = DeviceSpec()
        for part in self.__slots__:
            value = getattr(inner, part)
            setattr(result, part, getattr(self, part) if value is None else value)
        return result

    def to_string(self) -> str:
        text = "" if self.job is None else f"/job:{self.job}"
        text += "" if self.replica is None else f"/replica:{self.replica}"
        text += "" if self.task is None else f"/task:{self.task}"
        if self.device_type is not None:
            index = "*" if self.device_index is None else self.device_index
            text += f"/device:{self.device_type}:{index}"
        return text

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())

    def __repr__(self) -> str:
        parts = ", ".join(f"{part}={getattr(self, part)}" for part in self.__slots__)
        return f"<DeviceSpec({parts})>"


def _type_and_index(device_type: str, index: str = "*") -> dict[str, Any]:
    return {"device_type": device_type, "device_index": None if index == "*" else index}


def canonical_name(device: Any) -> str:
    """The full spelling of a device given as string, DeviceSpec or None."""
    if device is None:
        return ""
    if isinstance(device, DeviceSpec):
        return device.to_string()
    return DeviceSpec.from_string(device).to_string()


def merged_name(outer: str, inner: str) -> str:
    """The name of device `outer` with what `inner` says put over it."""
    if not inner:
        return canonical_name(outer)
    return DeviceSpec.from_string(outer).merged(DeviceSpec.from_string(inner)).to_string()
