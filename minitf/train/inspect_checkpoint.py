"""What a checkpoint holds, printed (tf.python.tools.inspect_checkpoint)."""

from __future__ import annotations

import math
import re
from typing import Any

from minitf.errors import OpError
from minitf.train.checkpoint_utils import NewCheckpointReader


def print_tensors_in_checkpoint_file(
    file_name: str,
    tensor_name: str | None,
    all_tensors: bool,
    all_tensor_names: bool = False,
    count_exclude_pattern: str = "",
) -> None:
    """Prints one tensor, or all, or all names, and how many numbers there are in all.

    Numbers of tensors whose names match `count_exclude_pattern` are not counted. What goes wrong
    is printed too.
    """
    try:
        reader = NewCheckpointReader(file_name)
        shapes = reader.get_variable_to_shape_map()
        if all_tensors or all_tensor_names:
            for name in sorted(shapes):
                _print_tensor(reader, name, shapes[name], all_tensors)
        elif not tensor_name:
            print(reader.debug_string().decode("utf-8", errors="ignore"))
        elif tensor_name in shapes:
            _print_tensor(reader, tensor_name, shapes[tensor_name], True)
        else:
            print(f"Tensor {tensor_name} not found in checkpoint")
            return
    except (OpError, ValueError) as error:
        print(error)
        return
    sizes = {name: math.prod(shape) for name, shape in shapes.items()}
    if count_exclude_pattern:
        pattern = re.compile(count_exclude_pattern)
        left_out = [sizes.pop(name) for name in shapes if pattern.search(name)]
        print(
            f"# Excluding {len(left_out)} tensors ({sum(left_out)} params) that match "
            f"{count_exclude_pattern} when counting."
        )
    print(f"# Total number of params: {sum(sizes.values())}")


def _print_tensor(reader: Any, name: str, shape: Any, with_value: bool) -> None:
    print(f"tensor: {name} ({reader.get_variable_to_dtype_map()[name].name}) {shape}")
    if with_value:
        print(reader.get_tensor(name))
