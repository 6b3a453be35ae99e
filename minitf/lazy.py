"""Modules of public names that load each name's own module when the name is first used."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from minitf.absent_names import explained


def names_of(table: dict[str, str]) -> dict[str, str]:
    """For each public name the module that defines it, from a table of modules and their names."""
    return {name: module for module, names in table.items() for name in names.split()}


def getter(package: str, table: dict[str, str]) -> Callable[[str], Any]:
    """A module's `__getattr__` that finds its public names by `table`."""
    module_of = names_of(table)

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(explained(f"{package.partition('.')[2]}.{name}"))
        return getattr(importlib.import_module(module_of[name]), name)

    return get
