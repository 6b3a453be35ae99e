"""Draws that read a Philox stream in a way of their own: shuffles, classes, gamma and Poisson."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from minitf.kernels.jit import Hot
from minitf.kernels.philox import (
    RESERVED,
    WORDS,
    Philox,
    Stream,
    block,
    to_normal,
    to_unit,
    words,
)

DOUBLE = np.dtype(np.float64)

_swap = Hot("minitf.kernels.draws_compiled", "swap", saves_ns=150)


def shuffle(generator: Philox, value: np.ndarray) -> np.ndarray:
    """The rows of a [n, ...] array in a random order, as op RandomShuffle."""
    if value.size <= 1 or value.shape[0] <= 1:
        return value
    size = value.shape[0]
    stream = generator.reserve(-(-(size - 1) // WORDS))
    numbers = words(stream, -(-(size - 1) // WORDS)).reshape(-1)[: size - 1]
    # Fisher and Yates, from the front: row i changes places with one of those not yet passed.
    partners = np.arange(size - 1) + numbers % np.arange(size, 1, -1, dtype=np.uint32)
    if _swap.worth(size):
        order = np.arange(size)
        _swap(order, partners)
        return value[order]
    places = list(range(size))
    for index, partner in enumerate(partners.tolist()):
        places[index], places[partner] = places[partner], places[index]
    return value[places]


def multinomial(generator: Philox, logits: np.ndarray, samples: int, dtype: np.dtype) -> np.ndarray:
    """Class numbers drawn by unnormalised log-probabilities, as op Multinomial: [rows, samples].

    Logits are [rows, classes]; those that are not finite have no chance. Rows read one after
    another, as when TensorFlow gives the op one thread.
    """
    rows = logits.shape[0]
    if rows * samples == 0:
        return np.empty((rows, samples), dtype)
    stream = generator.reserve_outputs(rows * ((samples + 3) // 4 * 8))
    bits = words(stream, -(-rows * samples * 2 // WORDS))
    chances = to_unit(bits, DOUBLE).reshape(-1)[: rows * samples]
    finite = np.isfinite(logits)
    exact = np.where(finite, logits, -np.inf).astype(np.float64)
    top = exact.max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        weights = np.where(finite, np.exp(exact - top), 0.0)
    totals = np.cumsum(weights, axis=1)
    wanted = chances.reshape(rows, samples) * totals[:, -1:]
    found = [np.searchsorted(*row, side="right") for row in zip(totals, wanted, strict=True)]
    return np.array(found).astype(dtype)


class _Numbers:
    """Uniform and normal numbers for one output, each kind used from the end of its block."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.used = 0
        self.uniforms: list[float] = []
        self.normals: list[float] = []

    def _block(self) -> np.ndarray:
        self.used += 1
        return np.array([block(self.stream, self.used - 1)], np.uint32)

    def uniform(self) -> float:
        if not self.uniforms:
            self.uniforms = list(to_unit(self._block(), DOUBLE)[0])
        return self.uniforms.pop()

    def normal(self) -> float:
        if not self.normals:
            self.normals = list(to_normal(self._block(), DOUBLE)[0])
        return self.normals.pop()


def gamma(generator: Philox, shape: Sequence[int], alpha: np.ndarray) -> np.ndarray:
    """Gamma with unit scale, as op RandomGamma: shape + alpha's shape, in alpha's dtype.

    G. Marsaglia and W. Tsang, "A simple method for generating gamma variables" (2000).
    """
    out = _each(generator, shape, alpha, alpha.dtype, _one_gamma)
    if out.dtype == np.float32:
        out[out < np.finfo(np.float32).tiny] = 0  # TensorFlow flushes what is denormal
    out[..., alpha == 0] = np.finfo(out.dtype).tiny
    return out


def poisson(
    generator: Philox, shape: Sequence[int], rate: np.ndarray, dtype: np.dtype
) -> np.ndarray:
    """Poisson counts, as op RandomPoissonV2: shape + rate's shape.

    D. Knuth's products of uniforms below rate 10, W. Hormann's "The transformed rejection method
    for generating Poisson random variables" (1993) above.
    """
    return _each(generator, shape, rate, np.dtype(dtype), _one_poisson)


def _each(
    generator: Philox,
    shape: Sequence[int],
    parameter: np.ndarray,
    dtype: np.dtype,
    draw: Callable[[_Numbers, float], float],
) -> np.ndarray:
    # Every output has a stretch of the stream, numbered with the parameter's index outermost.
    count = math.prod(shape)
    stream = generator.reserve_outputs(count * parameter.size)
    out = np.empty((count, parameter.size), dtype)
    for column, value in enumerate(parameter.ravel().astype(np.float64)):
        for row in range(count):
            offset = RESERVED * (column * count + row)
            out[row, column] = draw(_Numbers(stream.skip(offset)), float(value))
    return out.reshape((*shape, *parameter.shape))


def _one_gamma(numbers: _Numbers, alpha: float) -> float:
    if alpha == 1:
        return -math.log1p(-numbers.uniform())
    if not alpha > 0:
        return 0.0 if alpha == 0 else math.nan
    d = alpha + (2 / 3 if alpha < 1 else -1 / 3)
    c = 1 / 3 / math.sqrt(d)
    while True:
        x = numbers.normal()
        v = 1 + c * x
        if v <= 0:
            continue
        v = v * v * v
        u = numbers.uniform()
        if u < 1 - 0.0331 * (x * x) * (x * x) or _log(u) < 0.5 * x * x + d * (1 - v + math.log(v)):
            break
    if alpha < 1:
        return d * v * numbers.uniform() ** (1 / alpha)
    return d * v


def _one_poisson(numbers: _Numbers, rate: float) -> float:
    return _rare(numbers, rate) if rate < 10 else _frequent(numbers, rate)


def _rare(numbers: _Numbers, rate: float) -> float:
    product, count, end = numbers.uniform(), 0, math.exp(-rate)
    while product > end:
        product *= numbers.uniform()
        count += 1
    return count


def _frequent(numbers: _Numbers, rate: float) -> float:
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    while True:
        u = numbers.uniform() - 0.5
        v = numbers.uniform()
        edge = 0.5 - abs(u)
        count = math.floor((2 * a / edge + b) * u + rate + 0.43) if edge else -1
        if edge >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2):
            return count
        if count < 0 or (edge < 0.013 and v > edge):
            continue
        chance = _log(v * inverse_alpha / (a / (edge * edge) + b))
        if chance <= -rate + count * math.log(rate) - math.lgamma(count + 1):
            return count


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf
