"""tf.raw_ops: every op by its type's name, taking its inputs and attributes as keywords."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable
from typing import Any

from minitf.absent_names import explained
from minitf.graph_def import definition_of, load_all_ops
from minitf.op import Op
from minitf.registry import registered


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("_"):  # what Python asks of every module
        raise AttributeError(name)
    definition = definition_of(name)
    if definition is None:
        raise AttributeError(explained(f"raw_ops.{name}"))
    globals()[name] = function = _function(definition)
    return function


def __dir__() -> list[str]:
    load_all_ops()
    return list(registered())


def _function(definition: Op) -> Callable[..., Any]:
    inputs = [arg.name for arg in definition.inputs]
    args = [*definition.inputs]
    inferred = {name for a in args for name in (a.type_attr, a.number_attr, a.type_list_attr)}
    attrs = [attr for attr in definition.attrs.values() if attr.name not in inferred]
    needed = [*inputs, *(attr.name for attr in attrs if not attr.has_default)]
    keys = [*needed, *(attr.name for attr in attrs if attr.has_default), "name"]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", definition.name).lower()
    outputs = [arg.name for arg in definition.outputs]
    grouped = namedtuple(definition.name, outputs) if len(outputs) > 1 else None

    def function(*arguments: Any, **given: Any) -> Any:
        if arguments:
            raise TypeError(
                f"{words} only takes keyword args (possible keys: {keys}). Please pass these args "
                "as kwargs instead."
            )
        for key in needed:
            if key not in given:
                raise TypeError(f"{words}() missing 1 required positional argument: '{key}'")
        for key in given:
            if key not in keys:
                raise TypeError(f"{words}() got an unexpected keyword argument '{key}'")
        result = definition(*[given.pop(key) for key in inputs], **given)
        return result if grouped is None else grouped(*result)

    function.__name__ = function.__qualname__ = words
    function.__doc__ = definition.__doc__
    return function
