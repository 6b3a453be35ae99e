"""Datasets made of tensors, files and generators.

A dataset flows through the graph as an `Elements`: no element is made before an iterator asks.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError, NotFoundError
from minitf.infer import scalar
from minitf.kernels.record_files import fixed_length_records, tf_records
from minitf.op import op
from minitf.proto import as_bytes

_OUTPUTS = "output_types: list(type) >= 1, output_shapes: list(shape) >= 1"
_META = 'metadata: string = ""'

Element = tuple[Any, ...]


class Elements:
    """Tuples of arrays, made anew by each `iter`."""

    def __init__(self, start: Callable[[], Iterator[Element]]) -> None:
        self._start = start

    def __iter__(self) -> Iterator[Element]:
        return self._start()


def kept(value: Any) -> Any:
    """A value that no later run changes."""
    return value.copy() if isinstance(value, np.ndarray) and value.flags.writeable else value


@op
class TensorDataset:
    """A single element."""

    inputs = "components: Toutput_types"
    outputs = "handle: variant"
    attrs = f"Toutput_types: list(type) >= 1, output_shapes: list(shape) >= 1, {_META}"
    stateful = True
    infer = scalar

    def kernel(components):
        element = tuple(map(kept, components))
        return Elements(lambda: iter([element]))

    gradient = None


@op
class TensorSliceDataset:
    """The rows of tensors."""

    inputs = "components: Toutput_types"
    outputs = "handle: variant"
    attrs = (
        "Toutput_types: list(type) >= 1, output_shapes: list(shape) >= 1, is_files: bool = false, "
        f"{_META}, replicate_on_split: bool = false"
    )
    stateful = True
    infer = scalar

    def kernel(components):
        if len({len(component) for component in components}) > 1:
            raise InvalidArgumentError(
                None, None, "All components must have the same size in the 0th dimension"
            )
        columns = [kept(component) for component in components]
        return Elements(lambda: zip(*columns, strict=True))

    gradient = None


@op
class RangeDataset:
    """The numbers of a range."""

    inputs = "start: int64, stop: int64, step: int64"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, {_META}, replicate_on_split: bool = false"
    stateful = True
    infer = scalar

    def bind(op, session):
        make = op._attrs["output_types"][0].as_numpy_dtype

        def kernel(start, stop, step):
            if step == 0:
                raise InvalidArgumentError(None, None, "step must be a non-zero integer.")
            numbers = range(int(start), int(stop), int(step))
            return Elements(lambda: ((make(number),) for number in numbers))

        return kernel

    gradient = None


@op
class RewriteDataset:
    """The same elements: TensorFlow makes them otherwise."""

    inputs = "input_dataset: variant, rewrite_name: string"
    outputs = "handle: variant"
    attrs = _OUTPUTS
    infer = scalar

    def kernel(input_dataset, rewrite_name):
        return input_dataset

    gradient = None


@op
class TextLineDataset:
    """The lines of files, without their ends."""

    inputs = "filenames: string, compression_type: string, buffer_size: int64"
    outputs = "handle: variant"
    attrs = _META
    stateful = True
    infer = scalar

    def kernel(filenames, compression_type, buffer_size):
        names, kind = _names(filenames), compression_type.decode()
        return Elements(lambda: ((line,) for name in names for line in _lines_of(name, kind)))

    gradient = None


def _lines_of(name: bytes, compression: str) -> Iterator[bytes]:
    opened = {"": open, "GZIP": gzip.open}.get(compression)
    if opened is None:
        raise InvalidArgumentError(None, None, f"Unsupported compression_type: {compression}.")
    try:
        with opened(name, "rb") as file:
            for line in file:
                yield line.removesuffix(b"\n").removesuffix(b"\r")
    except FileNotFoundError:
        raise NotFoundError(None, None, f"{name.decode()}; No such file or directory") from None


def _names(filenames: Any) -> list[bytes]:
    return [as_bytes(name) for name in np.ravel(np.asarray(filenames, object))]


@op
class TFRecordDataset:
    """The records of TFRecord files."""

    inputs = "filenames: string, compression_type: string, buffer_size: int64"
    outputs = "handle: variant"
    attrs = _META
    stateful = True
    infer = scalar

    def kernel(filenames, compression_type, buffer_size):
        names, kind = _names(filenames), compression_type.decode()
        return Elements(
            lambda: ((record,) for name in names for _, record in tf_records(name, kind))
        )

    gradient = None


@op
class FixedLengthRecordDatasetV2:
    """The records of one length in files, between a header and a footer."""

    inputs = (
        "filenames: string, header_bytes: int64, record_bytes: int64, footer_bytes: int64, "
        "buffer_size: int64, compression_type: string"
    )
    outputs = "handle: variant"
    attrs = _META
    stateful = True
    infer = scalar

    def kernel(filenames, header, record, footer, buffer_size, compression_type):
        for what, size, least in (
            ("header_bytes", header, ">= 0"),
            ("record_bytes", record, "> 0"),
            ("footer_bytes", footer, ">= 0"),
        ):
            if size < 0 or (least == "> 0" and size == 0):
                raise InvalidArgumentError(None, None, f"`{what}` must be {least}")
        names, kind = _names(filenames), compression_type.decode()
        sizes = int(header), int(record), int(footer)
        return Elements(
            lambda: ((data,) for name in names for data in fixed_length_records(name, *sizes, kind))
        )

    gradient = None


@op
class GeneratorDataset:
    """What a Python generator yields."""

    inputs = (
        "init_func_other_args: Tinit_func_args, next_func_other_args: Tnext_func_args, "
        "finalize_func_other_args: Tfinalize_func_args"
    )
    outputs = "handle: variant"
    attrs = (
        "init_func: func, next_func: func, finalize_func: func, "
        "Tinit_func_args: list(type) >= 0, Tnext_func_args: list(type) >= 0, "
        f"Tfinalize_func_args: list(type) >= 0, {_OUTPUTS}, {_META}"
    )
    stateful = True
    infer = scalar

    def bind(op, session):
        yielded = op.graph._functions[op._attrs["next_func"]]
        return lambda init, following, final: Elements(lambda: yielded(*init))

    gradient = None
