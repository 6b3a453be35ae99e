"""Looking into checkpoints, and starting a graph's variables from what they hold."""

from __future__ import annotations

import difflib
import os
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from minitf.graph import device
from minitf.ops import io, state
from minitf.train import checkpoint_state
from minitf.train.files import path_text
from minitf.variable_scope import get_variable_store
from minitf.variables import Variable

_SECONDS_BETWEEN_LOOKS = 1.0


class CheckpointReader:
    """What a checkpoint holds: names, shapes, types and values.

    Raises NotFoundError where there is no checkpoint, DataLossError where it is damaged.
    """

    def __init__(self, filepattern: str | os.PathLike[str]) -> None:
        from minitf.train.bundle_reader import BundleReader

        self._reader = BundleReader(filepattern)
        weakref.finalize(self, self._reader.close)

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """The shape of each tensor by its name."""
        return {name: list(self._reader.shape(name)) for name in self._reader.names()}

    def get_variable_to_dtype_map(self) -> dict[str, Any]:
        """The type of each tensor by its name."""
        return {name: self._reader.dtype(name) for name in self._reader.names()}

    def has_tensor(self, tensor_str: str) -> bool:
        """Whether there is a tensor of this name."""
        return tensor_str in self._reader

    def get_tensor(self, tensor_str: str) -> Any:
        """A tensor's value; NotFoundError where there is none of this name."""
        array = self._reader.read(path_text(tensor_str))
        return array if array.ndim else array[()]

    def debug_string(self) -> bytes:
        """A line for each tensor: name, type and shape."""
        from tensorboard.compat.proto.types_pb2 import DataType

        lines = []
        for key, entry in self._reader.contents()[0].items():
            if not entry.slices:  # the slices have entries of their own
                kind = DataType.Name(entry.dtype).encode()
                shape = ",".join(str(dim.size) for dim in entry.shape.dim).encode()
                lines.append(b"%b (%b) [%b]\n" % (key, kind, shape))
        return b"".join(lines)


NewCheckpointReader = CheckpointReader


def _prefix(ckpt_dir_or_file: Any) -> str:
    """The checkpoint meant: of a folder its latest one; ValueError where it has none."""
    path = os.fspath(ckpt_dir_or_file)
    if os.path.isdir(path):
        latest = checkpoint_state.latest_checkpoint(path)
        if latest is None:
            raise ValueError(
                f"Couldn't find 'checkpoint' file or checkpoints in given directory {path}"
            )
        return latest
    return path


def load_checkpoint(ckpt_dir_or_file: Any) -> CheckpointReader:
    """A reader of a checkpoint, or of a folder's latest one."""
    return CheckpointReader(_prefix(ckpt_dir_or_file))


def load_variable(ckpt_dir_or_file: Any, name: str) -> Any:
    """The value that a checkpoint holds under `name` (or `name:0`)."""
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """The names and shapes of all that a checkpoint holds, in the order of the names."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


def checkpoints_iterator(
    checkpoint_dir: Any,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], Any] | None = None,
) -> Iterator[str]:
    """The folder's latest checkpoint, and each later one as soon as it is there.

    Ends when `timeout` seconds bring no new one, unless `timeout_fn` then gives a false value.
    """
    latest = None
    while True:
        found = _newer(checkpoint_dir, latest, timeout)
        if found is not None:
            latest, began = found, time.monotonic()
            yield latest
            time.sleep(max(began + min_interval_secs - time.monotonic(), 0))
        elif timeout_fn is None or timeout_fn():
            return


def _newer(folder: Any, known: str | None, timeout: float | None) -> str | None:
    """The folder's latest checkpoint once it is another than `known`; None after the time."""
    end = None if timeout is None else time.monotonic() + timeout
    while (found := checkpoint_state.latest_checkpoint(folder)) in (None, known):
        if end is not None and time.monotonic() + _SECONDS_BETWEEN_LOOKS > end:
            return None
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return found


def init_from_checkpoint(ckpt_dir_or_file: Any, assignment_map: Any) -> None:
    """Makes variables start from a checkpoint: their initializers will read it.

    `assignment_map` goes from names in the checkpoint to variables (a variable, its name or a
    list of its parts), or from scopes that end in "/" to scopes; "/" is all. Raises ValueError
    for what the checkpoint lacks, and where shapes differ.
    """
    prefix = _prefix(ckpt_dir_or_file)
    shapes = load_checkpoint(prefix).get_variable_to_shape_map()
    known = _by_name()
    pairs = assignment_map.items() if isinstance(assignment_map, dict) else assignment_map
    for source, target in sorted(pairs, key=lambda pair: pair[0]):
        if isinstance(target, str) and target not in known:
            for name, tensor_name in _scope_pairs(source, target, known):
                if tensor_name not in shapes:
                    raise ValueError(
                        f"Tensor {tensor_name} ({name} in {source}) is not found in {prefix} "
                        f"checkpoint{_near(tensor_name, shapes)}"
                    )
                _init_variable(known[name], prefix, tensor_name)
            continue
        variable = known[target] if isinstance(target, str) else target
        if source not in shapes:
            raise ValueError(
                f"Tensor {source} is not found in {prefix} checkpoint {shapes}"
                f"{_near(source, shapes)}"
            )
        if isinstance(variable, Variable) and not variable.shape.is_compatible_with(shapes[source]):
            raise ValueError(
                f"Shape of variable {variable.name} ({variable.shape}) doesn't match with shape of "
                f"tensor {source} ({shapes[source]}) from checkpoint reader."
            )
        _init_variable(variable, prefix, source)


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, known, n=3)
    return "; it has " + ", ".join(near) if near else ""


def _by_name() -> dict[str, Any]:
    """The variables that `get_variable` made, parts gathered under the whole's name."""
    found: dict[str, Any] = {}
    for name, variable in get_variable_store().variables.items():
        whole, _, part = name.rpartition("/part_")
        if whole and part.isdigit():
            found.setdefault(whole, []).append(variable)
        else:
            found[name] = variable
    return found


def _scope_pairs(source: str, target: str, known: Any) -> Iterator[tuple[str, str]]:
    """For each variable in the scope `target` its name in the checkpoint's scope `source`."""
    scope = target.rpartition("/")[0]
    if not source.endswith("/"):
        raise ValueError(
            f"Assignment map with scope only name {scope} should map to scope only {source}. "
            "Should be 'scope/': 'other_scope/'."
        )
    for name in sorted(known):
        if not scope or name.startswith(scope + "/"):
            rest = name[len(scope) :]
            rest = rest if target == "/" else rest[1:]
            yield name, rest if source == "/" else source + rest


def _init_variable(variable: Any, prefix: str, name: str) -> None:
    if isinstance(variable, Variable):
        _set_initializer(variable, prefix, name, "")
        return
    for part in variable:
        info = part._get_save_slice_info()
        _set_initializer(part, prefix, name, info.spec)


def _set_initializer(variable: Variable, prefix: str, name: str, spec: str) -> None:
    """Gives the variable another initializer, which reads the checkpoint."""
    with device(variable.device), device("/cpu:0"):
        (value,) = io.restore_v2(
            prefix,
            [name],
            [spec],
            dtypes=[variable.dtype.base_dtype],
            name="checkpoint_initializer",
        )
        value.set_shape(variable.shape)
    variable._initializer_op = state.assign(variable._variable, value).op
    variable._initial_value = value
