"""Where a session keeps a variable's value."""

from __future__ import annotations

import collections
import functools
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.errors import FailedPreconditionError
from minitf.runtime import observing
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


_acquire, _release = type(threading.Lock()).acquire, type(threading.Lock()).release


def holding(locks: Sequence[Any], function: Callable[[], Any]) -> Any:
    """`function()`, called while all `locks` are held.

    An interrupt at any moment leaves none of them locked: each is taken and noted, and all are
    released, in one call of C code, inside which no interrupt is raised.
    """
    held: list[Any] = []
    release: Callable[[], Any] = functools.partial(collections.deque, map(_release, held), 0)
    try:
        held.extend(filter(_acquire, locks))
        return function()
    finally:
        release()


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

    def update(
        self,
        function: Callable[..., Any],
        writer: Operation | None = None,
        others: Sequence[VariableSlot] = (),
    ) -> Any:
        """Applies `function` to the array (and those of `others`) in place; returns the new value.

        An array that somebody still reads is copied first. Runs in other threads wait.
        """
        slots = (self, *others)
        if others:
            # One order for all, lest two runs wait for one another.
            ordered = sorted(dict.fromkeys(slots), key=id)
            holding([slot.lock for slot in ordered], lambda: _change(slots, function))
        else:
            with self.lock:
                _change(slots, function)
        if self._session._variable_observers or observing.observers:
            for slot in slots:
                slot._tell("write", writer)
        return self.value

    def _own_array(self) -> np.ndarray:
        """The array to change: the variable's own, or a copy where somebody else holds it."""
        self.read()
        # The attribute and getrefcount's own argument make two.
        if type(self.value) is not np.ndarray or sys.getrefcount(self.value) > 2:
            return np.array(self.value)
        self.value.flags.writeable = True
        return self.value

    def changeable(self) -> np.ndarray:
        """The value's array, which the caller may change and then makes read-only again.

        The caller holds the lock.
        """
        self.value = self._own_array()
        return self.value

    def overwrite(self, array: np.ndarray) -> None:
        """Makes a copy of `array`, of the value's shape, the value; the caller holds the lock."""
        value = self._own_array()
        try:
            np.copyto(value, array)
        finally:
            value.flags.writeable = False
        self.value = value if value.ndim else value[()]

    def tell_write(self, writer: Operation) -> None:
        """Tells observers of a new value."""
        self._tell("write", writer)

    def replace(self, function: Callable[[Any], Any], writer: Operation | None = None) -> Any:
        """Makes `function(value)` the new value; runs in other threads wait."""
        with self.lock:
            value = function(self.read())
            return self.write(value, writer)

    def die(self) -> None:
        """Forgets the value, as its session closes."""
        if self.value is not None:
            self.value = None
            self._tell("death", None)

    def _tell(self, kind: str, writer: Operation | None) -> None:
        observers = self._session._variable_observers
        if observers or observing.observers:
            event = VariableEvent(kind, self.op, self._session, self.value, writer)
            for observer in [*observers, *observing.observers]:
                observer(event)


def _change(slots: Sequence[VariableSlot], function: Callable[..., Any]) -> None:
    arrays = [slot._own_array() for slot in slots]
    try:
        function(*arrays)
    finally:
        for array in arrays:
            array.flags.writeable = False
    for slot, array in zip(slots, arrays, strict=True):
        slot.value = array if array.ndim else array[()]
