"""tf.switch_case: the branch that a number chooses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf import dtypes, nest
from minitf.graph import name_scope
from minitf.ops.cond import cond
from minitf.ops.constants import identity
from minitf.ops.logic import equal
from minitf.tensor import Tensor


def switch_case(
    branch_index: Any, branch_fns: Any, default: Any = None, name: str = "switch_case"
) -> Any:
    """What `branch_fns[branch_index]()` returns, or else `default()`, the last of them without one.

    `branch_fns` is a list of functions, or a dict or list of pairs of numbers from 0 on and
    functions. All are called once, to build their branches, and return the same nesting of
    tensors of the same types. Raises TypeError and ValueError for anything else.
    """
    actions = _checked(branch_index, branch_fns, default)
    if branch_index.dtype.base_dtype != dtypes.int32:
        raise TypeError(
            f"Input 'branch_index' of 'StatelessCase' Op has type {branch_index.dtype.name} that "
            "does not match expected type of int32."
        )
    with name_scope(name, "case", [branch_index]), name_scope("indexed_case"):
        if len(actions) == 1:
            results = actions[0]()
        else:
            function = actions[-1]
            for number in reversed(range(len(actions) - 1)):
                function = partial(_one_of, branch_index, number, actions[number], function)
            results = function()
        return nest.map_structure(identity, results)


def _one_of(index: Tensor, number: int, action: Any, otherwise: Any) -> Any:
    return cond(equal(index, number), action, otherwise, strict=True)


def _checked(index: Any, functions: Any, default: Any) -> list[Callable[[], Any]]:
    if not isinstance(index, Tensor):
        raise TypeError(f"'branch_index' must be a Tensor, got {type(index)}")
    if not index.dtype.is_integer:
        raise TypeError(f"'branch_index' must be an integer Tensor, got {index.dtype}")
    if not functions:
        raise ValueError("Must provide at least one item in 'branch_fns'")
    if not isinstance(functions, (list, tuple, dict)):
        raise TypeError("'branch_fns' must be a list, tuple, or dict")
    pairs = list(functions.items() if isinstance(functions, dict) else functions)
    if all(callable(function) for function in pairs):
        pairs = list(enumerate(pairs))
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError(f"Each entry in 'branch_fns' must be a 2-tuple. Received {pair}.")
        key, function = pair
        if not isinstance(key, int):
            raise TypeError(f"key must be a Python `int`, got {type(key)}")
        if not callable(function):
            raise TypeError(f"fn for key {key} must be callable.")
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(keys))):
        raise ValueError(
            f"branch indices (keys) must form contiguous range of [0 to {len(keys)}) but found "
            f"{{{','.join(map(str, keys))}}}"
        )
    actions = dict(pairs)
    return [actions[key] for key in keys] + ([] if default is None else [default])
