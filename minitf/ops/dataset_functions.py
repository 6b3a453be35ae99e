"""Datasets made by a function of another's elements."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

from minitf.errors import NotFoundError
from minitf.infer import scalar
from minitf.op import op
from minitf.ops.dataset_sources import Element, Elements

_OUTPUTS = "output_types: list(type) >= 1, output_shapes: list(shape) >= 1"
_META = 'metadata: string = ""'


@op
class MapDataset:
    """What a function makes of each element."""

    inputs = "input_dataset: variant, other_arguments: Targuments"
    outputs = "handle: variant"
    attrs = (
        f"f: func, Targuments: list(type) >= 0, {_OUTPUTS}, "
        "use_inter_op_parallelism: bool = true, preserve_cardinality: bool = false, "
        f"force_synchronous: bool = false, {_META}"
    )
    infer = scalar

    def bind(op, session):
        function = _bound(op, "f")
        return lambda dataset, others: Elements(
            lambda: (tuple(function(*element, *others)) for element in dataset)
        )

    gradient = None


@op
class ParallelMapDatasetV2:
    """The same, in TensorFlow on several threads."""

    inputs = "input_dataset: variant, other_arguments: Targuments, num_parallel_calls: int64"
    outputs = "handle: variant"
    attrs = (
        f"f: func, Targuments: list(type) >= 0, {_OUTPUTS}, "
        'use_inter_op_parallelism: bool = true, deterministic: string = "default", '
        "preserve_cardinality: bool = false, use_unbounded_threadpool: bool = false, "
        f"{_META}"
    )
    infer = scalar

    def bind(op, session):
        function = _bound(op, "f")
        return lambda dataset, others, calls: Elements(
            lambda: (tuple(function(*element, *others)) for element in dataset)
        )

    gradient = None


@op
class FilterDataset:
    """The elements for which a function is true."""

    inputs = "input_dataset: variant, other_arguments: Targuments"
    outputs = "handle: variant"
    attrs = f"predicate: func, Targuments: list(type) >= 0, {_OUTPUTS}, {_META}"
    infer = scalar

    def bind(op, session):
        function = _bound(op, "predicate")
        return lambda dataset, others: Elements(
            lambda: (element for element in dataset if function(*element, *others)[0])
        )

    gradient = None


@op
class FlatMapDataset:
    """The elements of the datasets that a function makes of elements, one after the other."""

    inputs = "input_dataset: variant, other_arguments: Targuments"
    outputs = "handle: variant"
    attrs = f"f: func, Targuments: list(type) >= 0, {_OUTPUTS}, {_META}"
    infer = scalar

    def bind(op, session):
        function = _bound(op, "f")
        return lambda dataset, others: Elements(
            lambda: itertools.chain.from_iterable(
                function(*element, *others)[0] for element in dataset
            )
        )

    gradient = None


@op
class InterleaveDataset:
    """The same, `block_length` elements at a time from `cycle_length` datasets in turn."""

    inputs = (
        "input_dataset: variant, other_arguments: Targuments, cycle_length: int64, "
        "block_length: int64"
    )
    outputs = "handle: variant"
    attrs = f"f: func, Targuments: list(type) >= 0, {_OUTPUTS}, {_META}"
    infer = scalar

    def bind(op, session):
        return lambda dataset, others, cycle_length, block_length: _in_turns(
            _bound(op, "f"), dataset, others, cycle_length, block_length
        )

    gradient = None


@op
class ParallelInterleaveDatasetV4:
    """The same, in TensorFlow on several threads."""

    inputs = (
        "input_dataset: variant, other_arguments: Targuments, cycle_length: int64, "
        "block_length: int64, buffer_output_elements: int64, prefetch_input_elements: int64, "
        "num_parallel_calls: int64"
    )
    outputs = "handle: variant"
    attrs = (
        'f: func, deterministic: string = "default", Targuments: list(type) >= 0, '
        f"{_OUTPUTS}, {_META}"
    )
    infer = scalar

    def bind(op, session):
        return lambda dataset, others, cycle_length, block_length, *buffers: _in_turns(
            _bound(op, "f"), dataset, others, cycle_length, block_length
        )

    gradient = None


@op
class LegacyParallelInterleaveDatasetV2:
    """The same, for files of records."""

    inputs = (
        "input_dataset: variant, other_arguments: Targuments, cycle_length: int64, "
        "block_length: int64, buffer_output_elements: int64, prefetch_input_elements: int64"
    )
    outputs = "handle: variant"
    attrs = (
        'f: func, deterministic: string = "default", Targuments: list(type) >= 0, '
        f"{_OUTPUTS}, {_META}"
    )
    infer = scalar

    def bind(op, session):
        return lambda dataset, others, cycle_length, block_length, *buffers: _in_turns(
            _bound(op, "f"), dataset, others, cycle_length, block_length
        )

    gradient = None


def _in_turns(
    function: Callable[..., Any], dataset: Elements, others: Any, cycle: Any, block: Any
) -> Elements:
    def elements():
        opened = (iter(function(*element, *others)[0]) for element in dataset)
        length = int(cycle) if cycle > 0 else os.cpu_count() or 1  # -1 leaves the choice to us
        return _interleaved(opened, length, int(block))

    return Elements(elements)


def _interleaved(
    opened: Iterator[Iterator[Element]], cycle_length: int, block_length: int
) -> Iterator[Element]:
    cycle: list[Iterator[Element] | None] = [None] * cycle_length
    place, more = 0, True
    while more or any(source is not None for source in cycle):
        if cycle[place] is None and more:
            cycle[place] = next(opened, None)
            more = cycle[place] is not None
            if not more:
                continue
        source = cycle[place]
        if source is not None:
            taken = 0
            for element in itertools.islice(source, block_length):
                taken += 1
                yield element
            if taken < block_length:
                cycle[place] = None
        place = (place + 1) % cycle_length


def _bound(op: Any, attr: str) -> Callable[..., Any]:
    """The function that an op names, ready to be called with arrays."""
    name = op._attrs[attr]
    if name not in op.graph._functions:  # the graph was imported: a GraphDef has no functions here
        raise NotFoundError(None, None, f"Function {name} is not defined.")
    return op.graph._functions[name].bound()
