"""Where a session keeps a variable's value."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minitf.errors import FailedPreconditionError
from minitf.tensor import Operation


class VariableEvent(NamedTuple):
    """Something that happened to one variable in one session.

    `kind` is "birth", "write", "death" or "unborn" (a read before birth); `value` is the array
    after a birth or write; `writer` the op that wrote it.
    """

    kind: str
    variable: Operation
    session: Any
    value: Any = None
    writer: Operation | None = None


class VariableSlot:
    """One variable's value in one session: unborn (None), or an array nobody else may change."""

    __slots__ = ("op", "value", "lock", "_session")

    def __init__(self, op: Operation, session: Any) -> None:
        self.op = op
        self.value: Any = None
        self.lock = threading.Lock()
        self._session = session

    def read(self) -> Any:
        """The value; FailedPreconditionError while there is none."""
        value = self.value
        if value is None:
            self._tell("unborn", None)
            raise FailedPreconditionError(
                None,
                None,
                f"Attempting to use uninitialized value {self.op.name}. The variable was made at "
                f"{self.op.defined_at} and no initializer has run for it in this session.",
            )
        return value

    def write(self, value: Any, writer: Operation | None = None) -> Any:
        """Makes `value` the new value, copied if somebody else could change it; returns it."""
        if type(value) is np.ndarray:
            if not (value.flags.owndata and value.flags.writeable):
                value = value.copy()
            value.flags.writeable = False
        kind = "birth" if self.value is None else "write"
        self.value = value
        self._tell(kind, writer)
        return value

    def update(self, function: Callable[[np.ndarray], Any], writer: Operation | None = None) -> Any:
        """Applies `function` to the array in place, on a copy where somebody still reads it."""
        with self.lock:
            value = self.read()
            # The attribute, this local and getrefcount's own argument make three.
            shared = type(value) is not np.ndarray or sys.getrefcount(value) > 3
            array = np.array(value) if shared else value
            array.flags.writeable = True
            try:
                function(array)
            finally:
                array.flags.writeable = False
            self.value = array[()] if array.ndim == 0 else array
        self._tell("write", writer)
        return self.value

    def die(self) -> None:
        """Forgets the value, as its session closes."""
        if self.value is not None:
            self.value = None
            self._tell("death", None)

    def _tell(self, kind: str, writer: Operation | None) -> None:
        observers = self._session._variable_observers
        if observers:
            event = VariableEvent(kind, self.op, self._session, self.value, writer)
            for observer in observers:
                observer(event)
