"""Queues: elements that ops put in and others take out, often in other threads."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import nothing, scalar
from minitf.op import op
from minitf.ops.dataset_sources import kept
from minitf.ops.datasets import Draws
from minitf.ops.queue_states import QueueState
from minitf.shape import shape_of, unknown_shape

_ATTRS = "component_types: list(type) >= 1, shapes: list(shape) >= 0 = [], capacity: int = -1"
_SHARED = 'container: string = "", shared_name: string = ""'


def _state(op: Any, session: Any, make: Any) -> Any:
    state = session._op_state.get(op)
    if state is None:
        state = session._op_state.setdefault(op, make())
    return lambda: state


@op
class FIFOQueueV2:
    """A queue that gives elements back in the order in which they came."""

    outputs = "handle: resource"
    attrs = f"{_ATTRS}, {_SHARED}"
    stateful = True
    infer = scalar

    def bind(op, session):
        return _state(op, session, lambda: QueueState(op, session))

    gradient = None


@op
class PaddingFIFOQueueV2:
    """The same, which pads elements of different sizes that are taken together."""

    outputs = "handle: resource"
    attrs = f"{_ATTRS}, {_SHARED}"
    stateful = True
    infer = scalar

    def bind(op, session):
        return _state(op, session, lambda: QueueState(op, session))

    gradient = None


@op
class RandomShuffleQueueV2:
    """A queue that gives back any of its elements; while open it keeps some to choose from."""

    outputs = "handle: resource"
    attrs = f"{_ATTRS}, min_after_dequeue: int = 0, seed: int = 0, seed2: int = 0, {_SHARED}"
    stateful = True
    infer = scalar

    def bind(op, session):
        def make():
            draws = Draws(op._attrs["seed"], op._attrs["seed2"])
            kept = op._attrs["min_after_dequeue"]
            return QueueState(op, session, kept, lambda size: draws.next() % size)

        return _state(op, session, make)

    gradient = None


@op
class QueueEnqueueV2:
    """Puts one element in, as soon as there is room."""

    inputs = "handle: resource, components: Tcomponents"
    attrs = "Tcomponents: list(type) >= 1, timeout_ms: int = -1"
    stateful = True
    infer = nothing

    def kernel(handle, components):
        handle.put([tuple(map(kept, components))])

    gradient = None


@op
class QueueEnqueueManyV2:
    """Puts the rows of tensors in, one after the other."""

    inputs = "handle: resource, components: Tcomponents"
    attrs = "Tcomponents: list(type) >= 1, timeout_ms: int = -1"
    stateful = True
    infer = nothing

    def kernel(handle, components):
        handle.put(list(zip(*map(kept, components), strict=True)))

    gradient = None


def _unknown_parts(handle: Any, *, component_types: Any) -> Any:
    return (unknown_shape(),) * len(component_types)


def _result(parts: tuple[Any, ...]) -> Any:
    return parts if len(parts) > 1 else parts[0]


@op
class QueueDequeueV2:
    """Takes one element out, as soon as there is one."""

    inputs = "handle: resource"
    outputs = "components: component_types"
    attrs = "component_types: list(type) >= 1, timeout_ms: int = -1"
    stateful = True
    infer = _unknown_parts

    def kernel(handle):
        return _result(handle.take(1)[0])

    gradient = None


def _many(fewer: bool) -> Any:
    def bind(op: Any, session: Any) -> Any:
        queue = op._inputs[0].op
        kinds = [dtype.as_numpy_dtype for dtype in op._attrs["component_types"]]
        pads = queue.type == "PaddingFIFOQueueV2"
        shapes = queue._attrs.get("shapes") or [None] * len(kinds)

        def kernel(handle: Any, n: Any) -> Any:
            if n < 0:
                raise InvalidArgumentError(None, None, f"DequeueManyOp requested {n} < 0 elements")
            columns = list(zip(*handle.take(int(n), fewer), strict=True)) or [()] * len(kinds)
            parts = zip(columns, kinds, shapes, strict=True)
            return _result(tuple(_stacked(*part, pads) for part in parts))

        return kernel

    return bind


def _stacked(rows: Any, kind: Any, shape: Any, pads: bool) -> np.ndarray:
    sizes = [np.shape(row) for row in rows]
    if not rows:
        return np.empty((0, *[n or 0 for n in shape.as_list()]) if shape else (0,), kind)
    if not pads and any(size != sizes[0] for size in sizes):
        raise InvalidArgumentError(
            None, None, f"DequeueMany cannot stack shapes {shape_of(rows[0])} and others"
        )
    largest = np.max(np.array(sizes, int).reshape(len(rows), -1), axis=0).tolist()
    blank = b"" if kind is object else 0
    result = np.full((len(rows), *largest), blank, kind)
    for i, (row, size) in enumerate(zip(rows, sizes, strict=True)):
        result[(i, *map(slice, size))] = row
    return result


def _many_shapes(handle: Any, n: Any, *, component_types: Any) -> Any:
    return (unknown_shape(),) * len(component_types)


@op
class QueueDequeueManyV2:
    """Takes `n` elements out and stacks them."""

    inputs = "handle: resource, n: int32"
    outputs = "components: component_types"
    attrs = "component_types: list(type) >= 1, timeout_ms: int = -1"
    stateful = True
    infer = _many_shapes
    bind = _many(fewer=False)
    gradient = None


@op
class QueueDequeueUpToV2:
    """The same, or what is left once the queue is closed."""

    inputs = "handle: resource, n: int32"
    outputs = "components: component_types"
    attrs = "component_types: list(type) >= 1, timeout_ms: int = -1"
    stateful = True
    infer = _many_shapes
    bind = _many(fewer=True)
    gradient = None


@op
class QueueCloseV2:
    """Lets nothing more into a queue."""

    inputs = "handle: resource"
    attrs = "cancel_pending_enqueues: bool = false"
    stateful = True
    infer = nothing

    def kernel(handle, *, cancel_pending_enqueues):
        handle.close(cancel_pending_enqueues)

    gradient = None


@op
class QueueIsClosedV2:
    """Whether a queue is closed."""

    inputs = "handle: resource"
    outputs = "is_closed: bool"
    stateful = True
    infer = scalar

    def kernel(handle):
        return np.bool_(handle.closed)

    gradient = None


@op
class QueueSizeV2:
    """How many elements a queue holds."""

    inputs = "handle: resource"
    outputs = "size: int32"
    stateful = True
    infer = scalar

    def kernel(handle):
        return np.int32(len(handle))

    gradient = None
