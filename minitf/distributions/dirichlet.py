"""The Dirichlet distribution: of probabilities that add up to 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import debugging, math
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, Distribution
from minitf.distributions.divergences import RegisterKL
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.ops.casts import cast
from minitf.ops.control import with_dependencies
from minitf.ops.matmul import matmul
from minitf.ops.random import random_gamma
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class Dirichlet(Distribution):
    """Of vectors; entry `i` is the larger, the larger `concentration[..., i]` among them."""

    def __init__(
        self,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Dirichlet",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration]) as name:
            given = convert_to_tensor(concentration, name="concentration")
            self._concentration = _positive(given) if validate_args else given
            self._total_concentration = math.reduce_sum(self._concentration, -1)
        super().__init__(
            dtype=self._concentration.dtype,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            reparameterization_type=FULLY_REPARAMETERIZED,
            parameters=parameters,
            graph_parents=[self._concentration, self._total_concentration],
            name=name,
        )

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
        drawn = random_gamma([n], self.concentration, dtype=self.dtype, seed=seed)
        return drawn / math.reduce_sum(drawn, -1, keepdims=True)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        unnormalized = math.reduce_sum(math.xlogy(self.concentration - 1.0, x), -1)
        return unnormalized - self._log_normalization()

    def _prob(self, x: Tensor) -> Tensor:
        return math.exp(self._log_prob(x))

    def _log_normalization(self) -> Tensor:
        return math.lbeta(self.concentration)

    def _entropy(self) -> Tensor:
        k = cast(self.event_shape_tensor()[0], self.dtype)
        total = self.total_concentration
        first = self._log_normalization() + (total - k) * math.digamma(total)
        each = (self.concentration - 1.0) * math.digamma(self.concentration)
        return first - math.reduce_sum(each, axis=-1)

    def _mean(self) -> Tensor:
        return self.concentration / self.total_concentration[..., array.newaxis]

    def _covariance(self) -> Tensor:
        x = self._scaling() * self._mean()
        between = -matmul(x[..., array.newaxis], x[..., array.newaxis, :])
        return array.matrix_set_diag(between, self._variance())

    def _variance(self) -> Tensor:
        scale = self._scaling()
        x = scale * self._mean()
        return x * (scale - x)

    def _scaling(self) -> Tensor:
        return math.rsqrt(1.0 + self.total_concentration[..., array.newaxis])

    def _mode(self) -> Tensor:
        k = cast(self.event_shape_tensor()[0], self.dtype)
        above = self.concentration - 1.0
        mode = above / (self.total_concentration[..., array.newaxis] - k)
        if self.allow_nan_stats:
            nan = np.array(np.nan, dtype=self.dtype.as_numpy_dtype)
            nan = array.fill(array.shape(mode), nan, name="nan")
            exists = math.reduce_all(self.concentration > 1.0, axis=-1)
            return array.where_v2(exists, mode, nan)
        one, message = array.ones([], self.dtype), "Mode undefined when any concentration <= 1"
        check = debugging.assert_less(one, self.concentration, message=message)
        return with_dependencies([check], mode)

    def _checked(self, x: Tensor) -> Tensor:
        if not self.validate_args:
            return x
        positive = debugging.assert_positive(x, message="samples must be positive")
        one, total = array.ones([], dtype=self.dtype), math.reduce_sum(x, -1)
        message = "sample last-dimension must sum to `1`"
        return with_dependencies([positive, debugging.assert_near(one, total, message=message)], x)


def _positive(concentration: Tensor) -> Tensor:
    what = "Concentration parameter must"
    checks = [
        debugging.assert_positive(concentration, message=f"{what} be positive."),
        debugging.assert_rank_at_least(concentration, 1, message=f"{what} have >=1 dimensions."),
        debugging.assert_less(
            1, array.shape(concentration)[-1], message=f"{what} have event_size >= 2."
        ),
    ]
    return with_dependencies(checks, concentration)


@RegisterKL(Dirichlet, Dirichlet)
def _of_dirichlets(a: Dirichlet, b: Dirichlet, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_dirichlet_dirichlet", values=[a.concentration, b.concentration]):
        total = math.reduce_sum(a.concentration, axis=-1, keepdims=True)
        of_total = math.digamma(total)
        logs = math.digamma(a.concentration) - of_total
        differences = a.concentration - b.concentration
        expected = math.reduce_sum(differences * logs, axis=-1)
        return expected - math.lbeta(a.concentration) + math.lbeta(b.concentration)
