"""Iterators: where a session is in a dataset."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from typing import Any

from minitf.errors import FailedPreconditionError, InvalidArgumentError, OutOfRangeError
from minitf.infer import nothing, scalar
from minitf.op import op

_OUTPUTS = "output_types: list(type) >= 1, output_shapes: list(shape) >= 1"
_handles = itertools.count()


class Position:
    """An iterator's state in one session; `source` is None before its initializer has run."""

    def __init__(self) -> None:
        self.source: Iterator[Any] | None = None
        self.handle = f"minitf-iterator-{next(_handles)}".encode()
        self.lock = threading.Lock()


def _position(op: Any, session: Any) -> Position:
    position = session._op_state.setdefault(op, Position())
    session._op_state.setdefault(position.handle, position)
    return position


@op
class IteratorV2:
    """An iterator that an initializer gives a dataset."""

    outputs = "handle: resource"
    attrs = f"shared_name: string, container: string, {_OUTPUTS}"
    stateful = True
    infer = scalar

    def bind(op, session):
        position = _position(op, session)
        return lambda: position

    gradient = None


@op
class OneShotIterator:
    """An iterator that goes through one dataset once."""

    outputs = "handle: resource"
    attrs = f'dataset_factory: func, {_OUTPUTS}, container: string = "", shared_name: string = ""'
    stateful = True
    infer = scalar

    def bind(op, session):
        position = _position(op, session)

        def kernel():
            with position.lock:
                if position.source is None:
                    dataset = op.graph._functions[op._attrs["dataset_factory"]]()
                    position.source = iter(dataset)
            return position

        return kernel

    gradient = None


@op
class MakeIterator:
    """Sends an iterator to a dataset's start."""

    inputs = "dataset: variant, iterator: resource"
    stateful = True
    infer = nothing

    def kernel(dataset, iterator):
        with iterator.lock:
            iterator.source = iter(dataset)

    gradient = None


@op
class IteratorGetNext:
    """An iterator's next element; OutOfRangeError after the last."""

    inputs = "iterator: resource"
    outputs = "components: output_types"
    attrs = _OUTPUTS
    stateful = True

    def infer(iterator, *, output_shapes):
        return tuple(output_shapes)

    def kernel(iterator):
        with iterator.lock:
            if iterator.source is None:
                raise FailedPreconditionError(
                    None,
                    None,
                    "GetNext() failed because the iterator has not been initialized. Ensure that "
                    "you have run the initializer operation for this iterator before getting the "
                    "next element.",
                )
            try:
                element = next(iterator.source)
            except StopIteration:
                raise OutOfRangeError(None, None, "End of sequence") from None
        return element if len(element) > 1 else element[0]

    gradient = None


@op
class IteratorToStringHandle:
    """The name that an iterator has in this session."""

    inputs = "resource_handle: resource"
    outputs = "string_handle: string"
    stateful = True
    infer = scalar

    def kernel(resource_handle):
        return resource_handle.handle

    gradient = None


@op
class IteratorFromStringHandleV2:
    """The iterator of this session that has a name."""

    inputs = "string_handle: string"
    outputs = "resource_handle: resource"
    attrs = "output_types: list(type) >= 0 = [], output_shapes: list(shape) >= 0 = []"
    stateful = True
    infer = scalar

    def bind(op, session):
        def kernel(string_handle):
            position = session._op_state.get(string_handle)
            if position is None:
                raise InvalidArgumentError(
                    None, None, f"No iterator of this session has the handle {string_handle!r}"
                )
            return position

        return kernel

    gradient = None
