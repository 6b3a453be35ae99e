"""The nodes that save and restore variables, as TensorFlow builds and names them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from minitf import nest
from minitf.device import canonical_name, merged_name
from minitf.graph import control_dependencies, device, get_default_graph, name_scope
from minitf.op import convert_to_tensor
from minitf.ops import array, io, regexes, state, strings
from minitf.ops.grouping import group, with_dependencies
from minitf.partitioned_variables import PartitionedVariable
from minitf.tensor import Tensor
from minitf.variables import Variable

_VARIABLES = ("Variable", "VariableV2", "AutoReloadVariable")


class SaveSpec(NamedTuple):
    """One tensor of a checkpoint: where it comes from, its name there, and which part it is."""

    tensor: Any
    slice_spec: str
    name: str
    dtype: Any
    device: str


class SaveableObject:
    """Something that savers keep: what to write, and how to take it back.

    A subclass defines `restore(restored_tensors, restored_shapes)`, which returns an operation.
    """

    restore: Callable[..., Any]

    def __init__(self, op: Any, specs: list[Any], name: str) -> None:
        self.op = op
        self.specs = specs
        self.name = name

    @property
    def device(self) -> str:
        return self.specs[0].device


class VariableSaveable(SaveableObject):
    """A variable, or a part of a partitioned one, in a checkpoint."""

    def __init__(self, variable: Any, slice_spec: str, name: str) -> None:
        dtype = variable.dtype.base_dtype
        super().__init__(
            variable, [SaveSpec(variable, slice_spec, name, dtype, variable.device)], name
        )

    def restore(self, restored_tensors: list[Any], restored_shapes: Any) -> Any:
        """Assigns what was read; in another shape where `restored_shapes` says which."""
        value = restored_tensors[0]
        if restored_shapes is not None:
            value = array.reshape(value, restored_shapes[0])
        strict = restored_shapes is None and self.op.get_shape().is_fully_defined()
        return state.assign(self.op, value, validate_shape=strict)


def named(variables: Any) -> dict[str, Any]:
    """Variables by the names that checkpoints know them by.

    Raises TypeError for anything but variables, ValueError for two of the same name.
    """
    if not isinstance(variables, (list, tuple, set)):
        raise TypeError(f"Variables to save should be passed in a dict or a list. Got {variables}")
    found: dict[str, Any] = {}
    for item in sorted(nest.flatten(list(variables)), key=lambda item: item.name):
        part = getattr(item, "_save_slice_info", None)
        if part is not None:
            parts = found.setdefault(part.full_name, [])
            if not isinstance(parts, list):
                raise ValueError(
                    f"Mixing slices and non-slices with the same name: {part.full_name}"
                )
            parts.append(item)
            continue
        name = item.name
        if not isinstance(item, (SaveableObject, PartitionedVariable)):
            item = _reference(item, "Variable to save is not a Variable: ")
            name = item.op.name
        if name in found:
            raise ValueError(f"At least two variables have the same name: {name}")
        found[name] = item
    return found


def _reference(item: Any, complaint: str) -> Tensor:
    tensor = convert_to_tensor(item, as_ref=True)
    if tensor.op.type not in _VARIABLES:
        raise TypeError(f"{complaint}{tensor}")
    return tensor


def saveables(names: dict[str, Any]) -> list[SaveableObject]:
    """What to save, in the order of the names; ValueError where something has two names."""
    found: list[SaveableObject] = []
    seen: set[int] = set()
    for name in sorted(names):
        for saveable in _saveables_of(names[name], name):
            if id(saveable.op) in seen:
                raise ValueError(
                    f"The same saveable will be restored with two names: {saveable.name}"
                )
            seen.add(id(saveable.op))
            found.append(saveable)
    return found


def _saveables_of(item: Any, name: Any) -> Iterator[SaveableObject]:
    if not isinstance(name, str):
        raise TypeError(
            "names_to_saveables must be a dict mapping string names to trackable operations. "
            f"Name is not a string: {name}"
        )
    if isinstance(item, SaveableObject):
        yield item
    elif isinstance(item, (list, tuple, PartitionedVariable)):
        full_name = None
        for part in item:
            if isinstance(part, SaveableObject):
                yield part
                continue
            if not isinstance(part, Variable):
                raise ValueError(f"Slices must all be Variables: {part}")
            info = part._save_slice_info
            if info is None:
                raise ValueError(f"Slices must all be slices: {part}")
            if full_name not in (None, info.full_name):
                raise ValueError(
                    f"Slices must all be from the same tensor: {full_name} != {info.full_name}"
                )
            full_name = info.full_name
            yield VariableSaveable(part, info.spec, name)
    else:
        complaint = (
            "names_to_saveables must be a dict mapping string names to Tensors/Variables. Not a "
            "variable: "
        )
        yield VariableSaveable(_reference(item, complaint), "", name)


def build(
    variables: Any, reshape: bool, sharded: bool, filename: str | None, name: str | None
) -> tuple[str, str, str]:
    """Adds the nodes; the names of the one that takes the path, of the save and of the restore."""
    items = saveables(variables if isinstance(variables, dict) else named(variables))
    with name_scope(name, "save", [item.op for item in items]):
        path = array.placeholder_with_default(filename or "model", (), "filename")
        path = array.placeholder_with_default(path, (), "Const")
        if sharded:
            groups = _by_device(items)
            saved = _save_shards(path, groups)
            restored = _restore_shards(path, groups, reshape)
        else:
            saved = _save(path, items)
            restored = _restore(path, items, reshape, "restore_all")
    _join_parts()
    return path.name, saved.name, restored.name


def _join_parts() -> None:
    """Partitioned variables that stand in collections get a node for the whole."""
    graph = get_default_graph()
    for key in graph.get_all_collection_keys():
        for item in graph.get_collection(key):
            if isinstance(item, PartitionedVariable) and item.name not in graph._by_name:
                item.as_tensor()


def _save(path: Tensor, items: list[SaveableObject]) -> Tensor:
    specs = [spec for item in items for spec in item.specs]
    save = io.save_v2(
        path,
        [spec.name for spec in specs],
        [spec.slice_spec for spec in specs],
        [spec.tensor for spec in specs],
    )
    return with_dependencies([save], path)


def _restore(path: Tensor, items: list[SaveableObject], reshape: bool, name: str) -> Any:
    specs = [spec for item in items for spec in item.specs]
    with device("cpu:0"):
        tensors = io.restore_v2(
            path,
            [spec.name for spec in specs],
            [spec.slice_spec for spec in specs],
            dtypes=[spec.dtype for spec in specs],
        )
    assigns = []
    for item in items:
        count = len(item.specs)
        shapes = [_shape_of(spec.tensor) for spec in item.specs] if reshape else None
        assigns.append(item.restore(tensors[:count], shapes))
        tensors = tensors[count:]
    return group(*assigns, name=name)


def _shape_of(variable: Any) -> Any:
    shape = variable.get_shape()
    return shape if shape.is_fully_defined() else array.shape(variable)


def _by_device(items: list[SaveableObject]) -> list[tuple[str, list[SaveableObject]]]:
    groups: dict[str, list[SaveableObject]] = {}
    for item in items:
        places = {canonical_name(spec.device) for spec in item.specs}
        if len(places) != 1:
            raise ValueError(
                f"All tensors of a saveable object must be on the same device: {item.name}"
            )
        groups.setdefault(places.pop(), []).append(item)
    return sorted(groups.items())


def _host(place: str) -> str:
    """The first processor of the machine that a device belongs to: it writes the files."""
    return merged_name(place, "/device:CPU:0")


def _save_shards(path: Tensor, groups: list[tuple[str, list[SaveableObject]]]) -> Tensor:
    with device("CPU"):
        suffix = array.where(
            regexes.regex_full_match(path, "^s3://.*"),
            array.constant(".part"),
            array.constant(os.path.normpath("_temp/part")),
        )
        temporary = strings.string_join([path, suffix])
    count = array.constant(np.int32(len(groups)), name="num_shards")
    prefixes, saves, place = [], [], ""
    for shard, (place, items) in enumerate(groups):
        with device(_host(place)):
            prefixes.append(io.ShardedFilename(temporary, shard, count))
            saves.append(_save(prefixes[-1], items))
    with control_dependencies([save.op for save in saves]), device(_host(place)):
        merge = io.MergeV2Checkpoints(prefixes, path, delete_old_dirs=True)
        with control_dependencies([merge]):
            return array.identity(path)


def _restore_shards(path: Tensor, groups: Any, reshape: bool) -> Any:
    restores = []
    for place, items in groups:
        with device(place):
            restores.append(_restore(path, items, reshape, "restore_shard"))
    return group(*restores, name="restore_all")
