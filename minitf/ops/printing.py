"""Ops that write text while a graph runs, or stop it: Print, PrintV2, StringFormat, Assert."""

from __future__ import annotations

import os
import pprint
import sys
from typing import Any

import numpy as np

from minitf import nest
from minitf.errors import InvalidArgumentError
from minitf.infer import nothing, scalar, unchanged
from minitf.op import op
from minitf.tensor import Operation, Tensor

_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 39: "\\'", 92: "\\\\"}


def _escaped(text: bytes, keep_high: bool) -> str:
    """A string's bytes as C source writes them; those of UTF-8 may stay."""
    parts = bytearray()
    for byte in text:
        if byte in _ESCAPES:
            parts += _ESCAPES[byte].encode()
        elif 32 <= byte < 127 or byte > 127 and keep_high:
            parts.append(byte)
        else:
            parts += f"\\{byte:03o}".encode()
    return parts.decode("utf-8", "replace")


def element_text(value: Any) -> str:
    """One element as TensorFlow's Print and Assert show it."""
    if isinstance(value, bytes):
        return _escaped(value, keep_high=False)
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, (float, np.floating)):
        return _number_text(value)
    if isinstance(value, (complex, np.complexfloating)):
        return "?"
    return str(value)


def _number_text(value: Any) -> str:
    """A number in the digits that its type surely keeps or, if those lose it, in more."""
    number = float(value)
    if np.isnan(number) or np.isinf(number):
        return "nan" if np.isnan(number) else "inf" if number > 0 else "-inf"
    digits = (15, 17) if type(value) in (float, np.float64) else (6, 9)
    text = f"{number:.{digits[0]}g}"
    return text if type(value)(text) == value else f"{number:.{digits[1]}g}"


def summary(value: Any, most: int) -> str:
    """The first `most` elements of an array, rows in brackets, as Print and Assert show them."""
    array = np.asarray(value)
    most = array.size if most < 0 else min(most, array.size)
    if array.ndim == 0:
        return element_text(array[()]) if most else "..."
    shown = _rows(array, [most], is_row=False) if most else ""
    return shown + ("..." if array.size > most else "")


def _rows(array: np.ndarray, left: list[int], is_row: bool) -> str:
    """The next elements, as many as are `left` to show."""
    if array.ndim == 1:
        count = min(len(array), left[0])
        left[0] -= count
        text = " ".join(element_text(item) for item in array[:count])
        return text + ("..." if is_row and count < len(array) else "")
    parts = ("[" + _rows(row, left, is_row=True) + "]" for row in array if left[0] > 0)
    return "".join(parts)


@op
class Assert:
    """Stops the run, showing `data`, where the condition is false."""

    inputs = "condition: bool, data: T"
    attrs = "T: list(type) >= 1, summarize: int = 3"
    stateful = True
    infer = nothing

    def kernel(condition, data, *, summarize):
        if not np.all(condition):
            shown = " ".join(f"[{summary(value, summarize)}]" for value in data)
            raise InvalidArgumentError(None, None, f"assertion failed: {shown}")

    gradient = None


@op
class Print:
    """The input itself; writes `data` to stderr, the first `first_n` times."""

    inputs = "input: T, data: U"
    outputs = "output: T"
    attrs = (
        'T: type, U: list(type) >= 0, message: string = "", first_n: int = -1, summarize: int = 3'
    )
    stateful = True
    infer = unchanged

    def bind(op, session):
        message = op._attrs["message"].decode("utf-8", "replace")
        most, first = op._attrs["summarize"], op._attrs["first_n"]
        count = session._op_state.setdefault(op, [0])

        def kernel(value, data):
            if first < 0 or count[0] < first:
                count[0] += 1
                parts = "".join(f"[{summary(item, most)}]" for item in data)
                print(message + parts, file=sys.stderr, flush=True)
            return value

        return kernel

    def gradient(op, grad):
        return [grad] + [None] * (len(op._inputs) - 1)


def print_once(
    input_: Any,
    data: Any,
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Tensor:
    """`input_`; each run that computes it writes `message` and `data` to stderr."""
    return Print(input_, data, message=message, first_n=first_n, summarize=summarize, name=name)


def full_text(value: Any, at_ends: int) -> str:
    """An array as tf.print shows it: `at_ends` elements at each end of each axis."""
    array = np.asarray(value)
    if at_ends < 0:
        at_ends = max(array.size, 1)
    return _axis_text(array, 0, array.ndim, at_ends)


def _quoted(value: Any) -> str:
    if isinstance(value, bytes):
        return f'"{_escaped(value, keep_high=True)}"'
    return element_text(value)


def _axis_text(array: Any, axis: int, axes: int, at_ends: int) -> str:
    if axis == axes:
        return _quoted(array[()] if isinstance(array, np.ndarray) else array)
    gap = " " if axis == axes - 1 else "\n" * (axes - axis - 1) + " " * (axis + 1)
    count = len(array)
    shown = list(range(min(at_ends, count)))
    parts = [_axis_text(array[i], axis + 1, axes, at_ends) for i in shown]
    if count > 2 * at_ends:
        parts.append("...")
    rest = range(max(at_ends, count - at_ends), count)
    parts += [_axis_text(array[i], axis + 1, axes, at_ends) for i in rest]
    return "[" + gap.join(parts) + "]"


@op
class StringFormat:
    """A template with the inputs, as text, in place of its placeholders."""

    inputs = "inputs: T"
    outputs = "output: string"
    attrs = (
        'T: list(type) >= 0, template: string = "%s", placeholder: string = "%s", '
        "summarize: int = 3"
    )

    infer = scalar

    def kernel(values, *, template, placeholder, summarize):
        texts = template.split(placeholder)
        result = texts[0]
        for value, text in zip(values, texts[1:], strict=True):
            result += full_text(value, summarize) + text
        return result.encode()

    gradient = None


def string_format(
    template: str,
    inputs: Any,
    placeholder: str = "{}",
    summarize: int = 3,
    name: str | None = None,
) -> Tensor:
    """`template` with each placeholder replaced by an input; ValueError where the counts differ."""
    inputs = [inputs] if isinstance(inputs, Tensor) else inputs
    if template.count(placeholder) != len(inputs):
        raise ValueError(
            f"The template expects {template.count(placeholder)} tensors, but the inputs only has "
            f"{len(inputs)}. Please ensure the number of placeholders in template matches inputs "
            "length."
        )
    return StringFormat(
        inputs, template=template, placeholder=placeholder, summarize=summarize, name=name
    )


@op
class PrintV2:
    """Writes a text to stdout, stderr, Python's log or a file."""

    inputs = "input: string"
    attrs = 'output_stream: string = "stderr", end: string = "\\n"'
    stateful = True

    infer = nothing

    def kernel(text, *, output_stream, end):
        shown = text.decode("utf-8", "replace") + end
        if output_stream.startswith("file://"):
            with open(output_stream[7:], "a", encoding="utf-8") as file:
                file.write(shown)
            return
        if output_stream.startswith("log("):
            import logging

            level = getattr(logging, output_stream[4:-1].upper())
            logging.getLogger("tensorflow").log(level, shown.removesuffix(end))
            return
        print(shown, end="", file=getattr(sys, output_stream), flush=True)

    gradient = LookupError


def print_v2(*inputs: Any, **options: Any) -> Operation:
    """An op that writes tensors, and what is nested around them, when it runs.

    `output_stream` is `sys.stdout`, `sys.stderr` or "file://PATH"; `summarize`, `sep`, `end` and
    `name` as in TensorFlow. Raises ValueError for other options and streams.
    """
    stream = options.pop("output_stream", sys.stderr)
    name = options.pop("name", None)
    summarize = options.pop("summarize", 3)
    sep, end = options.pop("sep", " "), options.pop("end", os.linesep)
    if options:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {options}")
    target = _stream_name(stream)
    if len(inputs) == 1 and isinstance(inputs[0], Tensor) and _is_text(inputs[0]):
        return PrintV2(inputs[0], output_stream=target, end=end, name=name)
    tensors = [leaf for leaf in nest.flatten(list(inputs)) if isinstance(leaf, Tensor)]
    template = sep.join(_template(item) for item in inputs)
    text = string_format(
        template,
        tensors,
        placeholder=_PLACEHOLDER,
        summarize=summarize,
        name=f"{name}_format" if name else None,
    )
    return PrintV2(text, output_stream=target, end=end, name=name)


_PLACEHOLDER = "{}"


def _is_text(tensor: Tensor) -> bool:
    return tensor.dtype.base_dtype.name == "string" and tensor.shape.ndims == 0


def _template(item: Any) -> str:
    if isinstance(item, str):
        return item
    filled = nest.map_structure(lambda x: _PLACEHOLDER if isinstance(x, Tensor) else x, item)
    return pprint.pformat(filled).replace(f"'{_PLACEHOLDER}'", _PLACEHOLDER)


def _stream_name(stream: Any) -> str:
    if isinstance(stream, str) and stream.startswith("file://"):
        return stream
    for label in ("stdout", "stderr"):
        if stream is getattr(sys, label) or stream is getattr(sys, f"__{label}__"):
            return label
    raise ValueError(
        f"Unsupported output stream, logging level, or file.{stream}. Supported streams are "
        "sys.stdout, sys.stderr, tf.logging.info, tf.logging.warning, tf.logging.error. File "
        "needs to be in the form of 'file://<filepath>'."
    )
