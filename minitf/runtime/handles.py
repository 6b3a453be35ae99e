"""TensorHandle: a value that a session keeps between runs, as `run` gives it."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from minitf.dtypes import DType
from minitf.graph import Graph
from minitf.ops.session_handles import delete_session_tensor, get_session_tensor, store_of

# For each graph the nodes that read values, by where they were kept, and those that delete.
_readers: WeakKeyDictionary[Graph, dict[str, Any]] = WeakKeyDictionary()
_deleters: WeakKeyDictionary[Graph, Any] = WeakKeyDictionary()


class TensorHandle:
    """A value in its session; once nobody has this object any more, the value is forgotten."""

    def __init__(self, handle: bytes, dtype: DType, session: Any) -> None:
        self._handle = handle.decode()
        self._dtype = dtype
        self._session = session
        self._is_owner = True

    def __del__(self) -> None:
        if self._is_owner:
            store_of(self._session).values.pop(self._handle.encode(), None)

    def __str__(self) -> str:
        return self._handle

    @property
    def handle(self) -> str:
        return self._handle

    def eval(self) -> Any:
        """The value."""
        self._check()
        graph = self._session.graph
        name, _, rest = self._handle.partition(";")
        key = f"{name};{rest.rpartition(';')[2]}"
        readers = _readers.setdefault(graph, {})
        if key not in readers:
            with graph.as_default():
                readers[key] = get_session_tensor(self._handle, self._dtype)
        holder, reader = readers[key]
        return self._session.run(reader, {holder: self._handle})

    def delete(self) -> None:
        """Forgets the value now."""
        self._check()
        self._is_owner = False
        graph = self._session.graph
        if graph not in _deleters:
            with graph.as_default():
                _deleters[graph] = delete_session_tensor(self._handle)
        holder, deleter = _deleters[graph]
        self._session.run(deleter, {holder: self._handle})

    def get_raw_handle(self) -> str:
        """The handle as text; the value then stays until it is deleted."""
        self._is_owner = False
        return self._handle

    def _check(self) -> None:
        if not self._is_owner:
            raise TypeError(f"Persistent tensor {self._handle} may have already been deleted.")
