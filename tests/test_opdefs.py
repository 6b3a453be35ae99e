"""Every op's signature is the one TensorFlow has for it."""

import importlib
import json
import pkgutil
from pathlib import Path

import numpy as np

import minitf
from minitf import registry

OPDEFS = json.loads((Path(__file__).parent / "oracle" / "opdefs.json").read_text())

for module in pkgutil.walk_packages(minitf.__path__, "minitf."):
    importlib.import_module(module.name)


def _tensorflows(name: str) -> registry.OpDefinition:
    inputs, outputs, attrs, _ = OPDEFS[name]
    members = {"inputs": inputs, "outputs": outputs, "attrs": attrs}
    members |= dict.fromkeys(("infer", "kernel", "gradient"))
    return registry.OpDefinition(type(name, (), members))


def _attrs(definition: registry.OpDefinition) -> dict[str, registry.Attr]:
    """The attributes; a default number is a float32 in a graph, however it is written."""
    comparable = {"float": lambda default: np.float32(default or 0), "tensor": repr}
    return {
        name: attr._replace(default=comparable.get(attr.type, lambda same: same)(attr.default))
        for name, attr in definition.attrs.items()
    }


def _parts(definition: registry.OpDefinition) -> list:
    return [definition.inputs, definition.outputs, _attrs(definition)]


def test_signatures():
    for name in registry.registered():
        ours = registry.get(name)
        assert _parts(ours) == _parts(_tensorflows(name)), name
        assert ours.stateful == ("is_stateful" in OPDEFS[name][3]), name


def test_every_op_is_tensorflows():
    assert sorted(set(registry.registered()) - OPDEFS.keys()) == []
