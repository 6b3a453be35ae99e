"""Samples of classes for losses over many classes, with TensorFlow's own numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.kernels.philox import Philox, Stream, blocks_at
from minitf.op import op
from minitf.ops.sizes import sizes
from minitf.random_seed import get_seed
from minitf.tensor import Tensor

_ATTRS = (
    "num_true: int >= 1, num_sampled: int >= 1, unique: bool, range_max: int >= 1, "
    "seed: int = 0, seed2: int = 0"
)
_OUTPUTS = "sampled_candidates: int64, true_expected_count: float, sampled_expected_count: float"
_FIRST_BLOCKS = 64  # blocks of random words made at first, then twice as many each time


def _pairs(stream: Stream) -> Iterator[np.ndarray]:
    """The stream's 32-bit words in pairs, [n, 2]: every draw takes one."""
    start, blocks = 0, _FIRST_BLOCKS
    while True:
        offsets = np.arange(start, start + blocks, dtype=np.uint64)
        yield blocks_at(stream, offsets).reshape(-1, 2).astype(np.uint64)
        start, blocks = start + blocks, 2 * blocks


class _Uniform:
    """Every class equally likely."""

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def draws(self, pairs: np.ndarray) -> np.ndarray:
        numbers = pairs[:, 0] | pairs[:, 1] << np.uint64(32)
        if self.classes & (self.classes - 1):
            # The first few numbers are one too many for every class to be equally likely.
            numbers = numbers[numbers >= np.uint64(((1 << 64) - 1) % self.classes + 1)]
        return (numbers % np.uint64(self.classes)).astype(np.int64)

    def probability(self, numbers: np.ndarray) -> np.ndarray:
        return np.full(numbers.shape, 1 / self.classes)


class _LogUniform:
    """Class k is as likely as log((k + 2) / (k + 1)): words ordered from frequent to rare."""

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.log_range = math.log1p(classes)

    def draws(self, pairs: np.ndarray) -> np.ndarray:
        # A double in [0, 1) of two words.
        unit = ((pairs[:, 0] & np.uint64(0xFFFFF)) << np.uint64(32) | pairs[:, 1]) / (1 << 52)
        return (np.exp(unit * self.log_range).astype(np.int64) - 1) % self.classes

    def probability(self, numbers: np.ndarray) -> np.ndarray:
        return np.log((numbers + 2) / (numbers + 1)) / self.log_range


def _sampled(stream: Stream, sampler: Any, count: int, unique: bool) -> tuple[np.ndarray, int]:
    """The samples, and how many draws they took."""
    drawn = np.empty(0, np.int64)
    for pairs in _pairs(stream):
        drawn = np.concatenate([drawn, sampler.draws(pairs)])
        first = np.unique(drawn, return_index=True)[1] if unique else np.arange(len(drawn))
        if len(first) >= count:
            break
    chosen = np.sort(first)[:count]
    return drawn[chosen], int(chosen[-1]) + 1 if count else 0


def _expected(sampler: Any, numbers: np.ndarray, count: int, draws: int) -> np.ndarray:
    """How often each number is expected among the samples; float32 throughout, as TensorFlow's."""
    chance = np.asarray(sampler.probability(numbers)).astype(np.float32)
    if draws == count:
        return chance * np.float32(count)
    return -np.expm1(np.float32(draws) * np.log1p(-chance))


def _infer(true_classes: Tensor, *, num_sampled: int, num_true: int) -> Any:
    rows = sizes(true_classes, 2)[0]
    return [num_sampled], [rows, num_true], [num_sampled]


def _sampling(make: Callable[[int], Any]) -> Callable[..., Any]:
    """The `bind` of a sampler whose classes are drawn by `make(range_max)`."""

    def bind(op: Any, session: Any) -> Any:
        states, attrs = session._op_state, op._attrs
        if op not in states:
            states[op] = Philox(attrs["seed"], attrs["seed2"])
        generator, sampler = states[op], make(attrs["range_max"])
        count, unique = attrs["num_sampled"], attrs["unique"]

        def kernel(true_classes: np.ndarray) -> Any:
            _check(true_classes, attrs)
            # TensorFlow sets this much of its sequence aside for a batch.
            stream = generator.reserve(2048 * count // 4)
            sampled, draws = _sampled(stream, sampler, count, unique)
            true_count = _expected(sampler, true_classes, count, draws)
            return sampled, true_count, _expected(sampler, sampled, count, draws)

        return kernel

    return bind


def _check(true_classes: np.ndarray, attrs: dict[str, Any]) -> None:
    message = ""
    if true_classes.ndim != 2:
        message = "true_classes must be a matrix"
    elif true_classes.shape[1] != attrs["num_true"]:
        message = (
            "true_classes must have num_true columns, expected: "
            f"{true_classes.shape[1]} was: {attrs['num_true']}"
        )
    elif attrs["unique"] and attrs["num_sampled"] > attrs["range_max"]:
        message = "Sampler's range is too small."
    else:
        most = attrs["range_max"]
        wrong = true_classes[(true_classes < 0) | (true_classes >= most)]
        if wrong.size:
            message = f"`true_candidate` out of range [0, {most}), received {wrong[0]}"
    if message:
        raise InvalidArgumentError(None, None, message)


@op
class UniformCandidateSampler:
    """Samples of classes, every one equally likely, and how often each is expected."""

    inputs = "true_classes: int64"
    outputs = _OUTPUTS
    attrs = _ATTRS
    stateful = True
    infer = _infer
    bind = _sampling(_Uniform)
    gradient = None


@op
class LogUniformCandidateSampler:
    """Samples of classes, small numbers likelier, and how often each is expected."""

    inputs = "true_classes: int64"
    outputs = _OUTPUTS
    attrs = _ATTRS
    stateful = True
    infer = _infer
    bind = _sampling(_LogUniform)
    gradient = None


class _Sample(NamedTuple):
    """Sampled classes, and how often the true ones and they themselves are expected."""

    sampled_candidates: Tensor
    true_expected_count: Tensor
    sampled_expected_count: Tensor


class UniformSample(_Sample):
    """What `uniform_candidate_sampler` returns."""


class LogUniformSample(_Sample):
    """What `log_uniform_candidate_sampler` returns."""


UniformSample.__name__ = "UniformCandidateSampler"
LogUniformSample.__name__ = "LogUniformCandidateSampler"


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> UniformSample:
    """Samples of classes below `range_max`, every one equally likely."""
    seed, seed2 = get_seed(seed)
    return UniformSample(
        *UniformCandidateSampler(
            true_classes, num_true=num_true, num_sampled=num_sampled, unique=unique,
            range_max=range_max, seed=seed, seed2=seed2, name=name,
        )
    )  # fmt: skip


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> LogUniformSample:
    """Samples of classes below `range_max`, class k as likely as log((k + 2) / (k + 1))."""
    seed, seed2 = get_seed(seed)
    return LogUniformSample(
        *LogUniformCandidateSampler(
            true_classes, num_true=num_true, num_sampled=num_sampled, unique=unique,
            range_max=range_max, seed=seed, seed2=seed2, name=name,
        )
    )  # fmt: skip


@op
class ComputeAccidentalHits:
    """Samples that are true classes: rows, columns among the samples, and weights to mask them."""

    inputs = "true_classes: int64, sampled_candidates: int64"
    outputs = "indices: int32, ids: int64, weights: float"
    attrs = "num_true: int, seed: int = 0, seed2: int = 0"

    def infer(true_classes, sampled_candidates):
        sizes(true_classes, 2)
        sizes(sampled_candidates, 1)
        return [None], [None], [None]

    def kernel(true_classes, sampled_candidates):
        place = {number: i for i, number in enumerate(sampled_candidates.tolist())}
        hits = [
            (row, place[number])
            for row, numbers in enumerate(true_classes.tolist())
            for number in numbers
            if number in place
        ]
        rows = np.array([row for row, _ in hits], np.int32)
        columns = np.array([column for _, column in hits], np.int64)
        return rows, columns, np.full(len(hits), np.finfo(np.float32).min, np.float32)

    gradient = LookupError


class AccidentalHits(NamedTuple):
    """Samples that are true classes."""

    indices: Tensor
    ids: Tensor
    weights: Tensor


AccidentalHits.__name__ = "ComputeAccidentalHits"


def compute_accidental_hits(
    true_classes: Any,
    sampled_candidates: Any,
    num_true: int,
    seed: int | None = None,
    name: str | None = None,
) -> AccidentalHits:
    """The samples that are true classes: rows, columns among the samples, negative weights."""
    seed, seed2 = get_seed(seed)
    return AccidentalHits(
        *ComputeAccidentalHits(
            true_classes, sampled_candidates, num_true=num_true, seed=seed, seed2=seed2, name=name
        )
    )
