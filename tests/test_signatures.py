"""Public functions take TensorFlow's arguments: the same names in the same places."""

import inspect
import json
from pathlib import Path
from typing import Any

import minitf as tf

SIGNATURES = json.loads((Path(__file__).parent / "oracle" / "signatures.json").read_text())

# For things that are not here: distribution strategies, XLA layouts, float8 and the like.
NOT_HERE = {"synchronization", "aggregation", "layout", "output_type", "grad_a", "grad_b"}
NOT_HERE |= {"use_own_namescope_for_non_slot_vars", "skip_gradients_aggregation"}
NOT_HERE |= {"bad_indices_policy", "use_pybind11_proto"}

# Made by the engine only, or named otherwise in the protocol buffers' own package.
MADE_ELSEWHERE = {"DType", "dtypes.DType", "Tensor", "Operation", "make_ndarray"}


def _ours(name: str) -> Any:
    thing = tf
    for part in name.split("."):
        thing = getattr(thing, part, None)
    return thing


def _parameters(thing: Any) -> list[inspect.Parameter] | None:
    """Its parameters; None where it takes any arguments whatever, as ops do."""
    try:
        parameters = list(inspect.signature(thing).parameters.values())
    except (TypeError, ValueError):
        return None
    return None if any(p.kind == p.VAR_POSITIONAL for p in parameters) else parameters


def _differences(ours: list[inspect.Parameter], theirs: list[str]) -> list[str]:
    names = [parameter.name for parameter in ours]
    absent = NOT_HERE - set(names)
    wanted = [text for text in theirs if text.split("=")[0] not in absent]
    takes_any = any(parameter.kind == parameter.VAR_KEYWORD for parameter in ours)
    found = []
    for place, text in enumerate(wanted):
        name, optional, default = text.partition("=")
        if name not in names:
            found += [] if takes_any else [f"no argument {text}"]
            continue
        parameter = ours[names.index(name)]
        if names.index(name) != place and parameter.kind != parameter.KEYWORD_ONLY:
            found.append(f"{name} is argument {names.index(name)}, not {place}")
        if bool(optional) != (parameter.default is not parameter.empty):
            found.append(f"{name}: a default here or there only")
        if default in ("True", "False", "None") and repr(parameter.default) != default:
            found.append(f"{name} defaults to {parameter.default!r}, not {default}")
    return found


def test_arguments():
    differing = {}
    for name, theirs in SIGNATURES.items():
        if name in MADE_ELSEWHERE or not callable(_ours(name)):
            continue
        ours = _parameters(_ours(name))
        if ours is None or any(text.startswith("*") for text in theirs):
            continue
        differing[name] = _differences(ours, theirs)
    assert len(differing) > 700
    assert {name: found for name, found in differing.items() if found} == {}
