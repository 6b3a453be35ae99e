"""TensorFlow's exception classes, one for each error code."""

from __future__ import annotations

from typing import Any

OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


class OpError(Exception):
    """An error met while a graph runs, with the node that met it.

    `node_def` and `op` are None where no single node is to blame.
    """

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int = UNKNOWN) -> None:
        super().__init__(node_def, op, message)
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = error_code

    @property
    def message(self) -> str:
        return self._message

    @property
    def op(self) -> Any:
        return self._op

    @property
    def node_def(self) -> Any:
        if self._node_def is None and self._op is not None:
            return self._op.node_def
        return self._node_def

    @property
    def error_code(self) -> int:
        return self._error_code

    def __str__(self) -> str:
        return self._message


class _CodedError(OpError):
    """An OpError whose class alone fixes the code."""

    code = UNKNOWN

    def __init__(self, node_def: Any, op: Any, message: str, *args: Any) -> None:
        super().__init__(node_def, op, message, self.code)


class CancelledError(_CodedError):
    """The run was cancelled, for instance because a queue was closed."""

    code = CANCELLED


class UnknownError(_CodedError):
    """An error of a kind nothing else describes; a `py_func` that raised, for instance."""

    code = UNKNOWN


class InvalidArgumentError(_CodedError):
    """An op received a value that it cannot take."""

    code = INVALID_ARGUMENT


class DeadlineExceededError(_CodedError):
    """The run took longer than it was allowed to."""

    code = DEADLINE_EXCEEDED


class NotFoundError(_CodedError):
    """A file, a key of a checkpoint or another named thing is not there."""

    code = NOT_FOUND


class AlreadyExistsError(_CodedError):
    """A thing that was to be made is there already."""

    code = ALREADY_EXISTS


class PermissionDeniedError(_CodedError):
    """The caller may not do this, for instance write to this folder."""

    code = PERMISSION_DENIED


class ResourceExhaustedError(_CodedError):
    """Memory, disk or another resource has run out."""

    code = RESOURCE_EXHAUSTED


class FailedPreconditionError(_CodedError):
    """The session's state does not allow this: a variable is not initialized, for instance."""

    code = FAILED_PRECONDITION


class AbortedError(_CodedError):
    """The run was aborted, typically because another one interfered."""

    code = ABORTED


class OutOfRangeError(_CodedError):
    """The run went past the end: of a queue, a file or a counter's limit."""

    code = OUT_OF_RANGE


class UnimplementedError(_CodedError):
    """The op is known, but has no kernel for what was asked."""

    code = UNIMPLEMENTED


class InternalError(_CodedError):
    """Something inside the engine that should hold does not."""

    code = INTERNAL


class UnavailableError(_CodedError):
    """The runtime cannot be reached now."""

    code = UNAVAILABLE


class DataLossError(_CodedError):
    """A file is damaged: its contents cannot be trusted."""

    code = DATA_LOSS


class UnauthenticatedError(_CodedError):
    """The caller's identity is not known."""

    code = UNAUTHENTICATED


_CLASS_OF_CODE = {cls.code: cls for cls in _CodedError.__subclasses__()}


def exception_type_from_error_code(error_code: int) -> type[OpError]:
    """The exception class for one of the codes above; KeyError for any other number."""
    return _CLASS_OF_CODE[error_code]


def error_code_from_exception_type(cls: type[OpError]) -> int | None:
    """The code of one of the exception classes above, or None for any other class."""
    return getattr(cls, "code", None)
