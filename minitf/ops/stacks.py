"""Stacks: what a loop remembers of its rounds for the loop that goes back through them."""

from __future__ import annotations

from minitf.errors import InvalidArgumentError
from minitf.infer import nothing, unknown
from minitf.op import op
from minitf.shape import TensorShape


@op
class StackV2:
    """A new, empty stack for each run."""

    inputs = "max_size: int32"
    outputs = "handle: resource"
    attrs = 'elem_type: type, stack_name: string = ""'
    stateful = True

    def infer(max_size):
        return TensorShape([2])  # so says TensorFlow of the handle, and its graphs hold it

    def kernel(max_size):
        return []

    gradient = None


@op
class StackPushV2:
    """Puts a value on a stack, and returns it."""

    inputs = "handle: resource, elem: T"
    outputs = "output: T"
    attrs = "T: type, swap_memory: bool = false"
    stateful = True

    def infer(handle, elem):
        return elem._shape

    def kernel(handle, elem):
        handle.append(elem)
        return elem

    gradient = None


@op
class StackPopV2:
    """Takes the value off that was put on a stack last."""

    inputs = "handle: resource"
    outputs = "elem: elem_type"
    attrs = "elem_type: type"
    stateful = True
    infer = unknown

    def kernel(handle):
        if not handle:
            raise InvalidArgumentError(None, None, "Stack is empty when calling Pop()")
        return handle.pop()

    gradient = None


@op
class StackCloseV2:
    """Empties a stack."""

    inputs = "handle: resource"
    stateful = True
    infer = nothing

    def kernel(handle):
        handle.clear()

    gradient = None
