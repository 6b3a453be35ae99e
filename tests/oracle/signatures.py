"""The parameters of TensorFlow's public functions and classes, by name and default.

Run by `record.py`; `signatures.json` holds one of them a line.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any

SIGNATURES = Path(__file__).parent / "signatures.json"

MODULES = (
    "", "nn", "math", "train", "losses", "metrics", "summary", "initializers", "random", "linalg",
    "strings", "image", "debugging", "bitwise", "errors", "io", "gfile", "manip", "dtypes", "sets",
    "data.Dataset", "Graph", "Session", "Tensor", "Operation", "Variable", "TensorShape",
    "train.Optimizer", "train.Saver", "train.Coordinator", "train.ExponentialMovingAverage",
    "summary.FileWriter", "data",
)  # fmt: skip


def signatures(tf: Any) -> dict[str, list[str]]:
    """The public callables of each module of TensorFlow 1's interface, in alphabetical order."""
    found = {}
    for module in MODULES:
        home = tf
        for part in filter(None, module.split(".")):
            home = getattr(home, part)
        for name in sorted(dir(home)):
            if name.startswith("_"):
                continue
            parameters = _parameters(getattr(home, name, None))
            if parameters is not None:
                found[f"{module}.{name}".lstrip(".")] = parameters
    return found


def _parameters(thing: Any) -> list[str] | None:
    if not callable(thing) or inspect.ismodule(thing):
        return None
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return None
    return [_text(parameter) for parameter in parameters]


def _text(parameter: inspect.Parameter) -> str:
    if parameter.kind == parameter.VAR_POSITIONAL:
        return f"*{parameter.name}"
    if parameter.kind == parameter.VAR_KEYWORD:
        return f"**{parameter.name}"
    if parameter.default is parameter.empty:
        return parameter.name
    default = repr(parameter.default)
    plain = re.fullmatch(r"None|True|False|-?[\d.e+-]+|'[\w/.-]*'|tf\.\w+|\[[\d, ]*\]", default)
    return f"{parameter.name}={default if plain else '...'}"


def dump(tf: Any) -> str:
    """The text of `signatures.json`, one callable a line."""
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in signatures(tf).items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
