"""The beta distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import debugging, math
from minitf.distributions.checks import new_seed
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, ScalarEvents
from minitf.distributions.divergences import RegisterKL
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops import array
from minitf.ops.control import with_dependencies
from minitf.ops.random import random_gamma
from minitf.shape import TensorShape
from minitf.tensor import Tensor


class Beta(ScalarEvents):
    """Of numbers between 0 and 1: `concentration1` draws to 1, `concentration0` to 0."""

    _PARAMETERS = ("concentration1", "concentration0")

    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Beta",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as name:
            self._concentration1 = _positive(concentration1, "concentration1", validate_args)
            self._concentration0 = _positive(concentration0, "concentration0", validate_args)
            debugging.assert_same_float_dtype([self._concentration1, self._concentration0])
            self._total_concentration = self._concentration1 + self._concentration0
        super().__init__(
            dtype=self._total_concentration.dtype,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            reparameterization_type=FULLY_REPARAMETERIZED,
            parameters=parameters,
            graph_parents=[
                self._concentration1,
                self._concentration0,
                self._total_concentration,
            ],
            name=name,
        )

    @property
    def concentration1(self) -> Tensor:
        return self._concentration1

    @property
    def concentration0(self) -> Tensor:
        return self._concentration0

    @property
    def total_concentration(self) -> Tensor:
        return self._total_concentration

    def _batch_shape_tensor(self) -> Tensor:
        return array.shape(self.total_concentration)

    def _batch_shape(self) -> TensorShape:
        return self.total_concentration.shape

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        total, dtype = self.total_concentration, self.dtype
        wide1 = array.ones_like(total, dtype=dtype) * self.concentration1
        wide0 = array.ones_like(total, dtype=dtype) * self.concentration0
        drawn1 = random_gamma([n], wide1, dtype=dtype, seed=seed)
        drawn0 = random_gamma([n], wide0, dtype=dtype, seed=new_seed(seed, "beta"))
        return drawn1 / (drawn1 + drawn0)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        to_1 = math.xlogy(self.concentration1 - 1.0, x)
        unnormalized = to_1 + (self.concentration0 - 1.0) * math.log1p(-x)
        return unnormalized - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        both = math.lgamma(self.concentration1) + math.lgamma(self.concentration0)
        return both - math.lgamma(self.total_concentration)

    def _prob(self, x: Tensor) -> Tensor:
        return math.exp(self._log_prob(x))

    def _log_cdf(self, x: Tensor) -> Tensor:
        return math.log(self._cdf(x))

    def _cdf(self, x: Tensor) -> Tensor:
        return math.betainc(self.concentration1, self.concentration0, x)

    def _entropy(self) -> Tensor:
        one, zero, total = self.concentration1, self.concentration0, self.total_concentration
        return (
            self._log_normalization()
            - (one - 1.0) * math.digamma(one)
            - (zero - 1.0) * math.digamma(zero)
            + (total - 2.0) * math.digamma(total)
        )

    def _mean(self) -> Tensor:
        return self._concentration1 / self._total_concentration

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self._mean()) / (1.0 + self.total_concentration)

    def _mode(self) -> Tensor:
        mode = (self.concentration1 - 1.0) / (self.total_concentration - 2.0)
        if self.allow_nan_stats:
            nan = np.array(np.nan, dtype=self.dtype.as_numpy_dtype)
            nan = array.fill(self.batch_shape_tensor(), nan, name="nan")
            exists = math.logical_and(self.concentration1 > 1.0, self.concentration0 > 1.0)
            return array.where_v2(exists, mode, nan)
        checks = [
            debugging.assert_less(
                array.ones([], dtype=self.dtype),
                concentration,
                message=f"Mode undefined for {name} <= 1.",
            )
            for name, concentration in (
                ("concentration1", self.concentration1),
                ("concentration0", self.concentration0),
            )
        ]
        return with_dependencies(checks, mode)

    def _checked(self, x: Tensor) -> Tensor:
        if not self.validate_args:
            return x
        one = "sample must be less than `1`."
        checks = [
            debugging.assert_positive(x, message="sample must be positive"),
            debugging.assert_less(x, array.ones([], self.dtype), message=one),
        ]
        return with_dependencies(checks, x)


def _positive(concentration: Any, name: str, validate_args: bool) -> Tensor:
    concentration = convert_to_tensor(concentration, name=name)
    if not validate_args:
        return concentration
    message = "Concentration parameter must be positive."
    check = debugging.assert_positive(concentration, message=message)
    return with_dependencies([check], concentration)


@RegisterKL(Beta, Beta)
def _of_betas(a: Beta, b: Beta, name: str | None = None) -> Tensor:
    values = [
        *(a.concentration1, a.concentration0, a.total_concentration),
        *(b.concentration1, b.concentration0, b.total_concentration),
    ]
    with name_scope(name, "kl_beta_beta", values=values):
        normalization_b = b._log_normalization()
        normalization = normalization_b - a._log_normalization()
        of_1 = math.digamma(a.concentration1) * (b.concentration1 - a.concentration1)
        first = normalization - of_1
        of_0 = math.digamma(a.concentration0) * (b.concentration0 - a.concentration0)
        second = first - of_0
        total_a, total_b = a.total_concentration, b.total_concentration
        return second + math.digamma(total_a) * (total_b - total_a)
