"""Hyperparameters by name (tf.contrib.training.HParams)."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["HParams"]

_SETTING = re.compile(
    r"\s*(?P<name>[a-zA-Z][\w.]*)(?:\[(?P<index>\d+)\])?\s*=\s*"
    r"(?:\[(?P<values>[^\]]*)\]|(?P<value>[^,\[]*))\s*(?:,|$)"
)
_WORDS_OF_BOOL = {"true": True, "false": False, "1": True, "0": False}


class HParams:
    """Values by name, each of one type, or lists of one type."""

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any) -> None:
        if hparam_def is not None:
            raise NotImplementedError("minitf makes HParams from keywords, not from an HParamDef")
        self._types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """A new value; ValueError for a name that is taken and for an empty list."""
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        if isinstance(value, (list, tuple)):
            if not value:
                raise ValueError(
                    f"Multi-valued hyperparameters cannot be empty: {name} needs a value"
                )
            self._types[name] = (type(value[0]), True)
        else:
            self._types[name] = (type(value), False)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Another value of the same type; KeyError for an unknown name, ValueError for a misfit."""
        kind, is_list = self._types[name]
        if isinstance(value, list) != is_list and not isinstance(value, tuple):
            raise ValueError(
                f"Must {'' if is_list else 'not '}pass a list for "
                f"{'multi' if is_list else 'single'}-valued parameter: {name}"
            )
        values = [_as_kind(item, kind, name) for item in value] if is_list else None
        setattr(self, name, _as_kind(value, kind, name) if values is None else values)

    def del_hparam(self, name: str) -> None:
        """Takes a value away, if it is there."""
        if hasattr(self, name):
            delattr(self, name)
            del self._types[name]

    def parse(self, values: str) -> HParams:
        """Values from text such as "rate=0.1,sizes=[1,2]"; ValueError where it does not fit."""
        place = 0
        while place < len(values):
            match = _SETTING.match(values, place)
            if not match:
                raise ValueError(f"Malformed hyperparameter value: {values[place:]}")
            name = match["name"]
            if name not in self._types:
                raise ValueError(f"Unknown hyperparameter type for {name}")
            self._set_text(match, name)
            place = match.end()
        return self

    def _set_text(self, match: re.Match[str], name: str) -> None:
        kind, is_list = self._types[name]
        if match["values"] is not None:
            texts = [text.strip() for text in match["values"].split(",") if text.strip()]
            self.set_hparam(name, [_from_text(text, kind, name) for text in texts])
        elif match["index"] is not None:
            changed = list(getattr(self, name))
            changed[int(match["index"])] = _from_text(match["value"], kind, name)
            setattr(self, name, changed)
        else:
            value = _from_text(match["value"].strip(), kind, name)
            self.set_hparam(name, [value] if is_list else value)

    def override_from_dict(self, values_dict: dict[str, Any]) -> HParams:
        """Other values of those that are there; KeyError for an unknown name."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def values(self) -> dict[str, Any]:
        """All values by name."""
        return {name: getattr(self, name) for name in self._types}

    def get(self, key: str, default: Any = None) -> Any:
        """A value, or `default` where there is none."""
        return getattr(self, key) if key in self._types else default

    def to_json(self, indent: Any = None, separators: Any = None, sort_keys: bool = False) -> str:
        """The values as JSON."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json: str) -> HParams:
        """Values from JSON."""
        return self.override_from_dict(json.loads(values_json))

    def __contains__(self, key: str) -> bool:
        return key in self._types

    def __str__(self) -> str:
        return str(sorted(self.values().items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


def _from_text(text: str, kind: type, name: str) -> Any:
    if kind is bool:
        if text.lower() not in _WORDS_OF_BOOL:
            raise ValueError(f"Could not parse {text} as a bool for hyperparameter {name}")
        return _WORDS_OF_BOOL[text.lower()]
    try:
        return kind(text)
    except ValueError:
        raise ValueError(
            f"Could not parse hparam '{name}' of type '{kind.__name__}' with value '{text}'"
        ) from None


def _as_kind(value: Any, kind: type, name: str) -> Any:
    """A value as the type that the hyperparameter has; ValueError where that would lose some."""
    if value is None or kind is type(None):
        return value
    wrong = (
        isinstance(value, bool) != (kind is bool)
        or isinstance(value, str) != (kind is str)
        or (kind is int and isinstance(value, float))
    )
    if wrong:
        raise ValueError(
            f"Could not cast hparam '{name}' of type '{kind.__name__}' from value {value!r}"
        )
    return kind(value)
