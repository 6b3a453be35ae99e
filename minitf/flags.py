"""Command-line flags (tf.flags): absl's, which parse themselves when one is first read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import absl.flags
from absl.flags import (
    DEFINE,
    DEFINE_alias,
    DEFINE_enum,
    DEFINE_enum_class,
    DEFINE_flag,
    DEFINE_list,
    DEFINE_multi,
    DEFINE_multi_enum,
    DEFINE_multi_enum_class,
    DEFINE_multi_float,
    DEFINE_multi_integer,
    DEFINE_multi_string,
    DEFINE_spaceseplist,
    DuplicateFlagError,
    Error,
    Flag,
    FlagHolder,
    FlagValues,
    IllegalFlagValueError,
    UnparsedFlagAccessError,
    UnrecognizedFlagError,
    ValidationError,
    declare_key_flag,
    mark_bool_flags_as_mutual_exclusive,
    mark_flag_as_required,
    mark_flags_as_mutual_exclusive,
    mark_flags_as_required,
    multi_flags_validator,
    register_multi_flags_validator,
    register_validator,
    set_default,
    validator,
)

__all__ = [
    "DEFINE",
    "FLAGS",
    "DEFINE_alias",
    "DEFINE_bool",
    "DEFINE_boolean",
    "DEFINE_enum",
    "DEFINE_enum_class",
    "DEFINE_flag",
    "DEFINE_float",
    "DEFINE_integer",
    "DEFINE_list",
    "DEFINE_multi",
    "DEFINE_multi_enum",
    "DEFINE_multi_enum_class",
    "DEFINE_multi_float",
    "DEFINE_multi_integer",
    "DEFINE_multi_string",
    "DEFINE_spaceseplist",
    "DEFINE_string",
    "DuplicateFlagError",
    "Error",
    "Flag",
    "FlagHolder",
    "FlagValues",
    "IllegalFlagValueError",
    "UnparsedFlagAccessError",
    "UnrecognizedFlagError",
    "ValidationError",
    "declare_key_flag",
    "mark_bool_flags_as_mutual_exclusive",
    "mark_flag_as_required",
    "mark_flags_as_mutual_exclusive",
    "mark_flags_as_required",
    "multi_flags_validator",
    "register_multi_flags_validator",
    "register_validator",
    "set_default",
    "validator",
]

_FORMER_NAMES = {"flag_name": "name", "default_value": "default", "docstring": "help"}


def _define(define: Callable[..., Any]) -> Callable[..., Any]:
    """absl's function, which also takes the argument names of TensorFlow's first flags."""

    def defined(*args: Any, **kwargs: Any) -> Any:
        return define(*args, **{_FORMER_NAMES.get(key, key): kwargs[key] for key in kwargs})

    defined.__name__, defined.__doc__ = define.__name__, define.__doc__
    return defined


DEFINE_string = _define(absl.flags.DEFINE_string)
DEFINE_boolean = DEFINE_bool = _define(absl.flags.DEFINE_boolean)
DEFINE_float = _define(absl.flags.DEFINE_float)
DEFINE_integer = _define(absl.flags.DEFINE_integer)


class _Flags:
    """absl's flags, parsed from the command line when one is read before that was done."""

    def __getattr__(self, name: str) -> Any:
        if not absl.flags.FLAGS.is_parsed():
            absl.flags.FLAGS(sys.argv)
        return getattr(absl.flags.FLAGS, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(absl.flags.FLAGS, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(absl.flags.FLAGS, name)

    def __dir__(self) -> list[str]:
        return dir(absl.flags.FLAGS)

    def __getitem__(self, name: str) -> Flag:
        return absl.flags.FLAGS[name]

    def __setitem__(self, name: str, flag: Flag) -> None:
        absl.flags.FLAGS[name] = flag

    def __contains__(self, name: str) -> bool:
        return name in absl.flags.FLAGS

    def __len__(self) -> int:
        return len(absl.flags.FLAGS)

    def __iter__(self) -> Iterator[str]:
        return iter(absl.flags.FLAGS)

    def __str__(self) -> str:
        return str(absl.flags.FLAGS)

    def __call__(self, *args: Any, **kwargs: Any) -> list[str]:
        return absl.flags.FLAGS(*args, **kwargs)


FLAGS = _Flags()
