"""Every op the engine knows: its signature, shape inference, kernel and gradient.

Signatures are written in the words of TensorFlow's own op definitions
("a: T, b: T", "T: {float, double}"), and are parsed when an op is first used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.shape import TensorShape


class Arg(NamedTuple):
    """One input or output of an op: of a fixed type, of an attribute's type, or a list."""

    name: str
    dtype: DType | None = None
    type_attr: str = ""
    number_attr: str = ""
    type_list_attr: str = ""
    is_ref: bool = False


class Attr(NamedTuple):
    """One attribute of an op; `type` in TensorFlow's words, such as "list(int)"."""

    name: str
    type: str
    default: Any = None
    has_default: bool = False
    allowed: tuple[Any, ...] | None = None
    minimum: int | None = None


_TYPE_SETS: dict[str, tuple[DType, ...] | None] = {
    "type": None,
    "numbertype": dtypes.NUMBERS,
    "realnumbertype": dtypes.REAL_NUMBERS,
    "quantizedtype": dtypes.QUANTIZED,
}


def _split(text: str) -> Iterator[str]:
    """The parts of `text` between the commas that stand in no bracket and are no default."""
    for part in re.split(r"(?<!= ['\"]),(?![^{\[(]*[}\])])", text):
        if part.strip():
            yield part.strip()


def _parse_arg(text: str) -> Arg:
    name, _, spec = (part.strip() for part in text.partition(":"))
    number_attr, _, spec = spec.rpartition("*")
    spec = spec.strip()
    is_ref = spec.startswith("Ref(")
    if is_ref:
        spec = spec[4:-1]
    number_attr = number_attr.strip()
    if spec[0].islower() and spec in dtypes._TYPES:
        return Arg(name, dtypes.as_dtype(spec), number_attr=number_attr, is_ref=is_ref)
    return Arg(name, type_attr=spec, number_attr=number_attr, is_ref=is_ref)


def _parse_value(kind: str, text: str) -> Any:
    """A default in TensorFlow's notation: `true`, `DT_INT32`, `"NHWC"`, `[1, 1]`."""
    if kind.startswith("list("):
        inner = text.strip()[1:-1]
        return [_parse_value(kind[5:-1], item) for item in _split(inner)]
    if kind == "bool":
        return text == "true"
    if kind in ("int", "float"):
        return int(text) if kind == "int" else float(text)
    if kind == "string":
        return text.strip("'\"").encode()
    if kind == "type":
        name = text.removeprefix("DT_").lower()
        return dtypes.as_dtype(name)
    if kind == "tensor":  # "uint8[255, 0]"
        name, _, values = text.partition("[")
        return np.array(_dims(values), dtypes.as_dtype(name).as_numpy_dtype)
    if kind == "shape":
        return TensorShape(None) if "unknown_rank" in text else TensorShape(_dims(text))
    raise ValueError(f"no notation for a default of type {kind}: {text}")


def _dims(text: str) -> list[int]:
    return [int(size) for size in re.findall(r"-?\d+", text)]


def _parse_attr(text: str) -> Attr:
    name, _, rest = (part.strip() for part in text.partition(":"))
    spec, equals, default = (part.strip() for part in rest.partition("="))
    minimum: int | None = None
    allowed: tuple[Any, ...] | None = None
    is_list = False
    if spec.endswith(">"):  # "N: int >= 2": the partition above split at the '='
        spec = spec[:-1].strip()
        least, equals, default = (part.strip() for part in default.partition("="))
        minimum = int(least)
    if spec.startswith("list("):
        is_list, spec = True, spec[5:-1]
    if spec.startswith("{"):
        items = list(_split(spec[1:-1]))
        if items[0][0] in "'\"":
            spec, allowed = "string", tuple(item.strip("'\"").encode() for item in items)
        else:
            spec, allowed = "type", tuple(dtypes.as_dtype(item) for item in items)
    elif spec in _TYPE_SETS:
        spec, allowed = "type", _TYPE_SETS[spec]
    kind = f"list({spec})" if is_list else spec
    value = _parse_value(kind, default) if equals else None
    return Attr(name, kind, value, bool(equals), allowed, minimum)


class OpDefinition:
    """What the engine knows of one op type.

    `infer` gives the outputs' shapes while a graph is built, `kernel` the values while it runs
    (or `bind(op, session)`, for ops that need their node or their session, a function that
    does), `gradient` the input's gradients, as nodes (None: it passes none on; LookupError: nobody
    gave it a rule, and asking for one fails).
    """

    __call__: Callable[..., Any]  # minitf.op.Op, which everything registered is, adds a node

    def __init__(self, declaration: type) -> None:
        declared = vars(declaration)
        missing = [key for key in ("infer", "gradient") if key not in declared]
        if "kernel" not in declared and "bind" not in declared:
            missing.append("kernel")
        if missing:
            raise TypeError(f"op {declaration.__name__} declares no {' and no '.join(missing)}")
        self.name = declaration.__name__
        self.__doc__ = declaration.__doc__
        self._inputs = declared.get("inputs", "")
        self._outputs = declared.get("outputs", "")
        self._attrs = declared.get("attrs", "")
        self.stateful: bool = declared.get("stateful", False)
        self.infer: Callable[..., Any] = _function(declared["infer"])
        self.kernel: Callable[..., Any] | None = _function(declared.get("kernel"))
        self.bind: Callable[..., Any] | None = _function(declared.get("bind"))
        self.gradient: Callable[..., Any] | None = _function(declared["gradient"])
        self.scalar: str | None = declared.get("scalar")

    @cached_property
    def inputs(self) -> tuple[Arg, ...]:
        return self._args(self._inputs)

    @cached_property
    def outputs(self) -> tuple[Arg, ...]:
        return self._args(self._outputs)

    def _args(self, text: str) -> tuple[Arg, ...]:
        args = []
        for arg in map(_parse_arg, _split(text)):
            attr = self.attrs.get(arg.type_attr)
            if attr is not None and attr.type == "list(type)":
                arg = arg._replace(type_attr="", type_list_attr=attr.name)
            args.append(arg)
        return tuple(args)

    @cached_property
    def attrs(self) -> dict[str, Attr]:
        return {attr.name: attr for attr in map(_parse_attr, _split(self._attrs))}

    @cached_property
    def takes_references(self) -> bool:
        """Whether an input is a variable itself, not its value."""
        return any(arg.is_ref for arg in self.inputs)

    def attrs_for(self, function: Callable[..., Any], attrs: dict[str, Any]) -> dict[str, Any]:
        """Those of `attrs` that `function` asks for by keyword, strings decoded."""
        code = getattr(function, "__code__", None)
        if code is None or not code.co_kwonlyargcount:
            return {}
        first = code.co_argcount
        names = code.co_varnames[first : first + code.co_kwonlyargcount]
        return {name: _decoded(attrs[name]) for name in names}

    def __repr__(self) -> str:
        return f"<op {self.name}>"


def _function(member: Any) -> Any:
    return member.__func__ if isinstance(member, staticmethod) else member


def _decoded(value: Any) -> Any:
    if type(value) is bytes:
        return value.decode("utf-8", "surrogateescape")
    if type(value) is list:
        return [_decoded(item) for item in value]
    return value


_DEFINITIONS: dict[str, OpDefinition] = {}


def register(definition: OpDefinition) -> None:
    """Adds an op; KeyError when its type is registered already."""
    if definition.name in _DEFINITIONS:
        raise KeyError(f"op {definition.name} is registered already")
    _DEFINITIONS[definition.name] = definition


def get(op_type: str) -> OpDefinition:
    """The definition of an op type; KeyError when there is none."""
    return _DEFINITIONS[op_type]


def registered() -> dict[str, OpDefinition]:
    """Every op type with its definition, in alphabetical order."""
    return dict(sorted(_DEFINITIONS.items()))
