"""Values that a session keeps between runs, under names of their own."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.device import canonical_name
from minitf.errors import InvalidArgumentError
from minitf.graph import colocate_with, device
from minitf.infer import nothing, scalar
from minitf.op import op
from minitf.ops.constants import placeholder
from minitf.tensor import Operation, Tensor

_WHERE = "/job:localhost/replica:0/task:0/device:CPU:0"


class Store:
    """What a session keeps: values by handle, and how many handles there were."""

    def __init__(self) -> None:
        self.values: dict[bytes, Any] = {}
        self.numbers = itertools.count()


def store_of(session: Any) -> Store:
    """The session's one store."""
    return session._op_state.setdefault(Store, Store())


@op
class GetSessionHandle:
    """Keeps a value in the session, and gives the handle by which it is found again."""

    inputs = "value: T"
    outputs = "handle: string"
    attrs = "T: type"
    stateful = True
    infer = scalar

    def bind(op, session):
        store = store_of(session)
        name = op.name

        def kernel(value):
            handle = f"{name};{next(store.numbers)};{_WHERE}".encode()
            # What was fed is the caller's array, who may change it before the next run.
            store.values[handle] = value.copy() if isinstance(value, np.ndarray) else value
            return handle

        return kernel

    gradient = None


@op
class GetSessionTensor:
    """The value that the session keeps under a handle."""

    inputs = "handle: string"
    outputs = "value: dtype"
    attrs = "dtype: type"
    stateful = True

    def infer(handle):
        return None

    def bind(op, session):
        values = store_of(session).values

        def kernel(handle):
            if handle not in values:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"The tensor with handle '{handle.decode()}' is not in the session store.",
                )
            return values[handle]

        return kernel

    gradient = None


@op
class DeleteSessionTensor:
    """Forgets the value that the session keeps under a handle."""

    inputs = "handle: string"
    stateful = True
    infer = nothing

    def bind(op, session):
        values = store_of(session).values

        def kernel(handle):
            if handle not in values:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Failed to delete a tensor with handle '{handle.decode()}' in the session "
                    "store.",
                )
            del values[handle]

        return kernel

    gradient = None


def get_session_handle(data: Tensor, name: str | None = None) -> Tensor:
    """A tensor that, when it is run, keeps the value of `data` in the session.

    `run` gives a TensorHandle for it. Raises TypeError for what is no tensor.
    """
    if not isinstance(data, Tensor):
        raise TypeError("`data` must be of type Tensor.")
    with colocate_with(data):
        return GetSessionHandle(data, name=name)


def _device_of(handle: Any) -> str:
    text = handle.decode() if isinstance(handle, bytes) else str(handle)
    return canonical_name(text.rpartition(";")[2])


def get_session_tensor(handle: Any, dtype: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """A placeholder for a handle, and the value that the session keeps under what it is fed.

    `handle` only says on which device that is.
    """
    with device(_device_of(handle)):
        holder = placeholder(dtypes.string)
        return holder, GetSessionTensor(holder, dtype=dtypes.as_dtype(dtype), name=name)


def delete_session_tensor(handle: Any, name: str | None = None) -> tuple[Tensor, Operation]:
    """A placeholder for a handle, and an op that forgets the value kept under what it is fed."""
    with device(_device_of(handle)):
        holder = placeholder(dtypes.string)
        return holder, DeleteSessionTensor(holder, name=name)
