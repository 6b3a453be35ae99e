"""Errors met while a graph runs, with the node and the user's line that they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import errors
from minitf.shape import shape_of
from minitf.tensor import Operation
from minitf.user_lines import shown_file


def located(error: Exception, op: Operation, inputs: list[Any]) -> errors.OpError:
    """`error` as TensorFlow's exception for it, naming the node and the line that made it."""
    if isinstance(error, errors.OpError):
        if error.op is not None:
            return error
        kind, message = type(error), error.message
    else:
        kind, message = _translated(error, op, inputs)
    lines = "".join(
        f'  File "{shown_file(code.co_filename)}", line {line}, in {code.co_name}\n'
        for code, line in reversed(op._stack)
    )
    text = (
        f"{message}\n\t [[{{{{node {op.name}}}}}]]\n\nNode: '{op.name}' (op type {op.type}), "
        f"defined at {op.defined_at}\n\nOriginal stack trace for '{op.name}':\n{lines}"
    )
    return kind(None, op, text)


def _translated(
    error: Exception, op: Operation, inputs: list[Any]
) -> tuple[type[errors._CodedError], str]:
    if isinstance(error, MemoryError):
        return errors.ResourceExhaustedError, f"OOM when computing {op.name}: {error}"
    if isinstance(error, ValueError) and len(inputs) == 2 and "broadcast" in str(error):
        shapes = " vs. ".join(shape_of(x) for x in inputs)
        return errors.InvalidArgumentError, f"Incompatible shapes: {shapes}"
    if isinstance(error, (ValueError, TypeError, IndexError)):
        given = ", ".join(f"{np.asarray(x).dtype}{shape_of(x)}" for x in inputs)
        return errors.InvalidArgumentError, f"{op.type} cannot take ({given}): {error}"
    return errors.UnknownError, f"{type(error).__name__}: {error}"
