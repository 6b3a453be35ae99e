"""An op's attributes: a caller's values checked, and as nodes keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.proto import as_bytes
from minitf.registry import Attr
from minitf.shape import TensorShape, as_shape


def checked_attr(attr: Attr, value: Any, op_type: str) -> Any:
    """`value` as nodes keep an attribute; TypeError or ValueError when it is not legal."""
    if attr.type.startswith("list("):
        if not isinstance(value, (list, tuple, np.ndarray)):
            raise TypeError(f"Expected list for attr {attr.name}, obtained {type(value).__name__} instead.")  # fmt: skip  # noqa: E501
        inner = attr._replace(type=attr.type[5:-1], minimum=None)
        if attr.minimum is not None and len(value) < attr.minimum:
            raise ValueError(
                f"Attr '{attr.name}' of '{op_type}' Op passed list of length {len(value)} less "
                f"than minimum {attr.minimum}."
            )
        return [checked_attr(inner, item, op_type) for item in value]
    result = _CONVERTERS[attr.type](value, attr.name)
    if attr.minimum is not None and result < attr.minimum:
        raise ValueError(
            f"Attr '{attr.name}' of '{op_type}' Op passed {result} less than minimum "
            f"{attr.minimum}."
        )
    if attr.allowed is not None and result not in attr.allowed:
        if attr.type == "type":
            names = ", ".join(item.name for item in attr.allowed)
            raise TypeError(
                f"Value passed to parameter '{attr.name}' has DataType {result.name} not in list "
                f"of allowed values: {names}"
            )
        names = '", "'.join(item.decode() for item in attr.allowed)
        raise ValueError(
            f"Attr '{attr.name}' of '{op_type}' Op passed string '{result.decode()}' not in: "
            f'"{names}".'
        )
    return result


def _make_int(value: Any, name: str) -> int:
    try:
        if isinstance(value, str):
            raise TypeError
        return int(value)
    except (TypeError, ValueError):
        raise TypeError(f"Expected int for argument '{name}' not {value!r}.") from None


def _make_float(value: Any, name: str) -> float:
    if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
        raise TypeError(f"Expected float for argument '{name}' not {value!r}.")
    return float(value)


def _make_bool(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"Expected bool for argument '{name}' not {value!r}.")
    return value


def _make_string(value: Any, name: str) -> bytes:
    try:
        return as_bytes(value)
    except TypeError:
        raise TypeError(f"Expected string for argument '{name}' not {value!r}.") from None


def _make_type(value: Any, name: str) -> DType:
    try:
        return dtypes.as_dtype(value).base_dtype
    except TypeError:
        raise TypeError(f"Expected DataType for argument '{name}' not {value!r}.") from None


def _make_shape(value: Any, name: str) -> TensorShape:
    try:
        return as_shape(value)
    except ValueError as error:
        raise ValueError(f"Error converting {name} to a TensorShape: {error}.") from None
    except TypeError as error:
        raise TypeError(
            f"Error converting {value!r} (arg name = {name}) to a TensorShape: {error}"
        ) from None


_CONVERTERS: dict[str, Callable[[Any, str], Any]] = {
    "int": _make_int,
    "float": _make_float,
    "bool": _make_bool,
    "string": _make_string,
    "type": _make_type,
    "shape": _make_shape,
    "tensor": lambda value, name: np.asarray(value),
    "func": lambda value, name: value,
}
