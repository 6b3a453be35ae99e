"""Datasets whose elements are batches of another's."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.errors import DataLossError, InvalidArgumentError
from minitf.infer import scalar
from minitf.op import op
from minitf.ops.dataset_sources import Element, Elements
from minitf.shape import shape_of

_OUTPUTS = "output_types: list(type) >= 1, output_shapes: list(shape) >= 1"
_META = 'metadata: string = ""'


@op
class BatchDatasetV2:
    """Elements stacked, `batch_size` at a time."""

    inputs = "input_dataset: variant, batch_size: int64, drop_remainder: bool"
    outputs = "handle: variant"
    attrs = f"parallel_copy: bool = false, {_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, batch_size, drop_remainder):
        return _batched(input_dataset, batch_size, drop_remainder)

    gradient = None


@op
class ParallelBatchDataset:
    """The same, in TensorFlow on several threads."""

    inputs = (
        "input_dataset: variant, batch_size: int64, num_parallel_calls: int64, drop_remainder: bool"
    )
    outputs = "handle: variant"
    attrs = f'parallel_copy: bool = false, {_OUTPUTS}, deterministic: string = "default", {_META}'
    infer = scalar

    def kernel(input_dataset, batch_size, num_parallel_calls, drop_remainder):
        return _batched(input_dataset, batch_size, drop_remainder)

    gradient = None


@op
class UnbatchDataset:
    """The rows of each element."""

    inputs = "input_dataset: variant"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset):
        return Elements(
            lambda: (row for element in input_dataset for row in zip(*element, strict=True))
        )

    gradient = None


def _batched(elements: Elements, batch_size: Any, whole: Any) -> Elements:
    size = _batch_size(batch_size)
    return Elements(
        lambda: (
            tuple(_stacked(i, parts) for i, parts in enumerate(zip(*batch, strict=True)))
            for batch in _batches(elements, size, whole)
        )
    )


def _batch_size(size: Any) -> int:
    if size <= 0:
        raise InvalidArgumentError(None, None, "Batch size must be greater than zero.")
    return int(size)


def _batches(elements: Elements, size: int, whole: Any) -> Iterator[list[Element]]:
    source = iter(elements)
    while batch := list(itertools.islice(source, size)):
        if len(batch) == size or not whole:
            yield batch


def _stacked(index: int, parts: tuple[Any, ...]) -> Any:
    shapes = [np.shape(part) for part in parts]
    for i, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise InvalidArgumentError(
                None,
                None,
                f"Cannot batch tensors with different shapes in component {index}. First element "
                f"had shape {shape_of(parts[0])} and element {i} had shape {shape_of(parts[i])}.",
            )
    result = np.empty((len(parts), *shapes[0]), _kind(parts[0]))
    for row, part in enumerate(parts):
        result[row] = part
    return result


def _kind(part: Any) -> Any:
    return object if isinstance(part, (bytes, str)) else np.asarray(part).dtype


@op
class PaddedBatchDatasetV2:
    """Elements of different sizes, padded alike and stacked."""

    inputs = (
        "input_dataset: variant, batch_size: int64, padded_shapes: N * int64, "
        "padding_values: Toutput_types, drop_remainder: bool"
    )
    outputs = "handle: variant"
    attrs = (
        "parallel_copy: bool = false, Toutput_types: list(type) >= 1, "
        f"output_shapes: list(shape) >= 1, N: int >= 1, {_META}"
    )
    infer = scalar

    def kernel(input_dataset, batch_size, padded_shapes, padding_values, drop_remainder):
        size = _batch_size(batch_size)

        def elements():
            for batch in _batches(input_dataset, size, drop_remainder):
                parts = zip(*batch, strict=True)
                yield tuple(
                    _padded(i, *part)
                    for i, part in enumerate(zip(parts, padded_shapes, padding_values, strict=True))
                )

        return Elements(elements)

    gradient = None


def _padded(index: int, parts: tuple[Any, ...], wanted: np.ndarray, padding: Any) -> np.ndarray:
    shapes = [np.shape(part) for part in parts]
    for shape in shapes:
        if len(shape) != len(wanted):
            raise InvalidArgumentError(
                None,
                None,
                "All elements in a batch must have the same rank as the padded shape for component"
                f"{index}: expected rank {len(wanted)} but got element with rank {len(shape)}",
            )
        for size, limit in zip(shape, wanted, strict=True):
            if limit >= 0 and size > limit:
                raise DataLossError(
                    None,
                    None,
                    f"Attempted to pad to a smaller size than the input element: {limit} < {size}",
                )
    largest = np.max(np.array(shapes, np.int64).reshape(len(parts), -1), axis=0)
    sizes = np.where(wanted < 0, largest, wanted)
    result = np.full((len(parts), *sizes.tolist()), padding, _kind(parts[0]))
    for row, (part, shape) in enumerate(zip(parts, shapes, strict=True)):
        result[(row, *map(slice, shape))] = part
    return result
