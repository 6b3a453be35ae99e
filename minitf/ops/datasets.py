"""Datasets made of others: repeated, cut, joined, shuffled."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from minitf.errors import InvalidArgumentError
from minitf.infer import scalar
from minitf.kernels.philox import Philox, block
from minitf.op import op
from minitf.ops.dataset_sources import Element, Elements

_OUTPUTS = "output_types: list(type) >= 1, output_shapes: list(shape) >= 1"
_META = 'metadata: string = ""'


@op
class ZipDataset:
    """Elements of several datasets side by side, as long as each has one."""

    inputs = "input_datasets: N * variant"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, N: int >= 1, {_META}"
    infer = scalar

    def kernel(input_datasets):
        return Elements(
            lambda: (
                tuple(itertools.chain(*elements)) for elements in zip(*input_datasets, strict=False)
            )
        )

    gradient = None


@op
class ConcatenateDataset:
    """One dataset's elements, then another's."""

    inputs = "input_dataset: variant, another_dataset: variant"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, another_dataset):
        return Elements(lambda: itertools.chain(input_dataset, another_dataset))

    gradient = None


@op
class RepeatDataset:
    """The elements `count` times over; without end where that is -1."""

    inputs = "input_dataset: variant, count: int64"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, count):
        def elements():
            for _ in itertools.count() if count < 0 else range(count):
                empty = True
                for element in input_dataset:
                    empty = False
                    yield element
                if empty:
                    return

        return Elements(elements)

    gradient = None


@op
class TakeDataset:
    """The first elements; all where `count` is -1."""

    inputs = "input_dataset: variant, count: int64"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, count):
        stop = None if count < 0 else int(count)
        return Elements(lambda: itertools.islice(input_dataset, stop))

    gradient = None


@op
class SkipDataset:
    """The elements after the first; none where `count` is -1."""

    inputs = "input_dataset: variant, count: int64"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, count):
        if count < 0:
            return Elements(lambda: iter(()))
        return Elements(lambda: itertools.islice(input_dataset, int(count), None))

    gradient = None


@op
class ShardDataset:
    """Every `num_shards`-th element, from the `index`-th on."""

    inputs = "input_dataset: variant, num_shards: int64, index: int64"
    outputs = "handle: variant"
    attrs = f"require_non_empty: bool = false, {_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, num_shards, index):
        if not 0 <= index < num_shards:
            raise InvalidArgumentError(
                None, None, f"Index must be between 0 and {num_shards - 1} but is {index}."
            )
        return Elements(lambda: itertools.islice(input_dataset, int(index), None, int(num_shards)))

    gradient = None


@op
class PrefetchDataset:
    """The same elements: making them ahead of time changes none."""

    inputs = "input_dataset: variant, buffer_size: int64"
    outputs = "handle: variant"
    attrs = (
        f"{_OUTPUTS}, slack_period: int = 0, legacy_autotune: bool = true, "
        f"buffer_size_min: int = 0, {_META}"
    )
    infer = scalar

    def kernel(input_dataset, buffer_size):
        return input_dataset

    gradient = None


@op
class CacheDataset:
    """The elements, kept from the first time on that all were asked for."""

    inputs = "input_dataset: variant, filename: string"
    outputs = "handle: variant"
    attrs = f"{_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, filename):
        kept: list[Element] = []
        complete = [False]

        def elements():
            if complete[0]:
                yield from kept
                return
            seen = []
            for element in input_dataset:
                seen.append(element)
                yield element
            kept[:], complete[0] = seen, True

        return Elements(elements)

    gradient = None


@op
class ShuffleDataset:
    """The elements in a random order: each is drawn from the next `buffer_size` of them."""

    inputs = "input_dataset: variant, buffer_size: int64, seed: int64, seed2: int64"
    outputs = "handle: variant"
    attrs = f"reshuffle_each_iteration: bool = true, {_OUTPUTS}, {_META}"
    infer = scalar

    def kernel(input_dataset, buffer_size, seed, seed2, *, reshuffle_each_iteration):
        if buffer_size < 1:
            raise InvalidArgumentError(None, None, "buffer_size must be greater than zero.")
        seeds = Draws(int(seed), int(seed2))
        fixed = None if reshuffle_each_iteration else (int(seed), int(seed2))
        if fixed == (0, 0):
            fixed = seeds.next(), seeds.next()

        def elements():
            draws = Draws(*(fixed or (seeds.next(), seeds.next())))
            return _shuffled(iter(input_dataset), int(buffer_size), draws)

        return Elements(elements)

    gradient = None


class Draws:
    """A stream of random words, one at a time."""

    def __init__(self, seed: int, seed2: int) -> None:
        self._philox = Philox(seed, seed2)
        self._words: list[int] = []

    def next(self) -> int:
        if not self._words:
            self._words = list(block(self._philox.reserve(1), 0))
        return self._words.pop(0)


def _shuffled(elements: Iterator[Element], size: int, draws: Draws) -> Iterator[Element]:
    """A ring of `size` places: what is drawn changes places with the oldest, which then goes."""
    ring: list[Any] = []
    start, held = 0, 0
    for element in elements:
        if len(ring) < size:
            ring.append(element)
        else:
            ring[(start + held) % size] = element
        held += 1
        if held == size:
            yield _drawn(ring, start, held, draws)
            start, held = start + 1, held - 1
    while held:
        yield _drawn(ring, start, held, draws)
        start, held = start + 1, held - 1


def _drawn(ring: list[Any], start: int, held: int, draws: Draws) -> Element:
    oldest, chosen = start % len(ring), (start + draws.next() % held) % len(ring)
    element, ring[chosen] = ring[chosen], ring[oldest]
    return element
