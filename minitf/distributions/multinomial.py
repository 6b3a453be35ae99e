"""Counts of classes in several draws, of known or of drawn probabilities."""

from __future__ import annotations

from typing import Any

from minitf import debugging, dtypes, math
from minitf.distributions.checks import (
    categories,
    log_combinations,
    logits_and_probs,
    new_seed,
    nonnegative_integers,
)
from minitf.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.ops.casts import cast
from minitf.ops.control import map_fn, with_dependencies
from minitf.ops.matmul import matmul
from minitf.ops.random import multinomial, random_gamma
from minitf.ops.softmax import log_softmax
from minitf.shape import TensorShape
from minitf.tensor import Tensor


def _total_count(total_count: Any, validate_args: bool) -> Tensor:
    total = convert_to_tensor(total_count, name="total_count")
    return nonnegative_integers(total) if validate_args else total


def _checked_counts(counts: Tensor, total_count: Tensor, message: str) -> Tensor:
    counts = nonnegative_integers(counts)
    total = math.reduce_sum(counts, -1)
    check = debugging.assert_equal(total_count, total, message=message)
    return with_dependencies([check], counts)


class Multinomial(Distribution):
    """How often each class comes in `total_count` draws of a categorical distribution."""

    def __init__(
        self,
        total_count: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Multinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._total_count = _total_count(total_count, validate_args)
            self._logits, self._probs = logits_and_probs(
                logits, probs, validate_args, name, multidimensional=True
            )
            self._mean_val = self._total_count[..., array.newaxis] * self._probs
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._total_count, self._logits, self._probs],
            name=name,
        )

    @property
    def total_count(self) -> Tensor:
        return self._total_count

    @property
    def logits(self) -> Tensor:
        return self._logits

    @property
    def probs(self) -> Tensor:
        return self._probs

    def _batch_shape_tensor(self) -> Tensor:
        return array.shape(self._mean_val)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._mean_val.shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return array.shape(self._mean_val)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._mean_val.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        counts = cast(self.total_count, dtypes.int32)
        k = self.event_shape_tensor()[0]
        counts = array.ones_like(self.logits[..., 0], dtype=counts.dtype) * counts
        ones = array.ones_like(counts[..., array.newaxis], dtype=self.logits.dtype)
        flat_logits = array.reshape(ones * self.logits, [-1, k])
        flat_counts = n * array.reshape(counts, [-1])

        def draw(one_of_batch: Any) -> Tensor:
            logits, count = one_of_batch
            x = multinomial(logits[array.newaxis, ...], count, seed)
            x = array.reshape(x, [n, -1])
            return math.reduce_sum(array.one_hot(x, depth=k), axis=-2)

        x = map_fn(draw, [flat_logits, flat_counts], dtype=self.dtype)
        x = array.transpose(x, perm=[1, 0, 2])
        return array.reshape(x, array.concat([[n], self.batch_shape_tensor(), [k]], 0))

    def _log_prob(self, counts: Tensor) -> Tensor:
        checked = self._checked(counts)
        logs = math.reduce_sum(checked * log_softmax(self.logits), -1)
        normalization = -log_combinations(self.total_count, self._checked(counts))
        return logs - normalization

    def _mean(self) -> Tensor:
        return array.identity(self._mean_val)

    def _wide_probs(self) -> Tensor:
        return self.probs * array.ones_like(self.total_count)[..., array.newaxis]

    def _covariance(self) -> Tensor:
        p = self._wide_probs()
        mean = self._mean_val[..., array.newaxis]
        between = -matmul(mean, p[..., array.newaxis, :])
        return array.matrix_set_diag(between, self._variance())

    def _variance(self) -> Tensor:
        p = self._wide_probs()
        return self._mean_val - self._mean_val * p

    def _checked(self, counts: Tensor) -> Tensor:
        if not self.validate_args:
            return counts
        message = "counts must sum to `self.total_count`"
        return _checked_counts(counts, self.total_count, message)


class DirichletMultinomial(Distribution):
    """A multinomial distribution whose probabilities are drawn from a Dirichlet distribution."""

    def __init__(
        self,
        total_count: Any,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "DirichletMultinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, concentration]) as name:
            self._total_count = _total_count(total_count, validate_args)
            given = convert_to_tensor(concentration, name="concentration")
            self._concentration = _positive(given) if validate_args else given
            self._total_concentration = math.reduce_sum(self._concentration, -1)
        super().__init__(
            dtype=self._concentration.dtype,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            reparameterization_type=NOT_REPARAMETERIZED,
            parameters=parameters,
            graph_parents=[self._total_count, self._concentration],
            name=name,
        )

    @property
    def total_count(self) -> Tensor:
        return self._total_count

    @property
    def concentration(self) -> Tensor:
        return self._concentration

    @property
    def total_concentration(self) -> Tensor:
        return self._total_concentration

    def _batch_shape_tensor(self) -> Tensor:
        return array.shape(self.total_concentration)

    def _batch_shape(self) -> TensorShape:
        return self.total_concentration.shape

    def _event_shape_tensor(self) -> Tensor:
        return array.shape(self.concentration)[-1:]

    def _event_shape(self) -> TensorShape:
        return self.concentration.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        count = cast(self.total_count, dtypes.int32)
        k = self.event_shape_tensor()[0]
        drawn = random_gamma([n], self.concentration, dtype=self.dtype, seed=seed)
        logits = array.reshape(math.log(drawn), [-1, k])
        salted = new_seed(seed, "dirichlet_multinomial")
        classes = multinomial(logits, count, seed=salted)
        x = math.reduce_sum(array.one_hot(classes, depth=k), -2)
        shape = array.concat([[n], self.batch_shape_tensor(), [k]], 0)
        return cast(array.reshape(x, shape), self.dtype)

    def _log_prob(self, counts: Tensor) -> Tensor:
        counts = self._checked(counts)
        ordered = math.lbeta(self.concentration + counts) - math.lbeta(self.concentration)
        return ordered + log_combinations(self.total_count, counts)

    def _prob(self, counts: Tensor) -> Tensor:
        return math.exp(self._log_prob(counts))

    def _mean(self) -> Tensor:
        total = self.total_concentration[..., array.newaxis]
        return self.total_count * (self.concentration / total)

    def _covariance(self) -> Tensor:
        x = self._scaling() * self._mean()
        between = -matmul(x[..., array.newaxis], x[..., array.newaxis, :])
        return array.matrix_set_diag(between, self._variance())

    def _variance(self) -> Tensor:
        scale = self._scaling()
        x = scale * self._mean()
        return x * (self.total_count * scale - x)

    def _scaling(self) -> Tensor:
        total = self.total_concentration[..., array.newaxis]
        return math.sqrt((1.0 + total / self.total_count) / (1.0 + total))

    def _checked(self, counts: Tensor) -> Tensor:
        if not self.validate_args:
            return counts
        message = "counts last-dimension must sum to `self.total_count`"
        return _checked_counts(counts, self.total_count, message)


def _positive(concentration: Tensor) -> Tensor:
    concentration = categories(concentration)
    message = "Concentration parameter must be positive."
    check = debugging.assert_positive(concentration, message=message)
    return with_dependencies([check], concentration)
